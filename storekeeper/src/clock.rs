//! The machine's clock.

use mostek_ports::{Clock, Timestamp};
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

/// Real time.
pub(crate) struct SystemClock;

static BEGINNING: OnceLock<Instant> = OnceLock::new();

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the adapter that the others get their time from")]
    fn now(&self) -> Timestamp {
        Timestamp(0).plus(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
    }

    #[expect(clippy::disallowed_methods, reason = "this is the adapter that the others get their time from")]
    fn monotonic(&self) -> Duration {
        let now = Instant::now();
        now.saturating_duration_since(*BEGINNING.get_or_init(|| now))
    }

    async fn sleep(&self, d: Duration) {
        std::thread::sleep(d);
    }
}
