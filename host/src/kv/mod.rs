//! Stores as components see them: one engine, labels, the limits of the platform and the counts for benches.
//!
//! Mirrors `crates/factor-key-value/src/host.rs` of Spin below the bindings.

pub mod engine;
pub mod redis;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use engine::{Engine, EngineError, Found, Write};
use redis::RedisEngine;

/// What a component holds after `open`: the label.
#[derive(Clone, Debug)]
pub struct OpenStore {
    /// Of the store.
    pub label: Arc<str>,
}

/// A compare-and-swap under way.
#[derive(Clone, Debug)]
pub struct Cas {
    /// Of the store.
    pub label: Arc<str>,
    /// Watched.
    pub key: String,
    /// As of the last `current`; `None` before it, or when the key was absent.
    pub seen: Option<Vec<u8>>,
}

/// Limits of the platform on stores.
#[derive(Clone, Copy, Debug)]
pub struct StoreLimits {
    /// Per second, over the whole application; a call counts once however many keys it has.
    /// `None` is any number.
    pub writes_per_second: Option<u32>,
    /// Of one value.
    pub value_bytes: usize,
    /// Of one key.
    pub key_bytes: usize,
    /// Keys in all; `None` is any number.
    pub keys: Option<usize>,
}

/// What keeps the keys.
pub enum Backend {
    /// An SQLite file.
    Sqlite(Engine),
    /// A Redis.
    Redis(RedisEngine),
}

/// A kind of store operation, for counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// One or several keys were read.
    Read,
    /// A counter was moved.
    Increment,
    /// One or several pairs were written.
    SetMany,
    /// One or several keys were deleted.
    Delete,
}

/// Store operations since the start, in the key-value stores and in a Redis that components talk to themselves.
#[derive(Debug, Default)]
pub struct Operations {
    reads: AtomicU64,
    increments: AtomicU64,
    set_manys: AtomicU64,
    deletes: AtomicU64,
}

impl Operations {
    /// Counts one.
    pub fn count(&self, operation: Operation) {
        let counter = match operation {
            Operation::Read => &self.reads,
            Operation::Increment => &self.increments,
            Operation::SetMany => &self.set_manys,
            Operation::Delete => &self.deletes,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// `{"reads": n, "increments": n, "set_manys": n, "deletes": n}`. A single set counts as a `set-many` of one pair, a
    /// batch read as one read, a compare-and-swap as a read for `current` and a `set-many` for `swap`.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        serde_json::json!({
            "reads": count(&self.reads),
            "increments": count(&self.increments),
            "set_manys": count(&self.set_manys),
            "deletes": count(&self.deletes),
        })
    }
}

/// The stores of the application.
pub struct Stores {
    backend: Backend,
    operations: Operations,
    limits: Option<StoreLimits>,
    window: Mutex<Option<(Instant, u32)>>,
}

impl Stores {
    /// Stores in `backend`, with the limits of a platform or with none, as Spin locally.
    #[must_use]
    pub fn new(backend: Backend, limits: Option<StoreLimits>) -> Self {
        Self { backend, operations: Operations::default(), limits, window: Mutex::new(None) }
    }

    /// The counts so far.
    #[must_use]
    pub fn operations(&self) -> &Operations {
        &self.operations
    }

    /// One value. From SQLite on the calling thread: an indexed read of a file that is mostly in memory takes microseconds,
    /// less than handing it to another thread.
    ///
    /// # Errors
    /// Of the engine.
    pub async fn get(&self, store: &OpenStore, key: &str) -> Result<Option<Vec<u8>>, EngineError> {
        self.operations.count(Operation::Read);
        match &self.backend {
            Backend::Sqlite(engine) => engine.get(&store.label, key),
            Backend::Redis(engine) => engine.get(key).await,
        }
    }

