//! A store in an SQLite file with Spin's table: `spin_key_value(store, key, value)`, label `default`.
//!
//! Spin's `crates/key-value-spin/src/store.rs` and `mostek-host` keep counters as 8 bytes, little-endian, signed.

use crate::engine::{self, Engine, Item, Value, is_counter};
use anyhow::{Context, Result, anyhow};
use mostek_ports::{KeyValue, StoreError, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::path::Path;

const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS spin_key_value (
    store TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (store, key))";
const UPSERT: &str = "INSERT INTO spin_key_value (store, key, value) VALUES ('default', ?1, ?2)
                      ON CONFLICT(store, key) DO UPDATE SET value=?2";
/// How long to wait for another process that writes.
const BUSY: std::time::Duration = std::time::Duration::from_secs(10);

/// The open file. Reading it takes one read transaction, so it sees one moment, whatever a running hub writes meanwhile.
pub struct SqliteStore {
    connection: Connection,
    gates: Vec<String>,
}

impl SqliteStore {
    /// Opens or creates the file, in WAL mode.
    ///
    /// # Errors
    /// SQLite's.
    pub fn open(file: &Path) -> Result<Self> {
        let open = || -> rusqlite::Result<Connection> {
            let connection = Connection::open(file)?;
            connection.busy_timeout(BUSY)?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.execute_batch(SCHEMA)?;
            Ok(connection)
        };
        let connection = open().with_context(|| format!("cannot open the store file {}", file.display()))?;
        Ok(Self { connection, gates: Vec::new() })
    }

    /// For tests and benches that can lose everything: writes do not wait for the disk.
    ///
    /// # Errors
    /// SQLite's.
    pub fn carelessly(self) -> Result<Self> {
        self.connection.pragma_update(None, "synchronous", "OFF")?;
        Ok(self)
    }

    fn value(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.connection
            .prepare_cached("SELECT value FROM spin_key_value WHERE store='default' AND key=?1")
            .and_then(|mut s| s.query_row([key], |row| row.get(0)).optional())
            .map_err(failed)
    }

    fn set(&self, key: &str, value: &[u8]) -> rusqlite::Result<()> {
        self.connection.prepare_cached(UPSERT)?.execute(params![key, value]).map(drop)
    }

    /// All or nothing, inside a transaction or outside of one.
    fn together(&self, work: impl FnOnce() -> rusqlite::Result<()>) -> rusqlite::Result<()> {
        self.connection.execute_batch("SAVEPOINT together")?;
        match work() {
            Ok(()) => self.connection.execute_batch("RELEASE together"),
            Err(e) => {
                self.connection.execute_batch("ROLLBACK TO together; RELEASE together")?;
                Err(e)
            }
        }
    }
}

fn failed(e: rusqlite::Error) -> StoreError {
    StoreError::Failed(e.to_string())
}

fn decode(key: &str, bytes: &[u8]) -> Result<u64> {
    let word: Option<[u8; 8]> = bytes.try_into().ok();
    word.and_then(|w| u64::try_from(i64::from_le_bytes(w)).ok())
        .ok_or_else(|| anyhow!("the value under {key} is no counter of an SQLite store"))
}

fn encode(n: u64) -> Result<[u8; 8]> {
    Ok(i64::try_from(n).context("a counter beyond 2^63")?.to_le_bytes())
}

impl Engine for SqliteStore {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    /// Everything in the file is ours.
    fn walk(&mut self, each: &mut dyn FnMut(Item) -> Result<()>) -> Result<u64> {
        // One statement is one read transaction.
        let mut select =
            self.connection.prepare("SELECT key, value FROM spin_key_value WHERE store='default'")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let (key, bytes): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
            if self.gates.contains(&key) {
                continue;
            }
            let value =
                if is_counter(&key) { Value::Counter(decode(&key, &bytes)?) } else { Value::Bytes(bytes) };
            each(Item { key, value })?;
        }
        Ok(0)
    }

    fn is_empty(&mut self) -> Result<bool> {
        let any = "SELECT NOT EXISTS (SELECT 1 FROM spin_key_value WHERE store='default')";
        Ok(self.connection.query_row(any, [], |row| row.get(0))?)
    }

    /// A transaction: nobody sees anything of it until it ends.
    fn begin(&mut self) -> Result<()> {
        self.gates = engine::gates()?;
        Ok(self.connection.execute_batch("BEGIN IMMEDIATE")?)
    }

    fn put(&mut self, items: &[Item]) -> Result<()> {
        for item in items {
            match &item.value {
                Value::Counter(n) => self.set(&item.key, &encode(*n)?)?,
                Value::Bytes(bytes) => self.set(&item.key, bytes)?,
            }
        }
        Ok(())
    }

    fn erase(&mut self) -> Result<u64> {
        Ok(self.connection.execute("DELETE FROM spin_key_value WHERE store='default'", [])? as u64)
    }

    fn hold_pending(&mut self, gates: &[Item], taken_at: Timestamp) -> Result<usize> {
        engine::hold_pending(self, gates, taken_at)
    }

    fn commit(&mut self, gates: &[Item]) -> Result<()> {
        self.gates.clear();
        self.put(gates)?;
        Ok(self.connection.execute_batch("COMMIT")?)
    }
}

impl KeyValue for SqliteStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.value(key)
    }

    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        let Some(bytes) = self.value(key)? else { return Ok(0) };
        decode(key, &bytes).map_err(|e| StoreError::Corrupt { key: key.to_owned(), reason: e.to_string() })
    }

    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        let sum = self.counter(key).await?.saturating_add(by);
        let bytes = encode(sum).map_err(|e| StoreError::Failed(e.to_string()))?;
        self.set(key, &bytes).map_err(failed)?;
        Ok(sum)
    }

    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        self.together(|| pairs.iter().try_for_each(|(key, value)| self.set(key, value))).map_err(failed)
    }

    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        let delete = "DELETE FROM spin_key_value WHERE store='default' AND key=?1";
        self.together(|| keys.iter().try_for_each(|key| self.connection.execute(delete, [key]).map(drop)))
            .map_err(failed)
    }
}
