//! Several conversations in one ticket: which of them is answered, with whose values, and where its replies are read.

use super::Hub;
use futures::executor::block_on;
use mostek_helpdesk::desk;
use mostek_ports::Clock;
use mostek_store::Actor;
use serde_json::{Value, json};
use std::time::Duration;

fn id_of(hub: &Hub, number: u64) -> String {
    hub.api_get(&format!("/api/v1/tickets/{number}")).json()["id"].as_str().unwrap().to_owned()
}

fn writes(hub: &Hub, thread: &str, text: &str) {
    hub.world.clock.advance(Duration::from_secs(60));
    {
        let mut remote = hub.remote.borrow_mut();
        remote.now = hub.world.clock.now().0;
        remote.writes(thread, "CUSTOMER_USER", text);
    }
    hub.world.clock.advance(Duration::from_secs(5));
    hub.poll();
}

/// A hub in which the second ticket was merged into the first, and both.
fn merged() -> (Hub, String, String) {
    let (hub, one) = Hub::with_ticket("Pierwsza");
    writes(&hub, "t2", "Druga");
    let two = id_of(&hub, 2);
    assert_eq!(hub.api("POST", "/api/v1/tickets/2/merge", &json!({"into": "1"})).status, 204);
    (hub, one, two)
}

fn replies(hub: &Hub, ticket: &str) -> Vec<Value> {
    let all = hub.api_get(&format!("/api/v1/tickets/{ticket}")).json()["messages"].clone();
    all.as_array().unwrap().iter().filter(|m| m["kind"] == "reply").cloned().collect()
}

fn template(hub: &Hub, text: &str) -> String {
    let made = hub.api("POST", "/api/v1/desk/templates", &json!({"name": "Szablon", "text": text}));
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["id"].as_str().unwrap().to_owned()
}

