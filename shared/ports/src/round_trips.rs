//! A store for tests that counts round trips: operations that are begun at the same time are one.
//!
//! Every operation answers only in the next *wave*; a wave ends when nothing goes on any more without an answer. So what
//! depends on an answer is in a later wave, and what does not may be in the same one.

use crate::{KeyValue, StoreError};
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

#[derive(Default)]
struct Waves {
    /// The present one.
    wave: Cell<u64>,
    /// Whether an operation was begun in it.
    used: Cell<bool>,
    /// How many were used.
    round_trips: Cell<u32>,
    /// Who waits for its end.
    waiting: RefCell<Vec<Waker>>,
}

/// Whether somebody who needs no answer wants to go on.
#[derive(Default)]
struct Eager(AtomicBool);

impl Wake for Eager {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Counts round trips to the store in it. Clones count together.
#[derive(Clone)]
pub struct RoundTrips<K> {
    store: K,
    waves: Rc<Waves>,
}

impl<K: KeyValue> RoundTrips<K> {
    /// Counts those to a store.
    #[must_use]
    pub fn to(store: K) -> Self {
        Self { store, waves: Rc::default() }
    }

    /// Runs something that uses this store to its end and gives what came of it and how many round trips it took.
    pub fn count<T>(&self, work: impl Future<Output = T>) -> (T, u32) {
        self.waves.round_trips.set(0);
        let mut work = pin!(work);
        let eager = Arc::new(Eager::default());
        let waker = Waker::from(eager.clone());
        let mut context = Context::from_waker(&waker);
        loop {
            let polled = work.as_mut().poll(&mut context);
            if polled.is_pending() && eager.0.swap(false, Ordering::Relaxed) {
                continue;
            }
            let used = self.waves.used.replace(false);
            self.waves.round_trips.set(self.waves.round_trips.get() + u32::from(used));
            if let Poll::Ready(out) = polled {
                return (out, self.waves.round_trips.get());
            }
            self.waves.wave.set(self.waves.wave.get() + 1);
            for waker in self.waves.waiting.take() {
                waker.wake();
            }
        }
    }

    /// Ready in the next wave.
    async fn wait(&self) {
        let wave = self.waves.wave.get();
        self.waves.used.set(true);
        poll_fn(|context| {
            if self.waves.wave.get() > wave {
                return Poll::Ready(());
            }
            self.waves.waiting.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

impl<K: KeyValue> KeyValue for RoundTrips<K> {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.wait().await;
        self.store.get(key).await
    }
    async fn get_many(&self, keys: &[String]) -> Vec<Result<Option<Vec<u8>>, StoreError>> {
        if !keys.is_empty() {
            self.wait().await;
        }
        self.store.get_many(keys).await
    }
    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        self.wait().await;
        self.store.counter(key).await
    }
    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        self.wait().await;
        self.store.increment(key, by).await
    }
    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        self.wait().await;
        self.store.set_many(pairs).await
    }
    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        self.wait().await;
        self.store.delete_many(keys).await
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::MemoryStore;
    use futures::future::{join, join_all};

    #[test]
    fn what_is_begun_together_is_one_round_trip_and_what_depends_on_it_another() {
        let kv = RoundTrips::to(MemoryStore::new());
        let (_, together) = kv.count(join(kv.get("a"), kv.counter("b")));
        assert_eq!(together, 1);
        let (_, many) = kv.count(join_all((0..200).map(|i| {
            let kv = kv.clone();
            async move { kv.get(&i.to_string()).await.unwrap() }
        })));
        assert_eq!(many, 1);
        let (_, after) = kv.count(async {
            kv.get("a").await.unwrap();
            kv.get_many(&["b".into(), "c".into()]).await;
            kv.get_many(&[]).await;
        });
        assert_eq!(after, 2);
    }
}
