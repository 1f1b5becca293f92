//! The frame around every page: header, navigation, switches, toasts.
//!
//! Templates of one crate cannot well extend those of another, so a page's own template renders only what goes into
//! `<main>`, and [`Page::show`] puts the frame around it.

use crate::cookie::Cookie;
use crate::error::ApiError;
use crate::flash::{self, Flash};
use crate::html::SafeHtml;
use crate::i18n::{self, Speak};
use crate::request::Request;
use crate::response::Response;
use askama::Template;
use http::Method;
use mostek_domain::{Language, Theme};

/// Where the language and theme switches post: `language` or `theme`, `back` (a path for [`crate::safe_back`]), and,
/// for somebody signed in, the CSRF token. For somebody not signed in the answer sets the cookies `language`, `theme`.
pub const PREFERENCES_PATH: &str = "/preferences";
/// Where the company selector posts: `company` (the id), `back` and the CSRF token.
pub const COMPANY_PATH: &str = "/company";
/// Where the sign-out button posts: the CSRF token.
pub const SIGN_OUT_PATH: &str = "/sign-out";
/// Where [`crate::edge::finish`] sends who must sign in: with `?back=<path>`.
pub const SIGN_IN_PATH: &str = "/sign-in";
/// Where the person's name in the header links to.
pub const ACCOUNT_PATH: &str = "/account";

/// A company in the selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyChoice {
    /// Its id as text.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is the one being looked at.
    pub current: bool,
}

/// An entry of the navigation. The caller lists only what the viewer has a right to; see [`crate::nav`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavEntry {
    /// What [`Page::active`] names.
    pub id: &'static str,
    /// The catalogue key of its label.
    pub label: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Its icon (see `assets/icons.svg`).
    pub icon: &'static str,
    /// A number beside it: what waits there. 0 is not shown.
    pub waiting: u64,
}

impl NavEntry {
    fn waiting_text(&self, language: &Language) -> String {
        i18n::number(*language, i64::try_from(self.waiting).unwrap_or(i64::MAX))
    }
}

/// Who looks at a page, as far as the frame needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The person's name.
    pub name: String,
    /// Their language.
    pub language: Language,
    /// Their theme.
    pub theme: Theme,
    /// The companies they work in; the selector is shown from two on.
    pub companies: Vec<CompanyChoice>,
    /// The navigation they have a right to.
    pub nav: Vec<NavEntry>,
    /// The CSRF token of their session ([`crate::Csrf::token`]).
    pub csrf: String,
    /// Whether they are an administrator.
    pub is_admin: bool,
}

/// What the edge knows about the reader before and beside any handler: error pages are drawn with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// The signed-in person, if any.
    pub viewer: Option<Viewer>,
    /// The language of the answer.
    pub language: Language,
    /// The theme of the answer.
    pub theme: Theme,
}

impl Frame {
    /// For a request that nobody is signed in for: language and theme from cookies and headers.
    #[must_use]
    pub fn anonymous(request: &Request) -> Self {
        Self { viewer: None, language: request.preferred_language(), theme: request.preferred_theme() }
    }

    /// For a signed-in person.
    #[must_use]
    pub fn of(viewer: Viewer) -> Self {
        Self { language: viewer.language, theme: viewer.theme, viewer: Some(viewer) }
    }
}

/// One step of the way to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Its name, in the reader's language.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

impl Crumb {
    /// A step.
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// A page but for its body.
pub struct Page<'a> {
    viewer: Option<&'a Viewer>,
    language: Language,
    theme: Theme,
    title: String,
    active: &'static str,
    crumbs: Vec<Crumb>,
    toasts: Vec<Flash>,
    wide: bool,
    address: Option<String>,
}

impl<'a> Page<'a> {
    /// A page for a signed-in person; `title` in their language.
    #[must_use]
    pub fn new(viewer: &'a Viewer, title: impl Into<String>) -> Self {
        Self { viewer: Some(viewer), ..Self::plain(viewer.language, viewer.theme, title) }
    }

