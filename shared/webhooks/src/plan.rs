//! When a webhook of ours is sent again: the plan of the Standard Webhooks specification.

use http::StatusCode;
use std::time::Duration;

/// How long to wait before each attempt, counted from the one before.
pub const WAITS: [Duration; 10] = [
    Duration::ZERO,
    Duration::from_secs(5),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 3600),
    Duration::from_secs(5 * 3600),
    Duration::from_secs(10 * 3600),
    Duration::from_secs(14 * 3600),
    Duration::from_secs(20 * 3600),
    Duration::from_secs(24 * 3600),
];
/// How long the other side may take to answer.
pub const TIME_LIMIT: Duration = Duration::from_secs(20);
/// A wish to wait that is longer than this is not followed.
const LONGEST_WISH: Duration = Duration::from_secs(24 * 3600);

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It was taken.
    Taken,
    /// It was not; it is tried again.
    Failed,
    /// Nothing is wanted at this address any more.
    Gone,
}

impl Answer {
    /// What a status means. Redirects are failures: the address is an administrator's to change.
    #[must_use]
    pub fn of(status: StatusCode) -> Self {
        match status.as_u16() {
            200..300 => Self::Taken,
            410 => Self::Gone,
            _ => Self::Failed,
        }
    }
}

/// How long to wait after `attempts` attempts, all of them in vain; `None` when it was the last one. `random` spreads the
/// attempts by up to a tenth, and a wish of the other side (`retry-after`) is followed where it is longer.
#[must_use]
pub fn wait(attempts: u32, random: u64, wish: Option<Duration>) -> Option<Duration> {
    let planned = *WAITS.get(usize::try_from(attempts).ok()?)?;
    let spread = u64::try_from(planned.as_millis()).unwrap_or(0) / 10;
    let jitter = Duration::from_millis(if spread == 0 { 0 } else { random % spread });
    let wish = wish.unwrap_or_default().min(LONGEST_WISH);
    Some(planned.saturating_add(jitter).max(wish))
}

/// The wish in a `retry-after` header: seconds. A date is not followed: clocks differ.
#[must_use]
pub fn retry_after(value: &str) -> Option<Duration> {
    let value = value.trim();
    (value.len() <= 9 && value.bytes().all(|b| b.is_ascii_digit()))
        .then(|| value.parse().ok().map(Duration::from_secs))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_of_the_specification_with_a_little_chance() {
        assert_eq!(wait(0, 7, None), Some(Duration::ZERO));
        for (attempts, planned) in WAITS.iter().enumerate() {
            for random in [0, 1, u64::MAX] {
                let wait = wait(u32::try_from(attempts).unwrap(), random, None).unwrap();
                assert!(wait >= *planned && wait <= *planned + *planned / 10, "{attempts}: {wait:?}");
            }
        }
        assert_eq!(wait(10, 0, None), None);
        assert_eq!(wait(u32::MAX, 0, Some(Duration::from_secs(1))), None);
    }

    #[test]
    fn a_wish_to_wait_longer_is_followed_within_a_day() {
        assert_eq!(wait(1, 0, Some(Duration::from_secs(60))), Some(Duration::from_secs(60)));
        assert_eq!(wait(2, 0, Some(Duration::from_secs(60))), Some(Duration::from_secs(300)));
        assert_eq!(wait(1, 0, Some(Duration::MAX)), Some(LONGEST_WISH));
        assert_eq!(retry_after(" 120 "), Some(Duration::from_secs(120)));
        for no in ["", "-1", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999"] {
            assert_eq!(retry_after(no), None, "{no}");
        }
    }

    #[test]
    fn only_2xx_is_taken() {
        let of = |n: u16| Answer::of(StatusCode::from_u16(n).unwrap());
        for n in [200, 201, 202, 204, 299] {
            assert_eq!(of(n), Answer::Taken);
        }
        for n in [100, 301, 302, 304, 307, 400, 401, 404, 429, 500, 502, 504] {
            assert_eq!(of(n), Answer::Failed);
        }
        assert_eq!(of(410), Answer::Gone);
    }
}
