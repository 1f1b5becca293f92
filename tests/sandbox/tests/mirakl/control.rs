//! The control API, and the process itself.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use mostek_sandbox::mirakl::faults::Operation;
use serde_json::{Value, json};

use crate::{Bench, assert_refused};

#[tokio::test]
async fn all_three_sides_write_and_are_told_apart() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Gdzie paczka?").await;
    let thread = written["thread_id"].as_str().unwrap();
    for side in ["shop", "operator", "customer"] {
        let order = json!({"as": side, "body": format!("Pisze {side}"), "thread_id": thread});
        bench.control("messages", order).await;
    }
    let seen = bench.json(&format!("/api/inbox/threads/{thread}")).await;
    let senders: Vec<_> = seen["messages"].as_array().unwrap().iter().map(|m| &m["from"]).collect();
    let kinds: Vec<_> = senders.iter().map(|from| from["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["CUSTOMER_USER", "SHOP_USER", "OPERATOR_USER", "CUSTOMER_USER"]);
    assert_eq!(senders[1]["display_name"], "Joanna");
    assert_eq!(senders[2]["display_name"], "Empik");
    assert_eq!(seen["metadata"]["shop_reply_needed_since"], seen["messages"][2]["date_created"]);
}

#[tokio::test]
async fn a_mistaken_order_is_refused() {
    let bench = Bench::start().await;
    let orders = [
        (json!({"as": "customer", "body": "abc", "thread_id": "unknown"}), 404),
        (json!({"as": "customer", "body": "abc", "shop_id": 1}), 404),
        (json!({"as": "courier", "body": "abc"}), 400),
        (json!({"as": "customer", "body": "abc", "typo": 1}), 400),
        (json!({"as": "customer", "body": "abc", "files": [{"name": "x", "base64": "?"}]}), 400),
    ];
    for (order, status) in orders {
        let response = bench.client.post(bench.url("/control/messages")).json(&order).send().await.unwrap();
        assert_refused(response, status).await;
    }
}

#[tokio::test]
async fn requests_are_noted_with_their_count_and_without_the_key() {
    let bench = Bench::start().await;
    bench.json("/api/inbox/threads?limit=5").await;
    bench.client.get(bench.url("/api/account")).send().await.unwrap();
    let log: Value = bench.json("/control/requests").await;
    assert_eq!(log["total"], 2);
    assert_eq!(log["counts"], json!({"M11": 1, "A01": 1}));
    assert_eq!(log["requests"][0]["status"], 401);
    assert_eq!(log["requests"][1]["query"], "limit=5");
    assert!(!log.to_string().contains(crate::KEY));
    assert_eq!(bench.running.mirakl().calls(Operation::M11), 1);
    let only = bench.json("/control/requests?operation=M11").await;
    assert_eq!(only["requests"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn reset_goes_back_to_the_beginning() {
    let bench = Bench::start().await;
    let first = bench.customer_writes("Dzień dobry").await;
    bench.control("faults", json!({"operation": "*", "times": 9, "effect": {"kind": "drop"}})).await;
    bench.control("reset", json!({})).await;
    let log: Value = bench.json("/control/requests").await;
    assert_eq!(log["total"], 0);
    assert_eq!(bench.json("/api/inbox/threads").await["data"], json!([]));
    assert_eq!(bench.customer_writes("Dzień dobry").await, first);
}

#[test]
fn the_process_says_where_it_listens_and_ends_on_a_signal() {
    let mut process = Command::new(env!("CARGO_BIN_EXE_mostek-sandbox"))
        .args(["--listen", "127.0.0.1:0", "--seed", "3"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port = line.trim().strip_prefix("Sandbox http://127.0.0.1:").unwrap().parse::<u16>().unwrap();
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    let sent = Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap();
    assert!(sent.success());
    assert!(process.wait().unwrap().success());
}
