//! Replies leave once, or a person is asked: every way an answer can go wrong.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use bytes::Bytes;
use futures::executor::block_on;
use mostek_domain::reason::{Code, Reason};
use mostek_domain::ticket::{Status, StatusKind};
use mostek_domain::{AttachmentError, ReplyId, TicketId};
use mostek_helpdesk::ticket::{Decision, Fact, ItemKind, Outcome, ReplyState, Ticket};
use mostek_helpdesk::view::{self, Content};
use mostek_helpdesk::{Refusal, connection, front, list, poll, reply, restored, sending, tick};
use mostek_ports::HttpError;
use mostek_ports::testing::{FakeHttp, TestWorld};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use support::*;

/// How the marketplace treats the next reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Works,
    AcceptsAndAnswers(u16),
    AcceptsAndIsSilent,
    LosesIt,
    Refuses(u16),
    Unreachable,
}

struct Bench {
    world: TestWorld,
    remote: Rc<RefCell<Remote>>,
    next: Rc<RefCell<Next>>,
    connection: connection::Connection,
    ticket: TicketId,
}

fn bench() -> Bench {
    let mut world = TestWorld::new(1);
    world.settings.0.insert("sealing_key".into(), SEALING_KEY.into());
    let remote = Rc::new(RefCell::new(Remote { now: world.clock.now().0, ..Remote::default() }));
    let next = Rc::new(RefCell::new(Next::Works));
    let (handler, how) = (remote.clone(), next.clone());
    world.http = FakeHttp::new(move |r| {
        let mut remote = handler.borrow_mut();
        if r.method != "POST" {
            return Ok(remote.handle(r));
        }
        match *how.borrow() {
            Next::Works => Ok(remote.handle(r)),
            Next::AcceptsAndAnswers(status) => {
                remote.handle(r);
                Ok(answer(status, &serde_json::json!({"message": "gateway"})))
            }
            Next::AcceptsAndIsSilent => {
                remote.handle(r);
                Err(HttpError::Unknown("no answer within 20 s".into()))
            }
            Next::LosesIt => Err(HttpError::Unknown("connection reset".into())),
            Next::Refuses(status) => Ok(answer(status, &serde_json::json!({"message": "not like this"}))),
            Next::Unreachable => Err(HttpError::NotSent("connection refused".into())),
        }
    });
    let connection = block_on(connect(&world, false, long_ago(&world)));
    remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    // Two clocks: what is written here comes after what the marketplace dated.
    world.clock.advance(Duration::from_secs(5));
    block_on(poll::poll(&world, &connection, Duration::MAX)).unwrap();
    let ticket = TicketId::of_thread(connection.id, "t1");
    Bench { world, remote, next, connection, ticket }
}

use mostek_ports::Clock;

impl Bench {
    fn reply(&self, text: &str, undo: u64) -> ReplyId {
        block_on(reply::reply(
            &self.world,
            company(),
            self.ticket,
            &author(),
            new_reply(text, text),
            &rules(undo),
        ))
        .unwrap()
    }

    fn state(&self, reply: ReplyId) -> ReplyState {
        let view = block_on(view::open(&self.world, company(), self.ticket, None)).unwrap();
        view.ticket.reply(reply).unwrap().state.clone()
    }

    fn at_marketplace(&self) -> Vec<String> {
        self.remote.borrow().bodies("t1", "SHOP_USER")
    }

    fn later(&self, seconds: u64) {
        self.world.clock.advance(Duration::from_secs(seconds));
        let now = self.world.clock.now().0;
        self.remote.borrow_mut().now = now;
    }

    fn send(&self) -> sending::Report {
        block_on(sending::send_due(&self.world, Duration::MAX)).unwrap()
    }

    fn status(&self) -> StatusKind {
        block_on(list::page(&self.world, company(), &list::Wanted::default(), None, 10)).unwrap().tickets[0]
            .status
    }
}

