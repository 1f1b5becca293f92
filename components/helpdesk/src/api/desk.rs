//! `/api/v1/desk`: queues, categories, fields, templates.

use super::created;
use crate::input::desk::{Kind, Typed};
use crate::refusal::refused;
use crate::visit::Visit;
use http::Method;
use mostek_domain::Capability;
use mostek_helpdesk::desk::{self, Desk, Named};
use mostek_people::audit::Act;
use mostek_ports::World;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::{ApiError, Request, Response};
use serde::Serialize;
use serde_json::{Value, json};

/// Reading is for whoever works with tickets, changing for administrators.
pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    let [slug] = rest else { return Err(ApiError::not_found()) };
    let kind = Kind::from_slug(slug).ok_or_else(ApiError::not_found)?;
    match request.method {
        Method::GET => {
            if !visit.session.access.is_administrator() {
                visit.session.require(Capability::Helpdesk)?;
            }
            let desk = desk::read(visit.world, visit.company()).await?.state;
            Ok(Response::json(&json!({ "data": rows(&desk, kind), "next": null })))
        }
        Method::POST => {
            visit.session.require_administrator()?;
            let typed: Typed = body::json(request, JSON_LIMIT).await?;
            let id = put(visit, kind, &typed).await?;
            Ok(created(&json!({ "id": id })))
        }
        _ => Err(ApiError::method_not_allowed("GET, POST")),
    }
}

fn rows(desk: &Desk, kind: Kind) -> Vec<Value> {
    fn named<I: Serialize>(all: &[Named<I>]) -> Vec<Value> {
        all.iter().map(|n| json!({ "id": n.id, "name": n.name, "archived": n.archived })).collect()
    }
    match kind {
        Kind::Queue => named(&desk.queues),
        Kind::Category => named(&desk.categories),
        Kind::Field => desk
            .fields
            .iter()
            .map(|f| {
                json!({
                    "id": f.id,
                    "name": f.name,
                    "archived": f.archived,
                    "kind": f.kind.slug(),
                    "options": f.kind.options(),
                })
            })
            .collect(),
        Kind::Template => desk
            .templates
            .iter()
            .map(|t| json!({ "id": t.id, "name": t.name, "text": t.text, "archived": t.archived }))
            .collect(),
    }
}

/// Adds or changes one, and gives its id.
///
/// # Errors
/// 422; 409 if there are too many; the store's.
pub(crate) async fn put<W: World>(
    visit: &Visit<'_, W>,
    kind: Kind,
    typed: &Typed,
) -> Result<String, ApiError> {
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let (fact, id) = typed.read(kind, &desk, visit.world.random())?;
    desk::put_fact(visit.world, visit.company(), visit.actor(), fact).await.map_err(refused)?;
    let act = format!("{}-saved", kind.subject());
    visit
        .audit(
            Act::new(&act, kind.subject(), &id)
                .detail("name", typed.name.trim())
                .detail("archived", typed.archived),
        )
        .await;
    Ok(id)
}
