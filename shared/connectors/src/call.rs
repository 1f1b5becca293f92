//! A request together with what reads its answer.

use crate::access::ApiKey;
use crate::error::RemoteError;
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use mostek_domain::text::snippet;
use mostek_ports::{HttpError, OutgoingRequest, WholeResponse};
use serde::Deserialize;
use std::time::Duration;

type Read<T> = Box<dyn Fn(&WholeResponse) -> Result<T, RemoteError>>;

/// A request, ready to be sent, and the reader of its answer.
///
/// ```ignore
/// let (request, reader) = marketplace.thread(&access, id)?.into_parts();
/// let thread = reader.read(world.http().send(request).await)?;
/// ```
pub struct Call<T> {
    request: OutgoingRequest,
    reader: Reader<T>,
}

impl<T> Call<T> {
    pub(crate) fn new(
        request: OutgoingRequest,
        key: &ApiKey,
        read: impl Fn(&WholeResponse) -> Result<T, RemoteError> + 'static,
    ) -> Self {
        Self { request, reader: Reader { key: key.clone(), read: Box::new(read) } }
    }

    /// What to send, and what to give the outcome to.
    #[must_use]
    pub fn into_parts(self) -> (OutgoingRequest, Reader<T>) {
        (self.request, self.reader)
    }
}

/// Reads the answer to one request.
pub struct Reader<T> {
    key: ApiKey,
    read: Read<T>,
}

impl<T> Reader<T> {
    /// The outcome of the request in domain values.
    ///
    /// # Errors
    /// [`RemoteError`] for everything but a readable success.
    pub fn read(&self, outcome: Result<WholeResponse, HttpError>) -> Result<T, RemoteError> {
        let answer = outcome?;
        if answer.status.is_success() {
            return (self.read)(&answer);
        }
        Err(refusal(answer.status, &answer.headers, &answer.body, &self.key))
    }

    /// For an answer that is passed on as it comes ([`mostek_ports::HttpClient::open`]): whether its head is a success.
    ///
    /// # Errors
    /// [`RemoteError`] for every other status; the body is not looked at.
    pub fn check_head(&self, status: StatusCode, headers: &HeaderMap) -> Result<(), RemoteError> {
        if status.is_success() { Ok(()) } else { Err(refusal(status, headers, b"", &self.key)) }
    }
}

fn refusal(status: StatusCode, headers: &HeaderMap, body: &[u8], key: &ApiKey) -> RemoteError {
    let message = message(body).map(|m| snippet(&key.redact(&m), 300)).filter(|m| !m.is_empty());
    let status = status.as_u16();
    match status {
        401 => RemoteError::WrongKey { message },
        403 => RemoteError::NoRight { message },
        404 | 410 => RemoteError::NotFound { message },
        429 => RemoteError::Throttled { retry_after: retry_after(headers), message },
        408 | 425 => RemoteError::Unavailable { status, retry_after: retry_after(headers), message },
        400..=499 => RemoteError::Rejected { status, message },
        500.. => RemoteError::Unavailable { status, retry_after: retry_after(headers), message },
        _ => RemoteError::Elsewhere { status },
    }
}

/// The time to wait of RFC 9110, 10.2.3: seconds, or a date, which is taken against the answer's own `Date`, so that
/// our clock does not matter.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit is "very long"; whoever waits has a limit.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::from(u32::MAX))));
    }
    let date = |t: &str| jiff::fmt::rfc2822::parse(t).ok().map(|z| z.timestamp().as_millisecond());
    let until = date(text)?;
    let now = date(headers.get(DATE)?.to_str().ok()?)?;
    Some(Duration::from_millis(u64::try_from(until.saturating_sub(now)).unwrap_or(0)))
}

