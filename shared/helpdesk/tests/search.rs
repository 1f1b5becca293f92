//! Search and reports over tickets that came through the real intake: what is found, what is counted, and what that costs.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use futures::executor::block_on;
use http::{HeaderMap, HeaderName};
use mostek_domain::report::{Report, Wanted};
use mostek_domain::ticket::Status;
use mostek_domain::words::{Question, words};
use mostek_domain::{CustomerId, EmailAddress, Label, PersonName, PhoneNumber, QueueId, TicketId, Timestamp};
use mostek_helpdesk::ticket::Ticket;
use mostek_helpdesk::webhooks::endpoint::{self, EventKind};
use mostek_helpdesk::webhooks::{receive, source};
use mostek_helpdesk::{connection, customer, desk, front, overview, poll, reply, reports, search, tick};
use mostek_ports::round_trips::RoundTrips;
use mostek_ports::simulation::{Faults, Seeded, SimWorld, Simulation, Weather, for_seeds};
use mostek_ports::testing::{FakeHttp, ManualClock, MemoryStore, TestWorld};
use mostek_ports::{Clock, KeyValue, StoreError, World};
use mostek_store::Actor;
use mostek_webhooks::{Scheme, Secret, presets, signature};
use proptest::prelude::*;
use serde_json::json;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;
use support::*;

struct Hub<K = MemoryStore> {
    world: TestWorld<K>,
    remote: Rc<RefCell<Remote>>,
    connection: connection::Connection,
}

fn hub_on<K: KeyValue>(kv: K, run: impl Fn(&TestWorld<K>) -> connection::Connection) -> Hub<K> {
    let plain = TestWorld::new(1);
    let remote = Rc::new(RefCell::new(Remote { now: plain.clock.now().0, ..Remote::default() }));
    let handler = remote.clone();
    let mut world = TestWorld {
        kv,
        http: FakeHttp::new(move |r| Ok(handler.borrow_mut().handle(r))),
        clock: plain.clock,
        random: plain.random,
        settings: plain.settings,
        log: plain.log,
    };
    world.settings.0.insert("sealing_key".into(), SEALING_KEY.into());
    let connection = run(&world);
    Hub { world, remote, connection }
}

fn hub() -> Hub {
    hub_on(MemoryStore::new(), |world| block_on(connect(world, false, long_ago(world))))
}

impl Hub {
    fn writes(&self, thread: &str, text: &str) {
        self.remote.borrow_mut().writes(thread, "CUSTOMER_USER", text);
    }

    fn poll(&self) {
        block_on(poll::poll(&self.world, &self.connection, Duration::MAX)).unwrap();
    }

    fn follow(&self) -> search::Followed {
        block_on(search::follow(&self.world, company(), Duration::MAX)).unwrap()
    }

    fn follow_reports(&self) {
        block_on(reports::follow(&self.world, company(), Duration::MAX)).unwrap();
    }

    fn search(&self, text: &str) -> search::Results {
        block_on(search::search(&self.world, company(), text, None)).unwrap()
    }

    fn subjects(&self, text: &str) -> Vec<String> {
        self.search(text).tickets.into_iter().map(|t| t.subject).collect()
    }

    fn ticket(&self, thread: &str) -> TicketId {
        TicketId::of_thread(self.connection.id, thread)
    }

    fn days(&self, count: i64) -> Vec<Timestamp> {
        let today = self.world.clock.now().0 / 86_400_000;
        (today - count + 1..=today + 1).map(|d| Timestamp(d * 86_400_000)).collect()
    }

    fn report(&self) -> Report {
        self.report_of(2)
    }

    fn report_of(&self, days: i64) -> Report {
        self.follow_reports();
        let days = self.days(days);
        block_on(reports::report(&self.world, company(), &days, &Wanted::default())).unwrap().report
    }

    fn state(&self, id: TicketId) -> Ticket {
        block_on(Ticket::journal(id).unwrap().read(&self.world.kv, &self.world.clock)).unwrap().state
    }

    /// The last of the tickets that follow one another.
    fn latest(&self, id: TicketId) -> TicketId {
        let mut id = id;
        while self.state(id.successor()).opened.is_some() {
            id = id.successor();
        }
        id
    }

    fn answer(&self, thread: &str, text: &str) {
        self.answer_in(self.ticket(thread), text);
    }

    fn answer_in(&self, ticket: TicketId, text: &str) {
        let new = new_reply(text, text);
        block_on(reply::reply(&self.world, company(), ticket, &author(), new, &rules(0))).unwrap();
    }

    /// Time passes here and at the marketplace.
    fn pass(&self, seconds: u64) {
        self.world.clock.advance(Duration::from_secs(seconds));
        self.remote.borrow_mut().now = self.world.clock.now().0;
    }

    /// A customer writes, and the hub learns of it.
    fn says(&self, thread: &str, text: &str) {
        self.pass(5);
        self.writes(thread, text);
        self.poll();
    }

    fn close(&self, ticket: TicketId) {
        let closed = Status::Closed { at: Timestamp(0) };
        block_on(reply::set_status(&self.world, company(), ticket, &author(), closed, None)).unwrap();
    }

    fn merge(&self, thread: &str, into: &str) {
        let (from, into) = (self.ticket(thread), self.ticket(into));
        block_on(front::merge(&self.world, company(), from, into, &author())).unwrap();
    }

    fn part(&self, thread: &str) {
        block_on(front::part(&self.world, company(), self.ticket(thread), &author())).unwrap();
    }