#[test]
fn a_reply_waits_to_be_taken_back_and_then_leaves_once() {
    let b = bench();
    let id = b.reply("Paczka jest w drodze.", 30);
    assert_eq!(b.status(), StatusKind::InProgress);
    b.send();
    assert_eq!((b.state(id), b.at_marketplace().len()), (ReplyState::Waiting, 0));
    b.later(31);
    b.send();
    assert!(matches!(b.state(id), ReplyState::Sent { .. }));
    b.send();
    // The poll brings our own message back and does not show it twice.
    b.later(60);
    block_on(poll::poll(&b.world, &b.connection, Duration::MAX)).unwrap();
    assert_eq!(b.at_marketplace(), ["Paczka jest w drodze."]);
    let view = block_on(view::open(&b.world, company(), b.ticket, None)).unwrap();
    let kinds: Vec<ItemKind> = view.lines.iter().map(|l| l.item.kind).collect();
    assert_eq!(kinds, [ItemKind::Customer, ItemKind::Reply]);
    assert_eq!(b.status(), StatusKind::WaitingForCustomer);
    let pending =
        block_on(mostek_helpdesk::outbox::journal().unwrap().read(&b.world.kv, &b.world.clock)).unwrap();
    assert!(pending.state.pending.is_empty());
}

#[test]
fn a_message_of_somebody_unknown_that_came_before_our_reply_left_is_waited_for() {
    let b = bench();
    b.reply("Paczka jest w drodze.", 30);
    b.later(5);
    b.remote.borrow_mut().writes("t1", "ROBOT", "Zwrot został wstrzymany.");
    block_on(poll::poll(&b.world, &b.connection, Duration::MAX)).unwrap();
    b.later(60);
    b.send();
    assert_eq!(b.at_marketplace().len(), 1);
    assert_eq!(b.status(), StatusKind::New);
    let view = block_on(view::open(&b.world, company(), b.ticket, None)).unwrap();
    assert!(view.ticket.waiting_since().is_some());
}

#[test]
fn what_is_taken_back_never_leaves_and_what_has_left_cannot_be_taken_back() {
    let b = bench();
    let id = b.reply("Pomyłka w treści", 30);
    block_on(reply::undo(&b.world, company(), b.ticket, &author(), id)).unwrap();
    b.later(3600);
    b.send();
    assert_eq!((b.state(id), b.at_marketplace().len()), (ReplyState::Dropped, 0));

    let id = b.reply("Dobra treść", 0);
    assert!(matches!(b.state(id), ReplyState::Sent { .. }));
    let late = block_on(reply::undo(&b.world, company(), b.ticket, &author(), id));
    assert!(matches!(late, Err(Refusal::Changed)));
}

#[test]
fn the_same_form_twice_is_one_reply() {
    let b = bench();
    let first = b.reply("Dwa kliknięcia", 0);
    assert_eq!(b.reply("Dwa kliknięcia", 0), first);
    assert_eq!(b.at_marketplace().len(), 1);
}

#[test]
fn an_unknown_outcome_is_looked_up_before_anything_is_sent_again() {
    for how in [
        Next::AcceptsAndIsSilent,
        Next::AcceptsAndAnswers(500),
        Next::AcceptsAndAnswers(502),
        Next::AcceptsAndAnswers(200),
    ] {
        let b = bench();
        *b.next.borrow_mut() = how;
        let id = b.reply("Wysłane raz", 0);
        assert!(matches!(b.state(id), ReplyState::Checking { .. }), "{how:?}");
        // Too early to look: it may still be landing.
        b.later(30);
        b.send();
        assert_eq!(b.remote.borrow().requests.get("M10"), None);
        *b.next.borrow_mut() = Next::Works;
        b.later(100);
        b.send();
        assert!(matches!(b.state(id), ReplyState::Sent { .. }), "{how:?}");
        assert_eq!(b.at_marketplace(), ["Wysłane raz"]);
    }
}

#[test]
fn what_surely_did_not_arrive_is_sent_again() {
    for how in [Next::LosesIt, Next::Unreachable, Next::Refuses(429)] {
        let b = bench();
        *b.next.borrow_mut() = how;
        let id = b.reply("Za drugim razem", 0);
        assert!(!b.state(id).is_settled(), "{how:?}");
        *b.next.borrow_mut() = Next::Works;
        b.later(120);
        b.send();
        assert!(matches!(b.state(id), ReplyState::Sent { .. }), "{how:?}: {:?}", b.state(id));
        assert_eq!(b.at_marketplace().len(), 1, "{how:?}");
    }
}

