//! The two programs that can serve `spin.toml`, started with the same variables on the same store.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::args::Engine;
use crate::process;
use crate::project::{Project, find_program};

/// The oldest Spin that runs components which export `wasi:http/handler@0.3.0`.
const OLDEST_SPIN: (u32, u32) = (4, 1);

/// Where and with what an engine serves.
#[derive(Debug)]
pub struct Serving<'a> {
    /// Port on 127.0.0.1.
    pub port: u16,
    /// Folder of the store file.
    pub state: &'a Path,
    /// Folder of the components' logs.
    pub logs: &'a Path,
    /// Folder of compiled components.
    pub cache: &'a Path,
    /// The build profile of the components.
    pub profile: Option<&'static str>,
    /// The manifest's variables.
    pub variables: &'a [(&'static str, String)],
}

/// The command that serves. For Spin the store file is created first, in WAL mode: Spin itself would create it in
/// rollback-journal mode, in which a durable write takes several times as long.
pub fn command(project: &Project, engine: Engine, serving: &Serving<'_>) -> Result<Command> {
    let mut command = match engine {
        Engine::Host => {
            let mut command = Command::new(project.program("mostek-host"));
            command.arg("up").arg("--cache-dir").arg(serving.cache).args(["--tick-every", "5"]);
            command
        }
        Engine::Spin => {
            let spin = spin_program()?;
            let mut prepare = Command::new(project.program("mostek-host"));
            prepare.arg("prepare-store").arg("--state-dir").arg(serving.state);
            process::run(&mut prepare).context("create the store file")?;
            let mut command = Command::new(spin);
            command.arg("up");
            command
        }
    };
    command.current_dir(&project.root).args(["--from", "spin.toml"]);
    // Before what Spin hands on to its trigger.
    if let Some(profile) = serving.profile {
        command.args(["--profile", profile]);
    }
    command.arg("--listen").arg(format!("127.0.0.1:{}", serving.port));
    command.arg("--state-dir").arg(serving.state).arg("--log-dir").arg(serving.logs);
    for (name, value) in serving.variables {
        // Not as an argument: everybody on the machine can read a process's arguments.
        command.env(format!("SPIN_VARIABLE_{}", name.to_uppercase()), value);
    }
    Ok(command)
}

/// The Spin CLI to use, checked: the `SPIN` variable, else `spin` on `PATH`.
pub fn spin_program() -> Result<PathBuf> {
    let program = std::env::var_os("SPIN")
        .map(PathBuf::from)
        .or_else(|| find_program("spin"))
        .context("there is no Spin CLI: put `spin` 4.1 or newer on PATH, or its path in the variable SPIN")?;
    let said = process::ask(Command::new(&program).arg("--version"))
        .with_context(|| format!("{} does not tell its version", program.display()))?;
    let version = parse_version(&said)
        .with_context(|| format!("{} says its version is {:?}", program.display(), said.trim()))?;
    if version < OLDEST_SPIN {
        bail!(
            "{} is Spin {}.{}, but the components need {}.{} or newer",
            program.display(),
            version.0,
            version.1,
            OLDEST_SPIN.0,
            OLDEST_SPIN.1
        );
    }
    Ok(program)
}

/// Major and minor number out of `spin 4.1.0-pre0 (94a8fc8a 2026-08-21)`.
fn parse_version(said: &str) -> Option<(u32, u32)> {
    let version =
        said.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    let mut numbers = version.split(['.', '-', '+']);
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_compared_as_numbers() {
        for (said, enough) in [
            ("spin 4.1.0-pre0 (94a8fc8a 2026-08-21)\n", true),
            ("spin 4.1.0", true),
            ("spin 4.10.2 (abc 2027-01-01)", true),
            ("spin 10.0.0", true),
            ("spin 4.0.2 (abc 2026-01-01)", false),
            ("spin 3.9.0", false),
        ] {
            assert_eq!(parse_version(said).unwrap() >= OLDEST_SPIN, enough, "{said}");
        }
    }

    #[test]
    fn what_is_no_version_is_not_guessed() {
        for said in ["", "spin", "spin next", "4", "spin 4.x"] {
            assert_eq!(parse_version(said), None, "{said:?}");
        }
    }
}