    /// The tickets that a question leads to.
    fn found(&self, text: &str) -> Vec<TicketId> {
        self.search(text).tickets.into_iter().map(|t| t.id).collect()
    }
}

/// More than a closed ticket waits to be opened again.
const LONG: u64 = 8 * 86_400;

#[test]
fn a_number_is_found_at_once_and_the_rest_after_a_step() {
    let hub = hub();
    hub.writes("t1", "Dzień dobry, gdzie jest moja książka?");
    hub.writes("t2", "Chcę zwrócić zepsuty czajnik");
    hub.poll();
    assert_eq!(hub.search("#1").exact, Some(hub.ticket("t1")));
    assert_eq!(hub.search("2").exact, Some(hub.ticket("t2")));
    assert_eq!((hub.search("7").exact, hub.search("książka").tickets.len()), (None, 0));
    assert_eq!(hub.search("książka").behind, 2, "and says that it is not up to date");
    let followed = hub.follow();
    assert_eq!((followed.changes, followed.indexed), (2, 2));
    assert_eq!(hub.search("książka").behind, 0);
    for (question, found) in [
        ("książka", vec!["Temat t1"]),
        ("KSIAZKA", vec!["Temat t1"]),
        ("moja ksią", vec!["Temat t1"]),
        ("moja ksią ", vec![]),
        ("temat", vec!["Temat t2", "Temat t1"]),
        ("temat czajnik", vec!["Temat t2"]),
        ("czajnik książka", vec![]),
        // The order's number, the customer's id, their name.
        ("t1-A", vec!["Temat t1"]),
        ("T2-a", vec!["Temat t2"]),
        ("c-t2", vec!["Temat t2"]),
        ("Anna", vec!["Temat t2", "Temat t1"]),
        ("", vec![]),
        ("!", vec![]),
    ] {
        assert_eq!(hub.subjects(question), found, "{question:?}");
    }
    let other = mostek_domain::CompanyId::from_random([77; 16]);
    assert!(block_on(search::search(&hub.world, other, "temat", None)).unwrap().tickets.is_empty());
    assert_eq!(block_on(search::search(&hub.world, other, "1", None)).unwrap().exact, None);
}

#[test]
fn replies_comments_and_later_messages_are_found_and_several_tickets_of_one_order() {
    let hub = hub();
    hub.writes("t1", "Pierwsza");
    hub.writes("t2", "Druga");
    hub.remote.borrow_mut().threads[1].order = Some("t1-A".into());
    hub.poll();
    hub.follow();
    assert_eq!(hub.subjects("t1-A"), ["Temat t2", "Temat t1"]);
    hub.answer("t1", "Wysłaliśmy przesyłkę kurierem");
    let (id, text) = (hub.ticket("t1"), "Sprawdzić magazyn");
    block_on(reply::comment(&hub.world, company(), id, &author(), text, "k")).unwrap();
    let long = format!("{} zakończenie", "słowo ".repeat(4000));
    hub.writes("t1", &long);
    hub.poll();
    hub.follow();
    for question in ["kurierem", "magazyn", "zakonczenie", "pierwsza zakończenie"] {
        assert_eq!(hub.subjects(question), ["Temat t1"], "{question}");
    }
}

/// Pages show the number that the customer knows the order by, not its id at the marketplace.
#[test]
fn an_order_is_found_by_the_number_that_is_shown() {
    let hub = hub();
    let order = |id: &str, shown: &str| {
        let order = json!({"order_id": id, "commercial_id": shown, "order_state": "SHIPPED", "currency_iso_code": "PLN",
            "customer": {"customer_id": "c"}, "order_lines": []});
        hub.remote.borrow_mut().orders.insert(id.into(), order);
    };
    order("t1-A", "EMP-10000001");
    order("t2-A", "EMP-10000002");
    hub.writes("t1", "Pytanie");
    hub.writes("t2", "Pytanie");
    hub.poll();
    // An order that cannot be read stops nothing.
    let says = |k: &String| String::from_utf8(block_on(hub.world.kv.get(k)).unwrap().unwrap()).unwrap();
    let orders = hub.world.kv.keys().into_iter().filter(|k| k.contains(":order:"));
    let damaged = orders.filter(|k| says(k).contains("t2-A")).map(|k| (k, b"{".to_vec())).collect::<Vec<_>>();
    assert_eq!(damaged.len(), 1);
    block_on(hub.world.kv.set_many(&damaged)).unwrap();
    hub.follow();
    for question in ["EMP-10000001", " emp-10000001 ", "t1-A"] {
        assert_eq!(hub.subjects(question), ["Temat t1"], "{question}");
    }
    assert_eq!((hub.subjects("EMP-1000000").len(), hub.subjects("t2-A")), (0, vec!["Temat t2".to_owned()]));
}

