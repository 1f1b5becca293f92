//! The webhooks component: takes events that shops send, and shows and sets up who sends and who is told.
//!
//! It calls nobody: our own webhooks leave by the timer. Every decision is in `mostek-helpdesk` and `mostek-webhooks`.

mod acts;
mod api;
mod fields;
mod input;
mod pages;
mod refusal;
mod routes;
mod taking;
mod visit;

#[cfg(test)]
mod tests;

mostek_platform::component!(routes::answer);
