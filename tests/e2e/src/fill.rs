//! A store filled without a hub: the hub's own code over the storekeeper's engines.

use crate::history;
use mostek_domain::{CompanyId, TicketId, TicketNumber, Timestamp};
use mostek_helpdesk::list::{self, Summary};
use mostek_ports::testing::{FakeHttp, ManualClock, MapSettings, RecordingLog, SeededRandom, TestWorld};
use mostek_ports::{Clock, KeyValue};
use mostek_store::{Actor, Commit, Filter, Row};
use mostek_storekeeper::place::Place;
use mostek_storekeeper::redis::RedisStore;
use mostek_storekeeper::sqlite::SqliteStore;

/// Rows written together.
const BATCH: u64 = 500;

/// Makes the company's list of tickets this long, by rows like the one that is there already. Only the list is written,
/// not the tickets: opening a list reads nothing else.
///
/// # Panics
/// If there is no store at the address, or it cannot be written.
pub async fn lengthen_list(store: &str, company: CompanyId, length: u64) {
    match Place::parse(store, "mostek:").unwrap() {
        Place::Sqlite(file) => {
            lengthen(SqliteStore::open(&file).unwrap().carelessly().unwrap(), company, length).await;
        }
        Place::Redis { address, prefix } => {
            lengthen(RedisStore::open(&address, &prefix).unwrap(), company, length).await;
        }
    }
}

async fn lengthen<K: KeyValue>(kv: K, company: CompanyId, length: u64) {
    let world = world(kv);
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
    // Or the hub's timer would do it while the list is measured.
    history::tidy(&world, company).await;
}

/// Fills a company with so many tickets of [`history::MESSAGES`] messages each, through the hub's own intake, indexed and
/// counted. Gives how long taking in and indexing took.
///
/// # Panics
/// If there is no store at the address, or it cannot be written.
pub async fn fill_history(store: &str, company: CompanyId, tickets: u64) -> std::time::Duration {
    let began = std::time::Instant::now();
    match Place::parse(store, "mostek:").unwrap() {
        Place::Sqlite(file) => {
            history_in(SqliteStore::open(&file).unwrap().carelessly().unwrap(), company, tickets).await;
        }
        Place::Redis { address, prefix } => {
            history_in(RedisStore::open(&address, &prefix).unwrap(), company, tickets).await;
        }
    }
    began.elapsed()
}

async fn history_in<K: KeyValue>(kv: K, company: CompanyId, tickets: u64) {
    let world = world(kv);
    let now = world.clock.now();
    let connection = history::connection_of(&world, company).await;
    history::take_in(&world, &connection, 0..tickets, tickets, now).await;
}

/// What the hub's code needs besides its store.
fn world<K: KeyValue>(kv: K) -> TestWorld<K> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    TestWorld {
        kv,
        http: FakeHttp::unreachable(),
        clock: ManualClock::at(Timestamp(i64::try_from(now.as_millis()).unwrap())),
        random: SeededRandom::new(9),
        settings: MapSettings::default(),
        log: RecordingLog::default(),
    }
}
