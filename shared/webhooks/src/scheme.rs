//! How the senders we know sign their webhooks, and in which headers they put what identifies an event.
//!
//! Facts: standard-webhooks/standard-webhooks `spec/standard-webhooks.md` 1.0.0; docs.svix.com "how to verify manually";
//! shopify.dev "verify webhooks"; WooCommerce REST API docs, "webhooks"; docs.stripe.com "verify webhook signatures manually";
//! developer.zendesk.com "verifying webhooks" and "anatomy of a webhook request"; chatwoot/chatwoot#13573; docs.github.com "validating webhook deliveries";
//! docs.zammad.org "webhook".

use http::HeaderMap;
use serde::{Deserialize, Serialize};

/// A convention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature` with `v1` (HMAC) and `v1a` (ed25519).
    Standard,
    /// The same under the names `svix-...`.
    Svix,
    /// Shopify: base64 of an HMAC of the body.
    Shopify,
    /// WooCommerce: base64 of an HMAC of the body, and a first request without a signature.
    WooCommerce,
    /// Stripe and its likes: `t=...,v1=...` over moment and body.
    Stripe,
    /// Zendesk and its likes: base64 of an HMAC of the moment and the body with nothing between them.
    Zendesk,
    /// Chatwoot and its likes: `sha256=<hex>` over moment and body.
    Chatwoot,
    /// GitHub and its likes: `sha256=<hex>` of the body.
    GitHub,
    /// Zammad: `sha1=<hex>` of the body.
    Zammad,
}

impl Scheme {
    /// All, in the order of the form.
    pub const ALL: [Self; 9] = [
        Self::Standard,
        Self::Svix,
        Self::Shopify,
        Self::WooCommerce,
        Self::Stripe,
        Self::Zendesk,
        Self::Chatwoot,
        Self::GitHub,
        Self::Zammad,
    ];

