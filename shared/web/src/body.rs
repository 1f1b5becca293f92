//! Reading bodies, never more than allowed.

use crate::error::ApiError;
use crate::request::Request;
use mostek_ports::read_capped;
use serde::de::DeserializeOwned;

/// The longest ordinary form in bytes: a reply of 50,000 characters, each of which may take 12 bytes when encoded.
pub const FORM_LIMIT: usize = 700_000;
/// The longest JSON body in bytes.
pub const JSON_LIMIT: usize = 1_000_000;

/// Reads an `application/x-www-form-urlencoded` body into a type. Missing fields need `#[serde(default)]`; a field that
/// comes several times can be a `Vec`; unknown fields are ignored.
///
/// # Errors
/// 413 past `limit` bytes, 415 for another media type, 400 if it does not fit the type.
pub async fn form<T: DeserializeOwned>(request: &mut Request, limit: usize) -> Result<T, ApiError> {
    expect_type(request, "application/x-www-form-urlencoded")?;
    let bytes = whole(request, limit).await?;
    serde_html_form::from_bytes(&bytes).map_err(|e| ApiError::bad_request("errors-bad-form").caused_by(e))
}

/// Reads a JSON body into a type.
///
/// # Errors
/// 413 past `limit` bytes, 415 for another media type, 400 if it is not JSON or does not fit the type.
pub async fn json<T: DeserializeOwned>(request: &mut Request, limit: usize) -> Result<T, ApiError> {
    expect_type(request, "application/json")?;
    let bytes = whole(request, limit).await?;
    serde_json::from_slice(&bytes).map_err(|e| ApiError::bad_request("errors-bad-json").caused_by(e))
}

/// Reads the body whole.
///
/// # Errors
/// 413 past `limit` bytes (already by the announced length), 400 if it breaks off.
pub async fn whole(request: &mut Request, limit: usize) -> Result<bytes::Bytes, ApiError> {
    let announced: Option<usize> = request.header("content-length").and_then(|v| v.trim().parse().ok());
    if announced.is_some_and(|n| n > limit) {
        return Err(ApiError::too_large(limit));
    }
    let mut body = request.take_body();
    Ok(read_capped(body.as_mut(), limit).await?)
}

/// The media type of the body in lower case, without parameters.
pub(crate) fn media_type(request: &Request) -> String {
    request
        .header("content-type")
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

fn expect_type(request: &Request, expected: &str) -> Result<(), ApiError> {
    if media_type(request) == expected {
        return Ok(());
    }
    Err(ApiError::new(
        http::StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        "errors-media-type",
    ))
}
