//! The signed-in person's own account: password, language and theme, API tokens, signing out everywhere.

use crate::api_page::curl;
use crate::form::{Errors, Form, name_text};
use crate::setup::password_hint;
use crate::view::{FormView, ShownOnce};
use askama::Template;
use mostek_domain::{Label, Language, Timestamp, TokenId};
use mostek_people::credentials::TokenRow;
use mostek_people::gate::Visitor;
use mostek_people::session::{self, NobodyWaits};
use mostek_people::token;
use mostek_people::{PeopleError, Refusal, Session, sign_in};
use mostek_ports::{Clock, World};
use mostek_web::ui::{self, Choice, Confirm, Field};
use mostek_web::{ApiError, Cookie, Flash, Page, Request, Response, SafeHtml, Speak, Text, Viewer};

const HOME: &str = "/account";

#[derive(Template)]
#[template(path = "account.html")]
struct Account {
    language: Language,
    name: String,
    email: String,
    role: String,
    password: SafeHtml,
    tokens: Vec<Row>,
    curl: String,
    new_token: SafeHtml,
}

struct Row {
    id: TokenId,
    name: String,
    created: SafeHtml,
    expires: SafeHtml,
    expired: SafeHtml,
}

/// The page.
pub(crate) async fn show<W: World>(
    world: &W,
    request: &Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let session = visitor.page(None)?;
    let tokens = token::list(world, session.employee).await?;
    let shown = Shown { tokens: &tokens, now: world.clock().now(), curl: curl(world, request).await? };
    render(request, session, shown, &Form::default(), &Errors::default())
}

async fn again<W: World>(
    world: &W,
    request: &Request,
    session: &Session,
    form: &Form,
    errors: &Errors,
) -> Result<Response, ApiError> {
    let tokens = token::list(world, session.employee).await?;
    let shown = Shown { tokens: &tokens, now: world.clock().now(), curl: curl(world, request).await? };
    Ok(errors.on(render(request, session, shown, form, errors)?))
}

/// What the page shows besides its forms.
struct Shown<'a> {
    tokens: &'a [(TokenId, TokenRow)],
    now: Timestamp,
    curl: String,
}

fn render(
    request: &Request,
    session: &Session,
    Shown { tokens, now, curl }: Shown<'_>,
    form: &Form,
    errors: &Errors,
) -> Result<Response, ApiError> {
    let viewer = session.viewer();
    let l = viewer.language;
    let none = Errors::default();
    let of_password = form.find("current").is_some();
    let (password_errors, token_errors) = if of_password { (errors, &none) } else { (&none, errors) };
    let password = FormView::new(
        l,
        l.t("console-password-change"),
        "/account/password",
        &viewer.csrf,
        "console-password-change",
        password_errors,
    )
    .intro(l.t("console-password-change-intro"))
    .field(
        Field::new(l, "password", "current", "console-password-current")
            .error(password_errors.get("current"))
            .required()
            .with("autocomplete", "current-password"),
    )
    .field(
        Field::new(l, "password", "password", "console-new-password")
            .hint_text(password_hint(l))
            .error(password_errors.get("password"))
            .required()
            .with("autocomplete", "new-password"),
    )
    .second();
    let days = [30u32, 90, 365].into_iter();
    let days = days.map(|d| Choice::new(d.to_string(), l.n("console-days", d))).collect();
    let new_token = FormView::new(
        l,
        l.t("console-token-new"),
        "/account/tokens",
        &viewer.csrf,
        "console-token-new-button",
        token_errors,
    )
    .intro(l.t("console-token-new-intro"))
    .field(
        Field::text(l, "name", "console-token-name")
            .hint("console-token-name-hint")
            .value(if of_password { "" } else { form.get("name") })
            .error(token_errors.get("name"))
            .required()
            .with("maxlength", "80"),
    )
    .field(
        Field::select(l, "days", "console-token-days", days)
            .value(form.find("days").unwrap_or("90"))
            .error(token_errors.get("days")),
    )
    .field(
        Field::new(l, "password", "present", "console-password-current")
            .hint("console-token-password-hint")
            .error(token_errors.get("present"))
            .required()
            .with("autocomplete", "current-password"),
    )
    .second();
    let rows = tokens.iter().map(|(id, t)| Row {
        id: *id,
        name: t.name.as_ref().map(ToString::to_string).unwrap_or_default(),
        created: ui::time_tag(l, now, t.created),
        expires: ui::time_tag(l, now, t.expires),
        expired: if t.expires < now {
            ui::badge("warning", &l.t("console-token-expired"))
        } else {
            SafeHtml::default()
        },
    });
    let body = Account {
        language: l,
        name: viewer.name.clone(),
        email: session.email.to_string(),
        role: l.t(crate::employees::role_key(session.access.role)),
        password: password.html(),
        tokens: rows.collect(),
        curl,
        new_token: new_token.html(),
    };
    Page::new(&viewer, l.t("common-account")).at(HOME).show(request, &body)
}

