//! Stand-ins for the ports, for tests natively: a map for a store, a clock that is set by hand, seeded randomness.
//!
//! Kept in the crate (not behind a feature) so that every crate's tests use the same ones; the linker drops it from
//! the components.

use crate::{
    Clock, HttpClient, HttpError, KeyValue, Level, Log, OutgoingRequest, Random, Settings, SettingsError,
    StoreError, StreamedResponse, Timestamp, WholeResponse, World,
};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::time::Duration;

/// How many store operations of each kind were made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Operations {
    /// `get` and `counter`.
    pub reads: u64,
    /// `increment`.
    pub increments: u64,
    /// `set_many` calls.
    pub sets: u64,
    /// `delete_many` calls.
    pub deletes: u64,
}

impl Operations {
    /// Operations that change something.
    #[must_use]
    pub fn writes(&self) -> u64 {
        self.increments + self.sets + self.deletes
    }
}

/// A store in memory that counts its operations. Clones share the data.
#[derive(Clone, Default)]
pub struct MemoryStore {
    values: Rc<RefCell<BTreeMap<String, Vec<u8>>>>,
    counters: Rc<RefCell<BTreeMap<String, u64>>>,
    operations: Rc<Cell<Operations>>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Operations made so far.
    #[must_use]
    pub fn operations(&self) -> Operations {
        self.operations.get()
    }

    /// Starts counting from zero.
    pub fn reset_operations(&self) {
        self.operations.set(Operations::default());
    }

    /// All keys with values, in order (counters not among them).
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.values.borrow().keys().cloned().collect()
    }

    /// A store of its own with what is in this one now, as if it had been restored from a backup.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self {
            values: Rc::new(RefCell::new(self.values.borrow().clone())),
            counters: Rc::new(RefCell::new(self.counters.borrow().clone())),
            operations: Rc::default(),
        }
    }

    /// Removes a value behind the back of the code under test.
    pub fn lose(&self, key: &str) {
        self.values.borrow_mut().remove(key);
    }

    /// The longest value, as (key, bytes).
    #[must_use]
    pub fn longest_value(&self) -> Option<(String, usize)> {
        self.values.borrow().iter().map(|(k, v)| (k.clone(), v.len())).max_by_key(|(_, n)| *n)
    }

    fn count(&self, f: impl FnOnce(&mut Operations)) {
        let mut o = self.operations.get();
        f(&mut o);
        self.operations.set(o);
    }
}

impl KeyValue for MemoryStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.count(|o| o.reads += 1);
        Ok(self.values.borrow().get(key).cloned())
    }
    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        self.count(|o| o.reads += 1);
        Ok(self.counters.borrow().get(key).copied().unwrap_or(0))
    }
    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        self.count(|o| o.increments += 1);
        let mut counters = self.counters.borrow_mut();
        let n = counters.entry(key.to_owned()).or_insert(0);
        *n += by;
        Ok(*n)
    }
    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        self.count(|o| o.sets += 1);
        self.values.borrow_mut().extend(pairs.iter().cloned());
        Ok(())
    }
    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        self.count(|o| o.deletes += 1);
        for k in keys {
            self.values.borrow_mut().remove(k);
        }
        Ok(())
    }
}

/// A clock that stands still until it is moved; `sleep` moves it. Clones share the time.
#[derive(Clone)]
pub struct ManualClock {
    now: Rc<Cell<i64>>,
    start: i64,
}

impl ManualClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self { now: Rc::new(Cell::new(now.0)), start: now.0 }
    }

    /// Moves the clock forward.
    pub fn advance(&self, d: Duration) {
        self.now.set(Timestamp(self.now.get()).plus(d).0);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.now.get())
    }
    fn monotonic(&self) -> Duration {
        Timestamp(self.now.get()).since(Timestamp(self.start))
    }
    async fn sleep(&self, d: Duration) {
        self.advance(d);
    }
}

/// Repeatable "randomness" (SplitMix64). Never for anything but tests.
#[derive(Clone)]
pub struct SeededRandom(Rc<Cell<u64>>);

impl SeededRandom {
    /// The sequence of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Rc::new(Cell::new(seed)))
    }

    fn step(&self) -> u64 {
        let s = self.0.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.0.set(s);
        let mut z = s;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.step().to_le_bytes();
            for (b, w) in chunk.iter_mut().zip(word) {
                *b = w;
            }
        }
    }
}

