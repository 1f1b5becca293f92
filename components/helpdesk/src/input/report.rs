//! Which report is asked for: `period` (7, 30 or 90 days up to today), or `from` and `to` (days); `source`, `queue`.

use crate::input::id;
use mostek_domain::report::Wanted;
use mostek_domain::{QueueId, Timestamp};
use mostek_helpdesk::reports::MOST_DAYS;
use mostek_web::{ApiError, Request, Text, days};

/// The periods that are offered, in days.
pub(crate) const PERIODS: [usize; 3] = [7, 30, 90];
/// The one without a choice.
const USUAL: usize = 30;

/// A report as it is asked for.
pub(crate) struct Asked {
    /// One of [`PERIODS`]; `None` for two days that were given.
    pub(crate) period: Option<usize>,
    /// Its days: their beginnings and the end.
    pub(crate) midnights: Vec<Timestamp>,
    /// Which tickets.
    pub(crate) wanted: Wanted,
}

/// Reads it from the address.
///
/// # Errors
/// 422 for days that make no period, or an id that cannot be.
pub(crate) fn asked(request: &Request, now: Timestamp) -> Result<Asked, ApiError> {
    let given = |name| request.param(name).filter(|v| !v.is_empty());
    let known = |text: &str| PERIODS.into_iter().find(|days| days.to_string() == text);
    let bad = || ApiError::bad_field("from", Text::new("reports-bad-period").with("limit", MOST_DAYS as u64));
    let period = match given("period") {
        Some("custom") => None,
        Some(text) => Some(known(text).ok_or_else(bad)?),
        None if given("from").is_some() || given("to").is_some() => None,
        None => Some(USUAL),
    };
    let midnights = match period {
        Some(count) => days::last(now, count),
        None => days::between(given("from").unwrap_or(""), given("to").unwrap_or(""), MOST_DAYS)
            .ok_or_else(bad)?,
    };
    Ok(Asked {
        period,
        midnights,
        wanted: Wanted {
            source: given("source").map(str::to_owned),
            queue: given("queue").map(|q| id("queue", q, QueueId::parse)).transpose()?,
        },
    })
}
