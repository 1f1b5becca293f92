//! Failed attempts: after so many the name is locked for a while.
//!
//! An attempt takes its number from a counter *before* the password is looked at, so that of a hundred parallel attempts
//! only the first few are looked at. Attempts are counted in series; a lock begins the next series, and so does a success
//! after failures. The lock is a record for which the last write wins: an older one coming back ends the lock early, and
//! then the new series still allows only so many attempts.

use crate::directory::Lockout;
use crate::error::{PeopleError, Refusal};
use mostek_ports::{Clock, StoreError, Timestamp, World};
use mostek_store::{Claim, Record};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::Duration;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Lock {
    until: Timestamp,
}

/// What attempts are counted for.
pub struct Limiter {
    name: String,
    series: Claim,
    lock: Record<Lock>,
}

/// How things stood before an attempt.
pub struct Look {
    limiter: Limiter,
    series: u64,
    locked_until: Option<Timestamp>,
}

/// An attempt that may be made.
pub struct Attempt {
    limiter: Limiter,
    number: u64,
    rule: Lockout,
}

impl Limiter {
    /// For attempts of a kind (`sign-in`) by a name (an address). The name is kept as a hash only.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] never, as the hash fits into a key.
    pub fn new(kind: &str, name: &str) -> Result<Self, StoreError> {
        let mut hash = Sha256::new();
        hash.update(kind.as_bytes());
        hash.update([0]);
        hash.update(name.as_bytes());
        let name: String = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
        Ok(Self {
            series: Claim::new("try-series", &name).map_err(|e| crate::key_error(&e))?,
            lock: Record::new("try-lock", &name).map_err(|e| crate::key_error(&e))?,
            name,
        })
    }

    /// Reads how things stand: two round trips. The series first: its number goes up after the lock was written, so who
    /// sees the new series sees the lock.
    ///
    /// # Errors
    /// The store's.
    pub async fn look<W: World>(self, world: &W) -> Result<Look, StoreError> {
        let series = self.series.taken(world.kv()).await?;
        let locked_until = self.lock.get(world.kv()).await?.map(|l| l.until);
        Ok(Look { limiter: self, series, locked_until })
    }

    async fn lock<W: World>(&self, world: &W, rule: Lockout) -> Result<(), StoreError> {
        let until = world.clock().now().plus(Duration::from_secs(rule.seconds));
        self.lock.set(world.kv(), &Lock { until }).await?;
        self.series.take(world.kv()).await.map(|_| ())
    }
}

impl Look {
    /// Takes an attempt: one write, none if locked.
    ///
    /// # Errors
    /// [`Refusal::Locked`] if there are no attempts left; the store's.
    pub async fn attempt<W: World>(self, world: &W, rule: Lockout) -> Result<Attempt, PeopleError> {
        let rule = Lockout { attempts: rule.attempts.max(1), seconds: rule.seconds.max(1) };
        let now = world.clock().now();
        if let Some(until) = self.locked_until.filter(|u| *u > now) {
            // A lock that another clock wrote is never taken for longer than a lock lasts.
            let seconds = until.since(now).as_millis().div_ceil(1000);
            let seconds = u64::try_from(seconds).unwrap_or(u64::MAX).min(rule.seconds);
            return Err(Refusal::Locked { seconds }.into());
        }
        let counter = Claim::new("try", &format!("{}-{}", self.limiter.name, self.series))
            .map_err(|e| crate::key_error(&e))?;
        let number = counter.take(world.kv()).await?;
        if number > rule.attempts {
            // Whoever should have locked may have crashed: every round of attempts locks again and begins a series, so
            // that nobody is locked out for ever.
            if number.is_multiple_of(rule.attempts) {
                self.limiter.lock(world, rule).await?;
            }
            return Err(Refusal::Locked { seconds: rule.seconds }.into());
        }
        Ok(Attempt { limiter: self.limiter, number, rule })
    }
}

impl Attempt {
    /// The attempt failed; the last one of the series locks. Two writes then, none else. `true` if it locked.
    ///
    /// # Errors
    /// The store's.
    pub async fn failed<W: World>(self, world: &W) -> Result<bool, StoreError> {
        let last = self.number == self.rule.attempts;
        if last {
            self.limiter.lock(world, self.rule).await?;
        }
        Ok(last)
    }

    /// The attempt succeeded: the next one begins a new series (one write).
    ///
    /// # Errors
    /// The store's.
    pub async fn succeeded<W: World>(self, world: &W) -> Result<(), StoreError> {
        // Also after the first of a series: else the success would count as a failure later.
        self.limiter.series.take(world.kv()).await.map(|_| ())
    }
}
