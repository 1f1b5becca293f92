//! Deadlines (H13): until when a customer who waits is to be answered.
//!
//! A ticket's clock starts with its `waiting_since`, runs in the queue's business time, and stops with a person's answer.
//! The moment is computed when messages are taken in and when the ticket is moved, kept in the ticket by a fact of its own,
//! and copied into its row, so that neither the list nor a filter computes anything. A changed policy is brought into the
//! rows of waiting tickets by [`renew`].

use crate::error::Refusal;
use crate::list::{self, Wanted};
use crate::names;
use crate::policy::Policy;
use crate::ticket::{Fact, Ticket};
use mostek_domain::ticket::StatusKind;
use mostek_domain::{CompanyId, TicketId, Timestamp};
use mostek_ports::{Clock, Level, Log, StoreError, World};
use mostek_store::{Actor, Commit, Reading, Record};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Pages of the list that are looked through for waiting tickets: the latest 2,000 open ones. What lies further back gets
/// its new deadline with its next activity.
const PAGES: usize = 40;
/// Tickets brought up to date by one tick at most.
const PER_TICK: usize = 200;

/// What the policy says about a ticket in this state.
#[must_use]
pub fn due(ticket: &Ticket, policy: &Policy) -> Option<Timestamp> {
    let since = ticket.waiting_since().filter(|_| ticket.status.is_open())?;
    policy.due(ticket.queue()?, since, !ticket.is_answered())
}

/// The fact that brings a ticket's deadline up to date, which has to be written along with `facts`; `None` if there is none
/// and was none. What a merged ticket still holds from before is not the deadline it has, so what it would have afterwards
/// counts, too. `restart` says that the customer's waiting may begin with these facts: then it is written in any case, since
/// an answer that is written in the same moment would end the one that is known.
pub(crate) fn fact(before: &Ticket, after: &Ticket, policy: &Policy, restart: bool) -> Option<Fact> {
    let due = due(after, policy);
    let as_before = due == before.due() && due == after.due();
    let needed = if restart { due.is_some() || !as_before } else { !as_before };
    needed.then_some(Fact::Deadline { due })
}

/// How far the renewal of a company's rows is. A record: an older value that comes back only makes it look again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Progress {
    /// The change of the policy that all rows know.
    done: u64,
    /// The change that is being brought in.
    target: u64,
    /// Rows up to this slot of the list know it...
    upto: u64,
    /// ... and those above this one are younger than it.
    top: u64,
}

fn progress(company: CompanyId) -> Result<Record<Progress>, StoreError> {
    names::ours(Record::new("sla", &company.to_string()))
}

/// Brings a changed policy into the rows of waiting tickets, oldest first, so that they keep their order among themselves.
/// One read if nothing was changed. Gives how many were written.
///
/// # Errors
/// The store's; a ticket that cannot be written is logged and left to its next activity.
pub async fn renew<W: World>(
    world: &W,
    company: CompanyId,
    policy: &Policy,
    until: Duration,
) -> Result<u64, Refusal> {
    let slot = policy.deadlines_slot();
    if slot == 0 {
        return Ok(0);
    }
    let record = progress(company)?;
    let mut at = record.get(world.kv()).await?.unwrap_or_default();
    if at.done >= slot {
        return Ok(0);
    }
    let wanted = Wanted { statuses: StatusKind::OPEN.to_vec(), ..Wanted::default() };
    let anew = at.target != slot;
    if anew {
        at = Progress { done: at.done, target: slot, upto: 0, top: u64::MAX - 1 };
    }
    let mut waiting = Vec::new();
    let mut before = Some(at.top.saturating_add(1));
    for page in 0..PAGES {
        let rows = list::rows(world, company, &wanted, before).await?;
        if let Some((first, _)) = rows.rows.first().filter(|_| page == 0 && anew) {
            at.top = *first;
        }
        before = rows.next;
        let last = rows.rows.last().map_or(0, |(slot, _)| *slot);
        waiting.extend(
            rows.rows
                .into_iter()
                .filter(|(slot, row)| *slot > at.upto && (row.waiting_since.is_some() || row.due.is_some())),
        );
        if before.is_none() || last <= at.upto {
            break;
        }
    }
    waiting.sort_by_key(|(slot, _)| *slot);
    let mut written = 0;
    let all = waiting.len();
    for (n, (row, summary)) in waiting.into_iter().enumerate() {
        if n >= PER_TICK || world.clock().monotonic() >= until {
            break;
        }
        match bring_up_to_date(world, company, summary.id, policy, slot).await {
            Ok(wrote) => written += u64::from(wrote),
            Err(e) => {
                world.log().write(Level::Warning, &format!("ticket {} keeps its deadline: {e}", summary.id));
            }
        }
        at.upto = row;
        if n + 1 == all {
            at.done = slot;
        }
    }
    if all == 0 {
        at.done = slot;
    }
    record.set(world.kv(), &at).await?;
    Ok(written)
}

async fn bring_up_to_date<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    policy: &Policy,
    slot: u64,
) -> Result<bool, Refusal> {
    let reading: Reading<Ticket> = Ticket::journal(id)?.read(world.kv(), world.clock()).await?;
    let due = due(&reading.state, policy);
    if due == reading.state.due() {
        return Ok(false);
    }
    let mut commit = Commit::by(Actor::System("sla".into()));
    // Two ticks that do the same write one fact.
    let fact = (format!("{id}-sla-{slot}"), Fact::Deadline { due });
    let row = list::record(&mut commit, company, id, &reading, vec![fact], world.clock().now())?;
    let done = commit.run(world).await?;
    list::settle_row(world, company, id, &reading, 1, done.slot(row, 0)).await;
    Ok(true)
}
