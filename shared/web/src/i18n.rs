//! Texts in the reader's language, from the Fluent catalogues in `locales/`.
//!
//! Every key begins with the name of its file (`helpdesk-...` is in `helpdesk.ftl`); a test finds every such literal in
//! the workspace's sources and templates and fails if a catalogue lacks it.

use crate::text::{Arg, Text};
use crate::time;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use mostek_domain::Language;
use std::cell::{OnceCell, RefCell};

/// Sources of the catalogues: language, file, text.
pub(crate) const CATALOGUES: &[(Language, &str, &str)] = &[
    (Language::Pl, "programs", include_str!("../locales/pl/programs.ftl")),
    (Language::Pl, "common", include_str!("../locales/pl/common.ftl")),
    (Language::Pl, "console", include_str!("../locales/pl/console.ftl")),
    (Language::Pl, "helpdesk", include_str!("../locales/pl/helpdesk.ftl")),
    (Language::Pl, "tickets", include_str!("../locales/pl/tickets.ftl")),
    (Language::Pl, "crm", include_str!("../locales/pl/crm.ftl")),
    (Language::Pl, "errors", include_str!("../locales/pl/errors.ftl")),
    (Language::Pl, "webhooks", include_str!("../locales/pl/webhooks.ftl")),
    (Language::Pl, "reports", include_str!("../locales/pl/reports.ftl")),
    (Language::Pl, "search", include_str!("../locales/pl/search.ftl")),
    (Language::En, "programs", include_str!("../locales/en/programs.ftl")),
    (Language::En, "common", include_str!("../locales/en/common.ftl")),
    (Language::En, "console", include_str!("../locales/en/console.ftl")),
    (Language::En, "helpdesk", include_str!("../locales/en/helpdesk.ftl")),
    (Language::En, "tickets", include_str!("../locales/en/tickets.ftl")),
    (Language::En, "crm", include_str!("../locales/en/crm.ftl")),
    (Language::En, "errors", include_str!("../locales/en/errors.ftl")),
    (Language::En, "webhooks", include_str!("../locales/en/webhooks.ftl")),
    (Language::En, "reports", include_str!("../locales/en/reports.ftl")),
    (Language::En, "search", include_str!("../locales/en/search.ftl")),
    (Language::Ru, "programs", include_str!("../locales/ru/programs.ftl")),
    (Language::Ru, "common", include_str!("../locales/ru/common.ftl")),
    (Language::Ru, "console", include_str!("../locales/ru/console.ftl")),
    (Language::Ru, "helpdesk", include_str!("../locales/ru/helpdesk.ftl")),
    (Language::Ru, "tickets", include_str!("../locales/ru/tickets.ftl")),
    (Language::Ru, "crm", include_str!("../locales/ru/crm.ftl")),
    (Language::Ru, "errors", include_str!("../locales/ru/errors.ftl")),
    (Language::Pl, "service", include_str!("../locales/pl/service.ftl")),
    (Language::En, "service", include_str!("../locales/en/service.ftl")),
    (Language::Ru, "service", include_str!("../locales/ru/service.ftl")),
    (Language::Ru, "reports", include_str!("../locales/ru/reports.ftl")),
    (Language::Ru, "search", include_str!("../locales/ru/search.ftl")),
    (Language::Ru, "webhooks", include_str!("../locales/ru/webhooks.ftl")),
];

type Bundle = FluentBundle<FluentResource>;

thread_local! {
    // Parsed on first use and kept with the instance: constant data, no request's.
    static BUNDLES: [OnceCell<Bundle>; 3] = const { [OnceCell::new(), OnceCell::new(), OnceCell::new()] };
    static MISSING: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn build(language: Language) -> Bundle {
    let tag = language.code().parse().unwrap_or_default();
    let mut bundle = Bundle::new(vec![tag]);
    // Isolation marks would end up in attributes, mails and file names.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::En => group_en,
        Language::Pl => group_pl,
        Language::Ru => group_ru,
    }));
    for (_, _, source) in CATALOGUES.iter().filter(|(l, _, _)| *l == language) {
        // A catalogue with a mistake in one text still gives the others; the tests refuse the mistake.
        let (Ok(resource) | Err((resource, _))) = FluentResource::try_new((*source).to_owned());
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn group_en<M>(v: &FluentValue<'_>, _: &M) -> Option<String> {
    group(v, Language::En)
}
fn group_pl<M>(v: &FluentValue<'_>, _: &M) -> Option<String> {
    group(v, Language::Pl)
}
fn group_ru<M>(v: &FluentValue<'_>, _: &M) -> Option<String> {
    group(v, Language::Ru)
}

#[allow(clippy::cast_possible_truncation)] // whole numbers below 2^53 only: checked
fn group(v: &FluentValue<'_>, language: Language) -> Option<String> {
    match v {
        FluentValue::Number(n) if n.value.fract() == 0.0 && n.value.abs() < 9e15 => {
            Some(number(language, n.value as i64))
        }
        _ => None,
    }
}

/// A whole number with the language's digit groups: `12 345` with a no-break space in Polish (from five digits on)
/// and Russian, `12,345` in English.
#[must_use]
pub fn number(language: Language, n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let (separator, least) = match language {
        Language::En => (',', 4),
        Language::Pl | Language::Ru => ('\u{a0}', 5),
    };
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        out.push('-');
    }
    for (i, d) in digits.chars().enumerate() {
        if i > 0 && digits.len() >= least && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(d);
    }
    out
}

