//! Where a connection goes and what opens it.

use http::HeaderValue;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;
use url::Url;

/// Why typed connection data is refused.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum AccessError {
    /// Not an address, or not of http or https.
    #[error("not an address that begins with https:// or http://")]
    Address,
    /// The address carries a name and password, a query or a fragment.
    #[error("the address must be only a host and a path")]
    AddressParts,
    /// A key is 1 to 500 visible ASCII characters.
    #[error("an API key has only visible characters, at most 500")]
    Key,
    /// A shop id is a positive whole number.
    #[error("a shop id is a positive whole number")]
    Shop,
}

impl AccessError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Address => "base-address",
            Self::AddressParts => "base-address-parts",
            Self::Key => "api-key-form",
            Self::Shop => "shop-id-form",
        }
    }
}

/// The address that an outside system's paths are appended to, for instance `https://marketplace.empik.com`.
///
/// It may have a path of its own, which is kept. Whether the host may be called is decided elsewhere (the manifest's
/// allowed hosts).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BaseAddress(Url);

impl BaseAddress {
    /// Reads an address. A closing `/` is dropped, and so is a closing `/api`, which people copy from API descriptions
    /// and which the paths begin with.
    ///
    /// # Errors
    /// [`AccessError::Address`], [`AccessError::AddressParts`].
    pub fn parse(text: &str) -> Result<Self, AccessError> {
        let mut url = Url::parse(text.trim()).map_err(|_| AccessError::Address)?;
        if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none_or(str::is_empty) {
            return Err(AccessError::Address);
        }
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !bare {
            return Err(AccessError::AddressParts);
        }
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
        }
        if url.path().ends_with("/api")
            && let Ok(mut segments) = url.path_segments_mut()
        {
            segments.pop();
        }
        Ok(Self(url))
    }

    /// The address with path segments appended, each percent-encoded; `None` if a segment is empty or means a
    /// directory (`.`, `..`), which would name another resource than was asked for.
    #[must_use]
    pub fn join(&self, segments: &[&str]) -> Option<Url> {
        if segments.iter().any(|s| s.is_empty() || *s == "." || *s == "..") {
            return None;
        }
        let mut url = self.0.clone();
        url.path_segments_mut().ok()?.pop_if_empty().extend(segments);
        Some(url)
    }

    /// An address as the remote system wrote it, made absolute: `/media/1.png` is appended to the base. Only http and
    /// https come out.
    #[must_use]
    pub fn absolute(&self, address: &str) -> Option<Url> {
        let address = address.trim();
        let url = match Url::parse(address) {
            Ok(url) => url,
            Err(url::ParseError::RelativeUrlWithoutBase)
                if !address.is_empty() && !address.starts_with("//") =>
            {
                Url::parse(&format!("{self}/{}", address.trim_start_matches('/'))).ok()?
            }
            Err(_) => return None,
        };
        matches!(url.scheme(), "https" | "http").then_some(url)
    }
}

/// Without a closing `/`.
impl fmt::Display for BaseAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl TryFrom<String> for BaseAddress {
    type Error = AccessError;
    fn try_from(s: String) -> Result<Self, AccessError> {
        Self::parse(&s)
    }
}

impl From<BaseAddress> for String {
    fn from(b: BaseAddress) -> Self {
        b.to_string()
    }
}

/// A key that opens an outside system. Shown by neither `Debug` nor `Display`, and not storable as it is: it is kept
/// sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Reads a key; spaces around it are dropped.
    ///
    /// # Errors
    /// [`AccessError::Key`] if it could not be a header's value.
    pub fn parse(text: &str) -> Result<Self, AccessError> {
        let text = text.trim();
        let visible = text.bytes().all(|b| b.is_ascii_graphic());
        if !visible || !(1..=500).contains(&text.len()) {
            return Err(AccessError::Key);
        }
        Ok(Self(text.to_owned()))
    }

    /// The key itself: for sealing it and for a header, for nothing else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The key as a header's value that debug output hides.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&self.0).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// A text of the remote system without the key in it.
    pub(crate) fn redact(&self, text: &str) -> String {
        text.replace(&self.0, "***")
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(***)")
    }
}

/// A shop's number on a marketplace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShopId(pub u64);

