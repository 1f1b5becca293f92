//! The key-value store in one SQLite file.
//!
//! Schema, statements and answers mirror `crates/key-value-spin/src/store.rs` of Spin, so that a file may move between
//! the two. What differs is how fast it is durable: Spin runs every write as its own transaction on one connection; here
//! the file is in WAL mode, one thread writes, and the writes that queue up while it waits for the disk share the next
//! transaction and its fsync. Nobody is answered before that commit. A write that fails does not fail its neighbours.
//! Reads go to connections of their own and wait for no one.
//!
//! One deliberate difference: `increment` of a value that is not 8 bytes is an error here, while Spin panics and poisons
//! the store.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, TransactionBehavior, params};
use tokio::sync::{mpsc, oneshot};

/// Spin's limit on what one read may return, bytes (`MAX_HOST_BUFFERED_BYTES`).
pub const MAX_RESULT_BYTES: usize = 128 << 20;

/// Name of the file inside the state folder, as in Spin.
pub const FILE_NAME: &str = "sqlite_key_value.db";

/// How many writes may share a commit; bounds how long the first of them waits for the others.
const MAX_GROUP: usize = 512;
/// Writes waiting for the writer before callers wait themselves.
const QUEUE: usize = 1024;
/// Read connections kept open; more are opened when needed and closed again.
const KEPT_READERS: usize = 8;
/// How long to wait for another process that holds the file's lock (rusqlite's default, hence Spin's).
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What went wrong, in words a component may be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct EngineError(pub String);

impl From<rusqlite::Error> for EngineError {
    fn from(error: rusqlite::Error) -> Self {
        // The text Spin gives: the debug form.
        Self(format!("{error:?}"))
    }
}

/// Keys with their values.
pub type Found = Vec<(String, Option<Vec<u8>>)>;

/// A change to one store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Sets all or none; answers 0.
    SetMany(Vec<(String, Vec<u8>)>),
    /// Deletes all or none, missing ones included; answers 0.
    DeleteMany(Vec<String>),
    /// Adds to a counter (8 bytes, little-endian, signed; absent is zero); answers the new value.
    Increment {
        /// Of the counter.
        key: String,
        /// Added.
        delta: i64,
    },
    /// Replaces a value that still is `old`; with `old` absent sets it whatever it is, as Spin does. Answers the number
    /// of rows changed: 0 when the value was another.
    Swap {
        /// To be set.
        key: String,
        /// Seen before.
        old: Option<Vec<u8>>,
        /// To set.
        new: Vec<u8>,
    },
}

struct Job {
    store: String,
    write: Write,
    reply: oneshot::Sender<Result<i64, EngineError>>,
}

/// An open store file.
pub struct Engine {
    jobs: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
    readers: Mutex<Vec<Connection>>,
    path: std::path::PathBuf,
}

