//! Webhooks over real HTTP: a shop's signed events become tickets and entries once, what is wrong is refused or kept, and our own
//! events reach whoever wants to hear of them.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mostek_domain::Timestamp;
use mostek_e2e::stack::{entries, text};
use mostek_e2e::wait::eventually;
use mostek_e2e::{Answer, Client, Options, Stack};
use mostek_sandbox::shop::Target;
use mostek_webhooks::{Scheme, Secret, signature};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName};
use serde_json::{Value, json};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// A source with this scheme; gives its path.
async fn source(stack: &Stack, name: &str, scheme: &str, secret: &str) -> String {
    let body = json!({
        "name": name, "scheme": scheme, "secret": secret, "queue": stack.desk.0, "field": stack.desk.2,
        "add_customers": true,
    });
    text(&stack.api.post("/api/v1/webhooks", body).await.expect(201).json()["path"])
}

/// What a sender of Standard Webhooks sends.
async fn send(stack: &Stack, path: &str, id: &str, at: i64, body: &str, signed: &str) -> Answer {
    let secret = Secret::parse(Scheme::Standard, SECRET).unwrap();
    let signature = signature::sign(&secret, id, at, signed.as_bytes()).unwrap();
    let shop = Client::new(&stack.hub.base());
    let request = shop
        .request(Method::POST, path)
        .header("webhook-id", id)
        .header("webhook-timestamp", at.to_string())
        .header("webhook-signature", signature)
        .header("content-type", "application/json")
        .body(body.to_owned());
    shop.send(request).await
}

