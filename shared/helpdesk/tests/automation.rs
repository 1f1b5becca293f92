//! Automations: which tickets, once per state of the conversation, in slices.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use futures::executor::block_on;
use mostek_domain::ticket::{Status, StatusKind};
use mostek_domain::{AutomationId, Label, TemplateId};
use mostek_helpdesk::list::{Summary, Wanted};
use mostek_helpdesk::routine::{self, Automation, Conditions, Fact, Step};
use mostek_helpdesk::ticket::{ItemKind, ReplyState, Ticket};
use mostek_helpdesk::{Refusal, automation, desk, policy, poll, reply};
use mostek_people::directory::Directory;
use mostek_ports::World;
use mostek_ports::simulation::{Faults, Simulation, for_seeds};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use support::service::*;
use support::*;

fn comment(text: &str) -> Step {
    Step::Comment { text: text.into() }
}

async fn put<W: World>(world: &W, n: u8, conditions: Conditions, steps: Vec<Step>) -> Result<(), Refusal> {
    let it = Automation {
        id: AutomationId::from_random([n; 16]),
        name: Label::parse(&format!("Automat {n}")).unwrap(),
        conditions,
        steps,
        on: true,
        version: 0,
    };
    routine::put(world, company(), actor(), Fact::Automation { it }).await
}

async fn run<W: World>(world: &W) -> u64 {
    let Ok(policy) = policy::read(world, company()).await else { return 0 };
    let directory = Directory::default();
    automation::run(world, company(), &policy.state, &directory, Duration::MAX).await.unwrap_or(0)
}

/// The next pass: the pause is over.
fn pass(d: &Desk) -> u64 {
    d.pass(automation::PAUSE.as_secs());
    block_on(run(&d.world))
}

fn comments(d: &Desk, thread: &str) -> usize {
    d.ticket(thread).items.iter().filter(|i| i.kind == ItemKind::Comment).count()
}

fn answer(d: &Desk, thread: &str, key: &str) {
    block_on(reply::reply(&d.world, company(), d.id(thread), &author(), new_reply(key, key), &rules(0)))
        .unwrap();
}

/// A template for answers, in the desk.
fn template(d: &Desk, text: &str) -> TemplateId {
    let id = TemplateId::from_random([7; 16]);
    let name = Label::parse("Pytanie").unwrap();
    let fact = desk::Fact::Template { id, name, text: text.to_owned(), archived: false };
    block_on(desk::put_fact(&d.world, company(), actor(), fact)).unwrap();
    id
}

#[test]
fn it_acts_once_until_somebody_writes_again_whatever_it_changes() {
    let d = Desk::new();
    // Its own doing still matches: it must not go round in circles.
    let steps = vec![comment("Sprawdź adres."), Step::Move { queue: Some(other_queue()), category: None }];
    block_on(put(&d.world, 1, Conditions::default(), steps)).unwrap();
    d.writes("t1", "CUSTOMER_USER", "Pytanie");
    assert_eq!(pass(&d), 1);
    let state = d.ticket("t1");
    assert_eq!((state.queue(), comments(&d, "t1")), (Some(other_queue()), 1));
    let writes = d.world.kv.operations().writes();
    for _ in 0..4 {
        assert_eq!(pass(&d), 0);
    }
    assert_eq!(comments(&d, "t1"), 1);
    assert!(d.world.kv.operations().writes() <= writes + 4, "a pass without work writes how far it is");
    // A person's act changes nothing about the conversation; a message does.
    let working = Status::InProgress;
    block_on(reply::set_status(&d.world, company(), d.id("t1"), &author(), working, None)).unwrap();
    assert_eq!(pass(&d), 0);
    d.writes("t1", "CUSTOMER_USER", "Jeszcze jedno");
    assert_eq!((pass(&d), pass(&d), comments(&d, "t1")), (1, 0, 2));
    // And so does another version of it.
    block_on(put(&d.world, 1, Conditions::default(), vec![comment("Nowa wersja")])).unwrap();
    assert_eq!((pass(&d), pass(&d), comments(&d, "t1")), (1, 0, 3));
}

#[test]
fn between_passes_nothing_is_looked_at() {
    let d = Desk::new();
    block_on(put(&d.world, 1, Conditions::default(), vec![comment("Raz")])).unwrap();
    assert_eq!(pass(&d), 0);
    d.writes("t1", "CUSTOMER_USER", "Pytanie");
    assert_eq!(block_on(run(&d.world)), 0, "the pause is not over");
    assert_eq!(pass(&d), 1);
}

