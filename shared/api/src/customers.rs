//! Records of the CRM.

use crate::Moment;
use crate::operation::{Operation, Parameter, Who};
use crate::page::{AFTER, Counted, LIMIT, Listed};
use crate::problem::kinds;
use crate::tickets::{Actor, TicketStatus};
use mostek_domain::{
    Capability, ConnectionId, CustomerId, FieldId, ImportId, MergeId, TicketId, TicketNumber,
};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

const CUSTOMER: Parameter = Parameter::new::<CustomerId>("customer", "The record.");

const MERGE: Parameter = Parameter::new::<MergeId>("merge", "The merging.");
const IMPORT: Parameter = Parameter::new::<ImportId>("import", "The import.");
const HELPDESK: Who = Who::With(Capability::Helpdesk);
/// What takes many people's data away, or all of one person's: an administrator who works with customers.
const MANAGED: Who = Who::AdministratorWith(Capability::Helpdesk);

/// The operations.
pub static OPERATIONS: &[Operation] = &[
    Operation::get("/api/v1/customers", "listCustomers", "List customers")
        .about(
            "With `q` what was found: by a whole e-mail address, telephone number, tax number or value of a text field, and by the \
             beginning of a name among the records that were changed last; in one page.",
        )
        .for_(HELPDESK)
        .query(&[AFTER, LIMIT, Parameter::new::<String>("q", "What is looked for.")])
        .gives::<Counted<CustomerRow>>("Records, latest change first."),
    Operation::post("/api/v1/customers", "addCustomer", "Add a customer")
        .about("With a `ticket` the record becomes that ticket's customer. Sent again with the same key it is the same record.")
        .for_(HELPDESK)
        .takes::<CustomerIn>()
        .keyed()
        .makes::<AddedCustomer>("Added.")
        .located()
        .refuses(&[kinds::NOT_FOUND, kinds::CONFLICT]),
    Operation::get("/api/v1/customers/{customer}", "getCustomer", "Read a customer")
        .about("Of a record that was merged into another, that one.")
        .for_(HELPDESK)
        .pieces(&[CUSTOMER])
        .gives::<Customer>("The record: what can be sent back to change it."),
    Operation::put("/api/v1/customers/{customer}", "changeCustomer", "Change a customer")
        .about("The whole record is replaced. With the `version` that was read it is refused if the record says something else by then.")
        .for_(HELPDESK)
        .pieces(&[CUSTOMER])
        .takes::<CustomerIn>()
        .refuses(&[kinds::CONFLICT]),
    Operation::get("/api/v1/customers/{customer}/timeline", "getTimeline", "Read a customer's time line")
        .for_(HELPDESK)
        .pieces(&[CUSTOMER])
        .query(&[AFTER])
        .gives::<Listed<TimelineLine>>("What happened, newest first."),
    Operation::get("/api/v1/customers/{customer}/consents", "listConsents", "Read the history of consents")
        .for_(HELPDESK)
        .pieces(&[CUSTOMER])
        .gives::<Listed<ConsentPoint>>("What was said about SMS, oldest first, in one page."),
    Operation::get("/api/v1/customers/{customer}/duplicates", "listSuggestions", "List who may be the same customer")
        .for_(HELPDESK)
        .pieces(&[CUSTOMER])
        .gives::<Listed<Suggestion>>("Records that share something with this one, in one page."),
    Operation::post("/api/v1/customers/{customer}/merges", "mergeCustomers", "Merge another record into this one")
        .about("Can be undone for 30 days. Sent again with the same key it is the same merging.")
        .for_(HELPDESK)
        .pieces(&[CUSTOMER])
        .takes::<MergeIn>()
        .keyed()
        .makes::<Merged>("Merged.")
        .refuses(&[kinds::CONFLICT]),
    Operation::post("/api/v1/customers/{customer}/merges/{merge}/undo", "undoMerge", "Make two records again")
        .for_(HELPDESK)
        .pieces(&[CUSTOMER, MERGE])
        .refuses(&[kinds::CONFLICT, kinds::BAD_FIELD]),
    Operation::get("/api/v1/customers/{customer}/export", "exportCustomer", "Take everything about one person away")
        .about("A person with very many tickets comes in parts; `next` is the path of the next one.")
        .for_(MANAGED)
        .pieces(&[CUSTOMER])
        .query(&[Parameter::new::<u32>("from", "After how many tickets the part begins.")])
        .gives_file("The part, as JSON."),
    Operation::post("/api/v1/customers/{customer}/erase", "eraseCustomer", "Erase one person")
        .about("The record, those that were merged into it, and all words of their tickets. It cannot be undone.")
        .for_(MANAGED)
        .pieces(&[CUSTOMER])
        .takes::<EraseIn>(),
    Operation::get("/api/v1/customers/duplicates", "listDuplicates", "List pairs that may be one customer")
        .for_(HELPDESK)
        .query(&[AFTER])
        .gives::<Listed<DuplicatePair>>("Pairs that share something, latest noticed first."),
    Operation::post("/api/v1/customers/duplicates/apart", "tellApart", "Say that two records are two customers")
        .for_(HELPDESK)
        .takes::<ApartIn>()
        .refuses(&[kinds::NOT_FOUND]),
    Operation::get("/api/v1/customers/export.csv", "exportCustomers", "Take the list away")
        .about("In parts; the header `Link` says where the next one is.")
        .for_(MANAGED)
        .query(&[AFTER])
        .gives_file("Records as CSV, latest change first."),
    Operation::post("/api/v1/customers/imports", "sendCustomers", "Send a file with customers")
        .about("Nothing is written until the import is begun.")
        .for_(MANAGED)
        .takes::<ImportIn>()
        .makes::<Import>("Taken in, with what its columns most likely hold.")
        .located(),
    Operation::get("/api/v1/customers/imports/{import}", "getImport", "Read how far an import is")
        .for_(MANAGED)
        .pieces(&[IMPORT])
        .gives::<Import>("The import."),
    Operation::post("/api/v1/customers/imports/{import}/preview", "previewImport", "Look at the first rows")
        .for_(MANAGED)
        .pieces(&[IMPORT])
        .takes::<ImportPlan>()
        .gives::<ImportPreview>("The first rows, and how many of all would be refused."),
    Operation::post("/api/v1/customers/imports/{import}/start", "startImport", "Begin an import")
        .about("Begun twice it goes on under the first plan.")
        .for_(MANAGED)
        .pieces(&[IMPORT])
        .takes::<ImportPlan>()
        .gives::<Import>("How far it is; the rest is done in the background.")
        .refuses(&[kinds::CONFLICT]),
    Operation::get("/api/v1/customers/imports/{import}/refused", "getRefusedRows", "Fetch an import's refused rows")
        .for_(MANAGED)
        .pieces(&[IMPORT])
        .gives_file("The rows as CSV, with a last column of reasons."),
];

