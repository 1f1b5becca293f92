//! A store in a Redis, every key behind a prefix. Counters are ASCII digits, as INCRBY keeps them.

use crate::engine::{self, Engine, Item, Value, is_counter};
use anyhow::{Context, Result, anyhow, ensure};
use mostek_ports::{KeyValue, StoreError, Timestamp};
use mostek_store::keys;
use redis::{Commands as _, Connection, ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _};
use std::cell::RefCell;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::ControlFlow;
use std::time::Duration;

/// Keys that SCAN is asked for at once, and that are read or deleted together.
const BATCH: usize = 500;
/// Of opening a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Of one command.
const LIMIT: Duration = Duration::from_secs(30);

/// What the gates hold while a store is being filled: no counter, so that every reader refuses it.
const CLOSED: &[u8] = b"an import is under way or did not end; import again";

/// An open connection. Keys behind the prefix that are none of ours belong to somebody whose prefix begins with this one:
/// they are neither read nor deleted.
pub struct RedisStore {
    connection: RefCell<Connection>,
    prefix: String,
    gates: Vec<String>,
}

/// Opens a connection with time limits.
///
/// # Errors
/// No address of a Redis, or nobody who answers there.
pub(crate) fn connect(address: &str) -> Result<Connection> {
    let info = address.into_connection_info().context("this is no address of a Redis")?;
    let client = redis::Client::open(info)?;
    let connection = client.get_connection_with_timeout(CONNECT).context("the Redis does not answer")?;
    connection.set_read_timeout(Some(LIMIT))?;
    connection.set_write_timeout(Some(LIMIT))?;
    Ok(connection)
}

/// Host, port, TLS, user, password and database out of an address.
pub(crate) fn parts(address: &str) -> Result<ConnectionInfo> {
    let info = address.into_connection_info().context("this is no address of a Redis")?;
    ensure!(
        !matches!(info.addr, ConnectionAddr::Unix(_)),
        "a Redis behind a Unix socket cannot be replicated from: use its TCP address"
    );
    Ok(info)
}

/// What is done with some keys, and whether there is need of more.
type EachBatch<'a> = dyn FnMut(&mut Connection, Vec<String>) -> Result<ControlFlow<()>> + 'a;

impl RedisStore {
    /// Connects.
    ///
    /// # Errors
    /// If nobody answers there.
    pub fn open(address: &str, prefix: &str) -> Result<Self> {
        let connection = RefCell::new(connect(address)?);
        Ok(Self { connection, prefix: prefix.to_owned(), gates: Vec::new() })
    }

    fn full(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    /// Hands over the keys behind the prefix that are ours (as they are in the Redis, some at a time, a key perhaps more than
    /// once) until `each` says that it is enough. Gives how many were not ours.
    fn each_batch(&self, each: &mut EachBatch<'_>) -> Result<u64> {
        let mut connection = self.connection.borrow_mut();
        let pattern = format!("{}*", escaped(&self.prefix));
        let (mut cursor, mut foreign) = (0_u64, 0);
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(BATCH);
            let (next, keys): (u64, Vec<String>) = scan.query(&mut connection)?;
            let found = keys.len();
            let is_ours =
                |key: &String| key.strip_prefix(&self.prefix).is_some_and(|k| keys::parse(k).is_some());
            let ours: Vec<String> = keys.into_iter().filter(is_ours).collect();
            foreign += (found - ours.len()) as u64;
            if !ours.is_empty() && each(&mut connection, ours)?.is_break() {
                return Ok(foreign);
            }
            if next == 0 {
                return Ok(foreign);
            }
            cursor = next;
        }
    }
}

/// A prefix as a pattern of SCAN that means itself.
fn escaped(prefix: &str) -> String {
    let mut pattern = String::with_capacity(prefix.len());
    for c in prefix.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '^' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

fn failed(e: redis::RedisError) -> StoreError {
    StoreError::Failed(e.to_string())
}

fn decode(key: &str, bytes: &[u8]) -> Result<u64> {
    ensure!(
        bytes != CLOSED,
        "an import into this store is under way or did not end: import again, with --replace"
    );
    std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| anyhow!("the value under {key} is no counter of a Redis store"))
}

