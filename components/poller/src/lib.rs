//! The poller component: everything that is done on a timer, behind one path that a scheduler calls.

mod repair;
mod routes;
mod tick;

mostek_platform::component!(routes::answer);
