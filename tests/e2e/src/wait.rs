//! Waiting for a state, with a bound.

use std::time::{Duration, Instant};

/// Asks again every 20 ms until there is an answer.
///
/// # Panics
/// After `limit`, naming what was waited for and what was seen last.
pub async fn eventually<T, F: Future<Output = Result<T, String>>>(
    what: &str,
    limit: Duration,
    mut ask: impl FnMut() -> F,
) -> T {
    let began = Instant::now();
    loop {
        match ask().await {
            Ok(found) => return found,
            Err(seen) => assert!(began.elapsed() < limit, "{what}: not within {limit:?}; last seen: {seen}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