impl Engine {
    /// Opens or creates the file at `path` and puts it into WAL mode.
    ///
    /// # Errors
    /// When SQLite cannot open, create or lock it.
    pub fn open(path: &Path) -> Result<Self, EngineError> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // FULL syncs the log at every commit: what is acknowledged survives a crash of the machine, too.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS spin_key_value (
                store TEXT NOT NULL,
                key   TEXT NOT NULL,
                value BLOB NOT NULL,
                PRIMARY KEY (store, key)
            )",
        )?;
        let (jobs, queue) = mpsc::channel(QUEUE);
        let writer = std::thread::Builder::new()
            .name("kv-writer".into())
            .spawn(move || write_loop(connection, queue))
            .map_err(|e| EngineError(format!("cannot start the writer thread: {e}")))?;
        Ok(Self {
            jobs: Some(jobs),
            writer: Some(writer),
            readers: Mutex::new(Vec::new()),
            path: path.to_owned(),
        })
    }

    /// Applies `write` and waits until it is on disk.
    ///
    /// # Errors
    /// When it was not applied.
    pub async fn write(&self, store: &str, write: Write) -> Result<i64, EngineError> {
        let stopped = || EngineError("the store is closed".into());
        let (reply, answer) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or_else(stopped)?;
        jobs.send(Job { store: store.to_owned(), write, reply }).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    /// The value at `key`. Blocks for the time of one indexed read.
    ///
    /// # Errors
    /// Of SQLite, or a value above [`MAX_RESULT_BYTES`].
    pub fn get(&self, store: &str, key: &str) -> Result<Option<Vec<u8>>, EngineError> {
        self.read(|connection| {
            let value: Option<Vec<u8>> = connection
                .prepare_cached("SELECT value FROM spin_key_value WHERE store=?1 AND key=?2")?
                .query_row([store, key], |row| row.get(0))
                .optional()?;
            check_size(size_of::<Option<Vec<u8>>>() + value.as_ref().map_or(0, Vec::len))?;
            Ok(value)
        })
    }

    /// The values of those of `keys` that exist, in key order, all from one snapshot. Blocks.
    ///
    /// # Errors
    /// As [`Engine::get`], for the sum.
    pub fn get_many(&self, store: &str, mut keys: Vec<String>) -> Result<Found, EngineError> {
        keys.sort_unstable();
        keys.dedup();
        self.read(|connection| {
            let snapshot = connection.unchecked_transaction()?;
            let mut select =
                snapshot.prepare_cached("SELECT value FROM spin_key_value WHERE store=?1 AND key=?2")?;
            let mut found = Vec::new();
            let mut size = size_of::<Vec<String>>();
            for key in keys {
                let value: Option<Vec<u8>> =
                    select.query_row([store, key.as_str()], |row| row.get(0)).optional()?;
                if let Some(value) = value {
                    size += size_of::<(String, Option<Vec<u8>>)>() + key.len() + value.len();
                    check_size(size)?;
                    found.push((key, Some(value)));
                }
            }
            Ok(found)
        })
    }

    /// All keys, in key order. Blocks for a scan of the store.
    ///
    /// # Errors
    /// As [`Engine::get`], for the sum.
    pub fn keys(&self, store: &str) -> Result<Vec<String>, EngineError> {
        self.read(|connection| {
            let mut select = connection.prepare_cached("SELECT key FROM spin_key_value WHERE store=?1")?;
            let mut rows = select.query([store])?;
            let mut keys = Vec::new();
            let mut size = size_of::<Vec<String>>();
            while let Some(row) = rows.next()? {
                let key: String = row.get(0)?;
                size += size_of::<String>() + key.len();
                check_size(size)?;
                keys.push(key);
            }
            Ok(keys)
        })
    }

    fn read<T>(&self, query: impl FnOnce(&Connection) -> Result<T, EngineError>) -> Result<T, EngineError> {
        let kept = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match kept {
            Some(connection) => connection,
            None => self.open_reader()?,
        };
        let result = query(&connection);
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < KEPT_READERS {
            readers.push(connection);
        }
        result
    }

    fn open_reader(&self) -> Result<Connection, EngineError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        Ok(connection)
    }
}

impl Drop for Engine {
    /// Waits until every queued write is on disk.
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the key-value writer thread panicked");
        }
    }
}

fn check_size(bytes: usize) -> Result<(), EngineError> {
    if bytes > MAX_RESULT_BYTES {
        return Err(EngineError(format!("query result exceeds limit of {MAX_RESULT_BYTES} bytes")));
    }
    Ok(())
}

fn write_loop(mut connection: Connection, mut queue: mpsc::Receiver<Job>) {
    let mut group = Vec::new();
    while gather(&mut queue, &mut group) {
        let results = commit(&mut connection, &group);
        match results {
            Ok(results) => {
                for (job, result) in group.drain(..).zip(results) {
                    // A caller that no longer waits is no error.
                    _ = job.reply.send(result);
                }
            }
            Err(error) => {
                tracing::warn!(%error, writes = group.len(), "key-value commit failed");
                for job in group.drain(..) {
                    _ = job.reply.send(Err(error.clone()));
                }
            }
        }
    }
}

