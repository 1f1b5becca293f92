//! Employees: list, add by invitation, change role, rights and companies, disable.

use crate::form::{Errors, Form};
use crate::view::{Boxes, FormView, ShownOnce};
use askama::Template;
use mostek_domain::{Access, Capability, CompanyId, EmployeeId, Language, Rights, Role};
use mostek_people::directory::EmployeeDetails;
use mostek_people::employees::{self, FirstPassword};
use mostek_people::gate::Visitor;
use mostek_people::invitation::{self, Link};
use mostek_people::{Session, credentials};
use mostek_ports::{Settings, World};
use mostek_web::paging::{PageRequest, cursor};
use mostek_web::ui::{self, Choice, Confirm, Field, ListState, Pager};
use mostek_web::{ApiError, Flash, Page, Request, Response, SafeHtml, Speak, Text};
use std::collections::BTreeSet;

const HOME: &str = "/employees";
/// Rows per page.
const PAGE: usize = 50;

/// The catalogue key of a role.
pub(crate) fn role_key(role: Role) -> &'static str {
    match role {
        Role::Administrator => "console-role-administrator",
        Role::Operator => "console-role-operator",
    }
}

/// The catalogue key of a capability.
pub(crate) fn capability_key(c: Capability) -> &'static str {
    match c {
        Capability::Helpdesk => "console-right-helpdesk",
        Capability::Assistant => "console-right-assistant",
        Capability::Sms => "console-right-sms",
        Capability::Partners => "console-right-partners",
        Capability::Endpoints => "console-right-endpoints",
    }
}

#[derive(Template)]
#[template(path = "employees.html")]
struct List {
    language: Language,
    count: String,
    query: String,
    role: String,
    roles: Vec<Choice>,
    filtered: bool,
    rows: Vec<Row>,
    pager: SafeHtml,
}

struct Row {
    id: EmployeeId,
    name: String,
    email: String,
    role: String,
    rights: String,
    companies: String,
    badges: Vec<SafeHtml>,
}

/// The list, by name, filtered by text and role.
pub(crate) fn list(request: &Request, visitor: &Visitor) -> Result<Response, ApiError> {
    let session = visitor.administrator()?;
    let viewer = session.viewer();
    let (l, d) = (viewer.language, session.directory());
    let state = ListState::of(request, &["name"], &["q", "role"]);
    let page = PageRequest::of(request, PAGE, PAGE)?;
    let query = state.filter("q").unwrap_or_default().trim().to_lowercase();
    let role = state.filter("role").and_then(Role::from_slug);
    let all: Vec<_> = d
        .employees()
        .into_iter()
        .filter(|(_, e)| {
            role.is_none_or(|r| e.access.role == r)
                && (query.is_empty()
                    || e.name.as_str().to_lowercase().contains(&query)
                    || e.email.as_str().contains(&query))
        })
        .collect();
    let begin =
        page.after.and_then(|a| all.iter().position(|(id, _)| id.to_string() == a)).map_or(0, |i| i + 1);
    let shown: Vec<_> = all.iter().skip(begin).take(page.limit).collect();
    let more = begin + shown.len() < all.len();
    let next = shown.last().filter(|_| more).map(|(id, _)| cursor(&id.to_string()));
    let rows: Vec<_> = shown
        .into_iter()
        .map(|(id, e)| {
            let mut badges = Vec::new();
            if !*e.active {
                badges.push(ui::badge("neutral", &l.t("console-employee-disabled")));
            }
            if d.is_conflicting(*id) {
                badges.push(ui::badge("danger", &l.t("console-employee-conflicting")));
            }
            let companies =
                e.companies.iter().filter_map(|c| d.company(*c)).map(|c| c.details.name.to_string());
            Row {
                id: *id,
                name: e.name.to_string(),
                email: e.email.to_string(),
                role: l.t(role_key(e.access.role)),
                rights: e.access.rights.iter().map(|c| l.t(capability_key(c))).collect::<Vec<_>>().join(", "),
                companies: companies.collect::<Vec<_>>().join(", "),
                badges,
            }
        })
        .collect();
    let count = l.n("console-people-count", all.len());
    let mut roles = vec![Choice::new("", l.t("common-filter-any"))];
    roles.extend(Role::ALL.into_iter().map(|r| Choice::new(r.slug(), l.t(role_key(r)))));
    let body = List {
        language: l,
        query: state.filter("q").unwrap_or_default().to_owned(),
        role: state.filter("role").unwrap_or_default().to_owned(),
        roles,
        filtered: state.is_filtered(),
        rows,
        pager: Pager::new(l, &state, count.clone(), next.as_deref()).html(),
        count,
    };
    Page::new(&viewer, l.t("common-nav-employees")).active("employees").wide().show(request, &body)
}

