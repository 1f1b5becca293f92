//! Tickets: the list, one with its conversation, and what is done to it.

use crate::Moment;
use crate::customers::Customer;
use crate::operation::{Operation, Parameter, Who};
use crate::orders::KnownOrder;
use crate::page::{AFTER, LIMIT, Listed};
use crate::problem::kinds;
use mostek_domain::marketplace::ReplyTo;
use mostek_domain::ticket::Priority;
use mostek_domain::{
    AutomationId, Capability, CategoryId, ConnectionId, CustomerId, EmployeeId, MessageId, QueueId, ReplyId,
    StatusKind, SubStatusId, TagId, TicketId, TicketNumber, ViewId,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const WORK: Who = Who::With(Capability::Helpdesk);
const TICKET: Parameter = Parameter::new::<String>("ticket", "The ticket, by its id or its number: `17`.");
const REPLY: Parameter = Parameter::new::<ReplyId>("reply", "The reply.");
const SLOT: Parameter = Parameter::new::<u64>("slot", "The `slot` of the message that the file belongs to.");

/// The operations.
pub static OPERATIONS: &[Operation] = &[
    Operation::get("/api/v1/tickets", "listTickets", "List tickets")
        .about("Filters that are left out or empty filter nothing.")
        .for_(WORK)
        .query(&[
            Parameter::new::<ListedStatus>("status", "Tickets of this status, or of these.").repeated(),
            Parameter::new::<String>("source", "Tickets of this source: `EmpikPlace`."),
            Parameter::new::<QueueId>("queue", "Tickets of this queue."),
            Parameter::new::<CategoryId>("category", "Tickets of this category."),
            Parameter::new::<String>("assignee", "Whose tickets: an employee's id, `me`, or `nobody`."),
            Parameter::new::<String>(
                "needs_decision",
                "Only tickets with a reply that `failed`, or whose fate is not known (`uncertain`); `1`: with either.",
            ),
            Parameter::new::<TicketPriority>("priority", "Tickets of this priority."),
            Parameter::new::<TagId>("tag", "Tickets with this tag."),
            Parameter::new::<SubStatusId>("sub_status", "Tickets in this part of a status."),
            Parameter::new::<String>(
                "due",
                "`overdue`: tickets to be answered before now; `soon`: within four hours.",
            ),
            AFTER,
            LIMIT,
        ])
        .gives::<TicketList>("Tickets, latest activity first."),
    Operation::get("/api/v1/tickets/search", "searchTickets", "Find tickets")
        .about(
            "By number, order, customer, or words of subjects and messages, which are found within two minutes. \
             What was said in a conversation leads to the ticket in which it is worked on.",
        )
        .for_(WORK)
        .query(&[Parameter::new::<String>("q", "What to look for; all words have to fit."), AFTER])
        .gives::<TicketsFound>("Tickets, the one with the number first, then the newest: a page of 25."),
    Operation::get("/api/v1/tickets/{ticket}", "getTicket", "Read a ticket")
        .about("With the last fifty lines of its conversation; `older` says how to read those before them.")
        .for_(WORK)
        .pieces(&[TICKET])
        .query(&[Parameter::new::<u64>("before", "`older.before` of the page behind this one.")])
        .gives::<Ticket>("The ticket."),
    Operation::get(
        "/api/v1/tickets/{ticket}/version",
        "getTicketVersion",
        "Ask whether a ticket has changed",
    )
    .for_(WORK)
    .pieces(&[TICKET])
    .gives::<Version>("A number that is another one as soon as anything of the ticket is."),
    Operation::get(
        "/api/v1/tickets/{ticket}/files/{slot}/{file}",
        "getMessageFile",
        "Fetch a file of a message",
    )
    .about("Fetched from the marketplace.")
    .for_(WORK)
    .pieces(&[TICKET, SLOT, Parameter::new::<String>("file", "The marketplace's id of the file.")])
    .gives_file("The file.")
    .refuses(&[kinds::CONFLICT, kinds::MARKETPLACE]),
    Operation::get(
        "/api/v1/tickets/{ticket}/own-files/{slot}/{index}",
        "getReplyFile",
        "Fetch a file of a reply",
    )
    .for_(WORK)
    .pieces(&[TICKET, SLOT, Parameter::new::<u32>("index", "Which of the reply's files, from 0.")])
    .gives_file("The file."),
    Operation::post("/api/v1/tickets/{ticket}/replies", "addReply", "Answer")
        .about(
            "The reply leaves after `undo_seconds` and can be taken back until then. What becomes of it is \
             read where `Location` says. Sent again with the same key it is the same reply.",
        )
        .for_(WORK)
        .pieces(&[TICKET])
        .takes::<NewReply>()
        .or_files()
        .keyed()
        .makes::<AddedReply>("Written down; it leaves by itself.")
        .located()
        .refuses(&[kinds::CONFLICT]),
    Operation::get("/api/v1/tickets/{ticket}/replies/{reply}", "getReply", "Read what has become of a reply")
        .for_(WORK)
        .pieces(&[TICKET, REPLY])
        .gives::<Reply>("Where the reply is on its way."),
    Operation::post("/api/v1/tickets/{ticket}/replies/{reply}/undo", "undoReply", "Take a reply back")
        .for_(WORK)
        .pieces(&[TICKET, REPLY])
        .refuses(&[kinds::CONFLICT]),
    Operation::post(
        "/api/v1/tickets/{ticket}/replies/{reply}/decision",
        "decideReply",
        "Decide about a reply",
    )
    .about("About one that was refused, or of which nobody knows whether it was sent.")
    .for_(WORK)
    .pieces(&[TICKET, REPLY])
    .takes::<Decide>()
    .refuses(&[kinds::CONFLICT]),
    Operation::post("/api/v1/tickets/{ticket}/comments", "addComment", "Comment")
        .about("A comment never leaves the hub. Sent again with the same key it is the same comment.")
        .for_(WORK)
        .pieces(&[TICKET])
        .takes::<NewComment>()
        .keyed()
        .makes::<AddedComment>("Written.")
        .located()
        .refuses(&[kinds::CONFLICT]),
    Operation::post("/api/v1/tickets/{ticket}/status", "setTicketStatus", "Set the status")
        .for_(WORK)
        .pieces(&[TICKET])
        .takes::<SetStatus>()
        .refuses(&[kinds::CONFLICT]),
    Operation::post("/api/v1/tickets/{ticket}/move", "moveTicket", "Move to a queue and category")
        .for_(WORK)
        .pieces(&[TICKET])
        .takes::<Move>()
        .refuses(&[kinds::CONFLICT]),
    Operation::post("/api/v1/tickets/{ticket}/assignee", "assignTicket", "Give to somebody, or to nobody")
        .for_(WORK)
        .pieces(&[TICKET])
        .takes::<Assign>()
        .refuses(&[kinds::CONFLICT]),
    Operation::post("/api/v1/tickets/{ticket}/order/refresh", "refreshOrder", "Read the order again")
        .for_(WORK)
        .pieces(&[TICKET])
        .gives::<KnownOrder>("The order as it is now.")
        .refuses(&[kinds::CONFLICT, kinds::MARKETPLACE]),
    Operation::post("/api/v1/tickets/{ticket}/priority", "setTicketPriority", "Say how urgent a ticket is")
        .for_(WORK)
        .pieces(&[TICKET])
        .takes::<SetPriority>(),
    Operation::post("/api/v1/tickets/{ticket}/tags", "tagTicket", "Put tags on a ticket, take others off")
        .for_(WORK)
        .pieces(&[TICKET])
        .takes::<SetTags>()
        .refuses(&[kinds::CONFLICT]),
    Operation::post(
        "/api/v1/tickets/{ticket}/sub-status",
        "setTicketSubStatus",
        "Set the part of its status",
    )
    .for_(WORK)
    .pieces(&[TICKET])
    .takes::<SetSubStatus>(),
    Operation::post("/api/v1/tickets/{ticket}/customer", "linkTicketCustomer", "Link the customer's record")
        .about("For a ticket outside the CRM: the record that has the marketplace's customer id by now, `customer.known`.")
        .for_(WORK)
        .pieces(&[TICKET])
        .refuses(&[kinds::CONFLICT]),
    Operation::post("/api/v1/tickets/{ticket}/merge", "mergeTicket", "Merge into another ticket")
        .about("Its conversation is worked on in the other one from then on. Can be undone with `part`.")
        .for_(WORK)
        .pieces(&[TICKET])
        .takes::<Merge>()
        .refuses(&[kinds::CONFLICT]),
    Operation::post("/api/v1/tickets/{ticket}/part", "partTicket", "Undo a merging")
        .for_(WORK)
        .pieces(&[TICKET])
        .refuses(&[kinds::CONFLICT]),
    Operation::get(
        "/api/v1/tickets/{ticket}/presence",
        "getTicketPresence",
        "Ask who else has a ticket open",
    )
    .for_(WORK)
    .pieces(&[TICKET])
    .gives::<Listed<Present>>("Everybody else who has it open."),
    Operation::post(
        "/api/v1/tickets/{ticket}/presence",
        "sayTicketPresence",
        "Say that one has a ticket open",
    )
    .about("Lasts 45 seconds; say it again before.")
    .for_(WORK)
    .pieces(&[TICKET])
    .takes::<SayPresence>()
    .gives::<Listed<Present>>("Everybody else who has it open."),
    Operation::get("/api/v1/tickets/views", "listTicketViews", "List the saved views of the list")
        .for_(WORK)
        .gives::<Listed<TicketView>>("Those of the company, then one's own."),
    Operation::post("/api/v1/tickets/views", "saveTicketView", "Save a view of the list")
        .about("For oneself, or, as an administrator, for everybody.")
        .for_(WORK)
        .takes::<NewTicketView>()
        .makes::<AddedTicketView>("Saved.")
        .refuses(&[kinds::CONFLICT, kinds::FORBIDDEN]),
    Operation::delete("/api/v1/tickets/views/{view}", "removeTicketView", "Remove a view")
        .about("One's own, or, as an administrator, one of the company.")
        .for_(WORK)
        .pieces(&[Parameter::new::<ViewId>("view", "The view.")]),
];

/// How urgent a ticket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum TicketPriority {
    /// Can wait.
    Low,
    /// As usual.
    Normal,
    /// Before others.
    High,
    /// Now.
    Urgent,
}

