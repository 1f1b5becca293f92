//! A stand-in of the Mirakl Marketplace Platform's seller API, as EmpikPlace offers it.
//!
//! Under `/mirakl/api` it speaks what a connector expects of a marketplace, under `/mirakl/control` a test causes and
//! reads everything as JSON, under `/mirakl/panel` a person does the same in a browser.

mod api;
pub mod catalogue;
mod control;
pub mod demo;
mod distort;
pub mod faults;
mod forms;
mod gate;
pub mod log;
pub mod model;
mod panel;
mod query;
mod report;
mod token;
pub mod wire;
pub mod world;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::DefaultBodyLimit;

use self::faults::{Fault, Faults, Operation};
use self::log::{Entry, Log};
use self::token::Tokens;
use self::world::{Draft, Refusal, World, Written};
use crate::clock;

/// Everything behind the one lock.
#[derive(Debug)]
pub struct Inner {
    /// Shops, orders, conversations.
    pub world: World,
    /// What will go wrong.
    pub faults: Faults,
    /// What was asked.
    pub log: Log,
}

/// The stand-in's state, shared by its routes and by a test in the same process.
#[derive(Debug)]
pub struct Sandbox {
    inner: Mutex<Inner>,
    tokens: Tokens,
    seed: u64,
}

impl Sandbox {
    /// An empty marketplace; the seed decides ids, names, orders and page tokens.
    pub fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self { inner: Mutex::new(fresh(seed)), tokens: Tokens::new(seed), seed })
    }

    /// Looks at the state or changes it, with everything visible that is due by now.
    pub fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        // A test that panicked while holding the lock leaves nothing half done that matters here.
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.world.settle(clock::now_ms());
        act(&mut inner)
    }

    /// Somebody writes; see [`World::write`].
    ///
    /// # Errors
    /// Those of [`World::write`].
    pub fn write(&self, draft: Draft) -> Result<Written, Refusal> {
        self.with(|inner| inner.world.write(clock::now_ms(), draft))
    }

    /// Sets a fault; returns its number.
    pub fn fail(&self, fault: Fault) -> u64 {
        self.with(|inner| inner.faults.add(fault))
    }

    /// Takes all faults back.
    pub fn clear_faults(&self) {
        self.with(|inner| inner.faults.clear());
    }

    /// How often an operation was called since the last reset; `Any` counts every request.
    pub fn calls(&self, operation: Operation) -> u64 {
        self.with(|inner| match operation {
            Operation::Any => inner.log.total(),
            one => inner.log.counts().get(&one).copied().unwrap_or(0),
        })
    }

    /// The recent requests, oldest first.
    pub fn requests(&self) -> Vec<Entry> {
        self.with(|inner| inner.log.entries().cloned().collect())
    }

    /// All conversations as `GET /mirakl/control/state` shows them.
    pub fn state(&self) -> serde_json::Value {
        self.with(|inner| report::state(inner))
    }

    /// Fills the bookshop with forty conversations of the last `since_days` days; returns how many it made.
    ///
    /// # Errors
    /// 500 when the demonstration data contradicts itself.
    pub fn load_demo(&self, since_days: u32) -> Result<usize, Refusal> {
        self.with(|inner| demo::load(&mut inner.world, clock::now_ms(), since_days))
    }

    /// Back to the beginning, with the same seed.
    pub fn reset(&self) {
        self.with(|inner| *inner = fresh(self.seed));
    }

    /// The routes under `/mirakl` (and `/media`, where pictures are relative to the host).
    pub fn routes(self: &Arc<Self>) -> Router {
        Router::new()
            .merge(api::routes(self))
            .merge(control::routes())
            .merge(panel::routes())
            // Above the 30 MB of a message, so that the API's own refusal is seen first.
            .layer(DefaultBodyLimit::max(48 * 1024 * 1024))
            .with_state(Arc::clone(self))
    }
}

fn fresh(seed: u64) -> Inner {
    Inner { world: World::new(seed), faults: Faults::default(), log: Log::default() }
}
