//! What a shop's event means here: where in its body things stand, and what becomes of which type of event (W3).

use crate::pointer::Pointer;
use mostek_domain::{MessageBody, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use thiserror::Error;
use url::Url;

/// Rules of one mapping at most.
pub const RULES: usize = 30;
/// Characters of a type or a pattern of types at most.
pub const TYPE_CHARS: usize = 100;
/// Characters of a customer's id at most: what a field of a CRM record holds.
const ID_CHARS: usize = 200;

/// What becomes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Becomes {
    /// A message of the customer: opens a ticket or joins one.
    Message,
    /// An entry in the customer's time line about an order.
    Order,
    /// About a review.
    Review,
    /// About a note.
    Note,
    /// About something else.
    Other,
    /// Nothing.
    #[default]
    Ignored,
}

impl Becomes {
    /// All, in the order of the form.
    pub const ALL: [Self; 6] =
        [Self::Message, Self::Order, Self::Review, Self::Note, Self::Other, Self::Ignored];

    /// A stable name: form values, message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Order => "order",
            Self::Review => "review",
            Self::Note => "note",
            Self::Other => "other",
            Self::Ignored => "ignored",
        }
    }

    /// The value of a slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|b| b.slug() == slug)
    }

    /// Whether it is an entry in the customer's time line.
    #[must_use]
    pub fn is_entry(self) -> bool {
        !matches!(self, Self::Message | Self::Ignored)
    }
}

/// Types of events: one (`order.created`) or all that begin alike (`order.*`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(String);

/// A text that is no pattern of types.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("a type has 1 to {TYPE_CHARS} characters, and a star only at its end")]
pub struct PatternError;

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let text = text.trim();
        let stem = text.strip_suffix('*').unwrap_or(text);
        let fits = !text.is_empty()
            && text.chars().count() <= TYPE_CHARS
            && !stem.contains('*')
            && !text.chars().any(char::is_control);
        if fits { Ok(Self(text.to_owned())) } else { Err(PatternError) }
    }

    /// Whether a type is among these.
    #[must_use]
    pub fn fits(&self, event_type: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(stem) => event_type.starts_with(stem),
            None => event_type == self.0,
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Pattern {
    type Error = PatternError;
    fn try_from(text: String) -> Result<Self, PatternError> {
        Self::parse(&text)
    }
}

impl From<Pattern> for String {
    fn from(p: Pattern) -> Self {
        p.0
    }
}

/// What becomes of some types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The types.
    pub events: Pattern,
    /// What becomes of them.
    pub becomes: Becomes,
}

/// Where things stand in a body. What is absent is not looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Places {
    /// The event's type; absent: the scheme's header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<Pointer>,
    /// The event's id; absent: the scheme's header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<Pointer>,
    /// When it happened; absent: when it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Pointer>,
    /// The customer's id at the shop; 0 is nobody's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<Pointer>,
    /// The customer's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<Pointer>,
    /// The customer's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<Pointer>,
    /// The text of a message, or the detail of an entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Pointer>,
    /// The subject of a ticket, or the title of an entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Pointer>,
    /// The order it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Pointer>,
    /// What messages of one conversation have in common; absent: every message is a ticket of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<Pointer>,
    /// The page at the shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<Pointer>,
}

impl Places {
    /// The names of the places, in the order of the form.
    pub const NAMES: [&'static str; 11] = [
        "event_type",
        "event_id",
        "at",
        "customer_id",
        "customer_name",
        "customer_email",
        "text",
        "subject",
        "order",
        "conversation",
        "link",
    ];

    /// A place by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Pointer> {
        match name {
            "event_type" => &self.event_type,
            "event_id" => &self.event_id,
            "at" => &self.at,
            "customer_id" => &self.customer_id,
            "customer_name" => &self.customer_name,
            "customer_email" => &self.customer_email,
            "text" => &self.text,
            "subject" => &self.subject,
            "order" => &self.order,
            "conversation" => &self.conversation,
            "link" => &self.link,
            _ => &None,
        }
        .as_ref()
    }

    /// Sets a place by its name; another name changes nothing.
    pub fn set(&mut self, name: &str, pointer: Option<Pointer>) {
        let place = match name {
            "event_type" => &mut self.event_type,
            "event_id" => &mut self.event_id,
            "at" => &mut self.at,
            "customer_id" => &mut self.customer_id,
            "customer_name" => &mut self.customer_name,
            "customer_email" => &mut self.customer_email,
            "text" => &mut self.text,
            "subject" => &mut self.subject,
            "order" => &mut self.order,
            "conversation" => &mut self.conversation,
            "link" => &mut self.link,
            _ => return,
        };
        *place = pointer;
    }
}

