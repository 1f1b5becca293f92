//! Properties of folding and of snapshots (F7).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use futures::executor::block_on;
use mostek_ports::testing::{ManualClock, MemoryStore, TestWorld};
use mostek_ports::{Clock, KeyValue, Timestamp};
use mostek_store::{Actor, Aggregate, Commit, Entry, Journal, JournalKey, Reading};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;
use support::ledger::{Counted, Ledger, journal};

fn clock() -> ManualClock {
    ManualClock::at(Timestamp(1_778_580_000_000))
}

fn entry<F: Serialize>(slot: u64, id: &str, fact: F) -> Vec<u8> {
    let entry = Entry {
        v: 1,
        slot,
        stamp: slot.to_string(),
        id: id.to_owned(),
        at: 0,
        actor: Actor::System("test".into()),
        refs: BTreeMap::new(),
        fact,
    };
    serde_json::to_vec(&entry).unwrap()
}

fn land(kv: &MemoryStore, slot: u64, fact: &str) {
    let key = journal(0).key().entry(slot);
    block_on(kv.set_many(&[(key, entry(slot, fact, fact))])).unwrap();
}

fn reserve(kv: &MemoryStore, slots: u64) {
    block_on(kv.increment(&journal(0).key().counter(), slots)).unwrap();
}

fn read(kv: &MemoryStore, clock: &ManualClock) -> Reading<Ledger> {
    block_on(journal(0).read(kv, clock)).unwrap()
}

/// What a state says apart from which of two slots with the same fact was counted.
fn counts(state: &Counted) -> BTreeMap<String, usize> {
    state.facts.iter().map(|(f, s)| (f.clone(), s.len())).collect()
}

/// A state of any length, so that its snapshot has several parts.
#[derive(Debug)]
struct Long;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Text(String);

impl Aggregate for Long {
    type Fact = String;
    type State = Text;
    const FOLD: u32 = 7;
    fn apply(state: &mut Text, entry: &Entry<String>) {
        state.0 = entry.fact.repeat(9_000);
    }
}

fn long() -> Journal<Long> {
    Journal::at(JournalKey::new("long", "1").unwrap())
}

proptest! {
    // Failing cases are printed; a file for them beside the tests would not be looked at.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    /// Entries land in any order, with readings and snapshots in between: the end is the fold of all, each fact once.
    #[test]
    fn any_order_of_landing_ends_in_the_same_state(
        facts in proptest::collection::vec(0u8..12, 1..30),
        order in proptest::collection::vec((any::<prop::sample::Index>(), 0u8..3), 30..60),
    ) {
        let (kv, clock) = (MemoryStore::new(), clock());
        reserve(&kv, facts.len() as u64);
        let mut left: Vec<u64> = (1..=facts.len() as u64).collect();
        for (which, then) in order {
            if left.is_empty() { break }
            let slot = left.remove(which.index(left.len()));
            land(&kv, slot, &facts[slot as usize - 1].to_string());
            if then > 0 {
                let reading = read(&kv, &clock);
                prop_assert!(reading.state.facts.values().all(|slots| slots.len() == 1));
                prop_assert_eq!(reading.holes().collect::<Vec<_>>(), left.clone());
                if then > 1 {
                    block_on(journal(0).write_snapshot(&kv, &reading)).unwrap();
                }
            }
        }
        for slot in left {
            land(&kv, slot, &facts[slot as usize - 1].to_string());
        }
        let (resumed, anew) = (read(&kv, &clock), block_on(journal(0).refold(&kv, &clock)).unwrap());
        prop_assert_eq!(counts(&resumed.state), counts(&anew.state));
        let distinct: std::collections::BTreeSet<_> = facts.iter().collect();
        prop_assert_eq!(counts(&resumed.state).len(), distinct.len());
        prop_assert!(counts(&resumed.state).values().all(|n| *n == 1));
        // Every slot is asked for once and no more.
        block_on(journal(0).write_snapshot(&kv, &resumed)).unwrap();
        prop_assert_eq!(read(&kv, &clock).tail(), 0);
    }

    /// A snapshot's parts come back as they went, at any length.
    #[test]
    fn a_snapshot_gives_back_its_state(words in proptest::collection::vec("[a-zż\"\\\\]{1,40}", 1..4)) {
        let (kv, clock) = (MemoryStore::new(), clock());
        for (slot, word) in (1u64..).zip(&words) {
            block_on(kv.increment(&long().key().counter(), 1)).unwrap();
            block_on(kv.set_many(&[(long().key().entry(slot), entry(slot, &slot.to_string(), word))])).unwrap();
            let before = block_on(long().read(&kv, &clock)).unwrap();
            block_on(long().write_snapshot(&kv, &before)).unwrap();
            prop_assert!(kv.longest_value().is_some_and(|(_, n)| n <= mostek_store::keys::MAX_VALUE));
            kv.reset_operations();
            let after = block_on(long().read(&kv, &clock)).unwrap();
            prop_assert!(before.state == after.state);
            // The entries were not asked for: the state came from the snapshot. Longer states have none.
            let kept = before.state.0.len() < 1_000_000;
            prop_assert!(!kept || after.tail() == 0);
        }
    }

    /// Parts of two snapshots in any mixture, with missing, shortened and damaged ones: always the right state.
    #[test]
    fn mixed_parts_of_snapshots_never_give_a_wrong_state(
        words in proptest::collection::vec("[a-z]{6,24}", 2),
        mixture in proptest::collection::vec(0u8..5, 12),
        cut in any::<prop::sample::Index>(),
    ) {
        let (kv, clock) = (MemoryStore::new(), clock());
        let mut snapshots = Vec::new();
        for (slot, word) in (1u64..).zip(&words) {
            block_on(kv.increment(&long().key().counter(), 1)).unwrap();
            block_on(kv.set_many(&[(long().key().entry(slot), entry(slot, &slot.to_string(), word))])).unwrap();
            let reading = block_on(long().refold(&kv, &clock)).unwrap();
            block_on(long().write_snapshot(&kv, &reading)).unwrap();
            let parts: Vec<Option<Vec<u8>>> = (0..12)
                .map(|i| block_on(kv.get(&long().key().snapshot(Long::FOLD, i))).unwrap())
                .collect();
            prop_assert!(parts[1].is_some(), "the state is meant to need several parts");
            snapshots.push(parts);
        }
        for (i, from) in mixture.iter().enumerate() {
            let key = long().key().snapshot(Long::FOLD, i);
            let old = snapshots[usize::from(*from % 2)][i].clone();
            let part = match from {
                0 | 1 => old,
                2 => None,
                3 => old.map(|mut p| { p.truncate(cut.index(p.len())); p }),
                _ => old.map(|_| b"x".to_vec()),
            };
            match part {
                Some(part) => block_on(kv.set_many(&[(key, part)])).unwrap(),
                None => kv.lose(&key),
            }
        }
        let reading = block_on(long().read(&kv, &clock)).unwrap();
        prop_assert!(reading.state.0 == words[1].repeat(9_000), "{} bytes", reading.state.0.len());
        prop_assert_eq!(reading.upto(), 2);
    }
}

