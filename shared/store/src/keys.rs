//! Every key of the store is built and parsed here.
//!
//! | key | holds | written |
//! |---|---|---|
//! | `j:<kind>:<id>:n` | a journal's counter: the highest reserved slot | `increment` only |
//! | `j:<kind>:<id>:e:<slot>` | an entry | once |
//! | `j:<kind>:<id>:s<fold>:<part>` | a snapshot's part (a cache) | by anyone, whole snapshots at a time |
//! | `j:<kind>:<id>:l<leaf>:<generation>` | a page of an index, a value of what is derived (a cache) | once |
//! | `b:<id>:<part>` | a part of a blob | once |
//! | `r:<kind>:<id>` | a record for which the last write wins | by its owner |
//! | `c:<kind>:<id>` | a counter: claims, numbers | `increment` only |
//!
//! `kind` and `id` are `[A-Za-z0-9._~-]`; a whole key is at most 255 bytes (the smallest limit of the hosts we know).

use std::fmt;
use thiserror::Error;

/// The longest key in bytes (Fermyon Cloud's limit is 255).
pub const MAX_KEY: usize = 255;
/// The longest value in bytes that is ever written.
pub const MAX_VALUE: usize = 64 * 1024;
/// What is left for kind and id once the longest suffix is there.
const MAX_NAME: usize = 100;

/// A name that cannot be part of a key.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("{0:?} cannot be part of a store key")]
pub struct KeyError(String);

fn part(text: &str) -> Result<&str, KeyError> {
    let fits = !text.is_empty()
        && text.len() <= MAX_NAME
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'~' | b'-'));
    if fits { Ok(text) } else { Err(KeyError(text.chars().take(40).collect())) }
}

/// The name of one journal: what kind of thing and which one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JournalKey(String);

impl JournalKey {
    /// The journal of `id` among the `kind`s.
    ///
    /// # Errors
    /// [`KeyError`] if either has other characters than `[A-Za-z0-9._~-]` or more than 100 of them.
    pub fn new(kind: &str, id: &str) -> Result<Self, KeyError> {
        Ok(Self(format!("j:{}:{}", part(kind)?, part(id)?)))
    }

    /// The counter of reserved slots.
    #[must_use]
    pub fn counter(&self) -> String {
        format!("{}:n", self.0)
    }

    /// The entry in a slot.
    #[must_use]
    pub fn entry(&self, slot: u64) -> String {
        format!("{}:e:{slot}", self.0)
    }

    /// A part of the snapshot of a fold version.
    #[must_use]
    pub fn snapshot(&self, fold: u32, part: usize) -> String {
        format!("{}:s{fold}:{part}", self.0)
    }

    /// A page of an index.
    #[must_use]
    pub fn leaf(&self, leaf: u64, generation: &str) -> String {
        format!("{}:l{leaf}:{generation}", self.0)
    }
}

impl fmt::Display for JournalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A part of a blob.
///
/// # Errors
/// [`KeyError`] if the id cannot be part of a key.
pub fn blob(id: &str, number: usize) -> Result<String, KeyError> {
    Ok(format!("b:{}:{number}", part(id)?))
}

/// A record.
///
/// # Errors
/// [`KeyError`] if kind or id cannot be part of a key.
pub fn record(kind: &str, id: &str) -> Result<String, KeyError> {
    Ok(format!("r:{}:{}", part(kind)?, part(id)?))
}

/// A counter.
///
/// # Errors
/// [`KeyError`] if kind or id cannot be part of a key.
pub fn counter(kind: &str, id: &str) -> Result<String, KeyError> {
    Ok(format!("c:{}:{}", part(kind)?, part(id)?))
}

/// What a key is, for the tools that walk a whole store (export, repair).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed {
    /// A journal's counter.
    JournalCounter(JournalKey),
    /// An entry and its slot.
    Entry(JournalKey, u64),
    /// A cache: a snapshot's part or an index page.
    Cache(JournalKey),
    /// A blob's part.
    Blob,
    /// A record.
    Record,
    /// A counter.
    Counter,
}

/// Reads a key back; `None` if it is not one of ours.
#[must_use]
pub fn parse(key: &str) -> Option<Parsed> {
    let mut pieces = key.split(':');
    let family = pieces.next()?;
    let first = part(pieces.next()?).ok()?;
    let second = pieces.next()?;
    match family {
        "b" => second.parse::<usize>().ok().filter(|_| pieces.next().is_none()).map(|_| Parsed::Blob),
        "r" => part(second).ok().filter(|_| pieces.next().is_none()).map(|_| Parsed::Record),
        "c" => part(second).ok().filter(|_| pieces.next().is_none()).map(|_| Parsed::Counter),
        "j" => {
            let journal = JournalKey::new(first, second).ok()?;
            let what = pieces.next()?;
            let last = pieces.next();
            if pieces.next().is_some() {
                return None;
            }
            match (what, last) {
                ("n", None) => Some(Parsed::JournalCounter(journal)),
                ("e", Some(slot)) => slot.parse().ok().map(|s| Parsed::Entry(journal, s)),
                (w, Some(_)) if w.starts_with('s') || w.starts_with('l') => Some(Parsed::Cache(journal)),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refuses_what_would_collide_or_not_fit() {
        for bad in ["", "a:b", "a b", "ą", &"x".repeat(101)] {
            assert!(JournalKey::new("ticket", bad).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn every_key_is_short_and_parses_back(kind in "[A-Za-z0-9._~-]{1,100}", id in "[A-Za-z0-9._~-]{1,100}", slot: u64, fold: u32, number in 0usize..100_000) {
            let j = JournalKey::new(&kind, &id).unwrap();
            let all = [
                (j.counter(), Parsed::JournalCounter(j.clone())),
                (j.entry(slot), Parsed::Entry(j.clone(), slot)),
                (j.snapshot(fold, number), Parsed::Cache(j.clone())),
                (j.leaf(slot, "0123456789abcdef"), Parsed::Cache(j.clone())),
                (blob(&id, number).unwrap(), Parsed::Blob),
                (record(&kind, &id).unwrap(), Parsed::Record),
                (counter(&kind, &id).unwrap(), Parsed::Counter),
            ];
            for (key, parsed) in all {
                prop_assert!(key.len() <= MAX_KEY, "{} is {} bytes", key, key.len());
                prop_assert!(key.bytes().all(|b| b.is_ascii_alphanumeric() || b"._:~-".contains(&b)));
                prop_assert_eq!(parse(&key), Some(parsed));
            }
        }

        #[test]
        fn parsing_never_panics(key in ".*") {
            let _ = parse(&key);
        }
    }
}
