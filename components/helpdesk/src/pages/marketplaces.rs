//! `/settings/marketplaces`: connections (H1, H2, H4).

use super::{Wrong, bits, done, form, is_theirs, words};
use crate::api::desk as desk_acts;
use crate::api::marketplaces::{self as acts, State};
use crate::fields::Fields;
use crate::input::connection::{Read, TypedAccess, TypedSetup};
use crate::input::desk::{Kind, Typed};
use crate::visit::Visit;
use askama::Template;
use futures::future::try_join;
use http::{Method, StatusCode};
use mostek_connectors::registry::ANY;
use mostek_connectors::{ConnectionTest, Registry};
use mostek_domain::{ConnectionId, FieldId, Language, Timestamp};
use mostek_helpdesk::connection::{
    self, Command, Connection, DEFAULT_LINK, LONGEST_INTERVAL, Progress, SHORTEST_INTERVAL,
};
use mostek_helpdesk::desk;
use mostek_helpdesk::webhooks::source;
use mostek_people::gate::Visitor;
use mostek_ports::World;
use mostek_web::ui::{self, Choice, Confirm, EmptyState, Field};
use mostek_web::{ApiError, Flash, Page, Request, Response, SafeHtml, Speak, Text, Tone, time};

const HOME: &str = "/settings/marketplaces";
/// The choice that makes a queue or field on the way.
const NEW: &str = "new";

/// `/settings/marketplaces`.
pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, []) => list(visit, request).await,
        (&Method::GET, ["new"]) => {
            access_page(visit, request, None, TypedAccess::default(), None, Wrong::default())
        }
        (&Method::POST, ["new"]) => {
            let form = form(visitor, request).await?;
            try_key(visit, request, None, &form).await
        }
        (&Method::GET, [id]) => one(visit, request, acts::parse(id)?, None, Wrong::default()).await,
        (&Method::POST, [id]) => {
            let (id, form) = (acts::parse(id)?, form(visitor, request).await?);
            save(visit, request, id, &form).await
        }
        (&Method::GET, [id, "key"]) => {
            let (connection, _) = acts::one(visit, acts::parse(id)?).await?;
            access_page(visit, request, Some(&connection), TypedAccess::default(), None, Wrong::default())
        }
        (&Method::POST, [id, "key"]) => {
            let (id, form) = (acts::parse(id)?, form(visitor, request).await?);
            try_key(visit, request, Some(id), &form).await
        }
        (&Method::GET, [id, "delete"]) => ask_deletion(visit, request, acts::parse(id)?).await,
        (&Method::POST, [id, what]) => {
            let id = acts::parse(id)?;
            form(visitor, request).await?;
            let back = format!("{HOME}/{id}");
            match *what {
                "start" => {
                    done(acts::command(visit, id, Command::Start).await, "helpdesk-connection-started", &back)
                }
                "stop" => {
                    done(acts::command(visit, id, Command::Stop).await, "helpdesk-connection-stopped", &back)
                }
                "delete" => {
                    done(acts::command(visit, id, Command::Delete).await, "helpdesk-connection-deleted", HOME)
                }
                "poll" => poll(visit, id, &back).await,
                _ => Err(ApiError::not_found()),
            }
        }
        _ => Err(ApiError::no_route(request)),
    }
}

/// What the list and a connection's page say about its work.
struct Work {
    badge: SafeHtml,
    /// What to do about it, if something.
    advice: Option<String>,
    last_success: Option<Timestamp>,
    last_error: Option<(Timestamp, String)>,
    taken: String,
    next: Option<Timestamp>,
}

