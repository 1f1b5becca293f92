//! Webhooks: shops that tell us of events (W1 to W3), and our own events told to others (W4).
//!
//! [`source`] is how a shop is set up, [`receive`] what happens to its requests, [`effect`] what becomes of an event, and
//! [`letters`] keeps what could not be understood. [`endpoint`] is who wants to hear of our events, [`outbox`] what is on
//! its way to them, and [`deliver`] brings it there.

pub mod effect;
pub mod letters;
pub mod receive;
pub mod source;
