//! What a desk is set up with, as it was typed or sent.

use super::id;
use crate::refusal;
use mostek_domain::template::{self, Values};
use mostek_domain::ticket::StatusKind;
use mostek_domain::{CategoryId, FieldId, FieldKind, Label, QueueId, SubStatusId, TagId, TemplateId};
use mostek_helpdesk::desk::{Desk, Fact, random_bits};
use mostek_ports::Random;
use mostek_web::{ApiError, Text};

/// Statuses that can have parts.
pub(crate) const PARTED: [StatusKind; 4] =
    [StatusKind::New, StatusKind::InProgress, StatusKind::WaitingForCustomer, StatusKind::Closed];

/// What kind of thing of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Queue,
    Category,
    Tag,
    SubStatus,
    Field,
    Template,
}

impl Kind {
    /// All, in the order of the tabs.
    pub(crate) const ALL: [Self; 6] =
        [Self::Queue, Self::Category, Self::Tag, Self::SubStatus, Self::Field, Self::Template];

    /// The name in addresses.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Queue => "queues",
            Self::Category => "categories",
            Self::Tag => "tags",
            Self::SubStatus => "sub-statuses",
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
            Self::Tag => "tag",
            Self::SubStatus => "sub-status",
            Self::Field => "field",
            Self::Template => "template",
        }
    }
}

/// One of them as typed or sent; without an id a new one.
pub(crate) use mostek_api::desk::DeskThingIn as Typed;

/// Between what was typed or sent and what the use case takes.
pub(crate) trait ReadThing {
    /// Reads it: the fact, and the id it is about. `desk` is what there is already.
    ///
    /// # Errors
    /// 422 with the field.
    fn read(&self, kind: Kind, desk: &Desk, random: &impl Random) -> Result<(Fact, String), ApiError>;
}

impl ReadThing for Typed {
    fn read(&self, kind: Kind, desk: &Desk, random: &impl Random) -> Result<(Fact, String), ApiError> {
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
            Kind::Tag => {
                let id =
                    given.map_or_else(|| Ok(TagId::from_random(bits())), |i| id("id", i, TagId::parse))?;
                // Its bit is chosen where the other tags are known.
                (Fact::Tag { id, name, bit: 0, archived }, id.to_string())
            }
            Kind::SubStatus => {
                let id = given.map_or_else(
                    || Ok(SubStatusId::from_random(bits())),
                    |i| id("id", i, SubStatusId::parse),
                )?;
                let of = StatusKind::from_slug(&self.of)
                    .filter(|s| PARTED.contains(s))
                    .ok_or_else(|| ApiError::bad_field("of", "helpdesk-unknown-choice"))?;
                (Fact::SubStatus { id, name, of, archived }, id.to_string())
            }
            Kind::Field => {
                let id = given
                    .map_or_else(|| Ok(FieldId::from_random(bits())), |i| id("id", i, FieldId::parse))?;
                let kind = field_kind(self, desk.field(id).map(|f| &f.kind))?;
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
                // What is put away may be as it was.
                let unknown = template::render(&text, &Values::default()).unknown;
                if !archived && !unknown.is_empty() {
                    let wrong = Text::new("helpdesk-template-names").with("names", unknown.join(", "));
                    let wrong = wrong.with("known", template::VARIABLES.join(", "));
                    return Err(ApiError::bad_field("text", wrong));
                }
                (Fact::Template { id, name, text, archived }, id.to_string())
            }
        })
    }
}

/// The kind of a field, which was `before`.
fn field_kind(typed: &Typed, before: Option<&FieldKind>) -> Result<FieldKind, ApiError> {
    let given = typed.kind.as_deref().map(str::trim).filter(|k| !k.is_empty());
    let slug = given.or(before.map(FieldKind::slug)).unwrap_or("text");
    match slug {
        "text" => Ok(FieldKind::Text),
        "number" => Ok(FieldKind::Number),
        "date" => Ok(FieldKind::Date),
        "choice" => {
            let Some(options) = &typed.options else {
                return before
                    .filter(|k| k.slug() == "choice")
                    .cloned()
                    .ok_or_else(|| ApiError::bad_field("options", "crm-options-none"));
            };
            let options = options.iter().filter(|o| !o.trim().is_empty());
            let label =
                |o: &String| Label::parse(o).map_err(|e| ApiError::bad_field("options", refusal::name(e)));
            let options = options.map(label).collect::<Result<Vec<_>, _>>()?;
            FieldKind::choice(options).map_err(|e| ApiError::bad_field("options", refusal::options(e)))
        }
        _ => Err(ApiError::bad_field("kind", "helpdesk-unknown-choice")),
    }
}