/// A record in a list.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CustomerRow {
    /// Its id.
    pub id: CustomerId,
    /// Name.
    pub name: String,
    /// The first telephone number.
    pub phone: Option<String>,
    /// The first e-mail address.
    pub email: Option<String>,
    /// When it was last changed.
    pub changed_at: Moment,
    /// By what it was found: `email`, `phone`, `nip`, `field`, `name`; `null` where nothing was looked for.
    pub by: Option<String>,
}

/// A record.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// Name.
    pub name: String,
    /// Telephone numbers, each with its consent to SMS.
    pub phones: Vec<Phone>,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// Postal addresses.
    pub addresses: Vec<PostalAddress>,
    /// Tax number, of a company.
    pub nip: Option<String>,
    /// Locale such as `pl_PL`.
    pub locale: Option<String>,
    /// Notes.
    pub notes: String,
    /// Values of the fields that administrators added, by the fields' ids: a number as `-1234.5`, a date as `2026-03-01`.
    pub fields: BTreeMap<FieldId, String>,
    /// Changes with what the record says; `null` where only what it says was asked for.
    pub version: Option<u64>,
    /// When it was added.
    pub added_at: Option<Moment>,
    /// When it was last changed.
    pub changed_at: Option<Moment>,
    /// Records that were merged into it.
    pub merged: Vec<MergedRecord>,
}

/// A postal address.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PostalAddress {
    /// What it is for.
    pub label: String,
    /// Street, house, flat.
    pub street: String,
    /// Postal code; `00-950` in Poland.
    pub postal_code: String,
    /// City.
    pub city: String,
    /// Two letters (ISO 3166-1).
    pub country: String,
}

/// A postal address as typed or sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PostalAddressIn {
    /// What it is for.
    #[serde(default)]
    pub label: String,
    /// Street, house, flat.
    #[serde(default)]
    pub street: String,
    /// Postal code; `00-950` in Poland.
    #[serde(default)]
    pub postal_code: String,
    /// City.
    #[serde(default)]
    pub city: String,
    /// Two letters (ISO 3166-1); empty is Poland.
    #[serde(default)]
    pub country: String,
}

/// A record that was merged into another.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MergedRecord {
    /// The merging, for undoing it.
    pub merge: MergeId,
    /// The record.
    pub customer: CustomerId,
    /// When.
    pub at: Moment,
}

