//! How the desk works: business hours, deadlines, who is given tickets, automatic replies.

use crate::Moment;
use crate::operation::{Operation, Parameter, Who};
use crate::page::Listed;
use mostek_domain::{Capability, ConnectionId, EmployeeId, QueueId};
use serde::{Deserialize, Serialize};

const WORK: Who = Who::AdministratorOr(Capability::Helpdesk);

/// The operations.
pub static OPERATIONS: &[Operation] = &[
    Operation::get("/api/v1/desk/hours", "getHours", "Read the company's business hours")
        .for_(WORK)
        .gives::<Hours>("The hours."),
    Operation::put("/api/v1/desk/hours", "setHours", "Set the company's business hours")
        .for_(Who::Administrator)
        .takes::<HoursIn>(),
    Operation::get("/api/v1/desk/service", "listQueueWays", "List how queues are served")
        .for_(WORK)
        .gives::<Listed<QueueWays>>("One for each queue."),
    Operation::put("/api/v1/desk/service/{queue}", "setQueueWays", "Set how a queue is served")
        .for_(Who::Administrator)
        .pieces(&[Parameter::new::<QueueId>("queue", "The queue.")])
        .takes::<QueueWaysIn>(),
    Operation::get("/api/v1/desk/automatic-replies", "listAutomaticReplies", "List automatic replies")
        .for_(WORK)
        .gives::<Listed<AutomaticReply>>("All rules, those that are off too."),
    Operation::put("/api/v1/desk/automatic-replies", "setAutomaticReply", "Set an automatic reply")
        .about("There is one for each connection, queue and occasion.")
        .for_(Who::Administrator)
        .takes::<AutomaticReplyIn>(),
];

/// Business hours.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hours {
    /// Seven days, Monday first, each with its spans: `08:00-16:00,18:00-20:00`; empty is closed.
    pub week: Vec<String>,
    /// Whether it is closed on Polish public holidays.
    pub polish_holidays: bool,
    /// Days with hours of their own: `2026-12-31 08:00-12:00`; the date alone is closed.
    pub exceptions: Vec<String>,
}

/// Business hours to be set.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HoursIn {
    /// Seven days, Monday first, each `8:00-16:00, 18:00-20:00` or empty.
    pub week: Vec<String>,
    /// Whether it is closed on Polish public holidays.
    #[serde(default)]
    pub polish_holidays: bool,
    /// Days with hours of their own: `2026-12-31 8:00-12:00`, or only the date.
    #[serde(default)]
    pub exceptions: Vec<String>,
}

/// How a queue is served.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QueueWays {
    /// The queue.
    pub queue: QueueId,
    /// Its own hours; `null`: the company's.
    pub hours: Option<Hours>,
    /// Business minutes to the first answer.
    pub first_answer_minutes: Option<u32>,
    /// Business minutes to every further answer.
    pub next_answer_minutes: Option<u32>,
    /// Who is given its tickets in turn; `null`: nobody is.
    pub round_robin: Option<RoundRobin>,
}

/// How a queue is to be served.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QueueWaysIn {
    /// Its own hours; absent: the company's.
    #[serde(default)]
    pub hours: Option<HoursIn>,
    /// Business minutes to the first answer; absent: no deadline.
    #[serde(default)]
    pub first_answer_minutes: Option<u32>,
    /// Business minutes to every further answer; absent: no deadline.
    #[serde(default)]
    pub next_answer_minutes: Option<u32>,
    /// Who is given its tickets in turn; absent: nobody is.
    #[serde(default)]
    pub round_robin: Option<RoundRobin>,
}

/// Who is given tickets in turn.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoundRobin {
    /// The members.
    pub members: Vec<EmployeeId>,
    /// How many open tickets a member has at most.
    pub limit: u32,
}

/// An automatic reply.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AutomaticReply {
    /// To messages that came by this connection.
    pub connection: ConnectionId,
    /// In tickets of this queue.
    pub queue: QueueId,
    /// When.
    pub occasion: String,
    /// The text, with variables.
    pub text: String,
    /// How long it waits whether somebody answers.
    pub delay_seconds: u32,
    /// Whether it is on.
    pub on: bool,
    /// Since when: messages of before get none.
    pub since: Option<Moment>,
}

/// An automatic reply to be set.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AutomaticReplyIn {
    /// To messages that come by this connection.
    pub connection: ConnectionId,
    /// In tickets of this queue.
    pub queue: QueueId,
    /// `first`: to the first message of a conversation; `outside`: to any outside business hours.
    pub occasion: String,
    /// The text, with the variables `{customer}`, `{order}`, `{shop}`.
    pub text: String,
    /// How long it waits whether somebody answers.
    #[serde(default)]
    pub delay_seconds: u32,
    /// Whether it is on.
    #[serde(default)]
    pub on: bool,
}