/// A shop's order may have the number of a ticket.
#[test]
fn a_number_finds_its_ticket_first_and_what_else_has_it() {
    let hub = hub();
    for n in 1..=30 {
        hub.writes(&format!("t{n}"), if n == 7 { "Zwracam 12 sztuk" } else { "Pytanie" });
    }
    hub.remote.borrow_mut().threads[2].order = Some("12".into());
    hub.remote.borrow_mut().threads[4].order = Some("#12".into());
    hub.remote.borrow_mut().threads[5].order = Some("40".into());
    hub.poll();
    hub.follow();
    let number = |id| hub.state(id).opened.unwrap().number.0;
    let of = |n: u64| (1..=30).map(|t| hub.ticket(&format!("t{t}"))).find(|id| number(*id) == n).unwrap();
    let at = |threads: &[&str]| threads.iter().map(|t| hub.ticket(t)).collect::<Vec<_>>();
    let newest_first = |mut ids: Vec<TicketId>| {
        ids.sort_by_key(|id| std::cmp::Reverse(number(*id)));
        ids
    };
    let expected = |first: TicketId, rest: &[&str]| [vec![first], newest_first(at(rest))].concat();
    assert_eq!(hub.search("12").exact, Some(of(12)));
    assert_eq!(hub.found("12"), expected(of(12), &["t3", "t5", "t7"]));
    assert_eq!(hub.found("#12"), expected(of(12), &["t3", "t5"]), "with its sign nobody means what was said");
    assert_eq!((hub.search("#20").exact, hub.found("#20")), (Some(of(20)), vec![of(20)]));
    assert_eq!((hub.search("#40").exact, hub.found("#40")), (None, at(&["t6"])));
    // The page behind the first one goes on with the rest.
    let behind = block_on(search::search(&hub.world, company(), "12", Some(1))).unwrap();
    assert!(behind.exact.is_none() && behind.tickets.is_empty());
}

#[test]
fn by_email_and_phone_through_the_record_as_it_is_now() {
    let hub = hub();
    hub.writes("t1", "Pytanie");
    hub.poll();
    let mut details = customer::Details {
        name: PersonName::parse("Anna Nowak").unwrap(),
        phones: vec![(PhoneNumber::parse("501 234 567").unwrap(), Default::default())],
        addresses: vec![],
        emails: vec![EmailAddress::parse("anna@example.pl").unwrap()],
        nip: None,
        locale: None,
        notes: String::new(),
        fields: Default::default(),
    };
    let actor = || Actor::System("test".into());
    let id = block_on(customer::add(&hub.world, company(), actor(), details.clone())).unwrap();
    block_on(reply::link(&hub.world, company(), hub.ticket("t1"), &author(), id)).unwrap();
    hub.follow();
    for question in ["anna@example.pl", " ANNA@example.pl", "501234567", "+48 501-234-567"] {
        assert_eq!(hub.subjects(question), ["Temat t1"], "{question}");
    }
    // Another address later: the ticket itself has not changed.
    details.emails = vec![EmailAddress::parse("nowak@example.pl").unwrap()];
    block_on(customer::change(&hub.world, company(), actor(), id, details)).unwrap();
    assert!(hub.subjects("anna@example.pl").is_empty(), "it is not theirs any more, whatever the index says");
    hub.follow();
    assert_eq!(hub.subjects("nowak@example.pl"), ["Temat t1"]);
    block_on(search::forget_record(&hub.world, company(), id)).unwrap();
    hub.follow();
    assert_eq!(hub.subjects("nowak@example.pl"), ["Temat t1"], "what it still says is indexed again");
    assert_eq!(CustomerId::parse(&id.to_string()), Ok(id));
}

#[test]
fn by_email_also_the_tickets_of_a_record_that_was_merged() {
    use mostek_helpdesk::customer::merge::{self, Winners};
    let hub = hub();
    let actor = || Actor::System("test".into());
    let record = |thread: &str, email: &str, phone: &str| {
        let mut details = customer::Details::named(PersonName::parse("Anna Nowak").unwrap());
        details.emails = vec![EmailAddress::parse(email).unwrap()];
        details.phones = vec![(PhoneNumber::parse(phone).unwrap(), Default::default())];
        hub.writes(thread, "Pytanie");
        hub.poll();
        let id = block_on(customer::add(&hub.world, company(), actor(), details)).unwrap();
        block_on(reply::link(&hub.world, company(), hub.ticket(thread), &author(), id)).unwrap();
        id
    };
    let kept = record("t1", "anna@example.pl", "501234567");
    let middle = record("t2", "nowak@example.pl", "501234568");
    let gone = record("t3", "a.n@example.pl", "501234569");
    let merge = |into, from, key: &str| {
        block_on(merge::merge(&hub.world, company(), actor(), into, from, &Winners::default(), key)).unwrap()
    };
    merge(middle, gone, "k1");
    let undone = merge(kept, middle, "k2");
    hub.follow();
    let all = ["Temat t3", "Temat t2", "Temat t1"];
    for question in ["anna@example.pl", "501 234 567", "nowak@example.pl", "501234569", "a.n@example.pl"] {
        assert_eq!(hub.subjects(question), all, "{question}");
    }
    block_on(merge::undo(&hub.world, company(), actor(), kept, undone)).unwrap();
    hub.follow();
    assert_eq!(hub.subjects("anna@example.pl"), ["Temat t1"]);
}

#[test]
fn forgetting_a_ticket_takes_out_words_that_its_texts_do_not_have_any_more() {
    let hub = hub();
    hub.writes("t1", "tajemnica");
    hub.poll();
    hub.follow();
    // Texts are erased in place.
    let key =
        hub.world.kv.keys().into_iter().find(|k| k.contains(":ticket:") && k.ends_with(":e:2")).unwrap();
    let entry = block_on(hub.world.kv.get(&key)).unwrap().unwrap();
    let erased = String::from_utf8(entry).unwrap().replace("tajemnica", "[usunięto]");
    block_on(hub.world.kv.set_many(&[(key, erased.into_bytes())])).unwrap();
    assert_eq!(hub.subjects("tajemnica").len(), 1);
    block_on(search::forget(&hub.world, company(), hub.ticket("t1"))).unwrap();
    hub.follow();
    assert!(hub.subjects("tajemnica").is_empty());
    assert_eq!((hub.subjects("usunieto").len(), hub.subjects("temat").len()), (1, 1));
}

