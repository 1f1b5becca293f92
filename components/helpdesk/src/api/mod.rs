//! `/api/v1/...`: the use cases as JSON.

pub(crate) mod customers;
pub(crate) mod desk;
pub(crate) mod marketplaces;
pub(crate) mod tickets;

use http::StatusCode;
use mostek_domain::Timestamp;
use mostek_web::{ApiError, Request, Response, Text, time};
use serde::Serialize;
use serde_json::Value;

/// 201 with what was made.
fn created(value: &impl Serialize) -> Response {
    Response::json(value).status(StatusCode::CREATED)
}

/// A moment as RFC 3339, or `null`.
fn moment(at: Option<Timestamp>) -> Value {
    at.map(time::iso).into()
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
