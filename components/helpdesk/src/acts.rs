//! What a consultant does to a ticket, each with its entry in the audit journal; the same from a page and from the API.

use crate::input::reply::Written;
use crate::refusal::refused;
use crate::visit::Visit;
use mostek_domain::ticket::{Priority, Status};
use mostek_domain::{
    CategoryId, CustomerId, EmployeeId, MessageId, QueueId, ReplyId, SubStatusId, TagId, TicketId,
};
use mostek_helpdesk::customer::known;
use mostek_helpdesk::orders::{self, Known};
use mostek_helpdesk::reply::{self, NewReply, Seen};
use mostek_helpdesk::ticket::{Decision, Ticket};
use mostek_helpdesk::{connection, front, marks};
use mostek_people::audit::Act;
use mostek_ports::World;
use mostek_web::ApiError;

/// A ticket's state.
///
/// # Errors
/// 404; the store's.
pub(crate) async fn ticket<W: World>(visit: &Visit<'_, W>, ticket: TicketId) -> Result<Ticket, ApiError> {
    Ok(reply::of_company(visit.world, visit.company(), ticket).await.map_err(refused)?.state)
}

/// Writes a reply under the company's rules, to whoever wrote last unless it says to whom.
///
/// # Errors
/// As the use case.
pub(crate) async fn answer<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    written: Written,
) -> Result<ReplyId, ApiError> {
    let Written { text, to, files, conversation, key } = written;
    let (conversation, reading) = conversation_of(visit, ticket, conversation, &key).await?;
    let to = to.unwrap_or_else(|| reading.default_reply_to());
    let new = NewReply { text, to, files, conversation: Some(conversation), key };
    let rules = visit.rules();
    let id = reply::reply(visit.world, visit.company(), ticket, &visit.author(), new, &rules)
        .await
        .map_err(refused)?;
    visit
        .audit(Act::new("reply-written", "ticket", ticket).detail("reply", id).detail("to", to.slug()))
        .await;
    Ok(id)
}

/// The conversation that an answer in a ticket goes to: the chosen one, or the one in which somebody waits. With the same `key`
/// it is the same one.
///
/// # Errors
/// 404; 422 for one that cannot be answered there; the store's.
pub(crate) async fn conversation_of<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    chosen: Option<TicketId>,
    key: &str,
) -> Result<(TicketId, Ticket), ApiError> {
    let found = match chosen {
        Some(chosen) => front::chosen(visit.world, visit.company(), ticket, chosen).await,
        None => front::conversation_of(visit.world, visit.company(), ticket, key).await,
    };
    found.map(|(id, reading)| (id, reading.state)).map_err(refused)
}

/// Writes an internal comment.
///
/// # Errors
/// As the use case.
pub(crate) async fn comment<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    text: &str,
    key: &str,
) -> Result<MessageId, ApiError> {
    let id = reply::comment(visit.world, visit.company(), ticket, &visit.author(), text, key)
        .await
        .map_err(refused)?;
    visit.audit(Act::new("comment-written", "ticket", ticket).detail("comment", id)).await;
    Ok(id)
}

/// Takes a reply back.
///
/// # Errors
/// As the use case.
pub(crate) async fn undo<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    id: ReplyId,
) -> Result<(), ApiError> {
    reply::undo(visit.world, visit.company(), ticket, &visit.author(), id).await.map_err(refused)?;
    visit.audit(Act::new("reply-undone", "ticket", ticket).detail("reply", id)).await;
    Ok(())
}

/// Decides about a reply that failed or is uncertain.
///
/// # Errors
/// As the use case.
pub(crate) async fn decide<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    id: ReplyId,
    decision: Decision,
) -> Result<(), ApiError> {
    reply::decide(visit.world, visit.company(), ticket, &visit.author(), id, decision)
        .await
        .map_err(refused)?;
    let word = match decision {
        Decision::Send => "send",
        Decision::WasSent => "was_sent",
        Decision::Drop => "drop",
    };
    visit
        .audit(Act::new("reply-decided", "ticket", ticket).detail("reply", id).detail("decision", word))
        .await;
    Ok(())
}

/// Sets the status by hand; `seen` is what the person saw of the ticket.
///
/// # Errors
/// As the use case.
pub(crate) async fn set_status<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    wanted: Status,
    seen: Option<Seen>,
) -> Result<(), ApiError> {
    reply::set_status(visit.world, visit.company(), ticket, &visit.author(), wanted, seen)
        .await
        .map_err(refused)?;
    visit.audit(Act::new("ticket-status-set", "ticket", ticket).detail("status", wanted.kind().slug())).await;
    Ok(())
}

/// Gives a ticket to a colleague, or to nobody.
///
/// # Errors
/// 422 for somebody who does not work in this company's helpdesk; as the use case.
pub(crate) async fn assign<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    employee: Option<EmployeeId>,
) -> Result<(), ApiError> {
    if let Some(id) = employee
        && !visit.colleagues().iter().any(|(colleague, _)| *colleague == id)
    {
        return Err(ApiError::bad_field("employee", "helpdesk-no-colleague"));
    }
    reply::assign(visit.world, visit.company(), ticket, &visit.author(), employee).await.map_err(refused)?;
    let act = Act::new("ticket-assigned", "ticket", ticket);
    let name = employee.map(|e| visit.employee_name(e)).unwrap_or_default();
    visit.audit(act.detail("employee", name)).await;
    Ok(())
}

