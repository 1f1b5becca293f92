//! The same use cases as JSON, under `/api/v1`. Which operations there are, who may call them, and what is sent and
//! answered is declared in `mostek_api::people`.

use crate::employees::outside_address;
use crate::form::{email_text, name_text, nip_text, password_text};
use http::header;
use mostek_api::people::{
    AddedEmployee, Company, Employee, Invitation, MadeToken, NewCompany, NewEmployee, NewToken, SetUp,
    SetUpDone, Token,
};
use mostek_domain::{
    Access, CompanyId, CompanyName, EmailAddress, EmployeeId, Label, Nip, PersonName, TokenId,
};
use mostek_people::directory::{self, CompanyDetails, EmployeeDetails};
use mostek_people::employees::{self, FirstPassword};
use mostek_people::gate::Visitor;
use mostek_people::origin::client_address;
use mostek_people::password::NewPassword;
use mostek_people::setup::{self, NewInstallation};
use mostek_people::{Caller, Session, companies, sign_in, token};
use mostek_ports::World;
use mostek_web::paging::{PageRequest, listed};
use mostek_web::{ApiError, Request, Response, Text, body, time};
use serde::Serialize;

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
    visitor.may_call(request)?;
    let method = request.method.clone();
    match (method.as_str(), rest) {
        ("POST", ["setup"]) => set_up(world, request).await,
        ("GET", ["session"]) => Ok(who(visitor.api(request, None)?)),
        ("GET", ["dashboard"]) => crate::dashboard::json(world, visitor.api(request, None)?).await,
        ("GET", ["companies"]) => Ok(list_companies(visitor.api(request, None)?)),
        ("POST", ["companies"]) => add_company(world, request, visitor).await,
        ("GET", ["companies", id]) => one_company(visitor.api(request, None)?, id),
        ("GET", ["employees"]) => list_employees(request, visitor),
        ("POST", ["employees"]) => add_employee(world, request, visitor).await,
        ("GET", ["employees", id]) => one_employee(visitor.api(request, None)?, id),
        ("GET", ["tokens"]) => list_tokens(world, visitor.api(request, None)?).await,
        ("POST", ["tokens"]) => add_token(world, request, visitor).await,
        ("DELETE", ["tokens", id]) => {
            let session = visitor.api(request, None)?;
            let id = TokenId::parse(id).map_err(|_| ApiError::not_found())?;
            token::revoke(world, session.caller(), id).await?;
            Ok(Response::no_content())
        }
        _ => Err(ApiError::unrouted()),
    }
}

fn field<T, E>(name: &str, result: Result<T, E>, text: impl FnOnce(E) -> Text) -> Result<T, ApiError> {
    result.map_err(|e| ApiError::bad_field(name, text(e)))
}

/// 201 with a secret that is shown this once.
fn shown_once(value: &impl Serialize) -> Response {
    Response::json(value).status(http::StatusCode::CREATED).header(header::CACHE_CONTROL, "no-store")
}

fn company(id: CompanyId, c: &directory::Company) -> Company {
    Company { id, name: c.details.name.to_string(), nip: c.details.nip.digits().to_owned() }
}

fn own_companies(session: &Session) -> Vec<Company> {
    let d = session.directory();
    session.companies().into_iter().filter_map(|(id, _)| Some(company(id, d.company(id)?))).collect()
}

fn who(session: &Session) -> Response {
    Response::json(&mostek_api::people::Session {
        id: session.employee,
        name: session.name.to_string(),
        email: session.email.to_string(),
        language: session.language,
        role: session.access.role,
        rights: session.access.rights.clone(),
        company: session.company,
        companies: own_companies(session),
    })
}

fn seen_companies(session: &Session) -> Vec<Company> {
    if session.access.is_administrator() {
        session.directory().companies().into_iter().map(|(id, c)| company(id, c)).collect()
    } else {
        own_companies(session)
    }
}

/// An administrator sees all companies, others their own; there are at most fifty, so there is one page.
fn list_companies(session: &Session) -> Response {
    Response::json(&listed(seen_companies(session), None))
}

