//! The clocks.

use mostek_ports::{Clock, Timestamp};
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

/// The engine's clocks; `std` reads them through WASI.
#[derive(Clone, Copy, Default)]
pub struct SpinClock;

/// What the instance's monotonic clock showed when it was first read.
static BEGINNING: OnceLock<Instant> = OnceLock::new();

#[expect(clippy::disallowed_methods, reason = "this is the adapter that all others get their time from")]
fn instant() -> Instant {
    Instant::now()
}

impl Clock for SpinClock {
    #[expect(clippy::disallowed_methods, reason = "this is the adapter that all others get their time from")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Timestamp(0).plus(since)
    }

    fn monotonic(&self) -> Duration {
        let beginning = *BEGINNING.get_or_init(instant);
        instant().saturating_duration_since(beginning)
    }

    async fn sleep(&self, d: Duration) {
        spin_sdk::time::sleep(d).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_clock_counts_milliseconds_since_1970_and_the_monotonic_one_never_goes_back() {
        let year_2024 = Timestamp(1_704_067_200_000);
        let year_2200 = Timestamp(7_258_118_400_000);
        assert!((year_2024..year_2200).contains(&SpinClock.now()));
        let first = SpinClock.monotonic();
        assert!(SpinClock.monotonic() >= first);
    }
}
