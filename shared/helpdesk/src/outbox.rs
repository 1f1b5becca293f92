//! Which replies are not settled yet, in all companies: what the timer looks at.

use crate::names;
use crate::ticket::{Outcome, Reply};
use mostek_domain::{CompanyId, ReplyId, TicketId, Timestamp};
use mostek_ports::StoreError;
use mostek_store::{Aggregate, Entry, Journal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A reply that something is still due for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Its company.
    pub company: CompanyId,
    /// Its ticket.
    pub ticket: TicketId,
    /// When to look at it.
    pub due: Timestamp,
    /// The slot that said so. Not stored with the fact: the entry has it.
    #[serde(default)]
    pub slot: u64,
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// A reply is to be looked at, first or again.
    Due {
        /// The reply.
        reply: ReplyId,
        /// What about it.
        #[serde(flatten)]
        pending: Pending,
    },
    /// Nothing is due for it any more.
    Settled {
        /// The reply.
        reply: ReplyId,
        /// What its writer knew: something that became due later stays due.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        upto: Option<u64>,
    },
}

/// What it folds to. A reply that a late entry brings back is looked at once more and found settled in its ticket, which
/// alone decides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbox {
    /// All that is pending.
    pub pending: BTreeMap<ReplyId, Pending>,
}

impl Aggregate for Outbox {
    type Fact = Fact;
    type State = Self;
    const FOLD: u32 = 1;

    fn apply(state: &mut Self, entry: &Entry<Fact>) {
        match &entry.fact {
            Fact::Due { reply, pending } => {
                let pending = Pending { slot: entry.slot, ..pending.clone() };
                if state.pending.get(reply).is_none_or(|p| p.slot < pending.slot) {
                    state.pending.insert(*reply, pending);
                }
            }
            Fact::Settled { reply, upto } => {
                let known = upto.unwrap_or(entry.slot);
                if state.pending.get(reply).is_some_and(|p| p.slot <= known) {
                    state.pending.remove(reply);
                }
            }
        }
    }
}

/// The journal.
///
/// # Errors
/// Never.
pub fn journal() -> Result<Journal<Outbox>, StoreError> {
    Ok(Journal::at(names::outbox()?))
}

/// What the outbox has to say after an outcome for a reply.
pub(crate) fn after(company: CompanyId, ticket: TicketId, reply: &Reply, outcome: &Outcome) -> Fact {
    match outcome {
        Outcome::NotSent { due, .. } | Outcome::Unknown { due, .. } => {
            Fact::Due { reply: reply.id, pending: Pending { company, ticket, due: *due, slot: 0 } }
        }
        Outcome::Released => {
            Fact::Due { reply: reply.id, pending: Pending { company, ticket, due: reply.due, slot: 0 } }
        }
        Outcome::Sent { .. } | Outcome::Refused { .. } | Outcome::Uncertain { .. } => {
            Fact::Settled { reply: reply.id, upto: None }
        }
    }
}
