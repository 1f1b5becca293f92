//! Queues, categories, tags, sub-statuses, fields, templates.

use crate::operation::{Operation, Parameter, Who};
use crate::page::Listed;
use crate::problem::kinds;
use crate::tickets::TicketStatus;
use mostek_domain::Capability;
use serde::{Deserialize, Serialize};

const THING: Parameter = Parameter::new::<DeskKind>("kind", "What kind of thing.");
const ID: Parameter = Parameter::new::<String>("id", "Its id.");

/// The operations.
pub static OPERATIONS: &[Operation] = &[
    Operation::get(
        "/api/v1/desk/{kind}",
        "listDeskThings",
        "List queues, categories, tags, sub-statuses, fields or templates",
    )
    .about("All of them in one page, archived ones too.")
    .for_(Who::AdministratorOr(Capability::Helpdesk))
    .pieces(&[THING])
    .gives::<Listed<DeskThing>>("All of that kind."),
    Operation::post(
        "/api/v1/desk/{kind}",
        "saveDeskThing",
        "Add or change a queue, category, tag, sub-status, field or template",
    )
    .about("Without an `id` it is a new one. Nothing is deleted: what is no longer wanted is archived.")
    .for_(Who::Administrator)
    .pieces(&[THING])
    .takes::<DeskThingIn>()
    .makes::<SavedDeskThing>("Saved.")
    .located()
    .refuses(&[kinds::CONFLICT]),
    Operation::get("/api/v1/desk/{kind}/{id}", "getDeskThing", "Read a queue, category, field or template")
        .for_(Who::AdministratorOr(Capability::Helpdesk))
        .pieces(&[THING, ID])
        .gives::<DeskThing>("The one with this id."),
    Operation::put(
        "/api/v1/desk/{kind}/{id}",
        "changeDeskThing",
        "Change a queue, category, field or template",
    )
    .about("The whole of it is replaced; an `id` in the body does not count.")
    .for_(Who::Administrator)
    .pieces(&[THING, ID])
    .takes::<DeskThingIn>()
    .refuses(&[kinds::CONFLICT]),
];

/// A kind of thing of the desk.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DeskKind {
    /// Where tickets wait.
    Queues,
    /// What tickets are about.
    Categories,
    /// Words that tickets are marked with.
    Tags,
    /// A company's own names for parts of a status.
    SubStatuses,
    /// What else customers' records hold.
    Fields,
    /// Replies to begin with.
    Templates,
}

/// A thing of the desk.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeskThing {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// A template's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The status that a sub-status is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<TicketStatus>,
    /// What can be typed into a field.
    #[serde(rename = "kind", skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldKind>,
    /// The options of a field that is a choice; of other fields none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<String>>,
    /// Whether it is no longer offered.
    pub archived: bool,
}

/// What can be typed into a field.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// A line of text.
    Text,
    /// A decimal number.
    Number,
    /// A day.
    Date,
    /// One of a list.
    Choice,
}

/// A thing of the desk to be added or changed.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeskThingIn {
    /// Which to change; absent for a new one.
    #[serde(default)]
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// A template's text.
    #[serde(default)]
    pub text: String,
    /// The status that a sub-status is a part of.
    #[serde(default)]
    pub of: String,
    /// Whether it is no longer offered.
    #[serde(default)]
    pub archived: bool,
    /// What can be typed into a field: `text`, `number`, `date`, `choice`. It never changes; absent means as before, for a new one
    /// text.
    #[serde(default)]
    pub kind: Option<String>,
    /// The options of a field that is a choice; absent means as before.
    #[serde(default)]
    pub options: Option<Vec<String>>,
}

/// A thing of the desk that was saved.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SavedDeskThing {
    /// Its id.
    pub id: String,
}
