//! What the proofs of the journal share: an aggregate that remembers every fact, and lapses put between the real code and
//! the store.
#![allow(dead_code)]

pub mod lapse;

use mostek_store::{Aggregate, Entry, Journal, JournalKey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Folds to every fact with the slots it was counted in.
#[derive(Debug)]
pub struct Ledger;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub facts: BTreeMap<String, Vec<u64>>,
    /// A field that is overwritten: the slot that set it and what it set.
    pub latest: (u64, String),
}

impl Aggregate for Ledger {
    type Fact = String;
    type State = Counted;
    const FOLD: u32 = 1;
    fn apply(state: &mut Counted, entry: &Entry<String>) {
        state.facts.entry(entry.fact.clone()).or_default().push(entry.slot);
        if entry.slot > state.latest.0 {
            state.latest = (entry.slot, entry.fact.clone());
        }
    }
}

pub fn journal(number: u64) -> Journal<Ledger> {
    Journal::at(JournalKey::new("ledger", &number.to_string()).unwrap())
}
