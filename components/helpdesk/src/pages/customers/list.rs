//! The list of records, and finding one.

use super::{bits, href};
use crate::visit::Visit;
use askama::Template;
use mostek_domain::{Language, Timestamp};
use mostek_helpdesk::customer::search::{self, RECENT};
use mostek_helpdesk::customer::{self, Summary};
use mostek_ports::World;
use mostek_web::paging::{PageRequest, cursor};
use mostek_web::ui::{EmptyState, ListState, Pager};
use mostek_web::{ApiError, Page, Request, Response, SafeHtml, Speak};

#[derive(Template)]
#[template(path = "customers.html")]
struct List {
    language: Language,
    now: Timestamp,
    total: String,
    /// What is looked for; empty for the list.
    query: String,
    about_search: String,
    is_administrator: bool,
    rows: Vec<Row>,
    empty: SafeHtml,
    pager: SafeHtml,
}

struct Row {
    href: String,
    name: String,
    phone: String,
    email: String,
    changed: Timestamp,
}

fn row(c: Summary) -> Row {
    Row {
        href: href(c.id),
        name: c.name,
        phone: c.phone.unwrap_or_default(),
        email: c.email.unwrap_or_default(),
        changed: c.changed_at,
    }
}

pub(super) async fn show<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let language = visit.language();
    let query = request.param("q").map(str::trim).unwrap_or_default().to_owned();
    let state = ListState::of(request, &["changed"], &["q"]);
    let (rows, total, next) = if query.is_empty() {
        let asked = PageRequest::of(request, customer::PAGE, customer::PAGE)?;
        let before = match &asked.after {
            Some(text) => Some(text.parse().map_err(|_| ApiError::bad_field("after", "errors-bad-cursor"))?),
            None => None,
        };
        let page = customer::page(visit.world, visit.company(), before, asked.limit).await?;
        let total = language.n("helpdesk-customer-count", page.total);
        (page.customers, total, page.next.map(|n| cursor(&n.to_string())))
    } else {
        let found = search::search(visit.world, visit.company(), &query).await?;
        let rows: Vec<Summary> = found.exact.into_iter().map(|(_, s)| s).chain(found.by_name).collect();
        let total = language.n("crm-found", rows.len());
        (rows, total, None)
    };
    let empty = if query.is_empty() {
        EmptyState::new(
            "people",
            language.t("helpdesk-no-customers"),
            language.t("helpdesk-no-customers-text"),
        )
        .action(language.t("helpdesk-customer-add"), "/customers/new")
    } else {
        EmptyState::new(
            "search",
            language.t("crm-none-found"),
            language.with("crm-search-about", "count", RECENT),
        )
    };
    let body = List {
        language,
        now: visit.now(),
        about_search: language.with("crm-search-about", "count", RECENT),
        is_administrator: visit.session.access.is_administrator(),
        rows: rows.into_iter().map(row).collect(),
        empty: empty.html(),
        pager: Pager::new(language, &state, total.clone(), next.as_deref()).html(),
        total,
        query,
    };
    let viewer = visit.session.viewer();
    Page::new(&viewer, language.t("common-nav-customers")).active("customers").wide().show(request, &body)
}
