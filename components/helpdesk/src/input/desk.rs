//! Queues, categories, fields and templates as they were typed or sent.

use super::id;
use crate::refusal;
use mostek_domain::{CategoryId, FieldId, FieldKind, Label, QueueId, TemplateId};
use mostek_helpdesk::desk::{Desk, Fact, random_bits};
use mostek_ports::Random;
use mostek_web::ApiError;
use serde::Deserialize;

/// What kind of thing of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Queue,
    Category,
    Field,
    Template,
}

impl Kind {
    /// All, in the order of the tabs.
    pub(crate) const ALL: [Self; 4] = [Self::Queue, Self::Category, Self::Field, Self::Template];

    /// The name in addresses.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Queue => "queues",
            Self::Category => "categories",
            Self::Field => "fields",
            Self::Template => "templates",
        }
    }

    pub(crate) fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == slug)
    }

    /// The name in the audit journal.
    pub(crate) fn subject(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Category => "category",
            Self::Field => "field",
            Self::Template => "template",
        }
    }
}

/// One of them as typed; without an id a new one.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    pub id: Option<String>,
    pub name: String,
    /// Of a template.
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub archived: bool,
    /// Of a field: `text`, `number`, `date` or `choice`; absent means as before, for a new one text.
    #[serde(default)]
    pub kind: Option<String>,
    /// Of a choice; absent means as before.
    #[serde(default)]
    pub options: Option<Vec<String>>,
}

impl Typed {
    /// Reads it: the fact, and the id it is about. `desk` is what there is already.
    ///
    /// # Errors
    /// 422 with the field.
    pub(crate) fn read(
        &self,
        kind: Kind,
        desk: &Desk,
        random: &impl Random,
    ) -> Result<(Fact, String), ApiError> {
        let name = Label::parse(&self.name).map_err(|e| ApiError::bad_field("name", refusal::name(e)))?;
        let archived = self.archived;
        let given = self.id.as_deref().map(str::trim).filter(|i| !i.is_empty());
        let bits = || random_bits(random);
        Ok(match kind {
            Kind::Queue => {
                let id = given
                    .map_or_else(|| Ok(QueueId::from_random(bits())), |i| id("id", i, QueueId::parse))?;
                (Fact::Queue { id, name, archived }, id.to_string())
            }
            Kind::Category => {
                let id = given.map_or_else(
                    || Ok(CategoryId::from_random(bits())),
                    |i| id("id", i, CategoryId::parse),
                )?;
                (Fact::Category { id, name, archived }, id.to_string())
            }
            Kind::Field => {
                let id = given
                    .map_or_else(|| Ok(FieldId::from_random(bits())), |i| id("id", i, FieldId::parse))?;
                let kind = self.field_kind(desk.field(id).map(|f| &f.kind))?;
                (Fact::Field { id, name, archived, kind }, id.to_string())
            }
            Kind::Template => {
                let id = given.map_or_else(
                    || Ok(TemplateId::from_random(bits())),
                    |i| id("id", i, TemplateId::parse),
                )?;
                let text = self.text.replace("\r\n", "\n").trim().to_owned();
                if text.is_empty() {
                    return Err(ApiError::bad_field("text", "helpdesk-template-empty"));
                }
                (Fact::Template { id, name, text, archived }, id.to_string())
            }
        })
    }

    /// The kind of a field, which was `before`.
    fn field_kind(&self, before: Option<&FieldKind>) -> Result<FieldKind, ApiError> {
        let given = self.kind.as_deref().map(str::trim).filter(|k| !k.is_empty());
        let slug = given.or(before.map(FieldKind::slug)).unwrap_or("text");
        match slug {
            "text" => Ok(FieldKind::Text),
            "number" => Ok(FieldKind::Number),
            "date" => Ok(FieldKind::Date),
            "choice" => {
                let Some(typed) = &self.options else {
                    return before
                        .filter(|k| k.slug() == "choice")
                        .cloned()
                        .ok_or_else(|| ApiError::bad_field("options", "crm-options-none"));
                };
                let typed = typed.iter().filter(|o| !o.trim().is_empty());
                let label = |o: &String| {
                    Label::parse(o).map_err(|e| ApiError::bad_field("options", refusal::name(e)))
                };
                let options = typed.map(label).collect::<Result<Vec<_>, _>>()?;
                FieldKind::choice(options).map_err(|e| ApiError::bad_field("options", refusal::options(e)))
            }
            _ => Err(ApiError::bad_field("kind", "helpdesk-unknown-choice")),
        }
    }
}
