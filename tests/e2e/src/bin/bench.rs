//! `cargo xtask bench`: what the hub costs, on each store. A plain table; nothing here fails because something was slow.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::cell::Cell;
use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use mostek_domain::CompanyId;
use mostek_e2e::fill::{fill_history, lengthen_list};
use mostek_e2e::history::{self, MESSAGES};
use mostek_e2e::measure::{Column, measure, measure_prepared, table};
use mostek_e2e::programs::Store;
use mostek_e2e::stack::{ADMINISTRATOR, PASSWORD, SHOP, text};
use mostek_e2e::{Client, Options, Stack};
use mostek_sandbox::mirakl::faults::Operation;
use mostek_storekeeper::engine::{Item, Value};
use mostek_storekeeper::place::Place;
use reqwest::Method;

fn now_ms() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()).unwrap()
}

#[tokio::main]
async fn main() {
    let mut stores = vec![Store::Sqlite];
    match std::env::var_os("MOSTEK_REDIS_SERVER") {
        Some(server) => stores.push(Store::Redis(server.into())),
        None => println!("SKIPPED redis: there is no redis-server"),
    }
    let mut columns = Vec::new();
    let mut notes = Vec::new();
    for store in stores {
        let name = store.name();
        let Some((column, told)) = bench(store).await else { return };
        columns.push(column);
        notes.extend(told.into_iter().map(|line| format!("{name}: {line}")));
    }
    println!("{}", table(&columns));
    println!(
        "Reads and writes are calls of the store as the host counts them: on SQLite one key or one batch of writes, on Redis\n\
         one command, which may read many keys. Several calls can share a round trip. The list is generated into the store\n\
         with the hub's own code; the tickets behind it are not there. Redis runs beside the hub, its append-only file\n\
         synced always. The host is in the dev profile with optimised dependencies, components in release."
    );
    for note in notes {
        println!("{note}");
    }
}

