//! A ticket: what is written about it and what that folds to.
//!
//! The state stays small at any length of the conversation: it holds one short [`Item`] per message, sorted by time; the
//! texts stay in the journal's entries and are read for the page that is shown.

mod carried;
mod marks;

pub use carried::{Carried, Carry, News};
pub use marks::TagRef;

use crate::filled::Unsaid;
use crate::names;
use crate::policy::Occasion;
use marks::Marks;
use mostek_domain::marketplace::{ReplyTo, Side};
use mostek_domain::ticket::{Effect, MessageFrom, Priority, Status, TicketRules};
use mostek_domain::{
    AttachmentUse, AutomationId, CategoryId, CompanyId, ConnectionId, CustomerId, EmployeeId, MessageId,
    QueueId, Reason, ReplyId, SubStatusId, TagId, TicketId, TicketNumber, Timestamp,
};
use mostek_store::{Aggregate, BlobRef, Entry, Journal, RowRef};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// The name under which a ticket's entries keep the slot of the row they wrote into the ticket list.
pub(crate) const ROW: &str = "row";

/// Characters of a text that the list shows.
pub(crate) const SNIPPET_CHARS: usize = 140;

/// A text, beside the fact if it is short enough for an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Text {
    /// Here.
    Inline(String),
    /// In a blob; with the first characters for lists.
    Stored {
        /// Where.
        blob: BlobRef,
        /// Its beginning on one line.
        snippet: String,
    },
}

impl Text {
    /// The beginning on one line, at most `limit` characters.
    #[must_use]
    pub fn snippet(&self, limit: usize) -> String {
        match self {
            Self::Inline(t) | Self::Stored { snippet: t, .. } => mostek_domain::text::snippet(t, limit),
        }
    }
}

/// A file that the marketplace keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteFile {
    /// The marketplace's id.
    pub id: String,
    /// Its name as the sender gave it.
    pub name: String,
    /// Bytes.
    pub size: u64,
}

/// A message of the marketplace as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMessage {
    /// The marketplace's id.
    pub id: String,
    /// Who wrote it.
    pub author: Side,
    /// The name shown.
    pub name: String,
    /// When it was sent.
    pub at: Timestamp,
    /// The sides it went to.
    #[serde(default)]
    pub to: Vec<Side>,
    /// The text.
    pub text: Text,
    /// How many characters of a very long text were left out behind what is kept.
    #[serde(default, skip_serializing_if = "is_none_left_out")]
    pub left_out: u64,
    /// A digest of the whole text's essence, for recognising our own reply.
    pub digest: String,
    /// Its files.
    #[serde(default)]
    pub files: Vec<RemoteFile>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_none_left_out(left_out: &u64) -> bool {
    *left_out == 0
}

/// A file that goes out with a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutgoingFile {
    /// A safe name.
    pub name: String,
    /// Its content type, guessed safely.
    pub content_type: String,
    /// The bytes.
    pub blob: BlobRef,
}

/// The customer as the conversation names them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TicketCustomer {
    /// The marketplace's customer id.
    pub remote_id: Option<String>,
    /// The name shown.
    pub name: String,
    /// The record in the CRM, if there is one.
    pub record: Option<CustomerId>,
}

/// How a ticket began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Whose ticket.
    pub company: CompanyId,
    /// Through which connection.
    pub connection: ConnectionId,
    /// The marketplace's conversation.
    pub thread: String,
    /// What the source is called in lists ("EmpikPlace").
    pub source: String,
    /// Its number.
    pub number: TicketNumber,
    /// Subject.
    pub subject: String,
    /// Queue.
    pub queue: QueueId,
    /// Category.
    pub category: Option<CategoryId>,
    /// The order it is about.
    pub order: Option<String>,
    /// The customer.
    pub customer: TicketCustomer,
    /// Messages older than this are history.
    pub history_before: Timestamp,
    /// The conversation's page, http or https, where whoever sent its first message told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Url>,
    /// The ticket that this one follows, if the same conversation went on when that had been closed for too long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predecessor: Option<TicketId>,
}

/// What came of one claim to send a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// The marketplace has it, as this message.
    Sent {
        /// The marketplace's message id.
        message: String,
    },
    /// It surely did not reach the marketplace; it is tried again.
    NotSent {
        /// Why not.
        #[serde(flatten)]
        why: Reason,
        /// When it is tried again.
        due: Timestamp,
    },
    /// It may have reached the marketplace: it is looked for before anything is sent again.
    Unknown {
        /// Why not.
        #[serde(flatten)]
        why: Reason,
        /// When it is looked for.
        due: Timestamp,
    },
    /// Nothing was done under this claim.
    Released,
    /// The marketplace refused it: a person decides.
    Refused {
        /// Why.
        #[serde(flatten)]
        why: Reason,
    },
    /// It could not be found out whether it was sent: a person decides.
    Uncertain {
        /// Why not.
        #[serde(flatten)]
        why: Reason,
    },
}

