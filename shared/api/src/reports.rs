//! Reports on tickets, and what waits and what failed.

use crate::Moment;
use crate::operation::{Operation, Parameter, Who};
use mostek_domain::{Capability, ConnectionId, EmployeeId, QueueId, WebhookId};
use serde::Serialize;
use std::collections::BTreeMap;

/// The operations.
pub static OPERATIONS: &[Operation] = &[
    Operation::get("/api/v1/reports/tickets", "getTicketReport", "Add tickets up")
        .about("Tickets that began in a period: per day and source, how soon they were answered and closed, and by whom.")
        .for_(Who::With(Capability::Helpdesk))
        .query(&[
            Parameter::new::<String>("period", "`7`, `30` or `90` days up to today; 30 without a choice."),
            Parameter::new::<String>("from", "Instead: the first day, `2026-05-01`."),
            Parameter::new::<String>("to", "And the last."),
            Parameter::new::<String>("source", "Tickets of this source."),
            Parameter::new::<QueueId>("queue", "Tickets of this queue."),
        ])
        .gives::<TicketReport>("The report."),
];

/// The operation of the dashboard.
pub static DASHBOARD: &[Operation] =
    &[Operation::get("/api/v1/dashboard", "getDashboard", "What waits and what failed")
        .gives::<Dashboard>("By capability; `null` without the right.")];

/// A report on tickets.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketReport {
    /// The beginning of the first day.
    pub from: Option<Moment>,
    /// The end of the last.
    pub to: Option<Moment>,
    /// The source it is about.
    pub source: Option<String>,
    /// The queue it is about.
    pub queue: Option<QueueId>,
    /// Changes of tickets that are not in it yet.
    pub behind: u64,
    /// Tickets that began.
    pub tickets: u64,
    /// Day by day.
    pub days: Vec<ReportDay>,
    /// From the customer's first message to the first answer.
    pub first_response: Durations,
    /// From the customer's first message to closing.
    pub resolution: Durations,
    /// Who did what.
    pub agents: Vec<Agent>,
}

/// Tickets that began on a day.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReportDay {
    /// The day: `2026-05-12`.
    pub date: String,
    /// How many.
    pub tickets: u64,
    /// How many of each source.
    pub by_source: BTreeMap<String, u64>,
    /// Half of those that were answered were answered within this.
    pub median_first_response_seconds: Option<u64>,
    /// Half of those that are closed were closed within this.
    pub median_resolution_seconds: Option<u64>,
}

/// Some durations in short.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Durations {
    /// Of how many tickets.
    pub tickets: u64,
    /// Half of them are not longer.
    pub median_seconds: Option<u64>,
    /// Nine of ten are not longer.
    pub p90_seconds: Option<u64>,
    /// How many are not longer than some limits.
    pub within: Vec<Within>,
}

/// How many are not longer than a limit.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Within {
    /// The limit.
    pub seconds: u64,
    /// How many.
    pub tickets: u64,
}

/// What an employee did.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Agent {
    /// Who.
    pub employee: EmployeeId,
    /// Their name.
    pub name: String,
    /// Tickets they were the first to answer.
    pub answered_first: u64,
    /// Replies.
    pub replies: u64,
    /// Tickets they closed.
    pub closed: u64,
    /// How soon they answered first.
    pub first_response: Durations,
    /// How soon after the customer's first message they closed.
    pub resolution: Durations,
}

/// What waits and what failed.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dashboard {
    /// Of the helpdesk.
    pub helpdesk: Option<HelpdeskGlance>,
}

/// What waits in the helpdesk.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HelpdeskGlance {
    /// New tickets.
    pub new: u64,
    /// One's own.
    pub mine: u64,
    /// Nobody's.
    pub unassigned: u64,
    /// Put aside.
    pub snoozed: u64,
    /// With a reply that failed or is uncertain: those of the next two figures.
    pub needs_decision: u64,
    /// With a reply that failed, and none that is uncertain.
    pub failed: u64,
    /// With a reply of which nobody knows whether it has reached the customer.
    pub uncertain: u64,
    /// Replies on their way.
    pub replies_on_their_way: u64,
    /// When the timer last worked.
    pub last_tick_at: Option<Moment>,
    /// Whether that is too long ago.
    pub late: bool,
    /// Connections.
    pub connections: Vec<GlanceConnection>,
    /// Shops with events that could not be understood.
    pub sources: Vec<GlanceSource>,
    /// Endpoints with messages that wait or were given up, and those that want none any more.
    pub endpoints: Vec<GlanceEndpoint>,
    /// What is kept.
    pub store: StoreSize,
    /// Changes of tickets that are not in the figures yet.
    pub behind: u64,
    /// Tickets that began, day by day.
    pub days: Vec<ReportDay>,
}

/// A connection at a glance.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GlanceConnection {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it runs.
    pub running: bool,
    /// When it last worked.
    pub last_success_at: Option<Moment>,
    /// What is wrong with it.
    pub trouble: Option<String>,
}

/// A shop with events that could not be understood.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GlanceSource {
    /// Its id; `null` unless the caller is an administrator.
    pub id: Option<ConnectionId>,
    /// Its name.
    pub name: String,
    /// Events that wait for somebody to decide about them.
    pub events_not_understood: u64,
}

/// An endpoint that has not been told of everything.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GlanceEndpoint {
    /// Its id.
    pub id: WebhookId,
    /// The host of its address.
    pub host: String,
    /// When it said that it wants no more messages.
    pub gone_at: Option<Moment>,
    /// Messages on their way.
    pub waiting: u64,
    /// Of those, after an attempt in vain.
    pub failing: u64,
    /// Messages that were given up in the last seven days.
    pub given_up: u64,
}

/// How much is kept.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StoreSize {
    /// Tickets.
    pub tickets: u64,
    /// Customers' records.
    pub customers: u64,
    /// Changes of tickets so far.
    pub ticket_changes: u64,
}
