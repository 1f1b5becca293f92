//! Stores in a Redis: what an import shows while it goes on, and whose keys are touched.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use mostek_e2e::programs::{Programs, Store};
use mostek_e2e::redis::Redis;
use mostek_e2e::stack::{ADMINISTRATOR, PASSWORD};
use mostek_e2e::{Client, Options, Stack};
use mostek_ports::KeyValue;
use mostek_storekeeper::engine::{Engine as _, Item, Value, gates};
use mostek_storekeeper::place::Place;
use mostek_storekeeper::redis::RedisStore;
use mostek_storekeeper::transfer::{digest_of_store, export, import};
use tempfile::TempDir;

fn redis() -> Option<(Redis, TempDir)> {
    let Ok(Programs { store: Store::Redis(server), .. }) = Programs::find() else {
        println!("SKIPPED storekeeper: the store of this run is not a Redis");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    Some((Redis::start(&server, &folder.path().join("redis")), folder))
}

async fn fill(address: &str, prefix: &str, keys: usize) {
    let store = RedisStore::open(address, prefix).unwrap();
    for n in 0..keys {
        store.set_many(&[(format!("r:poll:{n}"), vec![1, 2, 3])]).await.unwrap();
    }
    store.increment("j:people:directory:n", 2).await.unwrap();
}

#[tokio::test]
async fn a_hub_whose_prefix_begins_with_ours_is_neither_taken_along_nor_deleted() {
    let Some((redis, folder)) = redis() else { return };
    let address = redis.url();
    fill(&address, "shop:", 1_200).await;
    fill(&address, "shop:two:", 7).await;
    fill(&address, "shop2", 3).await;
    let place = |prefix: &str| Place::parse(&address, prefix).unwrap();
    let file = folder.path().join("shop.backup");
    let refused = export(&place("shop:"), &file, true, false).unwrap_err().to_string();
    assert!(refused.contains("8 keys") && refused.contains("--leave-foreign"), "{refused}");
    assert_eq!(export(&place("shop:"), &file, true, true).unwrap().items, 1_201);
    // The counter is a gate: it is closed and not deleted.
    assert_eq!(import(&file, &place("shop:"), true).unwrap().erased, 1_200);
    assert_eq!(place("shop:").open().unwrap().erase().unwrap(), 1_202, "the record of the import, too");
    assert_eq!(digest_of_store(&place("shop:two:")).unwrap().items, 8);
    assert_eq!(digest_of_store(&place("shop2")).unwrap().items, 4);
}

#[tokio::test]
async fn an_import_that_broke_off_is_recognised_and_can_be_done_again() {
    let Some((redis, folder)) = redis() else { return };
    let address = redis.url();
    fill(&address, "a:", 50).await;
    let place = |prefix: &str| Place::parse(&address, prefix).unwrap();
    let file = folder.path().join("a.backup");
    let whole = export(&place("a:"), &file, false, false).unwrap();
    // The beginning of an import, and no end.
    let mut half = RedisStore::open(&address, "b:").unwrap();
    half.begin().unwrap();
    half.put(&[Item { key: "r:poll:1".into(), value: Value::Bytes(vec![1]) }]).unwrap();
    drop(half);
    for error in [
        export(&place("b:"), &file.with_extension("b"), true, false).unwrap_err(),
        digest_of_store(&place("b:")).unwrap_err(),
    ] {
        assert!(error.to_string().contains("did not end"), "{error:#}");
    }
    assert!(import(&file, &place("b:"), false).unwrap_err().to_string().contains("--replace"));
    let done = import(&file, &place("b:"), true).unwrap();
    assert_eq!(done.digest, whole);
    assert_eq!(digest_of_store(&place("b:")).unwrap(), done.now);
    let store = RedisStore::open(&address, "b:").unwrap();
    assert_eq!(store.counter("j:people:directory:n").await.unwrap(), 2);
    for gate in gates().unwrap().iter().filter(|gate| !gate.contains("people")) {
        assert_eq!(store.get(gate).await.unwrap(), None, "{gate} stayed closed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_on_a_store_that_is_being_filled_answers_nobody_and_sends_nothing() {
    if redis().is_none() {
        return;
    }
    let Some(stack) = Stack::start("gates", Options { undo_seconds: 1, ..Options::default() }).await else {
        return;
    };
    stack.customer_writes("Pytanie", "Halo?");
    stack.poll().await;
    let ticket = mostek_e2e::stack::text(&stack.tickets().await[0]["id"]);
    stack.reply(&ticket, "Jutro.", "key").await.expect(201);
    let mut store = RedisStore::open(&stack.hub.store(), "mostek:").unwrap();
    let mut real = Vec::new();
    for gate in gates().unwrap() {
        let counter = store.counter(&gate).await.unwrap();
        real.push(Item { key: gate, value: Value::Counter(counter) });
    }
    store.begin().unwrap();
    let visitor = Client::new(&stack.hub.base());
    assert!(stack.api.get("/api/v1/tickets").await.status >= 500);
    assert!(visitor.get("/sign-in").await.status >= 500);
    for _ in 0..3 {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        let report = stack.tick().await;
        assert!(report["helpdesk"]["errors"].as_array().is_some_and(|e| !e.is_empty()), "{report}");
    }
    assert_eq!(stack.times_sent("Jutro."), 0);
    store.commit(&real).unwrap();
    visitor.sign_in(ADMINISTRATOR, PASSWORD).await.expect(303);
    stack.until_sent("Jutro.", 1).await;
}
