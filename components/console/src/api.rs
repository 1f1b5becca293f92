//! The same use cases as JSON, under `/api/v1`.
//!
//! | call | who | what |
//! |---|---|---|
//! | `POST setup` | who has the set-up code | 201 `{token, company, administrator}`, once |
//! | `GET session` | anybody signed in | who asks, with what rights, in which company |
//! | `GET dashboard` | anybody signed in | what waits and what failed, by capability; `null` without the right |
//! | `GET`, `POST companies` | own ones; administrator | list; add |
//! | `GET`, `POST employees` | administrator | list by pages; add with a password or an invitation |
//! | `GET tokens`, `DELETE tokens/<id>` | anybody signed in | own tokens |
//! | `POST tokens` | anybody signed in by a browser's session | a new token; a token makes none |

use crate::employees::outside_address;
use crate::form::{email_text, name_text, nip_text, password_text};
use http::{StatusCode, header};
use mostek_domain::{
    Access, Capability, CompanyId, CompanyName, EmailAddress, EmployeeId, Label, Language, Nip, PersonName,
    Rights, Role, TokenId,
};
use mostek_people::directory::{CompanyDetails, EmployeeDetails};
use mostek_people::employees::{self, FirstPassword};
use mostek_people::gate::{Via, Visitor};
use mostek_people::origin::client_address;
use mostek_people::password::NewPassword;
use mostek_people::setup::{self, NewInstallation};
use mostek_people::{Caller, Session, companies, token};
use mostek_ports::World;
use mostek_web::paging::{Listed, PageRequest};
use mostek_web::{ApiError, Request, Response, Text, body, time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The longest body of these calls in bytes.
const LIMIT: usize = 64_000;
/// How long the token of a set-up by program lives, in days.
const SETUP_TOKEN_DAYS: u32 = 7;

/// Answers what is below `/api/v1`.
pub(crate) async fn route<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
    rest: &[&str],
) -> Result<Response, ApiError> {
    let method = request.method.clone();
    match (method.as_str(), rest) {
        ("POST", ["setup"]) => set_up(world, request).await,
        ("GET", ["session"]) => who(visitor.api(request, None)?),
        ("GET", ["dashboard"]) => crate::dashboard::json(world, visitor.api(request, None)?).await,
        ("GET", ["companies"]) => list_companies(visitor.api(request, None)?),
        ("POST", ["companies"]) => add_company(world, request, visitor).await,
        ("GET", ["employees"]) => list_employees(request, visitor),
        ("POST", ["employees"]) => add_employee(world, request, visitor).await,
        ("GET", ["tokens"]) => list_tokens(world, visitor.api(request, None)?).await,
        ("POST", ["tokens"]) => add_token(world, request, visitor).await,
        ("DELETE", ["tokens", id]) => {
            let session = visitor.api(request, None)?;
            let id = TokenId::parse(id).map_err(|_| ApiError::not_found())?;
            token::revoke(world, session.caller(), id).await?;
            Ok(Response::no_content())
        }
        (_, ["setup"]) => Err(ApiError::method_not_allowed("POST")),
        (_, ["session" | "dashboard"]) => Err(ApiError::method_not_allowed("GET")),
        (_, ["companies" | "employees" | "tokens"]) => Err(ApiError::method_not_allowed("GET, POST")),
        (_, ["tokens", _]) => Err(ApiError::method_not_allowed("DELETE")),
        _ => Err(ApiError::not_found()),
    }
}

fn field<T, E>(name: &str, result: Result<T, E>, text: impl FnOnce(E) -> Text) -> Result<T, ApiError> {
    result.map_err(|e| ApiError::bad_field(name, text(e)))
}

fn created(value: &impl Serialize) -> Response {
    Response::json(value).status(StatusCode::CREATED).header(header::CACHE_CONTROL, "no-store")
}

fn administrator<'a>(request: &Request, visitor: &'a Visitor) -> Result<&'a Session, ApiError> {
    let session = visitor.api(request, None)?;
    session.require_administrator()?;
    Ok(session)
}

#[derive(Serialize)]
struct CompanyOut {
    id: CompanyId,
    name: String,
    nip: String,
}

