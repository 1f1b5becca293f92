//! Signed-in browsers.
//!
//! The cookie is `<employee>.<session>.<secret>`; the store has the secret's hash. A session is valid if its record has
//! that hash, its counter `session-out` is 0 (a sign-out adds one), its generation is the employee's present one (a
//! sign-out everywhere adds one), and it was used within [`LIFE`]. All four are read at once.

use crate::audit::{self, Act, Scope};
use crate::error::Caller;
use crate::secret::{SecretHash, SecretText};
use futures::future::{try_join, try_join4};
use mostek_domain::{EmployeeId, SessionId, Timestamp};
use mostek_ports::{Clock, Level, Log, Random, StoreError, World};
use mostek_store::{Claim, Commit, Record};
use mostek_web::Cookie;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// The cookie's name.
pub const COOKIE: &str = "mostek_session";
/// A session ends so long after its last use.
pub const LIFE: Duration = Duration::from_secs(12 * 3600);
/// The last use is written down at most so often, so that a click costs no write. A session may therefore end up to so
/// much before [`LIFE`] is over.
pub const USE_STEP: Duration = Duration::from_secs(600);

/// What the store knows of a session.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stored {
    employee: EmployeeId,
    secret: SecretHash,
    created: Timestamp,
    generation: u64,
}

/// When a session was used. The last write wins: an older moment that comes back ends the session earlier, never later.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Used {
    at: Timestamp,
}

/// What a browser shows to be somebody.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The employee.
    pub employee: EmployeeId,
    /// The session.
    pub session: SessionId,
    secret: SecretText,
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ticket({})", self.session)
    }
}

impl Ticket {
    /// Reads a cookie's value; `None` for anything that cannot be one of ours.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let mut parts = value.split('.');
        let employee = EmployeeId::parse(parts.next()?).ok()?;
        let session = SessionId::parse(parts.next()?).ok()?;
        let secret = parts.next().filter(|s| s.len() == 43)?;
        parts.next().is_none().then(|| Self { employee, session, secret: SecretText::new(secret) })
    }

    /// The cookie. It has no age of its own: the store knows when the session ends.
    #[must_use]
    pub fn cookie(&self) -> Cookie {
        Cookie::new(COOKIE, format!("{}.{}.{}", self.employee, self.session, self.secret.expose()))
            .lasting(LIFE.saturating_mul(60))
    }
}

struct Keys {
    stored: Record<Stored>,
    used: Record<Used>,
    out: Claim,
}

fn keys(session: SessionId) -> Result<Keys, StoreError> {
    let id = session.to_string();
    let fail = |e| crate::key_error(&e);
    Ok(Keys {
        stored: Record::new("session", &id).map_err(fail)?,
        used: Record::new("session-use", &id).map_err(fail)?,
        out: Claim::new("session-out", &id).map_err(fail)?,
    })
}

fn generation(employee: EmployeeId) -> Result<Claim, StoreError> {
    Claim::new("session-gen", &employee.to_string()).map_err(|e| crate::key_error(&e))
}

/// The employee's present generation, for [`open`]: read it before the password is looked at, so that a sign-out
/// everywhere in between ends the new session too.
///
/// # Errors
/// The store's.
pub async fn present_generation<W: World>(world: &W, employee: EmployeeId) -> Result<u64, StoreError> {
    generation(employee)?.taken(world.kv()).await
}

/// Makes a session whose record rides in `commit`.
///
/// # Errors
/// [`StoreError::Corrupt`] never in practice: the record fits.
pub fn open<W: World>(
    world: &W,
    commit: &mut Commit<'_>,
    employee: EmployeeId,
    generation: u64,
) -> Result<Ticket, StoreError> {
    let mut bits = [0u8; 16];
    world.random().fill(&mut bits);
    let ticket = Ticket {
        employee,
        session: SessionId::from_random(bits),
        secret: SecretText::random(world.random()),
    };
    let created = world.clock().now();
    let stored = Stored { employee, secret: SecretHash::of(ticket.secret.expose()), created, generation };
    commit.also(keys(ticket.session)?.stored.pair(&stored)?);
    Ok(ticket)
}

/// Whether a ticket is good at this moment: four reads at once, and one write at most every [`USE_STEP`].
///
/// # Errors
/// The store's; a failed write of the last use is only logged.
pub async fn check<W: World>(world: &W, ticket: &Ticket) -> Result<bool, StoreError> {
    let kv = world.kv();
    let keys = keys(ticket.session)?;
    let generation = generation(ticket.employee)?;
    let (stored, used, out, present) =
        try_join4(keys.stored.get(kv), keys.used.get(kv), keys.out.taken(kv), generation.taken(kv)).await?;
    let Some(stored) = stored else { return Ok(false) };
    let now = world.clock().now();
    let last = used.map_or(stored.created, |u| u.at.max(stored.created));
    let good = stored.secret.matches(ticket.secret.expose())
        && stored.employee == ticket.employee
        && out == 0
        && stored.generation == present
        && now.since(last) <= LIFE;
    if good
        && now.since(last) >= USE_STEP
        && let Err(e) = keys.used.set(kv, &Used { at: now }).await
    {
        world.log().write(Level::Warning, &format!("the last use of a session was not written: {e}"));
    }
    Ok(good)
}

/// What other capabilities do when somebody signs out (the assistant deletes its thread). The audit entry
/// `signed-out` is the durable trace for whoever was not there.
#[allow(async_fn_in_trait)]
pub trait SignedOut {
    /// Called after the session, or all sessions (`None`), ended. What it cannot do now it must do later by itself.
    async fn signed_out(&self, employee: EmployeeId, session: Option<SessionId>);
}

/// Nobody waits for it.
pub struct NobodyWaits;

impl SignedOut for NobodyWaits {
    async fn signed_out(&self, _employee: EmployeeId, _session: Option<SessionId>) {}
}

/// Ends one session: the counter decides, deleting the records only tidies up.
///
/// # Errors
/// The store's; the session may or may not have ended then.
pub async fn sign_out<W: World>(
    world: &W,
    caller: Caller,
    session: SessionId,
    hook: &impl SignedOut,
) -> Result<(), StoreError> {
    let keys = keys(session)?;
    keys.out.take(world.kv()).await?;
    let tidy =
        async { try_join(keys.stored.delete(world.kv()), keys.used.delete(world.kv())).await.map(|_| ()) };
    let act = Act::new("signed-out", "employee", caller.employee).from(caller.from);
    try_join(tidy, audit::write(world, caller.actor(), Scope::Installation, act)).await?;
    hook.signed_out(caller.employee, Some(session)).await;
    Ok(())
}

/// Ends all sessions of an employee: one write, and the audit entry.
///
/// # Errors
/// The store's.
pub async fn sign_out_everywhere<W: World>(
    world: &W,
    caller: Caller,
    employee: EmployeeId,
    hook: &impl SignedOut,
) -> Result<(), StoreError> {
    end_all(world, employee).await?;
    let act = Act::new("signed-out-everywhere", "employee", employee).from(caller.from);
    audit::write(world, caller.actor(), Scope::Installation, act).await?;
    hook.signed_out(employee, None).await;
    Ok(())
}

/// Ends all sessions of an employee without a word: part of acts that have their own audit entry.
pub(crate) async fn end_all<W: World>(world: &W, employee: EmployeeId) -> Result<u64, StoreError> {
    generation(employee)?.take(world.kv()).await
}
