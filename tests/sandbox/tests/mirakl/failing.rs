//! Every fault there is.

use std::time::Duration;

use mostek_sandbox::mirakl::faults::{Effect, ErrorShape, Fault, Operation};
use serde_json::{Value, json};

use crate::{Bench, assert_refused, encoded};

fn status(status: u16, retry_after: Option<u64>) -> Effect {
    Effect::Status { status, retry_after, shape: ErrorShape::Message }
}

#[tokio::test]
async fn the_next_calls_are_refused_with_the_ordered_status_and_then_work() {
    let bench = Bench::start().await;
    for code in [401, 403, 500, 503] {
        bench.running.mirakl().fail(Fault::next(Operation::M11, 2, status(code, None)));
        for _ in 0..2 {
            assert_refused(bench.get("/api/inbox/threads").send().await.unwrap(), code).await;
        }
        bench.json("/api/inbox/threads").await;
    }
    bench.running.mirakl().fail(Fault::next(Operation::Any, 1, status(429, Some(7))));
    let limited = bench.get("/api/orders").send().await.unwrap();
    assert_eq!(limited.headers()["retry-after"], "7");
    assert_refused(limited, 429).await;
}

#[tokio::test]
async fn errors_come_in_every_form_seen_in_the_wild() {
    let bench = Bench::start().await;
    let shapes = [
        (json!("errors"), "{\"errors\":"),
        (json!("code"), "{\"code\":500"),
        (json!("html"), "<!doctype html>"),
        (json!("empty"), ""),
    ];
    for (shape, start) in shapes {
        let fault = json!({"operation": "A01", "effect": {"kind": "status", "status": 500, "shape": shape}});
        bench.control("faults", fault).await;
        let response = bench.get("/api/account").send().await.unwrap();
        assert_eq!(response.status(), 500);
        let body = response.text().await.unwrap();
        assert!(body.starts_with(start) && (!start.is_empty() || body.is_empty()), "{body}");
    }
}

#[tokio::test]
async fn a_timeout_before_acceptance_leaves_nothing_behind() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Dzień dobry").await;
    let thread = written["thread_id"].as_str().unwrap();
    bench.running.mirakl().fail(Fault::next(Operation::M12, 1, Effect::TimeoutBefore { hold_ms: 20 }));
    assert!(bench.reply(thread, "Odpowiedź").send().await.is_err());
    let seen = bench.json(&format!("/api/inbox/threads/{thread}")).await;
    assert_eq!(seen["metadata"]["total_count"], 1);
    let log = bench.running.mirakl().requests();
    let held = log.iter().find(|entry| entry.operation == Some(Operation::M12)).unwrap();
    assert_eq!(held.status, None);
}

#[tokio::test]
async fn a_timeout_after_acceptance_loses_the_answer_but_not_the_message() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Dzień dobry").await;
    let thread = written["thread_id"].as_str().unwrap();
    let held = Effect::TimeoutAfter { hold_ms: 600_000, then_drop: true };
    bench.running.mirakl().fail(Fault::next(Operation::M12, 1, held));
    // The client gives up once the message is there.
    let waiting = tokio::spawn(bench.reply(thread, "Pierwsza odpowiedź").send());
    bench.until_count(thread, 2).await;
    assert!(!waiting.is_finished());
    waiting.abort();
    let dropped = Effect::TimeoutAfter { hold_ms: 0, then_drop: true };
    bench.running.mirakl().fail(Fault::next(Operation::M12, 1, dropped));
    assert!(bench.reply(thread, "Druga odpowiedź").send().await.is_err());
    let late = Effect::TimeoutAfter { hold_ms: 10, then_drop: false };
    bench.running.mirakl().fail(Fault::next(Operation::M12, 1, late));
    assert_eq!(bench.reply(thread, "Trzecia odpowiedź").send().await.unwrap().status(), 201);
    let seen = bench.json(&format!("/api/inbox/threads/{thread}")).await;
    assert_eq!(seen["metadata"]["total_count"], 4);
}

