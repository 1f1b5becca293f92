//! What was sent, read into what use cases take: from forms and from JSON alike.

use crate::fields::Fields;
use crate::refusal;
use mostek_domain::{CategoryId, FieldId, Label, QueueId, WebhookId};
use mostek_helpdesk::webhooks::endpoint::EventKind;
use mostek_helpdesk::webhooks::source::Setup;
use mostek_web::{ApiError, Text};
use mostek_webhooks::mapping::{Pattern, Places, RULES, Rule};
use mostek_webhooks::pointer::{self, Pointer};
use mostek_webhooks::{Becomes, Mapping, Scheme, mapping, presets};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// A source as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct TypedSource {
    pub name: String,
    #[serde(default)]
    pub scheme: String,
    #[serde(default)]
    pub secret: String,
    pub queue: String,
    #[serde(default)]
    pub category: Option<String>,
    #[serde(default)]
    pub field: Option<String>,
    #[serde(default)]
    pub add_customers: bool,
    /// The endpoint that takes answers.
    #[serde(default)]
    pub answers: Option<String>,
    /// Absent: the scheme's preset for a new source, what is set for one that is there.
    #[serde(default)]
    pub mapping: Option<Value>,
}

impl TypedSource {
    /// What a form carried, but for its mapping.
    pub(crate) fn of_form(form: &Fields) -> Self {
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

    /// The scheme.
    ///
    /// # Errors
    /// 422.
    pub(crate) fn scheme(&self) -> Result<Scheme, ApiError> {
        Scheme::from_slug(self.scheme.trim())
            .ok_or_else(|| ApiError::bad_field("scheme", "webhooks-unknown-choice"))
    }

    /// Reads it; without a mapping of its own it gets `mapping`.
    ///
    /// # Errors
    /// 422 with the field.
    pub(crate) fn read(&self, scheme: Scheme, mapping: Option<Mapping>) -> Result<Setup, ApiError> {
        let name = Label::parse(&self.name).map_err(|e| ApiError::bad_field("name", refusal::name(e)))?;
        let mapping = match (&self.mapping, mapping) {
            (Some(sent), _) => json_mapping(sent)?,
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

/// A mapping as JSON.
///
/// # Errors
/// 422 with what is wrong in it, in the words of its types.
pub(crate) fn json_mapping(sent: &Value) -> Result<Mapping, ApiError> {
    let mapping: Mapping = serde_json::from_value(sent.clone()).map_err(|e| {
        ApiError::bad_field("mapping", Text::new("webhooks-mapping-bad").with("why", e.to_string()))
    })?;
    if mapping.rules.len() > RULES {
        return Err(ApiError::bad_field("mapping", Text::new("webhooks-too-many").with("limit", RULES)));
    }
    Ok(mapping)
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
    /// 422 with the field.
    pub(crate) fn read(&self) -> Result<Mapping, ApiError> {
        let mut mapping = Mapping::default();
        for (name, text) in self.places.iter().filter(|(_, t)| !t.is_empty()) {
            let pointer = Pointer::parse(text).map_err(|e| {
                let text = Text::new(format!("webhooks-{}", e.slug())).with("limit", pointer::LONGEST);
                ApiError::bad_field(place_field(name), text)
            })?;
            mapping.places.set(name, Some(pointer));
        }
        if self.rules.len() > RULES {
            return Err(ApiError::bad_field("rules", Text::new("webhooks-too-many").with("limit", RULES)));
        }
        for (events, becomes) in &self.rules {
            let events = Pattern::parse(events).map_err(|_| {
                let text = Text::new("webhooks-pattern-bad");
                ApiError::bad_field("rules", text.with("limit", mapping::TYPE_CHARS).with("type", events))
            })?;
            mapping.rules.push(Rule { events, becomes: becomes_of("rules", becomes)? });
        }
        mapping.otherwise = becomes_of("otherwise", &self.otherwise)?;
        Ok(mapping)
    }
}

fn becomes_of(field: &'static str, slug: &str) -> Result<Becomes, ApiError> {
    Becomes::from_slug(slug).ok_or_else(|| ApiError::bad_field(field, "webhooks-unknown-choice"))
}

/// An endpoint as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct TypedEndpoint {
    pub address: String,
    /// Names of event types.
    pub events: Vec<String>,
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

impl TypedEndpoint {
    /// The events.
    ///
    /// # Errors
    /// 422 for one that there is not.
    pub(crate) fn events(&self) -> Result<BTreeSet<EventKind>, ApiError> {
        let known = |name: &String| {
            EventKind::from_name(name).ok_or_else(|| ApiError::bad_field("events", "webhooks-unknown-choice"))
        };
        self.events.iter().map(known).collect()
    }
}