/// What a person decided about a reply that failed or is uncertain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Send it (again).
    Send,
    /// It is there: the person has seen it at the marketplace.
    WasSent,
    /// Do not send it.
    Drop,
}

/// That nobody wrote a reply but a rule did, and on what (H17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Automatic {
    /// The rule's occasion.
    pub occasion: Occasion,
    /// Short hash of the message it answers; empty if it answers none in particular.
    pub message: String,
    /// When that was sent.
    pub message_at: Timestamp,
    /// The ticket is closed by what wrote this: that it is closed does not keep this from being sent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closes: bool,
}

/// What is written about a ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// It began.
    Opened(Box<Opened>),
    /// Messages were taken from the marketplace.
    Messages {
        /// Those.
        messages: Vec<StoredMessage>,
        /// Rules in force when they were taken.
        rules: TicketRules,
    },
    /// Somebody wrote a comment that never leaves the hub.
    Comment {
        /// Its id.
        id: MessageId,
        /// Who.
        author: String,
        /// The text.
        text: Text,
    },
    /// Somebody answered.
    Reply {
        /// Its id.
        id: ReplyId,
        /// Who.
        author: String,
        /// Whom it goes to.
        to: ReplyTo,
        /// The text as it is sent.
        text: Text,
        /// A digest of the text's essence.
        digest: String,
        /// Files.
        files: Vec<OutgoingFile>,
        /// Not sent before this: until then it can be taken back.
        due: Timestamp,
        /// A rule wrote it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        automatic: Option<Automatic>,
    },
    /// A claim to send a reply is closed.
    Attempt {
        /// The reply.
        reply: ReplyId,
        /// The claim's number; 0 if something was learned without a claim.
        claim: u64,
        /// What came of it.
        outcome: Outcome,
    },
    /// A reply was taken back before it was sent; closes a claim.
    Undone {
        /// The reply.
        reply: ReplyId,
        /// The claim that took it back.
        claim: u64,
    },
    /// A person decided about a reply; closes a claim.
    Decided {
        /// The reply.
        reply: ReplyId,
        /// The claim that decided.
        claim: u64,
        /// How.
        decision: Decision,
        /// When it is due, if it is to be sent.
        due: Timestamp,
    },
    /// Somebody set the status.
    Status {
        /// The new one.
        status: Status,
    },
    /// A record of the CRM was made from this ticket.
    Linked {
        /// The record.
        record: CustomerId,
    },
    /// Somebody moved it.
    Moved {
        /// Queue.
        queue: QueueId,
        /// Category.
        category: Option<CategoryId>,
    },
    /// Somebody was given it, or it was taken from whoever had it.
    Assigned {
        /// Whoever has it now.
        employee: Option<EmployeeId>,
    },
    /// Somebody judged how urgent it is.
    Priority {
        /// How.
        priority: Priority,
    },
    /// Tags were put on it or taken off.
    Tagged {
        /// Put on.
        add: Vec<TagRef>,
        /// Taken off.
        remove: Vec<TagId>,
    },
    /// Which part of its present status it is in.
    SubStatus {
        /// Which; `None`: no part in particular.
        sub_status: Option<SubStatusId>,
    },
    /// Its conversation is worked on in another ticket from now on, or in this one again.
    Continues {
        /// That ticket.
        ticket: Option<TicketId>,
        /// If that ticket follows the one in which it was worked on: what is said from this moment on belongs to it. What was
        /// said before stays the other one's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Timestamp>,
        /// The slot up to which the ticket in which it was worked on before has been told, if that was another one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        told: Option<u64>,
    },
    /// Something happened in a conversation that is worked on here.
    Carried(Box<Carry>),
    /// A conversation is not worked on here any more.
    Released {
        /// Its ticket.
        of: TicketId,
    },
    /// An automation acted; what it did are the facts written along with this one. Or it did nothing, and why.
    Automated {
        /// The automation.
        automation: AutomationId,
        /// Which version of it.
        version: u64,
        /// What the conversation was when it matched: in the same it does not act again.
        key: String,
        /// Its name then.
        name: String,
        /// Its answer could not be written, so nothing was done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unsaid: Option<Unsaid>,
    },
    /// Until when the customer who waits is to be answered was computed anew.
    Deadline {
        /// Until then; `None` if there is no deadline.
        due: Option<Timestamp>,
    },
    /// The row in the list was written again (repair).
    Touched,
}

