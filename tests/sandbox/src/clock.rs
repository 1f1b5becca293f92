//! The wall clock, and dates in the marketplace's notation.

use jiff::tz::TimeZone;
use jiff::{Timestamp, fmt::temporal::DateTimePrinter};

/// The time now, in milliseconds since 1970-01-01T00:00:00Z. The stand-in is a world of its own, so it reads the clock
/// itself; a hub under test never sees this function, only dates in answers.
pub fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// ISO 8601 in UTC with `Z`. Milliseconds are left out when they are zero, as Mirakl's general notes promise for
/// every date that leaves the platform.
pub fn iso(ms: i64) -> String {
    let at = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let precision = if ms.rem_euclid(1000) == 0 { 0 } else { 3 };
    DateTimePrinter::new().precision(Some(precision)).timestamp_to_string(&at)
}

/// Reads an ISO 8601 date with an offset; `None` for anything else, also for a date without an offset.
pub fn parse_iso(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(|at| at.as_millisecond())
}

/// Date and time as a person in Poland reads them, for the panel: `22.11.2026 01:30:05`.
pub fn polish_local(ms: i64) -> String {
    // The rule of Central Europe, so that no time zone database has to be on the machine.
    let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC);
    let at = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone);
    at.strftime("%d.%m.%Y %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_have_no_fraction_and_others_have_three_digits() {
        assert_eq!(iso(1_759_394_196_000), "2025-10-02T08:36:36Z");
        assert_eq!(iso(1_759_394_196_480), "2025-10-02T08:36:36.480Z");
    }

    #[test]
    fn reads_offsets_and_refuses_a_date_without_one() {
        assert_eq!(parse_iso("2025-10-02T10:36:36+02:00"), Some(1_759_394_196_000));
        assert_eq!(parse_iso("2025-10-02T08:36:36.479Z"), Some(1_759_394_196_479));
        assert_eq!(parse_iso("2025-10-02T08:36:36"), None);
        assert_eq!(parse_iso("2025-10-02T10:36:36 02:00"), None);
    }

    #[test]
    fn local_time_follows_summer_time() {
        assert_eq!(polish_local(1_759_394_196_000), "02.10.2025 10:36:36");
        assert_eq!(polish_local(1_763_775_005_000), "22.11.2025 02:30:05");
    }
}
