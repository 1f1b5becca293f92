//! The inverted index: finds what is there, whatever was merged, forgotten or written at once, and what that costs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use futures::executor::block_on;
use mostek_ports::round_trips::RoundTrips;
use mostek_ports::testing::{MemoryStore, TestWorld};
use mostek_ports::{Clock, World};
use mostek_store::postings::{Change, Found, Head};
use mostek_store::{JournalKey, Postings, Term};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

fn index() -> Postings {
    Postings::at(JournalKey::new("words", "c1").unwrap())
}

fn term(word: &str) -> Term {
    match word.strip_suffix('*') {
        Some(beginning) => Term { word: beginning.into(), open_ended: true },
        None => Term { word: word.into(), open_ended: false },
    }
}

fn question(words: &str) -> Vec<Term> {
    words.split(' ').map(term).collect()
}

async fn head<W: World>(world: &W) -> Head<u64> {
    index().head(world.kv()).await.unwrap()
}

async fn add<W: World>(world: &W, documents: &[(u64, &str)]) {
    let began = world.clock().monotonic();
    let mut head = head(world).await;
    head.state += 1;
    let mut change = Change::default();
    for (document, text) in documents {
        for word in text.split(' ') {
            change.add.entry(word.to_owned()).or_default().insert(*document);
        }
    }
    index().write(world, began, &mut head, change).await.unwrap();
}

async fn find<W: World>(world: &W, words: &str, below: Option<u64>, limit: usize) -> Found {
    let head = head(world).await;
    index().find(world.kv(), &head, &[question(words)], below, limit).await.unwrap()
}

async fn all<W: World>(world: &W, words: &str) -> Vec<u64> {
    let (mut out, mut below) = (Vec::new(), None);
    loop {
        let found = find(world, words, below, 7).await;
        out.extend(found.documents);
        match found.next {
            Some(next) => below = Some(next),
            None => return out,
        }
    }
}

#[test]
fn all_words_of_one_alternative_newest_first_page_by_page() {
    block_on(async {
        let world = TestWorld::new(1);
        add(
            &world,
            &[(1, "zwrot paczka"), (2, "zwrot"), (40_000, "zwrot paczki"), (2_000_000, "paczka zwrot")],
        )
        .await;
        assert_eq!(all(&world, "zwrot").await, [2_000_000, 40_000, 2, 1]);
        assert_eq!(all(&world, "zwrot paczka").await, [2_000_000, 1]);
        assert_eq!(all(&world, "zwrot paczk*").await, [2_000_000, 40_000, 1]);
        assert!(all(&world, "zwrot nic").await.is_empty());
        let page = find(&world, "zwrot", None, 2).await;
        assert_eq!((page.documents, page.next), (vec![2_000_000, 40_000], Some(40_000)));
        let head = head(&world).await;
        let either = [question("paczki"), question("zwrot paczka")];
        let found = index().find(&world.kv, &head, &either, None, 10).await.unwrap();
        assert_eq!(found.documents, [2_000_000, 40_000, 1]);
        assert_eq!(index().find(&world.kv, &head, &[], None, 10).await.unwrap(), Found::default());
    });
}

#[test]
fn a_change_costs_two_writes_and_segments_stay_few() {
    block_on(async {
        let world = TestWorld::new(1);
        for n in 0..400u64 {
            world.kv.reset_operations();
            add(&world, &[(n, &format!("wspolne slowo{n} inne{}", n % 7))]).await;
            let o = world.kv.operations();
            assert_eq!((o.increments, o.sets), (0, 2), "change {n}");
            // The eight segments that are merged now and then, the head, nothing else.
            assert!(o.reads <= 1 + 8 * 4, "{} reads", o.reads);
            // Old segments go after an hour.
            world.clock.advance(Duration::from_secs(60));
        }
        let (segments, bytes) = head(&world).await.size();
        assert!(segments <= 24, "{segments} segments");
        assert_eq!(all(&world, "wspolne").await.len(), 400);
        assert_eq!(all(&world, "slowo17").await, [17]);
        let stored: usize = world.kv.keys().len();
        assert!(stored < 150, "{stored} keys, {bytes} bytes: garbage is left");
    });
}

#[test]
fn forgotten_documents_are_found_no_more_and_their_words_leave_the_store() {
    block_on(async {
        let world = TestWorld::new(1);
        for n in 0..20 {
            add(&world, &[(n, &format!("wspolne tajne{n}"))]).await;
        }
        let began = world.clock().monotonic();
        let mut head = head(&world).await;
        let change = Change {
            add: BTreeMap::from([("nowe".to_owned(), BTreeSet::from([7]))]),
            forget: BTreeSet::from([7]),
        };
        index().write(&world, began, &mut head, change).await.unwrap();
        assert!(all(&world, "tajne7").await.is_empty());
        assert_eq!(all(&world, "nowe").await, [7]);
        assert_eq!(all(&world, "wspolne").await.len(), 19);
        world.clock.advance(Duration::from_secs(3601));
        add(&world, &[(21, "wspolne")]).await;
        let is_there = async |word: &str| {
            let mut there = false;
            for key in world.kv.keys() {
                use mostek_ports::KeyValue;
                let value = world.kv.get(&key).await.unwrap().unwrap();
                there |= value.windows(word.len()).any(|w| w == word.as_bytes());
            }
            there
        };
        assert!(is_there("tajne8").await);
        assert!(!is_there("tajne7").await, "an erased word is still in the store");
    });
}