#[test]
fn the_poll_may_learn_first_that_the_reply_arrived() {
    let b = bench();
    *b.next.borrow_mut() = Next::AcceptsAndIsSilent;
    let id = b.reply("Zauważona w odczycie", 0);
    block_on(poll::poll(&b.world, &b.connection, Duration::MAX)).unwrap();
    assert!(matches!(b.state(id), ReplyState::Sent { .. }));
    let view = block_on(view::open(&b.world, company(), b.ticket, None)).unwrap();
    assert_eq!(view.lines.iter().filter(|l| matches!(l.content, Content::Reply { .. })).count(), 1);
    assert_eq!(view.lines.len(), 2);
    b.later(600);
    b.send();
    assert_eq!(b.at_marketplace().len(), 1);
}

#[test]
fn reasons_of_the_time_before_codes_are_shown_as_they_are() {
    let old = serde_json::json!({"outcome": "refused", "why": "the connection was deleted"});
    let old: Outcome = serde_json::from_value(old).unwrap();
    assert_eq!(old, Outcome::Refused { why: Reason::told("the connection was deleted") });
    let known = serde_json::json!({"is": "retrying", "why": "too many requests"});
    let known: ReplyState = serde_json::from_value(known).unwrap();
    assert_eq!(known, ReplyState::Retrying { why: Reason::told("too many requests") });
    let progress = serde_json::json!({"due": 0, "failures": 1, "last_error": [5, "too many requests"]});
    let progress: connection::Progress = serde_json::from_value(progress).unwrap();
    assert_eq!(progress.last_error().unwrap().1, Reason::told("too many requests"));
    // And what is written now keeps the text where older programs look for it.
    let new =
        Outcome::Refused { why: Reason::known(Code::SenderLost, "whoever was sending did not come back") };
    let written = serde_json::to_value(&new).unwrap();
    assert_eq!(
        (&written["why"], &written["code"]),
        (&"whoever was sending did not come back".into(), &"sender-lost".into())
    );
    assert_eq!(serde_json::from_value::<Outcome>(written).unwrap(), new);
}

#[test]
fn a_refusal_asks_a_person_who_may_send_again_or_drop_it() {
    let b = bench();
    *b.next.borrow_mut() = Next::Refuses(400);
    let id = b.reply("Nie do przyjęcia", 0);
    let ReplyState::Failed { why } = b.state(id) else { panic!("{:?}", b.state(id)) };
    assert!(why.why.contains("not like this"), "{why}");
    let page = block_on(list::page(
        &b.world,
        company(),
        &list::Wanted { needs_decision: Some(list::Undecided::Failed), ..Default::default() },
        None,
        10,
    ))
    .unwrap();
    assert_eq!(page.total, 1);
    b.later(3600);
    b.send();
    assert_eq!(b.at_marketplace().len(), 0);
    *b.next.borrow_mut() = Next::Works;
    block_on(reply::decide(&b.world, company(), b.ticket, &author(), id, Decision::Send)).unwrap();
    assert!(matches!(b.state(id), ReplyState::Sent { .. }));
    let again = block_on(reply::decide(&b.world, company(), b.ticket, &author(), id, Decision::Drop));
    assert!(matches!(again, Err(Refusal::Changed)));
}

#[test]
fn what_cannot_be_found_out_is_shown_as_uncertain_with_both_choices() {
    for decision in [Decision::WasSent, Decision::Send] {
        let b = bench();
        *b.next.borrow_mut() = Next::LosesIt;
        let id = b.reply("Nie wiadomo", 0);
        // The marketplace cannot be read any more.
        b.remote.borrow_mut().threads.retain(|t| t.id != "t1");
        for _ in 0..20 {
            b.later(4000);
            b.send();
        }
        assert!(matches!(b.state(id), ReplyState::Uncertain { .. }), "{:?}", b.state(id));
        *b.next.borrow_mut() = Next::Works;
        block_on(reply::decide(&b.world, company(), b.ticket, &author(), id, decision)).unwrap();
        assert!(matches!(b.state(id), ReplyState::Sent { .. }));
        let expected = usize::from(decision == Decision::Send);
        assert_eq!(b.at_marketplace().len(), expected);
    }
}

