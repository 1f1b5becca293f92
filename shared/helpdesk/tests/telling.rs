//! Telling others of our events: each once where all goes well, under the same id where it does not.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use futures::executor::block_on;
use futures::future::join;
use http::{HeaderMap, StatusCode};
use mostek_domain::{DeliveryId, TicketId, WebhookId};
use mostek_helpdesk::customer::erase;
use mostek_helpdesk::webhooks::deliver::{self, Report};
use mostek_helpdesk::webhooks::endpoint::{self, Endpoint, EventKind, Setup};
use mostek_helpdesk::webhooks::outbox;
use mostek_helpdesk::{Refusal, connection, front, overview, poll, reply, sending, view};
use mostek_ports::testing::{FakeHttp, TestWorld};
use mostek_ports::{Clock, HttpError, OutgoingRequest, WholeResponse, World};
use mostek_store::{Actor, Claim};
use mostek_webhooks::{Scheme, Secret, signature};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;
use support::yielding::Yielding;
use support::*;

const ADDRESS: &str = "https://hooks.sklep.pl/mostek?klucz=1";

type Answers = Rc<RefCell<VecDeque<Result<(u16, Vec<(&'static str, &'static str)>), HttpError>>>>;

struct Bench {
    world: TestWorld,
    remote: Rc<RefCell<Remote>>,
    connection: connection::Connection,
    heard: Rc<RefCell<Vec<OutgoingRequest>>>,
    /// What the endpoint answers next; 200 when there is nothing.
    answers: Answers,
}

fn admin() -> Actor {
    Actor::Employee("ewa".into())
}

fn bench() -> Bench {
    bench_with(false)
}

/// With records for customers, or without.
fn bench_with(customers: bool) -> Bench {
    let mut world = TestWorld::new(1);
    world.settings.0.insert("sealing_key".into(), SEALING_KEY.into());
    let remote = Rc::new(RefCell::new(Remote { now: world.clock.now().0, ..Remote::default() }));
    let (heard, answers): (Rc<RefCell<Vec<OutgoingRequest>>>, Answers) = Default::default();
    let (shop, ears, mouth) = (remote.clone(), heard.clone(), answers.clone());
    world.http = FakeHttp::new(move |r| {
        if r.url.host_str() != Some("hooks.sklep.pl") {
            return Ok(shop.borrow_mut().handle(r));
        }
        ears.borrow_mut().push(r.clone());
        let (status, headers) = mouth.borrow_mut().pop_front().unwrap_or(Ok((200, vec![])))?;
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(name, value.parse().unwrap());
        }
        Ok(WholeResponse {
            status: StatusCode::from_u16(status).unwrap(),
            headers: map,
            body: vec![b'x'; 9_000].into(),
        })
    });
    let connection = block_on(connect(&world, customers, long_ago(&world)));
    Bench { world, remote, connection, heard, answers }
}

fn setup(events: &[EventKind]) -> Setup {
    let address = mostek_webhooks::address::Address::parse(ADDRESS, false).unwrap();
    Setup { address, events: events.iter().copied().collect(), active: true }
}

impl Bench {
    fn listen(&self, events: &[EventKind]) -> (WebhookId, String) {
        block_on(endpoint::add(&self.world, company(), admin(), setup(events))).unwrap()
    }

    fn endpoint(&self, id: WebhookId) -> Endpoint {
        block_on(endpoint::one(&self.world, company(), id)).unwrap()
    }

    /// A customer writes in a conversation, and the hub learns of it.
    fn write(&self, thread: &str) {
        self.world.clock.advance(Duration::from_secs(60));
        {
            let mut remote = self.remote.borrow_mut();
            remote.now = self.world.clock.now().0;
            remote.writes(thread, "CUSTOMER_USER", "Gdzie paczka?");
        }
        block_on(poll::poll(&self.world, &self.connection, Duration::MAX)).unwrap();
    }

