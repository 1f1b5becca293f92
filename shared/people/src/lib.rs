//! Who may do what: companies, employees, signing in, tokens, settings, the audit journal, sealed secrets.
//!
//! Use cases are generic over [`mostek_ports::World`].

pub mod installation;
pub mod sealed;
pub mod secret;

pub use sealed::{SealError, Sealed, seal, unseal};
pub use secret::SecretText;

use mostek_ports::StoreError;

/// Ids are of the alphabet that keys allow, so this is a mistake of ours and never a person's.
fn key_error(e: &mostek_store::KeyError) -> StoreError {
    StoreError::Corrupt { key: "key".into(), reason: e.to_string() }
}
