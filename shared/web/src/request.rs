//! What came in.

use crate::cookie;
use http::{HeaderMap, Method, Uri, request::Parts};
use mostek_domain::{Language, Theme};
use mostek_ports::{ByteStream, EmptyStream, Random};
use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

/// A request, its head read and its body still to come.
///
/// Handlers get `&mut Request`: readers of bodies ([`crate::body`]) use up [`Request::body`], the rest stays readable
/// for the answer.
pub struct Request {
    /// The method. `HEAD` is already turned into `GET` (the engine drops the body; see [`Request::head_only`]).
    pub method: Method,
    /// Whether the client asked by `HEAD`.
    pub head_only: bool,
    /// The decoded path, beginning with `/`, without a closing slash (except `/` itself).
    pub path: String,
    /// The decoded query, in order.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, not read yet.
    pub body: Box<dyn ByteStream>,
    /// The correlation id: the caller's `x-request-id` if it is plain (8 to 64 of `[A-Za-z0-9-]`), else a random one.
    pub id: String,
    uri: Uri,
}

/// The piece before a secret in a path: `/invitation/<id>.<secret>`, for a first password and for a new one.
const SECRET_LINKS: &str = "invitation";

impl Request {
    /// A request out of its head and body; `random` makes the correlation id.
    #[must_use]
    pub fn new(parts: Parts, body: Box<dyn ByteStream>, random: &dyn Random) -> Self {
        let id = parts
            .headers
            .get("x-request-id")
            .and_then(|v| v.to_str().ok())
            .filter(|v| {
                (8..=64).contains(&v.len()) && v.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            })
            .map_or_else(|| format!("{:016x}", random.u64()), str::to_owned);
        let decoded = percent_encoding::percent_decode_str(parts.uri.path()).decode_utf8_lossy().into_owned();
        let trimmed = decoded.trim_end_matches('/');
        let path = if trimmed.is_empty() { "/".to_owned() } else { trimmed.to_owned() };
        let query =
            form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        let head_only = parts.method == Method::HEAD;
        let method = if head_only { Method::GET } else { parts.method };
        Self { method, head_only, path, query, headers: parts.headers, body, id, uri: parts.uri }
    }