/// A fact with what its writer did to the ticket list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// The fact.
    #[serde(flatten)]
    pub what: Fact,
    /// The row that was written together with it; its slot is in the entry's `refs` under `row`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<RowNote>,
    /// Of what hides a ticket: the slot up to which its writer knew the ticket. What somebody outside wrote between that and
    /// this fact was overlooked, so the ticket stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<u64>,
}

impl From<Fact> for Recorded {
    fn from(what: Fact) -> Self {
        Self { what, row: None, seen: None }
    }
}

impl Recorded {
    /// A fact by somebody who knew the ticket up to the slot `seen`.
    #[must_use]
    pub fn seeing(what: Fact, seen: u64) -> Self {
        let hides = matches!(what, Fact::Status { status: Status::Closed { .. } | Status::Snoozed { .. } });
        Self { what, row: None, seen: hides.then_some(seen) }
    }
}

/// What is known of a row besides its slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowNote {
    /// Its attributes.
    pub attributes: Vec<u32>,
    /// Slots of the rows it replaces.
    pub replaces: Vec<u64>,
}

/// What kind of thing an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ItemKind {
    /// From the customer.
    #[serde(rename = "c")]
    Customer,
    /// From us, in the marketplace's own panel.
    #[serde(rename = "s")]
    Shop,
    /// From the marketplace.
    #[serde(rename = "o")]
    Operator,
    /// From somebody of an unknown kind.
    #[serde(rename = "u")]
    Unknown,
    /// From us, from here.
    #[serde(rename = "r")]
    Reply,
    /// Internal.
    #[serde(rename = "n")]
    Comment,
    /// Something happened to the ticket.
    #[serde(rename = "e")]
    Event,
}

impl ItemKind {
    /// Whether it came from the customer's side: what wants to be read, and mostly an answer.
    #[must_use]
    pub fn is_from_outside(self) -> bool {
        matches!(self, Self::Customer | Self::Operator | Self::Unknown)
    }
}

/// One line of the conversation: where its text is and what is needed without it. Serialised as an array, since a ticket
/// may have thousands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Packed", into = "Packed")]
pub struct Item {
    /// When.
    pub at: i64,
    /// The entry that holds it.
    pub slot: u64,
    /// Which of the entry's messages.
    pub index: u32,
    /// What it is.
    pub kind: ItemKind,
    /// A short hash of its id.
    pub id: String,
    /// Bytes of its files.
    pub bytes: u64,
    /// How many files.
    pub files: u32,
}

type Packed = (i64, u64, u32, ItemKind, String, u64, u32);

impl From<Packed> for Item {
    fn from((at, slot, index, kind, id, bytes, files): Packed) -> Self {
        Self { at, slot, index, kind, id, bytes, files }
    }
}

impl From<Item> for Packed {
    fn from(i: Item) -> Self {
        (i.at, i.slot, i.index, i.kind, i.id, i.bytes, i.files)
    }
}

/// Where a reply is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum ReplyState {
    /// Waits for its moment; can be taken back.
    Waiting,
    /// Was not accepted; is tried again.
    Retrying {
        /// Why it did not work.
        #[serde(flatten)]
        why: Reason,
    },
    /// May have been accepted; is looked for.
    Checking {
        /// Why it is not known.
        #[serde(flatten)]
        why: Reason,
    },
    /// Is at the marketplace.
    Sent {
        /// When we knew.
        at: Timestamp,
        /// Short hash of the marketplace's message id; `None` if a person said so.
        message: Option<String>,
    },
    /// Was refused.
    Failed {
        /// Why.
        #[serde(flatten)]
        why: Reason,
    },
    /// It cannot be found out.
    Uncertain {
        /// Why.
        #[serde(flatten)]
        why: Reason,
    },
    /// Was taken back or dropped.
    Dropped,
}

impl ReplyState {
    /// True once nothing more happens by itself.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        !matches!(self, Self::Waiting | Self::Retrying { .. } | Self::Checking { .. })
    }

    /// True if a person has to decide.
    #[must_use]
    pub fn needs_decision(&self) -> bool {
        matches!(self, Self::Failed { .. } | Self::Uncertain { .. })
    }

    /// A stable name, for catalogues and style classes.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Retrying { .. } => "retrying",
            Self::Checking { .. } => "checking",
            Self::Sent { .. } => "sent",
            Self::Failed { .. } => "failed",
            Self::Uncertain { .. } => "uncertain",
            Self::Dropped => "dropped",
        }
    }
}