impl From<Priority> for TicketPriority {
    fn from(priority: Priority) -> Self {
        match priority {
            Priority::Low => Self::Low,
            Priority::Normal => Self::Normal,
            Priority::High => Self::High,
            Priority::Urgent => Self::Urgent,
        }
    }
}

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TicketStatus {
    /// The customer or the marketplace wrote last.
    New,
    /// Somebody works on it.
    InProgress,
    /// We wrote last.
    WaitingForCustomer,
    /// Put aside until a moment.
    Snoozed,
    /// Became part of another ticket.
    Merged,
    /// Done.
    Closed,
}

impl From<StatusKind> for TicketStatus {
    fn from(kind: StatusKind) -> Self {
        match kind {
            StatusKind::New => Self::New,
            StatusKind::InProgress => Self::InProgress,
            StatusKind::WaitingForCustomer => Self::WaitingForCustomer,
            StatusKind::Snoozed => Self::Snoozed,
            StatusKind::Merged => Self::Merged,
            StatusKind::Closed => Self::Closed,
        }
    }
}

/// By what status tickets are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ListedStatus {
    /// Any of those below but `merged` and `closed`.
    Open,
    /// As a ticket's.
    New,
    /// As a ticket's.
    InProgress,
    /// As a ticket's.
    WaitingForCustomer,
    /// As a ticket's.
    Snoozed,
    /// As a ticket's.
    Merged,
    /// As a ticket's.
    Closed,
}