    /// The path for logs and answers. Of a path that carries a secret the secret is left out: whoever reads a log must not be
    /// able to use a link that somebody else was sent.
    #[must_use]
    pub fn shown_path(&self) -> Cow<'_, str> {
        let mut pieces = self.path.split('/').filter(|p| !p.is_empty());
        // Anywhere: behind an address that was put together wrongly the secret is as good as in its place.
        if !pieces.any(|p| p.eq_ignore_ascii_case(SECRET_LINKS)) {
            return Cow::Borrowed(&self.path);
        }
        match pieces.next().map(|link| link.split_once('.')) {
            None => Cow::Borrowed(&self.path),
            Some(Some((id, _))) => Cow::Owned(format!("/{SECRET_LINKS}/{id}.***")),
            // No link of ours: perhaps one that was cut at the wrong place.
            Some(None) => Cow::Owned(format!("/{SECRET_LINKS}/***")),
        }
    }

    /// The decoded pieces of the path: `/helpdesk/tickets/17` is `["helpdesk", "tickets", "17"]`. Split before
    /// decoding, so that an encoded slash stays inside its piece.
    ///
    /// A router matches on them with [`pieces`]:
    /// `match (&method, pieces(&segments).as_slice()) { (&Method::GET, ["tickets", id]) => .. }`.
    #[must_use]
    pub fn segments(&self) -> Vec<String> {
        self.uri
            .path()
            .split('/')
            .filter(|s| !s.is_empty())
            .map(|s| percent_encoding::percent_decode_str(s).decode_utf8_lossy().into_owned())
            .collect()
    }

    /// The path and query as they came, for links back to this page.
    #[must_use]
    pub fn path_and_query(&self) -> &str {
        self.uri.path_and_query().map_or("/", |p| p.as_str())
    }

    /// The first value of a query parameter.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The **last** value of a header, if it is plain text.
    ///
    /// The last one because Spin appends its own `spin-*` headers after those a client forged.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get_all(name).iter().next_back().and_then(|v| v.to_str().ok())
    }

    /// The value of a cookie. Cookies that other programs of the same host set may hold any bytes; what is not UTF-8 is
    /// passed over and does not hide the others.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let headers = self.headers.get_all("cookie").iter();
        let pairs = headers.flat_map(|v| v.as_bytes().split(|b| *b == b';'));
        pairs.filter_map(|p| std::str::from_utf8(p).ok()).find_map(|p| cookie::value_of(p, name))
    }

    /// The other end of the connection: the last `spin-client-addr` (Spin, the host), else the last `true-client-ip`
    /// (Akamai).
    ///
    /// Only what the engine added last counts; a client can send both headers itself. Behind a reverse proxy this is
    /// the proxy.
    #[must_use]
    pub fn peer_ip(&self) -> Option<IpAddr> {
        ["spin-client-addr", "true-client-ip"].into_iter().find_map(|h| self.ip_in(h))
    }

    /// The address in a header that somebody in front of the engine sets: of its last value the last one in the list, which
    /// is the one that was added last (`x-forwarded-for`). `None` if there is none that can be read.
    #[must_use]
    pub fn ip_in(&self, header: &str) -> Option<IpAddr> {
        let last = self.header(header)?.rsplit(',').next()?.trim();
        last.parse::<SocketAddr>().map(|a| a.ip()).or_else(|_| last.parse::<IpAddr>()).ok()
    }

    /// Whether the browser spoke HTTPS, as far as the engine (`spin-full-url`) or a proxy (`x-forwarded-proto`) says.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.header("x-forwarded-proto").is_some_and(|v| v.trim().eq_ignore_ascii_case("https"))
            || self.header("spin-full-url").is_some_and(|v| v.starts_with("https://"))
            || self.uri.scheme_str() == Some("https")
    }

    /// Host and port the browser addressed.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.header("host").or_else(|| self.uri.authority().map(|a| a.as_str()))
    }

    /// Whether errors go out as problem+json: the path is under `/api/`, or the client prefers JSON to HTML.
    #[must_use]
    pub fn accepts_json(&self) -> bool {
        self.path == "/api"
            || self.path.starts_with("/api/")
            || self.header("accept").is_some_and(|a| {
                let html = a.find("text/html");
                let json = a.find("application/json").or_else(|| a.find("application/problem+json"));
                match (json, html) {
                    (Some(j), Some(h)) => j < h,
                    (Some(_), None) => true,
                    _ => false,
                }
            })
    }

    /// The personal API token in `authorization: Bearer ...`.
    #[must_use]
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|t| !t.is_empty())
    }

    /// The language of somebody who is not signed in: the cookie `language`, else the first of `accept-language` that
    /// we speak, else Polish.
    #[must_use]
    pub fn preferred_language(&self) -> Language {
        self.cookie("language")
            .and_then(Language::from_tag)
            .or_else(|| self.header("accept-language").and_then(Language::from_accept_language))
            .unwrap_or_default()
    }

    /// The theme of somebody who is not signed in: the cookie `theme`, else as the system is set.
    #[must_use]
    pub fn preferred_theme(&self) -> Theme {
        self.cookie("theme").and_then(Theme::from_slug).unwrap_or_default()
    }

    /// Takes the body out, leaving an empty one.
    #[must_use]
    pub fn take_body(&mut self) -> Box<dyn ByteStream> {
        std::mem::replace(&mut self.body, Box::new(EmptyStream))
    }
}

/// Borrowed pieces of a path, to match on; see [`Request::segments`].
#[must_use]
pub fn pieces(segments: &[String]) -> Vec<&str> {
    segments.iter().map(String::as_str).collect()
}

