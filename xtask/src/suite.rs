//! `test`, `lint` and `bench`: what is run and in which order.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::args::{Engine, Part, Store, TestOptions};
use crate::build;
use crate::debian;
use crate::engine;
use crate::process;
use crate::progress::{Outcome, Progress};
use crate::project::{Project, find_program};
use crate::redis;
use crate::steps::Steps;

/// The crate whose tests drive the running hub; its test programs whose names begin so drive a browser.
const END_TO_END: &str = "mostek-e2e";
const BROWSER: &str = "browser";
/// The program that measures.
const BENCH: &str = "bench";
const BROWSER_PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-dejavu-core"];

/// `cargo xtask test`. Cheap checks come first; what compiles most, the engine, is compiled once for all of them.
pub fn test(project: &Project, options: &TestOptions) -> Result<()> {
    let wanted = |part: Part| options.only.is_none_or(|only| only == part);
    let serving = wanted(Part::EndToEnd) || wanted(Part::Browser);
    let targets = TestTargets::find(project)?;
    let mut steps = Steps::new(options.keep_going);

    if wanted(Part::Lint) {
        steps.run("formatting", |_| check_formatting(project));
    }
    let stores = options.store.map_or(vec![Store::Sqlite, Store::Redis], |store| vec![store]);
    if serving {
        // Tests on Redis also move a store to the other build and back.
        let on_redis = stores.contains(&Store::Redis);
        for store in [Store::Sqlite, Store::Redis].into_iter().filter(|s| on_redis || stores.contains(s)) {
            let name = format!("components ({})", store.name());
            steps.run(&name, |_| build::wasm(project, store, &mut Progress::new(build::WASM_STEPS)));
        }
    }
    if wanted(Part::Unit) || serving {
        steps.run("programs and tests", |_| process::run(&mut build_all_tests(project)));
    }
    if wanted(Part::Unit) {
        steps.run("unit tests", |closing| {
            let mut command = cargo_test(project);
            command.args(["--lib", "--bins"]);
            run_tests(select(&mut command, &targets.unit), closing)
        });
        steps.run("documentation tests", |closing| run_tests(cargo_test(project).arg("--doc"), closing));
    }
    if wanted(Part::Lint) {
        steps.run("clippy", |_| clippy(project));
        audit(project, &mut steps);
    }
    for store in stores {
        let run = Run { engine: options.engine, store, limits: options.limits.as_deref() };
        if serving && store == Store::Redis {
            steps.run("imports (redis)", |_| build::check_imports(project, store));
        }
        if wanted(Part::EndToEnd) {
            end_to_end(project, &targets, &run, &mut steps);
        }
        if wanted(Part::Browser) {
            in_a_browser(project, &targets, &run, &mut steps);
        }
    }
    steps.finish()
}

/// What the served tests run on.
struct Run<'a> {
    engine: Engine,
    store: Store,
    limits: Option<&'a str>,
}

impl Run<'_> {
    fn name(&self) -> String {
        let limits = self.limits.map_or_else(String::new, |platform| format!(", limits of {platform}"));
        format!("{}, {}{limits}", self.engine.name(), self.store.name())
    }

    /// What the tests are told about what they drive.
    fn environment(&self, project: &Project) -> Result<Vec<(&'static str, OsString)>> {
        let mut variables = vec![
            ("MOSTEK_ROOT", project.root.clone().into_os_string()),
            ("MOSTEK_HOST_BIN", project.program("mostek-host").into_os_string()),
            ("MOSTEK_SANDBOX_BIN", project.program("mostek-sandbox").into_os_string()),
            ("MOSTEK_STOREKEEPER_BIN", project.program(build::STOREKEEPER).into_os_string()),
            ("MOSTEK_ENGINE", self.engine.name().into()),
            ("MOSTEK_STORE", self.store.name().into()),
        ];
        if self.engine == Engine::Spin {
            variables.push(("SPIN", engine::spin_program()?.into_os_string()));
        }
        // On SQLite, too: a store is moved from one to the other.
        match (self.store, redis::program()) {
            (_, Ok(server)) => variables.push(("MOSTEK_REDIS_SERVER", server.into_os_string())),
            (Store::Redis, Err(error)) => return Err(error),
            (Store::Sqlite, Err(_)) => {}
        }
        if let Some(platform) = self.limits {
            variables.push(("MOSTEK_LIMITS", platform.into()));
        }
        Ok(variables)
    }
}

