//! Tickets that are merged, and tickets that follow one that was closed for too long (H13).
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use futures::executor::block_on;
use mostek_domain::marketplace::Side;
use mostek_domain::ticket::{Status, StatusError, StatusKind, TicketRules};
use mostek_domain::{AttachmentError, TicketId};
use mostek_helpdesk::list::Wanted;
use mostek_helpdesk::reply::{NewReply, Seen};
use mostek_helpdesk::ticket::{Fact, StoredMessage, Text, Ticket};
use mostek_helpdesk::view::History;
use mostek_helpdesk::{Refusal, customer, front, intake, reply};
use mostek_ports::Clock;
use mostek_store::{Actor, Commit};
use std::time::Duration;
use support::bench::{Bench, bench};
use support::*;

const DAY: Duration = Duration::from_secs(86_400);

fn close(b: &Bench, id: TicketId) {
    let closed = Status::Closed { at: Default::default() };
    block_on(reply::set_status(&b.world, company(), id, &author(), closed, None)).unwrap();
}

/// Time passes here and at the marketplace.
fn pass(b: &Bench, time: Duration) {
    b.world.clock.advance(time);
    b.remote.borrow_mut().now = b.world.clock.now().0;
}

fn says(b: &Bench, thread: &str, who: &str, text: &str) {
    pass(b, Duration::from_secs(5));
    b.remote.borrow_mut().writes(thread, who, text);
    b.poll();
}

fn answer(b: &Bench, id: TicketId, text: &str) {
    pass(b, Duration::from_secs(5));
    block_on(reply::reply(&b.world, company(), id, &author(), new_reply(text, text), &rules(0))).unwrap();
}

fn merge(b: &Bench, thread: &str, into: &str) {
    block_on(front::merge(&b.world, company(), b.ticket(thread), b.ticket(into), &author())).unwrap();
}

fn status(b: &Bench, id: TicketId) -> StatusKind {
    b.open(id).ticket.status.kind()
}

#[test]
fn a_message_long_after_closing_starts_a_ticket_that_follows() {
    let b = bench(false);
    says(&b, "t1", "CUSTOMER_USER", "Gdzie paczka?");
    let first = b.ticket("t1");
    answer(&b, first, "W drodze.");
    close(&b, first);
    pass(&b, DAY * 8);
    says(&b, "t1", "CUSTOMER_USER", "Przyszła uszkodzona.");
    let next = first.successor();
    let page = b.list(&Wanted::default());
    let rows: Vec<_> = page.tickets.iter().map(|t| (t.id, t.number.0, t.status)).collect();
    assert_eq!(rows, [(next, 2, StatusKind::New), (first, 1, StatusKind::Closed)]);
    assert!(page.tickets[0].waiting_since.is_some() && page.tickets[1].waiting_since.is_none());

    // What was said before is there as history, and both name the other.
    let view = b.open(next);
    assert_eq!(b.texts_in(next), ["Gdzie paczka?", "W drodze.", "Przyszła uszkodzona."]);
    let before: Vec<_> = view.lines.iter().filter_map(|l| l.history).collect();
    assert_eq!(before, [History::EarlierTicket; 2]);
    assert_eq!((view.follows.unwrap().0, view.continued_in), (1, None));
    assert_eq!(b.open(first).continued_in.unwrap().0, 2);

    // The answer goes to the marketplace's conversation, once, and nobody waits any more.
    answer(&b, next, "Przepraszamy.");
    b.poll();
    assert_eq!(b.remote.borrow().bodies("t1", "SHOP_USER"), ["W drodze.", "Przepraszamy."]);
    assert_eq!(status(&b, next), StatusKind::WaitingForCustomer);
    assert_eq!(b.list(&Wanted::default()).tickets[0].waiting_since, None);
    assert_eq!(b.texts_in(next).len(), 4);

    // The one that is followed is not opened by hand any more.
    let opened = block_on(reply::set_status(&b.world, company(), first, &author(), Status::InProgress, None));
    assert!(matches!(opened, Err(Refusal::Status(StatusError::IsMerged))));
}