/// A telephone number.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Phone {
    /// The number, with `+` and the country's code.
    pub number: String,
    /// Whether it may be sent SMS.
    pub consent: Consent,
}

/// A consent to SMS.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Consent {
    /// Whether it was given.
    pub given: bool,
    /// When it was given or refused.
    pub at: Option<Moment>,
    /// How it was given.
    pub source: String,
}

/// A telephone number as typed or sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PhoneIn {
    /// The number; without a country's code it is a Polish one.
    pub number: String,
    /// Whether it may be sent SMS.
    #[serde(default)]
    pub consent: ConsentIn,
}

/// A consent as typed or sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsentIn {
    /// Whether it was given.
    #[serde(default)]
    pub given: bool,
    /// When: RFC 3339, or a date (`2026-03-01`) in Warsaw. A given consent without one was given now.
    #[serde(default)]
    pub at: Option<String>,
    /// How it was given.
    #[serde(default)]
    pub source: String,
}

/// A record as typed or sent: kept as it is until it can be read, so that a form is shown again with everything in it.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CustomerIn {
    /// Name.
    pub name: String,
    /// Telephone numbers.
    #[serde(default)]
    pub phones: Vec<PhoneIn>,
    /// E-mail addresses.
    #[serde(default)]
    pub emails: Vec<String>,
    /// Tax number, of a company.
    #[serde(default)]
    pub nip: Option<String>,
    /// Locale such as `pl_PL`.
    #[serde(default)]
    pub locale: Option<String>,
    /// Notes.
    #[serde(default)]
    pub notes: String,
    /// Postal addresses.
    #[serde(default)]
    pub addresses: Vec<PostalAddressIn>,
    /// Values of the fields that administrators added, by the fields' ids: texts, or numbers.
    #[serde(default, deserialize_with = "texts")]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, FieldValue>"))]
    pub fields: BTreeMap<String, String>,
    /// The ticket that the record is made for.
    #[serde(default)]
    pub ticket: Option<String>,
    /// The version that was read, of a record that is changed.
    #[serde(default)]
    pub version: Option<u64>,
    /// Makes adding it again the same adding.
    #[serde(default)]
    pub key: Option<String>,
}

/// A field's value as it is sent.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
enum FieldValue {
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// None.
    Nothing(()),
}

fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    let all = BTreeMap::<String, FieldValue>::deserialize(from)?;
    let text = |(id, value)| match value {
        FieldValue::Text(text) => (id, text),
        FieldValue::Whole(n) => (id, n.to_string()),
        FieldValue::Number(n) => (id, n.to_string()),
        FieldValue::Nothing(()) => (id, String::new()),
    };
    Ok(all.into_iter().map(text).collect())
}

/// A record that was added.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddedCustomer {
    /// Its id.
    pub id: CustomerId,
}

/// One thing that happened to a customer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimelineLine {
    /// When.
    pub at: Moment,
    /// What.
    #[serde(flatten)]
    pub what: Happened,
}

/// What happened.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "is", rename_all = "lowercase")]
pub enum Happened {
    /// The record was changed, or one that was merged into it.
    Change {
        /// Which.
        customer: CustomerId,
        /// Who did it.
        actor: Actor,
        /// How.
        change: RecordChange,
    },
    /// A ticket began.
    Ticket {
        /// The ticket.
        ticket: TicketId,
        /// Its number.
        number: Option<TicketNumber>,
        /// Its subject.
        subject: Option<String>,
        /// How it stands.
        status: Option<TicketStatus>,
    },
    /// An order was placed.
    Order {
        /// The marketplace's id.
        order: String,
        /// Through which connection it is known.
        connection: ConnectionId,
        /// What the customer knows it by.
        number: Option<String>,
        /// Where it is on its way, in the marketplace's words.
        state: Option<String>,
    },
    /// Another system told something.
    Event {
        /// What kind of thing: `order`, `review`, `note`, `other`.
        event: String,
        /// One line.
        title: String,
        /// More.
        detail: Option<String>,
        /// Who told it.
        source: String,
        /// Its page there.
        link: Option<String>,
    },
}

/// How a record was changed.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum RecordChange {
    /// It was added.
    Added,
    /// Some of it was changed.
    Edited {
        /// What.
        parts: Vec<ChangedPart>,
    },
    /// It was merged into another.
    MergedInto {
        /// The merging.
        merge: MergeId,
        /// The other one.
        customer: CustomerId,
    },
    /// Another one was merged into it.
    Merged {
        /// The merging.
        merge: MergeId,
        /// The other one.
        customer: CustomerId,
    },
    /// A merging was undone.
    Unmerged {
        /// Which.
        merge: MergeId,
    },
    /// Something else.
    Other,
}

