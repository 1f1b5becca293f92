//! Connections to marketplaces, for administrators.

use crate::Moment;
use crate::operation::{Operation, Parameter, Who};
use crate::page::Listed;
use crate::problem::kinds;
use mostek_domain::{CategoryId, ConnectionId, FieldId, QueueId};
use serde::{Deserialize, Serialize};

const CONNECTION: Parameter = Parameter::new::<ConnectionId>("connection", "The connection.");

/// The operations.
pub static OPERATIONS: &[Operation] = &[
    Operation::get("/api/v1/marketplaces", "listConnections", "List connections")
        .for_(Who::Administrator)
        .gives::<Listed<Connection>>("All connections of the company, by name: one page."),
    Operation::post("/api/v1/marketplaces/authenticate", "authenticateConnection", "Try a key, and keep it if it works")
        .about(
            "The first step of a new connection, and the way to give one a new key. A key that does not work is not kept, \
             and `result` says what is wrong with it.",
        )
        .for_(Who::Administrator)
        .takes::<AccessIn>()
        .gives::<Tried>("What came of it.")
        .refuses(&[kinds::NOT_FOUND, kinds::CONFLICT]),
    Operation::get("/api/v1/marketplaces/{connection}", "getConnection", "Read a connection")
        .for_(Who::Administrator)
        .pieces(&[CONNECTION])
        .gives::<Connection>("The connection and what it is doing."),
    Operation::put("/api/v1/marketplaces/{connection}", "saveConnection", "Save what a connection does")
        .about("The second step of a new connection; with `start` it begins to poll.")
        .for_(Who::Administrator)
        .pieces(&[CONNECTION])
        .takes::<SaveConnection>()
        .refuses(&[kinds::CONFLICT]),
    Operation::delete("/api/v1/marketplaces/{connection}", "deleteConnection", "Delete a connection")
        .about("Its tickets stay; nothing can be sent to their customers any more.")
        .for_(Who::Administrator)
        .pieces(&[CONNECTION])
        .refuses(&[kinds::CONFLICT]),
    Operation::post("/api/v1/marketplaces/{connection}/start", "startConnection", "Start polling")
        .for_(Who::Administrator)
        .pieces(&[CONNECTION])
        .refuses(&[kinds::CONFLICT, kinds::BAD_FIELD]),
    Operation::post("/api/v1/marketplaces/{connection}/stop", "stopConnection", "Stop polling")
        .for_(Who::Administrator)
        .pieces(&[CONNECTION])
        .refuses(&[kinds::CONFLICT]),
    Operation::post("/api/v1/marketplaces/{connection}/poll", "pollConnection", "Poll now")
        .about("Whatever the interval; works for at most 20 seconds, the rest is the timer's.")
        .for_(Who::Administrator)
        .pieces(&[CONNECTION])
        .makes::<PollReport>("What was taken. What the marketplace did wrong is in `error`.")
        .refuses(&[kinds::CONFLICT, kinds::MARKETPLACE]),
];

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionState {
    /// Nothing.
    Stopped,
    /// It polls.
    Running,
    /// The marketplace refused the key: a new one is needed.
    NeedsAuthentication,
    /// The marketplace asked to wait.
    Throttled,
}

/// A connection.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// The kind of marketplace.
    pub kind: String,
    /// The marketplace's address.
    pub base: String,
    /// The shop's id at the marketplace; `null` if it is the key's own shop.
    pub shop_id: Option<u64>,
    /// The shop's name, as the marketplace said.
    pub shop_name: Option<String>,
    /// What an administrator set; `null` until the first save.
    pub setup: Option<ConnectionSetup>,
    /// What it is doing.
    pub state: ConnectionState,
    /// Until when the marketplace asked to wait.
    pub throttled_until: Option<Moment>,
    /// Why the marketplace refused the key, in its words.
    pub refused: Option<String>,
    /// Conversations with a message after this moment are taken.
    pub since: Option<Moment>,
    /// The key, without what is secret about it.
    pub key: KeyShown,
    /// When the key was last found to work.
    pub authenticated_at: Moment,
    /// The last poll that worked.
    pub last_success: Option<Moment>,
    /// The last poll that did not.
    pub last_error: Option<PollError>,
    /// How many messages were taken so far, about.
    pub taken: u64,
    /// When it polls next.
    pub due: Moment,
}

/// A key, without what is secret about it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeyShown {
    /// When it was given.
    pub set_at: Moment,
    /// Its last characters; `null` if it is too short to show any.
    pub ends_in: Option<String>,
}