/// The form of a new employee.
pub(crate) fn new(request: &Request, visitor: &Visitor) -> Result<Response, ApiError> {
    let session = visitor.administrator()?;
    let form = Form::filled([
        (format!("company-{}", session.company), "yes".to_owned()),
        ("right-helpdesk".to_owned(), "yes".to_owned()),
        ("language".to_owned(), session.language.code().to_owned()),
    ]);
    render(request, session, None, &form, &Errors::default(), SafeHtml::default())
}

fn details(session: &Session, form: &Form, errors: &mut Errors) -> Option<EmployeeDetails> {
    let (name, email) = (errors.person(form, "name"), errors.email(form, "email"));
    let all = session.directory().companies().into_iter().map(|(id, _)| id);
    let companies: BTreeSet<CompanyId> = all.filter(|id| form.yes(&format!("company-{id}"))).collect();
    let rights: Rights =
        Capability::ALL.into_iter().filter(|c| form.yes(&format!("right-{}", c.slug()))).collect();
    let role = Role::from_slug(form.get("role")).unwrap_or_default();
    Some(EmployeeDetails { name: name?, email: email?, companies, access: Access { role, rights } })
}

/// Adds an employee and shows the invitation's link, this once. No redirect, for the reason given at API tokens; sent
/// again it is refused, as the address is taken.
pub(crate) async fn add<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let form = Form::of_administrator(request, visitor).await?;
    let session = visitor.administrator()?;
    let mut errors = Errors::default();
    let language = Language::from_tag(form.get("language")).unwrap_or_default();
    if let Some(details) = details(session, &form, &mut errors) {
        let name = details.name.to_string();
        match employees::add(world, session.caller(), details, language, FirstPassword::Invitation).await {
            Ok(added) => {
                let Some(link) = added.link else { return Ok(Response::redirect(HOME)) };
                return show_link(world, request, session, &name, &link).await;
            }
            Err(e) => errors.refused(e, &["email", "companies", "role"])?,
        }
    }
    Ok(errors.on(render(request, session, None, &form, &errors, SafeHtml::default())?))
}

/// Makes a new link for an employee and shows it, this once.
pub(crate) async fn invite<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
    id: &str,
) -> Result<Response, ApiError> {
    Form::of_administrator(request, visitor).await?;
    let session = visitor.administrator()?;
    let (id, name) = find(session, id)?;
    let link = invitation::renew(world, session.caller(), id).await?;
    show_link(world, request, session, &name, &link).await
}

fn find(session: &Session, id: &str) -> Result<(EmployeeId, String), ApiError> {
    let id = EmployeeId::parse(id).map_err(|_| ApiError::not_found())?;
    let e = session.directory().employee(id).ok_or_else(ApiError::not_found)?;
    Ok((id, e.name.to_string()))
}

/// The address the hub is reached at from outside: the setting `public_url`, else what the browser used.
pub(crate) async fn outside_address<W: World>(world: &W, request: &Request) -> Result<String, ApiError> {
    let set = world.settings().get("public_url").await.map_err(ApiError::unavailable)?;
    Ok(set.map_or_else(
        || {
            let scheme = if request.is_https() { "https" } else { "http" };
            format!("{scheme}://{}", request.host().unwrap_or("localhost"))
        },
        |url| url.trim_end_matches('/').to_owned(),
    ))
}