fn end_to_end(project: &Project, targets: &TestTargets, run: &Run<'_>, steps: &mut Steps) {
    let name = format!("end-to-end tests ({})", run.name());
    if targets.end_to_end.is_empty() {
        return steps.skip(&name, "there are none");
    }
    steps.run(&name, |closing| {
        let mut command = cargo_test(project);
        command.envs(run.environment(project)?);
        run_tests(select(&mut command, &targets.end_to_end), closing)
    });
}

fn in_a_browser(project: &Project, targets: &TestTargets, run: &Run<'_>, steps: &mut Steps) {
    let name = format!("browser tests ({})", run.name());
    match chromedriver() {
        _ if targets.browser.is_empty() => steps.skip(&name, "there are none"),
        Err(why) => steps.skip(&name, &format!("{why:#}")),
        Ok(driver) => steps.run(&name, |closing| {
            let mut command = cargo_test(project);
            command.envs(run.environment(project)?).env("MOSTEK_CHROMEDRIVER", driver);
            run_tests(select(&mut command, &targets.browser), closing)
        }),
    }
}

/// `cargo xtask lint`.
pub fn lint(project: &Project) -> Result<()> {
    let mut steps = Steps::new(true);
    steps.run("formatting", |_| check_formatting(project));
    steps.run("clippy", |_| clippy(project));
    audit(project, &mut steps);
    steps.finish()
}

/// `cargo xtask fmt`.
pub fn format(project: &Project) -> Result<()> {
    process::run(project.cargo().args(["fmt", "--all"]))
}

/// `cargo xtask bench`: everything that serves, on both stores, then the bench program with the given arguments.
pub fn bench(project: &Project, arguments: &[OsString]) -> Result<()> {
    let mut progress = Progress::new(build::WASM_STEPS + build::STEPS);
    build::wasm(project, Store::Redis, &mut progress)?;
    build::everything(project, Store::Sqlite, &mut progress)?;
    process::run(&mut build::native_build(project, &[BENCH]))?;
    let mut command = Command::new(project.program(BENCH));
    command.current_dir(&project.root).args(arguments);
    let run = Run { engine: Engine::Host, store: Store::Redis, limits: None };
    // The program chooses the store itself, one after the other.
    process::run(command.envs(run.environment(project)?).env_remove("MOSTEK_STORE"))
}

/// Everything testing needs beyond building.
pub fn set_up_browser() -> Result<((), Outcome)> {
    let outcome = if find_program("chromedriver").is_some() { Outcome::UpToDate } else { Outcome::Done };
    chromedriver().map(|_| ((), outcome))
}

/// Everything native, selected as a whole for the reason given at [`build::native_build`]. Library crates of
/// components are built as tests only; for this machine they do not link.
fn build_all_tests(project: &Project) -> Command {
    let mut command = project.cargo();
    command.args(["build", "--workspace", "--bins", "--tests"]);
    command
}

fn cargo_test(project: &Project) -> Command {
    let mut command = project.cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]);
    command
}

fn select<'a>(command: &'a mut Command, targets: &BTreeSet<String>) -> &'a mut Command {
    for target in targets {
        command.args(["--test", target]);
    }
    command
}

fn run_tests(command: &mut Command, closing_lines: &mut Vec<String>) -> Result<()> {
    let mut failed = Vec::new();
    // What a test that passed has printed is shown, since it may be that it did not run.
    let passed = process::run_watching(command.args(["--", "--show-output"]), |line| {
        if line.starts_with("SKIPPED") {
            closing_lines.push(line.to_owned());
        }
        // Many programs hold no test; their lines say nothing.
        if line.starts_with("test result:") && !line.contains(" 0 passed; 0 failed; 0 ignored;") {
            closing_lines.push(line.to_owned());
        }
        // "test name ... FAILED"
        if let Some(name) = line.strip_prefix("test ").and_then(|line| line.strip_suffix(" ... FAILED")) {
            failed.push(name.to_owned());
        }
    })?;
    match (passed, failed.is_empty()) {
        (true, _) => Ok(()),
        (false, true) => bail!("the tests did not run to their end"),
        (false, false) => bail!("{}", failed.join(", ")),
    }
}

/// rustup's minimal profile lacks both tools.
fn ensure_tool(project: &Project, subcommand: &str, component: &str) -> Result<()> {
    if process::ask(project.cargo().args([subcommand, "--version"])).is_some() {
        return Ok(());
    }
    process::run(Command::new("rustup").args(["component", "add", component]))
        .with_context(|| format!("there is no `cargo {subcommand}`"))
}