#[test]
fn rebuilding_and_a_lost_part_lead_to_the_same_index() {
    let hub = hub();
    for n in 0..30 {
        hub.writes(&format!("t{n}"), &format!("wspólne słowo{n}"));
        hub.poll();
        hub.follow();
    }
    assert_eq!(hub.search("wspolne").tickets.len(), 25);
    block_on(search::rebuild(&hub.world, company())).unwrap();
    assert!(hub.subjects("wspolne").is_empty());
    hub.follow();
    assert_eq!(
        (hub.search("wspolne").tickets.len(), hub.subjects("slowo17")),
        (25, vec!["Temat t17".to_owned()])
    );
    // A part is lost: whoever merges it finds out and begins anew.
    let parts = hub.world.kv.keys().into_iter().filter(|k| k.starts_with("j:words:") && k.contains(":l"));
    parts.for_each(|k| hub.world.kv.lose(&k));
    for n in 30..60 {
        hub.writes(&format!("t{n}"), "wspólne");
        hub.poll();
        hub.follow();
    }
    hub.follow();
    assert_eq!(hub.subjects("slowo17"), ["Temat t17"]);
    let next = hub.search("wspolne").next.unwrap();
    let second = block_on(search::search(&hub.world, company(), "wspolne", Some(next))).unwrap();
    assert_eq!((second.tickets.len(), second.tickets[0].number.0), (25, 35));
}

#[test]
fn what_is_said_in_a_merged_or_followed_conversation_is_found_where_it_is_worked_on() {
    let hub = hub();
    hub.says("t1", "Pierwsza");
    hub.says("t2", "Druga");
    hub.follow();
    hub.merge("t2", "t1");
    hub.follow();
    hub.says("t2", "żyrafa");
    hub.answer("t2", "antylopa");
    hub.follow();
    let (one, two) = (hub.ticket("t1"), hub.ticket("t2"));
    let questions = ["druga", "zyrafa", "antylopa", "druga zyrafa", "t2-A", "Anna"];
    for question in questions {
        assert_eq!(hub.found(question), [one], "{question}");
    }
    // A number leads to its own ticket, which says where it goes on.
    assert_eq!(hub.search("2").exact, Some(two));

    hub.says("t3", "Gdzie paczka?");
    let first = hub.ticket("t3");
    hub.close(first);
    hub.pass(LONG);
    hub.says("t3", "hipopotam");
    hub.follow();
    hub.says("t3", "nosorożec");
    hub.answer_in(first.successor(), "bawół");
    hub.follow();
    let followed = ["paczka", "hipopotam", "nosorozec", "bawol", "t3-A"];
    for question in followed {
        assert_eq!(hub.found(question), [first.successor()], "{question}");
    }
    let all = || questions.iter().chain(&followed).map(|q| hub.found(q)).collect::<Vec<_>>();
    let before = all();
    block_on(search::rebuild(&hub.world, company())).unwrap();
    hub.follow();
    assert_eq!(all(), before, "built again it says the same");

    hub.part("t2");
    hub.says("t2", "zebra");
    hub.follow();
    for question in ["zyrafa", "antylopa", "zebra"] {
        assert_eq!(hub.found(question), [two], "{question}");
    }
}

/// A store whose reads take time on the clock that everybody sees.
#[derive(Clone)]
struct Slow {
    store: MemoryStore,
    clock: ManualClock,
    each: Rc<Cell<Duration>>,
}

impl KeyValue for Slow {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.clock.advance(self.each.get());
        self.store.get(key).await
    }
    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        self.store.counter(key).await
    }
    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        self.store.increment(key, by).await
    }
    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        self.store.set_many(pairs).await
    }
    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        self.store.delete_many(keys).await
    }
}

#[test]
fn on_a_slow_store_a_step_ends_in_time_and_what_is_left_is_the_next_ones() {
    let clock = ManualClock::at(Timestamp(1_778_580_000_000));
    let each = Rc::new(Cell::new(Duration::ZERO));
    let slow = Slow { store: MemoryStore::new(), clock: clock.clone(), each: each.clone() };
    let mut hub = hub_on(slow, |world| block_on(connect(world, false, long_ago(world))));
    hub.world.clock = clock.clone();
    for n in 0..100 {
        hub.remote.borrow_mut().writes(&format!("t{n}"), "CUSTOMER_USER", &format!("słowo{n}"));
    }
    block_on(poll::poll(&hub.world, &hub.connection, Duration::MAX)).unwrap();
    each.set(Duration::from_millis(50));
    let (mut indexed, mut reported, mut steps) = (0, 0, 0);
    while (indexed < 100 || reported < 100) && steps < 20 {
        let began = clock.monotonic();
        let done = block_on(search::follow(&hub.world, company(), began)).unwrap();
        let counted = block_on(reports::follow(&hub.world, company(), began)).unwrap();
        assert!(done.indexed + counted > 0, "step {steps} did nothing");
        assert!(clock.monotonic() - began < Duration::from_secs(40), "a step took too long");
        (indexed, reported, steps) = (indexed + done.indexed, reported + counted, steps + 1);
    }
    assert!(indexed == 100 && reported == 100 && steps > 1, "{indexed}, {reported} in {steps} steps");
    each.set(Duration::ZERO);
    block_on(reports::follow(&hub.world, company(), Duration::MAX)).unwrap();
    for n in [0, 31, 32, 64, 99] {
        let found = block_on(search::search(&hub.world, company(), &format!("slowo{n} "), None)).unwrap();
        assert_eq!((found.tickets.len(), found.behind), (1, 0), "slowo{n}");
    }
    let report = block_on(reports::report(&hub.world, company(), &hub_days(&hub.world), &Wanted::default()));
    assert_eq!(report.unwrap().report.tickets, 100);
}

