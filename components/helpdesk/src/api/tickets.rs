//! `/api/v1/tickets`.

use super::{moment, number, orders};
use crate::input::{self, id};
use crate::refusal::refused;
use crate::visit::Visit;
use crate::{acts, files, macros};
use http::Method;
use mostek_api::routines::{MacroRun, RunMacro};
use mostek_api::tickets as wire;
use mostek_api::tickets::{
    AddedComment, AddedReply, Assign, Attachments, Author, Decide, Event, File, Merge, MergedTicket, Move,
    NewComment, Older, Present, RowCustomer, SayPresence, SetPriority, SetStatus, SetSubStatus, SetTags,
    TicketConnection, TicketCustomer, TicketList, TicketRow, TicketsFound, Unsaid, Version,
};
use mostek_domain::marketplace::Side;
use mostek_domain::ticket::{Status, StatusKind};
use mostek_domain::{CategoryId, EmployeeId, QueueId, ReplyId, SubStatusId, TagId, TicketId, Timestamp};
use mostek_helpdesk::customer::known;
use mostek_helpdesk::desk::{self, Desk};
use mostek_helpdesk::list::{self, Assignee, Due, Summary, Undecided, Wanted};
use mostek_helpdesk::reply::{self, Seen};
use mostek_helpdesk::ticket::{Fact, OutgoingFile, RemoteFile, Reply, ReplyState, TagRef, Ticket};
use mostek_helpdesk::view::{self, Content, Line, View};
use mostek_helpdesk::{filled, front, presence, search};
use mostek_ports::World;
use mostek_store::Actor;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::paging::listed;
use mostek_web::{ApiError, Request, Response, time};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    let get = request.method == Method::GET;
    let post = request.method == Method::POST;
    let [named, what @ ..] = rest else {
        return if get { all(visit, request).await } else { Err(ApiError::unrouted()) };
    };
    if (*named, what, get) == ("search", &[][..], true) {
        return found(visit, request).await;
    }
    if *named == "views" {
        return super::views::route(visit, request, what).await;
    }
    let ticket = visit.ticket_id(named).await?;
    match what {
        [] if get => one(visit, request, ticket).await,
        ["version"] if get => version(visit, ticket).await,
        ["files", slot, file] if get => files::remote(visit, ticket, slot, file).await,
        ["own-files", slot, index] if get => files::own(visit, ticket, slot, index).await,
        ["replies"] if post => answer(visit, request, ticket).await,
        ["comments"] if post => comment(visit, request, ticket).await,
        ["replies", id] if get => one_reply(visit, ticket, id).await,
        ["replies", reply, "undo"] if post => undo(visit, ticket, reply).await,
        ["replies", reply, "decision"] if post => decide(visit, request, ticket, reply).await,
        ["status"] if post => status(visit, request, ticket).await,
        ["move"] if post => move_to(visit, request, ticket).await,
        ["assignee"] if post => assign(visit, request, ticket).await,
        ["macro"] if post => run_macro(visit, request, ticket).await,
        ["order", "refresh"] if post => refresh(visit, ticket).await,
        ["priority"] if post => priority(visit, request, ticket).await,
        ["tags"] if post => tags(visit, request, ticket).await,
        ["sub-status"] if post => sub_status(visit, request, ticket).await,
        ["customer"] if post => link_customer(visit, ticket).await,
        ["merge"] if post => merge(visit, request, ticket).await,
        ["part"] if post => part(visit, ticket).await,
        ["presence"] if post => presence(visit, request, ticket).await,
        ["presence"] if get => present(visit, ticket).await,
        _ => Err(ApiError::unrouted()),
    }
}

/// In an address, every status but those of tickets that are done.
pub(crate) const OPEN: &str = "open";

