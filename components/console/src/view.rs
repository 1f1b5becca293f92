//! What the console's pages are made of.

use crate::form::Errors;
use askama::Template;
use mostek_domain::Language;
use mostek_web::ui::{self, Field};
use mostek_web::{SafeHtml, Speak, Tone};

/// A form with its heading, in a card.
#[derive(Template)]
#[template(path = "form.html")]
pub(crate) struct FormView {
    pub(crate) heading: String,
    pub(crate) intro: String,
    pub(crate) notice: SafeHtml,
    pub(crate) action: String,
    pub(crate) csrf: String,
    pub(crate) parts: Vec<SafeHtml>,
    pub(crate) button: String,
    pub(crate) cancel: Option<(String, String)>,
    pub(crate) class: &'static str,
    pub(crate) first: bool,
}

impl FormView {
    /// A form that posts to `action`; `heading` and `button` are in the reader's language. What is wrong with the form as
    /// a whole stands above it.
    pub(crate) fn new(
        language: Language,
        heading: impl Into<String>,
        action: impl Into<String>,
        csrf: &str,
        button: &str,
        errors: &Errors,
    ) -> Self {
        let notice = match errors.get("") {
            Some(text) => ui::notice(Tone::Danger, &language.say(text)),
            None => SafeHtml::default(),
        };
        Self {
            heading: heading.into(),
            intro: String::new(),
            notice,
            action: action.into(),
            csrf: csrf.to_owned(),
            parts: Vec::new(),
            button: language.t(button),
            cancel: None,
            class: "card",
            first: true,
        }
    }

    pub(crate) fn intro(mut self, text: impl Into<String>) -> Self {
        self.intro = text.into();
        self
    }

    pub(crate) fn field(mut self, field: Field) -> Self {
        self.parts.push(field.html());
        self
    }

    pub(crate) fn part(mut self, part: SafeHtml) -> Self {
        self.parts.push(part);
        self
    }

    pub(crate) fn hidden(self, name: &str, value: &str) -> Self {
        let (name, value) = (SafeHtml::escaped(name), SafeHtml::escaped(value));
        self.part(SafeHtml::trusted(format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")))
    }

    pub(crate) fn cancel(mut self, language: Language, href: &str) -> Self {
        self.cancel = Some((language.t("common-cancel"), href.to_owned()));
        self
    }

    /// For a page that is nothing but this form.
    pub(crate) fn alone(mut self) -> Self {
        self.class = "card auth";
        self
    }

    /// For a form that is not the page's first: its heading is a second-level one.
    pub(crate) fn second(mut self) -> Self {
        self.first = false;
        self
    }

    pub(crate) fn html(&self) -> SafeHtml {
        SafeHtml::of(self)
    }
}

/// Boxes to tick under one legend.
#[derive(Template)]
#[template(path = "boxes.html")]
pub(crate) struct Boxes {
    pub(crate) id: &'static str,
    pub(crate) legend: String,
    pub(crate) hint: String,
    pub(crate) error: Option<String>,
    pub(crate) boxes: Vec<SafeHtml>,
}

impl Boxes {
    pub(crate) fn html(&self) -> SafeHtml {
        SafeHtml::of(self)
    }
}

/// A secret that is shown this once.
#[derive(Template)]
#[template(path = "shown_once.html")]
pub(crate) struct ShownOnce {
    pub(crate) heading: String,
    pub(crate) text: String,
    pub(crate) label: String,
    pub(crate) secret: String,
    pub(crate) note: String,
    pub(crate) back: (String, String),
}
