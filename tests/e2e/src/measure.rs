//! Latency, throughput and store operations of one call.

use std::fmt;
use std::time::{Duration, Instant};

use futures::stream::{self, StreamExt as _};
use serde_json::Value;

use crate::client::Client;

/// Requests under way at once while throughput is measured.
const AT_ONCE: usize = 8;

/// What was measured of one call.
#[derive(Debug, Clone)]
pub struct Measured {
    /// What was called.
    pub name: String,
    /// Half of the calls, one after the other, took at most this long.
    pub p50: Duration,
    /// 99 of 100 took at most this long.
    pub p99: Duration,
    /// Calls per second with eight under way; `None` if the call was not repeated at once.
    pub per_second: Option<f64>,
    /// Store operations of one call: reads, and increments, batches and deletions together.
    pub operations: (u64, u64),
    /// What else there is to say.
    pub note: String,
}

impl Measured {
    /// The heading of a table of these.
    pub fn heading() -> String {
        format!(
            "{:<40} {:>9} {:>9} {:>8} {:>7} {:>6} {:>6}  {}",
            "operation", "p50 ms", "p99 ms", "req/s", "x floor", "reads", "writes", "note"
        )
    }

    /// One line of the table; `floor` is the fastest possible call.
    pub fn line(&self, floor: Duration) -> String {
        let per_second = self.per_second.map_or_else(|| "-".to_owned(), |n| format!("{n:.0}"));
        let ratio = self.p50.as_secs_f64() / floor.as_secs_f64();
        format!(
            "{:<40} {:>9.2} {:>9.2} {:>8} {:>7.1} {:>6} {:>6}  {}",
            self.name,
            self.p50.as_secs_f64() * 1e3,
            self.p99.as_secs_f64() * 1e3,
            per_second,
            ratio,
            self.operations.0,
            self.operations.1,
            self.note
        )
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line(self.p50))
    }
}

/// The store operations so far, as the host counts them: reads, writes.
pub async fn operations(base: &str) -> (u64, u64) {
    let counted = Client::new(base).get("/.well-known/mostek/operations").await.json();
    let number = |name: &str| counted.get(name).and_then(Value::as_u64).unwrap_or(0);
    (number("reads"), number("increments") + number("set_manys") + number("deletes"))
}

/// Measures a call: `times` one after the other, then as many with eight under way.
pub async fn measure<F: Future<Output = ()>>(
    name: &str,
    base: &str,
    times: usize,
    call: impl Fn() -> F,
) -> Measured {
    call().await;
    let before = operations(base).await;
    call().await;
    let after = operations(base).await;
    let mut took = Vec::with_capacity(times);
    for _ in 0..times {
        let began = Instant::now();
        call().await;
        took.push(began.elapsed());
    }
    let began = Instant::now();
    stream::iter(0..times).map(|_| call()).buffer_unordered(AT_ONCE).count().await;
    let per_second = Some(times as f64 / began.elapsed().as_secs_f64());
    let operations = (after.0 - before.0, after.1 - before.1);
    let (p50, p99) = percentiles(took);
    Measured { name: name.to_owned(), p50, p99, per_second, operations, note: String::new() }
}

/// Measures a call that cannot be repeated as it is: each of `times` calls is prepared first.
pub async fn measure_prepared<P: Future<Output = ()>, F: Future<Output = ()>>(
    name: &str,
    base: &str,
    times: usize,
    prepare: impl Fn() -> P,
    call: impl Fn() -> F,
) -> Measured {
    let mut took = Vec::with_capacity(times);
    let mut counted = (0, 0);
    for _ in 0..times {
        prepare().await;
        let before = operations(base).await;
        let began = Instant::now();
        call().await;
        took.push(began.elapsed());
        let after = operations(base).await;
        counted = (after.0 - before.0, after.1 - before.1);
    }
    let (p50, p99) = percentiles(took);
    Measured { name: name.to_owned(), p50, p99, per_second: None, operations: counted, note: String::new() }
}

fn percentiles(mut took: Vec<Duration>) -> (Duration, Duration) {
    took.sort();
    let at = |share: f64| {
        let place = (took.len() as f64 * share).ceil() as usize;
        took.get(place.saturating_sub(1)).or(took.last()).copied().unwrap_or_default()
    };
    (at(0.5), at(0.99))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let ms = |n| Duration::from_millis(n);
        assert_eq!(percentiles((1..=100).rev().map(ms).collect()), (ms(50), ms(99)));
        assert_eq!(percentiles(vec![ms(3)]), (ms(3), ms(3)));
        assert_eq!(percentiles(Vec::new()), (ms(0), ms(0)));
    }
}
