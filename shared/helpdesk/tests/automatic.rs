//! Automatic replies: one at most, and every guard that keeps one from being written or sent.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use futures::executor::block_on;
use mostek_domain::ticket::{Status, StatusKind};
use mostek_helpdesk::automatic::{self, Silence};
use mostek_helpdesk::list::Wanted;
use mostek_helpdesk::policy::{self, Occasion};
use mostek_helpdesk::ticket::{ItemKind, ReplyState};
use mostek_helpdesk::{front, reply, tick};
use mostek_ports::Clock;
use std::time::Duration;
use support::service::*;
use support::*;

const GREETING: &str = "Dziękujemy za wiadomość w sprawie {order}. {shop}";
const CLOSED: &str = "Biuro jest zamknięte, odpowiemy rano.";

/// Why nothing would be written about a conversation now.
fn why(d: &Desk, thread: &str) -> Option<Silence> {
    let policy = block_on(policy::read(&d.world, company())).unwrap().state;
    let ticket = d.ticket(thread);
    automatic::decide(&ticket, &ticket, &policy, d.world.clock.now()).err()
}

/// A tick that looks, then as many seconds, then a tick that sends.
fn look_and_send(d: &Desk, seconds: u64) {
    d.tick();
    d.pass(seconds);
    d.tick();
}

/// Twenty hundred hours on Tuesday.
fn in_the_evening(d: &Desk) {
    d.pass(8 * HOUR);
}

#[test]
fn the_first_message_is_answered_once_after_the_delay() {
    let d = Desk::with_hours();
    d.rule(Occasion::First, GREETING, 60);
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    assert_eq!(d.tick().answered, 1);
    assert!(d.ours("t1").is_empty(), "the delay is not over");
    d.pass(60);
    d.tick();
    assert_eq!(d.ours("t1"), ["Dziękujemy za wiadomość w sprawie t1-A."]);
    let reply = d.ticket("t1").replies[0].clone();
    assert!(matches!(reply.state, ReplyState::Sent { message: Some(_), .. }));
    assert_eq!(reply.automatic.unwrap().occasion, Occasion::First);
    for _ in 0..3 {
        look_and_send(&d, 600);
        d.poll();
    }
    d.writes("t1", "CUSTOMER_USER", "Halo?");
    look_and_send(&d, 600);
    assert_eq!(d.ours("t1").len(), 1);
    // The poll brought it back and did not take it for the panel's.
    assert!(!d.ticket("t1").items.iter().any(|i| i.kind == ItemKind::Shop));
}

#[test]
fn it_neither_stops_the_deadline_nor_moves_the_ticket_on() {
    let d = Desk::with_hours();
    block_on(set_sla(&d.world, queue(), Some(60), Some(30)));
    d.rule(Occasion::First, GREETING, 0);
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    let before = d.ticket("t1");
    look_and_send(&d, 1);
    d.poll();
    let after = d.ticket("t1");
    assert_eq!(d.ours("t1").len(), 1);
    assert_eq!(
        (after.status, after.waiting_since(), after.due()),
        (before.status, before.waiting_since(), before.due())
    );
    assert!(after.due().is_some() && after.waiting_since().is_some());
    let row = d.list(&Wanted::default()).tickets[0].clone();
    assert_eq!((row.status, row.snippet.as_str()), (StatusKind::New, "Gdzie paczka?"));
    // What is due next is still the first answer's limit.
    assert!(!after.is_answered());
}

#[test]
fn outside_business_hours_the_closed_text_is_sent_and_within_them_it_is_not() {
    let d = Desk::with_hours();
    d.rule(Occasion::Outside, CLOSED, 0);
    d.writes("day", "CUSTOMER_USER", "W południe");
    look_and_send(&d, 1);
    assert!(d.ours("day").is_empty());
    in_the_evening(&d);
    d.writes("day", "CUSTOMER_USER", "Wieczorem");
    d.rule(Occasion::First, GREETING, 0);
    d.writes("night", "CUSTOMER_USER", "Też wieczorem");
    look_and_send(&d, 1);
    assert_eq!(d.ours("day"), [CLOSED]);
    assert_eq!(d.ours("night"), [CLOSED], "one of two rules, and the one that says more");
}