fn work(language: Language, now: Timestamp, c: &Connection, p: &Progress) -> Work {
    let state = State::of(c, p, now);
    let tone = match state {
        State::Running => "success",
        State::Stopped => "neutral",
        State::Throttled(_) => "warning",
        State::NeedsAuthentication => "danger",
    };
    let advice = match state {
        State::Throttled(until) => Some(language.with("helpdesk-connection-throttled-until", "when", until)),
        State::NeedsAuthentication => {
            let why = c.refused.clone().unwrap_or_default();
            Some(language.with("helpdesk-connection-refused-text", "why", &why))
        }
        State::Stopped if c.setup.is_none() => Some(language.t("helpdesk-connection-unsaved")),
        State::Stopped | State::Running => None,
    };
    Work {
        badge: ui::badge(tone, &language.t(&format!("helpdesk-run-{}", state.slug()))),
        advice,
        last_success: p.last_success,
        // An error that was got over is history.
        last_error: p
            .last_error()
            .filter(|(at, _)| p.last_success.is_none_or(|s| s < *at))
            .map(|(at, why)| (at, language.say(&Text::from(&why)))),
        taken: language.n("helpdesk-taken", p.taken),
        next: matches!(state, State::Running).then_some(p.due).filter(|due| *due > now),
    }
}

fn name_of(c: &Connection) -> String {
    c.setup
        .as_ref()
        .map_or_else(|| c.shop_name.clone().unwrap_or_else(|| c.kind.clone()), |s| s.name.to_string())
}

#[derive(Template)]
#[template(path = "connections.html")]
struct Connections {
    language: Language,
    now: Timestamp,
    rows: Vec<Row>,
    empty: SafeHtml,
}

struct Row {
    href: String,
    name: String,
    source: String,
    shop: String,
    work: Work,
}

async fn list<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let (language, now) = (visit.language(), visit.now());
    let all = acts::all(visit).await?;
    let row = |(c, p): &(Connection, Progress)| Row {
        href: format!("{HOME}/{}", c.id),
        name: name_of(c),
        source: c.source(),
        shop: shop(c),
        work: work(language, now, c, p),
    };
    let body = Connections {
        language,
        now,
        rows: all.iter().map(row).collect(),
        empty: EmptyState::new(
            "plug",
            language.t("helpdesk-no-connection"),
            language.t("helpdesk-no-connection-text"),
        )
        .action(language.t("helpdesk-connection-add"), format!("{HOME}/new"))
        .html(),
    };
    let viewer = visit.session.viewer();
    page(visit, &viewer, language.t("helpdesk-connections-title")).wide().show(request, &body)
}

fn page<'a, W: World>(visit: &Visit<'_, W>, viewer: &'a mostek_web::Viewer, title: String) -> Page<'a> {
    Page::new(viewer, title).active("settings").crumb(visit.language().t("common-nav-settings"), "/settings")
}

fn shop(c: &Connection) -> String {
    let id = c.shop_id.map(|s| s.to_string()).unwrap_or_default();
    match c.shop_name.as_deref().map(words::line) {
        Some(name) if id.is_empty() => name,
        Some(name) => format!("{name} ({id})"),
        None => id,
    }
}

#[derive(Template)]
#[template(path = "connection_access.html")]
struct AccessPage {
    language: Language,
    csrf: String,
    title: String,
    action: String,
    back: String,
    answer: Option<String>,
    fields: Vec<SafeHtml>,
}