    /// Those of `keys` that exist.
    ///
    /// # Errors
    /// Of the engine.
    pub async fn get_many(
        self: &Arc<Self>,
        store: &OpenStore,
        keys: Vec<String>,
    ) -> Result<Found, EngineError> {
        self.operations.count(Operation::Read);
        if let Backend::Redis(engine) = &self.backend {
            return engine.get_many(keys).await;
        }
        let label = store.label.clone();
        self.blocking(move |engine| engine.get_many(&label, keys)).await
    }

    /// Every key.
    ///
    /// # Errors
    /// Of the engine.
    pub async fn keys(self: &Arc<Self>, store: &OpenStore) -> Result<Vec<String>, EngineError> {
        self.operations.count(Operation::Read);
        self.all_keys(store).await
    }

    /// Sets all pairs or none.
    ///
    /// # Errors
    /// Of the engine or the limits.
    pub async fn set_many(
        self: &Arc<Self>,
        store: &OpenStore,
        pairs: Vec<(String, Vec<u8>)>,
    ) -> Result<(), EngineError> {
        self.operations.count(Operation::SetMany);
        for (key, value) in &pairs {
            self.check_pair(key, value.len())?;
        }
        self.check_room(store, pairs.iter().map(|(key, _)| key)).await?;
        self.write(store, Write::SetMany(pairs)).await.map(drop)
    }

    /// Deletes all keys.
    ///
    /// # Errors
    /// Of the engine or the limits.
    pub async fn delete_many(&self, store: &OpenStore, keys: Vec<String>) -> Result<(), EngineError> {
        self.operations.count(Operation::Delete);
        self.write(store, Write::DeleteMany(keys)).await.map(drop)
    }

    /// Adds to a counter and answers its new value.
    ///
    /// # Errors
    /// Of the engine or the limits.
    pub async fn increment(
        self: &Arc<Self>,
        store: &OpenStore,
        key: String,
        delta: i64,
    ) -> Result<i64, EngineError> {
        self.operations.count(Operation::Increment);
        self.check_pair(&key, size_of::<i64>())?;
        self.check_room(store, [&key]).await?;
        self.write(store, Write::Increment { key, delta }).await
    }

    /// Whether the swap took place.
    ///
    /// # Errors
    /// Of the engine or the limits.
    pub async fn swap(&self, cas: Cas, new: Vec<u8>) -> Result<bool, EngineError> {
        self.operations.count(Operation::SetMany);
        self.check_pair(&cas.key, new.len())?;
        let store = OpenStore { label: cas.label };
        Ok(self.write(&store, Write::Swap { key: cas.key, old: cas.seen, new }).await? == 1)
    }

    async fn write(&self, store: &OpenStore, write: Write) -> Result<i64, EngineError> {
        self.admit_write()?;
        match &self.backend {
            Backend::Sqlite(engine) => engine.write(&store.label, write).await,
            Backend::Redis(engine) => engine.write(write).await,
        }
    }

    async fn all_keys(self: &Arc<Self>, store: &OpenStore) -> Result<Vec<String>, EngineError> {
        if let Backend::Redis(engine) = &self.backend {
            return engine.keys().await;
        }
        let label = store.label.clone();
        self.blocking(move |engine| engine.keys(&label)).await
    }

