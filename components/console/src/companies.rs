//! Companies: list, add, change.

use crate::form::{Errors, Form};
use crate::view::FormView;
use askama::Template;
use mostek_domain::{CompanyId, Language};
use mostek_people::directory::{CompanyDetails, MOST_COMPANIES};
use mostek_people::gate::Visitor;
use mostek_people::{Session, companies};
use mostek_ports::World;
use mostek_web::ui::Field;
use mostek_web::{ApiError, Flash, Page, Request, Response, Speak};

const HOME: &str = "/companies";

#[derive(Template)]
#[template(path = "companies.html")]
struct List {
    language: Language,
    count: String,
    rows: Vec<Row>,
}

struct Row {
    id: CompanyId,
    name: String,
    nip: String,
    people: String,
}

/// All companies; there are at most fifty.
pub(crate) fn list(request: &Request, visitor: &Visitor) -> Result<Response, ApiError> {
    let session = visitor.administrator()?;
    let viewer = session.viewer();
    let (l, d) = (viewer.language, session.directory());
    let rows = d.companies().into_iter().map(|(id, c)| {
        let people = d.employees().iter().filter(|(_, e)| *e.active && e.companies.contains(&id)).count();
        Row {
            id,
            name: c.details.name.to_string(),
            nip: c.details.nip.to_string(),
            people: l.n("console-people-count", people),
        }
    });
    let rows: Vec<_> = rows.take(MOST_COMPANIES).collect();
    let body = List { language: l, count: l.n("console-companies-count", rows.len()), rows };
    Page::new(&viewer, l.t("common-nav-companies")).active("companies").show(request, &body)
}

/// The form of a new company.
pub(crate) fn new(request: &Request, visitor: &Visitor) -> Result<Response, ApiError> {
    render(request, visitor.administrator()?, None, &Form::default(), &Errors::default())
}

/// Adds a company.
pub(crate) async fn add<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let form = Form::of_administrator(request, visitor).await?;
    let session = visitor.administrator()?;
    let mut errors = Errors::default();
    if let Some(details) = details(&form, &mut errors) {
        match companies::add(world, session.caller(), details).await {
            Ok(_) => return Ok(Flash::success("console-company-added").on(Response::redirect(HOME))),
            Err(e) => errors.refused(e, &["nip"])?,
        }
    }
    Ok(errors.on(render(request, session, None, &form, &errors)?))
}

fn details(form: &Form, errors: &mut Errors) -> Option<CompanyDetails> {
    let (name, nip) = (errors.company(form, "name"), errors.nip(form, "nip"));
    Some(CompanyDetails { name: name?, nip: nip? })
}

/// The form of a company.
pub(crate) fn edit(request: &Request, visitor: &Visitor, id: &str) -> Result<Response, ApiError> {
    let session = visitor.administrator()?;
    let id = CompanyId::parse(id).map_err(|_| ApiError::not_found())?;
    let company = session.directory().company(id).ok_or_else(ApiError::not_found)?;
    let form =
        Form::filled([("name", company.details.name.to_string()), ("nip", company.details.nip.to_string())]);
    render(request, session, Some(id), &form, &Errors::default())
}

/// Changes a company.
pub(crate) async fn change<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
    id: &str,
) -> Result<Response, ApiError> {
    let form = Form::of_administrator(request, visitor).await?;
    let session = visitor.administrator()?;
    let id = CompanyId::parse(id).map_err(|_| ApiError::not_found())?;
    let mut errors = Errors::default();
    if let Some(details) = details(&form, &mut errors) {
        match companies::change(world, session.caller(), id, details).await {
            Ok(()) => return Ok(Flash::success("common-saved").on(Response::redirect(HOME))),
            Err(e) => errors.refused(e, &["nip"])?,
        }
    }
    Ok(errors.on(render(request, session, Some(id), &form, &errors)?))
}

fn render(
    request: &Request,
    session: &Session,
    id: Option<CompanyId>,
    form: &Form,
    errors: &Errors,
) -> Result<Response, ApiError> {
    let viewer = session.viewer();
    let l = viewer.language;
    let (title, action, button) = match id {
        Some(id) => (l.t("console-company-edit"), format!("{HOME}/{id}"), "common-save"),
        None => (l.t("console-company-new"), format!("{HOME}/new"), "console-company-add"),
    };
    let view = FormView::new(l, title.clone(), action, &viewer.csrf, button, errors)
        .field(
            Field::text(l, "name", "console-company-name")
                .value(form.get("name"))
                .error(errors.get("name"))
                .required()
                .with("autocomplete", "off"),
        )
        .field(
            Field::text(l, "nip", "console-nip")
                .value(form.get("nip"))
                .hint("console-nip-hint")
                .error(errors.get("nip"))
                .required()
                .with("inputmode", "numeric")
                .with("autocomplete", "off"),
        )
        .cancel(l, HOME);
    Page::new(&viewer, title)
        .active("companies")
        .crumb(l.t("common-nav-companies"), HOME)
        .show(request, &view)
}
