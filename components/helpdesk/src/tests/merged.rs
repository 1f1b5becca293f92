//! Several conversations in one ticket: which of them is answered, and where its replies are read.

use super::Hub;
use mostek_ports::Clock;
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
    writes(&hub, "t1", "Przyszła uszkodzona.");
    let next = id_of(&hub, 2);
    assert_ne!(first, next);
    let sent =
        hub.api("POST", &format!("/api/v1/tickets/{next}/replies"), &json!({"text": "Już", "key": "a"}));
    assert!(sent.location().starts_with(&format!("/api/v1/tickets/{next}/")), "{}", sent.location());
    let read = hub.api_get(sent.location());
    assert_eq!((read.status, read.json()["state"].as_str()), (200, Some("waiting")), "{}", read.text());
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
