//! All adapters in one value.

use crate::{SpinClock, SpinHttp, SpinLog, SpinRandom, SpinSettings};
use mostek_ports::World;

/// Where the application's data are, chosen when it is built (feature `redis`): only one of the two may be in a component,
/// since some hosts refuse components that ask for `wasi:keyvalue`, used or not.
#[cfg(not(feature = "redis"))]
pub type Store = crate::SpinStore;
/// Where the application's data are, chosen when it is built (feature `redis`).
#[cfg(feature = "redis")]
pub type Store = crate::RedisStore;

#[cfg(not(feature = "redis"))]
fn store(_: &SpinSettings) -> Store {
    Store::default()
}
#[cfg(feature = "redis")]
fn store(settings: &SpinSettings) -> Store {
    Store::new(settings.clone())
}

/// The world as Spin offers it. One is made per request; clones share its open store and what it has read of the
/// settings.
#[derive(Clone)]
pub struct SpinWorld {
    kv: Store,
    http: SpinHttp,
    clock: SpinClock,
    random: SpinRandom,
    settings: SpinSettings,
    log: SpinLog,
}

impl SpinWorld {
    /// A world with nothing opened or read yet.
    #[must_use]
    pub fn new() -> Self {
        let settings = SpinSettings::default();
        Self {
            kv: store(&settings),
            http: SpinHttp,
            clock: SpinClock,
            random: SpinRandom,
            settings,
            log: SpinLog,
        }
    }
}

impl Default for SpinWorld {
    fn default() -> Self {
        Self::new()
    }
}

impl World for SpinWorld {
    type Kv = Store;
    type Http = SpinHttp;
    type Clock = SpinClock;
    type Random = SpinRandom;
    type Settings = SpinSettings;
    type Log = SpinLog;

    fn kv(&self) -> &Store {
        &self.kv
    }
    fn http(&self) -> &SpinHttp {
        &self.http
    }
    fn clock(&self) -> &SpinClock {
        &self.clock
    }
    fn random(&self) -> &SpinRandom {
        &self.random
    }
    fn settings(&self) -> &SpinSettings {
        &self.settings
    }
    fn log(&self) -> &SpinLog {
        &self.log
    }
}
