//! `spin.toml` against the workspace it serves and the rules it promises: what a mistake in it would break shows up
//! otherwise only when a component is refused something at run time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a missing part of the manifest is a failed test"
)]

use std::collections::BTreeSet;
use std::path::Path;

use toml::{Table, Value};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn manifest() -> Table {
    std::fs::read_to_string(root().join("spin.toml")).unwrap().parse().unwrap()
}

fn components(manifest: &Table) -> &Table {
    manifest["component"].as_table().unwrap()
}

fn strings(value: Option<&Value>) -> Vec<&str> {
    value.and_then(Value::as_array).into_iter().flatten().map(|item| item.as_str().unwrap()).collect()
}

/// Names inside `{{ }}`.
fn references(template: &str) -> Vec<&str> {
    template.split("{{").skip(1).map(|rest| rest.split_once("}}").unwrap().0.trim()).collect()
}

#[test]
fn every_component_crate_is_served_and_built_from_where_it_is() {
    let manifest = manifest();
    let crates: BTreeSet<String> = root()
        .join("components")
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let declared: BTreeSet<String> = components(&manifest).keys().cloned().collect();
    assert_eq!(declared, crates);
    for (name, component) in components(&manifest) {
        let file = format!("target/wasm32-wasip2/release/{}.wasm", name.replace('-', "_"));
        assert_eq!(component["source"].as_str(), Some(file.as_str()));
        let build = &component["build"];
        let command = format!("cargo build --target wasm32-wasip2 --release -p {name}");
        assert_eq!(build["command"].as_str(), Some(command.as_str()));
        let redis = &component["profile"]["redis"];
        let file = format!("target/redis/{}", file.strip_prefix("target/").unwrap());
        assert_eq!(redis["source"].as_str(), Some(file.as_str()));
        let command = format!("{command} --features redis --target-dir target/redis");
        assert_eq!(redis["build"]["command"].as_str(), Some(command.as_str()));
        let watched = strings(build.get("watch"));
        for needed in [format!("components/{name}/**/*"), "shared/**/*".to_owned(), "Cargo.lock".to_owned()] {
            assert!(watched.contains(&needed.as_str()), "{name} does not watch {needed}");
        }
    }
}

#[test]
fn every_route_has_a_component_and_every_component_a_route() {
    let manifest = manifest();
    let triggers = manifest["trigger"]["http"].as_array().unwrap();
    let routes: Vec<&str> = triggers.iter().map(|trigger| trigger["route"].as_str().unwrap()).collect();
    let distinct: BTreeSet<&str> = routes.iter().copied().collect();
    assert_eq!(distinct.len(), routes.len(), "a route is declared twice");
    assert!(distinct.contains("/..."), "no component answers the remaining paths");
    let routed: BTreeSet<&str> =
        triggers.iter().map(|trigger| trigger["component"].as_str().unwrap()).collect();
    let declared: BTreeSet<&str> = components(&manifest).keys().map(String::as_str).collect();
    assert_eq!(routed, declared);
}

#[test]
fn every_template_refers_to_a_declared_variable() {
    let manifest = manifest();
    let declared = manifest["variables"].as_table().unwrap();
    for (name, component) in components(&manifest) {
        let variables =
            component["variables"].as_table().unwrap().values().map(|value| value.as_str().unwrap());
        let templates = variables.chain(strings(component.get("allowed_outbound_hosts")));
        for reference in templates.flat_map(references) {
            assert!(declared.contains_key(reference), "{name} refers to {reference}");
        }
    }
}

#[test]
fn secrets_are_declared_secret_and_given_only_to_who_uses_them() {
    let manifest = manifest();
    for name in ["sealing_key", "tick_secret", "setup_code", "store_url"] {
        assert_eq!(manifest["variables"][name]["secret"].as_bool(), Some(true), "{name}");
    }
    for (secret, user) in [("tick_secret", "poller"), ("setup_code", "console")] {
        let holders: Vec<&String> = components(&manifest)
            .iter()
            .filter(|(_, component)| component["variables"].as_table().unwrap().contains_key(secret))
            .map(|(name, _)| name)
            .collect();
        assert_eq!(holders, [user], "{secret}");
    }
}

#[test]
fn only_what_calls_the_marketplace_may_call_out_and_never_everywhere() {
    let manifest = manifest();
    for (name, component) in components(&manifest) {
        let mut hosts = strings(component.get("allowed_outbound_hosts"));
        let store = hosts.iter().position(|host| *host == "{{ store_host }}");
        hosts.remove(store.expect("every component may reach the Redis that keeps everything"));
        let calls_out = ["helpdesk", "poller"].contains(&name.as_str());
        assert_eq!(!hosts.is_empty(), calls_out, "{name}");
        for host in hosts {
            assert!(!host.contains("://*:") && !host.ends_with("://*"), "{name} may call {host}");
        }
    }
}

/// The component whose route fits a path best: Spin takes the one with the longest fixed beginning.
fn served_by<'a>(manifest: &'a Table, path: &str) -> Option<&'a str> {
    let triggers = manifest["trigger"]["http"].as_array().unwrap();
    let routes = triggers.iter().map(|t| (t["route"].as_str().unwrap(), t["component"].as_str().unwrap()));
    let fits = |route: &str| match route.strip_suffix("/...") {
        Some(beginning) => path == beginning || path.starts_with(&format!("{beginning}/")),
        None => path == route,
    };
    routes.filter(|(route, _)| fits(route)).max_by_key(|(route, _)| route.len()).map(|(_, c)| c)
}

#[test]
fn every_declared_operation_is_served_by_the_component_that_answers_it() {
    let manifest = manifest();
    for part in mostek_api::PARTS {
        assert!(components(&manifest).contains_key(part.component), "{}", part.name);
        for operation in part.operations {
            let component = served_by(&manifest, operation.path);
            assert_eq!(component, Some(part.component), "{}", operation.path);
        }
    }
    for path in [mostek_api::DOCUMENT, "/api", "/problems/not-found", "/api/v1/nothing"] {
        assert_eq!(served_by(&manifest, path), Some("console"), "{path}");
    }
}
