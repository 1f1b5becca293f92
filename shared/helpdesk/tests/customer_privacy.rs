//! Everything of one person, given to them or erased, when their conversations are worked on in several tickets.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use futures::executor::block_on;
use mostek_domain::ticket::{Priority, Status};
use mostek_domain::{CustomerId, TicketId};
use mostek_helpdesk::customer::{self, Details, erase, export};
use mostek_helpdesk::view::Content;
use mostek_helpdesk::{front, marks, reply};
use mostek_people::audit::Act;
use mostek_ports::{Clock, KeyValue};
use mostek_store::Actor;
use std::time::Duration;
use support::bench::{Bench, bench};
use support::*;

const DAY: Duration = Duration::from_secs(86_400);

fn actor() -> Actor {
    Actor::System("test".into())
}

fn pass(b: &Bench, time: Duration) {
    b.world.clock.advance(time);
    b.remote.borrow_mut().now = b.world.clock.now().0;
}

fn says(b: &Bench, thread: &str, text: &str) {
    pass(b, Duration::from_secs(5));
    b.remote.borrow_mut().writes(thread, "CUSTOMER_USER", text);
    b.poll();
}

/// A record with tickets.
fn person(b: &Bench, name: &str, tickets: &[TicketId]) -> CustomerId {
    let id =
        block_on(customer::add(&b.world, company(), actor(), Details::named(name.parse().unwrap()))).unwrap();
    for ticket in tickets {
        block_on(reply::link(&b.world, company(), *ticket, &author(), id)).unwrap();
    }
    id
}

fn merge(b: &Bench, thread: &str, into: &str) {
    block_on(front::merge(&b.world, company(), b.ticket(thread), b.ticket(into), &author())).unwrap();
}

fn part(b: &Bench, thread: &str) {
    block_on(front::part(&b.world, company(), b.ticket(thread), &author())).unwrap();
}

/// Something that writes the ticket's row again.
fn touch(b: &Bench, thread: &str) {
    let priority = Priority::High;
    block_on(marks::set_priority(&b.world, company(), b.ticket(thread), &author(), priority)).unwrap();
}

/// What the person is given: the texts of all their tickets, sorted.
fn given(b: &Bench, id: CustomerId) -> Vec<String> {
    let part = block_on(export::gather(&b.world, company(), id, 0, Duration::MAX)).unwrap();
    let lines = part.tickets.into_iter().flatten().flat_map(|view| view.lines);
    let mut texts: Vec<String> = lines
        .filter_map(|l| match l.content {
            Content::Message { text, .. } | Content::Reply { text, .. } | Content::Comment { text, .. } => {
                Some(text)
            }
            _ => None,
        })
        .collect();
    texts.sort();
    texts
}

/// Erases a person as the request does and the timer afterwards.
fn erased(b: &Bench, id: CustomerId) {
    let act = Act::new("customer-erased", "customer", id);
    block_on(erase::erase(&b.world, company(), actor(), id, act, Duration::MAX)).unwrap();
    pass(b, erase::AGAIN + Duration::from_secs(60));
    assert_eq!(block_on(erase::sweep_again(&b.world, Duration::MAX)).unwrap(), 1);
}

/// Where in the store a text is.
fn places(b: &Bench, text: &str) -> Vec<String> {
    let has = |key: &String| {
        let value = block_on(b.world.kv.get(key)).unwrap().unwrap_or_default();
        String::from_utf8_lossy(&value).contains(text)
    };
    b.world.kv.keys().into_iter().filter(has).collect()
}

#[test]
fn what_is_merged_into_a_persons_ticket_is_theirs() {
    let b = bench(false);
    for (thread, text) in [("t1", "Sprawa Anny"), ("t2", "Druga sprawa Anny"), ("t3", "Trzecia sprawa Anny")]
    {
        says(&b, thread, text);
    }
    let anna = person(&b, "Anna Nowak", &[b.ticket("t1")]);
    merge(&b, "t3", "t2");
    merge(&b, "t2", "t1");
    assert_eq!(given(&b, anna), ["Druga sprawa Anny", "Sprawa Anny", "Trzecia sprawa Anny"]);
    erased(&b, anna);
    assert_eq!(places(&b, "sprawa Anny"), Vec::<String>::new());
    assert_eq!(places(&b, "Sprawa Anny"), Vec::<String>::new());
}

#[test]
fn what_a_persons_ticket_was_merged_into_is_theirs() {
    let b = bench(false);
    says(&b, "t1", "Sprawa Anny");
    says(&b, "t2", "Druga sprawa Anny");
    let anna = person(&b, "Anna Nowak", &[b.ticket("t2")]);
    merge(&b, "t2", "t1");
    assert_eq!(given(&b, anna), ["Druga sprawa Anny", "Sprawa Anny"]);
    erased(&b, anna);
    assert_eq!(places(&b, "prawa Anny"), Vec::<String>::new());
}

