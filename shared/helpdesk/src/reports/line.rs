//! A ticket's line in the reports.
//!
//! What was said in a conversation that was merged into another ticket counts in that one. Where a ticket follows another, what
//! was said before counts in the first and the rest in the second. So nothing counts twice; the conversation's own journal says
//! what counts where, and what has once counted in a ticket that is followed stays there.

use crate::follow;
use crate::front;
use crate::ticket::{Fact, Item, ItemKind, Recorded, ReplyState, Ticket};
use futures::future::{join, join_all};
use mostek_domain::report::TicketFacts;
use mostek_domain::ticket::Status;
use mostek_domain::{CompanyId, EmployeeId, TicketId, Timestamp};
use mostek_ports::{StoreError, World};
use mostek_store::{Actor, Entry, Reading};
use std::collections::{BTreeMap, BTreeSet};

/// A ticket's line, from its state, what is worked on in it, and the entries that say who did what. `None` for one that is
/// part of another.
///
/// # Errors
/// The store's.
pub async fn facts<W: World>(
    world: &W,
    id: TicketId,
    reading: &Reading<Ticket>,
) -> Result<Option<TicketFacts>, StoreError> {
    Ok(counted(world, id, reading).await?.0)
}

/// A ticket's line, and the tickets in which its own conversation is or was worked on: what they count of it may have changed.
async fn counted<W: World>(
    world: &W,
    id: TicketId,
    reading: &Reading<Ticket>,
) -> Result<(Option<TicketFacts>, Vec<TicketId>), StoreError> {
    let is_part = matches!(reading.state.status, Status::Merged { .. });
    let most = if is_part { 0 } else { front::MOST };
    let carried: BTreeSet<TicketId> = reading.state.carried().take(most).collect();
    let (own, others) =
        join(Part::read(world, id, &reading.state), follow::read_tickets(world, &carried)).await;
    let (own, others) = (own?, others?);
    let fronts = own.fronts();
    let others = join_all(others.iter().map(|(of, other)| Part::read(world, *of, &other.state))).await;
    let others: Vec<Part> = others.into_iter().collect::<Result<_, _>>()?;
    Ok((line(id, reading.upto(), &own, &others), fronts))
}

/// The lines of tickets by their numbers, and the other tickets that may count something else now.
pub(super) async fn lines_of<W: World>(
    world: &W,
    company: CompanyId,
    tickets: &[(TicketId, Reading<Ticket>)],
) -> Result<(Vec<(u64, Option<TicketFacts>)>, BTreeSet<TicketId>), StoreError> {
    let ours = tickets.iter().filter_map(|(id, reading)| {
        let opened = reading.state.opened.as_ref().filter(|o| o.company == company)?;
        Some((opened.number.0, *id, reading))
    });
    let read = ours.map(|(number, id, reading)| async move {
        let (facts, fronts) = counted(world, id, reading).await?;
        Ok::<_, StoreError>((number, facts, fronts))
    });
    let (mut lines, mut others) = (Vec::new(), BTreeSet::new());
    for one in join_all(read).await {
        let (number, facts, fronts) = one?;
        lines.push((number, facts));
        others.extend(fronts);
    }
    Ok((lines, others))
}

/// While a conversation was worked on in one ticket. Where another one follows, the next stretch begins.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// The ticket, or the last of them if it was merged.
    front: TicketId,
    /// It began with this slot of the conversation's journal,
    slot: u64,
    /// and with what was said at this moment.
    since: Timestamp,
}

/// A journal of which something is counted in a ticket: its own, or that of a conversation that is worked on in it.
struct Part<'a> {
    of: TicketId,
    ticket: &'a Ticket,
    entries: Vec<Entry<Recorded>>,
    /// At least one, in their order.
    stretches: Vec<Stretch>,
}

impl<'a> Part<'a> {
    async fn read<W: World>(world: &W, of: TicketId, ticket: &'a Ticket) -> Result<Self, StoreError> {
        let who = |kind| matches!(kind, ItemKind::Reply | ItemKind::Event);
        let mut entries = follow::entries_of(world, of, ticket, 0, who).await?;
        entries.sort_by_key(|e| e.slot);
        let mut stretches = Vec::new();
        let mut now = Stretch { front: of, slot: 0, since: Timestamp(i64::MIN) };
        for (slot, at, front, since) in moves(&entries) {
            let front = front.unwrap_or(of);
            // Those of the time before they said since when.
            let since = since.or_else(|| (front == now.front.successor()).then_some(at));
            match since {
                Some(since) => {
                    stretches.push(now);
                    now = Stretch { front, slot, since };
                }
                None => now.front = front,
            }
        }
        stretches.push(now);
        Ok(Self { of, ticket, entries, stretches })
    }

    /// The other tickets in which it is or was worked on, the latest ones.
    fn fronts(&self) -> Vec<TicketId> {
        let mut fronts: Vec<TicketId> = Vec::new();
        for (_, _, front, _) in moves(&self.entries) {
            if let Some(front) = front.filter(|f| *f != self.of) {
                fronts.retain(|known| *known != front);
                fronts.push(front);
            }
        }
        fronts.drain(..fronts.len().saturating_sub(front::MOST));
        fronts
    }

