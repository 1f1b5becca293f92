//! One-time links by which an employee chooses a first, or a new, password.
//!
//! A link is good for [`LIFE`], once, and only until the next one is made for the same employee. "Once" is decided by a
//! counter; a crash between taking it and writing the password uses the link up, and an administrator makes another.

use crate::audit::{self, Act, Scope};
use crate::credentials::{self, CredentialFact};
use crate::directory;
use crate::error::{Caller, PeopleError, Refusal};
use crate::password::{self, NewPassword};
use crate::secret::{SecretHash, SecretText};
use crate::session::{self, Ticket};
use crate::sign_in::fact_id;
use crate::token;
use futures::future::try_join3;
use mostek_domain::{EmailAddress, EmployeeId, InvitationId, PersonName, Timestamp};
use mostek_ports::{Clock, Random, StoreError, World};
use mostek_store::{Claim, Commit, Record};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a link is good.
pub const LIFE: Duration = Duration::from_secs(7 * 24 * 3600);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stored {
    employee: EmployeeId,
    secret: SecretHash,
    expires: Timestamp,
}

/// A link, shown once.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its path and secret: `/invitation/<id>.<secret>`.
    pub path: SecretText,
    /// Until when it is good.
    pub expires: Timestamp,
}

/// Whom a link is for.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The employee.
    pub employee: EmployeeId,
    /// Their name.
    pub name: PersonName,
    /// Their address.
    pub email: EmailAddress,
}

fn record(id: InvitationId) -> Result<Record<Stored>, StoreError> {
    Record::new("invitation", &id.to_string()).map_err(|e| crate::key_error(&e))
}

fn uses(id: InvitationId) -> Result<Claim, StoreError> {
    Claim::new("invitation-use", &id.to_string()).map_err(|e| crate::key_error(&e))
}

/// Adds a new invitation to a commit that is about the employee.
pub(crate) fn add<W: World>(
    world: &W,
    commit: &mut Commit<'_>,
    employee: EmployeeId,
) -> Result<Link, StoreError> {
    let mut bits = [0u8; 16];
    world.random().fill(&mut bits);
    let id = InvitationId::from_random(bits);
    let secret = SecretText::random(world.random());
    let expires = world.clock().now().plus(LIFE);
    let stored = Stored { employee, secret: SecretHash::of(secret.expose()), expires };
    commit.also(record(id)?.pair(&stored)?);
    let fact = (fact_id(world), CredentialFact::Invited { invitation: id });
    commit.append(&credentials::journal(employee)?, None, vec![fact]);
    Ok(Link { path: SecretText::new(format!("/invitation/{id}.{}", secret.expose())), expires })
}

/// Makes a new link for an employee, for instance because the password was forgotten. Earlier links end; the present
/// password stays until the link is used.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Disabled`], since the link would not work; the store's.
pub async fn renew<W: World>(world: &W, caller: Caller, employee: EmployeeId) -> Result<Link, PeopleError> {
    let directory = directory::read(world).await?;
    if !*directory.state.employee(employee).ok_or(Refusal::NotFound)?.active {
        return Err(Refusal::Disabled.into());
    }
    let mut commit = Commit::by(caller.actor());
    let link = add(world, &mut commit, employee)?;
    let act = Act::new("invitation-made", "employee", employee).from(caller.from);
    audit::entry(world, &mut commit, Scope::Installation, act)?;
    commit.run(world).await?;
    Ok(link)
}

struct Open {
    id: InvitationId,
    invited: Invited,
}

async fn open<W: World>(world: &W, token: &str) -> Result<Open, PeopleError> {
    let invalid = || PeopleError::from(Refusal::Invitation);
    let (id, secret) = token.split_once('.').ok_or_else(invalid)?;
    let id = InvitationId::parse(id).map_err(|_| invalid())?;
    let stored = record(id)?.get(world.kv()).await?.ok_or_else(invalid)?;
    if !stored.secret.matches(secret) || world.clock().now() > stored.expires {
        return Err(invalid());
    }
    let (used, directory, credentials) = try_join3(
        uses(id)?.taken(world.kv()),
        directory::read(world),
        credentials::read(world, stored.employee),
    )
    .await?;
    let employee = directory.state.employee(stored.employee).filter(|e| *e.active).ok_or_else(invalid)?;
    if used > 0 || credentials.state.open_invitation() != Some(id) {
        return Err(invalid());
    }
    let invited = Invited {
        employee: stored.employee,
        name: employee.name.get().clone(),
        email: employee.email.get().clone(),
    };
    Ok(Open { id, invited })
}

/// Whom the last piece of a link's path is for.
///
/// # Errors
/// [`Refusal::Invitation`] if it is not good; the store's.
pub async fn look<W: World>(world: &W, token: &str) -> Result<Invited, PeopleError> {
    open(world, token).await.map(|o| o.invited)
}

/// Uses a link: sets the password, ends all sessions and tokens, signs in. Whoever needs a new password may have lost the
/// old one to somebody, who may have made tokens with it.
///
/// # Errors
/// [`Refusal::Invitation`], [`Refusal::Password`] (the link stays good then); the store's.
pub async fn accept<W: World>(
    world: &W,
    link: &str,
    password: &str,
    from: Option<std::net::IpAddr>,
) -> Result<(EmployeeId, Ticket), PeopleError> {
    let Open { id, invited } = open(world, link).await?;
    let employee = invited.employee;
    let new = NewPassword::parse(password, invited.email.as_str())?;
    let hash = password::hash(&new, world.random())?;
    if uses(id)?.take(world.kv()).await? != 1 {
        return Err(Refusal::Invitation.into());
    }
    let generation = session::end_all(world, employee).await?;
    let caller = Caller { employee, from };
    // Read after the sessions have ended: none of them makes another token.
    let present = credentials::read(world, employee).await?;
    let tokens = token::end_all(world, &present.state).await?;
    let mut commit = Commit::by(caller.actor());
    let mut facts = vec![(fact_id(world), CredentialFact::PasswordSet { hash })];
    facts.extend(token::revocations(world, &tokens));
    commit.append(&credentials::journal(employee)?, Some(&present), facts);
    let ticket = session::open(world, &mut commit, employee, generation)?;
    let mut acts = vec![Act::new("invitation-accepted", "employee", employee).from(from)];
    acts.extend(token::acts(caller, &tokens));
    audit::entries(world, &mut commit, Scope::Installation, acts)?;
    commit.run(world).await?;
    Ok((employee, ticket))
}
