//! `/api/v1/tickets`.

use super::{created, moment, number};
use crate::input::{self, id};
use crate::refusal::refused;
use crate::visit::Visit;
use crate::{acts, files};
use http::Method;
use mostek_domain::ticket::{Status, StatusKind};
use mostek_domain::{CategoryId, EmployeeId, QueueId, ReplyId, TicketId};
use mostek_helpdesk::list::{self, Assignee, Summary, TicketPage, Wanted};
use mostek_helpdesk::orders::Known;
use mostek_helpdesk::reply::{self, NewReply, Seen};
use mostek_helpdesk::ticket::{Fact, OutgoingFile, RemoteFile, Reply, ReplyState};
use mostek_helpdesk::view::{self, Content, Line, View};
use mostek_ports::World;
use mostek_store::Actor;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::{ApiError, Request, Response, time};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    let get = request.method == Method::GET;
    let post = request.method == Method::POST;
    let [named, what @ ..] = rest else {
        return if get { all(visit, request).await } else { Err(ApiError::method_not_allowed("GET")) };
    };
    let ticket = visit.ticket_id(named).await?;
    match what {
        [] if get => one(visit, request, ticket).await,
        ["version"] if get => version(visit, ticket).await,
        ["files", slot, file] if get => files::remote(visit, ticket, slot, file).await,
        ["own-files", slot, index] if get => files::own(visit, ticket, slot, index).await,
        ["replies"] if post => answer(visit, request, ticket).await,
        ["comments"] if post => comment(visit, request, ticket).await,
        ["replies", reply, "undo"] if post => undo(visit, ticket, reply).await,
        ["replies", reply, "decision"] if post => decide(visit, request, ticket, reply).await,
        ["status"] if post => status(visit, request, ticket).await,
        ["move"] if post => move_to(visit, request, ticket).await,
        ["assignee"] if post => assign(visit, request, ticket).await,
        ["order", "refresh"] if post => refresh(visit, ticket).await,
        [] | ["version"] | ["files" | "own-files", _, _] => Err(ApiError::method_not_allowed("GET")),
        ["replies" | "comments" | "status" | "move" | "assignee"]
        | ["replies", _, "undo" | "decision"]
        | ["order", "refresh"] => Err(ApiError::method_not_allowed("POST")),
        _ => Err(ApiError::not_found()),
    }
}

/// Reads the filters of a list from the address: `status` (may be repeated), `source`, `queue`, `category`,
/// `needs_decision`, `assignee` (an employee's id, `me` or `nobody`). Empty ones filter nothing.
///
/// # Errors
/// 422 for a status or id that cannot be.
pub(crate) fn wanted(request: &Request, me: EmployeeId) -> Result<Wanted, ApiError> {
    let given = |name| request.param(name).filter(|v| !v.is_empty());
    let statuses = request.query.iter().filter(|(n, v)| n == "status" && !v.is_empty());
    let status = |(_, v): &(String, String)| {
        StatusKind::from_slug(v).ok_or_else(|| ApiError::bad_field("status", "helpdesk-unknown-choice"))
    };
    Ok(Wanted {
        statuses: statuses.map(status).collect::<Result<_, _>>()?,
        source: given("source").map(str::to_owned),
        queue: given("queue").map(|q| id("queue", q, QueueId::parse)).transpose()?,
        category: given("category").map(|c| id("category", c, CategoryId::parse)).transpose()?,
        needs_decision: matches!(given("needs_decision"), Some("1" | "true" | "yes")),
        assignee: given("assignee").map(|a| assignee(a, me)).transpose()?,
    })
}

fn assignee(text: &str, me: EmployeeId) -> Result<Assignee, ApiError> {
    match text {
        "me" => Ok(Assignee::Employee(me)),
        "nobody" => Ok(Assignee::Nobody),
        other => id("assignee", other, EmployeeId::parse).map(Assignee::Employee),
    }
}

/// A word that changes when the first page of a list does.
pub(crate) fn list_version(page: &TicketPage) -> String {
    let first = page.tickets.first().map(|t| {
        format!("{}-{}-{}-{}", t.id, t.last_activity.0, t.status.slug(), u8::from(t.needs_decision))
    });
    format!("{}-{}", page.total, first.unwrap_or_default())
}

async fn all<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let limit = number(request, "limit")?.unwrap_or(list::PAGE).clamp(1, list::PAGE);
    let before = number(request, "before")?;
    let page =
        list::page(visit.world, visit.company(), &wanted(request, visit.session.employee)?, before, limit)
            .await?;
    Ok(Response::json(&json!({
        "data": page.tickets.iter().map(summary).collect::<Vec<_>>(),
        "next": page.next,
        "total": page.total,
        "version": list_version(&page),
    })))
}

