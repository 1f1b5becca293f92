//! Who else has a ticket open, and who is writing an answer (H12).
//!
//! A record per ticket: the last write wins, so of two people who say so at the same moment one may be missing until they say
//! so again, some seconds later. It only helps; what two answers at once do to a ticket does not depend on it.

use crate::error::Refusal;
use crate::{names, reply};
use mostek_domain::{CompanyId, EmployeeId, TicketId, Timestamp};
use mostek_ports::{Clock, StoreError, World};
use mostek_store::Record;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long somebody who has said nothing more counts as there.
pub const LASTS: Duration = Duration::from_secs(45);
/// Who is still there need not say so more often.
const AGAIN: Duration = Duration::from_secs(12);
/// People remembered per ticket.
const MOST: usize = 20;

/// Somebody at a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// Who.
    pub employee: EmployeeId,
    /// Their name.
    pub name: String,
    /// When they last said so.
    pub at: Timestamp,
    /// Whether they are writing an answer.
    pub writing: bool,
}

fn record(ticket: TicketId) -> Result<Record<Vec<Present>>, StoreError> {
    names::presence(ticket)
}

/// Says that somebody has a ticket open, or, with `here` false, that they have left it. One write, and none if they said the
/// same some seconds ago.
///
/// # Errors
/// [`Refusal::NotFound`] if the company has no such ticket; the store's.
pub async fn say<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    author: &reply::Author,
    here: bool,
    writing: bool,
) -> Result<(), Refusal> {
    reply::of_company(world, company, ticket).await?;
    let now = world.clock().now();
    let mut all = there(world, ticket, now).await?;
    let before = all.iter().position(|p| p.employee == author.id).map(|i| all.remove(i));
    let is_known = before.as_ref().is_some_and(|p| p.writing == writing && now.since(p.at) < AGAIN);
    if is_known == here && (here || before.is_none()) {
        return Ok(());
    }
    if here {
        all.push(Present { employee: author.id, name: author.name.clone(), at: now, writing });
        let over = all.len().saturating_sub(MOST);
        all.drain(..over);
    }
    record(ticket)?.set(world.kv(), &all).await?;
    Ok(())
}

async fn there<W: World>(world: &W, ticket: TicketId, now: Timestamp) -> Result<Vec<Present>, StoreError> {
    let mut all = record(ticket)?.get(world.kv()).await?.unwrap_or_default();
    all.retain(|p| now.since(p.at) <= LASTS);
    Ok(all)
}

/// Who else is there: one read. Whose ticket it is has been found out before, along with whatever else is asked of it.
///
/// # Errors
/// The store's.
pub async fn others<W: World>(
    world: &W,
    ticket: TicketId,
    me: EmployeeId,
) -> Result<Vec<Present>, StoreError> {
    let mut all = there(world, ticket, world.clock().now()).await?;
    all.retain(|p| p.employee != me);
    Ok(all)
}