/// Step one: where, which shop, which key. A key that was typed is never sent back.
fn access_page<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    existing: Option<&Connection>,
    typed: TypedAccess,
    answer: Option<&Text>,
    wrong: Wrong,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let registry = Registry::default();
    let fresh = typed.kind.is_empty();
    let (kind, base, shop_id) = match existing {
        Some(c) if fresh => {
            (c.kind.clone(), c.base.to_string(), c.shop_id.map(|s| s.to_string()).unwrap_or_default())
        }
        None if fresh => {
            let first = registry.iter().next();
            let base = first.and_then(|k| k.default_base.as_ref()).map(ToString::to_string);
            (first.map(|k| k.name.clone()).unwrap_or_default(), base.unwrap_or_default(), String::new())
        }
        _ => (typed.kind, typed.base, typed.shop_id),
    };
    let kinds = registry.iter().map(|k| {
        let label = if k.name == ANY { l.t("helpdesk-kind-mirakl") } else { k.name.clone() };
        Choice::new(&k.name, label)
    });
    let key = Field::new(l, "password", "key", "helpdesk-connection-key")
        .error(wrong.with("key"))
        .with("autocomplete", "off")
        .required();
    let key = match existing {
        Some(c) => key.hint_text(key_hint(l, c)),
        None => key.hint("helpdesk-connection-key-hint"),
    };
    let (title, action, back) = match existing {
        Some(c) => {
            (l.t("helpdesk-connection-new-key"), format!("{HOME}/{}/key", c.id), format!("{HOME}/{}", c.id))
        }
        None => (l.t("helpdesk-connection-add"), format!("{HOME}/new"), HOME.to_owned()),
    };
    let status = if answer.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { wrong.status() };
    let body = AccessPage {
        language: l,
        csrf: visit.session.csrf.clone(),
        title: title.clone(),
        action,
        back,
        answer: answer.map(|t| l.say(t)),
        fields: vec![
            Field::select(l, "kind", "helpdesk-connection-kind", kinds.collect())
                .value(kind)
                .error(wrong.with("kind"))
                .html(),
            Field::new(l, "url", "base", "helpdesk-connection-base")
                .value(base)
                .hint("helpdesk-connection-base-hint")
                .error(wrong.with("base"))
                .required()
                .html(),
            Field::text(l, "shop_id", "helpdesk-connection-shop")
                .value(shop_id)
                .hint("helpdesk-connection-shop-hint")
                .error(wrong.with("shop_id"))
                .with("inputmode", "numeric")
                .html(),
            key.html(),
        ],
    };
    let viewer = visit.session.viewer();
    let page =
        page(visit, &viewer, title).crumb(l.t("helpdesk-connections-title"), HOME).show(request, &body)?;
    Ok(page.status(status))
}

/// "Set on 12.05.2026, ends in …4f2a".
fn key_hint(language: Language, c: &Connection) -> String {
    let text = match c.key.tail() {
        Some(tail) => Text::new("helpdesk-connection-key-set").with("tail", tail),
        None => Text::new("helpdesk-connection-key-set-short"),
    };
    language.say(&text.with("date", time::date(language, c.key.at())))
}

async fn try_key<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    existing: Option<ConnectionId>,
    form: &Fields,
) -> Result<Response, ApiError> {
    let connection = match existing {
        Some(id) => Some(acts::one(visit, id).await?.0),
        None => None,
    };
    let typed = TypedAccess::of_form(form);
    match acts::try_key(visit, existing, &typed).await {
        Ok((test @ ConnectionTest::Works(_), Some(id))) => {
            Ok(Flash::success(acts::sentence(&test)).on(Response::redirect(&format!("{HOME}/{id}"))))
        }
        Ok((test, _)) => {
            let answer = acts::sentence(&test);
            access_page(visit, request, connection.as_ref(), typed, Some(&answer), Wrong::default())
        }
        Err(e) if is_theirs(&e) => {
            access_page(visit, request, connection.as_ref(), typed, None, Wrong(Some(e)))
        }
        Err(e) => Err(e),
    }
}

#[derive(Template)]
#[template(path = "connection.html")]
struct ConnectionPage {
    language: Language,
    now: Timestamp,
    csrf: String,
    base: String,
    name: String,
    kind: String,
    address: String,
    shop: String,
    key: String,
    since: Option<Timestamp>,
    work: Work,
    is_saved: bool,
    is_stopped: bool,
    is_running: bool,
    wrong: Option<String>,
    fields: Vec<SafeHtml>,
    more: Vec<SafeHtml>,
}

