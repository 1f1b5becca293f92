//! `/tickets`: the list, its filters in the address.

use super::{bits, bulk, sources, views, words};
use crate::api::tickets::{OPEN, wanted};
use crate::api::views::FILTERS;
use crate::visit::Visit;
use askama::Template;
use futures::future::try_join4;
use mostek_connectors::Registry;
use mostek_domain::ticket::{Priority, StatusKind};
use mostek_domain::{Language, Timestamp};
use mostek_helpdesk::desk::{self, Desk, SubStatus};
use mostek_helpdesk::list::{self, Summary, Undecided, Wanted};
use mostek_helpdesk::routine;
use mostek_helpdesk::views as saved;
use mostek_ports::{Random, World};
use mostek_web::paging::{PageRequest, cursor};
use mostek_web::ui::{Choice, EmptyState, ListState, Pager};
use mostek_web::{ApiError, Page, Request, Response, SafeHtml, Speak};
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "list.html")]
struct List {
    language: Language,
    now: Timestamp,
    state: ListState,
    rows: Vec<Row>,
    find: SafeHtml,
    views: SafeHtml,
    filters: Vec<Filter>,
    /// Filters that are used less often and not set.
    more: Vec<Filter>,
    total: String,
    empty: Option<SafeHtml>,
    pager: SafeHtml,
    version: String,
    news: String,
    reload: String,
    bulk: Bulk,
}

/// What can be done to the tickets that are picked.
struct Bulk {
    csrf: String,
    /// This page of the list, where the form goes and comes back to.
    action: String,
    colleagues: Vec<Choice>,
    tags: Vec<Choice>,
    /// Those that need nobody in front of a ticket's page.
    macros: Vec<Choice>,
    /// Makes what is sent twice by a double click happen once.
    key: String,
}

struct Row {
    /// The value of its box.
    pick: String,
    href: String,
    number: String,
    subject: String,
    snippet: String,
    source: String,
    customer: String,
    /// The marketplace's id of a customer without a record.
    outside: Option<String>,
    queue: String,
    category: String,
    status: SafeHtml,
    /// The part of its status.
    part: String,
    /// How urgent it is, unless as usual.
    priority: Option<SafeHtml>,
    tags: Vec<String>,
    snoozed: Option<Timestamp>,
    /// Who has it; empty: nobody.
    assignee: String,
    is_new: bool,
    needs_decision: bool,
    last: Timestamp,
    waiting: Option<Timestamp>,
    due: SafeHtml,
}

struct Filter {
    name: &'static str,
    label: String,
    chosen: String,
    choices: Vec<Choice>,
}

fn state(request: &Request) -> ListState {
    ListState::of(request, &["activity"], &FILTERS)
}

/// The address of the page of the list that a request is about.
pub(super) fn here(request: &Request) -> String {
    state(request).link(&[("after", request.param("after").filter(|a| !a.is_empty()))])
}

