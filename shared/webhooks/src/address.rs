//! Where our webhooks may go.
//!
//! An administrator types the address, so it must not be a way to reach what only the hub can reach. Addresses that are given
//! as numbers and names that are only known inside a network are looked at here. What other names resolve to cannot be seen
//! from a component: the installation narrows it down with the setting `webhook_hosts`, which the engine enforces.

use serde::{Deserialize, Serialize};
use std::net::{Ipv4Addr, Ipv6Addr};
use thiserror::Error;
use url::{Host, Url};

/// Characters of an address at most.
const LONGEST: usize = 1_000;

/// An address that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(Url);

/// Why an address is not taken.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum AddressError {
    /// It is no address.
    #[error("not an address")]
    Unreadable,
    /// It does not begin with `https://`.
    #[error("an address begins with https://")]
    Scheme,
    /// It holds a name or a password.
    #[error("an address holds no name and no password")]
    Credentials,
    /// It is inside a private network.
    #[error("the address is inside a private network")]
    Private,
}

impl AddressError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Unreadable => "address-unreadable",
            Self::Scheme => "address-scheme",
            Self::Credentials => "address-credentials",
            Self::Private => "address-private",
        }
    }
}

impl Address {
    /// Reads an address. `open` also allows plain HTTP and private networks: for stand-ins and tests.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn parse(text: &str, open: bool) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(AddressError::Unreadable);
        }
        let mut url = Url::parse(text).map_err(|_| AddressError::Unreadable)?;
        match url.scheme() {
            "https" => {}
            "http" if open => {}
            _ => return Err(AddressError::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::Credentials);
        }
        // A fragment never leaves.
        url.set_fragment(None);
        match url.host() {
            None => Err(AddressError::Unreadable),
            Some(host) if is_component(&host) => Err(AddressError::Private),
            Some(host) if !open && is_inside(&host) => Err(AddressError::Private),
            Some(_) => Ok(Self(url)),
        }
    }

    /// The address.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }
}

/// Whether a host is how Spin names the application's own components, which `https://*` lets be called without leaving the
/// process; one that is not there would be a trap for every request of the instance.
fn is_component(host: &Host<&str>) -> bool {
    matches!(host, Host::Domain(name) if name.trim_end_matches('.').to_ascii_lowercase().ends_with(".spin.internal"))
}

/// Whether a host is not out in the internet, as far as its own text says.
fn is_inside(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            !name.contains('.')
                || ["localhost", "local", "internal", "lan", "home.arpa", "intranet"]
                    .iter()
                    .any(|end| name == *end || name.ends_with(&format!(".{end}")))
        }
        Host::Ipv4(ip) => is_inside_v4(*ip),
        Host::Ipv6(ip) => is_inside_v6(*ip),
    }
}

fn is_inside_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_broadcast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        // Shared address space (RFC 6598), protocol assignments, benchmarks.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b))
}

fn is_inside_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, ..] = ip.segments();
    // An address of the old kind within one of the new kind: mapped, translated (RFC 6052), 6to4.
    let inner = ip.to_ipv4_mapped().or_else(|| match ip.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            let [w, x] = high.to_be_bytes();
            let [y, z] = low.to_be_bytes();
            Some(Ipv4Addr::new(w, x, y, z))
        }
        _ => None,
    });
    if let Some(inner) = inner {
        return is_inside_v4(inner);
    }
    ip.is_loopback()
        || ip.is_unspecified()
        || ip.is_multicast()
        || (a & 0xfe00) == 0xfc00
        || (a & 0xffc0) == 0xfe80
        || (a == 0x2001 && b == 0xdb8)
        // What networks translate for themselves (RFC 8215), and site-local addresses (RFC 3879), which some still use.
        || (a == 0x64 && b == 0xff9b && c == 1)
        || (a & 0xffc0) == 0xfec0
        || a == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_out_in_the_internet() {
        for good in [
            "https://hooks.sklep.pl/mostek?x=1",
            "https://93.184.216.34:8443/",
            "https://[2606:2800:220:1::1]/h",
            "https://żabka.pl/",
        ] {
            assert!(Address::parse(good, false).is_ok(), "{good}");
        }
        assert_eq!(Address::parse(" https://a.pl/x#y ", false).unwrap().url().as_str(), "https://a.pl/x");
    }

    #[test]
    fn everything_else_is_refused() {
        use AddressError::{Credentials, Private, Scheme, Unreadable};
        for (bad, why) in [
            ("", Unreadable),
            ("sklep.pl/hook", Unreadable),
            ("http://sklep.pl", Scheme),
            ("ftp://sklep.pl", Scheme),
            ("javascript:alert(1)", Scheme),
            ("file:///etc/passwd", Scheme),
            ("https://jan:haslo@sklep.pl", Credentials),
            ("https://jan@sklep.pl", Credentials),
            ("https://localhost", Private),
            ("https://LOCALHOST.:8080/", Private),
            ("https://app.localhost", Private),
            ("https://redis", Private),
            ("https://db.internal", Private),
            ("https://127.0.0.1", Private),
            ("https://127.1", Private),
            ("https://2130706433", Private),
            ("https://0x7f.0.0.1", Private),
            ("https://10.1.2.3", Private),
            ("https://172.16.0.1", Private),
            ("https://192.168.1.1", Private),
            ("https://169.254.169.254/latest/meta-data", Private),
            ("https://100.64.0.1", Private),
            ("https://0.0.0.0", Private),
            ("https://[::1]", Private),
            ("https://[::]", Private),
            ("https://[fe80::1]", Private),
            ("https://[fd00::1]", Private),
            ("https://[::ffff:127.0.0.1]", Private),
            ("https://[::ffff:a00:1]", Private),
            ("https://[64:ff9b::7f00:1]", Private),
            ("https://[64:ff9b:1::7f00:1]", Private),
            ("https://[64:ff9b:1:abcd::5db8:d822]", Private),
            ("https://[fec0::1]", Private),
            ("https://[feff::1]", Private),
            ("https://[2002:7f00:1::]", Private),
        ] {
            assert_eq!(Address::parse(bad, false), Err(why), "{bad}");
        }
        assert_eq!(Address::parse(&format!("https://a.pl/{}", "x".repeat(LONGEST)), false), Err(Unreadable));
    }

    #[test]
    fn a_stand_in_may_be_near_and_plain_but_holds_no_password_either() {
        assert!(Address::parse("http://127.0.0.1:3100/hook", true).is_ok());
        assert_eq!(Address::parse("http://a:b@127.0.0.1", true), Err(AddressError::Credentials));
        assert_eq!(Address::parse("ftp://127.0.0.1", true), Err(AddressError::Scheme));
        for component in ["https://console.spin.internal/", "http://X.Spin.Internal./hook"] {
            assert_eq!(Address::parse(component, true), Err(AddressError::Private), "{component}");
        }
    }
}
