//! The hub, and the Redis it keeps everything in if it does, is killed at random moments while messages come in and replies
//! go out. At the end every message is in its ticket once, and every reply is at the marketplace once or shown as uncertain, never twice.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use mostek_e2e::hub::TICK_SECRET;
use mostek_e2e::random::{self, Random};
use mostek_e2e::stack::{SHOP, entries};
use mostek_e2e::{Client, Options, Stack};
use mostek_sandbox::mirakl::Sandbox;
use mostek_sandbox::mirakl::faults::{Effect, Fault, Operation};
use mostek_sandbox::mirakl::model::{Role, Topic, Via};
use mostek_sandbox::mirakl::world::{Draft, Target};
use reqwest::Method;
use serde_json::{Value, json};

const KILLS: usize = 20;
const THREADS: usize = 50;
const MESSAGES: usize = 500;
const REPLIES: usize = 100;
/// For everything that was interrupted to be found out.
const SETTLE: Duration = Duration::from_secs(180);

struct Shared {
    base: String,
    api: Client,
    connection: String,
    mirakl: Arc<Sandbox>,
    stop: AtomicBool,
    fed: AtomicUsize,
    replied: AtomicUsize,
}

impl Shared {
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// Polls as "poll now" does; whatever comes of it.
    async fn poll(&self) -> Option<Value> {
        let request =
            self.api.request(Method::POST, &format!("/api/v1/marketplaces/{}/poll", self.connection));
        let answer = self.api.try_send(request.json(&json!({}))).await.ok()?;
        (answer.status == 201).then(|| answer.json())
    }

    async fn tick(&self) -> Option<Value> {
        let nobody = Client::new(&self.base);
        let answer = nobody
            .try_send(nobody.request(Method::POST, "/timers/tick").bearer_auth(TICK_SECRET))
            .await
            .ok()?;
        (answer.status == 200).then(|| answer.json())
    }
}

/// Writes the customers' messages, slowly enough to last while the hub is killed.
async fn feed(shared: Arc<Shared>, mut random: Random) {
    let mut threads = Vec::new();
    for n in 0..MESSAGES {
        let target = if n < THREADS {
            Target::NewOrder { shop_id: SHOP, topic: Topic::free(format!("Sprawa {n}")) }
        } else {
            let any = random.between(0, THREADS as u64) as usize;
            Target::Thread(String::clone(&threads[any]))
        };
        let draft = Draft::new(target, Role::Customer, format!("Wiadomość {n}."), Via::Panel);
        let written = shared.mirakl.write(draft).unwrap();
        if n < THREADS {
            threads.push(written.thread_id);
        }
        shared.fed.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(random.between(10, 130))).await;
    }
}

