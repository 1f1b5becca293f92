//! Tickets that were put aside until a moment, in all companies, and their coming back (H13).
//!
//! The ticket alone says whether it is put aside; this journal only says when to look at it. A message wakes a ticket without
//! asking here, and an entry that is looked at in vain is settled. [Automatic replies](crate::automatic) keep their notes in the same
//! form under another key.

use crate::error::Refusal;
use crate::ticket::{Fact as TicketFact, Ticket};
use crate::{front, list, names};
use mostek_domain::{CompanyId, TicketId, Timestamp};
use mostek_ports::{Clock, Level, Log, Random, StoreError, World};
use mostek_store::{Actor, Aggregate, Commit, Entry, Journal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// Tickets looked at by one tick at most; the rest is the next one's.
const MOST: usize = 200;

/// When to look at a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// Its company.
    pub company: CompanyId,
    /// When.
    pub until: Timestamp,
    /// The slot that said so. Not stored with the fact: the entry has it.
    #[serde(default)]
    pub slot: u64,
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// A ticket was put aside.
    Until {
        /// The ticket.
        ticket: TicketId,
        /// Until when.
        #[serde(flatten)]
        alarm: Alarm,
    },
    /// It was looked at.
    Rung {
        /// The ticket.
        ticket: TicketId,
        /// What its writer knew: an alarm that was set later stays.
        upto: u64,
    },
}

/// What it folds to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarms {
    /// All that are set.
    pub set: BTreeMap<TicketId, Alarm>,
}

impl Aggregate for Alarms {
    type Fact = Fact;
    type State = Self;
    const FOLD: u32 = 1;

    fn apply(state: &mut Self, entry: &Entry<Fact>) {
        match &entry.fact {
            Fact::Until { ticket, alarm } => {
                if state.set.get(ticket).is_none_or(|a| a.slot < entry.slot) {
                    state.set.insert(*ticket, Alarm { slot: entry.slot, ..*alarm });
                }
            }
            // A late entry may bring an alarm back: it rings once more, in vain.
            Fact::Rung { ticket, upto } => {
                if state.set.get(ticket).is_some_and(|a| a.slot <= *upto) {
                    state.set.remove(ticket);
                }
            }
        }
    }
}

fn journal() -> Result<Journal<Alarms>, StoreError> {
    Ok(Journal::at(names::snoozed()?))
}

/// Sets the alarm in the commit that puts the ticket aside.
pub(crate) fn set(
    commit: &mut Commit<'_>,
    id: &str,
    ticket: TicketId,
    company: CompanyId,
    until: Timestamp,
) -> Result<(), StoreError> {
    let fact = Fact::Until { ticket, alarm: Alarm { company, until, slot: 0 } };
    commit.append::<Alarms>(&journal()?, None, vec![(id.to_owned(), fact)]);
    Ok(())
}

/// Sets alarms of several tickets, each with the id of its fact.
pub(crate) fn set_all(
    commit: &mut Commit<'_>,
    tickets: Vec<(String, TicketId)>,
    company: CompanyId,
    until: Timestamp,
) -> Result<(), StoreError> {
    let alarm = Alarm { company, until, slot: 0 };
    let facts = tickets.into_iter().map(|(id, ticket)| (id, Fact::Until { ticket, alarm })).collect();
    commit.append::<Alarms>(&journal()?, None, facts);
    Ok(())
}

/// Makes tickets whose moment has come New again, until none is left or `until` (monotonic) is reached. Gives how many.
///
/// # Errors
/// The store's, if the alarms cannot be read; a ticket that cannot be woken is logged and tried again by the next tick.
pub async fn wake_due<W: World>(world: &W, until: Duration) -> Result<u64, Refusal> {
    let reading = journal()?.read(world.kv(), world.clock()).await?;
    let now = world.clock().now();
    let mut due: Vec<(TicketId, Alarm)> =
        reading.state.set.iter().filter(|(_, a)| a.until <= now).map(|(t, a)| (*t, *a)).collect();
    due.sort_by_key(|(_, a)| a.until);
    let mut woken = 0;
    for (ticket, alarm) in due.into_iter().take(MOST) {
        if world.clock().monotonic() >= until {
            break;
        }
        match ring(world, ticket, alarm, reading.upto()).await {
            Ok(woke) => woken += u64::from(woke),
            Err(e) => world.log().write(Level::Error, &format!("ticket {ticket} was not woken: {e}")),
        }
    }
    // Blind appends leave a tail that the next tick would read again.
    if reading.tail() > 16 {
        journal()?.write_snapshot(world.kv(), &reading).await?;
    }
    Ok(woken)
}

/// Looks at one ticket; whether it was woken.
async fn ring<W: World>(world: &W, ticket: TicketId, alarm: Alarm, upto: u64) -> Result<bool, Refusal> {
    let reading = Ticket::journal(ticket)?.read(world.kv(), world.clock()).await?;
    let now = world.clock().now();
    let status = reading.state.status;
    let wakes = status.at(now) != status;
    let mut commit = Commit::by(Actor::System("snooze".into()));
    // The alarm's slot: two timers that wake a ticket at the same moment write one fact.
    let id = format!("{ticket}-woken-{}", alarm.slot);
    // Set when a ticket is merged, and when something is said in one that is worked on elsewhere: whoever took a message in
    // without knowing of that, or did not get to telling it, has finished by now.
    if reading.state.front().is_some() || reading.state.wants_successor() {
        front::tell(world, alarm.company, ticket).await?;
    }
    let row = if wakes {
        let fact = TicketFact::Status { status: status.at(now) };
        Some(list::record(&mut commit, alarm.company, ticket, &reading, vec![(id, fact)], now)?)
    } else {
        None
    };
    let rung = (format!("{:016x}", world.random().u64()), Fact::Rung { ticket, upto });
    commit.append::<Alarms>(&journal()?, None, vec![rung]);
    let done = commit.run(world).await?;
    if let Some(row) = row {
        list::settle_row(world, alarm.company, ticket, &reading, 1, done.slot(row, 0)).await;
    }
    Ok(wakes)
}
