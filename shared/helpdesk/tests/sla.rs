//! Deadlines: when they begin and end, what the list shows of them, and what a changed policy does.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use futures::executor::block_on;
use mostek_domain::ticket::Status;
use mostek_domain::{Calendar, TicketId};
use mostek_helpdesk::list::{Due, Wanted};
use mostek_helpdesk::policy::{self, QueuePolicy, Sla};
use mostek_helpdesk::ticket::Ticket;
use mostek_helpdesk::{front, reply};
use mostek_ports::Clock;
use support::service::*;
use support::*;

fn due(desk: &Desk, thread: &str) -> String {
    at(ticket(desk, desk.id(thread)).due())
}

fn ticket(desk: &Desk, id: TicketId) -> Ticket {
    let journal = Ticket::journal(id).unwrap();
    let ticket = block_on(journal.read(&desk.world.kv, &desk.world.clock)).unwrap().state;
    let list = desk.list(&Wanted::default());
    let row = list.tickets.iter().find(|t| t.id == id).unwrap();
    assert_eq!(ticket.due(), row.due, "the row says what the ticket says");
    ticket
}

/// Within how many minutes the customer who waits is to be answered.
fn minutes(desk: &Desk, id: TicketId) -> Option<u64> {
    let ticket = ticket(desk, id);
    Some(ticket.due()?.since(ticket.waiting_since()?).as_secs() / 60)
}

fn filtered(desk: &Desk, due: Due) -> usize {
    desk.list(&Wanted { due: Some(due), ..Wanted::default() }).tickets.len()
}

#[test]
fn a_customers_message_starts_it_and_an_answer_stops_it() {
    let d = Desk::with_hours();
    block_on(set_sla(&d.world, queue(), Some(6 * 60), Some(60)));
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    // Four hours are left on Tuesday (12:00:01 to 16:00), two come on Wednesday from eight.
    assert_eq!(due(&d, "t1"), "2026-05-13T08:00:01.000Z");
    // A second message does not put it off.
    d.pass(1800);
    d.writes("t1", "CUSTOMER_USER", "Halo?");
    assert_eq!(due(&d, "t1"), "2026-05-13T08:00:01.000Z");
    block_on(reply::reply(
        &d.world,
        company(),
        d.id("t1"),
        &author(),
        new_reply("W drodze.", "k"),
        &rules(30),
    ))
    .unwrap();
    assert_eq!(due(&d, "t1"), "2026-05-13T08:00:01.000Z", "what may be taken back is no answer yet");
    d.pass(60);
    d.send();
    assert_eq!(due(&d, "t1"), "");
    // From the second time on the other limit holds.
    d.pass(60);
    d.writes("t1", "CUSTOMER_USER", "Dziękuję, a faktura?");
    assert_eq!(due(&d, "t1"), "2026-05-12T11:32:11.000Z");
    // An answer in the marketplace's panel is one, too; so is closing.
    d.pass(60);
    d.writes("t1", "SHOP_USER", "Faktura w załączniku.");
    assert_eq!(due(&d, "t1"), "");
    d.writes("t1", "CUSTOMER_USER", "Jeszcze jedno");
    assert_ne!(due(&d, "t1"), "");
    let closed = Status::Closed { at: Default::default() };
    block_on(reply::set_status(&d.world, company(), d.id("t1"), &author(), closed, None)).unwrap();
    assert_eq!(due(&d, "t1"), "");
}

#[test]
fn without_a_policy_nothing_is_due_and_nothing_is_written_for_it() {
    let d = Desk::new();
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    assert_eq!(due(&d, "t1"), "");
    assert!(!d.world.kv.keys().iter().any(|k| k.contains("sla") || k.contains("automatic")));
}

