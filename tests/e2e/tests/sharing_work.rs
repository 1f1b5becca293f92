//! Colleagues share the work: a ticket is given to somebody, put aside, and comes back by itself.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::time::Duration;

use mostek_e2e::hub::TICK_SECRET;
use mostek_e2e::stack::{PASSWORD, text};
use mostek_e2e::{Client, Options, Stack, eventually};
use mostek_sandbox::mirakl::model::Role;
use reqwest::Method;
use serde_json::{Value, json};

/// The ids that a list shows with a filter.
async fn listed(client: &Client, filter: &str) -> Vec<Value> {
    let page = client.json(&format!("/api/v1/tickets?{filter}")).await;
    page["data"].as_array().unwrap().iter().map(|t| t["id"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_given_to_a_colleague_and_comes_back_to_the_list_when_its_moment_has_come() {
    let Some(stack) = Stack::start("sharing work", Options::default()).await else { return };
    let written = stack.customer_writes("Faktura", "Proszę o fakturę.");
    stack.customer_writes("Zwrot", "Chcę zwrócić książkę.");
    stack.poll().await;
    let ticket = stack.ticket_of(&written.thread_id).await["id"].clone();
    let path = format!("/api/v1/tickets/{}", text(&ticket));

    let body = json!({
        "name": "Jan Klon", "email": "jan@lipa.example", "language": "pl", "role": "operator",
        "rights": ["helpdesk"], "companies": [stack.company], "password": PASSWORD,
    });
    let jan = text(&stack.api.post("/api/v1/employees", body).await.expect(201).json()["id"]);
    let browser = Client::new(&stack.hub.base());
    browser.sign_in("jan@lipa.example", PASSWORD).await.expect(303);

    stack.api.post(&format!("{path}/assignee"), json!({"employee": jan})).await.expect(204);
    assert_eq!(listed(&browser, "assignee=me").await, std::slice::from_ref(&ticket));
    assert_eq!(listed(&stack.api, "assignee=nobody").await.len(), 1);
    assert!(browser.get("/tickets?assignee=me").await.expect(200).text().contains("Jan Klon"));

    let put_aside = async |seconds: i64| {
        let until = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
        let until = until.to_string();
        stack.api.post(&format!("{path}/status"), json!({"status": "snoozed", "until": until})).await
    };
    put_aside(-1).await.expect(409);
    put_aside(4).await.expect(204);
    assert_eq!(listed(&stack.api, "status=snoozed").await, std::slice::from_ref(&ticket));
    eventually("the ticket is new again", Duration::from_secs(60), async || {
        stack.tick().await;
        match listed(&stack.api, "status=new").await.len() {
            2 => Ok(()),
            n => Err(format!("{n} are new")),
        }
    })
    .await;
    assert!(listed(&stack.api, "status=snoozed").await.is_empty());
    assert_eq!(stack.ticket(&text(&ticket)).await["assignee"], jan.as_str(), "it stays with whoever has it");

    // The customer's next message wakes it at once.
    put_aside(3600).await.expect(204);
    stack.writes(Role::Customer, &written.thread_id, "I jeszcze NIP.");
    stack.poll().await;
    assert_eq!(stack.ticket(&text(&ticket)).await["status"], "new");

    // Whatever was done left a row that says exactly what its ticket says: there is nothing to repair.
    stack.reply(&text(&ticket), "Faktura jest w załączniku.", "r1").await.expect(201);
    stack.until_sent("Faktura jest w załączniku.", 1).await;
    let nobody = Client::new(&stack.hub.base());
    let repair = nobody.request(Method::POST, "/timers/repair").bearer_auth(TICK_SECRET);
    let report = nobody.send(repair).await.expect(200).json();
    assert_eq!((&report["tickets_checked"], &report["rows_rewritten"]), (&json!(2), &json!(0)), "{report}");
}
