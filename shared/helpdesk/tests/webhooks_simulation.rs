//! Webhooks in a world where everything fails: a shop sends its events again and again, to several hubs at once, over one store
//! whose operations are slow, fail, take effect late or never; processes crash.
//!
//! At the end: every event that was accepted has had its effect once, or waits as not understood once; no event has had it
//! twice; and whoever listens has heard of every ticket, under one id each.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use http::{HeaderMap, HeaderName};
use mostek_domain::{CustomerId, Label, QueueId, TicketId};
use mostek_helpdesk::list::{self, Wanted};
use mostek_helpdesk::ticket::{ItemKind, Ticket};
use mostek_helpdesk::webhooks::endpoint::{self, EventKind};
use mostek_helpdesk::webhooks::receive::receive;
use mostek_helpdesk::webhooks::source::{self, Setup, Source};
use mostek_helpdesk::webhooks::{deliver, letters};
use mostek_helpdesk::{desk, timeline};
use mostek_ports::simulation::{Faults, Seeded, SimWorld, Simulation, Weather, for_seeds};
use mostek_ports::{Clock, World};
use mostek_store::Actor;
use mostek_webhooks::{Scheme, presets};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;
use support::{SEALING_KEY, answer, company, field};

const SECRET: &str = "sekret sklepu";
/// Conversations, and questions in each.
const CONVERSATIONS: usize = 2;
const QUESTIONS: usize = 3;
/// Orders, and events that nobody understands.
const ORDERS: usize = 4;
const ODD: usize = 2;

fn process(sim: &Simulation) -> SimWorld {
    let mut world = sim.process();
    world.settings.0.insert("sealing_key".into(), SEALING_KEY.into());
    world
}

fn admin() -> Actor {
    Actor::Employee("ewa".into())
}

async fn set_up(world: &SimWorld) -> Source {
    let id = mostek_domain::InstallationId::from_random([8; 16]);
    mostek_people::installation::remember(world, id).await.unwrap();
    let queue = QueueId::from_random([4; 16]);
    let name = |n: &str| Label::parse(n).unwrap();
    for fact in [
        desk::Fact::Queue { id: queue, name: name("Sklep"), archived: false },
        desk::Fact::Field { id: field(), name: name("Sklep ID"), kind: Default::default(), archived: false },
    ] {
        desk::put_fact(world, company(), admin(), fact).await.unwrap();
    }
    let address = mostek_webhooks::address::Address::parse("https://hooks.sklep.pl/", false).unwrap();
    let listens = endpoint::Setup { address, events: [EventKind::TicketCreated].into(), active: true };
    endpoint::add(world, company(), admin(), listens).await.unwrap();
    let setup = Setup {
        name: name("Sklep Kubek"),
        // Nothing signed says when it was sent: clocks here are wrong by minutes.
        scheme: Scheme::WooCommerce,
        queue,
        category: None,
        field: Some(field()),
        add_customers: true,
        mapping: presets::of(Scheme::WooCommerce),
        answers: None,
    };
    let id = source::add(world, company(), admin(), setup, SECRET).await.unwrap();
    source::one(world, company(), id).await.unwrap()
}

/// An event of the shop.
#[derive(Clone)]
struct Event {
    id: String,
    topic: &'static str,
    body: String,
}

fn events() -> Vec<Event> {
    let event = |id: String, topic, body: Value| Event { id, topic, body: body.to_string() };
    let who = json!({"id": 7, "name": "Anna Nowak"});
    let mut all = Vec::new();
    for c in 0..CONVERSATIONS {
        for q in 0..QUESTIONS {
            let body = json!({"conversation_id": format!("q{c}"), "message": format!("Pytanie {c}-{q}"), "customer": who});
            all.push(event(format!("question-{c}-{q}"), "question.asked", body));
        }
    }
    for o in 0..ORDERS {
        let body = json!({"number": format!("{o}"), "customer_id": 7, "billing": {"first_name": "Anna"}});
        all.push(event(format!("order-{o}"), "order.created", body));
    }
    for o in 0..ODD {
        all.push(event(format!("odd-{o}"), "question.asked", json!({"pytanie": o})));
    }
    all
}

fn headers(event: &Event) -> HeaderMap {
    use base64::Engine;
    use hmac::{Hmac, KeyInit, Mac};
    let mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    let signature = base64::engine::general_purpose::STANDARD
        .encode(mac.chain_update(&event.body).finalize().into_bytes());
    [
        ("x-wc-webhook-signature", signature.as_str()),
        ("x-wc-webhook-topic", event.topic),
        ("x-wc-webhook-delivery-id", event.id.as_str()),
    ]
    .into_iter()
    .map(|(n, v)| (HeaderName::from_static(n), v.parse().unwrap()))
    .collect()
}

