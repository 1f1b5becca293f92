//! What must not get in, or only tamed: texts, files and names of customers and employees.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use mostek_e2e::stack::{SHOP, entries, text};
use mostek_e2e::{Options, Stack};
use mostek_sandbox::mirakl::model::{NewFile, Role, Topic, Via};
use mostek_sandbox::mirakl::world::{Draft, Target};
use reqwest::multipart::{Form, Part};
use serde_json::json;

async fn with_ticket(test: &str) -> Option<(Stack, String, String)> {
    let stack = Stack::start(test, Options::default()).await?;
    let written = stack.customer_writes("Pytanie", "Czy wysyłacie do Czech?");
    stack.poll().await;
    let id = text(&stack.tickets().await[0]["id"]);
    Some((stack, id, written.thread_id))
}

fn form(words: &str, key: &str, files: &[(&str, Vec<u8>)]) -> Form {
    let form = Form::new().text("text", words.to_owned()).text("key", key.to_owned());
    files.iter().fold(form, |form, (name, bytes)| {
        form.part("file", Part::bytes(bytes.clone()).file_name((*name).to_owned()))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_has_from_3_to_50000_characters() {
    let Some((stack, id, thread)) = with_ticket("length").await else { return };
    for (n, words) in
        [String::new(), "a".into(), "aa".into(), "   ".into(), "ż".repeat(50_001)].iter().enumerate()
    {
        let answer = stack.reply(&id, words, &format!("bad{n}")).await.expect(422);
        assert_eq!(answer.json()["field"], "text", "{}", answer.text());
        assert!(answer.json()["detail"].as_str().is_some_and(|s| s.contains(' ')), "{}", answer.text());
    }
    assert_eq!(entries(&stack.ticket(&id).await, "reply").len(), 0);
    for (n, words) in ["aaa".to_owned(), "ż".repeat(50_000)].iter().enumerate() {
        stack.reply(&id, words, &format!("good{n}")).await.expect(201);
        assert_eq!(stack.messages_of(&thread).last().unwrap()["body"], words.as_str());
    }
    stack.reply(&id, "Bez klucza.", "").await.expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_million_bytes_go_out_and_one_more_does_not() {
    let Some((stack, id, thread)) = with_ticket("size").await else { return };
    let path = format!("/api/v1/tickets/{id}/replies");
    let files = [("za-duży.bin", vec![7; 10_000_001])];
    let answer = stack.api.multipart(&path, form("Za dużo.", "big", &files)).await.expect(413);
    let told = text(&answer.json()["detail"]);
    assert!(told.contains("10") && told.contains(' '), "{told}");
    let files = [("a.bin", vec![7; 6_000_000]), ("b.bin", vec![7; 4_000_001])];
    stack.api.multipart(&path, form("Za dużo razem.", "two", &files)).await.expect(413);
    stack.api.multipart(&path, form("Pusty plik.", "empty", &[("pusty.txt", vec![])])).await.expect(422);
    assert_eq!(stack.messages_of(&thread).len(), 1, "nothing was sent");
    assert_eq!(entries(&stack.ticket(&id).await, "reply").len(), 0);

    stack
        .api
        .multipart(&path, form("Akurat.", "fits", &[("akurat.bin", vec![7; 10_000_000])]))
        .await
        .expect(201);
    let sent = stack.messages_of(&thread).pop().unwrap();
    assert_eq!(sent["attachments"][0]["size"], 10_000_000);
    // The conversation's room is used up now.
    let answer = stack.api.multipart(&path, form("Jeszcze.", "more", &[("x", vec![1])])).await;
    assert_eq!(answer.status, 413, "{}", answer.text());
    assert_eq!(stack.ticket(&id).await["attachments"]["left_bytes"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_files_lose_their_paths_and_pages_are_never_shown() {
    let Some((stack, id, thread)) = with_ticket("names").await else { return };
    let page = b"<script>alert(1)</script>".to_vec();
    let files = [
        ("../../x.html", page.clone()),
        ("C:\\tajne\\y.svg", page.clone()),
        ("\u{202e}gpj.exe", page.clone()),
    ];
    stack
        .api
        .multipart(&format!("/api/v1/tickets/{id}/replies"), form("Pliki.", "k", &files))
        .await
        .expect(201);
    let sent = stack.messages_of(&thread).pop().unwrap();
    for file in sent["attachments"].as_array().unwrap() {
        let name = text(&file["name"]);
        assert!(!name.contains(['/', '\\', '\u{202e}']) && !name.contains(".."), "{name}");
    }
    let ticket = stack.ticket(&id).await;
    for file in entries(&ticket, "reply")[0]["files"].as_array().unwrap() {
        let answer = stack.api.get(file["href"].as_str().unwrap()).await.expect(200);
        assert_eq!(answer.body, page);
        let disposition = answer.headers["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with("attachment"), "{disposition}");
        let kind = answer.headers["content-type"].to_str().unwrap();
        assert!(!kind.contains("html") && !kind.contains("svg"), "{kind}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn html_and_control_characters_of_a_customer_are_only_text() {
    let Some(stack) = Stack::start("html", Options { add_customers: true, ..Options::default() }).await
    else {
        return;
    };
    let nasty = "<script>alert('x')</script><img src=x onerror=alert(1)>\u{1b}[31m\u{0}\u{8}\u{202e}koniec";
    let target = Target::NewOrder { shop_id: SHOP, topic: Topic::free(nasty) };
    let mut draft = Draft::new(target, Role::Customer, format!("{nasty}\r\ndruga linia\ttab"), Via::Panel);
    draft.author_name = Some(nasty.to_owned());
    draft.files = vec![NewFile { name: format!("{nasty}.html"), bytes: b"<b>".to_vec().into() }];
    let written = stack.mirakl().write(draft).unwrap();
    stack.poll().await;
    let ticket = stack.ticket_of(&written.thread_id).await;
    let id = text(&ticket["id"]);
    stack
        .api
        .post(&format!("/api/v1/tickets/{id}/comments"), json!({"text": nasty, "key": "c"}))
        .await
        .expect(201);

    let ticket = stack.ticket(&id).await;
    let said = text(&entries(&ticket, "message")[0]["text"]);
    assert!(said.contains("<script>") && said.contains("koniec") && said.contains("druga linia"), "{said:?}");
    assert!(!said.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{said:?}");

    let browser = stack.browser().await;
    for path in
        [format!("/tickets/{id}"), "/tickets".to_owned(), "/customers".to_owned(), "/audit".to_owned()]
    {
        let answer = browser.get(&path).await.expect(200);
        let page = answer.text();
        assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{path}");
        assert!(!page.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')), "{path}");
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src") && !policy.contains("unsafe-inline"), "{policy}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_not_what_they_say_are_refused() {
    let Some((stack, id, _)) = with_ticket("bodies").await else { return };
    let path = format!("/api/v1/tickets/{id}/replies");
    let post = |kind: &str, body: Vec<u8>| {
        stack
            .api
            .send(stack.api.request(reqwest::Method::POST, &path).header("content-type", kind).body(body))
    };
    assert_eq!(post("application/json", b"{".to_vec()).await.status, 400);
    assert!(matches!(post("application/json", b"[]".to_vec()).await.status, 400 | 422));
    assert_eq!(post("text/plain", b"hello".to_vec()).await.status, 415);
    assert_eq!(post("application/json", vec![b' '; 30_000_000]).await.status, 413);
    assert!(matches!(post("multipart/form-data; boundary=x", b"--y\r\n".to_vec()).await.status, 400 | 422));
    stack.api.get("/api/v1/tickets?limit=abc").await.expect(422);
    stack.api.get("/api/v1/tickets?status=odd").await.expect(422);
    stack.api.get("/api/v1/tickets/..%2f..%2fetc").await.expect(404);
    stack.api.get("/api/v1/nothing").await.expect(404);
    assert_eq!(entries(&stack.ticket(&id).await, "reply").len(), 0);
}
