//! What was sent, read into what use cases take: from forms and from JSON alike.

pub(crate) mod connection;
pub(crate) mod customer;
pub(crate) mod desk;
pub(crate) mod reply;
pub(crate) mod report;
pub(crate) mod service;

use mostek_web::{ApiError, Text};

/// Checks a key that makes a repeated request the same one: 1 to 200 visible ASCII characters.
///
/// # Errors
/// 422.
pub(crate) fn key(text: &str) -> Result<String, ApiError> {
    let good = (1..=200).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if good { Ok(text.to_owned()) } else { Err(ApiError::bad_field("key", "helpdesk-key-needed")) }
}

/// Reads an id, or says which field has none.
///
/// # Errors
/// 422.
pub(crate) fn id<T, E>(
    field: &str,
    text: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, ApiError> {
    parse(text).map_err(|_| ApiError::bad_field(field, Text::new("helpdesk-unknown-choice")))
}
