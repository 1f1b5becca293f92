//! `/settings/webhooks/endpoints`: who is told of our events.

use super::{Wrong, bits, done, is_theirs, line, page};
use crate::acts::endpoints::{self as acts, Shown};
use crate::fields::Fields;
use crate::input::TypedEndpoint;
use crate::visit::Visit;
use askama::Template;
use http::Method;
use mostek_domain::{Language, Timestamp, WebhookId};
use mostek_helpdesk::webhooks::deliver::Line;
use mostek_helpdesk::webhooks::endpoint::{Endpoint, EventKind};
use mostek_people::gate::Visitor;
use mostek_ports::World;
use mostek_web::ui::{self, Confirm, EmptyState, Field};
use mostek_web::{ApiError, Flash, Page, Request, Response, SafeHtml, Speak, Text, Tone, Viewer, time};

const HOME: &str = "/settings/webhooks/endpoints";

pub(super) async fn route<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, []) => list(visit, request).await,
        (&Method::GET, ["new"]) => new(visit, request, None, Wrong::default()),
        (&Method::POST, ["new"]) => {
            let form = Fields::read(visitor, request).await?;
            add(visit, request, &form).await
        }
        (&Method::GET, [id]) => show(visit, request, acts::parse(id)?, None, Wrong::default()).await,
        (&Method::GET, [id, "delete"]) => ask_deletion(visit, request, acts::parse(id)?).await,
        (&Method::POST, [id, what @ ..]) => {
            let (id, form) = (acts::parse(id)?, Fields::read(visitor, request).await?);
            let back = format!("{HOME}/{id}");
            match what {
                [] => change(visit, request, id, &form).await,
                ["secret"] => {
                    let secret = acts::renew(visit, id).await?;
                    shown_once(visit, request, id, secret)
                }
                ["test"] => done(acts::test(visit, id).await.map(|_| ()), "webhooks-test-sent", &back),
                ["delete"] => done(acts::delete(visit, id).await, "webhooks-endpoint-deleted", HOME),
                ["deliveries", delivery, "again"] => {
                    let sent = acts::again(visit, id, acts::delivery(delivery)?).await;
                    done(sent, "webhooks-sent-again", &back)
                }
                _ => Err(ApiError::not_found()),
            }
        }
        _ => Err(ApiError::no_route(request)),
    }
}

fn inner<'a, W: World>(visit: &Visit<'_, W>, viewer: &'a Viewer, title: String) -> Page<'a> {
    page(visit, viewer, title).crumb(visit.language().t("webhooks-endpoints"), HOME)
}

#[derive(Template)]
#[template(path = "endpoints.html")]
struct Endpoints {
    language: Language,
    rows: Vec<Row>,
    empty: SafeHtml,
}

struct Row {
    href: String,
    address: String,
    events: String,
    state: SafeHtml,
    waiting: String,
}

fn state(l: Language, e: &Endpoint) -> SafeHtml {
    let (tone, key) = match (e.gone, e.setup.active) {
        (Some(_), _) => ("danger", "webhooks-endpoint-gone"),
        (None, true) => ("success", "webhooks-on"),
        (None, false) => ("neutral", "webhooks-off"),
    };
    ui::badge(tone, &l.t(key))
}

fn host(e: &Endpoint) -> String {
    line(e.setup.address.url().host_str().unwrap_or_default())
}

async fn list<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let l = visit.language();
    let row = |s: Shown| Row {
        href: format!("{HOME}/{}", s.endpoint.id),
        address: host(&s.endpoint),
        events: s.endpoint.setup.events.iter().map(|e| e.name()).collect::<Vec<_>>().join(", "),
        state: state(l, &s.endpoint),
        waiting: l.n("webhooks-waiting", s.waiting),
    };
    let body = Endpoints {
        language: l,
        rows: acts::all(visit).await?.into_iter().map(row).collect(),
        empty: EmptyState::new("send", l.t("webhooks-no-endpoint"), l.t("webhooks-no-endpoint-text"))
            .action(l.t("webhooks-endpoint-add"), format!("{HOME}/new"))
            .html(),
    };
    let viewer = visit.session.viewer();
    page(visit, &viewer, l.t("webhooks-endpoints")).wide().show(request, &body)
}

/// Address, events, whether it is told.
fn fields(l: Language, typed: &TypedEndpoint, wrong: &Wrong) -> Vec<SafeHtml> {
    let mut all = vec![
        Field::new(l, "url", "address", "webhooks-endpoint-address")
            .value(&typed.address)
            .hint("webhooks-endpoint-address-hint")
            .error(wrong.with("address"))
            .with("maxlength", "1000")
            .required()
            .html(),
    ];
    for (i, kind) in EventKind::ALL.into_iter().enumerate() {
        let slug = kind.name().replace('.', "-");
        let chosen = typed.events.iter().any(|e| e == kind.name());
        // The sentence about a missing choice stands at the first box.
        let error = if i == 0 { wrong.with("events") } else { None };
        let field = Field::checkbox(l, format!("event-{slug}"), &format!("webhooks-event-{slug}"), chosen);
        all.push(field.error(error).html());
    }
    all.push(
        Field::checkbox(l, "active", "webhooks-endpoint-active", typed.active)
            .hint("webhooks-endpoint-active-hint")
            .html(),
    );
    all
}

fn of_form(form: &Fields) -> TypedEndpoint {
    let chosen = |k: &EventKind| form.get(&format!("event-{}", k.name().replace('.', "-"))) == "yes";
    TypedEndpoint {
        address: form.get("address").to_owned(),
        events: EventKind::ALL.into_iter().filter(chosen).map(|k| k.name().to_owned()).collect(),
        active: form.get("active") == "yes",
    }
}

