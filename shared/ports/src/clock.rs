//! Time as a port.

use std::time::Duration;

/// Points in time are the domain's: what a clock reads is what rules compare and records keep.
pub use mostek_domain::Timestamp;

/// Reads clocks and waits.
#[allow(async_fn_in_trait)]
pub trait Clock {
    /// The wall clock. Different machines disagree about it, so nothing that must be safe may rest on it.
    fn now(&self) -> Timestamp;

    /// A clock that never goes back, from an unknown beginning; comparable only within one process.
    fn monotonic(&self) -> Duration;

    /// Comes back after at least `d`.
    async fn sleep(&self, d: Duration);
}