fn run(seed: u64, faults: Faults) -> Result<(), String> {
    let wild = Rc::new(Cell::new(false));
    let sim = Simulation::scheduled(Weather {
        calm: Seeded::new(seed, Faults::none()),
        wild: Seeded::new(seed, faults),
        now_wild: wild.clone(),
    });
    // Ids by ticket, as the listener hears them; it refuses every third message.
    let heard: Rc<RefCell<BTreeMap<String, BTreeSet<String>>>> = Rc::default();
    let (ears, count) = (heard.clone(), Cell::new(0u32));
    sim.remote(move |request| {
        count.set(count.get() + 1);
        if count.get().is_multiple_of(3) {
            return answer(500, &Value::Null);
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let ticket = body["data"]["ticket"]["id"].as_str().unwrap().to_owned();
        let id = request.headers["webhook-id"].to_str().unwrap().to_owned();
        ears.borrow_mut().entry(ticket).or_default().insert(id);
        answer(200, &Value::Null)
    });
    let setup = process(&sim);
    let place: Rc<RefCell<Option<Source>>> = Rc::default();
    let made = place.clone();
    sim.spawn(async move { *made.borrow_mut() = Some(set_up(&setup).await) });
    sim.run();
    let source = place.borrow().clone().ok_or("the source was not made")?;

    wild.set(true);
    let accepted: Rc<RefCell<BTreeSet<String>>> = Rc::default();
    // Every event is sent from two places at once, each again until it is accepted.
    for (n, event) in events().into_iter().cycle().take(2 * events().len()).enumerate() {
        for attempt in 0..6u64 {
            let (world, done, event, source) =
                (process(&sim), accepted.clone(), event.clone(), source.clone());
            sim.spawn(async move {
                world.clock().sleep(Duration::from_secs(attempt * 60 + (seed + n as u64) % 5)).await;
                if done.borrow().contains(&event.id) && !(seed + attempt).is_multiple_of(3) {
                    return;
                }
                if receive(&world, &source, &headers(&event), event.body.as_bytes()).await.is_ok() {
                    done.borrow_mut().insert(event.id);
                }
            });
        }
    }
    for hub in 0..2u64 {
        let world = process(&sim);
        sim.spawn(async move {
            for _ in 0..8 {
                // What fails is the next tick's.
                let until = world.clock().monotonic() + Duration::from_secs(25);
                let _ = deliver::tell(&world, until).await;
                world.clock().sleep(Duration::from_secs(30 + 11 * hub)).await;
            }
        });
    }
    sim.run();

    // Calm: everything that is left must settle.
    sim.calm();
    for _ in 0..40 {
        let world = process(&sim);
        sim.spawn(async move {
            world.clock().sleep(Duration::from_secs(1_000)).await;
            deliver::tell(&world, Duration::MAX).await.unwrap();
        });
        sim.run();
    }
    let world = process(&sim);
    let verdict: Rc<RefCell<Result<(), String>>> = Rc::new(RefCell::new(Err("nobody judged".into())));
    let (place, accepted, heard) = (verdict.clone(), accepted.borrow().clone(), heard.borrow().clone());
    sim.spawn(async move { *place.borrow_mut() = judge(&world, &source, &accepted, &heard).await });
    sim.run();
    verdict.replace(Ok(()))
}

async fn judge(
    world: &SimWorld,
    source: &Source,
    accepted: &BTreeSet<String>,
    heard: &BTreeMap<String, BTreeSet<String>>,
) -> Result<(), String> {
    let once = |what: &str, times: usize, id: &str| match times {
        0 if !accepted.contains(id) => Ok(()),
        1 => Ok(()),
        n => Err(format!("{what} {id}: {n} times, accepted: {}", accepted.contains(id))),
    };
    let mut tickets = BTreeSet::new();
    for c in 0..CONVERSATIONS {
        let id = TicketId::of_thread(source.id, &format!("q{c}"));
        let journal = Ticket::journal(id).unwrap();
        let ticket = journal.read(world.kv(), world.clock()).await.map_err(|e| e.to_string())?.state;
        if ticket.opened.is_some() {
            tickets.insert(id.to_string());
        }
        let mut texts = Vec::new();
        for item in ticket.items.iter().filter(|i| i.kind == ItemKind::Customer) {
            let entries = journal.entries(world.kv(), &[item.slot]).await.map_err(|e| e.to_string())?;
            texts.push(serde_json::to_string(&entries[0].fact.what).unwrap());
        }
        for q in 0..QUESTIONS {
            let text = format!("Pytanie {c}-{q}");
            let times = texts.iter().filter(|t| t.contains(&text)).count();
            once("question", times, &format!("question-{c}-{q}"))?;
        }
    }
    let page = list::page(world, company(), &Wanted::default(), None, 50).await.map_err(|e| e.to_string())?;
    let listed: BTreeSet<String> = page.tickets.iter().map(|t| t.id.to_string()).collect();
    if listed != tickets || page.tickets.len() != tickets.len() {
        return Err(format!("listed {listed:?} of {tickets:?}"));
    }
    let anna = CustomerId::of_marketplace(company(), field(), "7");
    let entries = timeline::page(world, anna, None, 50).await.map_err(|e| e.to_string())?.events;
    for o in 0..ORDERS {
        let title = format!("order.created · {o}");
        once("order", entries.iter().filter(|(_, e)| e.title == title).count(), &format!("order-{o}"))?;
    }
    let waiting = letters::waiting(world, source.id).await.map_err(|e| e.to_string())?;
    let odd = (0..ODD).filter(|o| accepted.contains(&format!("odd-{o}"))).count();
    if waiting.len() < odd || waiting.len() > ODD {
        return Err(format!("{} letters, {odd} accepted", waiting.len()));
    }
    let told: BTreeSet<String> = heard.keys().cloned().collect();
    if told != tickets {
        return Err(format!("told of {told:?}, there are {tickets:?}"));
    }
    if let Some((ticket, ids)) = heard.iter().find(|(_, ids)| ids.len() != 1) {
        return Err(format!("{ticket} was told under {ids:?}"));
    }
    let left = deliver::waiting(world).await.map_err(|e| e.to_string())?.pending.len();
    if left > 0 {
        return Err(format!("{left} deliveries never settled"));
    }
    Ok(())
}

#[test]
fn calm() {
    run(1, Faults::none()).unwrap();
}

#[test]
fn everything_fails_and_no_event_is_lost_or_has_its_effect_twice() {
    let passed = for_seeds(60, |seed| run(seed, Faults::many())).unwrap();
    assert!(passed > 0);
}