#[test]
fn conditions_are_about_status_place_source_and_time() {
    let d = Desk::new();
    for t in ["waits", "silent", "moved"] {
        d.writes(t, "CUSTOMER_USER", "Pytanie");
    }
    block_on(reply::move_to(&d.world, company(), d.id("moved"), &author(), other_queue(), None)).unwrap();
    answer(&d, "silent", "Proszę o numer zamówienia.");
    let matching = |conditions: &Conditions| {
        let (found, all) = block_on(automation::preview(&d.world, company(), conditions)).unwrap();
        assert!(all);
        let mut ids: Vec<_> = found.iter().map(|t: &Summary| t.id).collect();
        ids.sort();
        ids
    };
    let ids = |threads: &[&str]| {
        let mut ids: Vec<_> = threads.iter().map(|t| d.id(t)).collect();
        ids.sort();
        ids
    };
    let any = Conditions::default;
    assert_eq!(matching(&any()), ids(&["waits", "silent", "moved"]));
    assert_eq!(matching(&Conditions { queue: Some(queue()), ..any() }), ids(&["waits", "silent"]));
    let waiting = vec![StatusKind::WaitingForCustomer];
    assert_eq!(matching(&Conditions { statuses: waiting.clone(), ..any() }), ids(&["silent"]));
    assert_eq!(matching(&Conditions { statuses: vec![StatusKind::Closed], ..any() }), ids(&[]));
    assert_eq!(matching(&Conditions { source: Some("EmpikPlace".into()), ..any() }).len(), 3);
    assert_eq!(matching(&Conditions { source: Some("Inne".into()), ..any() }), ids(&[]));
    let quiet = Conditions { statuses: waiting, answered_before: Some(72), ..any() };
    d.pass(71 * HOUR);
    assert_eq!(matching(&quiet), ids(&[]));
    d.writes("waits", "CUSTOMER_USER", "Halo?");
    d.pass(HOUR);
    assert_eq!(matching(&quiet), ids(&["silent"]));
    assert_eq!(matching(&Conditions { customer_silent: Some(72), ..any() }), ids(&["silent", "moved"]));
    assert_eq!(
        matching(&Conditions { opened_before: Some(72), ..any() }),
        ids(&["waits", "silent", "moved"])
    );
    // And then it closes what nobody has come back to.
    block_on(put(&d.world, 1, quiet, vec![Step::Status { status: StatusKind::Closed }])).unwrap();
    assert_eq!(pass(&d), 1);
    assert!(!d.ticket("silent").status.is_open() && d.ticket("waits").status.is_open());
    assert_eq!(d.list(&Wanted { statuses: vec![StatusKind::Closed], ..Wanted::default() }).total, 1);
}

#[test]
fn many_tickets_are_gone_through_in_slices() {
    let d = Desk::new();
    for n in 0..250 {
        d.remote.borrow_mut().writes(&format!("t{n}"), "CUSTOMER_USER", "Pytanie");
    }
    d.poll();
    block_on(put(&d.world, 1, Conditions::default(), vec![comment("Raz")])).unwrap();
    // The second slice comes with the next tick, without the pause.
    assert_eq!((block_on(run(&d.world)), block_on(run(&d.world)), block_on(run(&d.world))), (200, 50, 0));
    assert_eq!(pass(&d), 0);
    let (found, all) = block_on(automation::preview(&d.world, company(), &Conditions::default())).unwrap();
    assert_eq!((found.len(), all), (automation::PREVIEW, false));
}

#[test]
fn its_answers_are_automatic_ones_with_their_guards() {
    let d = Desk::new();
    let template = template(&d, "Czy możemy jeszcze pomóc, {customer}?");
    block_on(set_sla(&d.world, queue(), Some(600), None));
    let new = Conditions { statuses: vec![StatusKind::New], ..Conditions::default() };
    block_on(put(&d.world, 1, new, vec![Step::Reply { template }])).unwrap();
    d.writes("t1", "CUSTOMER_USER", "Pytanie");
    d.writes("t2", "CUSTOMER_USER", "Inne pytanie");
    assert_eq!(pass(&d), 2);
    // A person answers one of them before it is sent.
    answer(&d, "t2", "Już odpisuję.");
    d.pass(5);
    d.tick();
    assert_eq!(d.ours("t1"), ["Czy możemy jeszcze pomóc, Anna N.?"]);
    assert_eq!(d.ours("t2"), ["Już odpisuję."]);
    assert_eq!(d.ticket("t2").replies[0].state, ReplyState::Dropped);
    let state = d.ticket("t1");
    assert_eq!(state.status, Status::New);
    assert!(state.due().is_some(), "nobody has answered yet");
    // The customer goes on writing: not again within twelve hours.
    d.writes("t1", "CUSTOMER_USER", "Halo?");
    assert_eq!(pass(&d), 0);
    d.pass(12 * HOUR);
    assert_eq!(pass(&d), 1);
    d.pass(5);
    d.tick();
    assert_eq!(d.ours("t1").len(), 2);
}

