//! One line when a step starts, one when it ends, so that a long wait always has a name.

use anyhow::Result;

use crate::clock::{Stopwatch, human};

/// What a step found to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It worked.
    Done,
    /// Everything was there already.
    UpToDate,
}

/// A numbered list of steps.
#[derive(Debug)]
pub struct Progress {
    total: usize,
    current: usize,
}

impl Progress {
    /// For `total` steps.
    pub fn new(total: usize) -> Self {
        Self { total, current: 0 }
    }

    /// Runs one step. `what` reads well before an ellipsis: "building the components".
    pub fn step<T>(&mut self, what: &str, work: impl FnOnce() -> Result<(T, Outcome)>) -> Result<T> {
        self.current += 1;
        let number = format!("[{}/{}]", self.current, self.total);
        eprintln!("{number} {what} ...");
        let watch = Stopwatch::start();
        let (value, outcome) = work()?;
        let took = human(watch.elapsed());
        match outcome {
            Outcome::Done => eprintln!("{number} {what}: done, {took}"),
            Outcome::UpToDate => eprintln!("{number} {what}: up to date, {took}"),
        }
        Ok(value)
    }
}