    /// A page without navigation: signing in, setting up, errors for strangers.
    #[must_use]
    pub fn plain(language: Language, theme: Theme, title: impl Into<String>) -> Self {
        Self {
            viewer: None,
            language,
            theme,
            title: title.into(),
            active: "",
            crumbs: Vec::new(),
            toasts: Vec::new(),
            wide: false,
            address: None,
        }
    }

    /// A page in a frame, with navigation if somebody is signed in.
    #[must_use]
    pub fn in_frame(frame: &'a Frame, title: impl Into<String>) -> Self {
        Self { viewer: frame.viewer.as_ref(), ..Self::plain(frame.language, frame.theme, title) }
    }

    /// Marks a navigation entry by its id.
    #[must_use]
    pub fn active(mut self, id: &'static str) -> Self {
        self.active = id;
        self
    }

    /// Adds a step above the title.
    #[must_use]
    pub fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push(Crumb::new(label, href));
        self
    }

    /// Shows a toast on this page (one that came by cookie is added by [`Page::show`]).
    #[must_use]
    pub fn toast(mut self, toast: Flash) -> Self {
        self.toasts.push(toast);
        self
    }

    /// Uses the whole width of the window: tables, conversations.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Where this page is fetched, for one that is also shown as the answer to a form: its switches lead back there.
    /// Without it they lead to the last step above the title, else to `/`.
    #[must_use]
    pub fn at(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// What can be fetched again after this answer.
    fn back(&self, request: &Request) -> String {
        if request.method == Method::GET {
            return request.path_and_query().to_owned();
        }
        let above = self.address.as_deref().or_else(|| self.crumbs.last().map(|c| c.href.as_str()));
        above.unwrap_or("/").to_owned()
    }

    /// Up to two letters for the round picture of the person.
    fn initials(&self) -> String {
        let name = self.viewer.map_or("", |v| v.name.as_str());
        name.split_whitespace()
            .filter_map(|w| w.chars().next())
            .take(2)
            .flat_map(char::to_uppercase)
            .collect()
    }

    /// Renders the body's template, puts the frame around it and answers 200; takes up the toast that the request
    /// brings in its cookie. The switches lead back to this request's path, or see [`Page::at`].
    ///
    /// # Errors
    /// 500 if the template fails.
    pub fn show(self, request: &Request, body: &impl Template) -> Result<Response, ApiError> {
        let body = SafeHtml::trusted(body.render()?);
        self.show_html(request, body)
    }

    /// Like [`Page::show`] with a body that is rendered already.
    ///
    /// # Errors
    /// 500 if the frame's template fails.
    pub fn show_html(mut self, request: &Request, body: SafeHtml) -> Result<Response, ApiError> {
        let brought = Flash::of(request);
        let used_up = brought.is_some();
        self.toasts.extend(brought);
        let back = self.back(request);
        let response = Response::html(self.render(&back, body)?);
        Ok(if used_up { response.cookie(Cookie::removed(flash::COOKIE)) } else { response })
    }

    /// The whole document. `back` is where the switches return to.
    ///
    /// # Errors
    /// A template failed.
    pub fn render(self, back: &str, body: SafeHtml) -> Result<SafeHtml, askama::Error> {
        let document = Document { page: self, back, body };
        Ok(SafeHtml::trusted(document.render()?))
    }
}

pub(crate) fn theme_icon(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "auto",
        Theme::Light => "sun",
        Theme::Dark => "moon",
    }
}

pub(crate) fn theme_label(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "common-theme-auto",
        Theme::Light => "common-theme-light",
        Theme::Dark => "common-theme-dark",
    }
}

#[derive(Template)]
#[template(path = "layout.html")]
struct Document<'a> {
    page: Page<'a>,
    back: &'a str,
    body: SafeHtml,
}
