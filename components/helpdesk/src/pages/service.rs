//! `/settings/helpdesk/hours` and `/settings/helpdesk/service`: when the desk is open, and how each queue works (H13).

use super::setup::{Check, Form, Group, HOME, Row, Setup, Typed};
use super::{Wrong, form, is_theirs};
use crate::api::service as acts;
use crate::fields::Fields;
use crate::input::service::{self, DAYS, ReadHours, ReadQueue};
use crate::visit::Visit;
use http::Method;
use mostek_domain::{Calendar, Language, QueueId};
use mostek_helpdesk::desk;
use mostek_helpdesk::policy::{self, Assignment, Policy, QueuePolicy};
use mostek_people::gate::Visitor;
use mostek_ports::World;
use mostek_web::ui::{Choice, Field};
use mostek_web::{ApiError, Flash, Request, Response, Speak, Text, time};

/// `/settings/helpdesk/hours`.
pub(super) async fn hours<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let (typed, wrong) = match request.method {
        Method::GET => (None, Wrong::default()),
        Method::POST => {
            let form = form(visitor, request).await?;
            let done = match service::Hours::of(&form).read() {
                Ok(hours) => acts::set_hours(visit, hours).await,
                Err(e) => Err(e),
            };
            match done {
                Ok(()) => {
                    return Ok(Flash::success("service-hours-saved")
                        .on(Response::redirect(&format!("{HOME}/hours"))));
                }
                Err(e) if is_theirs(&e) => (Some(form), Wrong(Some(e))),
                Err(e) => return Err(e),
            }
        }
        _ => return Err(ApiError::method_not_allowed("GET, POST")),
    };
    let policy = policy::read(visit.world, visit.company()).await?.state;
    let l = visit.language();
    // Until somebody has set hours the form suggests an office's.
    let suggestion = if policy.has_hours() { policy.company_hours() } else { Calendar::office() };
    let fields = typed.unwrap_or_else(|| Fields(service::hours_fields(&suggestion)));
    let typed = Typed { language: l, fields: &fields, wrong: &wrong };
    let mut page = Setup::new(visit, "hours", &wrong, &shown());
    page.note = Some(state(l, visit, &policy));
    page.form = Some(Form {
        title: l.t("service-hours-title"),
        about: l.t("service-hours-about"),
        action: format!("{HOME}/hours"),
        groups: week(&typed),
        ..Form::default()
    });
    page.show(visit, request, &wrong)
}

/// Names of the fields that show what is wrong with them.
fn shown() -> Vec<&'static str> {
    let others =
        ["exceptions", "first_hours", "first_minutes", "next_hours", "next_minutes", "limit", "member"];
    DAYS.into_iter().chain(others).collect()
}

/// Whether it is open now, and if not when it will be.
fn state<W: World>(l: Language, visit: &Visit<'_, W>, policy: &Policy) -> String {
    if !policy.has_hours() {
        return l.t("service-hours-unset");
    }
    let (hours, now) = (policy.company_hours(), visit.now());
    match hours.next_opening(now) {
        Some(at) if at == now => l.t("service-open-now"),
        Some(at) => l.with("service-opens", "when", time::absolute(l, at)),
        None => l.t("service-never-opens"),
    }
}

/// The fields of hours.
fn week(typed: &Typed<'_>) -> Vec<Group> {
    let l = typed.language;
    let day = |name: &'static str| {
        typed
            .line(name, &format!("service-day-{name}"))
            .with("placeholder", "8:00-16:00")
            .with("maxlength", "100")
            .html()
    };
    let exceptions = typed
        .field(Field::area(l, "exceptions", "service-exceptions"), "exceptions")
        .hint("service-exceptions-hint")
        .with("rows", "4");
    let holidays = typed.fields.get("polish_holidays") == "yes";
    vec![
        Group {
            title: l.t("service-week"),
            hint: l.t("service-week-hint"),
            fields: DAYS.into_iter().map(day).collect(),
            ..Group::default()
        },
        Group {
            title: l.t("service-other-days"),
            wide: vec![
                Field::checkbox(l, "polish_holidays", "service-polish-holidays", holidays)
                    .hint("service-polish-holidays-hint")
                    .html(),
                exceptions.html(),
            ],
            ..Group::default()
        },
    ]
}

/// `/settings/helpdesk/service`: the queues, and one of them.
pub(super) async fn queues<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
    queue: Option<&str>,
) -> Result<Response, ApiError> {
    let Some(queue) = queue else {
        return match request.method {
            Method::GET => list(visit, request).await,
            _ => Err(ApiError::method_not_allowed("GET")),
        };
    };
    let queue = QueueId::parse(queue).map_err(|_| ApiError::not_found())?;
    let (typed, wrong) = match request.method {
        Method::GET => (None, Wrong::default()),
        Method::POST => {
            let form = form(visitor, request).await?;
            let ways = service::Queue::of(&form).and_then(|q| q.read(&acts::colleagues(visit)));
            let done = match ways {
                Ok(ways) => acts::set_queue(visit, queue, ways).await,
                Err(e) => Err(e),
            };
            match done {
                Ok(()) => {
                    return Ok(Flash::success("service-queue-saved")
                        .on(Response::redirect(&format!("{HOME}/service"))));
                }
                Err(e) if is_theirs(&e) => (Some(form), Wrong(Some(e))),
                Err(e) => return Err(e),
            }
        }
        _ => return Err(ApiError::method_not_allowed("GET, POST")),
    };
    one(visit, request, queue, typed, wrong).await
}

