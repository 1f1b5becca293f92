//! The demonstration data: complete after one run, untouched by a second.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use mostek_e2e::hub::SETUP_CODE;
use mostek_e2e::programs::Programs;
use mostek_e2e::stack::variables;
use mostek_e2e::{Client, Hub};
use mostek_sandbox::Config;
use mostek_sandbox::seed::{self, Failed};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_is_filled_once_and_everybody_of_the_table_can_sign_in() {
    let programs = match Programs::find() {
        Ok(programs) => programs,
        Err(why) => return println!("SKIPPED demonstration: {why}"),
    };
    let sandbox = mostek_sandbox::start(Config { demo_days: Some(7), ..Config::default() }).await.unwrap();
    let hub = Hub::start(programs, variables(&sandbox.base()), Vec::new()).await;
    let table = seed::run(&hub.base(), &sandbox.base(), SETUP_CODE).await.unwrap();
    println!("{table}");

    let password = table.lines().next().unwrap().rsplit(' ').next().unwrap();
    let mut helpdesk = 0;
    let rows: Vec<&str> = table.lines().skip(1).collect();
    assert_eq!(rows.len(), 5);
    for row in rows {
        let browser = Client::new(&hub.base());
        browser.sign_in(row.split_whitespace().next().unwrap(), password).await.expect(303);
        browser.get("/").await.expect(200);
        let tickets = browser.get("/api/v1/tickets?limit=50").await;
        match tickets.status {
            200 => helpdesk += 1,
            other => assert_eq!(other, 403, "{row}: {}", tickets.text()),
        }
        if row.starts_with("joanna") {
            assert_eq!(tickets.json()["total"], 43, "forty conversations and three questions at the shop");
            let customers = browser.json("/api/v1/customers").await;
            assert_eq!(customers["total"], 7);
            let duplicates = browser.json("/api/v1/customers/duplicates").await;
            assert_eq!(duplicates["data"].as_array().unwrap().len(), 1, "{duplicates}");
            let library = browser.json("/api/v1/customers?q=1234563218").await;
            let id = library["data"][0]["id"].as_str().unwrap().to_owned();
            let consents = browser.json(&format!("/api/v1/customers/{id}/consents")).await;
            assert_eq!(consents["data"].as_array().unwrap().len(), 3, "{consents}");
            let views = browser.json("/api/v1/tickets/views").await;
            assert_eq!(views["data"].as_array().unwrap().len(), 2, "{views}");
            let urgent = browser.json("/api/v1/tickets?priority=urgent").await;
            assert_eq!(urgent["total"], 1, "{urgent}");
            for filter in ["assignee=me", "status=snoozed"] {
                let some = browser.json(&format!("/api/v1/tickets?{filter}")).await;
                assert!(some["total"].as_u64() > Some(0), "{filter}: {some}");
            }
            let source = &browser.json("/api/v1/webhooks").await["data"][0];
            assert_eq!((&source["taken"], &source["letters"]), (&json!(6), &json!(1)), "{source}");
            let zofia = &browser.json("/api/v1/customers?q=zofia.maj@poczta.example").await["data"][0];
            let path = format!("/api/v1/customers/{}/timeline", zofia["id"].as_str().unwrap());
            let line = browser.json(&path).await;
            // Her record, an order, a review, two tickets.
            assert!(line["data"].as_array().unwrap().len() >= 5, "{line}");
            let companies = browser.json("/api/v1/companies").await;
            assert_eq!(companies["data"].as_array().unwrap().len(), 2);
            let statuses: std::collections::BTreeSet<String> =
                tickets.json()["data"].as_array().unwrap().iter().map(|t| t["status"].to_string()).collect();
            assert!(statuses.len() >= 4, "{statuses:?}");
        }
    }
    assert_eq!(helpdesk, 4, "one of five has no right to the helpdesk");

    let again = seed::run(&hub.base(), &sandbox.base(), SETUP_CODE).await.unwrap_err();
    assert!(matches!(again, Failed::SetUpAlready), "{again}");
}
