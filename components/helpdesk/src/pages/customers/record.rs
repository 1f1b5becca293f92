//! A record's page: who it is, what is known of consents, what happened, and what may be the same customer (H11).

use super::{acts, bits, history, href, shared, words};
use crate::input::customer::shown;
use crate::visit::Visit;
use askama::Template;
use futures::future::try_join3;
use mostek_domain::{CustomerId, FieldKind, Language, SmsConsent, Timestamp};
use mostek_helpdesk::customer::history as use_case;
use mostek_helpdesk::customer::{Customer, Details, duplicates, merge};
use mostek_helpdesk::desk::{self, Desk};
use mostek_ports::World;
use mostek_web::paging::{cursor, open_cursor};
use mostek_web::ui::{ListState, Pager};
use mostek_web::{ApiError, Flash, Page, Request, Response, SafeHtml, Speak, Text, Tone, time};

#[derive(Template)]
#[template(path = "customer.html")]
struct CustomerPage {
    language: Language,
    now: Timestamp,
    csrf: String,
    base: String,
    is_administrator: bool,
    name: String,
    phones: Vec<(String, String, bool)>,
    emails: Vec<String>,
    addresses: Vec<(String, String)>,
    nip: Option<String>,
    locale: Option<String>,
    notes: String,
    fields: Vec<(String, String)>,
    added: Timestamp,
    changed: Timestamp,
    consents: Vec<Consent>,
    suggestions: Vec<Suggestion>,
    merged: Vec<Merged>,
    lines: Vec<history::Shown>,
    pager: SafeHtml,
}

struct Consent {
    at: Timestamp,
    number: String,
    /// `None` when the phone was removed.
    given: Option<bool>,
    about: String,
    by: String,
}

struct Suggestion {
    id: String,
    href: String,
    name: String,
    shared: Vec<String>,
    merge: String,
}

struct Merged {
    merge: String,
    name: String,
    at: Timestamp,
    can_undo: bool,
}

pub(super) async fn show<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: CustomerId,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let (standing, found) = acts::standing(visit, id).await?;
    if standing != id {
        let news = Flash::new(Tone::Info, "crm-was-merged");
        return Ok(news.on(Response::redirect(&href(standing))));
    }
    let after = request.param("after").filter(|a| !a.is_empty()).map(open_cursor).transpose()?;
    let (desk, page, suggestions) = try_join3(
        desk::read(visit.world, visit.company()),
        use_case::open(visit.world, id, after.as_deref()),
        duplicates::suggestions(visit.world, visit.company(), id, &found),
    )
    .await?;
    let desk = desk.state;
    let Some(d) = &found.details else { return Err(ApiError::not_found()) };
    let state = ListState::of(request, &["changed"], &[]);
    let next = page.next.as_deref().map(cursor);
    let count = l.n("crm-line-count", page.lines.len());
    let lines = history::shown(visit, &desk, &page.lines);
    let body = CustomerPage {
        language: l,
        now: visit.now(),
        csrf: visit.session.csrf.clone(),
        base: href(id),
        is_administrator: visit.session.access.is_administrator(),
        name: d.name.to_string(),
        phones: phones(l, d),
        emails: d.emails.iter().map(ToString::to_string).collect(),
        addresses: d
            .addresses
            .iter()
            .map(|a| (words::line(a.label()), words::line(&a.on_one_line())))
            .collect(),
        nip: d.nip.as_ref().map(ToString::to_string),
        locale: d.locale.as_deref().map(words::line),
        notes: d.notes.clone(),
        fields: fields(l, &desk, d),
        added: found.added_at,
        changed: found.changed_at,
        consents: consents(visit, &found),
        suggestions: suggestions
            .iter()
            .filter_map(|s| {
                Some(Suggestion {
                    id: s.id.to_string(),
                    href: href(s.id),
                    name: s.record.details.as_ref()?.name.to_string(),
                    shared: s.shared.iter().map(|k| shared(visit, &desk, k)).collect(),
                    merge: format!("{}/merge?other={}", href(id), s.id),
                })
            })
            .collect(),
        merged: merged(visit, &found).await?,
        lines,
        pager: Pager::new(l, &state, count, next.as_deref()).html(),
    };
    let viewer = visit.session.viewer();
    Page::new(&viewer, d.name.to_string())
        .active("customers")
        .crumb(l.t("common-nav-customers"), "/customers")
        .show(request, &body)
}

/// Each number with what is known of its consent, in words, and whether there is one.
fn phones(l: Language, d: &Details) -> Vec<(String, String, bool)> {
    d.phones.iter().map(|(n, c)| (n.grouped(), consent(l, c), c.given)).collect()
}

/// What is known of a consent, in words.
pub(super) fn consent(l: Language, c: &SmsConsent) -> String {
    let key = match (c.given, c.at) {
        (true, _) => "helpdesk-consent-given",
        (false, Some(_)) => "helpdesk-consent-refused",
        (false, None) => "helpdesk-consent-unknown",
    };
    let date = c.at.map(|at| time::date(l, at)).unwrap_or_default();
    let source =
        if c.source.is_empty() { l.t("helpdesk-consent-source-unknown") } else { words::line(&c.source) };
    l.say(&Text::new(key).with("date", date).with("source", source))
}

fn fields(l: Language, desk: &Desk, d: &Details) -> Vec<(String, String)> {
    d.fields
        .iter()
        .map(|(id, v)| (desk.field_name(*id), value(l, desk.field(*id).map(|f| &f.kind), v)))
        .collect()
}

/// A field's value as people read it.
pub(super) fn value(l: Language, kind: Option<&FieldKind>, value: &str) -> String {
    match kind {
        Some(FieldKind::Date) => {
            time::parse_input_date(value).map_or_else(|| words::line(value), |at| time::date(l, at))
        }
        Some(kind) => words::line(&shown(kind, value, l)),
        None => words::line(value),
    }
}

fn consents<W: World>(visit: &Visit<'_, W>, record: &Customer) -> Vec<Consent> {
    let l = visit.language();
    let mut all: Vec<Consent> = record
        .consents()
        .iter()
        .map(|p| Consent {
            at: p.at,
            number: p.number.grouped(),
            given: p.consent.as_ref().map(|c| c.given),
            about: p.consent.as_ref().map(|c| consent(l, c)).unwrap_or_default(),
            by: history::who(visit, &p.actor),
        })
        .collect();
    all.reverse();
    all
}

async fn merged<W: World>(visit: &Visit<'_, W>, record: &Customer) -> Result<Vec<Merged>, ApiError> {
    let mut all = Vec::new();
    // At most as many as a record can take in.
    let read = record.absorbed.iter().map(|g| mostek_helpdesk::customer::read(visit.world, g.loser));
    for (gained, loser) in record.absorbed.iter().zip(futures::future::join_all(read).await) {
        let name = loser?.state.details.map(|d| d.name.to_string()).unwrap_or_default();
        all.push(Merged {
            merge: gained.merge.to_string(),
            name,
            at: gained.at,
            can_undo: visit.now().since(gained.at) <= merge::UNDO,
        });
    }
    all.sort_by_key(|m| std::cmp::Reverse(m.at));
    Ok(all)
}
