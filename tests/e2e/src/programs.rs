//! Where the programs under test are.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which program serves `spin.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// `mostek-host`.
    Host,
    /// The Spin CLI.
    Spin,
}

/// What keeps the hub's data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Store {
    /// Spin's key-value store in a file.
    Sqlite,
    /// A Redis, with the program that serves one.
    Redis(PathBuf),
}

impl Store {
    /// Its name on command lines.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Redis(_) => "redis",
        }
    }
}

/// The programs and files that a test drives.
#[derive(Debug, Clone)]
pub struct Programs {
    /// The workspace's root.
    pub root: PathBuf,
    /// `mostek-host`; with Spin it prepares the store file.
    pub host: PathBuf,
    /// What serves.
    pub engine: Engine,
    /// The Spin CLI, if it serves.
    pub spin: Option<PathBuf>,
    /// What keeps the data.
    pub store: Store,
    /// `mostek-storekeeper`.
    pub storekeeper: PathBuf,
    /// The platform whose limits hold.
    pub limits: Option<String>,
}

impl Programs {
    /// Finds them, or says in one sentence what is missing.
    ///
    /// # Errors
    /// The sentence.
    ///
    /// # Panics
    /// If a variable names a program that is not there: then somebody meant it to be.
    pub fn find() -> Result<Self, String> {
        let root = env::var_os("MOSTEK_ROOT").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap_or_default(),
            PathBuf::from,
        );
        let host = program("MOSTEK_HOST_BIN", "mostek-host")?;
        let storekeeper = program("MOSTEK_STOREKEEPER_BIN", "mostek-storekeeper")?;
        let store = match env::var("MOSTEK_STORE").as_deref() {
            Ok("sqlite") | Err(_) => Store::Sqlite,
            Ok("redis") => {
                let server = env::var_os("MOSTEK_REDIS_SERVER").map(PathBuf::from);
                Store::Redis(server.ok_or("MOSTEK_STORE is redis and MOSTEK_REDIS_SERVER names no server")?)
            }
            Ok(other) => panic!("MOSTEK_STORE is {other:?}; it can be sqlite or redis"),
        };
        let folder = match store {
            Store::Sqlite => "target/wasm32-wasip2/release",
            Store::Redis(_) => "target/redis/wasm32-wasip2/release",
        };
        for component in ["console", "helpdesk", "poller", "webhooks"] {
            if !root.join(folder).join(format!("{component}.wasm")).is_file() {
                return Err(format!(
                    "{component}.wasm is not built (cargo xtask build --store {})",
                    store.name()
                ));
            }
        }
        let engine = match env::var("MOSTEK_ENGINE").as_deref() {
            Ok("spin") => Engine::Spin,
            Ok("host") | Err(_) => Engine::Host,
            Ok(other) => panic!("MOSTEK_ENGINE is {other:?}; it can be host or spin"),
        };
        let spin = env::var_os("SPIN").map(PathBuf::from);
        if engine == Engine::Spin && spin.is_none() {
            return Err("MOSTEK_ENGINE is spin and SPIN does not say where it is".to_owned());
        }
        let limits = env::var("MOSTEK_LIMITS").ok();
        Ok(Self { root, host, engine, spin, store, storekeeper, limits })
    }

    /// The same programs on the other store, for what compares the two.
    pub fn on(&self, store: Store) -> Self {
        Self { store, ..self.clone() }
    }
}

impl Programs {
    /// Runs the storekeeper and gives what it says.
    ///
    /// # Panics
    /// If it fails, with what it said.
    pub fn keep(&self, arguments: &[&str]) -> String {
        self.try_keep(arguments).unwrap_or_else(|why| panic!("storekeeper {arguments:?}: {why}"))
    }

    /// Runs the storekeeper.
    ///
    /// # Errors
    /// What it said when it failed.
    pub fn try_keep(&self, arguments: &[&str]) -> Result<String, String> {
        let output = Command::new(&self.storekeeper).args(arguments).output().unwrap();
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }
}

/// The program that a variable names, else the one that is built beside the tests.
fn program(variable: &str, name: &str) -> Result<PathBuf, String> {
    match env::var_os(variable).map(PathBuf::from) {
        Some(path) => {
            assert!(path.is_file(), "{variable} names {}, which is not there", path.display());
            Ok(path)
        }
        None => built(name).ok_or_else(|| format!("{name} is not built (cargo build -p {name})")),
    }
}

/// A program in the folder this test program was built into; tests are one folder below it.
fn built(name: &str) -> Option<PathBuf> {
    let here = env::current_exe().ok()?;
    here.ancestors().skip(1).take(2).map(|folder| folder.join(name)).find(|path| path.is_file())
}
