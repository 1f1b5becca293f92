//! `/api/v1/desk/macros` and `/api/v1/desk/automations`.

use super::created;
use super::service::colleagues;
use crate::input::routine::{TypedAutomation, TypedMacro, steps};
use crate::refusal::refused;
use crate::visit::Visit;
use http::Method;
use mostek_domain::Capability;
use mostek_helpdesk::automation;
use mostek_helpdesk::routine::{self, Automation, Fact, Macro};
use mostek_people::audit::Act;
use mostek_ports::World;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::{ApiError, Request, Response};
use serde_json::{Value, json};

/// Reading macros is for whoever works with tickets, all else for administrators. `None` for paths that are not of here.
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
        ["macros" | "automations"] => Err(ApiError::method_not_allowed("GET, POST")),
        ["automations", "preview"] => Err(ApiError::method_not_allowed("POST")),
        _ => return None,
    };
    Some(answer)
}

async fn macros<W: World>(visit: &Visit<'_, W>) -> Result<Response, ApiError> {
    if !visit.session.access.is_administrator() {
        visit.session.require(Capability::Helpdesk)?;
    }
    let all = routine::read(visit.world, visit.company()).await?.state;
    let one =
        |m: &Macro| json!({ "id": m.id, "name": m.name, "steps": steps(&m.steps), "archived": m.archived });
    Ok(Response::json(&json!({ "data": all.macros().map(one).collect::<Vec<_>>(), "next": null })))
}

async fn automations<W: World>(visit: &Visit<'_, W>) -> Result<Response, ApiError> {
    visit.session.require_administrator()?;
    let all = routine::read(visit.world, visit.company()).await?.state;
    let data: Vec<Value> = all.automations.iter().map(automation).collect();
    Ok(Response::json(&json!({ "data": data, "next": null })))
}

fn automation(a: &Automation) -> Value {
    let c = &a.conditions;
    json!({
        "id": a.id,
        "name": a.name,
        "statuses": c.statuses.iter().map(|s| s.slug()).collect::<Vec<_>>(),
        "queue": c.queue,
        "category": c.category,
        "source": c.source,
        "customer_silent_hours": c.customer_silent,
        "answered_before_hours": c.answered_before,
        "opened_before_hours": c.opened_before,
        "steps": steps(&a.steps),
        "on": a.on,
    })
}

async fn add_macro<W: World>(visit: &Visit<'_, W>, request: &mut Request) -> Result<Response, ApiError> {
    visit.session.require_administrator()?;
    let typed: TypedMacro = body::json(request, JSON_LIMIT).await?;
    let it = typed.read(&colleagues(visit), visit.world.random())?;
    let id = it.id;
    put(visit, Fact::Macro { it }).await?;
    Ok(created(&json!({ "id": id })))
}

async fn add_automation<W: World>(visit: &Visit<'_, W>, request: &mut Request) -> Result<Response, ApiError> {
    visit.session.require_administrator()?;
    let typed: TypedAutomation = body::json(request, JSON_LIMIT).await?;
    let it = typed.read(&colleagues(visit), visit.world.random())?;
    let id = it.id;
    put(visit, Fact::Automation { it }).await?;
    Ok(created(&json!({ "id": id })))
}

/// Which tickets would match now.
async fn preview<W: World>(visit: &Visit<'_, W>, request: &mut Request) -> Result<Response, ApiError> {
    visit.session.require_administrator()?;
    let typed: TypedAutomation = body::json(request, JSON_LIMIT).await?;
    let (found, all) = automation::preview(visit.world, visit.company(), &typed.conditions()?).await?;
    let data: Vec<Value> = found.iter().map(super::tickets::summary).collect();
    Ok(Response::json(&json!({ "data": data, "complete": all })))
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