#[test]
fn not_to_a_message_older_than_72_hours() {
    let d = Desk::new();
    d.rule(Occasion::First, GREETING, 0);
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    // The timer did not come for three days.
    d.pass(72 * HOUR - 10);
    assert_eq!(why(&d, "t1"), None);
    d.pass(60);
    assert_eq!(why(&d, "t1"), Some(Silence::Old));
    assert_eq!(d.tick().answered, 0);
}

#[test]
fn one_that_waited_until_its_message_was_too_old_is_given_up() {
    let d = Desk::new();
    d.rule(Occasion::First, GREETING, 60);
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    assert_eq!(d.tick().answered, 1);
    d.pass(73 * HOUR);
    d.send();
    assert_eq!((d.ours("t1").len(), d.ticket("t1").replies[0].state.clone()), (0, ReplyState::Dropped));
}

#[test]
fn not_to_messages_from_before_the_rule_was_switched_on() {
    let d = Desk::new();
    d.rule(Occasion::First, GREETING, 0);
    block_on(set_rule(&d.world, &d.connection, Occasion::First, GREETING, 0, false));
    d.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Przed włączeniem");
    d.pass(60);
    d.rule(Occasion::First, GREETING, 0);
    // Saving it again does not move the moment.
    d.pass(60);
    d.remote.borrow_mut().writes("t2", "CUSTOMER_USER", "Po włączeniu");
    d.pass(60);
    d.rule(Occasion::First, "Dzień dobry, {customer}!", 0);
    d.poll();
    assert_eq!(why(&d, "t1"), Some(Silence::BeforeRule));
    look_and_send(&d, 1);
    assert!(d.ours("t1").is_empty());
    assert_eq!(d.ours("t2"), ["Dzień dobry, Anna N.!"]);
}

#[test]
fn once_per_conversation_and_twelve_hours() {
    let d = Desk::with_hours();
    in_the_evening(&d);
    d.rule(Occasion::Outside, CLOSED, 0);
    d.writes("t1", "CUSTOMER_USER", "O dwudziestej");
    look_and_send(&d, 60);
    d.writes("t1", "CUSTOMER_USER", "Chwilę później");
    assert_eq!(why(&d, "t1"), Some(Silence::Recent));
    look_and_send(&d, 60);
    d.pass(10 * HOUR);
    d.writes("t1", "CUSTOMER_USER", "O szóstej");
    look_and_send(&d, 60);
    assert_eq!(d.ours("t1").len(), 1);
    // The next evening is another time.
    d.pass(15 * HOUR);
    d.writes("t1", "CUSTOMER_USER", "Znowu wieczorem");
    look_and_send(&d, 60);
    assert_eq!(d.ours("t1").len(), 2);
}

#[test]
fn the_twelve_hours_begin_when_it_was_sent() {
    let d = Desk::with_hours();
    in_the_evening(&d);
    d.rule(Occasion::Outside, CLOSED, 0);
    d.writes("t1", "CUSTOMER_USER", "O dwudziestej");
    // It takes the marketplace until the next evening to accept anything: it is on its way all the time.
    d.tick();
    d.remote.borrow_mut().refuse = Some((503, None));
    for _ in 0..4 {
        d.pass(60);
        block_on(mostek_helpdesk::sending::send_due(&d.world, Duration::MAX)).unwrap();
    }
    let kind = |d: &Desk| d.ticket("t1").replies[0].state.slug();
    assert!(matches!(kind(&d), "retrying" | "checking"), "{}", kind(&d));
    d.remote.borrow_mut().refuse = None;
    d.pass(23 * HOUR);
    d.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Następnego wieczora");
    d.pass(5);
    d.poll();
    assert_eq!(why(&d, "t1"), Some(Silence::Recent), "one is on its way");
    look_and_send(&d, 3600);
    look_and_send(&d, 3600);
    assert_eq!(d.ours("t1").len(), 1);
    // Sent some hours ago, written long before.
    in_the_evening(&d);
    d.writes("t1", "CUSTOMER_USER", "W nocy");
    assert_eq!(why(&d, "t1"), Some(Silence::Recent));
    look_and_send(&d, 60);
    assert_eq!(d.ours("t1").len(), 1);
}