#[test]
fn what_following_costs() {
    let hub = hub();
    hub.writes("first", "Dzień dobry");
    hub.poll();
    hub.follow();
    hub.report();
    let cost = |work: &dyn Fn()| {
        hub.world.kv.reset_operations();
        work();
        hub.world.kv.operations()
    };
    let idle = cost(&|| assert!(hub.follow().indexed < 256));
    assert_eq!((idle.reads, idle.writes()), (6, 0));
    let idle = cost(&|| hub.follow_reports());
    assert_eq!((idle.reads, idle.writes()), (2, 0));
    // However many tickets changed in a tick, up to 256, and however many words they have.
    for m in [1usize, 10, 100] {
        for n in 0..m {
            hub.writes(&format!("n{m}-{n}"), &format!("Dzień dobry, {n} nowych słów i jeszcze {m} innych"));
        }
        hub.poll();
        assert_eq!(cost(&|| assert!(hub.follow().indexed < 256)).writes(), 2, "{m} tickets");
        let reported = cost(&|| hub.follow_reports());
        assert_eq!(reported.writes(), 2, "{m} tickets");
    }
}

#[test]
fn what_a_question_costs() {
    let kv = RoundTrips::to(MemoryStore::new());
    let counted = kv.clone();
    let hub = hub_on(kv.clone(), move |world| counted.count(connect(world, false, long_ago(world))).0);
    let go = |threads: std::ops::Range<usize>| {
        for n in threads {
            let text = format!("Dzień dobry, słowo{n} i {}", n % 17);
            hub.remote.borrow_mut().writes(&format!("t{n}"), "CUSTOMER_USER", &text);
        }
        kv.count(async {
            poll::poll(&hub.world, &hub.connection, Duration::MAX).await.unwrap();
            tick::tick(&hub.world, Duration::from_secs(25)).await;
        });
    };
    (0..10).for_each(|n| go(n * 100..(n + 1) * 100));
    let asked = |text: &str| kv.count(search::search(&hub.world, company(), text, None));
    let (found, trips) = asked("17");
    assert!(
        found.unwrap().exact.is_some() && trips <= search::ROUND_TRIPS,
        "{trips} round trips for a number"
    );
    for (text, count) in
        [("dzień dobry", 25), ("slowo17 ", 1), ("t999-A", 1), ("nigdzie", 0), ("slowo99", 11)]
    {
        let (found, trips) = asked(text);
        println!("{text}: {trips} round trips");
        assert_eq!(found.unwrap().tickets.len(), count, "{text}");
        assert!(trips <= search::ROUND_TRIPS, "{trips} round trips for {text}");
    }
    let (found, trips) = asked("nikt@example.pl");
    assert!(found.unwrap().tickets.is_empty() && trips <= search::ROUND_TRIPS, "{trips} for an address");
    let days: Vec<Timestamp> = hub_days(&hub.world);
    let (report, trips) = kv.count(reports::report(&hub.world, company(), &days, &Wanted::default()));
    assert_eq!((report.unwrap().report.tickets, trips), (1000, 2));
    kv.count(webhooks(&hub.world));
    let (overview, trips) = kv.count(overview::read(&hub.world, company(), author().id, &days));
    let overview = overview.unwrap();
    assert_eq!((overview.counts.new, overview.counts.all, overview.days.tickets), (1000, 1000, 1000));
    assert_eq!((overview.connections.len(), overview.behind), (1, 0));
    assert!(overview.last_tick.is_some() && overview.unread.len() == 3);
    assert!(trips <= 6, "{trips} round trips for the dashboard");
}

/// Three shops with events that were not understood, and somebody who is told of ours.
async fn webhooks<W: World>(world: &W) {
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let admin = || Actor::Employee("ewa".into());
    let (name, queue) = (|text: &str| Label::parse(text).unwrap(), QueueId::from_random([4; 16]));
    let fact = desk::Fact::Queue { id: queue, name: name("Sklepy"), archived: false };
    desk::put_fact(world, company(), admin(), fact).await.unwrap();
    for shop in ["Sklep A", "Sklep B", "Sklep C"] {
        let setup = source::Setup {
            name: name(shop),
            scheme: Scheme::Standard,
            queue,
            category: None,
            field: None,
            add_customers: false,
            mapping: presets::of(Scheme::Standard),
            answers: None,
        };
        let id = source::add(world, company(), admin(), setup, SECRET).await.unwrap();
        let source = source::one(world, company(), id).await.unwrap();
        let seconds = world.clock().now().0 / 1000;
        let secret = Secret::parse(Scheme::Standard, SECRET).unwrap();
        for event in 0..60 {
            let id = format!("e{event}");
            let signature = signature::sign(&secret, &id, seconds, b"{}").unwrap();
            let headers: HeaderMap = [
                ("webhook-id", id.as_str()),
                ("webhook-timestamp", &seconds.to_string()),
                ("webhook-signature", &signature),
            ]
            .into_iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
            receive::receive(world, &source, &headers, b"{}").await.unwrap();
        }
    }
    let address = endpoint::address(world, "https://hooks.sklep.pl/a").await.unwrap().unwrap();
    let setup = endpoint::Setup { address, events: [EventKind::TicketCreated].into(), active: true };
    endpoint::add(world, company(), admin(), setup).await.unwrap();
}

