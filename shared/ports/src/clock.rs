//! Time as a port.

use std::time::Duration;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This moment plus a duration; saturates at the end of time.
    #[must_use]
    pub fn plus(self, d: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
    }

    /// This moment less a duration; saturates at the beginning of time.
    #[must_use]
    pub fn minus(self, d: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero if it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

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
