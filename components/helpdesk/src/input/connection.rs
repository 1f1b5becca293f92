//! A marketplace connection as it was typed or sent.

use super::id;
use crate::fields::Fields;
use crate::refusal;
use mostek_connectors::{ApiKey, BaseAddress, LinkTemplate, Registry, ShopId};
use mostek_domain::{CategoryId, FieldId, Label, QueueId};
use mostek_helpdesk::authenticate;
use mostek_helpdesk::connection::{DEFAULT_LINK, LONGEST_INTERVAL, SHORTEST_INTERVAL, Setup};
use mostek_web::{ApiError, Text};

/// What opens a marketplace, and what an administrator sets, as typed or sent.
pub(crate) use mostek_api::marketplaces::{AccessIn as TypedAccess, SetupIn as TypedSetup};

/// Between what was typed or sent and what the use cases take.
pub(crate) trait Read: Sized {
    /// What the use case takes.
    type Read;
    /// What a form carried.
    fn of_form(form: &Fields) -> Self;
    /// Reads it.
    ///
    /// # Errors
    /// 422 with the field.
    fn read(&self) -> Result<Self::Read, ApiError>;
}

impl Read for TypedAccess {
    type Read = authenticate::Typed;

    fn of_form(form: &Fields) -> Self {
        Self {
            kind: form.get("kind").to_owned(),
            base: form.get("base").to_owned(),
            shop_id: form.get("shop_id").to_owned(),
            key: form.get("key").to_owned(),
            connection: None,
        }
    }

    /// Without an address the kind's own is taken.
    fn read(&self) -> Result<authenticate::Typed, ApiError> {
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

impl Read for TypedSetup {
    type Read = Setup;

    /// An interval that is no number becomes one that is refused.
    fn of_form(form: &Fields) -> Self {
        let given = |name| form.given(name).map(str::to_owned);
        Self {
            name: form.get("name").to_owned(),
            queue: form.get("queue").to_owned(),
            category: given("category"),
            field: given("field"),
            interval: form.given("interval").map(|i| i.parse().unwrap_or(0)),
            add_customers: form.get("add_customers") == "yes",
            link: given("link"),
            source: given("source"),
        }
    }

    fn read(&self) -> Result<Setup, ApiError> {
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
        let source = given(&self.source).map(|s| Label::parse(&s)).transpose();
        let source = source.map_err(|e| ApiError::bad_field("source", refusal::name(e)))?;
        Ok(Setup { name, field, queue, category, interval, add_customers: self.add_customers, link, source })
    }
}
