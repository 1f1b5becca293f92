//! What happened to a record, as JSON.

use super::standing;
use crate::api::moment;
use crate::visit::Visit;
use mostek_domain::CustomerId;
use mostek_helpdesk::customer::ConsentPoint;
use mostek_helpdesk::customer::history::{self, Line, What};
use mostek_helpdesk::customer::record::{Change, Fact};
use mostek_ports::World;
use mostek_store::Actor;
use mostek_web::paging::{cursor, open_cursor};
use mostek_web::{ApiError, Request, Response, time};
use serde_json::{Value, json};

/// A page of the time line, newest first; `after` is the cursor.
pub(super) async fn timeline<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: CustomerId,
) -> Result<Response, ApiError> {
    let (id, _) = standing(visit, id).await?;
    let after = request.param("after").filter(|a| !a.is_empty()).map(open_cursor).transpose()?;
    let page = history::open(visit.world, id, after.as_deref()).await?;
    let lines: Vec<Value> = page.lines.iter().map(line).collect();
    Ok(Response::json(&json!({ "data": lines, "next": page.next.as_deref().map(cursor) })))
}

/// One line of it.
pub(crate) fn line(line: &Line) -> Value {
    let mut value = match &line.what {
        What::Change { record, actor, fact } => {
            json!({ "is": "change", "customer": record, "actor": self::actor(actor), "change": change(fact) })
        }
        What::Ticket { link, summary } => json!({
            "is": "ticket",
            "ticket": link.ticket,
            "number": summary.as_ref().map(|s| s.number),
            "subject": summary.as_ref().map(|s| &s.subject),
            "status": summary.as_ref().map(|s| s.status.slug()),
        }),
        What::Order { link, known } => json!({
            "is": "order",
            "order": link.id,
            "connection": link.connection,
            "number": known.as_ref().and_then(|k| k.order.commercial_id.as_ref()),
            "state": known.as_ref().and_then(|k| k.order.state.as_ref()).map(mostek_domain::marketplace::OrderState::slug),
        }),
        What::Told { event } => json!({ "is": "event", "event": event }),
    };
    if let Some(members) = value.as_object_mut() {
        members.insert("at".into(), moment(Some(line.at)));
    }
    value
}

fn actor(actor: &Actor) -> Value {
    match actor {
        Actor::Employee(id) => json!({ "employee": id }),
        Actor::System(what) => json!({ "system": what }),
        Actor::Remote(id) => json!({ "remote": id }),
    }
}

fn change(fact: &Fact) -> Value {
    match fact {
        Fact::Added { .. } => json!({ "is": "added" }),
        Fact::Changed { .. } => json!({ "is": "edited", "parts": [] }),
        Fact::Edited { changes, .. } => {
            json!({ "is": "edited", "parts": changes.iter().map(part).collect::<Vec<_>>() })
        }
        Fact::MergedInto { merge, survivor, .. } => {
            json!({ "is": "merged_into", "merge": merge, "customer": survivor })
        }
        Fact::Absorbed(a) => json!({ "is": "merged", "merge": a.merge, "customer": a.loser }),
        Fact::Unmerged { merge, .. } => json!({ "is": "unmerged", "merge": merge }),
        Fact::Erased { .. } => json!({ "is": "erased" }),
        Fact::Ticket { .. } | Fact::Touched { .. } => json!({ "is": "other" }),
    }
}

fn part(change: &Change) -> Value {
    match change {
        Change::Name { to } => json!({ "what": "name", "to": to }),
        Change::Nip { to } => json!({ "what": "nip", "to": to }),
        Change::Locale { to } => json!({ "what": "locale", "to": to }),
        Change::Notes { .. } => json!({ "what": "notes" }),
        Change::Field { field, to } => json!({ "what": "field", "field": field, "to": to }),
        Change::Phone { number, to } => json!({
            "what": "phone",
            "number": number,
            "consent": to.as_ref().map(|(c, _)| json!({ "given": c.given, "at": c.at.map(time::iso), "source": c.source })),
        }),
        Change::Email { address, to } => {
            json!({ "what": "email", "address": address, "removed": to.is_none() })
        }
        Change::Address { address, to } => {
            json!({ "what": "address", "address": address, "removed": to.is_none() })
        }
    }
}

/// The history of consents, oldest first.
pub(super) async fn consents<W: World>(visit: &Visit<'_, W>, id: CustomerId) -> Result<Response, ApiError> {
    let (_, state) = standing(visit, id).await?;
    let all: Vec<Value> = state.consents().iter().map(consent).collect();
    Ok(Response::json(&json!({ "data": all, "next": null })))
}

/// One moment of it.
pub(crate) fn consent(p: &ConsentPoint) -> Value {
    json!({
        "number": p.number,
        "at": time::iso(p.at),
        "actor": actor(&p.actor),
        "consent": p.consent.as_ref().map(|c| {
            json!({ "given": c.given, "at": c.at.map(time::iso), "source": c.source })
        }),
    })
}
