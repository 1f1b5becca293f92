//! Shops that send webhooks: events become messages and entries once, whatever is sent again, at once, or not understood;
//! and what that costs.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use futures::executor::block_on;
use futures::future::join;
use http::{HeaderMap, HeaderName};
use mostek_domain::reason::Code;
use mostek_domain::ticket::StatusKind;
use mostek_domain::{
    AutomationId, ConnectionId, CustomerId, Label, QueueId, TemplateId, TicketId, TicketNumber,
};
use mostek_helpdesk::filled::Unsaid;
use mostek_helpdesk::list::{self, Wanted};
use mostek_helpdesk::routine::{self, Automation, Conditions, Step};
use mostek_helpdesk::ticket::{Fact, ReplyState, Ticket};
use mostek_helpdesk::view::{self, Content};
use mostek_helpdesk::webhooks::effect::{self, Outcome, Preview, PreviewCustomer};
use mostek_helpdesk::webhooks::endpoint::{self, EventKind};
use mostek_helpdesk::webhooks::letters::{self, Again};
use mostek_helpdesk::webhooks::receive::{self, Refused, receive};
use mostek_helpdesk::webhooks::source::{self, Command, Setup, Source};
use mostek_helpdesk::{Refusal, automation, customer, desk, overview, policy, reply, sending, timeline};
use mostek_ports::testing::{FakeHttp, TestWorld};
use mostek_ports::{Clock, KeyValue, WholeResponse, World};
use mostek_store::Actor;
use mostek_webhooks::{Scheme, Secret, Unreadable, presets, signature};
use serde_json::{Value, json};
use std::time::Duration;
use support::yielding::Yielding;
use support::{SEALING_KEY, author, company, field, new_reply, rules};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn admin() -> Actor {
    Actor::Employee("ewa".into())
}

fn queue() -> QueueId {
    QueueId::from_random([4; 16])
}

async fn set_up<W: World>(world: &W, scheme: Scheme, secret: &str) -> Source {
    let id = mostek_domain::InstallationId::from_random([8; 16]);
    mostek_people::installation::remember(world, id).await.unwrap();
    let name = |n: &str| Label::parse(n).unwrap();
    for fact in [
        desk::Fact::Queue { id: queue(), name: name("Sklep"), archived: false },
        desk::Fact::Field { id: field(), name: name("Sklep ID"), kind: Default::default(), archived: false },
    ] {
        desk::put_fact(world, company(), admin(), fact).await.unwrap();
    }
    let setup = Setup {
        name: name("Sklep Kubek"),
        scheme,
        queue: queue(),
        category: None,
        field: Some(field()),
        add_customers: true,
        mapping: presets::of(scheme),
        answers: None,
    };
    let id = source::add(world, company(), admin(), setup, secret).await.unwrap();
    source::one(world, company(), id).await.unwrap()
}

fn world() -> TestWorld {
    let mut world = TestWorld::new(1);
    world.settings.0.insert("sealing_key".into(), SEALING_KEY.into());
    world
}

fn shop() -> (TestWorld, Source) {
    let world = world();
    let source = block_on(set_up(&world, Scheme::Standard, SECRET));
    (world, source)
}

fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
    all.iter().map(|(n, v)| (HeaderName::from_static(n), v.parse().unwrap())).collect()
}

/// What a sender of Standard Webhooks sends now.
fn signed<W: World>(world: &W, id: &str, body: &str) -> HeaderMap {
    let seconds = world.clock().now().0 / 1000;
    let secret = Secret::parse(Scheme::Standard, SECRET).unwrap();
    let signature = signature::sign(&secret, id, seconds, body.as_bytes()).unwrap();
    let at = seconds.to_string();
    headers(&[("webhook-id", id), ("webhook-timestamp", &at), ("webhook-signature", &signature)])
}

fn send(world: &TestWorld, source: &Source, id: &str, body: &Value) -> Outcome {
    let body = body.to_string();
    block_on(receive(world, source, &signed(world, id, &body), body.as_bytes())).unwrap()
}

fn question(conversation: &str, text: &str) -> Value {
    json!({"type": "message.created", "data": {
        "conversation_id": conversation, "text": text, "order_id": "1001",
        "customer": {"id": "c-7", "name": "Anna Nowak", "email": "anna@example.com"}
    }})
}

fn order(number: &str) -> Value {
    json!({"type": "order.created", "data": {"order_id": number, "customer": {"id": "c-7", "name": "Anna Nowak"}}})
}

fn tickets<W: World>(world: &W) -> list::TicketPage {
    block_on(list::page(world, company(), &Wanted::default(), None, 50)).unwrap()
}

fn texts<W: World>(world: &W, id: TicketId) -> Vec<String> {
    let view = block_on(view::open(world, company(), id, None)).unwrap();
    let text = |c: Content| match c {
        Content::Message { text, .. } => Some(text),
        _ => None,
    };
    view.lines.into_iter().filter_map(|l| text(l.content)).collect()
}

fn anna() -> CustomerId {
    CustomerId::of_marketplace(company(), field(), "c-7")
}

fn entries<W: World>(world: &W) -> Vec<timeline::Event> {
    let page = block_on(timeline::page(world, anna(), None, 50)).unwrap();
    page.events.into_iter().map(|(_, e)| e).collect()
}

#[test]
fn a_question_opens_a_ticket_and_the_next_of_its_conversation_joins_it() {
    let (world, source) = shop();
    assert_eq!(send(&world, &source, "e1", &question("q-1", "Gdzie jest paczka?")), Outcome::Taken);
    world.clock.advance(Duration::from_secs(60));
    assert_eq!(send(&world, &source, "e2", &question("q-1", "Halo?")), Outcome::Taken);
    assert_eq!(send(&world, &source, "e3", &question("q-2", "Czy jest w czerwonym?")), Outcome::Taken);
    let page = tickets(&world);
    assert_eq!(page.total, 2);
    let first = page.tickets.iter().find(|t| t.number == TicketNumber(1)).unwrap();
    assert_eq!((first.source.as_str(), first.status), ("Sklep Kubek", StatusKind::New));
    assert_eq!((first.customer.as_str(), first.queue), ("Anna Nowak", queue()));
    assert_eq!(first.record, Some(anna()));
    assert_eq!(texts(&world, first.id), ["Gdzie jest paczka?", "Halo?"]);
    let wanted = Wanted { source: Some("Sklep Kubek".into()), ..Wanted::default() };
    assert_eq!(block_on(list::count(&world, company(), &wanted)).unwrap(), 2);
    let record = block_on(customer::of_company(&world, company(), anna())).unwrap().details.unwrap();
    assert_eq!(record.emails[0].to_string(), "anna@example.com");
    let view = block_on(view::open(&world, company(), first.id, None)).unwrap();
    assert!(view.connection.is_none() && view.lines.iter().all(|l| l.history.is_none()));
    assert_eq!(view.ticket.opened.unwrap().order.as_deref(), Some("1001"));
}

