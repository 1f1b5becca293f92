//! The compiler for `wasm32-wasip2`: rustup's target where it can be had, else Debian's packages.
//!
//! Debian ships a compiler for the web (`rustc-web`), the standard library's sources and wasi-libc, but neither a
//! compiled standard library for this target nor the linker that makes components: the first is built with the
//! components (`-Zbuild-std`), the second comes from crates.io.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::args::Store;
use crate::debian;
use crate::process;
use crate::progress::Outcome;
use crate::project::Project;

const TARGET: &str = "wasm32-wasip2";
const PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "wasi-libc", "lld-22"];
const LINKER_VERSION: &str = "0.5.31";

/// A way of compiling components that is ready for use.
#[derive(Debug)]
pub enum Toolchain {
    /// The toolchain in use has the target. `version` is what `rustc -vV` says.
    Rustup {
        /// Compiler version, for telling whether artefacts are stale.
        version: String,
    },
    /// Debian's compiler with this linker script.
    Debian {
        /// A script that calls `wasm-component-ld` with Debian's `wasm-ld`.
        linker: PathBuf,
    },
}

impl Toolchain {
    /// Finds a toolchain, installing one if there is none. The setting `MOSTEK_WASM_TOOLCHAIN` (`rustup` or
    /// `debian`) allows only the named one.
    pub fn ensure(project: &Project) -> Result<(Self, Outcome)> {
        let wanted = std::env::var("MOSTEK_WASM_TOOLCHAIN").ok();
        let allowed = |name: &str| wanted.as_deref().is_none_or(|wanted| wanted == name);
        if !allowed("rustup") && !allowed("debian") {
            bail!("MOSTEK_WASM_TOOLCHAIN is rustup or debian, not {wanted:?}");
        }

        if allowed("rustup")
            && let Some(toolchain) = Self::with_target()
        {
            return Ok((toolchain, Outcome::UpToDate));
        }
        let debian_missing = debian::missing(&PACKAGES).filter(|_| allowed("debian"));
        if debian_missing.as_ref().is_some_and(Vec::is_empty) && linker_program(project).is_file() {
            return Ok((Self::debian(project)?, Outcome::UpToDate));
        }
        if allowed("rustup") && add_target() {
            return Self::with_target()
                .map(|toolchain| (toolchain, Outcome::Done))
                .context("rustup added the target, but the compiler in use does not have it");
        }
        let Some(debian_missing) = debian_missing else {
            bail!("there is no compiler for components: run `rustup target add {TARGET}`, then this again");
        };
        if !debian_missing.is_empty() {
            debian::install(&debian_missing).with_context(|| {
                format!("there is no compiler for components, and `rustup target add {TARGET}` failed")
            })?;
        }
        install_linker(project)?;
        Ok((Self::debian(project)?, Outcome::Done))
    }

