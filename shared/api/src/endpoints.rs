//! Endpoints: addresses that are told of our events.

use crate::Moment;
use crate::operation::{Operation, Parameter, Who};
use crate::page::Listed;
use crate::problem::kinds;
use mostek_domain::{DeliveryId, WebhookId};
use serde::{Deserialize, Serialize};

const ENDPOINT: Parameter = Parameter::new::<WebhookId>("endpoint", "The endpoint.");

/// The operations.
pub static OPERATIONS: &[Operation] = &[
    Operation::get("/api/v1/webhooks/endpoints", "listWebhookEndpoints", "List endpoints")
        .for_(Who::Administrator)
        .gives::<Listed<WebhookEndpoint>>("The company's endpoints: one page."),
    Operation::post("/api/v1/webhooks/endpoints", "addWebhookEndpoint", "Add an endpoint")
        .for_(Who::Administrator)
        .takes::<WebhookEndpointIn>()
        .makes::<AddedEndpoint>("Added. The secret is shown this once.")
        .located()
        .refuses(&[kinds::CONFLICT]),
    Operation::get("/api/v1/webhooks/endpoints/{endpoint}", "getWebhookEndpoint", "Read an endpoint")
        .for_(Who::Administrator)
        .pieces(&[ENDPOINT])
        .gives::<WebhookEndpoint>("The endpoint: what can be sent back to change it."),
    Operation::put("/api/v1/webhooks/endpoints/{endpoint}", "changeWebhookEndpoint", "Change an endpoint")
        .about("One that answered that nothing is wanted there any more is told again.")
        .for_(Who::Administrator)
        .pieces(&[ENDPOINT])
        .takes::<WebhookEndpointIn>(),
    Operation::delete("/api/v1/webhooks/endpoints/{endpoint}", "deleteWebhookEndpoint", "Delete an endpoint")
        .about("What was on its way there is given up.")
        .for_(Who::Administrator)
        .pieces(&[ENDPOINT]),
    Operation::post(
        "/api/v1/webhooks/endpoints/{endpoint}/secret",
        "renewEndpointSecret",
        "Give an endpoint a new secret",
    )
    .about("For a day messages are signed with the old one too.")
    .for_(Who::Administrator)
    .pieces(&[ENDPOINT])
    .makes::<RenewedSecret>("Made. The secret is shown this once."),
    Operation::post(
        "/api/v1/webhooks/endpoints/{endpoint}/test",
        "testWebhookEndpoint",
        "Send a test message",
    )
    .about("It leaves with the next run of the timer.")
    .for_(Who::Administrator)
    .pieces(&[ENDPOINT])
    .makes::<TestDelivery>("It is on its way.")
    .refuses(&[kinds::BAD_FIELD]),
    Operation::get(
        "/api/v1/webhooks/endpoints/{endpoint}/attempts",
        "listDeliveryAttempts",
        "List the last attempts to tell an endpoint",
    )
    .for_(Who::Administrator)
    .pieces(&[ENDPOINT])
    .gives::<Listed<DeliveryAttempt>>("At most forty, latest first: one page."),
    Operation::post(
        "/api/v1/webhooks/endpoints/{endpoint}/deliveries/{delivery}/again",
        "repeatDelivery",
        "Send a message once more",
    )
    .about("It leaves with the next run of the timer, with the same id.")
    .for_(Who::Administrator)
    .pieces(&[ENDPOINT, Parameter::new::<DeliveryId>("delivery", "The message, as an attempt names it.")])
    .refuses(&[kinds::BAD_FIELD]),
];

/// Something that happens here and is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ToldEvent {
    /// A ticket was opened.
    #[serde(rename = "ticket.created")]
    TicketCreated,
    /// A reply has reached the marketplace. Named is the ticket in which its conversation is worked on.
    #[serde(rename = "ticket.replied")]
    TicketReplied,
}

/// An endpoint's secret, but for itself.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EndpointSecret {
    /// When it was made.
    pub set_at: Moment,
    /// Its last four characters.
    pub ends_in: Option<String>,
}

/// An endpoint.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookEndpoint {
    /// Its id.
    pub id: WebhookId,
    /// Where to.
    pub address: String,
    /// Of what it is told.
    pub events: Vec<ToldEvent>,
    /// Whether it is told.
    pub active: bool,
    /// When it answered that nothing is wanted there any more.
    pub gone_at: Option<Moment>,
    /// Its secret.
    pub secret: EndpointSecret,
    /// How many messages wait to be sent to it.
    pub waiting: usize,
}

/// An endpoint to be added or changed.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookEndpointIn {
    /// Where to: `https://...`, not into a private network.
    pub address: String,
    /// Of what it is told: `ticket.created`, `ticket.replied`.
    pub events: Vec<String>,
    /// Whether it is told; absent: it is.
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

/// An endpoint that was added.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddedEndpoint {
    /// Its id.
    pub id: WebhookId,
    /// Its secret: `whsec_...`.
    pub secret: String,
}

/// A new secret.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RenewedSecret {
    /// The secret: `whsec_...`.
    pub secret: String,
}

/// A test message that is on its way.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TestDelivery {
    /// The message.
    pub delivery: DeliveryId,
}

/// An attempt to tell an endpoint of something.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeliveryAttempt {
    /// When it began.
    pub at: Moment,
    /// The message. One of the type `ticket.answer` is sent again from its ticket only.
    pub delivery: DeliveryId,
    /// The event's type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// Which attempt, counted from 1.
    pub attempt: u32,
    /// Whether it was taken.
    pub taken: bool,
    /// The status, or why there was none.
    pub answer: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}
