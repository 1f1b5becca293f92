//! `/api/v1/webhooks/endpoints`: who is told of our events.

use super::words;
use crate::acts::endpoints::{self as acts, Shown};
use crate::input::TypedEndpoint;
use crate::visit::Visit;
use http::{Method, StatusCode};
use mostek_api::endpoints as wire;
use mostek_helpdesk::webhooks::deliver::Line;
use mostek_ports::World;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::paging::listed;
use mostek_web::{ApiError, Request, Response, time};

pub(super) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, []) => {
            let all = acts::all(visit).await?;
            Ok(Response::json(&listed(all.iter().map(row).collect(), None)))
        }
        (&Method::POST, []) => {
            let typed: TypedEndpoint = body::json(request, JSON_LIMIT).await?;
            let (id, secret) = acts::add(visit, &typed).await?;
            // The only time that the secret is shown.
            let added = wire::AddedEndpoint { id, secret };
            Ok(Response::created(&added, &format!("/api/v1/webhooks/endpoints/{id}")))
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
            Ok(Response::json(&wire::RenewedSecret { secret }).status(StatusCode::CREATED))
        }
        (&Method::POST, [id, "test"]) => {
            let delivery = acts::test(visit, acts::parse(id)?).await?;
            Ok(Response::json(&wire::TestDelivery { delivery }).status(StatusCode::CREATED))
        }
        (&Method::GET, [id, "attempts"]) => {
            let lines = acts::lines(visit, acts::parse(id)?).await?;
            Ok(Response::json(&listed(lines.iter().map(attempt).collect(), None)))
        }
        (&Method::POST, [id, "deliveries", delivery, "again"]) => {
            acts::again(visit, acts::parse(id)?, acts::delivery(delivery)?).await?;
            Ok(Response::no_content())
        }
        _ => Err(ApiError::unrouted()),
    }
}

fn row(shown: &Shown) -> wire::WebhookEndpoint {
    let e = &shown.endpoint;
    wire::WebhookEndpoint {
        id: e.id,
        address: e.setup.address.url().to_string(),
        events: e.setup.events.iter().copied().map(words::told).collect(),
        active: e.is_active(),
        gone_at: e.gone.map(time::moment),
        secret: wire::EndpointSecret {
            set_at: time::moment(e.secret.at()),
            ends_in: e.secret.tail().map(str::to_owned),
        },
        waiting: shown.waiting,
    }
}

fn attempt(l: &Line) -> wire::DeliveryAttempt {
    wire::DeliveryAttempt {
        at: time::moment(l.at),
        delivery: l.delivery,
        event_type: l.kind.clone(),
        attempt: l.attempt,
        taken: l.taken,
        answer: l.answer.clone(),
        took_ms: l.took_ms,
    }
}
