//! Every order of operations and every placing of a few faults, depth first over the code itself.

use super::executor::{Kind, Simulation};
use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;
use std::time::Duration;

/// What may go wrong within one explored run, at any place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Budget {
    /// Failed or crashed operations: failed without effect, failed and landing at any later moment, answered too late,
    /// the task dropped with or without the operation landing later.
    pub faults: u8,
    /// How long an operation that is answered too late takes.
    pub too_late: Duration,
    /// How often all clocks go forward by `leap`, between any two operations.
    pub leaps: u8,
    /// How far.
    pub leap: Duration,
    /// Runs after which the exploration gives up.
    pub most_runs: u64,
}

/// What an exploration has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explored {
    /// Different states in which something could be chosen.
    pub states: usize,
    /// Runs that went to their end (others came to a state that was seen before).
    pub ends: u64,
    /// False if it gave up before everything was tried.
    pub complete: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Done(usize),
    DoneTooLate(usize, Duration),
    Failed(usize),
    FailedLandsLater(usize),
    Crashed(usize, bool),
    Lands(usize),
    TimePasses(Duration),
}

pub(super) struct Explorer {
    budget: Budget,
    left: Budget,
    /// What was chosen at every choice of this run, and out of how many.
    script: Vec<(usize, usize)>,
    at: usize,
    seen: HashSet<(u64, u8, u8)>,
    calm: bool,
    pruned: bool,
}

impl Explorer {
    pub(super) fn calm(&mut self) {
        self.calm = true;
    }

    /// The next step; `None` if there is none, or the state was seen before.
    pub(super) fn choose(
        &mut self,
        pending: &[Kind],
        landing: usize,
        signature: impl FnOnce() -> u64,
    ) -> Option<Step> {
        if self.pruned {
            return None;
        }
        if self.calm {
            return (!pending.is_empty())
                .then_some(Step::Done(0))
                .or_else(|| (landing > 0).then_some(Step::Lands(0)));
        }
        let mut steps = Vec::new();
        for (i, kind) in pending.iter().enumerate() {
            steps.push(Step::Done(i));
            if self.left.faults == 0 || matches!(kind, Kind::Sleep(_)) {
                continue;
            }
            steps.push(Step::Failed(i));
            steps.push(Step::Crashed(i, false));
            if *kind != Kind::Read {
                steps.push(Step::FailedLandsLater(i));
                steps.push(Step::Crashed(i, true));
                steps.push(Step::DoneTooLate(i, self.budget.too_late));
            }
        }
        steps.extend((0..landing).map(Step::Lands));
        if self.left.leaps > 0 && !pending.is_empty() {
            steps.push(Step::TimePasses(self.budget.leap));
        }
        if steps.is_empty() {
            return None;
        }
        if self.at == self.script.len() {
            if !self.seen.insert((signature(), self.left.faults, self.left.leaps)) {
                self.pruned = true;
                return None;
            }
            self.script.push((0, steps.len()));
        }
        let (chosen, _) = self.script.get(self.at).copied()?;
        self.at += 1;
        let step = steps.get(chosen).copied()?;
        match step {
            Step::Done(_) | Step::Lands(_) => {}
            Step::TimePasses(_) => self.left.leaps -= 1,
            _ => self.left.faults -= 1,
        }
        Some(step)
    }

    /// Goes to the next untried choice; false if there is none.
    fn backtrack(&mut self) -> bool {
        while let Some((chosen, of)) = self.script.pop() {
            if chosen + 1 < of {
                self.script.push((chosen + 1, of));
                self.at = 0;
                self.left = self.budget;
                self.calm = false;
                self.pruned = false;
                return true;
            }
        }
        false
    }
}

/// Runs `scenario` in every possible way: it spawns its tasks in the fresh simulation it is given and returns what is to be
/// checked once they have ended (with [`Simulation::calm`] and further tasks). States are told apart by the store, by all
/// answers every task got and by what is under way; from a state that was seen before nothing is tried again. So the code
/// under test must be deterministic, and what it knows from elsewhere must be told by [`Simulation::observe`].
///
/// # Errors
/// What the first failing check said, with the choices that led there.
pub fn explore<C>(budget: Budget, mut scenario: impl FnMut(&Simulation) -> C) -> Result<Explored, String>
where
    C: FnOnce(&Simulation) -> Result<(), String>,
{
    let explorer = Rc::new(RefCell::new(Explorer {
        budget,
        left: budget,
        script: Vec::new(),
        at: 0,
        seen: HashSet::new(),
        calm: false,
        pruned: false,
    }));
    let mut ends = 0;
    let mut runs = 0;
    loop {
        let simulation = Simulation::explored(explorer.clone());
        let check = scenario(&simulation);
        simulation.run();
        let pruned = explorer.borrow().pruned;
        if !pruned {
            ends += 1;
            let script: Vec<usize> = explorer.borrow().script.iter().map(|(c, _)| *c).collect();
            check(&simulation).map_err(|e| format!("choices {script:?}: {e}"))?;
        }
        simulation.end();
        runs += 1;
        let complete = !explorer.borrow_mut().backtrack();
        if complete || runs >= budget.most_runs {
            return Ok(Explored { states: explorer.borrow().seen.len(), ends, complete });
        }
    }
}
