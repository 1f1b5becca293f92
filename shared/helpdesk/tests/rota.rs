//! Round robin: who gets which ticket, and that one is given once.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use futures::executor::block_on;
use mostek_domain::ticket::Status;
use mostek_domain::{
    Access, Capability, EmailAddress, EmployeeId, Language, PersonName, Rights, Role, TicketId,
};
use mostek_helpdesk::list::{self, Assignee, Wanted};
use mostek_helpdesk::policy::{self, Assignment, QueuePolicy};
use mostek_helpdesk::ticket::{ItemKind, Ticket};
use mostek_helpdesk::{poll, reply, rota};
use mostek_people::directory::{Directory, DirectoryFact, DirectoryFold, EmployeeDetails};
use mostek_ports::World;
use mostek_ports::simulation::{Faults, Simulation, for_seeds};
use mostek_store::{Aggregate, Entry};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use support::service::*;
use support::*;

fn person(n: u8) -> EmployeeId {
    EmployeeId::from_random([100 + n; 16])
}

/// The directory after facts about people, each in a slot of its own.
fn directory(facts: Vec<DirectoryFact>) -> Directory {
    let mut state = Directory::default();
    for (slot, fact) in (1..).zip(facts) {
        let entry = Entry {
            v: 1,
            slot,
            stamp: String::new(),
            id: slot.to_string(),
            at: 0,
            actor: actor(),
            refs: Default::default(),
            fact,
        };
        DirectoryFold::apply(&mut state, &entry);
    }
    state
}

fn hired(n: u8, may: bool) -> DirectoryFact {
    DirectoryFact::EmployeeAdded {
        employee: person(n),
        details: EmployeeDetails {
            name: PersonName::parse(&format!("Osoba {n}")).unwrap(),
            email: EmailAddress::parse(&format!("osoba{n}@firma.pl")).unwrap(),
            companies: [company()].into(),
            access: Access::new(Role::Operator, Rights::none().with(Capability::Helpdesk, may)),
        },
        language: Language::Pl,
    }
}

fn fired(n: u8) -> DirectoryFact {
    DirectoryFact::ActiveChanged { employee: person(n), active: false }
}

async fn set_members<W: World>(world: &W, members: &[u8], limit: u32) {
    let members = members.iter().map(|n| person(*n)).collect();
    let assignment = Assignment::RoundRobin { members, limit };
    let policy = QueuePolicy { assignment, ..QueuePolicy::default() };
    policy::set_queue(world, company(), actor(), queue(), policy).await.unwrap();
}

async fn give_out<W: World>(world: &W, directory: &Directory) -> u64 {
    let Ok(policy) = policy::read(world, company()).await else { return 0 };
    rota::give_out(world, company(), &policy.state, directory, Duration::MAX).await.unwrap_or(0)
}

fn of(d: &Desk, who: Option<u8>) -> u64 {
    let assignee = Some(who.map_or(Assignee::Nobody, |n| Assignee::Employee(person(n))));
    block_on(list::count(&d.world, company(), &Wanted { assignee, ..Wanted::default() })).unwrap()
}

fn tickets(d: &Desk, from: usize, to: usize) {
    for n in from..to {
        d.writes(&format!("t{n}"), "CUSTOMER_USER", "Pytanie");
    }
}

#[test]
fn new_tickets_are_given_to_the_members_in_turn_up_to_the_limit() {
    let d = Desk::new();
    let people = directory(vec![hired(1, true), hired(2, true), hired(3, true)]);
    tickets(&d, 0, 4);
    assert_eq!(block_on(give_out(&d.world, &people)), 0, "nobody is a member");
    block_on(set_members(&d.world, &[1, 2], 3));
    assert_eq!(block_on(give_out(&d.world, &people)), 4);
    assert_eq!((of(&d, Some(1)), of(&d, Some(2)), of(&d, None)), (2, 2, 0));
    // The longest waiting was the first to be given, to the first of the list.
    assert_eq!(d.ticket("t0").assignee(), Some(person(1)));
    assert_eq!(d.ticket("t1").assignee(), Some(person(2)));
    tickets(&d, 4, 9);
    assert_eq!(block_on(give_out(&d.world, &people)), 2, "three each");
    assert_eq!((of(&d, Some(1)), of(&d, Some(2)), of(&d, None)), (3, 3, 3));
    // Who closes one is given another, the one that has waited longest.
    let closed = Status::Closed { at: Default::default() };
    block_on(reply::set_status(&d.world, company(), d.id("t1"), &author(), closed, None)).unwrap();
    assert_eq!(block_on(give_out(&d.world, &people)), 1);
    assert_eq!(d.ticket("t6").assignee(), Some(person(2)));
    assert_eq!(block_on(give_out(&d.world, &people)), 0);
}

