//! The runtime configuration file: where the key-value store is.
//!
//! Mirrors the part of `crates/runtime-config` of Spin that this host can follow. Everything else in such a file is
//! refused by name, since ignoring it would run the application with another meaning.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;

use crate::manifest::DEFAULT_STORE;

/// Where the store `default` is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StoreConfig {
    /// The SQLite file in the state folder.
    #[default]
    StateFolder,
    /// An SQLite file elsewhere.
    File(PathBuf),
    /// A Redis, by its address.
    Redis(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfig {
    #[serde(default)]
    key_value_store: std::collections::BTreeMap<String, RawStore>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum RawStore {
    Spin { path: Option<PathBuf> },
    Redis { url: String },
}

/// Reads the file at `path`.
///
/// # Errors
/// What is wrong with it, or what in it this host does not support.
pub fn load(path: &Path) -> anyhow::Result<StoreConfig> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the runtime configuration {}", path.display()))?;
    parse(&text, path.parent().unwrap_or(Path::new("")))
        .with_context(|| format!("invalid runtime configuration {}", path.display()))
}

/// A relative path in the file is relative to `folder`, the one it lies in.
fn parse(text: &str, folder: &Path) -> anyhow::Result<StoreConfig> {
    let raw: RawConfig = toml::from_str(text).context(
        "this host supports [key_value_store.default] of the types \"spin\" and \"redis\", nothing else",
    )?;
    let mut config = StoreConfig::default();
    for (label, store) in raw.key_value_store {
        ensure!(label == DEFAULT_STORE, "this host has no other store than \"default\": {label:?}");
        config = match store {
            RawStore::Spin { path: Some(path) } => StoreConfig::File(folder.join(path)),
            RawStore::Spin { path: None } => {
                bail!("a store of the type \"spin\" without `path` lives in memory only: give it a path")
            }
            RawStore::Redis { url } => StoreConfig::Redis(url),
        };
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> anyhow::Result<StoreConfig> {
        parse(text, Path::new("/etc/mostek"))
    }

    #[test]
    fn the_default_store_may_be_a_file_or_a_redis() {
        assert_eq!(parsed("").unwrap(), StoreConfig::StateFolder);
        let file = "[key_value_store.default]\ntype = \"spin\"\npath = \"hub.db\"\n";
        assert_eq!(parsed(file).unwrap(), StoreConfig::File("/etc/mostek/hub.db".into()));
        let redis = "[key_value_store.default]\ntype = \"redis\"\nurl = \"redis://h/1\"\n";
        assert_eq!(parsed(redis).unwrap(), StoreConfig::Redis("redis://h/1".into()));
    }

    #[test]
    fn what_this_host_does_not_follow_is_refused() {
        for (text, named) in [
            ("[key_value_store.other]\ntype = \"redis\"\nurl = \"redis://h\"\n", "other"),
            ("[key_value_store.default]\ntype = \"aws_dynamo\"\nregion = \"x\"\n", "aws_dynamo"),
            ("[key_value_store.default]\ntype = \"redis\"\nurl = \"redis://h\"\noops = 1\n", "oops"),
            ("[key_value_store.default]\ntype = \"spin\"\n", "memory"),
            ("[outbound_http]\nconnection_pooling = false\n", "outbound_http"),
        ] {
            let error = format!("{:#}", parsed(text).unwrap_err());
            assert!(error.contains(named), "{error}");
        }
    }
}