#[tokio::test]
async fn an_error_may_hide_that_the_message_was_accepted() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Dzień dobry").await;
    let thread = written["thread_id"].as_str().unwrap();
    bench.running.mirakl().fail(Fault::next(Operation::M12, 1, Effect::StatusAfter { status: 502 }));
    assert_refused(bench.reply(thread, "Odpowiedź").send().await.unwrap(), 502).await;
    let seen = bench.json(&format!("/api/inbox/threads/{thread}")).await;
    assert_eq!(seen["metadata"]["total_count"], 2);
}

#[tokio::test]
async fn a_dropped_connection_has_no_answer_and_no_effect() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Dzień dobry").await;
    let thread = written["thread_id"].as_str().unwrap();
    bench.running.mirakl().fail(Fault::next(Operation::M12, 1, Effect::Drop));
    assert!(bench.reply(thread, "Odpowiedź").send().await.is_err());
    let seen = bench.json(&format!("/api/inbox/threads/{thread}")).await;
    assert_eq!(seen["metadata"]["total_count"], 1);
}

#[tokio::test]
async fn a_slow_call_is_answered_after_its_delay() {
    let bench = Bench::start().await;
    bench.running.mirakl().fail(Fault::next(Operation::A01, 1, Effect::Slow { delay_ms: 600_000 }));
    let slow = bench.get("/api/account").timeout(Duration::from_millis(100)).send().await;
    assert!(slow.unwrap_err().is_timeout());
    bench.running.mirakl().fail(Fault::next(Operation::A01, 1, Effect::Slow { delay_ms: 1 }));
    bench.json("/api/account").await;
}

#[tokio::test]
async fn a_proxy_page_comes_in_place_of_json() {
    let bench = Bench::start().await;
    bench.running.mirakl().fail(Fault::next(Operation::M11, 1, Effect::NotJson));
    let response = bench.get("/api/inbox/threads").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(response.text().await.unwrap().starts_with("<!doctype html>"));
}

#[tokio::test]
async fn a_repeated_page_is_served_twice_and_the_rest_once() {
    let bench = Bench::start().await;
    bench.control("generate", json!({"customers": 6, "messages": 1})).await;
    let straight = bench.pages("/api/inbox/threads?limit=2").await;
    bench.running.mirakl().fail(Fault::next(Operation::M11, 1, Effect::RepeatPages));
    let repeated = bench.pages("/api/inbox/threads?limit=2").await;
    assert_eq!(repeated.len(), 4);
    assert_eq!(repeated[0], repeated[1]);
    assert_eq!(repeated[1..], straight);
}

#[tokio::test]
async fn a_list_that_changes_while_paged_hides_a_thread_from_this_pass_only() {
    let bench = Bench::start().await;
    bench.control("generate", json!({"customers": 6, "messages": 1})).await;
    let before: Vec<_> = bench.pages("/api/inbox/threads?limit=2").await.concat();
    bench.running.mirakl().fail(Fault::next(Operation::M11, 1, Effect::ListChanges));
    let during: Vec<_> = bench.pages("/api/inbox/threads?limit=2").await.concat();
    assert_eq!(during.len(), 5);
    assert!(!during.contains(&before[2]));
    let after: Vec<_> = bench.pages("/api/inbox/threads?limit=2").await.concat();
    assert_eq!(after[0], before[2]);
    assert_eq!(after.len(), 6);
}

#[tokio::test]
async fn unknown_fields_and_values_are_everywhere() {
    let bench = Bench::start().await;
    bench.customer_writes("Dzień dobry").await;
    bench.running.mirakl().fail(Fault::next(Operation::Any, 3, Effect::Unknown { senders: true }));
    let threads = bench.json("/api/inbox/threads?with_messages=true").await;
    let thread = &threads["data"][0];
    assert!(thread["field_of_tomorrow"].is_object());
    assert_eq!(thread["topic"]["type"], "TOPIC_OF_TOMORROW");
    assert_eq!(thread["entities"][1]["type"], "MMP_ORDER");
    assert_eq!(thread["messages"][0]["from"]["type"], "SENDER_OF_TOMORROW");
    let orders = bench.json("/api/orders").await;
    assert_eq!(orders["orders"][0]["order_state"], "STATE_OF_TOMORROW");
    assert_eq!(bench.json("/api/account").await["shop_state"], "STATE_OF_TOMORROW");
}

