//! Conversations become tickets: once, in order, with their customers; and what that costs.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use futures::executor::block_on;
use mostek_domain::ticket::StatusKind;
use mostek_domain::{CustomerId, TicketId, TicketNumber};
use mostek_helpdesk::connection::{self, Progress, Run};
use mostek_helpdesk::list::{self, Wanted};
use mostek_helpdesk::reply::Seen;
use mostek_helpdesk::ticket::ItemKind;
use mostek_helpdesk::view::{self, History};
use mostek_helpdesk::{customer, poll};
use mostek_ports::round_trips::RoundTrips;
use mostek_ports::testing::{FakeHttp, TestWorld};
use mostek_ports::{Clock, HttpError, KeyValue, World};
use serde_json::json;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;
use support::bench::{Bench, bench};
use support::*;

#[test]
fn a_message_becomes_a_ticket_and_the_next_joins_it_whatever_is_polled_again() {
    let b = bench(false);
    b.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Gdzie paczka?<br>Pozdrawiam");
    for _ in 0..3 {
        b.poll();
    }
    b.remote.borrow_mut().writes("t1", "SHOP_USER", "Wysłana wczoraj.");
    b.remote.borrow_mut().writes("t1", "OPERATOR_USER", "Prosimy o odpowiedź.");
    assert_eq!(b.poll().messages, 2);
    assert_eq!(b.texts("t1"), ["Gdzie paczka?\nPozdrawiam", "Wysłana wczoraj.", "Prosimy o odpowiedź."]);
    let kinds: Vec<ItemKind> = b.view("t1").lines.iter().map(|l| l.item.kind).collect();
    assert_eq!(kinds, [ItemKind::Customer, ItemKind::Shop, ItemKind::Operator]);
    let page = b.list(&Wanted::default());
    assert_eq!((page.total, page.tickets.len()), (1, 1));
    let row = &page.tickets[0];
    assert_eq!(
        (row.number, row.source.as_str(), row.status),
        (TicketNumber(1), "EmpikPlace", StatusKind::New)
    );
    assert_eq!(row.subject, "Temat t1");
    let id = block_on(view::by_number(&b.world, company(), TicketNumber(1))).unwrap();
    assert_eq!(id, row.id);
}

#[test]
fn only_conversations_with_a_message_after_switching_on_and_their_history_with_them() {
    let b = bench(false);
    let since = b.connection.since.unwrap().0;
    let now = b.remote.borrow().now;
    b.remote.borrow_mut().now = since - 90_000;
    b.remote.borrow_mut().writes("old", "CUSTOMER_USER", "Sprzed włączenia");
    b.remote.borrow_mut().writes("both", "CUSTOMER_USER", "Pierwsza, sprzed włączenia");
    b.remote.borrow_mut().now = now;
    b.remote.borrow_mut().writes("both", "CUSTOMER_USER", "Druga, po włączeniu");
    b.poll();
    assert_eq!(b.list(&Wanted::default()).total, 1);
    let lines = b.view("both").lines;
    assert_eq!(lines.iter().map(|l| l.history).collect::<Vec<_>>(), [Some(History::BeforeConnection), None]);
}

#[test]
fn every_page_is_followed_and_the_cursor_moves_only_after_the_last() {
    let b = bench(false);
    b.remote.borrow_mut().page = 3;
    for i in 0..10 {
        b.remote.borrow_mut().writes(&format!("t{i}"), "CUSTOMER_USER", "Dzień dobry");
    }
    // Out of time after the first page: the next poll goes on where this one stopped.
    let first = block_on(poll::poll(&b.world, &b.connection, Duration::ZERO)).unwrap();
    assert!(first.unfinished && first.tickets == 3);
    let progress =
        block_on(connection::progress(b.connection.id).unwrap().get(&b.world.kv)).unwrap().unwrap();
    assert!(progress.cursor.is_none() && progress.page_token.is_some());
    b.world.clock.advance(Duration::from_secs(60));
    let rest = b.poll();
    assert_eq!((rest.tickets, rest.unfinished), (7, false));
    let progress =
        block_on(connection::progress(b.connection.id).unwrap().get(&b.world.kv)).unwrap().unwrap();
    // Not past the moment at which the pass began, though the marketplace's clock is ahead of ours.
    assert_eq!(progress.cursor, Some(b.world.clock.now().minus(Duration::from_secs(60))));
    assert!(progress.page_token.is_none());
    assert_eq!(b.list(&Wanted::default()).total, 10);
}

