//! The pages.

use reqwest::Response;
use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::Bench;

async fn text(response: Response) -> String {
    assert_eq!(response.status(), 200);
    response.text().await.unwrap()
}

#[tokio::test]
async fn a_person_writes_and_reads_in_the_browser() {
    let bench = Bench::start().await;
    let form = Form::new()
        .text("as", "customer")
        .text("shop_id", "2000")
        .text("topic", "Pytanie z <b>przeglądarki</b>")
        .text("body", "Dzień dobry,\r\nczy to <script>alert(1)</script> działa?")
        .part("files", Part::bytes(b"x".as_slice()).file_name("zdjęcie \"1\".png"));
    let sent = bench.post("/panel/messages").multipart(form).send().await.unwrap();
    let address = sent.url().clone();
    let page = text(sent).await;
    assert!(page.contains("czy to &lt;script&gt;alert(1)&lt;/script&gt; działa?"));
    assert!(!page.contains("<script>") && !page.contains("<b>"));
    assert!(page.contains("zdjęcie &quot;1&quot;.png"));

    let id = address.path_segments().unwrap().next_back().unwrap().to_owned();
    // A browser sends an empty part when no file was chosen.
    let answer = Form::new()
        .text("as", "operator")
        .text("thread_id", id.clone())
        .text("body", "Prosimy o odpowiedź.\r\nEmpik")
        .text("line_breaks", "br")
        .part("files", Part::bytes(b"".as_slice()).file_name(""));
    text(bench.post("/panel/messages").multipart(answer).send().await.unwrap()).await;
    let seen = bench.json(&format!("/api/inbox/threads/{id}")).await;
    assert_eq!(seen["messages"][0]["body"], "Dzień dobry,\nczy to <script>alert(1)</script> działa?");
    assert_eq!(seen["messages"][1]["body"], "Prosimy o odpowiedź.<br />\nEmpik");
    assert_eq!(seen["messages"][1]["attachments"], json!([]));
    assert_eq!(seen["messages"][1]["from"]["type"], "OPERATOR_USER");

    let list = text(bench.client.get(bench.running.base()).send().await.unwrap()).await;
    assert!(list.contains(&format!("/mirakl/panel/threads/{id}")) && list.contains("czeka na odpowiedź"));
}

#[tokio::test]
async fn the_list_is_paged() {
    let bench = Bench::start().await;
    bench.post("/panel/generate").body("customers=30&messages=1").send().await.unwrap();
    let first = text(bench.get("/panel").send().await.unwrap()).await;
    let second = text(bench.get("/panel?page=2").send().await.unwrap()).await;
    assert_eq!(first.matches("/mirakl/panel/threads/").count(), 25);
    assert_eq!(second.matches("/mirakl/panel/threads/").count(), 5);
    assert!(first.contains("?page=2") && !second.contains("?page=3"));
}

#[tokio::test]
async fn a_fault_is_set_seen_and_taken_back() {
    let bench = Bench::start().await;
    let order = "operation=M11&kind=status&status=429&retry_after=3&ms=&times=4&probability=&seed=";
    let page = text(bench.post("/panel/faults").body(order).send().await.unwrap()).await;
    assert!(page.contains("odpowiedź 429, Retry-After 3 s") && page.contains("jeszcze 4"));
    let limited = bench.get("/api/inbox/threads").send().await.unwrap();
    assert_eq!((limited.status().as_u16(), &limited.headers()["retry-after"]), (429, &"3".parse().unwrap()));
    let log = text(bench.get("/panel/requests").send().await.unwrap()).await;
    assert!(log.contains("M11: 1") && log.contains("<td>429</td>") && !log.contains(crate::KEY));
    text(bench.post("/panel/faults/1/remove").send().await.unwrap()).await;
    bench.json("/api/inbox/threads").await;
}

#[tokio::test]
async fn a_mistake_is_explained_with_a_way_back() {
    let bench = Bench::start().await;
    let form = Form::new().text("as", "customer").text("topic", "x").text("body", "x");
    let refused = bench.post("/panel/messages").multipart(form).send().await.unwrap();
    assert_eq!(refused.status(), 400);
    assert!(refused.text().await.unwrap().contains("href=\"/mirakl/panel\""));
    assert_eq!(bench.get("/panel/threads/unknown").send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn demonstration_reset_and_long_thread_have_buttons() {
    let bench = Bench::start().await;
    let page = text(bench.post("/panel/demo").body("since_days=3").send().await.unwrap()).await;
    assert!(page.contains("Rozmowy (40)"));
    let page =
        text(bench.post("/panel/generate-long-thread").body("messages=101").send().await.unwrap()).await;
    assert!(page.contains("wiadomości: 101"));
    let page = text(bench.post("/panel/reset").send().await.unwrap()).await;
    assert!(page.contains("Rozmowy (0)"));
}