/// A path within this site to go back to after a form was handled, from a field the browser sent; `/` if it points
/// anywhere else.
#[must_use]
pub fn safe_back(path: &str) -> &str {
    let inside = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.len() <= 2000
        && path.bytes().all(|b| b.is_ascii_graphic());
    if inside { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{get, request};

    #[test]
    fn the_last_client_address_counts_so_that_it_cannot_be_forged() {
        let forged = [("spin-client-addr", "6.6.6.6:1"), ("spin-client-addr", "127.0.0.1:55714")];
        assert_eq!(request(Method::GET, "/", &forged, "").peer_ip(), "127.0.0.1".parse().ok());
        let v6 = [("spin-client-addr", "[2001:db8::1]:80")];
        assert_eq!(request(Method::GET, "/", &v6, "").peer_ip(), "2001:db8::1".parse().ok());
        let akamai = [("true-client-ip", "9.9.9.9"), ("true-client-ip", "5.5.5.5")];
        assert_eq!(request(Method::GET, "/", &akamai, "").peer_ip(), "5.5.5.5".parse().ok());
        assert_eq!(get("/").peer_ip(), None);
    }

    #[test]
    fn of_a_list_of_addresses_the_last_one_counts() {
        let ip =
            |value| request(Method::GET, "/", &[("x-forwarded-for", value)], "").ip_in("x-forwarded-for");
        assert_eq!(ip("6.6.6.6, 192.0.2.7"), "192.0.2.7".parse().ok());
        assert_eq!(ip("2001:db8::1"), "2001:db8::1".parse().ok());
        assert_eq!(ip("192.0.2.7:5123"), "192.0.2.7".parse().ok());
        assert_eq!(ip("192.0.2.7, unknown"), None);
    }

    #[test]
    fn a_foreign_cookie_of_any_bytes_does_not_hide_ours() {
        let mut r = get("/");
        for value in
            [&b"other=za\xc5\xbc\xc3\xb3\xc5\x82\xc4\x87; session=abc"[..], b"bad=\xff\xfe; theme=dark"]
        {
            r.headers.append("cookie", http::HeaderValue::from_bytes(value).unwrap());
        }
        assert_eq!(r.cookie("session"), Some("abc"));
        assert_eq!((r.cookie("theme"), r.cookie("bad")), (Some("dark"), None));
        assert_eq!(r.cookie("other"), Some("zażółć"));
    }

    #[test]
    fn segments_are_split_before_they_are_decoded() {
        let r = get("/tickets//a%2Fb/%C5%BC/");
        assert_eq!(r.segments(), ["tickets", "a/b", "ż"]);
        assert_eq!(get("/").segments(), Vec::<String>::new());
    }

    #[test]
    fn the_query_is_decoded() {
        let r = get("/x?a=1+2&b=%C5%BC&a=3&c");
        assert_eq!(
            (r.param("a"), r.param("b"), r.param("c"), r.param("d")),
            (Some("1 2"), Some("ż"), Some(""), None)
        );
    }

    #[test]
    fn json_is_for_the_api_and_who_prefers_it() {
        assert!(get("/api/v1/x").accepts_json());
        assert!(!get("/apiary").accepts_json());
        let accepting = |a: &str| request(Method::GET, "/x", &[("accept", a)], "").accepts_json();
        assert!(accepting("application/json"));
        assert!(!accepting("text/html,application/xhtml+xml,*/*;q=0.8"));
        assert!(!accepting("text/html, application/json"));
    }

    #[test]
    fn only_plain_request_ids_are_taken_over() {
        let id = |v: &str| request(Method::GET, "/", &[("x-request-id", v)], "").id;
        assert_eq!(id("abcdef-0123"), "abcdef-0123");
        for bad in ["short", "has space in it", "<script>alert(1)</script>", &"a".repeat(65)] {
            assert_eq!(id(bad).len(), 16, "{bad}");
        }
    }

    #[test]
    fn going_back_stays_on_this_site() {
        for good in ["/", "/tickets?status=new#m-1"] {
            assert_eq!(safe_back(good), good);
        }
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\r\nb",
            "/ x",
        ] {
            assert_eq!(safe_back(bad), "/", "{bad:?}");
        }
    }

    #[test]
    fn language_and_theme_come_from_cookie_then_header() {
        let r = request(Method::GET, "/", &[("accept-language", "de, ru;q=0.9, en;q=0.8")], "");
        assert_eq!((r.preferred_language(), r.preferred_theme()), (Language::Ru, Theme::Auto));
        let r = request(
            Method::GET,
            "/",
            &[("accept-language", "ru"), ("cookie", "language=en; theme=dark")],
            "",
        );
        assert_eq!((r.preferred_language(), r.preferred_theme()), (Language::En, Theme::Dark));
        assert_eq!(get("/").preferred_language(), Language::Pl);
    }

    #[test]
    fn a_bearer_token_is_read_whatever_the_case_of_the_scheme() {
        let of = |v: &str| request(Method::GET, "/", &[("authorization", v)], "").bearer().map(str::to_owned);
        assert_eq!(of("bearer abc"), Some("abc".to_owned()));
        assert_eq!(of("Basic abc"), None);
        assert_eq!(of("Bearer "), None);
    }
}