fn check_formatting(project: &Project) -> Result<()> {
    ensure_tool(project, "fmt", "rustfmt")?;
    process::run(project.cargo().args(["fmt", "--all", "--check"])).context("run `cargo xtask fmt`")
}

fn clippy(project: &Project) -> Result<()> {
    ensure_tool(project, "clippy", "clippy")?;
    let mut command = project.cargo();
    command.args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]);
    process::run(&mut command)
}

fn audit(project: &Project, steps: &mut Steps) {
    if find_program("cargo-deny").is_none() {
        steps.skip("cargo-deny", "it is not installed (cargo install cargo-deny)");
        return;
    }
    // Advisories need a database from the network; they are for a scheduled check, not for every run.
    steps.run("cargo-deny", |_| {
        process::run(project.cargo().args(["deny", "check", "licenses", "bans", "sources"]))
    });
}

fn chromedriver() -> Result<PathBuf> {
    if let Some(program) = find_program("chromedriver") {
        return Ok(program);
    }
    let packages = debian::missing(&BROWSER_PACKAGES)
        .context("there is no chromedriver: install Chromium and its driver of the same version")?;
    debian::install(&packages)?;
    find_program("chromedriver")
        .context("Debian's chromium-driver is installed, but chromedriver is not on PATH")
}

/// Names of the workspace's integration-test programs.
#[derive(Debug, Default, PartialEq, Eq)]
struct TestTargets {
    unit: BTreeSet<String>,
    end_to_end: BTreeSet<String>,
    browser: BTreeSet<String>,
}

impl TestTargets {
    fn is_served(&self, name: &str) -> bool {
        self.end_to_end.contains(name) || self.browser.contains(name)
    }

    fn find(project: &Project) -> Result<Self> {
        let mut command = project.cargo();
        command.args(["metadata", "--no-deps", "--format-version", "1"]);
        Self::from_metadata(&serde_json::from_str(&process::output(&mut command)?)?)
    }

    fn from_metadata(metadata: &Value) -> Result<Self> {
        let mut found = Self::default();
        for package in list(metadata, "packages") {
            let is_end_to_end = package.get("name").and_then(Value::as_str) == Some(END_TO_END);
            for target in list(package, "targets") {
                let is_test = list(target, "kind").iter().any(|kind| kind == "test");
                let Some(name) = target.get("name").and_then(Value::as_str).filter(|_| is_test) else {
                    continue;
                };
                match (is_end_to_end, name) {
                    (false, _) => found.unit.insert(name.to_owned()),
                    (true, name) if name.starts_with(BROWSER) => found.browser.insert(name.to_owned()),
                    (true, _) => found.end_to_end.insert(name.to_owned()),
                };
            }
        }
        // cargo selects by the target's name alone.
        if let Some(name) = found.unit.iter().find(|name| found.is_served(name)) {
            bail!("two test programs are called {name:?}, one of them in {END_TO_END}: rename one");
        }
        Ok(found)
    }
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn package(name: &str, tests: &[&str]) -> Value {
        let mut targets = vec![json!({ "name": name, "kind": ["lib"] })];
        targets.extend(tests.iter().map(|test| json!({ "name": test, "kind": ["test"] })));
        json!({ "name": name, "targets": targets })
    }

    #[test]
    fn every_test_program_belongs_to_exactly_one_part() {
        let metadata = json!({ "packages": [
            package("mostek-store", &["model", "simulation"]),
            package("mostek-e2e", &["browser", "browser_dark", "faults"]),
        ] });
        let found = TestTargets::from_metadata(&metadata).unwrap();
        assert_eq!(found.unit, ["model", "simulation"].map(str::to_owned).into());
        assert_eq!(found.end_to_end, ["faults".to_owned()].into());
        assert_eq!(found.browser, ["browser", "browser_dark"].map(str::to_owned).into());
    }

    #[test]
    fn a_name_that_would_select_two_programs_is_refused() {
        for shared in ["faults", "browser"] {
            let metadata = json!({ "packages": [
                package("mostek-sandbox", &[shared]),
                package("mostek-e2e", &["browser", "faults"]),
            ] });
            let error = TestTargets::from_metadata(&metadata).unwrap_err().to_string();
            assert!(error.contains(shared), "{error}");
        }
    }
}
