//! The first page after signing in.

use askama::Template;
use mostek_domain::Language;
use mostek_people::gate::Visitor;
use mostek_people::{directory, setup};
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
}

/// What the viewer can open. A stranger signs in first; an empty installation is set up first.
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
    let body = Dashboard {
        language: l,
        greeting: l.with("console-dashboard-greeting", "name", session.name.as_str()),
        company: session.company_name.to_string(),
        entries,
        empty,
    };
    Page::new(&viewer, l.t("common-nav-dashboard")).active("dashboard").show(request, &body)
}

fn about(id: &str) -> &'static str {
    match id {
        "tickets" => "console-about-tickets",
        "customers" => "console-about-customers",
        "companies" => "console-about-companies",
        "employees" => "console-about-employees",
        "settings" => "console-about-settings",
        _ => "console-about-audit",
    }
}
