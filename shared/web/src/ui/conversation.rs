//! A message in a conversation. Who wrote it is told by side, icon and words, not by colour alone.

use crate::html::SafeHtml;
use crate::i18n::Speak;
use crate::text::{Text, printable};
use askama::Template;
use mostek_domain::Language;
use mostek_ports::Timestamp;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// The customer.
    Customer,
    /// One of us, through the hub.
    Us,
    /// One of us, in the marketplace's own panel.
    Shop,
    /// The marketplace.
    Operator,
    /// One of us to colleagues: never leaves the hub.
    Internal,
    /// The hub itself, about what happened.
    System,
}

impl Author {
    fn class(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Us => "us",
            Self::Shop => "us shop",
            Self::Operator => "operator",
            Self::Internal => "internal",
            Self::System => "system",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::Customer => "person",
            Self::Us => "reply",
            Self::Shop => "building",
            Self::Operator => "shield",
            Self::Internal => "lock",
            Self::System => "info",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Customer => "common-author-customer",
            Self::Us => "common-author-us",
            Self::Shop => "common-author-shop",
            Self::Operator => "common-author-operator",
            Self::Internal => "common-author-internal",
            Self::System => "common-author-system",
        }
    }
}

/// What became of a message of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The tone of its badge: `neutral`, `info`, `success`, `warning`, `danger`.
    pub tone: &'static str,
    /// In words, in the reader's language: "sent", "waiting", "failed because ...".
    pub label: String,
    /// What can be done about it: forms or links, rendered already.
    pub actions: SafeHtml,
}

/// A file that came along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, as it came; shown with escapes.
    pub name: String,
    /// Its size in bytes, if known.
    pub size: Option<u64>,
    /// Where it is downloaded.
    pub href: String,
}

/// A message: an `<li>` of `<ol class="conversation">`.
#[derive(Template)]
#[template(path = "ui/message.html")]
pub struct Message {
    language: Language,
    author: Author,
    name: String,
    written: Timestamp,
    now: Timestamp,
    body: String,
    id: String,
    to: Option<String>,
    tags: Vec<Text>,
    attachments: Vec<Attachment>,
    delivery: Option<Delivery>,
}

impl Message {
    /// A message with its author's name and text, as they came: control characters are dropped and HTML is escaped
    /// here. `id` becomes the anchor `m-<id>`.
    #[must_use]
    pub fn new(
        language: Language,
        author: Author,
        id: &str,
        name: &str,
        written: Timestamp,
        now: Timestamp,
        body: &str,
    ) -> Self {
        Self {
            language,
            author,
            name: printable(name),
            written,
            now,
            body: printable(body).trim_end().to_owned(),
            id: id.to_owned(),
            to: None,
            tags: Vec::new(),
            attachments: Vec::new(),
            delivery: None,
        }
    }

    /// To whom, in the reader's language ("to the customer and EmpikPlace").
    #[must_use]
    pub fn to(mut self, whom: impl Into<String>) -> Self {
        self.to = Some(whom.into());
        self
    }

    /// Adds a remark beside the author: "customer outside the CRM", "automatic".
    #[must_use]
    pub fn tag(mut self, tag: impl Into<Text>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn attachment(mut self, attachment: Attachment) -> Self {
        self.attachments
            .push(Attachment { name: printable(&attachment.name).replace('\n', " "), ..attachment });
        self
    }

    /// Says what became of it.
    #[must_use]
    pub fn delivery(mut self, delivery: Delivery) -> Self {
        self.delivery = Some(delivery);
        self
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

    #[test]
    fn html_and_control_characters_of_a_customer_are_only_text() {
        let m = Message::new(
            Language::Pl,
            Author::Customer,
            "1",
            "<b>Jan</b>\u{202e}",
            Timestamp(0),
            Timestamp(0),
            "<script>alert(1)</script>\u{0}\u{1b}[0m\ndruga linia & \"koniec\"",
        )
        .attachment(Attachment {
            name: "<img src=x onerror=alert(1)>.png".into(),
            size: Some(10),
            href: "/a?x=\"><script>".into(),
        })
        .html();
        let html = m.as_str();
        assert!(!html.contains("<script") && !html.contains("<b>Jan") && !html.contains("<img"), "{html}");
        assert!(!html.contains('\u{0}') && !html.contains('\u{1b}') && !html.contains('\u{202e}'), "{html}");
        assert!(html.contains("\ndruga linia"), "{html}");
    }

    #[test]
    fn every_author_is_told_in_words() {
        let mut seen = std::collections::BTreeSet::new();
        for a in
            [Author::Customer, Author::Us, Author::Shop, Author::Operator, Author::Internal, Author::System]
        {
            let label = Language::Pl.t(a.label());
            let html = Message::new(Language::Pl, a, "1", "Ktoś", Timestamp(0), Timestamp(0), "x").html();
            assert!(html.as_str().contains(&label), "{html}");
            assert!(seen.insert(label));
        }
    }
}
