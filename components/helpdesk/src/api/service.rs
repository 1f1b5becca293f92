//! `/api/v1/desk/hours`, `/api/v1/desk/service`, `/api/v1/desk/automatic-replies`: how the desk works.

use super::moment;
use crate::input::service::{Automatic, Hours, Queue, ReadAutomatic, ReadHours, ReadQueue};
use crate::refusal::refused;
use crate::visit::Visit;
use http::Method;
use mostek_api::service as wire;
use mostek_domain::{Calendar, QueueId};
use mostek_helpdesk::desk;
use mostek_helpdesk::policy::{self, Assignment, Policy, QueuePolicy, Rule};
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
    let put = request.method == Method::PUT;
    let answer = match rest {
        ["hours" | "service" | "automatic-replies"] if request.method == Method::GET => {
            read(visit, rest).await
        }
        ["hours"] if put => put_hours(visit, request).await,
        ["service", queue] if put => put_queue(visit, request, queue).await,
        ["automatic-replies"] if put => put_rule(visit, request).await,
        _ => return None,
    };
    Some(answer)
}

async fn read<W: World>(visit: &Visit<'_, W>, rest: &[&str]) -> Result<Response, ApiError> {
    let policy = policy::read(visit.world, visit.company()).await?.state;
    Ok(match rest {
        ["hours"] => Response::json(&hours(&policy.company_hours())),
        ["service"] => {
            let desk = desk::read(visit.world, visit.company()).await?.state;
            Response::json(&listed(desk.queues.iter().map(|q| queue(q.id, &policy)).collect(), None))
        }
        _ => Response::json(&listed(policy.rules().map(rule).collect(), None)),
    })
}

fn hours(hours: &Calendar) -> wire::Hours {
    wire::Hours {
        week: hours.week.iter().map(ToString::to_string).collect(),
        polish_holidays: hours.polish_holidays,
        exceptions: hours.exceptions_text().lines().map(str::to_owned).collect(),
    }
}

fn queue(id: QueueId, policy: &Policy) -> wire::QueueWays {
    let ways = policy.queue(id);
    wire::QueueWays {
        queue: id,
        hours: ways.hours.as_ref().map(hours),
        first_answer_minutes: ways.sla.first,
        next_answer_minutes: ways.sla.next,
        round_robin: match &ways.assignment {
            Assignment::Nobody => None,
            Assignment::RoundRobin { members, limit } => {
                Some(wire::RoundRobin { members: members.clone(), limit: *limit })
            }
        },
    }
}

fn rule(r: &Rule) -> wire::AutomaticReply {
    wire::AutomaticReply {
        connection: r.connection,
        queue: r.queue,
        occasion: r.occasion.slug().to_owned(),
        text: r.text.clone(),
        delay_seconds: r.delay,
        on: r.since.is_some(),
        since: moment(r.since),
    }
}

async fn put_hours<W: World>(visit: &Visit<'_, W>, request: &mut Request) -> Result<Response, ApiError> {
    let typed: Hours = body::json(request, JSON_LIMIT).await?;
    set_hours(visit, typed.read()?).await?;
    Ok(Response::no_content())
}

async fn put_queue<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    id: &str,
) -> Result<Response, ApiError> {
    let id = QueueId::parse(id).map_err(|_| ApiError::not_found())?;
    let typed: Queue = body::json(request, JSON_LIMIT).await?;
    set_queue(visit, id, typed.read(&colleagues(visit))?).await?;
    Ok(Response::no_content())
}

async fn put_rule<W: World>(visit: &Visit<'_, W>, request: &mut Request) -> Result<Response, ApiError> {
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
    visit.audit(Act::new("queue-ways-saved", "queue", id)).await;
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