/// The text under `key` with arguments. A missing key gives the key itself and is noted for the log
/// ([`take_missing`]).
#[must_use]
pub fn t(language: Language, key: &str, args: &[(&str, Arg)]) -> String {
    format(language, key, args.iter().map(|(n, v)| (*n, v)))
}

fn format<'a>(language: Language, key: &str, args: impl Iterator<Item = (&'a str, &'a Arg)>) -> String {
    let values: FluentArgs<'_> = args
        .map(|(name, value)| {
            let v = match value {
                Arg::Text(s) => FluentValue::from(s.clone()),
                #[allow(clippy::cast_precision_loss)] // plural rules and display need no more than 2^53
                Arg::Number(n) => FluentValue::Number(FluentNumber::new(*n as f64, Default::default())),
                Arg::Bytes(n) => FluentValue::from(time::bytes(language, *n)),
                Arg::Moment(m) => FluentValue::from(time::absolute(language, *m)),
                Arg::Nested(text) => FluentValue::from(language.say(text)),
            };
            (name.to_owned(), v)
        })
        .collect();
    let found = BUNDLES.with(|all| {
        let slot = match language {
            Language::Pl => all.first(),
            Language::En => all.get(1),
            Language::Ru => all.get(2),
        };
        let bundle = slot?.get_or_init(|| build(language));
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let out = bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        if !errors.is_empty() {
            note(format!("{key} ({language}): {errors:?}"));
        }
        Some(out)
    });
    found.unwrap_or_else(|| {
        note(format!("{key} ({language}) is in no catalogue"));
        key.to_owned()
    })
}

fn note(line: String) {
    MISSING.with(|m| {
        let mut m = m.borrow_mut();
        if m.len() < 20 && !m.contains(&line) {
            m.push(line);
        }
    });
}

/// Takes what was asked for and is not in a catalogue, for the log; [`crate::edge::finish`] does.
#[must_use]
pub fn take_missing() -> Vec<String> {
    MISSING.with(|m| m.take())
}

/// Texts as methods of a language, for templates: `{{ language.t("common-save") }}`,
/// `{{ language.n("helpdesk-ticket-count", count) }}`.
pub trait Speak: Copy {
    /// A text without arguments.
    fn t(self, key: &str) -> String;
    /// A text that depends on a number, in the right plural form; the number is the argument `$count`.
    fn n(self, key: &str, count: impl Into<Arg>) -> String;
    /// A text with one argument.
    fn with(self, key: &str, name: &str, value: impl Into<Arg>) -> String;
    /// A text that was made before the language was known.
    fn say(self, text: &Text) -> String;
}

impl Speak for Language {
    fn t(self, key: &str) -> String {
        t(self, key, &[])
    }
    fn n(self, key: &str, count: impl Into<Arg>) -> String {
        t(self, key, &[("count", count.into())])
    }
    fn with(self, key: &str, name: &str, value: impl Into<Arg>) -> String {
        t(self, key, &[(name, value.into())])
    }
    fn say(self, text: &Text) -> String {
        format(self, &text.key, text.args.iter().map(|(n, v)| (n.as_ref(), v)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polish_plural_forms() {
        for (n, text) in [
            (0, "0 zgłoszeń"),
            (1, "1 zgłoszenie"),
            (2, "2 zgłoszenia"),
            (4, "4 zgłoszenia"),
            (5, "5 zgłoszeń"),
            (12, "12 zgłoszeń"),
            (14, "14 zgłoszeń"),
            (21, "21 zgłoszeń"),
            (22, "22 zgłoszenia"),
            (112, "112 zgłoszeń"),
        ] {
            assert_eq!(Language::Pl.n("helpdesk-ticket-count", n), text);
        }
    }

    #[test]
    fn english_and_russian_plural_forms() {
        assert_eq!(Language::En.n("helpdesk-ticket-count", 1), "1 ticket");
        assert_eq!(Language::En.n("helpdesk-ticket-count", 2), "2 tickets");
        for (n, text) in [
            (1, "1 обращение"),
            (21, "21 обращение"),
            (3, "3 обращения"),
            (11, "11 обращений"),
            (5, "5 обращений"),
        ] {
            assert_eq!(Language::Ru.n("helpdesk-ticket-count", n), text);
        }
    }

    #[test]
    fn numbers_are_grouped_as_the_language_does() {
        assert_eq!(number(Language::Pl, 1234), "1234");
        assert_eq!(number(Language::Pl, 1_234_567), "1\u{a0}234\u{a0}567");
        assert_eq!(number(Language::En, -1234), "-1,234");
        assert_eq!(Language::En.n("helpdesk-ticket-count", 12_345), "12,345 tickets");
    }

    #[test]
    fn arguments_are_put_in_as_they_are_without_marks() {
        let text = Text::new("errors-too-large").with("limit", Arg::Bytes(10_000_000));
        assert_eq!(Language::Pl.say(&text), "Przesłano więcej, niż wolno. Limit to 10\u{a0}MB.");
    }
}
