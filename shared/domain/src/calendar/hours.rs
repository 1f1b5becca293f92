//! Opening hours: spans of a day, a week of them, and days that are different.

use jiff::civil;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use thiserror::Error;

/// Minutes of a day.
const DAY: u16 = 24 * 60;
/// Spans of one day at most.
const MOST_SPANS: usize = 8;
/// Days that are different, at most.
pub const MOST_EXCEPTIONS: usize = 400;

/// What is wrong with hours as they were typed.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum CalendarError {
    /// A text that is not spans like `8:00-16:00, 18:00-20:00`.
    #[error("not spans of a day: {text:?}")]
    Spans {
        /// The text.
        text: String,
    },
    /// Two spans of a day overlap.
    #[error("spans overlap: {text:?}")]
    Overlap {
        /// The text.
        text: String,
    },
    /// A line that does not begin with a date like `2026-12-31`.
    #[error("not a date: {text:?}")]
    Date {
        /// The text.
        text: String,
    },
    /// A date that is there twice.
    #[error("a date twice: {text:?}")]
    Twice {
        /// The date.
        text: String,
    },
    /// Too many days that are different.
    #[error("more than {limit} days")]
    TooMany {
        /// The limit.
        limit: usize,
    },
}

impl CalendarError {
    /// A stable name, for catalogues.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Spans { .. } => "calendar-spans",
            Self::Overlap { .. } => "calendar-overlap",
            Self::Date { .. } => "calendar-date",
            Self::Twice { .. } => "calendar-twice",
            Self::TooMany { .. } => "calendar-too-many",
        }
    }

    /// What was typed, as far as one text is to blame.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Spans { text } | Self::Overlap { text } | Self::Date { text } | Self::Twice { text } => {
                text
            }
            Self::TooMany { .. } => "",
        }
    }
}

/// A day of the calendar, stored as `2026-12-24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(civil::Date);

impl Day {
    /// `None` if there is no such day.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Reads `2026-12-24`.
    ///
    /// # Errors
    /// [`CalendarError::Date`].
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let wrong = || CalendarError::Date { text: text.chars().take(40).collect() };
        // jiff reads more than this; one day has one text here.
        let day: Self = text.parse().map(Self).map_err(|_| wrong())?;
        if day.to_string() == text { Ok(day) } else { Err(wrong()) }
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, from 1.
    #[must_use]
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, from 1.
    #[must_use]
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// Days from Monday, 0 to 6.
    #[must_use]
    pub fn weekday(self) -> u8 {
        u8::try_from(self.0.weekday().to_monday_zero_offset()).unwrap_or(0)
    }

    /// How many days after `earlier` this is; negative before it. `None` never for days of the same millennium.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> Option<i32> {
        earlier.0.until(self.0).ok().map(|span| span.get_days())
    }

    pub(super) fn date(self) -> civil::Date {
        self.0
    }

    pub(super) fn of(date: civil::Date) -> Self {
        Self(date)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for Day {
    type Error = CalendarError;
    fn try_from(text: String) -> Result<Self, CalendarError> {
        Self::parse(&text)
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

/// The spans of one day in which the desk is open, in minutes from midnight, in order and not overlapping; stored as
/// `08:00-16:00,18:00-20:00`. A span that ends at or before its beginning goes over midnight and belongs to the day it
/// begins on; only the last one can.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Spans(Vec<(u16, u16)>);

impl Spans {
    /// The whole day.
    #[must_use]
    pub fn whole_day() -> Self {
        Self(vec![(0, DAY)])
    }

    /// Reads `8:00-16:00, 18-20:30`, or nothing for a day on which the desk is closed. A dash may be a longer one.
    ///
    /// # Errors
    /// [`CalendarError::Spans`], [`CalendarError::Overlap`].
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let shown: String = text.trim().chars().take(60).collect();
        let wrong = || CalendarError::Spans { text: shown.clone() };
        let mut spans = Vec::new();
        for part in text.split([',', ';']).map(str::trim).filter(|p| !p.is_empty()) {
            let (from, to) = part.split_once(['-', '–', '—']).ok_or_else(wrong)?;
            let (from, to) = (minute(from).ok_or_else(wrong)?, minute(to).ok_or_else(wrong)?);
            if from >= DAY {
                return Err(wrong());
            }
            spans.push((from, to));
        }
        if spans.len() > MOST_SPANS {
            return Err(wrong());
        }
        spans.sort_unstable();
        let mut until = 0;
        for (i, (from, to)) in spans.iter().enumerate() {
            let over_midnight = to <= from;
            if (i > 0 && *from < until) || (over_midnight && i + 1 < spans.len()) {
                return Err(CalendarError::Overlap { text: shown });
            }
            until = *to;
        }
        Ok(Self(spans))
    }

    /// True if the desk is closed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// From and to in minutes from midnight; `to` counts from the next midnight on if it is over 1440.
    pub(super) fn minutes(&self) -> impl Iterator<Item = (u16, u16)> + '_ {
        self.0.iter().map(|(from, to)| (*from, if to <= from { to + DAY } else { *to }))
    }
}

/// Reads `8`, `8:00` or `08.30`; `24:00` is the end of the day.
fn minute(text: &str) -> Option<u16> {
    let text = text.trim();
    let (hours, minutes) = text.split_once([':', '.']).unwrap_or((text, "00"));
    let digits =
        |t: &str, longest: usize| (1..=longest).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(hours, 2) || !digits(minutes, 2) || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let all = hours * 60 + minutes;
    (minutes < 60 && all <= DAY).then_some(all)
}

impl fmt::Display for Spans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (from, to)) in self.0.iter().enumerate() {
            let comma = if i > 0 { "," } else { "" };
            write!(f, "{comma}{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)?;
        }
        Ok(())
    }
}