/// The page that the first message names is kept with the ticket, also of one that follows, until the customer is erased.
#[test]
fn the_page_of_a_conversation_is_linked_if_it_is_one() {
    let (world, source) = shop();
    let asked = |conversation: &str, url: &str| {
        let mut body = question(conversation, "Gdzie jest paczka?");
        body["data"]["url"] = json!(url);
        assert_eq!(send(&world, &source, conversation, &body), Outcome::Taken);
        mostek_domain::TicketId::of_thread(source.id, conversation)
    };
    let page = |id| block_on(view::open(&world, company(), id, None)).unwrap().page_there();
    let (good, bad) = (asked("q-1", "https://sklep.pl/rozmowa/1"), asked("q-2", "javascript:alert(1)"));
    let there = || page(good).map(|u| u.to_string());
    assert_eq!((there().as_deref(), page(bad)), (Some("https://sklep.pl/rozmowa/1"), None));
    let closed = mostek_domain::ticket::Status::Closed { at: mostek_domain::Timestamp(0) };
    block_on(reply::set_status(&world, company(), good, &author(), closed, None)).unwrap();
    world.clock.advance(Duration::from_secs(30 * 86_400));
    send(&world, &source, "later", &question("q-1", "A teraz?"));
    assert_eq!(page(good.successor()), page(good));
    let act = mostek_people::audit::Act::new("customer-erased", "customer", anna());
    block_on(customer::erase::erase(&world, company(), admin(), anna(), act, Duration::MAX)).unwrap();
    assert_eq!((page(good), page(good.successor())), (None, None));
}

#[test]
fn of_a_very_long_text_the_beginning_is_kept_and_the_rest_counted() {
    let (world, source) = shop();
    assert_eq!(send(&world, &source, "e1", &question("q-1", &"ż".repeat(60_000))), Outcome::Taken);
    let id = tickets(&world).tickets[0].id;
    let view = block_on(view::open(&world, company(), id, None)).unwrap();
    let Content::Message { message, text } = &view.lines[0].content else { panic!("no message") };
    assert_eq!((text.chars().count(), message.left_out), (50_000, 10_000));
}

#[test]
fn an_order_is_an_entry_in_the_time_line() {
    let (world, source) = shop();
    assert_eq!(send(&world, &source, "e1", &order("1001")), Outcome::Taken);
    let all = entries(&world);
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].kind, all[0].title.as_str()), (timeline::Kind::Order, "order.created · 1001"));
    assert_eq!(all[0].source, "Sklep Kubek");
    assert_eq!(tickets(&world).total, 0);
    // A customer outside the CRM, where the source adds none: nothing is kept and nothing is promised.
    let setup = Setup { add_customers: false, ..source.setup.clone() };
    block_on(source::save(&world, company(), admin(), source.id, setup)).unwrap();
    let adding = source;
    let source = block_on(source::one(&world, company(), adding.id)).unwrap();
    let stranger = json!({"type": "order.created", "data": {"customer": {"id": "c-8"}}});
    assert_eq!(send(&world, &source, "e2", &stranger), Outcome::Outside);
    // Nor does a person have to look at what names nobody, whatever the source adds.
    let deleted = json!({"type": "order.deleted", "data": {"id": 7}});
    for source in [&source, &adding] {
        assert_eq!(send(&world, source, "e4", &deleted), Outcome::Outside);
    }
    assert!(block_on(letters::waiting(&world, source.id)).unwrap().is_empty());
    assert_eq!(send(&world, &source, "e3", &order("1002")), Outcome::Taken);
}

/// The figure of the specification: at most three writes. A conversation's first event costs two more: the ticket's number,
/// and the customer's record that remembers the ticket.
#[test]
fn what_an_event_costs() {
    let (world, source) = shop();
    let cost = |id: &str, body: &Value, outcome: Outcome| {
        world.kv.reset_operations();
        assert_eq!(send(&world, &source, id, body), outcome, "{id}");
        world.kv.operations().writes()
    };
    // The customer's record comes with the first event.
    cost("e0", &order("1000"), Outcome::Taken);
    assert_eq!(cost("e1", &question("q-1", "Gdzie jest paczka?"), Outcome::Taken), 5);
    for i in 0..20 {
        assert_eq!(cost(&format!("m{i}"), &question("q-1", "Halo?"), Outcome::Taken), 3);
    }
    assert_eq!(cost("e2", &order("1001"), Outcome::Taken), 2);
    assert_eq!(cost("e2", &order("1001"), Outcome::Repeated), 0);
    assert_eq!(cost("e1", &question("q-1", "Gdzie jest paczka?"), Outcome::Repeated), 0);
    assert_eq!(cost("e3", &json!({"type": "product.updated"}), Outcome::Ignored), 0);
    assert_eq!(cost("e4", &json!({"type": "order.deleted", "data": {"id": 7}}), Outcome::Outside), 0);
    assert_eq!(cost("e5", &json!({"type": "message.created"}), Outcome::Kept), 2);
    assert_eq!(cost("e5", &json!({"type": "message.created"}), Outcome::Kept), 0);
    assert_eq!(tickets(&world).total, 1);
    assert_eq!(entries(&world).len(), 2);
    let last = block_on(source::last_taken(source.id).unwrap().get(&world.kv)).unwrap().unwrap();
    assert_eq!((last.count, last.event_type.as_str()), (23, "order.created"));

    // Somebody who is added costs the reservations of a record, of its row, and of their address.
    let data =
        json!({"order_id": "1", "customer": {"id": "c-9", "name": "Jan Maj", "email": "jan@example.com"}});
    assert_eq!(cost("e6", &json!({"type": "order.created", "data": data}), Outcome::Taken), 5);
    let data = json!({"text": "Halo?", "customer": {"id": "c-10", "email": "zofia@example.com"}});
    assert_eq!(cost("e7", &json!({"type": "message.created", "data": data}), Outcome::Taken), 7);
    // Outside the CRM there is no record that remembers the ticket.
    let setup = Setup { field: None, ..source.setup.clone() };
    block_on(source::save(&world, company(), admin(), source.id, setup)).unwrap();
    let outside = block_on(source::one(&world, company(), source.id)).unwrap();
    world.kv.reset_operations();
    assert_eq!(send(&world, &outside, "e8", &question("q-3", "Halo?")), Outcome::Taken);
    assert_eq!(world.kv.operations().writes(), 4);
    // An automatic reply would cost one more, and there is none: a rule is of a marketplace's connection.
    let rule = policy::Rule {
        connection: source.id,
        queue: queue(),
        occasion: policy::Occasion::First,
        text: "Dziękujemy.".into(),
        delay: 0,
        since: None,
    };
    let refused = block_on(policy::set_rule(&world, company(), admin(), rule, true));
    assert!(matches!(refused, Err(Refusal::NotFound(_))), "{refused:?}");
}