/// Reads the filters of a list from the names and values of an address: `status` (may be repeated; `open` is every one but
/// those of tickets that are done), `source`, `queue`, `category`, `needs_decision` (`1`, `failed` or `uncertain`), `assignee` (an employee's id, `me` or `nobody`), `priority`, `tag`, `sub_status`, `due`
/// (`overdue` or `soon`). Empty ones filter nothing.
///
/// # Errors
/// 422 for a status or id that cannot be, or a tag that the desk does not have.
pub(crate) fn wanted(query: &[(String, String)], me: EmployeeId, desk: &Desk) -> Result<Wanted, ApiError> {
    let given = |name: &str| query.iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str());
    let mut statuses = Vec::new();
    for (_, value) in query.iter().filter(|(n, v)| n == "status" && !v.is_empty()) {
        match StatusKind::from_slug(value) {
            Some(status) => statuses.push(status),
            None if value == OPEN => statuses.extend(StatusKind::OPEN),
            None => return Err(ApiError::bad_field("status", "helpdesk-unknown-choice")),
        }
    }
    Ok(Wanted {
        statuses,
        source: given("source").map(str::to_owned),
        queue: given("queue").map(|q| id("queue", q, QueueId::parse)).transpose()?,
        category: given("category").map(|c| id("category", c, CategoryId::parse)).transpose()?,
        needs_decision: given("needs_decision").and_then(undecided),
        due: given("due")
            .map(|d| Due::from_slug(d).ok_or_else(|| ApiError::bad_field("due", "helpdesk-unknown-choice")))
            .transpose()?,
        assignee: given("assignee").map(|a| assignee(a, me)).transpose()?,
        priority: given("priority").map(input::reply::priority).transpose()?,
        sub_status: given("sub_status").map(|s| id("sub_status", s, SubStatusId::parse)).transpose()?,
        tag: given("tag").map(|t| tag(t, desk)).transpose()?,
    })
}

/// Another word filters nothing, as it always did.
fn undecided(text: &str) -> Option<Undecided> {
    let known = Undecided::ALL.into_iter().find(|d| d.slug() == text);
    known.or_else(|| matches!(text, "true" | "yes").then_some(Undecided::Any))
}

fn tag(text: &str, desk: &Desk) -> Result<TagRef, ApiError> {
    let wanted = id("tag", text, TagId::parse)?;
    let found = desk.tags.iter().find(|t| t.id == wanted);
    found
        .map(|t| TagRef { id: t.id, bit: t.bit })
        .ok_or_else(|| ApiError::bad_field("tag", "helpdesk-unknown-choice"))
}

fn assignee(text: &str, me: EmployeeId) -> Result<Assignee, ApiError> {
    match text {
        "me" => Ok(Assignee::Employee(me)),
        "nobody" => Ok(Assignee::Nobody),
        other => id("assignee", other, EmployeeId::parse).map(Assignee::Employee),
    }
}

async fn all<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let (after, limit) = super::page(request, list::PAGE)?;
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let wanted = wanted(&request.query, visit.session.employee, &desk)?;
    let page = list::page(visit.world, visit.company(), &wanted, after, limit).await?;
    Ok(Response::json(&TicketList {
        data: page.tickets.iter().map(summary).collect(),
        next: super::next(page.next),
        total: page.total,
        version: page.version,
    }))
}

/// `q`: tickets by number, which comes first, order, customer or words, the newest first, a page of 25 below the number `after`. The filters of
/// the list do not apply.
async fn found<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let (after, _) = super::page(request, list::PAGE)?;
    let text = request.param("q").unwrap_or_default();
    let results = search::search(visit.world, visit.company(), text, after).await?;
    Ok(Response::json(&TicketsFound {
        data: results.tickets.iter().map(summary).collect(),
        next: super::next(results.next),
        exact: results.exact,
        too_general: results.too_general,
        behind: results.behind,
    }))
}

