//! Request headers between the client and a component.
//!
//! Mirrors `crates/trigger-http/src/{headers,wasi,server}.rs` of Spin. Spin's own `spin-*` headers come after whatever
//! the client sent under the same name: the last value is the true one.

use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use http::header::{CONNECTION, HOST, HeaderName, HeaderValue};
use http::uri::{Authority, Scheme};
use http::{HeaderMap, Request, Uri};

use crate::outbound::policy::chaining_target;
use crate::routes::Match;

/// Removes what only the server may know: `Connection`, and a `Host` that pretends to be a chained request.
pub fn strip_forbidden(headers: &mut HeaderMap) {
    let pretends =
        headers.get(HOST).and_then(|host| host.to_str().ok()).is_some_and(|h| chaining_target(h).is_some());
    if pretends {
        headers.remove(HOST);
    }
    headers.remove(CONNECTION);
}

/// Completes the URI with scheme and authority, the latter from the URI itself or from `Host`.
///
/// # Errors
/// When there is no authority, an invalid one, or two that differ.
pub fn complete_uri<B>(request: &mut Request<B>) -> anyhow::Result<()> {
    let from_header = request
        .headers()
        .get(HOST)
        .map(|host| {
            let host = host.to_str().context("'Host' header is not valid UTF-8")?;
            host.parse::<Authority>().context("'Host' header contains an invalid authority")
        })
        .transpose()?;
    let mut parts = request.uri().clone().into_parts();
    let authority = match (from_header, parts.authority.take()) {
        (None, None) => bail!("no 'Host' header present in request"),
        (Some(header), Some(uri)) if header != uri => {
            bail!("authority in 'Host' header does not match authority in URI")
        }
        (Some(authority), _) | (None, Some(authority)) => authority,
    };
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(authority);
    *request.uri_mut() = Uri::from_parts(parts).context("the request's URI is incomplete")?;
    Ok(())
}

/// Appends the `spin-*` headers.
///
/// # Errors
/// When a header of the client is not UTF-8: Spin answers such a request with 500.
pub fn append_spin_headers<B, T>(
    request: &mut Request<B>,
    route: &Match<T>,
    client: SocketAddr,
) -> anyhow::Result<()> {
    for value in request.headers().values() {
        std::str::from_utf8(value.as_bytes()).context("a request header is not UTF-8")?;
    }
    let host = match request.headers().get(HOST) {
        Some(host) => std::str::from_utf8(host.as_bytes())?,
        None => "localhost",
    };
    let path_and_query = request.uri().path_and_query().map_or("/", |p| p.as_str());
    let scheme = request.uri().scheme_str().unwrap_or("http");
    let full_url = format!("{scheme}://{host}{path_and_query}");
    let headers = request.headers_mut();
    let mut append = |name: HeaderName, value: &str| {
        // A value that cannot be a header is left out, as in Spin.
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            headers.append(name, value);
        }
    };
    append(HeaderName::from_static("spin-path-info"), &route.trailing);
    append(HeaderName::from_static("spin-full-url"), &full_url);
    append(HeaderName::from_static("spin-matched-route"), &route.based_route);
    append(HeaderName::from_static("spin-base-path"), "/");
    append(HeaderName::from_static("spin-raw-component-route"), &route.raw_route);
    append(HeaderName::from_static("spin-component-route"), route.route_or_prefix());
    append(HeaderName::from_static("spin-client-addr"), &client.to_string());
    for (name, value) in &route.named {
        let name = format!("spin-path-match-{}", name.replace('_', "-").to_ascii_lowercase());
        if let Ok(name) = name.parse() {
            append(name, value);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Route;
    use crate::routes::Router;

    fn matched(route: &str, path: &str) -> Match<String> {
        let route = Route::Pattern(route.into());
        Router::build([("c".to_owned(), &route)]).unwrap().0.find(path).unwrap()
    }

    fn values(request: &Request<()>, name: &str) -> Vec<String> {
        request.headers().get_all(name).iter().map(|v| v.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn spins_headers_come_after_the_clients() {
        let mut request = Request::get("/shop/42/a/b?x=1")
            .header("host", "hub.example:3000")
            .header("spin-client-addr", "6.6.6.6:1")
            .body(())
            .unwrap();
        complete_uri(&mut request).unwrap();
        let route = matched("/shop/:user_id/...", "/shop/42/a/b");
        append_spin_headers(&mut request, &route, "127.0.0.1:5".parse().unwrap()).unwrap();
        assert_eq!(values(&request, "spin-client-addr"), ["6.6.6.6:1", "127.0.0.1:5"]);
        assert_eq!(values(&request, "spin-full-url"), ["http://hub.example:3000/shop/42/a/b?x=1"]);
        assert_eq!(values(&request, "spin-path-info"), ["/a/b"]);
        assert_eq!(values(&request, "spin-matched-route"), ["/shop/:user_id/..."]);
        assert_eq!(values(&request, "spin-base-path"), ["/"]);
        assert_eq!(values(&request, "spin-raw-component-route"), ["/shop/:user_id/..."]);
        assert_eq!(values(&request, "spin-component-route"), ["/shop/:user_id"]);
        assert_eq!(values(&request, "spin-path-match-user-id"), ["42"]);
        assert_eq!(request.uri().to_string(), "http://hub.example:3000/shop/42/a/b?x=1");
    }

    #[test]
    fn a_header_that_is_not_utf8_fails_the_request() {
        let mut request = Request::get("/").header("host", "h").body(()).unwrap();
        request.headers_mut().insert("x", HeaderValue::from_bytes(b"\xff").unwrap());
        let route = matched("/...", "/");
        assert!(append_spin_headers(&mut request, &route, "127.0.0.1:5".parse().unwrap()).is_err());
    }

    #[test]
    fn the_authority_must_be_there_and_agree() {
        let mut request = Request::get("/").body(()).unwrap();
        assert!(complete_uri(&mut request).is_err());
        let mut request = Request::get("http://a/").header("host", "b").body(()).unwrap();
        assert!(complete_uri(&mut request).is_err());
        let mut request = Request::get("http://a/").body(()).unwrap();
        complete_uri(&mut request).unwrap();
    }

    #[test]
    fn a_client_cannot_pretend_to_be_chained_and_connection_is_dropped() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("x.spin.internal:80"));
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        strip_forbidden(&mut headers);
        assert!(headers.is_empty());
        headers.insert(HOST, HeaderValue::from_static("example.org"));
        strip_forbidden(&mut headers);
        assert_eq!(headers.len(), 1);
    }
}
