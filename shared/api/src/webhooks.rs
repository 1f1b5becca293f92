//! Sources: shops whose events come by webhook, what their events mean, and those that could not be understood.

use crate::Moment;
use crate::operation::{Operation, Parameter, Who};
use crate::page::{AFTER, LIMIT, Listed};
use crate::problem::kinds;
use mostek_domain::{CategoryId, ConnectionId, FieldId, QueueId, WebhookId};
use serde::{Deserialize, Serialize};

const SOURCE: Parameter = Parameter::new::<ConnectionId>("source", "The source.");
const LETTER: Parameter = Parameter::new::<String>("letter", "The event that could not be understood.");

/// The operations.
pub static OPERATIONS: &[Operation] = &[
    Operation::get("/api/v1/webhooks", "listWebhookSources", "List sources")
        .for_(Who::Administrator)
        .query(&[AFTER, LIMIT])
        .gives::<Listed<WebhookSource>>("The company's sources, by name."),
    Operation::post("/api/v1/webhooks", "addWebhookSource", "Add a source")
        .about("It is on at once.")
        .for_(Who::Administrator)
        .takes::<WebhookSourceIn>()
        .makes::<AddedSource>("Added.")
        .located()
        .refuses(&[kinds::CONFLICT]),
    Operation::get("/api/v1/webhooks/schemes", "listWebhookSchemes", "List the schemes of signatures")
        .for_(Who::Administrator)
        .gives::<Listed<SchemePreset>>("All of them: one page."),
    Operation::get("/api/v1/webhooks/{source}", "getWebhookSource", "Read a source")
        .for_(Who::Administrator)
        .pieces(&[SOURCE])
        .gives::<WebhookSource>("The source: what can be sent back to change it."),
    Operation::put("/api/v1/webhooks/{source}", "changeWebhookSource", "Change a source")
        .about("Its scheme and its secrets stay; so does its mapping when none is sent.")
        .for_(Who::Administrator)
        .pieces(&[SOURCE])
        .takes::<WebhookSourceIn>()
        .refuses(&[kinds::CONFLICT]),
    Operation::delete("/api/v1/webhooks/{source}", "deleteWebhookSource", "Delete a source")
        .about("Its tickets stay.")
        .for_(Who::Administrator)
        .pieces(&[SOURCE]),
    Operation::post("/api/v1/webhooks/{source}/on", "switchWebhookSourceOn", "Switch a source on")
        .for_(Who::Administrator)
        .pieces(&[SOURCE]),
    Operation::post("/api/v1/webhooks/{source}/off", "switchWebhookSourceOff", "Switch a source off")
        .about("Its requests are answered with 503, so that the shop sends them again later.")
        .for_(Who::Administrator)
        .pieces(&[SOURCE]),
    Operation::post("/api/v1/webhooks/{source}/secrets", "addWebhookSecret", "Add a secret to a source")
        .about("Those that are there work on: the shop can change over at any moment.")
        .for_(Who::Administrator)
        .pieces(&[SOURCE])
        .takes::<NewWebhookSecret>()
        .makes::<AddedWebhookSecret>("Added.")
        .refuses(&[kinds::CONFLICT]),
    Operation::delete(
        "/api/v1/webhooks/{source}/secrets/{secret}",
        "removeWebhookSecret",
        "Give a secret up",
    )
    .about("The last one stays.")
    .for_(Who::Administrator)
    .pieces(&[SOURCE, Parameter::new::<String>("secret", "The secret, by its `id`.")])
    .refuses(&[kinds::BAD_FIELD]),
    Operation::post("/api/v1/webhooks/{source}/try", "tryWebhookEvent", "Ask what would become of an event")
        .about("Nothing is done.")
        .for_(Who::Administrator)
        .pieces(&[SOURCE])
        .takes::<TryEvent>()
        .gives::<TriedEvent>("What was read, and what would come of it."),
    Operation::get(
        "/api/v1/webhooks/{source}/letters",
        "listWebhookLetters",
        "List events that wait for a person",
    )
    .for_(Who::Administrator)
    .pieces(&[SOURCE])
    .query(&[AFTER, LIMIT])
    .gives::<Listed<WebhookLetter>>("Those that could not be understood, latest first."),
    Operation::get("/api/v1/webhooks/{source}/letters/{letter}", "getWebhookLetter", "Read such an event")
        .for_(Who::Administrator)
        .pieces(&[SOURCE, LETTER])
        .gives::<OpenedLetter>("The event as it came."),
    Operation::delete(
        "/api/v1/webhooks/{source}/letters/{letter}",
        "dropWebhookLetter",
        "Give such an event up",
    )
    .for_(Who::Administrator)
    .pieces(&[SOURCE, LETTER]),
    Operation::post(
        "/api/v1/webhooks/{source}/letters/{letter}/process",
        "processWebhookLetter",
        "Take such an event once more",
    )
    .about("With the mapping as it is now. 409 if it still cannot be understood: it waits on.")
    .for_(Who::Administrator)
    .pieces(&[SOURCE, LETTER])
    .gives::<ProcessedLetter>("What became of it.")
    .refuses(&[kinds::CONFLICT]),
];