pub(crate) fn summary(t: &Summary) -> TicketRow {
    TicketRow {
        id: t.id,
        number: t.number,
        subject: t.subject.clone(),
        source: t.source.clone(),
        customer: RowCustomer {
            name: t.customer.clone(),
            remote_id: t.customer_id.clone(),
            record: t.record,
        },
        queue: t.queue,
        category: t.category,
        status: t.status.into(),
        last_activity: time::moment(t.last_activity),
        waiting_since: moment(t.waiting_since),
        snippet: t.snippet.clone(),
        needs_decision: t.needs_decision,
        assignee: t.assignee,
        snoozed_until: moment(t.snoozed_until),
        due: moment(t.due),
        priority: t.priority.into(),
        sub_status: t.sub_status,
        tags: ids(&t.tags),
    }
}

fn ids(tags: &[TagRef]) -> Vec<TagId> {
    tags.iter().map(|t| t.id).collect()
}

async fn one<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    ticket: TicketId,
) -> Result<Response, ApiError> {
    let before = number(request, "before")?;
    let view = view::open(visit.world, visit.company(), ticket, before).await.map_err(refused)?;
    let known =
        known::record_for(visit.world, visit.company(), &view.ticket, view.connection.as_ref()).await?;
    let limits = visit.rules().limits;
    let used = view.conversation().attached();
    let opened = view.ticket.opened.as_ref();
    let connection = view.connection.as_ref().map(|c| TicketConnection {
        id: c.id,
        kind: c.kind.clone(),
        name: c.setup.as_ref().map(|s| s.name.to_string()),
        shop_name: c.shop_name.clone(),
    });
    let snoozed_until = match view.ticket.status {
        Status::Snoozed { until } => Some(until),
        _ => None,
    };
    Ok(Response::json(&wire::Ticket {
        id: view.id,
        number: opened.map(|o| o.number),
        version: view.version,
        subject: opened.map(|o| o.subject.clone()),
        source: opened.map(|o| o.source.clone()),
        thread: opened.map(|o| o.thread.clone()),
        status: view.ticket.status.kind().into(),
        snoozed_until: moment(snoozed_until),
        assignee: view.ticket.assignee(),
        priority: view.ticket.priority().into(),
        sub_status: view.ticket.sub_status(),
        tags: ids(&view.ticket.tags()),
        follows: view.follows,
        continued_in: view.continued_in,
        merged: view.others.iter().filter_map(|(id, t)| merged(*id, t)).collect(),
        queue: view.ticket.queue(),
        category: view.ticket.category(),
        last_activity: time::moment(view.ticket.last_activity),
        waiting_since: moment(view.ticket.waiting_since()),
        due: moment(view.ticket.due()),
        needs_decision: view.ticket.needs_decision(),
        default_reply_to: view.conversation().default_reply_to(),
        customer: TicketCustomer {
            name: opened.map(|o| o.customer.name.clone()),
            remote_id: opened.and_then(|o| o.customer.remote_id.clone()),
            outside_crm: view.ticket.record().is_none(),
            known,
            record: view
                .customer
                .as_ref()
                .and_then(|(id, c)| c.details.as_ref().map(|d| super::customers::record(*id, d))),
        },
        order_id: opened.and_then(|o| o.order.clone()),
        order: view.order.as_ref().map(orders::known),
        connection,
        link: view.page_there().map(|l| l.to_string()),
        attachments: Attachments {
            used_bytes: used.conversation_bytes,
            left_bytes: limits.bytes_left(used),
            limit_bytes: limits.conversation_bytes,
        },
        messages: view.lines.iter().map(|l| line(&view, l)).collect(),
        older: view.older.map(|(count, before)| Older { count: wide(count), before: wide(before) }),
    }))
}

fn merged(id: TicketId, ticket: &Ticket) -> Option<MergedTicket> {
    let opened = ticket.opened.as_ref()?;
    Some(MergedTicket { id, number: opened.number, subject: opened.subject.clone() })
}

