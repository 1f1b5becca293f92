//! `/settings/helpdesk`: queues, categories, tags, sub-statuses, fields of records, reply templates.

use super::{Wrong, automatic, bits, form, is_theirs, routines, service, setup, words};
use crate::api::desk as acts;
use crate::fields::Fields;
use crate::input::desk::{Kind, PARTED, Typed};
use crate::visit::Visit;
use askama::Template;
use http::Method;
use mostek_domain::ticket::StatusKind;
use mostek_domain::{FieldKind, Language};
use mostek_helpdesk::desk::{self, Desk, Named, SubStatus, Tag};
use mostek_people::gate::Visitor;
use mostek_ports::World;
use mostek_web::ui::Choice;
use mostek_web::{ApiError, Flash, Page, Request, Response, Speak, Text, Tone};

const HOME: &str = "/settings/helpdesk";

/// `/settings/helpdesk`: a tab per kind.
pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    let kind = match rest {
        [] => Kind::Queue,
        ["hours"] => return service::hours(visit, visitor, request).await,
        ["service"] => return service::queues(visit, visitor, request, None).await,
        ["service", queue] => return service::queues(visit, visitor, request, Some(queue)).await,
        ["automatic"] => return automatic::route(visit, visitor, request).await,
        ["macros"] => return routines::macros(visit, visitor, request).await,
        ["automations"] => return routines::automations(visit, visitor, request).await,
        [slug] => Kind::from_slug(slug).ok_or_else(ApiError::not_found)?,
        _ => return Err(ApiError::not_found()),
    };
    match request.method {
        Method::GET => show(visit, request, kind, None, Wrong::default()).await,
        Method::POST => {
            let form = form(visitor, request).await?;
            save(visit, request, kind, &form).await
        }
        _ => Err(ApiError::method_not_allowed("GET, POST")),
    }
}

#[derive(Template)]
#[template(path = "desk.html")]
struct DeskPage {
    language: Language,
    csrf: String,
    tabs: Vec<(String, String, bool)>,
    action: String,
    about: String,
    add_label: String,
    is_template: bool,
    is_field: bool,
    /// Kinds of fields to choose from.
    kinds: Vec<Choice>,
    new_kind: String,
    new_options: String,
    wrong: Option<String>,
    rows: Vec<Row>,
    new_name: String,
    new_text: String,
    /// Statuses to choose from; empty for what is no part of one.
    statuses: Vec<Choice>,
    new_of: String,
}

struct Row {
    id: String,
    name: String,
    text: String,
    /// The status it is a part of.
    of: String,
    archived: bool,
    /// Of a field.
    kind: String,
    /// Of a choice, one a line.
    options: Option<String>,
    /// What was typed here could not be taken: it is open.
    open: bool,
}

async fn save<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    kind: Kind,
    form: &Fields,
) -> Result<Response, ApiError> {
    let action = form.get("do");
    let typed = Typed {
        id: form.given("id").map(str::to_owned),
        name: form.get("name").to_owned(),
        text: form.get("text").to_owned(),
        of: form.get("of").to_owned(),
        archived: action == "archive" || (action == "save" && form.get("archived") == "yes"),
        kind: form.given("kind").map(str::to_owned),
        options: (kind == Kind::Field)
            .then(|| form.given("options"))
            .flatten()
            .map(|o| o.lines().map(str::to_owned).collect()),
    };
    let news = match (action, &typed.id) {
        ("archive", _) => "helpdesk-archived",
        ("restore", _) => "helpdesk-restored",
        (_, None) => "helpdesk-added-news",
        _ => "common-saved",
    };
    match acts::put(visit, kind, &typed).await {
        Ok(_) => {
            let text = Text::new(news).with("name", typed.name.trim());
            Ok(Flash::success(text).on(Response::redirect(&format!("{HOME}/{}", kind.slug()))))
        }
        Err(e) if is_theirs(&e) => show(visit, request, kind, Some(typed), Wrong(Some(e))).await,
        Err(e) => Err(e),
    }
}