async fn list<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let l = visit.language();
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let policy = policy::read(visit.world, visit.company()).await?.state;
    let wrong = Wrong::default();
    let mut page = Setup::new(visit, "service", &wrong, &[]);
    page.about = Some(l.t(if desk.queues.is_empty() { "service-no-queues" } else { "service-queues-about" }));
    page.rows = desk
        .queues
        .iter()
        .filter(|q| !q.archived)
        .map(|q| Row {
            href: format!("{HOME}/service/{}", q.id),
            label: q.name.to_string(),
            badge: None,
            text: summary(l, &policy.queue(q.id)),
        })
        .collect();
    page.show(visit, request, &wrong)
}

/// What is set for a queue, in one line.
fn summary(l: Language, ways: &QueuePolicy) -> String {
    let hours = if ways.hours.is_some() { "service-hours-own" } else { "service-hours-company" };
    let answer = |key: &str, minutes: Option<u32>| match minutes {
        Some(m) => l.with(key, "time", duration(l, m)),
        None => String::new(),
    };
    let assignment = match &ways.assignment {
        Assignment::Nobody => l.t("service-assignment-nobody"),
        Assignment::RoundRobin { members, .. } => {
            l.n("service-assignment-members", i64::try_from(members.len()).unwrap_or(i64::MAX))
        }
    };
    let deadline = if ways.sla == policy::Sla::default() { l.t("service-sla-none") } else { String::new() };
    [
        l.t(hours),
        answer("service-sla-first", ways.sla.first),
        answer("service-sla-next", ways.sla.next),
        deadline,
        assignment,
    ]
    .into_iter()
    .filter(|t| !t.is_empty())
    .collect::<Vec<_>>()
    .join(" · ")
}

/// Minutes as people say them: `2 h 30 min`.
fn duration(l: Language, minutes: u32) -> String {
    let (h, m) = (minutes / 60, minutes % 60);
    let part = |key: &str, n: u32| l.with(key, "count", i64::from(n));
    match (h, m) {
        (0, m) => part("service-minutes", m),
        (h, 0) => part("service-hours", h),
        (h, m) => format!("{} {}", part("service-hours", h), part("service-minutes", m)),
    }
}

async fn one<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    queue: QueueId,
    typed: Option<Fields>,
    wrong: Wrong,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let name = desk.queues.iter().find(|q| q.id == queue).ok_or_else(ApiError::not_found)?.name.to_string();
    let policy = policy::read(visit.world, visit.company()).await?.state;
    let fields =
        typed.unwrap_or_else(|| Fields(service::queue_fields(&policy.queue(queue), &policy.company_hours())));
    let typed = Typed { language: l, fields: &fields, wrong: &wrong };
    let mut page = Setup::new(visit, "service", &wrong, &shown());
    page.form = Some(Form {
        title: l.with("service-queue-title", "name", name),
        about: l.t("service-queue-about"),
        action: format!("{HOME}/service/{queue}"),
        groups: groups(visit, &typed),
        back: Some(format!("{HOME}/service")),
        ..Form::default()
    });
    page.show(visit, request, &wrong)
}

fn groups<W: World>(visit: &Visit<'_, W>, typed: &Typed<'_>) -> Vec<Group> {
    let l = typed.language;
    let choice = |value: &str, label: &str| Choice::new(value, l.t(label));
    let select = |name: &'static str, label: &str, choices| {
        typed.field(Field::select(l, name, label, choices), name).html()
    };
    let mut all = vec![Group {
        title: l.t("service-sla"),
        hint: l.t("service-sla-hint"),
        fields: vec![
            typed.number("first_hours", "service-first-hours").html(),
            typed.number("first_minutes", "service-first-minutes").html(),
            typed.number("next_hours", "service-next-hours").html(),
            typed.number("next_minutes", "service-next-minutes").html(),
        ],
        ..Group::default()
    }];
    let members = typed.fields.all("member");
    let check = |(id, name): (mostek_domain::EmployeeId, String)| Check {
        name: "member",
        checked: members.contains(&id.to_string().as_str()),
        value: id.to_string(),
        label: name,
    };
    let ways =
        vec![choice("nobody", "service-assignment-nobody"), choice("round-robin", "service-assignment-rota")];
    all.push(Group {
        title: l.t("service-assignment"),
        hint: l.t("service-assignment-hint"),
        fields: vec![
            select("assignment", "service-assignment-how", ways),
            typed.number("limit", "service-limit").hint("service-limit-hint").html(),
        ],
        checks: visit.colleagues().into_iter().map(check).collect(),
        error: typed.wrong.with("member").map(|t: &Text| l.say(t)),
        ..Group::default()
    });
    let hours = vec![choice("company", "service-hours-company"), choice("own", "service-hours-own")];
    all.push(Group {
        title: l.t("service-queue-hours"),
        wide: vec![select("hours", "service-hours-which", hours)],
        ..Group::default()
    });
    all.extend(week(typed));
    all
}
