//! Eight hubs on one Redis: each polls, each ticks, consultants answer on all of them at once. Nothing is lost and nothing
//! comes twice.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::join_all;
use mostek_e2e::hub::TICK_SECRET;
use mostek_e2e::programs::{Programs, Store};
use mostek_e2e::stack::{SHOP, entries, text};
use mostek_e2e::{Client, Options, Stack, eventually};
use mostek_sandbox::mirakl::model::{Role, Topic, Via};
use mostek_sandbox::mirakl::world::{Draft, Target};
use reqwest::Method;
use serde_json::{Value, json};

const HUBS: usize = 8;
const THREADS: usize = 24;
const MESSAGES: usize = 120;

#[tokio::test(flavor = "multi_thread")]
async fn eight_hubs_on_one_redis_lose_nothing_and_send_nothing_twice() {
    let programs = Programs::find();
    if !programs.is_ok_and(|p| matches!(p.store, Store::Redis(_)) && p.limits.is_none()) {
        return println!("SKIPPED many_hubs: several hubs share a Redis, not a file");
    }
    let Some(stack) = Stack::start("many_hubs", Options::default()).await else { return };
    let token = stack.api.token().unwrap().to_owned();
    let mut others = Vec::new();
    for _ in 1..HUBS {
        others.push(stack.hub.beside().await);
    }
    let bases: Vec<String> =
        std::iter::once(stack.hub.base()).chain(others.iter().map(|hub| hub.base())).collect();
    let stop = Arc::new(AtomicBool::new(false));

    // Every hub polls and ticks as fast as it can.
    let working = bases.iter().map(|base| {
        let (base, token, stop) = (base.clone(), token.clone(), stop.clone());
        let path = format!("/api/v1/marketplaces/{}/poll", stack.connection);
        tokio::spawn(async move {
            let (api, nobody) = (Client::with_token(&base, &token), Client::new(&base));
            while !stop.load(Ordering::SeqCst) {
                api.post(&path, json!({})).await.expect(201);
                nobody
                    .send(nobody.request(Method::POST, "/timers/tick").bearer_auth(TICK_SECRET))
                    .await
                    .expect(200);
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
        })
    });
    let working: Vec<_> = working.collect();

    let mut threads = Vec::new();
    for n in 0..MESSAGES {
        let target = match threads.get(n % THREADS) {
            None => Target::NewOrder { shop_id: SHOP, topic: Topic::free(format!("Sprawa {n}")) },
            Some(thread) => Target::Thread(String::clone(thread)),
        };
        let draft = Draft::new(target, Role::Customer, format!("Wiadomość {n}."), Via::Panel);
        let written = stack.mirakl().write(draft).unwrap();
        if n < THREADS {
            threads.push(written.thread_id);
        }
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    let tickets: Vec<Value> =
        eventually("a ticket for each conversation", Duration::from_secs(60), async || {
            let tickets = stack.tickets().await;
            if tickets.len() == THREADS { Ok(tickets) } else { Err(format!("{} tickets", tickets.len())) }
        })
        .await;

    // Two consultants answer each ticket at the same moment on two hubs, one of them with a double click on a third.
    join_all(tickets.iter().enumerate().flat_map(|(n, ticket)| {
        let id = text(&ticket["id"]);
        [(0, "a"), (1, "b"), (2, "b")].map(|(step, key)| {
            let api = Client::with_token(&bases[(n + step) % HUBS], &token);
            let body = json!({"text": format!("Odpowiedź {key} na {id}."), "key": format!("{id}-{key}")});
            let path = format!("/api/v1/tickets/{id}/replies");
            async move { api.post(&path, body).await.expect(201) }
        })
    }))
    .await;

    eventually("all replies at the marketplace", Duration::from_secs(90), async || {
        let sent = stack.times_sent("Odpowiedź");
        if sent >= 2 * THREADS { Ok(()) } else { Err(format!("{sent} of {}", 2 * THREADS)) }
    })
    .await;
    // Some more rounds, in which nothing may happen any more.
    tokio::time::sleep(Duration::from_secs(2)).await;
    stop.store(true, Ordering::SeqCst);
    for worker in working {
        worker.await.unwrap();
    }
    stack.poll().await;

    let state = stack.mirakl().state();
    let by_thread: BTreeMap<String, Value> = join_all(tickets.iter().enumerate().map(async |(n, ticket)| {
        // Each read on another hub than it was written on.
        let api = Client::with_token(&bases[(n + 5) % HUBS], &token);
        let ticket = api.json(&format!("/api/v1/tickets/{}", text(&ticket["id"]))).await;
        (text(&ticket["thread"]), ticket)
    }))
    .await
    .into_iter()
    .collect();
    let numbers: BTreeSet<String> = by_thread.values().map(|t| t["number"].to_string()).collect();
    assert_eq!(numbers.len(), THREADS, "numbers are given once");
    let mut taken = 0;
    for thread in state["threads"].as_array().unwrap() {
        let ticket = &by_thread[thread["id"].as_str().unwrap()];
        let there = |via: &str| -> Vec<String> {
            let all = thread["messages"].as_array().unwrap().iter().filter(|m| m["via"] == via);
            all.map(|m| text(&m["body"])).collect()
        };
        let here =
            |kind: &str| -> Vec<String> { entries(ticket, kind).iter().map(|m| text(&m["text"])).collect() };
        let sorted = |mut all: Vec<String>| {
            all.sort();
            all
        };
        assert_eq!(sorted(here("message")), sorted(there("panel")), "each message once");
        assert_eq!(sorted(here("reply")), sorted(there("api")), "each reply once, here and there");
        assert_eq!(there("api").len(), 2);
        taken += here("message").len();
    }
    assert_eq!(taken, MESSAGES);
    assert!(others.iter().all(|hub| !hub.output().contains("panicked")));
}
