//! M12 and OR43.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::{Bench, assert_refused};

#[tokio::test]
async fn a_reply_with_a_file_is_in_the_thread_once() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Poproszę fakturę").await;
    let thread = written["thread_id"].as_str().unwrap();
    let input = json!({"body": "Faktura w załączniku.\nPozdrawiamy", "to": [{"type": "CUSTOMER"}, {"type": "OPERATOR"}]});
    let response = bench
        .reply_with(thread, &input, vec![("faktura żółta.pdf", b"%PDF-1.4".to_vec())])
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 201);
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer["thread_id"], thread);
    let seen = bench.json(&format!("/api/inbox/threads/{thread}")).await;
    let messages = seen["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[1]["id"], answer["message_id"]);
    assert_eq!(messages[1]["from"]["type"], "SHOP_USER");
    assert_eq!(messages[1]["from"]["organization_details"]["id"], "2000");
    assert_eq!(messages[1]["body"], "Faktura w załączniku.\nPozdrawiamy");
    assert_eq!(messages[1]["attachments"][0]["name"], "faktura żółta.pdf");
    assert_eq!(messages[1]["to"].as_array().unwrap().len(), 2);
    assert!(seen["metadata"]["shop_reply_needed_since"].is_null());
    let state = bench.running.mirakl().state();
    let reported = &state["threads"][0]["messages"][1];
    assert_eq!(reported["via"], "api");
    assert_eq!(reported["attachments"][0]["size"], 8);
    assert_eq!(reported["attachments"][0]["sha256"].as_str().unwrap().len(), 64);
}

#[tokio::test]
async fn the_same_reply_sent_twice_is_there_twice() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Dzień dobry").await;
    let thread = written["thread_id"].as_str().unwrap();
    for _ in 0..2 {
        assert_eq!(bench.reply(thread, "Dzień dobry!").send().await.unwrap().status(), 201);
    }
    let seen = bench.json(&format!("/api/inbox/threads/{thread}")).await;
    assert_eq!(seen["metadata"]["total_count"], 3);
}

#[tokio::test]
async fn a_text_has_three_to_fifty_thousand_characters() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Dzień dobry").await;
    let thread = written["thread_id"].as_str().unwrap();
    // Counted in characters, not bytes: each of these takes two.
    for (length, status) in [(2, 400), (3, 201), (50_000, 201), (50_001, 400)] {
        let response = bench.reply(thread, &"ż".repeat(length)).send().await.unwrap();
        assert_eq!(response.status(), status, "{length}");
    }
}

#[tokio::test]
async fn recipients_must_belong_to_the_thread() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Dzień dobry").await;
    let thread = written["thread_id"].as_str().unwrap();
    let body = bench.json(&format!("/api/inbox/threads/{thread}")).await;
    let customer = &body["authorized_participants"][1]["id"];
    let bad = [
        json!([]),
        json!([{"type": "CUSTOMER", "id": "somebody else"}]),
        json!([{"type": "COURIER"}]),
        json!(["CUSTOMER"]),
    ];
    for to in bad {
        let input = json!({"body": "Odpowiedź", "to": to});
        assert_refused(bench.reply_with(thread, &input, vec![]).send().await.unwrap(), 400).await;
    }
    let input = json!({"body": "Odpowiedź", "to": [{"type": "CUSTOMER", "id": customer}]});
    assert_eq!(bench.reply_with(thread, &input, vec![]).send().await.unwrap().status(), 201);
}

#[tokio::test]
async fn a_message_carries_thirty_megabytes_and_no_more() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Dzień dobry").await;
    let thread = written["thread_id"].as_str().unwrap();
    let input = json!({"body": "Pliki", "to": [{"type": "CUSTOMER"}]});
    let half = 15 * 1024 * 1024;
    let fits = vec![("a", vec![0; half]), ("b", vec![0; half])];
    assert_eq!(bench.reply_with(thread, &input, fits).send().await.unwrap().status(), 201);
    let over = vec![("a", vec![0; half]), ("b", vec![0; half + 1])];
    assert_refused(bench.reply_with(thread, &input, over).send().await.unwrap(), 400).await;
    assert_eq!(bench.json(&format!("/api/inbox/threads/{thread}")).await["metadata"]["total_count"], 2);
}

#[tokio::test]
async fn an_order_has_room_for_fifty_files_over_all_its_threads() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Dzień dobry").await;
    let thread = written["thread_id"].as_str().unwrap();
    let input = json!({"body": "Pliki", "to": [{"type": "CUSTOMER"}]});
    let fifty = (0..50).map(|_| ("x.txt", b"x".to_vec())).collect();
    assert_eq!(bench.reply_with(thread, &input, fifty).send().await.unwrap().status(), 201);
    let one_more = vec![("x.txt", b"x".to_vec())];
    assert_refused(bench.reply_with(thread, &input, one_more).send().await.unwrap(), 400).await;
    // The same order in another conversation.
    let order = json!({"as": "customer", "body": "Nowy wątek", "order_id": written["order_id"],
        "files": [{"name": "y", "base64": "AA=="}]});
    let response = bench.client.post(bench.url("/control/messages")).json(&order).send().await.unwrap();
    assert_refused(response, 400).await;
}

#[tokio::test]
async fn a_body_of_another_kind_is_refused() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Dzień dobry").await;
    let path = format!("/api/inbox/threads/{}/message", written["thread_id"].as_str().unwrap());
    let json_body = bench.post(&path).json(&json!({"body": "abc"})).send().await.unwrap();
    assert_refused(json_body, 415).await;
    let without = bench.post(&path).multipart(Form::new().text("other", "abc")).send().await.unwrap();
    assert_refused(without, 400).await;
    let input = json!({"body": "abc", "to": [{"type": "CUSTOMER"}]}).to_string();
    let twice = Form::new().text("message_input", input.clone()).text("message_input", input);
    assert_refused(bench.post(&path).multipart(twice).send().await.unwrap(), 400).await;
    let broken = Form::new().part("message_input", Part::text("{\"body\":"));
    assert_refused(bench.post(&path).multipart(broken).send().await.unwrap(), 400).await;
}

#[tokio::test]
async fn a_shop_opens_a_thread_on_its_order() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Dzień dobry").await;
    let order = written["order_id"].as_str().unwrap();
    let input = json!({"body": "Mamy pytanie o adres", "to": ["CUSTOMER"],
        "topic": {"type": "FREE_TEXT", "value": "Adres dostawy"}});
    let send = |order: &str, input: &Value| {
        let form = Form::new().text("thread_input", input.to_string());
        bench.post(&format!("/api/orders/{order}/threads")).multipart(form).send()
    };
    let response = send(order, &input).await.unwrap();
    assert_eq!(response.status(), 201);
    let answer: Value = response.json().await.unwrap();
    assert_ne!(answer["thread_id"], written["thread_id"]);
    let path = format!("/api/inbox/threads/{}", answer["thread_id"].as_str().unwrap());
    assert_eq!(bench.json(&path).await["topic"]["value"], "Adres dostawy");
    assert_refused(send("EMP-0-A", &input).await.unwrap(), 404).await;
}
