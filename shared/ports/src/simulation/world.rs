//! The ports of one simulated process.

use super::executor::{Answer, Call, Simulation};
use crate::testing::{MapSettings, RecordingLog, SeededRandom};
use crate::{
    BytesStream, Clock, HttpClient, HttpError, KeyValue, OutgoingRequest, StoreError, StreamedResponse,
    Timestamp, WholeResponse, World,
};
use std::time::Duration;

/// 2026-05-12T10:00:00Z, when every simulation begins.
const BEGINNING: Timestamp = Timestamp(1_778_580_000_000);

/// The world of one process. Clones are the same process.
#[derive(Clone)]
pub struct SimWorld {
    store: SimStore,
    http: SimHttp,
    clock: SimClock,
    random: SeededRandom,
    /// Settings; empty at first.
    pub settings: MapSettings,
    log: RecordingLog,
}

impl SimWorld {
    pub(super) fn new(simulation: Simulation, skew_ms: i64, seed: u64) -> Self {
        Self {
            store: SimStore(simulation.clone()),
            http: SimHttp(simulation.clone()),
            clock: SimClock { simulation, skew_ms },
            random: SeededRandom::new(seed),
            settings: MapSettings::default(),
            log: RecordingLog::default(),
        }
    }
}

impl World for SimWorld {
    type Kv = SimStore;
    type Http = SimHttp;
    type Clock = SimClock;
    type Random = SeededRandom;
    type Settings = MapSettings;
    type Log = RecordingLog;

    fn kv(&self) -> &SimStore {
        &self.store
    }
    fn http(&self) -> &SimHttp {
        &self.http
    }
    fn clock(&self) -> &SimClock {
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

/// The shared store. `set_many` is all or nothing, as on SQLite and a single Redis.
#[derive(Clone)]
pub struct SimStore(Simulation);

/// What the simulation itself would have to have mixed up.
fn mixed_up() -> StoreError {
    StoreError::Failed("the simulation answered another question".into())
}

impl KeyValue for SimStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.0.perform(Call::Get(key.to_owned())).await? {
            Answer::Bytes(bytes) => Ok(bytes),
            _ => Err(mixed_up()),
        }
    }
    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        match self.0.perform(Call::Counter(key.to_owned())).await? {
            Answer::Number(n) => Ok(n),
            _ => Err(mixed_up()),
        }
    }
    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        match self.0.perform(Call::Increment(key.to_owned(), by)).await? {
            Answer::Number(n) => Ok(n),
            _ => Err(mixed_up()),
        }
    }
    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        self.0.perform(Call::SetMany(pairs.to_vec())).await.map(|_| ())
    }
    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        self.0.perform(Call::DeleteMany(keys.to_vec())).await.map(|_| ())
    }
}

/// A clock whose wall time is wrong by a constant; its monotonic time is true.
#[derive(Clone)]
pub struct SimClock {
    simulation: Simulation,
    skew_ms: i64,
}

impl SimClock {
    /// What a task has seen of the time is part of what it knows.
    fn read(&self) -> Duration {
        let now = self.simulation.now();
        self.simulation.observe(now);
        now
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        let Timestamp(true_now) = BEGINNING.plus(self.read());
        Timestamp(true_now.saturating_add(self.skew_ms))
    }
    fn monotonic(&self) -> Duration {
        self.read()
    }
    async fn sleep(&self, d: Duration) {
        // A sleep cannot fail; a task that crashes in it is dropped.
        let _ = self.simulation.perform(Call::Sleep(d)).await;
    }
}

/// Requests to the service given by [`Simulation::remote`]: an answer may be lost or come after the request's time limit,
/// and the service may act on a request long after its sender gave up.
#[derive(Clone)]
pub struct SimHttp(Simulation);

impl HttpClient for SimHttp {
    async fn send(&self, request: OutgoingRequest) -> Result<WholeResponse, HttpError> {
        self.0.request(request).await
    }
    async fn open(&self, request: OutgoingRequest) -> Result<StreamedResponse, HttpError> {
        let whole = self.0.request(request).await?;
        Ok(StreamedResponse {
            status: whole.status,
            headers: whole.headers,
            body: Box::new(BytesStream::new(whole.body)),
        })
    }
}
