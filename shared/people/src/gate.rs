//! Who asks, and may they: the first line of every route.
//!
//! ```ignore
//! let visitor = gate::identify(world, &request).await;              // once per request
//! let answer = match &visitor {
//!     Ok(v) => routes(world, &mut request, v).await,                // in it: let session = v.page(Some(Capability::Helpdesk))?;
//!     Err(e) => ...
//! };
//! edge::finish(&request, &frame, world.log(), answer)
//! ```
//!
//! One identification is two round trips of concurrent reads: the session (4) or token (2) beside the directory
//! (2, and the entries since its last snapshot). A request without cookie and token costs nothing.

use crate::directory::{self, CompanySettings, Directory, DirectoryFold};
use crate::error::{Caller, PeopleError};
use crate::origin;
use crate::sealed::{self, SealError};
use crate::session::{self, Ticket};
use crate::token;
use futures::future::try_join;
use http::Method;
use mostek_api::{Operation, Who};
use mostek_domain::{
    Access, Capability, CompanyId, CompanyName, EmailAddress, EmployeeId, Language, PersonName, SessionId,
    Theme, TokenId,
};
use mostek_ports::World;
use mostek_store::journal::{Actor, Reading};
use mostek_web::{ApiError, CompanyChoice, Csrf, Frame, Request, Viewer, nav};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::rc::Rc;

/// The cookie that holds the chosen company's id. It is only a wish: it is checked against the employee's companies.
pub const COMPANY_COOKIE: &str = "mostek_company";
/// The header by which a program chooses the company.
pub const COMPANY_HEADER: &str = "x-company-id";

/// By what somebody showed who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// A browser's session.
    Session(SessionId),
    /// A personal API token.
    Token(TokenId),
}

/// Somebody who may ask.
#[derive(Debug, Clone)]
pub struct Session {
    /// The employee.
    pub employee: EmployeeId,
    /// The name.
    pub name: PersonName,
    /// The address.
    pub email: EmailAddress,
    /// The company being worked in; one of the employee's.
    pub company: CompanyId,
    /// Its name.
    pub company_name: CompanyName,
    /// Role and rights.
    pub access: Access,
    /// The employee's language.
    pub language: Language,
    /// The employee's theme.
    pub theme: Theme,
    /// The company's settings.
    pub settings: CompanySettings,
    /// By what they came.
    pub via: Via,
    /// The client's address.
    pub from: Option<IpAddr>,
    /// The CSRF token for forms; empty for API tokens.
    pub csrf: String,
    directory: Rc<Reading<DirectoryFold>>,
}

impl Session {
    /// Who asks, for use cases.
    #[must_use]
    pub fn caller(&self) -> Caller {
        Caller { employee: self.employee, from: self.from }
    }

    /// Who asks, for facts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.caller().actor()
    }

    /// Everybody and every company, as read for this request.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.directory.state
    }

    /// The companies this employee works in, by name.
    #[must_use]
    pub fn companies(&self) -> Vec<(CompanyId, CompanyName)> {
        companies_of(self.directory(), self.employee)
    }

    /// For the page's frame.
    #[must_use]
    pub fn viewer(&self) -> Viewer {
        let companies = self.companies().into_iter().map(|(id, name)| CompanyChoice {
            id: id.to_string(),
            name: name.to_string(),
            current: id == self.company,
        });
        Viewer {
            name: self.name.to_string(),
            language: self.language,
            theme: self.theme,
            companies: companies.collect(),
            nav: nav::entries(&self.access),
            csrf: self.csrf.clone(),
            is_admin: self.access.is_administrator(),
        }
    }

    /// Refuses who has no right to a capability.
    ///
    /// # Errors
    /// 403.
    pub fn require(&self, capability: Capability) -> Result<(), ApiError> {
        if self.access.may(capability) { Ok(()) } else { Err(ApiError::forbidden()) }
    }

    /// Refuses who is no administrator.
    ///
    /// # Errors
    /// 403.
    pub fn require_administrator(&self) -> Result<(), ApiError> {
        if self.access.is_administrator() { Ok(()) } else { Err(ApiError::forbidden()) }
    }
}

fn companies_of(directory: &Directory, employee: EmployeeId) -> Vec<(CompanyId, CompanyName)> {
    let Some(e) = directory.employee(employee) else { return Vec::new() };
    let all = directory.companies().into_iter();
    all.filter(|(id, _)| e.companies.contains(id)).map(|(id, c)| (id, c.details.name.clone())).collect()
}

/// Whoever sent a request.
pub struct Visitor {
    session: Option<Session>,
    csrf: Csrf,
}

impl Visitor {
    /// The session, if somebody is signed in.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The frame of pages, also of error pages.
    #[must_use]
    pub fn frame(&self, request: &Request) -> Frame {
        self.session.as_ref().map_or_else(|| Frame::anonymous(request), |s| Frame::of(s.viewer()))
    }

    /// For pages: somebody signed in by a session, with the right if one is asked for.
    ///
    /// # Errors
    /// 401 (the edge sends people to sign in and back), 403.
    pub fn page(&self, capability: Option<Capability>) -> Result<&Session, ApiError> {
        let session = self.session().filter(|s| matches!(s.via, Via::Session(_)));
        let session = session.ok_or_else(ApiError::sign_in_needed)?;
        capability.map_or(Ok(()), |c| session.require(c))?;
        Ok(session)
    }

    /// For pages that only administrators see.
    ///
    /// # Errors
    /// 401, 403.
    pub fn administrator(&self) -> Result<&Session, ApiError> {
        let session = self.page(None)?;
        session.require_administrator()?;
        Ok(session)
    }

