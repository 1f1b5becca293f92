//! A form field with its label, hint and error, tied together for screen readers.

use crate::html::SafeHtml;
use crate::i18n::Speak;
use crate::text::{Text, printable};
use askama::Template;
use mostek_domain::Language;

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read, in the reader's language.
    pub label: String,
}

impl Choice {
    /// An option.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// A form field. The id of its control is `f-<name>`, the names of hint and error derive from it.
#[derive(Template, Debug, Clone)]
#[template(path = "ui/field.html")]
pub struct Field {
    language: Language,
    name: String,
    kind: &'static str,
    label: String,
    value: String,
    hint: Option<String>,
    error: Option<String>,
    choices: Vec<Choice>,
    required: bool,
    checked: bool,
    multiple: bool,
    attributes: Vec<(&'static str, String)>,
}

impl Field {
    /// A field; `kind` is `text`, `email`, `password`, `tel`, `number`, `date`, `url`, `search`, `textarea`, `select`,
    /// `checkbox` or `file`. `label` is a catalogue key.
    #[must_use]
    pub fn new(language: Language, kind: &'static str, name: impl Into<String>, label: &str) -> Self {
        Self {
            language,
            name: name.into(),
            kind,
            label: language.t(label),
            value: String::new(),
            hint: None,
            error: None,
            choices: Vec::new(),
            required: false,
            checked: false,
            multiple: false,
            attributes: Vec::new(),
        }
    }

    /// A line of text.
    #[must_use]
    pub fn text(language: Language, name: impl Into<String>, label: &str) -> Self {
        Self::new(language, "text", name, label)
    }

    /// Several lines of text.
    #[must_use]
    pub fn area(language: Language, name: impl Into<String>, label: &str) -> Self {
        Self::new(language, "textarea", name, label)
    }

    /// One of several; [`Field::value`] names the chosen one.
    #[must_use]
    pub fn select(language: Language, name: impl Into<String>, label: &str, choices: Vec<Choice>) -> Self {
        let mut f = Self::new(language, "select", name, label);
        f.choices = choices;
        f
    }

    /// Yes or no; sends `yes` when ticked, nothing otherwise.
    #[must_use]
    pub fn checkbox(language: Language, name: impl Into<String>, label: &str, checked: bool) -> Self {
        let mut f = Self::new(language, "checkbox", name, label);
        f.checked = checked;
        f.value = "yes".to_owned();
        f
    }

    /// Files; the form must be `enctype="multipart/form-data"`.
    #[must_use]
    pub fn file(language: Language, name: impl Into<String>, label: &str, multiple: bool) -> Self {
        let mut f = Self::new(language, "file", name, label);
        f.multiple = multiple;
        f
    }

    /// A label that is already in the reader's language (a custom field's name, say).
    #[must_use]
    pub fn labelled(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// What stands in it, without characters that cannot be seen. A password's is never sent back.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        if self.kind != "password" {
            self.value = printable(&value.into());
        }
        self
    }

    /// A sentence below the label; a catalogue key.
    #[must_use]
    pub fn hint(mut self, key: &str) -> Self {
        self.hint = Some(self.language.t(key));
        self
    }

    /// A hint with arguments or of foreign text.
    #[must_use]
    pub fn hint_text(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What is wrong with it, if anything.
    #[must_use]
    pub fn error(mut self, error: Option<&Text>) -> Self {
        self.error = error.map(|e| self.language.say(e));
        self
    }

    /// It must be filled in.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Adds an attribute: `autocomplete`, `maxlength`, `inputmode`, `placeholder`, `rows`, `accept`, `data-counter`...
    #[must_use]
    pub fn with(mut self, attribute: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((attribute, value.into()));
        self
    }

    /// The HTML.
    #[must_use]
    pub fn html(&self) -> SafeHtml {
        SafeHtml::of(self)
    }

    fn described_by(&self) -> String {
        let hint = self.hint.as_ref().map(|_| format!("f-{}-hint", self.name));
        let error = self.error.as_ref().map(|_| format!("f-{}-error", self.name));
        hint.into_iter().chain(error).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_not_sent_back() {
        let shown = |f: Field| f.value("a\u{0}b\u{1b}[31m\u{202e}c<i>").html().as_str().to_owned();
        for html in [
            shown(Field::text(Language::En, "name", "common-yes")),
            shown(Field::area(Language::En, "name", "common-yes")),
        ] {
            assert!(html.contains("ab[31mc&#60;i&#62;"), "{html:?}");
        }
        let html = Field::area(Language::En, "name", "common-yes").value("one\ntwo").html();
        assert!(html.as_str().contains("one\ntwo"), "line breaks stay");
    }
}
