//! A customer's time line: what it holds, and that it costs the same at any number of tickets.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use futures::executor::block_on;
use mostek_domain::{CustomerId, TicketId, Timestamp};
use mostek_helpdesk::connection::Connection;
use mostek_helpdesk::customer::history::{self, What};
use mostek_helpdesk::customer::merge::{self, Winners};
use mostek_helpdesk::customer::{self, Details, tickets};
use mostek_helpdesk::{poll, repair, tick, timeline};
use mostek_ports::testing::{FakeHttp, TestWorld};
use mostek_ports::{Clock, KeyValue};
use mostek_store::Actor;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use support::*;

struct Bench {
    world: TestWorld,
    remote: Rc<RefCell<Remote>>,
    connection: Connection,
}

/// A hub whose connection adds customers.
fn bench() -> Bench {
    let mut world = TestWorld::new(1);
    world.settings.0.insert("sealing_key".into(), SEALING_KEY.into());
    let remote = Rc::new(RefCell::new(Remote { now: world.clock.now().0, ..Remote::default() }));
    let handler = remote.clone();
    world.http = FakeHttp::new(move |r| Ok(handler.borrow_mut().handle(r)));
    let since = long_ago(&world);
    let connection = block_on(connect(&world, true, since));
    Bench { world, remote, connection }
}

impl Bench {
    /// A customer writes in a conversation of its own.
    fn writes(&self, thread: &str, customer: &str) {
        let mut remote = self.remote.borrow_mut();
        remote.writes(thread, "CUSTOMER_USER", "Dzień dobry");
        remote.threads.last_mut().unwrap().customer = customer.into();
    }

    fn poll(&self) {
        self.world.clock.advance(Duration::from_secs(120));
        block_on(poll::poll(&self.world, &self.connection, Duration::MAX)).unwrap();
        block_on(tick::tick(&self.world, Duration::from_secs(600)));
    }

    fn record(&self, customer: &str) -> CustomerId {
        block_on(customer::find(&self.world, company(), field(), customer)).unwrap().unwrap()
    }

    fn lines(&self, id: CustomerId) -> Vec<What> {
        let (mut all, mut after) = (Vec::new(), None);
        for _ in 0..99 {
            let page = block_on(history::open(&self.world, id, after.as_deref())).unwrap();
            assert!(page.lines.len() <= history::PAGE);
            all.extend(page.lines.into_iter().map(|l| l.what));
            after = page.next;
            if after.is_none() {
                return all;
            }
        }
        panic!("paging does not end");
    }
}

fn event(n: i64) -> timeline::Event {
    timeline::Event {
        at: Timestamp(1_778_580_000_000 + n * 1000),
        kind: timeline::Kind::Review,
        title: format!("Opinia {n}"),
        detail: None,
        source: "Sklep".into(),
        link: None,
    }
}

fn tickets_in(lines: &[What]) -> usize {
    lines.iter().filter(|l| matches!(l, What::Ticket { .. })).count()
}

#[test]
fn a_page_costs_the_same_at_any_number_of_tickets() {
    let mut costs = Vec::new();
    for others in [10, 400] {
        let b = bench();
        for n in 0..3 {
            b.writes(&format!("anna-{n}"), "anna");
        }
        for n in 0..others {
            b.writes(&format!("t{n}"), &format!("c{n}"));
        }
        b.poll();
        let id = b.record("anna");
        // The first reader of a record that was written blindly folds its entries.
        let reading = block_on(customer::read(&b.world, id)).unwrap();
        assert_eq!(reading.state.tickets.len(), 3);
        b.world.kv.reset_operations();
        let page = block_on(history::open(&b.world, id, None)).unwrap();
        assert_eq!(page.lines.len(), 3 + 3 + 1, "tickets, orders, the record's beginning");
        assert_eq!(b.world.kv.operations().writes(), 0);
        costs.push(b.world.kv.operations().reads);
    }
    assert_eq!(costs[0], costs[1], "reads at 10 and at 400 other tickets");
}

#[test]
fn many_lines_of_every_kind_come_once_newest_first_also_of_merged_records() {
    let b = bench();
    for n in 0..40 {
        b.writes(&format!("anna-{n}"), "anna");
    }
    b.writes("ola-0", "ola");
    b.poll();
    let (anna, ola) = (b.record("anna"), b.record("ola"));
    let actor = || Actor::System("test".into());
    for n in 0..30 {
        let of = if n % 3 == 0 { ola } else { anna };
        block_on(timeline::append(&b.world, actor(), of, &format!("e{n}"), event(n))).unwrap();
    }
    block_on(merge::merge(&b.world, company(), actor(), anna, ola, &Winners::default(), "k")).unwrap();
    let all = b.lines(anna);
    assert_eq!(tickets_in(&all), 41);
    let told: Vec<&str> = all
        .iter()
        .filter_map(|l| match l {
            What::Told { event } => Some(event.title.as_str()),
            _ => None,
        })
        .collect();
    let wanted: Vec<String> = (0..30).rev().map(|n| format!("Opinia {n}")).collect();
    assert_eq!(told, wanted);
    assert_eq!(all.iter().filter(|l| matches!(l, What::Order { .. })).count(), 41);
    // Added twice, merged once, and the merged record's own last word is not said again.
    assert_eq!(all.iter().filter(|l| matches!(l, What::Change { .. })).count(), 3);
    assert_eq!(b.lines(ola).len(), all.len(), "a merged record's time line is the one of who stands for it");
}

#[test]
fn tickets_of_the_time_before_are_found_after_a_repair() {
    let b = bench();
    b.writes("anna-0", "anna");
    b.poll();
    let id = b.record("anna");
    let ticket = TicketId::of_thread(b.connection.id, "anna-0");
    // As if it had been written by older code: the record knows no ticket.
    let keys: Vec<String> = b.world.kv.keys().into_iter().filter(|k| k.starts_with("j:customer:")).collect();
    for key in keys {
        let value = block_on(b.world.kv.get(&key)).unwrap().unwrap();
        if String::from_utf8_lossy(&value).contains("ticket-") || key.contains(":s2:") {
            b.world.kv.lose(&key);
        }
    }
    let links = || {
        let (id, record) = block_on(customer::standing_for(&b.world, id)).unwrap();
        block_on(tickets::links(&b.world, (id, &record.state))).unwrap()
    };
    assert!(links().is_empty());
    block_on(repair::repair(&b.world, None, Duration::MAX)).unwrap();
    assert_eq!(links().iter().map(|l| l.ticket).collect::<Vec<_>>(), [ticket]);
    block_on(repair::repair(&b.world, None, Duration::MAX)).unwrap();
    assert_eq!(links().len(), 1, "once");
}

#[test]
fn a_record_that_nobody_has_is_nobodys_time_line() {
    let b = bench();
    let nobody = CustomerId::from_random([7; 16]);
    assert!(block_on(history::open(&b.world, nobody, Some("not a cursor"))).unwrap().lines.is_empty());
    let anna = Details::named("Anna".parse().unwrap());
    let id = block_on(customer::add(&b.world, company(), Actor::System("t".into()), anna)).unwrap();
    assert_eq!(b.lines(id).len(), 1);
}
