//! What was sent, read into what use cases take: from forms and from JSON alike.

use crate::fields::Fields;
use crate::refusal;
use mostek_api::webhooks as wire;
use mostek_domain::{CategoryId, FieldId, Label, QueueId, WebhookId};
use mostek_helpdesk::webhooks::endpoint::EventKind;
use mostek_helpdesk::webhooks::source::Setup;
use mostek_web::{ApiError, Text};
use mostek_webhooks::mapping::{Pattern, Places, RULES, Rule};
use mostek_webhooks::pointer::{self, Pointer};
use mostek_webhooks::{Becomes, Mapping, Scheme, mapping, presets};
use std::collections::BTreeSet;

/// A source as it was typed or sent.
pub(crate) use mostek_api::webhooks::WebhookSourceIn as TypedSource;

/// Between a source as it was typed or sent and what the use case takes.
pub(crate) trait ReadSource: Sized {
    /// What a form carried, but for its mapping.
    fn of_form(form: &Fields) -> Self;
    /// The scheme.
    ///
    /// # Errors
    /// 422.
    fn scheme(&self) -> Result<Scheme, ApiError>;
    /// Reads it; without a mapping of its own it gets `mapping`.
    ///
    /// # Errors
    /// 422 with the field.
    fn read(&self, scheme: Scheme, mapping: Option<Mapping>) -> Result<Setup, ApiError>;
}

impl ReadSource for TypedSource {
    fn of_form(form: &Fields) -> Self {
        let given = |name| form.given(name).map(str::to_owned);
        Self {
            name: form.get("name").to_owned(),
            scheme: form.get("scheme").to_owned(),
            secret: form.get("secret").to_owned(),
            queue: form.get("queue").to_owned(),
            category: given("category"),
            field: given("field"),
            add_customers: form.get("add_customers") == "yes",
            answers: given("answers"),
            mapping: None,
        }
    }

    fn scheme(&self) -> Result<Scheme, ApiError> {
        Scheme::from_slug(self.scheme.trim())
            .ok_or_else(|| ApiError::bad_field("scheme", "webhooks-unknown-choice"))
    }

    fn read(&self, scheme: Scheme, mapping: Option<Mapping>) -> Result<Setup, ApiError> {
        let name = Label::parse(&self.name).map_err(|e| ApiError::bad_field("name", refusal::name(e)))?;
        let mapping = match (&self.mapping, mapping) {
            (Some(sent), _) => sent.read()?,
            (None, Some(mapping)) => mapping,
            (None, None) => presets::of(scheme),
        };
        Ok(Setup {
            name,
            scheme,
            queue: choice("queue", &self.queue, QueueId::parse)?,
            category: optional("category", self.category.as_deref(), CategoryId::parse)?,
            field: optional("field", self.field.as_deref(), FieldId::parse)?,
            add_customers: self.add_customers,
            answers: optional("answers", self.answers.as_deref(), WebhookId::parse)?,
            mapping,
        })
    }
}

