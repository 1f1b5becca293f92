//! What goes out.

use crate::cookie::Cookie;
use crate::file_name;
use crate::html::SafeHtml;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use mostek_api::PROBLEM_TYPE;
use mostek_ports::ByteStream;
use serde::Serialize;

/// A response's body.
pub enum Body {
    /// All of it is here.
    Bytes(Bytes),
    /// It is handed through piece by piece.
    Stream(Box<dyn ByteStream>),
}

/// A response. Security headers are put on by [`crate::edge::finish`], which every response passes.
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
    /// Cookies to set; written as headers by [`crate::edge::finish`], which knows whether they must be `Secure`.
    pub cookies: Vec<Cookie>,
    /// Origins besides HTTPS ones that pictures of this page may come from (`http://host:port`).
    pub picture_origins: Vec<String>,
}

impl Response {
    /// A response whose body is known; sets `content-length`.
    #[must_use]
    pub fn new(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        Self { status, headers, body: Body::Bytes(body), cookies: Vec::new(), picture_origins: Vec::new() }
    }

    /// Lets the page's pictures come from one more origin, for a marketplace that is reached without TLS (a stand-in).
    /// Anything but a plain `http://host[:port]` is ignored.
    #[must_use]
    pub fn pictures_from(mut self, origin: &str) -> Self {
        let host = origin.strip_prefix("http://").unwrap_or("");
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if !host.is_empty() && host.chars().all(plain) {
            self.picture_origins.push(origin.to_owned());
        }
        self
    }

    /// A page.
    #[must_use]
    pub fn html(page: SafeHtml) -> Self {
        Self::new(StatusCode::OK, "text/html; charset=utf-8", page.into_string())
    }

    /// JSON. A value that cannot be written (a map with keys that are no text) becomes a 500, a problem as all are.
    #[must_use]
    pub fn json(value: &impl Serialize) -> Self {
        const UNWRITABLE: &str = r#"{"type":"/problems/internal","title":"Internal error","status":500,"detail":"The answer cannot be written as JSON."}"#;
        match serde_json::to_vec(value) {
            Ok(body) => Self::new(StatusCode::OK, "application/json", body),
            Err(_) => Self::new(StatusCode::INTERNAL_SERVER_ERROR, PROBLEM_TYPE, UNWRITABLE),
        }
    }

    /// 201 with what was made, and where it is read.
    #[must_use]
    pub fn created(value: &impl Serialize, location: &str) -> Self {
        Self::json(value).status(StatusCode::CREATED).header(header::LOCATION, location)
    }

    /// Plain text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(StatusCode::OK, "text/plain; charset=utf-8", text.into())
    }

    /// "See other" (303): the browser fetches `location` by GET. Characters that cannot stand in a header make it `/`.
    #[must_use]
    pub fn redirect(location: &str) -> Self {
        let mut r = Self::new(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", Bytes::new());
        r.headers.insert(
            header::LOCATION,
            HeaderValue::from_str(location).unwrap_or(HeaderValue::from_static("/")),
        );
        r
    }

    /// 204.
    #[must_use]
    pub fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            headers: HeaderMap::new(),
            body: Body::Bytes(Bytes::new()),
            cookies: Vec::new(),
            picture_origins: Vec::new(),
        }
    }

    /// A file to save. The browser never shows it in our origin: it is an attachment, its type comes from a short list
    /// of harmless ones by the file's name, all else is `application/octet-stream`.
    ///
    /// `name` may be anything a customer typed; see [`crate::file_name::safe`]. `length` in bytes if it is known.
    #[must_use]
    pub fn attachment(name: &str, body: Body, length: Option<u64>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file_name::safe_type(name)));
        headers.insert(
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&file_name::content_disposition(name))
                .unwrap_or(HeaderValue::from_static("attachment")),
        );
        let length = match &body {
            Body::Bytes(b) => u64::try_from(b.len()).ok(),
            Body::Stream(_) => length,
        };
        if let Some(n) = length {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(n));
        }
        Self { status: StatusCode::OK, headers, body, cookies: Vec::new(), picture_origins: Vec::new() }
    }

    /// Changes the status.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Sets a header, replacing one of the same name; a value that cannot stand in a header is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(v) = HeaderValue::from_str(value) {
            self.headers.insert(name, v);
        }
        self
    }

    /// Sets a cookie.
    #[must_use]
    pub fn cookie(mut self, cookie: Cookie) -> Self {
        self.cookies.push(cookie);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn what_cannot_be_written_as_json_is_a_problem() {
        let response = Response::json(&BTreeMap::from([((1, 2), 3)]));
        assert_eq!(response.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers[header::CONTENT_TYPE], PROBLEM_TYPE);
        let Body::Bytes(body) = response.body else { panic!("a stream") };
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&problem["type"], &problem["status"]), (&"/problems/internal".into(), &500.into()));
    }
}
