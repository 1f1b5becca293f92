//! The helpdesk's use cases: marketplace conversations as tickets beside a CRM.
//!
//! Everything is generic over [`mostek_ports::World`], so all of it runs natively in tests. Where to look:
//! [`authenticate`] and [`connection`] set a connection up; [`poll`] and [`intake`] take messages; [`ticket`] is what a ticket
//! folds to, [`view`] what its page shows, [`list`] the ticket list, [`views`] its saved filters; [`presence`] who else is at a ticket; [`reply`] is what a consultant does; [`marks`] priority, tags and sub-statuses; [`front`] merges tickets and lets one follow another; [`sending`] and
//! [`outbox`] bring replies to the marketplace; [`customer`] is the CRM and [`timeline`] what shops tell of a customer; [`desk`] queues, categories, fields and
//! templates, which [`filled`] fills in; [`policy`] hours, deadlines, assignment and automatic replies, which [`sla`], [`rota`] and [`automatic`] put into
//! effect; [`routine`] macros and automations, which [`automation`] runs on a [`whole`] ticket; [`webhooks`] takes shops' events in and tells ours; [`tick`] what the timer does; [`repair`]
//! rebuilds what can be rebuilt; [`search`] finds tickets, [`reports`] adds them up, [`overview`] is what a dashboard shows.

pub mod authenticate;
pub mod automatic;
pub mod automation;
pub mod connection;
pub mod customer;
pub mod desk;
pub mod download;
pub mod error;
pub mod filled;
pub mod front;
pub mod intake;
pub mod list;
pub mod marks;
pub mod orders;
pub mod outbox;
pub mod overview;
pub mod policy;
pub mod poll;
pub mod presence;
pub mod repair;
pub mod reply;
pub mod reports;
pub mod restored;
pub mod rota;
pub mod routine;
pub mod search;
pub mod sending;
pub mod sla;
pub mod snooze;
pub mod tick;
pub mod ticket;
pub mod timeline;
pub mod view;
pub mod views;
pub mod webhooks;
pub mod whole;

mod follow;
mod names;
mod remote;

pub use error::Refusal;
