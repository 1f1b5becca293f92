//! The shop that sends webhooks: connected both ways, with an order, questions and a review, and with one event that the hub
//! does not understand.

use std::time::Duration;

use serde_json::{Value, json};

use super::data;
use super::hub::{Failed, Hub};
use crate::clock;

/// How often, and how long each time, it is looked whether the hub has taken the events.
const LOOKS: (u32, Duration) = (60, Duration::from_millis(250));

/// Two customers of the shop: id, name, address.
const ZOFIA: (u64, &str, &str) = (20_417, "Zofia Maj", "zofia.maj@poczta.example");
const PIOTR: (u64, &str, &str) = (20_533, "Piotr Sowa", "p.sowa@poczta.example");

/// Connects it. What is answered to its customers goes to the shop's own address.
pub(super) async fn connect(
    hub: &Hub,
    sandbox: &Hub,
    (hub_base, sandbox_base): (&str, &str),
    queue: &str,
) -> Result<(), Failed> {
    let inbox = format!("{}/shop/inbox", sandbox_base.trim_end_matches('/'));
    let endpoint = json!({"address": inbox, "events": ["ticket.created", "ticket.replied"]});
    let endpoint = hub.post("/api/v1/webhooks/endpoints", endpoint).await?.text("/id")?;
    let field = hub.post("/api/v1/desk/fields", json!({"name": data::SHOP_FIELD})).await?.text("/id")?;
    let source = json!({
        "name": data::SHOP_NAME,
        "scheme": "woo_commerce",
        "secret": data::SHOP_SECRET,
        "queue": queue,
        "field": field,
        "add_customers": true,
        "answers": endpoint,
    });
    let path = hub.post("/api/v1/webhooks", source).await?.text("/path")?;
    let address = format!("{}{path}", hub_base.trim_end_matches('/'));
    let target = json!({"address": address, "secret": data::SHOP_SECRET});
    sandbox.post("/shop/control/target", target).await.map(drop)
}

/// Lets its customers do something, and waits until the hub knows of it.
pub(super) async fn happen(hub: &Hub, sandbox: &Hub) -> Result<(), Failed> {
    let events = [
        ("order.created", order(ZOFIA, 3_104, "129.00")),
        ("question.asked", question(ZOFIA, "p-1", "Czy kubek z lipą można myć w zmywarce?")),
        ("order.created", order(PIOTR, 3_105, "58.90")),
        ("question.asked", question(PIOTR, "p-2", "Kupiłem dwa razy to samo, proszę anulować jedno.")),
        ("review.created", review(ZOFIA, 5, "Kubek piękny, kurier szybki.")),
        ("question.asked", question(ZOFIA, "p-3", "Czy zapakują Państwo zamówienie 3104 na prezent?")),
        // Without its text nobody can tell what it is.
        (
            "question.asked",
            json!({"conversation_id": "p-4", "customer": customer(PIOTR), "topic": "faktura"}),
        ),
    ];
    // One after another: what comes later is later in the list and in the time line.
    let mut caused = 0;
    for (topic, body) in events {
        sandbox.post("/shop/control/events", json!({"topic": topic, "body": body})).await?;
        caused += 1;
        until_taken(sandbox, caused).await?;
    }
    // One of the questions is answered.
    let tickets = hub.get("/api/v1/tickets?limit=20").await?;
    let asked = tickets.rows().iter().find(|t| t.pointer("/customer/name") == Some(&ZOFIA.1.into()));
    let Some(ticket) = asked.and_then(|t| t.get("id")).and_then(Value::as_str) else { return Ok(()) };
    let reply = json!({"text": data::SHOP_REPLY, "key": "demonstration-shop"});
    hub.post(&format!("/api/v1/tickets/{ticket}/replies"), reply).await.map(drop)
}

async fn until_taken(sandbox: &Hub, wanted: usize) -> Result<(), Failed> {
    let mut last = Value::Null;
    for _ in 0..LOOKS.0 {
        last = sandbox.get("/shop/control/state").await?.body().clone();
        let deliveries = last.get("deliveries").and_then(Value::as_array);
        let taken = |d: &&Value| d.get("taken") == Some(&Value::Bool(true));
        if deliveries.is_some_and(|all| all.iter().filter(taken).count() >= wanted) {
            return Ok(());
        }
        tokio::time::sleep(LOOKS.1).await;
    }
    Err(Failed::Shop(last.to_string()))
}

fn now() -> String {
    clock::iso(clock::now_ms()).trim_end_matches('Z').to_owned()
}

fn customer((id, name, email): (u64, &str, &str)) -> Value {
    json!({"id": id, "name": name, "email": email})
}

fn order((id, name, email): (u64, &str, &str), number: u64, total: &str) -> Value {
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    json!({
        "id": number, "number": number.to_string(), "status": "processing", "currency": "PLN", "total": total,
        "customer_id": id, "billing": {"first_name": first, "last_name": last, "email": email},
        "date_created_gmt": now(), "date_modified_gmt": now(),
        "line_items": [{"name": "Kubek z lipą", "quantity": 1, "total": total}],
    })
}

fn question(who: (u64, &str, &str), conversation: &str, text: &str) -> Value {
    json!({
        "conversation_id": conversation, "message": text, "subject": "Pytanie o zamówienie",
        "customer": customer(who), "date_created_gmt": now(),
    })
}

fn review((id, name, email): (u64, &str, &str), rating: u8, text: &str) -> Value {
    json!({
        "product_name": "Kubek z lipą", "rating": rating, "review": format!("<p>{text}</p>"),
        "customer_id": id, "reviewer": name, "reviewer_email": email, "date_created_gmt": now(),
    })
}