/// How requests are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WebhookScheme {
    /// Standard Webhooks 1.0.
    Standard,
    /// The same under the names `svix-...`.
    Svix,
    /// Shopify.
    Shopify,
    /// `WooCommerce`.
    WooCommerce,
    /// Stripe and its likes.
    Stripe,
    /// Zendesk and its likes.
    Zendesk,
    /// Chatwoot and its likes.
    Chatwoot,
    /// `GitHub` and its likes.
    GitHub,
    /// Zammad.
    Zammad,
}

/// What becomes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Becomes {
    /// A message of the customer: opens a ticket or joins one.
    Message,
    /// An entry in the customer's time line about an order.
    Order,
    /// One about a review.
    Review,
    /// One about a note.
    Note,
    /// One about something else.
    Other,
    /// Nothing.
    Ignored,
}

/// Where things stand in a body: JSON pointers, ` + ` to put several together, ` | ` for the first that is there. What is
/// absent is not looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Places {
    /// The event's type; absent: the scheme's header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    /// The event's id; absent: the scheme's header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// When it happened; absent: when it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The customer's id at the shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// The customer's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// The customer's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<String>,
    /// The text of a message, or the detail of an entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The subject of a ticket, or the title of an entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The order it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// What messages of one conversation have in common; absent: every message is a ticket of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// The page at the shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// What becomes of some types of events.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MappingRule {
    /// The types: one (`order.created`) or all that begin alike (`order.*`).
    pub events: String,
    /// What becomes of them.
    pub becomes: Becomes,
}

/// What becomes of some types of events.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MappingRuleIn {
    /// The types: one (`order.created`) or all that begin alike (`order.*`).
    pub events: String,
    /// What becomes of them: `message`, `order`, `review`, `note`, `other` or `ignored`.
    pub becomes: String,
}

/// What a source's events mean.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mapping {
    /// Where things stand.
    pub places: Places,
    /// What becomes of which types; the first that fits counts.
    pub rules: Vec<MappingRule>,
    /// What becomes of all other types.
    pub otherwise: Becomes,
}

/// What a source's events are to mean.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MappingIn {
    /// Where things stand.
    #[serde(default)]
    pub places: Places,
    /// What becomes of which types; the first that fits counts.
    #[serde(default)]
    pub rules: Vec<MappingRuleIn>,
    /// What becomes of all other types; absent: `ignored`.
    #[serde(default)]
    pub otherwise: Option<String>,
}

/// A scheme, and the mapping that its sources begin with.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SchemePreset {
    /// The scheme.
    pub scheme: WebhookScheme,
    /// The name people know it by.
    pub name: String,
    /// The mapping.
    pub mapping: Mapping,
}

/// A secret, but for itself.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SourceSecret {
    /// Its id within the source.
    pub id: String,
    /// When it was set.
    pub set_at: Moment,
    /// Its last four characters; `null` for a short one.
    pub ends_in: Option<String>,
}

/// Whether a source's requests are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum SourceState {
    /// They are.
    On,
    /// They are not.
    Off,
}

/// An event that was taken.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TakenEvent {
    /// When.
    pub at: Moment,
    /// Its type; empty if nothing says it.
    #[serde(rename = "type")]
    pub event_type: String,
}

/// A source.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookSource {
    /// Its id.
    pub id: ConnectionId,
    /// Where the shop sends to, relative to the hub's address.
    pub path: String,
    /// What it is called; also the source that its tickets show.
    pub name: String,
    /// How its requests are signed.
    pub scheme: WebhookScheme,
    /// Where its tickets go.
    pub queue: QueueId,
    /// Their category.
    pub category: Option<CategoryId>,
    /// The field of the CRM that holds the customer's id at the shop.
    pub field: Option<FieldId>,
    /// Whether a customer who is not in the CRM is added to it.
    pub add_customers: bool,
    /// The address that takes answers to its tickets.
    pub answers: Option<WebhookId>,
    /// What its events mean.
    pub mapping: Mapping,
    /// Its secrets, oldest first.
    pub secrets: Vec<SourceSecret>,
    /// Whether its requests are taken.
    pub state: SourceState,
    /// When it was added.
    pub added_at: Moment,
    /// What was last taken.
    pub last_taken: Option<TakenEvent>,
    /// How many events were taken, about.
    pub taken: u64,
    /// How many events could not be understood and wait for a person.
    pub letters: usize,
}

