//! The control API: everything a test may cause or look at, as JSON. Errors have the API's own form.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{StatusCode, Uri};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::api::{attachment, json_response};
use super::faults::Fault;
use super::model::{NewFile, Role, Thread, Topic, Via};
use super::query::Params;
use super::world::{Draft, Refusal, Target};
use super::{Sandbox, report};
use crate::clock;

type Shared = State<Arc<Sandbox>>;

/// The routes under `/mirakl/control`.
pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/mirakl/control/state", get(state))
        .route("/mirakl/control/shops", get(shops))
        .route("/mirakl/control/threads", get(threads))
        .route("/mirakl/control/threads/{id}", get(thread))
        .route("/mirakl/control/threads/{id}/no-reply-needed", post(no_reply_needed))
        .route("/mirakl/control/attachments/{id}", get(file))
        .route("/mirakl/control/messages", post(write))
        .route("/mirakl/control/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/mirakl/control/requests", get(requests).delete(clear_requests))
        .route("/mirakl/control/reset", post(reset))
        .route("/mirakl/control/demo", post(demo))
        .route("/mirakl/control/generate", post(generate))
        .route("/mirakl/control/generate-long-thread", post(generate_long_thread))
}

/// An order of the control API; an empty body stands for `{}`.
fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    let text: &[u8] = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(text).map_err(|error| Refusal::new(400, error.to_string()))
}

async fn state(State(sandbox): Shared) -> Response {
    json_response(StatusCode::OK, &sandbox.state())
}

async fn shops(State(sandbox): Shared) -> Response {
    json_response(StatusCode::OK, &sandbox.with(|inner| report::shops(inner)))
}

async fn threads(State(sandbox): Shared, uri: Uri) -> Result<Response, Refusal> {
    let params = Params::new(uri.query());
    let shop = params.shop()?;
    let limit = params.number("limit", 100, 1..=1_000)?;
    let offset = params.number("offset", 0, 0..=10_000_000)?;
    Ok(sandbox.with(|inner| {
        let mut found: Vec<&Thread> =
            inner.world.threads().filter(|t| shop.is_none_or(|shop| t.shop_id == shop)).collect();
        found.sort_by(|a, b| (b.updated, &b.id).cmp(&(a.updated, &a.id)));
        let total = found.len();
        let page: Vec<_> =
            found.into_iter().skip(offset).take(limit).map(|t| report::thread_summary(inner, t)).collect();
        json_response(StatusCode::OK, &json!({"threads": page, "total_count": total}))
    }))
}

async fn thread(State(sandbox): Shared, Path(id): Path<String>) -> Result<Response, Refusal> {
    sandbox.with(|inner| {
        let thread =
            inner.world.thread(&id).ok_or_else(|| Refusal::new(404, format!("no conversation {id}")))?;
        Ok(json_response(StatusCode::OK, &report::thread_report(inner, thread)))
    })
}

async fn file(State(sandbox): Shared, Path(id): Path<String>) -> Result<Response, Refusal> {
    sandbox.with(|inner| {
        let file = inner.world.attachment(&id).ok_or_else(|| Refusal::new(404, format!("no file {id}")))?;
        Ok(attachment(&file.name, file.bytes.clone()))
    })
}

#[derive(Debug, Deserialize)]
struct By {
    by: Role,
}

async fn no_reply_needed(
    State(sandbox): Shared,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let by: By = read(&body)?;
    sandbox.with(|inner| inner.world.no_reply_needed(clock::now_ms(), &id, by.by))?;
    Ok(json_response(StatusCode::OK, &json!({"thread_id": id})))
}

/// A message to write: in `thread_id`, or in a new conversation about `order_id`, or about a new order of `shop_id`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WriteOrder {
    /// `customer`, `shop` or `operator`.
    #[serde(rename = "as")]
    author: Role,
    body: String,
    #[serde(default)]
    thread_id: Option<String>,
    #[serde(default)]
    order_id: Option<String>,
    #[serde(default)]
    shop_id: Option<i64>,
    #[serde(default)]
    topic: Option<String>,
    #[serde(default)]
    author_name: Option<String>,
    #[serde(default)]
    to: Vec<Role>,
    #[serde(default)]
    files: Vec<FileOrder>,
    #[serde(default)]
    visible_after_ms: i64,
}

#[derive(Debug, Deserialize)]
struct FileOrder {
    name: String,
    base64: String,
}

