//! Periods of whole days on Warsaw's clocks.

use crate::time;
use mostek_ports::Timestamp;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

/// The midnights of `count` days from the one in which `first` is, and the one after the last of them.
#[must_use]
pub fn midnights(first: Timestamp, count: usize) -> Vec<Timestamp> {
    let Some(mut at) = time::parse_input_date(&time::input_date(first)) else { return Vec::new() };
    let mut all = vec![at];
    for _ in 0..count {
        let Some(next) = time::next_at(at, 0, 0, None) else { break };
        all.push(next);
        at = next;
    }
    all
}

/// The last `count` days, today being the last.
#[must_use]
pub fn last(now: Timestamp, count: usize) -> Vec<Timestamp> {
    let days = u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX);
    // From noon, so that an hour more or less does not change the day.
    let noon = time::parse_input_date(&time::input_date(now)).unwrap_or(now).plus(12 * HOUR);
    midnights(noon.minus((24 * HOUR).saturating_mul(days)), count)
}

/// The days from one date input's value to another's, both included, at most `most`. `None` if either is no date, the last
/// is before the first, or there are more.
#[must_use]
pub fn between(first: &str, last: &str, most: usize) -> Option<Vec<Timestamp>> {
    let (first, last) = (time::parse_input_date(first)?, time::parse_input_date(last)?);
    // Days have 23 to 25 hours.
    let days = last.since(first).saturating_add(HOUR).as_secs() / (24 * 3600);
    let count = usize::try_from(days).ok()?.checked_add(1)?;
    (last >= first && count <= most).then(|| midnights(first, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_warsaws_midnights_also_when_clocks_change() {
        let days = between("2026-03-28", "2026-03-30", 10).unwrap();
        assert_eq!(
            days.iter().map(|d| time::iso(*d)).collect::<Vec<_>>(),
            ["2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z"]
        );
        let autumn = between("2026-10-24", "2026-10-26", 10).unwrap();
        assert_eq!(autumn.len(), 4);
        assert_eq!(between("2026-01-01", "2026-12-31", 366).unwrap().len(), 366);
    }

    #[test]
    fn the_last_days_end_with_today() {
        // 2026-05-12T22:30:00Z is half past midnight in Warsaw.
        let now = time::parse_iso("2026-05-12T22:30:00Z").unwrap();
        let days = last(now, 7);
        assert_eq!(days.len(), 8);
        assert_eq!(
            (time::input_date(days[0]), time::input_date(days[6])),
            ("2026-05-07".into(), "2026-05-13".into())
        );
        assert!(days[6] <= now && now < days[7]);
        assert_eq!(last(time::parse_iso("2026-03-30T12:00:00Z").unwrap(), 3).len(), 4);
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for (first, last) in
            [("", "2026-01-01"), ("2026-01-02", "2026-01-01"), ("2024-01-01", "2026-01-01"), ("x", "y")]
        {
            assert_eq!(between(first, last, 366), None, "{first} {last}");
        }
        assert_eq!(between("2026-01-01", "2026-01-01", 366).unwrap().len(), 2);
    }
}
