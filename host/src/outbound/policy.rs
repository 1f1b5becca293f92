//! Which hosts a component may call.
//!
//! Mirrors `crates/outbound-networking-config/src/allowed_hosts.rs` of Spin: an entry is `scheme://host[:port]` with
//! `*` for any scheme, host or port, `*.domain` for subdomains, `a..b` for ports from a up to but not including b, a
//! network in CIDR notation, or `self`. The port defaults to the one of the scheme, on both sides. Entries with
//! variables that come out empty are skipped.

use std::ops::Range;

use anyhow::{Context as _, bail};
use url::Host;

use crate::template::Template;
use crate::variables::Variables;

/// Hosts below this name stand for components of the application.
const CHAINING_SUFFIX: &str = ".spin.internal";

/// The hosts of one component.
#[derive(Clone, Debug, Default)]
pub struct AllowedHosts {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    scheme: Scheme,
    host: HostRule,
    port: Port,
}

#[derive(Clone, Debug)]
enum Scheme {
    Any,
    One(String),
}

#[derive(Clone, Debug)]
enum HostRule {
    Any,
    /// With its leading dot.
    Subdomains(String),
    ToSelf,
    Literal(Host),
    Network(ipnet::IpNet),
}

#[derive(Clone, Debug)]
enum Port {
    Any,
    One(u16),
    Range(Range<u16>),
}

impl AllowedHosts {
    /// Parses the entries of a component, resolving their variables.
    ///
    /// # Errors
    /// An entry that is not of the form above, or a variable without a value.
    pub fn parse(entries: &[String], variables: &Variables, component_ids: &[&str]) -> anyhow::Result<Self> {
        if entries == ["insecure:allow-all"] {
            bail!(
                "'insecure:allow-all' is not allowed - use '*://*:*' instead if you really want to allow all outbound traffic"
            );
        }
        let mut parsed = Vec::with_capacity(entries.len());
        for text in entries {
            let template = Template::parse(text)?;
            let resolved = template.render(|name| variables.application(name))?;
            let empty = matches!(resolved.as_str(), "" | "http://" | "https://");
            if empty && !template.is_literal() {
                continue;
            }
            let entry = Entry::parse(&resolved)?;
            match &entry.host {
                HostRule::Subdomains(suffix) if suffix == CHAINING_SUFFIX => {
                    parsed.extend(component_ids.iter().map(|id| Entry {
                        host: HostRule::Literal(Host::Domain(format!("{id}{CHAINING_SUFFIX}"))),
                        ..entry.clone()
                    }));
                }
                _ => parsed.push(entry),
            }
        }
        Ok(Self { entries: parsed })
    }

    /// Whether `url` may be called. Without a scheme it is read as `{default_scheme}://{url}`.
    #[must_use]
    pub fn allows(&self, url: &str, default_scheme: &str) -> bool {
        let parsed = url::Url::parse(url)
            .ok()
            .filter(url::Url::has_host)
            .or_else(|| url::Url::parse(&format!("{default_scheme}://{url}")).ok());
        let Some(parsed) = parsed else {
            tracing::warn!("a component tried to make a request to a URL that could not be parsed");
            return false;
        };
        let Some(host) = parsed.host_str() else { return false };
        let Ok(host) = Host::parse(host) else { return false };
        self.entries.iter().any(|entry| entry.allows(parsed.scheme(), &host, parsed.port()))
    }

    /// Whether the component may call its own application by a relative URL.
    #[must_use]
    pub fn allows_self(&self) -> bool {
        self.entries.iter().any(|entry| {
            ["http", "https"].iter().any(|s| entry.scheme.allows(s))
                && matches!(entry.host, HostRule::Any | HostRule::ToSelf)
        })
    }
}

impl Entry {
    fn parse(text: &str) -> anyhow::Result<Self> {
        let text = text.trim();
        let Some((scheme, rest)) = text.split_once("://") else {
            bail!(
                "{text:?} is not an allowed outbound host: hosts have the form <scheme>://<host>[:<port>], with '*' \
                 wildcards allowed for each"
            );
        };
        let (host, port) = match rest.rsplit_once(':') {
            None => (rest, ""),
            Some((host, "")) => (host, ""),
            // An IPv6 network has colons of its own.
            Some(_) if HostRule::parse(rest).is_ok() => (rest, ""),
            Some((host, port)) => match port.split_once('/') {
                Some((port, "")) => (host, port),
                Some(_) => bail!("{text:?} has a path but is not allowed to"),
                None => (host, port),
            },
        };
        Ok(Self {
            port: Port::parse(port, scheme)
                .with_context(|| format!("Invalid allowed host port in {text:?}"))?,
            scheme: Scheme::parse(scheme)
                .with_context(|| format!("Invalid allowed host scheme {scheme:?}"))?,
            host: HostRule::parse(host).with_context(|| format!("Invalid allowed host {host:?}"))?,
        })
    }