fn one_company(session: &Session, id: &str) -> Result<Response, ApiError> {
    let found = seen_companies(session).into_iter().find(|c| c.id.to_string() == id);
    Ok(Response::json(&found.ok_or_else(ApiError::not_found)?))
}

fn checked(new: &NewCompany, prefix: &str) -> Result<CompanyDetails, ApiError> {
    Ok(CompanyDetails {
        name: field(&format!("{prefix}name"), CompanyName::parse(&new.name), name_text)?,
        nip: field(&format!("{prefix}nip"), Nip::parse(&new.nip), nip_text)?,
    })
}

async fn add_company<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let session = visitor.api(request, None)?;
    let details = checked(&body::json(request, LIMIT).await?, "")?;
    let (name, nip) = (details.name.to_string(), details.nip.digits().to_owned());
    let id = companies::add(world, session.caller(), details).await?;
    Ok(Response::created(&Company { id, name, nip }, &format!("/api/v1/companies/{id}")))
}

/// Sets up by program. The answer holds an API token of the administrator, shown once.
async fn set_up<W: World>(world: &W, request: &mut Request) -> Result<Response, ApiError> {
    let new: SetUp = body::json(request, LIMIT).await?;
    let company = checked(&new.company, "company.")?;
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
    Ok(shown_once(&SetUpDone {
        token: token.token.expose().to_owned(),
        company: done.company,
        administrator: done.administrator,
    }))
}

fn employee(id: EmployeeId, e: &directory::Employee) -> Employee {
    Employee {
        id,
        name: e.name.to_string(),
        email: e.email.to_string(),
        language: *e.language,
        role: e.access.role,
        rights: e.access.rights.clone(),
        companies: e.companies.get().clone(),
        active: *e.active,
    }
}

fn one_employee(session: &Session, id: &str) -> Result<Response, ApiError> {
    let id = EmployeeId::parse(id).map_err(|_| ApiError::not_found())?;
    let found = session.directory().employee(id).ok_or_else(ApiError::not_found)?;
    Ok(Response::json(&employee(id, found)))
}

/// By name; `after` and `limit` as everywhere.
fn list_employees(request: &Request, visitor: &Visitor) -> Result<Response, ApiError> {
    let session = visitor.api(request, None)?;
    let page = PageRequest::of(request, 50, 100)?;
    let all = session.directory().employees();
    let begin =
        page.after.and_then(|a| all.iter().position(|(id, _)| id.to_string() == a)).map_or(0, |i| i + 1);
    let data: Vec<_> = all.iter().skip(begin).take(page.limit).map(|(id, e)| employee(*id, e)).collect();
    let more = begin + data.len() < all.len();
    let next = data.last().filter(|_| more).map(|e| e.id.to_string());
    Ok(Response::json(&listed(data, next.as_deref())))
}

async fn add_employee<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let session = visitor.api(request, None)?;
    let new: NewEmployee = body::json(request, LIMIT).await?;
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
    let invitation = added.link.map(|l| Invitation {
        url: format!("{outside}{}", l.path.expose()),
        expires_at: time::moment(l.expires),
    });
    let id = added.employee;
    let response = Response::created(&AddedEmployee { id, invitation }, &format!("/api/v1/employees/{id}"));
    Ok(response.header(header::CACHE_CONTROL, "no-store"))
}

/// At most twenty, so there is one page.
async fn list_tokens<W: World>(world: &W, session: &Session) -> Result<Response, ApiError> {
    let all = token::list(world, session.employee).await?.into_iter();
    let data = all
        .map(|(id, t)| Token {
            id,
            name: t.name.map(|n| n.to_string()).unwrap_or_default(),
            created_at: time::moment(t.created),
            expires_at: time::moment(t.expires),
        })
        .collect();
    Ok(Response::json(&listed(data, None)))
}

async fn add_token<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let session = visitor.api(request, None)?;
    let new: NewToken = body::json(request, LIMIT).await?;
    let name = field("name", Label::parse(&new.name), name_text)?;
    sign_in::confirm(world, session.caller(), &new.current).await?;
    let made = token::create(world, session.caller(), &name, new.days).await?;
    Ok(shown_once(&MadeToken {
        id: made.id,
        token: made.token.expose().to_owned(),
        expires_at: time::moment(made.expires),
    }))
}