/// Everything on one store, and what else there is to say of it.
async fn bench(store: Store) -> Option<(Column, Vec<String>)> {
    let name = store.name();
    let folder = match store {
        Store::Sqlite => "target/wasm32-wasip2/release",
        Store::Redis(_) => "target/redis/wasm32-wasip2/release",
    };
    let arguments = vec!["--count-operations".into(), "--quiet".into()];
    let options = Options { arguments, store: Some(store), ..Options::default() };
    let mut stack = Stack::start("bench", options).await?;
    let base = stack.hub.base();
    let mut table = Vec::new();
    let mut notes = Vec::new();

    let nobody = Client::new(&base);
    let floor = measure("floor: a tick that is refused (401)", &base, 300, async || {
        nobody.send(nobody.request(Method::POST, "/timers/tick")).await.expect(401);
    })
    .await;

    let visitor = Client::new(&base);
    let token = visitor.get("/sign-in").await.csrf();
    let form = [("csrf", token.as_str()), ("email", ADMINISTRATOR), ("password", PASSWORD)];
    // One after the other: more than five at once of one person are taken for guesses.
    let mut sign_in = measure_prepared(
        "sign-in",
        &base,
        24,
        async || (),
        async || {
            visitor.form("/sign-in", &form).await.expect(303);
        },
    )
    .await;
    sign_in.note = "Argon2id, 19 MiB, 2 passes".to_owned();
    table.push(sign_in);

    // One conversation of a thousand messages, which is also the row that the lists are made of.
    stack.mirakl().with(|inner| inner.world.generate_long_thread(now_ms(), SHOP, 1_000)).unwrap();
    while stack.poll().await["messages"] != 0 {}
    let ticket = text(&stack.tickets().await[0]["id"]);
    let mut open = measure("ticket with 1,000 messages (API)", &base, 100, async || {
        stack.api.get(&format!("/api/v1/tickets/{ticket}")).await.expect(200);
    })
    .await;
    open.note = "budget: 4 round trips".to_owned();
    table.push(open);
    let browser = stack.browser().await;
    table.push(
        measure("ticket with 1,000 messages (page)", &base, 100, async || {
            browser.get(&format!("/tickets/{ticket}")).await.expect(200);
        })
        .await,
    );

    let upstream = stack.mirakl().calls(Operation::Any);
    let mut idle = measure_prepared(
        "poll, nothing new",
        &base,
        30,
        async || (),
        async || {
            stack.poll().await;
        },
    )
    .await;
    let requests = (stack.mirakl().calls(Operation::Any) - upstream) as f64 / 30.0;
    idle.note = format!(
        "{requests} upstream requests; budget: 1 request, 1 write (sign-in check of the API adds reads)"
    );
    table.push(idle);
    let mut busy = measure_prepared(
        "poll, 100 messages in 100 threads",
        &base,
        5,
        async || {
            stack.mirakl().with(|inner| inner.world.generate(now_ms(), SHOP, 100, 1, false)).unwrap();
        },
        async || {
            assert_eq!(stack.poll().await["messages"], 100);
        },
    )
    .await;
    busy.note = "budget: 204 writes".to_owned();
    table.push(busy);

    let replies = Cell::new(0);
    let ticket = text(&stack.tickets().await[0]["id"]);
    let mut reply = measure_prepared(
        "reply, accepted and sent at once",
        &base,
        30,
        async || replies.set(replies.get() + 1),
        async || {
            let n = replies.get();
            stack.reply(&ticket, &format!("Odpowiedź numer {n}."), &format!("key-{n}")).await.expect(201);
        },
    )
    .await;
    reply.note = "4 writes to accept it, 5 to send it, 2 for the audit journal".to_owned();
    table.push(reply);
    notes.push(room(&stack));

    let memory = resident(stack.hub.pid());
    let company = CompanyId::parse(&stack.company).unwrap();
    for length in [1_000, 100_000] {
        stack.hub.kill();
        lengthen_list(&stack.hub.store(), company, length).await;
        stack.hub.restart().await;
        for (what, path) in [("API", "/api/v1/tickets?limit=50"), ("page", "/tickets")] {
            let mut list = measure(&format!("list of {length} tickets ({what})"), &base, 100, async || {
                browser.get(path).await.expect(200);
            })
            .await;
            list.note = "budget: 8 round trips (each of several reads at once)".to_owned();
            table.push(list);
        }
        assert_eq!(stack.api.json("/api/v1/tickets?limit=1").await["total"], length);
    }
    // Real tickets this time, with every message.
    stack.hub.kill();
    let took = fill_history(&stack.hub.store(), company, history_tickets()).await;
    stack.hub.restart().await;
    notes.push(format!(
        "{} tickets of {MESSAGES} messages were taken in, indexed and counted in {took:?}",
        history_tickets()
    ));
    let order = history::order(history_tickets() / 2);
    for (what, path) in [
        ("list filtered by status".to_owned(), "/api/v1/tickets?status=new&limit=50".to_owned()),
        ("search: a word of every message".to_owned(), "/api/v1/tickets/search?q=dobry".to_owned()),
        (
            "search: two words, one rare".to_owned(),
            format!("/api/v1/tickets/search?q=pozdrawiam+{}", history_tickets() / 2),
        ),
        ("search: an order".to_owned(), format!("/api/v1/tickets/search?q={order}")),
        ("search: nothing".to_owned(), "/api/v1/tickets/search?q=nigdzienicniema".to_owned()),
        ("report of 30 days".to_owned(), "/api/v1/reports/tickets?period=30".to_owned()),
        ("report of 90 days (page)".to_owned(), "/reports?period=90".to_owned()),
        ("dashboard (page)".to_owned(), "/".to_owned()),
    ] {
        let mut row = measure(&what, &base, 40, async || {
            browser.get(&path).await.expect(200);
        })
        .await;
        row.note = format!("with {} tickets of {MESSAGES} messages behind it", history_tickets());
        table.push(row);
    }

    let mut starts = Vec::new();
    for _ in 0..5 {
        starts.push(stack.hub.restart().await);
    }
    starts.sort();

    notes.push(format!(
        "start with compiled components in the cache, until the health check answers: {:?}",
        starts[2]
    ));
    let grown = resident(stack.hub.pid());
    notes.push(format!(
        "resident memory: {} MB after polls and pages, {} MB after a fresh start",
        memory / 1_000_000,
        grown / 1_000_000
    ));
    for component in ["console", "helpdesk", "poller", "webhooks"] {
        let file = stack.hub.programs().root.join(folder).join(format!("{component}.wasm"));
        let size = fs::metadata(&file).map_or(0, |m| m.len());
        notes.push(format!("{component}.wasm: {:.2} MB", size as f64 / 1e6));
    }
    Some((Column { store: name, floor, rows: table }, notes))
}

/// How many real tickets are filled in: `MOSTEK_BENCH_TICKETS`, or a hundred thousand.
fn history_tickets() -> u64 {
    let asked = std::env::var("MOSTEK_BENCH_TICKETS").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(100_000)
}

/// How much room what was taken so far needs.
fn room(stack: &Stack) -> String {
    let (mut keys, mut bytes) = (0_u64, 0_usize);
    let place = Place::parse(&stack.hub.store(), "mostek:").unwrap();
    let count = &mut |item: Item| {
        keys += 1;
        bytes += item.key.len()
            + match item.value {
                Value::Counter(_) => 8,
                Value::Bytes(value) => value.len(),
            };
        Ok(())
    };
    place.open().unwrap().walk(count).unwrap();
    format!(
        "1,500 messages in 501 tickets, one of them with 1,000: {keys} keys, {:.1} MB of keys and values",
        bytes as f64 / 1e6
    )
}

/// Resident memory of a process in bytes, from /proc.
fn resident(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) * 1024
}