#[test]
fn two_deliveries_at_once_are_one_message_and_one_entry() {
    let plain = world();
    let world = TestWorld {
        kv: Yielding::default(),
        http: plain.http,
        clock: plain.clock,
        random: plain.random,
        settings: plain.settings,
        log: plain.log,
    };
    let source = block_on(set_up(&world, Scheme::Standard, SECRET));
    for (id, body) in [
        ("e1", question("q-1", "Gdzie jest paczka?")),
        ("e2", order("1001")),
        ("e3", json!({"type": "message.created"})),
    ] {
        let body = body.to_string();
        let headers = signed(&world, id, &body);
        let once = || receive(&world, &source, &headers, body.as_bytes());
        let (a, b) = block_on(join(once(), once()));
        let (a, b) = (a.unwrap(), b.unwrap());
        assert!(a == b, "both found nothing of the other: {a:?} {b:?}");
        assert!(matches!(block_on(once()).unwrap(), Outcome::Repeated | Outcome::Kept));
    }
    let page = tickets(&world);
    assert_eq!(page.total, 1);
    assert_eq!(texts(&world, page.tickets[0].id), ["Gdzie jest paczka?"]);
    assert_eq!(entries(&world).len(), 1);
    assert_eq!(block_on(letters::waiting(&world, source.id)).unwrap().len(), 1);
}

#[test]
fn letters_of_somebody_who_is_erased_go_with_them() {
    let (world, source) = shop();
    send(&world, &source, "e1", &question("q-1", "Gdzie jest paczka?"));
    let letter = |id: &str, customer: &str, more: &str| {
        let data = json!({"customer": {"id": customer}, "remark": format!("uwaga {id} {more}")});
        let odd = json!({"type": "message.created", "data": data});
        assert_eq!(send(&world, &source, id, &odd), Outcome::Kept);
    };
    letter("by-id", "c-7", "");
    letter("by-order", "c-1", "");
    letter("by-email", "c-8", "odpowiedź na ANNA@example.com");
    letter("by-phone", "c-8", "tel. +48 511 222-333");
    letter("by-prefix", "c-8", "0048511222333, oddzwonić");
    letter("not-hers", "c-8", "c-7 511222444");
    letter("nobodys", "c-8", "zuzanna@example.com 5112223330");
    let mut hers = block_on(customer::read(&world, anna())).unwrap().state.details.unwrap();
    hers.phones =
        vec![(mostek_domain::PhoneNumber::parse("511222333").unwrap(), mostek_domain::SmsConsent::unknown())];
    hers.emails = vec![mostek_domain::EmailAddress::parse("anna@example.com").unwrap()];
    block_on(customer::change(&world, company(), admin(), anna(), hers)).unwrap();
    let act = mostek_people::audit::Act::new("customer-erased", "customer", anna());
    block_on(customer::erase::erase(&world, company(), admin(), anna(), act, Duration::MAX)).unwrap();
    let left: Vec<String> = block_on(letters::waiting(&world, source.id))
        .unwrap()
        .iter()
        .map(|l| block_on(letters::open(&world, company(), source.id, &l.id)).unwrap().body)
        .collect();
    assert_eq!(left.len(), 3, "{left:?}");
    for id in ["not-hers", "by-order", "nobodys"] {
        assert!(left.iter().any(|l| l.contains(id)), "{id}");
    }
    for id in ["by-id", "by-email", "by-phone", "by-prefix"] {
        assert_eq!(said(&world, &format!("uwaga {id}")), 0, "{id}");
    }
}

#[test]
fn a_customer_whom_an_event_adds_is_found_by_their_address() {
    let (world, source) = shop();
    send(&world, &source, "e1", &question("q-1", "Gdzie jest paczka?"));
    let key = customer::lookup::Key::Email(mostek_domain::EmailAddress::parse("anna@example.com").unwrap());
    let holders = || block_on(customer::lookup::holders(&world, company(), &key)).unwrap();
    assert_eq!(holders(), [anna()]);
    let found = block_on(customer::search::search(&world, company(), "Anna@example.com")).unwrap();
    assert_eq!(found.exact.iter().map(|(_, s)| s.id).collect::<Vec<_>>(), [anna()]);
    // And not any more once the record says another one.
    let mut hers = block_on(customer::read(&world, anna())).unwrap().state.details.unwrap();
    hers.emails = vec![mostek_domain::EmailAddress::parse("nowa@example.com").unwrap()];
    block_on(customer::change(&world, company(), admin(), anna(), hers)).unwrap();
    assert!(holders().is_empty());
}

#[test]
fn an_event_about_somebody_who_was_erased_is_about_a_new_customer() {
    let (world, source) = shop();
    assert_eq!(send(&world, &source, "e1", &order("1001")), Outcome::Taken);
    let act = mostek_people::audit::Act::new("customer-erased", "customer", anna());
    block_on(customer::erase::erase(&world, company(), admin(), anna(), act, Duration::MAX)).unwrap();
    world.clock.advance(Duration::from_secs(3600));
    let before = block_on(customer::read(&world, anna())).unwrap().upto();
    for (id, number) in [("e2", "1002"), ("e3", "1003")] {
        assert_eq!(send(&world, &source, id, &order(number)), Outcome::Taken);
    }
    let erased = block_on(customer::read(&world, anna())).unwrap();
    assert!(erased.state.is_erased() && erased.upto() == before, "nothing was written into it");
    assert_eq!(entries(&world).len(), 1, "what was told before, without a word");
    let new = block_on(customer::find(&world, company(), field(), "c-7")).unwrap().unwrap();
    assert_ne!(new, anna());
    let page = block_on(timeline::page(&world, new, None, 50)).unwrap();
    assert_eq!(page.events.len(), 2);
}

#[test]
fn what_is_not_signed_rightly_changes_nothing() {
    let (world, source) = shop();
    let body = question("q-1", "Gdzie jest paczka?").to_string();
    let good = signed(&world, "e1", &body);
    world.kv.reset_operations();
    let refused = |headers: &HeaderMap, body: &str| match block_on(receive(
        &world,
        &source,
        headers,
        body.as_bytes(),
    )) {
        Err(Refused::Signature(e)) => e,
        other => panic!("{other:?}"),
    };
    assert!(!refused(&good, &body.replace("Gdzie", "gdzie")).is_about_time());
    assert!(!refused(&HeaderMap::new(), &body).is_about_time());
    world.clock.advance(Duration::from_secs(301));
    assert!(refused(&good, &body).is_about_time(), "caught and sent again later");
    assert_eq!(world.kv.operations().writes(), 0);
    let off = block_on(async {
        source::command(&world, company(), admin(), source.id, Command::SwitchOff).await.unwrap();
        source::one(&world, company(), source.id).await.unwrap()
    });
    let now = signed(&world, "e1", &body);
    assert!(matches!(block_on(receive(&world, &off, &now, body.as_bytes())), Err(Refused::Off)));
    assert_eq!(tickets(&world).total, 0);
}