fn made_macro(hub: &Hub, template: &str) -> String {
    let typed = json!({"name": "Odpowiedz i zamknij", "steps": [
        {"do": "status", "status": "closed"},
        {"do": "reply", "template": template},
    ]});
    hub.api("POST", "/api/v1/desk/macros", &typed).json()["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_program_answers_whoever_waits_or_the_conversation_it_names_and_reads_the_reply_back() {
    let (hub, one, two) = merged();
    let path = format!("/api/v1/tickets/{one}/replies");
    let sent = hub.api("POST", &path, &json!({"text": "Do drugiej", "key": "a"}));
    assert_eq!(sent.status, 201, "{}", sent.text());
    assert_eq!(replies(&hub, &one)[0]["ticket"], json!(two));
    let read = hub.api_get(sent.location());
    assert_eq!((read.status, &read.json()["id"]), (200, &sent.json()["id"]));
    hub.world.clock.advance(Duration::from_secs(1));
    let named = json!({"text": "Do pierwszej", "key": "b", "conversation": one});
    let sent = hub.api("POST", &path, &named);
    assert_eq!((sent.status, hub.api_get(sent.location()).status), (201, 200), "{}", sent.text());
    assert_eq!(replies(&hub, &one)[1]["ticket"], json!(null));
    writes(&hub, "t3", "Obca");
    let strange = json!({"text": "Do obcej", "key": "c", "conversation": id_of(&hub, 3)});
    let refused = hub.api("POST", &path, &strange);
    assert_eq!((refused.status, refused.json()["field"].as_str()), (422, Some("conversation")));
}

#[test]
fn a_reply_in_a_ticket_that_follows_is_read_where_its_location_says() {
    let (hub, first) = Hub::with_ticket("Gdzie paczka?");
    assert_eq!(
        hub.api("POST", &format!("/api/v1/tickets/{first}/status"), &json!({"status": "closed"})).status,
        204
    );
    hub.world.clock.advance(Duration::from_secs(9 * 86_400));
    // The session of nine days ago is over.
    let hub = hub.signed_in(mostek_people::testing::ADMINISTRATOR, hub.company);
    writes(&hub, "t1", "Przyszła uszkodzona.");
    let next = id_of(&hub, 2);
    assert_ne!(first, next);
    let sent =
        hub.api("POST", &format!("/api/v1/tickets/{next}/replies"), &json!({"text": "Już", "key": "a"}));
    assert_eq!(sent.status, 201, "{}", sent.text());
    assert!(sent.location().starts_with(&format!("/api/v1/tickets/{next}/")), "{}", sent.location());
    let read = hub.api_get(sent.location());
    assert_eq!((read.status, read.json()["state"].as_str()), (200, Some("waiting")), "{}", read.text());
}

#[test]
fn a_template_has_the_values_of_the_conversation_that_is_answered() {
    let (hub, one, _) = merged();
    let template = template(&hub, "Zamówienie {order}.");
    let insert = [("text", ""), ("do", "template"), ("template", template.as_str())];
    let page = hub.compose(&one, &insert, &[]).text();
    assert!(page.contains("Zamówienie t2-A.</textarea>"), "{page}");
    let chosen = [insert[0], insert[1], insert[2], ("conversation", one.as_str())];
    let page = hub.compose(&one, &chosen, &[]).text();
    assert!(page.contains("Zamówienie t1-A.</textarea>"), "{page}");
    assert!(page.contains(&format!("<option value=\"{one}\" selected>")), "{page}");
}

#[test]
fn a_form_answers_what_its_page_showed_whatever_is_merged_meanwhile() {
    let (hub, one) = Hub::with_ticket("Pierwsza");
    let page = hub.get("/tickets/1").text();
    let shown = page.split("name=\"conversation\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(shown, one);
    writes(&hub, "t2", "Druga");
    assert_eq!(hub.api("POST", "/api/v1/tickets/2/merge", &json!({"into": "1"})).status, 204);
    let sent = hub.compose(&one, &[("text", "Do pierwszej"), ("conversation", shown)], &[]);
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert_eq!(replies(&hub, &one)[0]["ticket"], json!(null));
    // What is not worked on here any more is said, and the text is kept.
    let two = id_of(&hub, 2);
    assert_eq!(hub.api("POST", "/api/v1/tickets/2/part", &json!({})).status, 204);
    let late = hub.compose(&one, &[("text", "Do drugiej"), ("conversation", &two), ("key", "k2")], &[]);
    assert!(late.status == 422 && late.text().contains("Do drugiej</textarea>"), "{}", late.text());
}

#[test]
fn a_macro_answers_whoever_waits_with_that_conversations_values() {
    let (hub, one, two) = merged();
    let id = made_macro(&hub, &template(&hub, "Zamówienie {order} jest w drodze."));
    let run = json!({"macro": id, "key": "m1"});
    let ran = hub.api("POST", &format!("/api/v1/tickets/{one}/macro"), &run);
    assert_eq!(ran.status, 200, "{}", ran.text());
    let all = replies(&hub, &one);
    assert_eq!((&all[0]["ticket"], &all[0]["text"]), (&json!(two), &json!("Zamówienie t2-A jest w drodze.")));
}

#[test]
fn a_macro_that_would_tell_the_customer_a_name_in_braces_or_a_gap_does_nothing() {
    let hub = Hub::connected(false);
    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Dzień dobry");
    hub.remote.borrow_mut().threads[0].order = None;
    hub.poll();
    let without_order = made_macro(&hub, &template(&hub, "Zamówienie {order} jest w drodze."));
    // From before such names were refused.
    let old = mostek_domain::TemplateId::from_random([7; 16]);
    let name = mostek_domain::Label::parse("Stary").unwrap();
    let fact = desk::Fact::Template { id: old, name, text: "Witaj, {klient}!".into(), archived: false };
    block_on(desk::put_fact(&hub.world, hub.company, Actor::System("test".into()), fact)).unwrap();
    let with_name = made_macro(&hub, &old.to_string());
    for (id, why) in [(without_order, "nie ma wartości dla: order"), (with_name, "nie są zmiennymi (klient)")]
    {
        let run = json!({"macro": id, "key": "m1"});
        let refused = hub.api("POST", "/api/v1/tickets/1/macro", &run);
        assert!(refused.status == 409 && refused.text().contains(why), "{}", refused.text());
        let ticket = hub.api_get("/api/v1/tickets/1").json();
        assert_eq!(ticket["status"], "new", "it was not closed either");
        assert!(replies(&hub, "1").is_empty());
    }
}
