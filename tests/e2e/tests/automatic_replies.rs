//! Automatic replies over real HTTP: one reaches the marketplace, and none after a person has answered.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::time::Duration;

use mostek_e2e::stack::{entries, text};
use mostek_e2e::{Options, Stack, eventually};
use mostek_sandbox::mirakl::model::Role;
use serde_json::json;

const CLOSED: &str = "Biuro jest teraz zamknięte. Odpiszemy w najbliższym dniu roboczym.";

/// A desk that is never open, and what it says then.
async fn closed(stack: &Stack, delay_seconds: u32) {
    let never = json!({"week": ["", "", "", "", "", "", ""], "polish_holidays": true, "exceptions": []});
    stack.api.put("/api/v1/desk/hours", never).await.expect(204);
    let rule = json!({
        "connection": stack.connection,
        "queue": stack.desk.0,
        "occasion": "outside",
        "text": CLOSED,
        "delay_seconds": delay_seconds,
        "on": true,
    });
    stack.api.put("/api/v1/desk/automatic-replies", rule).await.expect(204);
}

/// Ticks until something is so.
async fn ticking(stack: &Stack, what: &str, so: impl Fn() -> bool) {
    eventually(what, Duration::from_secs(30), async || {
        stack.tick().await;
        if so() { Ok(()) } else { Err("not yet".to_owned()) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_outside_hours_is_answered_once() {
    let Some(stack) = Stack::start("automatic reply", Options::default()).await else { return };
    closed(&stack, 0).await;
    let written = stack.customer_writes("Paczka", "Gdzie jest moja paczka?");
    stack.poll().await;
    ticking(&stack, "the automatic reply at the marketplace", || stack.times_sent(CLOSED) == 1).await;
    // It comes back with the poll and is ours; the customer still waits for a person.
    stack.poll().await;
    let ticket = stack.ticket_of(&written.thread_id).await;
    assert_eq!((&ticket["status"], entries(&ticket, "message").len()), (&json!("new"), 1), "{ticket}");
    assert_ne!(ticket["waiting_since"], json!(null));
    let reply = entries(&ticket, "reply")[0].clone();
    assert_eq!((&reply["reply"]["state"], &reply["reply"]["automatic"]), (&json!("sent"), &json!("outside")));
    // Another message within twelve hours gets none.
    stack.writes(Role::Customer, &written.thread_id, "Halo?");
    stack.poll().await;
    for _ in 0..3 {
        stack.tick().await;
    }
    assert_eq!(stack.times_sent(CLOSED), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn none_is_sent_after_a_person_has_answered() {
    let Some(stack) = Stack::start("automatic reply and a person", Options::default()).await else { return };
    closed(&stack, 3).await;
    let written = stack.customer_writes("Faktura", "Proszę o fakturę.");
    stack.poll().await;
    stack.tick().await;
    let ticket = stack.ticket_of(&written.thread_id).await;
    let reply = entries(&ticket, "reply")[0].clone();
    assert_eq!(
        (&reply["reply"]["automatic"], &reply["reply"]["state"]),
        (&json!("outside"), &json!("waiting"))
    );
    stack.reply(&text(&ticket["id"]), "Faktura jest w załączniku.", "k").await.expect(201);
    ticking(&stack, "the person's answer", || stack.times_sent("Faktura jest w załączniku.") == 1).await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    for _ in 0..2 {
        stack.tick().await;
    }
    assert_eq!(stack.times_sent(CLOSED), 0);
    let ticket = stack.ticket_of(&written.thread_id).await;
    assert_eq!(entries(&ticket, "reply")[0]["reply"]["state"], "dropped", "{ticket}");
}