#[test]
fn a_conversation_of_1001_messages_is_whole_and_opens_in_four_round_trips() {
    let b = bench(false);
    for i in 0..1001 {
        b.remote.borrow_mut().writes("long", "CUSTOMER_USER", &format!("Wiadomość {i}"));
    }
    assert_eq!(b.poll().messages, 1001);
    assert_eq!(b.poll().messages, 0);
    let view = b.view("long");
    assert_eq!(view.ticket.items.len(), 1001);
    assert_eq!(view.lines.len(), 50);
    assert_eq!(b.texts("long").last().unwrap(), "Wiadomość 1000");
    let (older, before) = view.older.unwrap();
    assert_eq!(older, 951);
    let page = block_on(view::open(&b.world, company(), view.id, Some(before))).unwrap();
    assert_eq!(page.lines.len(), 50);
    let (key, bytes) = b.world.kv.longest_value().unwrap();
    assert!(bytes <= 64 * 1024, "{key} has {bytes} bytes");
    b.world.kv.reset_operations();
    b.view("long");
    let o = b.world.kv.operations();
    assert_eq!(o.writes(), 0);
    // Snapshot parts, counter, a few entries, connection, order: bounded, whatever the length.
    assert!(o.reads <= 24, "{} reads", o.reads);
    let kv = RoundTrips::to(b.world.kv.clone());
    let plain = TestWorld::new(1);
    let world = TestWorld {
        kv: kv.clone(),
        http: plain.http,
        clock: plain.clock,
        random: plain.random,
        settings: plain.settings,
        log: plain.log,
    };
    let (opened, trips) = kv.count(view::open(&world, company(), view.id, None));
    assert_eq!(opened.unwrap().lines.len(), 50);
    assert!(trips <= 4, "{trips} round trips");
}

#[test]
fn what_polling_costs() {
    let b = bench(false);
    let write_many = |m: usize, prefix: &str| {
        for i in 0..m {
            b.remote.borrow_mut().writes(&format!("{prefix}{i}"), "CUSTOMER_USER", "Dzień dobry");
        }
    };
    write_many(1, "first");
    b.poll();
    // Idle: one request, one write.
    b.remote.borrow_mut().requests.clear();
    b.world.kv.reset_operations();
    b.poll();
    assert_eq!(b.remote.borrow().requests, BTreeMap::from([("M11", 1)]));
    assert_eq!(b.world.kv.operations().writes(), 1);
    // n messages in m threads: at most 2m + 4 writes and ceil(m/100) pages.
    for m in [1usize, 10, 100] {
        write_many(m, &format!("n{m}-"));
        b.world.kv.reset_operations();
        b.remote.borrow_mut().requests.clear();
        assert_eq!(b.poll().messages, m as u64);
        let writes = b.world.kv.operations().writes();
        assert!(writes <= 2 * m as u64 + 4, "{writes} writes for {m} conversations");
    }
}

#[test]
fn adding_customers_stays_within_the_budget_too() {
    let b = bench(true);
    for m in [1u64, 10, 50] {
        for i in 0..m {
            b.remote.borrow_mut().writes(&format!("n{m}-{i}"), "CUSTOMER_USER", "Dzień dobry");
        }
        b.world.kv.reset_operations();
        assert_eq!(b.poll().tickets, m);
        let writes = b.world.kv.operations().writes();
        assert!(writes <= 2 * m + 5, "{writes} writes for {m} new customers");
    }
}