#[test]
fn failed_and_uncertain_replies_are_told_apart_in_the_list_also_of_a_merged_conversation() {
    let b = bench();
    b.remote.borrow_mut().writes("t2", "CUSTOMER_USER", "A druga?");
    block_on(poll::poll(&b.world, &b.connection, Duration::MAX)).unwrap();
    let other = TicketId::of_thread(b.connection.id, "t2");
    let listed = |which| {
        let wanted = list::Wanted { needs_decision: Some(which), ..Default::default() };
        let page = block_on(list::page(&b.world, company(), &wanted, None, 10)).unwrap();
        assert_eq!(page.total, page.tickets.len() as u64);
        page.tickets.into_iter().map(|t| t.id).collect::<Vec<_>>()
    };
    *b.next.borrow_mut() = Next::Refuses(400);
    b.reply("Nie do przyjęcia", 0);
    assert_eq!(listed(list::Undecided::Failed), [b.ticket]);
    *b.next.borrow_mut() = Next::LosesIt;
    let lost = b.reply("Nie wiadomo", 0);
    b.remote.borrow_mut().threads.retain(|t| t.id != "t1");
    for _ in 0..20 {
        b.later(4000);
        b.send();
    }
    assert!(matches!(b.state(lost), ReplyState::Uncertain { .. }), "{:?}", b.state(lost));
    let all = || list::Undecided::ALL.map(listed);
    // Whoever has both is uncertain: that is to be looked at first.
    assert_eq!(all(), [vec![b.ticket], vec![], vec![b.ticket]]);
    block_on(front::merge(&b.world, company(), b.ticket, other, &author())).unwrap();
    assert_eq!(all(), [vec![other], vec![], vec![other]]);
    block_on(reply::decide(&b.world, company(), b.ticket, &author(), lost, Decision::WasSent)).unwrap();
    assert_eq!(all(), [vec![other], vec![other], vec![]]);
}

#[test]
fn replies_of_one_ticket_leave_in_order() {
    let b = bench();
    *b.next.borrow_mut() = Next::Unreachable;
    let first = b.reply("Pierwsza", 0);
    let second = b.reply("Druga", 0);
    *b.next.borrow_mut() = Next::Works;
    b.send();
    assert_eq!(b.at_marketplace().len(), 0, "the second waits for the first");
    for _ in 0..3 {
        b.later(60);
        b.send();
    }
    assert_eq!(b.at_marketplace(), ["Pierwsza", "Druga"]);
    assert!(b.state(first).is_settled() && b.state(second).is_settled());
}

#[test]
fn a_crash_between_claim_and_outcome_is_waited_out_and_looked_up() {
    for arrived in [false, true] {
        let b = bench();
        let id = b.reply("Awaria w środku", 30);
        b.later(31);
        // Somebody claims, perhaps sends, and is never heard of again.
        let claim = mostek_store::Claim::new("reply", &id.to_string()).unwrap();
        assert_eq!(block_on(claim.take(&b.world.kv)).unwrap(), 1);
        if arrived {
            b.remote.borrow_mut().writes("t1", "SHOP_USER", "Awaria w środku");
        }
        b.send();
        assert!(matches!(b.state(id), ReplyState::Checking { .. }));
        assert_eq!(b.at_marketplace().len(), usize::from(arrived));
        b.later(120);
        b.send();
        assert!(matches!(b.state(id), ReplyState::Sent { .. }));
        assert_eq!(b.at_marketplace().len(), 1);
    }
}

