//! Seeded runs of journals over a store, clocks and processes that fail in every way we know (F7), and the proof that the
//! runs would notice: mutants of the protocol must be caught. `MOSTEK_SEEDS=10000` runs more, `MOSTEK_SEED=17` one.

mod support;

use mostek_ports::simulation::{Faults, Simulation, for_seeds};
use mostek_ports::testing::SeededRandom;
use mostek_ports::{Clock, Random, StoreError};
use mostek_store::{Actor, Commit, Reading};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;
use support::lapse::{Lapse, Process};
use support::{Counted, Ledger, journal};

const JOURNALS: u64 = 3;

#[derive(Debug, Clone, Copy)]
struct Setup {
    faults: Faults,
    /// Requests begin within this time.
    within: Duration,
    requests: u64,
    /// False where a write may land after a day: what was never acknowledged may then be in one journal only.
    all_or_nothing: bool,
}

/// Everybody at once, for two minutes.
fn crowded() -> Setup {
    Setup { faults: Faults::many(), within: Duration::from_secs(120), requests: 24, all_or_nothing: true }
}

/// A week in which processes stand still for days, so that readers have given slots up.
fn stalled() -> Setup {
    Setup {
        faults: Faults::with_stalls(),
        within: Duration::from_secs(7 * 24 * 3600),
        requests: 24,
        all_or_nothing: false,
    }
}

/// Nothing fails; only the order is by chance.
fn racing() -> Setup {
    Setup { faults: Faults::none(), within: Duration::from_millis(200), requests: 16, all_or_nothing: true }
}

#[derive(Default)]
struct Truth {
    /// Fact and the journals it was for.
    attempted: BTreeMap<String, BTreeSet<u64>>,
    acknowledged: BTreeMap<String, BTreeSet<u64>>,
    violations: Vec<String>,
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

async fn read(process: &Process, truth: &RefCell<Truth>, who: &str, number: u64) -> Option<Reading<Ledger>> {
    let before = truth.borrow().acknowledged_in(number);
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

/// One request: reads the journals it writes to, writes one fact to each, perhaps again if that failed.
async fn write(process: Process, truth: Rc<RefCell<Truth>>, fact: String, to: BTreeSet<u64>, tries: u64) {
    truth.borrow_mut().attempted.insert(fact.clone(), to.clone());
    for _ in 0..tries {
        let mut readings = Vec::new();
        for number in &to {
            match read(&process, &truth, &format!("writer of {fact}"), *number).await {
                Some(reading) => readings.push((*number, reading)),
                None => return,
            }
        }
        let mut commit = Commit::by(Actor::System("simulation".into()));
        for (number, reading) in &readings {
            commit.append(&journal(*number), Some(reading), vec![(fact.clone(), fact.clone())]);
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
async fn look(process: Process, truth: Rc<RefCell<Truth>>, number: u64, snapshot_after: Option<Duration>) {
    let Some(reading) = read(&process, &truth, "reader", number).await else { return };
    if let Some(pause) = snapshot_after {
        process.clock.sleep(pause).await;
        let _ = journal(number).write_snapshot(&process.kv, &reading).await;
    }
}

fn run(seed: u64, setup: Setup, lapse: Lapse) -> Result<(), String> {
    let sim = Simulation::seeded(seed, setup.faults);
    let plan = SeededRandom::new(!seed);
    let below = |n: u64| plan.u64() % n;
    let truth = Rc::new(RefCell::new(Truth::default()));
    let processes: Vec<Process> = (0..4).map(|_| Process::new(&sim.process(), lapse)).collect();
    for request in 0..setup.requests {
        let process = processes[below(4) as usize].clone();
        let truth = truth.clone();
        let begins = Duration::from_micros(below(setup.within.as_micros() as u64));
        let first = below(JOURNALS);
        if below(3) < 2 {
            let to = (first..).take(1 + below(JOURNALS) as usize).map(|n| n % JOURNALS).collect();
            let tries = 1 + below(3);
            sim.spawn(async move {
                process.clock.sleep(begins).await;
                write(process, truth, format!("f{request}"), to, tries).await;
            });
        } else {
            let after = (below(2) == 0).then(|| Duration::from_millis(below(60_000)));
            sim.spawn(async move {
                process.clock.sleep(begins).await;
                look(process, truth, first, after).await;
            });
        }
    }
    sim.run();

    sim.calm();
    let states = Rc::new(RefCell::new(BTreeMap::new()));
    let (last, all) = (truth.clone(), states.clone());
    let process = Process::new(&sim.process(), lapse);
    sim.spawn(async move {
        for number in 0..JOURNALS {
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
    if states.len() as u64 != JOURNALS {
        truth.violations.push("a journal could not be read in the end".into());
    } else if setup.all_or_nothing {
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

#[test]
fn nothing_is_lost_or_counted_twice_while_everything_fails() {
    let seeds = for_seeds(1000, |seed| run(seed, crowded(), Lapse::None)).unwrap();
    println!("{seeds} crowded runs");
}

#[test]
fn nothing_is_lost_when_processes_stand_still_for_days() {
    for_seeds(1000, |seed| run(seed, stalled(), Lapse::None)).unwrap();
}

#[test]
fn nothing_is_lost_in_plain_races() {
    for_seeds(1000, |seed| run(seed, racing(), Lapse::None)).unwrap();
}

/// The writes of a faultless run are all acknowledged: otherwise the other tests would prove nothing.
#[test]
fn without_faults_everything_is_acknowledged() {
    let sim = Simulation::seeded(1, Faults::none());
    let truth = Rc::new(RefCell::new(Truth::default()));
    for n in 0..20 {
        let process = Process::new(&sim.process(), Lapse::None);
        let to = [n % 3, (n + 1) % 3].into_iter().collect();
        sim.spawn(write(process, truth.clone(), format!("f{n}"), to, 1));
    }
    sim.run();
    assert_eq!(truth.borrow().acknowledged.len(), 20);
    assert_eq!(truth.borrow().violations, Vec::<String>::new());
}

fn caught(lapse: Lapse) {
    let noticed = (1..=1500).find_map(|seed| {
        [crowded(), stalled()].into_iter().find_map(|setup| run(seed, setup, lapse).err()).map(|e| (seed, e))
    });
    match noticed {
        Some((seed, violation)) => println!("{lapse:?} is noticed by seed {seed}: {violation}"),
        None => panic!("no seed noticed {lapse:?}"),
    }
}

macro_rules! mutants {
    ($($name:ident: $lapse:ident;)*) => { $(#[test] fn $name() { caught(Lapse::$lapse); })* };
}

mutants! {
    mutant_cached_counter: CachedCounter;
    mutant_probing_instead_of_counter: ProbedCounter;
    mutant_late_write_trusted: LateWriteTrusted;
    mutant_deadline_from_the_answer: DeadlineFromAnswer;
    mutant_holes_not_named: HolesNotNamed;
    mutant_fact_ids_not_kept: FactIdsNotKept;
    mutant_error_taken_for_missing: ErrorIsMissing;
    mutant_entries_deleted_below_a_snapshot: EntriesDeleted;
    mutant_journals_written_one_by_one: WrittenOneByOne;
}