#[test]
fn a_customer_is_found_by_the_field_added_once_or_left_outside() {
    let b = bench(false);
    let details = customer::Details {
        fields: BTreeMap::from([(field(), "c-known".to_owned())]),
        ..customer::Details::named("Anna Nowak".parse().unwrap())
    };
    let actor = mostek_store::Actor::System("test".into());
    let record = block_on(customer::add(&b.world, company(), actor.clone(), details.clone())).unwrap();
    b.remote.borrow_mut().writes("known", "CUSTOMER_USER", "Dzień dobry");
    b.remote.borrow_mut().writes("stranger", "CUSTOMER_USER", "Dzień dobry");
    b.poll();
    assert_eq!(b.view("known").ticket.record(), Some(record));
    assert_eq!(b.view("stranger").ticket.record(), None);
    assert_eq!(b.view("stranger").ticket.opened.unwrap().customer.remote_id.as_deref(), Some("c-stranger"));
    // A field that was changed no longer finds the record.
    let moved = customer::Details { fields: BTreeMap::from([(field(), "c-other".to_owned())]), ..details };
    block_on(customer::change(&b.world, company(), actor, record, moved)).unwrap();
    assert_eq!(block_on(customer::find(&b.world, company(), field(), "c-known")).unwrap(), None);
    assert_eq!(block_on(customer::find(&b.world, company(), field(), "c-other")).unwrap(), Some(record));

    let b = bench(true);
    let order = json!({"order_id": "t1-A", "commercial_id": "EMP-1", "order_state": "SHIPPED", "currency_iso_code": "PLN",
        "customer": {"customer_id": "c-t1", "firstname": "Zofia", "lastname": "Żak", "locale": "pl_PL"}, "order_lines": []});
    b.remote.borrow_mut().orders.insert("t1-A".into(), order);
    b.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Dzień dobry");
    b.poll();
    let record = b.view("t1").ticket.record().unwrap();
    assert_eq!(record, CustomerId::of_marketplace(company(), field(), "c-t1"));
    let added = block_on(customer::of_company(&b.world, company(), record)).unwrap().details.unwrap();
    assert_eq!((added.name.as_str(), added.locale.as_deref()), ("Zofia Żak", Some("pl_PL")));
    assert_eq!(added.fields[&field()], "c-t1");
    assert_eq!(block_on(customer::page(&b.world, company(), None, 50)).unwrap().total, 1);
    assert!(b.view("t1").order.unwrap().order.commercial_id.unwrap() == "EMP-1");
    assert_eq!(b.remote.borrow().requests["OR11"], 1);
}

#[test]
fn the_list_filters_by_source_and_status_and_pages() {
    let b = bench(false);
    for i in 0..60 {
        b.remote.borrow_mut().writes(&format!("t{i}"), "CUSTOMER_USER", "Dzień dobry");
    }
    for i in 0..20 {
        b.remote.borrow_mut().writes(&format!("t{i}"), "SHOP_USER", "Odpowiedź z panelu");
    }
    b.poll();
    let wanted = |s: StatusKind| Wanted { statuses: vec![s], ..Wanted::default() };
    assert_eq!(b.list(&wanted(StatusKind::New)).total, 40);
    assert_eq!(b.list(&wanted(StatusKind::WaitingForCustomer)).total, 20);
    assert_eq!(b.list(&wanted(StatusKind::Closed)).total, 0);
    assert_eq!(b.list(&Wanted { source: Some("EmpikPlace".into()), ..Wanted::default() }).total, 60);
    assert_eq!(b.list(&Wanted { source: Some("Inne".into()), ..Wanted::default() }).total, 0);
    let first = b.list(&Wanted::default());
    assert_eq!((first.tickets.len(), first.total), (50, 60));
    let second = block_on(list::page(&b.world, company(), &Wanted::default(), first.next, 50)).unwrap();
    assert_eq!((second.tickets.len(), second.next), (10, None));
}

#[test]
fn a_refused_key_stops_the_connection_and_says_so() {
    let b = bench(false);
    for status in [401, 403] {
        b.remote.borrow_mut().refuse = Some((status, None));
        assert!(b.poll().error.is_some());
        let c = block_on(connection::of_company(&b.world, company(), b.connection.id)).unwrap();
        assert_eq!(c.run, Run::NeedsAuthentication);
        assert!(c.refused.is_some());
        let report = block_on(mostek_helpdesk::tick::tick(&b.world, Duration::from_secs(20)));
        assert!(report.polls.is_empty(), "a connection without a key must not be polled");
        b.remote.borrow_mut().refuse = None;
        block_on(connection::command(
            &b.world,
            company(),
            mostek_store::Actor::System("t".into()),
            c.id,
            connection::Command::Start,
        ))
        .unwrap();
    }
}