    fn ticket(&self, thread: &str) -> TicketId {
        TicketId::of_thread(self.connection.id, thread)
    }

    /// A reply that is at the marketplace at once.
    fn reply(&self, ticket: TicketId, text: &str) {
        self.advance(5);
        let (who, rules, new) = (author(), rules(0), new_reply(text, text));
        block_on(reply::reply(&self.world, company(), ticket, &who, new, &rules)).unwrap();
    }

    fn merge(&self, thread: &str, into: &str) {
        let (from, into) = (self.ticket(thread), self.ticket(into));
        block_on(front::merge(&self.world, company(), from, into, &author())).unwrap();
    }

    /// Erases the customer of a ticket.
    fn erase_customer(&self, ticket: TicketId) {
        let view = block_on(view::open(&self.world, company(), ticket, None)).unwrap();
        let customer = view.ticket.record().unwrap();
        let act = mostek_people::audit::Act::new("customer-erased", "customer", customer);
        block_on(erase::erase(&self.world, company(), admin(), customer, act, Duration::MAX)).unwrap();
    }

    /// What is heard next: the number of the ticket and the text of the reply, of each.
    fn replies_heard(&self) -> Vec<(u64, String)> {
        self.tell();
        let read = |body: Value| {
            let data = &body["data"];
            (data["ticket"]["number"].as_u64().unwrap(), data["reply"]["text"].as_str().unwrap().to_owned())
        };
        self.heard().iter().map(|r| read(body_of(r))).collect()
    }

    fn tell(&self) -> Report {
        block_on(deliver::tell(&self.world, Duration::MAX)).unwrap()
    }

    /// How many payloads are in the store.
    fn payloads(&self) -> usize {
        self.world.kv.keys().iter().filter(|k| k.contains(":webhook-body:")).count()
    }

    fn heard(&self) -> Vec<OutgoingRequest> {
        std::mem::take(&mut self.heard.borrow_mut())
    }

    fn advance(&self, seconds: u64) {
        self.world.clock.advance(Duration::from_secs(seconds));
    }

    fn answer(&self, status: u16) {
        self.answers.borrow_mut().push_back(Ok((status, vec![])));
    }
}

fn id_of(request: &OutgoingRequest) -> String {
    request.headers["webhook-id"].to_str().unwrap().to_owned()
}

fn body_of(request: &OutgoingRequest) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

/// What the other side finds out, by the rules that we check others by.
fn check(world: &TestWorld, secret: &str, request: &OutgoingRequest) -> bool {
    let secret = Secret::parse(Scheme::Standard, secret).unwrap();
    signature::verify(Scheme::Standard, &[secret], &request.headers, &request.body, world.clock().now())
        .is_ok()
}

#[test]
fn a_new_ticket_is_told_once_signed_and_in_the_advised_form() {
    let b = bench();
    b.write("before");
    let (_, secret) = b.listen(&[EventKind::TicketCreated]);
    assert_eq!(b.tell(), Report::default(), "what was there before is not told");
    b.write("t1");
    b.write("t1");
    assert_eq!(b.tell(), Report { found: 1, attempts: 1, delivered: 1, pending: 0 });
    let heard = b.heard();
    assert_eq!(heard.len(), 1);
    assert_eq!((heard[0].url.as_str(), heard[0].method.as_str()), (ADDRESS, "POST"));
    assert!(check(&b.world, &secret, &heard[0]));
    let body = body_of(&heard[0]);
    assert_eq!(body["type"], "ticket.created");
    assert!(body["timestamp"].as_str().unwrap().ends_with('Z'));
    assert_eq!(body["data"]["ticket"]["number"], 2);
    assert_eq!(body["data"]["ticket"]["source"], "EmpikPlace");
    assert_eq!(body["data"]["ticket"]["customer"]["id"], "c-t1");
    b.world.kv.reset_operations();
    assert_eq!(b.tell(), Report::default());
    assert_eq!(b.world.kv.operations().writes(), 0, "nothing happened, nothing is written");
}

