//! Requests to other systems.

use crate::body::{self, WireBody};
use crate::error_code::plain;
use crate::headers;
use bytes::Bytes;
use futures::future::{Either, LocalBoxFuture, select};
use http::{HeaderMap, Method, StatusCode, header};
use mostek_ports::{
    ByteStream, HttpClient, HttpError, OutgoingRequest, ReadError, StreamedResponse, WholeResponse,
    read_capped,
};
use spin_sdk::wasip3::http::client;
use spin_sdk::wasip3::http::types::{
    ErrorCode, Method as WasiMethod, Request, RequestOptions, Response, Scheme,
};
use std::pin::pin;
use std::time::Duration;
use url::{Position, Url};

/// How long a connection may take at most to come about. Shorter than most limits of whole requests, so that a host that
/// is switched off is recognised as "not sent", which may simply be tried again.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Outbound HTTP through the engine. Redirects are not followed, and there is no pool of our own.
///
/// A request goes only where the component's `allowed_outbound_hosts` let it. Each is limited twice: by the options the
/// engine knows (whose defaults are 600 s each in Spin), and by our own clock. Once [`HttpClient::open`] has given a head,
/// each piece of the body may take as long as the head was allowed to.
#[derive(Clone, Copy, Default)]
pub struct SpinHttp;

impl HttpClient for SpinHttp {
    async fn send(&self, request: OutgoingRequest) -> Result<WholeResponse, HttpError> {
        let (limit, longest) = (request.time_limit, request.max_answer);
        within(limit, async {
            let (status, headers, mut body) = exchange(request).await?;
            let body = read_capped(&mut body, longest).await.map_err(unread)?;
            Ok(WholeResponse { status, headers, body })
        })
        .await
    }

    async fn open(&self, request: OutgoingRequest) -> Result<StreamedResponse, HttpError> {
        let (limit, longest) = (request.time_limit, request.max_answer);
        let (status, headers, body) = within(limit, exchange(request)).await?;
        let body = Box::new(Capped { body: Box::new(body), limit: longest, left: longest });
        Ok(StreamedResponse { status, headers, body })
    }
}

/// Waits for `work`, but not longer than `limit`. Work that is given up is dropped, which cancels it at the engine.
async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, HttpError>>,
) -> Result<T, HttpError> {
    match select(pin!(work), pin!(spin_sdk::time::sleep(limit))).await {
        Either::Left((done, _)) => done,
        Either::Right(_) => {
            Err(HttpError::Unknown(format!("no whole answer within {} ms", limit.as_millis())))
        }
    }
}

/// Sends a request and waits for the answer's head.
async fn exchange(request: OutgoingRequest) -> Result<(StatusCode, HeaderMap, WireBody), HttpError> {
    let request = prepare(request).await?;
    let answer: Response = client::send(request).await.map_err(|e| failed(&e))?;
    let status = StatusCode::from_u16(answer.get_status_code())
        .map_err(|e| HttpError::Unknown(format!("the answer's status: {e}")))?;
    let headers = headers::incoming(answer.get_headers().copy_all());
    Ok((status, headers, WireBody::of_response(answer)))
}

async fn prepare(request: OutgoingRequest) -> Result<Request, HttpError> {
    let to = Target::of(&request.url)?;
    let head = with_length(request.headers, &request.method, request.body.len());
    let (fields, refused) = headers::outgoing(&head);
    if !refused.is_empty() {
        return Err(not_sent(format!("the engine does not take the headers {}", refused.join(", "))));
    }
    let contents = body::of_bytes(request.body).await;
    let options = options(request.time_limit);
    // What becomes of the sending is learnt from the answer.
    let (wire, _) = Request::new(fields, contents, body::whole(), Some(options));
    let refuse = |what: &str| {
        not_sent(format!("the engine does not take the {what} of {}", request.url.host_str().unwrap_or("")))
    };
    wire.set_method(&WasiMethod::from(&request.method)).map_err(|()| refuse("method"))?;
    wire.set_scheme(Some(&to.scheme)).map_err(|()| refuse("scheme"))?;
    wire.set_authority(Some(&to.authority)).map_err(|()| refuse("authority"))?;
    wire.set_path_with_query(Some(&to.path)).map_err(|()| refuse("path"))?;
    Ok(wire)
}

