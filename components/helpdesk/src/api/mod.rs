//! `/api/v1/...`: the use cases as JSON. Which operations there are, who may call them, and what is sent and answered is
//! declared in `mostek_api`.

pub(crate) mod customers;
pub(crate) mod desk;
pub(crate) mod marketplaces;
mod orders;
pub(crate) mod tickets;
pub(crate) mod views;

use mostek_api::Moment;
use mostek_domain::Timestamp;
use mostek_web::{ApiError, Request, Text, time};

/// A moment, or `null`.
fn moment(at: Option<Timestamp>) -> Option<Moment> {
    at.map(time::moment)
}

/// A number in the query.
///
/// # Errors
/// 422 if it is there and no number.
fn number<T: std::str::FromStr>(request: &Request, name: &'static str) -> Result<Option<T>, ApiError> {
    let text = request.param(name).filter(|v| !v.is_empty());
    text.map(|t| t.parse().map_err(|_| ApiError::bad_field(name, Text::new("errors-bad-limit")))).transpose()
}
