//! Who may do what: companies, employees, signing in, tokens, settings, the audit journal, sealed secrets.
//!
//! Use cases are generic over [`mostek_ports::World`]. A component's routes begin with [`gate`]: it says who asks and
//! refuses who may not. What is kept where:
//!
//! | key | what | module |
//! |---|---|---|
//! | journal `people:directory` | companies, employees, rights, settings | [`directory`] |
//! | journal `people-cred:<employee>` | password hash, open invitation, list of tokens | [`credentials`] |
//! | journal `audit:<company>`, `audit:install` | who did what | [`audit`] |
//! | records `session:<id>`, `session-use:<id>` | a signed-in browser, when it was last used | [`session`] |
//! | counters `session-out:<id>`, `session-gen:<employee>` | signed out, signed out everywhere | [`session`] |
//! | record `token:<id>`, counter `token-out:<id>` | an API token, revoked | [`token`] |
//! | record `invitation:<id>`, counter `invitation-use:<id>` | a one-time link, used | [`invitation`] |
//! | counters `try-series:<hash>`, `try:<hash>-<series>`, record `try-lock:<hash>` | failed attempts | [`limiter`] |
//! | counters `try-minute:<hash>-<minute>` | attempts from an address, and by everybody | `throttle` |
//! | record `installation:this` | the installation's id | [`installation`] |

pub mod audit;
pub mod companies;
pub mod credentials;
pub mod directory;
pub mod employees;
pub mod error;
pub mod gate;
pub mod installation;
pub mod invitation;
pub mod limiter;
pub mod origin;
pub mod password;
pub mod sealed;
pub mod secret;
pub mod session;
pub mod setup;
pub mod sign_in;
pub mod testing;
mod throttle;
pub mod token;

#[cfg(test)]
mod use_case_tests;

pub use directory::{CompanySettings, Directory, Lockout, settings};
pub use error::{Caller, PeopleError, Refusal};
pub use gate::Session;
pub use sealed::{SealError, Sealed, seal, unseal};
pub use secret::SecretText;

use mostek_ports::StoreError;

/// Ids are of the alphabet that keys allow, so this is a mistake of ours and never a person's.
fn key_error(e: &mostek_store::KeyError) -> StoreError {
    StoreError::Corrupt { key: "key".into(), reason: e.to_string() }
}