#[test]
fn limits_are_refused_with_both_numbers_and_nothing_is_kept() {
    let b = bench();
    let mut too_much = new_reply("W załączeniu skan", "k1");
    too_much.files = vec![("skan.pdf".into(), Bytes::from(vec![1u8; 10 * 1024 * 1024 + 1]))];
    let refused = block_on(reply::reply(&b.world, company(), b.ticket, &author(), too_much, &rules(0)));
    let Err(Refusal::Attachment(AttachmentError::Conversation { bytes, limit })) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!((bytes, limit), (10 * 1024 * 1024 + 1, 10 * 1024 * 1024));
    for text in ["ab".to_owned(), "x".repeat(50_001)] {
        let refused = block_on(reply::reply(
            &b.world,
            company(),
            b.ticket,
            &author(),
            new_reply(&text, "k2"),
            &rules(0),
        ));
        assert!(matches!(refused, Err(Refusal::Reply(_))), "{} characters", text.len());
    }
    assert!(b.at_marketplace().is_empty());
    let view = block_on(view::open(&b.world, company(), b.ticket, None)).unwrap();
    assert!(view.ticket.replies.is_empty());
}

#[test]
fn files_go_along_under_a_safe_name_and_count_against_the_meter() {
    let b = bench();
    let mut new = new_reply("W załączeniu", "k1");
    new.files = vec![("../../x.html".into(), Bytes::from_static(b"<script>"))];
    block_on(reply::reply(&b.world, company(), b.ticket, &author(), new, &rules(0))).unwrap();
    let sent = b.world.http.take_sent();
    let m12 = sent.iter().find(|r| r.method == "POST").unwrap();
    let body = String::from_utf8_lossy(&m12.body).into_owned();
    assert!(body.contains("filename=\"x.html\"") && body.contains("<script>"));
    let view = block_on(view::open(&b.world, company(), b.ticket, None)).unwrap();
    assert_eq!(view.ticket.attached().conversation_bytes, 8);
}

#[test]
fn a_comment_never_leaves() {
    let b = bench();
    block_on(reply::comment(&b.world, company(), b.ticket, &author(), "Klient dzwonił, <b>zły</b>", "k"))
        .unwrap();
    b.later(3600);
    block_on(tick::tick(&b.world, Duration::from_secs(20)));
    assert!(b.at_marketplace().is_empty());
    let view = block_on(view::open(&b.world, company(), b.ticket, None)).unwrap();
    assert_eq!(view.lines.last().unwrap().item.kind, ItemKind::Comment);
}

#[test]
fn a_refused_key_stops_the_connection_and_keeps_the_reply_for_a_person() {
    let b = bench();
    *b.next.borrow_mut() = Next::Refuses(401);
    let id = b.reply("Klucz wygasł", 0);
    assert!(matches!(b.state(id), ReplyState::Failed { .. }));
    let c = block_on(connection::of_company(&b.world, company(), b.connection.id)).unwrap();
    assert_eq!(c.run, connection::Run::NeedsAuthentication);
}

#[test]
fn statuses_by_hand() {
    let b = bench();
    block_on(reply::set_status(
        &b.world,
        company(),
        b.ticket,
        &author(),
        Status::Closed { at: Default::default() },
        None,
    ))
    .unwrap();
    assert_eq!(b.status(), StatusKind::Closed);
    let row = block_on(list::page(&b.world, company(), &list::Wanted::default(), None, 10))
        .unwrap()
        .tickets
        .remove(0);
    assert_eq!((row.waiting_since, row.last_activity), (None, b.world.clock.now()));
    b.later(60);
    b.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Jednak nie doszła");
    block_on(poll::poll(&b.world, &b.connection, Duration::MAX)).unwrap();
    assert_eq!(b.status(), StatusKind::New);
    assert!(matches!(
        block_on(reply::set_status(
            &b.world,
            mostek_domain::CompanyId::from_random([5; 16]),
            b.ticket,
            &author(),
            Status::New,
            None
        )),
        Err(Refusal::NotFound(_))
    ));
}

#[test]
fn what_a_reply_costs() {
    let b = bench();
    b.world.kv.reset_operations();
    let id = b.reply("Ile to kosztuje", 30);
    let written = b.world.kv.operations();
    // Slots in ticket, list and outbox; one set_many.
    assert_eq!((written.increments, written.sets), (3, 1));
    b.later(31);
    b.world.kv.reset_operations();
    b.send();
    let sent = b.world.kv.operations();
    // The claim; slots in ticket, list and outbox; one set_many.
    assert_eq!((sent.increments, sent.sets), (4, 1));
    assert!(b.state(id).is_settled());
}

