//! The frame of the pages on how the desk works: tabs, a list of what is set, a form.

use super::{Wrong, bits};
use crate::fields::Fields;
use crate::input::desk::Kind;
use crate::visit::Visit;
use askama::Template;
use mostek_domain::Language;
use mostek_ports::World;
use mostek_web::ui::Field;
use mostek_web::{ApiError, Page, Request, Response, SafeHtml, Speak, Tone};

/// Where all of them are.
pub(super) const HOME: &str = "/settings/helpdesk";

/// The tabs after those of the things a desk has.
const TABS: [&str; 3] = ["hours", "service", "automatic"];

/// All tabs: label, address, whether it is the present one.
pub(super) fn tabs(language: Language, current: &str) -> Vec<(String, String, bool)> {
    let things = Kind::ALL.into_iter().map(|k| (format!("helpdesk-desk-{}", k.slug()), k.slug()));
    let ways = TABS.into_iter().map(|t| (format!("service-tab-{t}"), t));
    things
        .chain(ways)
        .map(|(label, slug)| (language.t(&label), format!("{HOME}/{slug}"), slug == current))
        .collect()
}

/// A page.
#[derive(Template)]
#[template(path = "service.html")]
pub(super) struct Setup {
    pub language: Language,
    pub csrf: String,
    pub tabs: Vec<(String, String, bool)>,
    pub wrong: Option<String>,
    pub note: Option<String>,
    /// The sentence above the list; without it there is no list.
    pub about: Option<String>,
    pub rows: Vec<Row>,
    pub form: Option<Form>,
}

/// Something that is set.
pub(super) struct Row {
    pub href: String,
    pub label: String,
    pub badge: Option<(&'static str, String)>,
    pub text: String,
}

/// A form in groups.
#[derive(Default)]
pub(super) struct Form {
    pub title: String,
    pub about: String,
    pub action: String,
    pub hidden: Vec<(&'static str, String)>,
    pub groups: Vec<Group>,
    /// Further buttons: value and label.
    pub buttons: Vec<(&'static str, String)>,
    pub back: Option<String>,
}

/// Fields that belong together.
#[derive(Default)]
pub(super) struct Group {
    pub title: String,
    pub hint: String,
    pub fields: Vec<SafeHtml>,
    /// Those of the whole width.
    pub wide: Vec<SafeHtml>,
    pub checks: Vec<Check>,
    pub error: Option<String>,
}

/// A box to tick.
pub(super) struct Check {
    pub name: &'static str,
    pub value: String,
    pub label: String,
    pub checked: bool,
}

/// What stands in a form, and what is wrong with it.
pub(super) struct Typed<'a> {
    pub language: Language,
    pub fields: &'a Fields,
    pub wrong: &'a Wrong,
}

impl Typed<'_> {
    /// A field with what was typed.
    pub(super) fn field(&self, field: Field, name: &str) -> Field {
        field.value(self.fields.get(name)).error(self.wrong.with(name))
    }

    /// A line of text.
    pub(super) fn line(&self, name: &'static str, label: &str) -> Field {
        self.field(Field::text(self.language, name, label), name)
    }

    /// A number from nought.
    pub(super) fn number(&self, name: &'static str, label: &str) -> Field {
        self.field(Field::new(self.language, "number", name, label), name).with("min", "0")
    }
}

impl Setup {
    /// A page with nothing on it yet.
    pub(super) fn new<W: World>(visit: &Visit<'_, W>, tab: &str, wrong: &Wrong, shown: &[&str]) -> Self {
        let language = visit.language();
        // What is wrong with a field stands beside it; anything else above.
        let elsewhere = wrong.0.as_ref().filter(|e| !e.field.as_deref().is_some_and(|f| shown.contains(&f)));
        Self {
            language,
            csrf: visit.session.csrf.clone(),
            tabs: tabs(language, tab),
            wrong: elsewhere.map(|e| language.say(&e.message)),
            note: None,
            about: None,
            rows: Vec::new(),
            form: None,
        }
    }

    /// The response.
    ///
    /// # Errors
    /// A template failed.
    pub(super) fn show<W: World>(
        &self,
        visit: &Visit<'_, W>,
        request: &Request,
        wrong: &Wrong,
    ) -> Result<Response, ApiError> {
        let l = visit.language();
        let viewer = visit.session.viewer();
        let page = Page::new(&viewer, l.t("helpdesk-desk-title"))
            .active("settings")
            .crumb(l.t("common-nav-settings"), "/settings")
            .show(request, self)?;
        Ok(page.status(wrong.status()))
    }
}