#[test]
fn a_reply_is_told_when_it_is_at_the_marketplace() {
    let b = bench();
    b.listen(&[EventKind::TicketReplied]);
    b.write("t1");
    let ticket = mostek_domain::TicketId::of_thread(b.connection.id, "t1");
    let (who, rules, new) = (author(), rules(30), new_reply("Jutro u Pani.", "k1"));
    block_on(reply::reply(&b.world, company(), ticket, &who, new, &rules)).unwrap();
    assert_eq!(b.tell().attempts, 0, "it waits to be taken back");
    b.advance(31);
    block_on(sending::send_due(&b.world, Duration::MAX)).unwrap();
    assert_eq!(b.tell().delivered, 1);
    // Whatever else happens to the ticket, it is not told again.
    b.write("t1");
    assert_eq!(b.tell().attempts, 0);
    let heard = b.heard();
    assert_eq!(heard.len(), 1);
    let body = body_of(&heard[0]);
    assert_eq!(
        (&body["type"], &body["data"]["reply"]["text"]),
        (&json!("ticket.replied"), &json!("Jutro u Pani."))
    );
    assert_eq!(body["data"]["reply"]["author"], "Jan Kowalski");
}

#[test]
fn a_reply_in_a_merged_conversation_is_told_once_and_names_where_it_is_worked_on() {
    let b = bench();
    b.listen(&[EventKind::TicketReplied]);
    for thread in ["t1", "t2", "t3", "t4"] {
        b.write(thread);
    }
    let one = |number: u64, text: &str| vec![(number, text.to_owned())];
    b.reply(b.ticket("t2"), "Przed");
    assert_eq!(b.replies_heard(), one(2, "Przed"));
    b.merge("t2", "t1");
    assert_eq!(b.replies_heard(), [], "what was told before is not told again");
    b.reply(b.ticket("t2"), "Potem");
    assert_eq!(b.replies_heard(), one(1, "Potem"));
    b.write("t2");
    b.write("t1");
    assert_eq!(b.replies_heard(), [], "whatever else happens to it");

    // Two answers and a question before the next tick, and a merging right after an answer.
    b.reply(b.ticket("t2"), "Raz");
    b.write("t2");
    b.reply(b.ticket("t2"), "Dwa");
    b.reply(b.ticket("t3"), "Trzy");
    b.merge("t3", "t1");
    let mut heard = b.replies_heard();
    heard.sort();
    assert_eq!(heard, [(1, "Dwa".to_owned()), (1, "Raz".to_owned()), (1, "Trzy".to_owned())]);

    // All of them go on in another one; one answer was on its way there.
    b.reply(b.ticket("t2"), "Cztery");
    b.merge("t1", "t4");
    b.reply(b.ticket("t3"), "Pięć");
    let mut heard = b.replies_heard();
    heard.sort();
    assert_eq!(heard, [(4, "Cztery".to_owned()), (4, "Pięć".to_owned())]);

    // Whoever begins to listen hears nothing of before.
    let (late, _) = b.listen(&[EventKind::TicketReplied]);
    b.write("t2");
    assert_eq!(b.replies_heard(), []);
    b.reply(b.ticket("t2"), "Sześć");
    assert_eq!(b.replies_heard(), [one(4, "Sześć"), one(4, "Sześć")].concat());
    assert_eq!(block_on(deliver::lines(&b.world, company(), late)).unwrap().len(), 1);
}

#[test]
fn whoever_begins_to_listen_after_a_merging_hears_of_nothing_before() {
    let b = bench();
    for thread in ["t1", "t2", "t3"] {
        b.write(thread);
    }
    b.reply(b.ticket("t2"), "Raz");
    b.merge("t2", "t1");
    b.reply(b.ticket("t2"), "Dwa");
    b.listen(&[EventKind::TicketReplied]);
    b.write("t2");
    b.merge("t1", "t3");
    b.write("t2");
    assert_eq!(b.replies_heard(), []);
    b.reply(b.ticket("t2"), "Trzy");
    assert_eq!(b.replies_heard(), [(3, "Trzy".to_owned())]);
}