#[test]
fn it_asks_once_more_and_closes_what_was_answered_long_ago() {
    let d = Desk::new();
    let template = template(&d, "Czy możemy jeszcze pomóc?");
    let silent = Conditions {
        statuses: vec![StatusKind::WaitingForCustomer],
        answered_before: Some(72),
        ..Conditions::default()
    };
    let steps = vec![Step::Reply { template }, Step::Status { status: StatusKind::Closed }];
    block_on(put(&d.world, 1, silent, steps)).unwrap();
    d.writes("t1", "CUSTOMER_USER", "Pytanie");
    let me = mostek_domain::EmployeeId::from_random([8; 16]);
    block_on(reply::assign(&d.world, company(), d.id("t1"), &author(), Some(me))).unwrap();
    answer(&d, "t1", "Proszę o numer.");
    d.tick();
    d.pass(73 * HOUR);
    assert_eq!(pass(&d), 1);
    d.pass(5);
    d.tick();
    assert_eq!(d.ours("t1"), ["Proszę o numer.", "Czy możemy jeszcze pomóc?"]);
    assert_eq!(d.ticket("t1").status.kind(), StatusKind::Closed);
}

#[test]
fn in_a_ticket_that_follows_it_answers_the_conversation() {
    let d = Desk::new();
    let template = template(&d, "Sprawdzamy.");
    d.writes("t1", "CUSTOMER_USER", "Pytanie");
    answer(&d, "t1", "Odpowiedź");
    let closed = Status::Closed { at: Default::default() };
    block_on(reply::set_status(&d.world, company(), d.id("t1"), &author(), closed, None)).unwrap();
    d.pass(9 * 24 * HOUR);
    let next = d.id("t1").successor();
    d.writes("t1", "CUSTOMER_USER", "Wracam do sprawy");
    // What was answered before is of the ticket before.
    let answered = Conditions { answered_before: Some(1), ..Conditions::default() };
    assert_eq!(block_on(automation::preview(&d.world, company(), &answered)).unwrap().0.len(), 0);
    block_on(put(&d.world, 1, Conditions::default(), vec![Step::Reply { template }, comment("Raz")]))
        .unwrap();
    assert_eq!((pass(&d), pass(&d)), (1, 0));
    d.pass(5);
    d.tick();
    d.poll();
    assert_eq!(d.ours("t1"), ["Odpowiedź", "Sprawdzamy."]);
    assert_eq!(pass(&d), 0, "its own answer is nothing new");
    let state = block_on(Ticket::journal(next).unwrap().read(&d.world.kv, &d.world.clock)).unwrap().state;
    assert!(state.replies.is_empty());
    assert_eq!(
        (state.status, state.items.iter().filter(|i| i.kind == ItemKind::Comment).count()),
        (Status::New, 1)
    );
    d.pass(13 * HOUR);
    d.writes("t1", "CUSTOMER_USER", "I co?");
    assert_eq!((pass(&d), pass(&d)), (1, 0));
}

#[test]
fn of_merged_tickets_it_answers_the_conversation_that_waits() {
    let d = Desk::new();
    let template = template(&d, "Sprawdzamy zamówienie {order}.");
    d.writes("t1", "CUSTOMER_USER", "Pytanie");
    d.writes("t2", "CUSTOMER_USER", "Inne pytanie");
    answer(&d, "t1", "Odpowiedź");
    block_on(mostek_helpdesk::front::merge(&d.world, company(), d.id("t2"), d.id("t1"), &author())).unwrap();
    block_on(put(&d.world, 1, Conditions::default(), vec![Step::Reply { template }])).unwrap();
    assert_eq!((pass(&d), pass(&d)), (1, 0));
    d.pass(5);
    d.tick();
    assert_eq!(
        (d.ours("t1"), d.ours("t2")),
        (vec!["Odpowiedź".into()], vec!["Sprawdzamy zamówienie t2-A.".into()])
    );
}