/// Where a request goes, in the pieces the engine asks for.
struct Target {
    scheme: Scheme,
    authority: String,
    path: String,
}

impl Target {
    /// Without user, password and fragment, which are not sent.
    fn of(url: &Url) -> Result<Self, HttpError> {
        let scheme = match url.scheme() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            other => return Err(not_sent(format!("the scheme {other} is not HTTP"))),
        };
        let authority = url[Position::BeforeHost..Position::AfterPort].to_owned();
        let path = url[Position::BeforePath..Position::AfterQuery].to_owned();
        Ok(Self { scheme, authority, path })
    }
}

/// The headers with the length of the body, which the engine does not put there: without it a body leaves in chunks,
/// which some servers refuse.
fn with_length(mut headers: HeaderMap, method: &Method, length: usize) -> HeaderMap {
    headers.remove(header::CONTENT_LENGTH);
    if length > 0 || matches!(*method, Method::POST | Method::PUT | Method::PATCH) {
        headers.insert(header::CONTENT_LENGTH, length.into());
    }
    headers
}

fn options(limit: Duration) -> RequestOptions {
    let nanoseconds = |d: Duration| Some(u64::try_from(d.as_nanos()).unwrap_or(u64::MAX));
    let options = RequestOptions::new();
    // An engine that does not know a limit leaves it to our own clock.
    let _ = options.set_connect_timeout(nanoseconds(limit.min(CONNECT_LIMIT)));
    let _ = options.set_first_byte_timeout(nanoseconds(limit));
    let _ = options.set_between_bytes_timeout(nanoseconds(limit));
    options
}

fn not_sent(why: String) -> HttpError {
    HttpError::NotSent(why)
}

/// What is known after the engine gave up.
///
/// "Not sent" only for what happens before the first byte of the request leaves, as read in Spin
/// (`crates/factor-outbound-http/src/wasi.rs`: errors of `connect_tcp` and `connect_tls`, of the permission check and of
/// the request's own form) and in RFC 9209, section 2.3. A TLS alert can come after the request (TLS 1.3 rejects a client
/// certificate then), so it is not among them.
fn failed(e: &ErrorCode) -> HttpError {
    match e {
        ErrorCode::HttpRequestDenied => {
            // Spin says the same of every host when it cannot read one of the component's (its own log says so).
            not_sent(
                "allowed_outbound_hosts in spin.toml does not name the host, or a variable in it is no host"
                    .to_owned(),
            )
        }
        ErrorCode::DnsTimeout
        | ErrorCode::DnsError(_)
        | ErrorCode::DestinationNotFound
        | ErrorCode::DestinationIpProhibited
        | ErrorCode::DestinationIpUnroutable
        | ErrorCode::ConnectionRefused
        | ErrorCode::ConnectionTimeout
        | ErrorCode::ConnectionLimitReached
        | ErrorCode::TlsProtocolError
        | ErrorCode::TlsCertificateError
        | ErrorCode::HttpRequestMethodInvalid
        | ErrorCode::HttpRequestUriInvalid => not_sent(plain(e)),
        _ => HttpError::Unknown(plain(e)),
    }
}

/// An answer whose body was not read whole.
fn unread(e: ReadError) -> HttpError {
    match e {
        ReadError::TooLarge { limit } => HttpError::TooLarge { limit },
        ReadError::Broken(why) => HttpError::Unknown(format!("the answer broke off: {why}")),
    }
}

/// A body that ends in an error past `limit` bytes.
struct Capped {
    body: Box<dyn ByteStream>,
    limit: usize,
    left: usize,
}

