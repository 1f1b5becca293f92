//! What indexing and questions cost with a long history behind them, counted: writes per tick, round trips per page.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

#[path = "../../../tests/e2e/src/history.rs"]
#[allow(dead_code)]
mod history;
mod support;

use mostek_domain::Timestamp;
use mostek_domain::report::Wanted;
use mostek_helpdesk::{list, overview, reports, search};
use mostek_ports::Clock;
use mostek_ports::round_trips::RoundTrips;
use mostek_ports::testing::{MemoryStore, TestWorld};
use std::time::{Duration, Instant};
use support::*;

fn cost(tickets: u64) {
    let store = MemoryStore::new();
    let kv = RoundTrips::to(store.clone());
    let plain = TestWorld::new(1);
    let mut world = TestWorld {
        kv: kv.clone(),
        http: plain.http,
        clock: plain.clock,
        random: plain.random,
        settings: plain.settings,
        log: plain.log,
    };
    world.settings.0.insert("sealing_key".into(), SEALING_KEY.into());
    let now = world.clock.now();
    let (connection, _) = kv.count(connect(&world, false, long_ago(&world)));
    let began = Instant::now();
    kv.count(history::take_in(&world, &connection, 0..tickets, tickets, now));
    println!("{tickets} tickets of {} messages in {:?}", history::MESSAGES, began.elapsed());

    // A tick's worth of news: 200 more conversations.
    let more = tickets + 200;
    let setup = connection.setup.clone().unwrap();
    let mut all = connection.clone();
    all.since = Some(Timestamp(1));
    kv.count(async {
        let threads = (tickets..more).map(|n| history::thread(n, more, now)).collect();
        let known = mostek_helpdesk::intake::look_up(&world, &(&all).into(), threads).await.unwrap();
        let (rules, none) = (Default::default(), Default::default());
        mostek_helpdesk::intake::take(&world, &(&all).into(), &setup, rules, known, &none).await.unwrap();
    });
    store.reset_operations();
    kv.count(async { search::follow(&world, company(), Duration::MAX).await.unwrap() });
    let indexing = store.operations();
    assert_eq!((indexing.increments, indexing.deletes), (0, 0));
    // Two writes; more only when a merge has more than 64 values to write.
    assert!(indexing.sets <= 2 + 4, "{} writes", indexing.sets);
    store.reset_operations();
    kv.count(async { reports::follow(&world, company(), Duration::MAX).await.unwrap() });
    let counting = store.operations();
    assert_eq!(counting.writes(), 2);
    kv.count(history::tidy(&world, company()));
    println!("reports of them: {} reads, {} writes", counting.reads, counting.writes());
    println!("200 tickets more: {} reads, {} writes", indexing.reads, indexing.sets);

    let asked = |text: &str| {
        store.reset_operations();
        let began = Instant::now();
        let (found, trips) = kv.count(search::search(&world, company(), text, None));
        let found = found.unwrap().tickets.len();
        println!(
            "{text:?}: {found} found, {trips} round trips, {} reads, {:?}",
            store.operations().reads,
            began.elapsed()
        );
        assert!(trips <= search::ROUND_TRIPS, "{trips} round trips for {text}");
        found
    };
    assert_eq!(asked("dzień dobry"), search::PAGE);
    assert_eq!(asked(&history::order(17)), 1);
    assert!(asked("klient-5") >= 3);
    assert_eq!(asked(&format!("nr {} ", tickets / 2)), 1);
    assert_eq!(asked("nigdzienicniema"), 0);
    assert!(asked("zwrot") > 0);

    let today = now.0 / 86_400_000;
    let days: Vec<Timestamp> = (today - 95..=today + 1).map(|d| Timestamp(d * 86_400_000)).collect();
    let (report, trips) = kv.count(reports::report(&world, company(), &days, &Wanted::default()));
    let report = report.unwrap().report;
    println!("report of {} tickets: {trips} round trips", report.tickets);
    assert_eq!((report.tickets, report.first_response.count), (more, more));
    assert!(u64::from(trips) <= 2 + more.div_ceil(256 * 128), "{trips} round trips for a report");
    let (_, trips) = kv.count(list::page(&world, company(), &Default::default(), None, 50));
    let (_, all) = kv.count(overview::read(&world, company(), author().id, &days));
    println!("list: {trips} round trips, dashboard: {all}");
    assert!(trips <= 5 && all <= 6, "{trips} {all}");
    let (key, bytes) = store.longest_value().unwrap();
    assert!(bytes <= 64 * 1024, "{key} has {bytes} bytes");
}

#[test]
fn at_1_500_tickets_and_15_000_messages() {
    cost(1_500);
}

/// Some minutes and 3 GB in a debug build: `cargo test --release -p mostek-helpdesk --test scale -- --ignored --nocapture`.
#[test]
#[ignore = "takes minutes and gigabytes"]
fn at_100_000_tickets_and_1_000_000_messages() {
    cost(100_000);
}

#[test]
#[ignore = "takes a minute"]
fn at_35_000_tickets_and_350_000_messages() {
    cost(35_000);
}