#[test]
fn what_is_said_in_a_merged_ticket_counts() {
    let d = Desk::new();
    block_on(put(&d.world, 1, Conditions::default(), vec![comment("Raz")])).unwrap();
    d.writes("t1", "CUSTOMER_USER", "Pytanie");
    d.writes("t2", "CUSTOMER_USER", "Inne pytanie");
    assert_eq!(pass(&d), 2);
    block_on(mostek_helpdesk::front::merge(&d.world, company(), d.id("t1"), d.id("t2"), &author())).unwrap();
    pass(&d);
    let before = comments(&d, "t2");
    d.writes("t1", "CUSTOMER_USER", "Jeszcze jedno");
    assert_eq!((pass(&d), pass(&d)), (1, 0));
    assert_eq!((comments(&d, "t1"), comments(&d, "t2")), (1, before + 1));
    let silent = Conditions { customer_silent: Some(24), ..Conditions::default() };
    d.pass(23 * HOUR);
    d.writes("t1", "CUSTOMER_USER", "Halo");
    d.pass(23 * HOUR);
    assert_eq!(block_on(automation::preview(&d.world, company(), &silent)).unwrap().0.len(), 0);
}

#[test]
fn what_cannot_be_an_automation_is_refused() {
    let d = Desk::new();
    let none = Conditions::default;
    let refused = |conditions, steps| block_on(put(&d.world, 1, conditions, steps)).unwrap_err();
    assert!(matches!(refused(none(), vec![]), Refusal::Field { key: "steps-none", .. }));
    assert!(matches!(refused(none(), vec![Step::Take]), Refusal::Field { key: "step-needs-person", .. }));
    let nowhere = mostek_domain::QueueId::from_random([99; 16]);
    let there = Step::Move { queue: Some(nowhere), category: None };
    assert!(matches!(refused(none(), vec![there]), Refusal::NotFound("queue")));
    let conditions = Conditions { queue: Some(nowhere), ..none() };
    assert!(matches!(refused(conditions, vec![comment("a")]), Refusal::NotFound("queue")));
    assert!(matches!(refused(none(), vec![comment(&"a".repeat(2_001))]), Refusal::TooLong { .. }));
    let many = (0..11).map(|_| comment("a")).collect();
    assert!(matches!(refused(none(), many), Refusal::TooMany { limit: 10 }));
}

#[test]
fn two_timers_at_once_act_once() {
    for_seeds(60, |seed| {
        let sim = Simulation::seeded(seed, Faults::none());
        let process = |sim: &Simulation| {
            let mut world = sim.process();
            world.settings.0.insert("sealing_key".into(), SEALING_KEY.into());
            world
        };
        let remote = Rc::new(RefCell::new(Remote::default()));
        let handler = remote.clone();
        sim.remote(move |r| handler.borrow_mut().handle(r));
        let setup = process(&sim);
        remote.borrow_mut().now = mostek_ports::Clock::now(setup.clock()).0;
        remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Pytanie");
        let made = Rc::new(Cell::new(None));
        let place = made.clone();
        sim.spawn(async move {
            let connection = connect(&setup, false, long_ago(&setup)).await;
            queues(&setup).await;
            let steps = vec![comment("Raz"), Step::Status { status: StatusKind::InProgress }];
            put(&setup, 1, Conditions::default(), steps).await.unwrap();
            poll::poll(&setup, &connection, Duration::MAX).await.unwrap();
            place.set(Some(connection.id));
        });
        sim.run();
        let connection = made.get().ok_or("the connection was not made")?;
        for _ in 0..3 {
            let world = process(&sim);
            sim.spawn(async move {
                run(&world).await;
            });
        }
        sim.run();
        let verdict = Rc::new(RefCell::new(Err("nothing was looked at".to_owned())));
        let (place, world) = (verdict.clone(), process(&sim));
        sim.spawn(async move {
            let id = mostek_domain::TicketId::of_thread(connection, "t1");
            let state = Ticket::journal(id).unwrap().read(world.kv(), world.clock()).await.unwrap().state;
            let kinds: Vec<_> = state.items.iter().map(|i| i.kind).collect();
            let of = |kind| kinds.iter().filter(|k| **k == kind).count();
            let found = (of(ItemKind::Comment), of(ItemKind::Event), state.status);
            let right = (1, 2, Status::InProgress);
            *place.borrow_mut() = if found == right { Ok(()) } else { Err(format!("{found:?}")) };
        });
        sim.run();
        verdict.replace(Ok(()))
    })
    .unwrap();
}
