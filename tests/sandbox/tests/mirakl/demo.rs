//! The demonstration data.

use std::collections::BTreeSet;

use mostek_sandbox::Config;
use serde_json::json;

use crate::Bench;

#[tokio::test]
async fn forty_conversations_of_a_week_each_with_its_order() {
    let bench = Bench::with(Config { demo_days: Some(7), ..Config::default() }).await;
    let body = bench.json("/api/inbox/threads?limit=100&with_messages=true").await;
    let threads = body["data"].as_array().unwrap();
    assert_eq!(threads.len(), 40);
    let orders: BTreeSet<&str> = threads.iter().map(|t| t["entities"][0]["id"].as_str().unwrap()).collect();
    assert_eq!(orders.len(), 40);
    let topics: BTreeSet<&str> = threads.iter().map(|t| t["topic"]["value"].as_str().unwrap()).collect();
    assert!(topics.len() >= 35, "{} different topics", topics.len());

    let ids = orders.iter().copied().collect::<Vec<_>>().join(",");
    let found = bench.json(&format!("/api/orders?max=100&order_ids={ids}")).await;
    assert_eq!(found["total_count"], 40);
    for order in found["orders"].as_array().unwrap() {
        assert!((1..=4).contains(&order["order_lines"].as_array().unwrap().len()));
        assert_eq!(order["customer"]["locale"], "pl_PL");
        assert_eq!(order["currency_iso_code"], "PLN");
    }
    let carriers: BTreeSet<_> =
        found["orders"].as_array().unwrap().iter().map(|o| o["shipping_company"].as_str().unwrap()).collect();
    assert_eq!(carriers, BTreeSet::from(["DPD", "InPost", "Poczta Polska"]));

    let messages: Vec<_> = threads.iter().flat_map(|t| t["messages"].as_array().unwrap()).collect();
    assert!(messages.len() >= 90, "{} messages", messages.len());
    for sender in ["CUSTOMER_USER", "SHOP_USER", "OPERATOR_USER"] {
        assert!(messages.iter().filter(|m| m["from"]["type"] == sender).count() >= 3, "{sender}");
    }
    let now = body_now(&bench).await;
    assert!(messages.iter().all(|m| m["date_created"].as_str().unwrap() <= now.as_str()));
    // Some wait for the shop, some have been answered.
    let waiting = threads.iter().filter(|t| t["metadata"]["shop_reply_needed_since"].is_string()).count();
    assert!((10..=30).contains(&waiting), "{waiting} wait");

    let files: Vec<_> = messages.iter().flat_map(|m| m["attachments"].as_array().unwrap()).collect();
    assert!(files.len() >= 6, "{} files", files.len());
    for file in files {
        let path = format!("/api/inbox/threads/{}/download", file["id"].as_str().unwrap());
        let bytes = bench.get(&path).send().await.unwrap().bytes().await.unwrap();
        assert!(bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"%PDF"));
        assert_eq!(bytes.len() as u64, file["size"].as_u64().unwrap());
    }
}

async fn body_now(bench: &Bench) -> String {
    bench.json("/control/state").await["now"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_control_api_spreads_them_over_the_days_asked_for() {
    let bench = Bench::start().await;
    let made = bench.control("demo", json!({"since_days": 2})).await;
    assert_eq!(made["threads"], 40);
    let state = bench.json("/control/state").await;
    let now = state["now"].as_str().unwrap();
    let days: BTreeSet<&str> = state["threads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| &t["date_created"].as_str().unwrap()[..10])
        .collect();
    assert!((2..=3).contains(&days.len()), "{days:?}");
    assert!(days.iter().all(|day| *day <= &now[..10]));
}
