//! Views above the ticket list: those that everybody has, and those that were saved (H12).

use super::{bits, done, form};
use crate::api::tickets::wanted;
use crate::api::views::{self as acts, Typed};
use crate::fields::Fields;
use crate::input::id;
use crate::visit::Visit;
use askama::Template;
use mostek_domain::{Language, ViewId};
use mostek_helpdesk::desk::Desk;
use mostek_helpdesk::list::Wanted;
use mostek_helpdesk::views::Views;
use mostek_people::gate::Visitor;
use mostek_ports::World;
use mostek_web::{ApiError, Request, Response, SafeHtml, Speak, i18n};

/// Views that everybody has: the key of their name, and what they filter by.
const ALWAYS: [(&str, &[(&str, &str)]); 4] = [
    ("tickets-view-all", &[]),
    ("tickets-view-new", &[("status", "new")]),
    ("tickets-view-mine", &[("assignee", "me")]),
    ("tickets-view-nobodys", &[("status", "new"), ("assignee", "nobody")]),
];

/// A view as it stands above the list.
pub(super) struct Tab {
    name: String,
    /// Its id, if it was saved and this person may remove it.
    removable: Option<ViewId>,
    filters: Vec<(String, String)>,
    /// What it lists.
    pub wanted: Wanted,
}

/// The views that a person sees. One that cannot be read any more, since what it filters by is gone, is left out.
pub(super) fn tabs<W: World>(visit: &Visit<'_, W>, saved: &Views, desk: &Desk) -> Vec<Tab> {
    let me = visit.session.employee;
    let administrator = visit.session.access.is_administrator();
    let always = ALWAYS.iter().map(|(key, filters)| {
        let filters = filters.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        (visit.language().t(key), None, filters)
    });
    let theirs = saved.of(me).into_iter().map(|v| {
        let may = v.owner.map_or(administrator, |o| o == me);
        (v.name.to_string(), may.then_some(v.id), v.filters.clone())
    });
    always
        .chain(theirs)
        .filter_map(|(name, removable, filters): (String, Option<ViewId>, Vec<(String, String)>)| {
            let wanted = wanted(&filters, me, desk).ok()?;
            Some(Tab { name, removable, filters, wanted })
        })
        .collect()
}

#[derive(Template)]
#[template(path = "views.html")]
struct ViewsPart {
    language: Language,
    csrf: String,
    tabs: Vec<(String, String, String, bool)>,
    /// What is filtered now and is no view yet.
    unsaved: Vec<(String, String)>,
    may_share: bool,
    /// The view that is shown, if it can be removed.
    remove: Option<String>,
}

/// The list's address with some filters.
fn address(filters: &[(String, String)]) -> String {
    if filters.is_empty() {
        return "/tickets".to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(filters).finish();
    format!("/tickets?{query}")
}

/// The views with how many tickets each lists.
pub(super) fn html<W: World>(
    visit: &Visit<'_, W>,
    tabs: &[Tab],
    counts: &[u64],
    query: &[(String, String)],
) -> SafeHtml {
    let language = visit.language();
    let sorted = |filters: &[(String, String)]| {
        let mut all = filters.to_vec();
        all.sort();
        all
    };
    let is_now = |t: &&Tab| sorted(&t.filters) == sorted(query);
    let current = tabs.iter().find(is_now);
    let number = |n: u64| i18n::number(language, i64::try_from(n).unwrap_or(i64::MAX));
    SafeHtml::of(&ViewsPart {
        language,
        csrf: visit.session.csrf.clone(),
        tabs: tabs
            .iter()
            .zip(counts)
            .map(|(t, n)| (t.name.clone(), address(&t.filters), number(*n), is_now(&t)))
            .collect(),
        unsaved: if current.is_none() { query.to_vec() } else { Vec::new() },
        may_share: visit.session.access.is_administrator(),
        remove: current.and_then(|t| t.removable).map(|id| id.to_string()),
    })
}

/// `POST /tickets/views` saves what the form names, `POST /tickets/views/{id}/remove` removes a view.
///
/// # Errors
/// 403 without the form's token; the store's.
pub(super) async fn post<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    let form = form(visitor, request).await?;
    match rest {
        [] => {
            let typed = typed(&form);
            let back = address(&typed.filters.clone().into_iter().collect::<Vec<_>>());
            done(acts::save(visit, &typed).await.map(|_| ()), "tickets-view-saved", &back)
        }
        [view, "remove"] => {
            let view = id("view", view, ViewId::parse)?;
            done(acts::remove(visit, view).await, "tickets-view-removed", "/tickets")
        }
        _ => Err(ApiError::not_found()),
    }
}

fn typed(form: &Fields) -> Typed {
    let given = |n: &&str| form.given(n).map(|v| ((*n).to_owned(), v.to_owned()));
    Typed {
        name: form.get("name").to_owned(),
        filters: acts::FILTERS.iter().filter_map(given).collect(),
        shared: form.get("shared") == "yes",
    }
}
