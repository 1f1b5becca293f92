//! A store that lets two use cases run between each other's operations.

use mostek_ports::testing::{MemoryStore, SeededRandom, TestWorld};
use mostek_ports::{KeyValue, StoreError};

/// A store whose every operation lets others go first.
#[derive(Clone, Default)]
pub struct Yielding(pub MemoryStore);

async fn let_others() {
    let mut once = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut once, true) {
            return std::task::Poll::Ready(());
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}

impl KeyValue for Yielding {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let_others().await;
        self.0.get(key).await
    }
    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        let_others().await;
        self.0.counter(key).await
    }
    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        let_others().await;
        self.0.increment(key, by).await
    }
    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        let_others().await;
        self.0.set_many(pairs).await
    }
    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        let_others().await;
        self.0.delete_many(keys).await
    }
}

/// A process over the same store, clock and settings, whose operations let others go first.
#[allow(dead_code)]
pub fn world_of(world: &TestWorld) -> TestWorld<Yielding> {
    TestWorld {
        kv: Yielding(world.kv.clone()),
        http: world.http.clone(),
        clock: world.clock.clone(),
        random: SeededRandom::new(7),
        settings: world.settings.clone(),
        log: world.log.clone(),
    }
}
