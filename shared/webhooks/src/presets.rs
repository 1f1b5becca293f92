//! Mappings to begin with, for the shops people have.
//!
//! Field names: shopify.dev "webhook topics" (orders, customers) and WooCommerce's REST API v3 (orders, customers, product
//! reviews); Chatwoot's `Message#webhook_data`. Questions of customers are in neither shop's own topics; they come from their apps and plug-ins, whose bodies
//! differ, so several usual names are looked for.

use crate::mapping::{Becomes, Mapping, Pattern, Rule};
use crate::pointer::Pointer;
use crate::scheme::Scheme;

/// The mapping to begin with for a scheme.
#[must_use]
pub fn of(scheme: Scheme) -> Mapping {
    match scheme {
        Scheme::Shopify => shopify(),
        Scheme::WooCommerce => woo_commerce(),
        Scheme::Chatwoot => chatwoot(),
        _ => general(scheme),
    }
}

fn mapping(places: &[(&str, &str)], rules: &[(&str, Becomes)]) -> Mapping {
    let mut mapping = Mapping::default();
    for (name, pointer) in places {
        mapping.places.set(name, Pointer::parse(pointer).ok());
    }
    mapping.rules = rules
        .iter()
        .filter_map(|(events, becomes)| {
            Some(Rule { events: Pattern::parse(events).ok()?, becomes: *becomes })
        })
        .collect();
    mapping
}

fn shopify() -> Mapping {
    mapping(
        &[
            ("at", "/updated_at | /created_at"),
            ("customer_id", "/customer/id | /customer_id | /author/id"),
            ("customer_name", "/customer/first_name + /customer/last_name | /customer/name | /author/name"),
            ("customer_email", "/email | /customer/email | /author/email"),
            ("text", "/text | /message | /body | /note"),
            ("subject", "/subject | /title"),
            ("order", "/order/name | /order_number | /order_id"),
            ("conversation", "/conversation_id | /thread_id | /ticket_id"),
            ("link", "/order_status_url | /url"),
        ],
        &[
            ("orders/*", Becomes::Order),
            ("messages/*", Becomes::Message),
            ("questions/*", Becomes::Message),
            ("reviews/*", Becomes::Review),
            ("customers/*", Becomes::Ignored),
        ],
    )
}

fn woo_commerce() -> Mapping {
    mapping(
        &[
            ("at", "/date_modified_gmt | /date_created_gmt | /date_created"),
            // Whoever buys without an account has the customer's id 0, and their address is what they come back with.
            ("customer_id", "/customer_id | /customer/id | /reviewer_email | /billing/email"),
            (
                "customer_name",
                "/billing/first_name + /billing/last_name | /customer/name | /reviewer | /name",
            ),
            ("customer_email", "/billing/email | /customer/email | /reviewer_email | /email"),
            ("text", "/message | /text | /review | /customer_note"),
            ("subject", "/subject | /product_name"),
            ("order", "/order_number | /number | /order_id"),
            ("conversation", "/conversation_id | /thread_id"),
            ("link", "/permalink | /product_permalink"),
        ],
        &[
            ("order.*", Becomes::Order),
            ("message.*", Becomes::Message),
            ("question.*", Becomes::Message),
            ("review.*", Becomes::Review),
            ("customer.*", Becomes::Ignored),
        ],
    )
}

fn chatwoot() -> Mapping {
    mapping(
        &[
            // Agents' answers, their notes to each other and what Chatwoot says of itself are created messages too, so whose
            // a message is belongs to its type. Older versions do not say whether it is private.
            ("event_type", "/event + /message_type + /private"),
            ("at", "/created_at"),
            ("customer_id", "/sender/id"),
            ("customer_name", "/sender/name"),
            ("customer_email", "/sender/email"),
            ("text", "/content"),
            ("conversation", "/conversation/id"),
        ],
        &[
            ("message_created incoming", Becomes::Message),
            ("message_created incoming false", Becomes::Message),
        ],
    )
}

