//! `/api/v1/webhooks/endpoints`: who is told of our events, for administrators.

use crate::acts::endpoints::{self as acts, Shown};
use crate::input::TypedEndpoint;
use crate::visit::Visit;
use http::{Method, StatusCode};
use mostek_helpdesk::webhooks::deliver::Line;
use mostek_ports::World;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::{ApiError, Request, Response, time};
use serde_json::{Value, json};

pub(super) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, []) => {
            let rows: Vec<Value> = acts::all(visit).await?.iter().map(row).collect();
            Ok(Response::json(&json!({ "data": rows, "next": null })))
        }
        (&Method::POST, []) => {
            let typed: TypedEndpoint = body::json(request, JSON_LIMIT).await?;
            let (id, secret) = acts::add(visit, &typed).await?;
            // The only time that the secret is shown.
            Ok(Response::json(&json!({ "id": id, "secret": secret })).status(StatusCode::CREATED))
        }
        (&Method::GET, [id]) => Ok(Response::json(&row(&acts::one(visit, acts::parse(id)?).await?))),
        (&Method::PUT, [id]) => {
            let id = acts::parse(id)?;
            let typed: TypedEndpoint = body::json(request, JSON_LIMIT).await?;
            acts::change(visit, id, &typed).await?;
            Ok(Response::no_content())
        }
        (&Method::DELETE, [id]) => {
            acts::delete(visit, acts::parse(id)?).await?;
            Ok(Response::no_content())
        }
        (&Method::POST, [id, "secret"]) => {
            let secret = acts::renew(visit, acts::parse(id)?).await?;
            Ok(Response::json(&json!({ "secret": secret })).status(StatusCode::CREATED))
        }
        (&Method::POST, [id, "test"]) => {
            let delivery = acts::test(visit, acts::parse(id)?).await?;
            Ok(Response::json(&json!({ "delivery": delivery })).status(StatusCode::ACCEPTED))
        }
        (&Method::GET, [id, "attempts"]) => {
            let lines = acts::lines(visit, acts::parse(id)?).await?;
            let rows: Vec<Value> = lines.iter().map(line).collect();
            Ok(Response::json(&json!({ "data": rows, "next": null })))
        }
        (&Method::POST, [id, "deliveries", delivery, "again"]) => {
            acts::again(visit, acts::parse(id)?, acts::delivery(delivery)?).await?;
            Ok(Response::no_content().status(StatusCode::ACCEPTED))
        }
        (_, []) => Err(ApiError::method_not_allowed("GET, POST")),
        (_, [_]) => Err(ApiError::method_not_allowed("GET, PUT, DELETE")),
        (_, [_, "secret" | "test"] | [_, "deliveries", _, "again"]) => {
            Err(ApiError::method_not_allowed("POST"))
        }
        (_, [_, "attempts"]) => Err(ApiError::method_not_allowed("GET")),
        _ => Err(ApiError::not_found()),
    }
}

fn row(shown: &Shown) -> Value {
    let e = &shown.endpoint;
    json!({
        "id": e.id,
        "address": e.setup.address,
        "events": e.setup.events,
        "active": e.is_active(),
        "gone_at": e.gone.map(time::iso),
        "secret": { "set_at": time::iso(e.secret.at()), "ends_in": e.secret.tail() },
        "waiting": shown.waiting,
    })
}

fn line(l: &Line) -> Value {
    json!({
        "at": time::iso(l.at), "delivery": l.delivery, "type": l.kind, "attempt": l.attempt,
        "taken": l.taken, "answer": l.answer, "took_ms": l.took_ms,
    })
}
