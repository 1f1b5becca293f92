//! Macros and automations as they were typed or sent.

use super::id;
use crate::fields::Fields;
use crate::refusal;
use mostek_domain::ticket::{Priority, StatusKind};
use mostek_domain::{AutomationId, CategoryId, EmployeeId, Label, MacroId, QueueId, TagId, TemplateId};
use mostek_helpdesk::desk::random_bits;
use mostek_helpdesk::routine::{Automation, Conditions, LONGEST_HOURS, Macro, Step};
use mostek_ports::Random;
use mostek_web::{ApiError, Text};

/// Steps that a form has besides its comment.
pub(crate) const STEPS: [&str; 5] = ["step1", "step2", "step3", "step4", "step5"];

/// Statuses that a step can set.
pub(crate) const SETTABLE: [StatusKind; 4] =
    [StatusKind::New, StatusKind::InProgress, StatusKind::WaitingForCustomer, StatusKind::Closed];

/// A step as typed or sent.
use mostek_api::routines::Step as TypedStep;

/// Between a step as it was typed or sent and what the use case takes.
trait ReadStep: Sized {
    fn read(&self, colleagues: &[EmployeeId]) -> Result<Step, ApiError>;
    /// A step of a form's choice: `status:closed`, `queue:<id>`, `assign:`, `take`, `untag:<id>`.
    fn of(choice: &str) -> Result<Self, ApiError>;
}

impl ReadStep for TypedStep {
    fn read(&self, colleagues: &[EmployeeId]) -> Result<Step, ApiError> {
        Ok(match self {
            Self::Status { status } => Step::Status { status: settable(status)? },
            Self::Move { queue: None, category: None } => return Err(unknown()),
            Self::Move { queue, category } => Step::Move { queue: *queue, category: *category },
            Self::Assign { employee: Some(e) } if !colleagues.contains(e) => {
                return Err(ApiError::bad_field("steps", "helpdesk-no-colleague"));
            }
            Self::Assign { employee } => Step::Assign { employee: *employee },
            Self::Take => Step::Take,
            Self::Priority { priority } => {
                Step::Priority { priority: Priority::from_slug(priority).ok_or_else(unknown)? }
            }
            Self::Tags { add, remove } if add.is_empty() && remove.is_empty() => return Err(unknown()),
            Self::Tags { add, remove } => Step::Tags { add: add.clone(), remove: remove.clone() },
            Self::Reply { template } => Step::Reply { template: *template },
            Self::Draft { template } => Step::Draft { template: *template },
            Self::Comment { text } => Step::Comment { text: text.replace("\r\n", "\n").trim().to_owned() },
        })
    }

    fn of(choice: &str) -> Result<Self, ApiError> {
        let (what, of) = choice.split_once(':').unwrap_or((choice, ""));
        Ok(match what {
            "status" => Self::Status { status: of.to_owned() },
            "queue" => Self::Move { queue: Some(id("steps", of, QueueId::parse)?), category: None },
            "category" => Self::Move { queue: None, category: Some(id("steps", of, CategoryId::parse)?) },
            "assign" if of.is_empty() => Self::Assign { employee: None },
            "assign" => Self::Assign { employee: Some(id("steps", of, EmployeeId::parse)?) },
            "take" => Self::Take,
            "priority" => Self::Priority { priority: of.to_owned() },
            "tag" => Self::Tags { add: vec![id("steps", of, TagId::parse)?], remove: Vec::new() },
            "untag" => Self::Tags { add: Vec::new(), remove: vec![id("steps", of, TagId::parse)?] },
            "reply" => Self::Reply { template: id("steps", of, TemplateId::parse)? },
            "draft" => Self::Draft { template: id("steps", of, TemplateId::parse)? },
            _ => return Err(unknown()),
        })
    }
}

fn unknown() -> ApiError {
    ApiError::bad_field("steps", "helpdesk-unknown-choice")
}

fn settable(slug: &str) -> Result<StatusKind, ApiError> {
    StatusKind::from_slug(slug).filter(|s| SETTABLE.contains(s)).ok_or_else(unknown)
}

/// Whether a form can show these steps and give them back: no more than it has rows, and one comment at the end. A program may
/// set others.
pub(crate) fn fits_form(steps: &[Step]) -> bool {
    let rows = steps.iter().map(|s| match s {
        Step::Move { queue, category } => usize::from(queue.is_some()) + usize::from(category.is_some()),
        Step::Comment { .. } => 0,
        _ => 1,
    });
    let comments = || steps.iter().filter(|s| matches!(s, Step::Comment { .. })).count();
    let at_the_end = matches!(steps.last(), Some(Step::Comment { .. }));
    rows.sum::<usize>() <= STEPS.len() && (comments() == 0 || (comments() == 1 && at_the_end))
}