#[test]
fn a_slow_sender_that_was_given_up_still_says_what_came_of_it() {
    let b = bench();
    let id = b.reply("Wolna bramka", 30);
    b.later(31);
    let claim = mostek_store::Claim::new("reply", &id.to_string()).unwrap();
    assert_eq!(block_on(claim.take(&b.world.kv)).unwrap(), 1);
    // Given up by the timer, and then its holder comes back and writes that it was sent.
    b.send();
    assert!(matches!(b.state(id), ReplyState::Checking { .. }));
    let message = b.remote.borrow_mut().writes("t1", "SHOP_USER", "Wolna bramka (zmieniona przez platformę)");
    let journal = Ticket::journal(b.ticket).unwrap();
    let fact = Fact::Attempt { reply: id, claim: 1, outcome: Outcome::Sent { message } };
    let mut commit = mostek_store::Commit::by(mostek_store::Actor::System("late".into()));
    commit.append(&journal, None, vec![(format!("{id}-1"), fact.into())]);
    block_on(commit.run(&b.world)).unwrap();
    assert!(matches!(b.state(id), ReplyState::Sent { .. }));
    b.later(3600);
    b.send();
    assert_eq!(b.at_marketplace().len(), 1);
}

#[test]
fn what_was_taken_back_stays_so_whatever_a_sender_writes_later() {
    let b = bench();
    let id = b.reply("Cofnięta", 30);
    block_on(reply::undo(&b.world, company(), b.ticket, &author(), id)).unwrap();
    let journal = Ticket::journal(b.ticket).unwrap();
    let outcome = Outcome::NotSent { why: Reason::told("no key"), due: b.world.clock.now() };
    let mut commit = mostek_store::Commit::by(mostek_store::Actor::System("late".into()));
    commit.append(
        &journal,
        None,
        vec![("late".to_owned(), Fact::Attempt { reply: id, claim: 0, outcome }.into())],
    );
    block_on(commit.run(&b.world)).unwrap();
    assert_eq!(b.state(id), ReplyState::Dropped);
    b.later(3600);
    b.send();
    assert_eq!(b.at_marketplace().len(), 0);
}

#[test]
fn a_decision_that_died_halfway_can_be_made_again() {
    let b = bench();
    *b.next.borrow_mut() = Next::Refuses(400);
    let id = b.reply("Nie do przyjęcia", 0);
    // Somebody decided, took a claim and was never heard of again.
    let claim = mostek_store::Claim::new("reply", &id.to_string()).unwrap();
    block_on(claim.take(&b.world.kv)).unwrap();
    *b.next.borrow_mut() = Next::Works;
    let first = block_on(reply::decide(&b.world, company(), b.ticket, &author(), id, Decision::Send));
    assert!(matches!(first, Err(Refusal::Changed)));
    assert!(b.state(id).needs_decision());
    block_on(reply::decide(&b.world, company(), b.ticket, &author(), id, Decision::Send)).unwrap();
    assert!(matches!(b.state(id), ReplyState::Sent { .. }));
    assert_eq!(b.at_marketplace().len(), 1);
}

#[test]
fn the_same_text_without_the_file_is_somebody_elses() {
    let b = bench();
    let mut new = new_reply("W załączeniu faktura", "k1");
    new.files = vec![("faktura.pdf".into(), Bytes::from_static(b"%PDF-1.7"))];
    let id = block_on(reply::reply(&b.world, company(), b.ticket, &author(), new, &rules(30))).unwrap();
    b.remote.borrow_mut().writes("t1", "SHOP_USER", "W załączeniu faktura");
    b.later(5);
    block_on(poll::poll(&b.world, &b.connection, Duration::MAX)).unwrap();
    assert_eq!(b.state(id), ReplyState::Waiting);
    b.later(30);
    b.send();
    assert_eq!(b.at_marketplace().len(), 2);
}

