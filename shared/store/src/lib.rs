//! Data structures on an ordinary key-value store that lose nothing and count nothing twice.
//!
//! The base is the append-only [`journal`]: a slot is reserved by `increment`, the entry is written once into its slot,
//! the state is the fold of the entries. [`commit`] writes to several journals at once. [`index`] is a list sorted by last
//! activity, [`blob`] holds bytes too long for one value, [`record`] small values for which "last write wins" is right,
//! [`claim`] counters that let one caller act, [`derived`] what is computed from journals and can be computed again, of
//! which [`postings`] is an inverted index. Words of a person are taken out of entries by [`Journal::redact`]. [`keys`] is the only module that builds keys.
//!
//! The protocol, its proof obligations and what breaks it: docs/journal-protocol.md. This crate knows the
//! [`KeyValue`](mostek_ports::KeyValue) port and never an engine.

pub mod blob;
pub mod claim;
pub mod commit;
pub mod derived;
pub mod index;
pub mod journal;
pub mod keys;
pub mod postings;
pub mod record;

mod access;
mod erase;
mod packed;

pub use blob::{Blob, BlobRef};
pub use claim::Claim;
pub use commit::{Commit, Committed};
pub use derived::{Derived, Garbage, Place};
pub use index::{Filter, Index, Match, Page, Row, RowRef};
pub use journal::{Actor, Aggregate, Entry, Journal, Reading};
pub use keys::{JournalKey, KeyError};
pub use postings::{Postings, Term};
pub use record::Record;