/// Settings from a map.
#[derive(Clone, Default)]
pub struct MapSettings(pub BTreeMap<String, String>);

impl Settings for MapSettings {
    async fn get(&self, name: &str) -> Result<Option<String>, SettingsError> {
        Ok(self.0.get(name).filter(|v| !v.is_empty()).cloned())
    }
}

/// Keeps log lines for a test to look at.
#[derive(Clone, Default)]
pub struct RecordingLog(Rc<RefCell<Vec<(Level, String)>>>);

impl RecordingLog {
    /// The lines so far.
    #[must_use]
    pub fn lines(&self) -> Vec<(Level, String)> {
        self.0.borrow().clone()
    }
}

impl Log for RecordingLog {
    fn write(&self, level: Level, line: &str) {
        self.0.borrow_mut().push((level, line.to_owned()));
    }
}

/// What a [`FakeHttp`] does with a request.
pub type Responder = Box<dyn FnMut(&OutgoingRequest) -> Result<WholeResponse, HttpError>>;

/// An HTTP client that asks a closure and records what was sent. Clones share both.
#[derive(Clone)]
pub struct FakeHttp {
    responder: Rc<RefCell<Responder>>,
    sent: Rc<RefCell<VecDeque<OutgoingRequest>>>,
}

impl FakeHttp {
    /// A client whose answers come from `responder`.
    #[must_use]
    pub fn new(
        responder: impl FnMut(&OutgoingRequest) -> Result<WholeResponse, HttpError> + 'static,
    ) -> Self {
        Self { responder: Rc::new(RefCell::new(Box::new(responder))), sent: Rc::default() }
    }

    /// A client that reaches nobody.
    #[must_use]
    pub fn unreachable() -> Self {
        Self::new(|_| Err(HttpError::NotSent("connection refused".into())))
    }

    /// Takes the requests sent so far.
    #[must_use]
    pub fn take_sent(&self) -> Vec<OutgoingRequest> {
        self.sent.borrow_mut().drain(..).collect()
    }
}

impl HttpClient for FakeHttp {
    async fn send(&self, request: OutgoingRequest) -> Result<WholeResponse, HttpError> {
        self.sent.borrow_mut().push_back(request.clone());
        (self.responder.borrow_mut())(&request)
    }
    async fn open(&self, request: OutgoingRequest) -> Result<StreamedResponse, HttpError> {
        let whole = self.send(request).await?;
        Ok(StreamedResponse {
            status: whole.status,
            headers: whole.headers,
            body: Box::new(crate::BytesStream::new(whole.body)),
        })
    }
}

/// A whole world for tests; every part can be replaced before use.
#[derive(Clone)]
pub struct TestWorld<K = MemoryStore> {
    /// The store.
    pub kv: K,
    /// HTTP.
    pub http: FakeHttp,
    /// The clock.
    pub clock: ManualClock,
    /// Randomness.
    pub random: SeededRandom,
    /// Settings.
    pub settings: MapSettings,
    /// Log.
    pub log: RecordingLog,
}

impl TestWorld<MemoryStore> {
    /// An empty world at 2026-05-12T10:00:00Z with nobody reachable.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            kv: MemoryStore::new(),
            http: FakeHttp::unreachable(),
            clock: ManualClock::at(Timestamp(1_778_580_000_000)),
            random: SeededRandom::new(seed),
            settings: MapSettings::default(),
            log: RecordingLog::default(),
        }
    }
}

impl<K: KeyValue> World for TestWorld<K> {
    type Kv = K;
    type Http = FakeHttp;
    type Clock = ManualClock;
    type Random = SeededRandom;
    type Settings = MapSettings;
    type Log = RecordingLog;

    fn kv(&self) -> &K {
        &self.kv
    }
    fn http(&self) -> &FakeHttp {
        &self.http
    }
    fn clock(&self) -> &ManualClock {
        &self.clock
    }
    fn random(&self) -> &SeededRandom {
        &self.random
    }
    fn settings(&self) -> &MapSettings {
        &self.settings
    }
    fn log(&self) -> &RecordingLog {
        &self.log
    }
}
