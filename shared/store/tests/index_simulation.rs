//! The index over a store and processes that fail (F7): what was acknowledged is listed, and in the end once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use mostek_ports::simulation::{Faults, SimWorld, Simulation, for_seeds};
use mostek_ports::testing::SeededRandom;
use mostek_ports::{Clock, Random, StoreError, World};
use mostek_store::{
    Actor, Aggregate, Commit, Entry, Filter, Index, Journal, JournalKey, Row, RowRef, commit::Ride,
};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

const SUBJECTS: u64 = 6;

/// A thing that is listed: it knows its rows, as a ticket does.
#[derive(Debug)]
struct Thing;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Touched {
    status: u32,
    replaces: Vec<RowRef>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct State {
    rows: Vec<RowRef>,
    touches: u64,
}

impl Aggregate for Thing {
    type Fact = Touched;
    type State = State;
    const FOLD: u32 = 1;
    fn apply(state: &mut State, entry: &Entry<Touched>) {
        state.touches += 1;
        state.rows.retain(|r| !entry.fact.replaces.contains(r));
        Self::repeated(state, entry);
    }
    fn repeated(state: &mut State, entry: &Entry<Touched>) {
        if let Some(slot) = entry.refs.get("row") {
            state.rows.push(RowRef { slot: *slot, attributes: vec![entry.fact.status] });
        }
    }
}

fn thing(subject: u64) -> Journal<Thing> {
    Journal::at(JournalKey::new("thing", &subject.to_string()).unwrap())
}

fn list() -> Index {
    Index::at(JournalKey::new("list", "1").unwrap())
}

async fn touch(world: &SimWorld, subject: u64, id: &str, status: u32) -> Result<(), StoreError> {
    let reading = thing(subject).read(world.kv(), world.clock()).await?;
    let replaces = reading.state.rows.clone();
    let mut commit = Commit::by(Actor::System("simulation".into()));
    let row = Row {
        subject: subject.to_string(),
        attributes: vec![status],
        replaces: replaces.clone(),
        listed: true,
        data: id.into(),
    };
    let row = list().add(&mut commit, vec![(id.to_owned(), row)]);
    commit.append_with(
        &thing(subject),
        Some(&reading),
        vec![(id.to_owned(), Touched { status, replaces })],
        vec![("row".into(), row, 0)],
        Ride::WhenCheap,
    );
    commit.run(world).await.map(|_| ())
}

/// All rows of all pages.
async fn walk(world: &SimWorld, filter: &Filter) -> Result<Vec<(u64, Row)>, StoreError> {
    let mut all = Vec::new();
    let mut before = None;
    for _ in 0..1_000 {
        let page = list().page(world.kv(), world.clock(), filter, before, 3).await?;
        all.extend(page.rows);
        before = page.next;
        if before.is_none() {
            return Ok(all);
        }
    }
    Err(StoreError::Failed("paging does not end".into()))
}

#[derive(Default)]
struct Truth {
    acknowledged: BTreeSet<u64>,
    /// A touch of it failed or crashed: its late row may be listed beside a newer one until the next touch.
    troubled: BTreeSet<u64>,
    violations: Vec<String>,
}

impl Truth {
    fn judge(&mut self, who: &str, before: &BTreeSet<u64>, rows: &[(u64, Row)], once: bool) {
        let mut listed: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        for (slot, row) in rows {
            listed.entry(row.subject.parse().unwrap()).or_default().push(*slot);
        }
        for subject in before {
            match listed.get(subject) {
                None => self.violations.push(format!("{who}: {subject} is not listed")),
                Some(slots) if slots.len() > 1 && once && !self.troubled.contains(subject) => {
                    self.violations.push(format!("{who}: {subject} is listed at {slots:?}"));
                }
                Some(_) => {}
            }
        }
        if !rows.is_sorted_by(|(a, _), (b, _)| a > b) {
            self.violations.push(format!("{who}: the order is wrong"));
        }
    }
}

fn run(seed: u64, faults: Faults, within: Duration) -> Result<(), String> {
    let sim = Simulation::seeded(seed, faults);
    let plan = SeededRandom::new(!seed);
    let below = |n: u64| plan.u64() % n;
    let truth = Rc::new(RefCell::new(Truth::default()));
    let worlds: Vec<SimWorld> = (0..4).map(|_| sim.process()).collect();
    // One writer per subject at a time, several touches each; the list is tidied and looked at meanwhile.
    for subject in 0..SUBJECTS {
        let (world, truth) = (worlds[below(4) as usize].clone(), truth.clone());
        let pauses: Vec<Duration> =
            (0..12).map(|_| Duration::from_micros(below(within.as_micros() as u64 / 6))).collect();
        sim.spawn(async move {
            for (n, pause) in pauses.into_iter().enumerate() {
                world.clock().sleep(pause).await;
                truth.borrow_mut().troubled.insert(subject);
                match touch(&world, subject, &format!("{subject}-{n}"), n as u32 % 3).await {
                    Ok(()) => {
                        let mut truth = truth.borrow_mut();
                        truth.acknowledged.insert(subject);
                        truth.troubled.remove(&subject);
                    }
                    Err(_) => return,
                }
            }
        });
    }
    for _ in 0..14 {
        let (world, truth) = (worlds[below(4) as usize].clone(), truth.clone());
        let begins = Duration::from_micros(below(within.as_micros() as u64));
        let tidies = below(2) == 0;
        sim.spawn(async move {
            world.clock().sleep(begins).await;
            let outcome = if tidies {
                list().tidy(&world).await.map(|_| ())
            } else {
                list().page(world.kv(), world.clock(), &Filter::default(), None, 20).await.map(|_| ())
            };
            if let Err(e @ StoreError::Corrupt { .. }) = outcome {
                truth.borrow_mut().violations.push(format!("reader: {e}"));
            }
        });
    }
    sim.run();

    sim.calm();
    let (world, last) = (sim.process(), truth.clone());
    sim.spawn(async move {
        if let Err(e) = look_at_the_end(&world, &last).await {
            last.borrow_mut().violations.push(format!("in the end: {e}"));
        }
    });
    sim.run();
    let truth = truth.borrow();
    truth.violations.first().map_or(Ok(()), |v| Err(format!("{v} ({} violations)", truth.violations.len())))
}

async fn look_at_the_end(world: &SimWorld, truth: &RefCell<Truth>) -> Result<(), StoreError> {
    let any = Filter::default();
    let before = truth.borrow().acknowledged.clone();
    let rows = walk(world, &any).await?;
    truth.borrow_mut().judge("in the end", &before, &rows, true);
    list().tidy(world).await?;
    let rows = walk(world, &any).await?;
    truth.borrow_mut().judge("tidied", &before, &rows, true);

    // One more touch heals what was listed twice.
    for subject in 0..SUBJECTS {
        touch(world, subject, &format!("{subject}-last"), 9).await?;
    }
    truth.borrow_mut().troubled.clear();
    let everything: BTreeSet<u64> = (0..SUBJECTS).collect();
    for step in ["touched", "tidied again", "rebuilt"] {
        let rows = walk(world, &any).await?;
        {
            let mut truth = truth.borrow_mut();
            truth.judge(step, &everything, &rows, true);
            if rows.len() as u64 != SUBJECTS || rows.iter().any(|(_, r)| r.attributes != [9]) {
                truth.violations.push(format!("{step}: not exactly the last rows are listed: {rows:?}"));
            }
        }
        match step {
            "touched" => while list().tidy(world).await? > 0 {},
            _ => drop(list().rebuild(world).await?),
        }
    }
    let counted = list().count(world.kv(), world.clock(), &any).await?;
    if counted != SUBJECTS {
        truth.borrow_mut().violations.push(format!("{counted} are counted"));
    }
    Ok(())
}

#[test]
fn acknowledged_rows_are_listed_once_while_everything_fails() {
    for_seeds(300, |seed| run(seed, Faults::many(), Duration::from_secs(240))).unwrap();
}

/// Over days nobody may tidy for longer than a hole is asked for.
#[test]
fn acknowledged_rows_are_listed_on_a_quiet_list() {
    for_seeds(300, |seed| run(seed, Faults::many(), Duration::from_secs(9 * 24 * 3600))).unwrap();
}