#[test]
fn a_reply_in_a_followed_conversation_names_the_ticket_that_follows() {
    let b = bench();
    b.listen(&[EventKind::TicketReplied]);
    b.write("t1");
    let first = b.ticket("t1");
    b.reply(first, "Raz");
    assert_eq!(b.replies_heard(), [(1, "Raz".to_owned())]);
    for number in 2..4 {
        let mut last = first;
        (2..number).for_each(|_| last = last.successor());
        let closed = mostek_domain::ticket::Status::Closed { at: Default::default() };
        block_on(reply::set_status(&b.world, company(), last, &author(), closed, None)).unwrap();
        b.advance(8 * 86_400);
        b.write("t1");
        assert_eq!(b.replies_heard(), [], "the question");
        b.reply(last.successor(), &format!("Odpowiedź {number}"));
        assert_eq!(b.replies_heard(), [(number, format!("Odpowiedź {number}"))]);
    }
}

#[test]
fn what_is_not_taken_comes_again_under_the_same_id_by_the_plan_and_is_given_up_at_last() {
    let b = bench();
    let (id, _) = b.listen(&[EventKind::TicketCreated]);
    b.write("t1");
    for status in [500, 302, 404, 429, 503, 400, 500, 500, 500, 500] {
        b.answer(status);
    }
    let mut ids = Vec::new();
    for (attempt, wait) in
        [0, 6, 331, 1981, 7921, 19_801, 39_601, 55_441, 79_201, 95_041].into_iter().enumerate()
    {
        if attempt > 0 {
            assert_eq!(b.tell().attempts, 0, "attempt {attempt} is not due yet");
        }
        b.advance(wait);
        assert_eq!(b.tell().attempts, 1, "attempt {attempt}");
        ids.extend(b.heard().iter().map(id_of));
    }
    assert_eq!(ids.len(), 10);
    assert!(ids.iter().all(|i| *i == ids[0] && i.starts_with("msg_")));
    b.advance(1_000_000);
    assert_eq!(b.tell(), Report::default(), "it was given up");
    let lines = block_on(deliver::lines(&b.world, company(), id)).unwrap();
    assert_eq!(lines.len(), 10);
    assert_eq!((lines[9].attempt, lines[9].answer.as_str(), lines[0].attempt), (1, "500", 10));
    assert_eq!(lines[8].answer, "302", "a redirect is a failure");

    // A person sends it again: the same id, and the plan from its beginning.
    let delivery = lines[0].delivery;
    block_on(deliver::again(&b.world, company(), admin(), id, delivery)).unwrap();
    assert_eq!(b.tell().delivered, 1);
    assert_eq!(id_of(&b.heard()[0]), ids[0]);
    let unknown = DeliveryId::from_random([1; 16]);
    let refused = block_on(deliver::again(&b.world, company(), admin(), id, unknown));
    assert!(matches!(refused, Err(Refusal::NotFound(_))));
}

#[test]
fn the_dashboard_says_who_has_not_been_told() {
    let b = bench();
    let (id, _) = b.listen(&[EventKind::TicketCreated]);
    let look = || {
        let seen = block_on(overview::read(&b.world, company(), author().id, &[])).unwrap().untold;
        assert!(seen.iter().all(|u| u.endpoint == id && u.host == "hooks.sklep.pl"));
        seen.iter().map(|u| (u.waiting, u.failing, u.given_up, u.gone.is_some())).collect::<Vec<_>>()
    };
    b.write("t1");
    assert_eq!(look(), []);
    b.answer(500);
    b.tell();
    assert_eq!(look(), [(1, 1, 0, false)]);
    for wait in [6, 331, 1981, 7921, 19_801, 39_601, 55_441, 79_201, 95_041] {
        b.advance(wait);
        b.answer(500);
        b.tell();
    }
    assert_eq!(look(), [(0, 0, 1, false)]);
    let delivery = block_on(deliver::lines(&b.world, company(), id)).unwrap()[0].delivery;
    block_on(deliver::again(&b.world, company(), admin(), id, delivery)).unwrap();
    b.tell();
    assert_eq!(look(), []);
    b.write("t2");
    b.answer(410);
    b.tell();
    assert_eq!(look(), [(0, 0, 1, true)]);
    // What was given up is old news after a week; that nothing is told is not.
    b.advance(7 * 86_400 + 1);
    assert_eq!(look(), [(0, 0, 0, true)]);
}