#[test]
fn a_ticket_that_follows_is_one_of_its_customers_tickets() {
    let b = bench(true);
    says(&b, "t1", "CUSTOMER_USER", "Gdzie paczka?");
    let first = b.ticket("t1");
    close(&b, first);
    pass(&b, DAY * 8);
    says(&b, "t1", "CUSTOMER_USER", "Przyszła uszkodzona.");
    let record = b.open(first).ticket.record().unwrap();
    assert_eq!(b.open(first.successor()).ticket.record(), Some(record));
    let (id, record) = block_on(customer::standing_for(&b.world, record)).unwrap();
    let links = block_on(customer::tickets::links(&b.world, (id, &record.state))).unwrap();
    let tickets: Vec<TicketId> = links.into_iter().map(|l| l.ticket).collect();
    assert_eq!(tickets, [first.successor(), first]);
}

#[test]
fn a_message_within_the_companys_days_opens_the_ticket_again() {
    let b = bench(false);
    says(&b, "t1", "CUSTOMER_USER", "Gdzie paczka?");
    close(&b, b.ticket("t1"));
    pass(&b, DAY * 6);
    says(&b, "t1", "CUSTOMER_USER", "I co?");
    assert_eq!(status(&b, b.ticket("t1")), StatusKind::New);
    assert_eq!(b.list(&Wanted::default()).total, 1);
    // A last word of ours opens nothing, however late.
    close(&b, b.ticket("t1"));
    pass(&b, DAY * 30);
    says(&b, "t1", "SHOP_USER", "Dziękujemy.");
    assert_eq!(b.list(&Wanted::default()).total, 1);
    assert_eq!(status(&b, b.ticket("t1")), StatusKind::Closed);
}

#[test]
fn tickets_follow_one_another_as_often_as_it_takes() {
    let b = bench(false);
    says(&b, "t1", "CUSTOMER_USER", "Pytanie 0");
    let mut current = b.ticket("t1");
    for n in 1..=15 {
        close(&b, current);
        pass(&b, DAY * 8);
        says(&b, "t1", "CUSTOMER_USER", &format!("Pytanie {n}"));
        let next = current.successor();
        assert_eq!((status(&b, current), status(&b, next)), (StatusKind::Closed, StatusKind::New));
        assert_eq!(b.texts_in(next).len(), n + 1);
        current = next;
    }
    answer(&b, current, "Odpowiedź");
    assert_eq!(b.remote.borrow().bodies("t1", "SHOP_USER"), ["Odpowiedź"]);
    assert_eq!(status(&b, current), StatusKind::WaitingForCustomer);
}

#[test]
fn a_crash_before_the_following_ticket_was_opened_is_made_up_for() {
    let b = bench(false);
    says(&b, "t1", "CUSTOMER_USER", "Gdzie paczka?");
    let first = b.ticket("t1");
    close(&b, first);
    pass(&b, DAY * 8);
    let id = b.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Przyszła uszkodzona.");
    // Whoever took it in wrote it into the ticket, and nothing after that.
    let message = StoredMessage {
        id,
        author: Side::Customer,
        name: "Anna N.".into(),
        at: b.world.clock.now(),
        to: Vec::new(),
        text: Text::Inline("Przyszła uszkodzona.".into()),
        left_out: 0,
        digest: intake::digest("Przyszła uszkodzona."),
        files: Vec::new(),
    };
    let rules = TicketRules::default();
    let fact = Fact::Messages { messages: vec![message], rules };
    let mut commit = Commit::by(Actor::Remote(b.connection.id.to_string()));
    commit.append(&Ticket::journal(first).unwrap(), None, vec![("m".to_owned(), fact.into())]);
    block_on(commit.run(&b.world)).unwrap();
    assert_eq!(b.list(&Wanted::default()).total, 1);
    b.poll();
    let page = b.list(&Wanted::default());
    assert_eq!(page.tickets.len(), 2);
    assert_eq!(b.texts_in(first.successor()), ["Gdzie paczka?", "Przyszła uszkodzona."]);
    assert_eq!(status(&b, first.successor()), StatusKind::New);
}

