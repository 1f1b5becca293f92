//! What a company's service desk is set up with: queues, categories, tags, sub-statuses, fields of CRM records, reply templates.
//!
//! One small journal per company; everything in it is shown in forms and lists, so it is read whole.

use crate::error::Refusal;
use crate::names;
use mostek_domain::ticket::StatusKind;
use mostek_domain::{
    CategoryId, CompanyId, FieldId, FieldKind, Label, QueueId, SubStatusId, TagId, TemplateId,
};
use mostek_ports::{Random, StoreError, World};
use mostek_store::{Actor, Aggregate, Commit, Entry, Journal, Reading};
use serde::{Deserialize, Serialize};

/// Things of one kind at most.
pub const MOST: usize = 200;
/// Characters in a template at most: far more than one screen, and short enough for one entry.
pub const TEMPLATE_CHARS: usize = 10_000;

/// A queue or category: an id and a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named<I> {
    /// Its id.
    pub id: I,
    /// Its name.
    pub name: Label,
    slot: u64,
    /// Hidden from forms; things that have it keep it.
    pub archived: bool,
}

/// A field that CRM records have besides the built-in ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its id.
    pub id: FieldId,
    /// Its name.
    pub name: Label,
    slot: u64,
    /// Hidden from forms; records that have a value keep it.
    pub archived: bool,
    /// What can be typed into it. The kind never changes, the options of a choice may.
    #[serde(default)]
    pub kind: FieldKind,
}

/// A text to begin a reply with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// Its name.
    pub name: Label,
    /// The text with variables `{customer}` `{order}` `{agent}` `{shop}`.
    pub text: String,
    slot: u64,
    /// Hidden from forms.
    pub archived: bool,
}

/// Tags there can be: each has a bit of its own in the rows of the ticket list.
pub const MOST_TAGS: usize = 64;

/// A tag that tickets carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Its id.
    pub id: TagId,
    /// Its name.
    pub name: Label,
    /// Its bit in the rows of the list, 0 to 63. Two that were added at the same moment may share one; lists tell them apart.
    pub bit: u8,
    slot: u64,
    /// Hidden from forms; tickets that have it keep it.
    pub archived: bool,
}

/// A company's own name for a part of a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubStatus {
    /// Its id.
    pub id: SubStatusId,
    /// Its name.
    pub name: Label,
    /// The status it is a part of.
    pub of: StatusKind,
    slot: u64,
    /// Hidden from forms; tickets that have it keep it.
    pub archived: bool,
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// A queue was added or renamed.
    Queue {
        /// Its id.
        id: QueueId,
        /// Its name.
        name: Label,
        /// Whether it is archived.
        archived: bool,
    },
    /// A category was added or renamed.
    Category {
        /// Its id.
        id: CategoryId,
        /// Its name.
        name: Label,
        /// Whether it is archived.
        archived: bool,
    },
    /// A field was added or changed.
    Field {
        /// Its id.
        id: FieldId,
        /// Its name.
        name: Label,
        /// Whether it is archived.
        archived: bool,
        /// What can be typed into it.
        #[serde(default)]
        kind: FieldKind,
    },
    /// A tag was added or renamed.
    Tag {
        /// Its id.
        id: TagId,
        /// Its name.
        name: Label,
        /// Its bit; that of its first fact counts.
        bit: u8,
        /// Whether it is archived.
        archived: bool,
    },
    /// A sub-status was added or changed.
    SubStatus {
        /// Its id.
        id: SubStatusId,
        /// Its name.
        name: Label,
        /// The status it is a part of.
        of: StatusKind,
        /// Whether it is archived.
        archived: bool,
    },
    /// A template was added or changed.
    Template {
        /// Its id.
        id: TemplateId,
        /// Its name.
        name: Label,
        /// Its text.
        text: String,
        /// Whether it is archived.
        archived: bool,
    },
}

