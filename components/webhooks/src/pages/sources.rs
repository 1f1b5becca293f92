//! The list of sources, and the form for a new one.

use super::{HOME, Wrong, bits, is_theirs, line, page};
use crate::acts::{self, NEW, Shown};
use crate::fields::Fields;
use crate::input::{ReadSource, TypedSource};
use crate::visit::Visit;
use askama::Template;
use mostek_domain::{Language, Timestamp};
use mostek_helpdesk::desk::{self, Desk, Named};
use mostek_ports::World;
use mostek_web::ui::{self, Choice, EmptyState, Field};
use mostek_web::{ApiError, Flash, Request, Response, SafeHtml, Speak, Tone};
use mostek_webhooks::Scheme;

#[derive(Template)]
#[template(path = "sources.html")]
struct Sources {
    language: Language,
    now: Timestamp,
    rows: Vec<Row>,
    empty: SafeHtml,
}

struct Row {
    href: String,
    name: String,
    scheme: &'static str,
    state: SafeHtml,
    last: Option<(Timestamp, String)>,
    taken: String,
    letters: Option<(String, String)>,
}

/// Whether a source is on, as a badge.
pub(super) fn badge(language: Language, is_on: bool) -> SafeHtml {
    let (tone, key) = if is_on { ("success", "webhooks-on") } else { ("neutral", "webhooks-off") };
    ui::badge(tone, &language.t(key))
}

pub(super) async fn list<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let l = visit.language();
    let all = acts::all(visit).await?;
    let row = |s: &Shown| Row {
        href: format!("{HOME}/{}", s.source.id),
        name: s.source.setup.name.to_string(),
        scheme: s.source.setup.scheme.name(),
        state: badge(l, s.source.is_on),
        last: s.last.as_ref().map(|t| (t.at, line(&t.event_type))),
        taken: l.n("webhooks-taken", s.last.as_ref().map_or(0, |t| t.count)),
        letters: (s.letters > 0)
            .then(|| (format!("{HOME}/{}/letters", s.source.id), l.n("webhooks-letters-waiting", s.letters))),
    };
    let body = Sources {
        language: l,
        now: visit.now(),
        rows: all.iter().map(row).collect(),
        empty: EmptyState::new("plug", l.t("webhooks-none"), l.t("webhooks-none-text"))
            .action(l.t("webhooks-add"), format!("{HOME}/new"))
            .html(),
    };
    let viewer = visit.session.viewer();
    page(visit, &viewer, l.t("webhooks-title")).wide().show(request, &body)
}

#[derive(Template)]
#[template(path = "source_new.html")]
struct NewPage {
    language: Language,
    csrf: String,
    wrong: Option<String>,
    access: Vec<SafeHtml>,
    fields: Vec<SafeHtml>,
}

/// The form for a new source. A secret that was typed is never sent back.
pub(super) async fn new<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    typed: Option<TypedSource>,
    wrong: Wrong,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let typed = typed.unwrap_or_else(|| TypedSource {
        scheme: Scheme::Standard.slug().to_owned(),
        queue: desk.queues.iter().find(|q| !q.archived).map_or_else(|| NEW.to_owned(), |q| q.id.to_string()),
        field: Some(NEW.to_owned()),
        add_customers: true,
        ..TypedSource::default()
    });
    let schemes = Scheme::ALL.into_iter().map(|s| Choice::new(s.slug(), s.name())).collect();
    let body = NewPage {
        language: l,
        csrf: visit.session.csrf.clone(),
        wrong: wrong.sentence().map(|t| l.say(t)),
        access: vec![
            Field::text(l, "name", "webhooks-name")
                .value(&typed.name)
                .hint("webhooks-name-hint")
                .error(wrong.with("name"))
                .with("maxlength", "80")
                .required()
                .html(),
            Field::select(l, "scheme", "webhooks-scheme", schemes)
                .value(&typed.scheme)
                .hint("webhooks-scheme-hint")
                .error(wrong.with("scheme"))
                .html(),
            secret_field(l, &wrong),
        ],
        fields: place_fields(l, &desk, &typed, &wrong, None),
    };
    let viewer = visit.session.viewer();
    let page =
        page(visit, &viewer, l.t("webhooks-add")).crumb(l.t("webhooks-title"), HOME).show(request, &body)?;
    Ok(page.status(wrong.status()))
}

/// The field for a secret.
pub(super) fn secret_field(l: Language, wrong: &Wrong) -> SafeHtml {
    Field::new(l, "password", "secret", "webhooks-secret")
        .hint("webhooks-secret-hint")
        .error(wrong.with("secret"))
        .with("autocomplete", "off")
        .required()
        .html()
}

/// Queue, category, field of the CRM.
pub(super) fn place_fields(
    l: Language,
    desk: &Desk,
    typed: &TypedSource,
    wrong: &Wrong,
    shop: Option<String>,
) -> Vec<SafeHtml> {
    fn choices<I: ToString>(all: &[Named<I>], now: &str) -> Vec<Choice> {
        let named = all.iter().map(|n| (n.id.to_string(), n));
        named
            .filter(|(id, n)| !n.archived || id == now)
            .map(|(id, n)| Choice::new(id, n.name.to_string()))
            .collect()
    }
    let chosen = |v: &Option<String>| v.clone().unwrap_or_default();
    let (category, field) = (chosen(&typed.category), chosen(&typed.field));
    let mut queues = choices(&desk.queues, &typed.queue);
    queues.push(Choice::new(NEW, l.with("helpdesk-create-queue", "name", l.t("helpdesk-new-queue-name"))));
    let none = || Choice::new("", l.t("common-none"));
    let mut fields = vec![none()];
    // A customer's id is a text.
    let texts = desk.fields.iter().filter(|f| f.kind.is_text() && (!f.archived || f.id.to_string() == field));
    fields.extend(texts.map(|f| Choice::new(f.id.to_string(), f.name.to_string())));
    let new_field = match shop {
        Some(name) => l.with("helpdesk-create-field", "name", name),
        None => l.t("webhooks-create-field"),
    };
    fields.push(Choice::new(NEW, new_field));
    let categories = std::iter::once(none()).chain(choices(&desk.categories, &category)).collect();
    vec![
        Field::select(l, "queue", "helpdesk-column-queue", queues)
            .value(&typed.queue)
            .error(wrong.with("queue"))
            .html(),
        Field::select(l, "category", "helpdesk-column-category", categories)
            .value(category)
            .error(wrong.with("category"))
            .html(),
        Field::select(l, "field", "webhooks-field", fields)
            .value(field)
            .hint("webhooks-field-hint")
            .error(wrong.with("field"))
            .html(),
        Field::checkbox(l, "add_customers", "webhooks-add-customers", typed.add_customers)
            .hint("webhooks-add-customers-hint")
            .html(),
    ]
}

pub(super) async fn add<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    form: &Fields,
) -> Result<Response, ApiError> {
    let typed = TypedSource::of_form(form);
    match acts::add(visit, &typed).await {
        Ok(id) => Ok(Flash::success("webhooks-added").on(Response::redirect(&format!("{HOME}/{id}")))),
        Err(e) if is_theirs(&e) => new(visit, request, Some(typed), Wrong(Some(e))).await,
        Err(e) => Err(e),
    }
}
