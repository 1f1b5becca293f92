//! Seeded runs of journals over a store, clocks and processes that fail in every way we know (F7), and the proof that the
//! runs would notice: mutants of the protocol must be caught. `MOSTEK_SEEDS=10000` runs more, `MOSTEK_SEED=17` one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use mostek_ports::simulation::{Faults, Simulation, for_seeds};
use mostek_ports::testing::SeededRandom;
use mostek_ports::{Clock, Random};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use support::lapse::{Lapse, Process};
use support::ledger::{Truth, Writing, judge_the_end, look, write};

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

fn run(seed: u64, setup: Setup, lapse: Lapse) -> Result<(), String> {
    let sim = Simulation::seeded(seed, setup.faults);
    let plan = SeededRandom::new(!seed);
    let below = |n: u64| plan.u64() % n;
    let truth = Rc::new(RefCell::new(Truth::default()));
    let processes: Vec<Process> = (0..4).map(|_| Process::new(&sim, lapse)).collect();
    for request in 0..setup.requests {
        let process = processes[below(4) as usize].clone();
        let truth = truth.clone();
        let begins = Duration::from_micros(below(setup.within.as_micros() as u64));
        let first = below(JOURNALS);
        if below(3) < 2 {
            let to = (first..).take(1 + below(JOURNALS) as usize).map(|n| n % JOURNALS).collect();
            let how = Writing { tries: 1 + below(3), rides: below(4) > 0 };
            sim.spawn(async move {
                process.clock.sleep(begins).await;
                write(process, truth, format!("f{request}"), to, how).await;
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

    judge_the_end(&sim, &truth, JOURNALS, lapse, setup.all_or_nothing)
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
        let process = Process::new(&sim, Lapse::None);
        let to = [n % 3, (n + 1) % 3].into_iter().collect();
        sim.spawn(write(process, truth.clone(), format!("f{n}"), to, Writing { tries: 1, rides: true }));
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
