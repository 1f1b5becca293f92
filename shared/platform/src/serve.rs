//! A request on its way from the engine to the routes and back.

use crate::body::{self, End, WireBody};
use crate::rest::{REST_LIMIT, Shared, drain};
use crate::{SpinLog, SpinWorld, headers};
use http::request::Parts;
use http::uri::{Authority, PathAndQuery, Uri};
use http::{HeaderMap, Method, StatusCode, header};
use mostek_ports::{Level, Log, World};
use mostek_web::{Body, Request, Response};
use spin_sdk::wasip3::http::types::{Request as WasiRequest, Response as WasiResponse, Scheme};
use spin_sdk::wasip3::wit_bindgen::{FutureReader, StreamReader};
use std::time::Duration;

/// How long the rest of a request's body may take to come.
const REST_TIME: Duration = Duration::from_secs(10);

/// Answers one request with a component's routes. Used through [`component!`](crate::component).
///
/// Whatever cannot be converted becomes a response (400) or is left out and logged; there is always an answer, since an
/// error that is handed to Spin becomes an empty 500. What the routes left of the body is read before the answer leaves:
/// Spin closes a connection whose request was not read to its end, and the client may then lose the answer.
pub async fn serve<R>(request: WasiRequest, routes: R) -> WasiResponse
where
    R: AsyncFn(&SpinWorld, &mut Request) -> Response,
{
    let world = SpinWorld::new();
    let (response, head_only) = match parts(&request) {
        Ok(parts) => {
            let may_have_a_rest = may_have_a_body(&parts.method, &parts.headers);
            let body = Shared::new(WireBody::of_request(request));
            let mut request = Request::new(parts, Box::new(body.clone()), world.random());
            let response = routes(&world, &mut request).await;
            if may_have_a_rest {
                drain(body, spin_sdk::time::sleep(REST_TIME)).await;
            }
            (response, request.head_only)
        }
        Err(why) => {
            world.log().write(Level::Warning, &format!("a request that cannot be read: {why}"));
            (unreadable(), false)
        }
    };
    send(response, head_only).await
}

/// Whether something may come after the head that is worth reading only so that it is read. Most requests have no body,
/// and a body that says beforehand that it is too long would not come to its end.
fn may_have_a_body(method: &Method, headers: &HeaderMap) -> bool {
    match announced(headers) {
        Some(length) => (1..=REST_LIMIT as u64).contains(&length),
        // In pieces, perhaps; not every engine shows `transfer-encoding`.
        None => !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS),
    }
}

/// The head of a request.
fn parts(request: &WasiRequest) -> Result<Parts, http::Error> {
    let https = matches!(request.get_scheme(), Some(Scheme::Https));
    let path = request.get_path_with_query();
    let uri = uri(https, request.get_authority().as_deref(), path.as_deref())?;
    let method: Method = request.get_method().try_into()?;
    let (mut parts, ()) = http::Request::builder().method(method).uri(uri).body(())?.into_parts();
    parts.headers = headers::incoming(request.get_headers().copy_all());
    // Some engines show the client's `Host`, perhaps twice; the one that was checked is the address's authority.
    parts.headers.remove(http::header::HOST);
    Ok(parts)
}

/// The address that was asked for. One whose host cannot be read is kept without it: no route depends on the host.
fn uri(https: bool, authority: Option<&str>, path: Option<&str>) -> Result<Uri, http::Error> {
    let path: PathAndQuery = path.filter(|p| !p.is_empty()).unwrap_or("/").parse()?;
    let authority: Option<Authority> = authority.and_then(|a| a.parse().ok());
    let builder = Uri::builder().path_and_query(path);
    match authority {
        Some(a) => builder.scheme(if https { "https" } else { "http" }).authority(a).build(),
        None => builder.build(),
    }
}

fn unreadable() -> Response {
    let problem = r#"{"type":"/problems/bad-request","title":"Bad request","status":400,"detail":"The address or the method of the request cannot be read."}"#;
    Response::new(StatusCode::BAD_REQUEST, "application/problem+json", problem)
}

/// Hands a response to the engine, its body ready or being fed by a task that outlives the handler.
async fn send(mut response: Response, head_only: bool) -> WasiResponse {
    set_frame(&mut response, head_only);
    let (fields, refused) = headers::outgoing(&response.headers);
    if !refused.is_empty() {
        SpinLog.write(Level::Warning, &format!("response headers left out: {}", refused.join(", ")));
    }
    let (contents, end): (Option<StreamReader<u8>>, FutureReader<End>) = match response.body {
        _ if head_only || bodiless(response.status) => (None, body::whole()),
        Body::Bytes(bytes) => (body::of_bytes(bytes).await, body::whole()),
        Body::Stream(stream) => {
            let (pieces, end) = body::of_stream(stream, |e| {
                SpinLog.write(Level::Warning, &format!("a response was cut short: {e}"));
            });
            (Some(pieces), end)
        }
    };
    // What becomes of the sending cannot be told to anybody any more.
    let (wire, _) = WasiResponse::new(fields, contents, end);
    // Every `StatusCode` is within what the engine takes (100 to 999).
    let _ = wire.set_status_code(response.status.as_u16());
    wire
}

