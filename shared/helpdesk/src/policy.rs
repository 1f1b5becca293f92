//! How a company's service desk works: business hours, and of each queue its deadlines, who gets its tickets, and what is
//! answered by itself (H13, H17).
//!
//! One journal per company beside the [desk](crate::desk)'s, because it is read with every message that is taken in.

use crate::error::Refusal;
use crate::{connection, desk, names};
use mostek_domain::{Calendar, CompanyId, ConnectionId, EmployeeId, QueueId, Timestamp};
use mostek_ports::{Clock, Random, StoreError, World};
use mostek_store::{Actor, Aggregate, Commit, Entry, Journal, Reading};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// Members of one round robin at most.
pub const MOST_MEMBERS: usize = 100;
/// Rules for automatic replies of one company at most.
pub const MOST_RULES: usize = 100;
/// Characters in an automatic reply at most.
pub const TEXT_CHARS: usize = 4_000;
/// The longest time to answer in minutes of business time: sixty days around the clock.
pub const LONGEST_SLA: u32 = 60 * 24 * 60;
/// The longest delay of an automatic reply in seconds.
pub const LONGEST_DELAY: u32 = 24 * 3600;
/// Open tickets that one person can be given by turns, at most.
pub const MOST_OPEN: u32 = 1_000;

/// Within how many minutes of business time a customer is to be answered; `None` is no deadline.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sla {
    /// The first time.
    pub first: Option<u32>,
    /// From the second time on.
    pub next: Option<u32>,
}

/// Who gets a queue's new tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Assignment {
    /// Nobody, until somebody takes them.
    #[default]
    Nobody,
    /// The members in turn.
    RoundRobin {
        /// Those.
        members: Vec<EmployeeId>,
        /// Nobody is given a ticket who has this many open ones.
        limit: u32,
    },
}

/// How one queue works.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuePolicy {
    /// Its own hours, or the company's.
    pub hours: Option<Calendar>,
    /// When answers are due.
    pub sla: Sla,
    /// Who gets its tickets.
    pub assignment: Assignment,
}

/// On what an automatic reply is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// The first message of a conversation.
    First,
    /// A message outside business hours.
    Outside,
    /// None: an [automation](crate::automation) wrote it.
    Automation,
}

impl Occasion {
    /// Those that rules can be for.
    pub const ALL: [Self; 2] = [Self::First, Self::Outside];

    /// A stable name, for addresses and catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Outside => "outside",
            Self::Automation => "automation",
        }
    }

    /// The occasion of a slug, of those that rules can be for.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.slug() == slug)
    }
}

/// One automatic reply: of a connection and queue there is one for each occasion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Through which connection the message came.
    pub connection: ConnectionId,
    /// The queue its ticket is in.
    pub queue: QueueId,
    /// On what.
    pub occasion: Occasion,
    /// The text with variables `{customer}` `{order}` `{shop}`.
    pub text: String,
    /// Seconds after the message before which it does not leave.
    pub delay: u32,
    /// Since when it is switched on; `None`: it is off. Messages from before are not answered.
    pub since: Option<Timestamp>,
}

impl Rule {
    fn is_of(&self, connection: ConnectionId, queue: QueueId, occasion: Occasion) -> bool {
        (self.connection, self.queue, self.occasion) == (connection, queue, occasion)
    }
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// The company's hours were set.
    Hours {
        /// Those.
        hours: Calendar,
    },
    /// A queue's ways were set.
    Queue {
        /// The queue.
        id: QueueId,
        /// How it works.
        policy: QueuePolicy,
    },
    /// An automatic reply was set, switched on or off.
    Rule {
        /// That.
        rule: Rule,
    },
}

/// A value with the slot that set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Slotted<T> {
    slot: u64,
    value: T,
}

/// What it folds to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    hours: Option<Slotted<Calendar>>,
    queues: BTreeMap<QueueId, Slotted<QueuePolicy>>,
    rules: Vec<Slotted<Rule>>,
}

impl Aggregate for Policy {
    type Fact = Fact;
    type State = Self;
    const FOLD: u32 = 1;

    fn apply(state: &mut Self, entry: &Entry<Fact>) {
        let slot = entry.slot;
        match &entry.fact {
            Fact::Hours { hours } => {
                if state.hours.as_ref().is_none_or(|h| h.slot < slot) {
                    state.hours = Some(Slotted { slot, value: hours.clone() });
                }
            }
            Fact::Queue { id, policy } => {
                if state.queues.get(id).is_none_or(|q| q.slot < slot) {
                    state.queues.insert(*id, Slotted { slot, value: policy.clone() });
                }
            }
            Fact::Rule { rule } => {
                let new = Slotted { slot, value: rule.clone() };
                let same = |r: &&mut Slotted<Rule>| r.value.is_of(rule.connection, rule.queue, rule.occasion);
                match state.rules.iter_mut().find(same) {
                    Some(r) if r.slot < slot => *r = new,
                    Some(_) => {}
                    None => state.rules.push(new),
                }
            }
        }
    }
}

impl Policy {
    /// The company's hours; around the clock until somebody sets them.
    #[must_use]
    pub fn company_hours(&self) -> Calendar {
        self.hours.as_ref().map(|h| h.value.clone()).unwrap_or_default()
    }

    /// Whether anybody has set the company's hours.
    #[must_use]
    pub fn has_hours(&self) -> bool {
        self.hours.is_some()
    }

