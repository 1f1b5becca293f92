//! The key-value port: only what is sound on every engine (docs/decisions/0002).

use futures::future::join_all;
use thiserror::Error;

/// Why a store operation has no answer.
///
/// After an error of a *write* nothing is known: it may have taken effect, may take effect later, or never.
/// An error is never a missing key.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// The engine refused or failed; the text is its own.
    #[error("the store did not answer: {0}")]
    Failed(String),
    /// The component has no right to the store (a mistake in the manifest).
    #[error("the store refused access: {0}")]
    Denied(String),
    /// A stored value is not what its key promises.
    #[error("the value under {key} cannot be read: {reason}")]
    Corrupt {
        /// The key.
        key: String,
        /// What was wrong.
        reason: String,
    },
}

/// A store of byte values under text keys, as `spin:key-value` and `wasi:keyvalue` offer it, less what is unsound.
///
/// Keys are at most 255 bytes of `[A-Za-z0-9._:~/-]`; values are at most 64 KiB (both kept by `mostek-store`).
/// There is no listing and no compare-and-swap on purpose.
#[allow(async_fn_in_trait)]
pub trait KeyValue {
    /// The value under `key`, or `None` if there is none.
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// The values under several keys, one answer per key in the order of `keys`: what single [`KeyValue::get`]s at the same
    /// time would answer. They need not be of one moment. An engine that can read many at once does (MGET of a Redis).
    async fn get_many(&self, keys: &[String]) -> Vec<Result<Option<Vec<u8>>, StoreError>> {
        join_all(keys.iter().map(|key| self.get(key))).await
    }

    /// The value of a counter that is only ever changed by [`KeyValue::increment`]; 0 if it was never incremented.
    async fn counter(&self, key: &str) -> Result<u64, StoreError>;

    /// Adds `by` (at least 1) to a counter and returns the sum: every returned value goes to one caller only.
    /// An error leaves it unknown whether the sum was taken.
    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError>;

    /// Writes all pairs: in one transaction on SQLite and a single Redis.
    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError>;

    /// Deletes keys; a missing key is fine.
    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError>;
}

impl<T: KeyValue> KeyValue for &T {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        (**self).get(key).await
    }
    async fn get_many(&self, keys: &[String]) -> Vec<Result<Option<Vec<u8>>, StoreError>> {
        (**self).get_many(keys).await
    }
    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        (**self).counter(key).await
    }
    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        (**self).increment(key, by).await
    }
    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        (**self).set_many(pairs).await
    }
    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        (**self).delete_many(keys).await
    }
}
