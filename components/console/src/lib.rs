//! The console component: signing in, companies, employees, settings, the audit journal, and every path nobody else owns.

mod account;
mod api;
mod api_page;
mod audit;
mod companies;
mod dashboard;
mod employees;
mod form;
mod helpdesk;
mod preferences;
mod routes;
mod settings;
mod setup;
mod sign_in;
#[cfg(test)]
mod tests;
mod view;

mostek_platform::component!(routes::answer);
