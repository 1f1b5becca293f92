//! How the desk works: business hours, deadlines, giving tickets out in turn, automatic replies.

use crate::Moment;
use crate::operation::{Operation, Parameter, Who};
use crate::page::Listed;
use crate::problem::kinds;
use mostek_domain::{Capability, ConnectionId, EmployeeId, QueueId};
use serde::{Deserialize, Serialize};

const READ: Who = Who::AdministratorOr(Capability::Helpdesk);
const QUEUE: Parameter = Parameter::new::<QueueId>("queue", "The queue.");

/// The operations.
pub static OPERATIONS: &[Operation] = &[
    Operation::get("/api/v1/desk/hours", "getHours", "Read the company's business hours")
        .for_(READ)
        .gives::<Hours>("The hours: what can be sent back to change them."),
    Operation::put("/api/v1/desk/hours", "setHours", "Set the company's business hours")
        .for_(Who::Administrator)
        .takes::<HoursIn>()
        .refuses(&[kinds::CONFLICT]),
    Operation::get("/api/v1/desk/service", "listQueueService", "List how the queues are worked on")
        .for_(READ)
        .gives::<Listed<QueueService>>("One for each queue: one page."),
    Operation::put("/api/v1/desk/service/{queue}", "setQueueService", "Set how a queue is worked on")
        .about("The whole of it is replaced.")
        .for_(Who::Administrator)
        .pieces(&[QUEUE])
        .takes::<QueueServiceIn>()
        .refuses(&[kinds::CONFLICT]),
    Operation::get("/api/v1/desk/automatic-replies", "listAutomaticReplies", "List automatic replies")
        .for_(READ)
        .gives::<Listed<AutomaticReply>>("All of them: one page."),
    Operation::put("/api/v1/desk/automatic-replies", "setAutomaticReply", "Set an automatic reply")
        .about("A connection has one for each queue and occasion.")
        .for_(Who::Administrator)
        .takes::<AutomaticReplyIn>()
        .refuses(&[kinds::NOT_FOUND, kinds::CONFLICT]),
];

/// Business hours.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hours {
    /// Seven days, Monday first: `08:00-12:00,13:00-17:00`, or nothing for a day off.
    pub week: Vec<String>,
    /// Whether Poland's holidays are days off.
    pub polish_holidays: bool,
    /// Days that are different: `2026-12-31 08:00-12:00`, or only the date for a day off.
    pub exceptions: Vec<String>,
}

/// Business hours as typed or sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HoursIn {
    /// Seven days, Monday first: `8:00-12:00, 13:00-17:00`, or nothing for a day off.
    pub week: Vec<String>,
    /// Whether Poland's holidays are days off.
    #[serde(default)]
    pub polish_holidays: bool,
    /// Days that are different: `2026-12-31 8:00-12:00`, or only the date for a day off.
    #[serde(default)]
    pub exceptions: Vec<String>,
}

/// How a queue is worked on.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QueueService {
    /// The queue.
    pub queue: QueueId,
    /// Its own hours; `null`: the company's.
    pub hours: Option<Hours>,
    /// Within how many minutes of business hours a first message is to be answered.
    pub first_answer_minutes: Option<u32>,
    /// Within how many minutes of business hours a later message is to be answered.
    pub next_answer_minutes: Option<u32>,
    /// Who is given its tickets in turn; `null`: nobody is.
    pub round_robin: Option<RoundRobin>,
}

/// Who is given tickets in turn.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoundRobin {
    /// The employees, in the order of the turns.
    pub members: Vec<EmployeeId>,
    /// Who has this many open tickets is passed over.
    pub limit: u32,
}

/// How a queue is to be worked on.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QueueServiceIn {
    /// Its own hours; absent: the company's.
    #[serde(default)]
    pub hours: Option<HoursIn>,
    /// Within how many minutes of business hours a first message is to be answered; absent: no deadline.
    #[serde(default)]
    pub first_answer_minutes: Option<u32>,
    /// Within how many minutes of business hours a later message is to be answered; absent: no deadline.
    #[serde(default)]
    pub next_answer_minutes: Option<u32>,
    /// Who is given its tickets in turn; absent: nobody is.
    #[serde(default)]
    pub round_robin: Option<RoundRobin>,
}

/// On what an automatic reply is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Occasion {
    /// The first message of a conversation.
    First,
    /// A message outside business hours.
    Outside,
}

/// An automatic reply.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AutomaticReply {
    /// Through which connection the message came.
    pub connection: ConnectionId,
    /// The queue its ticket is in.
    pub queue: QueueId,
    /// On what it is written.
    pub occasion: Occasion,
    /// The text, with the variables `{customer}`, `{order}`, `{shop}`.
    pub text: String,
    /// Seconds after the message before which it does not leave.
    pub delay_seconds: u32,
    /// Whether it is switched on.
    pub on: bool,
    /// Since when it is; messages from before are not answered.
    pub since: Option<Moment>,
}

/// An automatic reply to be set.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AutomaticReplyIn {
    /// Through which connection the message came.
    pub connection: ConnectionId,
    /// The queue its ticket is in.
    pub queue: QueueId,
    /// On what it is written.
    pub occasion: Occasion,
    /// The text, with the variables `{customer}`, `{order}`, `{shop}`.
    pub text: String,
    /// Seconds after the message before which it does not leave.
    #[serde(default)]
    pub delay_seconds: u32,
    /// Whether it is switched on.
    #[serde(default)]
    pub on: bool,
}
