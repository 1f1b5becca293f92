//! A marketplace connection as it was typed or sent.

use super::id;
use crate::fields::Fields;
use crate::refusal;
use mostek_connectors::{ApiKey, BaseAddress, LinkTemplate, Registry, ShopId};
use mostek_domain::{CategoryId, FieldId, Label, QueueId};
use mostek_helpdesk::authenticate;
use mostek_helpdesk::connection::{DEFAULT_LINK, LONGEST_INTERVAL, SHORTEST_INTERVAL, Setup};
use mostek_web::{ApiError, Text};
use serde::Deserialize;

/// What opens a marketplace, as typed.
#[derive(Clone, Default, Deserialize)]
pub(crate) struct TypedAccess {
    pub kind: String,
    #[serde(default)]
    pub base: String,
    #[serde(default, deserialize_with = "text_or_number")]
    pub shop_id: String,
    #[serde(default)]
    pub key: String,
    /// The connection that gets a new key; absent for a new one.
    #[serde(default)]
    pub connection: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrNumber {
    Text(String),
    Number(u64),
    None(()),
}

/// Programs send a shop id as a number, a text, or `null`.
fn text_or_number<'de, D: serde::Deserializer<'de>>(d: D) -> Result<String, D::Error> {
    Ok(match TextOrNumber::deserialize(d)? {
        TextOrNumber::Text(t) => t,
        TextOrNumber::Number(n) => n.to_string(),
        TextOrNumber::None(()) => String::new(),
    })
}

impl TypedAccess {
    /// What a form carried.
    pub(crate) fn of_form(form: &Fields) -> Self {
        Self {
            kind: form.get("kind").to_owned(),
            base: form.get("base").to_owned(),
            shop_id: form.get("shop_id").to_owned(),
            key: form.get("key").to_owned(),
            connection: None,
        }
    }

    /// Reads it; without an address the kind's own is taken.
    ///
    /// # Errors
    /// 422 with the field.
    pub(crate) fn read(&self) -> Result<authenticate::Typed, ApiError> {
        let registry = Registry::default();
        let kind = registry
            .get(self.kind.trim())
            .ok_or_else(|| ApiError::bad_field("kind", "helpdesk-unknown-choice"))?;
        let base = match (self.base.trim(), &kind.default_base) {
            ("", Some(base)) => base.clone(),
            (typed, _) => {
                BaseAddress::parse(typed).map_err(|e| ApiError::bad_field("base", refusal::access(e)))?
            }
        };
        let shop = Some(self.shop_id.trim()).filter(|s| !s.is_empty());
        let shop = shop
            .map(ShopId::parse)
            .transpose()
            .map_err(|e| ApiError::bad_field("shop_id", refusal::access(e)))?;
        let key = ApiKey::parse(&self.key).map_err(|e| ApiError::bad_field("key", refusal::access(e)))?;
        Ok(authenticate::Typed { kind: kind.name.clone(), base, shop, key })
    }
}

/// What an administrator sets, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct TypedSetup {
    pub name: String,
    pub queue: String,
    #[serde(default)]
    pub category: Option<String>,
    #[serde(default)]
    pub field: Option<String>,
    #[serde(default)]
    pub interval: Option<u32>,
    #[serde(default)]
    pub add_customers: bool,
    #[serde(default)]
    pub link: Option<String>,
}

impl TypedSetup {
    /// What a form carried. An interval that is no number becomes one that is refused.
    pub(crate) fn of_form(form: &Fields) -> Self {
        let given = |name| form.given(name).map(str::to_owned);
        Self {
            name: form.get("name").to_owned(),
            queue: form.get("queue").to_owned(),
            category: given("category"),
            field: given("field"),
            interval: form.given("interval").map(|i| i.parse().unwrap_or(0)),
            add_customers: form.get("add_customers") == "yes",
            link: given("link"),
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// 422 with the field.
    pub(crate) fn read(&self) -> Result<Setup, ApiError> {
        let given =
            |v: &Option<String>| v.as_deref().map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned);
        let name = Label::parse(&self.name).map_err(|e| ApiError::bad_field("name", refusal::name(e)))?;
        let queue = id("queue", self.queue.trim(), QueueId::parse)?;
        let category = given(&self.category).map(|c| id("category", &c, CategoryId::parse)).transpose()?;
        let field = given(&self.field).map(|f| id("field", &f, FieldId::parse)).transpose()?;
        let interval = self.interval.unwrap_or(SHORTEST_INTERVAL);
        if !(SHORTEST_INTERVAL..=LONGEST_INTERVAL).contains(&interval) {
            return Err(ApiError::bad_field("interval", Text::new("helpdesk-connection-interval-range")));
        }
        let link = given(&self.link).unwrap_or_else(|| DEFAULT_LINK.to_owned());
        let link = LinkTemplate::parse(&link).map_err(|e| ApiError::bad_field("link", refusal::link(&e)))?;
        Ok(Setup { name, field, queue, category, interval, add_customers: self.add_customers, link })
    }
}