#[test]
fn what_is_written_in_a_merged_ticket_is_answered_as_long_as_that_is_open() {
    let d = Desk::with_hours();
    in_the_evening(&d);
    for thread in ["t1", "t2", "t3", "t4"] {
        d.writes(thread, "CUSTOMER_USER", "Pytanie");
    }
    for (id, into) in [("t1", "t2"), ("t3", "t4")] {
        block_on(front::merge(&d.world, company(), d.id(id), d.id(into), &author())).unwrap();
    }
    d.rule(Occasion::Outside, CLOSED, 600);
    for thread in ["t1", "t3"] {
        d.writes(thread, "CUSTOMER_USER", "Jeszcze jedno");
    }
    d.tick();
    let closed = Status::Closed { at: Default::default() };
    block_on(reply::set_status(&d.world, company(), d.id("t4"), &author(), closed, None)).unwrap();
    d.pass(700);
    d.tick();
    assert_eq!((d.ours("t1").len(), d.ours("t3").len()), (1, 0));
    assert_eq!(d.ticket("t3").replies[0].state, ReplyState::Dropped);
}

#[test]
fn given_up_when_a_person_answers_first() {
    let d = Desk::new();
    d.rule(Occasion::First, GREETING, 600);
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    assert_eq!(d.tick().answered, 1);
    block_on(reply::reply(
        &d.world,
        company(),
        d.id("t1"),
        &author(),
        new_reply("Już sprawdzam.", "k"),
        &rules(0),
    ))
    .unwrap();
    // The person's leaves at once, though the other was written before it.
    assert_eq!(d.ours("t1"), ["Już sprawdzam."]);
    d.tick();
    assert_eq!(d.ticket("t1").replies[0].state, ReplyState::Dropped, "without waiting for its moment");
    d.pass(3600);
    d.tick();
    assert_eq!(d.ours("t1"), ["Już sprawdzam."]);
    assert_eq!(why(&d, "t1"), Some(Silence::NoRule), "it has had its turn");
}

#[test]
fn given_up_when_somebody_answers_in_the_marketplaces_panel_first() {
    let d = Desk::new();
    d.rule(Occasion::First, GREETING, 600);
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    d.tick();
    d.writes("t1", "SHOP_USER", "Jest w paczkomacie.");
    d.pass(3600);
    d.tick();
    assert_eq!(d.ours("t1"), ["Jest w paczkomacie."]);
    assert_eq!(d.ticket("t1").replies[0].state, ReplyState::Dropped);
}

#[test]
fn not_written_when_a_person_has_answered_before_the_timer_came() {
    let d = Desk::with_hours();
    in_the_evening(&d);
    d.rule(Occasion::Outside, CLOSED, 0);
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    block_on(reply::reply(
        &d.world,
        company(),
        d.id("t1"),
        &author(),
        new_reply("W drodze.", "k"),
        &rules(30),
    ))
    .unwrap();
    assert_eq!(why(&d, "t1"), Some(Silence::Answered));
    assert_eq!(d.tick().answered, 0);
}

#[test]
fn never_in_answer_to_an_operator() {
    let d = Desk::with_hours();
    in_the_evening(&d);
    d.rule(Occasion::Outside, CLOSED, 0);
    d.rule(Occasion::First, GREETING, 0);
    d.writes("t1", "OPERATOR_USER", "Prosimy o wyjaśnienie.");
    assert_eq!(why(&d, "t1"), Some(Silence::Operator));
    d.remote.borrow_mut().writes("t2", "CUSTOMER_USER", "Gdzie paczka?");
    d.writes("t2", "OPERATOR_USER", "Prosimy o odpowiedź.");
    assert_eq!(why(&d, "t2"), Some(Silence::Operator));
    look_and_send(&d, 60);
    assert!(d.ours("t1").is_empty() && d.ours("t2").is_empty());
}

