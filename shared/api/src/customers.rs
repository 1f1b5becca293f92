//! Records of the CRM.

use crate::Moment;
use crate::operation::{Operation, Parameter, Who};
use crate::page::{AFTER, Counted, LIMIT};
use crate::problem::kinds;
use mostek_domain::{Capability, CustomerId, FieldId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const CUSTOMER: Parameter = Parameter::new::<CustomerId>("customer", "The record.");

/// The operations.
pub static OPERATIONS: &[Operation] = &[
    Operation::get("/api/v1/customers", "listCustomers", "List customers")
        .for_(Who::With(Capability::Helpdesk))
        .query(&[AFTER, LIMIT])
        .gives::<Counted<CustomerRow>>("Records, latest change first."),
    Operation::post("/api/v1/customers", "addCustomer", "Add a customer")
        .about("With a `ticket` the record becomes that ticket's customer.")
        .for_(Who::With(Capability::Helpdesk))
        .takes::<CustomerIn>()
        .makes::<AddedCustomer>("Added.")
        .located()
        .refuses(&[kinds::NOT_FOUND, kinds::CONFLICT]),
    Operation::get("/api/v1/customers/{customer}", "getCustomer", "Read a customer")
        .for_(Who::With(Capability::Helpdesk))
        .pieces(&[CUSTOMER])
        .gives::<Customer>("The record: what can be sent back to change it."),
    Operation::put("/api/v1/customers/{customer}", "changeCustomer", "Change a customer")
        .about("The whole record is replaced.")
        .for_(Who::With(Capability::Helpdesk))
        .pieces(&[CUSTOMER])
        .takes::<CustomerIn>()
        .refuses(&[kinds::CONFLICT]),
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
    /// Tax number, of a company.
    pub nip: Option<String>,
    /// Locale such as `pl_PL`.
    pub locale: Option<String>,
    /// Notes.
    pub notes: String,
    /// Values of the fields that administrators added, by the fields' ids.
    pub fields: BTreeMap<FieldId, String>,
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
    /// Values of the fields that administrators added, by the fields' ids.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The ticket that the record is made for.
    #[serde(default)]
    pub ticket: Option<String>,
}

/// A record that was added.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddedCustomer {
    /// Its id.
    pub id: CustomerId,
}
