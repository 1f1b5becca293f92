//! `/api/v1/tickets/views`: saved views of the ticket list.

use crate::input::id;
use crate::refusal::{self, refused};
use crate::visit::Visit;
use http::{Method, StatusCode};
use mostek_api::tickets::{AddedTicketView, TicketView};
use mostek_domain::{Label, ViewId};
use mostek_helpdesk::desk::random_bits;
use mostek_helpdesk::views::{self, View};
use mostek_people::audit::Act;
use mostek_ports::World;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::paging::listed;
use mostek_web::{ApiError, Request, Response};

/// Filters of the list that a view may keep, in the order of the address.
pub(crate) const FILTERS: [&str; 10] = [
    "status",
    "assignee",
    "priority",
    "tag",
    "sub_status",
    "source",
    "queue",
    "category",
    "needs_decision",
    "due",
];

/// A view as it was typed or sent.
pub(crate) use mostek_api::tickets::NewTicketView as Typed;

pub(super) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, []) => {
            let all = views::read(visit.world, visit.company()).await?.state;
            Ok(Response::json(&listed(all.of(visit.session.employee).into_iter().map(row).collect(), None)))
        }
        (&Method::POST, []) => {
            let typed: Typed = body::json(request, JSON_LIMIT).await?;
            let added = AddedTicketView { id: save(visit, &typed).await? };
            Ok(Response::json(&added).status(StatusCode::CREATED))
        }
        (&Method::DELETE, [view]) => {
            remove(visit, id("view", view, ViewId::parse).map_err(|_| ApiError::not_found())?).await?;
            Ok(Response::no_content())
        }
        _ => Err(ApiError::unrouted()),
    }
}

fn row(view: &View) -> TicketView {
    TicketView {
        id: view.id,
        name: view.name.to_string(),
        shared: view.owner.is_none(),
        filters: view.filters.iter().cloned().collect(),
    }
}

/// Saves a view and gives its id.
///
/// # Errors
/// 403 for a shared one, unless by an administrator; 422; 409 if there are too many; the store's.
pub(crate) async fn save<W: World>(visit: &Visit<'_, W>, typed: &Typed) -> Result<ViewId, ApiError> {
    if typed.shared {
        visit.session.require_administrator()?;
    }
    let name = Label::parse(&typed.name).map_err(|e| ApiError::bad_field("name", refusal::name(e)))?;
    if typed.filters.keys().any(|k| !FILTERS.contains(&k.as_str())) {
        return Err(ApiError::bad_field("filters", "helpdesk-unknown-choice"));
    }
    let given = |name: &&str| typed.filters.get(*name).filter(|v| !v.is_empty()).cloned();
    let filters = FILTERS.iter().filter_map(|n| Some(((*n).to_owned(), given(n)?))).collect();
    let id = ViewId::from_random(random_bits(visit.world.random()));
    let owner = (!typed.shared).then_some(visit.session.employee);
    views::save(visit.world, visit.company(), visit.actor(), id, name, owner, filters)
        .await
        .map_err(refused)?;
    visit.audit(Act::new("view-saved", "view", id).detail("name", typed.name.trim())).await;
    Ok(id)
}

/// Removes a view: one's own, or as an administrator a shared one.
///
/// # Errors
/// 404; the store's.
pub(crate) async fn remove<W: World>(visit: &Visit<'_, W>, id: ViewId) -> Result<(), ApiError> {
    let administrator = visit.session.access.is_administrator();
    let me = visit.session.employee;
    let may = |v: &View| v.owner.map_or(administrator, |o| o == me);
    views::remove(visit.world, visit.company(), visit.actor(), id, may).await.map_err(refused)?;
    visit.audit(Act::new("view-removed", "view", id)).await;
    Ok(())
}