/// A page of the list of tickets.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketList {
    /// The tickets.
    pub data: Vec<TicketRow>,
    /// The cursor of the next page, for `after`; `null` on the last one.
    pub next: Option<String>,
    /// How many tickets there are on all pages.
    pub total: u64,
    /// A word that is another one as soon as the first page is. To be compared between answers with the same filters and,
    /// with a filter on deadlines, the same `limit`.
    pub version: String,
}

/// Tickets that were found.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketsFound {
    /// The tickets.
    pub data: Vec<TicketRow>,
    /// The cursor of the next page, for `after`; `null` on the last one.
    pub next: Option<String>,
    /// The ticket with the number that was asked for; `data` has it too.
    pub exact: Option<TicketId>,
    /// Not all words that begin like the last one were looked for: more letters would help.
    pub too_general: bool,
    /// Changes of tickets that are not in the index yet.
    pub behind: u64,
}

/// A ticket in a list.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketRow {
    /// Its id.
    pub id: TicketId,
    /// Its number.
    pub number: TicketNumber,
    /// Subject.
    pub subject: String,
    /// Where it comes from: `EmpikPlace`.
    pub source: String,
    /// Who wrote.
    pub customer: RowCustomer,
    /// Queue.
    pub queue: QueueId,
    /// Category.
    pub category: Option<CategoryId>,
    /// Status.
    pub status: TicketStatus,
    /// When the last message came or went.
    pub last_activity: Moment,
    /// Since when the customer waits for an answer.
    pub waiting_since: Option<Moment>,
    /// The beginning of the last message.
    pub snippet: String,
    /// Whether a reply failed, or its fate is not known.
    pub needs_decision: bool,
    /// Who has it.
    pub assignee: Option<EmployeeId>,
    /// Until when it is put aside.
    pub snoozed_until: Option<Moment>,
    /// Until when the customer who waits is to be answered.
    pub due: Option<Moment>,
    /// How urgent it is.
    pub priority: TicketPriority,
    /// The part of its status that it is in.
    pub sub_status: Option<SubStatusId>,
    /// Its tags.
    pub tags: Vec<TagId>,
}

