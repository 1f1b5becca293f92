//! Macros, which a person runs on a ticket, and automations, which the timer runs (H18): names and steps.
//!
//! One journal per company, beside the policy's because it is not read with every message.

use crate::error::Refusal;
use crate::marks::MOST_TAGS;
use crate::{desk, names};
use mostek_domain::ticket::{Priority, StatusKind};
use mostek_domain::{
    AutomationId, CategoryId, CompanyId, EmployeeId, Label, MacroId, QueueId, TagId, TemplateId,
};
use mostek_ports::{Random, StoreError, World};
use mostek_store::{Actor, Aggregate, Commit, Entry, Journal, Reading};
use serde::{Deserialize, Serialize};

/// Macros, and automations, of one company at most.
pub const MOST: usize = 50;
/// Steps of one at most.
pub const MOST_STEPS: usize = 10;
/// Characters of a comment that a step writes, at most.
pub const COMMENT_CHARS: usize = 2_000;
/// The longest time that an automation waits, in hours: a year.
pub const LONGEST_HOURS: u32 = 366 * 24;

/// One thing that is done to a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum Step {
    /// Sets the status: new, in progress, waiting for the customer, or closed.
    Status {
        /// The new one.
        status: StatusKind,
    },
    /// Moves it; what is absent stays.
    Move {
        /// To this queue.
        queue: Option<QueueId>,
        /// To this category.
        category: Option<CategoryId>,
    },
    /// Gives it to an employee, or to nobody.
    Assign {
        /// Whoever gets it.
        employee: Option<EmployeeId>,
    },
    /// Gives it to whoever runs the macro.
    Take,
    /// Says how urgent it is.
    Priority {
        /// The new one.
        priority: Priority,
    },
    /// Puts tags on it and takes others off.
    Tags {
        /// Put on.
        #[serde(default)]
        add: Vec<TagId>,
        /// Taken off.
        #[serde(default)]
        remove: Vec<TagId>,
    },
    /// Answers the customer with a template.
    Reply {
        /// That.
        template: TemplateId,
    },
    /// Puts a template into the form of whoever runs the macro.
    Draft {
        /// That.
        template: TemplateId,
    },
    /// Writes an internal comment.
    Comment {
        /// Its text.
        text: String,
    },
}

impl Step {
    /// Whether it takes a person in front of a page.
    #[must_use]
    pub fn needs_a_person(&self) -> bool {
        matches!(self, Self::Take | Self::Draft { .. })
    }
}

/// Steps that a person runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Macro {
    /// Its id.
    pub id: MacroId,
    /// Its name.
    pub name: Label,
    /// What it does, in this order.
    pub steps: Vec<Step>,
    /// Hidden from tickets.
    pub archived: bool,
}

impl Macro {
    /// Whether it ends in somebody's form, so that it takes a ticket's page.
    #[must_use]
    pub fn has_draft(&self) -> bool {
        self.steps.iter().any(|s| matches!(s, Step::Draft { .. }))
    }
}

/// Which tickets an automation is for; what is absent does not matter. Only open tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conditions {
    /// One of these statuses.
    pub statuses: Vec<StatusKind>,
    /// In this queue.
    pub queue: Option<QueueId>,
    /// Of this category.
    pub category: Option<CategoryId>,
    /// From this source.
    pub source: Option<String>,
    /// This urgent.
    pub priority: Option<Priority>,
    /// With this tag.
    pub tag: Option<TagId>,
    /// The customer has written nothing for this many hours.
    pub customer_silent: Option<u32>,
    /// The last answer is this many hours old.
    pub answered_before: Option<u32>,
    /// The ticket is this many hours old.
    pub opened_before: Option<u32>,
}

/// Steps that the timer runs on tickets that match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Automation {
    /// Its id.
    pub id: AutomationId,
    /// Its name.
    pub name: Label,
    /// On which tickets.
    pub conditions: Conditions,
    /// What it does, in this order.
    pub steps: Vec<Step>,
    /// Whether it is switched on.
    pub on: bool,
    /// The slot that set it: what it did under an earlier version it may do again.
    #[serde(default)]
    pub version: u64,
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// A macro was added or changed.
    Macro {
        /// It.
        #[serde(flatten)]
        it: Macro,
    },
    /// An automation was added or changed.
    Automation {
        /// It.
        #[serde(flatten)]
        it: Automation,
    },
}

/// What it folds to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routines {
    macros: Vec<(u64, Macro)>,
    /// In the order they were added, which is the order in which they are tried.
    pub automations: Vec<Automation>,
}

impl Aggregate for Routines {
    type Fact = Fact;
    type State = Self;
    const FOLD: u32 = 1;

