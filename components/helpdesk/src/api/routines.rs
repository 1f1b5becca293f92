//! `/api/v1/desk/macros` and `/api/v1/desk/automations`.

use super::service::colleagues;
use crate::input::routine::{ReadAutomation, ReadMacro, TypedAutomation, TypedMacro, steps};
use crate::refusal::refused;
use crate::visit::Visit;
use http::{Method, StatusCode};
use mostek_api::routines as wire;
use mostek_helpdesk::automation;
use mostek_helpdesk::routine::{self, Automation, Fact, Macro};
use mostek_people::audit::Act;
use mostek_ports::World;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::paging::listed;
use mostek_web::{ApiError, Request, Response};

/// `None` for paths that are not of here.
pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Option<Result<Response, ApiError>> {
    let (get, post) = (request.method == Method::GET, request.method == Method::POST);
    let answer = match rest {
        ["macros"] if get => macros(visit).await,
        ["automations"] if get => automations(visit).await,
        ["macros"] if post => add_macro(visit, request).await,
        ["automations"] if post => add_automation(visit, request).await,
        ["automations", "preview"] if post => preview(visit, request).await,
        _ => return None,
    };
    Some(answer)
}

async fn macros<W: World>(visit: &Visit<'_, W>) -> Result<Response, ApiError> {
    let all = routine::read(visit.world, visit.company()).await?.state;
    let one = |m: &Macro| wire::Macro {
        id: m.id,
        name: m.name.to_string(),
        steps: steps(&m.steps),
        archived: m.archived,
    };
    Ok(Response::json(&listed(all.macros().map(one).collect(), None)))
}

async fn automations<W: World>(visit: &Visit<'_, W>) -> Result<Response, ApiError> {
    let all = routine::read(visit.world, visit.company()).await?.state;
    Ok(Response::json(&listed(all.automations.iter().map(automation).collect(), None)))
}

fn automation(a: &Automation) -> wire::Automation {
    let c = &a.conditions;
    wire::Automation {
        id: a.id,
        name: a.name.to_string(),
        statuses: c.statuses.iter().map(|s| (*s).into()).collect(),
        queue: c.queue,
        category: c.category,
        source: c.source.clone(),
        priority: c.priority.map(Into::into),
        tag: c.tag,
        customer_silent_hours: c.customer_silent,
        answered_before_hours: c.answered_before,
        opened_before_hours: c.opened_before,
        steps: steps(&a.steps),
        on: a.on,
    }
}

async fn add_macro<W: World>(visit: &Visit<'_, W>, request: &mut Request) -> Result<Response, ApiError> {
    let typed: TypedMacro = body::json(request, JSON_LIMIT).await?;
    let it = typed.read(&colleagues(visit), visit.world.random())?;
    let id = it.id;
    put(visit, Fact::Macro { it }).await?;
    Ok(Response::json(&wire::SavedMacro { id }).status(StatusCode::CREATED))
}

async fn add_automation<W: World>(visit: &Visit<'_, W>, request: &mut Request) -> Result<Response, ApiError> {
    let typed: TypedAutomation = body::json(request, JSON_LIMIT).await?;
    let it = typed.read(&colleagues(visit), visit.world.random())?;
    let id = it.id;
    put(visit, Fact::Automation { it }).await?;
    Ok(Response::json(&wire::SavedAutomation { id }).status(StatusCode::CREATED))
}

/// Which tickets would match now.
async fn preview<W: World>(visit: &Visit<'_, W>, request: &mut Request) -> Result<Response, ApiError> {
    let typed: TypedAutomation = body::json(request, JSON_LIMIT).await?;
    let (found, complete) = automation::preview(visit.world, visit.company(), &typed.conditions()?).await?;
    let data = found.iter().map(super::tickets::summary).collect();
    Ok(Response::json(&wire::Preview { data, complete }))
}

/// Adds or changes a macro or an automation.
///
/// # Errors
/// As the use case.
pub(crate) async fn put<W: World>(visit: &Visit<'_, W>, fact: Fact) -> Result<(), ApiError> {
    let act = match &fact {
        Fact::Macro { it } => {
            Act::new("macro-saved", "macro", it.id).detail("name", &it.name).detail("archived", it.archived)
        }
        Fact::Automation { it } => Act::new("automation-saved", "automation", it.id)
            .detail("name", &it.name)
            .detail("started", it.on),
    };
    routine::put(visit.world, visit.company(), visit.actor(), fact).await.map_err(refused)?;
    visit.audit(act).await;
    Ok(())
}