    fn allows(&self, scheme: &str, host: &Host, port: Option<u16>) -> bool {
        self.scheme.allows(scheme) && self.host.allows(host) && self.port.allows(port, scheme)
    }
}

impl Scheme {
    fn parse(text: &str) -> anyhow::Result<Self> {
        if text == "*" {
            return Ok(Self::Any);
        }
        if text.chars().any(|c| !c.is_alphabetic()) {
            bail!("only alphabetic characters are allowed");
        }
        Ok(Self::One(text.to_owned()))
    }

    fn allows(&self, scheme: &str) -> bool {
        match self {
            Self::Any => true,
            Self::One(one) => one == scheme,
        }
    }
}

impl HostRule {
    fn parse(text: &str) -> anyhow::Result<Self> {
        let text = text.trim();
        match text {
            "*" => return Ok(Self::Any),
            "self" | "self.alt" => return Ok(Self::ToSelf),
            _ if text.starts_with('{') => bail!("host lists are not yet supported"),
            _ => {}
        }
        if let Some(network) = parse_network(text) {
            return Ok(Self::Network(network));
        }
        let text = text.strip_suffix('/').unwrap_or(text);
        if text.contains('/') {
            bail!("must not include a path");
        }
        if let Some(domain) = text.strip_prefix("*.") {
            if domain.contains('*') {
                bail!("wildcards are allowed only as prefixes");
            }
            let Host::Domain(domain) = Host::parse(domain)? else {
                bail!("wildcard suffix must be a domain")
            };
            return Ok(Self::Subdomains(format!(".{domain}")));
        }
        if text.contains('*') {
            bail!("wildcards are allowed only as subdomains");
        }
        Ok(Self::Literal(Host::parse(text)?))
    }

    fn allows(&self, host: &Host) -> bool {
        match (self, host) {
            (Self::Any, _) => true,
            (Self::Subdomains(suffix), Host::Domain(domain)) => domain.ends_with(suffix),
            (Self::Literal(literal), host) => literal == host,
            (Self::Network(network), Host::Ipv4(ip)) => network.contains(&std::net::IpAddr::V4(*ip)),
            (Self::Network(network), Host::Ipv6(ip)) => network.contains(&std::net::IpAddr::V6(*ip)),
            (Self::Subdomains(_) | Self::Network(_) | Self::ToSelf, _) => false,
        }
    }
}

/// An address with or without a prefix length; bits behind the prefix are dropped.
fn parse_network(text: &str) -> Option<ipnet::IpNet> {
    if let Ok(address) = text.parse::<std::net::IpAddr>() {
        return Some(address.into());
    }
    text.parse::<ipnet::IpNet>().ok().map(|network| network.trunc())
}

impl Port {
    fn parse(text: &str, scheme: &str) -> anyhow::Result<Self> {
        let number =
            |text: &str| text.parse::<u16>().with_context(|| format!("port {text:?} is not a number"));
        match text {
            "" => Ok(Self::One(well_known_port(scheme).with_context(|| {
                format!(
                    "no port was provided and the scheme {scheme:?} does not have a known default port number"
                )
            })?)),
            "*" => Ok(Self::Any),
            _ if text.starts_with('{') => bail!("port lists are not yet supported"),
            _ => match text.split_once("..") {
                Some((start, end)) => Ok(Self::Range(number(start)?..number(end)?)),
                None => Ok(Self::One(number(text)?)),
            },
        }
    }

    fn allows(&self, port: Option<u16>, scheme: &str) -> bool {
        let Some(port) = port.or_else(|| well_known_port(scheme)) else { return matches!(self, Self::Any) };
        match self {
            Self::Any => true,
            Self::One(one) => *one == port,
            Self::Range(range) => range.contains(&port),
        }
    }
}