#[derive(Serialize)]
struct Who<'a> {
    id: EmployeeId,
    name: &'a str,
    email: &'a str,
    language: Language,
    role: Role,
    rights: &'a Rights,
    company: CompanyId,
    companies: Vec<CompanyOut>,
}

fn own_companies(session: &Session) -> Vec<CompanyOut> {
    let d = session.directory();
    let own = session.companies().into_iter().filter_map(|(id, _)| Some((id, d.company(id)?)));
    own.map(|(id, c)| CompanyOut {
        id,
        name: c.details.name.to_string(),
        nip: c.details.nip.digits().to_owned(),
    })
    .collect()
}

fn who(session: &Session) -> Result<Response, ApiError> {
    Ok(Response::json(&Who {
        id: session.employee,
        name: session.name.as_str(),
        email: session.email.as_str(),
        language: session.language,
        role: session.access.role,
        rights: &session.access.rights,
        company: session.company,
        companies: own_companies(session),
    }))
}

/// An administrator sees all companies, others their own; there are at most fifty, so there is one page.
fn list_companies(session: &Session) -> Result<Response, ApiError> {
    let data = if session.access.is_administrator() {
        let all = session.directory().companies().into_iter();
        all.map(|(id, c)| CompanyOut {
            id,
            name: c.details.name.to_string(),
            nip: c.details.nip.digits().to_owned(),
        })
        .collect()
    } else {
        own_companies(session)
    };
    Ok(Response::json(&Listed::new(data, None)))
}

#[derive(Deserialize)]
struct CompanyIn {
    name: String,
    nip: String,
}

impl CompanyIn {
    fn checked(&self, prefix: &str) -> Result<CompanyDetails, ApiError> {
        Ok(CompanyDetails {
            name: field(&format!("{prefix}name"), CompanyName::parse(&self.name), name_text)?,
            nip: field(&format!("{prefix}nip"), Nip::parse(&self.nip), nip_text)?,
        })
    }
}

async fn add_company<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let session = administrator(request, visitor)?;
    let company: CompanyIn = body::json(request, LIMIT).await?;
    let details = company.checked("")?;
    let out = (details.name.to_string(), details.nip.digits().to_owned());
    let id = companies::add(world, session.caller(), details).await?;
    Ok(created(&CompanyOut { id, name: out.0, nip: out.1 }))
}

#[derive(Deserialize)]
struct SetUpIn {
    setup_code: String,
    company: CompanyIn,
    administrator: AdministratorIn,
}

#[derive(Deserialize)]
struct AdministratorIn {
    name: String,
    email: String,
    password: String,
    #[serde(default)]
    language: Language,
}

#[derive(Serialize)]
struct SetUpOut {
    token: String,
    company: CompanyId,
    administrator: EmployeeId,
}

/// Sets up by program. The answer holds an API token of the administrator, shown once.
async fn set_up<W: World>(world: &W, request: &mut Request) -> Result<Response, ApiError> {
    let new: SetUpIn = body::json(request, LIMIT).await?;
    let company = new.company.checked("company.")?;
    let a = &new.administrator;
    let name = field("administrator.name", PersonName::parse(&a.name), name_text)?;
    let email = field("administrator.email", EmailAddress::parse(&a.email), email_text)?;
    let password = NewPassword::parse(&a.password, email.as_str());
    let password = field("administrator.password", password, password_text)?;
    let installation = NewInstallation::new((company.name, company.nip), (name, email, password), a.language);
    let from = client_address(world, request).await;
    let done = setup::run(world, &new.setup_code, &installation, from).await?;
    let label = Label::parse("setup").map_err(ApiError::internal)?;
    let caller = Caller { employee: done.administrator, from };
    let token = token::create(world, caller, &label, SETUP_TOKEN_DAYS).await?;
    Ok(created(&SetUpOut {
        token: token.token.expose().to_owned(),
        company: done.company,
        administrator: done.administrator,
    }))
}

#[derive(Serialize)]
struct EmployeeOut {
    id: EmployeeId,
    name: String,
    email: String,
    language: Language,
    role: Role,
    rights: Rights,
    companies: BTreeSet<CompanyId>,
    active: bool,
}

