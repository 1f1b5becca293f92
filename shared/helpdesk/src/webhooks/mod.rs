//! Webhooks: shops that tell us of events (W1 to W3), and our own events told to others (W4).
//!
//! [`source`] is how a shop is set up, [`receive`] what happens to its requests, [`effect`] what becomes of an event, and
//! [`letters`] keeps what could not be understood, and `named` finds the person in it. [`endpoint`] is who wants to hear of our events; `feed` finds them
//! in the list of tickets, [`outbox`] is what is on its way, and [`deliver`] brings it there.
//! [`answer`] hands a reply to a shop that takes answers.

pub mod answer;
pub mod deliver;
pub mod effect;
pub mod endpoint;
pub mod letters;
pub mod outbox;
pub mod receive;
pub mod source;

mod feed;
pub(crate) mod named;