#[test]
fn a_hole_is_asked_for_a_day_and_once_more() {
    let (kv, clock) = (MemoryStore::new(), clock());
    reserve(&kv, 3);
    land(&kv, 2, "two");
    let first = read(&kv, &clock);
    assert_eq!(first.holes().collect::<Vec<_>>(), [1, 3]);
    block_on(journal(0).write_snapshot(&kv, &first)).unwrap();

    // Nobody looks for two days; an entry that landed in the meantime is found by the first who does.
    land(&kv, 1, "one");
    clock.advance(Duration::from_secs(48 * 3600));
    let second = read(&kv, &clock);
    assert_eq!(counts(&second.state).into_keys().collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(second.holes().count(), 0, "slot 3 is given up");
}

#[test]
fn a_counter_behind_the_snapshot_is_lost_data_and_no_empty_journal() {
    let (kv, clock) = (MemoryStore::new(), clock());
    reserve(&kv, 2);
    land(&kv, 1, "one");
    land(&kv, 2, "two");
    let reading = read(&kv, &clock);
    let restored = MemoryStore::new();
    block_on(journal(0).write_snapshot(&restored, &reading)).unwrap();
    let error = block_on(journal(0).read(&restored, &clock)).unwrap_err();
    assert!(matches!(error, mostek_ports::StoreError::Corrupt { .. }), "{error}");
    assert_eq!(clock.now(), Timestamp(1_778_580_000_000));
}

#[test]
fn code_that_cannot_read_an_entry_writes_no_snapshot_over_it() {
    let (kv, clock) = (MemoryStore::new(), clock());
    reserve(&kv, 2);
    land(&kv, 1, "one");
    let newer = entry(2, "two", serde_json::json!({ "a shape": "of tomorrow" }));
    block_on(kv.set_many(&[(journal(0).key().entry(2), newer)])).unwrap();
    let reading = read(&kv, &clock);
    assert_eq!(reading.state.facts.len(), 1);
    let before = kv.keys();
    block_on(journal(0).write_snapshot(&kv, &reading)).unwrap();
    assert_eq!(kv.keys(), before);
}

#[test]
fn facts_carry_the_moment_they_are_dated_with_or_that_of_writing() {
    let world = TestWorld::new(1);
    let write = |at: Option<Timestamp>| {
        let mut commit = Commit::by(Actor::System("test".into()));
        if let Some(at) = at {
            commit.date(at);
        }
        commit.append(&journal(0), None, vec![(format!("{at:?}"), "fact".to_owned())]);
        block_on(commit.run(&world)).unwrap();
    };
    let earlier = world.clock.now();
    world.clock.advance(Duration::from_secs(1));
    write(Some(earlier));
    write(None);
    let entries = block_on(journal(0).entries(&world.kv, &[1, 2])).unwrap();
    let moments: Vec<Timestamp> = entries.iter().map(Entry::at).collect();
    assert_eq!(moments, [earlier, world.clock.now()]);
}