impl ShopId {
    /// Reads a shop id.
    ///
    /// # Errors
    /// [`AccessError::Shop`] if it is not a whole number of 1 to 2^63 - 1.
    pub fn parse(text: &str) -> Result<Self, AccessError> {
        let text = text.trim();
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(AccessError::Shop);
        }
        match text.parse::<i64>().map(u64::try_from) {
            Ok(Ok(n)) if n > 0 => Ok(Self(n)),
            _ => Err(AccessError::Shop),
        }
    }
}

impl fmt::Display for ShopId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Everything a request of one connection needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Where.
    pub base: BaseAddress,
    /// For which shop; without it the key's own.
    pub shop: Option<ShopId>,
    /// With which key.
    pub key: ApiKey,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_are_joined_whatever_their_ends() {
        for (base, joined) in [
            ("https://marketplace.empik.com", "https://marketplace.empik.com/api/account"),
            ("https://marketplace.empik.com/", "https://marketplace.empik.com/api/account"),
            (" https://marketplace.empik.com/api ", "https://marketplace.empik.com/api/account"),
            ("https://marketplace.empik.com/api/", "https://marketplace.empik.com/api/account"),
            ("http://127.0.0.1:4000/mirakl", "http://127.0.0.1:4000/mirakl/api/account"),
            ("http://127.0.0.1:4000/mirakl/", "http://127.0.0.1:4000/mirakl/api/account"),
        ] {
            let base = BaseAddress::parse(base).unwrap();
            assert_eq!(base.join(&["api", "account"]).unwrap().as_str(), joined);
            assert_eq!(BaseAddress::parse(&base.to_string()).unwrap(), base);
        }
    }

    #[test]
    fn what_is_not_a_base() {
        for bad in [
            "",
            "marketplace.empik.com",
            "ftp://a.pl",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://",
        ] {
            assert_eq!(BaseAddress::parse(bad), Err(AccessError::Address), "{bad}");
        }
        for bad in ["https://u:p@a.pl", "https://a.pl/?q=1", "https://a.pl/#x"] {
            assert_eq!(BaseAddress::parse(bad), Err(AccessError::AddressParts), "{bad}");
        }
    }

    #[test]
    fn ids_cannot_change_the_path() {
        let base = BaseAddress::parse("http://h/m").unwrap();
        assert_eq!(base.join(&["api", "a/../b?c#d"]).unwrap().as_str(), "http://h/m/api/a%2F..%2Fb%3Fc%23d");
        assert_eq!(base.join(&["api", ".."]), None);
        assert_eq!(base.join(&["api", ""]), None);
        assert_eq!(base.join(&["api", "%2e%2e"]).unwrap().as_str(), "http://h/m/api/%252e%252e");
    }

    #[test]
    fn relative_pictures() {
        let base = BaseAddress::parse("http://h/m").unwrap();
        assert_eq!(base.absolute("/media/1").unwrap().as_str(), "http://h/m/media/1");
        assert_eq!(base.absolute("https://cdn/1").unwrap().as_str(), "https://cdn/1");
        for bad in ["", "javascript:alert(1)", "//evil/x", "data:image/png;base64,AA"] {
            assert_eq!(base.absolute(bad), None, "{bad}");
        }
    }

    #[test]
    fn keys_do_not_show() {
        let key = ApiKey::parse(" 1234-secret ").unwrap();
        assert_eq!(key.reveal(), "1234-secret");
        let access =
            Access { base: BaseAddress::parse("http://h").unwrap(), shop: Some(ShopId(1)), key: key.clone() };
        assert!(!format!("{access:?} {:?}", key.header()).contains("secret"));
        for bad in ["", " ", "a b", "a\r\nX: y", "klucz-ż"] {
            assert_eq!(ApiKey::parse(bad), Err(AccessError::Key), "{bad}");
        }
    }

    #[test]
    fn shop_ids() {
        assert_eq!(ShopId::parse(" 2000 "), Ok(ShopId(2000)));
        for bad in ["", "0", "-1", "+5", "1.5", "abc", "9223372036854775808"] {
            assert_eq!(ShopId::parse(bad), Err(AccessError::Shop), "{bad}");
        }
    }
}
