//! Which tickets a customer has: facts in the record's own journal.
//!
//! They are written in the commit that opens a ticket or links it, so a customer's page costs the same at 100,000 tickets as
//! at ten: the record, and the tickets that are shown.

use super::record::{Fact, OrderLink, TicketLink};
use super::{journal, read, standing_for};
use crate::ticket::Ticket;
use mostek_domain::{CompanyId, CustomerId, TicketId};
use mostek_ports::{StoreError, World};
use mostek_store::commit::Ride;
use mostek_store::{Actor, Commit};

/// The fact that a ticket is a customer's, with its id: written twice it counts once.
#[must_use]
pub fn fact(link: TicketLink) -> (String, Fact) {
    (format!("ticket-{}", link.ticket), Fact::Ticket { link })
}

/// What a record remembers of a ticket in this state; `None` before it is opened.
#[must_use]
pub fn link(id: TicketId, ticket: &Ticket) -> Option<TicketLink> {
    let opened = ticket.opened.as_ref()?;
    let at = ticket.items.first().map_or(ticket.last_activity, |i| mostek_domain::Timestamp(i.at));
    let order =
        opened.order.as_ref().map(|id| OrderLink { connection: opened.connection, id: id.clone(), at });
    Some(TicketLink { ticket: id, at, order })
}

/// Adds the fact to a commit: one more reservation.
pub(crate) fn note(
    commit: &mut Commit<'_>,
    record: CustomerId,
    links: Vec<TicketLink>,
) -> Result<(), StoreError> {
    let facts = links.into_iter().map(fact).collect();
    commit.append_with(&journal(record)?, None, facts, Vec::new(), Ride::Never);
    Ok(())
}

/// Writes the fact if the record does not know the ticket, for tickets of the time before records did. Whether it was
/// missing.
///
/// # Errors
/// The store's.
pub(crate) async fn mend<W: World>(
    world: &W,
    company: CompanyId,
    record: CustomerId,
    link: TicketLink,
) -> Result<bool, StoreError> {
    let own = read(world, record).await?.state;
    if own.company != Some(company) || own.tickets.iter().any(|t| t.link.ticket == link.ticket) {
        return Ok(false);
    }
    let mut commit = Commit::by(Actor::System("repair".into()));
    note(&mut commit, record, vec![link])?;
    commit.run(world).await?;
    Ok(true)
}

/// The last tickets of a customer, the newest first, those of records that were merged into theirs included.
///
/// # Errors
/// The store's.
pub async fn latest<W: World>(
    world: &W,
    record: CustomerId,
    most: usize,
) -> Result<Vec<TicketLink>, StoreError> {
    let (id, _) = standing_for(world, record).await?;
    let mut all: Vec<TicketLink> = super::merge::family(world, id)
        .await?
        .into_iter()
        .flat_map(|(_, r)| r.state.tickets.into_iter().map(|t| t.link))
        .collect();
    all.sort_by_key(|l| std::cmp::Reverse((l.at, l.ticket)));
    all.dedup_by_key(|l| l.ticket);
    all.truncate(most);
    Ok(all)
}