#[test]
fn a_wish_to_wait_is_followed_and_unreachable_is_a_failure_with_its_reason() {
    let b = bench();
    let (id, _) = b.listen(&[EventKind::TicketCreated]);
    b.write("t1");
    b.answers.borrow_mut().push_back(Ok((503, vec![("retry-after", "600")])));
    b.answers.borrow_mut().push_back(Err(HttpError::Unknown("time is up".into())));
    b.tell();
    b.advance(599);
    assert_eq!(b.tell().attempts, 0);
    b.advance(2);
    assert_eq!(b.tell().attempts, 1);
    let lines = block_on(deliver::lines(&b.world, company(), id)).unwrap();
    assert!(lines[0].answer.contains("time is up") && !lines[0].taken, "{lines:?}");
    b.advance(400);
    assert_eq!(b.tell().delivered, 1);
}

#[test]
fn who_wants_nothing_any_more_is_told_nothing_until_somebody_says_otherwise() {
    let b = bench();
    let (id, _) = b.listen(&[EventKind::TicketCreated]);
    b.write("t1");
    b.answer(410);
    b.tell();
    assert!(b.endpoint(id).gone.is_some() && !b.endpoint(id).is_active());
    b.write("t2");
    b.advance(1_000_000);
    assert_eq!(b.tell().attempts, 0);
    let test = block_on(deliver::test(&b.world, company(), admin(), id));
    assert!(matches!(test, Err(Refusal::Field { key: "endpoint-off", .. })));
    block_on(endpoint::change(&b.world, company(), admin(), id, setup(&[EventKind::TicketCreated]))).unwrap();
    assert_eq!(b.tell().attempts, 0, "what happened meanwhile is not told");
    b.write("t3");
    assert_eq!(b.tell().delivered, 1);
    assert_eq!(b.heard().len(), 2);
}

