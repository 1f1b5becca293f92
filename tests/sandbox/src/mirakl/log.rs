//! The record of requests to the API.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

use super::faults::{Effect, Operation};

/// Requests that are kept; the counts go on beyond it.
const KEPT: usize = 5_000;

/// One request.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Its number, from 1.
    pub number: u64,
    /// When it came, milliseconds since 1970 UTC.
    pub at: i64,
    /// The operation, if it is one.
    pub operation: Option<Operation>,
    /// `GET`, `POST`, …
    pub method: String,
    /// Path without query.
    pub path: String,
    /// Query as sent, without `?`.
    pub query: String,
    /// The label of the key, never the key itself; `None` for an absent or unknown one.
    pub key: Option<String>,
    /// The status answered; `None` while it is held, and when the connection was closed without an answer.
    pub status: Option<u16>,
    /// The effects of faults on it.
    pub faults: Vec<Effect>,
}

/// All requests since the last reset.
#[derive(Debug, Default)]
pub struct Log {
    entries: VecDeque<Entry>,
    counts: BTreeMap<Operation, u64>,
    last: u64,
}

impl Log {
    /// Notes that a request came in; returns its number.
    pub fn begin(&mut self, mut entry: Entry) -> u64 {
        self.last += 1;
        entry.number = self.last;
        if let Some(operation) = entry.operation {
            *self.counts.entry(operation).or_default() += 1;
        }
        self.entries.push_back(entry);
        if self.entries.len() > KEPT {
            self.entries.pop_front();
        }
        self.last
    }

    /// Notes how it was answered.
    pub fn end(&mut self, number: u64, status: Option<u16>) {
        if let Some(entry) = self.entries.iter_mut().rev().find(|entry| entry.number == number) {
            entry.status = status;
        }
    }

    /// The kept requests, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }

    /// How often each operation was called, kept or not.
    pub fn counts(&self) -> &BTreeMap<Operation, u64> {
        &self.counts
    }

    /// How many requests came in.
    pub fn total(&self) -> u64 {
        self.last
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}
