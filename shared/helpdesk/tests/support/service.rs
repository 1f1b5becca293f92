//! A desk with hours, deadlines and automatic replies.

use super::{Remote, SEALING_KEY, company, connect, iso, long_ago};
use futures::executor::block_on;
use mostek_domain::{Calendar, Label, QueueId, TicketId, Timestamp};
use mostek_helpdesk::connection::Connection;
use mostek_helpdesk::list::{self, Wanted};
use mostek_helpdesk::policy::{self, Occasion, QueuePolicy, Rule, Sla};
use mostek_helpdesk::ticket::Ticket;
use mostek_helpdesk::{desk, poll, sending, tick};
use mostek_ports::testing::{FakeHttp, TestWorld};
use mostek_ports::{Clock, World};
use mostek_store::Actor;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

pub const HOUR: u64 = 3600;

pub fn actor() -> Actor {
    Actor::System("test".into())
}

/// The queue that the connection's tickets come to.
pub fn queue() -> QueueId {
    QueueId::from_random([4; 16])
}

pub fn other_queue() -> QueueId {
    QueueId::from_random([5; 16])
}

/// Adds both queues to the desk.
pub async fn queues<W: World>(world: &W) {
    for (id, name) in [(queue(), "Obsługa"), (other_queue(), "Zwroty")] {
        let fact = desk::Fact::Queue { id, name: Label::parse(name).unwrap(), archived: false };
        desk::put_fact(world, company(), actor(), fact).await.unwrap();
    }
}

pub async fn set_sla<W: World>(world: &W, queue: QueueId, first: Option<u32>, next: Option<u32>) {
    let policy = QueuePolicy { sla: Sla { first, next }, ..QueuePolicy::default() };
    policy::set_queue(world, company(), actor(), queue, policy).await.unwrap();
}

pub async fn set_rule<W: World>(
    world: &W,
    connection: &Connection,
    occasion: Occasion,
    text: &str,
    delay: u32,
    on: bool,
) {
    let rule =
        Rule { connection: connection.id, queue: queue(), occasion, text: text.into(), delay, since: None };
    policy::set_rule(world, company(), actor(), rule, on).await.unwrap();
}

/// A hub with a connection, and a marketplace.
pub struct Desk {
    pub world: TestWorld,
    pub remote: Rc<RefCell<Remote>>,
    pub connection: Connection,
}

impl Desk {
    /// On Tuesday 12 May 2026 at noon in Warsaw, without any policy.
    pub fn new() -> Self {
        let mut world = TestWorld::new(1);
        world.settings.0.insert("sealing_key".into(), SEALING_KEY.into());
        let remote = Rc::new(RefCell::new(Remote { now: world.clock.now().0, ..Remote::default() }));
        let handler = remote.clone();
        world.http = FakeHttp::new(move |r| Ok(handler.borrow_mut().handle(r)));
        let connection = block_on(connect(&world, false, long_ago(&world)));
        block_on(queues(&world));
        Self { world, remote, connection }
    }

    /// Open from Monday to Friday, eight to four.
    pub fn with_hours() -> Self {
        let desk = Self::new();
        block_on(policy::set_hours(&desk.world, company(), actor(), Calendar::office())).unwrap();
        desk
    }

    pub fn rule(&self, occasion: Occasion, text: &str, delay: u32) {
        block_on(set_rule(&self.world, &self.connection, occasion, text, delay, true));
    }

    pub fn id(&self, thread: &str) -> TicketId {
        TicketId::of_thread(self.connection.id, thread)
    }

    pub fn ticket(&self, thread: &str) -> Ticket {
        let journal = Ticket::journal(self.id(thread)).unwrap();
        block_on(journal.read(&self.world.kv, &self.world.clock)).unwrap().state
    }

    pub fn list(&self, wanted: &Wanted) -> list::TicketPage {
        block_on(list::page(&self.world, company(), wanted, None, 50)).unwrap()
    }

    /// Somebody writes at the marketplace now; the hub learns of it a few seconds later.
    pub fn writes(&self, thread: &str, kind: &str, text: &str) -> String {
        let id = self.remote.borrow_mut().writes(thread, kind, text);
        self.pass(5);
        self.poll();
        id
    }

    pub fn poll(&self) -> poll::Report {
        block_on(poll::poll(&self.world, &self.connection, Duration::MAX)).unwrap()
    }

    /// Time passes here and at the marketplace.
    pub fn pass(&self, seconds: u64) {
        self.world.clock.advance(Duration::from_secs(seconds));
        self.remote.borrow_mut().now = self.world.clock.now().0;
    }

    pub fn tick(&self) -> tick::Report {
        let report = block_on(tick::tick(&self.world, Duration::from_secs(25)));
        assert!(report.errors.is_empty(), "{:?}", report.errors);
        report
    }

    pub fn send(&self) -> sending::Report {
        block_on(sending::send_due(&self.world, Duration::MAX)).unwrap()
    }

    pub fn ours(&self, thread: &str) -> Vec<String> {
        self.remote.borrow().bodies(thread, "SHOP_USER")
    }
}

/// A moment as the tests write it.
pub fn at(moment: Option<Timestamp>) -> String {
    moment.map(|m| iso(m.0)).unwrap_or_default()
}
