//! A process that runs the next version of this code, as far as the store can tell: it writes fields that this version does
//! not know into every entry and record, and keeps snapshots of its own.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, missing_docs)]

use mostek_ports::simulation::{SimClock, SimHttp, SimStore, SimWorld};
use mostek_ports::testing::{MapSettings, RecordingLog, SeededRandom};
use mostek_ports::{KeyValue, StoreError, World};
use mostek_store::keys::{Parsed, parse};
use serde_json::{Value, json};

/// A process of either version.
#[derive(Clone)]
pub struct Process {
    world: SimWorld,
    store: VersionedStore,
}

impl Process {
    pub fn new(world: SimWorld, is_newer: bool) -> Self {
        Self { store: VersionedStore { store: world.kv().clone(), is_newer }, world }
    }
}

impl World for Process {
    type Kv = VersionedStore;
    type Http = SimHttp;
    type Clock = SimClock;
    type Random = SeededRandom;
    type Settings = MapSettings;
    type Log = RecordingLog;

    fn kv(&self) -> &VersionedStore {
        &self.store
    }
    fn http(&self) -> &SimHttp {
        self.world.http()
    }
    fn clock(&self) -> &SimClock {
        self.world.clock()
    }
    fn random(&self) -> &SeededRandom {
        self.world.random()
    }
    fn settings(&self) -> &MapSettings {
        self.world.settings()
    }
    fn log(&self) -> &RecordingLog {
        self.world.log()
    }
}

/// The store as a process of either version uses it.
#[derive(Clone)]
pub struct VersionedStore {
    store: SimStore,
    is_newer: bool,
}

impl VersionedStore {
    /// The fold version is in a snapshot's key.
    fn key(&self, key: &str) -> String {
        match parse(key) {
            Some(Parsed::Cache(_)) if self.is_newer => key.replace(":s1:", ":s2:"),
            _ => key.to_owned(),
        }
    }

    fn value(&self, key: &str, bytes: &[u8]) -> Vec<u8> {
        if !self.is_newer || !matches!(parse(key), Some(Parsed::Entry(..) | Parsed::Record)) {
            return bytes.to_vec();
        }
        let mut value: Value = serde_json::from_slice(bytes).unwrap();
        let tomorrow = json!({ "of tomorrow": [1, 2] });
        if let Some(object) = value.as_object_mut() {
            object.insert("of_tomorrow".into(), tomorrow.clone());
        }
        if let Some(fact) = value.get_mut("fact").and_then(Value::as_object_mut) {
            fact.insert("of_tomorrow".into(), tomorrow);
        }
        serde_json::to_vec(&value).unwrap()
    }
}

impl KeyValue for VersionedStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.get(&self.key(key)).await
    }
    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        self.store.counter(key).await
    }
    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        self.store.increment(key, by).await
    }
    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        let pairs: Vec<_> = pairs.iter().map(|(k, v)| (self.key(k), self.value(k, v))).collect();
        self.store.set_many(&pairs).await
    }
    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        let keys: Vec<_> = keys.iter().map(|k| self.key(k)).collect();
        self.store.delete_many(&keys).await
    }
}

/// Writes a fact that this version cannot read into a journal.
pub async fn unreadable_fact(kv: &impl KeyValue, journal: &mostek_store::JournalKey, id: &str) {
    let Ok(slot) = kv.increment(&journal.counter(), 1).await else { return };
    let entry = json!({
        "v": 2, "stamp": id, "id": id, "at": 0, "actor": {"system": "tomorrow"}, "fact": {"starred": "tomorrow"},
    });
    let _ = kv.set_many(&[(journal.entry(slot), serde_json::to_vec(&entry).unwrap())]).await;
}
