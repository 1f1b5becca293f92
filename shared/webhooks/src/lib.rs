//! Webhooks without any I/O: whether a request really comes from whom it says, what a shop's event means here, and how our own
//! events are signed.
//!
//! [`scheme`] lists the conventions of the senders we know, [`signature`] checks them and signs ours; [`pointer`],
//! [`mapping`] and [`presets`] turn a JSON body into something a helpdesk understands; [`address`] and [`plan`] are the
//! rules for sending our own.

pub mod address;
pub mod mapping;
pub mod plan;
pub mod pointer;
pub mod presets;
pub mod scheme;
pub mod secret;
pub mod signature;

pub use mapping::{Becomes, Mapped, Mapping, Unreadable};
pub use scheme::Scheme;
pub use secret::{Secret, SecretError};
pub use signature::{Refused, Verified, verify};
