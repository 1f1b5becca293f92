//! A01, V01, M10, M11, M13, OR11, RE01.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{Bench, assert_refused, encoded};

#[tokio::test]
async fn every_conversation_is_on_exactly_one_page_also_when_all_carry_one_date() {
    for same_instant in [false, true] {
        let bench = Bench::start().await;
        let order = json!({"customers": 25, "messages": 1, "same_instant": same_instant});
        bench.control("generate", order).await;
        let pages = bench.pages("/api/inbox/threads?limit=10").await;
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
        let all: Vec<_> = pages.concat();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 25);
    }
}

#[tokio::test]
async fn the_usual_page_is_fifty_and_comes_newest_first() {
    let bench = Bench::start().await;
    bench.control("generate", json!({"customers": 60, "messages": 1})).await;
    let body = bench.json("/api/inbox/threads").await;
    let dates: Vec<&str> =
        body["data"].as_array().unwrap().iter().map(|t| t["date_updated"].as_str().unwrap()).collect();
    assert_eq!(dates.len(), 50);
    let times: Vec<_> = dates.iter().map(|date| spelt_out(date)).collect();
    assert!(times.windows(2).all(|pair| pair[0] > pair[1]));
    assert!(body["data"][0].get("messages").is_none());
    for limit in ["0", "101", "x"] {
        let response = bench.get(&format!("/api/inbox/threads?limit={limit}")).send().await.unwrap();
        assert_refused(response, 400).await;
    }
}

/// A date with its milliseconds spelt out, so that dates compare as text.
fn spelt_out(date: &str) -> String {
    let bare = date.strip_suffix('Z').unwrap();
    if bare.contains('.') { bare.to_owned() } else { format!("{bare}.000") }
}

#[tokio::test]
async fn a_page_token_overrides_every_other_parameter() {
    let bench = Bench::start().await;
    bench.control("generate", json!({"customers": 5, "messages": 1})).await;
    let first = bench.json("/api/inbox/threads?limit=2&with_messages=true").await;
    let token = encoded(first["next_page_token"].as_str().unwrap());
    let path = format!(
        "/api/inbox/threads?page_token={token}&limit=100&with_messages=nonsense&shop_id=999&\
         updated_since=2999-01-01T00:00:00Z"
    );
    let second = bench.json(&path).await;
    assert_eq!(second["data"].as_array().unwrap().len(), 2);
    assert!(second["data"][0]["messages"].is_array());
    assert_ne!(first["data"][0]["id"], second["data"][0]["id"]);
}

#[tokio::test]
async fn a_forged_token_or_one_of_another_shop_is_refused() {
    let bench = Bench::start().await;
    bench.control("generate", json!({"customers": 3, "messages": 1})).await;
    let first = bench.json("/api/inbox/threads?limit=1").await;
    let token = first["next_page_token"].as_str().unwrap();
    let (payload, signature) = token.split_once('.').unwrap();
    let forged = format!("{}{}.{signature}", &payload[..payload.len() - 4], "AAAA");
    let path = format!("/api/inbox/threads?page_token={}", encoded(&forged));
    assert_refused(bench.get(&path).send().await.unwrap(), 400).await;
    let request = bench.client.get(bench.url(&format!("/api/inbox/threads?page_token={}", encoded(token))));
    let response = request.header("authorization", "sandbox-key-2001").send().await.unwrap();
    assert_refused(response, 403).await;
}

#[tokio::test]
async fn updated_since_includes_the_moment_itself() {
    let bench = Bench::start().await;
    for n in 0..3 {
        bench.customer_writes(&format!("Pytanie numer {n}")).await;
    }
    let all = bench.json("/api/inbox/threads").await;
    let middle = all["data"][1]["date_updated"].as_str().unwrap();
    let since = bench.json(&format!("/api/inbox/threads?updated_since={}", encoded(middle))).await;
    let ids: Vec<_> = since["data"].as_array().unwrap().iter().map(|t| &t["id"]).collect();
    assert_eq!(ids, [&all["data"][0]["id"], &all["data"][1]["id"]]);
    let later = "/api/inbox/threads?updated_since=2999-01-01T00:00:00%2B01:00";
    assert_eq!(bench.json(later).await["data"], json!([]));
    // An offset whose plus sign was not encoded reads as a space.
    let broken = "/api/inbox/threads?updated_since=2999-01-01T00:00:00+01:00";
    assert_refused(bench.get(broken).send().await.unwrap(), 400).await;
}