fn question(conversation: &str, text: &str) -> String {
    json!({"type": "message.created", "data": {
        "conversation_id": conversation, "text": text, "customer": {"id": "c-7", "name": "Anna Nowak"}
    }})
    .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_event_is_a_ticket_once_and_everything_else_is_refused_or_kept() {
    let options = Options { connected: false, ..Options::default() };
    let Some(stack) = Stack::start("webhooks", options).await else { return };
    let path = source(&stack, "Sklep Kubek", "standard", SECRET).await;
    let body = question("q-1", "Gdzie jest paczka?");

    let taken = send(&stack, &path, "e1", now(), &body, &body).await.expect(200);
    assert_eq!(taken.json()["result"], "taken");
    assert_eq!(send(&stack, &path, "e1", now(), &body, &body).await.expect(200).json()["result"], "repeated");
    let next = question("q-1", "Halo?");
    send(&stack, &path, "e2", now(), &next, &next).await.expect(200);
    let tickets = stack.tickets().await;
    assert_eq!(tickets.len(), 1, "{tickets:?}");
    assert_eq!(tickets[0]["source"], "Sklep Kubek");
    let ticket = stack.ticket(tickets[0]["id"].as_str().unwrap()).await;
    let texts: Vec<&Value> = entries(&ticket, "message").iter().map(|m| &m["text"]).collect();
    assert_eq!(texts, ["Gdzie jest paczka?", "Halo?"]);

    send(&stack, &path, "e3", now(), &body.replace("Gdzie", "gdzie"), &body).await.expect(401);
    send(&stack, &path, "e3", now() - 301, &body, &body).await.expect(400);
    send(&stack, &path, "e3", now() + 301, &body, &body).await.expect(400);
    send(&stack, "/webhooks/00000000000000000000000000", "e3", now(), &body, &body).await.expect(404);
    let long = "x".repeat((1 << 20) + 1);
    send(&stack, &path, "e3", now(), &long, &long).await.expect(413);
    assert_eq!(stack.tickets().await.len(), 1);

    // A reply cannot leave, and the page says so.
    let id = text(&ticket["id"]);
    stack.reply(&id, "Jutro u Pani.", "k1").await.expect(422);
    let page = stack.browser().await.get(&format!("/tickets/{id}")).await.expect(200).text();
    assert!(page.contains("Odpowiedzi nie ma jak wysłać"), "{page}");
    let comment = json!({"text": "Zadzwonić", "key": "k2"});
    stack.api.post(&format!("/api/v1/tickets/{id}/comments"), comment).await.expect(201);

    // What is not understood is kept, and processed after the mapping was mended.
    let odd = json!({"type": "message.created", "data": {"tresc": "Inny sklep", "customer": {"id": "c-8"}}})
        .to_string();
    assert_eq!(send(&stack, &path, "e4", now(), &odd, &odd).await.expect(202).json()["result"], "kept");
    let api = format!("/api/v1{path}");
    let letters = stack.api.json(&format!("{api}/letters")).await;
    let letter = text(&letters["data"][0]["id"]);
    stack.api.post(&format!("{api}/letters/{letter}/process"), json!({})).await.expect(409);
    let mut set = stack.api.json(&api).await;
    set["mapping"]["places"]["text"] = json!("/data/text | /data/tresc");
    stack.api.put(&api, set).await.expect(204);
    stack.api.post(&format!("{api}/letters/{letter}/process"), json!({})).await.expect(200);
    assert_eq!(stack.tickets().await.len(), 2);
    assert_eq!(send(&stack, &path, "e4", now(), &odd, &odd).await.expect(200).json()["result"], "repeated");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shop_of_the_stand_ins_is_heard_whatever_comes_twice_or_at_once() {
    let options = Options { connected: false, ..Options::default() };
    let Some(stack) = Stack::start("webhooks", options).await else { return };
    let path = source(&stack, "Sklep Pod Lipą", "woo_commerce", "sekret sklepu").await;
    let shop = stack.sandbox.shop();
    let address = format!("{}{path}", stack.hub.base());
    shop.connect(Target { address: address.clone(), secret: "zły sekret".into() });
    let first = shop.question("Anna Nowak", "q-1", "Czy kubek można myć w zmywarce?");
    eventually("an attempt with the wrong secret", Duration::from_secs(20), async || {
        match shop.delivery(&first).map(|d| d.attempts) {
            Some(attempts) if attempts.first().is_some_and(|a| a == "401") => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
    .await;
    // The shop tries again with the right one.
    shop.connect(Target { address, secret: "sekret sklepu".into() });
    let taken = async |id: &str| {
        eventually("a delivery is taken", Duration::from_secs(40), async || {
            let delivery = shop.delivery(id).unwrap();
            if delivery.taken { Ok(()) } else { Err(format!("{:?}", delivery.attempts)) }
        })
        .await;
    };
    taken(&first).await;
    for _ in 0..4 {
        shop.again(&first);
    }
    let order = shop.order("Anna Nowak", "Proszę o fakturę");
    taken(&order).await;
    let review = shop.review("Anna Nowak", 5, "Ładny kubek");
    taken(&review).await;
    eventually("the repetitions", Duration::from_secs(20), async || {
        let attempts = shop.delivery(&first).unwrap().attempts;
        let good = attempts.iter().filter(|a| *a == "200").count();
        if good == 5 { Ok(()) } else { Err(format!("{attempts:?}")) }
    })
    .await;
    let tickets = stack.tickets().await;
    assert_eq!(tickets.len(), 1);
    let ticket = stack.ticket(tickets[0]["id"].as_str().unwrap()).await;
    assert_eq!(entries(&ticket, "message").len(), 1);
    let row = stack.api.json(&format!("/api/v1{path}")).await;
    assert_eq!((&row["taken"], &row["letters"]), (&json!(3), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wants_to_is_told_of_tickets_and_replies_once_signed() {
    let Some(stack) = Stack::start("webhooks", Options::default()).await else { return };
    let shop = stack.sandbox.shop();
    let inbox = format!("{}/shop/inbox", stack.sandbox.base());
    let new = json!({"address": inbox, "events": ["ticket.created", "ticket.replied"]});
    let made = stack.api.post("/api/v1/webhooks/endpoints", new).await.expect(201).json();
    let endpoint = format!("/api/v1/webhooks/endpoints/{}", text(&made["id"]));
    let secret = text(&made["secret"]);

    shop.answer_with(Some(500));
    let written = stack.customer_writes("Pytanie", "Gdzie jest paczka?");
    stack.poll().await;
    let heard = async |count: usize| {
        eventually("the hub's message", Duration::from_secs(40), async || {
            stack.tick().await;
            let heard = shop.heard();
            if heard.len() >= count { Ok(heard) } else { Err(format!("{} messages", heard.len())) }
        })
        .await
    };
    let first = heard(1).await.pop().unwrap();
    shop.answer_with(None);
    let again = heard(2).await.remove(0);
    assert_eq!((&again.id, &again.body), (&first.id, &first.body), "the same at every attempt");
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("webhook-id", &again.id),
        ("webhook-timestamp", &again.timestamp),
        ("webhook-signature", &again.signature),
    ] {
        headers.insert(HeaderName::from_static(name), value.parse().unwrap());
    }
    let key = Secret::parse(Scheme::Standard, &secret).unwrap();
    let at = Timestamp(now() * 1000);
    assert!(signature::verify(Scheme::Standard, &[key], &headers, again.body.as_bytes(), at).is_ok());
    let body: Value = serde_json::from_str(&again.body).unwrap();
    assert_eq!(body["type"], "ticket.created");

    let ticket = text(&stack.ticket_of(&written.thread_id).await["id"]);
    stack.reply(&ticket, "Jutro u Pani.", "k1").await.expect(201);
    stack.until_sent("Jutro u Pani.", 1).await;
    let replied: Value = serde_json::from_str(&heard(3).await[0].body).unwrap();
    assert_eq!(
        (&replied["type"], &replied["data"]["reply"]["text"]),
        (&json!("ticket.replied"), &json!("Jutro u Pani."))
    );

    // 410 ends it, and the log says how it went.
    shop.answer_with(Some(410));
    stack.api.post(&format!("{endpoint}/test"), json!({})).await.expect(201);
    heard(4).await;
    eventually("the endpoint is off", Duration::from_secs(10), async || {
        let state = stack.api.json(&endpoint).await;
        if state["active"] == false { Ok(()) } else { Err(state.to_string()) }
    })
    .await;
    let attempts = stack.api.json(&format!("{endpoint}/attempts")).await;
    let answers: Vec<&str> =
        attempts["data"].as_array().unwrap().iter().map(|a| a["answer"].as_str().unwrap()).collect();
    assert_eq!(answers, ["410", "204", "204", "500"]);
    // An address inside a private network is refused where the installation does not allow it.
    let near = json!({"address": "ftp://10.0.0.1/x", "events": ["ticket.created"]});
    assert_eq!(
        stack.api.post("/api/v1/webhooks/endpoints", near).await.expect(422).json()["field"],
        "address"
    );
}