fn wide(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// A line of a conversation.
pub(crate) fn line(view: &View, line: &Line) -> wire::Line {
    let slot = line.item.slot;
    let content = match &line.content {
        Content::Message { message, text } => wire::Content::Message {
            remote_id: message.id.clone(),
            author: author(&message.author),
            name: message.name.clone(),
            text: text.clone(),
            left_out: message.left_out,
            files: message.files.iter().map(|f| remote_file(line.of, slot, f)).collect(),
        },
        Content::Reply { reply, author, text, files } => wire::Content::Reply {
            author: Author::Us,
            name: author.clone(),
            text: text.clone(),
            reply: self::reply(reply),
            files: files.iter().enumerate().map(|(i, f)| own_file(line.of, slot, i, f)).collect(),
        },
        Content::Comment { author, text } => {
            wire::Content::Comment { author: Author::Internal, name: author.clone(), text: text.clone() }
        }
        Content::Event { fact, actor } => {
            wire::Content::Event { event: event(fact), actor: self::actor(actor) }
        }
        Content::Missing => wire::Content::Missing,
    };
    wire::Line {
        at: time::moment(Timestamp(line.item.at)),
        slot,
        ticket: Some(line.of).filter(|of| *of != view.id),
        history: line.history.is_some(),
        content,
    }
}

fn author(side: &Side) -> Author {
    match side {
        Side::Customer => Author::Customer,
        Side::Shop => Author::Shop,
        Side::Operator => Author::Operator,
        Side::Unknown(_) => Author::Unknown,
    }
}

fn event(fact: &Fact) -> Event {
    match fact {
        Fact::Status { status } => Event::Status {
            status: status.kind().into(),
            until: match status {
                Status::Snoozed { until } => Some(time::moment(*until)),
                _ => None,
            },
        },
        Fact::Assigned { employee } => Event::Assigned { employee: *employee },
        Fact::Linked { record } => Event::Linked { record: *record },
        Fact::Moved { queue, category } => Event::Moved { queue: *queue, category: *category },
        Fact::Priority { priority } => Event::Priority { priority: (*priority).into() },
        Fact::SubStatus { sub_status } => Event::SubStatus { sub_status: *sub_status },
        Fact::Tagged { add, remove } => Event::Tagged { added: ids(add), removed: remove.clone() },
        Fact::Continues { ticket, .. } => Event::Continues { ticket: *ticket },
        Fact::Released { of } => Event::Released { ticket: *of },
        Fact::Automated { automation, name, unsaid, .. } => Event::Automated {
            automation: *automation,
            name: name.clone(),
            unsaid: unsaid.as_ref().map(self::unsaid),
        },
        _ => Event::Other,
    }
}

fn unsaid(why: &filled::Unsaid) -> Unsaid {
    match why {
        filled::Unsaid::NoWay => Unsaid::NoWay,
        filled::Unsaid::Unknown { names } => Unsaid::Unknown { names: names.clone() },
        filled::Unsaid::Missing { names } => Unsaid::Missing { names: names.clone() },
        filled::Unsaid::Text => Unsaid::Text,
    }
}

/// Who did something.
pub(crate) fn actor(actor: &Actor) -> wire::Actor {
    match actor {
        Actor::Employee(id) => wire::Actor::Employee(id.clone()),
        Actor::System(what) => wire::Actor::System(what.clone()),
        Actor::Remote(id) => wire::Actor::Remote(id.clone()),
    }
}

fn reply(r: &Reply) -> wire::Reply {
    use wire::ReplyState as Is;
    let (state, sent_at, why) = match &r.state {
        ReplyState::Waiting => (Is::Waiting, None, None),
        ReplyState::Retrying { why } => (Is::Retrying, None, Some(why)),
        ReplyState::Checking { why } => (Is::Checking, None, Some(why)),
        ReplyState::Sent { at, .. } => (Is::Sent, Some(*at), None),
        ReplyState::Failed { why } => (Is::Failed, None, Some(why)),
        ReplyState::Uncertain { why } => (Is::Uncertain, None, Some(why)),
        ReplyState::Dropped => (Is::Dropped, None, None),
    };
    wire::Reply {
        id: r.id,
        to: r.to,
        state,
        due: time::moment(r.due),
        sent_at: moment(sent_at),
        why: why.map(|r| r.why.clone()),
        needs_decision: r.state.needs_decision(),
        failures: r.failures,
        automatic: r.automatic.as_ref().map(|a| a.occasion.slug().to_owned()),
    }
}

/// The address of a marketplace's file under `base` (`/tickets` or `/api/v1/tickets`).
pub(crate) fn remote_href(base: &str, ticket: TicketId, slot: u64, file: &str) -> String {
    format!("{base}/{ticket}/files/{slot}/{}", utf8_percent_encode(file, NON_ALPHANUMERIC))
}

/// The address of a file of ours under `base`.
pub(crate) fn own_href(base: &str, ticket: TicketId, slot: u64, index: usize) -> String {
    format!("{base}/{ticket}/own-files/{slot}/{index}")
}

fn remote_file(ticket: TicketId, slot: u64, f: &RemoteFile) -> File {
    File { name: f.name.clone(), size: f.size, href: remote_href("/api/v1/tickets", ticket, slot, &f.id) }
}

fn own_file(ticket: TicketId, slot: u64, index: usize, f: &OutgoingFile) -> File {
    File { name: f.name.clone(), size: f.blob.len, href: own_href("/api/v1/tickets", ticket, slot, index) }
}

async fn version<W: World>(visit: &Visit<'_, W>, ticket: TicketId) -> Result<Response, ApiError> {
    let reading = reply::of_company(visit.world, visit.company(), ticket).await.map_err(refused)?;
    Ok(Response::json(&Version { version: reading.upto(), others: others(visit, ticket).await? }))
}

async fn present<W: World>(visit: &Visit<'_, W>, ticket: TicketId) -> Result<Response, ApiError> {
    reply::of_company(visit.world, visit.company(), ticket).await.map_err(refused)?;
    Ok(Response::json(&listed(others(visit, ticket).await?, None)))
}

/// Who else has the ticket open, which is known to be the company's.
async fn others<W: World>(visit: &Visit<'_, W>, ticket: TicketId) -> Result<Vec<Present>, ApiError> {
    let all = presence::others(visit.world, ticket, visit.session.employee).await?;
    let one = |p: presence::Present| Present {
        employee: p.employee,
        name: p.name,
        writing: p.writing,
        at: time::moment(p.at),
    };
    Ok(all.into_iter().map(one).collect())
}

async fn answer<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    ticket: TicketId,
) -> Result<Response, ApiError> {
    let rules = visit.rules();
    let sent = input::reply::api(request, &rules.limits).await?;
    let id = acts::answer(visit, ticket, sent).await?;
    let added = AddedReply { id, ticket, undo_seconds: rules.undo.as_secs() };
    Ok(Response::created(&added, &format!("/api/v1/tickets/{ticket}/replies/{id}")))
}