/// Moves a ticket.
///
/// # Errors
/// As the use case.
pub(crate) async fn move_to<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    queue: QueueId,
    category: Option<CategoryId>,
) -> Result<(), ApiError> {
    reply::move_to(visit.world, visit.company(), ticket, &visit.author(), queue, category)
        .await
        .map_err(refused)?;
    visit.audit(Act::new("ticket-moved", "ticket", ticket).detail("queue", queue)).await;
    Ok(())
}

/// Reads a ticket's order again from the marketplace.
///
/// # Errors
/// 404 if the ticket has no order or its connection is gone; as the use case.
pub(crate) async fn read_order<W: World>(visit: &Visit<'_, W>, id: TicketId) -> Result<Known, ApiError> {
    let state = ticket(visit, id).await?;
    let opened = state.opened.as_ref().ok_or_else(ApiError::not_found)?;
    let order = opened.order.as_deref().ok_or_else(ApiError::not_found)?;
    let connection =
        connection::of_company(visit.world, visit.company(), opened.connection).await.map_err(refused)?;
    orders::refresh(visit.world, &connection, order).await.map_err(refused)
}

/// Makes the record that has the customer's id by now the customer of a ticket that has none (H10).
///
/// # Errors
/// 409 if the ticket has a record, or no record has the id; as the use case.
pub(crate) async fn link_customer<W: World>(
    visit: &Visit<'_, W>,
    id: TicketId,
) -> Result<CustomerId, ApiError> {
    let state = ticket(visit, id).await?;
    if state.record().is_some() {
        return Err(ApiError::conflict("helpdesk-ticket-has-record"));
    }
    let record = known::record_for(visit.world, visit.company(), &state, None).await?;
    let record = record.ok_or_else(|| ApiError::conflict("helpdesk-no-record-has-id"))?;
    link(visit, id, record).await?;
    Ok(record)
}

/// Makes a record the customer of a ticket that has none.
///
/// # Errors
/// As the use case.
pub(crate) async fn link<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    record: CustomerId,
) -> Result<(), ApiError> {
    reply::link(visit.world, visit.company(), ticket, &visit.author(), record).await.map_err(refused)?;
    visit.audit(Act::new("ticket-linked", "ticket", ticket).detail("customer", record)).await;
    Ok(())
}

/// Merges a ticket into the one that was typed, by id or number.
///
/// # Errors
/// 422 if there is no such ticket; as the use case.
pub(crate) async fn merge<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    into: &str,
) -> Result<TicketId, ApiError> {
    let other = match visit.ticket_id(into.trim()).await {
        Ok(other) => other,
        Err(e) if e.status == http::StatusCode::NOT_FOUND => {
            return Err(ApiError::bad_field("into", "tickets-merge-unknown"));
        }
        Err(e) => return Err(e),
    };
    front::merge(visit.world, visit.company(), ticket, other, &visit.author()).await.map_err(refused)?;
    visit.audit(Act::new("ticket-merged", "ticket", ticket).detail("into", other)).await;
    Ok(other)
}

/// Undoes a merging.
///
/// # Errors
/// As the use case.
pub(crate) async fn part<W: World>(visit: &Visit<'_, W>, ticket: TicketId) -> Result<(), ApiError> {
    front::part(visit.world, visit.company(), ticket, &visit.author()).await.map_err(refused)?;
    visit.audit(Act::new("ticket-parted", "ticket", ticket)).await;
    Ok(())
}

/// Says how urgent a ticket is.
///
/// # Errors
/// As the use case.
pub(crate) async fn set_priority<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    priority: Priority,
) -> Result<(), ApiError> {
    marks::set_priority(visit.world, visit.company(), ticket, &visit.author(), priority)
        .await
        .map_err(refused)?;
    visit.audit(Act::new("ticket-priority-set", "ticket", ticket).detail("priority", priority.slug())).await;
    Ok(())
}

/// Puts tags on a ticket and takes others off.
///
/// # Errors
/// As the use case.
pub(crate) async fn tag<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    add: &[TagId],
    remove: &[TagId],
) -> Result<(), ApiError> {
    marks::tag(visit.world, visit.company(), ticket, &visit.author(), add, remove).await.map_err(refused)?;
    let ids = |tags: &[TagId]| tags.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let act = Act::new("ticket-tagged", "ticket", ticket);
    visit.audit(act.detail("added", ids(add)).detail("removed", ids(remove))).await;
    Ok(())
}

/// Says which part of its status a ticket is in.
///
/// # Errors
/// As the use case.
pub(crate) async fn set_sub_status<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    sub_status: Option<SubStatusId>,
) -> Result<(), ApiError> {
    marks::set_sub_status(visit.world, visit.company(), ticket, &visit.author(), sub_status)
        .await
        .map_err(refused)?;
    let act = Act::new("ticket-sub-status-set", "ticket", ticket);
    visit.audit(act.detail("sub_status", sub_status.map(|s| s.to_string()).unwrap_or_default())).await;
    Ok(())
}
