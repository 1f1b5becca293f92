//! The control API of the shop, and its inbox.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Heard, Shop, Target};

type Shared = State<Arc<Shop>>;

/// The routes under `/shop/control`, and `/shop/inbox`.
pub fn routes() -> Router<Arc<Shop>> {
    Router::new()
        .route("/shop/control/state", get(state))
        .route("/shop/control/target", post(target))
        .route("/shop/control/events", post(event))
        .route("/shop/control/deliveries/{id}/again", post(again))
        .route("/shop/control/inbox", post(inbox_answer))
        .route("/shop/inbox", post(inbox))
}

fn answer(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

fn bad(error: &serde_json::Error) -> Response {
    answer(StatusCode::BAD_REQUEST, &json!({"message": error.to_string(), "status": 400}))
}

async fn state(State(shop): Shared) -> Response {
    answer(StatusCode::OK, &shop.state())
}

#[derive(Deserialize)]
struct NewTarget {
    address: String,
    secret: String,
}

async fn target(State(shop): Shared, body: Bytes) -> Response {
    match serde_json::from_slice::<NewTarget>(&body) {
        Ok(new) => {
            shop.connect(Target { address: new.address, secret: new.secret });
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => bad(&error),
    }
}

#[derive(Deserialize)]
struct NewEvent {
    topic: String,
    body: Value,
}

async fn event(State(shop): Shared, body: Bytes) -> Response {
    match serde_json::from_slice::<NewEvent>(&body) {
        Ok(new) => {
            let id = shop.cause(&new.topic, new.body.to_string());
            answer(StatusCode::CREATED, &json!({"delivery": id}))
        }
        Err(error) => bad(&error),
    }
}

async fn again(State(shop): Shared, Path(id): Path<String>) -> Response {
    if shop.delivery(&id).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    shop.again(&id);
    StatusCode::ACCEPTED.into_response()
}

#[derive(Deserialize)]
struct NewAnswer {
    status: Option<u16>,
}

async fn inbox_answer(State(shop): Shared, body: Bytes) -> Response {
    match serde_json::from_slice::<NewAnswer>(&body) {
        Ok(new) => {
            shop.answer_with(new.status);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => bad(&error),
    }
}

async fn inbox(State(shop): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let status = shop.hear(Heard {
        id: text("webhook-id"),
        timestamp: text("webhook-timestamp"),
        signature: text("webhook-signature"),
        body: String::from_utf8_lossy(&body).into_owned(),
    });
    StatusCode::from_u16(status).unwrap_or(StatusCode::NO_CONTENT).into_response()
}
