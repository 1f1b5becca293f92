//! A desk in a world where nothing fails, for tests that go step by step.

use super::*;
use futures::executor::block_on;
use mostek_domain::TicketId;
use mostek_helpdesk::list::{self, Wanted};
use mostek_helpdesk::view::{self, Content};
use mostek_helpdesk::{connection, poll};
use mostek_ports::testing::{FakeHttp, TestWorld};
use std::cell::RefCell;
use std::rc::Rc;

/// One company, one connection, one marketplace.
pub struct Bench {
    pub world: TestWorld,
    pub remote: Rc<RefCell<Remote>>,
    pub connection: connection::Connection,
}

pub fn bench(add_customers: bool) -> Bench {
    let mut world = TestWorld::new(1);
    world.settings.0.insert("sealing_key".into(), SEALING_KEY.into());
    let remote = Rc::new(RefCell::new(Remote { now: world.clock.now().0, ..Remote::default() }));
    let handler = remote.clone();
    world.http = FakeHttp::new(move |r| Ok(handler.borrow_mut().handle(r)));
    let connection = block_on(connect(&world, add_customers, long_ago(&world)));
    Bench { world, remote, connection }
}

impl Bench {
    pub fn poll(&self) -> poll::Report {
        block_on(poll::poll(&self.world, &self.connection, Duration::MAX)).unwrap()
    }

    /// The ticket whose journal holds a conversation.
    pub fn ticket(&self, thread: &str) -> TicketId {
        TicketId::of_thread(self.connection.id, thread)
    }

    pub fn view(&self, thread: &str) -> view::View {
        self.open(self.ticket(thread))
    }

    pub fn open(&self, id: TicketId) -> view::View {
        block_on(view::open(&self.world, company(), id, None)).unwrap()
    }

    pub fn texts(&self, thread: &str) -> Vec<String> {
        self.texts_in(self.ticket(thread))
    }

    /// What is said on a ticket's page, oldest first.
    pub fn texts_in(&self, id: TicketId) -> Vec<String> {
        let text = |c: &Content| match c {
            Content::Message { text, .. } | Content::Reply { text, .. } | Content::Comment { text, .. } => {
                Some(text.clone())
            }
            _ => None,
        };
        self.open(id).lines.iter().filter_map(|l| text(&l.content)).collect()
    }

    pub fn list(&self, wanted: &Wanted) -> list::TicketPage {
        block_on(list::page(&self.world, company(), wanted, None, 50)).unwrap()
    }
}
