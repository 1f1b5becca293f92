//! Moments and sizes as people read them. Times are shown in Warsaw's.

use crate::i18n::{self, Speak};
use crate::text::Arg;
use jiff::tz::TimeZone;
use jiff::{Zoned, civil};
use mostek_api::Moment;
use mostek_domain::Language;
use mostek_ports::Timestamp;

/// Compiled in: a component has no time zone database, and the whole one would cost more than the rest of this crate.
static WARSAW: TimeZone = jiff::tz::get!("Europe/Warsaw");

/// The moment on Warsaw's clocks; `None` outside the years -9999 to 9999.
fn zoned(moment: Timestamp) -> Option<Zoned> {
    Some(jiff::Timestamp::from_millisecond(moment.0).ok()?.to_zoned(WARSAW.clone()))
}

/// RFC 3339 in UTC, for programs and `datetime` attributes: `2026-05-12T10:00:00Z`.
#[must_use]
pub fn iso(moment: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(moment.0).map(|t| t.to_string()).unwrap_or_default()
}

/// A moment as the API sends it.
#[must_use]
pub fn moment(at: Timestamp) -> Moment {
    Moment(iso(at))
}

/// Reads RFC 3339, for instance `2026-05-12T10:00:00Z`; `None` if it is anything else.
#[must_use]
pub fn parse_iso(text: &str) -> Option<Timestamp> {
    text.trim().parse::<jiff::Timestamp>().ok().map(|t| Timestamp(t.as_millisecond()))
}

/// The value of a date input, `2026-05-12`, for the day in Warsaw.
#[must_use]
pub fn input_date(moment: Timestamp) -> String {
    zoned(moment).map(|z| z.date().to_string()).unwrap_or_default()
}

/// Reads the value of a date input: the beginning of that day in Warsaw.
#[must_use]
pub fn parse_input_date(text: &str) -> Option<Timestamp> {
    let date: civil::Date = text.trim().parse().ok()?;
    date.to_zoned(WARSAW.clone()).ok().map(|z| Timestamp(z.timestamp().as_millisecond()))
}