impl Engine for RedisStore {
    fn name(&self) -> &'static str {
        "redis"
    }

    fn walk(&mut self, each: &mut dyn FnMut(Item) -> Result<()>) -> Result<u64> {
        // SCAN may give a key twice while the server rearranges its table. Remembered by 128 bits: names would be gigabytes.
        let mut seen = HashSet::new();
        self.each_batch(&mut |connection, keys| {
            let keys: Vec<String> = keys.into_iter().filter(|key| seen.insert(fingerprint(key))).collect();
            if keys.is_empty() {
                return Ok(ControlFlow::Continue(()));
            }
            let values: Vec<Option<Vec<u8>>> = redis::cmd("MGET").arg(&keys).query(connection)?;
            for (key, bytes) in keys.into_iter().zip(values) {
                // Deleted since it was listed.
                let Some(bytes) = bytes else { continue };
                let Some(key) = key.strip_prefix(&self.prefix).map(str::to_owned) else { continue };
                if self.gates.contains(&key) {
                    continue;
                }
                let value = if is_counter(&key) {
                    Value::Counter(decode(&key, &bytes)?)
                } else {
                    Value::Bytes(bytes)
                };
                each(Item { key, value })?;
            }
            Ok(ControlFlow::Continue(()))
        })
    }

    fn is_empty(&mut self) -> Result<bool> {
        let mut any = false;
        self.each_batch(&mut |_, _| {
            any = true;
            Ok(ControlFlow::Break(()))
        })?;
        Ok(!any)
    }

    /// What is written is there at once, so the gates are closed first.
    fn begin(&mut self) -> Result<()> {
        self.gates = engine::gates()?;
        let mut set = redis::cmd("MSET");
        for gate in &self.gates {
            set.arg(self.full(gate)).arg(CLOSED);
        }
        Ok(set.query(&mut *self.connection.borrow_mut())?)
    }

    fn put(&mut self, items: &[Item]) -> Result<()> {
        if items.is_empty() {
            return Ok(());
        }
        let mut set = redis::cmd("MSET");
        for item in items {
            set.arg(self.full(&item.key));
            match &item.value {
                Value::Counter(n) => set.arg(*n),
                Value::Bytes(bytes) => set.arg(bytes),
            };
        }
        Ok(set.query(&mut *self.connection.borrow_mut())?)
    }

    fn erase(&mut self) -> Result<u64> {
        let mut erased = 0;
        // Closed gates stay until the end.
        let gates: Vec<String> = self.gates.iter().map(|gate| self.full(gate)).collect();
        self.each_batch(&mut |connection, mut keys| {
            keys.retain(|key| !gates.contains(key));
            if !keys.is_empty() {
                erased += redis::cmd("UNLINK").arg(&keys).query::<u64>(connection)?;
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(erased)
    }

    fn hold_pending(&mut self, gates: &[Item], taken_at: Timestamp) -> Result<usize> {
        engine::hold_pending(self, gates, taken_at)
    }

    /// One command opens all gates.
    fn commit(&mut self, gates: &[Item]) -> Result<()> {
        self.put(gates)?;
        let empty: Vec<String> = self
            .gates
            .iter()
            .filter(|gate| !gates.iter().any(|item| item.key == **gate))
            .map(|gate| self.full(gate))
            .collect();
        if !empty.is_empty() {
            redis::cmd("DEL").arg(empty).query::<u64>(&mut *self.connection.borrow_mut())?;
        }
        self.gates.clear();
        Ok(())
    }
}

/// 128 bits of a key's hash.
fn fingerprint(key: &str) -> (u64, u64) {
    let half = |salt: u8| {
        let mut hash = DefaultHasher::new();
        salt.hash(&mut hash);
        key.hash(&mut hash);
        hash.finish()
    };
    (half(0), half(1))
}

impl KeyValue for RedisStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.connection.borrow_mut().get(self.full(key)).map_err(failed)
    }

    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        let bytes: Option<Vec<u8>> = self.connection.borrow_mut().get(self.full(key)).map_err(failed)?;
        let Some(bytes) = bytes else { return Ok(0) };
        decode(key, &bytes).map_err(|e| StoreError::Corrupt { key: key.to_owned(), reason: e.to_string() })
    }

    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        self.connection.borrow_mut().incr(self.full(key), by).map_err(failed)
    }

    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        if pairs.is_empty() {
            return Ok(());
        }
        let pairs: Vec<(String, &[u8])> = pairs.iter().map(|(k, v)| (self.full(k), v.as_slice())).collect();
        self.connection.borrow_mut().mset(&pairs).map_err(failed)
    }

    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        if keys.is_empty() {
            return Ok(());
        }
        let keys: Vec<String> = keys.iter().map(|k| self.full(k)).collect();
        self.connection.borrow_mut().del(keys).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_means_itself_in_a_pattern() {
        assert_eq!(escaped("mostek:"), "mostek:");
        assert_eq!(escaped("a*b?[c]\\"), "a\\*b\\?\\[c\\]\\\\");
    }

    #[test]
    fn counters_are_digits() {
        assert_eq!(decode("c:a:b", b"12").unwrap(), 12);
        for wrong in [&b"-1"[..], b"", b"1.5", &[0; 8]] {
            assert!(decode("c:a:b", wrong).is_err(), "{wrong:?}");
        }
        let closed = decode("j:a:b:n", CLOSED).unwrap_err().to_string();
        assert!(closed.contains("did not end"), "{closed}");
    }
}
