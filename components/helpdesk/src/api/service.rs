//! `/api/v1/desk/hours`, `/api/v1/desk/service`, `/api/v1/desk/automatic-replies`: how the desk works.

use super::moment;
use crate::input::service::{Automatic, Hours, Queue};
use crate::refusal::refused;
use crate::visit::Visit;
use http::Method;
use mostek_domain::{Calendar, Capability, QueueId};
use mostek_helpdesk::desk;
use mostek_helpdesk::policy::{self, Assignment, Policy, QueuePolicy, Rule};
use mostek_people::audit::Act;
use mostek_ports::World;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::{ApiError, Request, Response};
use serde_json::{Value, json};

/// Reading is for whoever works with tickets, changing for administrators. `None` for paths that are not of here.
pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Option<Result<Response, ApiError>> {
    let put = request.method == Method::PUT;
    let answer = match rest {
        ["hours" | "service" | "automatic-replies"] if request.method == Method::GET => {
            read(visit, rest).await
        }
        ["hours"] if put => put_hours(visit, request).await,
        ["service", queue] if put => put_queue(visit, request, queue).await,
        ["automatic-replies"] if put => put_rule(visit, request).await,
        ["hours" | "automatic-replies"] => Err(ApiError::method_not_allowed("GET, PUT")),
        ["service"] => Err(ApiError::method_not_allowed("GET")),
        ["service", _] => Err(ApiError::method_not_allowed("PUT")),
        _ => return None,
    };
    Some(answer)
}

async fn read<W: World>(visit: &Visit<'_, W>, rest: &[&str]) -> Result<Response, ApiError> {
    if !visit.session.access.is_administrator() {
        visit.session.require(Capability::Helpdesk)?;
    }
    let policy = policy::read(visit.world, visit.company()).await?.state;
    let all = match rest {
        ["hours"] => return Ok(Response::json(&hours(&policy.company_hours()))),
        ["service"] => {
            let desk = desk::read(visit.world, visit.company()).await?.state;
            desk.queues.iter().map(|q| queue(q.id, &policy)).collect::<Vec<_>>()
        }
        _ => policy.rules().map(rule).collect(),
    };
    Ok(Response::json(&json!({ "data": all, "next": null })))
}

fn hours(hours: &Calendar) -> Value {
    json!({
        "week": hours.week,
        "polish_holidays": hours.polish_holidays,
        "exceptions": hours.exceptions_text().lines().collect::<Vec<_>>(),
    })
}

fn queue(id: QueueId, policy: &Policy) -> Value {
    let ways = policy.queue(id);
    json!({
        "queue": id,
        "hours": ways.hours.as_ref().map(hours),
        "first_answer_minutes": ways.sla.first,
        "next_answer_minutes": ways.sla.next,
        "round_robin": match &ways.assignment {
            Assignment::Nobody => Value::Null,
            Assignment::RoundRobin { members, limit } => json!({ "members": members, "limit": limit }),
        },
    })
}

fn rule(r: &Rule) -> Value {
    json!({
        "connection": r.connection,
        "queue": r.queue,
        "occasion": r.occasion.slug(),
        "text": r.text,
        "delay_seconds": r.delay,
        "on": r.since.is_some(),
        "since": moment(r.since),
    })
}

async fn put_hours<W: World>(visit: &Visit<'_, W>, request: &mut Request) -> Result<Response, ApiError> {
    visit.session.require_administrator()?;
    let typed: Hours = body::json(request, JSON_LIMIT).await?;
    set_hours(visit, typed.read()?).await?;
    Ok(Response::no_content())
}

async fn put_queue<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    id: &str,
) -> Result<Response, ApiError> {
    visit.session.require_administrator()?;
    let id = QueueId::parse(id).map_err(|_| ApiError::not_found())?;
    let typed: Queue = body::json(request, JSON_LIMIT).await?;
    set_queue(visit, id, typed.read(&colleagues(visit))?).await?;
    Ok(Response::no_content())
}

async fn put_rule<W: World>(visit: &Visit<'_, W>, request: &mut Request) -> Result<Response, ApiError> {
    visit.session.require_administrator()?;
    let typed: Automatic = body::json(request, JSON_LIMIT).await?;
    let (rule, on) = typed.read()?;
    set_rule(visit, rule, on).await?;
    Ok(Response::no_content())
}

/// Who may be given tickets.
pub(crate) fn colleagues<W: World>(visit: &Visit<'_, W>) -> Vec<mostek_domain::EmployeeId> {
    visit.colleagues().into_iter().map(|(id, _)| id).collect()
}

/// Sets the company's hours.
///
/// # Errors
/// The store's.
pub(crate) async fn set_hours<W: World>(visit: &Visit<'_, W>, hours: Calendar) -> Result<(), ApiError> {
    policy::set_hours(visit.world, visit.company(), visit.actor(), hours).await.map_err(refused)?;
    visit.audit(Act::new("hours-saved", "company", visit.company())).await;
    Ok(())
}

/// Sets a queue's ways.
///
/// # Errors
/// As the use case.
pub(crate) async fn set_queue<W: World>(
    visit: &Visit<'_, W>,
    id: QueueId,
    ways: QueuePolicy,
) -> Result<(), ApiError> {
    policy::set_queue(visit.world, visit.company(), visit.actor(), id, ways).await.map_err(refused)?;
    visit.audit(Act::new("deadlines-saved", "queue", id)).await;
    Ok(())
}

/// Sets an automatic reply.
///
/// # Errors
/// As the use case.
pub(crate) async fn set_rule<W: World>(visit: &Visit<'_, W>, rule: Rule, on: bool) -> Result<(), ApiError> {
    let act = Act::new("automatic-reply-saved", "connection", rule.connection)
        .detail("queue", rule.queue)
        .detail("started", on);
    policy::set_rule(visit.world, visit.company(), visit.actor(), rule, on).await.map_err(refused)?;
    visit.audit(act).await;
    Ok(())
}