#[test]
fn a_reply_on_its_way_in_a_merged_ticket_is_waited_for() {
    let b = bench(false);
    says(&b, "t1", "Sprawa Anny");
    says(&b, "t2", "Druga sprawa Anny");
    let anna = person(&b, "Anna Nowak", &[b.ticket("t1")]);
    merge(&b, "t2", "t1");
    block_on(reply::reply(&b.world, company(), b.ticket("t2"), &author(), new_reply("Już", "k"), &rules(60)))
        .unwrap();
    let act = Act::new("customer-erased", "customer", anna);
    let done = block_on(erase::erase(&b.world, company(), actor(), anna, act, Duration::MAX));
    let refusal = done.unwrap_err();
    assert!(
        matches!(refusal, mostek_helpdesk::Refusal::Field { key: "crm-erase-reply-open", .. }),
        "{refusal:?}"
    );
}

#[test]
fn a_ticket_of_another_customer_keeps_its_words_whichever_is_merged_into_which() {
    for (one, into) in [("t1", "t2"), ("t2", "t1")] {
        let b = bench(false);
        says(&b, "t1", "Sprawa Anny");
        says(&b, "t2", "Sprawa Bartka");
        let anna = person(&b, "Anna Nowak", &[b.ticket("t1")]);
        person(&b, "Bartek Lis", &[b.ticket("t2")]);
        merge(&b, one, into);
        says(&b, "t1", "Znowu Anna");
        // Whatever is done with the ticket has its row say what was said last.
        touch(&b, into);
        assert_eq!(given(&b, anna), ["Sprawa Anny", "Znowu Anna"], "{one} into {into}");
        erased(&b, anna);
        for word in ["Sprawa Anny", "Znowu Anna"] {
            assert_eq!(places(&b, word), Vec::<String>::new(), "{one} into {into}");
        }
        let view = b.open(b.ticket("t2"));
        assert!(!places(&b, "Sprawa Bartka").is_empty());
        assert!(
            view.lines
                .iter()
                .any(|l| matches!(&l.content, Content::Message { text, .. } if text == "Sprawa Bartka"))
        );
        if into == "t2" {
            let rows = b.list(&Default::default()).tickets;
            let row = rows.iter().find(|r| r.id == b.ticket("t2")).unwrap();
            assert_eq!(row.snippet, "", "nothing is said of what was said last");
        }
    }
}

#[test]
fn a_ticket_that_was_followed_is_its_persons_also_if_only_the_following_one_is_known_to_be() {
    let b = bench(false);
    says(&b, "t1", "Sprawa Anny");
    let closed = Status::Closed { at: Default::default() };
    block_on(reply::set_status(&b.world, company(), b.ticket("t1"), &author(), closed, None)).unwrap();
    pass(&b, DAY * 8);
    says(&b, "t1", "Znowu Anna");
    let second = b.ticket("t1").successor();
    block_on(reply::comment(&b.world, company(), second, &author(), "O Annie", "k")).unwrap();
    let anna = person(&b, "Anna Nowak", &[second]);
    assert_eq!(given(&b, anna), ["O Annie", "Sprawa Anny", "Znowu Anna"]);
    erased(&b, anna);
    for word in ["Sprawa Anny", "Znowu Anna", "O Annie"] {
        assert_eq!(places(&b, word), Vec::<String>::new(), "{word}");
    }
}

#[test]
fn what_a_ticket_was_told_goes_though_the_merging_was_undone() {
    let b = bench(false);
    says(&b, "t1", "Sprawa Anny");
    says(&b, "t2", "Sprawa Bartka");
    says(&b, "t3", "Sprawa kogoś innego");
    let anna = person(&b, "Anna Nowak", &[b.ticket("t1")]);
    person(&b, "Bartek Lis", &[b.ticket("t2")]);
    for into in ["t2", "t3"] {
        merge(&b, "t1", into);
        says(&b, "t1", "Znowu Anna");
        touch(&b, into);
        part(&b, "t1");
    }
    // Who undoes it says that the other ticket is not about this person.
    assert_eq!(given(&b, anna), ["Sprawa Anny", "Znowu Anna", "Znowu Anna"]);
    erased(&b, anna);
    for word in ["Sprawa Anny", "Znowu Anna"] {
        assert_eq!(places(&b, word), Vec::<String>::new(), "{word}");
    }
    assert_eq!(
        (b.texts("t2"), b.texts("t3")),
        (vec!["Sprawa Bartka".into()], vec!["Sprawa kogoś innego".into()])
    );
    let rows = b.list(&Default::default()).tickets;
    let shown = |thread: &str| rows.iter().find(|r| r.id == b.ticket(thread)).unwrap().snippet.clone();
    assert_eq!((shown("t2").as_str(), shown("t3").as_str()), ("Sprawa Bartka", "Sprawa kogoś innego"));
}
