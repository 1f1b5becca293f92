//! Latency, throughput and store operations of one call.

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

/// What was measured on one store, and on which.
#[derive(Debug, Clone)]
pub struct Column {
    /// The store's name.
    pub store: &'static str,
    /// The fastest possible call.
    pub floor: Measured,
    /// Everything else, in the same order for every store.
    pub rows: Vec<Measured>,
}

/// A table with the same calls on each store side by side; every ratio is to the floor of its own run.
pub fn table(columns: &[Column]) -> String {
    let mut text = format!("{:<38}", "");
    for column in columns {
        text.push_str(&format!(" | {:^53}", column.store));
    }
    text.push_str(&format!("\n{:<38}", "operation"));
    for _ in columns {
        let heads = ("p50 ms", "p99 ms", "req/s", "x floor", "reads", "writes");
        let (p50, p99, per_second, floor, reads, writes) = heads;
        text.push_str(&format!(" | {p50:>8} {p99:>8} {per_second:>7} {floor:>8} {reads:>9} {writes:>8}"));
    }
    text.push_str("  note\n");
    let count = columns.iter().map(|c| c.rows.len()).min().unwrap_or(0);
    for n in 0..=count {
        let of = |column: &Column| match n.checked_sub(1) {
            None => Some(column.floor.clone()),
            Some(n) => column.rows.get(n).cloned(),
        };
        let Some(first) = columns.first().and_then(of) else { continue };
        text.push_str(&format!("{:<38}", first.name));
        for column in columns {
            let Some(m) = of(column) else { continue };
            text.push_str(&format!(" | {}", m.cells(column.floor.p50)));
        }
        text.push_str(&format!("  {}\n", first.note));
    }
    text
}

impl Measured {
    fn cells(&self, floor: Duration) -> String {
        let per_second = self.per_second.map_or_else(|| "-".to_owned(), |n| format!("{n:.0}"));
        format!(
            "{:>8.2} {:>8.2} {:>7} {:>8.1} {:>9} {:>8}",
            self.p50.as_secs_f64() * 1e3,
            self.p99.as_secs_f64() * 1e3,
            per_second,
            self.p50.as_secs_f64() / floor.as_secs_f64(),
            self.operations.0,
            self.operations.1,
        )
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

    #[test]
    fn stores_stand_side_by_side_row_by_row() {
        let measured = |name: &str, ms: u64| Measured {
            name: name.to_owned(),
            p50: Duration::from_millis(ms),
            p99: Duration::from_millis(ms),
            per_second: None,
            operations: (ms, 1),
            note: "a note".to_owned(),
        };
        let column = |store, factor| Column {
            store,
            floor: measured("floor", factor),
            rows: vec![measured("sign-in", 7 * factor)],
        };
        let text = table(&[column("sqlite", 1), column("redis", 2)]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4, "{text}");
        assert!(lines[0].contains("sqlite") && lines[0].contains("redis"));
        let ratios: Vec<&str> = lines[3].split_whitespace().filter(|word| *word == "7.0").collect();
        assert_eq!(ratios.len(), 2, "each to its own floor: {text}");
    }
}
