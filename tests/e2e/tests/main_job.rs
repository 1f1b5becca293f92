//! The main job: a customer's message on the marketplace becomes a ticket, is answered, and the answer is there once.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::time::Duration;

use mostek_e2e::stack::{KEY, SHOP, entries, text};
use mostek_e2e::{Options, Stack, eventually};
use mostek_sandbox::mirakl::model::{NewFile, Role, Topic, Via};
use mostek_sandbox::mirakl::world::{Draft, Target};
use reqwest::multipart::{Form, Part};
use serde_json::json;

/// 300,000 bytes in which no part is like another.
fn file() -> Vec<u8> {
    let mut random = mostek_e2e::random::Random(11);
    (0..37_500).flat_map(|_| random.u64().to_le_bytes()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customers_message_is_answered_once_with_its_file() {
    let Some(stack) = Stack::start("main job", Options::default()).await else { return };
    let written = stack.customer_writes("Zgubiona paczka", "Gdzie jest moja paczka?\nCzekam od tygodnia.");
    let report = stack.poll().await;
    assert_eq!((&report["messages"], &report["tickets"]), (&json!(1), &json!(1)), "{report}");

    let ticket = stack.ticket_of(&written.thread_id).await;
    let id = text(&ticket["id"]);
    assert_eq!(ticket["status"], "new");
    assert_eq!(ticket["subject"], "Zgubiona paczka");
    assert_eq!(ticket["order_id"], written.order_id.as_str());
    assert_eq!(ticket["queue"], stack.desk.0.as_str());
    assert_eq!(ticket["category"], stack.desk.1.as_str());
    let lines = ticket["order"]["order"]["lines"].as_array().unwrap();
    assert!(!lines.is_empty(), "{}", ticket["order"]);
    let message = entries(&ticket, "message")[0];
    assert_eq!(message["text"], "Gdzie jest moja paczka?\nCzekam od tygodnia.");
    assert_eq!(message["author"], "customer");

    let content = file();
    let part = Part::bytes(content.clone()).file_name("etykieta zażółć.pdf");
    let form = Form::new().text("text", "Paczka jest już w drodze.").text("key", "first").part("file", part);
    stack.api.multipart(&format!("/api/v1/tickets/{id}/replies"), form).await.expect(201);
    stack
        .api
        .post(&format!("/api/v1/tickets/{id}/comments"), json!({"text": "Tajna uwaga", "key": "c"}))
        .await
        .expect(201);

    let ticket = stack.ticket(&id).await;
    assert_eq!(entries(&ticket, "reply")[0]["reply"]["state"], "sent", "{ticket}");
    assert_eq!(entries(&ticket, "comment")[0]["text"], "Tajna uwaga");
    assert_eq!(ticket["status"], "waiting-for-customer");

    let messages = stack.messages_of(&written.thread_id);
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert_eq!(messages[1]["body"], "Paczka jest już w drodze.");
    assert_eq!(messages[1]["via"], "api");
    let sent = messages[1]["attachments"][0].clone();
    assert_eq!(sent["name"], "etykieta zażółć.pdf");
    let there = stack
        .mirakl()
        .with(|inner| inner.world.attachment(sent["id"].as_str().unwrap()).unwrap().bytes.clone());
    assert!(there == content, "the file's bytes changed on their way");

    // The same form again is the same reply.
    stack.reply(&id, "Paczka jest już w drodze.", "first").await.expect(201);
    // Our own message comes back with the next poll and is the reply that is there already.
    stack.poll().await;
    stack.tick().await;
    let ticket = stack.ticket(&id).await;
    assert_eq!(entries(&ticket, "reply").len(), 1);
    assert_eq!(entries(&ticket, "message").len(), 1, "{ticket}");
    assert_eq!(stack.times_sent("Paczka jest już w drodze."), 1);
    assert_eq!(stack.times_sent("Tajna uwaga"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_timer_polls_and_sends_by_itself() {
    let options = Options { arguments: vec!["--tick-every".into(), "1".into()], ..Options::default() };
    let Some(stack) = Stack::start("timer", options).await else { return };
    if std::env::var("MOSTEK_ENGINE").as_deref() == Ok("spin") {
        println!("SKIPPED timer: Spin has none");
        return;
    }
    let written = stack.customer_writes("Pytanie", "Czy jest wersja po angielsku?");
    let ticket = eventually("a ticket by the timer alone", Duration::from_secs(90), async || {
        let all = stack.tickets().await;
        all.first().map(|t| text(&t["id"])).ok_or_else(|| "no ticket".to_owned())
    })
    .await;
    stack.undo_seconds(2).await;
    stack.reply(&ticket, "Tak, jest.", "k").await.expect(201);
    assert_eq!(stack.times_sent("Tak, jest."), 0, "it can still be taken back");
    eventually("the reply at the marketplace", Duration::from_secs(30), async || {
        match stack.times_sent("Tak, jest.") {
            1 => Ok(()),
            n => Err(format!("{n} times")),
        }
    })
    .await;
    assert_eq!(stack.messages_of(&written.thread_id).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_the_shop_panel_and_the_operator_are_recognisable() {
    let Some(stack) = Stack::start("authors", Options::default()).await else { return };
    let written = stack.customer_writes("Reklamacja", "Przyszła zła książka.");
    let draft = Draft {
        author_name: Some("Joanna z panelu".into()),
        ..Draft::new(
            Target::Thread(written.thread_id.clone()),
            Role::Shop,
            "Odpisuję z panelu sklepu.",
            Via::Panel,
        )
    };
    stack.mirakl().write(draft).unwrap();
    stack.writes(Role::Operator, &written.thread_id, "Tu Empik: prosimy o szybką odpowiedź.");
    stack.poll().await;

    let ticket = stack.ticket_of(&written.thread_id).await;
    let messages = entries(&ticket, "message");
    let authors: Vec<_> = messages.iter().map(|m| m["author"].as_str().unwrap()).collect();
    assert_eq!(messages.len(), 3, "{ticket}");
    let unlike: std::collections::BTreeSet<_> = authors.iter().collect();
    assert_eq!(unlike.len(), 3, "customer, shop and operator have different marks: {authors:?}");
    assert_eq!(messages[1]["name"], "Joanna z panelu");
    assert_eq!(authors[0], "customer");
    assert_eq!(authors[2], "operator");
    // Whoever wrote last is answered.
    assert_eq!(ticket["default_reply_to"], "operator");
    assert_ne!(ticket["status"], "closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_can_be_taken_back_and_then_never_leaves() {
    let Some(stack) = Stack::start("undo", Options { undo_seconds: 300, ..Options::default() }).await else {
        return;
    };
    stack.customer_writes("Pytanie", "Dzień dobry?");
    stack.poll().await;
    let id = text(&stack.tickets().await[0]["id"]);
    let reply = text(&stack.reply(&id, "Jednak nie to.", "k").await.expect(201).json()["id"]);
    stack.tick().await;
    assert_eq!(stack.times_sent("Jednak nie to."), 0);
    stack.api.post(&format!("/api/v1/tickets/{id}/replies/{reply}/undo"), json!({})).await.expect(204);
    stack.tick().await;
    let ticket = stack.ticket(&id).await;
    assert_eq!(entries(&ticket, "reply")[0]["reply"]["state"], "dropped");
    assert_eq!(stack.times_sent("Jednak nie to."), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_outside_the_crm_gets_a_record_from_the_ticket() {
    let Some(stack) = Stack::start("crm", Options::default()).await else { return };
    let first = stack.customer_writes("Pierwsza", "Pierwsza sprawa.");
    stack.poll().await;
    let ticket = stack.ticket_of(&first.thread_id).await;
    assert_eq!(ticket["customer"]["outside_crm"], true);
    let remote = text(&ticket["customer"]["remote_id"]);

    let body =
        json!({"name": "Anna Nowak", "fields": {stack.desk.2.as_str(): remote}, "ticket": ticket["id"]});
    let record = text(&stack.api.post("/api/v1/customers", body.clone()).await.expect(201).json()["id"]);
    let ticket = stack.ticket_of(&first.thread_id).await;
    assert_eq!(ticket["customer"]["outside_crm"], false);
    assert_eq!(ticket["customer"]["record"]["id"], record.as_str());
    // A ticket has one record.
    stack.api.post("/api/v1/customers", body).await.expect(409);

    // The next conversation of the same customer finds the record by the id in its field.
    let target = Target::Order { order_id: first.order_id.clone(), topic: Topic::free("Druga".to_owned()) };
    let second =
        stack.mirakl().write(Draft::new(target, Role::Customer, "Druga sprawa.", Via::Panel)).unwrap();
    stack.poll().await;
    let ticket = stack.ticket_of(&second.thread_id).await;
    assert_eq!(ticket["customer"]["record"]["id"], record.as_str(), "{}", ticket["customer"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_are_added_by_themselves_where_the_connection_says_so() {
    let Some(stack) = Stack::start("auto-add", Options { add_customers: true, ..Options::default() }).await
    else {
        return;
    };
    let written = stack.customer_writes("Pytanie", "Czy mogę prosić o fakturę?");
    stack.poll().await;
    let ticket = stack.ticket_of(&written.thread_id).await;
    assert_eq!(ticket["customer"]["outside_crm"], false, "{}", ticket["customer"]);
    let fields = &ticket["customer"]["record"]["fields"];
    assert_eq!(fields[stack.desk.2.as_str()], ticket["customer"]["remote_id"]);
    let customers = stack.api.json("/api/v1/customers").await;
    assert_eq!(customers["total"], 1, "{customers}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_the_customer_come_through_unchanged_and_only_to_be_saved() {
    let Some(stack) = Stack::start("customer's files", Options::default()).await else { return };
    let target = Target::NewOrder { shop_id: SHOP, topic: Topic::free("Zdjęcie") };
    let mut draft = Draft::new(target, Role::Customer, "W załączniku zdjęcie.", Via::Panel);
    draft.files = vec![NewFile { name: "../../x.html".into(), bytes: file().into() }];
    let written = stack.mirakl().write(draft).unwrap();
    stack.poll().await;
    let ticket = stack.ticket_of(&written.thread_id).await;
    let shown = &entries(&ticket, "message")[0]["files"][0];
    let answer = stack.api.get(shown["href"].as_str().unwrap()).await.expect(200);
    assert!(answer.body == file(), "the file's bytes changed on their way");
    let disposition = answer.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment"), "{disposition}");
    assert!(!disposition.contains('/') && !disposition.contains(".."), "{disposition}");
    assert_ne!(answer.headers["content-type"], "text/html");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_conversations_of_a_week_become_tickets_once() {
    let Some(stack) =
        Stack::start("demonstration", Options { demo_days: Some(7), ..Options::default() }).await
    else {
        return;
    };
    stack.poll().await;
    stack.poll().await;
    stack.tick().await;
    let tickets = stack.tickets().await;
    let ids: std::collections::BTreeSet<_> = tickets.iter().map(|t| t["id"].to_string()).collect();
    assert_eq!((tickets.len(), ids.len()), (40, 40));
    let state = stack.mirakl().state();
    for thread in state["threads"].as_array().unwrap().iter().take(5) {
        let ticket = stack.ticket_of(thread["id"].as_str().unwrap()).await;
        let bodies: Vec<_> = entries(&ticket, "message").iter().map(|m| m["text"].clone()).collect();
        let there: Vec<_> =
            thread["messages"].as_array().unwrap().iter().map(|m| m["body"].clone()).collect();
        assert_eq!(bodies, there, "in their order");
    }
    assert!(!stack.hub.output().contains(KEY), "the key is in the log");
}