#[test]
fn the_filter_knows_what_is_overdue_to_the_second() {
    let d = Desk::new();
    block_on(set_sla(&d.world, queue(), Some(90), None));
    d.writes("t1", "CUSTOMER_USER", "Pierwsze");
    d.pass(2 * HOUR);
    d.writes("t2", "CUSTOMER_USER", "Drugie");
    // t1 was due at 13:30, t2 is at 15:30.
    assert_eq!((filtered(&d, Due::Overdue), filtered(&d, Due::Soon)), (1, 1));
    let left = d.ticket("t2").due().unwrap().since(d.world.clock.now()).as_secs();
    d.pass(left);
    assert_eq!((filtered(&d, Due::Overdue), filtered(&d, Due::Soon)), (1, 1));
    d.pass(1);
    assert_eq!((filtered(&d, Due::Overdue), filtered(&d, Due::Soon)), (2, 0));
    // A deadline in five hours is not soon.
    block_on(set_sla(&d.world, queue(), Some(300), None));
    d.writes("t3", "CUSTOMER_USER", "Trzecie");
    assert_eq!((filtered(&d, Due::Overdue), filtered(&d, Due::Soon)), (2, 0));
}

#[test]
fn another_queue_has_other_deadlines() {
    let d = Desk::new();
    block_on(set_sla(&d.world, queue(), Some(60), None));
    d.writes("t1", "CUSTOMER_USER", "Zwrot");
    assert_eq!(due(&d, "t1"), "2026-05-12T11:00:01.000Z");
    let go = |queue| {
        block_on(reply::move_to(&d.world, company(), d.id("t1"), &author(), queue, None)).unwrap();
    };
    go(other_queue());
    assert_eq!(due(&d, "t1"), "");
    let own = QueuePolicy {
        hours: Some(Calendar::office()),
        sla: Sla { first: Some(5 * 60), next: None },
        ..QueuePolicy::default()
    };
    block_on(policy::set_queue(&d.world, company(), actor(), other_queue(), own)).unwrap();
    go(other_queue());
    assert_eq!(due(&d, "t1"), "2026-05-13T07:00:01.000Z", "in the queue's own hours");
    go(queue());
    assert_eq!(due(&d, "t1"), "2026-05-12T11:00:01.000Z");
}

#[test]
fn a_changed_policy_is_brought_into_waiting_tickets_in_their_order() {
    let d = Desk::new();
    for n in 0..5 {
        d.writes(&format!("t{n}"), "CUSTOMER_USER", "Pytanie");
    }
    d.writes("t2", "SHOP_USER", "Odpowiedź");
    let order = |d: &Desk| d.list(&Wanted::default()).tickets.iter().map(|t| t.id).collect::<Vec<_>>();
    let before = order(&d);
    assert_eq!(d.tick().deadlines, 0);
    block_on(set_sla(&d.world, queue(), Some(60), None));
    assert_eq!(d.tick().deadlines, 4);
    assert_eq!(due(&d, "t0"), "2026-05-12T11:00:01.000Z");
    assert_eq!(due(&d, "t2"), "");
    let waiting = |ids: &[_]| ids.iter().copied().filter(|id| *id != d.id("t2")).collect::<Vec<_>>();
    assert_eq!(waiting(&order(&d)), waiting(&before));
    // Done is done, also for the second of two timers.
    let rows = block_on(mostek_store::Claim::new("tickets", "x").unwrap().taken(&d.world.kv)).unwrap();
    assert_eq!((d.tick().deadlines, d.tick().deadlines, rows), (0, 0, 0));
    block_on(set_sla(&d.world, queue(), None, None));
    assert_eq!(d.tick().deadlines, 4);
    assert_eq!(due(&d, "t0"), "");
}

#[test]
fn a_desk_that_never_opens_has_no_deadlines() {
    let d = Desk::new();
    let never = Calendar { week: Default::default(), ..Calendar::office() };
    block_on(policy::set_hours(&d.world, company(), actor(), never)).unwrap();
    block_on(set_sla(&d.world, queue(), Some(60), Some(60)));
    d.writes("t1", "CUSTOMER_USER", "Pytanie");
    assert_eq!(due(&d, "t1"), "");
}

#[test]
fn what_is_set_must_be_there() {
    let d = Desk::new();
    let nowhere = mostek_domain::QueueId::from_random([77; 16]);
    let refused = block_on(policy::set_queue(&d.world, company(), actor(), nowhere, QueuePolicy::default()));
    assert!(matches!(refused, Err(mostek_helpdesk::Refusal::NotFound("queue"))));
}