/// A part of a record that was changed.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangedPart {
    /// `name`, `nip`, `locale`, `notes`, `field`, `phone`, `email`, `address`.
    pub what: String,
    /// The field's id, the number, or the address.
    pub which: Option<String>,
    /// What it says now; `null` if it was removed, and for notes.
    pub to: Option<String>,
    /// A phone's consent.
    pub consent: Option<Consent>,
}

/// One moment in the history of a consent.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsentPoint {
    /// The telephone number.
    pub number: String,
    /// When it was written down.
    pub at: Moment,
    /// By whom.
    pub actor: Actor,
    /// What was said; `null` when the number was removed.
    pub consent: Option<Consent>,
}

/// Something that two records have.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SharedValue {
    /// What: `email`, `phone`, `nip`, `field`.
    pub by: String,
    /// The field.
    pub field: Option<FieldId>,
    /// The value.
    pub value: String,
}

/// A record that may be the same customer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Suggestion {
    /// The record.
    pub customer: Customer,
    /// What both have.
    pub shared: Vec<SharedValue>,
}

/// Two records that may be one customer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DuplicatePair {
    /// One.
    pub first: Customer,
    /// The other.
    pub second: Customer,
    /// What both have.
    pub shared: Vec<SharedValue>,
}

/// Two records that are two customers.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApartIn {
    /// One record's id.
    pub first: String,
    /// The other's.
    pub second: String,
}

/// Which record is merged, and which values win: `survivor` (the default) or `other`.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MergeIn {
    /// The record that is merged.
    pub other: String,
    /// Makes merging again the same merging.
    #[serde(default)]
    pub key: Option<String>,
    /// Whose name.
    #[serde(default)]
    pub name: Option<String>,
    /// Whose tax number, if both have one.
    #[serde(default)]
    pub nip: Option<String>,
    /// Whose locale, if both have one.
    #[serde(default)]
    pub locale: Option<String>,
    /// Whose values of fields, by the fields' ids, if both have one.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

/// Records that were merged.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Merged {
    /// The merging.
    pub merge: MergeId,
    /// The record that is left.
    pub customer: CustomerId,
}

/// The confirmation that a person is to be erased.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EraseIn {
    /// The record's name.
    pub confirm: String,
}

/// A file with customers.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportIn {
    /// The file's name; noted as where consents are known from.
    pub name: String,
    /// Its bytes as base64: CSV in UTF-8 or windows-1250, with a heading.
    pub content: String,
}

/// What columns hold, and by what records are found.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportPlan {
    /// For every column: `nothing`, `name`, `phone`, `consent`, `consent-date`, `email`, `nip`, `notes`, `street`,
    /// `postal-code`, `city`, `country`, or a field's id. A row's consent counts from its `consent-date`, or from when the file
    /// was sent; a newer one of the record stays.
    pub columns: Vec<String>,
    /// `nothing` (the default), `email`, `phone`, `nip`, or the id of a text field.
    #[serde(default)]
    pub finder: String,
}

/// An import.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// The file's name.
    pub name: String,
    /// When it was sent.
    pub at: Moment,
    /// The file's heading.
    pub heading: Vec<String>,
    /// How many rows it has.
    pub rows: u64,
    /// What its columns most likely hold, for a plan.
    pub columns: Vec<String>,
    /// Whether it was begun.
    pub begun: bool,
    /// Whether all rows are done.
    pub done: bool,
    /// How far it is.
    pub progress: ImportProgress,
}

/// How far an import is.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportProgress {
    /// Rows that are done.
    pub rows: u64,
    /// Records that were added.
    pub added: u64,
    /// Records that were found, and say what the row says.
    pub found: u64,
    /// Rows that were refused.
    pub refused: u64,
    /// Rows of those found whose consent was left out: the record's is newer, or a yes without a date stands against its no.
    pub older_consents: u64,
}

/// The first rows of a file under a plan.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportPreview {
    /// The first rows.
    pub data: Vec<PreviewedRow>,
    /// How many of all rows would be refused for what they say.
    pub refused: u64,
}

/// A row of a preview.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PreviewedRow {
    /// Its number, from 1.
    pub row: u64,
    /// Its cells.
    pub cells: Vec<String>,
    /// The record it finds.
    pub customer: Option<CustomerId>,
    /// What is wrong with it, in words.
    pub faults: Vec<String>,
}