async fn show<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    kind: Kind,
    typed: Option<Typed>,
    wrong: Wrong,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let mut rows = rows(l, &desk, kind);
    let typed = typed.unwrap_or_default();
    if let Some(row) = rows.iter_mut().find(|r| Some(&r.id) == typed.id.as_ref()) {
        row.name.clone_from(&typed.name);
        row.text.clone_from(&typed.text);
        if let (Some(shown), Some(typed)) = (&mut row.options, &typed.options) {
            *shown = typed.join("\n");
        }
        row.of.clone_from(&typed.of);
        row.open = true;
    }
    let typed = if typed.id.is_none() { typed } else { Typed::default() };
    let kind_choice = |slug: &str| Choice::new(slug, l.t(&format!("crm-field-{slug}")));
    let status = |s: StatusKind| Choice::new(s.slug(), words::status(l, s));
    let body = DeskPage {
        language: l,
        csrf: visit.session.csrf.clone(),
        tabs: setup::tabs(l, kind.slug()),
        action: format!("{HOME}/{}", kind.slug()),
        about: l.t(&format!("helpdesk-desk-{}-about", kind.slug())),
        add_label: l.t(&format!("helpdesk-desk-{}-add", kind.slug())),
        is_template: kind == Kind::Template,
        is_field: kind == Kind::Field,
        kinds: ["text", "number", "date", "choice"].into_iter().map(kind_choice).collect(),
        new_kind: typed.kind.clone().unwrap_or_else(|| "text".to_owned()),
        new_options: typed.options.clone().unwrap_or_default().join("\n"),
        wrong: wrong.sentence().map(|t| l.say(t)),
        rows,
        new_name: typed.name,
        new_text: typed.text,
        statuses: if kind == Kind::SubStatus { PARTED.into_iter().map(status).collect() } else { Vec::new() },
        new_of: typed.of,
    };
    let viewer = visit.session.viewer();
    let page = Page::new(&viewer, l.t("helpdesk-desk-title"))
        .active("settings")
        .crumb(l.t("common-nav-settings"), "/settings")
        .show(request, &body)?;
    Ok(page.status(wrong.status()))
}

fn rows(l: Language, desk: &Desk, kind: Kind) -> Vec<Row> {
    fn named<I: ToString>(all: &[Named<I>]) -> Vec<Row> {
        let row = |n: &Named<I>| Row {
            id: n.id.to_string(),
            name: n.name.to_string(),
            text: String::new(),
            of: String::new(),
            archived: n.archived,
            kind: String::new(),
            options: None,
            open: false,
        };
        all.iter().map(row).collect()
    }
    match kind {
        Kind::Queue => named(&desk.queues),
        Kind::Category => named(&desk.categories),
        Kind::Tag => {
            let row = |t: &Tag| Row {
                id: t.id.to_string(),
                name: t.name.to_string(),
                text: String::new(),
                of: String::new(),
                archived: t.archived,
                kind: String::new(),
                options: None,
                open: false,
            };
            desk.tags.iter().map(row).collect()
        }
        Kind::SubStatus => {
            let row = |s: &SubStatus| Row {
                id: s.id.to_string(),
                name: s.name.to_string(),
                text: String::new(),
                of: s.of.slug().to_owned(),
                archived: s.archived,
                kind: String::new(),
                options: None,
                open: false,
            };
            desk.sub_statuses.iter().map(row).collect()
        }
        Kind::Field => desk
            .fields
            .iter()
            .map(|f| Row {
                id: f.id.to_string(),
                name: f.name.to_string(),
                text: String::new(),
                of: String::new(),
                archived: f.archived,
                kind: l.t(&format!("crm-field-{}", f.kind.slug())),
                options: matches!(f.kind, FieldKind::Choice { .. })
                    .then(|| f.kind.options().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
                open: false,
            })
            .collect(),
        Kind::Template => desk
            .templates
            .iter()
            .map(|t| Row {
                id: t.id.to_string(),
                name: t.name.to_string(),
                text: t.text.clone(),
                of: String::new(),
                archived: t.archived,
                kind: String::new(),
                options: None,
                open: false,
            })
            .collect(),
    }
}
