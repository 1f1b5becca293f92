//! Mutants of the protocol. Each is a lapse between the unchanged code and its ports, as a plausible wrong
//! implementation would behave: the production code carries no switches for it.

use futures::future::join_all;
use mostek_ports::simulation::{SimClock, SimStore, Simulation};
use mostek_ports::testing::SeededRandom;
use mostek_ports::{Clock, KeyValue, StoreError, Timestamp, World};
use sha2::{Digest, Sha256};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lapse {
    /// The protocol as it is.
    None,
    /// The counter is read once per process and remembered.
    CachedCounter,
    /// Entries are probed up to the first missing one instead of reading the counter.
    ProbedCounter,
    /// A `set_many` that succeeded after the deadline is trusted.
    LateWriteTrusted,
    /// The deadline counts from the answer of the reservation instead of its beginning.
    DeadlineFromAnswer,
    /// A snapshot reaches up to its own slot and does not say which slots below it were missing.
    HolesNotNamed,
    /// A snapshot does not hold the ids of the facts in it.
    FactIdsNotKept,
    /// A failed read counts as a missing key.
    ErrorIsMissing,
    /// Entries are deleted once a snapshot holds them.
    EntriesDeleted,
    /// Facts, and whatever else is written with them, go out one by one.
    WrittenOneByOne,
}

/// One process with its lapse.
#[derive(Clone)]
pub struct Process {
    pub simulation: Simulation,
    pub kv: LapsedStore,
    pub clock: LapsedClock,
    pub random: SeededRandom,
}

impl Process {
    pub fn new(simulation: &Simulation, lapse: Lapse) -> Self {
        let world = simulation.process();
        let answered = Rc::new(Cell::new(Duration::ZERO));
        Self {
            simulation: simulation.clone(),
            kv: LapsedStore {
                store: world.kv().clone(),
                clock: world.clock().clone(),
                lapse,
                counters: Rc::default(),
                answered: answered.clone(),
            },
            clock: LapsedClock { clock: world.clock().clone(), lapse, answered },
            random: world.random().clone(),
        }
    }
}

#[derive(Clone)]
pub struct LapsedClock {
    clock: SimClock,
    lapse: Lapse,
    answered: Rc<Cell<Duration>>,
}

impl Clock for LapsedClock {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
    fn monotonic(&self) -> Duration {
        match self.lapse {
            Lapse::LateWriteTrusted => Duration::ZERO,
            Lapse::DeadlineFromAnswer => self.clock.monotonic().saturating_sub(self.answered.get()),
            _ => self.clock.monotonic(),
        }
    }
    async fn sleep(&self, d: Duration) {
        self.clock.sleep(d).await;
    }
}

#[derive(Clone)]
pub struct LapsedStore {
    store: SimStore,
    clock: SimClock,
    lapse: Lapse,
    counters: Rc<RefCell<BTreeMap<String, u64>>>,
    answered: Rc<Cell<Duration>>,
}

impl KeyValue for LapsedStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.store.get(key).await {
            Err(_) if self.lapse == Lapse::ErrorIsMissing => Ok(None),
            answer => answer,
        }
    }

    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        match self.lapse {
            Lapse::CachedCounter => {
                let cached = self.counters.borrow().get(key).copied();
                match cached {
                    Some(n) => Ok(n),
                    None => {
                        let n = self.store.counter(key).await?;
                        self.counters.borrow_mut().insert(key.to_owned(), n);
                        Ok(n)
                    }
                }
            }
            Lapse::ProbedCounter => {
                let journal = key.trim_end_matches('n');
                let mut n = 0;
                while self.store.get(&format!("{journal}e:{}", n + 1)).await?.is_some() {
                    n += 1;
                }
                Ok(n)
            }
            _ => self.store.counter(key).await,
        }
    }

    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        let n = self.store.increment(key, by).await;
        self.answered.set(self.clock.monotonic());
        n
    }

    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        match self.lapse {
            Lapse::HolesNotNamed | Lapse::FactIdsNotKept => {
                let pairs: Vec<_> = pairs.iter().map(|(k, v)| (k.clone(), self.forget(k, v))).collect();
                self.store.set_many(&pairs).await
            }
            Lapse::WrittenOneByOne => {
                for answer in
                    join_all(pairs.iter().map(|p| self.store.set_many(std::slice::from_ref(p)))).await
                {
                    answer?;
                }
                Ok(())
            }
            Lapse::EntriesDeleted => {
                self.store.set_many(pairs).await?;
                for (key, value) in pairs {
                    if let Some((journal, head, _)) = snapshot(key, value) {
                        let upto = head["upto"].as_u64().unwrap_or(0);
                        let old: Vec<String> = (1..=upto).map(|s| format!("{journal}e:{s}")).collect();
                        self.store.delete_many(&old).await?;
                    }
                }
                Ok(())
            }
            _ => self.store.set_many(pairs).await,
        }
    }

    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        self.store.delete_many(keys).await
    }
}

impl LapsedStore {
    fn forget(&self, key: &str, value: &[u8]) -> Vec<u8> {
        let Some((_, mut head, mut body)) = snapshot(key, value) else { return value.to_vec() };
        match self.lapse {
            Lapse::HolesNotNamed => head["holes"] = serde_json::json!([]),
            _ => body["facts"] = serde_json::json!([]),
        }
        // With a tag that fits, as code with this lapse would write it.
        let body = body.to_string();
        let holes: Vec<(u64, i64)> = serde_json::from_value(head["holes"].clone()).unwrap();
        let mut hash = Sha256::new();
        hash.update(head["upto"].as_u64().unwrap().to_le_bytes());
        hash.update(format!("{holes:?}"));
        hash.update(&body);
        head["tag"] = hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect::<String>().into();
        format!("{head}\n{body}").into_bytes()
    }
}

/// A one-part snapshot: its journal's prefix, head and body.
fn snapshot<'a>(key: &'a str, value: &[u8]) -> Option<(&'a str, serde_json::Value, serde_json::Value)> {
    let journal = key.strip_suffix("s1:0")?;
    let at = value.iter().position(|b| *b == b'\n')?;
    let head = serde_json::from_slice(&value[..at]).ok()?;
    let body = serde_json::from_slice(&value[at + 1..]).ok()?;
    Some((journal, head, body))
}
