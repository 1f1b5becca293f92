//! `/api/v1/reports`: `tickets` with the parameters of [`crate::input::report`].

use crate::input::report::asked;
use crate::visit::Visit;
use http::Method;
use mostek_domain::report::{Durations, LIMITS, Report};
use mostek_helpdesk::reports;
use mostek_ports::World;
use mostek_web::{ApiError, Request, Response, time};
use serde_json::{Value, json};

pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, ["tickets"]) => tickets(visit, request).await,
        (_, ["tickets"]) => Err(ApiError::method_not_allowed("GET")),
        _ => Err(ApiError::not_found()),
    }
}

async fn tickets<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let asked = asked(request, visit.now())?;
    let fresh = reports::report(visit.world, visit.company(), &asked.midnights, &asked.wanted).await?;
    Ok(Response::json(&json!({
        "from": asked.midnights.first().map(|m| time::iso(*m)),
        "to": asked.midnights.last().map(|m| time::iso(*m)),
        "source": asked.wanted.source,
        "queue": asked.wanted.queue,
        "behind": fresh.behind,
        "tickets": fresh.report.tickets,
        "days": days(&fresh.report),
        "first_response": durations(&fresh.report.first_response),
        "resolution": durations(&fresh.report.resolution),
        "agents": agents(visit, &fresh.report),
    })))
}

fn days(report: &Report) -> Vec<Value> {
    let day = |d: &mostek_domain::report::Day| json!({ "date": time::input_date(d.from), "tickets": d.total(), "by_source": d.tickets });
    report.days.iter().map(day).collect()
}

fn durations(d: &Durations) -> Value {
    let seconds = |d: Option<std::time::Duration>| d.map(|d| d.as_secs());
    let within =
        |(limit, count): (std::time::Duration, u64)| json!({ "seconds": limit.as_secs(), "tickets": count });
    json!({
        "tickets": d.count,
        "median_seconds": seconds(d.median),
        "p90_seconds": seconds(d.ninetieth),
        "within": LIMITS.into_iter().zip(d.within).map(within).collect::<Vec<_>>(),
    })
}

fn agents<W: World>(visit: &Visit<'_, W>, report: &Report) -> Vec<Value> {
    let agent = |a: &mostek_domain::report::Agent| {
        json!({
            "employee": a.employee,
            "name": visit.employee_name(a.employee),
            "answered_first": a.answered_first,
            "replies": a.replies,
            "closed": a.closed,
            "first_response": durations(&a.first_response),
        })
    };
    report.agents.iter().map(agent).collect()
}