#[test]
fn the_dashboard_says_what_failed_and_what_waits_for_a_decision() {
    use mostek_helpdesk::overview::Trouble;
    let hub = hub();
    hub.writes("t1", "Pytanie");
    hub.writes("t2", "Drugie");
    hub.poll();
    let look = || block_on(overview::read(&hub.world, company(), author().id, &hub.days(14))).unwrap();
    let before = look();
    assert_eq!((before.counts.new, before.counts.nobodys, before.counts.failed), (2, 2, 0));
    assert!(before.connections[0].trouble.is_none() && before.last_tick.is_none());
    let id = hub.ticket("t1");
    block_on(reply::assign(&hub.world, company(), id, &author(), Some(author().id))).unwrap();
    // The marketplace refuses the reply, and then everything.
    hub.remote.borrow_mut().refuse = Some((400, None));
    hub.answer("t1", "Odpowiedź");
    let refused = look();
    assert_eq!((refused.counts.failed, refused.counts.mine, refused.counts.nobodys), (1, 1, 1));
    hub.remote.borrow_mut().refuse = Some((500, None));
    hub.world.clock.advance(Duration::from_secs(120));
    let _ = block_on(poll::poll(&hub.world, &hub.connection, Duration::MAX));
    assert!(matches!(&look().connections[0].trouble, Some(Trouble::Failing(_, why)) if !why.why.is_empty()));
    hub.remote.borrow_mut().refuse = Some((401, None));
    hub.world.clock.advance(Duration::from_secs(7200));
    let _ = block_on(poll::poll(&hub.world, &hub.connection, Duration::MAX));
    assert!(matches!(look().connections[0].trouble, Some(Trouble::Refused(_))));
}

fn hub_days<W: World>(world: &W) -> Vec<Timestamp> {
    let today = world.clock().now().0 / 86_400_000;
    (today - 13..=today + 1).map(|d| Timestamp(d * 86_400_000)).collect()
}

#[test]
fn a_report_counts_answers_and_closings_for_who_did_them() {
    let hub = hub();
    for t in ["t1", "t2", "t3"] {
        hub.writes(t, "Pytanie");
    }
    hub.poll();
    hub.world.clock.advance(Duration::from_secs(1800));
    hub.answer("t1", "Odpowiedź pierwsza");
    hub.answer("t1", "Odpowiedź druga");
    let closed = Status::Closed { at: Timestamp(0) };
    block_on(reply::set_status(&hub.world, company(), hub.ticket("t1"), &author(), closed, None)).unwrap();
    // In the marketplace's own panel, five hours after the question.
    hub.remote.borrow_mut().now += 5 * 3_600_000;
    hub.remote.borrow_mut().writes("t2", "SHOP_USER", "Z panelu");
    hub.world.clock.advance(Duration::from_secs(5 * 3600));
    hub.poll();
    let report = hub.report();
    assert_eq!((report.tickets, report.days.last().unwrap().total()), (3, 3));
    assert_eq!(report.days.last().unwrap().tickets["EmpikPlace"], 3);
    assert_eq!((report.first_response.count, report.first_response.within), (2, [1, 1, 2]));
    assert_eq!(report.resolution.count, 1);
    let agent = &report.agents[0];
    assert_eq!(report.agents.len(), 1);
    assert_eq!((agent.employee, agent.answered_first, agent.replies, agent.closed), (author().id, 1, 2, 1));
    // The customer writes again: it is not closed any more.
    hub.writes("t1", "Jeszcze jedno");
    hub.poll();
    let report = hub.report();
    assert_eq!((report.tickets, report.resolution.count, report.agents[0].closed), (3, 0, 0));
    block_on(reports::rebuild(&hub.world, company())).unwrap();
    assert_eq!(hub.report(), report);
}

