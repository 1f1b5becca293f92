//! Lists whose sorting, filters and page are in the address, so that they can be bookmarked, shared and gone back to.

use crate::html::SafeHtml;
use crate::i18n::Speak;
use crate::request::Request;
use askama::Template;
use mostek_domain::Language;

/// The state of a list in the query: `sort`, `dir`, filters, `after`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListState {
    path: String,
    /// The column sorted by: one of those that were allowed.
    pub sort: String,
    /// Whether from the greatest to the least.
    pub descending: bool,
    filters: Vec<(String, String)>,
    after: Option<String>,
}

impl ListState {
    /// Reads the state. `columns` may be sorted by, the first one by default (downwards); `filters` are the parameters
    /// that filter. Anything else in the query is ignored and leaves the links.
    #[must_use]
    pub fn of(request: &Request, columns: &[&str], filters: &[&str]) -> Self {
        let sort = request
            .param("sort")
            .filter(|s| columns.contains(s))
            .or(columns.first().copied())
            .unwrap_or_default();
        let filters = filters
            .iter()
            .filter_map(|f| {
                request.param(f).filter(|v| !v.is_empty()).map(|v| ((*f).to_owned(), v.to_owned()))
            })
            .collect();
        Self {
            path: request.path.clone(),
            sort: sort.to_owned(),
            descending: request.param("dir") != Some("asc"),
            filters,
            after: request.param("after").filter(|a| !a.is_empty()).map(str::to_owned),
        }
    }

    /// The value of a filter.
    #[must_use]
    pub fn filter(&self, name: &str) -> Option<&str> {
        self.filters.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Whether anything is filtered: then an empty list means "nothing fits", not "nothing is here".
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.filters.is_empty()
    }

    /// Whether this is the first page.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.after.is_none()
    }

    /// The address with some parameters changed (`None` removes one). Any change but of `after` begins at the first
    /// page again.
    #[must_use]
    pub fn link(&self, changes: &[(&str, Option<&str>)]) -> String {
        let mut pairs: Vec<(&str, &str)> =
            self.filters.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        pairs.push(("sort", &self.sort));
        if !self.descending {
            pairs.push(("dir", "asc"));
        }
        for (name, value) in changes {
            pairs.retain(|(n, _)| n != name);
            if let Some(v) = value {
                pairs.push((name, v));
            }
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("{}?{query}", self.path)
    }

    /// Hidden fields that keep the sorting in a filter form (`method="get"`).
    #[must_use]
    pub fn hidden_fields(&self) -> SafeHtml {
        let dir = if self.descending { "desc" } else { "asc" };
        SafeHtml::trusted(format!(
            "<input type=\"hidden\" name=\"sort\" value=\"{}\"><input type=\"hidden\" name=\"dir\" value=\"{dir}\">",
            SafeHtml::escaped(&self.sort)
        ))
    }

    /// The list without filters.
    #[must_use]
    pub fn unfiltered(&self) -> &str {
        &self.path
    }
}

/// A `<th>` that sorts by its column when clicked, and the other way round when clicked again. `column` is its name in
/// the address, `label` a catalogue key.
#[must_use]
pub fn sort_heading(language: Language, state: &ListState, column: &str, label: &str) -> SafeHtml {
    let current = state.sort == column;
    let (aria, mark) = match (current, state.descending) {
        (true, true) => ("descending", crate::ui::icon("down")),
        (true, false) => ("ascending", crate::ui::icon("up")),
        _ => ("none", SafeHtml::default()),
    };
    let dir = if current && state.descending { "asc" } else { "desc" };
    let href = state.link(&[("sort", Some(column)), ("dir", Some(dir))]);
    SafeHtml::trusted(format!(
        "<th scope=\"col\" aria-sort=\"{aria}\"><a href=\"{}\">{}{mark}</a></th>",
        SafeHtml::escaped(&href),
        SafeHtml::escaped(&language.t(label)),
    ))
}

/// The links below a list: back to the first page, on to the next.
#[derive(Template)]
#[template(path = "ui/pager.html")]
pub struct Pager {
    language: Language,
    shown: String,
    first: Option<String>,
    next: Option<String>,
}

impl Pager {
    /// `shown` says what is on this page ("25 tickets"); `next` is the next page's cursor ([`crate::paging::cursor`]).
    #[must_use]
    pub fn new(language: Language, state: &ListState, shown: impl Into<String>, next: Option<&str>) -> Self {
        Self {
            language,
            shown: shown.into(),
            first: (!state.is_first()).then(|| state.link(&[])),
            next: next.map(|n| state.link(&[("after", Some(n))])),
        }
    }

    /// The HTML.
    #[must_use]
    pub fn html(&self) -> SafeHtml {
        SafeHtml::of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::get;

    #[test]
    fn links_keep_filters_and_begin_at_the_first_page() {
        let r = get("/tickets?status=new&q=a%26b&after=xyz&sort=number&dir=asc&evil=1");
        let s = ListState::of(&r, &["activity", "number"], &["status", "q"]);
        assert_eq!(s.link(&[("status", None)]), "/tickets?q=a%26b&sort=number&dir=asc");
        assert_eq!(
            s.link(&[("after", Some("c2"))]),
            "/tickets?status=new&q=a%26b&sort=number&dir=asc&after=c2"
        );
        assert!(!s.is_first());
    }

    #[test]
    fn only_allowed_columns_sort() {
        let s = ListState::of(&get("/t?sort=password"), &["activity", "number"], &[]);
        assert_eq!((s.sort.as_str(), s.descending), ("activity", true));
    }

    #[test]
    fn a_heading_says_how_it_is_sorted_and_turns_it_round() {
        let s = ListState::of(&get("/t"), &["activity"], &[]);
        let h = sort_heading(Language::Pl, &s, "activity", "common-cancel");
        assert!(h.as_str().contains("aria-sort=\"descending\""), "{h}");
        assert!(h.as_str().contains("/t?sort=activity&amp;dir=asc"), "{h}");
    }
}