fn general(scheme: Scheme) -> Mapping {
    let mut mapping = mapping(
        &[
            ("at", "/timestamp | /created_at"),
            ("customer_id", "/data/customer/id | /customer/id | /customer_id"),
            ("customer_name", "/data/customer/name | /customer/name"),
            ("customer_email", "/data/customer/email | /customer/email"),
            ("text", "/data/text | /data/message | /text | /message"),
            ("subject", "/data/subject | /subject"),
            ("order", "/data/order/id | /data/order_id | /order_id"),
            ("conversation", "/data/conversation_id | /conversation_id"),
            ("link", "/data/url | /url"),
        ],
        &[
            ("message.*", Becomes::Message),
            ("question.*", Becomes::Message),
            ("order.*", Becomes::Order),
            ("review.*", Becomes::Review),
        ],
    );
    if scheme.type_header().is_none() {
        mapping.places.set("event_type", Pointer::parse("/type").ok());
    }
    // It says what identifies an event in its body only.
    if scheme == Scheme::Stripe {
        mapping.places.set("event_id", Pointer::parse("/id").ok());
    }
    mapping
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::Places;
    use serde_json::{Value, json};

    fn read(scheme: Scheme, event_type: &str, body: &Value) -> crate::Mapped {
        let header = scheme.type_header().map(|_| event_type);
        of(scheme).read(header.is_some(), header, body.to_string().as_bytes()).unwrap()
    }

    /// A pointer or pattern with a mistake would silently be left out.
    #[test]
    fn every_preset_is_whole() {
        for scheme in Scheme::ALL {
            let m = of(scheme);
            assert!(!m.rules.is_empty(), "{scheme:?}");
            let places = Places::NAMES.iter().filter(|n| m.places.get(n).is_some()).count();
            assert!(places >= 6, "{scheme:?}: {places}");
            assert!(m.places.event_type.is_some() || scheme.type_header().is_some(), "{scheme:?}");
        }
        let places = |s| Places::NAMES.iter().filter(|n| of(s).places.get(n).is_some()).count();
        assert_eq!(
            (places(Scheme::Shopify), places(Scheme::WooCommerce), places(Scheme::Chatwoot)),
            (9, 9, 7)
        );
        assert_eq!((of(Scheme::Shopify).rules.len(), of(Scheme::WooCommerce).rules.len()), (5, 5));
    }

    #[test]
    fn shopify() {
        let order = json!({
            "id": 820, "name": "#1001", "order_number": 1001, "email": "anna@example.com", "note": "Proszę o fakturę",
            "customer": {"id": 115, "first_name": "Anna", "last_name": "Nowak"},
            "updated_at": "2026-10-02T10:36:36+02:00", "order_status_url": "https://sklep.pl/orders/820"
        });
        let m = read(Scheme::Shopify, "orders/create", &order);
        assert_eq!(m.becomes, Becomes::Order);
        assert_eq!(m.customer_id.as_deref(), Some("115"));
        assert_eq!(m.customer_name.as_deref(), Some("Anna Nowak"));
        assert_eq!(m.order.as_deref(), Some("1001"));
        assert_eq!(m.text.as_deref(), Some("Proszę o fakturę"));
        assert!(m.link.is_some() && m.at.is_some());
        assert_eq!(read(Scheme::Shopify, "customers/update", &json!({"id": 1})).becomes, Becomes::Ignored);
    }

    #[test]
    fn woo_commerce() {
        let order = json!({
            "id": 727, "number": "727", "status": "processing", "customer_id": 26, "customer_note": "",
            "billing": {"first_name": "Anna", "last_name": "Nowak", "email": "anna@example.com"},
            "date_created_gmt": "2026-10-02T08:36:36"
        });
        let m = read(Scheme::WooCommerce, "order.created", &order);
        assert_eq!((m.becomes, m.order.as_deref(), m.text), (Becomes::Order, Some("727"), None));
        assert_eq!(m.customer_id.as_deref(), Some("26"));
        let guest =
            |email: Value| json!({"id": 728, "number": "728", "customer_id": 0, "billing": {"email": email}});
        let who = |email| read(Scheme::WooCommerce, "order.created", &guest(email)).customer_id;
        assert_eq!(who(json!("jan@example.com")).as_deref(), Some("jan@example.com"));
        let review = json!({
            "id": 22, "product_name": "Kubek", "reviewer": "Anna", "reviewer_email": "anna@example.com",
            "review": "<p>Ładny!</p>\n", "rating": 5
        });
        let m = read(Scheme::WooCommerce, "review.created", &review);
        assert_eq!((m.becomes, m.text.as_deref()), (Becomes::Review, Some("Ładny!")));
        let question = json!({
            "conversation_id": "q-1", "message": "Czy jest w czerwonym?", "customer": {"id": 26, "name": "Anna"}
        });
        let m = read(Scheme::WooCommerce, "question.asked", &question);
        assert_eq!((m.becomes, m.conversation.as_deref()), (Becomes::Message, Some("q-1")));
    }

    #[test]
    fn of_chatwoot_only_what_a_contact_says_is_a_message() {
        let said = |message_type: &str, private: Value| {
            let body = json!({
                "event": "message_created", "id": 7, "content": "Dzień dobry", "message_type": message_type,
                "private": private, "created_at": "2026-10-02T08:36:36Z", "conversation": {"id": 5},
                "sender": {"id": 3, "name": "Anna", "email": "anna@example.com"}
            });
            read(Scheme::Chatwoot, "", &body).becomes
        };
        for (message_type, private, becomes) in [
            ("incoming", json!(false), Becomes::Message),
            ("incoming", json!(null), Becomes::Message),
            ("incoming", json!(true), Becomes::Ignored),
            ("outgoing", json!(false), Becomes::Ignored),
            ("outgoing", json!(true), Becomes::Ignored),
            ("activity", json!(false), Becomes::Ignored),
            ("template", json!(false), Becomes::Ignored),
        ] {
            assert_eq!(said(message_type, private.clone()), becomes, "{message_type} {private}");
        }
        let updated = json!({"event": "message_updated", "message_type": "incoming", "content": "x"});
        assert_eq!(read(Scheme::Chatwoot, "", &updated).becomes, Becomes::Ignored);
    }

    #[test]
    fn the_general_one_reads_what_the_specification_advises() {
        let body = json!({
            "type": "message.created", "timestamp": "2026-10-02T08:36:36Z",
            "data": {"text": "Dzień dobry", "customer": {"id": "c-1"}, "conversation_id": 5}
        });
        let m = read(Scheme::Standard, "", &body);
        assert_eq!((m.becomes, m.conversation.as_deref()), (Becomes::Message, Some("5")));
    }
}