/// Replies to tickets; each until the hub has said that it has it.
async fn reply(shared: Arc<Shared>, mut random: Random) {
    for n in 0..REPLIES {
        let ticket = loop {
            let list = shared.api.try_send(shared.api.request(Method::GET, "/api/v1/tickets?limit=50")).await;
            let rows =
                list.map(|a| a.json()["data"].as_array().cloned().unwrap_or_default()).unwrap_or_default();
            if let Some(row) = rows.get(random.between(0, rows.len() as u64) as usize) {
                break row["id"].as_str().unwrap().to_owned();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        loop {
            let body = json!({"text": format!("Odpowiedź ({n}) na pytanie."), "key": format!("key-{n}")});
            let request =
                shared.api.request(Method::POST, &format!("/api/v1/tickets/{ticket}/replies")).json(&body);
            match shared.api.try_send(request).await {
                Ok(answer) if answer.status == 201 => break,
                Ok(answer) if answer.status < 500 => panic!("{} {}", answer.status, answer.text()),
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        shared.replied.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(random.between(50, 500))).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_and_nothing_is_sent_twice_when_the_hub_is_killed() {
    let seed = random::seed("crash");
    let mut random = Random(seed);
    let Some(stack) = Stack::start("crash", Options::default()).await else { return };
    let Stack { mut hub, sandbox, api, connection, .. } = stack;
    let shared = Arc::new(Shared {
        base: hub.base(),
        api,
        connection,
        mirakl: Arc::clone(sandbox.mirakl()),
        stop: AtomicBool::new(false),
        fed: AtomicUsize::new(0),
        replied: AtomicUsize::new(0),
    });

    // Answers come late, so that many of the kills fall between a request's effect and its answer.
    let before = |delay_ms| Effect::Slow { delay_ms };
    let after = |hold_ms| Effect::TimeoutAfter { hold_ms, then_drop: false };
    shared.mirakl.fail(Fault::sometimes(Operation::M12, 0.3, seed, before(300)));
    shared.mirakl.fail(Fault::sometimes(Operation::M12, 0.5, seed, after(400)));
    shared.mirakl.fail(Fault::sometimes(Operation::M11, 0.3, seed, before(150)));
    let feeding = tokio::spawn(feed(Arc::clone(&shared), Random(random.u64())));
    let replying = tokio::spawn(reply(Arc::clone(&shared), Random(random.u64())));
    let polling = tokio::spawn({
        let shared = Arc::clone(&shared);
        async move {
            while !shared.stopped() {
                shared.poll().await;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    });
    let ticking = tokio::spawn({
        let shared = Arc::clone(&shared);
        async move {
            while !shared.stopped() {
                shared.tick().await;
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        }
    });

    let mut slowest = Duration::ZERO;
    let mut while_sending = 0;
    for kill in 1..=KILLS {
        tokio::time::sleep(Duration::from_millis(random.between(100, 2_500))).await;
        let done = (shared.fed.load(Ordering::SeqCst), shared.replied.load(Ordering::SeqCst));
        println!("kill {kill}: {} messages written, {} replies accepted", done.0, done.1);
        while_sending += usize::from(is_sending(&shared.mirakl));
        // One, the other, both.
        let (kills_hub, kills_store) = match hub.redis() {
            None => (true, false),
            Some(_) => (kill % 3 != 1, kill % 3 != 0),
        };
        if let Some(redis) = hub.redis().filter(|_| kills_store) {
            redis.kill();
        }
        if kills_hub {
            hub.kill();
        }
        if let Some(redis) = hub.redis().filter(|_| kills_store) {
            // For some time there is no store, and the hub has to say so.
            tokio::time::sleep(Duration::from_millis(random.between(0, 500))).await;
            redis.restart();
        }
        if kills_hub {
            slowest = slowest.max(hub.restart().await);
        }
    }
    println!(
        "{while_sending} of the kills fell into the sending of a reply; the slowest start took {slowest:?}"
    );
    shared.mirakl.clear_faults();
    feeding.await.unwrap();
    replying.await.unwrap();

    let began = Instant::now();
    let tickets = loop {
        // The background polls and ticks go on; what is left to see is when everything is settled.
        let tickets = all_tickets(&shared.api).await;
        let taken: usize = tickets.iter().map(|t| entries(t, "message").len()).sum();
        let replies = tickets.iter().flat_map(|t| entries(t, "reply"));
        let open =
            replies.filter(|r| !matches!(r["reply"]["state"].as_str(), Some("sent" | "uncertain"))).count();
        if taken >= MESSAGES && open == 0 {
            break tickets;
        }
        assert!(
            began.elapsed() < SETTLE,
            "after {SETTLE:?}: {taken} messages taken, {open} replies not settled"
        );
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    println!("settled {:?} after the last kill", began.elapsed());
    shared.stop.store(true, Ordering::SeqCst);
    polling.await.unwrap();
    ticking.await.unwrap();
    // One more round must not change anything.
    shared.poll().await.unwrap();
    shared.tick().await.unwrap();
    let again = all_tickets(&shared.api).await;
    let count = |all: &[Value]| all.iter().map(|t| t["messages"].as_array().unwrap().len()).sum::<usize>();
    assert_eq!(count(&tickets), count(&again));

    check(&shared.mirakl, &again);
}

/// Whether a reply is being accepted right now.
fn is_sending(mirakl: &Sandbox) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as i64;
    // Those whose connection was lost stay without a status for ever.
    let recent = |at: i64| now - at < 400;
    mirakl
        .requests()
        .iter()
        .any(|r| r.operation == Some(Operation::M12) && r.status.is_none() && recent(r.at))
}

async fn all_tickets(api: &Client) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut after = String::new();
    loop {
        let page = api.json(&format!("/api/v1/tickets?limit=50{after}")).await;
        rows.extend(page["data"].as_array().unwrap().clone());
        match &page["next"] {
            Value::Null => break,
            next => after = format!("&after={}", next.to_string().trim_matches('"')),
        }
    }
    let mut tickets = Vec::new();
    for row in rows {
        tickets.push(api.json(&format!("/api/v1/tickets/{}", row["id"].as_str().unwrap())).await);
    }
    tickets
}

fn check(mirakl: &Sandbox, tickets: &[Value]) {
    let state = mirakl.state();
    let threads = state["threads"].as_array().unwrap();
    assert_eq!(threads.len(), THREADS);
    assert_eq!(tickets.len(), THREADS, "one ticket for each conversation");
    let numbers: BTreeSet<String> = tickets.iter().map(|t| t["number"].to_string()).collect();
    assert_eq!(numbers.len(), THREADS, "numbers are given once");
    let by_thread: BTreeMap<&str, &Value> =
        tickets.iter().map(|t| (t["thread"].as_str().unwrap(), t)).collect();

    let mut uncertain = 0;
    let mut replies = 0;
    for thread in threads {
        let ticket = by_thread[thread["id"].as_str().unwrap()];
        assert_eq!(ticket["older"], Value::Null, "the whole conversation is on one page");
        let of = |via: &str| {
            let all = thread["messages"].as_array().unwrap().iter().filter(|m| m["via"] == via);
            all.map(|m| m["id"].to_string()).collect::<Vec<_>>()
        };
        let mut there = of("panel");
        let mut here: Vec<String> =
            entries(ticket, "message").iter().map(|m| m["remote_id"].to_string()).collect();
        there.sort();
        here.sort();
        assert_eq!(here, there, "each message once, in the ticket of its conversation");

        for entry in entries(ticket, "reply") {
            replies += 1;
            let body = entry["text"].as_str().unwrap();
            let sent = thread["messages"].as_array().unwrap().iter().filter(|m| m["body"] == body).count();
            match entry["reply"]["state"].as_str().unwrap() {
                "sent" => assert_eq!(sent, 1, "{entry}"),
                "uncertain" => {
                    uncertain += 1;
                    assert!(sent <= 1, "{entry}");
                }
                other => panic!("{other}: {entry}"),
            }
        }
        let texts: BTreeSet<String> =
            entries(ticket, "reply").iter().map(|r| r["text"].to_string()).collect();
        assert_eq!(texts.len(), entries(ticket, "reply").len(), "each reply is in its ticket once");
    }
    assert_eq!(replies, REPLIES);
    println!("{replies} replies, {uncertain} of them shown as uncertain");
}