/// A reply in the ticket's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Its id.
    pub id: ReplyId,
    /// The entry that holds text and files.
    pub slot: u64,
    /// When it was written.
    pub at: Timestamp,
    /// Whom it goes to.
    pub to: ReplyTo,
    /// Digest of its text's essence.
    pub digest: String,
    /// When the next thing is due.
    pub due: Timestamp,
    /// Where it is.
    pub state: ReplyState,
    /// The entry that set `state`.
    pub state_slot: u64,
    /// Claims that are closed.
    pub closed: Vec<u64>,
    /// When it was last possibly handed over, not counting what a person decided about.
    pub perhaps_sent: Option<Timestamp>,
    /// Attempts that failed in a row.
    pub failures: u32,
    /// A rule wrote it. Older snapshots have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic: Option<Automatic>,
}

/// What a ticket's journal folds to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// How it began; `None` only in a journal where nothing of the kind was written yet.
    pub opened: Option<Opened>,
    opened_slot: u64,
    /// Where it stands.
    pub status: Status,
    status_slot: u64,
    /// The slot since which its status is of this kind: `status_slot` moves with every message that leaves it so.
    #[serde(default)]
    status_since: u64,
    /// The record of the CRM it was linked to after it began.
    linked: Option<CustomerId>,
    moved: Option<(u64, QueueId, Option<CategoryId>)>,
    /// The slot that said so, and who has it. Older snapshots have none.
    #[serde(default)]
    assigned: Option<(u64, Option<EmployeeId>)>,
    #[serde(default)]
    marks: Marks,
    /// Where its conversation is worked on: the slot that said so, the ticket, since when.
    #[serde(default)]
    front: Option<(u64, Option<TicketId>, Timestamp)>,
    /// The slot up to which its replies were told to whoever is told of them, when `front` began. Older snapshots have none.
    #[serde(default)]
    told_before: Option<u64>,
    /// Since when what is said belongs to the ticket that follows this one. Older snapshots have none.
    #[serde(default)]
    followed: Option<Timestamp>,
    /// See [`Ticket::wants_successor`].
    #[serde(default)]
    wants_successor: bool,
    /// Conversations of other tickets that are worked on here.
    #[serde(default)]
    carried: BTreeMap<TicketId, Carried>,
    /// The conversation, oldest first.
    pub items: Vec<Item>,
    /// Replies written here, oldest first.
    pub replies: Vec<Reply>,
    /// Rows in the ticket list that are not replaced yet.
    pub rows: Vec<RowRef>,
    /// When the last message or reply came or somebody did something to it.
    pub last_activity: Timestamp,
    /// Since when the customer waits in this ticket's own conversation.
    #[serde(rename = "waiting_since")]
    own_waiting_since: Option<Timestamp>,
    /// The beginning of the last message of its own conversation.
    #[serde(rename = "snippet")]
    own_snippet: String,
    /// The slot that said so, and until when the customer who waits is to be answered. Older snapshots have none.
    #[serde(default)]
    deadline: Option<(u64, Option<Timestamp>)>,
    /// Automations that acted: the slot that says so, version, and what the conversation was. Older snapshots have none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    automated: BTreeMap<AutomationId, (u64, u64, String)>,
}

/// A reply found among the marketplace's messages may be dated this much before we wrote it (clocks differ).
const CLOCK_DIFFERENCE: Duration = Duration::from_secs(600);

impl Ticket {
    /// The journal of a ticket.
    ///
    /// # Errors
    /// Never for an id of ours.
    pub fn journal(id: TicketId) -> Result<Journal<Self>, mostek_ports::StoreError> {
        Ok(Journal::at(names::ticket(id)?))
    }

    /// The CRM record it belongs to.
    #[must_use]
    pub fn record(&self) -> Option<CustomerId> {
        self.linked.or_else(|| self.opened.as_ref().and_then(|o| o.customer.record))
    }

    /// Its queue.
    #[must_use]
    pub fn queue(&self) -> Option<QueueId> {
        self.moved.map(|(_, q, _)| q).or_else(|| self.opened.as_ref().map(|o| o.queue))
    }

    /// Its category.
    #[must_use]
    pub fn category(&self) -> Option<CategoryId> {
        match self.moved {
            Some((_, _, c)) => c,
            None => self.opened.as_ref().and_then(|o| o.category),
        }
    }

