//! The first page after signing in.

use crate::helpdesk::Glance;
use askama::Template;
use mostek_domain::{Capability, Language};
use mostek_people::gate::Visitor;
use mostek_people::{Session, directory, setup};
use mostek_ports::World;
use mostek_web::ui::EmptyState;
use mostek_web::{ApiError, NavEntry, Page, Request, Response, SafeHtml, Speak};

#[derive(Template)]
#[template(path = "dashboard.html")]
struct Dashboard {
    language: Language,
    greeting: String,
    company: String,
    entries: Vec<(NavEntry, String)>,
    empty: SafeHtml,
    helpdesk: SafeHtml,
}

/// `GET /api/v1/dashboard`: what waits and what failed, for each capability that the caller has.
pub(crate) async fn json<W: World>(world: &W, session: &Session) -> Result<Response, ApiError> {
    let helpdesk = if session.access.may(Capability::Helpdesk) {
        Some(Glance::read(world, session).await?.json(session.access.is_administrator()))
    } else {
        None
    };
    Ok(Response::json(&mostek_api::reports::Dashboard { helpdesk }))
}

/// What waits, and what the viewer can open. A stranger signs in first; an empty installation is set up first.
pub(crate) async fn show<W: World>(
    world: &W,
    request: &Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let Ok(session) = visitor.page(None) else {
        let needed = setup::is_needed(&directory::read(world).await?.state);
        return Ok(Response::redirect(if needed { "/setup" } else { "/sign-in" }));
    };
    let viewer = session.viewer();
    let l = viewer.language;
    let entries: Vec<_> =
        viewer.nav.iter().filter(|e| e.id != "dashboard").map(|e| (e.clone(), l.t(about(e.id)))).collect();
    let empty = if entries.is_empty() {
        EmptyState::new("lock", l.t("console-dashboard-empty"), l.t("console-dashboard-empty-text")).html()
    } else {
        SafeHtml::default()
    };
    let helpdesk = if session.access.may(Capability::Helpdesk) {
        Glance::read(world, session).await?.html(l, session.access.is_administrator())
    } else {
        SafeHtml::default()
    };
    let body = Dashboard {
        language: l,
        greeting: l.with("console-dashboard-greeting", "name", session.name.as_str()),
        company: session.company_name.to_string(),
        entries,
        empty,
        helpdesk,
    };
    Page::new(&viewer, l.t("common-nav-dashboard")).active("dashboard").show(request, &body)
}

fn about(id: &str) -> &'static str {
    match id {
        "tickets" => "console-about-tickets",
        "customers" => "console-about-customers",
        "reports" => "reports-about",
        "companies" => "console-about-companies",
        "employees" => "console-about-employees",
        "settings" => "console-about-settings",
        _ => "console-about-audit",
    }
}