/// The customer of a ticket in a list.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RowCustomer {
    /// Their name.
    pub name: String,
    /// The marketplace's customer id.
    pub remote_id: Option<String>,
    /// Their record.
    pub record: Option<CustomerId>,
}

/// A ticket.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// Its number.
    pub number: Option<TicketNumber>,
    /// A number that is another one as soon as anything of the ticket is.
    pub version: u64,
    /// Subject.
    pub subject: Option<String>,
    /// Where it comes from: `EmpikPlace`.
    pub source: Option<String>,
    /// The marketplace's id of the conversation.
    pub thread: Option<String>,
    /// Status.
    pub status: TicketStatus,
    /// Until when it is put aside.
    pub snoozed_until: Option<Moment>,
    /// Who has it.
    pub assignee: Option<EmployeeId>,
    /// How urgent it is.
    pub priority: TicketPriority,
    /// The part of its status that it is in.
    pub sub_status: Option<SubStatusId>,
    /// Its tags.
    pub tags: Vec<TagId>,
    /// The number of the ticket that it follows: the same conversation went on when that had been closed for too long.
    pub follows: Option<TicketNumber>,
    /// The number of the ticket in which its conversation is worked on instead.
    pub continued_in: Option<TicketNumber>,
    /// Tickets whose conversations are worked on here.
    pub merged: Vec<MergedTicket>,
    /// Queue.
    pub queue: Option<QueueId>,
    /// Category.
    pub category: Option<CategoryId>,
    /// When the last message came or went.
    pub last_activity: Moment,
    /// Since when the customer waits for an answer.
    pub waiting_since: Option<Moment>,
    /// Until when they are to be answered.
    pub due: Option<Moment>,
    /// Whether a reply failed, or its fate is not known.
    pub needs_decision: bool,
    /// Whom a reply goes to if it does not say.
    pub default_reply_to: ReplyTo,
    /// The customer.
    pub customer: TicketCustomer,
    /// The marketplace's id of the order that it is about.
    pub order_id: Option<String>,
    /// That order as last read.
    pub order: Option<KnownOrder>,
    /// The connection it came by, unless that was deleted.
    pub connection: Option<TicketConnection>,
    /// The conversation's page at the marketplace or the shop.
    pub link: Option<String>,
    /// How much is attached, and may be.
    pub attachments: Attachments,
    /// The conversation's page, oldest first.
    pub messages: Vec<Line>,
    /// What is before this page.
    pub older: Option<Older>,
}