    /// Who has it.
    #[must_use]
    pub fn assignee(&self) -> Option<EmployeeId> {
        self.assigned.and_then(|(_, employee)| employee)
    }

    /// The slot that last said who has it; 0 if nothing has.
    pub(crate) fn assigned_slot(&self) -> u64 {
        self.assigned.map_or(0, |(slot, _)| slot)
    }

    /// Until when the customer who waits is to be answered.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.waiting_since().filter(|_| self.status.is_open()).and(self.deadline).and_then(|(_, due)| due)
    }

    /// Whether this version of an automation has acted when the conversation was the same.
    #[must_use]
    pub fn has_acted(&self, automation: AutomationId, version: u64, key: &str) -> bool {
        self.automated.get(&automation).is_some_and(|(_, v, k)| (*v, k.as_str()) == (version, key))
    }

    /// One of its replies.
    #[must_use]
    pub fn reply(&self, id: ReplyId) -> Option<&Reply> {
        self.replies.iter().find(|r| r.id == id)
    }

    /// True if this remote message is there, as a message or as one of our replies.
    #[must_use]
    pub fn knows(&self, remote_id: &str) -> bool {
        let id = names::short(remote_id);
        self.items.iter().any(|i| i.id == id) || self.is_reply(&id)
    }

    /// True if this short hash is of the marketplace's message of one of our replies.
    pub(crate) fn is_reply(&self, short: &str) -> bool {
        self.replies
            .iter()
            .any(|r| matches!(&r.state, ReplyState::Sent { message: Some(m), .. } if m == short))
    }

    /// What is attached already, replies on their way included.
    #[must_use]
    pub fn attached(&self) -> AttachmentUse {
        let counted = |i: &&Item| {
            i.kind != ItemKind::Reply
                || !self.replies.iter().any(|r| r.slot == i.slot && r.state == ReplyState::Dropped)
        };
        let items = || self.items.iter().filter(counted);
        AttachmentUse {
            conversation_bytes: items().fold(0, |sum, i| sum.saturating_add(i.bytes)),
            order_files: items().fold(0, |sum, i| sum.saturating_add(i.files)),
        }
    }

    /// Whom an answer goes to unless somebody chooses.
    #[must_use]
    pub fn default_reply_to(&self) -> ReplyTo {
        let sides: Vec<Side> = self
            .items
            .iter()
            .rev()
            .filter_map(|i| match i.kind {
                ItemKind::Customer => Some(Side::Customer),
                ItemKind::Operator => Some(Side::Operator),
                _ => None,
            })
            .take(1)
            .collect();
        ReplyTo::default_after(&sides)
    }

    /// True if a reply failed or is uncertain, here or in a conversation that is worked on here.
    #[must_use]
    pub fn needs_decision(&self) -> bool {
        self.own_needs_decision() || self.carried.values().any(|c| c.needs_decision)
    }

    fn own_needs_decision(&self) -> bool {
        self.replies.iter().any(|r| r.state.needs_decision())
    }

    /// True if a reply is uncertain, here or in a conversation that is worked on here.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        self.own_is_uncertain() || self.carried.values().any(|c| c.uncertain)
    }

    fn own_is_uncertain(&self) -> bool {
        self.replies.iter().any(|r| matches!(r.state, ReplyState::Uncertain { .. }))
    }

    fn place(&mut self, item: Item) {
        let at = self.items.partition_point(|i| (i.at, i.slot, i.index) <= (item.at, item.slot, item.index));
        self.items.insert(at, item);
    }

    fn take_message(
        &mut self,
        entry: &Entry<Recorded>,
        index: u32,
        message: &StoredMessage,
        rules: &TicketRules,
    ) {
        let id = names::short(&message.id);
        if self.items.iter().any(|i| i.id == id) || self.is_reply(&id) {
            return;
        }
        if message.author == Side::Shop {
            // Our own reply, read back by the poll before its sender wrote down what became of it, or because the sender
            // never will: whoever looks for it later must not find it taken for the panel's.
            let items = &self.items;
            let files = |slot: u64| items.iter().find(|i| i.slot == slot).map(|i| i.files);
            let own = self.replies.iter_mut().find(|r| {
                !matches!(r.state, ReplyState::Sent { .. } | ReplyState::Dropped)
                    && r.digest == message.digest
                    && message.at >= r.at.minus(CLOCK_DIFFERENCE)
                    // The same text without the reply's files was typed by somebody else.
                    && files(r.slot).is_none_or(|n| usize::try_from(n).is_ok_and(|n| n == message.files.len()))
            });
            if let Some(reply) = own {
                let (written, by_itself) = (reply.slot, reply.automatic.is_some());
                reply.state = ReplyState::Sent { at: message.at, message: Some(id) };
                reply.state_slot = entry.slot;
                self.answered(message.at, written, entry.slot, by_itself);
                return;
            }
        }
        let kind = match message.author {
            Side::Customer => ItemKind::Customer,
            Side::Shop => ItemKind::Shop,
            Side::Operator => ItemKind::Operator,
            Side::Unknown(_) => ItemKind::Unknown,
        };
        // Our replies carry our own clock and say nothing about what the customer has written since.
        let newest = self
            .items
            .iter()
            .rev()
            .find(|i| !matches!(i.kind, ItemKind::Comment | ItemKind::Event | ItemKind::Reply))
            .map(|i| i.at);
        let files = message.files.len();
        self.place(Item {
            at: message.at.0,
            slot: entry.slot,
            index,
            kind,
            id,
            bytes: message.files.iter().fold(0, |sum, f| sum.saturating_add(f.size)),
            files: u32::try_from(files).unwrap_or(u32::MAX),
        });
        self.last_activity = self.last_activity.max(message.at);
        // The conversation's last message decides; one that came late into the middle of it does not.
        if newest.is_some_and(|n| n > message.at.0) {
            return;
        }
        self.own_snippet = message.text.snippet(SNIPPET_CHARS);
        let from = if message.author == Side::Shop { MessageFrom::Us } else { MessageFrom::Outside };
        let next = match self.status.on_message(from, message.at, rules) {
            // Its front is told, and has a status of its own.
            _ if self.front().is_some() => self.status,
            Effect::Joins(status) => status,
            Effect::StartsAnother => {
                self.wants_successor = true;
                self.status
            }
            Effect::GoesTo(_) => self.status,
        };
        let waits_elsewhere = self.carried.values().any(|c| c.waiting_since.is_some());
        if entry.slot >= self.status_slot && !(from == MessageFrom::Us && waits_elsewhere) {
            self.becomes(next, entry.slot);
        }
        match from {
            MessageFrom::Us => self.waits_no_more(),
            MessageFrom::Outside => {
                self.own_waiting_since = self.own_waiting_since.or(Some(message.at));
            }
        }
    }

    /// It has this status from the entry in `slot` on.
    fn becomes(&mut self, status: Status, slot: u64) {
        if status.kind() != self.status.kind() {
            self.status_since = slot;
        }
        self.status = status;
        self.status_slot = slot;
    }

    fn waits_no_more(&mut self) {
        self.own_waiting_since = None;
        if self.waiting_since().is_none() {
            self.deadline = None;
        }
    }

    /// Our reply, written in `written`, is at the marketplace since `at`, as the entry in `slot` says. What a rule wrote is no
    /// answer: the customer waits on.
    fn answered(&mut self, at: Timestamp, written: u64, slot: u64, by_itself: bool) {
        self.last_activity = self.last_activity.max(at);
        if by_itself {
            return;
        }
        let customer_wrote_later = self
            .items
            .iter()
            .rev()
            .find(|i| i.kind.is_from_outside())
            .is_some_and(|i| i.at > at.0 || i.slot > written);
        if !customer_wrote_later && slot >= self.status_slot {
            self.waits_no_more();
            if self.status.is_open() && self.waiting_since().is_none() {
                self.becomes(Status::WaitingForCustomer, slot);
            }
        }
    }

    fn close_claim(
        &mut self,
        reply: ReplyId,
        claim: u64,
        entry: &Entry<Recorded>,
        change: impl FnOnce(&mut Reply),
    ) {
        let Some(r) = self.replies.iter_mut().find(|r| r.id == reply) else { return };
        if claim > 0 && !r.closed.contains(&claim) {
            r.closed.push(claim);
        }
        // What is sent stays sent and what was taken back stays so, whatever turns up late.
        let done = matches!(r.state, ReplyState::Sent { .. } | ReplyState::Dropped);
        if !done && entry.slot >= r.state_slot {
            change(r);
            r.state_slot = entry.slot;
        }
    }

    /// Taking back is exclusive, so whatever somebody wrote who gave its claim up does not matter.
    fn undone(&mut self, reply: ReplyId, claim: u64, slot: u64) {
        let Some(r) = self.replies.iter_mut().find(|r| r.id == reply) else { return };
        if !r.closed.contains(&claim) {
            r.closed.push(claim);
        }
        if !matches!(r.state, ReplyState::Sent { .. }) {
            r.state = ReplyState::Dropped;
            r.state_slot = r.state_slot.max(slot);
        }
    }

    fn attempt(&mut self, entry: &Entry<Recorded>, reply: ReplyId, claim: u64, outcome: &Outcome) {
        if let Outcome::Sent { message } = outcome {
            let id = names::short(message);
            // The poll may have brought it before we learned that it is ours.
            self.items.retain(|i| i.id != id || i.kind != ItemKind::Shop);
            if let Some(r) = self.replies.iter_mut().find(|r| r.id == reply) {
                r.state = ReplyState::Sent { at: entry.at(), message: Some(id) };
                r.state_slot = entry.slot;
                if claim > 0 && !r.closed.contains(&claim) {
                    r.closed.push(claim);
                }
                let (written, by_itself) = (r.slot, r.automatic.is_some());
                self.answered(entry.at(), written, entry.slot, by_itself);
            }
            return;
        }
        if matches!(outcome, Outcome::Released) {
            // Says nothing about the reply, so it must not hide what a lower slot has to say.
            if let Some(r) = self.replies.iter_mut().find(|r| r.id == reply)
                && !r.closed.contains(&claim)
            {
                r.closed.push(claim);
            }
            return;
        }
        let known = claim > 0 && self.replies.iter().any(|r| r.id == reply && r.closed.contains(&claim));
        if known && matches!(outcome, Outcome::Unknown { .. }) {
            // Its holder said what came of it before somebody gave it up.
            return;
        }
        if let Outcome::Unknown { .. } = outcome
            && let Some(r) = self.replies.iter_mut().find(|r| r.id == reply)
        {
            r.perhaps_sent = Some(r.perhaps_sent.map_or(entry.at(), |t| t.max(entry.at())));
        }
        self.close_claim(reply, claim, entry, |r| match outcome {
            Outcome::Sent { .. } | Outcome::Released => {}
            Outcome::NotSent { why, due } => {
                r.state = if r.perhaps_sent.is_some() {
                    ReplyState::Checking { why: why.clone() }
                } else {
                    ReplyState::Retrying { why: why.clone() }
                };
                r.due = *due;
                r.failures = r.failures.saturating_add(1);
            }
            // An open claim of a decision: it is a person's turn again.
            Outcome::Unknown { why, .. } if r.state.needs_decision() => {
                r.state = ReplyState::Uncertain { why: why.clone() };
            }
            Outcome::Unknown { why, due } => {
                r.state = ReplyState::Checking { why: why.clone() };
                r.due = *due;
                r.failures = r.failures.saturating_add(1);
            }
            Outcome::Refused { why } => r.state = ReplyState::Failed { why: why.clone() },
            Outcome::Uncertain { why } => r.state = ReplyState::Uncertain { why: why.clone() },
        });
    }
}

