//! Which tickets a customer has: facts in the record's own journal.
//!
//! They are written in the commit that opens a ticket or links it, so a customer's page costs the same at 100,000 tickets as
//! at ten: the record, and the tickets that are shown.

use super::record::{Customer, Fact, OrderLink, TicketLink};
use super::{journal, read};
use crate::list::{self, Summary};
use crate::ticket::Ticket;
use futures::future::join_all;
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

/// A customer's tickets beside one that is shown.
#[derive(Debug, Default)]
pub struct Besides {
    /// The last of them, the newest first, as the list shows them.
    pub latest: Vec<Summary>,
    /// How many there are besides the one that is shown.
    pub count: usize,
}

/// All tickets of a customer, the newest first, those of records that were merged into theirs included. Costs nothing
/// without such records.
///
/// # Errors
/// The store's.
pub async fn links<W: World>(
    world: &W,
    (id, customer): (CustomerId, &Customer),
) -> Result<Vec<TicketLink>, StoreError> {
    let mut links: Vec<TicketLink> = if customer.absorbed.is_empty() {
        customer.tickets.iter().map(|t| t.link.clone()).collect()
    } else {
        let family = super::merge::family(world, id).await?;
        family.into_iter().flat_map(|(_, r)| r.state.tickets.into_iter().map(|t| t.link)).collect()
    };
    links.sort_by_key(|l| std::cmp::Reverse((l.at, l.ticket)));
    links.dedup_by_key(|l| l.ticket);
    Ok(links)
}

/// The last `most` tickets of a customer besides one of them, those of records that were merged into theirs included. Two
/// round trips, and two more for every level of merged records.
///
/// # Errors
/// The store's.
pub async fn besides<W: World>(
    world: &W,
    (id, customer): (CustomerId, &Customer),
    shown: TicketId,
    most: usize,
) -> Result<Besides, StoreError> {
    let mut links = links(world, (id, customer)).await?;
    links.retain(|l| l.ticket != shown);
    let count = links.len();
    let read = links.iter().take(most).map(|link| async {
        let ticket = Ticket::journal(link.ticket)?.read(world.kv(), world.clock()).await?;
        Ok::<_, StoreError>(list::summary(link.ticket, &ticket.state))
    });
    let latest = join_all(read).await.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(Besides { latest: latest.into_iter().flatten().collect(), count })
}
