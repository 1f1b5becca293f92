//! Which moments are open, and sums of them.

use super::{Calendar, Day, HORIZON_DAYS};
use crate::Timestamp;
use jiff::Span;
use jiff::tz::TimeZone;
use std::collections::VecDeque;
use std::time::Duration;

/// Compiled in, see the module.
static WARSAW: TimeZone = jiff::tz::get!("Europe/Warsaw");

/// The day on Warsaw's calendar; `None` outside the years -9999 to 9999.
fn day_of(moment: Timestamp) -> Option<Day> {
    let at = jiff::Timestamp::from_millisecond(moment.0).ok()?;
    Some(Day::of(at.to_zoned(WARSAW.clone()).date()))
}

/// The moment at which Warsaw's clocks show this many minutes after a day's midnight. A time that the clocks leave out in
/// spring is the one after the gap, one that comes twice in autumn the first.
fn moment(day: Day, minutes: u16) -> Option<Timestamp> {
    let date = day.date().checked_add(Span::new().try_days(i64::from(minutes / (24 * 60))).ok()?).ok()?;
    let minutes = minutes % (24 * 60);
    let (hour, minute) = (i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?);
    let at = date.at(hour, minute, 0, 0).to_zoned(WARSAW.clone()).ok()?;
    Some(Timestamp(at.timestamp().as_millisecond()))
}

impl Day {
    /// When it begins in Warsaw.
    #[must_use]
    pub fn start(self) -> Option<Timestamp> {
        moment(self, 0)
    }
}

/// The open stretches from a day on, in order, joined where they touch or overlap, until the horizon.
struct Stretches<'a> {
    calendar: &'a Calendar,
    day: Option<Day>,
    left: u32,
    /// Of days that were looked at, not given out yet: a later day's may still join the last.
    found: VecDeque<(Timestamp, Timestamp)>,
    /// The end of what was given out.
    given: Timestamp,
}

impl Calendar {
    /// Stretches of which the first may have begun before `from` and end after it.
    fn stretches(&self, from: Timestamp) -> Stretches<'_> {
        // A span of the day before may reach over midnight, and one that reaches into it be joined to one before.
        let day = day_of(from)
            .and_then(|d| Some(Day::of(d.date().checked_sub(Span::new().try_days(2).ok()?).ok()?)));
        Stretches {
            calendar: self,
            day,
            left: HORIZON_DAYS,
            found: VecDeque::new(),
            given: Timestamp(i64::MIN),
        }
    }
}

impl Stretches<'_> {
    /// Takes one more day in; false at the end.
    fn look(&mut self) -> bool {
        let Some(day) = self.day.filter(|_| self.left > 0) else { return false };
        self.left -= 1;
        if let Some(spans) = self.calendar.spans(day) {
            for (from, to) in spans.minutes() {
                let (Some(from), Some(to)) = (moment(day, from), moment(day, to)) else { continue };
                let from = from.max(self.given);
                match self.found.back_mut() {
                    Some((_, end)) if from <= *end => *end = to.max(*end),
                    _ if from < to => self.found.push_back((from, to)),
                    _ => {}
                }
            }
        }
        self.day = day.date().tomorrow().ok().map(Day::of);
        true
    }
}

impl Iterator for Stretches<'_> {
    type Item = (Timestamp, Timestamp);

    /// An open stretch is at most as long as some days: one that never closes is given out in pieces that touch.
    fn next(&mut self) -> Option<Self::Item> {
        let mut days = 0;
        while self.found.len() < 2 && days < 4 || self.found.is_empty() {
            if !self.look() {
                break;
            }
            days += 1;
        }
        let next = self.found.pop_front();
        self.given = next.map_or(self.given, |(_, to)| to);
        next
    }
}

impl Calendar {
    /// Whether the desk is open at a moment; a stretch's end is not in it.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.stretches(at).take_while(|(from, _)| *from <= at).any(|(_, to)| at < to)
    }

    /// The first moment from `at` on at which the desk is open: `at` itself if it is.
    #[must_use]
    pub fn next_opening(&self, at: Timestamp) -> Option<Timestamp> {
        self.stretches(at).find(|(_, to)| at < *to).map(|(from, _)| from.max(at))
    }

    /// The first moment at which the desk has been open for `duration` since `at`; `None` if it never has within the
    /// horizon. For no duration this is `at`.
    #[must_use]
    pub fn add_business_time(&self, at: Timestamp, duration: Duration) -> Option<Timestamp> {
        if duration.is_zero() {
            return Some(at);
        }
        let mut left = duration;
        for (from, to) in self.stretches(at) {
            let from = from.max(at);
            let open = to.since(from);
            if open >= left {
                return Some(from.plus(left));
            }
            left = left.saturating_sub(open);
        }
        None
    }

    /// How long the desk is open between two moments, as far as the horizon goes; zero if `b` is not after `a`.
    #[must_use]
    pub fn business_time_between(&self, a: Timestamp, b: Timestamp) -> Duration {
        self.stretches(a)
            .take_while(|(from, _)| *from < b)
            .map(|(from, to)| to.min(b).since(from.max(a)))
            .fold(Duration::ZERO, Duration::saturating_add)
    }
}
