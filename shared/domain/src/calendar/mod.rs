//! Business time: when a service desk is open, and how much of a stretch of time it was open.
//!
//! Local time is Warsaw's, whose rules are compiled in: a component has no time zone database. Everything here is a pure
//! function of its arguments and looks at a bounded number of days ([`HORIZON_DAYS`]); a calendar that never opens within
//! them gives `None`.

mod holidays;
mod hours;
mod open;
#[cfg(test)]
mod tests;

pub use holidays::{easter, is_polish_holiday};
pub use hours::{Calendar, CalendarError, Day, MOST_EXCEPTIONS, Spans};

/// How many days are looked at from a moment on: some eleven years.
pub const HORIZON_DAYS: u32 = 4_018;