async fn show_link<W: World>(
    world: &W,
    request: &Request,
    session: &Session,
    name: &str,
    link: &Link,
) -> Result<Response, ApiError> {
    let viewer = session.viewer();
    let l = viewer.language;
    let title = l.with("console-link-title", "name", name);
    let body = ShownOnce {
        heading: title.clone(),
        text: l.t("console-link-text"),
        label: l.t("console-link"),
        secret: format!("{}{}", outside_address(world, request).await?, link.path.expose()),
        note: l.with("console-link-note", "date", link.expires),
        back: (l.t("console-done"), HOME.to_owned()),
    };
    Page::new(&viewer, title)
        .active("employees")
        .crumb(l.t("common-nav-employees"), HOME)
        .show(request, &body)
}

/// The form of an employee.
pub(crate) async fn edit<W: World>(
    world: &W,
    request: &Request,
    visitor: &Visitor,
    id: &str,
) -> Result<Response, ApiError> {
    let session = visitor.administrator()?;
    let (id, _) = find(session, id)?;
    let e = session.directory().employee(id).ok_or_else(ApiError::not_found)?;
    let mut fields = vec![
        ("name".to_owned(), e.name.to_string()),
        ("email".to_owned(), e.email.to_string()),
        ("role".to_owned(), e.access.role.slug().to_owned()),
    ];
    fields.extend(e.companies.iter().map(|c| (format!("company-{c}"), "yes".to_owned())));
    fields.extend(e.access.rights.iter().map(|c| (format!("right-{}", c.slug()), "yes".to_owned())));
    let credentials = credentials::read(world, id).await?.state;
    let state = if credentials.open_invitation().is_some() {
        "console-employee-invited"
    } else if credentials.password().is_some() {
        "console-employee-has-password"
    } else {
        "console-employee-no-password"
    };
    let viewer = session.viewer();
    let acts = Acts {
        language: viewer.language,
        id,
        csrf: viewer.csrf.clone(),
        active: *e.active,
        conflicting: session.directory().is_conflicting(id),
        state: viewer.language.t(state),
    };
    render(request, session, Some(id), &Form::filled(fields), &Errors::default(), SafeHtml::of(&acts))
}

#[derive(Template)]
#[template(path = "employee_acts.html")]
struct Acts {
    language: Language,
    id: EmployeeId,
    csrf: String,
    active: bool,
    conflicting: bool,
    state: String,
}

/// Changes an employee.
pub(crate) async fn change<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
    id: &str,
) -> Result<Response, ApiError> {
    let form = Form::of_administrator(request, visitor).await?;
    let session = visitor.administrator()?;
    let (id, _) = find(session, id)?;
    let mut errors = Errors::default();
    if let Some(details) = details(session, &form, &mut errors) {
        match employees::change(world, session.caller(), id, details).await {
            Ok(()) => {
                return Ok(Flash::success("common-saved").on(Response::redirect(&format!("{HOME}/{id}"))));
            }
            Err(e) => errors.refused(e, &["email", "companies", "role"])?,
        }
    }
    Ok(errors.on(render(request, session, Some(id), &form, &errors, SafeHtml::default())?))
}

/// Asks before an employee is disabled.
pub(crate) fn ask_disable(request: &Request, visitor: &Visitor, id: &str) -> Result<Response, ApiError> {
    let session = visitor.administrator()?;
    let (id, name) = find(session, id)?;
    let viewer = session.viewer();
    let l = viewer.language;
    let title = Text::new("console-disable-title").with("name", name);
    let (text, button) = ("console-disable-text".into(), "console-disable".into());
    let (action, back) = (format!("{HOME}/{id}/disable"), format!("{HOME}/{id}"));
    let question = Confirm::new(l, &title, &text, &button, &action, &back, &viewer.csrf);
    Page::new(&viewer, l.say(&title))
        .active("employees")
        .crumb(l.t("common-nav-employees"), HOME)
        .show_html(request, question.html())
}

