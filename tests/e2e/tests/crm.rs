//! Customers with the real components: a file becomes records, two records become one and two again, and one person is taken
//! away as a file and erased.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::time::Duration;

use mostek_e2e::stack::text;
use mostek_e2e::{Client, Options, Stack, eventually};
use serde_json::{Value, json};

/// The only row of a search.
async fn found(api: &Client, q: &str) -> String {
    let page = api.json(&format!("/api/v1/customers?q={q}")).await;
    assert_eq!(page["total"], 1, "{q}: {page}");
    text(&page["data"][0]["id"])
}

/// Sends a file and begins its import under the guessed columns; gives its path once it is done.
async fn take_in(stack: &Stack, file: Vec<u8>) -> String {
    let content = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, file);
    let body = json!({"name": "klienci.csv", "content": content});
    let sent = stack.api.post("/api/v1/customers/imports", body).await.expect(201).json();
    let path = format!("/api/v1/customers/imports/{}", text(&sent["id"]));
    let plan = json!({"columns": sent["columns"], "finder": "email"});
    stack.api.post(&format!("{path}/start"), plan).await.expect(200);
    eventually("the import is done", Duration::from_secs(60), async || {
        stack.tick().await;
        let state = stack.api.json(&path).await;
        if state["done"] == json!(true) { Ok(()) } else { Err(state.to_string()) }
    })
    .await;
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_comes_in_by_a_file_is_merged_and_leaves_without_a_trace() {
    let Some(stack) = Stack::start("customers", Options::default()).await else { return };
    // As a Polish spreadsheet writes it: windows-1250, semicolons, a phone that is none. "Żaneta Łąk", "Łódź".
    let mut file = b"Nazwa;E-mail;Telefon;Zgoda SMS;Miejscowo\x9c\xe6\r\n".to_vec();
    file.extend_from_slice(b"\xafaneta \xa3\xb9k;zaneta@poczta.example;501 234 567;tak;\xa3\xf3d\x9f\r\n");
    file.extend_from_slice(b"Kto\x9c;ktos@poczta.example;12;;\r\n");
    let path = take_in(&stack, file).await;
    let state = stack.api.json(&path).await;
    assert_eq!(
        state["progress"],
        json!({"rows": 2, "added": 1, "found": 0, "refused": 1, "older_consents": 0})
    );
    let refused = stack.api.get(&format!("{path}/refused")).await.expect(200).text();
    assert!(refused.contains("Ktoś") && !refused.contains("Żaneta"), "{refused}");
    let id = found(&stack.api, "zaneta@poczta.example").await;
    let record = stack.api.json(&format!("/api/v1/customers/{id}")).await;
    assert_eq!((&record["name"], &record["addresses"][0]["city"]), (&json!("Żaneta Łąk"), &json!("Łódź")));
    assert_eq!(record["phones"][0]["consent"]["source"], "klienci.csv");

    // Somebody else writes her down once more; she is one again, and two, and one.
    let double = json!({"name": "Z. Łąk", "phones": [{"number": "501234567"}], "notes": "Tajna notatka"});
    let other = text(&stack.api.post("/api/v1/customers", double).await.expect(201).json()["id"]);
    let pairs = stack.api.json("/api/v1/customers/duplicates").await;
    assert_eq!(pairs["data"][0]["shared"][0]["by"], "phone", "{pairs}");
    let merges = format!("/api/v1/customers/{id}/merges");
    let merge = async |key: &str| {
        let merged = stack.api.post(&merges, json!({"other": other, "key": key})).await.expect(201).json();
        text(&merged["merge"])
    };
    let first = merge("1").await;
    assert_eq!(merge("1").await, first);
    assert_eq!(stack.api.json(&format!("/api/v1/customers/{other}")).await["id"], id.as_str());
    stack.api.post(&format!("{merges}/{first}/undo"), json!({})).await.expect(204);
    assert_eq!(stack.api.json(&format!("/api/v1/customers/{other}")).await["name"], "Z. Łąk");
    merge("2").await;

    // A ticket of hers.
    let written = stack.customer_writes("Gdzie jest paczka", "Proszę o numer przesyłki, Żaneta.");
    stack.poll().await;
    let ticket = text(&stack.ticket_of(&written.thread_id).await["id"]);
    let known = stack.ticket(&ticket).await;
    if known["customer"]["record"].is_null() {
        let body = json!({"name": "Żaneta z platformy", "ticket": ticket});
        let made = text(&stack.api.post("/api/v1/customers", body).await.expect(201).json()["id"]);
        stack.api.post(&merges, json!({"other": made, "key": "3"})).await.expect(201);
    }
    let lines = stack.api.json(&format!("/api/v1/customers/{id}/timeline")).await;
    let has = |kind: &str| lines["data"].as_array().unwrap().iter().any(|l| l["is"] == kind);
    assert!(has("ticket") && has("change"), "{lines}");

    let export = stack.api.get(&format!("/api/v1/customers/{id}/export")).await.expect(200);
    assert!(export.text().contains("Proszę o numer przesyłki"), "{}", export.text());
    let erase = format!("/api/v1/customers/{id}/erase");
    stack.api.post(&erase, json!({"confirm": "Ktoś inny"})).await.expect(422);
    stack.api.post(&erase, json!({"confirm": "Żaneta Łąk"})).await.expect(204);
    stack.api.get(&format!("/api/v1/customers/{id}")).await.expect(404);
    stack.api.get(&format!("/api/v1/customers/{other}")).await.expect(404);
    let left: Value = stack.ticket(&ticket).await;
    let all = left.to_string() + &stack.api.json("/api/v1/tickets").await.to_string();
    for word in ["Żaneta", "przesyłki", "zaneta@poczta.example"] {
        assert!(!all.contains(word), "{word}: {all}");
    }
    let lines = left["messages"].as_array().unwrap();
    let messages: Vec<&Value> = lines.iter().filter(|l| l["kind"] == "message").collect();
    assert!(!messages.is_empty() && messages.iter().all(|m| m["text"] == ""), "{left}");
}
