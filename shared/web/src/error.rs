//! Errors at the edge: what is said to the client, and what is written to the log.
//!
//! An [`ApiError`] is made where a use case's error meets a route. The client gets a status, a stable kind, a translated
//! sentence and the correlation id; the log gets the chain of causes. [`crate::edge::finish`] does both.

use crate::request::Request;
use crate::text::{Arg, Text};
use http::{Method, StatusCode};
use mostek_ports::{ReadError, StoreError};
use std::borrow::Cow;
use std::error::Error;
use std::fmt;

/// An error that a client is told about.
pub struct ApiError {
    /// The status of the answer.
    pub status: StatusCode,
    /// A stable name for programs: the last piece of the problem's `type`, for instance `bad-field`.
    pub kind: &'static str,
    /// What a person is told.
    pub message: Text,
    /// The form field or JSON member at fault.
    pub field: Option<String>,
    /// After how many seconds it is worth to try again (`retry-after`).
    pub retry_after: Option<u64>,
    /// The methods the path has (`allow`), for a 405.
    pub allow: Option<Cow<'static, str>>,
    /// What caused it; for the log only.
    pub source: Option<Box<dyn Error>>,
}

impl ApiError {
    /// Any error; prefer the constructors that name a case.
    #[must_use]
    pub fn new(status: StatusCode, kind: &'static str, message: impl Into<Text>) -> Self {
        Self {
            status,
            kind,
            message: message.into(),
            field: None,
            retry_after: None,
            allow: None,
            source: None,
        }
    }

    /// 404: there is no such thing, or the asker may not know that there is.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "errors-not-found")
    }

    /// 405: the path exists, not with this method; `allow` lists those it has: `GET, POST`.
    #[must_use]
    pub fn method_not_allowed(allow: impl Into<Cow<'static, str>>) -> Self {
        let mut e =
            Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "errors-method-not-allowed");
        e.allow = Some(allow.into());
        e
    }

    /// For the last arm of a router's `match`: 405 for a method that nothing here has, else 404.
    #[must_use]
    pub fn no_route(request: &Request) -> Self {
        let known = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
        if known.contains(&request.method) {
            Self::not_found()
        } else {
            Self::method_not_allowed("GET, HEAD, POST, PUT, PATCH, DELETE")
        }
    }

    /// 500: for the last arm of an API router's `match`, after [`crate::api::operation`] has found the request's operation:
    /// it is declared, and no arm answers it.
    #[must_use]
    pub fn unrouted() -> Self {
        Self::internal("the operation is declared and not routed")
    }

    /// 403: signed in, without the right to this.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "errors-forbidden")
    }

    /// 401: nobody is signed in, or no longer. For a page, [`crate::edge::finish`] sends the person to sign in and back.
    #[must_use]
    pub fn sign_in_needed() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "sign-in-needed", "errors-sign-in-needed")
    }

    /// 403: the form was not sent from one of our pages, or from one too old.
    #[must_use]
    pub fn csrf_failed() -> Self {
        Self::new(StatusCode::FORBIDDEN, "csrf-failed", "errors-csrf-failed")
    }

    /// 400: the request cannot be understood.
    #[must_use]
    pub fn bad_request(message: impl Into<Text>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", message)
    }

    /// 422: one field is not what it should be; `message` says how to put it right.
    #[must_use]
    pub fn bad_field(field: impl Into<String>, message: impl Into<Text>) -> Self {
        let mut e = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-field", message);
        e.field = Some(field.into());
        e
    }

    /// 409: somebody else changed it meanwhile, or its state does not allow this.
    #[must_use]
    pub fn conflict(message: impl Into<Text>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", message)
    }

    /// 413: more than `limit` bytes.
    #[must_use]
    pub fn too_large(limit: usize) -> Self {
        let text = Text::new("errors-too-large").with("limit", Arg::Bytes(limit as u64));
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", text)
    }

    /// 429: too many tries; come back after `seconds`.
    #[must_use]
    pub fn too_many(seconds: u64) -> Self {
        let text = Text::new("errors-too-many").with("seconds", seconds);
        let mut e = Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many", text);
        e.retry_after = Some(seconds);
        e
    }

    /// 503: something we depend on does not answer at the moment.
    #[must_use]
    pub fn unavailable(source: impl Into<Box<dyn Error>>) -> Self {
        let mut e = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "errors-unavailable");
        e.retry_after = Some(5);
        e.source = Some(source.into());
        e
    }

    /// 500: our own mistake.
    #[must_use]
    pub fn internal(source: impl Into<Box<dyn Error>>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "errors-internal").caused_by(source)
    }

    /// Adds the cause, for the log.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn Error>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The kind and the chain of causes on one line, for the log.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut out = format!("{} ({})", self.kind, self.message.key);
        let mut next = self.source.as_deref();
        // Bounded: a chain that is longer than this is a loop.
        for _ in 0..16 {
            let Some(e) = next else { break };
            out.push_str(": ");
            out.push_str(&e.to_string());
            next = e.source();
        }
        out
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.chain())
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.chain())
    }
}

impl From<StoreError> for ApiError {
    /// A store that does not answer is "unavailable"; a value that cannot be read is our mistake.
    fn from(e: StoreError) -> Self {
        match e {
            StoreError::Corrupt { .. } => Self::internal(e),
            StoreError::Failed(_) | StoreError::Denied(_) => Self::unavailable(e),
        }
    }
}

impl From<ReadError> for ApiError {
    fn from(e: ReadError) -> Self {
        match e {
            ReadError::TooLarge { limit } => Self::too_large(limit),
            ReadError::Broken(_) => Self::bad_request("errors-broken-body").caused_by(e),
        }
    }
}

impl From<askama::Error> for ApiError {
    fn from(e: askama::Error) -> Self {
        Self::internal(e)
    }
}
