//! Forms: what was sent, what is wrong with it, and the token that proves one of our pages sent it.

use http::{StatusCode, header};
use mostek_domain::company::NipError;
use mostek_domain::people::{EmailError, NameError};
use mostek_domain::{CompanyName, EmailAddress, Nip, PersonName};
use mostek_people::gate::Visitor;
use mostek_people::password::{NewPassword, PasswordError};
use mostek_people::{PeopleError, Refusal};
use mostek_ports::{Random, World};
use mostek_web::{ApiError, Cookie, Request, Response, Text, body, csrf};

/// The longest form of the console in bytes; the longest field is a footer of 1,000 characters.
const LIMIT: usize = 64_000;
/// The cookie that stands for a session on forms of people who are not signed in.
const VISIT: &str = "mostek_visit";

/// The fields of a form as they were typed.
#[derive(Debug, Default, Clone)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads the body of a form that a signed-in person sent, and refuses a forged one.
    pub(crate) async fn of_session(request: &mut Request, visitor: &Visitor) -> Result<Self, ApiError> {
        visitor.page(None)?;
        let form = Self(body::form(request, LIMIT).await?);
        visitor.check_form(request, form.find(csrf::FIELD))?;
        Ok(form)
    }

    /// Reads the body of a form that an administrator sent.
    pub(crate) async fn of_administrator(request: &mut Request, visitor: &Visitor) -> Result<Self, ApiError> {
        visitor.administrator()?;
        Self::of_session(request, visitor).await
    }

    /// Reads the body of a form of somebody who is not signed in.
    pub(crate) async fn of_visit(request: &mut Request, visitor: &Visitor) -> Result<Self, ApiError> {
        let form = Self(body::form(request, LIMIT).await?);
        let visit = request.cookie(VISIT).ok_or_else(ApiError::csrf_failed)?;
        visitor.csrf().check(request, visit, form.find(csrf::FIELD))?;
        Ok(form)
    }

    /// Reads the body without asking for a token; for what changes nothing but the sender's own cookies.
    pub(crate) async fn unchecked(request: &mut Request) -> Result<Self, ApiError> {
        csrf::same_site(request)?;
        Ok(Self(body::form(request, LIMIT).await?))
    }

    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The text of a field; empty if it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// Whether a box was ticked.
    pub(crate) fn yes(&self, name: &str) -> bool {
        self.find(name) == Some("yes")
    }

    /// A form that was not typed but filled in from what is stored.
    pub(crate) fn filled(fields: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        Self(fields.into_iter().map(|(n, v)| (n.into(), v.into())).collect())
    }
}

/// The token for forms of somebody who is not signed in, and the cookie that must come with it, if it is new.
pub(crate) struct Visit {
    pub(crate) token: String,
    cookie: Option<Cookie>,
}

impl Visit {
    pub(crate) fn of<W: World>(world: &W, request: &Request, visitor: &Visitor) -> Self {
        match request.cookie(VISIT).filter(|v| (32..=64).contains(&v.len())) {
            Some(visit) => Self { token: visitor.csrf().token(visit), cookie: None },
            None => {
                let visit = format!("{:016x}{:016x}", world.random().u64(), world.random().u64());
                let token = visitor.csrf().token(&visit);
                Self { token, cookie: Some(Cookie::new(VISIT, visit)) }
            }
        }
    }

    pub(crate) fn on(self, response: Response) -> Response {
        match self.cookie {
            Some(c) => response.cookie(c),
            None => response,
        }
    }
}

/// What is wrong with which field; the name `""` is the form as a whole.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    of_fields: Vec<(&'static str, Text)>,
    locked: Option<u64>,
}

impl Errors {
    pub(crate) fn add(&mut self, field: &'static str, text: Text) {
        self.of_fields.push((field, text));
    }

    pub(crate) fn get(&self, field: &str) -> Option<&Text> {
        self.of_fields.iter().find(|(f, _)| *f == field).map(|(_, t)| t)
    }

    /// Keeps the value or notes what is wrong with it.
    pub(crate) fn take<T, E>(
        &mut self,
        field: &'static str,
        result: Result<T, E>,
        text: impl FnOnce(E) -> Text,
    ) -> Option<T> {
        result.map_err(|e| self.add(field, text(e))).ok()
    }

    pub(crate) fn person(&mut self, form: &Form, field: &'static str) -> Option<PersonName> {
        self.take(field, PersonName::parse(form.get(field)), name_text)
    }

    pub(crate) fn company(&mut self, form: &Form, field: &'static str) -> Option<CompanyName> {
        self.take(field, CompanyName::parse(form.get(field)), name_text)
    }

    pub(crate) fn email(&mut self, form: &Form, field: &'static str) -> Option<EmailAddress> {
        self.take(field, EmailAddress::parse(form.get(field)), email_text)
    }

    pub(crate) fn nip(&mut self, form: &Form, field: &'static str) -> Option<Nip> {
        self.take(field, Nip::parse(form.get(field)), nip_text)
    }

    pub(crate) fn password(&mut self, form: &Form, field: &'static str, email: &str) -> Option<NewPassword> {
        self.take(field, NewPassword::parse(form.get(field), email), password_text)
    }

    /// Notes what a use case refused at its field, or at the form as a whole if `known` lacks that field. Anything else
    /// is passed on.
    pub(crate) fn refused(&mut self, e: PeopleError, known: &[&str]) -> Result<(), ApiError> {
        match e {
            PeopleError::Refused(Refusal::NotFound) => Err(ApiError::not_found()),
            PeopleError::Refused(r) => {
                if let Refusal::Locked { seconds } = r {
                    self.locked = Some(seconds);
                }
                self.add(r.field().filter(|f| known.contains(f)).unwrap_or(""), r.text());
                Ok(())
            }
            other => Err(other.into()),
        }
    }

    /// The page with the form again: 429 with `retry-after` after too many attempts, else 422.
    pub(crate) fn on(&self, page: Response) -> Response {
        match self.locked {
            Some(seconds) => {
                page.status(StatusCode::TOO_MANY_REQUESTS).header(header::RETRY_AFTER, &seconds.to_string())
            }
            None => page.status(StatusCode::UNPROCESSABLE_ENTITY),
        }
    }
}

pub(crate) fn name_text(e: NameError) -> Text {
    let text = Text::new(format!("console-field-{}", e.slug()));
    match e {
        NameError::TooLong { limit, .. } => text.with("limit", limit),
        NameError::Empty | NameError::Character => text,
    }
}

pub(crate) fn email_text(e: EmailError) -> Text {
    Text::new(format!("console-field-{}", e.slug()))
}

pub(crate) fn nip_text(e: NipError) -> Text {
    let text = Text::new(format!("console-field-{}", e.slug()));
    match e {
        NipError::Length(n) => text.with("count", n),
        _ => text,
    }
}

pub(crate) fn password_text(e: PasswordError) -> Text {
    Refusal::Password(e).text()
}