/// By name; `after` and `limit` as everywhere.
fn list_employees(request: &Request, visitor: &Visitor) -> Result<Response, ApiError> {
    let session = administrator(request, visitor)?;
    let page = PageRequest::of(request, 50, 100)?;
    let all = session.directory().employees();
    let begin =
        page.after.and_then(|a| all.iter().position(|(id, _)| id.to_string() == a)).map_or(0, |i| i + 1);
    let data: Vec<_> = all
        .iter()
        .skip(begin)
        .take(page.limit)
        .map(|(id, e)| EmployeeOut {
            id: *id,
            name: e.name.to_string(),
            email: e.email.to_string(),
            language: *e.language,
            role: e.access.role,
            rights: e.access.rights.clone(),
            companies: e.companies.get().clone(),
            active: *e.active,
        })
        .collect();
    let more = begin + data.len() < all.len();
    let next = data.last().filter(|_| more).map(|e| e.id.to_string());
    Ok(Response::json(&Listed::new(data, next.as_deref())))
}

#[derive(Deserialize)]
struct EmployeeIn {
    name: String,
    email: String,
    #[serde(default)]
    language: Language,
    #[serde(default)]
    role: Role,
    #[serde(default)]
    rights: Vec<Capability>,
    companies: BTreeSet<CompanyId>,
    /// Without one the answer holds an invitation's link.
    #[serde(default)]
    password: Option<String>,
}

#[derive(Serialize)]
struct AddedOut {
    id: EmployeeId,
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation: Option<InvitationOut>,
}

#[derive(Serialize)]
struct InvitationOut {
    url: String,
    expires: String,
}

async fn add_employee<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let session = administrator(request, visitor)?;
    let new: EmployeeIn = body::json(request, LIMIT).await?;
    let details = EmployeeDetails {
        name: field("name", PersonName::parse(&new.name), name_text)?,
        email: field("email", EmailAddress::parse(&new.email), email_text)?,
        companies: new.companies,
        access: Access { role: new.role, rights: new.rights.into_iter().collect() },
    };
    let first = match new.password {
        Some(p) => FirstPassword::Given(field(
            "password",
            NewPassword::parse(&p, details.email.as_str()),
            password_text,
        )?),
        None => FirstPassword::Invitation,
    };
    let added = employees::add(world, session.caller(), details, new.language, first).await?;
    let outside = outside_address(world, request).await?;
    let invitation = added.link.map(|l| InvitationOut {
        url: format!("{outside}{}", l.path.expose()),
        expires: time::iso(l.expires),
    });
    Ok(created(&AddedOut { id: added.employee, invitation }))
}

#[derive(Serialize)]
struct TokenOut {
    id: TokenId,
    name: String,
    created: String,
    expires: String,
}

/// At most twenty, so there is one page.
async fn list_tokens<W: World>(world: &W, session: &Session) -> Result<Response, ApiError> {
    let all = token::list(world, session.employee).await?.into_iter();
    let data = all
        .map(|(id, t)| TokenOut {
            id,
            name: t.name.map(|n| n.to_string()).unwrap_or_default(),
            created: time::iso(t.created),
            expires: time::iso(t.expires),
        })
        .collect();
    Ok(Response::json(&Listed::new(data, None)))
}

#[derive(Deserialize)]
struct TokenIn {
    name: String,
    days: u32,
}

#[derive(Serialize)]
struct NewTokenOut {
    id: TokenId,
    token: String,
    expires: String,
}

async fn add_token<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let session = visitor.api(request, None)?;
    // A token that leaks must not outlive its end by making others.
    if !matches!(session.via, Via::Session(_)) {
        return Err(ApiError::forbidden());
    }
    let new: TokenIn = body::json(request, LIMIT).await?;
    let name = field("name", Label::parse(&new.name), name_text)?;
    let made = token::create(world, session.caller(), &name, new.days).await?;
    Ok(created(&NewTokenOut {
        id: made.id,
        token: made.token.expose().to_owned(),
        expires: time::iso(made.expires),
    }))
}
