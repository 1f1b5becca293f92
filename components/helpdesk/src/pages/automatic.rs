//! `/settings/helpdesk/automatic`: automatic replies of each connection and queue (H17).

use super::setup::{Form, Group, HOME, Row, Setup, Typed};
use super::{Wrong, form, is_theirs};
use crate::api::service as acts;
use crate::fields::Fields;
use crate::input::service::{self, Automatic, ReadAutomatic};
use crate::visit::Visit;
use futures::future::try_join3;
use http::Method;
use mostek_domain::text::snippet;
use mostek_domain::{ConnectionId, QueueId};
use mostek_helpdesk::connection::{self, Connection};
use mostek_helpdesk::desk::{self, Desk};
use mostek_helpdesk::policy::{self, Occasion, Rule};
use mostek_people::gate::Visitor;
use mostek_ports::World;
use mostek_web::ui::{Choice, Field};
use mostek_web::{ApiError, Flash, Request, Response, Speak, time};

/// `/settings/helpdesk/automatic`; with `connection`, `queue` and `occasion` in the address that one is in the form.
pub(super) async fn route<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
) -> Result<Response, ApiError> {
    match request.method {
        Method::GET => show(visit, request, None, Wrong::default()).await,
        Method::POST => {
            let form = form(visitor, request).await?;
            let done = match Automatic::of(&form).and_then(|a| a.read()) {
                Ok((rule, on)) => acts::set_rule(visit, rule, on).await.map(|()| on),
                Err(e) => Err(e),
            };
            match done {
                Ok(on) => {
                    let news = if on { "service-automatic-saved-on" } else { "service-automatic-saved-off" };
                    Ok(Flash::success(news).on(Response::redirect(&format!("{HOME}/automatic"))))
                }
                Err(e) if is_theirs(&e) => show(visit, request, Some(form), Wrong(Some(e))).await,
                Err(e) => Err(e),
            }
        }
        _ => Err(ApiError::method_not_allowed("GET, POST")),
    }
}

async fn show<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    typed: Option<Fields>,
    wrong: Wrong,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let (desk, policy, connections) = try_join3(
        desk::read(visit.world, visit.company()),
        policy::read(visit.world, visit.company()),
        connection::read(visit.world),
    )
    .await?;
    let (desk, policy) = (desk.state, policy.state);
    let ours: Vec<Connection> =
        connections.state.all.values().filter(|c| c.company == visit.company()).cloned().collect();
    let shown = ["connection", "queue", "occasion", "delay", "text"];
    let mut page = Setup::new(visit, "automatic", &wrong, &shown);
    page.about = Some(l.t("service-automatic-about"));
    if ours.is_empty() || desk.queues.is_empty() {
        page.note = Some(l.t("service-automatic-nothing"));
        return page.show(visit, request, &wrong);
    }
    // Of connections that were deleted nothing comes any more.
    let known = |r: &&Rule| ours.iter().any(|c| c.id == r.connection);
    page.rows = policy.rules().filter(known).map(|r| row(visit, &desk, &ours, r)).collect();
    let asked = chosen(request);
    let edited = asked.and_then(|(c, q, o)| {
        policy.rules().find(|r| (r.connection, r.queue, r.occasion) == (c, q, o)).cloned()
    });
    let is_edited = edited.is_some();
    let fields = typed.unwrap_or_else(|| match edited {
        Some(rule) => Fields(service::rule_fields(&rule)),
        None => Fields(vec![("delay".into(), "1".into())]),
    });
    let typed = Typed { language: l, fields: &fields, wrong: &wrong };
    page.form = Some(Form {
        title: l.t(if is_edited { "service-automatic-edit" } else { "service-automatic-add" }),
        about: l.t("service-automatic-guards"),
        action: format!("{HOME}/automatic"),
        groups: vec![group(&typed, &desk, &ours)],
        back: is_edited.then(|| format!("{HOME}/automatic")),
        ..Form::default()
    });
    page.show(visit, request, &wrong)
}

/// The rule that the address names.
fn chosen(request: &Request) -> Option<(ConnectionId, QueueId, Occasion)> {
    Some((
        ConnectionId::parse(request.param("connection")?).ok()?,
        QueueId::parse(request.param("queue")?).ok()?,
        Occasion::from_slug(request.param("occasion")?)?,
    ))
}

fn name(c: &Connection) -> String {
    c.setup.as_ref().map_or_else(|| c.kind.clone(), |s| s.name.to_string())
}

fn row<W: World>(visit: &Visit<'_, W>, desk: &Desk, ours: &[Connection], rule: &Rule) -> Row {
    let l = visit.language();
    let connection = ours.iter().find(|c| c.id == rule.connection).map(name).unwrap_or_default();
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("connection", &rule.connection.to_string())
        .append_pair("queue", &rule.queue.to_string())
        .append_pair("occasion", rule.occasion.slug())
        .finish();
    let occasion = l.t(&format!("service-occasion-{}", rule.occasion.slug()));
    Row {
        href: format!("{HOME}/automatic?{query}"),
        label: format!("{connection} · {} · {occasion}", desk.queue_name(rule.queue)),
        badge: Some(match rule.since {
            Some(since) => {
                ("success", l.with("service-automatic-on-since", "when", time::absolute(l, since)))
            }
            None => ("neutral", l.t("service-automatic-off")),
        }),
        text: snippet(&rule.text, 160),
    }
}

fn group(typed: &Typed<'_>, desk: &Desk, ours: &[Connection]) -> Group {
    let l = typed.language;
    let select = |name: &'static str, label: &str, choices| {
        typed.field(Field::select(l, name, label, choices), name).html()
    };
    let queue = typed.fields.get("queue");
    let queues = desk
        .queues
        .iter()
        .filter(|q| !q.archived || q.id.to_string() == queue)
        .map(|q| Choice::new(q.id.to_string(), q.name.to_string()));
    let occasion = |o: Occasion| Choice::new(o.slug(), l.t(&format!("service-occasion-{}", o.slug())));
    Group {
        fields: vec![
            select(
                "connection",
                "service-connection",
                ours.iter().map(|c| Choice::new(c.id.to_string(), name(c))).collect(),
            ),
            select("queue", "helpdesk-column-queue", queues.collect()),
            select("occasion", "service-occasion", Occasion::ALL.into_iter().map(occasion).collect()),
            typed.number("delay", "service-delay").hint("service-delay-hint").html(),
        ],
        wide: vec![
            typed
                .field(Field::area(l, "text", "service-automatic-text"), "text")
                .hint("service-automatic-variables")
                .with("rows", "5")
                .with("maxlength", policy::TEXT_CHARS.to_string())
                .required()
                .html(),
            Field::checkbox(l, "on", "service-automatic-on", typed.fields.get("on") == "yes")
                .hint("service-automatic-on-hint")
                .html(),
        ],
        ..Group::default()
    }
}