    /// The compiler in use, if it has the target.
    fn with_target() -> Option<Self> {
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let sysroot = process::ask(Command::new(&rustc).args(["--print", "sysroot"]))?;
        if !Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib").is_dir() {
            return None;
        }
        Some(Self::Rustup { version: process::ask(Command::new(&rustc).arg("-vV"))? })
    }

    fn debian(project: &Project) -> Result<Self> {
        let script = project.path("target/tools/component-linker");
        let content = format!(
            "#!/bin/sh\nexec '{}' \"$@\" --wasm-ld-path /usr/bin/wasm-ld-22\n",
            linker_program(project).display()
        );
        // Rewriting it would look like a change to cargo.
        if fs::read_to_string(&script).ok().as_deref() != Some(content.as_str()) {
            fs::write(&script, content).with_context(|| format!("write {}", script.display()))?;
            fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
        }
        Ok(Self::Debian { linker: script })
    }

    /// Changes when artefacts of an earlier build are no longer to be trusted.
    pub fn identity(&self) -> String {
        match self {
            Self::Rustup { version } => version.clone(),
            Self::Debian { .. } => {
                process::ask(Command::new("/usr/bin/rustc").arg("-vV")).unwrap_or_default()
            }
        }
    }

    /// Builds the components for a store.
    pub fn build_components(&self, project: &Project, names: &[String], store: Store) -> Result<()> {
        if let Self::Debian { .. } = self {
            self.forget(project, names, store)?;
        }
        let mut command = self.build_command(project, store);
        for name in names {
            command.args(["--package", name]);
            if let Some(feature) = store.profile() {
                command.args(["--features", &format!("{name}/{feature}")]);
            }
        }
        process::run(&mut command)
    }

    /// A `cargo build --release` for the target.
    fn build_command(&self, project: &Project, store: Store) -> Command {
        let mut command = match self {
            Self::Rustup { .. } => project.cargo(),
            Self::Debian { .. } => Command::new("/usr/bin/cargo"),
        };
        command.current_dir(&project.root);
        // Flags meant for native code, a linker for instance, would break this build.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        command.args(["build", "--release", "--target", TARGET, "--target-dir"]);
        command.arg(self.target_folder(project, store));
        if let Self::Debian { linker } = self {
            command
                .arg("-Zbuild-std=std,panic_abort")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("RUSTC", "/usr/bin/rustc")
                .env("CARGO_TARGET_WASM32_WASIP2_LINKER", linker)
                .env(
                    "RUSTFLAGS",
                    "-L native=/usr/lib/wasm32-wasi -C link-self-contained=no \
                     -C link-arg=/usr/lib/wasm32-wasi/crt1-reactor.o",
                )
                // `cargo run` points this at the other toolchain's libraries.
                .env_remove("LD_LIBRARY_PATH");
        }
        command
    }

    /// Where [`Toolchain::build_components`] leaves Wasm files.
    pub fn artefacts(&self, project: &Project, store: Store) -> PathBuf {
        self.target_folder(project, store).join(TARGET).join("release")
    }

    /// Two versions of cargo in one target folder would keep replacing each other's caches, so Debian's has its own: one
    /// for all stores, since each would take a standard library and all dependencies again.
    fn target_folder(&self, project: &Project, store: Store) -> PathBuf {
        match self {
            Self::Rustup { .. } => project.target_folder(store),
            Self::Debian { .. } => project.path("target/wasm-build"),
        }
    }

    /// Lets the next build link the components again: those for another store have left files of the same names in the
    /// same folder, and cargo, which tells builds apart by their features, would take these for its own.
    fn forget(&self, project: &Project, names: &[String], store: Store) -> Result<()> {
        let folder = self.artefacts(project, store).join(".fingerprint");
        let Ok(entries) = folder.read_dir() else { return Ok(()) };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let of = name.to_string_lossy().rsplit_once('-').map(|(package, _)| package.to_owned());
            if of.is_some_and(|package| names.contains(&package)) {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }
}

fn add_target() -> bool {
    eprintln!("      trying: rustup target add {TARGET}");
    let added = Command::new("rustup").args(["target", "add", TARGET]).status();
    added.is_ok_and(|status| status.success())
}

fn linker_folder(project: &Project) -> PathBuf {
    project.path(format!("target/tools/wasm-component-ld-{LINKER_VERSION}"))
}

fn linker_program(project: &Project) -> PathBuf {
    linker_folder(project).join("bin/wasm-component-ld")
}

fn install_linker(project: &Project) -> Result<()> {
    if linker_program(project).is_file() {
        return Ok(());
    }
    eprintln!("      building wasm-component-ld {LINKER_VERSION}");
    let mut command = project.cargo();
    command.args(["install", "wasm-component-ld", "--locked", "--version"]);
    command.arg(format!("={LINKER_VERSION}")).arg("--root").arg(linker_folder(project));
    process::run(&mut command).context("wasm-component-ld, the linker for components, cannot be installed")
}
