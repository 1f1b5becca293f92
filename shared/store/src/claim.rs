//! Counters that hand each number to one caller only.
//!
//! A claim is *at most once*: two callers never get the same number, but a number whose answer was lost, or whose
//! holder crashed, is nobody's. Something must come again: the next period, the next attempt.

use crate::access::retry;
use crate::keys::{self, KeyError};
use mostek_ports::{KeyValue, StoreError};

/// A counter under its own key.
#[derive(Debug, Clone)]
pub struct Claim {
    key: String,
}

impl Claim {
    /// The counter of `id` among the `kind`s.
    ///
    /// # Errors
    /// [`KeyError`] if either cannot be part of a key.
    pub fn new(kind: &str, id: &str) -> Result<Self, KeyError> {
        Ok(Self { key: keys::counter(kind, id)? })
    }

    /// Takes the next number: one write. The first caller ever gets 1.
    ///
    /// # Errors
    /// The store's; then a number may be wasted.
    pub async fn take(&self, kv: &impl KeyValue) -> Result<u64, StoreError> {
        kv.increment(&self.key, 1).await
    }

    /// Takes `count` numbers at once and returns the first of them; a failed attempt is repeated and wastes numbers.
    ///
    /// # Errors
    /// The store's.
    pub async fn take_many(&self, kv: &impl KeyValue, count: u64) -> Result<u64, StoreError> {
        let count = count.max(1);
        let last = retry(|| kv.increment(&self.key, count)).await?;
        Ok(last.saturating_sub(count).saturating_add(1))
    }

    /// The highest number taken so far, 0 if none.
    ///
    /// # Errors
    /// The store's.
    pub async fn taken(&self, kv: &impl KeyValue) -> Result<u64, StoreError> {
        retry(|| kv.counter(&self.key)).await
    }
}
