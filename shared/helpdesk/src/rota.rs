//! Round robin (H13): new tickets of a queue are given to its members in turn.
//!
//! The rule, for whoever wonders why somebody got a ticket: of the members who may work in the helpdesk and have fewer open
//! tickets than the limit, the one with the fewest open ones; among equals who was given one longest ago; among those the
//! one who stands first in the list of members. A ticket is given if it is New and nobody has it, or if whoever has it may
//! not work here any more. Those who have waited longest go first, among the latest [`PAGES`] pages of them.

use crate::error::Refusal;
use crate::list::{self, Assignee, Summary, Wanted};
use crate::names;
use crate::policy::Policy;
use crate::ticket::{Fact, Ticket};
use mostek_domain::ticket::StatusKind;
use mostek_domain::{Capability, CompanyId, EmployeeId, QueueId, TicketId, Timestamp};
use mostek_people::directory::Directory;
use mostek_ports::{Clock, Level, Log, StoreError, World};
use mostek_store::{Actor, Commit, Record};
use std::collections::BTreeMap;
use std::time::Duration;

/// Tickets given by one tick in one queue at most; the rest is the next one's.
const PER_TICK: usize = 50;
/// Pages of waiting tickets that are looked through.
const PAGES: usize = 4;

/// When each member was last given a ticket. A record: an older value that comes back only changes whose turn it is among
/// equals.
type Turns = BTreeMap<EmployeeId, Timestamp>;

fn turns(queue: QueueId) -> Result<Record<Turns>, StoreError> {
    names::ours(Record::new("rota", &queue.to_string()))
}

/// A member who may be given tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub id: EmployeeId,
    /// How many open tickets they have.
    pub open: u64,
    /// When they were last given one.
    pub last: Option<Timestamp>,
}

/// Whose turn it is: see the module. `None` if everybody has as many as the limit allows.
#[must_use]
pub fn next(members: &[Member], limit: u32) -> Option<usize> {
    let free = members.iter().enumerate().filter(|(_, m)| m.open < u64::from(limit));
    // The first of equals.
    free.min_by_key(|(_, m)| (m.open, m.last)).map(|(i, _)| i)
}

/// Whether somebody may be given tickets of a company.
#[must_use]
pub fn may_have(directory: &Directory, company: CompanyId, employee: EmployeeId) -> bool {
    directory.employee(employee).is_some_and(|e| {
        *e.active.get() && e.companies.get().contains(&company) && e.access.get().may(Capability::Helpdesk)
    })
}

/// Gives out the tickets of a company's queues that are waiting for somebody. Two round trips if there are none. Gives how
/// many were given.
///
/// # Errors
/// The store's; a ticket that cannot be given is logged and waits for the next tick.
pub async fn give_out<W: World>(
    world: &W,
    company: CompanyId,
    policy: &Policy,
    directory: &Directory,
    until: Duration,
) -> Result<u64, Refusal> {
    let rotas = policy.rotas();
    if rotas.is_empty() {
        return Ok(0);
    }
    // Those who may not any more, and may still have some.
    let gone: Vec<EmployeeId> = directory
        .employees()
        .into_iter()
        .map(|(id, _)| id)
        .filter(|id| !may_have(directory, company, *id))
        .collect();
    let mut given = 0;
    for (queue, members, limit) in rotas {
        let waiting = waiting(queue, &gone);
        let counts = list::counts(world, company, &waiting).await?;
        let waiting: Vec<Wanted> =
            waiting.into_iter().zip(counts).filter(|(_, n)| *n > 0).map(|(w, _)| w).collect();
        if waiting.is_empty() {
            continue;
        }
        let eligible: Vec<EmployeeId> =
            members.into_iter().filter(|m| may_have(directory, company, *m)).collect();
        given += in_queue(world, company, queue, &waiting, &eligible, limit, directory, until).await?;
    }
    Ok(given)
}

/// The tickets of a queue that somebody is to be given: nobody's new ones, and open ones of those who are gone.
fn waiting(queue: QueueId, gone: &[EmployeeId]) -> Vec<Wanted> {
    let nobodys = Wanted {
        statuses: vec![StatusKind::New],
        queue: Some(queue),
        assignee: Some(Assignee::Nobody),
        ..Wanted::default()
    };
    let theirs = gone.iter().map(|e| Wanted {
        statuses: StatusKind::OPEN.to_vec(),
        queue: Some(queue),
        assignee: Some(Assignee::Employee(*e)),
        ..Wanted::default()
    });
    std::iter::once(nobodys).chain(theirs).collect()
}

