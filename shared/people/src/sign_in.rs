//! Signing in with e-mail and password, and changing the password.

use crate::audit::{self, Act, Scope};
use crate::credentials::{self, CredentialFact, Credentials};
use crate::directory::{self, Directory, Lockout};
use crate::error::{Caller, PeopleError, Refusal};
use crate::limiter::{Limiter, Look};
use crate::password::{self, NewPassword};
use crate::session::{self, SignedOut, Ticket};
use crate::throttle;
use futures::future::{join, try_join, try_join3};
use mostek_domain::{EmailAddress, EmployeeId};
use mostek_ports::{Random, World};
use mostek_store::Commit;
use mostek_store::journal::Actor;
use std::net::IpAddr;

/// The longest e-mail address in characters that is looked at (RFC 5321, 4.5.3.1.3, less the brackets).
const LONGEST_EMAIL: usize = 254;

/// Signs in: a ticket for the browser.
///
/// An unknown address, a disabled employee and one without a password are answered like a wrong password, after the same
/// work. What is counted is the address as typed, so unknown ones lock too; and attempts of one client and of everybody
/// are counted before a password is looked at or anything is noted. Store operations: 10 reads or so in six round trips, 5
/// increments (client, everybody, attempt, series, audit) and 1 `set_many` on success.
///
/// # Errors
/// [`Refusal::WrongCredentials`], [`Refusal::Locked`]; the store's.
pub async fn sign_in<W: World>(
    world: &W,
    email: &str,
    password: &str,
    from: Option<IpAddr>,
) -> Result<(EmployeeId, Ticket), PeopleError> {
    let email = email.trim();
    // Nobody's: refused before anything is counted or written.
    if email.chars().nth(LONGEST_EMAIL).is_some() {
        return Err(Refusal::WrongCredentials.into());
    }
    let typed = email.to_lowercase();
    let limiter = Limiter::new("sign-in", &typed)?;
    let (minute, read) =
        join(throttle::look(world, "sign-in", from), try_join(limiter.look(world), directory::read(world)))
            .await;
    let (minute, (look, directory)) = (minute?, read?);
    // The name first: guesses at one that has no attempts left take none from others at the same address.
    let attempt = look.attempt(world, directory.state.lockout()).await?;
    minute.take(world).await?;

    let known = EmailAddress::parse(&typed)
        .ok()
        .and_then(|e| directory.state.by_email(&e))
        .filter(|id| directory.state.employee(*id).is_some_and(|e| *e.active));
    // For an unknown address somebody is read too: the same number of reads, and nothing is ever found.
    let whom = known.unwrap_or_else(|| EmployeeId::deterministic(&[b"nobody", typed.as_bytes()]));
    let (credentials, generation) =
        try_join(credentials::read(world, whom), session::present_generation(world, whom)).await?;

    if !password::verify(credentials.state.password(), password) {
        let locked = attempt.failed(world).await?;
        let act = if locked { "sign-in-locked" } else { "sign-in-failed" };
        let act = tried(act, &directory.state, &typed).from(from);
        audit::write(world, Actor::System("sign-in".into()), Scope::Installation, act).await?;
        return Err(Refusal::WrongCredentials.into());
    }

    let caller = Caller { employee: whom, from };
    let mut commit = Commit::by(caller.actor());
    let ticket = session::open(world, &mut commit, whom, generation)?;
    let act = Act::new("signed-in", "employee", whom).from(from);
    audit::entry(world, &mut commit, Scope::Installation, act)?;
    try_join(attempt.succeeded(world), commit.run(world)).await?;
    Ok((whom, ticket))
}

/// A failed attempt, for the audit journal. What was typed is named only if it is an employee's address: people type their
/// password into the wrong field. Of an unknown address its domain is told if employees have it too.
fn tried(act: &str, directory: &Directory, typed: &str) -> Act {
    let Some(email) = EmailAddress::parse(typed).ok() else { return Act::new(act, "unknown-address", "") };
    if directory.by_email(&email).is_some() {
        return Act::new(act, "address", email);
    }
    let domain = |e: &EmailAddress| e.as_str().rsplit_once('@').map(|(_, d)| d.to_lowercase());
    let of = domain(&email);
    let is_ours = of.is_some() && directory.employees().iter().any(|(_, e)| domain(&e.email) == of);
    Act::new(act, "unknown-address", of.filter(|_| is_ours).unwrap_or_default())
}

/// Has somebody who is signed in show again who they are, by the present password: before what outlives a session. Wrong
/// ones are counted with those of changing the password.
///
/// # Errors
/// [`Refusal::CurrentPassword`], [`Refusal::Locked`]; the store's.
pub async fn confirm<W: World>(world: &W, caller: Caller, present: &str) -> Result<(), PeopleError> {
    let id = caller.employee;
    let limiter = Limiter::new("password", &id.to_string())?;
    let (look, directory, credentials) =
        try_join3(limiter.look(world), directory::read(world), credentials::read(world, id)).await?;
    verify(world, look, directory.state.lockout(), &credentials.state, present).await
}

async fn verify<W: World>(
    world: &W,
    look: Look,
    rule: Lockout,
    credentials: &Credentials,
    present: &str,
) -> Result<(), PeopleError> {
    let attempt = look.attempt(world, rule).await?;
    if !password::verify(credentials.password(), present) {
        attempt.failed(world).await?;
        return Err(Refusal::CurrentPassword.into());
    }
    attempt.succeeded(world).await?;
    Ok(())
}

/// Changes the password of somebody who is signed in and knows the present one. All sessions end; the ticket is a new
/// one for this browser. Wrong present passwords are counted like failed sign-ins, apart from them.
///
/// # Errors
/// [`Refusal::CurrentPassword`], [`Refusal::Password`], [`Refusal::Locked`]; the store's.
pub async fn change_password<W: World>(
    world: &W,
    caller: Caller,
    present: &str,
    new: &str,
    hook: &impl SignedOut,
) -> Result<Ticket, PeopleError> {
    let id = caller.employee;
    let limiter = Limiter::new("password", &id.to_string())?;
    let (look, directory, credentials) =
        try_join3(limiter.look(world), directory::read(world), credentials::read(world, id)).await?;
    let employee = directory.state.employee(id).ok_or(Refusal::NotFound)?;
    let new = NewPassword::parse(new, employee.email.as_str())?;
    verify(world, look, directory.state.lockout(), &credentials.state, present).await?;
    let hash = password::hash(&new, world.random())?;
    // Ended first: if the write fails, somebody signs in again with the old password, and that is all.
    let generation = session::end_all(world, id).await?;
    let mut commit = Commit::by(caller.actor());
    let fact = (fact_id(world), CredentialFact::PasswordSet { hash });
    commit.append(&credentials::journal(id)?, Some(&credentials), vec![fact]);
    let ticket = session::open(world, &mut commit, id, generation)?;
    let act = Act::new("password-changed", "employee", id).from(caller.from);
    audit::entry(world, &mut commit, Scope::Installation, act)?;
    commit.run(world).await?;
    hook.signed_out(id, None).await;
    Ok(ticket)
}

/// An id for a fact that is written once, by one request.
pub(crate) fn fact_id<W: World>(world: &W) -> String {
    format!("{:016x}{:016x}", world.random().u64(), world.random().u64())
}
