//! The API under `/api/v1` as data.
//!
//! Here is what programs send and what they are answered ([`people`], [`tickets`], ...), and beside it the table of the
//! operations that take and give it. Three things are made from that table, so that none of them can say anything else:
//!
//! - **routing**: [`find`] decides what is 404 and 405, and [`Operation::who`] who may ask. A route that is not declared is
//!   not reached.
//! - **the document**: `document` writes OpenAPI 3.1; the types' docstrings are its descriptions.
//! - **the check**: `check` holds every answer of the components' tests against the document.
//!
//! No logic, and nothing of use cases: components fill these types. How one is added:
//! `docs/how-to/add-an-api-route.md`.

pub mod customers;
pub mod desk;
pub mod endpoints;
pub mod marketplaces;
mod moment;
mod operation;
pub mod orders;
pub mod page;
pub mod people;
mod problem;
pub mod reports;
pub mod routines;
pub mod service;
pub mod tickets;
pub mod webhooks;

#[cfg(feature = "check")]
pub mod check;
#[cfg(feature = "schema")]
pub mod document;
#[cfg(feature = "check")]
mod faults;

#[cfg(feature = "check")]
pub use faults::faults;
pub use moment::Moment;
pub use operation::{Answer, Kind, Missing, Operation, Parameter, Refusal, Verb, Who, Wire};
pub use problem::{PROBLEM_TYPE, Problem, kinds};

/// Where the API begins.
pub const BASE: &str = "/api/v1";
/// Where the document is.
pub const DOCUMENT: &str = "/api/openapi.json";

/// A part of the API: what the document groups its operations by.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Its name.
    pub name: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// The component that answers it.
    pub component: &'static str,
    /// Its operations.
    pub operations: &'static [Operation],
}

/// Every part, in the order of the document.
pub static PARTS: &[Part] = &[
    Part {
        name: "People",
        about: "Setting up, companies, employees, tokens.",
        component: "console",
        operations: people::OPERATIONS,
    },
    Part {
        name: "Tickets",
        about: "Conversations with customers: reading, answering, deciding whose they are and how they stand.",
        component: "helpdesk",
        operations: tickets::OPERATIONS,
    },
    Part {
        name: "Customers",
        about: "Records of the CRM.",
        component: "helpdesk",
        operations: customers::OPERATIONS,
    },
    Part {
        name: "Desk",
        about: "What tickets and records are sorted by: queues, categories, tags, sub-statuses, fields, templates of replies.",
        component: "helpdesk",
        operations: desk::OPERATIONS,
    },
    Part {
        name: "Service",
        about: "How the desk works: business hours, deadlines, giving tickets out in turn, automatic replies.",
        component: "helpdesk",
        operations: service::OPERATIONS,
    },
    Part {
        name: "Routines",
        about: "Macros, which people run on a ticket, and automations, which the timer runs on tickets that match.",
        component: "helpdesk",
        operations: routines::OPERATIONS,
    },
    Part {
        name: "Reports",
        about: "Tickets added up.",
        component: "helpdesk",
        operations: reports::OPERATIONS,
    },
    Part {
        name: "Dashboard",
        about: "What waits and what failed.",
        component: "console",
        operations: reports::DASHBOARD,
    },
    Part {
        name: "Marketplaces",
        about: "Connections to the shops whose customers write.",
        component: "helpdesk",
        operations: marketplaces::OPERATIONS,
    },
    Part {
        name: "Webhooks",
        about: "Shops whose events come by webhook: how they are signed, what they mean, and those that could not be understood.",
        component: "webhooks",
        operations: webhooks::OPERATIONS,
    },
    Part {
        name: "Endpoints",
        about: "Addresses that are told of our events by webhook.",
        component: "webhooks",
        operations: endpoints::OPERATIONS,
    },
];

/// Every operation.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    PARTS.iter().flat_map(|part| part.operations)
}

/// The operation that answers a method on a path, given as its decoded pieces.
///
/// # Errors
/// [`Missing`]: there is no such path, or it has other methods.
pub fn find(method: &str, pieces: &[&str]) -> Result<&'static Operation, Missing> {
    // Of several that fit, the one that names more pieces: `authenticate` before `{connection}`.
    let path = operations().filter(|o| o.fits(pieces)).map(|o| (o.literals(), o.path)).max();
    let (_, path) = path.ok_or(Missing::Path)?;
    let here = || operations().filter(|o| o.path == path);
    here().find(|o| o.verb.name() == method).ok_or_else(|| {
        let verbs: Vec<_> =
            here().map(|o| if o.verb == Verb::Get { "GET, HEAD" } else { o.verb.name() }).collect();
        Missing::Method { allow: verbs.join(", ") }
    })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
