//! `/api/v1/desk`: queues, categories, tags, sub-statuses, fields, templates.

use crate::input::desk::{Kind, ReadThing, Typed};
use crate::refusal::refused;
use crate::visit::Visit;
use http::Method;
use mostek_api::desk::{DeskThing, FieldKind as Kinds, SavedDeskThing};
use mostek_domain::FieldKind;
use mostek_helpdesk::desk::{self, Desk, Field, Named, SubStatus, Tag};
use mostek_people::audit::Act;
use mostek_ports::World;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::paging::listed;
use mostek_web::{ApiError, Request, Response};

pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    if let Some(answer) = super::service::route(visit, request, rest).await {
        return answer;
    }
    if let Some(answer) = super::routines::route(visit, request, rest).await {
        return answer;
    }
    let [slug, rest @ ..] = rest else { return Err(ApiError::unrouted()) };
    let kind = Kind::from_slug(slug).ok_or_else(ApiError::not_found)?;
    match (&request.method, rest) {
        (&Method::GET, []) => Ok(Response::json(&listed(all(visit, kind).await?, None))),
        (&Method::GET, [id]) => Ok(Response::json(&one(visit, kind, id).await?)),
        (&Method::POST, []) => {
            let typed: Typed = body::json(request, JSON_LIMIT).await?;
            let id = put(visit, kind, &typed).await?;
            let location = format!("/api/v1/desk/{}/{id}", kind.slug());
            Ok(Response::created(&SavedDeskThing { id }, &location))
        }
        (&Method::PUT, [id]) => {
            let id = one(visit, kind, id).await?.id;
            let typed: Typed = body::json(request, JSON_LIMIT).await?;
            put(visit, kind, &Typed { id: Some(id), ..typed }).await?;
            Ok(Response::no_content())
        }
        _ => Err(ApiError::unrouted()),
    }
}

async fn all<W: World>(visit: &Visit<'_, W>, kind: Kind) -> Result<Vec<DeskThing>, ApiError> {
    Ok(rows(&desk::read(visit.world, visit.company()).await?.state, kind))
}

async fn one<W: World>(visit: &Visit<'_, W>, kind: Kind, id: &str) -> Result<DeskThing, ApiError> {
    all(visit, kind).await?.into_iter().find(|t| t.id == id).ok_or_else(ApiError::not_found)
}

fn rows(desk: &Desk, kind: Kind) -> Vec<DeskThing> {
    fn named<I: ToString>(all: &[Named<I>]) -> Vec<DeskThing> {
        let thing = |n: &Named<I>| DeskThing {
            id: n.id.to_string(),
            name: n.name.to_string(),
            text: None,
            of: None,
            field: None,
            options: None,
            archived: n.archived,
        };
        all.iter().map(thing).collect()
    }
    match kind {
        Kind::Queue => named(&desk.queues),
        Kind::Category => named(&desk.categories),
        Kind::Tag => {
            let thing = |t: &Tag| DeskThing {
                id: t.id.to_string(),
                name: t.name.to_string(),
                text: None,
                of: None,
                field: None,
                options: None,
                archived: t.archived,
            };
            desk.tags.iter().map(thing).collect()
        }
        Kind::SubStatus => {
            let thing = |s: &SubStatus| DeskThing {
                id: s.id.to_string(),
                name: s.name.to_string(),
                text: None,
                of: Some(s.of.into()),
                field: None,
                options: None,
                archived: s.archived,
            };
            desk.sub_statuses.iter().map(thing).collect()
        }
        Kind::Field => {
            let thing = |f: &Field| DeskThing {
                id: f.id.to_string(),
                name: f.name.to_string(),
                text: None,
                of: None,
                field: Some(match f.kind {
                    FieldKind::Text => Kinds::Text,
                    FieldKind::Number => Kinds::Number,
                    FieldKind::Date => Kinds::Date,
                    FieldKind::Choice { .. } => Kinds::Choice,
                }),
                options: Some(f.kind.options().iter().map(ToString::to_string).collect()),
                archived: f.archived,
            };
            desk.fields.iter().map(thing).collect()
        }
        Kind::Template => desk
            .templates
            .iter()
            .map(|t| DeskThing {
                id: t.id.to_string(),
                name: t.name.to_string(),
                text: Some(t.text.clone()),
                of: None,
                field: None,
                options: None,
                archived: t.archived,
            })
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