#[test]
fn addresses_name_a_source_until_it_is_deleted() {
    let (world, source) = shop();
    let find = |id: &str| block_on(receive::source(&world, id)).unwrap();
    assert_eq!(find(&source.id.to_string()).map(|s| s.id), Some(source.id));
    for unknown in ["", "x", "../..", &ConnectionId::from_random([5; 16]).to_string()] {
        assert!(find(unknown).is_none(), "{unknown}");
    }
    block_on(source::command(&world, company(), admin(), source.id, Command::Delete)).unwrap();
    assert!(find(&source.id.to_string()).is_none());
    let other = mostek_domain::CompanyId::from_random([6; 16]);
    assert!(matches!(block_on(source::one(&world, other, source.id)), Err(Refusal::NotFound(_))));
}

#[test]
fn secrets_are_rotated_without_a_gap_and_stored_sealed() {
    let (world, source) = shop();
    let body = question("q-1", "Gdzie jest paczka?").to_string();
    let add = |text: &str| block_on(source::add_secret(&world, company(), admin(), source.id, text));
    for bad in ["", "whsec_", "whsec_nie base64", "whsk_AAAA"] {
        assert!(matches!(add(bad), Err(Refusal::Field { field: "secret", .. })), "{bad}");
    }
    add("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD").unwrap();
    let both = block_on(source::one(&world, company(), source.id)).unwrap();
    let first = both.secrets[0].id.clone();
    assert!(block_on(receive(&world, &both, &signed(&world, "e1", &body), body.as_bytes())).is_ok());
    let remove = |id: &str| block_on(source::remove_secret(&world, company(), admin(), source.id, id));
    remove(&first).unwrap();
    assert!(matches!(remove(&first), Err(Refusal::NotFound(_))));
    let one = block_on(source::one(&world, company(), source.id)).unwrap();
    assert!(matches!(remove(&one.secrets[0].id), Err(Refusal::Field { key: "secret-last", .. })));
    let old = block_on(receive(&world, &one, &signed(&world, "e2", &body), body.as_bytes()));
    assert!(matches!(old, Err(Refused::Signature(_))), "the old secret has been given up");
    for key in world.kv.keys() {
        let value = block_on(world.kv.get(&key)).unwrap().unwrap();
        assert!(!String::from_utf8_lossy(&value).contains("MfKQ9r8GKYqr"), "{key}");
    }
    assert!(world.log.lines().iter().all(|(_, l)| !l.contains("MfKQ9r8GKYqr")));
}

/// Where the delivery's id is not signed, somebody could send a caught request again under another one.
#[test]
fn a_caught_request_under_another_id_has_no_second_effect() {
    let world = world();
    let source = block_on(set_up(&world, Scheme::WooCommerce, "sekret sklepu"));
    let body = json!({"conversation_id": "q-1", "message": "Gdzie jest paczka?", "customer": {"id": 26, "name": "Anna"}});
    let body = body.to_string();
    let signature = woo_signature("sekret sklepu", &body);
    let sent = |delivery: &str| {
        let h = headers(&[
            ("x-wc-webhook-signature", signature.as_str()),
            ("x-wc-webhook-topic", "question.asked"),
            ("x-wc-webhook-delivery-id", delivery),
        ]);
        block_on(receive(&world, &source, &h, body.as_bytes())).unwrap()
    };
    assert_eq!((sent("d1"), sent("d1"), sent("d2")), (Outcome::Taken, Outcome::Repeated, Outcome::Repeated));
    let hello = block_on(receive(&world, &source, &HeaderMap::new(), b"webhook_id=12")).unwrap();
    assert_eq!(hello, Outcome::Greeting);
    let id = tickets(&world).tickets[0].id;
    assert_eq!(texts(&world, id).len(), 1);
}

/// What a shop of WooCommerce sends, under a delivery's id that anybody can change.
fn woo(world: &TestWorld, source: &Source, topic: &str, delivery: &str, body: &str) -> (Outcome, u64) {
    let signature = woo_signature("sekret sklepu", body);
    let h = headers(&[
        ("x-wc-webhook-signature", signature.as_str()),
        ("x-wc-webhook-topic", topic),
        ("x-wc-webhook-delivery-id", delivery),
    ]);
    let before = world.kv.operations().writes();
    let outcome = block_on(receive(world, source, &h, body.as_bytes())).unwrap();
    (outcome, world.kv.operations().writes() - before)
}

/// `WooCommerce` writes the customer's id 0 for whoever buys without an account.
#[test]
fn guests_of_a_shop_are_not_one_customer() {
    let world = world();
    let source = block_on(set_up(&world, Scheme::WooCommerce, "sekret sklepu"));
    let order = |number: &str, name: &str| {
        let billing = json!({"first_name": name, "email": format!("{name}@example.com")});
        json!({"number": number, "customer_id": 0, "billing": billing}).to_string()
    };
    let send =
        |source: &Source, number, name| woo(&world, source, "order.created", number, &order(number, name)).0;
    for (number, name) in [("17", "anna"), ("18", "jan"), ("19", "anna")] {
        assert_eq!(send(&source, number, name), Outcome::Taken);
    }
    let found = |id: &str| block_on(customer::find(&world, company(), field(), id)).unwrap();
    let events = |id| block_on(timeline::page(&world, id, None, 50)).unwrap().events.len();
    assert_eq!(found("anna@example.com").map(events), Some(2));
    assert_eq!(found("jan@example.com").map(events), Some(1));
    // A mapping that was saved before knows no other way, and still nobody is found by a nought.
    let mut before = source.clone();
    let pointer = mostek_webhooks::pointer::Pointer::parse("/customer_id | /customer/id");
    before.setup.mapping.places.set("customer_id", pointer.ok());
    assert_ne!(send(&before, "20", "zofia"), Outcome::Taken);
    let question = json!({"customer_id": 0, "message": "Gdzie paczka?", "billing": {"first_name": "Zofia"}});
    let asked = woo(&world, &before, "question.asked", "21", &question.to_string()).0;
    assert_eq!((asked, found("0")), (Outcome::Taken, None));
    let ticket = &tickets(&world).tickets[0];
    assert_eq!((ticket.record, ticket.customer.as_str()), (None, "Zofia"));
}