/// Step two, and the page of a connection that is there.
async fn one<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: ConnectionId,
    typed: Option<TypedSetup>,
    wrong: Wrong,
) -> Result<Response, ApiError> {
    let (language, now) = (visit.language(), visit.now());
    let (c, progress) = acts::one(visit, id).await?;
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let id_field = id_field(visit, &c, &desk).await?;
    let typed = match typed {
        Some(typed) => typed,
        None => proposed(visit, &c, &desk, &id_field).await?,
    };
    let state = State::of(&c, &progress, now);
    let name = name_of(&c);
    let body = ConnectionPage {
        language,
        now,
        csrf: visit.session.csrf.clone(),
        base: format!("{HOME}/{id}"),
        name: name.clone(),
        kind: c.kind.clone(),
        address: c.base.to_string(),
        shop: shop(&c),
        key: key_hint(language, &c),
        since: c.since,
        work: work(language, now, &c, &progress),
        is_saved: c.setup.is_some(),
        is_stopped: state == State::Stopped,
        is_running: matches!(state, State::Running | State::Throttled(_)),
        wrong: wrong.sentence().map(|t| language.say(t)),
        fields: setup_fields(language, &c, &desk, &typed, &id_field, &wrong),
        more: polling_fields(language, &typed, &wrong),
    };
    let viewer = visit.session.viewer();
    let page = page(visit, &viewer, name)
        .crumb(language.t("helpdesk-connections-title"), HOME)
        .show(request, &body)?;
    Ok(page.status(wrong.status()))
}

/// Which field is to hold the ids of a new connection's customers.
struct IdField {
    /// One that is there; else one is made.
    there: Option<FieldId>,
    /// What a new one is called.
    name: String,
}

/// The field of another connection to the same marketplace, or one that nobody else uses: two marketplaces may well have a
/// customer 1001 each, and in one field they would be one person.
async fn id_field<W: World>(
    visit: &Visit<'_, W>,
    c: &Connection,
    desk: &desk::Desk,
) -> Result<IdField, ApiError> {
    let (all, shops) =
        try_join(connection::read(visit.world), source::of_company(visit.world, c.company)).await?;
    let others: Vec<&Connection> =
        all.state.all.values().filter(|o| o.company == c.company && o.id != c.id).collect();
    let field_of = |o: &Connection| o.setup.as_ref().and_then(|s| s.field);
    let usable = |id: &FieldId| desk.field(*id).is_some_and(|f| !f.archived && f.kind.is_text());
    let is_others = |id: FieldId| {
        others.iter().any(|o| o.base != c.base && field_of(o) == Some(id))
            || shops.iter().any(|s| s.setup.field == Some(id))
    };
    let by_kind = (c.kind != ANY).then(|| c.kind.clone());
    let named = |of: &String| visit.language().with("helpdesk-new-field-name", "kind", of);
    let names: Vec<String> = by_kind.iter().chain([&instance(c)]).map(named).collect();
    let mut same = others.iter().filter(|o| o.base == c.base).filter_map(|o| field_of(o));
    let same = same.find(|id| usable(id) && !is_others(*id));
    let called = |name: &String| desk.fields.iter().find(|f| f.name.to_string() == *name).map(|f| f.id);
    let free = names.iter().find(|name| called(name).is_none_or(|id| usable(&id) && !is_others(id)));
    let name = free.or(names.last()).cloned().unwrap_or_default();
    Ok(IdField { there: same.or_else(|| free.and_then(called)), name })
}

/// Which marketplace it is, by its address: `marketplace.example`.
fn instance(c: &Connection) -> String {
    let base = c.base.to_string();
    let rest = base.split_once("://").map_or(base.as_str(), |(_, rest)| rest);
    // Short enough for a name.
    rest.trim_end_matches('/').chars().take(60).collect()
}

