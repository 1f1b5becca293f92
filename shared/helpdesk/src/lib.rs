//! The helpdesk's use cases: marketplace conversations as tickets beside a CRM.
//!
//! Everything is generic over [`mostek_ports::World`], so all of it runs natively in tests. Where to look:
//! [`authenticate`] and [`connection`] set a connection up; [`poll`] and [`intake`] take messages; [`ticket`] is what a ticket
//! folds to, [`view`] what its page shows, [`list`] the ticket list; [`reply`] is what a consultant does; [`sending`] and
//! [`outbox`] bring replies to the marketplace; [`customer`] is the CRM and [`timeline`] what shops
//! tell of a customer; [`desk`] queues, categories, fields and
//! templates; [`tick`] what the timer does; [`repair`]
//! rebuilds what can be rebuilt.

pub mod authenticate;
pub mod connection;
pub mod customer;
pub mod desk;
pub mod download;
pub mod error;
pub mod intake;
pub mod list;
pub mod orders;
pub mod outbox;
pub mod poll;
pub mod repair;
pub mod reply;
pub mod restored;
pub mod sending;
pub mod snooze;
pub mod tick;
pub mod ticket;
pub mod timeline;
pub mod view;

mod names;
mod remote;

pub use error::Refusal;