#[test]
fn a_caught_request_that_is_not_understood_waits_once_and_not_again_after_it_was_decided() {
    let world = world();
    let source = block_on(set_up(&world, Scheme::WooCommerce, "sekret sklepu"));
    let waiting = || block_on(letters::waiting(&world, source.id)).unwrap();
    let send = |delivery: &str| woo(&world, &source, "order.created", delivery, "{\"broken\": ");
    assert_eq!(send("d1").0, Outcome::Kept);
    for other in ["d2", "d3", ""] {
        assert_eq!(send(other), (Outcome::Kept, 0), "{other}");
    }
    assert_eq!(waiting().len(), 1);
    block_on(letters::give_up(&world, company(), admin(), source.id, &waiting()[0].id)).unwrap();
    assert_eq!((send("d1"), send("d4")), ((Outcome::Repeated, 0), (Outcome::Repeated, 0)));
    assert!(waiting().is_empty());
}

#[test]
fn a_caught_request_that_had_no_effect_has_none_later_either_and_costs_nothing() {
    let world = world();
    let source = block_on(set_up(&world, Scheme::WooCommerce, "sekret sklepu"));
    let setup = Setup { add_customers: false, ..source.setup.clone() };
    block_on(source::save(&world, company(), admin(), source.id, setup)).unwrap();
    let narrow = block_on(source::one(&world, company(), source.id)).unwrap();
    let body =
        json!({"id": 17, "number": "17", "customer_id": 26, "customer": {"id": 26}, "status": "processing"});
    let body = body.to_string();
    for (topic, outcome) in [("product.updated", Outcome::Ignored), ("order.created", Outcome::Outside)] {
        let body = body.replace("17", &topic.len().to_string());
        let id = |n: u8| format!("{topic}-{n}");
        assert_eq!(woo(&world, &narrow, topic, &id(1), &body), (outcome, 1), "{topic}");
        assert_eq!(woo(&world, &narrow, topic, &id(2), &body), (Outcome::Repeated, 0), "{topic}");
        // A customer is added by now, and every event is listened to.
        let mut wide = source.clone();
        wide.setup.mapping.otherwise = mostek_webhooks::mapping::Becomes::Order;
        assert_eq!(woo(&world, &wide, topic, &id(3), &body), (Outcome::Repeated, 0), "{topic}");
    }
}

/// The signature as the shop computes it.
fn woo_signature(secret: &str, body: &str) -> String {
    use base64::Engine;
    use hmac::{Hmac, KeyInit, Mac};
    let mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    base64::engine::general_purpose::STANDARD.encode(mac.chain_update(body).finalize().into_bytes())
}

/// What Zendesk sends at a moment, in seconds; the delivery's id is not signed.
fn zendesk(world: &TestWorld, source: &Source, at: i64, invocation: &str, body: &str) -> Outcome {
    let at = at.to_string();
    let h = headers(&[
        ("x-zendesk-webhook-signature", &woo_signature("sekret zendeska", &format!("{at}{body}"))),
        ("x-zendesk-webhook-signature-timestamp", &at),
        ("x-zendesk-webhook-invocation-id", invocation),
    ]);
    block_on(receive(world, source, &h, body.as_bytes())).unwrap()
}

/// Both found no mark of the other: then only the same id makes them one.
#[test]
fn a_retry_that_is_signed_anew_is_the_same_event() {
    let body = br#"{"type": "message.created", "text": "Halo?"}"#;
    let moment = |seconds: i64| Some(mostek_domain::Timestamp(seconds * 1000));
    let of = |delivery: &str, at: i64| {
        let headers = headers(&[("x-zendesk-webhook-invocation-id", delivery)]);
        effect::Identity::of(Scheme::Zendesk, &headers, None, body, moment(at)).id
    };
    assert_eq!(of("a", 1), of("a", 9));
    assert_ne!(of("a", 1), of("b", 1));
    let nameless = |at| effect::Identity::of(Scheme::Zendesk, &HeaderMap::new(), None, body, moment(at)).id;
    assert_ne!(nameless(1), nameless(86_400));
}

/// Where its customer is may have been typed wrongly: an event that names nobody is asked again when it comes again.
#[test]
fn an_event_of_nobody_has_its_effect_once_the_mapping_is_mended() {
    let world = world();
    let mended = block_on(set_up(&world, Scheme::WooCommerce, "sekret sklepu"));
    let mut wrong = mended.clone();
    let pointer = mostek_webhooks::pointer::Pointer::parse("/customer/ID");
    wrong.setup.mapping.places.set("customer_id", pointer.ok());
    let body = json!({"number": "17", "customer_id": 26, "billing": {"first_name": "Anna"}}).to_string();
    let send = |source: &Source, delivery| woo(&world, source, "order.created", delivery, &body).0;
    assert_eq!((send(&wrong, "1"), send(&wrong, "1")), (Outcome::Outside, Outcome::Outside));
    assert_eq!((send(&mended, "1"), send(&mended, "2")), (Outcome::Taken, Outcome::Repeated));
}

#[test]
fn where_the_moment_is_signed_the_same_words_later_are_said_again() {
    let world = world();
    let source = block_on(set_up(&world, Scheme::Zendesk, "sekret zendeska"));
    let seconds = || world.clock.now().0 / 1000;
    let question = json!({"type": "message.created", "conversation_id": "q-1", "text": "Halo?"}).to_string();
    let odd = json!({"type": "message.created", "conversation_id": "q-1", "tekst": "Hej?"}).to_string();
    let waiting = || block_on(letters::waiting(&world, source.id)).unwrap();
    for day in 0..2 {
        let (at, id) = (seconds(), |n: u8| format!("{day}-{n}"));
        assert_eq!(zendesk(&world, &source, at, &id(1), &question), Outcome::Taken, "day {day}");
        // Tried again: signed anew, under the same id. Caught: the same moment, under another one, or under none.
        assert_eq!(zendesk(&world, &source, at + 9, &id(1), &question), Outcome::Repeated);
        for caught in [id(2), String::new()] {
            assert_eq!(zendesk(&world, &source, at, &caught, &question), Outcome::Repeated);
        }
        assert_eq!(zendesk(&world, &source, at, &id(3), &odd), Outcome::Kept);
        assert_eq!(zendesk(&world, &source, at, &id(4), &odd), Outcome::Kept);
        assert_eq!(waiting().len(), day + 1);
        world.clock.advance(Duration::from_secs(86_400));
    }
    assert_eq!(texts(&world, tickets(&world).tickets[0].id), ["Halo?", "Halo?"]);
    // A letter that is processed keeps the moment it came with.
    let mut setup = source.setup.clone();
    setup.mapping.places.set("text", mostek_webhooks::pointer::Pointer::parse("/text | /tekst").ok());
    block_on(source::save(&world, company(), admin(), source.id, setup)).unwrap();
    for letter in waiting() {
        let again = block_on(letters::process(&world, company(), admin(), source.id, &letter.id)).unwrap();
        assert_eq!(again, Again::Done(Outcome::Taken));
    }
    let mut said = texts(&world, tickets(&world).tickets[0].id);
    said.sort();
    assert_eq!(said, ["Halo?", "Halo?", "Hej?", "Hej?"]);
}

