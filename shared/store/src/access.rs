//! Reading keys so that an error is never taken for a missing key.

use mostek_ports::{KeyValue, StoreError};
use std::future::Future;

/// How many keys are read at the same time: enough to make a page one round trip, few enough for any host.
const CONCURRENT: usize = 128;
/// A failed read is tried this often before the whole reading fails.
const TRIES: u32 = 3;

/// Whether the same read may go well the next time.
fn may_pass(e: &StoreError) -> bool {
    matches!(e, StoreError::Failed(_))
}

/// Repeats a read that failed.
pub(crate) async fn retry<T, F: Future<Output = Result<T, StoreError>>>(
    mut read: impl FnMut() -> F,
) -> Result<T, StoreError> {
    let mut last = None;
    for _ in 0..TRIES {
        match read().await {
            Ok(v) => return Ok(v),
            Err(e) if may_pass(&e) => last = Some(e),
            Err(e) => return Err(e),
        }
    }
    Err(last.unwrap_or_else(|| StoreError::Failed("no answer".into())))
}

/// Reads many keys, those that failed again, and answers in the order of the keys.
pub(crate) async fn get_all(kv: &impl KeyValue, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
    let mut all = Vec::with_capacity(keys.len());
    for some in keys.chunks(CONCURRENT) {
        let mut answers = kv.get_many(some).await;
        for _ in 1..TRIES {
            let failed: Vec<usize> = (0..)
                .zip(&answers)
                .filter(|(_, a)| matches!(a, Err(e) if may_pass(e)))
                .map(|(i, _)| i)
                .collect();
            if failed.is_empty() {
                break;
            }
            let keys: Vec<String> = failed.iter().filter_map(|i| some.get(*i).cloned()).collect();
            for (i, answer) in failed.into_iter().zip(kv.get_many(&keys).await) {
                if let Some(place) = answers.get_mut(i) {
                    *place = answer;
                }
            }
        }
        for answer in answers {
            all.push(answer?);
        }
    }
    Ok(all)
}

/// A value that is not what its key promises.
pub(crate) fn corrupt(key: &str, reason: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt { key: key.to_owned(), reason: reason.to_string() }
}
