//! The routes of the seller API.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, http};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::faults::{Effect, Plan};
use super::forms::Form;
use super::gate::gate;
use super::model::{Right, Role, Topic, Via};
use super::query::Params;
use super::world::{Draft, Listing, Refusal, Target, Written};
use super::{Inner, Sandbox, wire};
use crate::{clock, documents};

type Shared = State<Arc<Sandbox>>;

/// Messages of a conversation that M11 shows.
const LAST_MESSAGES: usize = 100;

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        json_response(status, &json!({"message": self.message, "status": self.status}))
    }
}

/// A JSON answer.
pub fn json_response(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_string(body) {
        Ok(text) => (status, [(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// The routes, each behind the gate that notes calls and lets faults happen.
pub fn routes(sandbox: &Arc<Sandbox>) -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/mirakl/api/account", get(account))
        .route("/mirakl/api/version", get(version))
        .route("/mirakl/api/reasons", get(reasons))
        .route("/mirakl/api/inbox/threads", get(list_threads))
        .route("/mirakl/api/inbox/threads/{id}", get(one_thread))
        .route("/mirakl/api/inbox/threads/{id}/message", post(reply))
        .route("/mirakl/api/inbox/threads/{id}/download", get(download))
        .route("/mirakl/api/orders", get(orders))
        .route("/mirakl/api/orders/{id}/threads", post(new_thread))
        .route("/mirakl/api/{*rest}", get(unknown_path).post(unknown_path))
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn_with_state(Arc::clone(sandbox), gate))
        // Pictures are public and no operation. Their addresses are relative: some clients add them to the base
        // address of the API, some to the host.
        .route("/mirakl/media/product/image/{id}", get(picture))
        .route("/media/product/image/{id}", get(picture))
}

async fn unknown_path() -> Refusal {
    Refusal::new(404, "Not Found")
}

async fn not_allowed() -> Refusal {
    Refusal::new(405, "Method Not Allowed")
}

/// The shop a request acts for.
fn shop_of(inner: &Inner, headers: &HeaderMap, params: &Params, right: Right) -> Result<i64, Refusal> {
    inner.world.authorise(key_of(headers), params.shop()?, right)
}

fn key_of(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok())
}

async fn version() -> Response {
    json_response(StatusCode::OK, &json!({"version": "3.1000.0"}))
}

async fn account(State(sandbox): Shared, headers: HeaderMap, uri: Uri) -> Result<Response, Refusal> {
    let params = Params::new(uri.query());
    sandbox.with(|inner| {
        let id = shop_of(inner, &headers, &params, Right::Account)?;
        let shop = inner.world.shop(id).ok_or_else(|| Refusal::new(404, "Shop not found"))?;
        let orders = inner.world.orders().filter(|order| order.shop_id == id).count();
        Ok(json_response(StatusCode::OK, &wire::account(shop, orders)))
    })
}

async fn reasons(State(sandbox): Shared, headers: HeaderMap, uri: Uri) -> Result<Response, Refusal> {
    let params = Params::new(uri.query());
    sandbox.with(|inner| shop_of(inner, &headers, &params, Right::MessagesRead))?;
    Ok(json_response(StatusCode::OK, &wire::reasons()))
}

async fn list_threads(
    State(sandbox): Shared,
    Extension(plan): Extension<Plan>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Refusal> {
    let params = Params::new(uri.query());
    sandbox.with(|inner| {
        let listing = listing(&sandbox, inner, &headers, &params)?;
        let Some(listing) = listing else {
            return Ok(json_response(
                StatusCode::OK,
                &wire::ThreadPage { data: vec![], next_page_token: None },
            ));
        };
        let page = inner.world.list(&listing);
        let count = listing.with_messages.then_some(LAST_MESSAGES);
        let reversed = plan.has(&Effect::Reversed);
        let data =
            page.threads.iter().filter_map(|t| wire::thread(&inner.world, t, count, reversed)).collect();
        let next = if plan.has(&Effect::RepeatPages) { Some(&listing) } else { page.next.as_ref() };
        let body = wire::ThreadPage { data, next_page_token: next.map(|next| sandbox.tokens.issue(next)) };
        let moved = page.following.filter(|_| plan.has(&Effect::ListChanges)).map(str::to_owned);
        if let Some(thread) = moved {
            let text = "Dzień dobry, dopiszę jeszcze jedno: proszę o szybką odpowiedź.";
            let draft = Draft::new(Target::Thread(thread), Role::Customer, text, Via::Generated);
            inner.world.write(clock::now_ms(), draft)?;
        }
        Ok(json_response(StatusCode::OK, &body))
    })
}

/// What M11 is asked for; `None` when nothing can match.
fn listing(
    sandbox: &Sandbox,
    inner: &Inner,
    headers: &HeaderMap,
    params: &Params,
) -> Result<Option<Listing>, Refusal> {
    if let Some(token) = params.one("page_token") {
        // A token stands for the whole request: no other parameter is even read.
        inner.world.authorise(key_of(headers), None, Right::MessagesRead)?;
        let listing =
            sandbox.tokens.read(token).ok_or_else(|| Refusal::new(400, "page_token: invalid token"))?;
        inner.world.authorise(key_of(headers), Some(listing.shop_id), Right::MessagesRead)?;
        return Ok(Some(listing));
    }
    let shop_id = shop_of(inner, headers, params, Right::MessagesRead)?;
    let entity_type = params.one("entity_type").map(str::to_owned);
    let entity_ids = params.list("entity_id");
    if let Some(kind) = &entity_type
        && !["MMP_ORDER", "MMP_OFFER", "MPS_ORDER", "MPS_SERVICE", "SELLER_OPERATOR"].contains(&kind.as_str())
    {
        return Err(Refusal::new(400, "entity_type: unknown value"));
    }
    if !entity_ids.is_empty() && entity_type.is_none() {
        return Err(Refusal::new(400, "entity_type is mandatory when entity_id is given"));
    }
    let ascending = match params.one("sort") {
        None | Some("date,DESC" | "date") => false,
        Some("date,ASC") => true,
        Some(_) => return Err(Refusal::new(400, "sort: unknown criterion")),
    };
    let listing = Listing {
        shop_id,
        updated_since: params.date("updated_since")?,
        entity_type,
        entity_ids,
        with_messages: params.flag("with_messages")?,
        limit: params.number("limit", 50, 1..=100)?,
        ascending,
        after: None,
    };
    let channels = params.list("channel_codes");
    Ok((channels.is_empty() || channels.iter().any(|code| code == wire::CHANNEL)).then_some(listing))
}

async fn one_thread(
    State(sandbox): Shared,
    Extension(plan): Extension<Plan>,
    Path(id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Refusal> {
    let params = Params::new(uri.query());
    sandbox.with(|inner| {
        let shop = shop_of(inner, &headers, &params, Right::MessagesRead)?;
        let body = inner
            .world
            .thread(&id)
            .filter(|thread| thread.shop_id == shop)
            .and_then(|t| wire::thread(&inner.world, t, Some(usize::MAX), plan.has(&Effect::Reversed)))
            .ok_or_else(|| Refusal::new(404, format!("Thread with id {id} not found")))?;
        Ok(json_response(StatusCode::OK, &body))
    })
}

/// `message_input` of M12.
#[derive(Debug, Deserialize)]
struct MessageInput {
    body: String,
    to: Vec<Recipient>,
    #[serde(default)]
    topic: Option<Topic>,
}

#[derive(Debug, Deserialize)]
struct Recipient {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    id: Option<String>,
}

/// `thread_input` of OR43, where recipients are bare strings.
#[derive(Debug, Deserialize)]
struct ThreadInput {
    body: String,
    to: Vec<String>,
    topic: Topic,
}

async fn reply(
    State(sandbox): Shared,
    Extension(plan): Extension<Plan>,
    Path(id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
    request: Request,
) -> Result<Response, Refusal> {
    let params = Params::new(uri.query());
    let (shop_id, customer_id) = sandbox.with(|inner| {
        let shop = shop_of(inner, &headers, &params, Right::MessagesWrite)?;
        let thread = inner.world.thread(&id).filter(|thread| thread.shop_id == shop);
        let thread = thread.ok_or_else(|| Refusal::new(404, format!("Thread with id {id} not found")))?;
        Ok((shop, thread.customer_id.clone()))
    })?;
    let form = Form::read(request).await?;
    let input: MessageInput = serde_json::from_slice(form.only("message_input")?)
        .map_err(|error| Refusal::new(400, format!("message_input: {error}")))?;
    let to = input
        .to
        .iter()
        .map(|recipient| {
            let role = recipient_role(&recipient.kind)?;
            let expected = match role {
                Role::Customer => customer_id.clone(),
                Role::Shop => shop_id.to_string(),
                Role::Operator => return Ok(role),
            };
            match &recipient.id {
                Some(given) if *given != expected => {
                    Err(Refusal::new(400, format!("to: {given} is not an authorized participant")))
                }
                _ => Ok(role),
            }
        })
        .collect::<Result<Vec<_>, Refusal>>()?;
    let mut draft = Draft::new(Target::Thread(id.clone()), Role::Shop, input.body, Via::Api);
    draft.to = addressed(to)?;
    draft.files = form.files;
    draft.hidden_for = plan.hidden_for();
    let written = sandbox.write(draft)?;
    if let Some(topic) = input.topic {
        sandbox.with(|inner| inner.world.rename(&id, topic));
    }
    Ok(created(&written))
}

async fn new_thread(
    State(sandbox): Shared,
    Extension(plan): Extension<Plan>,
    Path(order_id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
    request: Request,
) -> Result<Response, Refusal> {
    let params = Params::new(uri.query());
    sandbox.with(|inner| {
        let shop = shop_of(inner, &headers, &params, Right::MessagesWrite)?;
        let known = inner.world.order(&order_id).is_some_and(|order| order.shop_id == shop);
        if known { Ok(()) } else { Err(Refusal::new(404, format!("Order with id {order_id} not found"))) }
    })?;
    let form = Form::read(request).await?;
    let input: ThreadInput = serde_json::from_slice(form.only("thread_input")?)
        .map_err(|error| Refusal::new(400, format!("thread_input: {error}")))?;
    let to = input.to.iter().map(|kind| recipient_role(kind)).collect::<Result<Vec<_>, Refusal>>()?;
    let target = Target::Order { order_id, topic: input.topic };
    let mut draft = Draft::new(target, Role::Shop, input.body, Via::Api);
    draft.to = addressed(to)?;
    draft.files = form.files;
    draft.hidden_for = plan.hidden_for();
    Ok(created(&sandbox.write(draft)?))
}

fn recipient_role(kind: &str) -> Result<Role, Refusal> {
    Role::from_participant(kind)
        .ok_or_else(|| Refusal::new(400, format!("to: unknown participant type {kind}")))
}

fn addressed(to: Vec<Role>) -> Result<Vec<Role>, Refusal> {
    if to.is_empty() { Err(Refusal::new(400, "to: must not be empty")) } else { Ok(to) }
}

fn created(written: &Written) -> Response {
    let body = json!({"message_id": written.message_id, "thread_id": written.thread_id});
    json_response(StatusCode::CREATED, &body)
}

async fn download(
    State(sandbox): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Refusal> {
    let params = Params::new(uri.query());
    sandbox.with(|inner| {
        let shop = shop_of(inner, &headers, &params, Right::MessagesRead)?;
        inner
            .world
            .attachment(&id)
            .filter(|file| {
                inner.world.thread(&file.thread_id).is_some_and(|thread| {
                    thread.shop_id == shop && thread.messages.iter().any(|m| m.attachments.contains(&id))
                })
            })
            .map(|file| attachment(&file.name, file.bytes.clone()))
            .ok_or_else(|| Refusal::new(404, format!("Attachment with id {id} not found")))
    })
}

/// A file to be saved, never shown in place.
pub fn attachment(name: &str, bytes: bytes::Bytes) -> Response {
    let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let disposition = format!("attachment; filename*=UTF-8''{}", encoded.replace('+', "%20"));
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

async fn orders(State(sandbox): Shared, headers: HeaderMap, uri: Uri) -> Result<Response, Refusal> {
    let params = Params::new(uri.query());
    sandbox.with(|inner| {
        let shop = shop_of(inner, &headers, &params, Right::OrdersRead)?;
        let ids = params.list("order_ids");
        if ids.len() > 100 {
            return Err(Refusal::new(400, "order_ids: no more than 100 values"));
        }
        let states = params.list("order_state_codes");
        let (created_from, created_to) = (params.date("start_date")?, params.date("end_date")?);
        let (updated_from, updated_to) = (params.date("start_update_date")?, params.date("end_update_date")?);
        let max = params.number("max", 10, 1..=100)?;
        let offset = params.number("offset", 0, 0..=1_000_000)?;
        let within = |at: i64, from: Option<i64>, to: Option<i64>| {
            from.is_none_or(|from| at >= from) && to.is_none_or(|to| at <= to)
        };
        let mut found: Vec<_> = inner
            .world
            .orders()
            .filter(|order| order.shop_id == shop)
            .filter(|order| ids.is_empty() || ids.contains(&order.id))
            .filter(|order| states.is_empty() || states.contains(&order.state))
            .filter(|order| within(order.created, created_from, created_to))
            .filter(|order| within(order.updated, updated_from, updated_to))
            .collect();
        found.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
        if params.one("order") == Some("desc") {
            found.reverse();
        }
        let total = found.len();
        let page: Vec<_> =
            found.into_iter().skip(offset).take(max).map(|order| wire::order(&inner.world, order)).collect();
        let mut response = json_response(StatusCode::OK, &json!({"orders": page, "total_count": total}));
        if let Some(links) = links(&headers, &uri, offset, max, total) {
            response.headers_mut().insert(header::LINK, links);
        }
        Ok(response)
    })
}

/// The `Link` header of offset paging: the pages before and after this one.
fn links(headers: &HeaderMap, uri: &Uri, offset: usize, max: usize, total: usize) -> Option<HeaderValue> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let address = |offset: usize, relation: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (key, value) in url::form_urlencoded::parse(uri.query().unwrap_or("").as_bytes()) {
            if key != "offset" && key != "max" {
                query.append_pair(&key, &value);
            }
        }
        query.append_pair("max", &max.to_string()).append_pair("offset", &offset.to_string());
        format!("<http://{host}{}?{}>; rel=\"{relation}\"", uri.path(), query.finish())
    };
    let mut links = Vec::new();
    if offset > 0 {
        links.push(address(offset.saturating_sub(max), "previous"));
    }
    if offset + max < total {
        links.push(address(offset + max, "next"));
    }
    if links.is_empty() { None } else { HeaderValue::from_str(&links.join(", ")).ok() }
}

async fn picture(Path(id): Path<String>) -> Response {
    let size = match id.rsplit('-').next() {
        Some("small") => 64,
        Some("large") => 320,
        _ => 160,
    };
    let product: String = id.chars().take_while(|c| *c != '-').collect();
    let seed = product.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    ([(header::CONTENT_TYPE, "image/png")], documents::png(seed, size)).into_response()
}