fn summary(t: &Summary) -> Value {
    json!({
        "id": t.id,
        "number": t.number,
        "subject": t.subject,
        "source": t.source,
        "customer": { "name": t.customer, "remote_id": t.customer_id, "record": t.record },
        "queue": t.queue,
        "category": t.category,
        "status": t.status.slug(),
        "last_activity": time::iso(t.last_activity),
        "waiting_since": moment(t.waiting_since),
        "snippet": t.snippet,
        "needs_decision": t.needs_decision,
        "assignee": t.assignee,
        "snoozed_until": moment(t.snoozed_until),
    })
}

async fn one<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    ticket: TicketId,
) -> Result<Response, ApiError> {
    let before = number(request, "before")?;
    let view = view::open(visit.world, visit.company(), ticket, before).await.map_err(refused)?;
    let limits = visit.rules().limits;
    let used = view.ticket.attached();
    let opened = view.ticket.opened.as_ref();
    let connection = view.connection.as_ref().map(|c| {
        json!({
            "id": c.id,
            "kind": c.kind,
            "name": c.setup.as_ref().map(|s| &s.name),
            "shop_name": c.shop_name,
        })
    });
    let link = view
        .connection
        .as_ref()
        .zip(opened)
        .and_then(|(c, o)| c.conversation_link(o.order.as_deref(), &o.thread));
    Ok(Response::json(&json!({
        "id": view.id,
        "number": opened.map(|o| o.number),
        "version": view.version,
        "subject": opened.map(|o| &o.subject),
        "source": opened.map(|o| &o.source),
        "thread": opened.map(|o| &o.thread),
        "status": view.ticket.status.kind().slug(),
        "snoozed_until": moment(match view.ticket.status {
            Status::Snoozed { until } => Some(until),
            _ => None,
        }),
        "assignee": view.ticket.assignee(),
        "queue": view.ticket.queue(),
        "category": view.ticket.category(),
        "last_activity": time::iso(view.ticket.last_activity),
        "waiting_since": moment(view.ticket.waiting_since),
        "needs_decision": view.ticket.needs_decision(),
        "default_reply_to": view.ticket.default_reply_to().slug(),
        "customer": {
            "name": opened.map(|o| &o.customer.name),
            "remote_id": opened.and_then(|o| o.customer.remote_id.as_ref()),
            "outside_crm": view.ticket.record().is_none(),
            "record": view.customer.as_ref().and_then(|(id, c)| {
                c.details.as_ref().map(|d| super::customers::record(*id, d))
            }),
        },
        "order_id": opened.and_then(|o| o.order.as_ref()),
        "order": view.order.as_ref().map(order),
        "connection": connection,
        "link": link.map(|l| l.to_string()),
        "attachments": {
            "used_bytes": used.conversation_bytes,
            "left_bytes": limits.bytes_left(used),
            "limit_bytes": limits.conversation_bytes,
        },
        "messages": view.lines.iter().map(|l| line(&view, l)).collect::<Vec<_>>(),
        "older": view.older.map(|(count, before)| json!({ "count": count, "before": before })),
    })))
}

fn order(known: &Known) -> Value {
    json!({ "read_at": time::iso(known.at), "more_lines": known.more_lines, "order": known.order })
}

/// A line of a conversation.
pub(crate) fn line(view: &View, line: &Line) -> Value {
    let mut out = match &line.content {
        Content::Message { message, text } => json!({
            "kind": "message",
            "remote_id": message.id,
            "author": message.author.slug(),
            "name": message.name,
            "text": text,
            "files": message.files.iter().map(|f| remote_file(view.id, line.item.slot, f)).collect::<Vec<_>>(),
        }),
        Content::Reply { reply, author, text, files } => json!({
            "kind": "reply",
            "author": "us",
            "name": author,
            "text": text,
            "reply": self::reply(reply),
            "files": files.iter().enumerate().map(|(i, f)| own_file(view.id, line.item.slot, i, f)).collect::<Vec<_>>(),
        }),
        Content::Comment { author, text } => {
            json!({ "kind": "comment", "author": "internal", "name": author, "text": text })
        }
        Content::Event { fact, actor } => {
            json!({ "kind": "event", "event": event(fact), "actor": self::actor(actor) })
        }
        Content::Missing => json!({ "kind": "missing" }),
    };
    if let Some(members) = out.as_object_mut() {
        members.insert("at".into(), time::iso(mostek_domain::Timestamp(line.item.at)).into());
        members.insert("slot".into(), line.item.slot.into());
        members.insert("history".into(), line.history.into());
    }
    out
}