#[tokio::test]
async fn entity_ids_need_their_type() {
    let bench = Bench::start().await;
    let order = bench.customer_writes("Gdzie jest paczka?").await["order_id"].as_str().unwrap().to_owned();
    bench.customer_writes("A moja?").await;
    let path = format!("/api/inbox/threads?entity_id={order}");
    assert_refused(bench.get(&path).send().await.unwrap(), 400).await;
    let found = bench.json(&format!("{path}&entity_type=MMP_ORDER")).await;
    assert_eq!(found["data"].as_array().unwrap().len(), 1);
    assert_eq!(found["data"][0]["entities"][0]["id"], order.as_str());
    assert_eq!(bench.json("/api/inbox/threads?entity_type=MMP_OFFER").await["data"], json!([]));
}

#[tokio::test]
async fn keys_are_asked_for_and_weighed() {
    let bench = Bench::start().await;
    let paths = ["/api/account", "/api/inbox/threads", "/api/inbox/threads/x", "/api/orders", "/api/reasons"];
    for path in paths {
        let bare = bench.client.get(bench.url(path)).send().await.unwrap();
        assert_refused(bare, 401).await;
        for (key, status) in
            [("Bearer sandbox-key-2000", 401), ("nonsense", 401), ("sandbox-key-no-rights", 403)]
        {
            let response =
                bench.client.get(bench.url(path)).header("authorization", key).send().await.unwrap();
            assert_refused(response, status).await;
        }
    }
    let orders = bench.client.get(bench.url("/api/orders")).header("authorization", "sandbox-key-no-orders");
    assert_refused(orders.send().await.unwrap(), 403).await;
    assert_refused(bench.get("/api/account?shop_id=2001").send().await.unwrap(), 403).await;
    assert_eq!(bench.client.get(bench.url("/api/version")).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_key_of_two_shops_acts_for_the_one_it_names() {
    let bench = Bench::start().await;
    bench
        .control("messages", json!({"as": "customer", "body": "Jaka barwa światła?", "shop_id": 2001}))
        .await;
    let ask = async |path: &str| -> serde_json::Value {
        let request = bench.client.get(bench.url(path)).header("authorization", "sandbox-key-both");
        request.send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(ask("/api/account").await["shop_id"], 2000);
    assert_eq!(ask("/api/account?shop_id=2001").await["shop_name"], "Dom i Światło");
    assert_eq!(ask("/api/inbox/threads").await["data"], json!([]));
    assert_eq!(ask("/api/inbox/threads?shop_id=2001").await["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_thread_has_the_documented_shape() {
    let bench = Bench::start().await;
    let written = bench.customer_writes("Dzień dobry, kiedy wysyłka?").await;
    let id = written["thread_id"].as_str().unwrap();
    let thread = bench.json(&format!("/api/inbox/threads/{id}")).await;
    let message = &thread["messages"][0];
    assert_eq!(message["id"], written["message_id"]);
    assert_eq!(message["from"]["type"], "CUSTOMER_USER");
    assert!(message["from"].get("id").is_none());
    assert_eq!(message["to"], json!([{"type": "SHOP", "id": "2000", "display_name": "Księgarnia Pod Lipą"}]));
    assert_eq!(thread["metadata"]["total_count"], 1);
    assert_eq!(thread["metadata"]["shop_reply_needed_since"], message["date_created"]);
    let operator = thread["authorized_participants"].as_array().unwrap().last().unwrap();
    assert_eq!(*operator, json!({"type": "OPERATOR", "display_name": "Empik"}));
    let order = bench.json(&format!("/api/orders?order_ids={}", written["order_id"].as_str().unwrap())).await;
    let customer = &order["orders"][0]["customer"]["customer_id"];
    assert_eq!(thread["authorized_participants"][1]["id"], *customer);

    bench.control(&format!("threads/{id}/no-reply-needed"), json!({"by": "operator"})).await;
    let after = bench.json(&format!("/api/inbox/threads/{id}")).await;
    assert!(after["metadata"]["shop_reply_needed_since"].is_null());
    assert_eq!(after["no_store_reply_needed"][0]["user_type"], "OPERATOR");

    assert_refused(bench.get("/api/inbox/threads/unknown").send().await.unwrap(), 404).await;
    let foreign = bench.client.get(bench.url(&format!("/api/inbox/threads/{id}")));
    assert_refused(foreign.header("authorization", "sandbox-key-2001").send().await.unwrap(), 404).await;
}

#[tokio::test]
async fn of_1001_messages_the_list_shows_the_last_hundred_and_the_thread_all() {
    let bench = Bench::start().await;
    bench.control("generate-long-thread", json!({})).await;
    let listed = bench.json("/api/inbox/threads?with_messages=true").await;
    let thread = &listed["data"][0];
    assert_eq!(thread["metadata"]["total_count"], 1_001);
    let last = thread["messages"].as_array().unwrap();
    assert_eq!(last.len(), 100);
    assert!(last[0]["body"].as_str().unwrap().starts_with("Wiadomość nr 902:"));
    let whole = bench.json(&format!("/api/inbox/threads/{}", thread["id"].as_str().unwrap())).await;
    let all = whole["messages"].as_array().unwrap();
    assert_eq!(all.len(), 1_001);
    assert_eq!(all[901..], last[..]);
    let authors: BTreeSet<_> = all.iter().map(|m| m["from"]["type"].as_str().unwrap()).collect();
    assert_eq!(authors, BTreeSet::from(["CUSTOMER_USER", "OPERATOR_USER", "SHOP_USER"]));
    // Mirakl's own limit: nobody can answer any more.
    let reply = bench.reply(thread["id"].as_str().unwrap(), "Już odpowiadamy").send().await.unwrap();
    assert_refused(reply, 400).await;
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_sent_and_only_to_its_shop() {
    let bench = Bench::start().await;
    let order = json!({"as": "customer", "body": "W załączniku zdjęcie", "files": [
        {"name": "../../zażółć \"x\".html", "base64": "PHNjcmlwdD4="}]});
    let written = bench.control("messages", order).await;
    let thread = bench.json(&format!("/api/inbox/threads/{}", written["thread_id"].as_str().unwrap())).await;
    let file = &thread["messages"][0]["attachments"][0];
    assert_eq!(file["name"], "../../zażółć \"x\".html");
    assert_eq!(file["size"], 8);
    let path = format!("/api/inbox/threads/{}/download", file["id"].as_str().unwrap());
    let response = bench.get(&path).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/octet-stream");
    assert_eq!(response.bytes().await.unwrap().as_ref(), b"<script>");
    let foreign = bench.client.get(bench.url(&path)).header("authorization", "sandbox-key-2001");
    assert_refused(foreign.send().await.unwrap(), 404).await;
}

#[tokio::test]
async fn orders_are_paged_by_offset_and_found_by_id() {
    let bench = Bench::start().await;
    let generated = bench.control("generate", json!({"customers": 12, "messages": 1})).await;
    let ids: Vec<&str> =
        generated["written"].as_array().unwrap().iter().map(|w| w["order_id"].as_str().unwrap()).collect();
    let response = bench.get("/api/orders").send().await.unwrap();
    assert!(response.headers()["link"].to_str().unwrap().ends_with("rel=\"next\""));
    let first: serde_json::Value = response.json().await.unwrap();
    assert_eq!(first["orders"].as_array().unwrap().len(), 10);
    assert_eq!(first["total_count"], 12);
    let rest = bench.json("/api/orders?offset=10").await;
    assert_eq!(rest["orders"].as_array().unwrap().len(), 2);

    let wanted = format!("{},{}", ids[3], ids[7]);
    let found = bench.json(&format!("/api/orders?order_ids={}", encoded(&wanted))).await;
    assert_eq!(found["total_count"], 2);
    let order = &found["orders"][0];
    let lines = order["order_lines"].as_array().unwrap();
    let sum: f64 = lines.iter().map(|line| line["total_price"].as_f64().unwrap()).sum();
    assert!((sum - order["total_price"].as_f64().unwrap()).abs() < 0.005);
    assert_eq!(order["customer"]["locale"], "pl_PL");

    let many = vec!["X"; 101].join(",");
    let refused = bench.get(&format!("/api/orders?order_ids={many}")).send().await.unwrap();
    assert_refused(refused, 400).await;
    assert_refused(bench.get("/api/orders?max=101").send().await.unwrap(), 400).await;
}

#[tokio::test]
async fn the_picture_of_a_product_is_where_the_order_says() {
    let bench = Bench::start().await;
    bench.customer_writes("Jaki to kolor?").await;
    let order = bench.json("/api/orders").await;
    let media = order["orders"][0]["order_lines"][0]["product_medias"][0]["media_url"].as_str().unwrap();
    for base in [bench.running.base(), bench.running.mirakl_base()] {
        let response = bench.client.get(format!("{base}{media}")).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "image/png");
        assert!(response.bytes().await.unwrap().starts_with(b"\x89PNG"));
    }
}

#[tokio::test]
async fn what_does_not_exist_is_refused_as_json() {
    let bench = Bench::start().await;
    assert_refused(bench.get("/api/messages").send().await.unwrap(), 404).await;
    assert_refused(bench.post("/api/account").send().await.unwrap(), 405).await;
    let reasons = bench.json("/api/reasons").await;
    assert!(reasons["reasons"].as_array().unwrap().iter().any(|r| r["type"] == "ORDER_MESSAGING"));
}

#[tokio::test]
async fn the_same_seed_gives_the_same_ids() {
    let (a, b) = (Bench::start().await, Bench::start().await);
    assert_eq!(a.customer_writes("Dzień dobry").await, b.customer_writes("Dzień dobry").await);
}