fn choice<T, E>(
    field: &'static str,
    text: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, ApiError> {
    parse(text.trim()).map_err(|_| ApiError::bad_field(field, "webhooks-unknown-choice"))
}

fn optional<T, E>(
    field: &'static str,
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<Option<T>, ApiError> {
    text.map(str::trim).filter(|t| !t.is_empty()).map(|t| choice(field, t, parse)).transpose()
}

/// Between a mapping as it was sent and what the use case takes.
pub(crate) trait ReadMapping {
    /// Reads it.
    ///
    /// # Errors
    /// 422 with the field: `mapping.places.text`.
    fn read(&self) -> Result<Mapping, ApiError>;
}

impl ReadMapping for wire::MappingIn {
    fn read(&self) -> Result<Mapping, ApiError> {
        let p = &self.places;
        let places = [
            ("event_type", &p.event_type),
            ("event_id", &p.event_id),
            ("at", &p.at),
            ("customer_id", &p.customer_id),
            ("customer_name", &p.customer_name),
            ("customer_email", &p.customer_email),
            ("text", &p.text),
            ("subject", &p.subject),
            ("order", &p.order),
            ("conversation", &p.conversation),
            ("link", &p.link),
        ];
        let typed = TypedMapping {
            places: places.map(|(name, text)| (name, text.clone().unwrap_or_default())).into(),
            rules: self.rules.iter().map(|r| (r.events.clone(), r.becomes.clone())).collect(),
            otherwise: self.otherwise.clone().unwrap_or_else(|| Becomes::default().slug().to_owned()),
        };
        typed.read_as(|name| format!("mapping.places.{name}"), "mapping.rules", "mapping.otherwise")
    }
}

/// The field of a place in the form.
pub(crate) fn place_field(name: &str) -> String {
    format!("place_{name}")
}

/// A mapping as it was typed: texts of places by name, and rules.
#[derive(Debug, Clone, Default)]
pub(crate) struct TypedMapping {
    pub places: Vec<(&'static str, String)>,
    pub rules: Vec<(String, String)>,
    pub otherwise: String,
}

impl TypedMapping {
    /// What a form carried.
    pub(crate) fn of_form(form: &Fields) -> Self {
        let place = |name: &&'static str| (*name, form.get(&place_field(name)).trim().to_owned());
        Self {
            places: Places::NAMES.iter().map(place).collect(),
            rules: form
                .all("rule_events")
                .zip(form.all("rule_becomes"))
                .map(|(e, b)| (e.trim().to_owned(), b.to_owned()))
                .filter(|(e, _)| !e.is_empty())
                .collect(),
            otherwise: form.get("otherwise").to_owned(),
        }
    }

    /// What is set.
    pub(crate) fn of(mapping: &Mapping) -> Self {
        let place =
            |n: &&'static str| (*n, mapping.places.get(n).map(ToString::to_string).unwrap_or_default());
        Self {
            places: Places::NAMES.iter().map(place).collect(),
            rules: mapping
                .rules
                .iter()
                .map(|r| (r.events.to_string(), r.becomes.slug().to_owned()))
                .collect(),
            otherwise: mapping.otherwise.slug().to_owned(),
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// 422 with the field of the form.
    pub(crate) fn read(&self) -> Result<Mapping, ApiError> {
        self.read_as(place_field, "rules", "otherwise")
    }

    /// Reads it where its fields have these names.
    fn read_as(
        &self,
        place: impl Fn(&str) -> String,
        rules: &'static str,
        otherwise: &'static str,
    ) -> Result<Mapping, ApiError> {
        let mut mapping = Mapping::default();
        for (name, text) in self.places.iter().filter(|(_, t)| !t.trim().is_empty()) {
            let pointer = Pointer::parse(text).map_err(|e| {
                let text = Text::new(format!("webhooks-{}", e.slug())).with("limit", pointer::LONGEST);
                ApiError::bad_field(place(name), text)
            })?;
            mapping.places.set(name, Some(pointer));
        }
        if self.rules.len() > RULES {
            return Err(ApiError::bad_field(rules, Text::new("webhooks-too-many").with("limit", RULES)));
        }
        for (events, becomes) in &self.rules {
            let events = Pattern::parse(events).map_err(|_| {
                let text = Text::new("webhooks-pattern-bad");
                ApiError::bad_field(rules, text.with("limit", mapping::TYPE_CHARS).with("type", events))
            })?;
            mapping.rules.push(Rule { events, becomes: becomes_of(rules, becomes)? });
        }
        mapping.otherwise = becomes_of(otherwise, &self.otherwise)?;
        Ok(mapping)
    }
}

fn becomes_of(field: &'static str, slug: &str) -> Result<Becomes, ApiError> {
    Becomes::from_slug(slug).ok_or_else(|| ApiError::bad_field(field, "webhooks-unknown-choice"))
}

/// An endpoint as it was typed or sent.
pub(crate) use mostek_api::endpoints::WebhookEndpointIn as TypedEndpoint;

/// Between an endpoint as it was typed or sent and what the use case takes.
pub(crate) trait ReadEndpoint {
    /// The events.
    ///
    /// # Errors
    /// 422 for one that there is not.
    fn events(&self) -> Result<BTreeSet<EventKind>, ApiError>;
}

impl ReadEndpoint for TypedEndpoint {
    fn events(&self) -> Result<BTreeSet<EventKind>, ApiError> {
        let known = |name: &String| {
            EventKind::from_name(name).ok_or_else(|| ApiError::bad_field("events", "webhooks-unknown-choice"))
        };
        self.events.iter().map(known).collect()
    }
}
