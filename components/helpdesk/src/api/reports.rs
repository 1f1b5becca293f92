//! `/api/v1/reports`: `tickets` with the parameters of [`crate::input::report`].

use crate::input::report::asked;
use crate::visit::Visit;
use http::Method;
use mostek_api::reports as wire;
use mostek_domain::report::{Agent, Day, Durations, LIMITS, Report};
use mostek_helpdesk::reports;
use mostek_ports::World;
use mostek_web::{ApiError, Request, Response, time};
use std::time::Duration;

pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, ["tickets"]) => tickets(visit, request).await,
        _ => Err(ApiError::unrouted()),
    }
}

async fn tickets<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let asked = asked(request, visit.now())?;
    let fresh = reports::report(visit.world, visit.company(), &asked.midnights, &asked.wanted).await?;
    Ok(Response::json(&wire::TicketReport {
        from: super::moment(asked.midnights.first().copied()),
        to: super::moment(asked.midnights.last().copied()),
        source: asked.wanted.source,
        queue: asked.wanted.queue,
        behind: fresh.behind,
        tickets: fresh.report.tickets,
        days: fresh.report.days.iter().map(day).collect(),
        first_response: durations(&fresh.report.first_response),
        resolution: durations(&fresh.report.resolution),
        agents: agents(visit, &fresh.report),
    }))
}

fn day(d: &Day) -> wire::ReportDay {
    wire::ReportDay {
        date: time::input_date(d.from),
        tickets: d.total(),
        by_source: d.tickets.clone(),
        median_first_response_seconds: d.first_response.median.map(|m| m.as_secs()),
        median_resolution_seconds: d.resolution.median.map(|m| m.as_secs()),
    }
}

fn durations(d: &Durations) -> wire::Durations {
    let within = |(limit, tickets): (Duration, u64)| wire::Within { seconds: limit.as_secs(), tickets };
    wire::Durations {
        tickets: d.count,
        median_seconds: d.median.map(|d| d.as_secs()),
        p90_seconds: d.ninetieth.map(|d| d.as_secs()),
        within: LIMITS.into_iter().zip(d.within).map(within).collect(),
    }
}

fn agents<W: World>(visit: &Visit<'_, W>, report: &Report) -> Vec<wire::Agent> {
    let agent = |a: &Agent| wire::Agent {
        employee: a.employee,
        name: visit.employee_name(a.employee),
        answered_first: a.answered_first,
        replies: a.replies,
        closed: a.closed,
        first_response: durations(&a.first_response),
        resolution: durations(&a.resolution),
    };
    report.agents.iter().map(agent).collect()
}
