//! The kinds of keys this crate uses in the store, in one place. The keys themselves are built by `mostek_store::keys`.
//!
//! | kind | id | what |
//! |---|---|---|
//! | `connections` | `all` | journal of the marketplace connections of all companies |
//! | `poll` | connection | record: how far polling is, last result |
//! | `desk` | company | journal of queues, categories, CRM fields, reply templates |
//! | `views` | company | journal of saved views of the ticket list |
//! | `presence` | ticket | record: who has it open |
//! | `policy` | company | journal of business hours, deadlines, assignment, automatic replies |
//! | `sla` | company | record: how far a changed policy has been brought into the list |
//! | `routines` | company | journal of macros and automations |
//! | `automations` | company | record: how far the automations are in the list |
//! | `ticket` | ticket | journal of one ticket |
//! | `tickets` | company | index of tickets by last activity |
//! | `ticket-number` | company | counter; with `-<number>` a record that names the ticket |
//! | `outbox` | `replies` | journal of replies that are not settled yet |
//! | `snoozed` | `all` | journal of tickets that were put aside |
//! | `automatic` | `all` | journal of tickets that may get an automatic reply |
//! | `rota` | queue | record: when each member of a round robin was last given a ticket |
//! | `reply` | reply | counter: claims to send |
//! | `tick` | `last` | record: when the timer last ran |
//! | `restored` | `this` | record: when the store was put back from a backup, if it was |
//! | `customer` | customer | journal of one CRM record |
//! | `customers` | company | index of CRM records by last activity |
//! | `lookup` | hash of company, field, value | journal: which records have this value in this field, or as phone, e-mail, NIP |
//! | `duplicates` | company | journal of pairs of CRM records that may be the same customer |
//! | `customer-merges` | `all` | journal of mergings of CRM records that are not looked after yet |
//! | `customer-erasures` | `all` | journal of erased CRM records that are gone over again |
//! | `customer-imports` | `all` | journal of files with CRM records of which something is left |
//! | `customer-import` | import | record: a file with CRM records; counter: claims to begin; `-plan`: what its columns hold; `-rows`, with `-<chunk>`: what came of rows, with `-begun`: of the first rows of a chunk |
//! | `timeline` | customer | journal, read as a log: what shops told of the customer |
//! | `webhook-sources` | `all` | journal of the shops of all companies that send webhooks |
//! | `webhook-event` | hash of source and event | record: the event has had its effect |
//! | `webhook-last` | source | record: what was last taken from it |
//! | `webhook-letters` | source | journal of its events that could not be understood |
//! | `webhook-endpoints` | `all` | journal of the addresses that are told of our events, of all companies |
//! | `webhook-outbox` | `all` | journal of events on their way to them |
//! | `webhook-delivery` | delivery | counter: claims to send it |
//! | `webhook-feed` | company | record: how far the list of tickets was looked at for events |
//! | `webhook-told` | hash of company and event | record: the event was put into the outbox |
//! | `webhook-log` | endpoint | record: the last attempts |
//! | `webhook-answers` | endpoint | record: the last answers to the shop |
//! | `order` | hash of connection and order | record: the order as last read |
//! | `words` | company | derived: which tickets have a word; no journal of its own |
//! | `record-words` | company | derived: which rows of `customers` have a word; no journal of its own |
//! | `words-forgotten` | company | journal of tickets and records whose words are to be taken out |
//! | `report` | company | derived: what reports know of each ticket; no journal of its own |

use mostek_domain::{
    CompanyId, ConnectionId, CustomerId, DeliveryId, FieldId, ReplyId, TicketId, TicketNumber,
};
use mostek_ports::StoreError;
use mostek_store::{Claim, JournalKey, KeyError, Record};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

/// A name that our own code built and that still does not fit is a defect; it is reported like damaged data.
pub(crate) fn ours<T>(made: Result<T, KeyError>) -> Result<T, StoreError> {
    made.map_err(|e| StoreError::Corrupt { key: "(building a key)".into(), reason: e.to_string() })
}

pub(crate) fn connections() -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("connections", "all"))
}

pub(crate) fn desk(company: CompanyId) -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("desk", &company.to_string()))
}

pub(crate) fn views(company: CompanyId) -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("views", &company.to_string()))
}

/// Who has a ticket open.
pub(crate) fn presence<T: Serialize + DeserializeOwned>(id: TicketId) -> Result<Record<T>, StoreError> {
    ours(Record::new("presence", &id.to_string()))
}

pub(crate) fn policy(company: CompanyId) -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("policy", &company.to_string()))
}

pub(crate) fn routines(company: CompanyId) -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("routines", &company.to_string()))
}

pub(crate) fn ticket(id: TicketId) -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("ticket", &id.to_string()))
}

pub(crate) fn tickets(company: CompanyId) -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("tickets", &company.to_string()))
}

