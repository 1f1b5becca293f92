//! What a store holds, whichever engine holds it.

use crate::clock::SystemClock;
use anyhow::{Context as _, Result};
use mostek_ports::KeyValue;
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

    /// Hands every item to `each`, in any order. What is written meanwhile may be seen or not, unless the engine says
    /// otherwise.
    ///
    /// # Errors
    /// The engine's, a value that is not what its key promises, or those of `each`.
    fn walk(&mut self, each: &mut dyn FnMut(Item) -> Result<()>) -> Result<()>;

    /// Whether there is no key at all.
    ///
    /// # Errors
    /// The engine's.
    fn is_empty(&mut self) -> Result<bool>;

    /// Begins filling. Until [`Engine::commit`] nothing may be visible to others, where the engine can do that.
    ///
    /// # Errors
    /// The engine's.
    fn begin(&mut self) -> Result<()>;

    /// Writes items.
    ///
    /// # Errors
    /// The engine's.
    fn put(&mut self, items: &[Item]) -> Result<()>;

    /// Deletes every key.
    ///
    /// # Errors
    /// The engine's.
    fn erase(&mut self) -> Result<u64>;

    /// Marks replies that were waiting as perhaps sent; see `mostek_helpdesk::restored`.
    ///
    /// # Errors
    /// The engine's.
    fn hold_pending(&mut self) -> Result<usize>;

    /// Ends filling.
    ///
    /// # Errors
    /// The engine's.
    fn commit(&mut self) -> Result<()>;
}

/// [`Engine::hold_pending`] over any store that has the port.
pub(crate) fn hold_pending(kv: &impl KeyValue) -> Result<usize> {
    let held = futures::executor::block_on(mostek_helpdesk::restored::hold_pending(kv, &SystemClock));
    held.context("cannot read which replies were waiting")
}

/// Whether the value under `key` is a counter.
pub fn is_counter(key: &str) -> bool {
    matches!(keys::parse(key), Some(Parsed::JournalCounter(_) | Parsed::Counter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_told_by_their_keys() {
        assert!(is_counter("c:reply:abc") && is_counter("j:ticket:abc:n"));
        assert!(
            !is_counter("r:poll:abc") && !is_counter("j:ticket:abc:e:1") && !is_counter("something else")
        );
    }
}