    /// Whether what an entry says, dated `at`, counts in a ticket, which another one may follow: each counts in one ticket,
    /// and does so whatever happens to the conversation later.
    fn counts_in(&self, front: TicketId, followed: Option<Timestamp>, slot: u64, at: Timestamp) -> bool {
        // Our clock and the marketplace's differ, so what was written later is later, too.
        let found = self.stretches.iter().rev().enumerate().find(|(_, s)| slot > s.slot || at >= s.since);
        // The conversation itself may not have been told yet where it goes on.
        found.is_some_and(|(n, s)| s.front == front && (n > 0 || followed.is_none_or(|since| at < since)))
    }

    /// When its messages are not history any more.
    fn begins(&self) -> Timestamp {
        self.ticket.opened.as_ref().map(|o| o.history_before).unwrap_or_default()
    }

    fn author(&self, slot: u64) -> Option<EmployeeId> {
        self.entries.iter().find(|e| e.slot == slot).and_then(|e| employee(&e.actor))
    }
}

/// Where a conversation went, in order: slot, moment, the ticket, and since when if that follows.
fn moves(
    entries: &[Entry<Recorded>],
) -> impl Iterator<Item = (u64, Timestamp, Option<TicketId>, Option<Timestamp>)> + '_ {
    let mut known = BTreeSet::new();
    entries.iter().filter_map(move |e| match e.fact.what {
        // Written twice it counts once.
        Fact::Continues { ticket, since, .. } if known.insert(&e.id) => Some((e.slot, e.at(), ticket, since)),
        _ => None,
    })
}

fn employee(actor: &Actor) -> Option<EmployeeId> {
    match actor {
        Actor::Employee(id) => EmployeeId::parse(id).ok(),
        Actor::System(_) | Actor::Remote(_) => None,
    }
}

fn line(id: TicketId, seen: u64, own: &Part, others: &[Part]) -> Option<TicketFacts> {
    let ticket = own.ticket;
    let opened = ticket.opened.as_ref()?;
    if matches!(ticket.status, Status::Merged { .. }) {
        return None;
    }
    let followed = ticket.followed();
    let parts = || std::iter::once(own).chain(others);
    let items = || {
        parts().flat_map(move |part| {
            let counts = move |i: &&Item| part.counts_in(id, followed, i.slot, Timestamp(i.at));
            part.ticket.items.iter().filter(counts).map(move |i| (part, i))
        })
    };
    let new = || items().filter(|(part, i)| i.at >= part.begins().0);
    let asked = new().filter(|(_, i)| i.kind.is_from_outside()).map(|(_, i)| i.at).min();
    // Nobody asked yet: we began the conversation. What happened to another ticket itself is not said here.
    let is_said = |part: &Part, i: &Item| part.of == id || i.kind != ItemKind::Event;
    let first = || new().filter(|(part, i)| is_said(part, i)).map(|(_, i)| i.at).min();
    let began = Timestamp(asked.or_else(first).or_else(|| ticket.items.first().map(|i| i.at))?);

    let mut answers: Vec<(Timestamp, Option<EmployeeId>)> = items()
        .filter(|(_, i)| i.kind == ItemKind::Shop && i.at >= began.0)
        .map(|(_, i)| (Timestamp(i.at), None))
        .collect();
    let mut replies: BTreeMap<EmployeeId, u32> = BTreeMap::new();
    for part in parts() {
        for reply in &part.ticket.replies {
            // Without an author it was the hub's own answer.
            let (ReplyState::Sent { at, .. }, Some(by)) = (&reply.state, part.author(reply.slot)) else {
                continue;
            };
            if part.counts_in(id, followed, reply.state_slot, *at) {
                // The marketplace's clock may be behind.
                answers.push(((*at).max(began), Some(by)));
                let count = replies.entry(by).or_default();
                *count = count.saturating_add(1);
            }
        }
    }
    let mut replies: Vec<(EmployeeId, u32)> = replies.into_iter().collect();
    replies.sort_by_key(|(by, count)| (std::cmp::Reverse(*count), *by));
    let closed = match ticket.status {
        Status::Closed { at } => {
            let is_closing =
                |e: &&Entry<Recorded>| matches!(e.fact.what, Fact::Status { status: Status::Closed { .. } });
            let closing = own.entries.iter().filter(is_closing).max_by_key(|e| e.slot);
            Some((at.max(began), closing.and_then(|e| employee(&e.actor))))
        }
        _ => None,
    };
    Some(TicketFacts {
        ticket: id,
        seen,
        number: opened.number.0,
        began,
        source: opened.source.clone(),
        queue: ticket.queue().unwrap_or(opened.queue),
        answered: answers.into_iter().min_by_key(|(at, _)| *at).filter(|_| asked.is_some()),
        closed,
        replies,
    })
}