#[test]
fn after_a_failure_the_rest_of_an_endpoint_waits_for_the_next_tick() {
    let b = bench();
    b.listen(&[EventKind::TicketCreated]);
    for i in 0..5 {
        b.write(&format!("t{i}"));
    }
    b.answer(500);
    assert_eq!(b.tell(), Report { found: 5, attempts: 1, delivered: 0, pending: 5 });
    b.advance(10);
    assert_eq!(b.tell().delivered, 5);
    let numbers: Vec<u64> =
        b.heard().iter().map(|r| body_of(r)["data"]["ticket"]["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers[0], 1, "the one that failed");
    let mut rest = numbers[1..].to_vec();
    rest.sort_unstable();
    assert_eq!(rest, [1, 2, 3, 4, 5]);
}

#[test]
fn whoever_claims_and_does_not_come_back_is_waited_out() {
    let b = bench();
    b.listen(&[EventKind::TicketCreated]);
    b.write("t1");
    // The first tick finds the event and crashes between its claim and its request.
    b.answers.borrow_mut().push_back(Ok((500, vec![])));
    b.tell();
    let delivery = *block_on(deliver::waiting(&b.world)).unwrap().pending.keys().next().unwrap();
    block_on(Claim::new("webhook-delivery", &delivery.to_string()).unwrap().take(&b.world.kv)).unwrap();
    b.heard();
    b.advance(10);
    assert_eq!(b.tell().attempts, 0, "somebody may be sending");
    b.advance(30);
    assert_eq!(b.tell().attempts, 0);
    b.advance(31);
    assert_eq!(b.tell().delivered, 1);
    assert_eq!(b.heard().len(), 1);
}

#[test]
fn two_ticks_at_once_send_once() {
    let b = bench();
    b.listen(&[EventKind::TicketCreated]);
    b.write("t1");
    let world = TestWorld {
        kv: Yielding(b.world.kv.clone()),
        http: b.world.http.clone(),
        clock: b.world.clock.clone(),
        random: b.world.random.clone(),
        settings: b.world.settings.clone(),
        log: b.world.log.clone(),
    };
    let (x, y) = block_on(join(deliver::tell(&world, Duration::MAX), deliver::tell(&world, Duration::MAX)));
    assert_eq!(x.unwrap().attempts + y.unwrap().attempts, 1);
    assert_eq!(b.heard().len(), 1);
}

#[test]
fn a_message_to_try_is_sent_and_deleting_gives_up_what_waits() {
    let b = bench();
    let (id, secret) = b.listen(&[EventKind::TicketReplied]);
    block_on(deliver::test(&b.world, company(), admin(), id)).unwrap();
    assert_eq!(b.tell().delivered, 1);
    let heard = b.heard();
    assert_eq!(body_of(&heard[0])["type"], "test");
    assert!(check(&b.world, &secret, &heard[0]));
    let (other, _) = b.listen(&[EventKind::TicketCreated]);
    block_on(deliver::test(&b.world, company(), admin(), id)).unwrap();
    block_on(endpoint::delete(&b.world, company(), admin(), id)).unwrap();
    assert_eq!(b.tell().attempts, 0);
    assert_eq!(block_on(deliver::waiting(&b.world)).unwrap(), outbox::Outbox::default());
    let stranger = mostek_domain::CompanyId::from_random([6; 16]);
    assert!(matches!(block_on(endpoint::one(&b.world, stranger, other)), Err(Refusal::NotFound(_))));
}

#[test]
fn a_new_secret_signs_beside_the_old_one_for_a_day() {
    let b = bench();
    let (id, old) = b.listen(&[EventKind::TicketCreated]);
    let new = block_on(endpoint::renew_secret(&b.world, company(), admin(), id)).unwrap();
    assert!(new != old && new.starts_with("whsec_"));
    let send = || {
        block_on(deliver::test(&b.world, company(), admin(), id)).unwrap();
        b.tell();
        b.heard().pop().unwrap()
    };
    let both = send();
    assert!(check(&b.world, &old, &both) && check(&b.world, &new, &both));
    b.advance(24 * 3600 + 1);
    let one = send();
    assert!(!check(&b.world, &old, &one) && check(&b.world, &new, &one));
    for key in b.world.kv.keys() {
        let value = block_on(mostek_ports::KeyValue::get(&b.world.kv, &key)).unwrap().unwrap();
        let value = String::from_utf8_lossy(&value).into_owned();
        assert!(!value.contains(&new[6..]) && !value.contains(&old[6..]), "{key}");
    }
}

#[test]
fn addresses_that_are_near_are_not_called_even_if_they_were_typed_when_they_could_be() {
    let mut b = bench();
    b.world.settings.0.insert("webhook_insecure".into(), "yes".into());
    let near = block_on(endpoint::address(&b.world, "http://hooks.sklep.pl/x")).unwrap().unwrap();
    let near = Setup { address: near, ..setup(&[EventKind::TicketCreated]) };
    let (id, _) = block_on(endpoint::add(&b.world, company(), admin(), near)).unwrap();
    block_on(deliver::test(&b.world, company(), admin(), id)).unwrap();
    b.world.settings.0.remove("webhook_insecure");
    assert!(block_on(endpoint::address(&b.world, "http://hooks.sklep.pl/x")).unwrap().is_err());
    b.tell();
    assert!(b.heard().is_empty());
    b.world.settings.0.insert("webhook_insecure".into(), "yes".into());
    b.advance(3601);
    assert_eq!(b.tell().delivered, 1);
    let none = Setup { events: Default::default(), ..setup(&[]) };
    assert!(matches!(
        block_on(endpoint::add(&b.world, company(), admin(), none)),
        Err(Refusal::Field { .. })
    ));
}

#[test]
fn the_log_and_what_waits_are_bounded() {
    let b = bench();
    let (id, _) = b.listen(&[EventKind::TicketCreated]);
    for _ in 0..60 {
        block_on(deliver::test(&b.world, company(), admin(), id)).unwrap();
    }
    // Twenty a tick, so that one endpoint cannot keep the others waiting.
    assert_eq!(b.tell(), Report { found: 0, attempts: 20, delivered: 20, pending: 40 });
    b.tell();
    b.tell();
    assert_eq!(block_on(deliver::lines(&b.world, company(), id)).unwrap().len(), 40);
    assert!(b.world.kv.longest_value().unwrap().1 <= mostek_store::keys::MAX_VALUE);
}

#[test]
fn what_was_sent_is_kept_as_long_as_the_log_shows_it() {
    let b = bench();
    let (id, _) = b.listen(&[EventKind::TicketCreated]);
    for i in 0..45 {
        b.write(&format!("t{i}"));
    }
    while b.tell().pending > 0 {}
    assert_eq!(b.heard().len(), 45);
    let lines = block_on(deliver::lines(&b.world, company(), id)).unwrap();
    assert_eq!((lines.len(), b.payloads()), (40, 40));
    let last = lines.last().unwrap().delivery;
    block_on(deliver::again(&b.world, company(), admin(), id, last)).unwrap();
    b.tell();
    assert_eq!((b.heard().len(), b.payloads()), (1, 40), "still needed, since it is the latest line now");
    // What waits and what was sent goes with the endpoint.
    b.answer(500);
    b.write("t46");
    assert_eq!(b.tell().pending, 1);
    block_on(endpoint::delete(&b.world, company(), admin(), id)).unwrap();
    assert_eq!(b.payloads(), 0);
    assert!(block_on(deliver::waiting(&b.world)).unwrap().pending.is_empty());
}

#[test]
fn what_is_told_of_somebody_who_is_erased_is_told_no_more() {
    let b = bench_with(true);
    let (id, _) = b.listen(&[EventKind::TicketCreated]);
    b.write("t1");
    b.write("t2");
    b.answer(500);
    assert_eq!((b.tell().pending, b.payloads()), (2, 2));
    b.heard();
    let ticket = b.ticket("t1");
    b.erase_customer(ticket);
    assert_eq!(b.payloads(), 1, "the other customer's");
    b.advance(24 * 3600);
    let report = b.tell();
    assert_eq!((report.attempts, report.delivered, report.pending), (1, 1, 0));
    let heard = b.heard();
    assert_eq!(heard.len(), 1);
    assert_ne!(body_of(&heard[0])["data"]["ticket"]["id"], json!(ticket));
    // Nor can it be asked for once more.
    for line in block_on(deliver::lines(&b.world, company(), id)).unwrap() {
        let again = block_on(deliver::again(&b.world, company(), admin(), id, line.delivery));
        assert_eq!(again.is_ok(), line.taken, "{line:?}: {again:?}");
    }
}

#[test]
fn a_reply_that_names_somebody_elses_ticket_goes_when_that_customer_is_erased() {
    let b = bench_with(true);
    b.listen(&[EventKind::TicketReplied]);
    b.write("t1");
    b.write("t2");
    b.merge("t2", "t1");
    b.reply(b.ticket("t2"), "Potem");
    b.answer(500);
    assert_eq!((b.tell().pending, b.payloads()), (1, 1));
    b.erase_customer(b.ticket("t1"));
    assert_eq!(b.payloads(), 0);
}
