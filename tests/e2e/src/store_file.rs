//! A store file filled without a hub: the store's own code over SQLite with Spin's table.

use std::cell::RefCell;
use std::path::Path;

use mostek_domain::{CompanyId, TicketId, TicketNumber, Timestamp};
use mostek_helpdesk::list::{self, Summary};
use mostek_ports::testing::{FakeHttp, ManualClock, MapSettings, RecordingLog, SeededRandom, TestWorld};
use mostek_ports::{KeyValue, StoreError};
use mostek_store::{Actor, Commit, Filter, Row};
use rusqlite::{Connection, OptionalExtension as _, params};

/// Rows written together.
const BATCH: u64 = 500;

/// The store `default` of a file that no hub has open.
pub struct StoreFile(RefCell<Connection>);

fn failed(e: rusqlite::Error) -> StoreError {
    StoreError::Failed(e.to_string())
}

const UPSERT: &str = "INSERT INTO spin_key_value (store, key, value) VALUES ('default', ?1, ?2)
                      ON CONFLICT(store, key) DO UPDATE SET value=?2";

impl StoreFile {
    /// Opens the file.
    pub fn open(path: &Path) -> Self {
        let connection = Connection::open(path).unwrap();
        connection.pragma_update(None, "synchronous", "OFF").unwrap();
        Self(RefCell::new(connection))
    }

    fn value(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.0
            .borrow()
            .prepare_cached("SELECT value FROM spin_key_value WHERE store='default' AND key=?1")
            .and_then(|mut s| s.query_row([key], |row| row.get(0)).optional())
            .map_err(failed)
    }
}

fn number(bytes: Option<Vec<u8>>) -> u64 {
    bytes.and_then(|b| b.try_into().ok()).map_or(0, |b| u64::try_from(i64::from_le_bytes(b)).unwrap_or(0))
}

impl KeyValue for StoreFile {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.value(key)
    }

    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        self.value(key).map(number)
    }

    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        let sum = number(self.value(key)?) + by;
        let bytes = i64::try_from(sum).unwrap_or(i64::MAX).to_le_bytes();
        self.0.borrow().execute(UPSERT, params![key, bytes]).map_err(failed)?;
        Ok(sum)
    }

    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        let mut connection = self.0.borrow_mut();
        let transaction = connection.transaction().map_err(failed)?;
        for (key, value) in pairs {
            transaction
                .prepare_cached(UPSERT)
                .and_then(|mut s| s.execute(params![key, value]))
                .map_err(failed)?;
        }
        transaction.commit().map_err(failed)
    }

    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        for key in keys {
            let delete = "DELETE FROM spin_key_value WHERE store='default' AND key=?1";
            self.0.borrow().execute(delete, [key]).map_err(failed)?;
        }
        Ok(())
    }
}

/// Makes the company's list of tickets this long, by rows like the one that is there already. Only the list is written,
/// not the tickets: opening a list reads nothing else.
pub async fn lengthen_list(path: &Path, company: CompanyId, length: u64) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let world = TestWorld {
        kv: StoreFile::open(path),
        http: FakeHttp::unreachable(),
        clock: ManualClock::at(Timestamp(i64::try_from(now.as_millis()).unwrap())),
        random: SeededRandom::new(9),
        settings: MapSettings::default(),
        log: RecordingLog::default(),
    };
    let index = list::index(company).unwrap();
    let page = index.page(&world.kv, &world.clock, &Filter::default(), None, 1).await.unwrap();
    let (_, like) = page.rows.into_iter().next().expect("the list has one row to imitate");
    let summary: Summary = serde_json::from_value(like.data.clone()).unwrap();
    let mut written = page.total;
    while written < length {
        let rows = (written..(written + BATCH).min(length)).map(|n| {
            let id = TicketId::deterministic(&[b"bench", &n.to_le_bytes()]);
            let summary = Summary { id, number: TicketNumber(n + 1_000), ..summary.clone() };
            let data = serde_json::to_value(summary).unwrap();
            (
                format!("bench-{n}"),
                Row { subject: id.to_string(), replaces: Vec::new(), data, ..like.clone() },
            )
        });
        let rows: Vec<_> = rows.collect();
        written += rows.len() as u64;
        let mut commit = Commit::by(Actor::System("bench".into()));
        index.add(&mut commit, rows);
        commit.run(&world).await.unwrap();
        while index.tidy(&world).await.unwrap() > 0 {}
    }
}
