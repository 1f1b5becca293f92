//! Headers between the engine's lists and [`HeaderMap`].

use http::{HeaderMap, HeaderName, HeaderValue};
use spin_sdk::wasip3::http::types::{Fields, HeaderError};

/// Headers about one connection, which the engine refuses to take from a component
/// (wasmtime-wasi-http, `DEFAULT_FORBIDDEN_HEADERS`).
const FORBIDDEN: [&str; 9] = [
    "connection",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "transfer-encoding",
    "upgrade",
];

/// Headers as they came.
///
/// - Names that are none and values that are not UTF-8 are left out: no header we read may be either.
/// - Of `spin-*` headers only the last value is kept: the engine appends its own after those a client sent.
/// - What is past the number of headers a map can hold (32,768) is left out.
pub(crate) fn incoming(fields: Vec<(String, Vec<u8>)>) -> HeaderMap {
    let mut map = HeaderMap::with_capacity(fields.len().min(64));
    for (name, value) in fields {
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else { continue };
        if std::str::from_utf8(&value).is_err() {
            continue;
        }
        let Ok(value) = HeaderValue::from_maybe_shared(bytes::Bytes::from(value)) else { continue };
        let kept = if name.as_str().starts_with("spin-") {
            map.try_insert(name, value).map(|_| ())
        } else {
            map.try_append(name, value).map(|_| ())
        };
        if kept.is_err() {
            break;
        }
    }
    map
}

/// The headers that may be given to the engine, in order.
pub(crate) fn allowed(map: &HeaderMap) -> impl Iterator<Item = (&str, &[u8])> {
    map.iter().map(|(n, v)| (n.as_str(), v.as_bytes())).filter(|(n, _)| !FORBIDDEN.contains(n))
}

/// Hands headers to the engine. Gives the names it would not take (an engine may forbid more than [`FORBIDDEN`]).
pub(crate) fn outgoing(map: &HeaderMap) -> (Fields, Vec<String>) {
    let fields = Fields::new();
    let mut refused = Vec::new();
    for (name, value) in allowed(map) {
        match fields.append(name, value) {
            Ok(()) => {}
            Err(HeaderError::InvalidSyntax) => refused.push(format!("{name} (syntax)")),
            Err(HeaderError::Forbidden) => refused.push(format!("{name} (forbidden)")),
            Err(_) => refused.push(name.to_owned()),
        }
    }
    (fields, refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(list: &[(&str, &[u8])]) -> Vec<(String, Vec<u8>)> {
        list.iter().map(|(n, v)| ((*n).to_owned(), v.to_vec())).collect()
    }

    fn values<'a>(map: &'a HeaderMap, name: &str) -> Vec<&'a str> {
        map.get_all(name).iter().map(|v| v.to_str().unwrap()).collect()
    }

    #[test]
    fn a_forged_engine_header_gives_way_to_the_engines_own() {
        let map = incoming(fields(&[
            ("Spin-Client-Addr", b"6.6.6.6:1"),
            ("accept", b"a"),
            ("accept", b"b"),
            ("spin-client-addr", b"127.0.0.1:55714"),
        ]));
        assert_eq!(values(&map, "spin-client-addr"), ["127.0.0.1:55714"]);
        assert_eq!(values(&map, "accept"), ["a", "b"]);
    }

    #[test]
    fn what_is_no_header_or_not_utf8_is_left_out() {
        let map = incoming(fields(&[
            ("x y", b"1"),
            ("", b"1"),
            ("x-latin2", b"za\xbf\xf3\xb3\xe6"),
            ("x-break", b"a\r\nb"),
            ("x-good", "zażółć".as_bytes()),
        ]));
        assert_eq!(map.len(), 1);
        assert_eq!(map.get("x-good").unwrap().as_bytes(), "zażółć".as_bytes());
    }

    #[test]
    fn more_headers_than_a_map_holds_do_not_panic() {
        let many = (0..40_000).map(|i| (format!("x-{i}"), b"1".to_vec())).collect();
        assert!(incoming(many).len() >= 20_000);
    }

    #[test]
    fn headers_about_the_connection_are_not_given_to_the_engine() {
        let map = incoming(fields(&[
            ("Host", b"a"),
            ("Connection", b"close"),
            ("Transfer-Encoding", b"chunked"),
            ("upgrade", b"h2c"),
            ("accept", b"*/*"),
            ("set-cookie", b"a=1"),
            ("set-cookie", b"b=2"),
        ]));
        let names: Vec<_> = allowed(&map).map(|(n, _)| n).collect();
        assert_eq!(names, ["accept", "set-cookie", "set-cookie"]);
    }
}
