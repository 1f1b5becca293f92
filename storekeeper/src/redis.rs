//! A store in a Redis, every key behind a prefix. Counters are ASCII digits, as INCRBY keeps them.

use crate::engine::{self, Engine, Item, Value, is_counter};
use anyhow::{Context, Result, anyhow, ensure};
use mostek_ports::{KeyValue, StoreError};
use redis::{Commands as _, Connection, ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

/// Keys that SCAN is asked for at once, and that are read or deleted together.
const BATCH: usize = 500;
/// Of opening a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Of one command.
const LIMIT: Duration = Duration::from_secs(30);

/// An open connection.
pub struct RedisStore {
    connection: RefCell<Connection>,
    prefix: String,
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

impl RedisStore {
    /// Connects.
    ///
    /// # Errors
    /// If nobody answers there.
    pub fn open(address: &str, prefix: &str) -> Result<Self> {
        Ok(Self { connection: RefCell::new(connect(address)?), prefix: prefix.to_owned() })
    }

    fn full(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    /// Hands over all keys, some at a time; each once, unless keys come and go meanwhile.
    fn each_batch(&self, each: &mut dyn FnMut(&mut Connection, Vec<String>) -> Result<()>) -> Result<()> {
        let mut connection = self.connection.borrow_mut();
        let pattern = format!("{}*", escaped(&self.prefix));
        let mut cursor = 0_u64;
        // SCAN may give a key more than once while the server rearranges its table.
        let mut seen = BTreeSet::new();
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(BATCH);
            let (next, keys): (u64, Vec<String>) = scan.query(&mut connection)?;
            let fresh: Vec<String> = keys.into_iter().filter(|k| seen.insert(k.clone())).collect();
            if !fresh.is_empty() {
                each(&mut connection, fresh)?;
            }
            if next == 0 {
                return Ok(());
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
    std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| anyhow!("the value under {key} is no counter of a Redis store"))
}

impl Engine for RedisStore {
    fn name(&self) -> &'static str {
        "redis"
    }

    fn walk(&mut self, each: &mut dyn FnMut(Item) -> Result<()>) -> Result<()> {
        self.each_batch(&mut |connection, keys| {
            let values: Vec<Option<Vec<u8>>> = redis::cmd("MGET").arg(&keys).query(connection)?;
            for (key, bytes) in keys.into_iter().zip(values) {
                // Deleted since it was listed.
                let Some(bytes) = bytes else { continue };
                let Some(key) = key.strip_prefix(&self.prefix).map(str::to_owned) else { continue };
                let value = if is_counter(&key) {
                    Value::Counter(decode(&key, &bytes)?)
                } else {
                    Value::Bytes(bytes)
                };
                each(Item { key, value })?;
            }
            Ok(())
        })
    }

    fn is_empty(&mut self) -> Result<bool> {
        let mut any = false;
        let mut cursor = 0_u64;
        while !any {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(format!("{}*", escaped(&self.prefix))).arg("COUNT").arg(BATCH);
            let (next, keys): (u64, Vec<String>) = scan.query(&mut *self.connection.borrow_mut())?;
            any = !keys.is_empty();
            cursor = next;
            if next == 0 {
                break;
            }
        }
        Ok(!any)
    }

    fn begin(&mut self) -> Result<()> {
        // A Redis has no transaction that holds this much: what is written is there at once.
        Ok(())
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
        self.each_batch(&mut |connection, keys| {
            erased += redis::cmd("UNLINK").arg(&keys).query::<u64>(connection)?;
            Ok(())
        })?;
        Ok(erased)
    }

    fn hold_pending(&mut self) -> Result<usize> {
        engine::hold_pending(self)
    }

    fn commit(&mut self) -> Result<()> {
        Ok(())
    }
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
    }
}
