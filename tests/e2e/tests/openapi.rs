//! The document that the hub hands out, and real answers held against it.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use mostek_e2e::stack::text;
use mostek_e2e::{Client, Options, Stack};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn the_document_that_is_handed_out_is_openapi_and_of_this_hub() {
    let alone = Options { connected: false, ..Options::default() };
    let Some(stack) = Stack::start("openapi document", alone).await else { return };
    // Whoever writes a client needs no token yet.
    let nobody = Client::new(&stack.hub.base());
    let answer = nobody.get("/api/openapi.json").await.expect(200);
    assert_eq!(answer.headers["content-type"], "application/json");
    let document = answer.json();
    assert_eq!(mostek_api::faults(&document), Vec::<String>::new());
    let built = mostek_api::document::document(env!("CARGO_PKG_VERSION")).unwrap();
    assert_eq!(document, built, "the component was built from other sources than this test");
    let page = nobody.get("/api").await.expect(200).text();
    let reached = format!("{}/api/v1/session", stack.hub.base());
    assert!(page.contains(&reached) && page.contains("/api/openapi.json"), "{page}");
    assert!(!page.contains("<script src=\"http") && !page.contains("style="), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn real_answers_are_as_the_document_says() {
    let Some(stack) = Stack::start("openapi answers", Options::default()).await else { return };
    let api = &stack.api;
    stack.customer_writes("Pytanie", "Gdzie jest paczka?");
    stack.poll().await;
    let list = api.get("/api/v1/tickets?status=new&limit=10").await.expect(200).described().json();
    let id = text(&list["data"][0]["id"]);
    let ticket = format!("/api/v1/tickets/{id}");
    let lines = api.get(&ticket).await.expect(200).described().json()["messages"].clone();
    assert!(!lines.as_array().unwrap().is_empty());
    for path in [
        "/api/v1/session",
        "/api/v1/companies",
        "/api/v1/employees?limit=1",
        "/api/v1/tokens",
        "/api/v1/customers",
        "/api/v1/desk/queues",
        "/api/v1/desk/templates",
        "/api/v1/marketplaces",
        &format!("/api/v1/marketplaces/{}", stack.connection),
        &format!("{ticket}/version"),
    ] {
        api.get(path).await.expect(200).described();
    }
    let refreshed = api.post(&format!("{ticket}/order/refresh"), Value::Null).await;
    refreshed.expect(200).described();
    let reply = json!({"text": "Paczka jest w drodze.", "key": "openapi-1"});
    let replies = format!("{ticket}/replies");
    let first = api.post(&replies, reply.clone()).await.expect(201).described();
    api.get(first.location()).await.expect(200).described();
    let again = api.post(&replies, reply).await.expect(201).described();
    assert_eq!(first.json()["id"], again.json()["id"], "the same key, the same reply");
    let customer = api.post("/api/v1/customers", json!({"name": "Anna", "ticket": id})).await;
    let there = customer.expect(201).described().location().to_owned();
    api.get(&there).await.expect(200).described();
    api.get(&ticket).await.expect(200).described();
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_problems_of_a_kind_that_is_described() {
    let alone = Options { connected: false, ..Options::default() };
    let Some(stack) = Stack::start("openapi refusals", alone).await else { return };
    let (api, nobody) = (&stack.api, Client::new(&stack.hub.base()));
    let kinds = [
        nobody.get("/api/v1/session").await.expect(401).described(),
        api.get("/api/v1/tickets/999").await.expect(404).described(),
        api.get("/api/v1/nothing").await.expect(404).described(),
        api.get("/api/v1/tickets?status=nothing").await.expect(422).described(),
        api.post("/api/v1/customers", json!({"name": 1})).await.expect(400).described(),
        api.post("/api/v1/customers", json!({"name": ""})).await.expect(422).described(),
        api.put("/api/v1/session", json!({})).await.expect(405).described(),
        api.post("/api/v1/tokens", json!({"name": "x", "days": 1, "current": "x"}))
            .await
            .expect(403)
            .described(),
    ];
    for refusal in kinds {
        // Where the kind's address leads is said what it means.
        let kind = text(&refusal.json()["type"]);
        let there = nobody.get(&kind).await.expect(303).location().to_owned();
        assert_eq!(there, kind.replace("/problems/", "/api#"));
    }
}