#[test]
fn two_writers_at_once_leave_one_of_their_states_whole() {
    block_on(async {
        let world = TestWorld::new(1);
        add(&world, &[(1, "stare")]).await;
        let began = world.clock().monotonic();
        let (mut a, mut b) = (head(&world).await, head(&world).await);
        let change = |word: &str, d| Change {
            add: BTreeMap::from([(word.to_owned(), BTreeSet::from([d]))]),
            ..Change::default()
        };
        (a.state, b.state) = (10, 20);
        index().write(&world, began, &mut a, change("pierwsze", 2)).await.unwrap();
        index().write(&world, began, &mut b, change("drugie", 3)).await.unwrap();
        // The last one's, with the cursor that fits it: what the other did is done again from there.
        assert_eq!(head(&world).await.state, 20);
        assert!(all(&world, "pierwsze").await.is_empty());
        assert_eq!((all(&world, "drugie").await, all(&world, "stare").await), (vec![3], vec![1]));
    });
}

#[test]
fn a_missing_part_is_an_error_and_clearing_begins_anew() {
    block_on(async {
        let world = TestWorld::new(1);
        add(&world, &[(1, "jeden")]).await;
        let part = world.kv.keys().into_iter().find(|k| k.contains(":l1:")).unwrap();
        world.kv.lose(&part);
        let h = head(&world).await;
        assert!(index().find(&world.kv, &h, &[question("jeden")], None, 1).await.is_err());
        index().clear(&world, 0u64).await.unwrap();
        assert!(all(&world, "jeden").await.is_empty());
        assert_eq!(head(&world).await.state, 0);
    });
}

/// A hundred thousand documents of a hundred words each, from some 20,000 words of which some are in every tenth.
#[test]
fn what_finding_costs_at_a_hundred_thousand_documents() {
    let kv = RoundTrips::to(MemoryStore::new());
    let plain = TestWorld::new(1);
    let world = TestWorld {
        kv: kv.clone(),
        http: plain.http,
        clock: plain.clock,
        random: plain.random,
        settings: plain.settings,
        log: plain.log,
    };
    let mut next = 1u64;
    let mut random = move || {
        next = next.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        next >> 33
    };
    let mut written = 0u32;
    for batch in 0..50u64 {
        let mut change = Change::default();
        for document in batch * 2000..(batch + 1) * 2000 {
            for _ in 0..20 {
                // Small numbers are frequent.
                let word = (random() % 142) * (random() % 142);
                change.add.entry(format!("slowo{word}")).or_default().insert(document);
            }
            change.add.entry("dzien".into()).or_default().insert(document);
            change.add.entry(format!("=zamowienie{document}")).or_default().insert(document);
        }
        let (_, trips) = kv.count(async {
            let began = world.clock().monotonic();
            let mut head = head(&world).await;
            index().write(&world, began, &mut head, change).await.unwrap();
        });
        written = written.max(trips);
    }
    let count = |words: &str| kv.count(find(&world, words, None, 25));
    let (found, trips) = count("dzien");
    assert_eq!(found.documents.first(), Some(&99_999));
    assert_eq!(found.documents.len(), 25);
    assert!(trips <= 3, "{trips} round trips for a frequent word");
    for (words, most) in [("=zamowienie17", 7), ("slowo12 slowo900 dzien", 7), ("nigdzie", 7), ("slowo1*", 9)]
    {
        let (found, trips) = count(words);
        println!("{words}: {trips} round trips, {} found", found.documents.len());
        assert!(trips <= most, "{trips} round trips for {words}");
    }
    assert_eq!(count("=zamowienie17").0.documents, [17]);
    let (segments, bytes) = kv.count(head(&world)).0.size();
    println!("{segments} segments, {bytes} bytes, {written} round trips for the dearest change");
    assert!(segments <= 4 * 27, "{segments} segments");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn finds_exactly_what_a_scan_finds(
        batches in prop::collection::vec(
            (prop::collection::vec((0u64..70_000, prop::collection::btree_set("[ab]{1,3}", 1..5)), 1..4),
             prop::collection::btree_set(0u64..70_000, 0..2)),
            1..40,
        ),
        questions in prop::collection::vec(prop::collection::vec("[ab]{1,2}[ab*]", 1..3), 1..6),
    ) {
        block_on(async {
            let world = TestWorld::new(7);
            let mut naive: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
            for (documents, forget) in batches {
                let began = world.clock().monotonic();
                let mut head = head(&world).await;
                let mut change = Change { forget: forget.clone(), ..Change::default() };
                naive.retain(|d, _| !forget.contains(d));
                for (document, words) in documents {
                    for word in words {
                        change.add.entry(word.clone()).or_default().insert(document);
                        naive.entry(document).or_default().insert(word);
                    }
                }
                index().write(&world, began, &mut head, change).await.unwrap();
            }
            for words in questions {
                let terms: Vec<Term> = words.iter().map(|w| term(w)).collect();
                let has = |words: &BTreeSet<String>, t: &Term| {
                    words.iter().any(|w| *w == t.word || t.open_ended && w.starts_with(&t.word))
                };
                let expected: Vec<u64> =
                    naive.iter().rev().filter(|(_, w)| terms.iter().all(|t| has(w, t))).map(|(d, _)| *d).collect();
                prop_assert_eq!(all(&world, &words.join(" ")).await, expected, "{:?}", words);
            }
            Ok(())
        })?;
    }
}