#[derive(Template)]
#[template(path = "endpoint_new.html")]
struct NewPage {
    language: Language,
    csrf: String,
    wrong: Option<String>,
    fields: Vec<SafeHtml>,
}

fn new<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    typed: Option<TypedEndpoint>,
    wrong: Wrong,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let typed = typed.unwrap_or_else(|| TypedEndpoint {
        events: EventKind::ALL.iter().map(|k| k.name().to_owned()).collect(),
        active: true,
        ..TypedEndpoint::default()
    });
    let body = NewPage {
        language: l,
        csrf: visit.session.csrf.clone(),
        wrong: wrong.sentence().map(|t| l.say(t)),
        fields: fields(l, &typed, &wrong),
    };
    let viewer = visit.session.viewer();
    Ok(inner(visit, &viewer, l.t("webhooks-endpoint-add")).show(request, &body)?.status(wrong.status()))
}

async fn add<W: World>(visit: &Visit<'_, W>, request: &Request, form: &Fields) -> Result<Response, ApiError> {
    let typed = of_form(form);
    match acts::add(visit, &typed).await {
        Ok((id, secret)) => shown_once(visit, request, id, secret),
        Err(e) if is_theirs(&e) => new(visit, request, Some(typed), Wrong(Some(e))),
        Err(e) => Err(e),
    }
}

#[derive(Template)]
#[template(path = "shown_once.html")]
struct ShownOnce {
    language: Language,
    secret: String,
    back: String,
}

/// The secret, this once.
fn shown_once<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: WebhookId,
    secret: String,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let body = ShownOnce { language: l, secret, back: format!("{HOME}/{id}") };
    let viewer = visit.session.viewer();
    inner(visit, &viewer, l.t("webhooks-secret")).at(format!("{HOME}/{id}")).show(request, &body)
}

#[derive(Template)]
#[template(path = "endpoint.html")]
struct EndpointPage {
    language: Language,
    now: Timestamp,
    csrf: String,
    base: String,
    name: String,
    state: SafeHtml,
    /// What it has answered, if it wants no more.
    gone: Option<String>,
    is_active: bool,
    waiting: String,
    secret: String,
    wrong: Option<String>,
    fields: Vec<SafeHtml>,
    lines: Vec<Attempt>,
}

struct Attempt {
    at: Timestamp,
    kind: String,
    attempt: u32,
    answer: SafeHtml,
    took: String,
    /// Where it is sent once more, if it can be.
    again: Option<String>,
}

fn attempt(l: Language, base: &str, a: &Line) -> Attempt {
    let tone = if a.taken { "success" } else { "danger" };
    Attempt {
        at: a.at,
        kind: line(&a.kind),
        attempt: a.attempt,
        answer: ui::badge(tone, &line(&a.answer)),
        took: l.with("webhooks-took", "ms", a.took_ms),
        again: a.can_go_again().then(|| format!("{base}/deliveries/{}/again", a.delivery)),
    }
}

async fn show<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: WebhookId,
    typed: Option<TypedEndpoint>,
    wrong: Wrong,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let shown = acts::one(visit, id).await?;
    let e = &shown.endpoint;
    let typed = typed.unwrap_or_else(|| TypedEndpoint {
        address: e.setup.address.url().to_string(),
        events: e.setup.events.iter().map(|k| k.name().to_owned()).collect(),
        active: e.is_active(),
    });
    let base = format!("{HOME}/{id}");
    let lines = acts::lines(visit, id).await?;
    let secret = match e.secret.tail() {
        Some(tail) => Text::new("webhooks-secret-set").with("tail", tail),
        None => Text::new("webhooks-secret-set-short"),
    };
    let body = EndpointPage {
        language: l,
        now: visit.now(),
        csrf: visit.session.csrf.clone(),
        name: host(e),
        state: state(l, e),
        gone: e.gone.map(|at| l.with("webhooks-endpoint-gone-text", "when", at)),
        is_active: e.is_active(),
        waiting: l.n("webhooks-waiting", shown.waiting),
        secret: l.say(&secret.with("date", time::date(l, e.secret.at()))),
        wrong: wrong.sentence().map(|t| l.say(t)),
        fields: fields(l, &typed, &wrong),
        lines: lines.iter().map(|a| attempt(l, &base, a)).collect(),
        base,
    };
    let viewer = visit.session.viewer();
    Ok(inner(visit, &viewer, host(e)).wide().show(request, &body)?.status(wrong.status()))
}

async fn change<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: WebhookId,
    form: &Fields,
) -> Result<Response, ApiError> {
    let typed = of_form(form);
    match acts::change(visit, id, &typed).await {
        Ok(()) => Ok(Flash::success("common-saved").on(Response::redirect(&format!("{HOME}/{id}")))),
        Err(e) if is_theirs(&e) => show(visit, request, id, Some(typed), Wrong(Some(e))).await,
        Err(e) => Err(e),
    }
}

async fn ask_deletion<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: WebhookId,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let e = acts::one(visit, id).await?.endpoint;
    let (action, back) = (format!("{HOME}/{id}/delete"), format!("{HOME}/{id}"));
    let question = Confirm::new(
        l,
        &Text::new("webhooks-endpoint-delete-title").with("name", host(&e)),
        &"webhooks-endpoint-delete-text".into(),
        &"webhooks-endpoint-delete".into(),
        &action,
        &back,
        &visit.session.csrf,
    );
    let viewer = visit.session.viewer();
    inner(visit, &viewer, l.t("webhooks-endpoint-delete")).show_html(request, question.html())
}
