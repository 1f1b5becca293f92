//! Outbound HTTP and byte streams as ports.

use bytes::{Bytes, BytesMut};
use futures::future::LocalBoxFuture;
use http::{HeaderMap, Method, StatusCode};
use std::time::Duration;
use thiserror::Error;
use url::Url;

/// A body was not read to its end.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// More than the allowed number of bytes came.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The other side stopped in the middle.
    #[error("the body broke off: {0}")]
    Broken(String),
}

/// Bytes that arrive piece by piece: a request's or response's body.
pub trait ByteStream {
    /// The next piece, `None` at the end. After an error or the end it must not be asked again.
    fn next(&mut self) -> LocalBoxFuture<'_, Option<Result<Bytes, ReadError>>>;
}

/// Reads a stream whole, but never more than `limit` bytes.
///
/// # Errors
/// [`ReadError::TooLarge`] as soon as the limit is passed, [`ReadError::Broken`] if it breaks off.
pub async fn read_capped(stream: &mut dyn ByteStream, limit: usize) -> Result<Bytes, ReadError> {
    let mut all = BytesMut::new();
    while let Some(piece) = stream.next().await {
        let piece = piece?;
        if all.len().saturating_add(piece.len()) > limit {
            return Err(ReadError::TooLarge { limit });
        }
        all.extend_from_slice(&piece);
    }
    Ok(all.freeze())
}

/// A stream of nothing.
pub struct EmptyStream;

impl ByteStream for EmptyStream {
    fn next(&mut self) -> LocalBoxFuture<'_, Option<Result<Bytes, ReadError>>> {
        Box::pin(async { None })
    }
}

/// A stream of bytes that are already here.
pub struct BytesStream(Option<Bytes>);

impl BytesStream {
    /// A stream that gives `bytes` in one piece.
    #[must_use]
    pub fn new(bytes: Bytes) -> Self {
        Self(Some(bytes))
    }
}

impl ByteStream for BytesStream {
    fn next(&mut self) -> LocalBoxFuture<'_, Option<Result<Bytes, ReadError>>> {
        let piece = self.0.take();
        Box::pin(async move { piece.map(Ok) })
    }
}

/// A request to another system.
#[derive(Debug, Clone)]
pub struct OutgoingRequest {
    /// The method.
    pub method: Method,
    /// Where to; its host must be in the component's allowed hosts.
    pub url: Url,
    /// Headers; `Host`, `Connection` and other hop-by-hop headers are forbidden.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
    /// How long to wait for the whole answer (for [`HttpClient::open`]: for its head).
    pub time_limit: Duration,
    /// The longest answer in bytes that is read.
    pub max_answer: usize,
}

/// An answer that was read to its end.
#[derive(Debug, Clone)]
pub struct WholeResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

/// An answer whose body is still coming.
pub struct StreamedResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Box<dyn ByteStream>,
}

/// Why there is no answer. The kinds differ in what is known about the effect at the other side.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum HttpError {
    /// The request never left: the host is not allowed, the name is unknown, the connection was refused.
    /// The other side has not seen it.
    #[error("not sent: {0}")]
    NotSent(String),
    /// The request left, or may have, and no whole answer came in time. The other side may have acted on it.
    #[error("no answer: {0}")]
    Unknown(String),
    /// An answer came and is longer than allowed. The other side has acted.
    #[error("the answer is longer than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
}

/// Sends requests.
#[allow(async_fn_in_trait)]
pub trait HttpClient {
    /// Sends and reads the whole answer. Redirects are not followed.
    async fn send(&self, request: OutgoingRequest) -> Result<WholeResponse, HttpError>;

    /// Sends and hands the answer's body through as it comes.
    async fn open(&self, request: OutgoingRequest) -> Result<StreamedResponse, HttpError>;
}