impl TryFrom<String> for Spans {
    type Error = CalendarError;
    fn try_from(text: String) -> Result<Self, CalendarError> {
        Self::parse(&text)
    }
}

impl From<Spans> for String {
    fn from(spans: Spans) -> Self {
        spans.to_string()
    }
}

/// When a desk is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// The hours of each weekday, Monday first.
    pub week: [Spans; 7],
    /// Whether it is closed on Polish public holidays.
    pub polish_holidays: bool,
    /// Days with hours of their own, whatever the weekday or holiday; without spans it is closed.
    #[serde(default)]
    pub exceptions: BTreeMap<Day, Spans>,
}

impl Default for Calendar {
    /// Open around the clock: what holds until somebody sets hours.
    fn default() -> Self {
        Self {
            week: std::array::from_fn(|_| Spans::whole_day()),
            polish_holidays: false,
            exceptions: BTreeMap::new(),
        }
    }
}

impl Calendar {
    /// Monday to Friday from eight to four, closed on holidays: a suggestion for a form.
    #[must_use]
    pub fn office() -> Self {
        let mut week: [Spans; 7] = Default::default();
        for day in week.iter_mut().take(5) {
            *day = Spans(vec![(8 * 60, 16 * 60)]);
        }
        Self { week, polish_holidays: true, exceptions: BTreeMap::new() }
    }

    /// The spans that begin on a day.
    pub(super) fn spans(&self, day: Day) -> Option<&Spans> {
        if let Some(spans) = self.exceptions.get(&day) {
            return Some(spans);
        }
        if self.polish_holidays && super::is_polish_holiday(day) {
            return None;
        }
        self.week.get(usize::from(day.weekday()))
    }

    /// Reads days that are different, one a line: `2026-12-31 8:00-12:00`, or only the date for a day on which the desk is
    /// closed.
    ///
    /// # Errors
    /// [`CalendarError`] with the line.
    pub fn parse_exceptions(text: &str) -> Result<BTreeMap<Day, Spans>, CalendarError> {
        let mut all = BTreeMap::new();
        for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
            let (date, spans) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let day = Day::parse(date)?;
            if all.insert(day, Spans::parse(spans)?).is_some() {
                return Err(CalendarError::Twice { text: date.to_owned() });
            }
            if all.len() > MOST_EXCEPTIONS {
                return Err(CalendarError::TooMany { limit: MOST_EXCEPTIONS });
            }
        }
        Ok(all)
    }

    /// The form that [`Calendar::parse_exceptions`] reads.
    #[must_use]
    pub fn exceptions_text(&self) -> String {
        let lines: Vec<String> =
            self.exceptions.iter().map(|(d, s)| format!("{d} {s}").trim_end().to_owned()).collect();
        lines.join("\n")
    }
}