#[test]
fn never_in_answer_to_our_own_words() {
    let d = Desk::with_hours();
    d.rule(Occasion::First, "Odpiszemy wkrótce.", 0);
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    look_and_send(&d, 1);
    assert_eq!(d.ours("t1").len(), 1);
    d.pass(30 * HOUR);
    d.rule(Occasion::Outside, CLOSED, 0);
    // The customer's mailbox sends ours back, a day later.
    d.writes("t1", "CUSTOMER_USER", "Odpiszemy&nbsp;wkrótce.");
    assert_eq!(why(&d, "t1"), None, "nothing but its words speaks against it");
    look_and_send(&d, 60);
    assert_eq!(d.ours("t1").len(), 1);
    // What the shop says is nothing that anybody waits for an answer to.
    d.writes("t2", "SHOP_USER", "Dzień dobry, proszę o opinię.");
    assert_eq!(why(&d, "t2"), Some(Silence::NoMessage));
}

#[test]
fn not_for_closed_tickets() {
    let d = Desk::new();
    d.rule(Occasion::First, GREETING, 600);
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    d.writes("t2", "CUSTOMER_USER", "Dziękuję");
    let close = |thread: &str| {
        let closed = Status::Closed { at: Default::default() };
        block_on(reply::set_status(&d.world, company(), d.id(thread), &author(), closed, None)).unwrap();
    };
    close("t1");
    assert_eq!(why(&d, "t1"), Some(Silence::Closed));
    assert_eq!(d.tick().answered, 1);
    // And one that waits already is given up.
    close("t2");
    d.pass(3600);
    d.tick();
    assert!(d.ours("t1").is_empty() && d.ours("t2").is_empty());
    assert_eq!(d.ticket("t2").replies[0].state, ReplyState::Dropped);
}

#[test]
fn not_twice_when_two_ticks_come_at_once_or_one_comes_again() {
    let d = Desk::new();
    d.rule(Occasion::First, GREETING, 0);
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    block_on(futures::future::join3(
        tick::tick(&d.world, Duration::from_secs(25)),
        tick::tick(&d.world, Duration::from_secs(25)),
        async { automatic::answer_due(&d.world, Duration::MAX).await.unwrap() },
    ));
    d.pass(1);
    block_on(futures::future::join(
        tick::tick(&d.world, Duration::from_secs(25)),
        tick::tick(&d.world, Duration::from_secs(25)),
    ));
    assert_eq!((d.ours("t1").len(), d.ticket("t1").replies.len()), (1, 1));
}

#[test]
fn a_person_takes_it_back_and_it_is_not_written_again() {
    let d = Desk::new();
    d.rule(Occasion::First, GREETING, 600);
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    d.tick();
    let reply = d.ticket("t1").replies[0].id;
    block_on(reply::undo(&d.world, company(), d.id("t1"), &author(), reply)).unwrap();
    d.pass(3600);
    look_and_send(&d, 3600);
    assert!(d.ours("t1").is_empty());
}

#[test]
fn one_that_waits_is_given_up_when_its_rule_is_switched_off() {
    let d = Desk::new();
    d.rule(Occasion::First, GREETING, 600);
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    d.tick();
    block_on(set_rule(&d.world, &d.connection, Occasion::First, GREETING, 600, false));
    d.pass(3600);
    d.tick();
    assert!(d.ours("t1").is_empty());
    assert_eq!(d.ticket("t1").replies[0].state, ReplyState::Dropped);
}

#[test]
fn only_where_a_rule_is_on_is_anything_noted() {
    let d = Desk::new();
    block_on(set_rule(&d.world, &d.connection, Occasion::First, GREETING, 0, false));
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    assert!(!d.world.kv.keys().iter().any(|k| k.contains("automatic")));
    assert_eq!(d.tick().answered, 0);
}

#[test]
fn deadlines_and_notes_keep_polling_within_its_budget() {
    let d = Desk::with_hours();
    block_on(set_sla(&d.world, queue(), Some(60), Some(60)));
    d.rule(Occasion::First, GREETING, 0);
    for n in 0..20 {
        for text in ["Pierwsza", "Druga", "Trzecia"] {
            d.remote.borrow_mut().writes(&format!("t{n}"), "CUSTOMER_USER", text);
        }
    }
    d.pass(60);
    d.world.kv.reset_operations();
    assert_eq!(d.poll().messages, 60);
    let writes = d.world.kv.operations().writes();
    assert!(writes <= 2 * 20 + 4, "{writes} writes for 60 messages in 20 conversations");
    d.world.kv.reset_operations();
    d.poll();
    assert!(d.world.kv.operations().writes() <= 1, "an idle poll");
}
