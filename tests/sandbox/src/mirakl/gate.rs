//! What surrounds every call of the API: it is noted, and the faults set for it happen.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::Sandbox;
use super::distort;
use super::faults::{Effect, ErrorShape, Operation, Plan};
use super::log::Entry;
use crate::clock;
use crate::serve::HangUp;

/// Answers larger than this are passed on as they are, undistorted.
const DISTORTED: usize = 64 * 1024 * 1024;

/// The middleware. The plan for the call goes along in the request's extensions.
pub async fn gate(State(sandbox): State<Arc<Sandbox>>, mut request: Request, next: Next) -> Response {
    let operation = Operation::of(request.method(), request.uri().path());
    let (number, plan) = sandbox.with(|inner| {
        let plan = operation.map(|operation| inner.faults.plan(operation)).unwrap_or_default();
        let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let number = inner.log.begin(Entry {
            number: 0,
            at: clock::now_ms(),
            operation,
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            key: inner
                .world
                .keys()
                .iter()
                .find(|known| Some(known.key.as_str()) == given)
                .map(|key| key.label.clone()),
            status: None,
            faults: plan.effects.clone(),
        });
        (number, plan)
    });
    request.extensions_mut().insert(plan.clone());
    let response = answer(&plan, request, next).await;
    let status = response.extensions().get::<HangUp>().is_none().then(|| response.status().as_u16());
    sandbox.with(|inner| inner.log.end(number, status));
    response
}

async fn answer(plan: &Plan, request: Request, next: Next) -> Response {
    for effect in &plan.effects {
        if let Effect::Slow { delay_ms } = effect {
            tokio::time::sleep(Duration::from_millis(*delay_ms)).await;
        }
    }
    for effect in &plan.effects {
        match effect {
            Effect::Status { status, retry_after, shape } => return refused(*status, *retry_after, *shape),
            Effect::Drop => return hang_up(),
            Effect::TimeoutBefore { hold_ms } => {
                tokio::time::sleep(Duration::from_millis(*hold_ms)).await;
                return hang_up();
            }
            _ => {}
        }
    }
    let mut response = next.run(request).await;
    for effect in &plan.effects {
        response = match effect {
            Effect::NullOptionals => reshaped(response, distort::null_optionals).await,
            Effect::Unknown { senders } => {
                let senders = *senders;
                reshaped(response, move |body| distort::unknown(body, senders)).await
            }
            Effect::NotJson => html(response.status()),
            Effect::StatusAfter { status } => refused(*status, None, ErrorShape::Message),
            Effect::TimeoutAfter { hold_ms, then_drop } => {
                tokio::time::sleep(Duration::from_millis(*hold_ms)).await;
                if *then_drop { hang_up() } else { response }
            }
            _ => response,
        };
    }
    response
}

fn hang_up() -> Response {
    let mut response = StatusCode::SERVICE_UNAVAILABLE.into_response();
    response.extensions_mut().insert(HangUp);
    response
}

fn html(status: StatusCode) -> Response {
    let page = "<!doctype html><html><head><title>Przerwa techniczna</title></head>\
                <body><h1>Zaraz wracamy</h1></body></html>";
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

fn refused(status: u16, retry_after: Option<u64>, shape: ErrorShape) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let message = match status.as_u16() {
        401 => "Unauthorized",
        403 => "Forbidden: the API key does not have the required role",
        429 => "Too many requests: you exceeded the number of calls allowed in the last hour",
        503 => "Service Unavailable",
        _ => "An error occurred",
    };
    let json = |body: Value| {
        (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
    };
    let mut response = match shape {
        ErrorShape::Message => json(json!({"message": message, "status": status.as_u16()})),
        ErrorShape::Errors => json(json!({"errors": [{"message": message, "code": "SANDBOX"}]})),
        ErrorShape::Code => json(json!({"code": status.as_u16(), "message": message})),
        ErrorShape::Html => html(status),
        ErrorShape::Empty => status.into_response(),
    };
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Changes a JSON body; any other body stays as it is.
async fn reshaped(response: Response, change: impl FnOnce(&mut Value)) -> Response {
    let (mut parts, body) = response.into_parts();
    if parts.headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes() != b"application/json") {
        return Response::from_parts(parts, body);
    }
    let bytes = match to_bytes(body, DISTORTED).await {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("mostek-sandbox: an answer could not be read back: {error}");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = match serde_json::from_slice::<Value>(&bytes) {
        Ok(mut value) => {
            change(&mut value);
            Body::from(value.to_string())
        }
        Err(_) => Body::from(bytes),
    };
    Response::from_parts(parts, body)
}