fn well_known_port(scheme: &str) -> Option<u16> {
    match scheme {
        "postgres" => Some(5432),
        "mysql" => Some(3306),
        "redis" => Some(6379),
        "mqtt" => Some(1883),
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

/// The component id in `<id>.spin.internal[:port]`.
#[must_use]
pub fn chaining_target(host: &str) -> Option<&str> {
    let host = host.trim();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    host.split_once('.').filter(|(_, rest)| *rest == "spin.internal").map(|(id, _)| id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variables::Given;

    fn parse(entries: &[&str]) -> anyhow::Result<AllowedHosts> {
        let manifest = crate::manifest::parse(
            "spin_manifest_version = 2\n[application]\nname = \"a\"\n[variables]\n\
             url = { default = \"https://partner.example\" }\nnone = { default = \"\" }\n[trigger]\n",
            None,
        )
        .unwrap();
        let variables = Variables::new(&manifest, Given::default()).unwrap();
        let entries: Vec<_> = entries.iter().map(|e| (*e).to_owned()).collect();
        AllowedHosts::parse(&entries, &variables, &["one", "two"])
    }

    fn allows(entry: &str, url: &str) -> bool {
        parse(&[entry]).unwrap().allows(url, "https")
    }

    #[test]
    fn host_scheme_and_port_must_all_fit() {
        assert!(allows("https://a.example", "https://a.example/x?y"));
        assert!(allows("https://a.example", "https://a.example:443/"));
        assert!(allows("https://a.example:443", "https://a.example/"));
        assert!(!allows("https://a.example", "http://a.example/"));
        assert!(!allows("https://a.example", "https://a.example:8443/"));
        assert!(!allows("https://a.example", "https://b.a.example/"));
        assert!(!allows("https://a.example", "https://a.example.evil/"));
        assert!(allows("https://A.example/", "https://a.EXAMPLE/"));
    }

    #[test]
    fn wildcards_and_ranges() {
        assert!(allows("*://*:*", "gopher://x:7/"));
        assert!(!allows("https://*", "https://x:8443/"));
        assert!(allows("https://*:*", "https://x:8443/"));
        assert!(allows("*://a.example:*", "redis://a.example:1"));
        assert!(allows("https://*.example", "https://a.b.example/"));
        assert!(!allows("https://*.example", "https://example/"));
        assert!(!allows("https://*.example", "https://badexample/"));
        assert!(allows("http://a:3000..3002", "http://a:3001/"));
        assert!(!allows("http://a:3000..3002", "http://a:3002/"));
    }

    #[test]
    fn addresses_and_networks() {
        assert!(allows("http://127.0.0.1:80", "http://127.0.0.1/"));
        assert!(allows("http://10.0.0.0/8:80", "http://10.9.8.7/"));
        assert!(!allows("http://10.0.0.0/8:80", "http://11.0.0.1/"));
        assert!(!allows("http://10.0.0.0/8:80", "http://ten.example/"));
        assert!(allows("http://[::1]:80", "http://[::1]/"));
    }

    #[test]
    fn a_missing_scheme_in_the_call_is_filled_in() {
        let hosts = parse(&["redis://cache"]).unwrap();
        assert!(hosts.allows("redis://cache:6379", "redis"));
        assert!(hosts.allows("cache", "redis"));
        assert!(!hosts.allows("redis://cache:6380", "redis"));
        assert!(!hosts.allows("", "redis"));
    }

    #[test]
    fn templates_are_resolved_and_empty_ones_skipped() {
        assert!(allows("{{ url }}", "https://partner.example/x"));
        assert!(!parse(&["{{ none }}"]).unwrap().allows("https://partner.example", "https"));
        assert!(!parse(&["https://{{ none }}"]).unwrap().allows("https://partner.example", "https"));
        assert!(parse(&[""]).is_err(), "an empty literal is an error");
        assert!(parse(&["{{ unknown }}"]).is_err());
    }

    #[test]
    fn malformed_entries_are_refused() {
        for bad in [
            "*",
            "example",
            "https://a/path",
            "https://a:1/x",
            "h-t://a:1",
            "https://a.*",
            "tcp://a",
            "https://a:b",
        ] {
            assert!(parse(&[bad]).is_err(), "{bad}");
        }
        assert!(parse(&["insecure:allow-all"]).is_err());
    }

    #[test]
    fn self_is_for_relative_calls_only() {
        let hosts = parse(&["http://self"]).unwrap();
        assert!(hosts.allows_self());
        assert!(!hosts.allows("http://self/", "http"));
        assert!(parse(&["http://*"]).unwrap().allows_self());
        assert!(!parse(&["http://a"]).unwrap().allows_self());
    }

    #[test]
    fn wildcard_chaining_reaches_components_of_the_application_only() {
        let hosts = parse(&["http://*.spin.internal"]).unwrap();
        assert!(hosts.allows("http://one.spin.internal/", "http"));
        assert!(!hosts.allows("http://three.spin.internal/", "http"));
    }

    #[test]
    fn chaining_targets_are_recognised() {
        assert_eq!(chaining_target("one.spin.internal"), Some("one"));
        assert_eq!(chaining_target("one.spin.internal:80"), Some("one"));
        assert_eq!(chaining_target("a.one.spin.internal"), None);
        assert_eq!(chaining_target("example.org"), None);
    }
}
