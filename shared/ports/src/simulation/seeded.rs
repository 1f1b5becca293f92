//! Fates drawn from a seed.

use super::executor::{Fate, Kind, Schedule};
use crate::Random;
use crate::testing::SeededRandom;
use std::time::Duration;

/// How often what goes wrong; chances are per thousand operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Faults {
    /// Operations that take up to 25 s instead of some milliseconds.
    pub slow: u64,
    /// Operations that fail and never take effect.
    pub fail_before: u64,
    /// Writes that take effect and whose answer is lost.
    pub fail_after: u64,
    /// Writes that take effect up to 220 s after the caller was told of an error.
    pub late: u64,
    /// Crashes at an operation; every other one leaves the operation to take effect later.
    pub crash: u64,
    /// Operations during which the process is stopped for up to two and a half days.
    pub stall: u64,
    /// The largest error of a wall clock.
    pub skew: Duration,
}

impl Faults {
    /// Everything succeeds within milliseconds.
    #[must_use]
    pub fn none() -> Self {
        Self { slow: 0, fail_before: 0, fail_after: 0, late: 0, crash: 0, stall: 0, skew: Duration::ZERO }
    }

    /// Much goes wrong all the time.
    #[must_use]
    pub fn many() -> Self {
        Self {
            slow: 60,
            fail_before: 30,
            fail_after: 30,
            late: 40,
            crash: 20,
            stall: 0,
            skew: Duration::from_secs(300),
        }
    }

    /// Like [`Faults::many`], and processes stand still for days between two operations.
    #[must_use]
    pub fn with_stalls() -> Self {
        Self { stall: 40, ..Self::many() }
    }
}

/// Draws every fate from one seed.
pub struct Seeded {
    random: SeededRandom,
    faults: Faults,
}

const SLOWEST: Duration = Duration::from_secs(25);
const LATEST: Duration = Duration::from_secs(220);
const LONGEST_STALL: Duration = Duration::from_secs(60 * 3600);

impl Seeded {
    /// The schedule of a seed.
    #[must_use]
    pub fn new(seed: u64, faults: Faults) -> Self {
        Self { random: SeededRandom::new(seed), faults }
    }

    fn below(&self, n: u64) -> u64 {
        self.random.u64() % n.max(1)
    }

    fn between(&self, from: Duration, to: Duration) -> Duration {
        let span = u64::try_from(to.saturating_sub(from).as_micros()).unwrap_or(u64::MAX);
        from.saturating_add(Duration::from_micros(self.below(span.saturating_add(1))))
    }
}

impl Schedule for Seeded {
    fn fate(&mut self, kind: Kind) -> Fate {
        if let Kind::Sleep(d) = kind {
            return Fate { effect: Some(d), answer: Some((d, true)) };
        }
        let f = self.faults;
        let mut begins = Duration::ZERO;
        if self.below(1000) < f.stall {
            begins = self.between(Duration::ZERO, LONGEST_STALL);
        }
        let takes = if self.below(1000) < f.slow {
            self.between(Duration::ZERO, SLOWEST)
        } else {
            self.between(Duration::from_micros(500), Duration::from_millis(30))
        };
        let mut ends = begins.saturating_add(takes);
        let effect = self.between(begins, ends);
        // A process may also be stopped after the store has acted and before it is told.
        if self.below(1000) < f.stall {
            ends = ends.saturating_add(self.between(Duration::ZERO, LONGEST_STALL));
        }
        let later = ends.saturating_add(self.between(Duration::ZERO, LATEST));
        let reads = kind == Kind::Read;
        let mut chance = self.below(1000);
        let mut falls_in = |share: u64| {
            let inside = chance < share;
            chance = chance.saturating_sub(share);
            if !inside {
                return false;
            }
            // Nothing else may match after the first.
            chance = u64::MAX;
            true
        };
        if falls_in(f.crash) {
            let lands = !reads && self.below(2) == 0;
            return Fate { effect: lands.then_some(later), answer: None };
        }
        if falls_in(f.fail_before) {
            return Fate { effect: None, answer: Some((ends, false)) };
        }
        if !reads && falls_in(f.fail_after) {
            return Fate { effect: Some(effect), answer: Some((ends, false)) };
        }
        if !reads && falls_in(f.late) {
            return Fate { effect: Some(later), answer: Some((ends, false)) };
        }
        Fate { effect: Some(effect), answer: Some((ends, true)) }
    }

    fn pick(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(1);
        usize::try_from(self.below(n)).unwrap_or(0)
    }

    fn skew(&mut self) -> i64 {
        let most = i64::try_from(self.faults.skew.as_millis()).unwrap_or(0);
        let span = u64::try_from(most.saturating_mul(2)).unwrap_or(0).saturating_add(1);
        i64::try_from(self.below(span)).unwrap_or(0).saturating_sub(most)
    }

    fn calm(&mut self) {
        self.faults = Faults::none();
    }
}

/// Runs `check` with the seeds 1 to `count`, or to the environment variable `MOSTEK_SEEDS`; or with the only seed
/// `MOSTEK_SEED`. Returns how many passed.
///
/// # Errors
/// What the first failing run said, with its seed.
pub fn for_seeds(count: u64, mut check: impl FnMut(u64) -> Result<(), String>) -> Result<u64, String> {
    let number = |name: &str| std::env::var(name).ok().and_then(|v| v.parse::<u64>().ok());
    let (first, last) = match number("MOSTEK_SEED") {
        Some(only) => (only, only),
        None => (1, number("MOSTEK_SEEDS").unwrap_or(count)),
    };
    for seed in first..=last {
        check(seed).map_err(|e| format!("seed {seed} (repeat with MOSTEK_SEED={seed}): {e}"))?;
    }
    Ok(last.saturating_sub(first).saturating_add(1))
}