/// Waits for a write and takes all that are queued behind it; false when there will be no more.
fn gather(queue: &mut mpsc::Receiver<Job>, group: &mut Vec<Job>) -> bool {
    let Some(first) = queue.blocking_recv() else { return false };
    group.push(first);
    while group.len() < MAX_GROUP
        && let Ok(job) = queue.try_recv()
    {
        group.push(job);
    }
    true
}

/// Applies the group in one transaction. The outer error means that nothing was applied.
fn commit(connection: &mut Connection, group: &[Job]) -> Result<Vec<Result<i64, EngineError>>, EngineError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut results = Vec::with_capacity(group.len());
    for job in group {
        transaction.execute_batch("SAVEPOINT one_write")?;
        let result = apply(&transaction, &job.store, &job.write);
        // Errors such as a full disk end the whole transaction, the neighbours' writes with it.
        if transaction.is_autocommit() {
            return Err(result
                .err()
                .unwrap_or_else(|| EngineError("the transaction was rolled back".into())));
        }
        if result.is_err() {
            transaction.execute_batch("ROLLBACK TO one_write")?;
        }
        transaction.execute_batch("RELEASE one_write")?;
        results.push(result);
    }
    transaction.commit()?;
    Ok(results)
}

const UPSERT: &str = "INSERT INTO spin_key_value (store, key, value) VALUES (?1, ?2, ?3)
                      ON CONFLICT(store, key) DO UPDATE SET value=?3";