async fn comment<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    ticket: TicketId,
) -> Result<Response, ApiError> {
    let header = request.header("idempotency-key").map(str::to_owned);
    let new: NewComment = body::json(request, JSON_LIMIT).await?;
    let key = input::key(header.or(new.key).as_deref().unwrap_or_default())?;
    let id = acts::comment(visit, ticket, &new.text, &key).await?;
    Ok(Response::created(&AddedComment { id, ticket }, &format!("/api/v1/tickets/{ticket}")))
}

fn reply_id(text: &str) -> Result<ReplyId, ApiError> {
    ReplyId::parse(text).map_err(|_| ApiError::not_found())
}

async fn one_reply<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    text: &str,
) -> Result<Response, ApiError> {
    let id = reply_id(text)?;
    let holder = front::holder(visit.world, visit.company(), ticket, id).await.map_err(refused)?;
    let holder = acts::ticket(visit, holder).await?;
    Ok(Response::json(&reply(holder.reply(id).ok_or_else(ApiError::not_found)?)))
}

async fn undo<W: World>(visit: &Visit<'_, W>, ticket: TicketId, text: &str) -> Result<Response, ApiError> {
    acts::undo(visit, ticket, reply_id(text)?).await?;
    Ok(Response::no_content())
}

async fn decide<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    ticket: TicketId,
    text: &str,
) -> Result<Response, ApiError> {
    let id = reply_id(text)?;
    let sent: Decide = body::json(request, JSON_LIMIT).await?;
    acts::decide(visit, ticket, id, input::reply::decision(&sent.decision)?).await?;
    Ok(Response::no_content())
}

