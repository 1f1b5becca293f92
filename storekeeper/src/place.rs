//! Where a store is.

use crate::engine::Engine;
use crate::redis::RedisStore;
use crate::sqlite::SqliteStore;
use anyhow::{Context, Result, bail, ensure};
use std::path::PathBuf;

/// What Spin and the host call the file in their state folder.
pub const FILE_NAME: &str = "sqlite_key_value.db";

/// A store by its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// Keys of a Redis.
    Redis {
        /// `redis://`, `rediss://` or `redis+unix://`.
        address: String,
        /// What every key begins with.
        prefix: String,
    },
}

impl Place {
    /// Reads `redis://...`, a folder that holds (or is to hold) the hub's store file, or the path of such a file. With
    /// `env:NAME` the environment variable has it: an argument can be seen by everybody on the machine.
    ///
    /// # Errors
    /// A variable that is not there, or an address that is none.
    pub fn parse(text: &str, prefix: &str) -> Result<Self> {
        if let Some(name) = text.strip_prefix("env:") {
            let value = std::env::var(name).with_context(|| format!("the environment variable {name}"))?;
            ensure!(!value.starts_with("env:"), "the environment variable {name} names another one");
            return Self::parse(&value, prefix);
        }
        if let Some((scheme, _)) = text.split_once("://") {
            ensure!(
                matches!(scheme, "redis" | "rediss" | "redis+unix" | "unix"),
                "a store is at redis://, at rediss:// or in a folder, not at {scheme}://"
            );
            return Ok(Self::Redis { address: text.to_owned(), prefix: prefix.to_owned() });
        }
        ensure!(!text.is_empty(), "an empty address");
        let path = PathBuf::from(text);
        Ok(Self::Sqlite(if path.extension().is_some_and(|e| e == "db") {
            path
        } else {
            path.join(FILE_NAME)
        }))
    }

    /// Opens the store that is there.
    ///
    /// # Errors
    /// If there is none, or it cannot be opened.
    pub fn open(&self) -> Result<Box<dyn Engine>> {
        match self {
            Self::Sqlite(file) if !file.is_file() => bail!("there is no store file {}", file.display()),
            Self::Sqlite(file) => Ok(Box::new(SqliteStore::open(file)?)),
            Self::Redis { address, prefix } => Ok(Box::new(RedisStore::open(address, prefix)?)),
        }
    }

    /// For messages: without user and password.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Sqlite(file) => file.display().to_string(),
            Self::Redis { address, prefix } => {
                let plain = url::Url::parse(address).map_or_else(
                    |_| "a Redis".to_owned(),
                    |mut url| {
                        // They cannot fail for an address with a host, and one without has neither.
                        _ = url.set_password(None);
                        _ = url.set_username("");
                        // The address of a Unix socket has its password there.
                        url.set_query(None);
                        url.set_fragment(None);
                        url.to_string()
                    },
                );
                format!("{plain} (keys {prefix}*)")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_files_and_addresses_are_told_apart() {
        let parse = |text: &str| Place::parse(text, "mostek:");
        assert_eq!(parse(".spin").unwrap(), Place::Sqlite(".spin/sqlite_key_value.db".into()));
        assert_eq!(parse("/x/hub.db").unwrap(), Place::Sqlite("/x/hub.db".into()));
        assert!(matches!(parse("rediss://u:p@h:6380/1").unwrap(), Place::Redis { .. }));
        assert!(parse("postgres://h").is_err());
        assert!(parse("").is_err());
        assert!(parse("env:MOSTEK_NO_SUCH_VARIABLE").is_err());
    }

    #[test]
    fn a_password_is_not_shown() {
        let shown = Place::parse("redis://user:s3cret@h:6379/1", "a:").unwrap().shown();
        assert!(!shown.contains("s3cret") && !shown.contains("user"), "{shown}");
        let socket = Place::parse("redis+unix:///run/redis?pass=s3cret", "a:").unwrap().shown();
        assert!(!socket.contains("s3cret") && socket.contains("/run/redis"), "{socket}");
        assert!(shown.contains("h:6379/1") && shown.contains("a:*"), "{shown}");
    }
}