#[test]
fn a_merged_ticket_is_worked_on_in_the_other() {
    let b = bench(false);
    says(&b, "t1", "CUSTOMER_USER", "Pierwsza sprawa");
    says(&b, "t2", "CUSTOMER_USER", "Druga sprawa");
    let (one, two) = (b.ticket("t1"), b.ticket("t2"));
    answer(&b, one, "Odpowiedź na pierwszą");
    assert_eq!(status(&b, one), StatusKind::WaitingForCustomer);
    merge(&b, "t2", "t1");
    // The other's open question counts here now.
    assert_eq!((status(&b, one), status(&b, two)), (StatusKind::New, StatusKind::Merged));
    let row = |id| b.list(&Wanted::default()).tickets.into_iter().find(|t| t.id == id).unwrap();
    assert!(row(one).waiting_since.is_some() && row(two).waiting_since.is_none());
    let texts = b.texts_in(one);
    assert_eq!(texts, ["Pierwsza sprawa", "Druga sprawa", "Odpowiedź na pierwszą"]);

    // Each conversation is answered where it is.
    answer(&b, two, "Odpowiedź na drugą");
    assert_eq!(b.remote.borrow().bodies("t2", "SHOP_USER"), ["Odpowiedź na drugą"]);
    assert_eq!(status(&b, one), StatusKind::WaitingForCustomer);
    assert_eq!(row(one).waiting_since, None);

    // What comes in either makes the one ticket new, and the merged one stays where it is in the list.
    says(&b, "t2", "CUSTOMER_USER", "Dalej druga");
    assert_eq!((status(&b, one), status(&b, two)), (StatusKind::New, StatusKind::Merged));
    assert_eq!(row(one).snippet, "Dalej druga");
    assert_eq!(b.list(&Wanted::default()).tickets[0].id, one);
    assert_eq!(b.list(&Wanted::default()).total, 2);
    // An answer in the ticket's own conversation is no answer in the other, which still waits.
    let own = NewReply { conversation: Some(one), ..new_reply("Jeszcze o pierwszej", "own") };
    block_on(reply::reply(&b.world, company(), one, &author(), own, &rules(0))).unwrap();
    assert_eq!(b.remote.borrow().bodies("t1", "SHOP_USER").len(), 2);
    assert!(row(one).waiting_since.is_some());
    assert_eq!(status(&b, one), StatusKind::InProgress);
}

#[test]
fn an_answer_goes_to_whoever_waits_and_of_those_to_who_wrote_last() {
    let b = bench(false);
    for t in ["t1", "t2", "t3"] {
        says(&b, t, "CUSTOMER_USER", t);
    }
    let front = b.ticket("t1");
    merge(&b, "t2", "t1");
    merge(&b, "t3", "t1");
    let answered = |thread: &str| b.remote.borrow().bodies(thread, "SHOP_USER");
    // The page offers what an answer without a choice does.
    let first = || b.open(front).conversations()[0].0;
    assert_eq!(first(), b.ticket("t3"));
    answer(&b, front, "Raz");
    says(&b, "t2", "CUSTOMER_USER", "Halo?");
    assert_eq!(first(), b.ticket("t2"));
    answer(&b, front, "Dwa");
    assert_eq!(first(), front, "it alone waits, though it wrote before the others");
    answer(&b, front, "Trzy");
    let now = (answered("t1"), answered("t2"), answered("t3"));
    assert_eq!(now, (vec!["Trzy".to_owned()], vec!["Dwa".to_owned()], vec!["Raz".to_owned()]));
    // Nobody waits: who wrote last. And sent again it is the same answer, whoever has written in between.
    assert_eq!(first(), b.ticket("t2"));
    answer(&b, front, "Cztery");
    says(&b, "t3", "CUSTOMER_USER", "Jeszcze jedno");
    answer(&b, front, "Cztery");
    assert_eq!((answered("t2").len(), answered("t3").len()), (2, 1));
    // Only what is worked on here can be chosen.
    says(&b, "t4", "CUSTOMER_USER", "t4");
    let strange = NewReply { conversation: Some(b.ticket("t4")), ..new_reply("Pięć", "5") };
    let refused = block_on(reply::reply(&b.world, company(), front, &author(), strange, &rules(0)));
    assert!(matches!(refused, Err(Refusal::NotFound("conversation"))), "{refused:?}");
}

#[test]
fn what_was_not_read_in_a_merged_conversation_cannot_be_closed() {
    let b = bench(false);
    says(&b, "t1", "CUSTOMER_USER", "Pierwsza");
    says(&b, "t2", "CUSTOMER_USER", "Druga");
    merge(&b, "t2", "t1");
    let seen = b.view("t1").version;
    says(&b, "t2", "CUSTOMER_USER", "Nieprzeczytana");
    let closed = Status::Closed { at: Default::default() };
    let close = |seen| {
        block_on(reply::set_status(&b.world, company(), b.ticket("t1"), &author(), closed, Some(seen)))
    };
    assert!(matches!(close(Seen::Version(seen)), Err(Refusal::Changed)));
    close(Seen::Version(b.view("t1").version)).unwrap();
    assert_eq!(status(&b, b.ticket("t1")), StatusKind::Closed);
    assert_eq!(b.view("t1").ticket.waiting_since(), None);
}

