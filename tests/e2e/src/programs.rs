//! Where the programs under test are.

use std::env;
use std::path::{Path, PathBuf};

/// Which program serves `spin.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// `mostek-host`.
    Host,
    /// The Spin CLI.
    Spin,
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
        let host = match env::var_os("MOSTEK_HOST_BIN").map(PathBuf::from) {
            Some(path) => {
                assert!(path.is_file(), "MOSTEK_HOST_BIN names {}, which is not there", path.display());
                path
            }
            None => built("mostek-host").ok_or("mostek-host is not built (cargo build -p mostek-host)")?,
        };
        for component in ["console", "helpdesk", "poller"] {
            let file = root.join(format!("target/wasm32-wasip2/release/{component}.wasm"));
            if !file.is_file() {
                return Err(format!("{component}.wasm is not built (cargo xtask build)"));
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
        Ok(Self { root, host, engine, spin })
    }
}

/// A program in the folder this test program was built into; tests are one folder below it.
fn built(name: &str) -> Option<PathBuf> {
    let here = env::current_exe().ok()?;
    here.ancestors().skip(1).take(2).map(|folder| folder.join(name)).find(|path| path.is_file())
}
