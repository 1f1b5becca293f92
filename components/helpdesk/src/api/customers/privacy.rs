//! What the law asks for: everything about one person as a file, and erasing them. For administrators.

use super::{history, standing, whole};
use crate::api::{number, tickets};
use crate::refusal::refused;
use crate::visit::Visit;
use mostek_api::customers::EraseIn;
use mostek_domain::CustomerId;
use mostek_helpdesk::customer::{erase, export};
use mostek_people::audit::Act;
use mostek_ports::{Clock, World};
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::{ApiError, Request, Response};
use serde_json::{Value, json};
use std::time::Duration;

/// How long a request works at this; the engine gives it thirty seconds in all.
const BUDGET: Duration = Duration::from_secs(12);

/// A part of everything there is about a person: `from` says after how many tickets it begins.
///
/// # Errors
/// 403 for who is no administrator; 404; the store's.
pub(crate) async fn export<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: CustomerId,
) -> Result<Response, ApiError> {
    visit.session.require_administrator()?;
    let from: usize = number(request, "from")?.unwrap_or(0);
    let until = visit.world.clock().monotonic() + BUDGET;
    let part = export::gather(visit.world, visit.company(), id, from, until).await.map_err(refused)?;
    visit.audit(Act::new("customer-exported", "customer", part.id).detail("from", from)).await;
    let tickets: Vec<Value> = part.tickets.iter().filter_map(|pages| ticket(pages)).collect();
    let next = part.next.map(|n| format!("/api/v1/customers/{}/export?from={n}", part.id));
    let body = json!({
        "customer": whole(part.id, &part.record),
        "consents": part.consents.iter().map(history::point).collect::<Vec<_>>(),
        "timeline": part.history.iter().map(history::line).collect::<Vec<_>>(),
        "tickets": tickets,
        "tickets_in_all": part.all_tickets,
        "next": next,
    });
    let name = format!("attachment; filename=\"customer-{}-{from}.json\"", part.id);
    Ok(Response::json(&body).header(http::header::CONTENT_DISPOSITION, &name))
}

/// A ticket with all its messages, oldest first.
fn ticket(pages: &[mostek_helpdesk::view::View]) -> Option<Value> {
    let newest = pages.first()?;
    let opened = newest.ticket.opened.as_ref()?;
    let messages: Vec<mostek_api::tickets::Line> =
        pages.iter().rev().flat_map(|view| view.lines.iter().map(|l| tickets::line(view, l))).collect();
    Some(json!({
        "id": newest.id,
        "number": opened.number,
        "subject": opened.subject,
        "source": opened.source,
        "status": newest.ticket.status.kind().slug(),
        "order": newest.order.as_ref().map(|k| &k.order),
        "messages": messages,
    }))
}

pub(super) async fn post_erase<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    id: CustomerId,
) -> Result<Response, ApiError> {
    visit.session.require_administrator()?;
    let sent: EraseIn = body::json(request, JSON_LIMIT).await?;
    erase(visit, id, &sent.confirm).await?;
    Ok(Response::no_content())
}

/// Erases a person; `confirm` is the record's name, typed by whoever wants it.
///
/// # Errors
/// 403 for who is no administrator; 422 if the name is another one, or a reply to them is on its way; 404; the store's.
pub(crate) async fn erase<W: World>(
    visit: &Visit<'_, W>,
    id: CustomerId,
    confirm: &str,
) -> Result<(), ApiError> {
    visit.session.require_administrator()?;
    let (id, state) = standing(visit, id).await?;
    let name = state.details.as_ref().map(|d| d.name.to_string()).unwrap_or_default();
    let typed = confirm.split_whitespace().collect::<Vec<_>>().join(" ");
    if typed != name {
        return Err(ApiError::bad_field("confirm", "crm-erase-confirm-other"));
    }
    let until = visit.world.clock().monotonic() + BUDGET;
    // Rides in the commit that erases, and says nothing of the person.
    let act = Act::new("customer-erased", "customer", id).from(visit.session.from);
    erase::erase(visit.world, visit.company(), visit.actor(), id, act, until).await.map_err(refused)
}
