//! What an employee signs in with: the password's hash, the present invitation, and the list of API tokens.
//!
//! One journal per employee, `people-cred:<id>`, apart from the directory, which everybody's requests read.

use crate::password::PasswordHashText;
use mostek_domain::{EmployeeId, InvitationId, Label, Timestamp, TokenId};
use mostek_ports::{StoreError, World};
use mostek_store::journal::{Aggregate, Entry, Journal, Reading};
use mostek_store::keys::JournalKey;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Revoked tokens that are still listed.
const REVOKED_KEPT: usize = 100;

/// What is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum CredentialFact {
    /// A password was chosen.
    PasswordSet {
        /// Its hash.
        hash: PasswordHashText,
    },
    /// An invitation was made; it replaces an earlier one.
    Invited {
        /// Which.
        invitation: InvitationId,
    },
    /// An API token was made.
    TokenAdded {
        /// Which.
        token: TokenId,
        /// What it is for.
        name: Label,
        /// When it ends.
        expires: Timestamp,
    },
    /// An API token was revoked.
    TokenRevoked {
        /// Which.
        token: TokenId,
    },
}

/// An API token in the list; its secret is nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRow {
    /// What it is for; `None` if only its revocation has been read so far.
    pub name: Option<Label>,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// An employee's credentials as they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    password: Option<(u64, PasswordHashText)>,
    invitation: Option<(u64, InvitationId)>,
    tokens: BTreeMap<TokenId, TokenRow>,
}

impl Credentials {
    /// The password's hash; `None` until an invitation is accepted.
    #[must_use]
    pub fn password(&self) -> Option<&PasswordHashText> {
        self.password.as_ref().map(|(_, h)| h)
    }

    /// The invitation that can be accepted: the newest, unless a password was set after it.
    #[must_use]
    pub fn open_invitation(&self) -> Option<InvitationId> {
        let (slot, id) = self.invitation.as_ref()?;
        let used = self.password.as_ref().is_some_and(|(p, _)| p > slot);
        (!used).then_some(*id)
    }

    /// Tokens that were not revoked, newest first.
    #[must_use]
    pub fn tokens(&self) -> Vec<(TokenId, &TokenRow)> {
        let mut all: Vec<_> = self
            .tokens
            .iter()
            .filter(|(_, t)| !t.revoked && t.name.is_some())
            .map(|(id, t)| (*id, t))
            .collect();
        all.sort_by_key(|(id, t)| (std::cmp::Reverse(t.created), *id));
        all
    }
}

/// The fold.
#[derive(Debug)]
pub struct CredentialFold;

impl Aggregate for CredentialFold {
    type Fact = CredentialFact;
    type State = Credentials;
    const FOLD: u32 = 1;

    fn apply(state: &mut Credentials, entry: &Entry<CredentialFact>) {
        match &entry.fact {
            CredentialFact::PasswordSet { hash } => {
                if state.password.as_ref().is_none_or(|(slot, _)| entry.slot >= *slot) {
                    state.password = Some((entry.slot, hash.clone()));
                }
            }
            CredentialFact::Invited { invitation } => {
                if state.invitation.as_ref().is_none_or(|(slot, _)| entry.slot >= *slot) {
                    state.invitation = Some((entry.slot, *invitation));
                }
            }
            CredentialFact::TokenAdded { token, name, expires } => {
                let row = state.tokens.entry(*token).or_insert_with(|| TokenRow {
                    name: None,
                    created: entry.at(),
                    expires: *expires,
                    revoked: false,
                });
                row.name = Some(name.clone());
                row.created = entry.at();
                row.expires = *expires;
            }
            CredentialFact::TokenRevoked { token } => {
                // Also for a token not seen yet: it may turn up late in a hole.
                state
                    .tokens
                    .entry(*token)
                    .or_insert_with(|| TokenRow {
                        name: None,
                        created: entry.at(),
                        expires: entry.at(),
                        revoked: true,
                    })
                    .revoked = true;
                while state.tokens.values().filter(|t| t.revoked).count() > REVOKED_KEPT {
                    let oldest =
                        state.tokens.iter().filter(|(_, t)| t.revoked).min_by_key(|(_, t)| t.created);
                    let Some(id) = oldest.map(|(id, _)| *id) else { break };
                    state.tokens.remove(&id);
                }
            }
        }
    }
}

/// The journal of an employee.
pub(crate) fn journal(employee: EmployeeId) -> Result<Journal<CredentialFold>, StoreError> {
    let key = JournalKey::new("people-cred", &employee.to_string()).map_err(|e| crate::key_error(&e))?;
    Ok(Journal::at(key))
}

/// Reads an employee's credentials: two round trips.
///
/// # Errors
/// The store's.
pub async fn read<W: World>(world: &W, employee: EmployeeId) -> Result<Reading<CredentialFold>, StoreError> {
    journal(employee)?.read(world.kv(), world.clock()).await
}