/// A source to be added or changed.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookSourceIn {
    /// What it is called: 1 to 80 characters.
    pub name: String,
    /// How its requests are signed, as `GET /api/v1/webhooks/schemes` names it. Needed for a new one.
    #[serde(default)]
    pub scheme: String,
    /// The shop's secret. Needed for a new one.
    #[serde(default)]
    pub secret: String,
    /// The id of the queue its tickets go to; `new` makes one.
    pub queue: String,
    /// The id of their category.
    #[serde(default)]
    pub category: Option<String>,
    /// The id of the field of the CRM that holds the customer's id at the shop; `new` makes one.
    #[serde(default)]
    pub field: Option<String>,
    /// Whether a customer who is not in the CRM is added to it.
    #[serde(default)]
    pub add_customers: bool,
    /// The id of the address that takes answers to its tickets; they cannot be answered without one.
    #[serde(default)]
    pub answers: Option<String>,
    /// What its events mean. Absent: the scheme's preset for a new source, what is set for one that is there.
    #[serde(default)]
    pub mapping: Option<MappingIn>,
}

/// A source that was added.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddedSource {
    /// Its id.
    pub id: ConnectionId,
    /// Where the shop sends to, relative to the hub's address.
    pub path: String,
}

/// A secret to be added.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewWebhookSecret {
    /// The secret, as the shop shows it.
    pub secret: String,
}

/// A secret that was added.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddedWebhookSecret {
    /// Its id within the source.
    pub id: String,
}

/// An event to be tried.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TryEvent {
    /// The body that the shop would send, as a text or as JSON.
    pub body: serde_json::Value,
    /// The type that the scheme's header would give.
    #[serde(default)]
    pub event_type: Option<String>,
    /// A mapping to try instead of the one that is set.
    #[serde(default)]
    pub mapping: Option<MappingIn>,
}

/// Why an event cannot be understood.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Unreadable {
    /// The body is no JSON.
    NotJson {
        /// The line where it stops being any.
        line: usize,
        /// Which character of the line.
        column: usize,
    },
    /// Neither header nor body says its type.
    NoType,
    /// It is to become a message and has no text.
    NoText,
    /// It is to become an entry in a time line, and of whom cannot be told: the mapping names no place for the customer's id,
    /// or it is longer than one may be.
    NoCustomer,
}

/// An event as it was understood.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MappedEvent {
    /// What becomes of it.
    pub becomes: Becomes,
    /// Its type; empty if nothing says it.
    #[serde(rename = "type")]
    pub event_type: String,
    /// Its id, if the body says it.
    pub id: Option<String>,
    /// When it happened.
    pub at: Option<Moment>,
    /// The customer's id at the shop.
    pub customer_id: Option<String>,
    /// The customer's name.
    pub customer_name: Option<String>,
    /// The customer's e-mail address.
    pub customer_email: Option<String>,
    /// Text or detail.
    pub text: Option<String>,
    /// Subject or title.
    pub subject: Option<String>,
    /// The order.
    pub order: Option<String>,
    /// What messages of one conversation have in common.
    pub conversation: Option<String>,
    /// The page at the shop.
    pub link: Option<String>,
}

/// The record of the customer whom an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum EventCustomer {
    /// It is there.
    Found,
    /// It would be added.
    Added,
    /// The event names nobody, or they are not there and would not be added: nothing would be kept.
    Outside,
}

/// What would come of an event.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum EventEffect {
    /// Nothing.
    Nothing,
    /// A message.
    Message {
        /// Whether it joins a ticket that is there already.
        joins: bool,
    },
    /// An entry in the customer's time line.
    Entry {
        /// Its title.
        title: String,
        /// The customer's record.
        customer: EventCustomer,
    },
}

/// What was read of an event, and what would come of it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TriedEvent {
    /// Whether it was understood.
    pub understood: bool,
    /// Why it was not.
    pub reason: Option<Unreadable>,
    /// The same for people, in their language.
    pub sentence: Option<String>,
    /// What was read.
    pub event: Option<MappedEvent>,
    /// What would come of it.
    pub effect: Option<EventEffect>,
}

/// An event that could not be understood.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookLetter {
    /// Its id.
    pub id: String,
    /// When it came.
    pub at: Moment,
    /// Why it could not be understood.
    pub reason: Unreadable,
    /// Its type, if a header says it.
    #[serde(rename = "type")]
    pub event_type: Option<String>,
    /// Bytes of its body.
    pub bytes: u64,
}

/// Such an event with its body.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenedLetter {
    /// The event.
    #[serde(flatten)]
    pub letter: WebhookLetter,
    /// Its body. What was no UTF-8 is replaced.
    pub body: String,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum EventOutcome {
    /// It had its effect.
    Taken,
    /// It had had it before.
    Repeated,
    /// The mapping says that nothing becomes of it.
    Ignored,
    /// It is about nobody, or about a customer who is not in the CRM, and the source adds none.
    Outside,
    /// It cannot be understood and waits for a person.
    Kept,
    /// It is the sender's way of saying hello.
    Greeting,
}

/// An event that was taken once more.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProcessedLetter {
    /// What became of it.
    pub result: EventOutcome,
}