/// All documented forms of an error body: `{"message":…,"status":…}`, `{"errors":[{"message":…}]}`,
/// `{"code":401,"message":…}`, and a plain text. What looks like a page of HTML says nothing to anybody.
fn message(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct One {
        #[serde(default, deserialize_with = "crate::wire_values::lenient")]
        message: Option<String>,
    }
    #[derive(Deserialize)]
    struct Body {
        #[serde(default, deserialize_with = "crate::wire_values::lenient")]
        message: Option<String>,
        #[serde(default, deserialize_with = "crate::wire_values::lenient")]
        errors: Option<Vec<One>>,
        #[serde(default, deserialize_with = "crate::wire_values::lenient")]
        error_description: Option<String>,
        #[serde(default, deserialize_with = "crate::wire_values::lenient")]
        error: Option<String>,
    }
    if let Ok(body) = serde_json::from_slice::<Body>(body) {
        let first = body.errors.and_then(|all| all.into_iter().find_map(|e| e.message));
        return body.message.or(first).or(body.error_description).or(body.error);
    }
    if let Ok(other) = serde_json::from_slice::<serde_json::Value>(body) {
        return other.as_str().map(ToOwned::to_owned);
    }
    let text = std::str::from_utf8(body).ok()?.trim();
    let plain = !text.is_empty() && text.len() <= 2_000 && !text.starts_with(['<', '{', '[', '"']);
    plain.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use mostek_domain::Reason;
    use proptest::prelude::*;

    fn outcome(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> RemoteError {
        let key = ApiKey::parse("secret-key").unwrap();
        let reader: Reader<()> = Reader { key, read: Box::new(|_| Ok(())) };
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, http::HeaderValue::from_static(value));
        }
        let answer = WholeResponse {
            status: StatusCode::from_u16(status).unwrap(),
            headers: map,
            body: Bytes::copy_from_slice(body.as_bytes()),
        };
        reader.read(Ok(answer)).unwrap_err()
    }

    fn said(body: &str) -> Option<String> {
        outcome(400, &[], body).message().map(ToOwned::to_owned)
    }

    #[test]
    fn every_documented_form_of_an_error_body_is_read() {
        assert_eq!(said(r#"{"message":"Bad","status":400}"#).as_deref(), Some("Bad"));
        assert_eq!(
            said(r#"{"errors":[{"field":"to"},{"message":"Bad to","code":7}]}"#).as_deref(),
            Some("Bad to")
        );
        assert_eq!(
            said(r#"{"code":401,"message":"Unauthorized, you are not"}"#).as_deref(),
            Some("Unauthorized, you are not")
        );
        assert_eq!(said(r#"{"message":null,"errors":[{"message":"x"}]}"#).as_deref(), Some("x"));
        assert_eq!(said(r#"{"message":{"pl":"x"},"errors":"y","error":"z"}"#).as_deref(), Some("z"));
        assert_eq!(said("\"a JSON text\"").as_deref(), Some("a JSON text"));
        assert_eq!(said("upstream timed out").as_deref(), Some("upstream timed out"));
        for silent in
            ["", "  ", "<html><body>Bad gateway</body></html>", "[]", "null", "{\"message\":", "\"", "\u{0}"]
        {
            assert_eq!(said(silent), None, "{silent}");
        }
        assert_eq!(message(b"\xff\xfe"), None);
    }

    #[test]
    fn messages_are_short_and_without_the_key() {
        let e = outcome(401, &[], r#"{"message":"The key secret-key\n is\u0000 wrong"}"#);
        assert_eq!(e, RemoteError::WrongKey { message: Some("The key *** is wrong".into()) });
        assert!(!format!("{e} {e:?}").contains("secret-key"));
        let long = outcome(400, &[], &format!(r#"{{"message":"{}"}}"#, "ż".repeat(900)));
        assert_eq!(long.message().unwrap().chars().count(), 300);
    }

    #[test]
    fn statuses() {
        use crate::error::NextStep::{Authenticate, GiveUp, TryLater};
        for (status, slug, acted, next) in [
            (302, "elsewhere", true, TryLater(None)),
            (400, "rejected", false, GiveUp),
            (401, "wrong-key", false, Authenticate),
            (403, "no-right", false, Authenticate),
            (404, "not-found", false, GiveUp),
            (408, "unavailable", true, TryLater(None)),
            (410, "not-found", false, GiveUp),
            (413, "rejected", false, GiveUp),
            (429, "throttled", false, TryLater(None)),
            (500, "unavailable", true, TryLater(None)),
            (504, "unavailable", true, TryLater(None)),
            (999, "unavailable", true, TryLater(None)),
        ] {
            let e = outcome(status, &[], "");
            assert_eq!(
                (Reason::from(&e).code.unwrap().slug(), e.may_have_acted(), e.next_step()),
                (slug, acted, next),
                "{status}"
            );
        }
    }

    #[test]
    fn transport_errors_keep_what_is_known() {
        let key = ApiKey::parse("k").unwrap();
        let reader: Reader<()> = Reader { key, read: Box::new(|_| Ok(())) };
        let acted = |e| reader.read(Err(e)).unwrap_err().may_have_acted();
        assert!(!acted(HttpError::NotSent("refused".into())));
        assert!(acted(HttpError::Unknown("timed out".into())));
        assert!(acted(HttpError::TooLarge { limit: 5 }));
    }

    #[test]
    fn retry_after_in_seconds_and_as_a_date() {
        let wait = |headers: &[(&'static str, &'static str)]| match outcome(429, headers, "") {
            RemoteError::Throttled { retry_after, .. } => retry_after,
            other => panic!("{other}"),
        };
        assert_eq!(wait(&[("retry-after", "120")]), Some(Duration::from_secs(120)));
        assert_eq!(wait(&[("retry-after", " 0 ")]), Some(Duration::ZERO));
        assert!(wait(&[("retry-after", "99999999999999999999999")]) > Some(Duration::from_secs(1_000_000)));
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(
            wait(&[date, ("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT")]),
            Some(Duration::from_secs(30))
        );
        assert_eq!(wait(&[date, ("retry-after", "Sun, 06 Nov 1994 08:40:00 GMT")]), Some(Duration::ZERO));
        assert_eq!(wait(&[("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT")]), None);
        for bad in ["-5", "soon", "1.5", ""] {
            assert_eq!(wait(&[("retry-after", bad)]), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_error_body_panics(body: Vec<u8>, text in "[\\s\\S]{0,50}") {
            let _ = message(&body);
            let _ = said(&text);
        }
    }
}