#[tokio::test]
async fn every_optional_field_is_null_and_the_required_ones_stay() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Dzień dobry").await;
    bench.running.mirakl().fail(Fault::next(Operation::Any, 4, Effect::NullOptionals));
    let threads = bench.json("/api/inbox/threads?with_messages=true").await;
    let thread = &threads["data"][0];
    assert_eq!(thread["id"], written["thread_id"]);
    assert!(thread["messages"].is_null() && thread["entities"].is_null());
    assert!(threads.as_object().unwrap().contains_key("next_page_token"));
    let single = bench.json(&format!("/api/inbox/threads/{}", thread["id"].as_str().unwrap())).await;
    assert_eq!(single["messages"][0]["body"], "Dzień dobry");
    assert!(single["messages"][0]["attachments"].is_null());
    let orders = bench.json("/api/orders").await;
    assert!(orders["orders"][0]["shipping_company"].is_null());
    assert!(orders["orders"][0]["order_lines"][0]["product_title"].is_string());
    let account = bench.json("/api/account").await;
    assert_eq!(account["shop_id"], 2000);
    assert!(account["shop_name"].is_null());
}

#[tokio::test]
async fn messages_may_come_newest_first() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Pierwsza").await;
    let thread = written["thread_id"].as_str().unwrap();
    bench.reply(thread, "Druga").send().await.unwrap();
    bench.running.mirakl().fail(Fault::next(Operation::M10, 1, Effect::Reversed));
    let seen = bench.json(&format!("/api/inbox/threads/{thread}")).await;
    assert_eq!(seen["messages"][0]["body"], "Druga");
}

#[tokio::test]
async fn an_accepted_message_may_appear_late_with_its_early_date() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Dzień dobry").await;
    let thread = written["thread_id"].as_str().unwrap();
    let path = format!("/api/inbox/threads/{thread}");
    bench.running.mirakl().fail(Fault::next(Operation::M12, 1, Effect::Late { delay_ms: 600_000 }));
    let answer: Value = bench.reply(thread, "Odpowiedź").send().await.unwrap().json().await.unwrap();
    assert_eq!(bench.json(&path).await["metadata"]["total_count"], 1);
    let state = bench.running.mirakl().state();
    let hidden = &state["threads"][0]["messages"][1];
    assert_eq!((&hidden["id"], &hidden["visible"]), (&answer["message_id"], &json!(false)));

    bench.running.mirakl().fail(Fault::next(Operation::M12, 1, Effect::Late { delay_ms: 30 }));
    bench.reply(thread, "Druga odpowiedź").send().await.unwrap();
    let seen = bench.until_count(thread, 2).await;
    assert_eq!(seen["date_updated"], seen["messages"][1]["date_created"]);
}

#[tokio::test]
async fn chance_repeats_with_its_seed() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let bench = Bench::start().await;
        bench.running.mirakl().fail(Fault::sometimes(Operation::A01, 0.5, 9, status(500, None)));
        let mut answers = Vec::new();
        for _ in 0..20 {
            answers.push(bench.get("/api/account").send().await.unwrap().status().as_u16());
        }
        assert!(answers.contains(&200) && answers.contains(&500));
        runs.push(answers);
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn a_fault_lets_other_operations_alone_and_can_be_taken_back() {
    let bench = Bench::start().await;
    bench.running.mirakl().fail(Fault::next(Operation::M12, 5, status(500, None)));
    bench.json("/api/inbox/threads").await;
    let token = encoded("x");
    assert_refused(bench.get(&format!("/api/inbox/threads?page_token={token}")).send().await.unwrap(), 400)
        .await;
    bench.client.delete(bench.url("/control/faults")).send().await.unwrap();
    let written = bench.customer_writes("Dzień dobry").await;
    let reply = bench.reply(written["thread_id"].as_str().unwrap(), "Odpowiedź").send().await.unwrap();
    assert_eq!(reply.status(), 201);
}