    /// How a queue works.
    #[must_use]
    pub fn queue(&self, id: QueueId) -> QueuePolicy {
        self.queues.get(&id).map(|q| q.value.clone()).unwrap_or_default()
    }

    /// The queues that give their tickets to members in turn.
    #[must_use]
    pub fn rotas(&self) -> Vec<(QueueId, Vec<EmployeeId>, u32)> {
        self.queues
            .iter()
            .filter_map(|(id, q)| match &q.value.assignment {
                Assignment::RoundRobin { members, limit } if !members.is_empty() => {
                    Some((*id, members.clone(), *limit))
                }
                _ => None,
            })
            .collect()
    }

    /// The hours of a queue: its own, or the company's.
    #[must_use]
    pub fn hours(&self, queue: QueueId) -> Calendar {
        self.queues.get(&queue).and_then(|q| q.value.hours.clone()).unwrap_or_else(|| self.company_hours())
    }

    /// Until when a customer who waits since `since` is to be answered, for the first time or again.
    #[must_use]
    pub fn due(&self, queue: QueueId, since: Timestamp, first: bool) -> Option<Timestamp> {
        let sla = self.queues.get(&queue)?.value.sla;
        let minutes = if first { sla.first } else { sla.next }?;
        self.hours(queue).add_business_time(since, Duration::from_secs(u64::from(minutes) * 60))
    }

    /// The slot of the last change that may move deadlines; 0 if there was none.
    #[must_use]
    pub fn deadlines_slot(&self) -> u64 {
        let queues = self.queues.values().map(|q| q.slot);
        queues.chain(self.hours.as_ref().map(|h| h.slot)).max().unwrap_or(0)
    }

    /// All automatic replies, also those that are switched off.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|r| &r.value)
    }

    /// An automatic reply that is switched on.
    #[must_use]
    pub fn rule(&self, connection: ConnectionId, queue: QueueId, occasion: Occasion) -> Option<&Rule> {
        self.rules().find(|r| r.is_of(connection, queue, occasion) && r.since.is_some())
    }

    /// Whether anything is answered by itself in this queue of this connection.
    #[must_use]
    pub fn answers(&self, connection: ConnectionId, queue: QueueId) -> bool {
        Occasion::ALL.into_iter().any(|o| self.rule(connection, queue, o).is_some())
    }

    /// Whether anything is answered by itself in any queue of this connection.
    #[must_use]
    pub fn answers_anywhere(&self, connection: ConnectionId) -> bool {
        self.rules().any(|r| r.connection == connection && r.since.is_some())
    }
}

fn journal(company: CompanyId) -> Result<Journal<Policy>, StoreError> {
    Ok(Journal::at(names::policy(company)?))
}

/// Reads a company's policy: two reads.
///
/// # Errors
/// The store's.
pub async fn read<W: World>(world: &W, company: CompanyId) -> Result<Reading<Policy>, StoreError> {
    journal(company)?.read(world.kv(), world.clock()).await
}

async fn write<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    reading: &Reading<Policy>,
    fact: Fact,
) -> Result<(), Refusal> {
    let mut commit = Commit::by(actor);
    let id = format!("{:016x}", world.random().u64());
    commit.append(&journal(company)?, Some(reading), vec![(id, fact)]);
    commit.run(world).await?;
    Ok(())
}

/// Sets the company's hours.
///
/// # Errors
/// The store's.
pub async fn set_hours<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    hours: Calendar,
) -> Result<(), Refusal> {
    let reading = read(world, company).await?;
    write(world, company, actor, &reading, Fact::Hours { hours }).await
}

/// Sets how a queue works. Whether the members may have tickets is for the caller to know; those who lose the right are
/// given none.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::TooMany`] members; the store's.
pub async fn set_queue<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: QueueId,
    policy: QueuePolicy,
) -> Result<(), Refusal> {
    let desk = desk::read(world, company).await?.state;
    if !desk.queues.iter().any(|q| q.id == id) {
        return Err(Refusal::NotFound("queue"));
    }
    if let Assignment::RoundRobin { members, .. } = &policy.assignment
        && members.len() > MOST_MEMBERS
    {
        return Err(Refusal::TooMany { limit: MOST_MEMBERS });
    }
    let reading = read(world, company).await?;
    write(world, company, actor, &reading, Fact::Queue { id, policy }).await
}

/// Sets an automatic reply and whether it is on. One that is switched on answers messages from now on; one that was on
/// already goes on from when it was.
///
/// # Errors
/// [`Refusal::NotFound`] connection or queue; [`Refusal::TooMany`], [`Refusal::TooLong`]; the store's.
pub async fn set_rule<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    mut rule: Rule,
    on: bool,
) -> Result<(), Refusal> {
    connection::of_company(world, company, rule.connection).await?;
    let desk = desk::read(world, company).await?.state;
    if !desk.queues.iter().any(|q| q.id == rule.queue) {
        return Err(Refusal::NotFound("queue"));
    }
    if rule.text.chars().count() > TEXT_CHARS {
        return Err(Refusal::TooLong { limit: TEXT_CHARS });
    }
    let reading = read(world, company).await?;
    let before = reading.state.rules().find(|r| r.is_of(rule.connection, rule.queue, rule.occasion));
    if before.is_none() && reading.state.rules.len() >= MOST_RULES {
        return Err(Refusal::TooMany { limit: MOST_RULES });
    }
    let since = before.and_then(|r| r.since);
    rule.since = on.then(|| since.unwrap_or_else(|| world.clock().now()));
    write(world, company, actor, &reading, Fact::Rule { rule }).await
}