/// Changes the password.
pub(crate) async fn password<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let form = Form::of_session(request, visitor).await?;
    let session = visitor.page(None)?;
    let (present, new) = (form.get("current"), form.get("password"));
    match sign_in::change_password(world, session.caller(), present, new, &NobodyWaits).await {
        Ok(ticket) => {
            let response = Response::redirect(HOME).cookie(ticket.cookie());
            Ok(Flash::success("console-password-changed").on(response))
        }
        Err(e) => {
            let mut errors = Errors::default();
            errors.refused(e, &["current", "password"])?;
            again(world, request, session, &form, &errors).await
        }
    }
}

/// Makes an API token and shows it, this once. The password is asked for, since a token outlives the session in which it is
/// made: whoever finds a browser open has the session only. The answer is no redirect on purpose: the token would have to
/// be kept somewhere to survive one. Sent again it makes another token, which can be revoked.
pub(crate) async fn add_token<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let form = Form::of_session(request, visitor).await?;
    let session = visitor.page(None)?;
    let mut errors = Errors::default();
    let days = form.get("days").parse().unwrap_or(0);
    if let Some(name) = errors.take("name", Label::parse(form.get("name")), name_text) {
        let made = match sign_in::confirm(world, session.caller(), form.get("present")).await {
            Ok(()) => token::create(world, session.caller(), &name, days).await,
            Err(e) => Err(e),
        };
        match made {
            Ok(new) => {
                let viewer = session.viewer();
                let l = viewer.language;
                let body = ShownOnce {
                    heading: l.t("console-token-made"),
                    text: l.with("console-token-made-text", "name", name.as_str()),
                    label: l.t("console-token"),
                    secret: new.token.expose().to_owned(),
                    note: l.with("console-token-made-note", "date", new.expires),
                    back: (l.t("console-done"), HOME.to_owned()),
                };
                return Page::new(&viewer, l.t("console-token-made"))
                    .crumb(l.t("common-account"), HOME)
                    .show(request, &body);
            }
            Err(PeopleError::Refused(r @ Refusal::CurrentPassword)) => errors.add("present", r.text()),
            Err(e) => errors.refused(e, &["name", "days"])?,
        }
    }
    again(world, request, session, &form, &errors).await
}

/// Asks before a token is revoked.
pub(crate) async fn ask_revoke<W: World>(
    world: &W,
    request: &Request,
    visitor: &Visitor,
    id: &str,
) -> Result<Response, ApiError> {
    let session = visitor.page(None)?;
    let tokens = token::list(world, session.employee).await?;
    let (id, row) = tokens.iter().find(|(t, _)| t.to_string() == id).ok_or_else(ApiError::not_found)?;
    let name = row.name.as_ref().map(ToString::to_string).unwrap_or_default();
    let viewer = session.viewer();
    ask(
        request,
        &viewer,
        &Text::new("console-token-revoke-title").with("name", name),
        "console-token-revoke-text",
        "console-token-revoke",
        &format!("/account/tokens/{id}/revoke"),
    )
}

fn ask(
    request: &Request,
    viewer: &Viewer,
    title: &Text,
    text: &'static str,
    button: &'static str,
    action: &str,
) -> Result<Response, ApiError> {
    let l = viewer.language;
    let (text, button) = (text.into(), button.into());
    let question = Confirm::new(l, title, &text, &button, action, HOME, &viewer.csrf);
    Page::new(viewer, l.say(title)).crumb(l.t("common-account"), HOME).show_html(request, question.html())
}

/// Revokes a token.
pub(crate) async fn revoke<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
    id: &str,
) -> Result<Response, ApiError> {
    Form::of_session(request, visitor).await?;
    let id = TokenId::parse(id).map_err(|_| ApiError::not_found())?;
    match token::revoke(world, visitor.page(None)?.caller(), id).await {
        // Pressed twice: it is gone, as asked.
        Ok(()) | Err(PeopleError::Refused(Refusal::NotFound)) => {
            Ok(Flash::success("console-token-revoked").on(Response::redirect(HOME)))
        }
        Err(e) => Err(e.into()),
    }
}

/// Asks before all sessions end.
pub(crate) fn ask_sign_out(request: &Request, visitor: &Visitor) -> Result<Response, ApiError> {
    let viewer = visitor.page(None)?.viewer();
    let l = viewer.language;
    let title = Text::new("console-sign-out-everywhere-title");
    let (text, button) = ("console-sign-out-everywhere-text".into(), "console-sign-out-everywhere".into());
    let action = "/account/sign-out-everywhere";
    let question = Confirm::new(l, &title, &text, &button, action, HOME, &viewer.csrf)
        .choice("tokens", "console-sign-out-everywhere-tokens");
    Page::new(&viewer, l.say(&title)).crumb(l.t("common-account"), HOME).show_html(request, question.html())
}

/// Ends all sessions, this one too, and all tokens if that is ticked.
pub(crate) async fn sign_out<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let form = Form::of_session(request, visitor).await?;
    let session = visitor.page(None)?;
    // First: if this fails, the person is still there to hear of it.
    if form.yes("tokens") {
        token::revoke_all(world, session.caller(), session.employee).await?;
    }
    session::sign_out_everywhere(world, session.caller(), session.employee, &NobodyWaits).await?;
    let response = Response::redirect("/sign-in").cookie(Cookie::removed(session::COOKIE));
    Ok(Flash::success("console-signed-out-everywhere").on(response))
}