/// The page.
///
/// # Errors
/// 422 for a filter or cursor that cannot be; the store's.
pub(super) async fn show<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let language = visit.language();
    let asked = PageRequest::of(request, list::PAGE, list::PAGE)?;
    let before = match &asked.after {
        Some(text) => Some(text.parse().map_err(|_| ApiError::bad_field("after", "errors-bad-cursor"))?),
        None => None,
    };
    let (desk, mut sources, saved, routines) = try_join4(
        desk::read(visit.world, visit.company()),
        sources(visit),
        saved::read(visit.world, visit.company()),
        routine::read(visit.world, visit.company()),
    )
    .await?;
    let desk = desk.state;
    let state = state(request);
    // What the form, the pager and the question for news say of the filters, so that all of them speak of one list.
    let query: Vec<(String, String)> =
        FILTERS.iter().filter_map(|f| Some(((*f).to_owned(), state.filter(f)?.to_owned()))).collect();
    let wanted = wanted(&query, visit.session.employee, &desk)?;
    let tabs = views::tabs(visit, &saved.state, &desk);
    let others: Vec<Wanted> = tabs.iter().map(|t| t.wanted.clone()).collect();
    let (page, counts) =
        list::page_and_counts(visit.world, visit.company(), &wanted, before, asked.limit, &others).await?;
    let colleagues = words::people(&visit.colleagues());
    let next = page.next.map(|n| cursor(&n.to_string()));
    let total = language.n("helpdesk-ticket-count", page.total);
    let empty = page.tickets.is_empty().then(|| nothing(visit, &state, !sources.is_empty()));
    if sources.is_empty() {
        sources.extend(Registry::default().iter().map(|k| k.name.clone()));
    }
    // What is asked for stays chosen, though its connection is called otherwise by now or gone.
    sources.extend(state.filter("source").map(str::to_owned));
    let views = views::html(visit, &tabs, &counts, &query);
    // By deadlines all the rows of the page say whether there is news.
    let rows = if wanted.due.is_some() { asked.limit } else { 1 };
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .append_pair("limit", &rows.to_string())
        .finish();
    // Those that are set are always in sight.
    let mut filters = filters(language, &state, &desk, &colleagues);
    let (set, more): (Vec<Filter>, Vec<Filter>) =
        more_filters(language, &state, &desk, &sources).into_iter().partition(|f| !f.chosen.is_empty());
    filters.extend(set);
    let body = List {
        language,
        now: visit.now(),
        rows: page.tickets.iter().map(|t| row(visit, &desk, t)).collect(),
        views,
        filters,
        more,
        find: super::search::Find::new(language, "").html(),
        pager: Pager::new(language, &state, total.clone(), next.as_deref()).html(),
        total,
        empty,
        version: if state.is_first() { page.version } else { String::new() },
        news: format!("/api/v1/tickets?{query}"),
        reload: state.link(&[]),
        bulk: Bulk {
            csrf: visit.session.csrf.clone(),
            action: here(request),
            colleagues,
            tags: words::tags(&desk),
            macros: routines
                .state
                .macros()
                .filter(|m| !m.archived && !m.has_draft())
                .map(|m| Choice::new(m.id.to_string(), m.name.to_string()))
                .collect(),
            key: format!("{:016x}", visit.world.random().u64()),
        },
        state,
    };
    let viewer = visit.session.viewer();
    Page::new(&viewer, language.t("helpdesk-tickets-title")).active("tickets").wide().show(request, &body)
}

fn row<W: World>(visit: &Visit<'_, W>, desk: &Desk, t: &Summary) -> Row {
    let language = visit.language();
    let name = words::line(&t.customer);
    Row {
        pick: bulk::value(t),
        href: format!("/tickets/{}", t.number.0),
        number: t.number.to_string(),
        subject: words::line(&t.subject),
        snippet: words::line(&t.snippet),
        source: words::line(&t.source),
        customer: if name.trim().is_empty() { language.t("helpdesk-customer-nameless") } else { name },
        outside: t.record.is_none().then(|| t.customer_id.as_deref().map(words::line).unwrap_or_default()),
        queue: desk.queue_name(t.queue),
        category: t.category.map(|c| desk.category_name(c)).unwrap_or_default(),
        status: words::status_badge(language, t.status),
        part: t.sub_status.map(|s| desk.sub_status_name(s)).unwrap_or_default(),
        priority: words::priority_badge(language, t.priority),
        tags: t.tags.iter().map(|t| desk.tag_name(t.id)).collect(),
        snoozed: t.snoozed_until,
        assignee: t.assignee.map(|e| visit.employee_name(e)).unwrap_or_default(),
        is_new: t.status == StatusKind::New,
        needs_decision: t.needs_decision,
        last: t.last_activity,
        waiting: t.waiting_since,
        due: words::due_badge(language, visit.now(), t.due),
    }
}

