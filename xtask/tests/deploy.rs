//! The files in `deploy/` against the manifest they deploy, as far as that can be checked without the platforms.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a missing part of a file is a failed test")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use toml::Table;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The application's variables: all of them, and those that must be given.
fn variables() -> (BTreeSet<String>, BTreeSet<String>) {
    let manifest: Table = read("spin.toml").parse().unwrap();
    let all = manifest["variables"].as_table().unwrap();
    let required = all.iter().filter(|(_, v)| v.get("required").and_then(toml::Value::as_bool) == Some(true));
    (all.keys().cloned().collect(), required.map(|(name, _)| name.clone()).collect())
}

/// Fails unless `given` are variables of the application, the required ones and those of a Redis store among them.
fn check(file: &str, given: &BTreeSet<String>, on_redis: bool) {
    let (all, required) = variables();
    let unknown: Vec<_> = given.difference(&all).collect();
    assert!(unknown.is_empty(), "{file} sets {unknown:?}, which spin.toml does not have");
    let missing: Vec<_> = required.difference(given).collect();
    assert!(missing.is_empty(), "{file} does not set {missing:?}");
    if on_redis {
        assert!(
            given.contains("store_url") && given.contains("store_host"),
            "{file} does not say where the Redis is"
        );
    }
}

/// Names in the list under `variables:` of a SpinApp.
fn of_spinapp(text: &str) -> BTreeSet<String> {
    let list = text.lines().skip_while(|line| *line != "  variables:").skip(1);
    let list = list.take_while(|line| line.starts_with("    ") || line.trim_start().starts_with('#'));
    list.filter_map(|line| line.strip_prefix("    - name: ")).map(|name| name.trim().to_owned()).collect()
}

#[test]
fn the_spinapp_sets_variables_that_are_there_and_takes_secrets_from_the_secret() {
    let text = read("deploy/spinkube/spinapp.yaml");
    check("spinapp.yaml", &of_spinapp(&text), true);
    let secret = read("deploy/spinkube/secret.example.yaml");
    for key in ["sealing_key", "tick_secret", "setup_code", "store_url"] {
        assert!(text.contains(&format!("          key: {key}\n")), "{key} is not taken from the Secret");
        assert!(secret.contains(&format!("  {key}: ")), "the example Secret has no {key}");
    }
    assert!(text.contains("path: /.well-known/spin/health"));
}

#[test]
fn the_kustomization_names_files_that_are_there() {
    let text = read("deploy/spinkube/kustomization.yaml");
    let named =
        text.lines().filter_map(|line| line.trim().strip_prefix("- ")).filter(|name| name.ends_with(".yaml"));
    let named: Vec<&str> = named.collect();
    assert!(named.len() >= 4, "{named:?}");
    for name in named {
        assert!(root().join("deploy/spinkube").join(name).is_file(), "{name} is not there");
    }
}

#[test]
fn environment_files_set_variables_that_are_there() {
    let text = read("deploy/systemd/mostek.env.example");
    let prefix = "SPIN_VARIABLE_";
    let given = text.lines().filter_map(|line| line.trim_start_matches('#').trim().strip_prefix(prefix));
    let given = given.filter_map(|line| Some(line.split_once('=')?.0.to_lowercase())).collect();
    check("mostek.env.example", &given, false);
}

#[test]
fn the_variables_for_akamai_are_there_and_of_the_redis_store() {
    let table: Table = read("deploy/akamai/variables.example.toml").parse().unwrap();
    check("variables.example.toml", &table.keys().cloned().collect(), true);
}

#[test]
fn whoever_ticks_calls_the_path_the_poller_has() {
    let manifest = read("spin.toml");
    assert!(manifest.contains("route = \"/timers/tick\""));
    for file in ["deploy/spinkube/cronjob.yaml", "deploy/systemd/mostek-tick", "deploy/cron/src/tick.rs"] {
        assert!(read(file).contains("/timers/tick"), "{file}");
    }
}

fn markdown(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            markdown(&path, found);
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
}

#[test]
fn every_link_to_a_file_leads_somewhere() {
    let mut pages = Vec::new();
    markdown(root(), &mut pages);
    assert!(pages.len() > 10, "{pages:?}");
    let mut dead = Vec::new();
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            let file = link.split('#').next().unwrap_or_default();
            let is_file = !file.is_empty() && !file.contains("://") && !file.starts_with("mailto:");
            if is_file && !page.parent().unwrap().join(file).exists() {
                dead.push(format!("{}: {link}", page.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert!(dead.is_empty(), "dead links:\n{}", dead.join("\n"));
}
