//! The helpdesk component: tickets, customer records, marketplace connections, as pages and as JSON.
//!
//! Only routing, reading what was sent and showing what is: every decision is in `mostek-helpdesk`.

mod acts;
mod api;
mod fields;
mod files;
mod input;
mod macros;
mod pages;
mod refusal;
mod routes;
mod visit;

#[cfg(test)]
mod tests;

mostek_platform::component!(routes::answer);
