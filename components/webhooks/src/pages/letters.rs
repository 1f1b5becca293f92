//! Events that could not be understood: the list, and each with its body.

use super::{HOME, bits, line, page_of};
use crate::acts;
use crate::refusal::refused;
use crate::visit::Visit;
use askama::Template;
use mostek_domain::{ConnectionId, Language, Timestamp};
use mostek_helpdesk::webhooks::letters::{self, Letter};
use mostek_ports::World;
use mostek_web::ui::EmptyState;
use mostek_web::{ApiError, Request, Response, SafeHtml, Speak, Tone, printable, time};

/// Letters on the page: the rest is seen when these are settled.
const SHOWN: usize = 100;
/// Characters of a body on its page.
const BODY_CHARS: usize = 20_000;

#[derive(Template)]
#[template(path = "letters.html")]
struct Letters {
    language: Language,
    now: Timestamp,
    rows: Vec<Row>,
    more: Option<String>,
    empty: SafeHtml,
}

struct Row {
    href: String,
    at: Timestamp,
    event_type: String,
    reason: String,
    bytes: String,
}

fn row(l: Language, source: ConnectionId, letter: &Letter) -> Row {
    Row {
        href: format!("{HOME}/{source}/letters/{}", letter.id),
        at: letter.at,
        event_type: letter.event_type.as_deref().map_or_else(|| l.t("webhooks-not-found"), line),
        reason: l.say(&acts::unreadable(letter.reason)),
        bytes: time::bytes(l, letter.bytes),
    }
}

pub(super) async fn list<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: ConnectionId,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let source = acts::one(visit, id).await?.source;
    let waiting = letters::waiting(visit.world, id).await?;
    let body = Letters {
        language: l,
        now: visit.now(),
        rows: waiting.iter().take(SHOWN).map(|letter| row(l, id, letter)).collect(),
        more: (waiting.len() > SHOWN).then(|| l.n("webhooks-letters-more", waiting.len() - SHOWN)),
        empty: EmptyState::new("check", l.t("webhooks-no-letters"), l.t("webhooks-no-letters-text")).html(),
    };
    let viewer = visit.session.viewer();
    page_of(visit, &viewer, l.t("webhooks-letters"), &source).wide().show(request, &body)
}

#[derive(Template)]
#[template(path = "letter.html")]
struct LetterPage {
    language: Language,
    now: Timestamp,
    csrf: String,
    base: String,
    source: String,
    try_it: String,
    row: Row,
    body: String,
    is_cut: bool,
}

pub(super) async fn show<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: ConnectionId,
    letter: &str,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let source = acts::one(visit, id).await?.source;
    let opened = letters::open(visit.world, visit.company(), id, letter).await.map_err(refused)?;
    let body = printable(&opened.body);
    let row = row(l, id, &opened.letter);
    let page = LetterPage {
        language: l,
        now: visit.now(),
        csrf: visit.session.csrf.clone(),
        base: row.href.clone(),
        source: format!("{HOME}/{id}"),
        try_it: format!("{HOME}/{id}/try"),
        row,
        is_cut: body.chars().count() > BODY_CHARS,
        body: body.chars().take(BODY_CHARS).collect(),
    };
    let viewer = visit.session.viewer();
    page_of(visit, &viewer, l.t("webhooks-letter"), &source)
        .crumb(l.t("webhooks-letters"), format!("{HOME}/{id}/letters"))
        .show(request, &page)
}
