//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::args::Store;

/// The workspace's folders and programs.
#[derive(Debug, Clone)]
pub struct Project {
    /// The workspace's root.
    pub root: PathBuf,
    /// Where native programs of the dev profile are built.
    programs: PathBuf,
}

impl Project {
    /// Finds the workspace from this program's own place. Fails if it was moved away from it.
    pub fn locate() -> Result<Self> {
        let manifest_dir = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest_dir.parent().context("xtask has no parent folder")?.to_path_buf();
        if !root.join("spin.toml").is_file() {
            bail!("{} holds no spin.toml; start this program with `cargo xtask`", root.display());
        }
        // Beside this program, wherever the target folder was moved to by the user's configuration.
        let here = env::current_exe().context("where is this program?")?;
        let programs = here.parent().context("this program is in no folder")?.to_path_buf();
        Ok(Self { root, programs })
    }

    /// A path below the root.
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// The built program `name` of this workspace, dev profile.
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// The cargo that started this program, so that everything native is built by one toolchain.
    pub fn cargo(&self) -> std::process::Command {
        let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = std::process::Command::new(program);
        command.current_dir(&self.root);
        // What `cargo run` has told this program of itself; a build script that looks at it (ring's) would run, and all that
        // depends on it be built, once more for a cargo that is called by hand.
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(|n| n.starts_with("CARGO_PKG_") || n.starts_with("CARGO_MANIFEST_"))
            {
                command.env_remove(name);
            }
        }
        command
    }

    /// Names of the component crates: the folders of `components/`, sorted.
    pub fn components(&self) -> Result<Vec<String>> {
        let folder = self.path("components");
        let mut names = Vec::new();
        for entry in folder.read_dir().with_context(|| format!("read {}", folder.display()))? {
            let entry = entry?;
            if entry.path().join("Cargo.toml").is_file() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    /// Where `spin.toml` expects the component's Wasm file.
    pub fn wasm_file(&self, component: &str, store: Store) -> PathBuf {
        self.target_folder(store).join("wasm32-wasip2/release").join(wasm_file_name(component))
    }

    /// The target folder that `spin.toml` names for a store's components: both are built under the same file names.
    pub fn target_folder(&self, store: Store) -> PathBuf {
        match store.profile() {
            None => self.path("target"),
            Some(profile) => self.path("target").join(profile),
        }
    }
}

/// The file cargo writes for a cdylib crate.
pub fn wasm_file_name(component: &str) -> String {
    format!("{}.wasm", component.replace('-', "_"))
}

/// The program `name` on `PATH`, or in the places where systems put administrators' programs.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).map(|folder| folder.join(name)).find(|candidate| candidate.is_file())
}
