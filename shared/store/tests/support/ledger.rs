//! Journals of facts that are remembered one by one, their writers and readers, and what must hold for them.

use super::lapse::{Lapse, Process};
use mostek_ports::simulation::Simulation;
use mostek_ports::{Clock, StoreError};
use mostek_store::{Actor, Aggregate, Commit, Entry, Journal, JournalKey, Reading};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

/// Folds to every fact with the slots it was counted in.
#[derive(Debug)]
pub struct Ledger;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub facts: BTreeMap<String, Vec<u64>>,
    /// A field that is overwritten: the slot that set it and what it set.
    pub latest: (u64, String),
}

impl Aggregate for Ledger {
    type Fact = String;
    type State = Counted;
    const FOLD: u32 = 1;
    fn apply(state: &mut Counted, entry: &Entry<String>) {
        state.facts.entry(entry.fact.clone()).or_default().push(entry.slot);
        if entry.slot > state.latest.0 {
            state.latest = (entry.slot, entry.fact.clone());
        }
    }
}

pub fn journal(number: u64) -> Journal<Ledger> {
    Journal::at(JournalKey::new("ledger", &number.to_string()).unwrap())
}

#[derive(Default)]
pub struct Truth {
    /// Fact and the journals it was for.
    pub attempted: BTreeMap<String, BTreeSet<u64>>,
    pub acknowledged: BTreeMap<String, BTreeSet<u64>>,
    pub violations: Vec<String>,
}

impl Truth {
    fn acknowledged_in(&self, journal: u64) -> BTreeSet<String> {
        self.acknowledged.iter().filter(|(_, j)| j.contains(&journal)).map(|(f, _)| f.clone()).collect()
    }

    /// A state that was read must hold what was acknowledged before the read began, each fact once, nothing invented.
    fn judge(&mut self, who: &str, number: u64, before: &BTreeSet<String>, state: &Counted) {
        for fact in before {
            if !state.facts.contains_key(fact) {
                self.violations.push(format!("{who}: journal {number} lost the acknowledged {fact}"));
            }
        }
        for (fact, slots) in &state.facts {
            if slots.len() != 1 {
                self.violations.push(format!("{who}: journal {number} counts {fact} in the slots {slots:?}"));
            }
            if !self.attempted.get(fact).is_some_and(|j| j.contains(&number)) {
                self.violations
                    .push(format!("{who}: journal {number} holds {fact}, which nobody wrote there"));
            }
        }
        let highest = state.facts.iter().filter_map(|(f, s)| Some((*s.iter().max()?, f.clone()))).max();
        if highest.is_some_and(|h| h != state.latest) {
            self.violations.push(format!("{who}: journal {number}: not the highest slot won"));
        }
    }

    fn judge_error(&mut self, who: &str, number: u64, error: &StoreError) {
        if matches!(error, StoreError::Corrupt { .. }) {
            self.violations.push(format!("{who}: journal {number}: {error}"));
        }
    }
}

pub async fn read(
    process: &Process,
    truth: &RefCell<Truth>,
    who: &str,
    number: u64,
) -> Option<Reading<Ledger>> {
    let before = truth.borrow().acknowledged_in(number);
    process.simulation.observe(&before);
    match journal(number).read(&process.kv, &process.clock).await {
        Ok(reading) => {
            truth.borrow_mut().judge(who, number, &before, &reading.state);
            Some(reading)
        }
        Err(e) => {
            truth.borrow_mut().judge_error(who, number, &e);
            None
        }
    }
}

/// How a request writes.
#[derive(Debug, Clone, Copy)]
pub struct Writing {
    /// How often it writes its fact before it gives up.
    pub tries: u64,
    /// Whether snapshots ride along.
    pub rides: bool,
}

/// One request: reads the journals it writes to, writes one fact to each, perhaps again if that failed.
pub async fn write(
    process: Process,
    truth: Rc<RefCell<Truth>>,
    fact: String,
    to: BTreeSet<u64>,
    how: Writing,
) {
    truth.borrow_mut().attempted.insert(fact.clone(), to.clone());
    for _ in 0..how.tries {
        let mut readings = Vec::new();
        for number in &to {
            match read(&process, &truth, &format!("writer of {fact}"), *number).await {
                Some(reading) => readings.push((*number, reading)),
                None => return,
            }
        }
        let mut commit = Commit::by(Actor::System("simulation".into()));
        for (number, reading) in &readings {
            commit.append(
                &journal(*number),
                how.rides.then_some(reading),
                vec![(fact.clone(), fact.clone())],
            );
        }
        match commit.run_on(&process.kv, &process.clock, &process.random).await {
            Ok(_) => {
                truth.borrow_mut().acknowledged.insert(fact, to);
                return;
            }
            Err(_) => process.clock.sleep(Duration::from_millis(500)).await,
        }
    }
}

/// Reads a journal and perhaps writes its snapshot, perhaps much later.
pub async fn look(
    process: Process,
    truth: Rc<RefCell<Truth>>,
    number: u64,
    snapshot_after: Option<Duration>,
) {
    let Some(reading) = read(&process, &truth, "reader", number).await else { return };
    if let Some(pause) = snapshot_after {
        process.clock.sleep(pause).await;
        let _ = journal(number).write_snapshot(&process.kv, &reading).await;
    }
}

/// Once nothing is under way any more: reads every journal in both ways and says what is wrong.
pub fn judge_the_end(
    sim: &Simulation,
    truth: &Rc<RefCell<Truth>>,
    journals: u64,
    lapse: Lapse,
    all_or_nothing: bool,
) -> Result<(), String> {
    sim.calm();
    let states = Rc::new(RefCell::new(BTreeMap::new()));
    let (last, all) = (truth.clone(), states.clone());
    let process = Process::new(sim, lapse);
    sim.spawn(async move {
        for number in 0..journals {
            if let Some(reading) = read(&process, &last, "at the end", number).await {
                all.borrow_mut().insert(number, reading.state);
            }
            match journal(number).refold(&process.kv, &process.clock).await {
                Ok(reading) => {
                    let before = last.borrow().acknowledged_in(number);
                    last.borrow_mut().judge("folded anew", number, &before, &reading.state);
                }
                Err(e) => last.borrow_mut().violations.push(format!("folding anew: {e}")),
            }
        }
    });
    sim.run();
    let mut truth = truth.borrow_mut();
    let states = states.borrow();
    if states.len() as u64 != journals {
        truth.violations.push("a journal could not be read in the end".into());
    } else if all_or_nothing {
        let halves: Vec<String> = truth
            .attempted
            .iter()
            .filter(|(fact, to)| {
                let found = to.iter().filter(|n| states[n].facts.contains_key(*fact)).count();
                found != 0 && found != to.len()
            })
            .map(|(fact, to)| format!("{fact} is in some of the journals {to:?} only"))
            .collect();
        truth.violations.extend(halves);
    }
    match truth.violations.first() {
        None => Ok(()),
        Some(first) => Err(format!("{first} ({} violations)", truth.violations.len())),
    }
}