impl Aggregate for Ticket {
    type Fact = Recorded;
    type State = Self;
    const FOLD: u32 = 2;

    fn apply(state: &mut Self, entry: &Entry<Recorded>) {
        Self::repeated(state, entry);
        let event = |state: &mut Self| {
            // The list is in the order of what happened, so this is what it shows.
            state.last_activity = state.last_activity.max(entry.at());
            state.place(Item {
                at: entry.at,
                slot: entry.slot,
                index: 0,
                kind: ItemKind::Event,
                id: String::new(),
                bytes: 0,
                files: 0,
            });
        };
        match &entry.fact.what {
            Fact::Opened(opened) => {
                // Two pollers that saw the conversation first: the lower slot's number counts.
                if state.opened.is_none() || entry.slot < state.opened_slot {
                    state.opened = Some((**opened).clone());
                    state.opened_slot = entry.slot;
                }
            }
            Fact::Messages { messages, rules } => {
                for (index, message) in (0u32..).zip(messages) {
                    state.take_message(entry, index, message, rules);
                }
            }
            Fact::Comment { id, .. } => {
                state.place(Item {
                    at: entry.at,
                    slot: entry.slot,
                    index: 0,
                    kind: ItemKind::Comment,
                    id: names::short(&id.to_string()),
                    bytes: 0,
                    files: 0,
                });
                state.last_activity = state.last_activity.max(entry.at());
            }
            Fact::Reply { id, to, digest, files, due, text, automatic, .. } => {
                state.replies.push(Reply {
                    id: *id,
                    slot: entry.slot,
                    at: entry.at(),
                    to: *to,
                    digest: digest.clone(),
                    due: *due,
                    state: ReplyState::Waiting,
                    state_slot: entry.slot,
                    closed: Vec::new(),
                    perhaps_sent: None,
                    failures: 0,
                    automatic: automatic.clone(),
                });
                state.place(Item {
                    at: entry.at,
                    slot: entry.slot,
                    index: 0,
                    kind: ItemKind::Reply,
                    id: names::short(&id.to_string()),
                    bytes: files.iter().fold(0, |sum, f| sum.saturating_add(f.blob.len)),
                    files: u32::try_from(files.len()).unwrap_or(u32::MAX),
                });
                state.last_activity = state.last_activity.max(entry.at());
                // Nobody has begun to work on it, and the list goes on showing what the customer wrote.
                if automatic.is_some() {
                    return;
                }
                state.own_snippet = text.snippet(SNIPPET_CHARS);
                if state.status.is_open() && entry.slot >= state.status_slot {
                    state.becomes(Status::InProgress, entry.slot);
                }
            }
            Fact::Attempt { reply, claim, outcome } => state.attempt(entry, *reply, *claim, outcome),
            Fact::Undone { reply, claim } => state.undone(*reply, *claim, entry.slot),
            Fact::Decided { reply, claim, decision, due } => {
                let at = entry.at();
                state.close_claim(*reply, *claim, entry, |r| match decision {
                    Decision::Send => {
                        r.state = ReplyState::Waiting;
                        r.due = *due;
                        r.failures = 0;
                        r.perhaps_sent = None;
                    }
                    Decision::WasSent => r.state = ReplyState::Sent { at, message: None },
                    Decision::Drop => r.state = ReplyState::Dropped,
                });
                if *decision == Decision::WasSent {
                    let known = state.reply(*reply);
                    let by_itself = known.is_some_and(|r| r.automatic.is_some());
                    let written = known.map_or(entry.slot, |r| r.slot);
                    state.answered(at, written, entry.slot, by_itself);
                }
            }
            Fact::Status { status } => {
                // Whoever set it did not know yet that the conversation is worked on elsewhere.
                let is_elsewhere = state.front().is_some() && status.is_open();
                let overlooks = entry.fact.seen.is_some_and(|seen| state.wrote_between(seen, entry.slot));
                if entry.slot >= state.status_slot && !is_elsewhere && !overlooks {
                    state.becomes(*status, entry.slot);
                    // Who closed it has seen that nobody needs to answer.
                    if matches!(status, Status::Closed { .. }) {
                        state.nobody_waits();
                    }
                }
                event(state);
            }
            Fact::Linked { record } => {
                state.linked.get_or_insert(*record);
                event(state);
            }
            Fact::Moved { queue, category } => {
                if state.moved.is_none_or(|(slot, _, _)| slot < entry.slot) {
                    state.moved = Some((entry.slot, *queue, *category));
                }
                event(state);
            }
            Fact::Assigned { employee } => {
                if state.assigned.is_none_or(|(slot, _)| slot < entry.slot) {
                    state.assigned = Some((entry.slot, *employee));
                }
                event(state);
            }
            Fact::Priority { priority } => {
                state.marks.set_priority(entry.slot, *priority);
                event(state);
            }
            Fact::Tagged { add, remove } => {
                state.marks.tag(entry.slot, add, remove);
                event(state);
            }
            Fact::SubStatus { sub_status } => {
                state.marks.set_sub_status(state.status_since, entry.slot, *sub_status);
                event(state);
            }
            Fact::Continues { ticket, since, told } => {
                state.continue_in(entry, *ticket, *since, *told);
                event(state);
            }
            Fact::Carried(carry) => state.take_carry(entry, carry),
            Fact::Released { of } => {
                state.carried.remove(of);
                event(state);
            }
            Fact::Automated { automation, version, key, .. } => {
                if state.automated.get(automation).is_none_or(|(slot, ..)| *slot < entry.slot) {
                    state.automated.insert(*automation, (entry.slot, *version, key.clone()));
                }
                event(state);
            }
            Fact::Deadline { due } => {
                if state.deadline.is_none_or(|(slot, _)| slot < entry.slot) {
                    state.deadline = Some((entry.slot, *due));
                }
            }
            Fact::Touched => {}
        }
    }

    /// A fact that had to be written again also wrote its row again: both rows are replaced by the next one.
    fn repeated(state: &mut Self, entry: &Entry<Recorded>) {
        let (Some(slot), Some(note)) = (entry.refs.get(ROW), &entry.fact.row) else { return };
        state.rows.retain(|r| !note.replaces.contains(&r.slot));
        if !state.rows.iter().any(|r| r.slot == *slot) {
            state.rows.push(RowRef { slot: *slot, attributes: note.attributes.clone() });
        }
    }
}