#[test]
fn a_report_counts_what_is_said_in_a_merged_or_followed_conversation_once() {
    let hub = hub();
    let report = || {
        let followed = hub.report_of(30);
        block_on(reports::rebuild(&hub.world, company())).unwrap();
        assert_eq!(hub.report_of(30), followed, "built again it says the same");
        followed
    };
    let counts = |r: &Report| {
        let agent = r.agents.first();
        let (replies, first) = agent.map_or((0, 0), |a| (a.replies, a.answered_first));
        (r.tickets, r.first_response.count, replies, first)
    };
    hub.says("t1", "Pierwsza");
    hub.says("t2", "Druga");
    hub.merge("t2", "t1");
    assert_eq!(counts(&report()), (1, 0, 0, 0));
    hub.pass(1800);
    hub.answer("t2", "Odpowiedź na drugą");
    let one = report();
    assert_eq!(counts(&one), (1, 1, 1, 1));
    assert_eq!(one.first_response.within, [1, 1, 1]);
    hub.pass(7200);
    hub.answer("t1", "Odpowiedź na pierwszą");
    assert_eq!(counts(&report()), (1, 1, 2, 1));

    // What was answered before closing counts there, what comes later in the ticket that follows.
    hub.says("t3", "Gdzie paczka?");
    let first = hub.ticket("t3");
    hub.answer("t3", "W drodze.");
    hub.close(first);
    assert_eq!(counts(&report()), (2, 2, 3, 2));
    hub.pass(LONG);
    hub.says("t3", "Przyszła uszkodzona.");
    assert_eq!(counts(&report()), (3, 2, 3, 2));
    hub.pass(2 * 3600);
    hub.answer_in(first.successor(), "Przepraszamy.");
    let all = report();
    assert_eq!(counts(&all), (3, 3, 4, 3));
    assert_eq!((all.first_response.within, all.resolution.count), ([2, 3, 3], 1));
    assert_eq!(all.days.last().unwrap().total(), 1, "it began when the customer wrote again");

    // And on into a third, and from there into another customer's.
    hub.close(first.successor());
    hub.pass(LONG);
    hub.says("t3", "Nadal czekam.");
    hub.answer_in(first.successor().successor(), "Już jedzie.");
    assert_eq!(counts(&report()), (4, 4, 5, 4));
    let third = first.successor().successor();
    block_on(front::merge(&hub.world, company(), third, hub.ticket("t1"), &author())).unwrap();
    hub.says("t3", "Dziękuję.");
    hub.answer("t3", "Prosimy.");
    assert_eq!(counts(&report()), (3, 3, 6, 3));

    // Each has its own again.
    hub.part("t2");
    assert_eq!(counts(&report()), (4, 4, 6, 4));
}

async fn naive_report<W: World>(world: &W, tickets: &[TicketId], days: &[Timestamp]) -> Report {
    let mut all = Vec::new();
    for id in tickets {
        let reading = Ticket::journal(*id).unwrap().refold(world.kv(), world.clock()).await.unwrap();
        all.extend(reports::facts(world, *id, &reading).await.unwrap());
    }
    Report::of(&all, days, &Wanted::default())
}

fn fits(question: &str, texts: &[String]) -> bool {
    let have: BTreeSet<String> = texts.iter().flat_map(|t| words(t)).collect();
    let asked = Question::parse(question);
    let last = asked.words.len().wrapping_sub(1);
    !asked.words.is_empty()
        && asked.words.iter().enumerate().all(|(i, w)| {
            have.contains(w) || (asked.open_ended && i == last && have.iter().any(|h| h.starts_with(w)))
        })
}

