//! The catalogues: the same keys and arguments in every language, and every key that the code uses exists.

#![allow(clippy::unwrap_used, clippy::panic)] // whole file is a test

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const LANGUAGES: [&str; 3] = ["pl", "en", "ru"];
const AREAS: &[&str] = &[
    "programs", "common", "console", "crm", "helpdesk", "tickets", "service", "reports", "search",
    "webhooks", "errors",
];

fn web() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What a text takes: its arguments, and the plural forms it distinguishes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shape {
    arguments: BTreeSet<String>,
    selectors: Vec<BTreeSet<String>>,
}

fn of_pattern(pattern: &Pattern<&str>, shape: &mut Shape) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, shape);
        }
    }
}

fn of_expression(expression: &Expression<&str>, shape: &mut Shape) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, shape),
        Expression::Select { selector, variants } => {
            of_inline(selector, shape);
            let mut keys = BTreeSet::new();
            for v in variants {
                keys.insert(match v.key {
                    fluent_syntax::ast::VariantKey::Identifier { name } => name.to_owned(),
                    fluent_syntax::ast::VariantKey::NumberLiteral { value } => value.to_owned(),
                });
                of_pattern(&v.value, shape);
            }
            shape.selectors.push(keys);
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, shape: &mut Shape) {
    match inline {
        InlineExpression::VariableReference { id } => {
            shape.arguments.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => of_expression(expression, shape),
        _ => {}
    }
}

/// Key to shape, over all files of a language; panics on what does not parse or is there twice.
fn catalogue(language: &str) -> BTreeMap<String, Shape> {
    let mut out = BTreeMap::new();
    for area in AREAS {
        let path = web().join(format!("locales/{language}/{area}.ftl"));
        let source = fs::read_to_string(&path).unwrap();
        let resource = parser::parse(source.as_str())
            .unwrap_or_else(|(_, e)| panic!("{language}/{area}.ftl does not parse: {e:?}"));
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let key = message.id.name.to_owned();
            assert!(
                key.starts_with(&format!("{area}-")),
                "{language}/{area}.ftl: the key {key} must begin with {area}-"
            );
            let mut shape = Shape::default();
            let value = message.value.unwrap_or_else(|| panic!("{language}/{area}.ftl: {key} has no text"));
            of_pattern(&value, &mut shape);
            assert!(out.insert(key.clone(), shape).is_none(), "{language}/{area}.ftl: {key} is there twice");
        }
    }
    out
}

#[test]
fn every_language_has_the_same_keys_with_the_same_arguments() {
    let polish = catalogue("pl");
    assert!(polish.len() > 50);
    let mut faults = Vec::new();
    for language in ["en", "ru"] {
        let other = catalogue(language);
        for key in polish.keys().filter(|k| !other.contains_key(*k)) {
            faults.push(format!("{language} lacks {key}"));
        }
        for key in other.keys().filter(|k| !polish.contains_key(*k)) {
            faults.push(format!("pl lacks {key}, which {language} has"));
        }
        for (key, shape) in &polish {
            if let Some(theirs) = other.get(key).filter(|o| o.arguments != shape.arguments) {
                faults.push(format!(
                    "{key}: pl takes {:?}, {language} {:?}",
                    shape.arguments, theirs.arguments
                ));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_reason_of_ours_has_a_text() {
    let polish = catalogue("pl");
    for code in mostek_domain::reason::Code::ALL {
        let key = format!("helpdesk-reason-{}", code.slug());
        assert!(polish.contains_key(&key), "{key}");
    }
}

#[test]
fn plural_forms_are_those_the_language_has() {
    // Unicode CLDR, cardinal plural categories for whole numbers.
    let forms: [(&str, &[&str]); 3] = [
        ("pl", &["one", "few", "many", "other"]),
        ("en", &["one", "other"]),
        ("ru", &["one", "few", "many", "other"]),
    ];
    for (language, known) in forms {
        for (key, shape) in catalogue(language) {
            for keys in shape
                .selectors
                .iter()
                .filter(|k| k.iter().any(|f| ["one", "few", "many"].contains(&f.as_str())))
            {
                for form in keys.iter().filter(|f| f.parse::<f64>().is_err()) {
                    assert!(known.contains(&form.as_str()), "{language}: {key} has the form {form}");
                }
                assert!(keys.contains("one"), "{language}: {key} lacks the form for 1");
            }
        }
    }
}

/// All Rust sources and templates of the workspace.
fn sources() -> Vec<PathBuf> {
    let root = web().join("../..");
    let mut folders: Vec<PathBuf> =
        ["components", "shared", "host", "xtask", "tests"].iter().map(|f| root.join(f)).collect();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs" || e == "html") {
                files.push(path);
            }
        }
    }
    files
}

/// String literals that look like keys: `"helpdesk-ticket-count"`.
fn keys_in(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).filter(|literal| {
        literal.split_once('-').is_some_and(|(area, rest)| {
            AREAS.contains(&area)
                && !rest.is_empty()
                && !rest.ends_with('-')
                && rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        })
    })
}

#[test]
fn every_key_the_code_uses_is_in_the_catalogues() {
    let known = catalogue("pl");
    let mut missing = BTreeSet::new();
    let mut used = 0;
    let this = Path::new(file!()).file_name().unwrap();
    for path in sources().into_iter().filter(|p| p.file_name() != Some(this)) {
        let text = fs::read_to_string(&path).unwrap_or_default();
        for key in keys_in(&text) {
            used += 1;
            if !known.contains_key(key) {
                missing.insert(format!(
                    "{key}   ({})",
                    path.strip_prefix(web().join("../..")).unwrap_or(&path).display()
                ));
            }
        }
    }
    assert!(used > 40, "only {used} keys were found: the search is broken");
    assert!(missing.is_empty(), "in no catalogue:\n{}", missing.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_search_finds_keys_in_code_and_templates() {
    let found: Vec<_> =
        keys_in(r#"t("errors-x") {{ l.t("helpdesk-a-b2") }} "common-" "web-x" "errors-Y" "#).collect();
    assert_eq!(found, ["errors-x", "helpdesk-a-b2"]);
}

#[test]
fn all_languages_are_looked_at() {
    let mut there: Vec<_> = fs::read_dir(web().join("locales"))
        .unwrap()
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    there.sort();
    let mut expected = LANGUAGES.map(str::to_owned);
    expected.sort();
    assert_eq!(there, expected);
}