    /// For the API: a token, or a session whose changes carry the header `x-csrf-token`.
    ///
    /// # Errors
    /// 401, 403.
    pub fn api(&self, request: &Request, capability: Option<Capability>) -> Result<&Session, ApiError> {
        let session = self.session().ok_or_else(ApiError::sign_in_needed)?;
        if let Via::Session(id) = session.via
            && !matches!(request.method, Method::GET | Method::OPTIONS)
        {
            self.csrf.check(request, &id.to_string(), None)?;
        }
        capability.map_or(Ok(()), |c| session.require(c))?;
        Ok(session)
    }

    /// For the API: finds the operation that the request is for, and refuses whoever may not call it, as it is declared.
    ///
    /// # Errors
    /// 404, 405; 401, 403.
    pub fn may_call(&self, request: &Request) -> Result<&'static Operation, ApiError> {
        let operation = mostek_web::api::operation(request)?;
        if operation.who == Who::Anybody {
            return Ok(operation);
        }
        let session = self.api(request, None)?;
        let may = match operation.who {
            Who::Anybody | Who::SignedIn => true,
            Who::InBrowser => matches!(session.via, Via::Session(_)),
            Who::With(capability) => session.access.may(capability),
            Who::Administrator => session.access.is_administrator(),
            Who::AdministratorWith(capability) => {
                session.access.is_administrator() && session.access.may(capability)
            }
            Who::AdministratorOr(capability) => {
                session.access.is_administrator() || session.access.may(capability)
            }
        };
        if may { Ok(operation) } else { Err(ApiError::forbidden()) }
    }

    /// Checks the CSRF token of a form that a signed-in person sent; `field` is what the form carried as
    /// [`mostek_web::csrf::FIELD`]. Call it before anything is changed.
    ///
    /// # Errors
    /// 403; 401 if nobody is signed in by a session.
    pub fn check_form(&self, request: &Request, field: Option<&str>) -> Result<(), ApiError> {
        let Some(Session { via: Via::Session(id), .. }) = self.session() else {
            return Err(ApiError::sign_in_needed());
        };
        self.csrf.check(request, &id.to_string(), field)
    }

    /// For forms of people who are not signed in yet.
    #[must_use]
    pub fn csrf(&self) -> &Csrf {
        &self.csrf
    }
}

/// The CSRF key is derived, so that it is the same in every component and instance without a record of its own.
async fn csrf<W: World>(world: &W) -> Result<Csrf, SealError> {
    let mut hash = Sha256::new();
    hash.update(b"mostek csrf key\0");
    hash.update(sealed::key_bytes(world).await?);
    Ok(Csrf::new(hash.finalize().to_vec()))
}

enum Shown {
    Ticket(Ticket),
    Token(String),
}

/// Finds out who sent a request. A token counts before a cookie; one that is not good makes the visitor a stranger.
///
/// # Errors
/// 503 or 500 if the store or the configuration fails; 403 if a program chose a company that is not its employee's.
pub async fn identify<W: World>(world: &W, request: &Request) -> Result<Visitor, ApiError> {
    let csrf = csrf(world).await.map_err(PeopleError::from)?;
    let shown = match request.bearer() {
        Some(token) => Some(Shown::Token(token.to_owned())),
        None => request.cookie(session::COOKIE).and_then(Ticket::parse).map(Shown::Ticket),
    };
    let Some(shown) = shown else { return Ok(Visitor { session: None, csrf }) };
    let checked = async {
        match &shown {
            Shown::Ticket(t) => {
                let good = session::check(world, t).await?;
                Ok(good.then_some((t.employee, Via::Session(t.session))))
            }
            Shown::Token(t) => Ok(token::check(world, t).await?.map(|(e, id)| (e, Via::Token(id)))),
        }
    };
    let (who, directory) = try_join(checked, directory::read(world)).await?;
    let Some((id, via)) = who else { return Ok(Visitor { session: None, csrf }) };
    let directory = Rc::new(directory);
    let Some(employee) = directory.state.employee(id).filter(|e| *e.active) else {
        return Ok(Visitor { session: None, csrf });
    };
    let companies = companies_of(&directory.state, id);
    let (wish, binding) = match via {
        Via::Session(_) => (request.cookie(COMPANY_COOKIE), false),
        Via::Token(_) => (request.header(COMPANY_HEADER), true),
    };
    let wished = wish.and_then(|w| CompanyId::parse(w).ok());
    let found = companies.iter().find(|(c, _)| Some(*c) == wished);
    if binding && wish.is_some() && found.is_none() {
        return Err(ApiError::forbidden());
    }
    let Some((company, company_name)) = found.or_else(|| companies.first()).cloned() else {
        return Err(ApiError::forbidden());
    };
    let token = match via {
        Via::Session(s) => csrf.token(&s.to_string()),
        Via::Token(_) => String::new(),
    };
    let session = Session {
        employee: id,
        name: employee.name.get().clone(),
        email: employee.email.get().clone(),
        company,
        company_name,
        access: employee.access.get().clone(),
        language: *employee.language,
        theme: *employee.theme,
        settings: directory.state.settings(company),
        via,
        from: origin::client_address(world, request).await,
        csrf: token,
        directory,
    };
    Ok(Visitor { session: Some(session), csrf })
}

/// [`identify`] and [`Visitor::page`] in one, for a component with few routes.
///
/// # Errors
/// As both.
pub async fn page<W: World>(
    world: &W,
    request: &Request,
    capability: Option<Capability>,
) -> Result<Session, ApiError> {
    Ok(identify(world, request).await?.page(capability)?.clone())
}

/// [`identify`] and [`Visitor::api`] in one.
///
/// # Errors
/// As both.
pub async fn api<W: World>(
    world: &W,
    request: &Request,
    capability: Option<Capability>,
) -> Result<Session, ApiError> {
    Ok(identify(world, request).await?.api(request, capability)?.clone())
}