/// A ticket whose conversation is worked on in another.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MergedTicket {
    /// Its id.
    pub id: TicketId,
    /// Its number.
    pub number: TicketNumber,
    /// Subject.
    pub subject: String,
}

/// The customer of a ticket.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketCustomer {
    /// Their name in the conversation.
    pub name: Option<String>,
    /// The marketplace's customer id.
    pub remote_id: Option<String>,
    /// Whether there is no record of them.
    pub outside_crm: bool,
    /// A record that has their id by now, though the ticket has none: it can be linked.
    pub known: Option<CustomerId>,
    /// Their record.
    pub record: Option<Customer>,
}

/// The connection of a ticket.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketConnection {
    /// Its id.
    pub id: ConnectionId,
    /// The kind of marketplace.
    pub kind: String,
    /// Its internal name.
    pub name: Option<String>,
    /// The shop's name.
    pub shop_name: Option<String>,
}

/// How much is attached to a conversation, and may be, in bytes.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attachments {
    /// Attached already, replies on their way included.
    pub used_bytes: u64,
    /// What may still be attached.
    pub left_bytes: u64,
    /// What may be attached in all.
    pub limit_bytes: u64,
}

/// Lines before a page.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Older {
    /// How many.
    pub count: u64,
    /// The cursor to ask for them with.
    pub before: u64,
}

/// A line of a conversation.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Line {
    /// When.
    pub at: Moment,
    /// The entry of the ticket's journal that holds it; several messages may share one.
    pub slot: u64,
    /// The ticket that holds it, if it is one of a conversation of another that is worked on here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketId>,
    /// Whether it is older than the connection's moment of switching on, or than the ticket that follows another.
    pub history: bool,
    /// What it says.
    #[serde(flatten)]
    pub content: Content,
}

/// What a line says.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Content {
    /// Somebody wrote at the marketplace.
    Message {
        /// The marketplace's id.
        remote_id: String,
        /// Who wrote.
        author: Author,
        /// The name shown.
        name: String,
        /// The text.
        text: String,
        /// How many characters of a very long text were not taken in; they are where the message came from.
        left_out: u64,
        /// Files.
        files: Vec<File>,
    },
    /// A reply written here.
    Reply {
        /// Us.
        author: Author,
        /// Who wrote it.
        name: String,
        /// The text as it is sent.
        text: String,
        /// Where it is on its way.
        reply: Reply,
        /// Files.
        files: Vec<File>,
    },
    /// A comment, which never leaves the hub.
    Comment {
        /// Internal.
        author: Author,
        /// Who wrote it.
        name: String,
        /// The text.
        text: String,
    },
    /// Something was done to the ticket.
    Event {
        /// What.
        event: Event,
        /// Who did it.
        actor: Actor,
    },
    /// The line cannot be read; it is not hidden.
    Missing,
}

