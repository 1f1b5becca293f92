//! Duplicates: the list of pairs, the form that merges two, making two again.

use super::record::value;
use super::{acts, bits, done, href, shared, words};
use crate::api::customers::TypedMerge;
use crate::fields::Fields;
use crate::refusal::refused;
use crate::visit::Visit;
use askama::Template;
use futures::future::try_join;
use mostek_domain::{CustomerId, Language};
use mostek_helpdesk::customer::{Customer, duplicates, merge, search};
use mostek_helpdesk::desk;
use mostek_ports::{Random, World};
use mostek_web::paging::{PageRequest, cursor};
use mostek_web::ui::{EmptyState, ListState, Pager};
use mostek_web::{ApiError, Flash, Page, Request, Response, SafeHtml, Speak, Text};
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "duplicates.html")]
struct List {
    language: Language,
    csrf: String,
    pairs: Vec<Pair>,
    empty: SafeHtml,
    pager: SafeHtml,
}

struct Pair {
    first: One,
    second: One,
    shared: Vec<String>,
    merge: String,
}

struct One {
    id: String,
    href: String,
    name: String,
    about: String,
}

fn one(id: CustomerId, record: &Customer) -> One {
    let details = record.details.as_ref();
    let about = details.map(|d| {
        let phone = d.phones.first().map(|(n, _)| n.grouped());
        let email = d.emails.first().map(ToString::to_string);
        phone.into_iter().chain(email).collect::<Vec<_>>().join(" · ")
    });
    One {
        id: id.to_string(),
        href: href(id),
        name: details.map(|d| d.name.to_string()).unwrap_or_default(),
        about: about.unwrap_or_default(),
    }
}

pub(super) async fn list<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let language = visit.language();
    let asked = PageRequest::of(request, duplicates::PAGE, duplicates::PAGE)?;
    let before = match &asked.after {
        Some(text) => Some(text.parse().map_err(|_| ApiError::bad_field("after", "errors-bad-cursor"))?),
        None => None,
    };
    let (page, desk) = try_join(
        duplicates::page(visit.world, visit.company(), before),
        desk::read(visit.world, visit.company()),
    )
    .await?;
    let state = ListState::of(request, &["changed"], &[]);
    let count = language.n("crm-pair-count", page.pairs.len());
    let next = page.next.map(|n| cursor(&n.to_string()));
    let body = List {
        language,
        csrf: visit.session.csrf.clone(),
        pairs: page
            .pairs
            .iter()
            .map(|p| Pair {
                first: one(p.first.0, &p.first.1),
                second: one(p.second.0, &p.second.1),
                shared: p.shared.iter().map(|k| shared(visit, &desk.state, k)).collect(),
                merge: format!("{}/merge?other={}", href(p.first.0), p.second.0),
            })
            .collect(),
        empty: EmptyState::new(
            "people",
            language.t("crm-no-duplicates"),
            language.t("crm-no-duplicates-text"),
        )
        .html(),
        pager: Pager::new(language, &state, count, next.as_deref()).html(),
    };
    let viewer = visit.session.viewer();
    Page::new(&viewer, language.t("crm-duplicates"))
        .active("customers")
        .crumb(language.t("common-nav-customers"), "/customers")
        .show(request, &body)
}

#[derive(Template)]
#[template(path = "customer_merge.html")]
struct MergePage {
    language: Language,
    csrf: String,
    key: String,
    action: String,
    back: String,
    other: String,
    /// The other way round.
    swap: String,
    first: One,
    second: One,
    differences: Vec<Difference>,
}

/// Something both say differently: the name of the choice, its label, both values.
struct Difference {
    name: String,
    label: String,
    ours: String,
    theirs: String,
}

#[derive(Template)]
#[template(path = "customer_merge_find.html")]
struct FindPage {
    language: Language,
    name: String,
    action: String,
    query: String,
    /// Name, how they are reached, where they are merged.
    rows: Vec<(String, String, String)>,
}