#[test]
fn merging_is_undone() {
    let b = bench(false);
    says(&b, "t1", "CUSTOMER_USER", "Pierwsza");
    says(&b, "t2", "CUSTOMER_USER", "Druga");
    merge(&b, "t2", "t1");
    block_on(front::part(&b.world, company(), b.ticket("t2"), &author())).unwrap();
    assert_eq!(status(&b, b.ticket("t2")), StatusKind::New);
    assert_eq!(b.texts("t1"), ["Pierwsza"]);
    assert_eq!(b.texts("t2"), ["Druga"]);
    says(&b, "t2", "CUSTOMER_USER", "Dalej");
    assert_eq!((b.texts("t1").len(), b.texts("t2").len()), (1, 2));
    let again = block_on(front::part(&b.world, company(), b.ticket("t2"), &author()));
    assert!(matches!(again, Err(Refusal::Changed)));
}

#[test]
fn what_cannot_be_merged_is_refused() {
    let b = bench(false);
    for t in 0..16 {
        says(&b, &format!("t{t}"), "CUSTOMER_USER", "Pytanie");
    }
    let merge =
        |from: TicketId, into: TicketId| block_on(front::merge(&b.world, company(), from, into, &author()));
    let id = |t: usize| b.ticket(&format!("t{t}"));
    assert!(matches!(merge(id(0), id(0)), Err(Refusal::Status(StatusError::Itself))));
    let unknown = TicketId::from_random([7; 16]);
    assert!(matches!(merge(id(0), unknown), Err(Refusal::NotFound("ticket"))));
    for t in 1..=front::MOST {
        merge(id(t), id(0)).unwrap();
    }
    assert!(matches!(merge(id(14), id(0)), Err(Refusal::TooMany { .. })));
    // Neither into one that is merged itself, nor again.
    assert!(matches!(merge(id(14), id(1)), Err(Refusal::Status(StatusError::IsMerged))));
    assert!(matches!(merge(id(1), id(14)), Err(Refusal::Status(StatusError::IsMerged))));
    assert_eq!(b.texts("t0").len(), front::MOST + 1);
}

#[test]
fn a_ticket_with_merged_ones_is_merged_with_all_of_them() {
    let b = bench(false);
    for t in ["t1", "t2", "t3"] {
        says(&b, t, "CUSTOMER_USER", t);
    }
    merge(&b, "t1", "t2");
    merge(&b, "t2", "t3");
    assert_eq!(b.texts("t3"), ["t1", "t2", "t3"]);
    says(&b, "t1", "CUSTOMER_USER", "Dalej");
    assert_eq!(b.texts("t3"), ["t1", "t2", "t3", "Dalej"]);
    assert_eq!(b.list(&Wanted::default()).tickets[0].snippet, "Dalej");
}

fn row(b: &Bench, id: TicketId) -> mostek_helpdesk::list::Summary {
    b.list(&Wanted::default()).tickets.into_iter().find(|t| t.id == id).unwrap()
}

#[test]
fn a_message_dated_before_our_answer_but_found_after_it_is_waited_for() {
    let b = bench(false);
    says(&b, "t1", "CUSTOMER_USER", "Pierwsza");
    says(&b, "t2", "CUSTOMER_USER", "Druga");
    let (one, two) = (b.ticket("t1"), b.ticket("t2"));
    answer(&b, one, "Odpowiedź na pierwszą");
    merge(&b, "t2", "t1");
    // The customer writes, and before the next poll we answer what we have read.
    pass(&b, Duration::from_secs(5));
    b.remote.borrow_mut().writes("t2", "CUSTOMER_USER", "I jeszcze jedno");
    pass(&b, Duration::from_secs(20));
    answer(&b, two, "Odpowiedź na drugą");
    assert_eq!(status(&b, one), StatusKind::WaitingForCustomer);
    let seen = b.view("t1").version;
    pass(&b, Duration::from_secs(20));
    b.poll();
    assert_eq!(status(&b, one), StatusKind::New);
    let row = row(&b, one);
    let wrote = b.view("t2").ticket.last_from_outside();
    assert!(row.waiting_since.is_some() && row.waiting_since == wrote);
    let closed = Status::Closed { at: Default::default() };
    let seen = Some(Seen::Version(seen));
    let close = block_on(reply::set_status(&b.world, company(), one, &author(), closed, seen));
    assert!(matches!(close, Err(Refusal::Changed)));
}