/// Where things stand, and what becomes of what.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mapping {
    /// Where things stand.
    #[serde(default)]
    pub places: Places,
    /// What becomes of which types; the first that fits counts.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// What becomes of all other types.
    #[serde(default)]
    pub otherwise: Becomes,
}

/// An event as it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapped {
    /// What becomes of it.
    pub becomes: Becomes,
    /// Its type; empty if nothing says it.
    pub event_type: String,
    /// Its id, if the body says it.
    pub event_id: Option<String>,
    /// When it happened.
    pub at: Option<Timestamp>,
    /// The customer's id at the shop.
    pub customer_id: Option<String>,
    /// The customer's name.
    pub customer_name: Option<String>,
    /// The customer's e-mail address.
    pub customer_email: Option<String>,
    /// Text or detail.
    pub text: Option<String>,
    /// Subject or title.
    pub subject: Option<String>,
    /// The order.
    pub order: Option<String>,
    /// What messages of one conversation have in common.
    pub conversation: Option<String>,
    /// The page at the shop, http or https.
    pub link: Option<Url>,
}

/// Why an event cannot be understood.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Unreadable {
    /// The body is no JSON.
    #[error("the body is no JSON (line {line}, column {column})")]
    NotJson {
        /// Where it stops being any.
        line: usize,
        /// Which character of the line.
        column: usize,
    },
    /// Neither header nor body says the event's type.
    #[error("the event's type is missing")]
    NoType,
    /// It is to become a message and has no text.
    #[error("the message has no text")]
    NoText,
    /// It is to become an entry in a time line, and of whom cannot be told: the mapping names no place for the customer's id,
    /// or it is longer than one may be.
    #[error("the customer's id is missing")]
    NoCustomer,
}

impl Unreadable {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::NotJson { .. } => "not-json",
            Self::NoType => "no-type",
            Self::NoText => "no-text",
            Self::NoCustomer => "no-customer",
        }
    }
}

impl Mapping {
    /// What becomes of a type.
    #[must_use]
    pub fn becomes(&self, event_type: &str) -> Becomes {
        self.rules.iter().find(|r| r.events.fits(event_type)).map_or(self.otherwise, |r| r.becomes)
    }

    /// Reads an event. `header_type` is the type that the scheme's header gives, if the scheme has one and it was there;
    /// a place for the type counts more.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(
        &self,
        typed_by_header: bool,
        header_type: Option<&str>,
        body: &[u8],
    ) -> Result<Mapped, Unreadable> {
        let body: Value = serde_json::from_slice(body)
            .map_err(|e| Unreadable::NotJson { line: e.line(), column: e.column() })?;
        let find = |place: &Option<Pointer>| place.as_ref().and_then(|p| p.find(&body));
        let p = &self.places;
        let event_type = match (&p.event_type, typed_by_header) {
            (Some(place), _) => place.find(&body).ok_or(Unreadable::NoType)?,
            (None, true) => header_type.map(str::to_owned).ok_or(Unreadable::NoType)?,
            (None, false) => String::new(),
        };
        let event_type: String = event_type.chars().take(TYPE_CHARS).collect();
        let becomes = self.becomes(&event_type);
        let text = p.text.as_ref().and_then(|t| t.find_long(&body)).map(|t| plain(&t));
        let who = p.customer_id.as_ref().and_then(|c| c.find_who(&body));
        let can_tell = p.customer_id.is_some() && who.as_ref().is_none_or(|w| w.chars().count() <= ID_CHARS);
        let mapped = Mapped {
            becomes,
            event_type,
            event_id: find(&p.event_id),
            at: find(&p.at).and_then(|t| moment(&t)),
            // A longer id is not cut: two customers might become one.
            customer_id: who.filter(|_| can_tell),
            customer_name: find(&p.customer_name),
            customer_email: find(&p.customer_email),
            text: text.filter(|t| !t.is_empty()),
            subject: find(&p.subject),
            order: find(&p.order),
            conversation: find(&p.conversation),
            link: find(&p.link)
                .and_then(|l| Url::parse(&l).ok())
                .filter(|l| matches!(l.scheme(), "http" | "https")),
        };
        match becomes {
            Becomes::Message if mapped.text.is_none() => Err(Unreadable::NoText),
            // An event about nobody is understood all the same: a deletion carries an id only, and somebody who pays at a
            // counter gives no name.
            b if b.is_entry() && !can_tell => Err(Unreadable::NoCustomer),
            _ => Ok(mapped),
        }
    }
}

