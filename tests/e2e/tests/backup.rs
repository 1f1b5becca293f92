//! A running hub is exported, lives on for a while, and is put back from the file: everything acknowledged before the export
//! is there, and what it sent after the export is not sent again. And a store is moved from one engine to the other.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mostek_e2e::hub::TICK_SECRET;
use mostek_e2e::programs::Store;
use mostek_e2e::stack::{entries, text, variables};
use mostek_e2e::{Client, Hub, Options, Stack, eventually};
use mostek_sandbox::mirakl::model::Role;
use reqwest::Method;
use serde_json::{Value, json};

async fn timer(hub: &Hub, path: &str) -> Value {
    let nobody = Client::new(&hub.base());
    nobody.send(nobody.request(Method::POST, path).bearer_auth(TICK_SECRET)).await.expect(200).json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_hub_knows_what_was_acknowledged_and_sends_nothing_twice() {
    // Replies wait for eight seconds, so that some are waiting when the store is exported.
    let options = Options { undo_seconds: 8, ..Options::default() };
    let Some(mut stack) = Stack::start("backup", options).await else { return };
    let mut threads = Vec::new();
    for n in 0..12 {
        threads.push(stack.customer_writes("Pytanie", &format!("Pytanie {n}")).thread_id);
    }
    stack.poll().await;
    let tickets: Vec<String> = stack.tickets().await.iter().map(|t| text(&t["id"])).collect();

    // Messages go on coming in while the store is read.
    let stop = Arc::new(AtomicBool::new(false));
    let feeding = tokio::spawn({
        let (stop, mirakl, threads) = (stop.clone(), Arc::clone(stack.sandbox.mirakl()), threads.clone());
        let api = Client::with_token(&stack.hub.base(), stack.api.token().unwrap());
        let path = format!("/api/v1/marketplaces/{}/poll", stack.connection);
        async move {
            let mut n = 0;
            while !stop.load(Ordering::SeqCst) {
                use mostek_sandbox::mirakl::model::Via;
                use mostek_sandbox::mirakl::world::{Draft, Target};
                let target = Target::Thread(threads[n % threads.len()].clone());
                mirakl.write(Draft::new(target, Role::Customer, format!("Dalej {n}"), Via::Panel)).unwrap();
                api.post(&path, json!({})).await.expect(201);
                n += 1;
            }
        }
    });
    for (n, ticket) in tickets.iter().take(4).enumerate() {
        stack.reply(ticket, &format!("Przed kopią {n}."), &format!("before-{n}")).await.expect(201);
    }
    let known = tickets.len();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hub.backup");
    let told = stack.hub.programs().keep(&[
        "export",
        "--from",
        &stack.hub.store(),
        "--to",
        &file.display().to_string(),
    ]);
    assert!(told.contains("keys"), "{told}");
    stop.store(true, Ordering::SeqCst);
    feeding.await.unwrap();

    // The hub lives on: the four replies leave, and one more that the file knows nothing of.
    stack.reply(&tickets[5], "Po kopii.", "after").await.expect(201);
    eventually("all replies at the marketplace", Duration::from_secs(60), async || {
        stack.tick().await;
        match (stack.times_sent("Przed kopią"), stack.times_sent("Po kopii")) {
            (4, 1) => Ok(()),
            seen => Err(format!("{seen:?}")),
        }
    })
    .await;
    stack.hub.kill();

    let programs = stack.hub.programs().clone();
    let restored = Hub::restored(&file, programs, variables(&stack.sandbox.base())).await;
    let api = Client::with_token(&restored.base(), stack.api.token().unwrap());
    for ticket in tickets.iter().take(4) {
        let ticket = api.json(&format!("/api/v1/tickets/{ticket}")).await;
        assert_eq!(entries(&ticket, "reply").len(), 1, "an acknowledged reply is gone");
    }
    let repaired = timer(&restored, "/timers/repair").await;
    assert_eq!(repaired["tickets_checked"], known, "{repaired}");
    eventually("the replies recognised", Duration::from_secs(90), async || {
        timer(&restored, "/timers/tick").await;
        api.post(&format!("/api/v1/marketplaces/{}/poll", stack.connection), json!({})).await.expect(201);
        let mut open = Vec::new();
        for ticket in &tickets {
            let ticket = api.json(&format!("/api/v1/tickets/{ticket}")).await;
            let replies = entries(&ticket, "reply");
            open.extend(replies.iter().map(|r| text(&r["reply"]["state"])).filter(|state| state != "sent"));
        }
        if open.is_empty() { Ok(()) } else { Err(format!("{open:?}")) }
    })
    .await;
    assert_eq!((stack.times_sent("Przed kopią"), stack.times_sent("Po kopii")), (4, 1), "sent again");

    // Every message of every conversation is there once, those that came after the export by the next poll.
    for thread in &threads {
        let rows = api.json("/api/v1/tickets?limit=50").await;
        let mut found = false;
        for row in rows["data"].as_array().unwrap() {
            let ticket = api.json(&format!("/api/v1/tickets/{}", text(&row["id"]))).await;
            if ticket["thread"] != thread.as_str() {
                continue;
            }
            found = true;
            // The reply that left after the export is known from the marketplace only: as one of the shop's messages.
            let is_there = |m: &Value| m["via"] == "panel" || m["body"] == "Po kopii.";
            let there: Vec<Value> = stack.messages_of(thread).into_iter().filter(is_there).collect();
            assert_eq!(entries(&ticket, "message").len(), there.len(), "{thread}");
        }
        assert!(found, "{thread} has no ticket");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_moves_to_the_other_engine_and_back_unchanged() {
    let options = Options { demo_days: Some(3), ..Options::default() };
    let Some(mut stack) = Stack::start("move", options).await else { return };
    let programs = stack.hub.programs().clone();
    let other = match (&programs.store, std::env::var_os("MOSTEK_REDIS_SERVER")) {
        (Store::Redis(_), _) => Store::Sqlite,
        (Store::Sqlite, Some(server)) => Store::Redis(server.into()),
        (Store::Sqlite, None) => return println!("SKIPPED move: there is no redis-server"),
    };
    stack.poll().await;
    let (company, count) = (stack.company.clone(), stack.tickets().await.len());
    assert!(count > 3);
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let keep = |arguments: &[&str]| programs.keep(arguments);
    let path = |path: &std::path::Path| path.display().to_string();
    let from = stack.hub.store();
    stack.hub.kill();
    keep(&["export", "--from", &from, "--to", &path(&one)]);
    let digest = keep(&["verify", &path(&one)]);
    assert_eq!(keep(&["verify", &from]), digest, "the file holds what the store holds");

    let moved = Hub::restored(&one, programs.on(other), variables(&stack.sandbox.base())).await;
    let api = Client::with_token(&moved.base(), stack.api.token().unwrap());
    let list = api.json("/api/v1/tickets?limit=50").await;
    assert_eq!(list["data"].as_array().unwrap().len(), count.min(50));
    assert!(api.get("/api/v1/companies").await.text().contains(&company));
    let at = moved.store();
    let refused = programs.try_keep(&["import", "--from", &path(&one), "--to", &at]).unwrap_err();
    assert!(refused.contains("--replace"), "{refused}");
    drop(api);

    // Back again, into the store it came from, with what it had at first.
    drop(moved);
    keep(&["import", "--replace", "--from", &path(&one), "--to", &from]);
    keep(&["export", "--offline", "--from", &from, "--to", &path(&two)]);
    stack.hub.restart().await;
    assert_eq!(stack.tickets().await.len(), count);
    let items = |digest: &str| digest.split(' ').next().unwrap().parse::<u64>().unwrap();
    assert_eq!(items(&keep(&["verify", &path(&two)])), items(&digest) + 1, "the record of the import");
}