#[test]
fn a_ticket_that_follows_has_a_first_answer_and_then_the_other_limit() {
    let d = Desk::new();
    block_on(set_sla(&d.world, queue(), Some(240), Some(60)));
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    d.writes("t1", "SHOP_USER", "W drodze.");
    let closed = Status::Closed { at: Default::default() };
    block_on(reply::set_status(&d.world, company(), d.id("t1"), &author(), closed, None)).unwrap();
    d.pass(8 * 24 * HOUR);
    d.writes("t1", "CUSTOMER_USER", "Przyszła uszkodzona.");
    let next = d.id("t1").successor();
    assert_eq!(minutes(&d, next), Some(240), "what was answered before it began does not count");
    d.writes("t1", "SHOP_USER", "Przepraszamy.");
    assert_eq!(minutes(&d, next), None);
    d.writes("t1", "CUSTOMER_USER", "Kiedy przyjdzie nowa?");
    assert_eq!(minutes(&d, next), Some(60));
}

#[test]
fn an_answer_from_here_in_a_ticket_that_follows_counts_too() {
    let d = Desk::new();
    block_on(set_sla(&d.world, queue(), None, Some(60)));
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    let closed = Status::Closed { at: Default::default() };
    block_on(reply::set_status(&d.world, company(), d.id("t1"), &author(), closed, None)).unwrap();
    d.pass(8 * 24 * HOUR);
    d.writes("t1", "CUSTOMER_USER", "Przyszła uszkodzona.");
    let next = d.id("t1").successor();
    assert_eq!(minutes(&d, next), None);
    let new = new_reply("Przepraszamy.", "k");
    block_on(reply::reply(&d.world, company(), next, &author(), new, &rules(0))).unwrap();
    d.pass(60);
    d.writes("t1", "CUSTOMER_USER", "Kiedy przyjdzie nowa?");
    assert_eq!(minutes(&d, next), Some(60));
}

#[test]
fn an_answer_in_any_of_the_merged_conversations_is_the_first() {
    let d = Desk::new();
    block_on(set_sla(&d.world, queue(), None, Some(60)));
    d.writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    d.writes("t1", "SHOP_USER", "W drodze.");
    d.writes("t2", "CUSTOMER_USER", "Nadal nie ma.");
    assert_eq!(minutes(&d, d.id("t2")), None);
    block_on(front::merge(&d.world, company(), d.id("t1"), d.id("t2"), &author())).unwrap();
    assert_eq!(minutes(&d, d.id("t2")), Some(60));
}

#[test]
fn undoing_a_merge_gives_both_tickets_their_deadlines() {
    let d = Desk::new();
    block_on(set_sla(&d.world, queue(), Some(240), Some(60)));
    d.writes("t2", "CUSTOMER_USER", "Druga sprawa");
    d.pass(1800);
    d.writes("t1", "CUSTOMER_USER", "Pierwsza sprawa");
    let (one, two) = (due(&d, "t1"), due(&d, "t2"));
    let merge = || block_on(front::merge(&d.world, company(), d.id("t2"), d.id("t1"), &author())).unwrap();
    let part = || block_on(front::part(&d.world, company(), d.id("t2"), &author())).unwrap();
    merge();
    assert_eq!((due(&d, "t1"), due(&d, "t2")), (two.clone(), String::new()));
    part();
    assert_eq!((due(&d, "t1"), due(&d, "t2")), (one.clone(), two));
    // What is answered and asked again meanwhile.
    merge();
    d.writes("t2", "SHOP_USER", "Odpowiedź");
    d.writes("t2", "CUSTOMER_USER", "Dziękuję, a faktura?");
    part();
    assert_eq!((due(&d, "t1"), minutes(&d, d.id("t2"))), (one, Some(60)));
    // And what was known before is not, if there are no deadlines any more.
    merge();
    block_on(set_sla(&d.world, queue(), None, None));
    part();
    assert_eq!((due(&d, "t1"), due(&d, "t2")), (String::new(), String::new()));
}
