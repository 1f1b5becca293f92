//! Requests for tests, of this crate and of those that build on it.

use crate::request::Request;
use bytes::Bytes;
use http::{Method, Request as HttpRequest};
use mostek_ports::testing::SeededRandom;
use mostek_ports::{BytesStream, EmptyStream};

/// A request by any method with headers and a body. An address that is no URI becomes `/`.
#[must_use]
pub fn request(method: Method, uri: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Request {
    let mut builder = HttpRequest::builder().method(method).uri(uri);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    let (parts, ()) = builder.body(()).unwrap_or_default().into_parts();
    let body: Bytes = body.into();
    let random = SeededRandom::new(7);
    if body.is_empty() {
        Request::new(parts, Box::new(EmptyStream), &random)
    } else {
        Request::new(parts, Box::new(BytesStream::new(body)), &random)
    }
}

/// A `GET`.
#[must_use]
pub fn get(uri: &str) -> Request {
    request(Method::GET, uri, &[], Bytes::new())
}

/// A form sent by `POST`, encoded already.
#[must_use]
pub fn post_form(uri: &str, headers: &[(&str, &str)], form: &str) -> Request {
    let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
    all.extend_from_slice(headers);
    request(Method::POST, uri, &all, form.to_owned())
}