#[test]
fn a_reply_whose_bytes_are_damaged_is_shown_to_a_person_and_holds_nothing_back() {
    let b = bench();
    let mut new = new_reply("Plik się popsuł", "k1");
    new.files = vec![("skan.pdf".into(), Bytes::from_static(b"%PDF-1.7"))];
    let id = block_on(reply::reply(&b.world, company(), b.ticket, &author(), new, &rules(30))).unwrap();
    let blob = b.world.kv.keys().into_iter().find(|k| k.starts_with("b:")).unwrap();
    b.world.kv.lose(&blob);
    b.later(31);
    b.send();
    assert!(matches!(b.state(id), ReplyState::Failed { .. }), "{:?}", b.state(id));
    b.reply("Następna odpowiedź", 0);
    assert_eq!(b.at_marketplace(), ["Następna odpowiedź"]);
}

#[test]
fn when_the_shop_wrote_something_else_meanwhile_a_person_is_asked() {
    let b = bench();
    *b.next.borrow_mut() = Next::LosesIt;
    let id = b.reply("Być może zmieniona", 0);
    b.remote.borrow_mut().writes("t1", "SHOP_USER", "Być może z***niona");
    *b.next.borrow_mut() = Next::Works;
    b.later(120);
    b.send();
    assert!(matches!(b.state(id), ReplyState::Uncertain { .. }), "{:?}", b.state(id));
    assert_eq!(b.at_marketplace().len(), 1);
}

/// The store is put back to a moment at which a reply was waiting; the reply may have left after it. `age` is how old that
/// moment is, `None` if nobody was told of the restore.
fn restore(left_meanwhile: bool, age: Option<u64>) -> (Bench, ReplyId) {
    let mut b = bench();
    let reply = b.reply("Jutro.", 30);
    let backup = b.world.kv.copy();
    let taken_at = b.world.clock.now();
    b.later(31);
    if left_meanwhile {
        b.send();
        assert_eq!(b.at_marketplace(), ["Jutro."]);
    }
    b.later(age.unwrap_or_default());
    b.world.kv = backup;
    if age.is_some() {
        let hold = || block_on(restored::hold_pending(&b.world.kv, &b.world.clock, taken_at)).unwrap();
        assert_eq!(hold(), 1);
        // An import that was begun again.
        assert_eq!(hold(), 1);
    }
    for _ in 0..3 {
        b.send();
        b.later(100);
    }
    (b, reply)
}

#[test]
fn after_a_restore_a_reply_that_left_meanwhile_is_recognised_and_not_sent_again() {
    for age in [0, 86_400] {
        let (b, reply) = restore(true, Some(age));
        assert_eq!(b.at_marketplace(), ["Jutro."], "{age} s");
        assert!(matches!(b.state(reply), ReplyState::Sent { .. }), "{:?}", b.state(reply));
    }
    // What holding them is for.
    assert_eq!(restore(true, None).0.at_marketplace(), ["Jutro.", "Jutro."]);
}

#[test]
fn after_a_restore_a_reply_that_is_not_there_is_sent_if_no_time_is_forgotten_and_else_a_person_is_asked() {
    let (moved, reply) = restore(false, Some(0));
    assert_eq!(moved.at_marketplace(), ["Jutro."]);
    assert!(matches!(moved.state(reply), ReplyState::Sent { .. }));

    // A day in which it may have been taken back.
    let (restored, reply) = restore(false, Some(86_400));
    assert!(restored.at_marketplace().is_empty());
    assert!(matches!(restored.state(reply), ReplyState::Uncertain { .. }), "{:?}", restored.state(reply));
    let (world, ticket, author) = (&restored.world, restored.ticket, author());
    block_on(reply::decide(world, company(), ticket, &author, reply, Decision::Send)).unwrap();
    restored.later(1);
    restored.send();
    assert_eq!(restored.at_marketplace(), ["Jutro."]);

    // What is written after the restore is nobody's doubt.
    let later = restored.reply("Pojutrze.", 0);
    assert!(matches!(restored.state(later), ReplyState::Sent { .. }));
}
