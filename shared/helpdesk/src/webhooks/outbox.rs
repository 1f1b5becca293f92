//! Our events on their way to endpoints, in all companies: what the timer looks at.
//!
//! What is sent stands beside the journal, under the delivery's id, and is deleted once nobody can ask for it any more: it
//! holds what customers and consultants wrote, which must not outlive its use.
//!
//! Delivery is at least once by its nature: an answer may be lost after the other side has acted. It recognises a repeated
//! message by its id, which is the same at every attempt.

use crate::names;
use mostek_domain::{CompanyId, DeliveryId, Timestamp, WebhookId};
use mostek_ports::StoreError;
use mostek_store::{Aggregate, Entry, Journal, Record};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Deliveries of one endpoint that wait at most; more are not taken.
pub const MOST: usize = 1_000;

/// What came of one claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// The other side has it.
    Delivered,
    /// It has not, or it is not known; it is tried again.
    Failed {
        /// When.
        due: Timestamp,
    },
    /// It was the last attempt.
    GivenUp,
    /// Somebody else was sending at the same moment, or has crashed.
    Busy {
        /// When to look again.
        due: Timestamp,
    },
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// An event is to be told.
    Due {
        /// The delivery.
        delivery: DeliveryId,
        /// Where to.
        endpoint: WebhookId,
        /// Whose.
        company: CompanyId,
        /// The event's type.
        kind: String,
        /// When.
        due: Timestamp,
    },
    /// Somebody wants it to be told once more.
    Again {
        /// The delivery.
        delivery: DeliveryId,
        /// Where to.
        endpoint: WebhookId,
        /// Whose.
        company: CompanyId,
        /// The event's type.
        kind: String,
        /// Claims that were taken before.
        claims: u64,
        /// When.
        due: Timestamp,
    },
    /// A claim to send it is closed.
    Attempt {
        /// The delivery.
        delivery: DeliveryId,
        /// The claim's number.
        claim: u64,
        /// What came of it.
        #[serde(flatten)]
        outcome: Outcome,
    },
    /// Its endpoint is not told any more.
    Dropped {
        /// The delivery.
        delivery: DeliveryId,
    },
}

/// A delivery that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Where to.
    pub endpoint: WebhookId,
    /// Whose.
    pub company: CompanyId,
    /// The event's type.
    pub kind: String,
    /// When it is due.
    pub due: Timestamp,
    /// Attempts in vain.
    pub attempts: u32,
    /// Claims that are closed.
    pub claims: u64,
    /// The slot that put it here: of those due at one moment the lowest goes first.
    pub slot: u64,
}

/// What waits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbox {
    /// All of it.
    pub pending: BTreeMap<DeliveryId, Pending>,
}

impl Outbox {
    /// How many wait for an endpoint.
    #[must_use]
    pub fn waiting(&self, endpoint: WebhookId) -> usize {
        self.pending.values().filter(|p| p.endpoint == endpoint).count()
    }
}

impl Aggregate for Outbox {
    type Fact = Fact;
    type State = Self;
    const FOLD: u32 = 2;

    fn apply(state: &mut Self, entry: &Entry<Fact>) {
        let new =
            |endpoint: &WebhookId, company: &CompanyId, kind: &String, due: &Timestamp, claims| Pending {
                endpoint: *endpoint,
                company: *company,
                kind: kind.clone(),
                due: *due,
                attempts: 0,
                claims,
                slot: entry.slot,
            };
        match &entry.fact {
            Fact::Due { delivery, endpoint, company, kind, due } => {
                let pending = new(endpoint, company, kind, due, 0);
                state.pending.entry(*delivery).or_insert(pending);
            }
            Fact::Again { delivery, endpoint, company, kind, claims, due } => {
                state.pending.insert(*delivery, new(endpoint, company, kind, due, *claims));
            }
            Fact::Attempt { delivery, claim, outcome } => {
                let Some(p) = state.pending.get_mut(delivery) else { return };
                p.claims = p.claims.max(*claim);
                match outcome {
                    Outcome::Delivered | Outcome::GivenUp => {
                        state.pending.remove(delivery);
                    }
                    Outcome::Failed { due } => {
                        p.attempts = p.attempts.saturating_add(1);
                        p.due = *due;
                    }
                    Outcome::Busy { due } => p.due = *due,
                }
            }
            Fact::Dropped { delivery } => {
                state.pending.remove(delivery);
            }
        }
    }
}

/// What a delivery sends, byte for byte. A record that is written once, with the fact that it is due; what a late repeat
/// brings back is deleted with the next erasing of whom it is about, or stays unread.
///
/// # Errors
/// Never.
pub(super) fn body(delivery: DeliveryId) -> Result<Record<String>, StoreError> {
    names::ours(Record::new("webhook-body", &delivery.to_string()))
}

/// The journal.
///
/// # Errors
/// Never.
pub fn journal() -> Result<Journal<Outbox>, StoreError> {
    Ok(Journal::at(names::webhook_outbox()?))
}