#[derive(Debug, Clone)]
enum Act {
    Writes(usize, String),
    Answers(usize, String),
    Closes(usize),
    Merges(usize, usize),
    Parts(usize),
    /// So much time that a closed ticket is not opened again.
    Waits,
    Follows,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let text = prop::collection::vec(
        prop::sample::select(vec!["paczka", "Paczką", "książka", "zwrot", "źle", "Łódź", "nr", "12-345"]),
        1..5,
    )
    .prop_map(|w| w.join(" "));
    let act = prop_oneof![
        4 => (0usize..6, text.clone()).prop_map(|(t, w)| Act::Writes(t, w)),
        2 => (0usize..6, text).prop_map(|(t, w)| Act::Answers(t, w)),
        2 => (0usize..6).prop_map(Act::Closes),
        2 => (0usize..6, 0usize..6).prop_map(|(t, into)| Act::Merges(t, into)),
        1 => (0usize..6).prop_map(Act::Parts),
        1 => Just(Act::Waits),
        3 => Just(Act::Follows),
    ];
    prop::collection::vec(act, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn search_finds_what_a_scan_finds_and_a_report_says_what_a_fold_says(
        acts in acts(),
        questions in prop::collection::vec(
            prop::sample::select(vec!["paczka", "paczk", "ksiazka zwrot", "lodz", "12 345", "zwrot nr zle", "x12", "temat t3"]),
            1..5,
        ),
    ) {
        let hub = hub();
        let mut texts: Vec<Vec<String>> = vec![Vec::new(); 6];
        for act in acts {
            hub.world.clock.advance(Duration::from_secs(600));
            hub.remote.borrow_mut().now += 600_000;
            match act {
                Act::Writes(t, text) => {
                    hub.writes(&format!("t{t}"), &text);
                    hub.poll();
                    texts[t].push(text);
                }
                Act::Answers(t, text) if !texts[t].is_empty() => {
                    let text = format!("odpowiedź {text}");
                    hub.answer(&format!("t{t}"), &text);
                    texts[t].push(text);
                }
                Act::Closes(t) if !texts[t].is_empty() => {
                    // The one in which it is worked on, unless that is worked on in another one itself.
                    let id = hub.ticket(&format!("t{t}"));
                    let id = hub.state(id).front().unwrap_or(id);
                    let closed = Status::Closed { at: Timestamp(0) };
                    let _ = block_on(reply::set_status(&hub.world, company(), id, &author(), closed, None));
                }
                // What cannot be merged or parted stays as it is.
                Act::Merges(t, into) => {
                    let (from, into) = (hub.ticket(&format!("t{t}")), hub.ticket(&format!("t{into}")));
                    let (from, into) = (hub.latest(from), hub.latest(into));
                    let _ = block_on(front::merge(&hub.world, company(), from, into, &author()));
                }
                Act::Parts(t) => {
                    let id = hub.ticket(&format!("t{t}"));
                    let _ = block_on(front::part(&hub.world, company(), id, &author()));
                }
                Act::Waits => hub.pass(LONG),
                Act::Follows => {
                    hub.follow();
                    hub.report();
                }
                _ => {}
            }
        }
        hub.follow();
        // What is found by its words, and the ticket that is shown for it.
        let (mut found, mut tickets) = (Vec::new(), Vec::new());
        for (t, mut said) in texts.into_iter().enumerate().filter(|(_, said)| !said.is_empty()) {
            let id = hub.ticket(&format!("t{t}"));
            let subject = format!("Temat t{t} Anna N.");
            said.push(subject.clone());
            found.push((hub.state(id).front().unwrap_or(id), said));
            let successors = std::iter::successors(Some(id.successor()), |id| Some(id.successor()));
            let successors: Vec<TicketId> =
                successors.take_while(|id| hub.state(*id).opened.is_some()).collect();
            found.extend(successors.iter().map(|id| (*id, vec![subject.clone()])));
            tickets.push(id);
            tickets.extend(successors);
        }
        for _ in 0..2 {
            for question in &questions {
                let expected: BTreeSet<TicketId> =
                    found.iter().filter(|(_, said)| fits(question, said)).map(|(id, _)| *id).collect();
                let found = hub.search(question).tickets;
                prop_assert!(found.is_sorted_by(|a, b| a.number > b.number));
                prop_assert_eq!(found.iter().map(|t| t.id).collect::<BTreeSet<_>>(), expected, "{}", question);
            }
            block_on(search::rebuild(&hub.world, company())).unwrap();
            hub.follow();
        }
        let naive = block_on(naive_report(&hub.world, &tickets, &hub.days(400)));
        prop_assert_eq!(hub.report_of(400), naive);
    }
}

fn process(sim: &Simulation) -> SimWorld {
    let mut world = sim.process();
    world.settings.0.insert("sealing_key".into(), SEALING_KEY.into());
    world
}

/// Four timers follow at once while messages come in, everything fails in every way, processes crash; afterwards one
/// calm call finds everything and counts everything.
#[test]
fn nothing_is_missed_whoever_crashes_in_the_middle() {
    let passed = for_seeds(60, |seed| {
        let wild = Rc::new(Cell::new(false));
        let sim = Simulation::scheduled(Weather {
            calm: Seeded::new(seed, Faults::none()),
            wild: Seeded::new(seed, Faults { skew: Duration::from_secs(30), ..Faults::many() }),
            now_wild: wild.clone(),
        });
        let setup = process(&sim);
        let remote = Rc::new(RefCell::new(Remote { now: setup.clock().now().0, ..Remote::default() }));
        let handler = remote.clone();
        sim.remote(move |r| handler.borrow_mut().handle(r));
        let place = Rc::new(RefCell::new(None));
        let made = place.clone();
        sim.spawn(async move {
            *made.borrow_mut() = Some(connect(&setup, false, long_ago(&setup)).await);
        });
        sim.run();
        let connection = place.borrow().clone().ok_or("the connection was not made")?;
        wild.set(true);
        for n in 0..8u64 {
            let (world, remote) = (process(&sim), remote.clone());
            sim.spawn(async move {
                world.clock().sleep(Duration::from_secs(40 * n)).await;
                let text = format!("wspólne słowo{n}");
                remote.borrow_mut().writes(&format!("t{}", n % 5), "CUSTOMER_USER", &text);
            });
        }
        for p in 0..4u64 {
            let (world, connection) = (process(&sim), connection.clone());
            sim.spawn(async move {
                for _ in 0..12 {
                    let _ = poll::poll(&world, &connection, Duration::MAX).await;
                    let _ = search::follow(&world, company(), Duration::MAX).await;
                    let _ = reports::follow(&world, company(), Duration::MAX).await;
                    world.clock().sleep(Duration::from_secs(15 + 5 * p)).await;
                }
            });
        }
        sim.run();
        sim.calm();
        let verdict = Rc::new(RefCell::new(Err("nothing was looked at".to_owned())));
        let (world, place) = (process(&sim), verdict.clone());
        let last = connection.clone();
        sim.spawn(async move {
            world.clock().sleep(Duration::from_secs(2000)).await;
            poll::poll(&world, &last, Duration::MAX).await.unwrap();
            search::follow(&world, company(), Duration::MAX).await.unwrap();
            reports::follow(&world, company(), Duration::MAX).await.unwrap();
            let mut missed = Vec::new();
            for n in 0..8 {
                let found = search::search(&world, company(), &format!("slowo{n} "), None).await.unwrap();
                if found.tickets.len() != 1 {
                    missed.push(format!("slowo{n} is found {} times", found.tickets.len()));
                }
            }
            let days = hub_days(&world);
            let report = reports::report(&world, company(), &days, &Wanted::default()).await.unwrap().report;
            let tickets: Vec<TicketId> =
                (0..5).map(|t| TicketId::of_thread(last.id, &format!("t{t}"))).collect();
            let naive = naive_report(&world, &tickets, &days).await;
            if report != naive {
                missed.push(format!("the report says {report:?}, the tickets {naive:?}"));
            }
            *place.borrow_mut() = if missed.is_empty() { Ok(()) } else { Err(missed.join("; ")) };
        });
        sim.run();
        verdict.replace(Ok(()))
    })
    .unwrap();
    assert!(passed > 0);
}
