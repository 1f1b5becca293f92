//! The developer's one command: `cargo xtask up`, `cargo xtask test` and the rest. See `args::HELP`.

mod args;
mod build;
mod children;
mod clock;
mod debian;
mod engine;
mod freshness;
mod manifest;
mod net;
mod process;
mod progress;
mod project;
mod redis;
mod secrets;
mod steps;
mod suite;
mod toolchain;
mod up;

use std::process::ExitCode;

use anyhow::Result;

use args::Command;
use progress::Progress;
use project::Project;

fn main() -> ExitCode {
    let command = match Command::parse(std::env::args_os().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("error: {error:#}\n\n{}", args::HELP);
            return ExitCode::from(2);
        }
    };
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let project = Project::locate()?;
    match command {
        Command::Help => {
            println!("{}", args::HELP);
            Ok(())
        }
        Command::Setup => set_up(&project),
        Command::Build { components_only: true, store } => {
            build::wasm(&project, store, &mut Progress::new(build::WASM_STEPS))
        }
        Command::Build { components_only: false, store } => {
            build::everything(&project, store, &mut Progress::new(build::STEPS))
        }
        Command::Up(options) => up::run(&project, &options),
        Command::Test(options) => suite::test(&project, &options),
        Command::Bench(arguments) => suite::bench(&project, &arguments),
        Command::Fmt => suite::format(&project),
        Command::Lint => suite::lint(&project),
        Command::Imports(store) => build::show_imports(&project, store),
        Command::Store(arguments) => build::storekeeper(&project, &arguments),
        Command::Manifest(store) => manifest::write(&project, store),
    }
}

fn set_up(project: &Project) -> Result<()> {
    let mut progress = Progress::new(3);
    progress.step("looking for a compiler for components", || {
        toolchain::Toolchain::ensure(project).map(|(_, outcome)| ((), outcome))
    })?;
    progress.step("looking for a Redis server to test with", redis::set_up)?;
    progress.step("looking for a browser to test with", suite::set_up_browser)
}
