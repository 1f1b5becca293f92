//! Store operations and upstream requests of the frequent work, as the host counts them (F8).
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use mostek_e2e::measure::operations;
use mostek_e2e::programs::{Engine, Programs};
use mostek_e2e::stack::SHOP;
use mostek_e2e::{Options, Stack};
use mostek_sandbox::mirakl::faults::Operation;

#[tokio::test(flavor = "multi_thread")]
async fn polling_writes_no_more_than_it_may() {
    if Programs::find().is_ok_and(|p| p.engine != Engine::Host) {
        return println!("SKIPPED budgets: only mostek-host counts operations");
    }
    let options = Options { arguments: vec!["--count-operations".into()], ..Options::default() };
    let Some(stack) = Stack::start("budgets", options).await else { return };
    let base = stack.hub.base();
    let writes_of_a_poll = async || {
        let (_, before) = operations(&base).await;
        let requests = stack.mirakl().calls(Operation::Any);
        let report = stack.poll().await;
        let (_, after) = operations(&base).await;
        (
            report["messages"].as_u64().unwrap(),
            after - before,
            stack.mirakl().calls(Operation::Any) - requests,
        )
    };

    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    // 60 messages in 20 conversations.
    stack.mirakl().with(|inner| inner.world.generate(now, SHOP, 20, 3, false)).unwrap();
    let (messages, writes, _) = writes_of_a_poll().await;
    assert_eq!(messages, 60);
    assert!(writes <= 2 * 20 + 4, "{writes} writes for {messages} messages in 20 conversations");

    let (messages, writes, requests) = writes_of_a_poll().await;
    assert_eq!((messages, requests), (0, 1), "a poll without news is one request");
    assert!(writes <= 1, "{writes} writes for nothing");

    let (reads, before) = operations(&base).await;
    stack.api.get("/api/v1/tickets").await.expect(200);
    let (after, _) = operations(&base).await;
    if stack.hub.redis().is_some() {
        // Several keys are one command: the list's own are at most eight, the rest is who asks.
        assert!(after - reads <= 8 + 6, "{} commands for a list", after - reads);
    }
    let id = stack.tickets().await[0]["id"].as_str().unwrap().to_owned();
    stack.ticket(&id).await;
    assert_eq!(operations(&base).await.1, before, "reading writes nothing");
}