    async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Engine) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let stores = self.clone();
        tokio::task::spawn_blocking(move || match &stores.backend {
            Backend::Sqlite(engine) => work(engine),
            Backend::Redis(_) => Err(EngineError("not an SQLite store".into())),
        })
        .await
        .map_err(|e| EngineError(format!("the read did not finish: {e}")))?
    }

    /// Refuses keys beyond the platform's number of them. Walks the store: for tests under limits only.
    async fn check_room<'a>(
        self: &Arc<Self>,
        store: &OpenStore,
        keys: impl IntoIterator<Item = &'a String>,
    ) -> Result<(), EngineError> {
        let Some(limit) = self.limits.and_then(|l| l.keys) else { return Ok(()) };
        let mut all: std::collections::HashSet<String> = self.all_keys(store).await?.into_iter().collect();
        all.extend(keys.into_iter().cloned());
        if all.len() > limit {
            return Err(EngineError(format!("store exceeds limit of {limit} keys")));
        }
        Ok(())
    }

    fn check_pair(&self, key: &str, value_bytes: usize) -> Result<(), EngineError> {
        let Some(limits) = self.limits else { return Ok(()) };
        if key.len() > limits.key_bytes {
            return Err(EngineError(format!("key exceeds limit of {} bytes", limits.key_bytes)));
        }
        if value_bytes > limits.value_bytes {
            return Err(EngineError(format!("value exceeds limit of {} bytes", limits.value_bytes)));
        }
        Ok(())
    }

    /// Counts a write in the current second.
    fn admit_write(&self) -> Result<(), EngineError> {
        let Some(most) = self.limits.and_then(|l| l.writes_per_second) else { return Ok(()) };
        let now = Instant::now();
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let (start, count) = match *window {
            Some((start, count)) if now.duration_since(start).as_secs() == 0 => (start, count),
            _ => (now, 0),
        };
        if count >= most {
            return Err(EngineError("too many requests".into()));
        }
        *window = Some((start, count + 1));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stores(folder: &tempfile::TempDir, limits: Option<StoreLimits>) -> Arc<Stores> {
        let engine = Engine::open(&folder.path().join(engine::FILE_NAME)).unwrap();
        Arc::new(Stores::new(Backend::Sqlite(engine), limits))
    }

    fn default_store() -> OpenStore {
        OpenStore { label: "default".into() }
    }

    #[tokio::test]
    async fn operations_are_counted_per_call() {
        let folder = tempfile::tempdir().unwrap();
        let stores = stores(&folder, None);
        let store = default_store();
        stores.set_many(&store, vec![("a".into(), vec![1]), ("b".into(), vec![2])]).await.unwrap();
        stores.get(&store, "a").await.unwrap();
        stores.get_many(&store, vec!["a".into(), "b".into()]).await.unwrap();
        stores.increment(&store, "n".into(), 1).await.unwrap();
        stores.delete_many(&store, vec!["a".into()]).await.unwrap();
        let expected = serde_json::json!({"reads": 2, "increments": 1, "set_manys": 1, "deletes": 1});
        assert_eq!(stores.operations().to_json(), expected);
    }

    #[tokio::test]
    async fn the_platforms_limits_hold() {
        let folder = tempfile::tempdir().unwrap();
        let limits = StoreLimits { writes_per_second: Some(3), value_bytes: 10, key_bytes: 4, keys: None };
        let stores = stores(&folder, Some(limits));
        let store = default_store();
        let set = |key: &str, size: usize| stores.set_many(&store, vec![(key.to_owned(), vec![0; size])]);
        assert!(set("k", 11).await.unwrap_err().0.contains("value exceeds"));
        assert!(set("long-key", 1).await.unwrap_err().0.contains("key exceeds"));
        tokio::time::pause();
        for _ in 0..3 {
            set("k", 10).await.unwrap();
        }
        assert_eq!(set("k", 10).await.unwrap_err().0, "too many requests");
        tokio::time::advance(std::time::Duration::from_secs(1)).await;
        set("k", 10).await.unwrap();
    }
    #[tokio::test]
    async fn a_platform_may_limit_the_number_of_keys() {
        let folder = tempfile::tempdir().unwrap();
        let limits = StoreLimits { writes_per_second: None, value_bytes: 10, key_bytes: 4, keys: Some(2) };
        let stores = stores(&folder, Some(limits));
        let store = default_store();
        let pair = |key: &str| (key.to_owned(), vec![1]);
        stores.set_many(&store, vec![pair("a")]).await.unwrap();
        stores.increment(&store, "n".into(), 1).await.unwrap();
        stores.set_many(&store, vec![pair("a")]).await.unwrap();
        assert!(stores.set_many(&store, vec![pair("b")]).await.unwrap_err().0.contains("limit of 2 keys"));
        stores.delete_many(&store, vec!["a".into()]).await.unwrap();
        stores.set_many(&store, vec![pair("b")]).await.unwrap();
    }
}