#[test]
fn who_waits_is_waited_for_since_then_wherever_that_is_worked_on() {
    let b = bench(false);
    says(&b, "t1", "CUSTOMER_USER", "Pierwsza");
    answer(&b, b.ticket("t1"), "Odpowiedź");
    says(&b, "t2", "CUSTOMER_USER", "Druga");
    let since = b.view("t2").ticket.waiting_since().unwrap();
    pass(&b, DAY * 2);
    says(&b, "t2", "CUSTOMER_USER", "Halo?");
    merge(&b, "t2", "t1");
    let front = b.ticket("t1");
    assert_eq!(row(&b, front).waiting_since, Some(since));
    // Closed, it waits for nothing; what comes then is waited for from its own moment.
    close(&b, front);
    assert_eq!(row(&b, front).waiting_since, None);
    says(&b, "t2", "CUSTOMER_USER", "Nadal nic");
    let wrote = || b.view("t2").ticket.last_from_outside();
    assert_eq!((status(&b, front), row(&b, front).waiting_since), (StatusKind::New, wrote()));
    // Answered and asked again between two polls.
    answer(&b, b.ticket("t2"), "Już");
    says(&b, "t2", "CUSTOMER_USER", "Dziękuję, a faktura?");
    assert_eq!(row(&b, front).waiting_since, wrote());
}

#[test]
fn two_tickets_that_are_merged_into_each_other_at_once_are_one() {
    let b = bench(false);
    says(&b, "t1", "CUSTOMER_USER", "Pierwsza");
    says(&b, "t2", "CUSTOMER_USER", "Druga");
    let (one, two) = (b.ticket("t1"), b.ticket("t2"));
    let world = support::yielding::world_of(&b.world);
    let by = author();
    let merge = |from, into| front::merge(&world, company(), from, into, &by);
    let both = block_on(futures::future::join(merge(one, two), merge(two, one)));
    assert!(both.0.is_ok() && both.1.is_ok(), "{both:?}");
    pass(&b, Duration::from_secs(600));
    block_on(mostek_helpdesk::snooze::wake_due(&b.world, Duration::MAX)).unwrap();
    let merged: Vec<bool> = [one, two].map(|id| b.open(id).ticket.front().is_some()).to_vec();
    assert_eq!(merged.iter().filter(|m| **m).count(), 1, "{merged:?}");
    let (left, gone) = if merged[0] { (two, one) } else { (one, two) };
    assert_eq!((status(&b, left), status(&b, gone)), (StatusKind::New, StatusKind::Merged));
    assert_eq!(b.texts_in(left), ["Pierwsza", "Druga"]);
    assert!(row(&b, left).waiting_since.is_some());
    assert_eq!((row(&b, left).status, row(&b, gone).status), (StatusKind::New, StatusKind::Merged));
}

#[test]
fn what_a_ticket_brought_along_goes_with_it_when_the_merging_is_undone() {
    let b = bench(false);
    for t in ["t1", "t2", "t3", "t4"] {
        says(&b, t, "CUSTOMER_USER", t);
    }
    merge(&b, "t1", "t2");
    merge(&b, "t4", "t2");
    merge(&b, "t2", "t3");
    let part = |t: &str| block_on(front::part(&b.world, company(), b.ticket(t), &author())).unwrap();
    // One is taken out while it is there: it stays a ticket of its own.
    part("t4");
    part("t2");
    assert_eq!((b.texts("t2"), b.texts("t3")), (vec!["t1".to_owned(), "t2".into()], vec!["t3".into()]));
    assert_eq!(b.texts("t4"), ["t4"]);
    says(&b, "t1", "CUSTOMER_USER", "Dalej");
    assert_eq!(b.texts("t2"), ["t1", "t2", "Dalej"]);
    let (two, three) = (b.ticket("t2"), b.ticket("t3"));
    assert_eq!((row(&b, two).snippet.as_str(), row(&b, three).snippet.as_str()), ("Dalej", "t3"));
    for t in ["t1", "t2"] {
        answer(&b, b.ticket(t), "Odpowiedź");
    }
    assert_eq!((status(&b, two), row(&b, two).waiting_since), (StatusKind::WaitingForCustomer, None));
    assert_eq!(status(&b, three), StatusKind::New);
}

