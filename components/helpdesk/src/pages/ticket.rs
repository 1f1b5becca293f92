//! `/tickets/{id}`: the conversation, and everything beside it.

use super::composer::{self, Draft};
use super::conversation::Conversation;
use super::{aside, bits, words};
use crate::refusal::refused;
use crate::visit::Visit;
use askama::Template;
use futures::future::{Either, join4, select, try_join3};
use mostek_domain::ticket::Status;
use mostek_domain::{CustomerId, Language, TicketId, TicketNumber};
use mostek_helpdesk::connection;
use mostek_helpdesk::customer::tickets::{self, Besides};
use mostek_helpdesk::customer::{self, known};
use mostek_helpdesk::desk::{self, Desk};
use mostek_helpdesk::orders::{self, Known};
use mostek_helpdesk::presence;
use mostek_helpdesk::routine::{self, Routines};
use mostek_helpdesk::view::{self, View};
use mostek_ports::{Clock, World};
use mostek_web::ui;
use mostek_web::{ApiError, Page, Request, Response, SafeHtml, Speak};
use std::pin::pin;
use std::time::Duration;

/// How many of a customer's other tickets stand beside a conversation.
const BESIDES: usize = 5;
/// How long opening a ticket waits for its order where that is missing or old.
const ORDER_WAIT: Duration = Duration::from_secs(2);

#[derive(Template)]
#[template(path = "ticket.html")]
struct TicketPage {
    language: Language,
    href: String,
    number: String,
    source: String,
    subject: String,
    status: SafeHtml,
    /// Until when it is put aside.
    snoozed: Option<SafeHtml>,
    needs_decision: bool,
    part: String,
    priority: Option<SafeHtml>,
    tags: Vec<String>,
    waiting: Option<SafeHtml>,
    due: SafeHtml,
    /// How many messages are older than this page, and where they are.
    older: Option<(String, String)>,
    /// This is an older page: the way back to the newest.
    is_older_page: bool,
    lines: Vec<SafeHtml>,
    presence: String,
    csrf: String,
    /// Who else is here, in a sentence.
    others: String,
    links: Vec<Link>,
    composer: SafeHtml,
    aside: SafeHtml,
    news: String,
    version: u64,
}

/// A sentence about another ticket that this one has to do with.
struct Link {
    text: String,
    number: String,
    href: String,
}

/// What it follows, where it goes on, and what is worked on in it.
fn links(language: Language, view: &View) -> Vec<Link> {
    let link = |key: &str, number: TicketNumber| Link {
        text: language.t(key),
        number: number.to_string(),
        href: format!("/tickets/{}", number.0),
    };
    let is_merged = matches!(view.ticket.status, Status::Merged { .. });
    let onward = if is_merged { "tickets-is-merged" } else { "tickets-is-followed" };
    let merged = view.others.iter().filter(|_| view.ticket.has_conversation());
    let merged = merged.filter_map(|(_, t)| t.opened.as_ref()).map(|o| link("tickets-has-merged", o.number));
    view.continued_in
        .map(|n| link(onward, n))
        .into_iter()
        .chain(view.follows.map(|n| link("tickets-follows", n)))
        .chain(merged)
        .collect()
}

/// Who else has the ticket open, in a sentence; empty if nobody has. It only helps, so a failure is nobody.
async fn others<W: World>(visit: &Visit<'_, W>, view: &View) -> String {
    let all = presence::others(visit.world, view.id, visit.session.employee).await.unwrap_or_default();
    let names = |writing: bool| {
        all.iter().filter(|p| p.writing == writing).map(|p| p.name.clone()).collect::<Vec<_>>().join(", ")
    };
    let l = visit.language();
    match (names(true), names(false)) {
        (writing, _) if !writing.is_empty() => l.with("tickets-writes-too", "names", writing),
        (_, here) if !here.is_empty() => l.with("tickets-is-here-too", "names", here),
        _ => String::new(),
    }
}

/// The customer's other tickets; none for a customer outside the CRM.
async fn besides<W: World>(visit: &Visit<'_, W>, view: &View) -> Result<Besides, ApiError> {
    match &view.customer {
        Some((id, customer)) => Ok(tickets::besides(visit.world, (*id, customer), view.id, BESIDES).await?),
        None => Ok(Besides::default()),
    }
}

/// The record that has the id of a customer outside the CRM by now, with its name.
async fn known<W: World>(
    visit: &Visit<'_, W>,
    view: &View,
) -> Result<Option<(CustomerId, String)>, ApiError> {
    let Some(id) =
        known::record_for(visit.world, visit.company(), &view.ticket, view.connection.as_ref()).await?
    else {
        return Ok(None);
    };
    let details = customer::read(visit.world, id).await?.state.details;
    Ok(details.map(|d| (id, d.name.to_string())))
}