/// A text without the paragraphs that shops' editors put around it. All other markup stays as it came and is shown as text.
fn plain(text: &str) -> String {
    let text = text.replace("<p>", "").replace("</p>", "\n");
    MessageBody::from_remote(&text).as_str().trim().to_owned()
}

/// ISO 8601 with a time zone, or without one for UTC (WooCommerce's `..._gmt`); or seconds or milliseconds since 1970.
fn moment(text: &str) -> Option<Timestamp> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        let n: i64 = text.parse().ok()?;
        // Seconds until the year 5138; no shop dates anything in the first months of 1970 by milliseconds.
        return Some(Timestamp(if n < 100_000_000_000 { n.checked_mul(1000)? } else { n }));
    }
    if let Ok(t) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(t.as_millisecond()));
    }
    let local: jiff::civil::DateTime = text.parse().ok()?;
    let utc = local.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp(utc.timestamp().as_millisecond()))
}

/// A moment as RFC 3339 in UTC, to the millisecond.
#[must_use]
pub fn iso(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| String::new(), |t| format!("{t:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn pointer(text: &str) -> Option<Pointer> {
        Some(Pointer::parse(text).unwrap())
    }

    fn rule(events: &str, becomes: Becomes) -> Rule {
        Rule { events: Pattern::parse(events).unwrap(), becomes }
    }

    fn mapping() -> Mapping {
        Mapping {
            places: Places {
                event_type: pointer("/type"),
                at: pointer("/at"),
                customer_id: pointer("/who/id"),
                customer_name: pointer("/who/name"),
                text: pointer("/text"),
                order: pointer("/order"),
                link: pointer("/link"),
                ..Places::default()
            },
            rules: vec![rule("question.asked", Becomes::Message), rule("order.*", Becomes::Order)],
            otherwise: Becomes::Ignored,
        }
    }

    fn read(body: Value) -> Result<Mapped, Unreadable> {
        mapping().read(false, None, body.to_string().as_bytes())
    }

    #[test]
    fn a_question_is_a_message_and_an_order_an_entry() {
        let m = read(json!({
            "type": "question.asked", "text": "<p>Gdzie jest<br>paczka?</p>", "who": {"id": 7, "name": "Anna"},
            "order": "A-1", "at": "2026-10-02T08:36:36Z", "link": "https://sklep.pl/1"
        }))
        .unwrap();
        assert_eq!(m.becomes, Becomes::Message);
        assert_eq!(m.text.as_deref(), Some("Gdzie jest\npaczka?"));
        assert_eq!(m.customer_id.as_deref(), Some("7"));
        assert_eq!(m.at, Some(Timestamp(1_790_930_196_000)));
        assert_eq!(m.link.unwrap().as_str(), "https://sklep.pl/1");
        let m = read(json!({"type": "order.created", "who": {"id": "7"}, "link": "javascript:x"})).unwrap();
        assert_eq!((m.becomes, m.link), (Becomes::Order, None));
        let ignored = read(json!({"type": "product.updated"})).unwrap();
        assert_eq!(ignored.becomes, Becomes::Ignored);
    }

    #[test]
    fn what_is_missing_is_said() {
        assert_eq!(read(json!({"type": "question.asked", "text": "  "})), Err(Unreadable::NoText));
        assert_eq!(read(json!({"type": "question.asked", "text": {"a": 1}})), Err(Unreadable::NoText));
        assert_eq!(
            read(json!({"type": "order.created", "who": {"id": "x".repeat(201)}})),
            Err(Unreadable::NoCustomer)
        );
        let mut placeless = mapping();
        placeless.places.customer_id = None;
        let body = br#"{"type": "order.created", "who": {"id": 7}}"#;
        assert_eq!(placeless.read(false, None, body), Err(Unreadable::NoCustomer));
        assert_eq!(read(json!({"text": "x"})), Err(Unreadable::NoType));
        assert_eq!(
            mapping().read(false, None, b"{\n\"a\":"),
            Err(Unreadable::NotJson { line: 2, column: 4 })
        );
        assert!(matches!(mapping().read(false, None, b"\xff{}"), Err(Unreadable::NotJson { .. })));
        assert!(matches!(mapping().read(false, None, b""), Err(Unreadable::NotJson { .. })));
    }

    #[test]
    fn an_order_of_nobody_is_understood() {
        for body in
            [json!({"type": "order.deleted", "id": 17}), json!({"type": "order.paid", "who": {"id": null}})]
        {
            let m = read(body).unwrap();
            assert_eq!((m.becomes, m.customer_id), (Becomes::Order, None));
        }
    }

    #[test]
    fn the_type_comes_from_the_header_unless_a_place_is_named() {
        let mut m = mapping();
        let body = br#"{"type": "question.asked", "text": "Hello", "who": {"id": 1}}"#;
        assert_eq!(m.read(true, Some("order.created"), body).unwrap().becomes, Becomes::Message);
        m.places.event_type = None;
        assert_eq!(m.read(true, Some("order.created"), body).unwrap().becomes, Becomes::Order);
        assert_eq!(m.read(true, None, body), Err(Unreadable::NoType));
        m.rules = vec![rule("*", Becomes::Message)];
        assert_eq!(m.read(false, None, body).unwrap().becomes, Becomes::Message, "a source of one type");
    }

    #[test]
    fn patterns() {
        for (pattern, fits, not) in [
            ("order.created", "order.created", "order.createdx"),
            ("orders/*", "orders/create", "order"),
            ("*", "", ""),
        ] {
            let p = Pattern::parse(pattern).unwrap();
            assert!(p.fits(fits));
            assert!(not.is_empty() || !p.fits(not));
        }
        for bad in ["", " ", "*.created", "a*b*", "a\nb", &"x".repeat(101)] {
            assert_eq!(Pattern::parse(bad), Err(PatternError), "{bad:?}");
        }
        let first = Mapping {
            rules: vec![rule("a", Becomes::Note), rule("*", Becomes::Message)],
            ..Mapping::default()
        };
        assert_eq!((first.becomes("a"), first.becomes("b")), (Becomes::Note, Becomes::Message));
    }

    #[test]
    fn moments() {
        for (text, ms) in [
            ("2026-10-02T08:36:36.479Z", 1_790_930_196_479),
            ("2026-10-02T10:36:36+02:00", 1_790_930_196_000),
            ("2026-10-02T08:36:36", 1_790_930_196_000),
            ("1790930196", 1_790_930_196_000),
            ("1790930196479", 1_790_930_196_479),
        ] {
            assert_eq!(moment(text), Some(Timestamp(ms)), "{text}");
        }
        assert_eq!(moment("wczoraj"), None);
        assert_eq!(iso(Timestamp(1_790_930_196_479)), "2026-10-02T08:36:36.479Z");
    }

    #[test]
    fn stored_form_and_names_of_places() {
        let m = mapping();
        assert_eq!(serde_json::from_value::<Mapping>(serde_json::to_value(&m).unwrap()).unwrap(), m);
        assert_eq!(serde_json::from_value::<Mapping>(json!({})).unwrap(), Mapping::default());
        for name in Places::NAMES {
            let mut p = Places::default();
            p.set(name, pointer("/x"));
            assert_eq!(p.get(name), pointer("/x").as_ref(), "{name}");
            assert_eq!(serde_json::to_value(&p).unwrap(), json!({ name: "/x" }));
        }
        for b in Becomes::ALL {
            assert_eq!(Becomes::from_slug(b.slug()), Some(b));
            assert_eq!(serde_json::to_value(b).unwrap(), b.slug());
        }
    }

    proptest! {
        #[test]
        fn any_body_is_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = mapping().read(true, Some("x"), &body);
        }
    }
}
