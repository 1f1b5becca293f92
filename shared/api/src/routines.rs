//! Macros, which people run on a ticket, and automations, which the timer runs on tickets that match.

use crate::operation::{Operation, Parameter, Who};
use crate::page::Listed;
use crate::problem::kinds;
use crate::tickets::{TicketPriority, TicketRow, TicketStatus};
use mostek_domain::{AutomationId, Capability, CategoryId, EmployeeId, MacroId, QueueId, TagId, TemplateId};
use serde::{Deserialize, Serialize};

/// The operations.
pub static OPERATIONS: &[Operation] = &[
    Operation::get("/api/v1/desk/macros", "listMacros", "List macros")
        .for_(Who::AdministratorOr(Capability::Helpdesk))
        .gives::<Listed<Macro>>("All macros, archived ones too."),
    Operation::post("/api/v1/desk/macros", "saveMacro", "Add or change a macro")
        .about("Without an `id` it is a new one.")
        .for_(Who::Administrator)
        .takes::<MacroIn>()
        .makes::<SavedMacro>("Saved.")
        .refuses(&[kinds::CONFLICT]),
    Operation::get("/api/v1/desk/automations", "listAutomations", "List automations")
        .for_(Who::Administrator)
        .gives::<Listed<Automation>>("All automations, those that are off too."),
    Operation::post("/api/v1/desk/automations", "saveAutomation", "Add or change an automation")
        .about("Without an `id` it is a new one.")
        .for_(Who::Administrator)
        .takes::<AutomationIn>()
        .makes::<SavedAutomation>("Saved.")
        .refuses(&[kinds::CONFLICT]),
    Operation::post("/api/v1/desk/automations/preview", "previewAutomation", "Ask which tickets would match")
        .about("Nothing is done to them.")
        .for_(Who::AdministratorWith(Capability::Helpdesk))
        .takes::<AutomationIn>()
        .gives::<Preview>("Those that match now, at most fifty."),
    Operation::post("/api/v1/tickets/{ticket}/macro", "runMacro", "Run a macro")
        .about("Sent again with the same key it is the same run.")
        .for_(Who::With(Capability::Helpdesk))
        .pieces(&[Parameter::new::<String>("ticket", "The ticket, by its id or its number: `17`.")])
        .takes::<RunMacro>()
        .keyed()
        .gives::<MacroRun>("Done.")
        .refuses(&[kinds::CONFLICT]),
];

/// A step.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum Step {
    /// Sets the status.
    Status {
        /// `new`, `in-progress`, `waiting-for-customer` or `closed`.
        status: String,
    },
    /// Moves to a queue, a category, or both.
    Move {
        /// The queue; stays when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        queue: Option<QueueId>,
        /// The category; stays when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        category: Option<CategoryId>,
    },
    /// Gives to somebody, or to nobody.
    Assign {
        /// Nobody when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        employee: Option<EmployeeId>,
    },
    /// Gives to whoever runs it: macros only.
    Take,
    /// Says how urgent it is.
    Priority {
        /// `low`, `normal`, `high` or `urgent`.
        priority: String,
    },
    /// Puts tags on, takes others off, or both.
    Tags {
        /// Put on.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        add: Vec<TagId>,
        /// Taken off.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remove: Vec<TagId>,
    },
    /// Answers with a template.
    Reply {
        /// The template.
        template: TemplateId,
    },
    /// Puts a template into the reply's form: macros only.
    Draft {
        /// The template.
        template: TemplateId,
    },
    /// Comments; a comment never leaves the hub.
    Comment {
        /// The text.
        text: String,
    },
}

/// A macro.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Macro {
    /// Its id.
    pub id: MacroId,
    /// Its name.
    pub name: String,
    /// What it does, one after the other.
    pub steps: Vec<Step>,
    /// Whether it is no longer offered.
    pub archived: bool,
}

/// A macro to be added or changed.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MacroIn {
    /// Which to change; absent for a new one.
    #[serde(default)]
    pub id: Option<MacroId>,
    /// Its name.
    pub name: String,
    /// What it does, one after the other.
    pub steps: Vec<Step>,
    /// Whether it is no longer offered.
    #[serde(default)]
    pub archived: bool,
}

/// A macro that was saved.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SavedMacro {
    /// Its id.
    pub id: MacroId,
}

/// An automation.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Automation {
    /// Its id.
    pub id: AutomationId,
    /// Its name.
    pub name: String,
    /// Tickets of these statuses; any open one if there is none.
    pub statuses: Vec<TicketStatus>,
    /// Of this queue.
    pub queue: Option<QueueId>,
    /// Of this category.
    pub category: Option<CategoryId>,
    /// Of this source.
    pub source: Option<String>,
    /// This urgent.
    pub priority: Option<TicketPriority>,
    /// With this tag.
    pub tag: Option<TagId>,
    /// Whose customer has not written for so many hours.
    pub customer_silent_hours: Option<u32>,
    /// That were answered so many hours ago.
    pub answered_before_hours: Option<u32>,
    /// That began so many hours ago.
    pub opened_before_hours: Option<u32>,
    /// What is done to them.
    pub steps: Vec<Step>,
    /// Whether it is on.
    pub on: bool,
}

/// An automation to be added or changed.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AutomationIn {
    /// Which to change; absent for a new one.
    #[serde(default)]
    pub id: Option<AutomationId>,
    /// Its name.
    pub name: String,
    /// Tickets of these statuses; any open one if there is none.
    #[serde(default)]
    pub statuses: Vec<String>,
    /// Of this queue.
    #[serde(default)]
    pub queue: Option<QueueId>,
    /// Of this category.
    #[serde(default)]
    pub category: Option<CategoryId>,
    /// Of this source.
    #[serde(default)]
    pub source: Option<String>,
    /// This urgent: `low`, `normal`, `high` or `urgent`.
    #[serde(default)]
    pub priority: Option<String>,
    /// With this tag.
    #[serde(default)]
    pub tag: Option<TagId>,
    /// Whose customer has not written for so many hours.
    #[serde(default)]
    pub customer_silent_hours: Option<u32>,
    /// That were answered so many hours ago.
    #[serde(default)]
    pub answered_before_hours: Option<u32>,
    /// That began so many hours ago.
    #[serde(default)]
    pub opened_before_hours: Option<u32>,
    /// What is done to them.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// Whether it is on.
    #[serde(default)]
    pub on: bool,
}

/// An automation that was saved.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SavedAutomation {
    /// Its id.
    pub id: AutomationId,
}

/// Tickets that an automation would act on.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Preview {
    /// The tickets.
    pub data: Vec<TicketRow>,
    /// Whether these are all.
    pub complete: bool,
}

/// A macro to be run.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunMacro {
    /// Which.
    #[serde(rename = "macro")]
    pub id: MacroId,
    /// The key, unless it is in the header `Idempotency-Key`: 1 to 200 visible ASCII characters.
    #[serde(default)]
    pub key: Option<String>,
    /// The `version` of the ticket the caller has read.
    #[serde(default)]
    pub seen: Option<u64>,
}

/// A macro that was run.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MacroRun {
    /// The template that the person's reply is to begin with.
    pub draft: Option<TemplateId>,
}