/// A poll that did not work.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PollError {
    /// When.
    pub at: Moment,
    /// Why.
    pub why: String,
}

/// What an administrator set.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConnectionSetup {
    /// Internal name.
    pub name: String,
    /// Where its tickets go.
    pub queue: QueueId,
    /// Their category.
    pub category: Option<CategoryId>,
    /// The field of customers' records that holds the marketplace's customer id.
    pub field: Option<FieldId>,
    /// Seconds between polls.
    pub interval: u32,
    /// Whether a customer who is not in the CRM is added to it.
    pub add_customers: bool,
    /// The template of links to conversations.
    pub link: String,
    /// The `source` of its tickets; `null` if it is the kind.
    pub source: Option<String>,
}

/// What opens a marketplace, as typed or sent.
#[derive(Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessIn {
    /// The kind of marketplace: `EmpikPlace`.
    pub kind: String,
    /// The marketplace's address; without one the kind's own.
    #[serde(default)]
    pub base: String,
    /// The shop's id at the marketplace, a text or a number; without one the key's own shop.
    #[serde(default, deserialize_with = "text_or_number")]
    #[cfg_attr(feature = "schema", schemars(with = "TextOrNumber"))]
    pub shop_id: String,
    /// The API key.
    #[serde(default)]
    pub key: String,
    /// The connection that gets a new key; absent for a new one.
    #[serde(default)]
    pub connection: Option<String>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(untagged)]
enum TextOrNumber {
    Text(String),
    Number(u64),
    None(()),
}

/// Programs send a shop id as a number, a text, or `null`.
fn text_or_number<'de, D: serde::Deserializer<'de>>(d: D) -> Result<String, D::Error> {
    Ok(match TextOrNumber::deserialize(d)? {
        TextOrNumber::Text(t) => t,
        TextOrNumber::Number(n) => n.to_string(),
        TextOrNumber::None(()) => String::new(),
    })
}

/// What came of trying a key.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tried {
    /// For programs.
    pub result: TriedResult,
    /// For people, in their language.
    pub sentence: String,
    /// The shop that the key opens.
    pub shop: Option<Shop>,
    /// The connection that has the key now; `null` if it is not kept.
    pub id: Option<ConnectionId>,
}

/// What came of trying a key.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TriedResult {
    /// The key opens the shop; it is kept.
    ConnectionWorks,
    /// The key works, but for another shop.
    ConnectionOtherShop,
    /// The marketplace does not know the key.
    ConnectionWrongKey,
    /// The key lacks a right.
    ConnectionNoRight,
    /// The address did not answer, or not like a marketplace.
    ConnectionUnreachable,
    /// Busy or out of order: try again later.
    ConnectionLater,
    /// Refused for another reason.
    ConnectionRefused,
}

/// A shop on a marketplace.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Shop {
    /// The marketplace's id of it.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Whether it may sell: `open`, `closed`, `suspended`, `terminated`, `other`.
    pub state: Option<String>,
}

/// What an administrator sets, as typed or sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SetupIn {
    /// Internal name.
    pub name: String,
    /// Where its tickets go.
    pub queue: String,
    /// Their category.
    #[serde(default)]
    pub category: Option<String>,
    /// The field of customers' records that holds the marketplace's customer id.
    #[serde(default)]
    pub field: Option<String>,
    /// Seconds between polls; without it the shortest.
    #[serde(default)]
    pub interval: Option<u32>,
    /// Whether a customer who is not in the CRM is added to it.
    #[serde(default)]
    pub add_customers: bool,
    /// The template of links to conversations; without it the marketplace's usual one.
    #[serde(default)]
    pub link: Option<String>,
    /// The `source` of its tickets: to tell instances of one kind apart; without it the kind.
    #[serde(default)]
    pub source: Option<String>,
}

/// What an administrator sets, and whether to start.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SaveConnection {
    /// What is set.
    #[serde(flatten)]
    pub setup: SetupIn,
    /// Whether to start polling.
    #[serde(default)]
    pub start: bool,
    /// With `start`: conversations with a message after this moment are taken; without it, after now. RFC 3339.
    #[serde(default)]
    pub since: Option<String>,
}

/// What a poll did.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PollReport {
    /// The connection.
    pub connection: ConnectionId,
    /// Requests for pages.
    pub pages: u64,
    /// Messages that were new.
    pub messages: u64,
    /// Tickets that were opened.
    pub tickets: u64,
    /// True if there is more and time was up.
    pub unfinished: bool,
    /// Why it stopped; `null` if nothing was wrong.
    pub error: Option<String>,
}
