//! Every order of operations and every placing of a few faults in small cases, over the real code (F7).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use mostek_ports::Clock;
use mostek_ports::simulation::{Budget, Explored, Simulation, explore};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;
use support::lapse::{Lapse, Process};
use support::ledger::{Truth, Writing, judge_the_end, look, write};

/// One small case.
#[derive(Debug, Clone, Copy)]
struct Case {
    /// Writers of one fact each.
    writers: u64,
    /// How many journals each writes to.
    journals: u64,
    /// How often a writer writes its fact again if it was told of an error.
    tries: u64,
    /// Whether its snapshot rides along.
    rides: bool,
    /// Readers that also write the snapshot.
    readers: u64,
    /// How often each of them does, one after the other.
    looks: u64,
    faults: u8,
    /// How often a day and an hour may pass, between any two operations.
    days: u8,
}

fn check(case: Case, lapse: Lapse) -> Result<Explored, String> {
    let budget = Budget {
        faults: case.faults,
        too_late: Duration::from_secs(11),
        leaps: case.days,
        leap: Duration::from_secs(25 * 3600),
        most_runs: 400_000,
    };
    explore(budget, |sim: &Simulation| {
        let truth = Rc::new(RefCell::new(Truth::default()));
        for n in 0..case.writers {
            let to: BTreeSet<u64> = (0..case.journals).collect();
            let process = Process::new(sim, lapse);
            let how = Writing { tries: case.tries, rides: case.rides };
            sim.spawn(write(process, truth.clone(), format!("f{n}"), to, how));
        }
        for _ in 0..case.readers {
            let (process, truth) = (Process::new(sim, lapse), truth.clone());
            sim.spawn(async move {
                for _ in 0..case.looks {
                    // So that it may begin at any time, also after a day.
                    process.clock.sleep(Duration::ZERO).await;
                    look(process.clone(), truth.clone(), 0, Some(Duration::ZERO)).await;
                }
            });
        }
        // Where days pass, what was never acknowledged may be in a slot that only one of the journals still asks for.
        move |sim: &Simulation| judge_the_end(sim, &truth, case.journals, lapse, case.days == 0)
    })
}

fn holds(case: Case) {
    let explored = check(case, Lapse::None).unwrap_or_else(|e| panic!("{case:?}: {e}"));
    println!("{case:?}: {explored:?}");
    assert!(explored.complete, "not everything was tried: {explored:?}");
    assert!(explored.ends > 1);
}

const CASE: Case =
    Case { writers: 0, journals: 1, tries: 1, rides: true, readers: 0, looks: 1, faults: 0, days: 0 };

#[test]
fn two_writers_with_a_fault() {
    holds(Case { writers: 2, faults: 1, ..CASE });
}

#[test]
fn two_writers_and_a_reader_with_its_snapshot() {
    holds(Case { writers: 2, readers: 1, ..CASE });
}

#[test]
fn two_racing_snapshots_and_a_writer() {
    holds(Case { writers: 1, readers: 2, rides: false, ..CASE });
}

#[test]
fn a_writer_and_a_reader_with_faults_and_days() {
    holds(Case { writers: 1, readers: 1, tries: 2, faults: 1, days: 1, ..CASE });
}

#[test]
fn a_writer_of_two_journals_with_faults() {
    holds(Case { writers: 1, journals: 2, tries: 2, faults: 2, ..CASE });
}

#[test]
fn a_writer_and_a_reader_that_comes_again_after_a_day() {
    holds(Case { writers: 1, readers: 1, looks: 2, days: 1, rides: false, ..CASE });
}

/// The exploration notices lapses, too, each in the smallest case that shows it.
#[test]
fn mutants_are_noticed() {
    for (lapse, case) in [
        (Lapse::LateWriteTrusted, Case { writers: 1, readers: 1, looks: 2, days: 1, rides: false, ..CASE }),
        (Lapse::HolesNotNamed, Case { writers: 1, readers: 1, ..CASE }),
        (Lapse::FactIdsNotKept, Case { writers: 1, readers: 1, faults: 1, tries: 2, ..CASE }),
        (Lapse::ProbedCounter, Case { writers: 2, faults: 1, ..CASE }),
        (Lapse::WrittenOneByOne, Case { writers: 1, journals: 2, faults: 1, ..CASE }),
    ] {
        match check(case, lapse) {
            Err(violation) => println!("{lapse:?}: {violation}"),
            Ok(explored) => panic!("{lapse:?} was not noticed in {explored:?}"),
        }
    }
}