/// The choices of a form's step rows and its comment.
fn step_fields(steps: &[Step]) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut choices = Vec::new();
    for step in steps {
        match step {
            Step::Status { status } => choices.push(format!("status:{}", status.slug())),
            Step::Move { queue, category } => {
                choices.extend(queue.map(|q| format!("queue:{q}")));
                choices.extend(category.map(|c| format!("category:{c}")));
            }
            Step::Assign { employee } => {
                choices.push(format!("assign:{}", employee.map(|e| e.to_string()).unwrap_or_default()));
            }
            Step::Take => choices.push("take".to_owned()),
            Step::Priority { priority } => choices.push(format!("priority:{}", priority.slug())),
            Step::Tags { add, remove } => {
                choices.extend(add.iter().map(|t| format!("tag:{t}")));
                choices.extend(remove.iter().map(|t| format!("untag:{t}")));
            }
            Step::Reply { template } => choices.push(format!("reply:{template}")),
            Step::Draft { template } => choices.push(format!("draft:{template}")),
            Step::Comment { text } => fields.push(("comment".to_owned(), text.clone())),
        }
    }
    fields.extend(STEPS.iter().zip(choices).map(|(name, choice)| ((*name).to_owned(), choice)));
    fields
}

fn steps_of(form: &Fields) -> Result<Vec<TypedStep>, ApiError> {
    let mut steps: Vec<TypedStep> =
        STEPS.iter().filter_map(|s| form.given(s)).map(TypedStep::of).collect::<Result<_, _>>()?;
    if let Some(text) = form.given("comment") {
        steps.push(TypedStep::Comment { text: text.to_owned() });
    }
    Ok(steps)
}

fn read_steps(steps: &[TypedStep], colleagues: &[EmployeeId]) -> Result<Vec<Step>, ApiError> {
    if steps.is_empty() {
        return Err(ApiError::bad_field("steps", "helpdesk-steps-none"));
    }
    steps.iter().map(|s| s.read(colleagues)).collect()
}

/// Steps as the API gives them.
pub(crate) fn steps(all: &[Step]) -> Vec<TypedStep> {
    let one = |s: &Step| match s {
        Step::Status { status } => TypedStep::Status { status: status.slug().to_owned() },
        Step::Move { queue, category } => TypedStep::Move { queue: *queue, category: *category },
        Step::Assign { employee } => TypedStep::Assign { employee: *employee },
        Step::Take => TypedStep::Take,
        Step::Priority { priority } => TypedStep::Priority { priority: priority.slug().to_owned() },
        Step::Tags { add, remove } => TypedStep::Tags { add: add.clone(), remove: remove.clone() },
        Step::Reply { template } => TypedStep::Reply { template: *template },
        Step::Draft { template } => TypedStep::Draft { template: *template },
        Step::Comment { text } => TypedStep::Comment { text: text.clone() },
    };
    all.iter().map(one).collect()
}

/// A macro as typed or sent; without an id a new one.
pub(crate) use mostek_api::routines::MacroIn as TypedMacro;