/// Who wrote a line.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Author {
    /// The buyer.
    Customer,
    /// Us, at the marketplace's own panel.
    Shop,
    /// The marketplace.
    Operator,
    /// Somebody of a kind that the hub does not know.
    Unknown,
    /// Us, here.
    Us,
    /// Us, for ourselves.
    Internal,
}

/// Something that was done to a ticket.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Event {
    /// The status was set.
    Status {
        /// The new one.
        status: TicketStatus,
        /// Until when it is put aside.
        #[serde(skip_serializing_if = "Option::is_none")]
        until: Option<Moment>,
    },
    /// It was given to somebody, or to nobody.
    Assigned {
        /// Who.
        employee: Option<EmployeeId>,
    },
    /// A record became its customer.
    Linked {
        /// Which.
        record: CustomerId,
    },
    /// It was moved.
    Moved {
        /// The queue.
        queue: QueueId,
        /// The category.
        category: Option<CategoryId>,
    },
    /// Its priority was set.
    Priority {
        /// The new one.
        priority: TicketPriority,
    },
    /// The part of its status was set.
    SubStatus {
        /// The new one.
        sub_status: Option<SubStatusId>,
    },
    /// Tags were put on it or taken off.
    Tagged {
        /// Put on.
        added: Vec<TagId>,
        /// Taken off.
        removed: Vec<TagId>,
    },
    /// Its conversation is worked on in another ticket from here on, or in this one again.
    Continues {
        /// That ticket.
        ticket: Option<TicketId>,
    },
    /// An automation acted; what it did stands beside it. With `unsaid` it did nothing.
    Automated {
        /// The automation.
        automation: AutomationId,
        /// Its name then.
        name: String,
        /// Why its answer could not be written, so that it did nothing.
        #[serde(skip_serializing_if = "Option::is_none")]
        unsaid: Option<Unsaid>,
    },
    /// Another ticket's conversation is not worked on here any more.
    Released {
        /// That ticket.
        ticket: TicketId,
    },
    /// Anything else.
    Other,
}

/// Why a template could not be sent.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Unsaid {
    /// Nothing can be sent to where the ticket came from.
    NoWay,
    /// It has names in braces that are no variables.
    Unknown {
        /// Those.
        names: Vec<String>,
    },
    /// It uses variables that have no value in the ticket.
    Missing {
        /// Those.
        names: Vec<String>,
    },
    /// Filled in it is too short or too long.
    Text,
}

/// Who did something.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Actor {
    /// An employee, by id.
    Employee(String),
    /// The hub by itself.
    System(String),
    /// Another system, by id.
    Remote(String),
}

/// Where a reply is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ReplyState {
    /// Waits for its moment; can be taken back.
    Waiting,
    /// Was not accepted; is tried again.
    Retrying,
    /// May have been accepted; is looked for.
    Checking,
    /// Is at the marketplace.
    Sent,
    /// Was refused: decide.
    Failed,
    /// It cannot be found out whether it was sent: decide.
    Uncertain,
    /// Was taken back or dropped.
    Dropped,
}

/// A reply on its way.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reply {
    /// Its id.
    pub id: ReplyId,
    /// Whom it goes to.
    pub to: ReplyTo,
    /// Where it is.
    pub state: ReplyState,
    /// When the next thing happens to it.
    pub due: Moment,
    /// When it was known to be sent.
    pub sent_at: Option<Moment>,
    /// Why it is not sent.
    pub why: Option<String>,
    /// Whether a person has to decide.
    pub needs_decision: bool,
    /// Attempts that failed.
    pub failures: u32,
    /// The occasion of the rule that wrote it, if nobody did.
    pub automatic: Option<String>,
}

/// A file of a line.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct File {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Where it is fetched.
    pub href: String,
}

/// A ticket's version.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Version {
    /// A number that is another one as soon as anything of the ticket is.
    pub version: u64,
    /// Everybody else who has it open.
    pub others: Vec<Present>,
}