/// What it folds to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Desk {
    /// Queues in the order they were added.
    pub queues: Vec<Named<QueueId>>,
    /// Categories.
    pub categories: Vec<Named<CategoryId>>,
    /// Fields of CRM records.
    pub fields: Vec<Field>,
    /// Reply templates.
    pub templates: Vec<Template>,
    /// Tags. Older snapshots have none.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// Sub-statuses. Older snapshots have none.
    #[serde(default)]
    pub sub_statuses: Vec<SubStatus>,
}

fn put<I: PartialEq + Copy>(list: &mut Vec<Named<I>>, slot: u64, id: I, name: &Label, archived: bool) {
    match list.iter_mut().find(|n| n.id == id) {
        Some(n) if n.slot < slot => *n = Named { id, name: name.clone(), slot, archived },
        Some(_) => {}
        None => list.push(Named { id, name: name.clone(), slot, archived }),
    }
}

impl Aggregate for Desk {
    type Fact = Fact;
    type State = Self;
    const FOLD: u32 = 1;

    fn apply(state: &mut Self, entry: &Entry<Fact>) {
        match &entry.fact {
            Fact::Queue { id, name, archived } => put(&mut state.queues, entry.slot, *id, name, *archived),
            Fact::Category { id, name, archived } => {
                put(&mut state.categories, entry.slot, *id, name, *archived)
            }
            Fact::Field { id, name, archived, kind } => {
                let new = Field {
                    id: *id,
                    name: name.clone(),
                    slot: entry.slot,
                    archived: *archived,
                    kind: kind.clone(),
                };
                match state.fields.iter_mut().find(|f| f.id == *id) {
                    Some(f) if f.slot < entry.slot => *f = new,
                    Some(_) => {}
                    None => state.fields.push(new),
                }
            }
            Fact::Tag { id, name, bit, archived } => {
                let new =
                    Tag { id: *id, name: name.clone(), bit: *bit, slot: entry.slot, archived: *archived };
                match state.tags.iter_mut().find(|t| t.id == *id) {
                    Some(t) if t.slot < entry.slot => *t = Tag { bit: t.bit, ..new },
                    // Its first fact came late.
                    Some(t) => t.bit = *bit,
                    None => state.tags.push(new),
                }
            }
            Fact::SubStatus { id, name, of, archived } => {
                let new =
                    SubStatus { id: *id, name: name.clone(), of: *of, slot: entry.slot, archived: *archived };
                match state.sub_statuses.iter_mut().find(|s| s.id == *id) {
                    Some(s) if s.slot < entry.slot => *s = new,
                    Some(_) => {}
                    None => state.sub_statuses.push(new),
                }
            }
            Fact::Template { id, name, text, archived } => {
                let new = Template {
                    id: *id,
                    name: name.clone(),
                    text: text.clone(),
                    slot: entry.slot,
                    archived: *archived,
                };
                match state.templates.iter_mut().find(|t| t.id == *id) {
                    Some(t) if t.slot < entry.slot => *t = new,
                    Some(_) => {}
                    None => state.templates.push(new),
                }
            }
        }
    }
}

impl Desk {
    /// The name of a queue; its id's beginning if it is gone.
    #[must_use]
    pub fn queue_name(&self, id: QueueId) -> String {
        self.queues.iter().find(|q| q.id == id).map_or_else(|| short(&id.to_string()), |q| q.name.to_string())
    }

    /// The name of a category.
    #[must_use]
    pub fn category_name(&self, id: CategoryId) -> String {
        self.categories
            .iter()
            .find(|q| q.id == id)
            .map_or_else(|| short(&id.to_string()), |q| q.name.to_string())
    }

    /// A field, archived or not.
    #[must_use]
    pub fn field(&self, id: FieldId) -> Option<&Field> {
        self.fields.iter().find(|f| f.id == id)
    }

