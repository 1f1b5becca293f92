//! `/tickets?q=...`: what was found.

use super::{bits, words};
use crate::visit::Visit;
use askama::Template;
use futures::future::try_join;
use mostek_domain::{Language, Timestamp};
use mostek_helpdesk::desk;
use mostek_helpdesk::list::Summary;
use mostek_helpdesk::search::{self, QUESTION_CHARS};
use mostek_ports::World;
use mostek_web::paging::{PageRequest, cursor};
use mostek_web::ui::{EmptyState, ListState, Pager};
use mostek_web::{ApiError, Page, Request, Response, SafeHtml, Speak, Tone, printable, ui};

/// The form over the list.
#[derive(Template)]
#[template(path = "find.html")]
pub(super) struct Find {
    language: Language,
    text: String,
    limit: usize,
}

impl Find {
    /// With what was asked for, if anything was.
    pub(super) fn new(language: Language, text: &str) -> Self {
        Self { language, text: words::line(text), limit: QUESTION_CHARS }
    }

    pub(super) fn html(&self) -> SafeHtml {
        SafeHtml::of(self)
    }
}

#[derive(Template)]
#[template(path = "search.html")]
struct Results {
    language: Language,
    now: Timestamp,
    find: SafeHtml,
    asked: String,
    found: String,
    notices: Vec<SafeHtml>,
    rows: Vec<Row>,
    empty: SafeHtml,
    pager: SafeHtml,
}

struct Row {
    href: String,
    number: String,
    subject: String,
    snippet: String,
    customer: String,
    source: String,
    queue: String,
    status: SafeHtml,
    assignee: String,
    last: Timestamp,
}

/// The question of a request, if it has one.
pub(super) fn question(request: &Request) -> Option<&str> {
    request.param("q").filter(|q| !q.trim().is_empty())
}

/// The page of results; a number leads to its ticket, unless something else is found too.
///
/// # Errors
/// 422 for a cursor that cannot be; the store's.
pub(super) async fn show<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    text: &str,
) -> Result<Response, ApiError> {
    let language = visit.language();
    let asked = PageRequest::of(request, search::PAGE, search::PAGE)?;
    let before = match &asked.after {
        Some(text) => Some(text.parse().map_err(|_| ApiError::bad_field("after", "errors-bad-cursor"))?),
        None => None,
    };
    let results =
        async { search::search(visit.world, visit.company(), text, before).await.map_err(ApiError::from) };
    let desk = async { desk::read(visit.world, visit.company()).await.map_err(ApiError::from) };
    let (results, desk) = try_join(results, desk).await?;
    if let Some(id) = results.exact.filter(|_| results.tickets.len() <= 1 && results.next.is_none()) {
        return Ok(Response::redirect(&format!("/tickets/{id}")));
    }
    let state = ListState::of(request, &["number"], &["q"]);
    let found = language.n("search-found", results.tickets.len() as u64);
    let mut notices = Vec::new();
    if results.behind > 0 {
        notices.push(ui::notice(Tone::Info, &language.n("search-behind", results.behind)));
    }
    if results.too_general {
        notices.push(ui::notice(Tone::Warning, &language.t("search-too-general")));
    }
    let nothing = if results.next.is_some() { "search-next-empty" } else { "search-none-text" };
    let body = Results {
        language,
        now: visit.now(),
        find: Find::new(language, text).html(),
        asked: language.with("search-for", "text", words::line(&printable(text))),
        notices,
        empty: EmptyState::new("search", language.t("search-none"), language.t(nothing))
            .action(language.t("search-back"), "/tickets")
            .html(),
        pager: Pager::new(
            language,
            &state,
            found.clone(),
            results.next.map(|n| cursor(&n.to_string())).as_deref(),
        )
        .html(),
        found,
        rows: results
            .tickets
            .iter()
            .map(|t| Row { queue: desk.state.queue_name(t.queue), ..row(visit, t) })
            .collect(),
    };
    let viewer = visit.session.viewer();
    Page::new(&viewer, language.t("search-title"))
        .active("tickets")
        .wide()
        .crumb(language.t("helpdesk-tickets-title"), "/tickets")
        .show(request, &body)
}

fn row<W: World>(visit: &Visit<'_, W>, t: &Summary) -> Row {
    let language = visit.language();
    let name = words::line(&t.customer);
    Row {
        href: format!("/tickets/{}", t.number.0),
        number: t.number.to_string(),
        subject: words::line(&t.subject),
        snippet: words::line(&t.snippet),
        customer: if name.trim().is_empty() { language.t("helpdesk-customer-nameless") } else { name },
        source: words::line(&t.source),
        queue: String::new(),
        status: words::status_badge(language, t.status),
        assignee: t.assignee.map(|e| visit.employee_name(e)).unwrap_or_default(),
        last: t.last_activity,
    }
}
