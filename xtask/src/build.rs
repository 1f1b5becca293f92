//! Building the components and the native programs, or finding that nothing has changed.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::args::Store;
use crate::freshness::Stamp;
use crate::process;
use crate::progress::{Outcome, Progress};
use crate::project::{Project, wasm_file_name};
use crate::toolchain::Toolchain;

/// The native programs: the engine, the stand-ins of outside services, and what looks after data.
const PROGRAMS: [&str; 3] = ["mostek-host", "mostek-sandbox", STOREKEEPER];
/// What looks after data.
pub const STOREKEEPER: &str = "mostek-storekeeper";
/// The component of the application beside the hub, for Spin's cron trigger.
const CRON: &str = "mostek-cron";
/// What components for Redis must not ask a host for: some have none of it, others only a part.
const KEY_VALUE: [&str; 2] = ["spin:key-value/", "wasi:keyvalue/"];

/// What every build in this workspace reads.
const COMMON_INPUTS: [&str; 4] = ["Cargo.toml", "Cargo.lock", ".cargo", "shared"];

/// The number of steps of [`wasm`].
pub const WASM_STEPS: usize = 2;
/// The number of steps of [`everything`].
pub const STEPS: usize = WASM_STEPS + 1;

/// Toolchain, components, programs; in that order, because a component that does not compile is known soonest.
pub fn everything(project: &Project, store: Store, progress: &mut Progress) -> Result<()> {
    wasm(project, store, progress)?;
    progress.step("building the host and the sandbox", || programs(project))
}

/// Toolchain and components.
pub fn wasm(project: &Project, store: Store, progress: &mut Progress) -> Result<()> {
    let toolchain = progress.step("looking for a compiler for components", || Toolchain::ensure(project))?;
    let what = match store {
        Store::Sqlite => "building the components",
        Store::Redis => "building the components for Redis",
    };
    progress.step(what, || components(project, &toolchain, store))
}

fn components(project: &Project, toolchain: &Toolchain, store: Store) -> Result<((), Outcome)> {
    let mut names = project.components()?;
    if store == Store::Sqlite {
        // It keeps nothing, so there is one of it.
        names.push(CRON.to_owned());
    }
    let wanted: Vec<PathBuf> = names.iter().map(|name| project.wasm_file(name, store)).collect();
    let stamp = Stamp::take(
        project.path(format!("target/xtask/components-{}.stamp", store.name())),
        &inputs(project, &["components", "deploy/cron"]),
        wanted.clone(),
        &toolchain.identity(),
    )?;
    if stamp.is_fresh() {
        return Ok(((), Outcome::UpToDate));
    }
    toolchain.build_components(project, &names, store)?;
    let artefacts = toolchain.artefacts(project, store);
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
        &inputs(project, &["host", "storekeeper", "tests/sandbox"]),
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

/// `cargo xtask imports`: builds, then lists what each component asks of a host and offers to it. Fails if a component for
/// Redis asks for a key-value store.
pub fn show_imports(project: &Project, store: Store) -> Result<()> {
    everything(project, store, &mut Progress::new(STEPS))?;
    print!("{}", process::output(&mut imports(project, store)?)?);
    check_imports(project, store)
}

/// Fails if a built component asks for what its store forbids.
pub fn check_imports(project: &Project, store: Store) -> Result<()> {
    let told = process::output(&mut imports(project, store)?)?;
    match forbidden(&told, store) {
        None => Ok(()),
        Some(line) => bail!("a component for Redis must not ask for a key-value store:\n{line}"),
    }
}

fn imports(project: &Project, store: Store) -> Result<Command> {
    let mut command = Command::new(project.program("mostek-host"));
    command.arg("imports");
    command.args(project.components()?.iter().map(|name| project.wasm_file(name, store)));
    Ok(command)
}

/// The first forbidden import among the host's lines, with the component it is of.
fn forbidden(told: &str, store: Store) -> Option<String> {
    if store != Store::Redis {
        return None;
    }
    let mut component = "";
    for line in told.lines() {
        match line.strip_prefix("  ") {
            None => component = line,
            Some(import) if KEY_VALUE.iter().any(|name| import.starts_with(&format!("imports {name}"))) => {
                return Some(format!("{component}\n  {import}"));
            }
            Some(_) => {}
        }
    }
    None
}

/// `cargo xtask store`: builds what looks after data, and hands it the arguments.
pub fn storekeeper(project: &Project, arguments: &[OsString]) -> Result<()> {
    process::run(native_build(project, &[STOREKEEPER]).arg("--quiet"))?;
    let mut command = Command::new(project.program(STOREKEEPER));
    process::run(command.args(arguments))
}

/// Tells one native compiler from another.
fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    process::ask(Command::new(rustc).arg("-vV")).unwrap_or_default()
}

fn inputs(project: &Project, own: &[&str]) -> Vec<PathBuf> {
    COMMON_INPUTS.iter().chain(own).map(|input| project.path(input)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_value_import_is_found_with_its_component() {
        let told = "a.wasm\n  imports spin:redis/redis@3.0.0\n  exports wasi:http/handler@0.3.0\nb.wasm\n  imports \
                    wasi:http/types@0.3.0\n  imports wasi:keyvalue/batch@0.2.0-draft2\n";
        let found = forbidden(told, Store::Redis).unwrap();
        assert!(found.starts_with("b.wasm\n") && found.contains("wasi:keyvalue/batch"), "{found}");
        assert_eq!(forbidden(told, Store::Sqlite), None);
        assert_eq!(forbidden("a.wasm\n  imports spin:redis/redis@3.0.0\n", Store::Redis), None);
    }
}
