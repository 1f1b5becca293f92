//! A message arrives; after a tick it is found by its words, its order and its number, and the report counts it.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::time::Duration;

use mostek_e2e::hub::TICK_SECRET;
use mostek_e2e::stack::text;
use mostek_e2e::{Client, Options, Stack, eventually};
use mostek_sandbox::mirakl::model::Role;
use reqwest::Method;
use serde_json::{Value, json};

/// The ids of what is found.
async fn found(client: &Client, question: &str) -> Vec<Value> {
    let mut url = reqwest::Url::parse("http://x/api/v1/tickets/search").unwrap();
    url.query_pairs_mut().append_pair("q", question);
    let page = client.json(&format!("{}?{}", url.path(), url.query().unwrap())).await;
    page["data"].as_array().unwrap().iter().map(|t| t["id"].clone()).collect()
}

/// Ticks until a question finds exactly these, in whatever order.
async fn until_found(stack: &Stack, question: &str, ids: &[Value]) {
    let sorted = |ids: &[Value]| {
        let mut ids: Vec<String> = ids.iter().map(text).collect();
        ids.sort();
        ids
    };
    eventually(&format!("{question} is found"), Duration::from_secs(120), async || {
        stack.tick().await;
        let found = found(&stack.api, question).await;
        if sorted(&found) == sorted(ids) { Ok(()) } else { Err(format!("{found:?} is found")) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_found_by_words_order_and_number_and_the_report_counts_it() {
    let Some(stack) = Stack::start("search", Options::default()).await else { return };
    let written = stack.customer_writes("Reklamacja czajnika", "Książka przyszła z pogniecioną okładką.");
    let other = stack.customer_writes("Faktura", "Proszę o fakturę.");
    stack.poll().await;
    let ticket = stack.ticket_of(&written.thread_id).await;
    let (id, number) = (ticket["id"].clone(), ticket["number"].as_u64().unwrap());
    let invoice = stack.ticket_of(&other.thread_id).await["id"].clone();
    let ours = std::slice::from_ref(&id);

    // By its number without any tick.
    assert_eq!(found(&stack.api, &format!("#{number}")).await, ours);
    for question in ["pognieciona", "POGNIECIONĄ okladka", "ksiazka okład", "reklamacja"] {
        until_found(&stack, question, ours).await;
    }
    assert!(found(&stack.api, "pognieciona fakture").await.is_empty());
    assert_eq!(found(&stack.api, &written.order_id).await, ours, "{}", written.order_id);
    let customer = stack.ticket(&text(&id)).await["customer"]["remote_id"].clone();
    if let Some(customer) = customer.as_str() {
        assert!(found(&stack.api, customer).await.contains(&id), "{customer}");
    }

    // The page: a box, results, a number that leads to its ticket.
    let browser = stack.browser().await;
    let page = browser.get("/tickets?q=pognieciona").await.expect(200).text();
    assert!(page.contains(&format!("href=\"/tickets/{number}\"")), "{page}");
    let answer = browser.get(&format!("/tickets?q=%23{number}")).await.expect(303);
    assert_eq!(answer.headers["location"], format!("/tickets/{}", text(&id)).as_str());

    // Our words are found too, and who wrote them is in the report.
    stack.reply(&text(&id), "Wyślemy nowy egzemplarz kurierem.", "r1").await.expect(201);
    stack.until_sent("Wyślemy nowy egzemplarz kurierem.", 1).await;
    until_found(&stack, "egzemplarz", ours).await;
    stack.writes(Role::Customer, &other.thread_id, "Na NIP firmy, nie egzemplarz.");
    stack.poll().await;
    until_found(&stack, "egzemplarz", &[invoice.clone(), id.clone()]).await;
    eventually("the report counts both", Duration::from_secs(60), async || {
        stack.tick().await;
        let report = stack.api.json("/api/v1/reports/tickets?period=7").await;
        let counted = (&report["tickets"], &report["agents"][0]["replies"], &report["behind"]);
        if counted == (&json!(2), &json!(1), &json!(0)) { Ok(()) } else { Err(report.to_string()) }
    })
    .await;
    let csv = browser.get("/reports/days.csv?period=7").await.expect(200).text();
    assert!(csv.starts_with('\u{feff}') && csv.lines().count() == 8, "{csv}");
    assert!(browser.get("/reports").await.expect(200).text().contains("<svg viewBox"));
    let shown = stack.api.json("/api/v1/dashboard").await;
    assert_eq!(
        (&shown["helpdesk"]["store"]["tickets"], &shown["helpdesk"]["late"]),
        (&json!(2), &json!(false))
    );

    // Built again from nothing it is the same.
    let nobody = Client::new(&stack.hub.base());
    let anew = nobody.request(Method::POST, "/timers/repair?derived=anew").bearer_auth(TICK_SECRET);
    assert_eq!(nobody.send(anew).await.expect(200).json()["begun_anew"], 1);
    until_found(&stack, "egzemplarz", &[invoice, id]).await;
}
