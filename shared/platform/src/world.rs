//! All adapters in one value.

use crate::{SpinClock, SpinHttp, SpinLog, SpinRandom, SpinSettings, SpinStore};
use mostek_ports::World;

/// The world as Spin offers it. One is made per request; clones share its open store and what it has read of the
/// settings.
#[derive(Clone, Default)]
pub struct SpinWorld {
    kv: SpinStore,
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
        Self::default()
    }
}

impl World for SpinWorld {
    type Kv = SpinStore;
    type Http = SpinHttp;
    type Clock = SpinClock;
    type Random = SpinRandom;
    type Settings = SpinSettings;
    type Log = SpinLog;

    fn kv(&self) -> &SpinStore {
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
