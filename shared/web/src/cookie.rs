//! Cookies: reading the request's and writing ours (RFC 6265).

use std::time::Duration;

/// A cookie to set. Every cookie of ours is `HttpOnly`, `SameSite=Lax` and valid for the whole site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cookie {
    name: &'static str,
    value: String,
    max_age: Option<Duration>,
}

impl Cookie {
    /// A cookie that ends with the browser's session. `value` must consist of `cookie-octet`s (base64url does);
    /// others are dropped.
    #[must_use]
    pub fn new(name: &'static str, value: impl Into<String>) -> Self {
        let value: String = value.into();
        let value =
            value.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '"' | ',' | ';' | '\\')).collect();
        Self { name, value, max_age: None }
    }

    /// Lets it live for a time, across restarts of the browser.
    #[must_use]
    pub fn lasting(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// A cookie that removes the one of this name.
    #[must_use]
    pub fn removed(name: &'static str) -> Self {
        Self { name, value: String::new(), max_age: Some(Duration::ZERO) }
    }

    /// The `set-cookie` value. `https` says whether the request came over HTTPS: then the cookie is `Secure`.
    #[must_use]
    pub fn header(&self, https: bool) -> String {
        let mut out = format!("{}={}; Path=/; HttpOnly; SameSite=Lax", self.name, self.value);
        if let Some(age) = self.max_age {
            out.push_str(&format!("; Max-Age={}", age.as_secs()));
        }
        if https {
            out.push_str("; Secure");
        }
        out
    }
}

/// The value of one `name=value` of a `cookie` header if it is this cookie.
pub(crate) fn value_of<'a>(pair: &'a str, name: &str) -> Option<&'a str> {
    let (n, v) = pair.trim().split_once('=')?;
    (n == name).then(|| v.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_cookies_are_http_only_lax_and_secure_over_https() {
        let c = Cookie::new("session", "abc").lasting(Duration::from_secs(60));
        assert_eq!(c.header(false), "session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
        assert_eq!(c.header(true), "session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
        assert_eq!(
            Cookie::removed("session").header(true),
            "session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure"
        );
    }

    #[test]
    fn a_value_cannot_smuggle_attributes_or_lines() {
        assert_eq!(
            Cookie::new("a", "x; Domain=evil\r\nset-cookie: b").header(false),
            "a=xDomain=evilset-cookie:b; Path=/; HttpOnly; SameSite=Lax"
        );
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        assert_eq!(value_of("xsession=1", "session"), None);
        assert_eq!(value_of(" session=2", "session"), Some("2"));
        assert_eq!(value_of("session", "session"), None);
    }
}