    fn apply(state: &mut Self, entry: &Entry<Fact>) {
        let slot = entry.slot;
        match &entry.fact {
            Fact::Macro { it } => match state.macros.iter_mut().find(|(_, m)| m.id == it.id) {
                Some(m) if m.0 < slot => *m = (slot, it.clone()),
                Some(_) => {}
                None => state.macros.push((slot, it.clone())),
            },
            Fact::Automation { it } => {
                let new = Automation { version: slot, ..it.clone() };
                match state.automations.iter_mut().find(|a| a.id == it.id) {
                    Some(a) if a.version < slot => *a = new,
                    Some(_) => {}
                    None => state.automations.push(new),
                }
            }
        }
    }
}

impl Routines {
    /// Macros in the order they were added.
    pub fn macros(&self) -> impl Iterator<Item = &Macro> {
        self.macros.iter().map(|(_, m)| m)
    }

    /// A macro that is not archived.
    #[must_use]
    pub fn usable(&self, id: MacroId) -> Option<&Macro> {
        self.macros().find(|m| m.id == id && !m.archived)
    }
}

fn journal(company: CompanyId) -> Result<Journal<Routines>, StoreError> {
    Ok(Journal::at(names::routines(company)?))
}

/// Reads a company's macros and automations: two reads.
///
/// # Errors
/// The store's.
pub async fn read<W: World>(world: &W, company: CompanyId) -> Result<Reading<Routines>, StoreError> {
    journal(company)?.read(world.kv(), world.clock()).await
}

/// Adds or changes one. Whether an employee may have tickets is for the caller to know.
///
/// # Errors
/// [`Refusal::NotFound`] queue, category, tag or template; [`Refusal::Field`] without steps or with one that an automation cannot
/// do; [`Refusal::TooMany`], [`Refusal::TooLong`]; the store's.
pub async fn put<W: World>(world: &W, company: CompanyId, actor: Actor, fact: Fact) -> Result<(), Refusal> {
    let reading = read(world, company).await?;
    let state = &reading.state;
    let desk = desk::read(world, company).await?.state;
    let known_queue = |id: &QueueId| desk.queues.iter().any(|q| q.id == *id);
    let known_category = |id: &CategoryId| desk.categories.iter().any(|c| c.id == *id);
    let known_tag = |id: &TagId| desk.tags.iter().any(|t| t.id == *id);
    let (steps, full) = match &fact {
        Fact::Macro { it } => {
            (&it.steps, state.macros.len() >= MOST && state.macros().all(|m| m.id != it.id))
        }
        Fact::Automation { it } => {
            if it.steps.iter().any(Step::needs_a_person) {
                return Err(Refusal::Field { field: "steps", key: "step-needs-person" });
            }
            let c = &it.conditions;
            if c.queue.is_some_and(|q| !known_queue(&q)) {
                return Err(Refusal::NotFound("queue"));
            }
            if c.category.is_some_and(|k| !known_category(&k)) {
                return Err(Refusal::NotFound("category"));
            }
            if c.tag.is_some_and(|t| !known_tag(&t)) {
                return Err(Refusal::NotFound("tag"));
            }
            let full = state.automations.len() >= MOST && state.automations.iter().all(|a| a.id != it.id);
            (&it.steps, full)
        }
    };
    if full {
        return Err(Refusal::TooMany { limit: MOST });
    }
    if steps.is_empty() {
        return Err(Refusal::Field { field: "steps", key: "steps-none" });
    }
    if steps.len() > MOST_STEPS {
        return Err(Refusal::TooMany { limit: MOST_STEPS });
    }
    for step in steps {
        match step {
            Step::Status { status: StatusKind::Snoozed | StatusKind::Merged } => {
                return Err(Refusal::Field { field: "steps", key: "unknown-choice" });
            }
            Step::Move { queue: Some(q), .. } if !known_queue(q) => return Err(Refusal::NotFound("queue")),
            Step::Move { category: Some(c), .. } if !known_category(c) => {
                return Err(Refusal::NotFound("category"));
            }
            Step::Tags { add, remove } if add.len().max(remove.len()) > MOST_TAGS => {
                return Err(Refusal::TooMany { limit: MOST_TAGS });
            }
            Step::Tags { add, remove } if !add.iter().chain(remove).all(known_tag) => {
                return Err(Refusal::NotFound("tag"));
            }
            Step::Reply { template } | Step::Draft { template }
                if !desk.templates.iter().any(|t| t.id == *template) =>
            {
                return Err(Refusal::NotFound("template"));
            }
            Step::Comment { text } if text.trim().is_empty() => {
                return Err(Refusal::Field { field: "steps", key: "comment-empty" });
            }
            Step::Comment { text } if text.chars().count() > COMMENT_CHARS => {
                return Err(Refusal::TooLong { limit: COMMENT_CHARS });
            }
            _ => {}
        }
    }
    let mut commit = Commit::by(actor);
    let id = format!("{:016x}", world.random().u64());
    commit.append(&journal(company)?, Some(&reading), vec![(id, fact)]);
    commit.run(world).await?;
    Ok(())
}