#[test]
fn what_is_merged_parted_and_merged_again_is_worked_on_where_it_was_merged_last() {
    let b = bench(false);
    for t in ["t1", "t2", "t3"] {
        says(&b, t, "CUSTOMER_USER", t);
    }
    merge(&b, "t1", "t2");
    merge(&b, "t2", "t3");
    block_on(front::part(&b.world, company(), b.ticket("t2"), &author())).unwrap();
    merge(&b, "t2", "t3");
    assert_eq!(b.texts("t3"), ["t1", "t2", "t3"]);
    says(&b, "t1", "CUSTOMER_USER", "Dalej");
    assert_eq!(b.texts("t3"), ["t1", "t2", "t3", "Dalej"]);
    assert_eq!(row(&b, b.ticket("t3")).snippet, "Dalej");
}

#[test]
fn what_a_merged_ticket_brings_along_is_told_by_the_alarm_if_nobody_else_does() {
    let b = bench(false);
    for t in ["t1", "t2", "t3"] {
        says(&b, t, "CUSTOMER_USER", t);
    }
    answer(&b, b.ticket("t2"), "Odpowiedź");
    answer(&b, b.ticket("t3"), "Odpowiedź");
    merge(&b, "t1", "t2");
    // Whoever merges crashes when the merging is written: the first conversation is not told where it goes.
    let world = support::yielding::world_of(&b.world);
    let by = author();
    let mut merging = Box::pin(front::merge(&world, company(), b.ticket("t2"), b.ticket("t3"), &by));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    while b.open(b.ticket("t2")).ticket.front().is_none() {
        assert!(merging.as_mut().poll(&mut context).is_pending(), "the merging ended unseen");
    }
    drop(merging);
    assert_eq!(b.open(b.ticket("t1")).ticket.front(), Some(b.ticket("t2")));
    pass(&b, Duration::from_secs(600));
    block_on(mostek_helpdesk::snooze::wake_due(&b.world, Duration::MAX)).unwrap();
    assert_eq!(b.open(b.ticket("t1")).ticket.front(), Some(b.ticket("t3")));
    assert_eq!((status(&b, b.ticket("t3")), b.texts("t3").len()), (StatusKind::New, 5));
}

#[test]
fn who_closes_or_puts_aside_what_they_have_not_read_does_not() {
    use mostek_helpdesk::ticket::Recorded;
    for wanted in [
        Status::Closed { at: Default::default() },
        Status::Snoozed { until: mostek_domain::Timestamp(i64::MAX) },
    ] {
        let b = bench(false);
        says(&b, "t1", "CUSTOMER_USER", "Pierwsza");
        let id = b.ticket("t1");
        let seen = b.view("t1").version;
        says(&b, "t1", "CUSTOMER_USER", "Druga");
        let write = |seen: u64| {
            let mut commit = Commit::by(Actor::Employee("ewa".into()));
            let fact = Recorded::seeing(Fact::Status { status: wanted }, seen);
            commit.append(&Ticket::journal(id).unwrap(), None, vec![(format!("s{seen}"), fact)]);
            block_on(commit.run(&b.world)).unwrap();
        };
        write(seen);
        assert_eq!(status(&b, id), StatusKind::New, "the second message was not seen");
        assert!(b.view("t1").ticket.waiting_since().is_some());
        write(b.view("t1").version);
        assert_eq!(status(&b, id), wanted.kind());
    }
}

/// The marketplace counts an order's files, whichever conversation they came in.
#[test]
fn files_of_merged_conversations_about_one_order_are_counted_together() {
    let b = bench(false);
    says(&b, "t1", "CUSTOMER_USER", "Pierwsza");
    pass(&b, Duration::from_secs(5));
    b.remote.borrow_mut().writes("t2", "CUSTOMER_USER", "Druga");
    b.remote.borrow_mut().threads[1].order = Some("t1-A".into());
    b.poll();
    merge(&b, "t2", "t1");
    let mut few = rules(0);
    few.limits.order_files = 3;
    let send = |thread: &str, count: usize| {
        let files = (0..count).map(|n| (format!("{n}.txt"), vec![1].into())).collect();
        let conversation = Some(b.ticket(thread));
        let new = NewReply { files, conversation, ..new_reply("Z plikami", &format!("{thread}-{count}")) };
        block_on(reply::reply(&b.world, company(), b.ticket("t1"), &author(), new, &few))
    };
    send("t1", 2).unwrap();
    let refused = send("t2", 2);
    let most = AttachmentError::Order { files: 4, limit: 3 };
    assert!(matches!(&refused, Err(Refusal::Attachment(e)) if *e == most), "{refused:?}");
    send("t2", 1).unwrap();
}
