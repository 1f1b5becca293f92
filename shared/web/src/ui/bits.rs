//! Small pieces: icon, badge, time, notice, empty state, confirmation.

use super::Field;
use crate::assets;
use crate::csrf;
use crate::flash::Tone;
use crate::html::SafeHtml;
use crate::i18n::Speak;
use crate::text::Text;
use crate::time;
use askama::Template;
use mostek_domain::Language;
use mostek_ports::Timestamp;

/// An icon of the sprite `assets/icons.svg` by its symbol's id; decoration only, so a label must stand beside it.
#[must_use]
pub fn icon(id: &str) -> SafeHtml {
    let id: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    SafeHtml::trusted(format!(
        "<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"{}#{id}\"></use></svg>",
        assets::url("icons.svg")
    ))
}

/// A status badge: `tone` is one of `neutral`, `info`, `success`, `warning`, `danger`, `accent`, `operator`; the label
/// says it in words.
#[must_use]
pub fn badge(tone: &str, label: &str) -> SafeHtml {
    SafeHtml::trusted(format!(
        "<span class=\"badge {}\">{}</span>",
        SafeHtml::escaped(tone),
        SafeHtml::escaped(label)
    ))
}

/// A moment: relative to `now` to read, absolute on hover, exact for programs.
#[must_use]
pub fn time_tag(language: Language, now: Timestamp, moment: Timestamp) -> SafeHtml {
    SafeHtml::trusted(format!(
        "<time datetime=\"{}\" title=\"{}\">{}</time>",
        time::iso(moment),
        SafeHtml::escaped(&time::absolute(language, moment)),
        SafeHtml::escaped(&time::relative(language, now, moment))
    ))
}

/// A message that belongs to a place in the page, not to the moment (that is a toast).
#[must_use]
pub fn notice(tone: Tone, message: &str) -> SafeHtml {
    let role = if matches!(tone, Tone::Danger | Tone::Warning) { "alert" } else { "status" };
    SafeHtml::trusted(format!(
        "<div class=\"notice {}\" role=\"{role}\">{}<p>{}</p></div>",
        tone.slug(),
        icon(tone.icon()),
        SafeHtml::escaped(message)
    ))
}

/// The hidden field every form that changes something carries.
#[must_use]
pub fn csrf_field(token: &str) -> SafeHtml {
    SafeHtml::trusted(format!(
        "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
        csrf::FIELD,
        SafeHtml::escaped(token)
    ))
}

/// What stands where a list is empty: what that means and what to do next.
#[derive(Template)]
#[template(path = "ui/empty.html")]
pub struct EmptyState {
    icon: &'static str,
    title: String,
    text: String,
    action: Option<(String, String)>,
}

impl EmptyState {
    /// With an icon, a title and a sentence that says what to do next, all in the reader's language.
    #[must_use]
    pub fn new(icon: &'static str, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { icon, title: title.into(), text: text.into(), action: None }
    }

    /// Adds the button that does it.
    #[must_use]
    pub fn action(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.action = Some((label.into(), href.into()));
        self
    }

    /// The HTML.
    #[must_use]
    pub fn html(&self) -> SafeHtml {
        SafeHtml::of(self)
    }
}

/// The question before something that cannot be undone.
///
/// Without JavaScript it is a page of its own, at the address the dangerous button links to; give that link the
/// attribute `data-confirm`, and with JavaScript the same question opens in a dialog.
#[derive(Template)]
#[template(path = "ui/confirm.html")]
pub struct Confirm<'a> {
    language: Language,
    title: String,
    text: String,
    action: &'a str,
    button: String,
    back: &'a str,
    csrf: &'a str,
    fields: Vec<(&'a str, String)>,
    choices: Vec<SafeHtml>,
}

impl<'a> Confirm<'a> {
    /// `title` asks, `text` says what will be gone, `button` names the act ("Delete the connection", not "OK").
    /// The form posts to `action` with the CSRF token; "cancel" leads to `back`.
    #[must_use]
    pub fn new(
        language: Language,
        title: &Text,
        text: &Text,
        button: &Text,
        action: &'a str,
        back: &'a str,
        csrf: &'a str,
    ) -> Self {
        Self {
            language,
            title: language.say(title),
            text: language.say(text),
            button: language.say(button),
            action,
            back,
            csrf,
            fields: Vec::new(),
            choices: Vec::new(),
        }
    }

    /// Adds a hidden field.
    #[must_use]
    pub fn hidden(mut self, name: &'a str, value: impl Into<String>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    /// Adds a box that is not ticked, for what may be done along with it; `label` is a catalogue key.
    #[must_use]
    pub fn choice(mut self, name: &'a str, label: &str) -> Self {
        self.choices.push(Field::checkbox(self.language, name, label, false).html());
        self
    }

    /// The HTML.
    #[must_use]
    pub fn html(&self) -> SafeHtml {
        SafeHtml::of(self)
    }
}
