//! Exact numbers of store operations (F8). Reads are single gets; several of them are one round trip.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use futures::executor::block_on;
use mostek_ports::testing::{Operations, TestWorld};
use mostek_ports::{KeyValue, World};
use mostek_store::{Actor, Blob, Claim, Commit, Filter, Index, JournalKey, Record, Row};
use std::future::Future;
use support::ledger::journal;

fn operations(reads: u64, increments: u64, sets: u64) -> Operations {
    Operations { reads, increments, sets, deletes: 0 }
}

fn cost<T>(world: &TestWorld, work: impl Future<Output = T>) -> Operations {
    world.kv.reset_operations();
    block_on(work);
    world.kv.operations()
}

async fn append(world: &TestWorld, journals: &[u64], fact: &str) {
    let mut readings = Vec::new();
    for number in journals {
        readings.push(journal(*number).read(world.kv(), world.clock()).await.unwrap());
    }
    let mut commit = Commit::by(Actor::System("test".into()));
    for (number, reading) in journals.iter().zip(&readings) {
        commit.append(&journal(*number), Some(reading), vec![(fact.to_owned(), fact.to_owned())]);
    }
    commit.run(world).await.unwrap();
}

#[test]
fn reading_a_journal() {
    let world = TestWorld::new(1);
    let read = || async { journal(0).read(world.kv(), world.clock()).await.unwrap() };
    assert_eq!(cost(&world, read()), operations(2, 0, 0), "nothing was ever written");
    for n in 0..20 {
        block_on(append(&world, &[0], &format!("f{n}")));
    }
    assert_eq!(cost(&world, read()), operations(2, 0, 0), "the snapshot rode along: it and the counter");

    // Three entries without snapshot, one of them still missing.
    block_on(async {
        let mut commit = Commit::by(Actor::System("test".into()));
        commit.append(&journal(0), None, vec![("a".into(), "a".into()), ("b".into(), "b".into())]);
        commit.run(&world).await.unwrap();
        world.kv.increment(&journal(0).key().counter(), 1).await.unwrap();
    });
    assert_eq!(cost(&world, read()), operations(5, 0, 0), "and the three slots past the snapshot");
    block_on(async { journal(0).write_snapshot(world.kv(), &read().await).await.unwrap() });
    assert_eq!(cost(&world, read()), operations(3, 0, 0), "and the one hole");
}

#[test]
fn appending_to_one_and_to_three_journals() {
    let world = TestWorld::new(1);
    block_on(append(&world, &[0, 1, 2], "first"));
    assert_eq!(cost(&world, append(&world, &[0], "one")), operations(2, 1, 1));
    assert_eq!(cost(&world, append(&world, &[0, 1, 2], "three")), operations(6, 3, 1));
}

fn list() -> Index {
    Index::at(JournalKey::new("list", "1").unwrap())
}

async fn fill(world: &TestWorld, from: u64, to: u64) {
    for base in (from..to).step_by(500) {
        let rows = (base..to.min(base + 500))
            .map(|i| {
                let row = Row {
                    subject: i.to_string(),
                    attributes: vec![(i % 4) as u32],
                    replaces: vec![],
                    listed: true,
                    data: i.into(),
                };
                (format!("f{i}"), row)
            })
            .collect();
        let mut commit = Commit::by(Actor::System("test".into()));
        list().add(&mut commit, rows);
        commit.run(world).await.unwrap();
        while list().tidy(world).await.unwrap() > 0 {}
    }
}

#[test]
fn a_page_of_an_index() {
    let page = |world: &TestWorld, filter: Filter| {
        cost(world, async {
            let page = list().page(&world.kv, &world.clock, &filter, None, 50).await.unwrap();
            assert_eq!(page.rows.len(), 50);
        })
    };
    // Head's part and counter; the leaf; fifty rows. The newest leaf may hold too few: then two.
    for (rows, leaves) in [(1_000, 1), (10_000, 1), (40_000, 2)] {
        let world = TestWorld::new(1);
        block_on(fill(&world, 0, rows));
        assert_eq!(page(&world, Filter::default()), operations(2 + leaves + 50, 0, 0), "{rows} rows");
    }
    // Rows that were not tidied yet are read as entries and not again.
    let world = TestWorld::new(1);
    block_on(fill(&world, 0, 1_000));
    block_on(async {
        for n in 1_000..1_020 {
            let mut commit = Commit::by(Actor::System("test".into()));
            let row = Row {
                subject: n.to_string(),
                attributes: vec![0],
                replaces: vec![],
                listed: true,
                data: n.into(),
            };
            list().add(&mut commit, vec![(format!("f{n}"), row)]);
            commit.run(&world).await.unwrap();
        }
    });
    assert_eq!(page(&world, Filter::default()), operations(2 + 20 + 1 + 30, 0, 0));
    assert_eq!(
        cost(&world, list().count(&world.kv, &world.clock, &Filter::default())),
        operations(2 + 20, 0, 0)
    );
    assert_eq!(cost(&world, list().tidy(&world)), operations(2, 0, 0), "too little to tidy");
    block_on(async {
        for n in 1_020..1_040 {
            let mut commit = Commit::by(Actor::System("test".into()));
            let row = Row {
                subject: n.to_string(),
                attributes: vec![0],
                replaces: vec![],
                listed: true,
                data: n.into(),
            };
            list().add(&mut commit, vec![(format!("f{n}"), row)]);
            commit.run(&world).await.unwrap();
        }
    });
    // Slots 1,001 to 1,040 are in two leaves, of which one is there: entries and leaf are read, leaves and head written.
    assert_eq!(cost(&world, list().tidy(&world)), operations(2 + 40 + 1, 0, 2));
}

#[test]
fn a_file_of_ten_megabytes() {
    let world = TestWorld::new(1);
    let bytes = vec![7; 10_000_000];
    // 167 parts of 60,000 bytes, sixteen to a write.
    assert_eq!(cost(&world, Blob::write(&world.kv, "b1", &bytes)), operations(0, 0, 11));
    let at = block_on(Blob::write(&world.kv, "b1", &bytes)).unwrap();
    assert_eq!(cost(&world, Blob::read(&world.kv, &at)), operations(167, 0, 0));
}

#[test]
fn a_record_and_a_claim() {
    let world = TestWorld::new(1);
    let record = Record::<u32>::new("progress", "1").unwrap();
    assert_eq!(cost(&world, record.set(&world.kv, &5)), operations(0, 0, 1));
    assert_eq!(cost(&world, record.get(&world.kv)), operations(1, 0, 0));
    assert_eq!(cost(&world, record.delete(&world.kv)), Operations { deletes: 1, ..Operations::default() });
    let claim = Claim::new("work", "1").unwrap();
    assert_eq!(cost(&world, claim.take(&world.kv)), operations(0, 1, 0));
    assert_eq!(cost(&world, claim.taken(&world.kv)), operations(1, 0, 0));
}