/// Reads a ticket.
///
/// # Errors
/// 404; the store's.
pub(super) async fn open<W: World>(
    visit: &Visit<'_, W>,
    id: TicketId,
    before: Option<usize>,
) -> Result<View, ApiError> {
    view::open(visit.world, visit.company(), id, before).await.map_err(refused)
}

/// The page; with a draft, the form as it was sent.
///
/// # Errors
/// 404; the store's.
pub(super) async fn show<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: TicketId,
    draft: Option<Draft>,
) -> Result<Response, ApiError> {
    let before = request.param("before").and_then(|b| b.parse().ok());
    let desk = async { desk::read(visit.world, visit.company()).await.map_err(ApiError::from) };
    let routines = routines(visit);
    let (view, desk, routines) = try_join3(open(visit, id, before), desk, routines).await?;
    let desk = desk.state;
    let mut draft = draft.unwrap_or_default();
    if let Some(template) = request.param("template") {
        composer::insert(visit, &view, &desk, &mut draft, template).await?;
    }
    page(visit, request, view, &desk, &routines, draft).await
}

/// The company's macros.
///
/// # Errors
/// The store's.
pub(super) async fn routines<W: World>(visit: &Visit<'_, W>) -> Result<Routines, ApiError> {
    Ok(routine::read(visit.world, visit.company()).await?.state)
}

/// The page of a ticket that was read.
///
/// # Errors
/// A template failed.
pub(super) async fn page<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    mut view: View,
    desk: &Desk,
    routines: &Routines,
    draft: Draft,
) -> Result<Response, ApiError> {
    let (order, others, besides, known) =
        join4(order_again(visit, &view), others(visit, &view), besides(visit, &view), known(visit, &view))
            .await;
    let (besides, known) = (besides?, known?);
    view.order = order.or(view.order);
    let language = visit.language();
    let now = visit.now();
    let opened = view.ticket.opened.clone().ok_or_else(ApiError::not_found)?;
    let href = format!("/tickets/{}", opened.number.0);
    let status = draft.wrong.status();
    let subject = words::line(&opened.subject);
    let title = format!("{} {subject}", opened.number);
    let body = TicketPage {
        language,
        number: opened.number.to_string(),
        source: words::line(&opened.source),
        subject,
        status: words::status_badge(language, view.ticket.status.kind()),
        snoozed: match view.ticket.status {
            Status::Snoozed { until } => Some(ui::time_tag(language, now, until)),
            _ => None,
        },
        needs_decision: view.ticket.needs_decision(),
        part: view.ticket.sub_status().map(|s| desk.sub_status_name(s)).unwrap_or_default(),
        priority: words::priority_badge(language, view.ticket.priority()),
        tags: view.ticket.tags().iter().map(|t| desk.tag_name(t.id)).collect(),
        waiting: view.ticket.waiting_since().map(|at| ui::time_tag(language, now, at)),
        due: words::due_badge(language, now, view.ticket.due()),
        older: view
            .older
            .map(|(count, before)| (language.n("helpdesk-older", count), format!("{href}?before={before}"))),
        is_older_page: request.param("before").is_some(),
        lines: Conversation { visit, view: &view, desk, now }.html(),
        presence: format!("/api/v1/tickets/{}/presence", view.id),
        csrf: visit.session.csrf.clone(),
        others,
        links: links(language, &view),
        // What is worked on elsewhere is answered there.
        composer: match view.ticket.front() {
            Some(_) => SafeHtml::default(),
            None => composer::html(visit, &view, desk, draft),
        },
        aside: aside::html(visit, &view, &besides, known, desk, routines),
        news: format!("/api/v1/tickets/{}/version", view.id),
        version: view.version,
        href,
    };
    let insecure = aside::insecure_origin(&view);
    let viewer = visit.session.viewer();
    let page = Page::new(&viewer, title)
        .active("tickets")
        .wide()
        .crumb(language.t("helpdesk-tickets-title"), "/tickets")
        .show(request, &body)?;
    Ok(match insecure {
        Some(origin) => page.status(status).pictures_from(&origin),
        None => page.status(status),
    })
}

/// An order that was never read, or long ago, is read now, if the marketplace is quick; else the page shows what is known
/// and how old that is, or that there is none yet.
async fn order_again<W: World>(visit: &Visit<'_, W>, view: &View) -> Option<Known> {
    if !view::order_is_stale(view, visit.now()) {
        return None;
    }
    let order = view.ticket.opened.as_ref()?.order.as_deref()?;
    let connection = view.connection.as_ref().filter(|c| c.run == connection::Run::Running)?;
    let progress = connection::progress(connection.id).ok()?.get(visit.world.kv()).await.ok()?;
    if progress.and_then(|p| p.throttled_until).is_some_and(|until| until > visit.now()) {
        return None;
    }
    let reading = pin!(orders::refresh(visit.world, connection, order));
    let waiting = pin!(visit.world.clock().sleep(ORDER_WAIT));
    match select(reading, waiting).await {
        Either::Left((known, _)) => known.ok(),
        Either::Right(_) => None,
    }
}