#[test]
fn throttling_waits_as_long_as_asked_and_errors_back_off() {
    let b = bench(false);
    b.remote.borrow_mut().refuse = Some((429, Some("1234")));
    b.poll();
    let progress =
        || block_on(connection::progress(b.connection.id).unwrap().get(&b.world.kv)).unwrap().unwrap();
    let p = progress();
    assert!(p.due >= b.world.clock.now().plus(Duration::from_secs(1234)));
    assert_eq!(p.throttled_until, Some(p.due));
    assert!(!poll::is_due(&b.connection, &p, b.world.clock.now()));
    b.remote.borrow_mut().refuse = Some((500, None));
    let mut waits = vec![];
    for _ in 0..4 {
        b.poll();
        waits.push(progress().due.since(b.world.clock.now()));
    }
    assert!(waits[3] > waits[0], "{waits:?}");
    b.remote.borrow_mut().refuse = None;
    b.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Dzień dobry");
    b.poll();
    assert_eq!((progress().failures, progress().throttled_until), (0, None));
    assert_eq!(b.list(&Wanted::default()).total, 1);
}

/// From now on the marketplace answers so many of the requests to addresses that begin like this, and asks to wait after that.
fn lets_through(b: &mut Bench, prefix: &'static str, mut count: u64) {
    let remote = b.remote.clone();
    b.world.http = FakeHttp::new(move |r| {
        if !r.url.path().starts_with(prefix) || count > 0 {
            count -= u64::from(r.url.path().starts_with(prefix));
            return Ok(remote.borrow_mut().handle(r));
        }
        *remote.borrow_mut().requests.entry("429").or_default() += 1;
        let mut refused = answer(429, &json!({"message": "slow down"}));
        refused.headers.insert("retry-after", "600".parse().unwrap());
        Ok(refused)
    });
}

fn progress(b: &Bench) -> Progress {
    block_on(connection::progress(b.connection.id).unwrap().get(&b.world.kv)).unwrap().unwrap()
}

#[test]
fn throttling_of_whole_conversations_ends_the_pass_and_loses_nothing() {
    let mut b = bench(false);
    b.remote.borrow_mut().page = 2;
    for n in 0..150 {
        for t in 0..4 {
            b.remote.borrow_mut().writes(&format!("t{t}"), "CUSTOMER_USER", &format!("Wiadomość {n}"));
        }
    }
    lets_through(&mut b, "/api/inbox/threads/", 1);
    let report = b.poll();
    assert!(report.error.is_some());
    let asked = ["M11", "OR11", "M10", "429"].map(|what| b.remote.borrow().requests[what]);
    assert_eq!((report.pages, asked), (1, [1, 1, 1, 1]), "nothing is asked for after that");
    let p = progress(&b);
    assert!(p.due >= b.world.clock.now().plus(Duration::from_secs(600)));
    assert_eq!((p.throttled_until, p.cursor), (Some(p.due), None));
    // What could be read is there: the next time it is not asked for again.
    let items = |b: &Bench, t: &str| b.view(t).ticket.items.len();
    assert_eq!((items(&b, "t2"), items(&b, "t3")), (150, 100));
    b.world.clock.advance(Duration::from_secs(600));
    lets_through(&mut b, "/", u64::MAX);
    assert_eq!(b.poll().error, None);
    assert_eq!(b.remote.borrow().requests["M10"], 4);
    assert!(progress(&b).cursor.is_some() && progress(&b).throttled_until.is_none());
    assert!(["t0", "t1", "t2", "t3"].iter().all(|t| items(&b, t) == 150));
}

/// What is new on other pages is not kept waiting for ever by conversations that are throttled for long.
#[test]
fn the_other_pages_do_not_wait_for_ever_for_whole_conversations() {
    let mut b = bench(false);
    b.remote.borrow_mut().page = 1;
    for n in 0..150 {
        b.remote.borrow_mut().writes("old", "CUSTOMER_USER", &format!("Wiadomość {n}"));
        b.remote.borrow_mut().writes("long", "CUSTOMER_USER", &format!("Wiadomość {n}"));
    }
    lets_through(&mut b, "/api/inbox/threads/", 0);
    let is_there = |b: &Bench| b.list(&Wanted::default()).tickets.iter().any(|t| t.id == b.ticket("old"));
    for _ in 0..5 {
        assert!(b.poll().error.is_some() && !is_there(&b));
        b.world.clock.advance(Duration::from_secs(3600));
    }
    let report = b.poll();
    assert!(is_there(&b) && report.pages >= 2, "{report:?}");
    assert!(progress(&b).cursor.is_none(), "what is missing is asked for again");
}

#[test]
fn throttling_does_not_lose_the_place_among_the_pages() {
    let mut b = bench(false);
    b.remote.borrow_mut().page = 1;
    for t in 0..9 {
        b.remote.borrow_mut().writes(&format!("t{t}"), "CUSTOMER_USER", "Dzień dobry");
    }
    for polls in 1..=4 {
        lets_through(&mut b, "/api/inbox/threads", 2);
        assert!(b.poll().error.is_some());
        assert_eq!(b.list(&Wanted::default()).total, 2 * polls);
    }
}

