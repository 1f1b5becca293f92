//! Tickets with a person's words that no record of theirs names: what was merged into one of their tickets, what one of
//! theirs was merged into, and what one of theirs follows or is followed by (H13). Whoever takes everything of a person, to
//! give it to them or to erase it, has to go along there ([`super::export`], [`super::erase`]).
//!
//! A ticket is theirs if its record is. One with another customer's record is that customer's, whatever was merged into it:
//! its words are not given away and not erased, only what it was told of this person's conversations is taken out of it. One
//! without a record is theirs as long as somebody says that it is the same matter: it holds a part of the same conversation,
//! or it is merged with one of theirs now. A merging that was undone says the contrary.

use crate::ticket::{Fact, ItemKind, Ticket};
use mostek_domain::{CompanyId, CustomerId, TicketId};
use mostek_ports::{StoreError, World};
use std::collections::{BTreeMap, BTreeSet};

/// Tickets found from one ticket at most: several times what can be merged into one ([`crate::front::MOST`]).
const MOST: usize = 100;

/// Whose tickets are looked for.
pub(super) struct Whose<'a> {
    /// Whose customer they are.
    pub(super) company: CompanyId,
    /// Their record and those that were merged into it.
    pub(super) members: &'a BTreeSet<CustomerId>,
    /// The tickets that these records name: each is looked at for itself.
    pub(super) linked: &'a BTreeSet<TicketId>,
}

impl Whose<'_> {
    /// Whether `other` is theirs, too, beside their ticket `own`.
    fn is_theirs(&self, own: (TicketId, &Ticket), other: (TicketId, &Ticket)) -> bool {
        let Some(opened) = other.1.opened.as_ref().filter(|o| o.company == self.company) else {
            return false;
        };
        if let Some(record) = other.1.record() {
            return self.members.contains(&record);
        }
        let predecessor = own.1.opened.as_ref().and_then(|o| o.predecessor);
        let is_same = predecessor == Some(other.0) || opened.predecessor == Some(own.0);
        // One that was merged into theirs goes along when theirs is merged.
        let (front, others) = (own.1.front(), other.1.front());
        is_same || front == Some(other.0) || others == Some(own.0) || (others.is_some() && others == front)
    }
}

/// The tickets beside one of theirs that are theirs, too, and that no record names. Three round trips if there is none.
///
/// # Errors
/// The store's.
pub(super) async fn beside<W: World>(
    world: &W,
    whose: &Whose<'_>,
    from: TicketId,
) -> Result<BTreeMap<TicketId, Ticket>, StoreError> {
    let mut found = BTreeMap::new();
    let mut looked_at = BTreeSet::from([from]);
    let mut next = vec![(from, read(world, from).await?)];
    while let Some((id, ticket)) = next.pop() {
        for other in named(world, id, &ticket).await? {
            if whose.linked.contains(&other) || found.len() >= MOST {
                continue;
            }
            // Another ticket may stand in another relation to it, so only what was found is not looked at again.
            if looked_at.contains(&other) {
                continue;
            }
            let state = read(world, other).await?;
            if whose.is_theirs((id, &ticket), (other, &state)) {
                looked_at.insert(other);
                found.insert(other, state.clone());
                next.push((other, state));
            }
        }
    }
    Ok(found)
}

async fn read<W: World>(world: &W, id: TicketId) -> Result<Ticket, StoreError> {
    Ok(Ticket::journal(id)?.read(world.kv(), world.clock()).await?.state)
}

/// The tickets that a ticket names: the one it follows, those it carries, and all in which it is or was worked on.
async fn named<W: World>(world: &W, id: TicketId, ticket: &Ticket) -> Result<BTreeSet<TicketId>, StoreError> {
    let mut named: BTreeSet<TicketId> = ticket.carried().collect();
    named.extend(ticket.opened.as_ref().and_then(|o| o.predecessor));
    named.extend(ticket.front());
    let events = ticket.items.iter().filter(|i| i.kind == ItemKind::Event).map(|i| i.slot);
    let slots: Vec<u64> = events.collect();
    for some in slots.chunks(256) {
        let entries = Ticket::journal(id)?.entries(world.kv(), some).await?;
        named.extend(entries.iter().filter_map(|e| worked_on_in(&e.fact.what)));
    }
    named.remove(&id);
    Ok(named)
}

/// The ticket in which a fact says that its conversation is worked on: what it was told stays in it when that is undone.
pub(super) fn worked_on_in(fact: &Fact) -> Option<TicketId> {
    match fact {
        Fact::Continues { ticket, .. } => *ticket,
        _ => None,
    }
}