    /// A stable name: form values, the API.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Svix => "svix",
            Self::Shopify => "shopify",
            Self::WooCommerce => "woo_commerce",
            Self::Stripe => "stripe",
            Self::Zendesk => "zendesk",
            Self::Chatwoot => "chatwoot",
            Self::GitHub => "git_hub",
            Self::Zammad => "zammad",
        }
    }

    /// The scheme of a slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }

    /// The name people know it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "Standard Webhooks",
            Self::Svix => "Svix",
            Self::Shopify => "Shopify",
            Self::WooCommerce => "WooCommerce",
            Self::Stripe => "Stripe",
            Self::Zendesk => "Zendesk",
            Self::Chatwoot => "Chatwoot",
            Self::GitHub => "GitHub",
            Self::Zammad => "Zammad",
        }
    }

    /// The header with the signature.
    #[must_use]
    pub fn signature_header(self) -> &'static str {
        match self {
            Self::Standard => "webhook-signature",
            Self::Svix => "svix-signature",
            Self::Shopify => "x-shopify-hmac-sha256",
            Self::WooCommerce => "x-wc-webhook-signature",
            Self::Stripe => "stripe-signature",
            Self::Zendesk => "x-zendesk-webhook-signature",
            Self::Chatwoot => "x-chatwoot-signature",
            Self::GitHub => "x-hub-signature-256",
            Self::Zammad => "x-hub-signature",
        }
    }

    /// The header with the signed moment, if it has one of its own.
    #[must_use]
    pub fn moment_header(self) -> Option<&'static str> {
        match self {
            Self::Standard => Some("webhook-timestamp"),
            Self::Svix => Some("svix-timestamp"),
            Self::Zendesk => Some("x-zendesk-webhook-signature-timestamp"),
            Self::Chatwoot => Some("x-chatwoot-timestamp"),
            Self::Shopify | Self::WooCommerce | Self::Stripe | Self::GitHub | Self::Zammad => None,
        }
    }

    /// Headers with the delivery's id, the same at every try; the first that is there counts.
    #[must_use]
    pub fn id_headers(self) -> &'static [&'static str] {
        match self {
            Self::Standard => &["webhook-id"],
            Self::Svix => &["svix-id"],
            Self::Shopify => &["x-shopify-webhook-id", "x-shopify-event-id"],
            Self::WooCommerce => &["x-wc-webhook-delivery-id"],
            Self::Chatwoot => &["x-chatwoot-delivery"],
            Self::GitHub => &["x-github-delivery"],
            Self::Zammad => &["x-zammad-delivery"],
            Self::Zendesk => &["x-zendesk-webhook-invocation-id"],
            Self::Stripe => &[],
        }
    }

    /// The header with the event's type, if the body does not say it.
    #[must_use]
    pub fn type_header(self) -> Option<&'static str> {
        match self {
            Self::Shopify => Some("x-shopify-topic"),
            Self::WooCommerce => Some("x-wc-webhook-topic"),
            Self::GitHub => Some("x-github-event"),
            Self::Zammad => Some("x-zammad-trigger"),
            Self::Standard | Self::Svix | Self::Stripe | Self::Zendesk | Self::Chatwoot => None,
        }
    }

    /// Whether the delivery's id is covered by the signature. Where it is not, somebody who caught a request could send it
    /// again under another id, so the body counts as an id too, with the moment where that is signed.
    #[must_use]
    pub fn signs_id(self) -> bool {
        matches!(self, Self::Standard | Self::Svix)
    }

    /// Whether a moment is covered by the signature. Where none is, a caught request can be sent again for ever.
    #[must_use]
    pub fn signs_moment(self) -> bool {
        self == Self::Stripe || self.moment_header().is_some()
    }

    /// Whether this is WooCommerce's first request when a webhook is saved there: `webhook_id=N`, not signed, about nothing.
    #[must_use]
    pub fn is_greeting(self, headers: &HeaderMap, body: &[u8]) -> bool {
        self == Self::WooCommerce
            && !headers.contains_key(self.signature_header())
            && body
                .strip_prefix(b"webhook_id=")
                .is_some_and(|n| (1..=20).contains(&n.len()) && n.iter().all(u8::is_ascii_digit))
    }

    /// The delivery's id as its header gives it.
    #[must_use]
    pub fn event_id(self, headers: &HeaderMap) -> Option<String> {
        self.id_headers().iter().find_map(|h| text(headers, h))
    }

    /// The event's type as its header gives it.
    #[must_use]
    pub fn event_type(self, headers: &HeaderMap) -> Option<String> {
        text(headers, self.type_header()?)
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        all.iter().map(|(n, v)| (http::HeaderName::from_static(n), v.parse().unwrap())).collect()
    }

    #[test]
    fn slugs_are_those_that_are_stored() {
        for scheme in Scheme::ALL {
            assert_eq!(Scheme::from_slug(scheme.slug()), Some(scheme));
            assert_eq!(serde_json::to_value(scheme).unwrap(), scheme.slug());
        }
    }

    #[test]
    fn only_the_unsigned_first_request_is_a_greeting() {
        let woo = Scheme::WooCommerce;
        assert!(woo.is_greeting(&HeaderMap::new(), b"webhook_id=12"));
        for body in [&b"webhook_id="[..], b"webhook_id=1&x=2", b"webhook_id=x", b"{}", b""] {
            assert!(!woo.is_greeting(&HeaderMap::new(), body));
        }
        assert!(!woo.is_greeting(&headers(&[("x-wc-webhook-signature", "x")]), b"webhook_id=12"));
        assert!(!Scheme::Shopify.is_greeting(&HeaderMap::new(), b"webhook_id=12"));
    }

    #[test]
    fn ids_and_types_of_headers() {
        let h = headers(&[("x-shopify-event-id", "e"), ("x-shopify-topic", "orders/create")]);
        assert_eq!(Scheme::Shopify.event_id(&h).as_deref(), Some("e"));
        assert_eq!(Scheme::Shopify.event_type(&h).as_deref(), Some("orders/create"));
        let h = headers(&[("x-shopify-event-id", "e"), ("x-shopify-webhook-id", "w")]);
        assert_eq!(Scheme::Shopify.event_id(&h).as_deref(), Some("w"));
        assert_eq!(Scheme::Standard.event_id(&headers(&[("webhook-id", "  ")])), None);
    }
}