#[test]
fn new_tickets_wait_for_orders_that_are_throttled_but_not_for_ever() {
    let mut b = bench(true);
    b.remote.borrow_mut().writes("known", "CUSTOMER_USER", "Dzień dobry");
    b.poll();
    let order = json!({"order_id": "new-A", "order_state": "SHIPPED", "currency_iso_code": "PLN",
        "customer": {"customer_id": "c-new", "firstname": "Zofia", "lastname": "Żak"}, "order_lines": []});
    b.remote.borrow_mut().orders.insert("new-A".into(), order);
    b.remote.borrow_mut().writes("known", "CUSTOMER_USER", "Halo?");
    b.remote.borrow_mut().writes("new", "CUSTOMER_USER", "Dzień dobry");
    lets_through(&mut b, "/api/orders", 0);
    assert!(b.poll().error.is_some());
    assert!(progress(&b).throttled_until.is_some());
    assert_eq!((b.list(&Wanted::default()).total, b.texts("known").len()), (1, 2));
    lets_through(&mut b, "/", u64::MAX);
    assert_eq!(b.poll().error, None);
    let record = b.view("new").ticket.record().unwrap();
    let added = block_on(customer::of_company(&b.world, company(), record)).unwrap().details.unwrap();
    assert_eq!(added.name.as_str(), "Zofia Żak");
    b.remote.borrow_mut().writes("late", "CUSTOMER_USER", "Dzień dobry");
    lets_through(&mut b, "/api/orders", 0);
    let polls = (1..20).find(|_| b.poll().tickets == 1);
    assert_eq!(polls, Some(6));
}

#[test]
fn pages_are_shorter_where_that_helps_and_long_again_after_a_success() {
    let mut b = bench(false);
    let (remote, limits) = (b.remote.clone(), Rc::new(RefCell::new(Vec::new())));
    let says: Rc<RefCell<Option<HttpError>>> = Rc::default();
    let (asked, how) = (limits.clone(), says.clone());
    b.world.http = FakeHttp::new(move |r| {
        let limit = r.url.query_pairs().find(|(name, _)| name == "limit");
        asked.borrow_mut().push(limit.map(|(_, n)| n.parse::<u32>().unwrap()).unwrap_or_default());
        match &*how.borrow() {
            Some(error) => Err(error.clone()),
            None => Ok(remote.borrow_mut().handle(r)),
        }
    });
    let polls = |n: usize| {
        limits.borrow_mut().clear();
        (0..n).for_each(|_| drop(b.poll()));
        limits.borrow().clone()
    };
    for refusal in [(429, Some("5")), (500, None)] {
        b.remote.borrow_mut().refuse = Some(refusal);
        assert_eq!(polls(4), [100; 4]);
    }
    *says.borrow_mut() = Some(HttpError::NotSent("connection refused".into()));
    assert_eq!(polls(4), [100; 4]);
    *says.borrow_mut() = Some(HttpError::Unknown("no answer within 10 s".into()));
    assert_eq!(polls(6), [100, 50, 25, 12, 12, 12]);
    *says.borrow_mut() = None;
    b.remote.borrow_mut().refuse = None;
    assert_eq!(polls(2), [12, 100]);
    // So answers a gateway for a system that was too slow.
    b.remote.borrow_mut().refuse = Some((504, None));
    assert_eq!(polls(3), [100, 50, 25]);
}

#[test]
fn a_code_is_no_subject() {
    let b = bench(false);
    b.remote.borrow_mut().topics.insert("t1".into(), json!({"type": "REASON_CODE", "value": "31"}));
    b.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    b.poll();
    assert_eq!(b.list(&Wanted::default()).tickets[0].subject, "Gdzie paczka?");
}

#[test]
fn another_company_does_not_see_the_ticket() {
    let b = bench(false);
    b.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Dzień dobry");
    b.poll();
    let id = TicketId::of_thread(b.connection.id, "t1");
    let other = mostek_domain::CompanyId::from_random([77; 16]);
    assert!(matches!(
        block_on(view::open(&b.world, other, id, None)),
        Err(mostek_helpdesk::Refusal::NotFound(_))
    ));
    assert_eq!(block_on(list::page(&b.world, other, &Wanted::default(), None, 50)).unwrap().total, 0);
}