    /// The name of a tag.
    #[must_use]
    pub fn tag_name(&self, id: TagId) -> String {
        self.tags.iter().find(|t| t.id == id).map_or_else(|| short(&id.to_string()), |t| t.name.to_string())
    }

    /// The name of a sub-status.
    #[must_use]
    pub fn sub_status_name(&self, id: SubStatusId) -> String {
        let found = self.sub_statuses.iter().find(|s| s.id == id);
        found.map_or_else(|| short(&id.to_string()), |s| s.name.to_string())
    }

    /// A bit for a new tag: one that none has, as long as there is one.
    #[must_use]
    pub fn free_bit(&self) -> u8 {
        (0..64).find(|b| self.tags.iter().all(|t| t.bit != *b)).unwrap_or(63)
    }

    /// The name of a field.
    #[must_use]
    pub fn field_name(&self, id: FieldId) -> String {
        self.fields.iter().find(|q| q.id == id).map_or_else(|| short(&id.to_string()), |q| q.name.to_string())
    }
}

fn short(id: &str) -> String {
    id.chars().take(6).collect()
}

/// Reads a company's desk: two reads.
///
/// # Errors
/// The store's.
pub async fn read<W: World>(world: &W, company: CompanyId) -> Result<Reading<Desk>, StoreError> {
    Journal::<Desk>::at(names::desk(company)?).read(world.kv(), world.clock()).await
}

/// Adds or changes something of the desk: two writes and the audit's one.
///
/// # Errors
/// [`Refusal`] if there are too many of a kind or a template is too long; the store's.
pub async fn put_fact<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    fact: Fact,
) -> Result<(), Refusal> {
    let journal = Journal::<Desk>::at(names::desk(company)?);
    let reading = journal.read(world.kv(), world.clock()).await?;
    let d = &reading.state;
    let full = match &fact {
        Fact::Queue { id, .. } => d.queues.len() >= MOST && !d.queues.iter().any(|n| n.id == *id),
        Fact::Category { id, .. } => d.categories.len() >= MOST && !d.categories.iter().any(|n| n.id == *id),
        Fact::Field { id, kind, .. } => {
            // What is stored in records was read by the kind, and connections find customers by a text.
            if d.field(*id).is_some_and(|f| f.kind.slug() != kind.slug()) {
                return Err(Refusal::Field { field: "kind", key: "crm-field-kind-fixed" });
            }
            d.fields.len() >= MOST && d.field(*id).is_none()
        }
        Fact::Tag { id, .. } => {
            if d.tags.len() >= MOST_TAGS && !d.tags.iter().any(|t| t.id == *id) {
                return Err(Refusal::TooMany { limit: MOST_TAGS });
            }
            false
        }
        Fact::SubStatus { id, .. } => {
            d.sub_statuses.len() >= MOST && !d.sub_statuses.iter().any(|s| s.id == *id)
        }
        Fact::Template { id, text, .. } => {
            if text.chars().count() > TEMPLATE_CHARS {
                return Err(Refusal::TooLong { limit: TEMPLATE_CHARS });
            }
            d.templates.len() >= MOST && !d.templates.iter().any(|n| n.id == *id)
        }
    };
    if full {
        return Err(Refusal::TooMany { limit: MOST });
    }
    let fact = match fact {
        Fact::Tag { id, name, archived, .. } => {
            let bit = d.tags.iter().find(|t| t.id == id).map_or_else(|| d.free_bit(), |t| t.bit);
            Fact::Tag { id, name, bit, archived }
        }
        other => other,
    };
    let mut commit = Commit::by(actor);
    commit.append(&journal, Some(&reading), vec![(format!("{:016x}", world.random().u64()), fact)]);
    commit.run(world).await?;
    Ok(())
}

/// Sixteen random bytes, for a new id.
pub fn random_bits(random: &impl Random) -> [u8; 16] {
    let mut bits = [0; 16];
    random.fill(&mut bits);
    bits
}
