//! The default build on Spin's own Redis key-value backend (`[key_value_store.default] type = "redis"`): its counters are
//! ASCII digits and its batch reads are broken, and the hub does the main job on it all the same.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::fs;

use mostek_e2e::programs::{Programs, Store};
use mostek_e2e::redis::Redis;
use mostek_e2e::stack::{SHOP, text};
use mostek_e2e::{Options, Stack};
use mostek_storekeeper::place::Place;
use mostek_storekeeper::transfer::digest_of_store;

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_works_on_spins_redis_backend() {
    let Ok(Programs { store: Store::Redis(server), limits: None, .. }) = Programs::find() else {
        return println!("SKIPPED spin_redis: it takes a Redis server");
    };
    let folder = tempfile::tempdir().unwrap();
    let redis = Redis::start(&server, &folder.path().join("redis"));
    let config = folder.path().join("runtime-config.toml");
    let toml = format!("[key_value_store.default]\ntype = \"redis\"\nurl = \"{}\"\n", redis.url());
    fs::write(&config, toml).unwrap();
    let arguments = vec!["--runtime-config-file".to_owned(), config.display().to_string()];
    let options = Options { store: Some(Store::Sqlite), arguments, ..Options::default() };
    let Some(mut stack) = Stack::start("spin_redis", options).await else { return };

    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    stack.mirakl().with(|inner| inner.world.generate(now, SHOP, 20, 3, false)).unwrap();
    assert_eq!(stack.poll().await["messages"], 60);
    let ticket = text(&stack.tickets().await[0]["id"]);
    stack.reply(&ticket, "Jutro.", "key").await.expect(201);
    stack.until_sent("Jutro.", 1).await;
    // Keys are not put below a label or an application there: hence a database of its own for each.
    let there = digest_of_store(&Place::parse(&redis.url(), "").unwrap()).unwrap();
    assert!(there.items > 100, "{there}");

    // Killed in the middle and started again, both of them: everything is still there.
    redis.restart();
    stack.hub.restart().await;
    assert_eq!(stack.tickets().await.len(), 20);
    assert_eq!(stack.poll().await["messages"], 0);
}