#[test]
fn a_very_long_text_is_kept_whole_and_no_value_is_too_long() {
    let b = bench(false);
    let long = "Ż".repeat(50_000);
    b.remote.borrow_mut().writes("t1", "CUSTOMER_USER", &long);
    b.poll();
    assert_eq!(b.texts("t1"), [long]);
    let (key, bytes) = b.world.kv.longest_value().unwrap();
    assert!(bytes <= 64 * 1024, "{key} has {bytes} bytes");
    // Used here only to show that the store port is the one that counts.
    assert!(block_on(b.world.kv().get("nothing")).unwrap().is_none());
}

#[test]
fn a_conversation_dated_in_the_far_future_does_not_stop_polling() {
    let b = bench(false);
    let now = b.remote.borrow().now;
    b.remote.borrow_mut().now = now + 1_000_000_000_000;
    b.remote.borrow_mut().writes("future", "CUSTOMER_USER", "Z przyszłości");
    b.remote.borrow_mut().now = now;
    b.poll();
    b.world.clock.advance(Duration::from_secs(60));
    b.remote.borrow_mut().now = now + 60_000;
    b.remote.borrow_mut().writes("present", "CUSTOMER_USER", "Dzień dobry");
    b.poll();
    assert_eq!(b.list(&Wanted::default()).total, 2);
}

#[test]
fn names_and_orders_without_end_do_not_stop_a_connection() {
    let b = bench(false);
    let line = |i: usize| json!({"order_line_id": format!("l{i}"), "product_title": "Ż".repeat(2_000), "quantity": 1});
    let lines: Vec<_> = (0..60).map(line).collect();
    let order = json!({"order_id": "t1-A", "order_state": "SHIPPED", "currency_iso_code": "PLN", "customer": {}, "order_lines": lines});
    b.remote.borrow_mut().orders.insert("t1-A".into(), order);
    b.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Dzień dobry");
    {
        let mut remote = b.remote.borrow_mut();
        let message = &mut remote.threads[0].messages[0];
        message["from"]["display_name"] = json!("N".repeat(100_000));
        let files: Vec<_> =
            (0..300).map(|i| json!({"id": format!("f{i}"), "name": "x".repeat(5_000), "size": 1})).collect();
        message["attachments"] = json!(files);
    }
    assert_eq!(b.poll().messages, 1);
    let known = b.view("t1").order.unwrap();
    assert!(known.more_lines > 0 && !known.order.lines.is_empty());
    let (key, bytes) = b.world.kv.longest_value().unwrap();
    assert!(bytes <= 64 * 1024, "{key} has {bytes} bytes");
}

#[test]
fn an_old_keys_refusal_does_not_stop_a_new_key() {
    let b = bench(false);
    // Read before the key was changed, refused after it.
    let old = b.connection.clone();
    let typed = mostek_helpdesk::authenticate::Typed {
        kind: "EmpikPlace".into(),
        base: old.base.clone(),
        shop: old.shop_id,
        key: mostek_connectors::ApiKey::parse("another-key-0987654321").unwrap(),
    };
    let actor = || mostek_store::Actor::System("t".into());
    block_on(mostek_helpdesk::authenticate::authenticate(
        &b.world,
        company(),
        actor(),
        Some(old.id),
        typed.clone(),
    ))
    .unwrap();
    b.remote.borrow_mut().refuse = Some((401, None));
    block_on(poll::poll(&b.world, &old, Duration::MAX)).unwrap();
    assert_eq!(block_on(connection::of_company(&b.world, company(), old.id)).unwrap().run, Run::Running);
    b.remote.borrow_mut().refuse = None;
    // And of one shop there is one connection.
    let again =
        block_on(mostek_helpdesk::authenticate::authenticate(&b.world, company(), actor(), None, typed));
    assert!(matches!(again, Err(mostek_helpdesk::Refusal::Field { key: "connection-shop-exists", .. })));
}