/// The ticket that has a number.
pub(crate) fn numbered(company: CompanyId, number: TicketNumber) -> Result<Record<TicketId>, StoreError> {
    ours(Record::new("ticket-number", &format!("{company}-{}", number.0)))
}

/// The numbers of a company's tickets.
pub(crate) fn numbers(company: CompanyId) -> Result<Claim, StoreError> {
    ours(Claim::new("ticket-number", &company.to_string()))
}

/// The claims to send a reply.
pub(crate) fn reply(reply: ReplyId) -> Result<Claim, StoreError> {
    ours(Claim::new("reply", &reply.to_string()))
}

pub(crate) fn outbox() -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("outbox", "replies"))
}

pub(crate) fn snoozed() -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("snoozed", "all"))
}

pub(crate) fn automatic() -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("automatic", "all"))
}

pub(crate) fn customer(id: CustomerId) -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("customer", &id.to_string()))
}

pub(crate) fn customers(company: CompanyId) -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("customers", &company.to_string()))
}

pub(crate) fn timeline(customer: CustomerId) -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("timeline", &customer.to_string()))
}

pub(crate) fn lookup(company: CompanyId, field: FieldId, value: &str) -> Result<JournalKey, StoreError> {
    let id = hash(&[&company.to_bytes(), &field.to_bytes(), value.trim().as_bytes()]);
    ours(JournalKey::new("lookup", &id))
}

/// The records that are found by a built-in value: `what` is `phone`, `email` or `nip`. A field's id has 16 bytes, so these
/// never meet.
pub(crate) fn lookup_of(company: CompanyId, what: &str, value: &str) -> Result<JournalKey, StoreError> {
    let id = hash(&[&company.to_bytes(), what.as_bytes(), value.as_bytes()]);
    ours(JournalKey::new("lookup", &id))
}

/// Mergings of records that nobody has looked after yet, in all companies.
pub(crate) fn customer_merges() -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("customer-merges", "all"))
}

/// Erasures that are gone over again, in all companies.
pub(crate) fn customer_erasures() -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("customer-erasures", "all"))
}

/// Files with records of which something is left, in all companies.
pub(crate) fn customer_imports() -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("customer-imports", "all"))
}

/// Pairs of records that may be the same customer.
pub(crate) fn duplicates(company: CompanyId) -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("duplicates", &company.to_string()))
}

/// Where the words of a company's tickets are indexed.
pub(crate) fn words(company: CompanyId) -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("words", &company.to_string()))
}

/// Where the words of a company's records are indexed.
pub(crate) fn record_words(company: CompanyId) -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("record-words", &company.to_string()))
}

pub(crate) fn words_forgotten(company: CompanyId) -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("words-forgotten", &company.to_string()))
}

/// What reports know of a company's tickets.
pub(crate) fn report(company: CompanyId) -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("report", &company.to_string()))
}

pub(crate) fn order(connection: ConnectionId, order: &str) -> String {
    hash(&[&connection.to_bytes(), order.as_bytes()])
}

pub(crate) fn webhook_sources() -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("webhook-sources", "all"))
}

/// Whether an event of a source has had its effect.
pub(crate) fn webhook_event(
    source: ConnectionId,
    event: &str,
) -> Result<Record<crate::webhooks::effect::Mark>, StoreError> {
    ours(Record::new("webhook-event", &hash(&[&source.to_bytes(), event.as_bytes()])))
}

/// Whether a letter of a source was decided about.
pub(crate) fn webhook_letter(
    source: ConnectionId,
    letter: &str,
) -> Result<Record<crate::webhooks::effect::Mark>, StoreError> {
    webhook_event(source, &format!("letter:{letter}"))
}

pub(crate) fn webhook_letters(source: ConnectionId) -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("webhook-letters", &source.to_string()))
}

pub(crate) fn webhook_endpoints() -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("webhook-endpoints", "all"))
}

pub(crate) fn webhook_outbox() -> Result<JournalKey, StoreError> {
    ours(JournalKey::new("webhook-outbox", "all"))
}

/// The claims to send a delivery.
pub(crate) fn webhook_delivery(delivery: DeliveryId) -> Result<Claim, StoreError> {
    ours(Claim::new("webhook-delivery", &delivery.to_string()))
}

/// 128 bits of SHA-256 over the parts, each with its length, as hexadecimal.
pub(crate) fn hash(parts: &[&[u8]]) -> String {
    let mut h = Sha256::new();
    for p in parts {
        h.update((p.len() as u64).to_be_bytes());
        h.update(p);
    }
    h.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect()
}

/// 64 bits of SHA-256 of a remote id, as hexadecimal: enough to tell the messages of one ticket apart.
pub(crate) fn short(remote_id: &str) -> String {
    Sha256::digest(remote_id).iter().take(8).map(|b| format!("{b:02x}")).collect()
}