/// What a form begins with: what is set, or for a new connection something sensible.
async fn proposed<W: World>(
    visit: &Visit<'_, W>,
    c: &Connection,
    desk: &desk::Desk,
    id_field: &IdField,
) -> Result<TypedSetup, ApiError> {
    if let Some(s) = &c.setup {
        return Ok(TypedSetup {
            name: s.name.to_string(),
            queue: s.queue.to_string(),
            category: s.category.map(|c| c.to_string()),
            field: s.field.map(|f| f.to_string()),
            interval: Some(s.interval),
            add_customers: s.add_customers,
            link: Some(s.link.to_string()),
            source: s.source.as_ref().map(ToString::to_string),
        });
    }
    // A second shop of a marketplace has the first one's source; another marketplace is told by its address.
    let all = connection::read(visit.world).await?.state.all;
    let same = all.values().find(|o| o.company == c.company && o.id != c.id && o.base == c.base);
    let source = (c.kind == ANY).then(|| same.map_or_else(|| instance(c), Connection::source));
    let queue = desk.queues.iter().find(|q| !q.archived);
    let of = source.clone().unwrap_or_else(|| c.kind.clone());
    Ok(TypedSetup {
        name: c.shop_name.clone().map_or_else(|| of.clone(), |shop| format!("{of} – {shop}")),
        queue: queue.map_or_else(|| NEW.to_owned(), |q| q.id.to_string()),
        category: None,
        field: Some(id_field.there.map_or_else(|| NEW.to_owned(), |f| f.to_string())),
        interval: Some(SHORTEST_INTERVAL),
        add_customers: true,
        link: Some(DEFAULT_LINK.to_owned()),
        source,
    })
}

fn setup_fields(
    l: Language,
    c: &Connection,
    desk: &desk::Desk,
    typed: &TypedSetup,
    id_field: &IdField,
    wrong: &Wrong,
) -> Vec<SafeHtml> {
    let chosen = |v: &Option<String>| v.clone().unwrap_or_default();
    let named = |id: String, name: String, archived: bool, now: &str| {
        (!archived || id == now).then(|| Choice::new(id.clone(), name))
    };
    let mut queues: Vec<Choice> = desk
        .queues
        .iter()
        .filter_map(|q| named(q.id.to_string(), q.name.to_string(), q.archived, &typed.queue))
        .collect();
    queues.push(Choice::new(NEW, l.with("helpdesk-create-queue", "name", l.t("helpdesk-new-queue-name"))));
    let category = chosen(&typed.category);
    let mut categories = vec![Choice::new("", l.t("common-none"))];
    categories.extend(
        desk.categories
            .iter()
            .filter_map(|q| named(q.id.to_string(), q.name.to_string(), q.archived, &category)),
    );
    let field = chosen(&typed.field);
    let mut fields = vec![Choice::new("", l.t("common-none"))];
    fields.extend(
        desk.fields
            .iter()
            .filter(|f| f.kind.is_text())
            .filter_map(|f| named(f.id.to_string(), f.name.to_string(), f.archived, &field)),
    );
    fields.push(Choice::new(NEW, l.with("helpdesk-create-field", "name", &id_field.name)));
    // Named marketplaces are their tickets' source; of the others somebody says which is which.
    let source = (c.kind == ANY || typed.source.is_some()).then(|| {
        Field::text(l, "source", "helpdesk-source")
            .value(typed.source.clone().unwrap_or_default())
            .hint("helpdesk-connection-source-hint")
            .error(wrong.with("source"))
            .with("maxlength", "80")
            .html()
    });
    let name = vec![
        Field::text(l, "name", "helpdesk-connection-name")
            .value(&typed.name)
            .error(wrong.with("name"))
            .with("maxlength", "80")
            .required()
            .html(),
    ];
    let rest = vec![
        Field::select(l, "queue", "helpdesk-column-queue", queues)
            .value(&typed.queue)
            .error(wrong.with("queue"))
            .html(),
        Field::select(l, "category", "helpdesk-column-category", categories)
            .value(category)
            .error(wrong.with("category"))
            .html(),
        Field::select(l, "field", "helpdesk-connection-field", fields)
            .value(field)
            .hint("helpdesk-connection-field-hint")
            .error(wrong.with("field"))
            .html(),
        Field::checkbox(l, "add_customers", "helpdesk-connection-add-customers", typed.add_customers)
            .hint("helpdesk-connection-add-customers-hint")
            .html(),
    ];
    name.into_iter().chain(source).chain(rest).collect()
}

