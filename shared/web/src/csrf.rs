//! Forged requests: every change that rides on a cookie must prove that one of our pages sent it.
//!
//! Two independent proofs are asked for: what the browser says about the sender (`sec-fetch-site`, `origin`) must not
//! name another site, and the form carries a token only our pages can know.

use crate::error::ApiError;
use crate::request::Request;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The name of the hidden form field.
pub const FIELD: &str = "csrf";
/// The header scripts send the token in.
pub const HEADER: &str = "x-csrf-token";

/// Makes and checks tokens: HMAC-SHA-256 of the session id.
pub struct Csrf {
    key: Vec<u8>,
}

impl Csrf {
    /// With the installation's key; at least 16 random bytes.
    #[must_use]
    pub fn new(key: impl Into<Vec<u8>>) -> Self {
        Self { key: key.into() }
    }

    fn mac(&self, session: &str) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).ok()?;
        mac.update(b"mostek csrf\0");
        mac.update(session.as_bytes());
        Some(mac)
    }

    /// The token of a session (or of a sign-in page's own random cookie): 43 characters of base64url.
    #[must_use]
    pub fn token(&self, session: &str) -> String {
        self.mac(session).map(|m| URL_SAFE_NO_PAD.encode(m.finalize().into_bytes())).unwrap_or_default()
    }

    /// Checks a change. `field` is what the form carried under [`FIELD`]; without one the header [`HEADER`] counts.
    /// Requests that carry an API token and no cookie need no check: do not call this for them.
    ///
    /// # Errors
    /// `csrf_failed` (403) if the token is missing or another session's, or the browser names another site.
    pub fn check(&self, request: &Request, session: &str, field: Option<&str>) -> Result<(), ApiError> {
        same_site(request)?;
        let given = field.or_else(|| request.header(HEADER)).ok_or_else(ApiError::csrf_failed)?;
        let given = URL_SAFE_NO_PAD.decode(given).map_err(|_| ApiError::csrf_failed())?;
        let mac = self.mac(session).ok_or_else(ApiError::csrf_failed)?;
        mac.verify_slice(&given).map_err(|_| ApiError::csrf_failed())
    }
}

/// Refuses what the browser itself marks as sent by another site. A client without these headers passes.
///
/// # Errors
/// `csrf_failed` (403).
pub fn same_site(request: &Request) -> Result<(), ApiError> {
    if request.header("sec-fetch-site").is_some_and(|s| s != "same-origin" && s != "none") {
        return Err(ApiError::csrf_failed());
    }
    let Some(origin) = request.header("origin") else { return Ok(()) };
    let sender = origin.split_once("://").map(|(_, host)| host);
    // A page of another site cannot make a browser send x-forwarded-host with a form, so a proxy's word is good here.
    let ours = [request.host(), request.header("x-forwarded-host")];
    if sender.is_some() && ours.into_iter().any(|h| h.is_some() && h == sender) {
        Ok(())
    } else {
        Err(ApiError::csrf_failed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::post_form;

    fn ours() -> Csrf {
        Csrf::new(*b"0123456789abcdef")
    }

    fn check(headers: &[(&str, &str)], field: Option<&str>) -> Result<(), u16> {
        ours().check(&post_form("/x", headers, ""), "session-1", field).map_err(|e| e.status.as_u16())
    }

    #[test]
    fn the_token_passes_as_field_and_as_header() {
        let token = ours().token("session-1");
        assert_eq!(check(&[], Some(&token)), Ok(()));
        assert_eq!(check(&[("x-csrf-token", &token)], None), Ok(()));
    }

    #[test]
    fn a_missing_foreign_or_damaged_token_is_refused() {
        let token = ours().token("session-1");
        let other_session = ours().token("session-2");
        let other_key = Csrf::new(*b"fedcba9876543210").token("session-1");
        let mut cut = token.clone();
        cut.pop();
        for bad in [None, Some(""), Some("%%%"), Some(other_session.as_str()), Some(&other_key), Some(&cut)] {
            assert_eq!(check(&[], bad), Err(403), "{bad:?}");
        }
    }

    #[test]
    fn a_right_token_from_another_site_is_refused() {
        let token = ours().token("session-1");
        let host = ("host", "mostek.example");
        for bad in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "https://mostek.example.evil.example"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            assert_eq!(check(&[host, bad], Some(&token)), Err(403), "{bad:?}");
        }
        for good in [
            ("origin", "https://mostek.example"),
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "none"),
        ] {
            assert_eq!(check(&[host, good], Some(&token)), Ok(()), "{good:?}");
        }
    }

    #[test]
    fn behind_a_proxy_the_forwarded_host_counts() {
        let token = ours().token("session-1");
        let headers = [
            ("host", "10.0.0.7:3000"),
            ("x-forwarded-host", "mostek.example"),
            ("origin", "https://mostek.example"),
        ];
        assert_eq!(check(&headers, Some(&token)), Ok(()));
    }
}