/// Statuses whose responses have no body (RFC 9110, 6.4.1).
fn bodiless(status: StatusCode) -> bool {
    status.is_informational() || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}

/// Puts `content-length` right: the body's own where it is known, as announced where it streams, none where there is no
/// body. The answer to a `HEAD` whose body was dropped already keeps the length that its `GET` would have.
fn set_frame(response: &mut Response, head_only: bool) {
    let announced = announced(&response.headers);
    let length = match &response.body {
        _ if bodiless(response.status) => None,
        Body::Bytes(bytes) if head_only && bytes.is_empty() => announced,
        Body::Bytes(bytes) => Some(bytes.len() as u64),
        Body::Stream(_) => announced,
    };
    match length {
        Some(n) => response.headers.insert(header::CONTENT_LENGTH, n.into()),
        None => response.headers.remove(header::CONTENT_LENGTH),
    };
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mostek_ports::EmptyStream;

    fn length(mut response: Response, head_only: bool) -> Option<String> {
        set_frame(&mut response, head_only);
        let value = response.headers.get(header::CONTENT_LENGTH)?;
        Some(value.to_str().unwrap().to_owned())
    }

    fn with_length(mut response: Response, value: &'static str) -> Response {
        response.headers.insert(header::CONTENT_LENGTH, http::HeaderValue::from_static(value));
        response
    }

    fn streamed() -> Response {
        Response::attachment("a.bin", Body::Stream(Box::new(EmptyStream)), None)
    }

    #[test]
    fn a_known_body_says_its_own_length() {
        assert_eq!(length(Response::text("żółw"), false).as_deref(), Some("7"));
        assert_eq!(length(with_length(Response::text("abc"), "99"), false).as_deref(), Some("3"));
        assert_eq!(length(with_length(Response::text(""), "99"), false).as_deref(), Some("0"));
    }

    #[test]
    fn the_answer_to_head_keeps_the_length_of_its_get() {
        assert_eq!(length(with_length(Response::text(""), "99"), true).as_deref(), Some("99"));
        assert_eq!(length(Response::text("abc"), true).as_deref(), Some("3"));
    }

    #[test]
    fn a_stream_says_a_length_only_if_it_was_given_one() {
        assert_eq!(length(streamed(), false), None);
        assert_eq!(length(with_length(streamed(), "12"), false).as_deref(), Some("12"));
        assert_eq!(length(with_length(streamed(), "twelve"), false), None);
    }

    #[test]
    fn statuses_without_a_body_have_no_length() {
        for status in [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED] {
            assert!(bodiless(status));
            assert_eq!(length(Response::text("abc").status(status), false), None);
        }
        assert!(!bodiless(StatusCode::RESET_CONTENT));
    }

    #[test]
    fn a_rest_is_read_where_there_may_be_one_that_ends() {
        let of = |length: &'static str| {
            HeaderMap::from_iter([(header::CONTENT_LENGTH, http::HeaderValue::from_static(length))])
        };
        for (method, headers, expected) in [
            (Method::GET, HeaderMap::new(), false),
            (Method::POST, HeaderMap::new(), true),
            (Method::GET, of("5"), true),
            (Method::POST, of("0"), false),
            (Method::POST, of("67108864"), true),
            (Method::POST, of("67108865"), false),
            (Method::PUT, of("many"), true),
        ] {
            assert_eq!(may_have_a_body(&method, &headers), expected, "{method} {headers:?}");
        }
    }

    #[test]
    fn an_address_is_read_with_or_without_its_host() {
        let full = uri(true, Some("hub.example:8443"), Some("/tickets?x=1")).unwrap();
        assert_eq!(full.to_string(), "https://hub.example:8443/tickets?x=1");
        assert_eq!(uri(false, Some("in valid"), Some("/a")).unwrap().to_string(), "/a");
        assert_eq!(uri(false, None, None).unwrap().path(), "/");
        assert!(uri(false, Some("a"), Some("/\u{7f} x")).is_err());
    }

    #[test]
    fn the_answer_to_an_unreadable_request_is_a_problem() {
        let response = unreadable();
        assert_eq!(response.status, StatusCode::BAD_REQUEST);
        assert_eq!(response.headers.get(header::CONTENT_TYPE).unwrap(), "application/problem+json");
    }
}
