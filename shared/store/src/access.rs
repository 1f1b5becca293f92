//! Reading keys so that an error is never taken for a missing key.

use futures::future::join_all;
use mostek_ports::{KeyValue, StoreError};
use std::future::Future;

/// How many single gets run at the same time: enough to make a page one round trip, few enough for any host.
const CONCURRENT: usize = 128;
/// A failed read is tried this often before the whole reading fails.
const TRIES: u32 = 3;

/// Repeats a read that failed.
pub(crate) async fn retry<T, F: Future<Output = Result<T, StoreError>>>(
    mut read: impl FnMut() -> F,
) -> Result<T, StoreError> {
    let mut last = None;
    for _ in 0..TRIES {
        match read().await {
            Ok(v) => return Ok(v),
            Err(e @ (StoreError::Denied(_) | StoreError::Corrupt { .. })) => return Err(e),
            Err(e) => last = Some(e),
        }
    }
    Err(last.unwrap_or_else(|| StoreError::Failed("no answer".into())))
}

/// Reads many keys by concurrent single gets (a batch get is broken on Spin's Redis and drops missing keys on SQLite),
/// answers in the order of the keys.
pub(crate) async fn get_all(kv: &impl KeyValue, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
    let mut all = Vec::with_capacity(keys.len());
    for some in keys.chunks(CONCURRENT) {
        for answer in join_all(some.iter().map(|k| retry(|| kv.get(k)))).await {
            all.push(answer?);
        }
    }
    Ok(all)
}

/// A value that is not what its key promises.
pub(crate) fn corrupt(key: &str, reason: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt { key: key.to_owned(), reason: reason.to_string() }
}
