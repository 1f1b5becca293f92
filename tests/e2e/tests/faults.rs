//! A marketplace that fails: what the hub does about each way of failing, against the real components.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::collections::BTreeSet;
use std::time::Duration;

use mostek_e2e::stack::{KEY, entries, text};
use mostek_e2e::{Options, Stack, eventually};
use mostek_sandbox::mirakl::faults::{Effect, ErrorShape, Fault, Operation};
use serde_json::{Value, json};

fn status(status: u16) -> Effect {
    Effect::Status { status, retry_after: None, shape: ErrorShape::Message }
}

/// Ticks until the only reply of the ticket is in this state.
async fn until_reply_is(stack: &Stack, ticket: &str, wanted: &str) -> Value {
    eventually(&format!("a reply that is {wanted}"), Duration::from_secs(60), async || {
        stack.tick().await;
        let ticket = stack.ticket(ticket).await;
        let reply = entries(&ticket, "reply")[0]["reply"].clone();
        if reply["state"] == wanted { Ok(reply) } else { Err(reply.to_string()) }
    })
    .await
}

async fn with_ticket(test: &str) -> Option<(Stack, String)> {
    let stack = Stack::start(test, Options::default()).await?;
    stack.customer_writes("Pytanie", "Czy wysyłacie do Czech?");
    stack.poll().await;
    let id = text(&stack.tickets().await[0]["id"]);
    Some((stack, id))
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_the_server_delay_polling_and_lose_nothing() {
    let Some(stack) = Stack::start("500", Options::default()).await else { return };
    stack.customer_writes("Pytanie", "Halo?");
    for (code, shape) in [(500, ErrorShape::Html), (502, ErrorShape::Empty), (503, ErrorShape::Errors)] {
        stack.mirakl().fail(Fault::next(
            Operation::M11,
            1,
            Effect::Status { status: code, retry_after: None, shape },
        ));
        let report = stack.poll().await;
        assert!(report["error"].is_string(), "{report}");
    }
    stack.mirakl().fail(Fault::next(Operation::M11, 1, Effect::NotJson));
    assert!(stack.poll().await["error"].is_string());
    stack.mirakl().fail(Fault::next(Operation::M11, 1, Effect::Drop));
    assert!(stack.poll().await["error"].is_string());

    let state = stack.connection_state().await;
    assert_eq!(state["state"], "running");
    assert!(state["last_error"]["why"].is_string(), "{state}");
    // The timer waits before it asks again.
    let before = stack.mirakl().calls(Operation::M11);
    stack.tick().await;
    assert_eq!(stack.mirakl().calls(Operation::M11), before);

    assert_eq!(stack.poll().await["messages"], 1);
    assert_eq!(stack.tickets().await.len(), 1);
    assert!(stack.connection_state().await["last_success"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marketplace_that_asks_to_wait_is_waited_for_and_the_page_says_so() {
    let Some(stack) = Stack::start("429", Options::default()).await else { return };
    stack.customer_writes("Pytanie", "Halo?");
    let wait = Effect::Status { status: 429, retry_after: Some(300), shape: ErrorShape::Message };
    stack.mirakl().fail(Fault::next(Operation::M11, 1, wait));
    stack.tick().await;
    let state = stack.connection_state().await;
    assert_eq!(state["state"], "throttled", "{state}");
    assert!(state["throttled_until"].is_string(), "{state}");
    assert!(state["due"].as_str() >= state["throttled_until"].as_str(), "{state}");
    let before = stack.mirakl().calls(Operation::Any);
    stack.tick().await;
    assert_eq!(stack.mirakl().calls(Operation::Any), before, "nothing is asked while waiting");
    assert_eq!(stack.poll().await["messages"], 1);
    assert_eq!(stack.connection_state().await["state"], "running");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_was_accepted_without_an_answer_is_found_and_not_sent_again() {
    let ways = [
        Effect::TimeoutAfter { hold_ms: 300, then_drop: true },
        Effect::StatusAfter { status: 500 },
        Effect::NotJson,
    ];
    let Some((stack, id)) = with_ticket("lost answer").await else { return };
    for (n, way) in ways.into_iter().enumerate() {
        stack.mirakl().fail(Fault::next(Operation::M12, 1, way.clone()));
        let words = format!("Tak, wysyłamy ({n}).");
        stack.reply(&id, &words, &format!("k{n}")).await.expect(201);
        eventually(
            &format!("the reply is known to be there after {way:?}"),
            Duration::from_secs(60),
            async || {
                stack.tick().await;
                let ticket = stack.ticket(&id).await;
                let reply = entries(&ticket, "reply")[n]["reply"].clone();
                if reply["state"] == "sent" { Ok(()) } else { Err(reply.to_string()) }
            },
        )
        .await;
        assert_eq!(stack.times_sent(&words), 1, "{way:?}");
    }
    // Polling afterwards does not show it a second time.
    stack.poll().await;
    let ticket = stack.ticket(&id).await;
    assert_eq!((entries(&ticket, "reply").len(), entries(&ticket, "message").len()), (3, 1), "{ticket}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_seen_by_a_poll_before_its_answer_is_still_one() {
    let Some((stack, id)) = with_ticket("poll first").await else { return };
    stack.mirakl().fail(Fault::next(
        Operation::M12,
        1,
        Effect::TimeoutAfter { hold_ms: 100, then_drop: true },
    ));
    stack.reply(&id, "Tak, do Czech też.", "k").await.expect(201);
    stack.poll().await;
    until_reply_is(&stack, &id, "sent").await;
    stack.poll().await;
    assert_eq!(stack.times_sent("Tak, do Czech też."), 1);
    let ticket = stack.ticket(&id).await;
    assert_eq!((entries(&ticket, "reply").len(), entries(&ticket, "message").len()), (1, 1), "{ticket}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_was_not_accepted_is_sent_again() {
    for way in [
        Effect::Drop,
        Effect::TimeoutBefore { hold_ms: 200 },
        status(500),
        Effect::Status { status: 429, retry_after: Some(1), shape: ErrorShape::Message },
    ] {
        let Some((stack, id)) = with_ticket("not accepted").await else { return };
        stack.mirakl().fail(Fault::next(Operation::M12, 1, way.clone()));
        stack.reply(&id, "Tak, wysyłamy.", "k").await.expect(201);
        assert_eq!(stack.times_sent("Tak, wysyłamy."), 0, "{way:?}");
        until_reply_is(&stack, &id, "sent").await;
        assert_eq!(stack.times_sent("Tak, wysyłamy."), 1, "{way:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_becomes_visible_late_is_sent_once() {
    let Some((stack, id)) = with_ticket("late").await else { return };
    // Accepted, the answer lost, and readable a second later: sooner than the hub looks for it.
    stack.mirakl().fail(Fault::next(Operation::M12, 1, Effect::Late { delay_ms: 1_000 }));
    stack.mirakl().fail(Fault::next(Operation::M12, 1, Effect::TimeoutAfter { hold_ms: 0, then_drop: true }));
    stack.reply(&id, "Tak, wysyłamy.", "k").await.expect(201);
    until_reply_is(&stack, &id, "sent").await;
    assert_eq!(stack.times_sent("Tak, wysyłamy."), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_reply_is_shown_with_the_reason_and_a_person_decides() {
    let Some((stack, id)) = with_ticket("refused").await else { return };
    stack.mirakl().fail(Fault::next(Operation::M12, 1, status(400)));
    stack.reply(&id, "Tak, wysyłamy.", "k").await.expect(201);
    let reply = until_reply_is(&stack, &id, "failed").await;
    assert_eq!(reply["needs_decision"], true);
    assert!(reply["why"].is_string(), "{reply}");
    assert_eq!(stack.api.json("/api/v1/tickets?needs_decision=1").await["data"][0]["id"], id.as_str());
    let path = format!("/api/v1/tickets/{id}/replies/{}/decision", text(&reply["id"]));
    stack.api.post(&path, json!({"decision": "send"})).await.expect(204);
    until_reply_is(&stack, &id, "sent").await;
    assert_eq!(stack.times_sent("Tak, wysyłamy."), 1);
    assert_eq!(stack.api.json("/api/v1/tickets?needs_decision=1").await["data"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_repeat_or_move_give_every_conversation_once() {
    for way in [Effect::RepeatPages, Effect::ListChanges, Effect::Reversed] {
        let Some(stack) = Stack::start("pages", Options::default()).await else { return };
        let now =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
        stack.mirakl().with(|inner| inner.world.generate(now, 2000, 230, 1, true)).unwrap();
        stack.mirakl().fail(Fault::next(Operation::M11, 1, way.clone()));
        for _ in 0..5 {
            let report = stack.poll().await;
            assert!(report["error"].is_null(), "{way:?}: {report}");
            if report["messages"] == 0 && report["unfinished"] == false {
                break;
            }
        }
        let tickets = stack.tickets().await;
        let numbers: BTreeSet<String> = tickets.iter().map(|t| t["number"].to_string()).collect();
        assert_eq!((tickets.len(), numbers.len()), (230, 230), "{way:?}");
        let messages: u64 = stack.mirakl().state()["threads"]
            .as_array()
            .unwrap()
            .iter()
            .map(|t| t["messages_count"].as_u64().unwrap())
            .sum();
        assert_eq!(stack.connection_state().await["taken"], messages, "{way:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unknown_or_null_is_taken_as_far_as_it_goes() {
    for way in [Effect::Unknown { senders: true }, Effect::Unknown { senders: false }, Effect::NullOptionals]
    {
        let options = Options { demo_days: Some(7), ..Options::default() };
        let Some(stack) = Stack::start("unknown", options).await else { return };
        for operation in [Operation::M11, Operation::M10, Operation::OR11] {
            stack.mirakl().fail(Fault::next(operation, 100, way.clone()));
        }
        // Conversations that the list gives without messages are asked for one by one, twenty with each poll.
        let mut report = stack.poll().await;
        for _ in 0..3 {
            if !report["error"].is_null() {
                report = stack.poll().await;
            }
        }
        assert!(report["error"].is_null(), "{way:?}: {report}");
        let tickets = stack.tickets().await;
        assert_eq!(tickets.len(), 40, "{way:?}: {report}");
        let state = stack.mirakl().state();
        let there: u64 =
            state["threads"].as_array().unwrap().iter().map(|t| t["messages_count"].as_u64().unwrap()).sum();
        assert_eq!(stack.connection_state().await["taken"], there, "{way:?}: every message");
        for row in tickets.iter().take(8) {
            let ticket = stack.ticket(&text(&row["id"])).await;
            assert!(!entries(&ticket, "message").is_empty(), "{way:?}: {ticket}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_of_1001_messages_is_whole_and_in_order() {
    let Some(stack) = Stack::start("long", Options::default()).await else { return };
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    let written = stack.mirakl().with(|inner| inner.world.generate_long_thread(now, 2000, 1_001)).unwrap();
    for _ in 0..3 {
        stack.poll().await;
    }
    let id = text(&stack.tickets().await[0]["id"]);
    let mut ids: Vec<String> = Vec::new();
    let mut query = String::new();
    let mut pages = 0;
    loop {
        let page = stack.api.json(&format!("/api/v1/tickets/{id}{query}")).await;
        let mut these: Vec<String> =
            entries(&page, "message").iter().map(|m| text(&m["remote_id"])).collect();
        these.append(&mut ids);
        ids = these;
        pages += 1;
        assert!(pages < 200, "the pages do not end");
        match &page["older"]["before"] {
            Value::Null => break,
            before => query = format!("?before={}", before.to_string().trim_matches('"')),
        }
    }
    let there: Vec<String> = written.iter().map(|w| w.message_id.clone()).collect();
    assert!(pages > 1, "a thousand messages are not one page");
    assert_eq!(ids, there);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_refused_while_polling_stops_the_connection_until_there_is_another() {
    let Some(stack) = Stack::start("401", Options::default()).await else { return };
    stack.customer_writes("Pytanie", "Halo?");
    stack.mirakl().fail(Fault::next(Operation::M11, 1, status(401)));
    stack.tick().await;
    let state = stack.connection_state().await;
    assert_eq!(state["state"], "needs-authentication", "{state}");
    assert!(state["refused"].is_string(), "{state}");
    let before = stack.mirakl().calls(Operation::Any);
    stack.tick().await;
    assert_eq!(stack.mirakl().calls(Operation::Any), before);
    stack.api.post(&format!("/api/v1/marketplaces/{}/poll", stack.connection), json!({})).await.expect(409);

    let tried = stack.authenticate(KEY, Some(2000), None).await.expect(200).json();
    assert_eq!(tried["id"], stack.connection.as_str(), "{tried}");
    assert_eq!(stack.connection_state().await["state"], "running");
    assert_eq!(stack.poll().await["messages"], 1, "polling goes on where it stopped");
}