async fn status<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    ticket: TicketId,
) -> Result<Response, ApiError> {
    let sent: SetStatus = body::json(request, JSON_LIMIT).await?;
    let wanted = input::reply::status(&sent.status, &sent.until, visit.now())?;
    acts::set_status(visit, ticket, wanted, sent.seen.map(Seen::Version)).await?;
    Ok(Response::no_content())
}

async fn move_to<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    ticket: TicketId,
) -> Result<Response, ApiError> {
    let sent: Move = body::json(request, JSON_LIMIT).await?;
    acts::move_to(visit, ticket, sent.queue, sent.category).await?;
    Ok(Response::no_content())
}

async fn assign<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    ticket: TicketId,
) -> Result<Response, ApiError> {
    let sent: Assign = body::json(request, JSON_LIMIT).await?;
    acts::assign(visit, ticket, sent.employee).await?;
    Ok(Response::no_content())
}

async fn run_macro<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    ticket: TicketId,
) -> Result<Response, ApiError> {
    let header = request.header("idempotency-key").map(str::to_owned);
    let sent: RunMacro = body::json(request, JSON_LIMIT).await?;
    let key = input::key(header.or(sent.key).as_deref().unwrap_or_default())?;
    let seen = sent.seen.map(Seen::Version);
    let draft = macros::run(visit, ticket, sent.id, &key, seen).await?;
    Ok(Response::json(&MacroRun { draft }))
}

async fn refresh<W: World>(visit: &Visit<'_, W>, ticket: TicketId) -> Result<Response, ApiError> {
    Ok(Response::json(&orders::known(&acts::read_order(visit, ticket).await?)))
}

async fn priority<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    ticket: TicketId,
) -> Result<Response, ApiError> {
    let sent: SetPriority = body::json(request, JSON_LIMIT).await?;
    acts::set_priority(visit, ticket, input::reply::priority(&sent.priority)?).await?;
    Ok(Response::no_content())
}

async fn tags<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    ticket: TicketId,
) -> Result<Response, ApiError> {
    let sent: SetTags = body::json(request, JSON_LIMIT).await?;
    let read = |ids: &[String]| input::reply::tags(ids.iter().map(String::as_str));
    acts::tag(visit, ticket, &read(&sent.add)?, &read(&sent.remove)?).await?;
    Ok(Response::no_content())
}

async fn sub_status<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    ticket: TicketId,
) -> Result<Response, ApiError> {
    let sent: SetSubStatus = body::json(request, JSON_LIMIT).await?;
    acts::set_sub_status(visit, ticket, sent.sub_status).await?;
    Ok(Response::no_content())
}

async fn merge<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    ticket: TicketId,
) -> Result<Response, ApiError> {
    let sent: Merge = body::json(request, JSON_LIMIT).await?;
    acts::merge(visit, ticket, &sent.into).await?;
    Ok(Response::no_content())
}

async fn link_customer<W: World>(visit: &Visit<'_, W>, ticket: TicketId) -> Result<Response, ApiError> {
    acts::link_customer(visit, ticket).await?;
    Ok(Response::no_content())
}

async fn part<W: World>(visit: &Visit<'_, W>, ticket: TicketId) -> Result<Response, ApiError> {
    acts::part(visit, ticket).await?;
    Ok(Response::no_content())
}

async fn presence<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    ticket: TicketId,
) -> Result<Response, ApiError> {
    let sent: SayPresence = body::json(request, JSON_LIMIT).await?;
    presence::say(visit.world, visit.company(), ticket, &visit.author(), sent.here, sent.writing)
        .await
        .map_err(refused)?;
    Ok(Response::json(&listed(others(visit, ticket).await?, None)))
}
