//! What a store holds, whichever engine holds it.

use crate::clock::SystemClock;
use anyhow::{Context as _, Result};
use mostek_ports::{KeyValue, StoreError, Timestamp};
use mostek_store::JournalKey;
use mostek_store::keys::{self, Parsed};

/// A value under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A counter, which each engine keeps in a form of its own.
    Counter(u64),
    /// Anything else, byte for byte.
    Bytes(Vec<u8>),
}

/// A key, without the prefix its store may put before it, and what is under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The key.
    pub key: String,
    /// Its value.
    pub value: Value,
}

/// A store that can be walked, filled and emptied by somebody who is alone with it.
pub trait Engine {
    /// Its name for people and files.
    fn name(&self) -> &'static str;

    /// Hands every item to `each`, in any order, and gives how many keys it left out because they are somebody else's. What is
    /// written meanwhile may be seen or not, unless the engine says otherwise.
    ///
    /// # Errors
    /// The engine's, a value that is not what its key promises, an import that did not end, or those of `each`.
    fn walk(&mut self, each: &mut dyn FnMut(Item) -> Result<()>) -> Result<u64>;

    /// Whether there is no key of ours.
    ///
    /// # Errors
    /// The engine's.
    fn is_empty(&mut self) -> Result<bool>;

    /// Begins filling: until [`Engine::commit`] a hub that is started on it does nothing. The [`gates`] are left out by
    /// [`Engine::walk`] from now on.
    ///
    /// # Errors
    /// The engine's.
    fn begin(&mut self) -> Result<()>;

    /// Writes items.
    ///
    /// # Errors
    /// The engine's.
    fn put(&mut self, items: &[Item]) -> Result<()>;

    /// Deletes every key of ours, gates that are closed excepted, and gives their number.
    ///
    /// # Errors
    /// The engine's.
    fn erase(&mut self) -> Result<u64>;

    /// Marks replies that were waiting at the moment `taken_at` as perhaps sent; see `mostek_helpdesk::restored`. The gates
    /// have these values already.
    ///
    /// # Errors
    /// The engine's.
    fn hold_pending(&mut self, gates: &[Item], taken_at: Timestamp) -> Result<usize>;

    /// Ends filling: the gates get their values, and those that have none go.
    ///
    /// # Errors
    /// The engine's.
    fn commit(&mut self, gates: &[Item]) -> Result<()>;
}

/// Counters without which a hub answers nobody and sends nothing: of the people, the connections, the replies that wait. While
/// a store that has no transactions is filled they hold something that is no counter, which every reader refuses.
pub fn gates() -> Result<Vec<String>> {
    let journals = [("people", "directory"), ("connections", "all"), ("outbox", "replies")];
    journals.iter().map(|(kind, id)| Ok(JournalKey::new(kind, id)?.counter())).collect()
}

/// [`Engine::hold_pending`] over any store that has the port.
pub(crate) fn hold_pending(kv: &impl KeyValue, gates: &[Item], taken_at: Timestamp) -> Result<usize> {
    let kv = Gated { kv, gates };
    let held =
        futures::executor::block_on(mostek_helpdesk::restored::hold_pending(&kv, &SystemClock, taken_at));
    held.context("cannot read which replies were waiting")
}

/// A store whose gates have their values already.
struct Gated<'a, K> {
    kv: &'a K,
    gates: &'a [Item],
}

impl<K: KeyValue> KeyValue for Gated<'_, K> {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.kv.get(key).await
    }
    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        match self.gates.iter().find(|item| item.key == key).map(|item| &item.value) {
            Some(Value::Counter(n)) => Ok(*n),
            _ if gates().is_ok_and(|gates| gates.iter().any(|gate| gate == key)) => Ok(0),
            _ => self.kv.counter(key).await,
        }
    }
    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        self.kv.increment(key, by).await
    }
    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        self.kv.set_many(pairs).await
    }
    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        self.kv.delete_many(keys).await
    }
}

/// Whether the value under `key` is a counter.
pub fn is_counter(key: &str) -> bool {
    matches!(keys::parse(key), Some(Parsed::JournalCounter(_) | Parsed::Counter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gates_are_counters_of_journals() {
        assert_eq!(gates().unwrap(), ["j:people:directory:n", "j:connections:all:n", "j:outbox:replies:n"]);
        assert!(gates().unwrap().iter().all(|gate| is_counter(gate)));
    }

    #[test]
    fn counters_are_told_by_their_keys() {
        assert!(is_counter("c:reply:abc") && is_counter("j:ticket:abc:n"));
        assert!(
            !is_counter("r:poll:abc") && !is_counter("j:ticket:abc:e:1") && !is_counter("something else")
        );
    }
}