fn polling_fields(l: Language, typed: &TypedSetup, wrong: &Wrong) -> Vec<SafeHtml> {
    vec![
        Field::new(l, "number", "interval", "helpdesk-connection-interval")
            .value(typed.interval.unwrap_or(SHORTEST_INTERVAL).to_string())
            .hint("helpdesk-connection-interval-hint")
            .error(wrong.with("interval"))
            .with("min", SHORTEST_INTERVAL.to_string())
            .with("max", LONGEST_INTERVAL.to_string())
            .required()
            .html(),
        Field::text(l, "link", "helpdesk-connection-link")
            .value(typed.link.clone().unwrap_or_default())
            .hint("helpdesk-connection-link-hint")
            .error(wrong.with("link"))
            .html(),
    ]
}

async fn save<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: ConnectionId,
    form: &Fields,
) -> Result<Response, ApiError> {
    let mut typed = TypedSetup::of_form(form);
    let start = form.get("do") == "start";
    let saved = async {
        let (c, _) = acts::one(visit, id).await?;
        // Only what else is typed may be refused from here on, so that nothing is made for a form that is shown again.
        let mut probe = typed.clone();
        let placeholder = id.to_string();
        for choice in [Some(&mut probe.queue), probe.field.as_mut()].into_iter().flatten() {
            if choice == NEW {
                choice.clone_from(&placeholder);
            }
        }
        probe.read()?;
        let l = visit.language();
        let make = |name: String| Typed { name, ..Typed::default() };
        if typed.queue == NEW {
            typed.queue = desk_acts::put(visit, Kind::Queue, &make(l.t("helpdesk-new-queue-name"))).await?;
        }
        if typed.field.as_deref() == Some(NEW) {
            let desk = desk::read(visit.world, visit.company()).await?.state;
            let name = id_field(visit, &c, &desk).await?.name;
            typed.field = Some(desk_acts::put(visit, Kind::Field, &make(name)).await?);
        }
        acts::save(visit, id, &typed, start.then(|| visit.now())).await
    }
    .await;
    let news = if start { "helpdesk-connection-saved-started" } else { "common-saved" };
    match saved {
        Ok(()) => Ok(Flash::success(news).on(Response::redirect(&format!("{HOME}/{id}")))),
        Err(e) if is_theirs(&e) => one(visit, request, id, Some(typed), Wrong(Some(e))).await,
        Err(e) => Err(e),
    }
}

async fn poll<W: World>(visit: &Visit<'_, W>, id: ConnectionId, back: &str) -> Result<Response, ApiError> {
    match acts::poll_now(visit, id).await {
        Ok(report) => {
            let flash = match report.error {
                Some(why) => Flash::new(Tone::Danger, Text::new("helpdesk-polled-error").with("why", &why)),
                None => Flash::success(Text::new("helpdesk-polled").with("count", report.messages)),
            };
            Ok(flash.on(Response::redirect(back)))
        }
        Err(e) => done(Err(e), "helpdesk-polled", back),
    }
}

async fn ask_deletion<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: ConnectionId,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let (c, _) = acts::one(visit, id).await?;
    let (action, back) = (format!("{HOME}/{id}/delete"), format!("{HOME}/{id}"));
    let question = Confirm::new(
        l,
        &Text::new("helpdesk-connection-delete-title").with("name", name_of(&c)),
        &"helpdesk-connection-delete-text".into(),
        &"helpdesk-connection-delete".into(),
        &action,
        &back,
        &visit.session.csrf,
    );
    let viewer = visit.session.viewer();
    page(visit, &viewer, l.t("helpdesk-connection-delete"))
        .crumb(l.t("helpdesk-connections-title"), HOME)
        .show_html(request, question.html())
}