/// The value of a date and time input, `2026-05-12T12:00`, on Warsaw's clocks.
#[must_use]
pub fn input_moment(moment: Timestamp) -> String {
    zoned(moment).map(|z| z.strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
}

/// Reads the value of a date and time input. A moment that the clocks leave out in spring is taken as the one after.
#[must_use]
pub fn parse_input_moment(text: &str) -> Option<Timestamp> {
    let moment: civil::DateTime = text.trim().parse().ok()?;
    moment.to_zoned(WARSAW.clone()).ok().map(|z| Timestamp(z.timestamp().as_millisecond()))
}

/// The first moment after `now` at which Warsaw's clocks show `hour`, at the earliest `days` midnights later; with `weekday`
/// (Monday is 1) on such a day.
#[must_use]
pub fn next_at(now: Timestamp, days: u8, hour: i8, weekday: Option<i8>) -> Option<Timestamp> {
    let today = zoned(now)?.date();
    for ahead in i32::from(days)..=i32::from(days).saturating_add(7) {
        let date = today.checked_add(jiff::Span::new().try_days(ahead).ok()?).ok()?;
        if weekday.is_some_and(|w| date.weekday().to_monday_one_offset() != w) {
            continue;
        }
        let at = date.at(hour, 0, 0, 0).to_zoned(WARSAW.clone()).ok()?;
        let at = Timestamp(at.timestamp().as_millisecond());
        if at > now {
            return Some(at);
        }
    }
    None
}

/// Date and time to the minute: `12.05.2026, 12:00`, in English `12 May 2026, 12:00`.
#[must_use]
pub fn absolute(language: Language, moment: Timestamp) -> String {
    zoned(moment)
        .map(|z| format!("{}, {:02}:{:02}", day(language, z.date()), z.hour(), z.minute()))
        .unwrap_or_default()
}

/// The date: `12.05.2026`, in English `12 May 2026`.
#[must_use]
pub fn date(language: Language, moment: Timestamp) -> String {
    zoned(moment).map(|z| day(language, z.date())).unwrap_or_default()
}

/// The time of day: `12:00`.
#[must_use]
pub fn clock(moment: Timestamp) -> String {
    zoned(moment).map(|z| format!("{:02}:{:02}", z.hour(), z.minute())).unwrap_or_default()
}

fn day(language: Language, d: civil::Date) -> String {
    match language {
        Language::Pl | Language::Ru => format!("{:02}.{:02}.{:04}", d.day(), d.month(), d.year()),
        Language::En => d.strftime("%-d %b %Y").to_string(),
    }
}

/// How long ago, or how soon: `teraz`, `5 min temu`, `za 2 godz.`, `wczoraj, 14:05`; from a week on the date.
#[must_use]
pub fn relative(language: Language, now: Timestamp, moment: Timestamp) -> String {
    let seconds = now.0.saturating_sub(moment.0) / 1000;
    let (ago, s) = (seconds >= 0, seconds.saturating_abs());
    let key = |past: &'static str, future: &'static str| if ago { past } else { future };
    let days = calendar_days_between(moment, now);
    match s {
        0..45 => language.t("common-time-now"),
        45..3600 => {
            language.n(key("common-time-minutes-ago", "common-time-in-minutes"), ((s + 30) / 60).max(1))
        }
        3600..86_400 if days == 0 || s < 6 * 3600 => {
            language.n(key("common-time-hours-ago", "common-time-in-hours"), (s + 1800) / 3600)
        }
        _ => match days {
            1 => language.with("common-time-yesterday", "time", clock(moment)),
            -1 => language.with("common-time-tomorrow", "time", clock(moment)),
            2..7 => language.n("common-time-days-ago", days),
            -6..-1 => language.n("common-time-in-days", -days),
            _ => date(language, moment),
        },
    }
}

/// Midnights in Warsaw from `earlier` to `later`.
fn calendar_days_between(earlier: Timestamp, later: Timestamp) -> i64 {
    let (Some(a), Some(b)) = (zoned(earlier), zoned(later)) else { return i64::MAX };
    a.date().until(b.date()).map_or(i64::MAX, |span| i64::from(span.get_days()))
}

/// A size: `950 B`, `12 kB`, `10 MB`, `1,5 MB` (in English `1.5 MB`). One MB is 1,000,000 bytes.
#[must_use]
pub fn bytes(language: Language, n: u64) -> String {
    let (unit, size) = match n {
        0..1000 => return format!("{n}\u{a0}B"),
        1000..1_000_000 => ("kB", 1000),
        1_000_000..1_000_000_000 => ("MB", 1_000_000),
        _ => ("GB", 1_000_000_000),
    };
    let tenths = n.saturating_mul(10) / size;
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let whole_text = i18n::number(language, i64::try_from(whole).unwrap_or(i64::MAX));
    if tenth == 0 || whole >= 100 {
        return format!("{whole_text}\u{a0}{unit}");
    }
    let point = if language == Language::En { '.' } else { ',' };
    format!("{whole_text}{point}{tenth}\u{a0}{unit}")
}

/// A number of bytes as an argument of a text.
#[must_use]
pub fn size(n: u64) -> Arg {
    Arg::Bytes(n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// 2026-05-12T10:00:00Z, noon in Warsaw.
    const NOW: Timestamp = Timestamp(1_778_580_000_000);

    fn ago(seconds: u64) -> Timestamp {
        NOW.minus(Duration::from_secs(seconds))
    }

    #[test]
    fn times_are_warsaws_in_summer_and_winter() {
        assert_eq!(absolute(Language::Pl, NOW), "12.05.2026, 12:00");
        assert_eq!(absolute(Language::En, NOW), "12 May 2026, 12:00");
        // 2026-01-12T10:00:00Z
        assert_eq!(absolute(Language::Ru, Timestamp(1_768_212_000_000)), "12.01.2026, 11:00");
        assert_eq!(iso(NOW), "2026-05-12T10:00:00Z");
    }

    #[test]
    fn a_moment_goes_through_its_input_and_back() {
        assert_eq!(input_moment(NOW), "2026-05-12T12:00");
        assert_eq!(parse_input_moment("2026-05-12T12:00"), Some(NOW));
        assert_eq!(parse_input_moment("2026-05-12T12:00:30").map(|t| t.0), Some(NOW.0 + 30_000));
        for wrong in ["", "tomorrow", "2026-13-01T10:00", "2026-05-12T25:00"] {
            assert_eq!(parse_input_moment(wrong), None, "{wrong}");
        }
        // 2026-03-29: from two o'clock to three.
        assert_eq!(input_moment(parse_input_moment("2026-03-29T02:30").unwrap()), "2026-03-29T03:30");
    }

    #[test]
    fn the_next_time_of_day_is_found_on_warsaws_clocks() {
        // A Tuesday, noon.
        let at = |days, hour, weekday| input_moment(next_at(NOW, days, hour, weekday).unwrap());
        assert_eq!(at(0, 16, None), "2026-05-12T16:00");
        assert_eq!(at(0, 9, None), "2026-05-13T09:00");
        assert_eq!(at(1, 9, None), "2026-05-13T09:00");
        assert_eq!(at(1, 9, Some(1)), "2026-05-18T09:00");
        assert_eq!(at(1, 9, Some(2)), "2026-05-19T09:00");
    }

    #[test]
    fn what_is_recent_is_told_relatively() {
        let pl = |s| relative(Language::Pl, NOW, ago(s));
        assert_eq!(pl(10), "teraz");
        assert_eq!(pl(300), "5 min temu");
        assert_eq!(pl(2 * 3600), "2 godz. temu");
        assert_eq!(pl(24 * 3600), "wczoraj, 12:00");
        assert_eq!(pl(3 * 86_400), "3 dni temu");
        assert_eq!(pl(30 * 86_400), "12.04.2026");
        assert_eq!(relative(Language::Pl, NOW, NOW.plus(Duration::from_secs(1800))), "za 30 min");
        assert_eq!(relative(Language::Pl, NOW, NOW.plus(Duration::from_secs(86_400))), "jutro, 12:00");
        assert_eq!(relative(Language::Ru, NOW, ago(3 * 86_400)), "3 дня назад");
        assert_eq!(relative(Language::En, NOW, ago(300)), "5 min ago");
    }

    #[test]
    fn before_midnight_and_not_long_ago_is_still_in_hours() {
        // 00:30 in Warsaw, two hours after 22:30 of the day before.
        let after_midnight = Timestamp(NOW.0 - 11 * 3_600_000 - 1_800_000);
        let evening = after_midnight.minus(Duration::from_secs(7200));
        assert_eq!(relative(Language::Pl, after_midnight, evening), "2 godz. temu");
    }

    #[test]
    fn the_ends_of_time_do_not_break_anything() {
        for t in [i64::MIN, i64::MAX, 0] {
            let _ = (
                relative(Language::Pl, NOW, Timestamp(t)),
                absolute(Language::En, Timestamp(t)),
                iso(Timestamp(t)),
            );
        }
    }

    #[test]
    fn sizes_are_short() {
        let pl = |n| bytes(Language::Pl, n).replace('\u{a0}', " ");
        assert_eq!(
            [pl(0), pl(999), pl(12_000), pl(1_500_000), pl(10_000_000)],
            ["0 B", "999 B", "12 kB", "1,5 MB", "10 MB"]
        );
        assert_eq!(bytes(Language::En, 1_500_000), "1.5\u{a0}MB");
    }
}
