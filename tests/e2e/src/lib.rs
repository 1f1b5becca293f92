//! What the end-to-end tests share: a hub as a process of its own, the stand-ins in the test's process, and clients that
//! speak HTTP only.
//!
//! Which engine serves is chosen by `MOSTEK_ENGINE` (`host`, or `spin` with its program in `SPIN`), what keeps the data by
//! `MOSTEK_STORE` (`sqlite`, or `redis` with its server in `MOSTEK_REDIS_SERVER`); `cargo xtask test` sets these. Without them the programs are looked for where cargo builds them, and a test whose programs are missing
//! says so and passes.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

pub mod client;
pub mod driver;
pub mod fill;
pub mod history;
pub mod hub;
pub mod measure;
pub mod port;
pub mod programs;
pub mod random;
pub mod redis;
pub mod stack;
pub mod wait;

pub use client::{Answer, Client};
pub use hub::Hub;
pub use stack::{Options, Stack};
pub use wait::eventually;