/// Looks for the record that is to be merged into this one.
async fn find<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: CustomerId,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let (id, state) = acts::standing(visit, id).await?;
    let query = request.param("q").map(str::trim).unwrap_or_default().to_owned();
    let found = search::search(visit.world, visit.company(), &query).await?;
    let all = found.exact.into_iter().map(|(_, s)| s).chain(found.by_name).filter(|s| s.id != id);
    let name = state.details.as_ref().map(|d| d.name.to_string()).unwrap_or_default();
    let body = FindPage {
        language: l,
        name: name.clone(),
        action: format!("{}/merge", href(id)),
        query,
        rows: all
            .map(|s| {
                let about = s.phone.into_iter().chain(s.email).collect::<Vec<_>>().join(" · ");
                (s.name, about, format!("{}/merge?other={}", href(id), s.id))
            })
            .collect(),
    };
    let viewer = visit.session.viewer();
    Page::new(&viewer, l.t("crm-merge-other"))
        .active("customers")
        .crumb(l.t("common-nav-customers"), "/customers")
        .crumb(name, href(id))
        .show(request, &body)
}

/// The form: which values win; without another record, what finds one.
pub(super) async fn ask<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: CustomerId,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let Some(other) = request.param("other").filter(|o| !o.is_empty()) else {
        return find(visit, request, id).await;
    };
    let other = acts::parse(other)?;
    let preview = merge::preview(visit.world, visit.company(), id, other).await.map_err(refused)?;
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let (Some(ours), Some(theirs)) = (&preview.survivor.details, &preview.loser.details) else {
        return Err(ApiError::not_found());
    };
    let mut differences = Vec::new();
    let mut differ = |name: &str, label: String, ours: Option<String>, theirs: Option<String>| {
        if let (Some(ours), Some(theirs)) = (ours, theirs)
            && ours != theirs
        {
            differences.push(Difference { name: name.to_owned(), label, ours, theirs });
        }
    };
    let name = l.t("helpdesk-customer-short");
    differ("name", name, Some(ours.name.to_string()), Some(theirs.name.to_string()));
    let nip = |n: &Option<mostek_domain::Nip>| n.as_ref().map(ToString::to_string);
    differ("nip", l.t("helpdesk-nip"), nip(&ours.nip), nip(&theirs.nip));
    let locale = |t: &Option<String>| t.as_deref().map(words::line);
    differ("locale", l.t("helpdesk-locale"), locale(&ours.locale), locale(&theirs.locale));
    for (field, v) in &ours.fields {
        let kind = desk.field(*field).map(|f| &f.kind);
        let theirs = theirs.fields.get(field).map(|v| value(l, kind, v));
        let label = desk.field_name(*field);
        differ(&format!("field-{field}"), label, Some(value(l, kind, v)), theirs);
    }
    let title = l.t("crm-merge-title");
    let body = MergePage {
        language: l,
        csrf: visit.session.csrf.clone(),
        key: format!("{:016x}", visit.world.random().u64()),
        action: format!("{}/merge", href(id)),
        back: href(id),
        other: other.to_string(),
        swap: format!("{}/merge?other={id}", href(other)),
        first: one(id, &preview.survivor),
        second: one(other, &preview.loser),
        differences,
    };
    let viewer = visit.session.viewer();
    Page::new(&viewer, title)
        .active("customers")
        .crumb(l.t("common-nav-customers"), "/customers")
        .crumb(ours.name.to_string(), href(id))
        .show(request, &body)
}

pub(super) async fn merge<W: World>(
    visit: &Visit<'_, W>,
    id: CustomerId,
    form: &Fields,
) -> Result<Response, ApiError> {
    let given = |name: &str| form.given(name).map(str::to_owned);
    let fields: BTreeMap<String, String> = form
        .0
        .iter()
        .filter_map(|(name, word)| Some((name.strip_prefix("field-")?.to_owned(), word.clone())))
        .collect();
    let typed = TypedMerge {
        other: form.get("other").to_owned(),
        key: given("key"),
        name: given("name"),
        nip: given("nip"),
        locale: given("locale"),
        fields,
    };
    let days = merge::UNDO.as_secs() / 86_400;
    let news = Text::new("crm-merged-news").with("days", days);
    done(acts::merge(visit, id, &typed).await.map(|_| ()), news, &href(id))
}

pub(super) async fn undo<W: World>(
    visit: &Visit<'_, W>,
    id: CustomerId,
    form: &Fields,
) -> Result<Response, ApiError> {
    let merge = acts::merge_id(form.get("merge"))?;
    match acts::undo(visit, id, merge).await {
        Ok(()) => Ok(Flash::success("crm-unmerged-news").on(Response::redirect(&href(id)))),
        Err(e) => done(Err(e), "crm-unmerged-news", &href(id)),
    }
}