/// Disables an employee, or lets one in again.
pub(crate) async fn set_active<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
    id: &str,
    active: bool,
) -> Result<Response, ApiError> {
    Form::of_administrator(request, visitor).await?;
    let session = visitor.administrator()?;
    let (id, name) = find(session, id)?;
    let mut errors = Errors::default();
    let flash = match employees::set_active(world, session.caller(), id, active).await {
        Ok(()) => {
            let key = if active { "console-enabled" } else { "console-disabled" };
            Flash::success(Text::new(key).with("name", name))
        }
        Err(e) => {
            errors.refused(e, &[])?;
            let text = errors.get("").cloned().unwrap_or_else(|| Text::new("errors-internal"));
            Flash::new(mostek_web::Tone::Danger, text)
        }
    };
    Ok(flash.on(Response::redirect(&format!("{HOME}/{id}"))))
}

fn render(
    request: &Request,
    session: &Session,
    id: Option<EmployeeId>,
    form: &Form,
    errors: &Errors,
    acts: SafeHtml,
) -> Result<Response, ApiError> {
    let viewer = session.viewer();
    let l = viewer.language;
    let (title, action, button) = match id {
        Some(id) => (l.t("console-employee-edit"), format!("{HOME}/{id}"), "common-save"),
        None => (l.t("console-employee-new"), format!("{HOME}/new"), "console-employee-add"),
    };
    let tick = |name: String, label: String| {
        let on = form.yes(&name);
        Field::checkbox(l, name, "common-yes", on).labelled(label).html()
    };
    let roles = Role::ALL.into_iter().map(|r| Choice::new(r.slug(), l.t(role_key(r)))).collect();
    let companies = Boxes {
        id: "companies",
        legend: l.t("common-nav-companies"),
        hint: String::new(),
        error: errors.get("companies").map(|t| l.say(t)),
        boxes: session
            .directory()
            .companies()
            .into_iter()
            .map(|(id, c)| tick(format!("company-{id}"), c.details.name.to_string()))
            .collect(),
    };
    let rights = Boxes {
        id: "rights",
        legend: l.t("console-rights"),
        hint: l.t("console-rights-hint"),
        error: None,
        boxes: Capability::ALL
            .into_iter()
            .map(|c| tick(format!("right-{}", c.slug()), l.t(capability_key(c))))
            .collect(),
    };
    let mut view = FormView::new(l, title.clone(), action, &viewer.csrf, button, errors)
        .field(
            Field::text(l, "name", "console-person-name")
                .value(form.get("name"))
                .error(errors.get("name"))
                .required()
                .with("autocomplete", "off"),
        )
        .field(
            Field::new(l, "email", "email", "console-email")
                .value(form.get("email"))
                .hint("console-email-hint")
                .error(errors.get("email"))
                .required()
                .with("autocomplete", "off"),
        )
        .field(
            Field::select(l, "role", "console-role", roles)
                .value(form.find("role").unwrap_or("operator"))
                .hint("console-role-hint")
                .error(errors.get("role")),
        )
        .part(rights.html())
        .part(companies.html());
    if id.is_none() {
        let languages = Language::ALL.into_iter().map(|x| Choice::new(x.code(), x.own_name())).collect();
        view = view
            .intro(l.t("console-employee-new-intro"))
            .field(Field::select(l, "language", "common-language", languages).value(form.get("language")));
    }
    let view = view.cancel(l, HOME).html();
    let body = SafeHtml::trusted(format!("{view}{acts}"));
    Page::new(&viewer, title)
        .active("employees")
        .crumb(l.t("common-nav-employees"), HOME)
        .show_html(request, body)
}