#[allow(clippy::too_many_arguments)] // one step of `give_out`
async fn in_queue<W: World>(
    world: &W,
    company: CompanyId,
    queue: QueueId,
    waiting: &[Wanted],
    members: &[EmployeeId],
    limit: u32,
    directory: &Directory,
    until: Duration,
) -> Result<u64, Refusal> {
    let mut tickets: Vec<Summary> = Vec::new();
    for wanted in waiting {
        let mut before = None;
        for _ in 0..PAGES {
            let page = list::rows(world, company, wanted, before).await?;
            tickets.extend(page.rows.into_iter().map(|(_, t)| t));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
    }
    tickets.sort_by_key(|t| (t.waiting_since.unwrap_or(t.last_activity), t.number));
    let theirs = |m: &EmployeeId| Wanted {
        statuses: StatusKind::OPEN.to_vec(),
        assignee: Some(Assignee::Employee(*m)),
        ..Wanted::default()
    };
    let wanted: Vec<Wanted> = members.iter().map(theirs).collect();
    let open = list::counts(world, company, &wanted).await?;
    let record = turns(queue)?;
    let mut turns = record.get(world.kv()).await?.unwrap_or_default();
    let mut members: Vec<Member> = members
        .iter()
        .zip(open)
        .map(|(id, open)| Member { id: *id, open, last: turns.get(id).copied() })
        .collect();
    let mut given = 0;
    for ticket in tickets.into_iter().take(PER_TICK) {
        if world.clock().monotonic() >= until {
            break;
        }
        let Some(turn) = next(&members, limit) else { break };
        let Some(member) = members.get_mut(turn) else { break };
        match give(world, company, queue, ticket.id, member.id, directory).await {
            Ok(true) => {
                given += 1;
                member.open += 1;
                let now = world.clock().now();
                member.last = Some(now);
                turns.insert(member.id, now);
            }
            Ok(false) => {}
            Err(e) => {
                world.log().write(Level::Error, &format!("ticket {} was given to nobody: {e}", ticket.id));
            }
        }
    }
    if given > 0 {
        turns.retain(|id, _| members.iter().any(|m| m.id == *id));
        record.set(world.kv(), &turns).await?;
    }
    Ok(given)
}

/// Gives one ticket, if it is still to be given; whether it was.
async fn give<W: World>(
    world: &W,
    company: CompanyId,
    queue: QueueId,
    id: TicketId,
    to: EmployeeId,
    directory: &Directory,
) -> Result<bool, Refusal> {
    let reading = Ticket::journal(id)?.read(world.kv(), world.clock()).await?;
    let state = &reading.state;
    let waits = match state.assignee() {
        None => state.status.kind() == StatusKind::New,
        Some(who) => state.status.is_open() && !may_have(directory, company, who),
    };
    if !waits || state.queue() != Some(queue) {
        return Ok(false);
    }
    let mut commit = Commit::by(Actor::System("rota".into()));
    // Of two ticks that give it at the same moment one counts, whomever each has in mind.
    let fact = (format!("{id}-rota-{}", state.assigned_slot()), Fact::Assigned { employee: Some(to) });
    let row = list::record(&mut commit, company, id, &reading, vec![fact], world.clock().now())?;
    let done = commit.run(world).await?;
    list::settle_row(world, company, id, &reading, 1, done.slot(row, 0)).await;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(n: u8, open: u64, last: Option<i64>) -> Member {
        Member { id: EmployeeId::from_random([n; 16]), open, last: last.map(Timestamp) }
    }

    #[test]
    fn the_fewest_open_then_the_longest_ago_then_the_order_of_the_list() {
        let all =
            [member(1, 2, None), member(2, 1, Some(50)), member(3, 1, Some(20)), member(4, 1, Some(20))];
        assert_eq!(next(&all, 10), Some(2));
        assert_eq!(next(&[member(1, 1, Some(1)), member(2, 1, None)], 10), Some(1), "never is longest ago");
        assert_eq!(next(&all, 1), None);
        assert_eq!(next(&all, 2), Some(2));
        assert_eq!(next(&[], 5), None);
    }
}
