//! What is particular to the store on Redis: everything is there and behind the prefix, nothing is anywhere else, and a
//! Redis that goes away is said to be away and loses nothing.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use mostek_e2e::hub::SETUP_CODE;
use mostek_e2e::programs::{Engine, Programs, Store};
use mostek_e2e::redis::Redis;
use mostek_e2e::stack::text;
use mostek_e2e::{Client, Hub, Options, Stack, eventually};
use mostek_storekeeper::place::Place;
use mostek_storekeeper::transfer::digest_of_store;
use serde_json::json;

fn on_redis() -> bool {
    let is_redis = Programs::find().is_ok_and(|p| matches!(p.store, Store::Redis(_)));
    if !is_redis {
        println!("SKIPPED redis: the store of this run is not a Redis");
    }
    is_redis
}

fn keys_at(address: &str, prefix: &str) -> u64 {
    digest_of_store(&Place::parse(address, prefix).unwrap()).unwrap().items
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_in_redis_behind_the_prefix_and_nothing_in_the_file() {
    if !on_redis() {
        return;
    }
    let variables = vec![("store_prefix".to_owned(), "{shop}:".to_owned())];
    let Some(stack) = Stack::start("prefix", Options { variables, ..Options::default() }).await else {
        return;
    };
    stack.customer_writes("Pytanie", "Gdzie paczka?");
    assert_eq!(stack.poll().await["messages"], 1);
    let address = stack.hub.store();
    let behind = keys_at(&address, "{shop}:");
    assert!(behind > 10, "{behind} keys");
    let mut outside = 0;
    let others = Place::parse(&address, "").unwrap().open().unwrap().walk(&mut |_| {
        outside += 1;
        Ok(())
    });
    assert_eq!((others.unwrap(), outside), (behind, 0), "a key is not behind the prefix");
    let file = stack.hub.folder().join("state/sqlite_key_value.db");
    if file.is_file() {
        assert_eq!(keys_at(&file.display().to_string(), ""), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_redis_is_away_the_hub_says_so_and_goes_on_when_it_is_back() {
    if !on_redis() {
        return;
    }
    let Some(stack) = Stack::start("away", Options::default()).await else { return };
    stack.customer_writes("Pytanie", "Gdzie paczka?");
    stack.poll().await;
    let ticket = text(&stack.tickets().await[0]["id"]);
    let redis = stack.hub.redis().unwrap().clone();
    redis.kill();
    let refused = stack.reply(&ticket, "Jutro.", "key-1").await;
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(refused.json()["status"], 503, "a problem, not an empty page");
    assert!(!refused.text().contains("password"), "{}", refused.text());
    let page = Client::new(&stack.hub.base()).get("/tickets").await;
    assert!(page.status == 503 || page.status == 303, "{}", page.status);
    redis.restart();
    // The same instance, with the connection it lost.
    eventually("an answer", Duration::from_secs(10), async || {
        let answer = stack.reply(&ticket, "Jutro.", "key-1").await;
        if answer.status == 201 { Ok(()) } else { Err(answer.text()) }
    })
    .await;
    stack.until_sent("Jutro.", 1).await;
    assert!(!stack.hub.output().contains("redis-password"), "the password is in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_hangs_holds_nobody_for_ever_and_its_commands_are_given_up() {
    if !on_redis() {
        return;
    }
    let Some(stack) = Stack::start("hangs", Options::default()).await else { return };
    stack.customer_writes("Pytanie", "Gdzie paczka?");
    stack.poll().await;
    let ticket = text(&stack.tickets().await[0]["id"]);
    let redis = stack.hub.redis().unwrap().clone();
    redis.pause();
    // Several at once, so that they share an instance and its connection.
    let began = Instant::now();
    let (reply, list, page, again) = tokio::join!(
        stack.reply(&ticket, "Jutro.", "key-1"),
        stack.api.get("/api/v1/tickets"),
        stack.api.get("/api/v1/tickets?status=new"),
        stack.reply(&ticket, "Jutro.", "key-1"),
    );
    let took = began.elapsed();
    redis.resume();
    for refused in [reply, list, page, again] {
        assert_eq!(refused.status, 503, "{}", refused.text());
    }
    // Three reads of five seconds each; not the sixty of a client that knows no limit.
    assert!(took < Duration::from_secs(40), "{took:?}");
    eventually("an answer", Duration::from_secs(20), async || {
        let answer = stack.reply(&ticket, "Jutro.", "key-1").await;
        if answer.status == 201 { Ok(()) } else { Err(answer.text()) }
    })
    .await;
    stack.until_sent("Jutro.", 1).await;
    // Both engines' words for it.
    let traps = ["wasm trap", "worker failed"].iter().any(|words| stack.hub.output().contains(words));
    assert!(!traps, "{}", stack.hub.last_words());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_not_allowed_is_named_in_the_log() {
    let Ok(programs) = Programs::find() else { return };
    if !on_redis() {
        return;
    }
    let mut variables = mostek_e2e::stack::variables("http://127.0.0.1:9");
    variables.push(("store_host".to_owned(), "redis://elsewhere.example:6379".to_owned()));
    let hub = mostek_e2e::Hub::start(programs, variables, Vec::new()).await;
    let answer = Client::new(&hub.base()).get("/api/v1/tickets").await;
    assert!(answer.status >= 500 || answer.status == 401, "{}: {}", answer.status, answer.text());
    let page = Client::new(&hub.base()).get("/setup").await;
    assert_eq!(page.status, 503, "{}", page.text());
    // An engine may write a component's words a moment after its answer.
    eventually("what is wrong, in the log", Duration::from_secs(5), async || {
        if hub.output().contains("store_host") { Ok(()) } else { Err(hub.last_words()) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_with_a_password_the_server_must_prove_who_it_is() {
    let Ok(programs) = Programs::find() else { return };
    let Store::Redis(server) = programs.store.clone() else { return };
    if programs.engine != Engine::Host {
        return println!("SKIPPED tls: how another engine is told of a private authority is its own affair");
    }
    let folder = tempfile::tempdir().unwrap();
    let redis = Redis::start_with_tls(&server, &folder.path().join("redis"));
    let (address, trusted) = (redis.url(), redis.environment());
    let variables = mostek_e2e::stack::variables("http://127.0.0.1:9");
    let hub = Hub::start_on_redis(redis, programs.clone(), variables).await;
    Client::new(&hub.base()).get("/setup").await.expect(200);
    let body = json!({
        "setup_code": SETUP_CODE,
        "company": {"name": "Lipa", "nip": "6762400178"},
        "administrator": {"name": "Anna", "email": "a@lipa.example", "password": "correct horse 42", "language": "pl"},
    });
    Client::new(&hub.base()).post("/api/v1/setup", body).await.expect(201);

    // The copy of one moment is taken over TLS, too.
    let file = folder.path().join("hub.backup").display().to_string();
    let keeper = |trusted: &[(&str, PathBuf)]| {
        let mut command = Command::new(&programs.storekeeper);
        command.args(["export", "--from", &address, "--to", &file]).env_remove("SSL_CERT_FILE");
        command.envs(trusted.iter().map(|(name, value)| (name, value))).output().unwrap()
    };
    let exported = keeper(&trusted);
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    let stranger = keeper(&[]);
    let why = String::from_utf8_lossy(&stranger.stderr).to_lowercase();
    assert!(!stranger.status.success() && why.contains("certificate"), "{why}");
}
