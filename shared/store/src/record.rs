//! Small values for which "the last write wins" is right: progress that may go back, caches, display state.
//!
//! A repeated or late write may bring an older value back at any moment; whoever uses a record says why that is harmless.

use crate::access::{corrupt, retry};
use crate::keys::{self, KeyError, MAX_VALUE};
use mostek_ports::{KeyValue, StoreError};
use serde::{Serialize, de::DeserializeOwned};
use std::marker::PhantomData;

/// One JSON value under one key.
#[derive(Debug, Clone)]
pub struct Record<T> {
    key: String,
    value: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned> Record<T> {
    /// The record of `id` among the `kind`s.
    ///
    /// # Errors
    /// [`KeyError`] if either cannot be part of a key.
    pub fn new(kind: &str, id: &str) -> Result<Self, KeyError> {
        Ok(Self { key: keys::record(kind, id)?, value: PhantomData })
    }

    /// The stored value.
    ///
    /// # Errors
    /// The store's, or [`StoreError::Corrupt`] if it holds something else.
    pub async fn get(&self, kv: &impl KeyValue) -> Result<Option<T>, StoreError> {
        let bytes = retry(|| kv.get(&self.key)).await?;
        bytes.map(|b| serde_json::from_slice(&b).map_err(|e| corrupt(&self.key, e))).transpose()
    }

    /// Key and bytes, to ride along in a commit.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if the value is longer than a value may be.
    pub fn pair(&self, value: &T) -> Result<(String, Vec<u8>), StoreError> {
        let bytes = serde_json::to_vec(value).map_err(|e| corrupt(&self.key, e))?;
        if bytes.len() > MAX_VALUE {
            return Err(corrupt(&self.key, format_args!("{} bytes are too long for a record", bytes.len())));
        }
        Ok((self.key.clone(), bytes))
    }

    /// Stores a value: one write.
    ///
    /// # Errors
    /// The store's; then the value may or may not be there.
    pub async fn set(&self, kv: &impl KeyValue, value: &T) -> Result<(), StoreError> {
        kv.set_many(&[self.pair(value)?]).await
    }

    /// Removes the value: one write.
    ///
    /// # Errors
    /// The store's.
    pub async fn delete(&self, kv: &impl KeyValue) -> Result<(), StoreError> {
        kv.delete_many(std::slice::from_ref(&self.key)).await
    }
}
