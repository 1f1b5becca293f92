//! When to try again.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Exponential waiting with jitter.
///
/// The n-th wait (from 0) is between half of and the whole of `first * 2^n`, at most `longest`: the random half keeps
/// many failed attempts from coming back together. What the other side asks for is a lower bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backoff {
    /// The longest first wait, in milliseconds.
    pub first_ms: u64,
    /// The longest wait at all, in milliseconds.
    pub longest_ms: u64,
}

impl Backoff {
    /// For polling: from 5 s to 15 min.
    pub const POLL: Self = Self { first_ms: 5_000, longest_ms: 900_000 };
    /// For sending: from 10 s to 1 h.
    pub const SEND: Self = Self { first_ms: 10_000, longest_ms: 3_600_000 };

    /// More than this is not waited even when the other side asks for it: a broken answer must not stop a connection
    /// for ever.
    pub const LONGEST_ASKED: Duration = Duration::from_secs(86_400);

    /// How long to wait after `failures` failed attempts in a row (1 after the first; 0 counts as 1).
    ///
    /// `random` is any evenly spread number; `retry_after` is what the other side asked for.
    #[must_use]
    pub fn wait(&self, failures: u32, random: u64, retry_after: Option<Duration>) -> Duration {
        let doubled = 1u64.checked_shl(failures.saturating_sub(1)).unwrap_or(u64::MAX);
        let whole = self.first_ms.saturating_mul(doubled).min(self.longest_ms);
        let half = whole / 2;
        let own = Duration::from_millis(half + random % (whole - half + 1));
        own.max(retry_after.unwrap_or_default().min(Self::LONGEST_ASKED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const B: Backoff = Backoff { first_ms: 1_000, longest_ms: 60_000 };

    #[test]
    fn doubles_until_the_longest() {
        let longest = |n| (0..2_000_000).step_by(997).map(|r| B.wait(n, r, None)).max().unwrap().as_millis();
        assert_eq!(B.wait(1, 500, None), Duration::from_millis(1_000));
        assert_eq!(B.wait(1, 0, None), Duration::from_millis(500));
        assert_eq!(B.wait(2, 0, None), Duration::from_millis(1_000));
        assert_eq!(B.wait(7, 0, None), Duration::from_millis(30_000));
        assert!((59_000..=60_000).contains(&longest(7)));
        assert!(longest(u32::MAX) <= 60_000);
    }

    #[test]
    fn what_the_other_side_asks_for_is_waited_within_reason() {
        assert_eq!(B.wait(1, 0, Some(Duration::from_secs(90))), Duration::from_secs(90));
        assert_eq!(B.wait(7, 0, Some(Duration::from_secs(1))), Duration::from_secs(30));
        assert_eq!(B.wait(1, 0, Some(Duration::MAX)), Backoff::LONGEST_ASKED);
    }

    proptest! {
        #[test]
        fn always_within_its_bounds(failures: u32, random: u64, first_ms in 0u64..=u64::MAX, longest_ms in 0u64..=u64::MAX) {
            let b = Backoff { first_ms, longest_ms };
            let wait = b.wait(failures, random, None);
            prop_assert!(wait <= Duration::from_millis(longest_ms));
            prop_assert!(wait >= Duration::from_millis(first_ms.min(longest_ms) / 2));
        }
    }
}
