//! What one tick does: the jobs of every capability, within one budget of time.

use mostek_ports::{Clock, World};
use serde::Serialize;
use std::time::Duration;

/// What a tick did, for the scheduler's log.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// Marketplaces polled, replies sent, lists tidied.
    pub helpdesk: mostek_helpdesk::tick::Report,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// Works through what is due for about `budget`, as the monotonic clock tells. Safe to call at any moment, twice at once,
/// or never for a day.
pub(crate) async fn tick<W: World>(world: &W, budget: Duration) -> Report {
    let began = world.clock().monotonic();
    let helpdesk = mostek_helpdesk::tick::tick(world, budget).await;
    let took = world.clock().monotonic().saturating_sub(began);
    Report { helpdesk, took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX) }
}
