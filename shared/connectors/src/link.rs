//! Links into an outside system's own pages.

use crate::access::BaseAddress;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;
use url::Url;

/// A template of a web address with the variables `{base}`, `{order_id}`, `{thread_id}`.
///
/// `{base}` is the connection's base address and may only stand at the beginning; the ids are percent-encoded. It is
/// certain that filling it in gives an http or https address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LinkTemplate(String);

/// Why a text is not a link template.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum LinkError {
    /// A variable that does not exist, or a brace left open.
    #[error("there is no variable {{{0}}}")]
    Variable(String),
    /// The filled-in text is not an address of http or https.
    #[error("not an address: it must begin with {{base}}/ or https://")]
    Address,
}

impl LinkError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Variable(_) => "link-variable",
            Self::Address => "link-address",
        }
    }
}

fn encoded(id: &str) -> String {
    let mut out = String::new();
    for b in id.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'~' | b'.') {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

fn fill(template: &str, base: &str, order: &str, thread: &str) -> Result<String, LinkError> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, from)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = from.split_once('}').ok_or_else(|| LinkError::Variable(from.to_owned()))?;
        match name {
            "base" if out.is_empty() => out.push_str(base),
            "order_id" => out.push_str(&encoded(order)),
            "thread_id" => out.push_str(&encoded(thread)),
            other => return Err(LinkError::Variable(other.to_owned())),
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let open = url.username().is_empty() && url.password().is_none();
    (matches!(url.scheme(), "http" | "https") && open).then_some(url)
}

impl LinkTemplate {
    /// Reads a template, at most 500 characters.
    ///
    /// # Errors
    /// [`LinkError`] for unknown variables and for what would not be a web address.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        if text.chars().count() > 500 || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(LinkError::Address);
        }
        // Directly after {base} only a path may go on: `{base}.evil.com` would name another host.
        if let Some(after) = text.strip_prefix("{base}")
            && !(after.is_empty() || after.starts_with(['/', '?', '#']))
        {
            return Err(LinkError::Address);
        }
        address(&fill(text, "https://host.example", "1", "1")?).ok_or(LinkError::Address)?;
        // Nor may an id decide where the link leads.
        let host =
            text.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(""));
        if host.contains(['{', '@']) {
            return Err(LinkError::Address);
        }
        Ok(Self(text.to_owned()))
    }

    /// The link; `None` if the template needs an order or a thread that is not there, or whose id cannot be a segment
    /// of a path.
    #[must_use]
    pub fn link(&self, base: &BaseAddress, order_id: Option<&str>, thread_id: Option<&str>) -> Option<Url> {
        if (self.0.contains("{order_id}") && order_id.is_none())
            || (self.0.contains("{thread_id}") && thread_id.is_none())
        {
            return None;
        }
        if [order_id, thread_id].contains(&Some(".")) || [order_id, thread_id].contains(&Some("..")) {
            return None;
        }
        let text = fill(&self.0, &base.to_string(), order_id.unwrap_or(""), thread_id.unwrap_or("")).ok()?;
        address(&text)
    }
}

impl fmt::Display for LinkTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for LinkTemplate {
    type Error = LinkError;
    fn try_from(s: String) -> Result<Self, LinkError> {
        Self::parse(&s)
    }
}

impl From<LinkTemplate> for String {
    fn from(l: LinkTemplate) -> Self {
        l.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn base() -> BaseAddress {
        BaseAddress::parse("https://marketplace.empik.com").unwrap()
    }

    #[test]
    fn order_pages() {
        let t = LinkTemplate::parse("{base}/mmp/shop/order/{order_id}").unwrap();
        let link = |id| t.link(&base(), id, None).map(|u| u.to_string());
        assert_eq!(
            link(Some("EMP-2-A")).as_deref(),
            Some("https://marketplace.empik.com/mmp/shop/order/EMP-2-A")
        );
        assert_eq!(
            link(Some("../x?y#z")).as_deref(),
            Some("https://marketplace.empik.com/mmp/shop/order/..%2Fx%3Fy%23z")
        );
        assert_eq!(link(None), None);
        assert_eq!(link(Some("..")), None);
    }

    #[test]
    fn what_is_not_a_template() {
        assert_eq!(LinkTemplate::parse("{base}/{orderid}"), Err(LinkError::Variable("orderid".into())));
        assert_eq!(LinkTemplate::parse("{base}/{order_id"), Err(LinkError::Variable("order_id".into())));
        for bad in [
            "",
            "/mmp/{order_id}",
            "javascript:alert({order_id})",
            "{base}.evil.com/{order_id}",
            "{base}@evil.com/",
            "https://{order_id}/x",
            "https://a{thread_id}.pl/",
            "https://u:p@a.pl/",
            "https://a.pl/ x",
        ] {
            assert_eq!(LinkTemplate::parse(bad), Err(LinkError::Address), "{bad}");
        }
        assert_eq!(LinkTemplate::parse("https://a.pl/{base}"), Err(LinkError::Variable("base".into())));
        assert!(LinkTemplate::parse("https://panel.example/c/{thread_id}?o={order_id}").is_ok());
    }

    proptest! {
        #[test]
        fn an_id_never_leads_to_another_host_or_page(id in "[./\\\\@:?#%a-z]{1,20}|\\PC{1,20}") {
            let t = LinkTemplate::parse("{base}/mmp/shop/order/{order_id}").unwrap();
            prop_assume!(id != "." && id != "..");
            let url = t.link(&base(), Some(&id), None).unwrap();
            prop_assert_eq!(url.host_str(), Some("marketplace.empik.com"));
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        }
    }
}
