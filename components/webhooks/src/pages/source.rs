//! The page of a source: its address, its secrets, where its events go and what they mean.

use super::{HOME, Wrong, address, bits, is_theirs, line, page, page_of, sources};
use crate::acts;
use crate::fields::Fields;
use crate::input::{ReadSource, TypedMapping, TypedSource, place_field};
use crate::visit::Visit;
use askama::Template;
use mostek_domain::{ConnectionId, Language, Timestamp};
use mostek_helpdesk::desk;
use mostek_helpdesk::webhooks::source::{SECRETS, Source, SourceSecret};
use mostek_ports::World;
use mostek_web::ui::{Choice, Confirm, Field};
use mostek_web::{ApiError, Flash, Request, Response, SafeHtml, Speak, Text, Tone, time};
use mostek_webhooks::Becomes;
use mostek_webhooks::mapping::RULES;

/// Empty rows for rules in the form.
const SPARE_RULES: usize = 3;

#[derive(Template)]
#[template(path = "source.html")]
struct SourcePage {
    language: Language,
    now: Timestamp,
    csrf: String,
    base: String,
    name: String,
    scheme: &'static str,
    address: String,
    is_on: bool,
    state: SafeHtml,
    last: Option<(Timestamp, String)>,
    taken: String,
    letters: Option<String>,
    wrong: Option<String>,
    fields: Vec<SafeHtml>,
    places: Vec<SafeHtml>,
    rules: Vec<(String, String)>,
    becomes: Vec<Choice>,
    otherwise: SafeHtml,
    secrets: Vec<Secret>,
    secret: Option<SafeHtml>,
}

struct Secret {
    id: String,
    text: String,
    removable: bool,
}

/// What a form held.
pub(super) struct Draft {
    typed: TypedSource,
    mapping: TypedMapping,
}

pub(super) async fn show<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: ConnectionId,
    draft: Option<Draft>,
    wrong: Wrong,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let shown = acts::one(visit, id).await?;
    let s = &shown.source;
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let draft = draft.unwrap_or_else(|| of(s));
    let base = format!("{HOME}/{id}");
    let mut rules = draft.mapping.rules.clone();
    for _ in 0..SPARE_RULES.min(RULES.saturating_sub(rules.len())) {
        rules.push((String::new(), Becomes::Message.slug().to_owned()));
    }
    let mut fields = vec![
        Field::text(l, "name", "webhooks-name")
            .value(&draft.typed.name)
            .hint("webhooks-name-hint")
            .error(wrong.with("name"))
            .with("maxlength", "80")
            .required()
            .html(),
    ];
    let field_name = acts::field_name(visit, &s.setup.name);
    fields.extend(sources::place_fields(l, &desk, &draft.typed, &wrong, Some(field_name)));
    let listening = acts::endpoints::all(visit).await?;
    let mut answers = vec![Choice::new("", l.t("webhooks-answers-none"))];
    answers.extend(
        listening
            .iter()
            .map(|e| Choice::new(e.endpoint.id.to_string(), line(e.endpoint.setup.address.url().as_str()))),
    );
    fields.push(
        Field::select(l, "answers", "webhooks-answers", answers)
            .value(draft.typed.answers.clone().unwrap_or_default())
            .hint("webhooks-answers-hint")
            .error(wrong.with("answers"))
            .html(),
    );
    let body = SourcePage {
        language: l,
        now: visit.now(),
        csrf: visit.session.csrf.clone(),
        name: s.setup.name.to_string(),
        scheme: s.setup.scheme.name(),
        address: address(visit, request, id).await?,
        is_on: s.is_on,
        state: sources::badge(l, s.is_on),
        last: shown.last.as_ref().map(|t| (t.at, line(&t.event_type))),
        taken: l.n("webhooks-taken", shown.last.as_ref().map_or(0, |t| t.count)),
        letters: (shown.letters > 0).then(|| l.n("webhooks-letters-waiting", shown.letters)),
        wrong: wrong.sentence().map(|t| l.say(t)),
        fields,
        places: draft.mapping.places.iter().map(|(name, text)| place(l, s, name, text, &wrong)).collect(),
        rules,
        becomes: becomes(l),
        otherwise: Field::select(l, "otherwise", "webhooks-otherwise", becomes(l))
            .value(&draft.mapping.otherwise)
            .error(wrong.with("otherwise"))
            .html(),
        secrets: s.secrets.iter().map(|k| secret(l, k, s.secrets.len() > 1)).collect(),
        secret: (s.secrets.len() < SECRETS).then(|| sources::secret_field(l, &Wrong::default())),
        base,
    };
    let viewer = visit.session.viewer();
    let page = page(visit, &viewer, s.setup.name.to_string())
        .crumb(l.t("webhooks-title"), HOME)
        .show(request, &body)?;
    Ok(page.status(wrong.status()))
}

