//! Building the components and the native programs, or finding that nothing has changed.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::freshness::Stamp;
use crate::process;
use crate::progress::{Outcome, Progress};
use crate::project::{Project, wasm_file_name};
use crate::toolchain::Toolchain;

/// The native programs that serve: the engine and the stand-ins of outside services.
const PROGRAMS: [&str; 2] = ["mostek-host", "mostek-sandbox"];

/// What every build in this workspace reads.
const COMMON_INPUTS: [&str; 4] = ["Cargo.toml", "Cargo.lock", ".cargo", "shared"];

/// The number of steps of [`wasm`].
pub const WASM_STEPS: usize = 2;
/// The number of steps of [`everything`].
pub const STEPS: usize = WASM_STEPS + 1;

/// Toolchain, components, programs; in that order, because a component that does not compile is known soonest.
pub fn everything(project: &Project, progress: &mut Progress) -> Result<()> {
    wasm(project, progress)?;
    progress.step("building the host and the sandbox", || programs(project))
}

/// Toolchain and components.
pub fn wasm(project: &Project, progress: &mut Progress) -> Result<()> {
    let toolchain = progress.step("looking for a compiler for components", || Toolchain::ensure(project))?;
    progress.step("building the components", || components(project, &toolchain))
}

fn components(project: &Project, toolchain: &Toolchain) -> Result<((), Outcome)> {
    let names = project.components()?;
    let wanted: Vec<PathBuf> = names.iter().map(|name| project.wasm_file(name)).collect();
    let stamp = Stamp::take(
        project.path("target/xtask/components.stamp"),
        &inputs(project, &["components"]),
        wanted.clone(),
        &toolchain.identity(),
    )?;
    if stamp.is_fresh() {
        return Ok(((), Outcome::UpToDate));
    }
    let mut command = toolchain.build_command(project);
    for name in &names {
        command.args(["--package", name]);
    }
    process::run(&mut command)?;
    let artefacts = toolchain.artefacts(project);
    for (name, wanted) in names.iter().zip(&wanted) {
        let built = artefacts.join(wasm_file_name(name));
        if built != *wanted {
            if let Some(folder) = wanted.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::copy(&built, wanted)
                .with_context(|| format!("copy {} to {}", built.display(), wanted.display()))?;
        }
    }
    stamp.record()?;
    Ok(((), Outcome::Done))
}

fn programs(project: &Project) -> Result<((), Outcome)> {
    let outputs = PROGRAMS.iter().map(|name| project.program(name)).collect();
    let stamp = Stamp::take(
        project.path("target/xtask/programs.stamp"),
        &inputs(project, &["host", "tests/sandbox"]),
        outputs,
        &compiler(),
    )?;
    if stamp.is_fresh() {
        return Ok(((), Outcome::UpToDate));
    }
    process::run(&mut native_build(project, &PROGRAMS))?;
    stamp.record()?;
    Ok(((), Outcome::Done))
}

/// A build of these programs with the dependencies' features that the whole workspace asks for: cargo chooses them by
/// the selected packages, and a selection of `mostek-host` alone would compile wasmtime once for `up` and, a little
/// different, once more for `test`.
pub fn native_build(project: &Project, programs: &[&str]) -> Command {
    let mut command = project.cargo();
    command.args(["build", "--workspace"]);
    for name in programs {
        command.args(["--bin", name]);
    }
    command
}

/// `cargo xtask imports`: builds, then lists what each component asks of a host and offers to it.
pub fn show_imports(project: &Project) -> Result<()> {
    everything(project, &mut Progress::new(STEPS))?;
    let mut command = Command::new(project.program("mostek-host"));
    command.arg("imports").args(project.components()?.iter().map(|name| project.wasm_file(name)));
    process::run(&mut command)
}

/// Tells one native compiler from another.
fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    process::ask(Command::new(rustc).arg("-vV")).unwrap_or_default()
}

fn inputs(project: &Project, own: &[&str]) -> Vec<PathBuf> {
    COMMON_INPUTS.iter().chain(own).map(|input| project.path(input)).collect()
}