/// A reply to be sent.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewReply {
    /// The text.
    pub text: String,
    /// Whom it goes to: `customer`, `operator`, `both`; without it, whoever wrote last.
    #[serde(default)]
    pub to: Option<String>,
    /// Which of the conversations that are worked on in the ticket: its own id, or one of `merged`. Without it, the one in
    /// which somebody waits for an answer, and of those the one in which somebody outside wrote last.
    #[serde(default)]
    pub conversation: Option<String>,
    /// The key, unless it is in the header `Idempotency-Key`: 1 to 200 visible ASCII characters.
    #[serde(default)]
    pub key: Option<String>,
}

/// A reply that was written down.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddedReply {
    /// Its id.
    pub id: ReplyId,
    /// The ticket.
    pub ticket: TicketId,
    /// For how many seconds it can be taken back.
    pub undo_seconds: u64,
}

/// A comment to be written.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewComment {
    /// The text.
    pub text: String,
    /// The key, unless it is in the header `Idempotency-Key`: 1 to 200 visible ASCII characters.
    #[serde(default)]
    pub key: Option<String>,
}

/// A comment that was written.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddedComment {
    /// Its id.
    pub id: MessageId,
    /// The ticket.
    pub ticket: TicketId,
}

/// A decision about a reply.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decide {
    /// `send` (again), `was_sent`, or `drop`.
    pub decision: String,
}

/// A status to be set.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SetStatus {
    /// `new`, `in-progress`, `waiting-for-customer`, `snoozed` or `closed`.
    pub status: String,
    /// For `snoozed`: until when, RFC 3339.
    #[serde(default)]
    pub until: String,
    /// The `version` of the ticket the caller has read: if somebody from outside has written since, it is neither closed nor put
    /// aside, and the answer is 409.
    #[serde(default)]
    pub seen: Option<u64>,
}

/// Where to move a ticket.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Move {
    /// The queue.
    pub queue: QueueId,
    /// The category; none when absent.
    #[serde(default)]
    pub category: Option<CategoryId>,
}

/// Whose a ticket becomes.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Assign {
    /// Nobody's when absent.
    #[serde(default)]
    pub employee: Option<EmployeeId>,
}

/// How urgent a ticket is.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SetPriority {
    /// `low`, `normal`, `high` or `urgent`.
    pub priority: String,
}

/// Tags to put on a ticket and to take off.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SetTags {
    /// Put on, by their ids.
    #[serde(default)]
    pub add: Vec<String>,
    /// Taken off, by their ids.
    #[serde(default)]
    pub remove: Vec<String>,
}

/// The part of its status that a ticket is in.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SetSubStatus {
    /// No part in particular when absent.
    #[serde(default)]
    pub sub_status: Option<SubStatusId>,
}

/// The ticket to merge into.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Merge {
    /// Its id or its number.
    pub into: String,
}

/// Whether one has a ticket open.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SayPresence {
    /// False when leaving.
    pub here: bool,
    /// Whether one is writing an answer.
    #[serde(default)]
    pub writing: bool,
}

/// Somebody who has a ticket open.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Present {
    /// Who.
    pub employee: EmployeeId,
    /// Their name.
    pub name: String,
    /// Whether they are writing an answer.
    pub writing: bool,
    /// When they last said so.
    pub at: Moment,
}

/// A saved view of the list.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketView {
    /// Its id.
    pub id: ViewId,
    /// Its name.
    pub name: String,
    /// Whether it is everybody's.
    pub shared: bool,
    /// What it filters by: names and values of the list's parameters.
    pub filters: BTreeMap<String, String>,
}

/// A view to be saved.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewTicketView {
    /// Its name.
    pub name: String,
    /// What it filters by: names and values of the list's parameters.
    pub filters: BTreeMap<String, String>,
    /// For everybody in the company: administrators only.
    #[serde(default)]
    pub shared: bool,
}

/// A view that was saved.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddedTicketView {
    /// Its id.
    pub id: ViewId,
}