fn filters(language: Language, state: &ListState, desk: &Desk, colleagues: &[Choice]) -> Vec<Filter> {
    let filter = |name, label: &str, choices| filter(language, state, name, label, choices);
    let statuses = [
        StatusKind::New,
        StatusKind::InProgress,
        StatusKind::WaitingForCustomer,
        StatusKind::Snoozed,
        StatusKind::Closed,
    ];
    let mut people = vec![
        Choice::new("me", language.t("helpdesk-assignee-me")),
        Choice::new("nobody", language.t("helpdesk-assignee-nobody")),
    ];
    people.extend_from_slice(colleagues);
    let status = |s: StatusKind| Choice::new(s.slug(), words::status(language, s));
    let open = Choice::new(OPEN, language.t("tickets-status-open"));
    vec![
        filter(
            "status",
            "helpdesk-column-status",
            std::iter::once(open).chain(statuses.into_iter().map(status)).collect(),
        ),
        filter("assignee", "helpdesk-assignee", people),
        filter(
            "queue",
            "helpdesk-column-queue",
            desk.queues.iter().map(|q| Choice::new(q.id.to_string(), q.name.to_string())).collect(),
        ),
        filter("tag", "tickets-tag", words::tags(desk)),
    ]
}

fn filter(
    language: Language,
    state: &ListState,
    name: &'static str,
    label: &str,
    choices: Vec<Choice>,
) -> Filter {
    let mut all = vec![Choice::new("", language.t("common-filter-any"))];
    all.extend(choices);
    let chosen = state.filter(name).unwrap_or_default().to_owned();
    Filter { name, label: language.t(label), chosen, choices: all }
}

/// Filters that are used less often.
fn more_filters(
    language: Language,
    state: &ListState,
    desk: &Desk,
    sources: &BTreeSet<String>,
) -> Vec<Filter> {
    let filter = |name, label: &str, choices| filter(language, state, name, label, choices);
    let priority = |p: Priority| Choice::new(p.slug(), words::priority(language, p));
    let undecided = |d: Undecided, key: &str| Choice::new(d.slug(), language.t(key));
    let part = |s: &SubStatus| {
        Choice::new(s.id.to_string(), format!("{}: {}", words::status(language, s.of), s.name))
    };
    vec![
        filter("priority", "tickets-priority", Priority::ALL.into_iter().rev().map(priority).collect()),
        filter("sub_status", "tickets-sub-status", desk.sub_statuses.iter().map(part).collect()),
        filter("source", "helpdesk-source", sources.iter().map(|s| Choice::new(s, s)).collect()),
        filter(
            "category",
            "helpdesk-column-category",
            desk.categories.iter().map(|c| Choice::new(c.id.to_string(), c.name.to_string())).collect(),
        ),
        filter(
            "needs_decision",
            "helpdesk-filter-sending",
            vec![
                undecided(Undecided::Any, "helpdesk-filter-needs-decision"),
                undecided(Undecided::Failed, "tickets-filter-failed"),
                undecided(Undecided::Uncertain, "tickets-filter-uncertain"),
            ],
        ),
        filter(
            "due",
            "service-filter-due",
            list::Due::ALL
                .into_iter()
                .map(|d| Choice::new(d.slug(), language.t(&format!("service-due-{}", d.slug()))))
                .collect(),
        ),
    ]
}

/// Why the list is empty and what to do about it.
fn nothing<W: World>(visit: &Visit<'_, W>, state: &ListState, connected: bool) -> SafeHtml {
    let l = visit.language();
    let empty = |icon, title: &str, text: &str| EmptyState::new(icon, l.t(title), l.t(text));
    let clear = (l.t("common-filter-clear"), state.unfiltered());
    if state.is_filtered() || !state.is_first() {
        return empty("search", "helpdesk-none-fit", "helpdesk-none-fit-text")
            .action(clear.0, clear.1)
            .html();
    }
    match (connected, visit.session.access.is_administrator()) {
        (true, _) => empty("inbox", "helpdesk-no-tickets", "helpdesk-no-tickets-text").html(),
        (false, true) => empty("plug", "helpdesk-no-connection", "helpdesk-no-connection-text")
            .action(l.t("helpdesk-connection-add"), "/settings/marketplaces/new")
            .html(),
        (false, false) => empty("plug", "helpdesk-no-connection", "helpdesk-no-connection-ask").html(),
    }
}