fn given<T, E>(form: &Fields, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<Option<T>, ApiError> {
    form.given("id").map(|i| id("id", i, parse)).transpose()
}

fn name(text: &str) -> Result<Label, ApiError> {
    Label::parse(text).map_err(|e| ApiError::bad_field("name", refusal::name(e)))
}

/// Between a macro as it was typed or sent and what the use case takes.
pub(crate) trait ReadMacro: Sized {
    /// That of a form.
    ///
    /// # Errors
    /// 422 with the field.
    fn of(form: &Fields) -> Result<Self, ApiError>;
    /// Reads it.
    ///
    /// # Errors
    /// 422 with the field.
    fn read(&self, colleagues: &[EmployeeId], random: &impl Random) -> Result<Macro, ApiError>;
}

impl ReadMacro for TypedMacro {
    fn of(form: &Fields) -> Result<Self, ApiError> {
        Ok(Self {
            id: given(form, MacroId::parse)?,
            name: form.get("name").to_owned(),
            steps: steps_of(form)?,
            archived: form.get("archived") == "yes",
        })
    }

    fn read(&self, colleagues: &[EmployeeId], random: &impl Random) -> Result<Macro, ApiError> {
        Ok(Macro {
            id: self.id.unwrap_or_else(|| MacroId::from_random(random_bits(random))),
            name: name(&self.name)?,
            steps: read_steps(&self.steps, colleagues)?,
            archived: self.archived,
        })
    }
}

/// The fields of a macro, for a form.
pub(crate) fn macro_fields(m: &Macro) -> Vec<(String, String)> {
    let mut fields = step_fields(&m.steps);
    fields.push(("id".into(), m.id.to_string()));
    fields.push(("name".into(), m.name.to_string()));
    if m.archived {
        fields.push(("archived".into(), "yes".into()));
    }
    fields
}

/// An automation as typed or sent; without an id a new one.
pub(crate) use mostek_api::routines::AutomationIn as TypedAutomation;

fn bad_hours(field: &'static str) -> ApiError {
    ApiError::bad_field(field, Text::new("service-hours-range").with("limit", LONGEST_HOURS))
}

/// Between an automation as it was typed or sent and what the use case takes.
pub(crate) trait ReadAutomation: Sized {
    /// That of a form.
    ///
    /// # Errors
    /// 422 with the field.
    fn of(form: &Fields) -> Result<Self, ApiError>;
    /// Reads what tickets it is for.
    ///
    /// # Errors
    /// 422 with the field.
    fn conditions(&self) -> Result<Conditions, ApiError>;
    /// Reads it.
    ///
    /// # Errors
    /// 422 with the field.
    fn read(&self, colleagues: &[EmployeeId], random: &impl Random) -> Result<Automation, ApiError>;
}

impl ReadAutomation for TypedAutomation {
    fn of(form: &Fields) -> Result<Self, ApiError> {
        let hours =
            |name: &'static str| form.given(name).map(|h| h.parse().map_err(|_| bad_hours(name))).transpose();
        Ok(Self {
            id: given(form, AutomationId::parse)?,
            name: form.get("name").to_owned(),
            statuses: form.all("status").into_iter().map(str::to_owned).collect(),
            queue: form.given("queue").map(|q| id("queue", q, QueueId::parse)).transpose()?,
            category: form.given("category").map(|c| id("category", c, CategoryId::parse)).transpose()?,
            source: form.given("source").map(str::to_owned),
            priority: form.given("priority").map(str::to_owned),
            tag: form.given("tag").map(|t| id("tag", t, TagId::parse)).transpose()?,
            customer_silent_hours: hours("customer_silent_hours")?,
            answered_before_hours: hours("answered_before_hours")?,
            opened_before_hours: hours("opened_before_hours")?,
            steps: steps_of(form)?,
            on: form.get("on") == "yes",
        })
    }

    fn conditions(&self) -> Result<Conditions, ApiError> {
        let status = |s: &String| {
            StatusKind::from_slug(s)
                .filter(|s| StatusKind::OPEN.contains(s))
                .ok_or_else(|| ApiError::bad_field("status", "helpdesk-unknown-choice"))
        };
        let hours = |hours: Option<u32>, field: &'static str| match hours {
            Some(h) if !(1..=LONGEST_HOURS).contains(&h) => Err(bad_hours(field)),
            other => Ok(other),
        };
        Ok(Conditions {
            statuses: self.statuses.iter().map(status).collect::<Result<_, _>>()?,
            queue: self.queue,
            category: self.category,
            source: self.source.clone().filter(|s| !s.trim().is_empty()),
            priority: self.priority.as_deref().map(super::reply::priority).transpose()?,
            tag: self.tag,
            customer_silent: hours(self.customer_silent_hours, "customer_silent_hours")?,
            answered_before: hours(self.answered_before_hours, "answered_before_hours")?,
            opened_before: hours(self.opened_before_hours, "opened_before_hours")?,
        })
    }

    fn read(&self, colleagues: &[EmployeeId], random: &impl Random) -> Result<Automation, ApiError> {
        let steps = read_steps(&self.steps, colleagues)?;
        if steps.iter().any(Step::needs_a_person) {
            return Err(ApiError::bad_field("steps", "helpdesk-step-needs-person"));
        }
        Ok(Automation {
            id: self.id.unwrap_or_else(|| AutomationId::from_random(random_bits(random))),
            name: name(&self.name)?,
            conditions: self.conditions()?,
            steps,
            on: self.on,
            version: 0,
        })
    }
}

/// The fields of an automation, for a form.
pub(crate) fn automation_fields(a: &Automation) -> Vec<(String, String)> {
    let mut fields = step_fields(&a.steps);
    let c = &a.conditions;
    let mut put = |name: &str, value: String| fields.push((name.to_owned(), value));
    put("id", a.id.to_string());
    put("name", a.name.to_string());
    for s in &c.statuses {
        put("status", s.slug().to_owned());
    }
    for (name, value) in [
        ("queue", c.queue.map(|q| q.to_string())),
        ("category", c.category.map(|c| c.to_string())),
        ("source", c.source.clone()),
        ("priority", c.priority.map(|p| p.slug().to_owned())),
        ("tag", c.tag.map(|t| t.to_string())),
        ("customer_silent_hours", c.customer_silent.map(|h| h.to_string())),
        ("answered_before_hours", c.answered_before.map(|h| h.to_string())),
        ("opened_before_hours", c.opened_before.map(|h| h.to_string())),
        ("on", a.on.then(|| "yes".to_owned())),
    ] {
        if let Some(value) = value {
            put(name, value);
        }
    }
    fields
}
