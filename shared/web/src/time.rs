//! Moments and sizes as people read them. Times are shown in Warsaw's.

use crate::i18n::{self, Speak};
use crate::text::Arg;
use jiff::tz::TimeZone;
use jiff::{Zoned, civil};
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
