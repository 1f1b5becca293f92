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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{post_form, request};
    use futures::executor::block_on;
    use http::Method;
    use serde::Deserialize;

    #[derive(Deserialize, Debug, PartialEq)]
    struct Employee {
        name: String,
        #[serde(default)]
        rights: Vec<String>,
        #[serde(default)]
        note: Option<String>,
    }

    fn read(body: &str, limit: usize) -> Result<Employee, u16> {
        block_on(form(&mut post_form("/", &[], body), limit)).map_err(|e: ApiError| e.status.as_u16())
    }

    #[test]
    fn a_form_becomes_a_type() {
        let e = read("name=%C5%BBaneta+N&rights=sms&rights=helpdesk&unknown=1", 100).unwrap();
        assert_eq!(
            e,
            Employee { name: "Żaneta N".into(), rights: vec!["sms".into(), "helpdesk".into()], note: None }
        );
        assert_eq!(read("rights=sms", 100), Err(400));
    }

    #[test]
    fn a_form_past_the_cap_is_refused_whether_it_is_announced_or_not() {
        assert!(read("name=12345", 10).is_ok());
        assert_eq!(read("name=123456", 10), Err(413));
        let mut announced = post_form("/", &[("content-length", "5000")], "name=1");
        assert_eq!(block_on(form::<Employee>(&mut announced, 10)).unwrap_err().status, 413);
    }

    #[test]
    fn another_media_type_is_415() {
        let mut r = request(Method::POST, "/", &[("content-type", "text/plain")], "name=1");
        assert_eq!(block_on(form::<Employee>(&mut r, 100)).unwrap_err().status, 415);
        let mut r =
            request(Method::POST, "/", &[("content-type", "application/x-www-form-urlencoded")], "{}");
        assert_eq!(block_on(json::<serde_json::Value>(&mut r, 100)).unwrap_err().status, 415);
    }

    #[test]
    fn json_must_be_json_of_the_right_shape() {
        let send = |body: &str| {
            let mut r = request(
                Method::POST,
                "/",
                &[("content-type", "application/json; charset=utf-8")],
                body.to_owned(),
            );
            block_on(json::<Employee>(&mut r, 40)).map_err(|e| e.status.as_u16())
        };
        assert_eq!(send(r#"{"name":"A"}"#).unwrap().name, "A");
        assert_eq!(send(r#"{"name":1}"#), Err(400));
        assert_eq!(send("{"), Err(400));
        assert_eq!(send(&format!(r#"{{"name":"{}"}}"#, "x".repeat(50))), Err(413));
    }
}