#[test]
fn what_is_not_understood_waits_and_is_processed_after_the_mapping_was_mended() {
    let (world, source) = shop();
    let odd = json!({"type": "message.created", "data": {"wiadomosc": "Gdzie jest paczka?", "customer": {"id": "c-7", "name": "Anna"}}});
    assert_eq!(send(&world, &source, "e1", &odd), Outcome::Kept);
    let broken = "{\"type\": \"message.created\", ";
    let h = signed(&world, "e2", broken);
    assert_eq!(block_on(receive(&world, &source, &h, broken.as_bytes())).unwrap(), Outcome::Kept);
    let long = format!("{{\"text\": \"{}\"", "\u{1}".repeat(60_000));
    let h = signed(&world, "e3", &long);
    assert_eq!(block_on(receive(&world, &source, &h, long.as_bytes())).unwrap(), Outcome::Kept);

    let waiting = block_on(letters::waiting(&world, source.id)).unwrap();
    let reasons: Vec<Unreadable> = waiting.iter().map(|l| l.reason).collect();
    assert!(
        matches!(reasons[..], [Unreadable::NotJson { .. }, Unreadable::NotJson { .. }, Unreadable::NoText]),
        "{reasons:?}"
    );
    let opened = block_on(letters::open(&world, company(), source.id, &waiting[0].id)).unwrap();
    assert_eq!(opened.body, long);
    let letter = waiting[2].id.clone();
    let again = |id: &str| block_on(letters::process(&world, company(), admin(), source.id, id));
    assert_eq!(again(&letter).unwrap(), Again::Still(Unreadable::NoText));

    let mut setup = source.setup.clone();
    setup.mapping.places.set("text", mostek_webhooks::pointer::Pointer::parse("/data/wiadomosc").ok());
    block_on(source::save(&world, company(), admin(), source.id, setup)).unwrap();
    assert_eq!(again(&letter).unwrap(), Again::Done(Outcome::Taken));
    assert!(matches!(again(&letter), Err(Refusal::NotFound(_))));
    let id = tickets(&world).tickets[0].id;
    assert_eq!(texts(&world, id), ["Gdzie jest paczka?"]);
    // The shop sends it once more: it has had its effect.
    let source = block_on(source::one(&world, company(), source.id)).unwrap();
    assert_eq!(send(&world, &source, "e1", &odd), Outcome::Repeated);

    // Of what is settled no word is kept, and those that wait are whole.
    assert_eq!(said(&world, "wiadomosc"), 0);
    assert_eq!((said(&world, r#"\"message.created\", "#), said(&world, "\\u0001")), (1, 0));
    let drop = |id: &str| block_on(letters::give_up(&world, company(), admin(), source.id, id));
    drop(&waiting[1].id).unwrap();
    assert_eq!(said(&world, r#"\"message.created\", "#), 0);
    assert!(matches!(drop(&waiting[1].id), Err(Refusal::NotFound(_))));
    assert_eq!(block_on(letters::waiting(&world, source.id)).unwrap().len(), 1);
    drop(&waiting[0].id).unwrap();
    let blobs = world.kv.keys().iter().filter(|k| k.contains(":webhook-")).cloned().collect::<Vec<_>>();
    assert!(!blobs.iter().any(|k| k.starts_with("b:")), "{blobs:?}");
}

/// In how many entries of letters something is said.
fn said(world: &TestWorld, text: &str) -> usize {
    let value = |key: &String| block_on(world.kv.get(key)).unwrap().unwrap_or_default();
    let letters = world.kv.keys().into_iter().filter(|k| k.starts_with("j:webhook-letters:"));
    letters.filter(|k| String::from_utf8_lossy(&value(k)).contains(text)).count()
}

#[test]
fn the_dashboard_says_whose_events_wait_for_a_decision() {
    let (world, source) = shop();
    let look = || {
        let seen = block_on(overview::read(&world, company(), author().id, &[])).unwrap().unread;
        seen.into_iter().map(|u| (u.source, u.name, u.letters)).collect::<Vec<_>>()
    };
    send(&world, &source, "e0", &question("z1", "Gdzie paczka?"));
    assert_eq!(look(), []);
    for id in ["e1", "e2"] {
        let wordless = json!({"type": "message.created", "data": {"conversation_id": id}});
        assert_eq!(send(&world, &source, id, &wordless), Outcome::Kept);
    }
    assert_eq!(look(), [(source.id, "Sklep Kubek".to_owned(), 2)]);
    let letter = block_on(letters::waiting(&world, source.id)).unwrap()[0].id.clone();
    block_on(letters::give_up(&world, company(), admin(), source.id, &letter)).unwrap();
    assert_eq!(look(), [(source.id, "Sklep Kubek".to_owned(), 1)]);
}

#[test]
fn letters_are_bounded_and_the_sender_is_asked_to_come_again() {
    let (world, source) = shop();
    let body = json!({"type": "message.created"});
    for i in 0..letters::MOST {
        assert_eq!(send(&world, &source, &format!("e{i}"), &body), Outcome::Kept);
    }
    let body = body.to_string();
    let one_more = block_on(receive(&world, &source, &signed(&world, "more", &body), body.as_bytes()));
    assert!(matches!(one_more, Err(Refused::NotNow(_))), "{one_more:?}");
}

#[test]
fn a_reply_to_a_shop_without_a_way_back_is_refused_and_a_comment_is_not() {
    let (world, source) = shop();
    send(&world, &source, "e1", &question("q-1", "Gdzie jest paczka?"));
    let id = tickets(&world).tickets[0].id;
    let refused =
        block_on(reply::reply(&world, company(), id, &author(), new_reply("Jutro u Pani.", "k"), &rules(0)));
    assert!(matches!(refused, Err(Refusal::Field { field: "text", key: "connection-gone" })), "{refused:?}");
    block_on(reply::comment(&world, company(), id, &author(), "Zadzwonić", "k2")).unwrap();
    block_on(reply::set_status(
        &world,
        company(),
        id,
        &author(),
        mostek_domain::ticket::Status::Closed { at: world.clock.now() },
        None,
    ))
    .unwrap();
    send(&world, &source, "e2", &question("q-1", "Halo?"));
    assert_eq!(tickets(&world).tickets[0].status, StatusKind::New);
}

#[test]
fn trying_says_what_would_come_of_an_event_and_changes_nothing() {
    let (world, source) = shop();
    send(&world, &source, "e1", &question("q-1", "Gdzie jest paczka?"));
    world.kv.reset_operations();
    let preview = |body: &Value| {
        let mapped = source.setup.mapping.read(false, None, body.to_string().as_bytes()).unwrap();
        block_on(effect::preview(&world, &source, &mapped)).unwrap()
    };
    assert!(matches!(preview(&question("q-1", "x")), Preview::Message { joins: true, .. }));
    assert!(matches!(preview(&question("q-2", "x")), Preview::Message { joins: false, .. }));
    let Preview::Entry { event, customer } = preview(&order("7")) else { panic!() };
    assert_eq!((event.title.as_str(), customer), ("order.created · 7", PreviewCustomer::Found(anna())));
    let new = json!({"type": "order.created", "data": {"customer": {"id": "c-99"}}});
    assert!(matches!(preview(&new), Preview::Entry { customer: PreviewCustomer::Added, .. }));
    assert_eq!(preview(&json!({"type": "x"})), Preview::Nothing);
    assert_eq!(world.kv.operations().writes(), 0);
}

/// Where a shop takes answers.
fn listens() -> endpoint::Setup {
    let address = mostek_webhooks::address::Address::parse("https://sklep.pl/answers", false).unwrap();
    endpoint::Setup { address, events: [EventKind::TicketReplied].into(), active: true }
}

/// Switches an automation on that answers with a text and closes, and runs it.
fn answered_and_closed(world: &TestWorld, text: &str) -> u64 {
    let template = TemplateId::from_random([7; 16]);
    let name = || Label::parse("Czekamy").unwrap();
    let fact = desk::Fact::Template { id: template, name: name(), text: text.to_owned(), archived: false };
    block_on(desk::put_fact(world, company(), admin(), fact)).unwrap();
    let it = Automation {
        id: AutomationId::from_random([1; 16]),
        name: name(),
        conditions: Conditions::default(),
        steps: vec![Step::Reply { template }, Step::Status { status: StatusKind::Closed }],
        on: true,
        version: 0,
    };
    block_on(routine::put(world, company(), admin(), routine::Fact::Automation { it })).unwrap();
    world.clock.advance(automation::PAUSE);
    let (policy, directory) = Default::default();
    block_on(automation::run(world, company(), &policy, &directory, Duration::MAX)).unwrap()
}

/// The last line of a ticket, if it says why an automation did nothing.
fn unsaid(world: &TestWorld, id: TicketId) -> Option<Unsaid> {
    let view = block_on(view::open(world, company(), id, None)).unwrap();
    match view.lines.into_iter().next_back()?.content {
        Content::Event { fact: Fact::Automated { unsaid, .. }, .. } => unsaid,
        _ => None,
    }
}

#[test]
fn an_automation_answers_a_shop_that_takes_answers_and_closes() {
    let mut world = world();
    world.http = FakeHttp::new(|_| {
        Ok(WholeResponse {
            status: http::StatusCode::OK,
            headers: HeaderMap::new(),
            body: Default::default(),
        })
    });
    let shop = block_on(set_up(&world, Scheme::Standard, SECRET));
    let (endpoint, _) = block_on(endpoint::add(&world, company(), admin(), listens())).unwrap();
    let setup = Setup { answers: Some(endpoint), ..shop.setup.clone() };
    block_on(source::save(&world, company(), admin(), shop.id, setup)).unwrap();
    send(&world, &shop, "e1", &question("q-1", "Gdzie jest paczka?"));
    assert_eq!(answered_and_closed(&world, "{customer}, czekamy. {shop}"), 1);
    world.clock.advance(Duration::from_secs(5));
    block_on(sending::send_due(&world, Duration::MAX)).unwrap();
    let sent: Vec<Value> =
        world.http.take_sent().iter().map(|r| serde_json::from_slice(&r.body).unwrap()).collect();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["data"]["reply"]["text"], "Anna Nowak, czekamy. Sklep Kubek");
    assert_eq!(tickets(&world).tickets[0].status, StatusKind::Closed);
}

/// Nobody is closed out who was told nothing.
#[test]
fn an_automation_whose_answer_cannot_be_written_does_nothing_and_the_ticket_says_why() {
    let (world, shop) = shop();
    send(&world, &shop, "e1", &question("q-1", "Gdzie jest paczka?"));
    let id = tickets(&world).tickets[0].id;
    let left = |text: &str, why: Unsaid| {
        assert_eq!(answered_and_closed(&world, text), 1, "{text}");
        assert_eq!(unsaid(&world, id), Some(why), "{text}");
        let state = block_on(Ticket::journal(id).unwrap().read(&world.kv, &world.clock)).unwrap().state;
        assert_eq!((state.status.kind(), state.replies.len()), (StatusKind::New, 0), "{text}");
    };
    left("Czekamy.", Unsaid::NoWay);
    // Until somebody writes it is not tried again.
    world.clock.advance(automation::PAUSE);
    let (policy, directory) = Default::default();
    let run = block_on(automation::run(&world, company(), &policy, &directory, Duration::MAX));
    assert_eq!(run.unwrap(), 0);
    let (endpoint, _) = block_on(endpoint::add(&world, company(), admin(), listens())).unwrap();
    let setup = Setup { answers: Some(endpoint), ..shop.setup.clone() };
    block_on(source::save(&world, company(), admin(), shop.id, setup)).unwrap();
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    left("Czekamy, {klient}.", Unsaid::Unknown { names: names(&["klient"]) });
    left("Czekamy. {agent}", Unsaid::Missing { names: names(&["agent"]) });
    left("ż", Unsaid::Text);
}

/// A shop that takes answers: the reply leaves signed, under one id however often it is tried, and is sent when it was taken.
#[test]
fn a_reply_to_a_shop_with_a_way_back_is_handed_over_once_it_is_taken() {
    use mostek_helpdesk::webhooks::deliver;

    let mut world = world();
    let statuses = std::rc::Rc::new(std::cell::RefCell::new(vec![410, 204, 403, 500]));
    let next = statuses.clone();
    world.http = FakeHttp::new(move |_| {
        let status = http::StatusCode::from_u16(next.borrow_mut().pop().unwrap()).unwrap();
        Ok(WholeResponse { status, headers: HeaderMap::new(), body: Default::default() })
    });
    let shop = block_on(set_up(&world, Scheme::Standard, SECRET));
    let listens = listens();
    let (endpoint, secret) = block_on(endpoint::add(&world, company(), admin(), listens.clone())).unwrap();
    let strange = mostek_domain::WebhookId::from_random([9; 16]);
    let save = |answers| {
        let setup = Setup { answers: Some(answers), ..shop.setup.clone() };
        block_on(source::save(&world, company(), admin(), shop.id, setup))
    };
    assert!(matches!(save(strange), Err(Refusal::Field { field: "answers", .. })));
    save(endpoint).unwrap();
    send(&world, &shop, "e1", &question("q-1", "Gdzie jest paczka?"));
    let id = tickets(&world).tickets[0].id;
    assert!(!block_on(view::open(&world, company(), id, None)).unwrap().one_way);

    let mut with_file = new_reply("Zdjęcie w załączniku.", "k0");
    with_file.files = vec![("a.png".into(), vec![1].into())];
    let refused = block_on(reply::reply(&world, company(), id, &author(), with_file, &rules(0)));
    assert!(matches!(refused, Err(Refusal::Field { field: "files", .. })));
    let new = new_reply("Jutro u Pani.", "k1");
    let written = block_on(reply::reply(&world, company(), id, &author(), new, &rules(0))).unwrap();
    assert!(world.http.take_sent().is_empty(), "only the timer calls the shop");
    let state = || block_on(Ticket::journal(id).unwrap().read(&world.kv, &world.clock)).unwrap().state;
    let attempt = || {
        world.clock.advance(Duration::from_secs(60));
        block_on(sending::send_due(&world, Duration::MAX)).unwrap();
        state().reply(written).unwrap().state.clone()
    };
    assert!(matches!(attempt(), ReplyState::Retrying { .. }), "500");
    assert!(matches!(attempt(), ReplyState::Failed { .. }), "403: a person decides");
    let again = mostek_helpdesk::ticket::Decision::Send;
    block_on(reply::decide(&world, company(), id, &author(), written, again)).unwrap();
    assert_eq!(state().reply(written).unwrap().state, ReplyState::Waiting, "the timer's to send");
    assert!(matches!(attempt(), ReplyState::Sent { .. }));
    assert_eq!(tickets(&world).tickets[0].status, StatusKind::WaitingForCustomer);

    let sent = world.http.take_sent();
    assert_eq!(sent.len(), 3);
    assert!(
        sent.iter()
            .all(|r| r.headers["webhook-id"] == sent[0].headers["webhook-id"] && r.body == sent[0].body)
    );
    let key = Secret::parse(Scheme::Standard, &secret).unwrap();
    let now = world.clock.now();
    assert!(signature::verify(Scheme::Standard, &[key], &sent[2].headers, &sent[2].body, now).is_ok());
    let body: Value = serde_json::from_slice(&sent[2].body).unwrap();
    assert_eq!((&body["type"], &body["data"]["conversation"]), (&json!("ticket.answer"), &json!("q-1")));
    assert_eq!(body["data"]["reply"]["text"], "Jutro u Pani.");

    // Each attempt is in the receiver's log, and nothing can be sent again from there.
    let log = || block_on(deliver::lines(&world, company(), endpoint)).unwrap();
    let said: Vec<_> = log().into_iter().map(|l| (l.kind, l.attempt, l.answer, l.taken)).collect();
    let line = |attempt, answer: &str, taken| ("ticket.answer".to_owned(), attempt, answer.to_owned(), taken);
    assert_eq!(said, [line(1, "204", true), line(2, "403", false), line(1, "500", false)]);
    assert!(log().iter().all(|l| sent[0].headers["webhook-id"] == format!("msg_{}", l.delivery)));
    assert!(log().iter().all(|l| !l.can_go_again()));
    let again = block_on(deliver::again(&world, company(), admin(), endpoint, log()[0].delivery));
    assert!(matches!(again, Err(Refusal::NotFound(_))), "{again:?}");
    // Whoever wants no more answers is told of nothing more, until somebody switches it on again.
    let late = new_reply("Jeszcze jedno.", "k3");
    let late = block_on(reply::reply(&world, company(), id, &author(), late, &rules(0))).unwrap();
    attempt();
    assert!(matches!(state().reply(late).unwrap().state, ReplyState::Failed { .. }));
    assert_eq!(log()[0].answer, "410");
    let gone = || block_on(endpoint::one(&world, company(), endpoint)).unwrap();
    assert!(gone().gone.is_some() && !gone().is_active());
    block_on(endpoint::change(&world, company(), admin(), endpoint, listens.clone())).unwrap();
    assert!(gone().is_active());

    // The address is switched off: nothing can leave any more, and that is said.
    let off = endpoint::Setup { active: false, ..listens };
    block_on(endpoint::change(&world, company(), admin(), endpoint, off)).unwrap();
    assert!(block_on(view::open(&world, company(), id, None)).unwrap().one_way);
    let late = block_on(reply::reply(&world, company(), id, &author(), new_reply("Halo?", "k2"), &rules(0)));
    assert!(matches!(late, Err(Refusal::Field { key: "connection-gone", .. })));
}

#[test]
fn an_answer_that_has_nowhere_to_go_says_what_is_missing() {
    use mostek_helpdesk::ticket::ReplyState;
    use mostek_helpdesk::webhooks::endpoint::{self, EventKind};
    use mostek_helpdesk::{sending, ticket::Ticket};

    let world = world();
    let shop = block_on(set_up(&world, Scheme::Standard, SECRET));
    let address = mostek_webhooks::address::Address::parse("https://sklep.pl/answers", false).unwrap();
    let on = endpoint::Setup { address, events: [EventKind::TicketReplied].into(), active: true };
    let (endpoint, _) = block_on(endpoint::add(&world, company(), admin(), on.clone())).unwrap();
    let answers = |answers| {
        let setup = Setup { answers, ..shop.setup.clone() };
        block_on(source::save(&world, company(), admin(), shop.id, setup)).unwrap();
    };
    send(&world, &shop, "e1", &question("q-1", "Gdzie jest paczka?"));
    let id = tickets(&world).tickets[0].id;
    let fails = |key: &str, stop: &dyn Fn()| {
        answers(Some(endpoint));
        block_on(endpoint::change(&world, company(), admin(), endpoint, on.clone())).unwrap();
        let new = new_reply("Jutro u Pani.", key);
        let written = block_on(reply::reply(&world, company(), id, &author(), new, &rules(0))).unwrap();
        stop();
        block_on(sending::attempt(&world, id, written, None)).unwrap();
        let state = block_on(Ticket::journal(id).unwrap().read(&world.kv, &world.clock)).unwrap().state;
        let ReplyState::Failed { why } = state.reply(written).unwrap().state.clone() else { panic!() };
        why.code
    };
    let off = || {
        let off = endpoint::Setup { active: false, ..on.clone() };
        block_on(endpoint::change(&world, company(), admin(), endpoint, off)).unwrap();
    };
    assert_eq!(fails("k1", &off), Some(Code::AddressOff));
    assert_eq!(fails("k2", &|| answers(None)), Some(Code::NoAddress));
    let gone = || block_on(source::command(&world, company(), admin(), shop.id, Command::Delete)).unwrap();
    assert_eq!(fails("k3", &gone), Some(Code::ConnectionDeleted));
}