fn of(s: &Source) -> Draft {
    Draft {
        typed: TypedSource {
            name: s.setup.name.to_string(),
            queue: s.setup.queue.to_string(),
            category: s.setup.category.map(|c| c.to_string()),
            field: s.setup.field.map(|f| f.to_string()),
            add_customers: s.setup.add_customers,
            answers: s.setup.answers.map(|a| a.to_string()),
            ..TypedSource::default()
        },
        mapping: TypedMapping::of(&s.setup.mapping),
    }
}

fn becomes(l: Language) -> Vec<Choice> {
    Becomes::ALL
        .into_iter()
        .map(|b| Choice::new(b.slug(), l.t(&format!("webhooks-becomes-{}", b.slug()))))
        .collect()
}

fn place(l: Language, s: &Source, name: &'static str, text: &str, wrong: &Wrong) -> SafeHtml {
    let slug = name.replace('_', "-");
    let field = place_field(name);
    let error = wrong.with(&field).cloned();
    let mut input = Field::text(l, field, &format!("webhooks-place-{slug}"))
        .value(text)
        .error(error.as_ref())
        .with("class", "mono")
        .with("spellcheck", "false");
    let header = match name {
        "event_type" => s.setup.scheme.type_header(),
        "event_id" => s.setup.scheme.id_headers().first().copied(),
        _ => None,
    };
    if let Some(header) = header {
        input = input.hint_text(l.with("webhooks-place-else-header", "header", header));
    } else if matches!(name, "event_id" | "conversation" | "customer_id") {
        input = input.hint(&format!("webhooks-place-{slug}-hint"));
    }
    input.html()
}

fn secret(l: Language, k: &SourceSecret, removable: bool) -> Secret {
    let text = match k.sealed.tail() {
        Some(tail) => Text::new("webhooks-secret-set").with("tail", tail),
        None => Text::new("webhooks-secret-set-short"),
    };
    Secret { id: k.id.clone(), text: l.say(&text.with("date", time::date(l, k.sealed.at()))), removable }
}

pub(super) async fn save<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: ConnectionId,
    form: &Fields,
) -> Result<Response, ApiError> {
    let draft = Draft { typed: TypedSource::of_form(form), mapping: TypedMapping::of_form(form) };
    let saved = async {
        let mapping = draft.mapping.read()?;
        acts::save(visit, id, &draft.typed, Some(mapping)).await
    }
    .await;
    match saved {
        Ok(()) => Ok(Flash::success("common-saved").on(Response::redirect(&format!("{HOME}/{id}")))),
        Err(e) if is_theirs(&e) => show(visit, request, id, Some(draft), Wrong(Some(e))).await,
        Err(e) => Err(e),
    }
}

pub(super) async fn ask_deletion<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: ConnectionId,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let s = acts::one(visit, id).await?.source;
    let (action, back) = (format!("{HOME}/{id}/delete"), format!("{HOME}/{id}"));
    let question = Confirm::new(
        l,
        &Text::new("webhooks-delete-title").with("name", s.setup.name.to_string()),
        &"webhooks-delete-text".into(),
        &"webhooks-delete".into(),
        &action,
        &back,
        &visit.session.csrf,
    );
    let viewer = visit.session.viewer();
    page_of(visit, &viewer, l.t("webhooks-delete"), &s).show_html(request, question.html())
}

/// The names of the places that have a label in the catalogues; the test looks for them there.
#[cfg(test)]
pub(crate) fn labels() -> Vec<String> {
    mostek_webhooks::mapping::Places::NAMES
        .iter()
        .map(|n| format!("webhooks-place-{}", n.replace('_', "-")))
        .collect()
}