impl ByteStream for Capped {
    fn next(&mut self) -> LocalBoxFuture<'_, Option<Result<Bytes, ReadError>>> {
        Box::pin(async move {
            let piece = match self.body.next().await? {
                Ok(piece) => piece,
                Err(e) => return Some(Err(e)),
            };
            match self.left.checked_sub(piece.len()) {
                Some(left) => self.left = left,
                None => return Some(Err(ReadError::TooLarge { limit: self.limit })),
            }
            Some(Ok(piece))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mostek_ports::BytesStream;
    use spin_sdk::wasip3::http::types::{DnsErrorPayload, TlsAlertReceivedPayload};

    #[test]
    fn what_never_left_is_not_sent() {
        let dns = DnsErrorPayload { rcode: Some("address not available".into()), info_code: Some(0) };
        for e in [
            ErrorCode::HttpRequestDenied,
            ErrorCode::DnsError(dns),
            ErrorCode::ConnectionRefused,
            ErrorCode::ConnectionTimeout,
            ErrorCode::DestinationIpProhibited,
            ErrorCode::TlsProtocolError,
            ErrorCode::TlsCertificateError,
        ] {
            assert!(matches!(failed(&e), HttpError::NotSent(_)), "{e}");
        }
    }

    #[test]
    fn what_may_have_left_is_unknown() {
        let alert = TlsAlertReceivedPayload { alert_id: Some(116), alert_message: None };
        for e in [
            ErrorCode::ConnectionTerminated,
            ErrorCode::ConnectionReadTimeout,
            ErrorCode::ConnectionWriteTimeout,
            ErrorCode::TlsAlertReceived(alert),
            ErrorCode::HttpResponseTimeout,
            ErrorCode::HttpResponseIncomplete,
            ErrorCode::HttpProtocolError,
            ErrorCode::HttpRequestBodySize(Some(3)),
            ErrorCode::InternalError(Some("?".into())),
        ] {
            assert!(matches!(failed(&e), HttpError::Unknown(_)), "{e}");
        }
    }

    #[test]
    fn an_answer_that_breaks_off_is_unknown_and_a_long_one_is_too_large() {
        assert!(matches!(unread(ReadError::Broken("x".into())), HttpError::Unknown(_)));
        assert_eq!(unread(ReadError::TooLarge { limit: 9 }), HttpError::TooLarge { limit: 9 });
    }

    #[test]
    fn a_target_has_neither_user_nor_fragment() {
        let url = Url::parse("http://u:p@shop.example:8080/api/a%2Fb?q=%C5%82#part").unwrap();
        let to = Target::of(&url).unwrap();
        assert!(matches!(to.scheme, Scheme::Http));
        assert_eq!(to.authority, "shop.example:8080");
        assert_eq!(to.path, "/api/a%2Fb?q=%C5%82");
        let bare = Target::of(&Url::parse("https://[::1]").unwrap()).unwrap();
        assert_eq!((bare.authority.as_str(), bare.path.as_str()), ("[::1]", "/"));
        assert!(matches!(Target::of(&Url::parse("ftp://x/").unwrap()), Err(HttpError::NotSent(_))));
    }

    #[test]
    fn the_length_of_a_body_is_announced_and_is_ours() {
        let length = |method: Method, given: Option<&'static str>, n: usize| {
            let mut h = HeaderMap::new();
            if let Some(v) = given {
                h.insert(header::CONTENT_LENGTH, http::HeaderValue::from_static(v));
            }
            with_length(h, &method, n).get(header::CONTENT_LENGTH).map(|v| v.to_str().unwrap().to_owned())
        };
        assert_eq!(length(Method::POST, Some("99"), 5).as_deref(), Some("5"));
        assert_eq!(length(Method::POST, None, 0).as_deref(), Some("0"));
        assert_eq!(length(Method::GET, Some("99"), 0), None);
    }

    #[test]
    fn a_stream_past_its_cap_ends_in_an_error() {
        let body = |limit| Capped {
            body: Box::new(BytesStream::new(Bytes::from_static(b"12345"))),
            limit,
            left: limit,
        };
        let next = |mut c: Capped| futures::executor::block_on(async move { c.next().await });
        assert_eq!(next(body(5)), Some(Ok(Bytes::from_static(b"12345"))));
        assert_eq!(next(body(4)), Some(Err(ReadError::TooLarge { limit: 4 })));
    }
}
