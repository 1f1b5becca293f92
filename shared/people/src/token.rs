//! Personal API tokens: `mostek_<id>_<secret>`, for programs that act as an employee.
//!
//! A token carries its employee's rights as they are at the moment of the request. The secret is shown once.

use crate::audit::{self, Act, Scope};
use crate::credentials::{self, CredentialFact, Credentials, TokenRow};
use crate::error::{Caller, PeopleError, Refusal};
use crate::secret::{SecretHash, SecretText};
use crate::sign_in::fact_id;
use futures::future::try_join;
use mostek_domain::{EmployeeId, Label, Timestamp, TokenId};
use mostek_ports::{Clock, Random, StoreError, World};
use mostek_store::{Claim, Commit, Record};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Tokens an employee can have at a time, expired ones included until they are revoked.
pub const MOST_TOKENS: usize = 20;
/// The longest life of a token in days.
pub const LONGEST_DAYS: u32 = 366;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stored {
    employee: EmployeeId,
    secret: SecretHash,
    expires: Timestamp,
}

/// A new token.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Its public name.
    pub id: TokenId,
    /// The whole token, to be shown once.
    pub token: SecretText,
    /// When it ends.
    pub expires: Timestamp,
}

fn record(id: TokenId) -> Result<Record<Stored>, StoreError> {
    Record::new("token", &id.to_string()).map_err(|e| crate::key_error(&e))
}

fn out(id: TokenId) -> Result<Claim, StoreError> {
    Claim::new("token-out", &id.to_string()).map_err(|e| crate::key_error(&e))
}

/// The caller's own tokens, newest first.
///
/// # Errors
/// The store's.
pub async fn list<W: World>(world: &W, employee: EmployeeId) -> Result<Vec<(TokenId, TokenRow)>, StoreError> {
    let reading = credentials::read(world, employee).await?;
    Ok(reading.state.tokens().into_iter().map(|(id, t)| (id, t.clone())).collect())
}

/// Makes a token for the caller that lives for `days` (1 to [`LONGEST_DAYS`]).
///
/// # Errors
/// [`Refusal::TokensFull`], [`Refusal::Range`]; the store's.
pub async fn create<W: World>(
    world: &W,
    caller: Caller,
    name: &Label,
    days: u32,
) -> Result<NewToken, PeopleError> {
    if !(1..=LONGEST_DAYS).contains(&days) {
        return Err(Refusal::Range { field: "days", least: 1, most: u64::from(LONGEST_DAYS) }.into());
    }
    let reading = credentials::read(world, caller.employee).await?;
    if reading.state.tokens().len() >= MOST_TOKENS {
        return Err(Refusal::TokensFull.into());
    }
    let mut bits = [0u8; 16];
    world.random().fill(&mut bits);
    let id = TokenId::from_random(bits);
    let secret = SecretText::random(world.random());
    let expires = world.clock().now().plus(Duration::from_secs(u64::from(days) * 24 * 3600));
    let stored = Stored { employee: caller.employee, secret: SecretHash::of(secret.expose()), expires };
    let mut commit = Commit::by(caller.actor());
    let fact = CredentialFact::TokenAdded { token: id, name: name.clone(), expires };
    commit.append(&credentials::journal(caller.employee)?, Some(&reading), vec![(fact_id(world), fact)]);
    commit.also(record(id)?.pair(&stored)?);
    let act = Act::new("token-made", "token", id).from(caller.from).detail("name", name);
    audit::entry(world, &mut commit, Scope::Installation, act)?;
    commit.run(world).await?;
    Ok(NewToken { id, token: SecretText::new(format!("mostek_{id}_{}", secret.expose())), expires })
}

/// Revokes one of the caller's tokens. The counter decides and is written first.
///
/// # Errors
/// [`Refusal::NotFound`] if the caller has no such token; the store's.
pub async fn revoke<W: World>(world: &W, caller: Caller, id: TokenId) -> Result<(), PeopleError> {
    let reading = credentials::read(world, caller.employee).await?;
    if !reading.state.tokens().iter().any(|(t, _)| *t == id) {
        return Err(Refusal::NotFound.into());
    }
    out(id)?.take(world.kv()).await?;
    let mut commit = Commit::by(caller.actor());
    let fact = (fact_id(world), CredentialFact::TokenRevoked { token: id });
    commit.append(&credentials::journal(caller.employee)?, Some(&reading), vec![fact]);
    let act = Act::new("token-revoked", "token", id).from(caller.from);
    audit::entry(world, &mut commit, Scope::Installation, act)?;
    commit.run(world).await?;
    Ok(())
}

/// Revokes all of an employee's tokens; nothing is written if there are none. The counters decide and are written first.
///
/// # Errors
/// The store's; doing it again goes on.
pub async fn revoke_all<W: World>(world: &W, caller: Caller, employee: EmployeeId) -> Result<(), StoreError> {
    let reading = credentials::read(world, employee).await?;
    let all = end_all(world, &reading.state).await?;
    if all.is_empty() {
        return Ok(());
    }
    let mut commit = Commit::by(caller.actor());
    let facts = revocations(world, &all);
    commit.append(&credentials::journal(employee)?, Some(&reading), facts);
    audit::entries(world, &mut commit, Scope::Installation, acts(caller, &all))?;
    commit.run(world).await.map(|_| ())
}

/// Ends tokens at once, before anything is said about it. Gives their ids.
pub(crate) async fn end_all<W: World>(
    world: &W,
    credentials: &Credentials,
) -> Result<Vec<TokenId>, StoreError> {
    let all: Vec<TokenId> = credentials.tokens().into_iter().map(|(id, _)| id).collect();
    for id in &all {
        out(*id)?.take(world.kv()).await?;
    }
    Ok(all)
}

/// The facts that these tokens are revoked.
pub(crate) fn revocations<W: World>(world: &W, all: &[TokenId]) -> Vec<(String, CredentialFact)> {
    all.iter().map(|id| (fact_id(world), CredentialFact::TokenRevoked { token: *id })).collect()
}

/// What the audit journal says of them.
pub(crate) fn acts(caller: Caller, all: &[TokenId]) -> Vec<Act> {
    all.iter().map(|id| Act::new("token-revoked", "token", id).from(caller.from)).collect()
}

/// Whose a token is; `None` for one that is unknown, wrong, revoked or expired. Two reads at once.
///
/// # Errors
/// The store's.
pub async fn check<W: World>(world: &W, token: &str) -> Result<Option<(EmployeeId, TokenId)>, StoreError> {
    let Some((id, secret)) = token.strip_prefix("mostek_").and_then(|t| t.split_once('_')) else {
        return Ok(None);
    };
    let Ok(id) = TokenId::parse(id) else { return Ok(None) };
    let (claim, record) = (out(id)?, record(id)?);
    let (stored, revoked) = try_join(record.get(world.kv()), claim.taken(world.kv())).await?;
    let good =
        stored.filter(|s| s.secret.matches(secret) && revoked == 0 && world.clock().now() <= s.expires);
    Ok(good.map(|s| (s.employee, id)))
}