async fn write(State(sandbox): Shared, body: Bytes) -> Result<Response, Refusal> {
    let order: WriteOrder = read(&body)?;
    let topic = Topic::free(order.topic.unwrap_or_else(|| "Pytanie o zamówienie".to_owned()));
    let target = match (order.thread_id, order.order_id) {
        (Some(thread), _) => Target::Thread(thread),
        (None, Some(order_id)) => Target::Order { order_id, topic },
        (None, None) => Target::NewOrder { shop_id: order.shop_id.unwrap_or(2000), topic },
    };
    let mut draft = Draft::new(target, order.author, order.body, Via::Panel);
    draft.author_name = order.author_name;
    draft.to = order.to;
    draft.hidden_for = order.visible_after_ms;
    for file in order.files {
        let bytes =
            STANDARD.decode(file.base64).map_err(|error| Refusal::new(400, format!("files: {error}")))?;
        draft.files.push(NewFile { name: file.name, bytes: bytes.into() });
    }
    Ok(json_response(StatusCode::CREATED, &sandbox.write(draft)?))
}

async fn faults(State(sandbox): Shared) -> Response {
    sandbox.with(|inner| json_response(StatusCode::OK, &json!({"faults": inner.faults.armed()})))
}

async fn add_fault(State(sandbox): Shared, body: Bytes) -> Result<Response, Refusal> {
    let fault: Fault = read(&body)?;
    Ok(json_response(StatusCode::CREATED, &json!({"id": sandbox.fail(fault)})))
}

async fn clear_faults(State(sandbox): Shared) -> StatusCode {
    sandbox.clear_faults();
    StatusCode::NO_CONTENT
}

async fn requests(State(sandbox): Shared, uri: Uri) -> Result<Response, Refusal> {
    let params = Params::new(uri.query());
    let limit = params.number("limit", 100, 1..=5_000)?;
    let wanted = params.one("operation").map(str::to_owned);
    Ok(sandbox.with(|inner| {
        let newest: Vec<_> = inner
            .log
            .entries()
            .rev()
            .filter(|entry| {
                wanted.as_deref().is_none_or(|name| entry.operation.is_some_and(|op| op.name() == name))
            })
            .take(limit)
            .collect();
        let body = json!({"total": inner.log.total(), "counts": inner.log.counts(), "requests": newest});
        json_response(StatusCode::OK, &body)
    }))
}

async fn clear_requests(State(sandbox): Shared) -> StatusCode {
    sandbox.with(|inner| inner.log.clear());
    StatusCode::NO_CONTENT
}

async fn reset(State(sandbox): Shared) -> StatusCode {
    sandbox.reset();
    StatusCode::NO_CONTENT
}

#[derive(Debug, Deserialize)]
struct DemoOrder {
    #[serde(default)]
    since_days: Option<u32>,
}

async fn demo(State(sandbox): Shared, body: Bytes) -> Result<Response, Refusal> {
    let order: DemoOrder = read(&body)?;
    let threads = sandbox.load_demo(order.since_days.unwrap_or(7))?;
    Ok(json_response(StatusCode::CREATED, &json!({"threads": threads})))
}

#[derive(Debug, Deserialize)]
struct BulkOrder {
    #[serde(default)]
    shop_id: Option<i64>,
    #[serde(default)]
    customers: Option<usize>,
    #[serde(default)]
    messages: Option<usize>,
    #[serde(default)]
    same_instant: bool,
}

async fn generate(State(sandbox): Shared, body: Bytes) -> Result<Response, Refusal> {
    let order: BulkOrder = read(&body)?;
    let (shop, customers) = (order.shop_id.unwrap_or(2000), order.customers.unwrap_or(10));
    let written = sandbox.with(|inner| {
        let messages = order.messages.unwrap_or(1);
        inner.world.generate(clock::now_ms(), shop, customers, messages, order.same_instant)
    })?;
    Ok(json_response(StatusCode::CREATED, &json!({"written": written})))
}

async fn generate_long_thread(State(sandbox): Shared, body: Bytes) -> Result<Response, Refusal> {
    let order: BulkOrder = read(&body)?;
    let written = sandbox.with(|inner| {
        let shop = order.shop_id.unwrap_or(2000);
        inner.world.generate_long_thread(clock::now_ms(), shop, order.messages.unwrap_or(1_001))
    })?;
    Ok(json_response(StatusCode::CREATED, &json!({"written": written})))
}