#[test]
fn only_those_with_the_right_are_given_any_and_theirs_go_on_when_they_lose_it() {
    let d = Desk::new();
    block_on(set_members(&d.world, &[1, 2, 3], 10));
    tickets(&d, 0, 4);
    let people = vec![hired(1, true), hired(2, true), hired(3, false)];
    block_on(give_out(&d.world, &directory(people.clone())));
    assert_eq!((of(&d, Some(1)), of(&d, Some(2)), of(&d, Some(3))), (2, 2, 0));
    // One in progress and one closed: the first goes to somebody else, the second stays whose it was.
    let set = |thread: &str, status| {
        block_on(reply::set_status(&d.world, company(), d.id(thread), &author(), status, None)).unwrap();
    };
    set("t0", Status::InProgress);
    set("t2", Status::Closed { at: Default::default() });
    assert_eq!((d.ticket("t0").assignee(), d.ticket("t2").assignee()), (Some(person(1)), Some(person(1))));
    let people = directory([people, vec![fired(1)]].concat());
    assert_eq!(block_on(give_out(&d.world, &people)), 1);
    assert_eq!((d.ticket("t0").assignee(), d.ticket("t2").assignee()), (Some(person(2)), Some(person(1))));
    assert_eq!(block_on(give_out(&d.world, &people)), 0);
}

#[test]
fn other_queues_and_tickets_in_work_are_left_alone() {
    let d = Desk::new();
    block_on(set_members(&d.world, &[1], 10));
    tickets(&d, 0, 3);
    block_on(reply::move_to(&d.world, company(), d.id("t0"), &author(), other_queue(), None)).unwrap();
    let working = Status::InProgress;
    block_on(reply::set_status(&d.world, company(), d.id("t1"), &author(), working, None)).unwrap();
    assert_eq!(block_on(give_out(&d.world, &directory(vec![hired(1, true)]))), 1);
    assert_eq!(d.ticket("t2").assignee(), Some(person(1)));
    assert_eq!((d.ticket("t0").assignee(), d.ticket("t1").assignee()), (None, None));
}

#[test]
fn two_timers_at_once_give_a_ticket_once() {
    for_seeds(80, |seed| {
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
        for n in 0..3 {
            remote.borrow_mut().writes(&format!("t{n}"), "CUSTOMER_USER", "Pytanie");
        }
        let made = Rc::new(Cell::new(None));
        let place = made.clone();
        sim.spawn(async move {
            let connection = connect(&setup, false, long_ago(&setup)).await;
            queues(&setup).await;
            set_members(&setup, &[1, 2], 10).await;
            poll::poll(&setup, &connection, Duration::MAX).await.unwrap();
            place.set(Some(connection.id));
        });
        sim.run();
        let connection = made.get().ok_or("the connection was not made")?;
        for _ in 0..3 {
            let world = process(&sim);
            sim.spawn(async move {
                give_out(&world, &directory(vec![hired(1, true), hired(2, true)])).await;
            });
        }
        sim.run();
        let verdict = Rc::new(RefCell::new(Err("nothing was looked at".to_owned())));
        let (place, world) = (verdict.clone(), process(&sim));
        sim.spawn(async move {
            *place.borrow_mut() = Ok(());
            let page = list::page(&world, company(), &Wanted::default(), None, 10).await.unwrap();
            for n in 0..3 {
                let id = TicketId::of_thread(connection, &format!("t{n}"));
                let state = Ticket::journal(id).unwrap().read(world.kv(), world.clock()).await.unwrap().state;
                let events = state.items.iter().filter(|i| i.kind == ItemKind::Event).count();
                let row = page.tickets.iter().find(|t| t.id == id).and_then(|t| t.assignee);
                if events != 1 || state.assignee().is_none() || row != state.assignee() {
                    let who = state.assignee();
                    *place.borrow_mut() = Err(format!("{events} times, to {who:?}, the list says {row:?}"));
                }
            }
        });
        sim.run();
        verdict.replace(Ok(()))
    })
    .unwrap();
}