#[test]
fn a_message_written_before_our_reply_and_taken_after_it_is_noticed() {
    let b = bench(false);
    b.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Pierwsza");
    b.poll();
    let id = TicketId::of_thread(b.connection.id, "t1");
    b.world.clock.advance(Duration::from_secs(20));
    // The customer writes now; the consultant, who has not seen it, answers later and closes.
    b.remote.borrow_mut().now = b.world.clock.now().0;
    b.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Druga, jeszcze nieodczytana");
    b.world.clock.advance(Duration::from_secs(10));
    block_on(mostek_helpdesk::reply::reply(
        &b.world,
        company(),
        id,
        &author(),
        new_reply("Odpowiedź", "k"),
        &rules(0),
    ))
    .unwrap();
    let closed = mostek_domain::ticket::Status::Closed { at: Default::default() };
    block_on(mostek_helpdesk::reply::set_status(&b.world, company(), id, &author(), closed, None)).unwrap();
    b.poll();
    let row = &b.list(&Wanted::default()).tickets[0];
    assert_eq!(row.status, StatusKind::New);
    assert!(row.waiting_since.is_some());
    assert!(row.snippet.contains("Druga"));
}

#[test]
fn the_repair_job_mends_lists_and_rows_and_reports_it() {
    use mostek_helpdesk::repair::{Cursor, repair};
    let b = bench(false);
    for i in 0..40 {
        b.remote.borrow_mut().writes(&format!("t{i}"), "CUSTOMER_USER", "Dzień dobry");
    }
    b.poll();
    block_on(mostek_helpdesk::tick::tick(&b.world, Duration::from_secs(20)));
    let clean = block_on(repair(&b.world, None, Duration::MAX)).unwrap();
    assert_eq!((clean.tickets_checked, clean.rows_rewritten, clean.pages_changed), (40, 0, 0));

    // A page of the list and two rows are lost.
    let keys = b.world.kv.keys();
    let lost = |part: &str| {
        keys.iter().filter(|k| k.starts_with("j:tickets:") && k.contains(part)).cloned().collect::<Vec<_>>()
    };
    for key in lost(":l0:").iter().chain(lost(":e:").iter().take(2)) {
        b.world.kv.lose(key);
    }
    assert!(block_on(list::page(&b.world, company(), &Wanted::default(), None, 50)).is_err());
    let mended = block_on(repair(&b.world, None, Duration::MAX)).unwrap();
    assert_eq!((mended.tickets_checked, mended.rows_rewritten, mended.next), (40, 2, None));
    assert!(mended.pages_changed >= 1);
    assert_eq!(b.list(&Wanted::default()).tickets.len(), 40);

    // In slices: each says where the next goes on.
    let slice = block_on(repair(&b.world, None, Duration::ZERO)).unwrap();
    let next = Cursor::parse(&slice.next.unwrap()).unwrap();
    let rest = block_on(repair(&b.world, Some(next), Duration::MAX)).unwrap();
    assert_eq!((rest.tickets_checked, rest.rows_rewritten, rest.lists), (40, 0, 0));
}

#[test]
fn what_was_not_read_can_neither_be_closed_nor_put_aside() {
    let b = bench(false);
    b.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Pierwsza");
    b.poll();
    let seen = b.view("t1").version;
    let row = b.list(&Wanted::default()).tickets[0].digest();
    b.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Druga");
    b.poll();
    let id = TicketId::of_thread(b.connection.id, "t1");
    let close = |seen| {
        let closed = mostek_domain::ticket::Status::Closed { at: Default::default() };
        block_on(mostek_helpdesk::reply::set_status(&b.world, company(), id, &author(), closed, Some(seen)))
    };
    let put_aside = |seen| {
        let until = b.world.clock.now().plus(Duration::from_secs(3600));
        let aside = mostek_domain::ticket::Status::Snoozed { until };
        block_on(mostek_helpdesk::reply::set_status(&b.world, company(), id, &author(), aside, Some(seen)))
    };
    for seen in [Seen::Version(seen), Seen::Row(row)] {
        assert!(matches!(put_aside(seen.clone()), Err(mostek_helpdesk::Refusal::Changed)));
        assert!(matches!(close(seen), Err(mostek_helpdesk::Refusal::Changed)));
    }
    let row = b.list(&Wanted::default()).tickets[0].clone();
    assert_eq!(row.status, StatusKind::New);
    // Either is enough; a closed one is closed again by its new row.
    close(Seen::Row(row.digest())).unwrap();
    close(Seen::Version(b.view("t1").version)).unwrap();
    assert_eq!(b.list(&Wanted::default()).tickets[0].status, StatusKind::Closed);
    put_aside(Seen::Version(b.view("t1").version)).unwrap();
    assert_eq!(b.list(&Wanted::default()).tickets[0].status, StatusKind::Snoozed);
}