fn event(fact: &Fact) -> Value {
    match fact {
        Fact::Status { status: Status::Snoozed { until } } => {
            json!({ "is": "status", "status": "snoozed", "until": time::iso(*until) })
        }
        Fact::Status { status } => json!({ "is": "status", "status": status.kind().slug() }),
        Fact::Assigned { employee } => json!({ "is": "assigned", "employee": employee }),
        Fact::Linked { record } => json!({ "is": "linked", "record": record }),
        Fact::Moved { queue, category } => json!({ "is": "moved", "queue": queue, "category": category }),
        _ => json!({ "is": "other" }),
    }
}

fn actor(actor: &Actor) -> Value {
    match actor {
        Actor::Employee(id) => json!({ "employee": id }),
        Actor::System(what) => json!({ "system": what }),
        Actor::Remote(id) => json!({ "remote": id }),
    }
}

fn reply(r: &Reply) -> Value {
    let (at, why) = match &r.state {
        ReplyState::Sent { at, .. } => (Some(*at), None),
        ReplyState::Retrying { why }
        | ReplyState::Checking { why }
        | ReplyState::Failed { why }
        | ReplyState::Uncertain { why } => (None, Some(why)),
        ReplyState::Waiting | ReplyState::Dropped => (None, None),
    };
    json!({
        "id": r.id,
        "to": r.to.slug(),
        "state": r.state.slug(),
        "due": time::iso(r.due),
        "sent_at": moment(at),
        "why": why,
        "needs_decision": r.state.needs_decision(),
        "failures": r.failures,
    })
}

/// The address of a marketplace's file under `base` (`/tickets` or `/api/v1/tickets`).
pub(crate) fn remote_href(base: &str, ticket: TicketId, slot: u64, file: &str) -> String {
    format!("{base}/{ticket}/files/{slot}/{}", utf8_percent_encode(file, NON_ALPHANUMERIC))
}

/// The address of a file of ours under `base`.
pub(crate) fn own_href(base: &str, ticket: TicketId, slot: u64, index: usize) -> String {
    format!("{base}/{ticket}/own-files/{slot}/{index}")
}

fn remote_file(ticket: TicketId, slot: u64, f: &RemoteFile) -> Value {
    json!({ "name": f.name, "size": f.size, "href": remote_href("/api/v1/tickets", ticket, slot, &f.id) })
}

fn own_file(ticket: TicketId, slot: u64, index: usize, f: &OutgoingFile) -> Value {
    json!({ "name": f.name, "size": f.blob.len, "href": own_href("/api/v1/tickets", ticket, slot, index) })
}

async fn version<W: World>(visit: &Visit<'_, W>, ticket: TicketId) -> Result<Response, ApiError> {
    let reading = reply::of_company(visit.world, visit.company(), ticket).await.map_err(refused)?;
    Ok(Response::json(&json!({ "version": reading.upto() })))
}

async fn answer<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    ticket: TicketId,
) -> Result<Response, ApiError> {
    let rules = visit.rules();
    let sent = input::reply::api(request, &rules.limits).await?;
    let to = match sent.to {
        Some(to) => to,
        None => acts::ticket(visit, ticket).await?.default_reply_to(),
    };
    let new = NewReply { text: sent.text, to, files: sent.files, key: sent.key };
    let id = acts::answer(visit, ticket, new).await?;
    Ok(created(&json!({ "id": id, "ticket": ticket, "undo_seconds": rules.undo.as_secs() })))
}

#[derive(Deserialize)]
struct NewComment {
    text: String,
    #[serde(default)]
    key: Option<String>,
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
    Ok(created(&json!({ "id": id, "ticket": ticket })))
}

fn reply_id(text: &str) -> Result<ReplyId, ApiError> {
    ReplyId::parse(text).map_err(|_| ApiError::not_found())
}

async fn undo<W: World>(visit: &Visit<'_, W>, ticket: TicketId, text: &str) -> Result<Response, ApiError> {
    acts::undo(visit, ticket, reply_id(text)?).await?;
    Ok(Response::no_content())
}

#[derive(Deserialize)]
struct Decide {
    decision: String,
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

#[derive(Deserialize)]
struct SetStatus {
    status: String,
    /// For `snoozed`: until when, RFC 3339.
    #[serde(default)]
    until: String,
    /// The `version` of the ticket the caller has read.
    #[serde(default)]
    seen: Option<u64>,
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

#[derive(Deserialize)]
struct Move {
    queue: QueueId,
    #[serde(default)]
    category: Option<CategoryId>,
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

#[derive(Deserialize)]
struct Assign {
    /// Nobody when absent.
    #[serde(default)]
    employee: Option<EmployeeId>,
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

async fn refresh<W: World>(visit: &Visit<'_, W>, ticket: TicketId) -> Result<Response, ApiError> {
    Ok(Response::json(&order(&acts::read_order(visit, ticket).await?)))
}
