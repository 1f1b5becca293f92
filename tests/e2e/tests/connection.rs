//! Setting a connection up: each way of being wrong has its sentence, and the key is never shown.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::collections::BTreeSet;
use std::net::TcpListener;

use mostek_e2e::stack::{KEY, SHOP, text};
use mostek_e2e::{Options, Stack};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn each_way_of_not_getting_in_has_its_sentence() {
    let Some(mut stack) =
        Stack::start("connection", Options { connected: false, ..Options::default() }).await
    else {
        return;
    };
    let mut sentences = BTreeSet::new();
    for (key, shop, wanted) in [
        ("not-a-key-of-anybody", Some(SHOP), "connection-wrong-key"),
        ("sandbox-key-no-rights", Some(SHOP), "connection-no-right"),
        (KEY, Some(2001), "connection-other-shop"),
    ] {
        let tried = stack.authenticate(key, shop, None).await.expect(200).json();
        assert_eq!(tried["result"], wanted, "{tried}");
        assert_eq!(tried["id"], json!(null));
        let sentence = text(&tried["sentence"]);
        assert!(sentence.contains(' ') && !sentence.contains("helpdesk-"), "{sentence}");
        assert!(sentences.insert(sentence), "{tried}");
    }
    // Nothing of a key that does not work is kept.
    assert_eq!(stack.api.json("/api/v1/marketplaces").await["data"], json!([]));

    // An address that nobody may call, and one where nobody listens.
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let tried = stack.authenticate(KEY, Some(SHOP), Some(&format!("http://{nobody}/mirakl"))).await;
    assert_ne!(tried.json()["result"], "connection-works", "{}", tried.text());
    for base in ["not an address", "ftp://example.org", "http://user:pass@example.org/"] {
        let tried = stack.authenticate(KEY, Some(SHOP), Some(base)).await.expect(422).json();
        assert_eq!(tried["field"], "base", "{tried}");
    }

    // The key works, with or without the shop's id.
    let tried = stack.authenticate(KEY, None, None).await.expect(200).json();
    assert_eq!(
        (&tried["result"], &tried["shop"]["id"]),
        (&json!("connection-works"), &json!("2000")),
        "{tried}"
    );
    assert!(sentences.insert(text(&tried["sentence"])));
    stack.connection = text(&tried["id"]);

    // A connection that was never saved does not start.
    let path = format!("/api/v1/marketplaces/{}", stack.connection);
    stack.api.post(&format!("{path}/start"), json!({})).await.expect(422);
    let short = json!({"name": "Empik", "queue": stack.desk.0, "interval": 5});
    assert_eq!(stack.api.put(&path, short).await.expect(422).json()["field"], "interval");
    stack.save(false).await;
    assert_eq!(stack.connection_state().await["state"], "running");
    stack.api.post(&format!("{path}/stop"), json!({})).await.expect(204);
    assert_eq!(stack.connection_state().await["state"], "stopped");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_marketplace_is_said_to_be_unreachable() {
    let Some(stack) = Stack::start("unreachable", Options { connected: false, ..Options::default() }).await
    else {
        return;
    };
    // The address may be called, and nobody is there any more.
    let base = stack.sandbox.mirakl_base();
    let Stack { api, sandbox, hub, .. } = stack;
    sandbox.stop().await;
    let body = json!({"kind": "EmpikPlace", "base": base, "shop_id": SHOP, "key": KEY});
    let tried = api.post("/api/v1/marketplaces/authenticate", body).await.expect(200).json();
    assert_eq!(tried["result"], "connection-unreachable", "{tried}");
    assert!(text(&tried["sentence"]).contains(' '));
    drop(hub);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_shown_nowhere_and_stored_sealed() {
    let Some(stack) = Stack::start("key", Options::default()).await else { return };
    stack.poll().await;
    let browser = stack.browser().await;
    for path in [
        "/api/v1/marketplaces".to_owned(),
        format!("/api/v1/marketplaces/{}", stack.connection),
        "/settings/marketplaces".to_owned(),
        format!("/settings/marketplaces/{}", stack.connection),
        "/audit".to_owned(),
    ] {
        let answer = browser.get(&path).await.expect(200);
        assert!(!answer.text().contains(KEY), "{path} shows the key");
    }
    assert!(!stack.hub.output().contains(KEY), "the log shows the key");
    let mut files = 0;
    for entry in std::fs::read_dir(stack.hub.folder().join("state")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(KEY.len()).any(|w| w == KEY.as_bytes());
            assert!(!found, "{} holds the key in clear", path.display());
            files += 1;
        }
    }
    assert!(files > 0, "no store was looked at");
}
