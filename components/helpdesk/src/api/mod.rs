//! `/api/v1/...`: the use cases as JSON. Which operations there are, who may call them, and what is sent and answered is
//! declared in `mostek_api`.

pub(crate) mod customers;
pub(crate) mod desk;
pub(crate) mod marketplaces;
mod orders;
pub(crate) mod reports;
pub(crate) mod routines;
pub(crate) mod service;
pub(crate) mod tickets;
pub(crate) mod views;

use mostek_api::Moment;
use mostek_domain::Timestamp;
use mostek_web::paging::{PageRequest, cursor};
use mostek_web::{ApiError, Request, Text, time};

/// A moment, or `null`.
fn moment(at: Option<Timestamp>) -> Option<Moment> {
    at.map(time::moment)
}

/// Which page of a list that goes by positions is asked for: behind which position, and how many items at most.
///
/// # Errors
/// 422 if the cursor is not one of ours or `limit` is no number from 1.
pub(crate) fn page(request: &Request, most: usize) -> Result<(Option<u64>, usize), ApiError> {
    let asked = PageRequest::of(request, most, most)?;
    let after = asked.after.map(|text| text.parse()).transpose();
    Ok((after.map_err(|_| ApiError::bad_field("after", "errors-bad-cursor"))?, asked.limit))
}

/// The cursor of the page behind a position.
fn next(position: Option<u64>) -> Option<String> {
    position.map(|p| cursor(&p.to_string()))
}

/// A number in the query.
///
/// # Errors
/// 422 if it is there and no number.
pub(crate) fn number<T: std::str::FromStr>(
    request: &Request,
    name: &'static str,
) -> Result<Option<T>, ApiError> {
    let text = request.param(name).filter(|v| !v.is_empty());
    text.map(|t| t.parse().map_err(|_| ApiError::bad_field(name, Text::new("errors-bad-limit")))).transpose()
}
