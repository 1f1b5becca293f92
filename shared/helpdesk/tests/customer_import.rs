//! Files with customers that are taken in: slowly.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use futures::executor::block_on;
use mostek_domain::ImportId;
use mostek_helpdesk::customer::import::{self, Progress, row};
use mostek_helpdesk::customer;
use mostek_ports::testing::{ManualClock, MemoryStore, TestWorld};
use mostek_ports::{Clock, KeyValue, StoreError, World};
use mostek_store::Actor;
use row::Target::{Email, Name};
use std::time::Duration;
use support::company;

const HOUR: Duration = Duration::from_secs(3600);

fn actor() -> Actor {
    Actor::System("test".into())
}

/// A store whose every operation takes some time.
#[derive(Clone)]
struct Slow {
    store: MemoryStore,
    clock: ManualClock,
}

impl Slow {
    fn wait(&self) {
        self.clock.advance(Duration::from_millis(20));
    }
}

impl KeyValue for Slow {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.wait();
        self.store.get(key).await
    }
    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        self.wait();
        self.store.counter(key).await
    }
    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        self.wait();
        self.store.increment(key, by).await
    }
    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        self.wait();
        self.store.set_many(pairs).await
    }
    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        self.wait();
        self.store.delete_many(keys).await
    }
}

async fn upload<W: World>(world: &W, text: &str) -> ImportId {
    import::upload(world, company(), actor(), "lista.csv", text.as_bytes()).await.unwrap()
}

async fn progress<W: World>(world: &W, id: ImportId) -> Progress {
    let what = import::of_company(world, company(), id).await.unwrap();
    import::progress(world, id, &what).await.unwrap()
}

#[test]
fn a_chunk_that_is_cut_off_goes_on_at_the_row_where_it_stopped() {
    let plain = TestWorld::new(1);
    let world = TestWorld {
        kv: Slow { store: plain.kv.clone(), clock: plain.clock.clone() },
        http: plain.http,
        clock: plain.clock,
        random: plain.random,
        settings: plain.settings,
        log: plain.log,
    };
    let mut text = "Nazwa;E-mail\n".to_owned();
    for n in 0..60 {
        text.push_str(&format!("Osoba {n};osoba{n}@example.pl\n"));
    }
    block_on(async {
        let id = upload(&world, &text).await;
        let plan = row::Plan { columns: vec![Name, Email], finder: row::Finder::Email, comma: true };
        import::start(&world, company(), id, &plan, Duration::ZERO).await.unwrap();
        let (mut rounds, mut before) = (0, 0);
        while !progress(&world, id).await.is_done() {
            // Far too short for a chunk of fifty rows.
            let until = world.clock().monotonic() + Duration::from_secs(5);
            import::go_on_with_all(&world, until).await.unwrap();
            let now = progress(&world, id).await;
            assert!(now.done > before, "nothing was done in round {rounds}: {now:?}");
            before = now.done;
            rounds += 1;
            assert!(rounds < 40);
        }
        assert!(rounds > 3, "it was cut off, or this shows nothing: {rounds}");
        let done = progress(&world, id).await;
        assert_eq!((done.added, done.refused), (60, 0));
        assert_eq!(customer::page(&world, company(), None, 1).await.unwrap().total, 60);
        // Nothing of it is left after a week.
        import::go_on_with_all(&world, Duration::MAX).await.unwrap();
        world.clock.advance(import::KEPT + HOUR);
        import::go_on_with_all(&world, Duration::MAX).await.unwrap();
        let left = |k: &String| k.contains("customer-import-") || k.contains("import-");
        let left: Vec<String> = world.kv.store.keys().into_iter().filter(left).collect();
        assert!(left.iter().all(|k| !k.contains("rows") && !k.contains("plan")), "{left:?}");
    });
}