fn apply(connection: &Connection, store: &str, write: &Write) -> Result<i64, EngineError> {
    match write {
        Write::SetMany(pairs) => {
            let mut upsert = connection.prepare_cached(UPSERT)?;
            for (key, value) in pairs {
                upsert.execute(params![store, key, value])?;
            }
            Ok(0)
        }
        Write::DeleteMany(keys) => {
            let mut delete =
                connection.prepare_cached("DELETE FROM spin_key_value WHERE store=?1 AND key=?2")?;
            for key in keys {
                delete.execute([store, key])?;
            }
            Ok(0)
        }
        Write::Increment { key, delta } => {
            let value: Option<Vec<u8>> = connection
                .prepare_cached("SELECT value FROM spin_key_value WHERE store=?1 AND key=?2")?
                .query_row([store, key], |row| row.get(0))
                .optional()?;
            let number = match value {
                None => 0,
                Some(bytes) => i64::from_le_bytes(bytes.as_slice().try_into().map_err(|_| {
                    EngineError(format!(
                        "cannot increment {key:?}: the value has {} bytes instead of 8 (Spin panics here)",
                        bytes.len()
                    ))
                })?),
            };
            let sum = number
                .checked_add(*delta)
                .ok_or_else(|| EngineError(format!("cannot increment {key:?}: the sum is out of range")))?;
            connection.prepare_cached(UPSERT)?.execute(params![store, key, sum.to_le_bytes()])?;
            Ok(sum)
        }
        Write::Swap { key, old: Some(old), new } => {
            let changed = connection
                .prepare_cached("UPDATE spin_key_value SET value=?4 WHERE store=?1 AND key=?2 AND value=?3")?
                .execute(params![store, key, old, new])?;
            Ok(i64::from(changed > 0))
        }
        Write::Swap { key, old: None, new } => {
            connection.prepare_cached(UPSERT)?.execute(params![store, key, new])?;
            Ok(1)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::io::BufRead as _;
    use std::process::{Command, Stdio};
    use std::sync::Arc;

    use super::*;

    fn open(folder: &tempfile::TempDir) -> Engine {
        Engine::open(&folder.path().join(FILE_NAME)).unwrap()
    }

    fn set(key: &str, value: &[u8]) -> Write {
        Write::SetMany(vec![(key.into(), value.to_vec())])
    }

    fn increment(key: &str) -> Write {
        Write::Increment { key: key.into(), delta: 1 }
    }

    #[tokio::test]
    async fn values_are_kept_per_store_and_over_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let engine = open(&folder);
        engine.write("default", set("a", b"1")).await.unwrap();
        engine.write("other", set("a", b"2")).await.unwrap();
        assert_eq!(engine.get("default", "a").unwrap().as_deref(), Some(b"1".as_slice()));
        drop(engine);
        let engine = open(&folder);
        assert_eq!(engine.get("other", "a").unwrap().as_deref(), Some(b"2".as_slice()));
        engine.write("other", Write::DeleteMany(vec!["a".into(), "gone".into()])).await.unwrap();
        assert_eq!(engine.get("other", "a").unwrap(), None);
        assert_eq!(engine.keys("default").unwrap(), ["a"]);
    }

    #[tokio::test]
    async fn counters_are_eight_bytes_little_endian() {
        let folder = tempfile::tempdir().unwrap();
        let engine = open(&folder);
        let by = |delta| Write::Increment { key: "n".into(), delta };
        assert_eq!(engine.write("s", by(500)).await, Ok(500));
        assert_eq!(engine.get("s", "n").unwrap().unwrap(), [0xf4, 1, 0, 0, 0, 0, 0, 0]);
        assert_eq!(engine.write("s", by(-1)).await, Ok(499));
        engine.write("s", set("n", b"500")).await.unwrap();
        assert!(engine.write("s", by(1)).await.unwrap_err().0.contains("3 bytes instead of 8"));
        assert_eq!(engine.get("s", "n").unwrap().as_deref(), Some(b"500".as_slice()));
    }

    #[tokio::test]
    async fn get_many_answers_only_what_exists_in_key_order() {
        let folder = tempfile::tempdir().unwrap();
        let engine = open(&folder);
        let pairs = vec![("b".to_owned(), b"2".to_vec()), ("a".to_owned(), b"1".to_vec())];
        engine.write("s", Write::SetMany(pairs)).await.unwrap();
        let keys = ["c", "b", "a", "b"].map(str::to_owned).to_vec();
        let expected = [("a".to_owned(), Some(b"1".to_vec())), ("b".to_owned(), Some(b"2".to_vec()))];
        assert_eq!(engine.get_many("s", keys).unwrap(), expected);
    }

    #[tokio::test]
    async fn a_swap_needs_the_old_value_except_where_there_was_none() {
        let folder = tempfile::tempdir().unwrap();
        let engine = open(&folder);
        let swap = |old: Option<&[u8]>, new: &[u8]| Write::Swap {
            key: "k".into(),
            old: old.map(<[u8]>::to_vec),
            new: new.to_vec(),
        };
        assert_eq!(engine.write("s", swap(Some(b"x"), b"1")).await, Ok(0));
        assert_eq!(engine.write("s", swap(None, b"1")).await, Ok(1));
        // Spin's quirk: a handle that saw nothing overwrites.
        assert_eq!(engine.write("s", swap(None, b"2")).await, Ok(1));
        assert_eq!(engine.write("s", swap(Some(b"1"), b"3")).await, Ok(0));
        assert_eq!(engine.write("s", swap(Some(b"2"), b"3")).await, Ok(1));
        assert_eq!(engine.get("s", "k").unwrap().as_deref(), Some(b"3".as_slice()));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn concurrent_increments_all_count_and_all_differ() {
        let folder = tempfile::tempdir().unwrap();
        let engine = Arc::new(open(&folder));
        let tasks: Vec<_> = (0..500)
            .map(|_| {
                let engine = engine.clone();
                tokio::spawn(async move { engine.write("s", increment("n")).await.unwrap() })
            })
            .collect();
        let mut seen = HashSet::new();
        for task in tasks {
            seen.insert(task.await.unwrap());
        }
        assert_eq!(seen, (1..=500).collect());
    }

    fn job(write: Write) -> (Job, oneshot::Receiver<Result<i64, EngineError>>) {
        let (reply, answer) = oneshot::channel();
        (Job { store: "s".into(), write, reply }, answer)
    }

    #[test]
    fn a_failing_write_leaves_its_group_alone_and_nothing_of_itself() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        drop(Engine::open(&path).unwrap());
        let mut connection = Connection::open(&path).unwrap();
        // A trigger makes one key unwritable, after the first of two keys was written.
        connection
            .execute_batch(
                "CREATE TRIGGER t BEFORE INSERT ON spin_key_value WHEN NEW.key = 'bad'
                 BEGIN SELECT RAISE(ABORT, 'refused'); END",
            )
            .unwrap();
        let half = vec![("half".to_owned(), vec![1]), ("bad".to_owned(), vec![1])];
        let group: Vec<_> =
            [set("before", b"1"), Write::SetMany(half), set("after", b"1"), increment("before")]
                .into_iter()
                .map(|write| job(write).0)
                .collect();
        let results = commit(&mut connection, &group).unwrap();
        assert_eq!(results.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true, false]);
        drop(connection);
        let engine = Engine::open(&path).unwrap();
        assert_eq!(engine.keys("s").unwrap(), ["after", "before"]);
    }

    #[test]
    fn queued_writes_share_a_commit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        drop(Engine::open(&path).unwrap());
        let mut connection = Connection::open(&path).unwrap();
        let (jobs, mut queue) = mpsc::channel(QUEUE);
        for _ in 0..100 {
            assert!(jobs.try_send(job(increment("n")).0).is_ok());
        }
        let mut group = Vec::new();
        assert!(gather(&mut queue, &mut group));
        assert_eq!(group.len(), 100);
        let results = commit(&mut connection, &group).unwrap();
        assert_eq!(results, (1..=100).map(Ok).collect::<Vec<_>>());
        drop(jobs);
        assert!(!gather(&mut queue, &mut group));
    }

    const CHILD_FILE: &str = "MOSTEK_HOST_TEST_STORE";

    /// Not a test of its own: the process that `acknowledged_writes_survive_kill_9` kills.
    #[test]
    #[ignore = "runs as a child process of acknowledged_writes_survive_kill_9"]
    fn child_that_writes_until_killed() {
        let Some(path) = std::env::var_os(CHILD_FILE) else { return };
        let engine = Arc::new(Engine::open(Path::new(&path)).unwrap());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        runtime.block_on(async {
            let mut writers: Vec<_> = (0..8)
                .map(|_| {
                    let engine = engine.clone();
                    tokio::spawn(async move {
                        loop {
                            let number = engine.write("s", increment("n")).await.unwrap();
                            engine.write("s", set(&format!("k{number}"), b"x")).await.unwrap();
                            println!("acknowledged {number}");
                        }
                    })
                })
                .collect();
            // Should the parent be gone, printing fails and ends this.
            writers.pop().unwrap().await.unwrap();
        });
    }

    #[test]
    fn acknowledged_writes_survive_kill_9() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        for round in 0..3 {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--ignored", "--exact", "--nocapture", "--test-threads=1"])
                .arg("kv::engine::tests::child_that_writes_until_killed")
                .env(CHILD_FILE, &path)
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
            let mut acknowledged = Vec::new();
            let number =
                |line: &str| line.split_once("acknowledged ").and_then(|(_, n)| n.parse::<i64>().ok());
            while acknowledged.len() < 200 {
                let line = lines.next().expect("the child ended early").unwrap();
                acknowledged.extend(number(&line));
            }
            // Child::kill is SIGKILL.
            child.kill().unwrap();
            child.wait().unwrap();
            // What it said before it died counts, too; the last line may be cut.
            let mut rest: Vec<_> = lines.map_while(Result::ok).collect();
            rest.pop();
            acknowledged.extend(rest.iter().filter_map(|line| number(line)));
            let engine = Engine::open(&path).unwrap();
            let counter = engine.get("s", "n").unwrap().unwrap();
            let counter = i64::from_le_bytes(counter.try_into().unwrap());
            for number in acknowledged {
                assert!(number <= counter, "round {round}: counter {counter} lost {number}");
                let value = engine.get("s", &format!("k{number}")).unwrap();
                assert!(value.is_some(), "round {round}: k{number} was acknowledged and is gone");
            }
        }
    }
}
