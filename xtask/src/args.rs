//! The command line: parsed here, acted on elsewhere.

use std::ffi::OsString;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;

/// What `cargo xtask` prints without arguments and after a wrong one.
pub const HELP: &str = "\
Usage: cargo xtask <command>

  up       build what is missing, start the hub and the sandbox with demonstration data
             --port N           the hub's port (3000)
             --sandbox-port N   the sandbox's port (3900)
             --empty            no demonstration data and no sandbox; prints the one-time set-up code
             --engine host|spin the program that runs spin.toml (host); spin: the SPIN variable, else PATH
             --store ADDRESS    keep everything in this Redis (redis://127.0.0.1:6379/0, or env:NAME for a variable that
                                has the address) instead of a file, behind a prefix of this checkout's own; one on this
                                machine is started, and stopped again, if nobody answers there
             --fresh            forget the data of earlier starts first
  test     everything: formatting, unit, end-to-end and browser tests, lints
             --only unit|e2e|browser|lint
             --engine host|spin what the end-to-end tests run on (host)
             --store sqlite|redis
                                which store they run on (both)
             --limits akamai|fermyon-cloud
                                run them under a platform's limits (with --store redis)
             --keep-going       go on after a step that failed
  build    the components, the host and the sandbox
             --components       the components only
             --store redis      components that keep everything in a Redis
  store    export, import, verify, erase: back up, restore and move a hub's data (`store --help`)
  manifest spin.toml with the profile for a store applied, for deployment tools that know no profiles
             --store redis      written to target/redis/spin.toml
  setup    install what building and testing need, and nothing else
  bench    figures: latency, throughput, store operations (further arguments are passed on)
  lint     clippy with warnings denied, rustfmt, cargo-deny where installed
  fmt      format the sources
  imports  what each built component imports and exports
             --store redis      of the components for Redis; fails if one asks for a key-value store";

/// The program that serves `spin.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// `mostek-host` of this workspace.
    Host,
    /// An installed Spin CLI, 4.1 or newer.
    Spin,
}

impl Engine {
    /// The name used on the command line and in `MOSTEK_ENGINE`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Spin => "spin",
        }
    }

    fn parse(text: &str) -> Result<Self> {
        match text {
            "host" => Ok(Self::Host),
            "spin" => Ok(Self::Spin),
            other => bail!("--engine is host or spin, not {other:?}"),
        }
    }
}

/// Which store the components are built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// Spin's key-value store; on a laptop an SQLite file.
    Sqlite,
    /// A Redis of the installation's own.
    Redis,
}

impl Store {
    /// The name used on the command line and in `MOSTEK_STORE`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Redis => "redis",
        }
    }

    /// The build profile in `spin.toml`, which is also the components' feature; `None` is the one without a name.
    pub fn profile(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Redis => Some("redis"),
        }
    }

    fn parse(text: &str) -> Result<Self> {
        match text {
            "sqlite" => Ok(Self::Sqlite),
            "redis" => Ok(Self::Redis),
            other => bail!("--store is sqlite or redis, not {other:?}"),
        }
    }
}

/// Options of `up`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpOptions {
    /// The hub's port on 127.0.0.1.
    pub port: u16,
    /// The sandbox's port on 127.0.0.1. Fixed, since the demonstration's marketplace connection stores it.
    pub sandbox_port: u16,
    /// No demonstration data, no sandbox.
    pub empty: bool,
    /// What runs `spin.toml`.
    pub engine: Engine,
    /// The address of the Redis that keeps everything; `None` is a file.
    pub redis: Option<String>,
    /// Start from an empty store.
    pub fresh: bool,
}

impl Default for UpOptions {
    fn default() -> Self {
        Self { port: 3000, sandbox_port: 3900, empty: false, engine: Engine::Host, redis: None, fresh: false }
    }
}

/// A part of the test run that can be asked for alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Tests that need nothing but the crate they are in.
    Unit,
    /// The components in the engine over HTTP.
    EndToEnd,
    /// The pages in a real browser.
    Browser,
    /// rustfmt, clippy, cargo-deny.
    Lint,
}

/// Options of `test`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestOptions {
    /// Only this part; all of them when absent.
    pub only: Option<Part>,
    /// What the end-to-end tests run on.
    pub engine: Engine,
    /// Which store they run on; both when absent.
    pub store: Option<Store>,
    /// A platform whose limits hold for them.
    pub limits: Option<String>,
    /// Run the remaining steps after one failed.
    pub keep_going: bool,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Print [`HELP`].
    Help,
    /// Install what is missing.
    Setup,
    /// Build components and, unless told otherwise, programs.
    Build {
        /// Leave the native programs out.
        components_only: bool,
        /// What the components are built for.
        store: Store,
    },
    /// Serve.
    Up(UpOptions),
    /// Test.
    Test(TestOptions),
    /// Measure; arguments go to the bench program.
    Bench(Vec<OsString>),
    /// Format in place.
    Fmt,
    /// Check style.
    Lint,
    /// Show component imports and exports.
    Imports(Store),
    /// Work on a hub's data; arguments go to the storekeeper.
    Store(Vec<OsString>),
    /// Write the manifest for a store.
    Manifest(Store),
}

impl Command {
    /// Parses the arguments after the program's name. Errors name the offending argument.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self> {
        let mut parser = lexopt::Parser::from_args(arguments);
        let name = match parser.next()? {
            None | Some(Short('h') | Long("help")) => return Ok(Self::Help),
            Some(Value(name)) => name.string()?,
            Some(other) => return Err(other.unexpected().into()),
        };
        match name.as_str() {
            "help" => Ok(Self::Help),
            "up" => parse_up(parser),
            "test" => parse_test(parser),
            "bench" => Ok(Self::Bench(parser.raw_args()?.collect())),
            "setup" => without_options(parser, Self::Setup),
            "build" => parse_build(parser),
            "fmt" => without_options(parser, Self::Fmt),
            "lint" => without_options(parser, Self::Lint),
            "imports" => with_store(parser, Self::Imports),
            "store" => Ok(Self::Store(parser.raw_args()?.collect())),
            "manifest" => with_store(parser, Self::Manifest),
            other => bail!("there is no command {other:?}"),
        }
    }
}

fn without_options(mut parser: lexopt::Parser, command: Command) -> Result<Command> {
    match parser.next()? {
        None => Ok(command),
        Some(Short('h') | Long("help")) => Ok(Command::Help),
        Some(other) => Err(other.unexpected().into()),
    }
}

fn with_store(mut parser: lexopt::Parser, command: fn(Store) -> Command) -> Result<Command> {
    let mut store = Store::Sqlite;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("store") => store = Store::parse(&parser.value()?.string()?)?,
            Short('h') | Long("help") => return Ok(Command::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(command(store))
}

/// A Redis by its address; `redis` is the usual one on this machine, `sqlite` none.
fn parse_address(text: &str) -> Result<Option<String>> {
    match text {
        "sqlite" => Ok(None),
        "redis" => Ok(Some("redis://127.0.0.1:6379/0".to_owned())),
        other if ["redis://", "rediss://", "env:"].iter().any(|scheme| other.starts_with(scheme)) => {
            Ok(Some(other.to_owned()))
        }
        // Not shown: it may be an address with a password and a slip in its beginning.
        _ => bail!(
            "--store is sqlite, redis, an address redis://host:port/database, or env:NAME for a variable"
        ),
    }
}

fn parse_build(mut parser: lexopt::Parser) -> Result<Command> {
    let mut components_only = false;
    let mut store = Store::Sqlite;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("components") => components_only = true,
            Long("store") => store = Store::parse(&parser.value()?.string()?)?,
            Short('h') | Long("help") => return Ok(Command::Help),
            other => return Err(other.unexpected()).context("cargo xtask build"),
        }
    }
    Ok(Command::Build { components_only, store })
}

fn parse_port(parser: &mut lexopt::Parser) -> Result<u16> {
    let text = parser.value()?.string()?;
    match text.parse() {
        Ok(0) | Err(_) => bail!("a port is a number from 1 to 65535, not {text:?}"),
        Ok(port) => Ok(port),
    }
}

fn parse_up(mut parser: lexopt::Parser) -> Result<Command> {
    let mut options = UpOptions::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => options.port = parse_port(&mut parser)?,
            Long("sandbox-port") => options.sandbox_port = parse_port(&mut parser)?,
            Long("empty") => options.empty = true,
            Long("fresh") => options.fresh = true,
            Long("engine") => options.engine = Engine::parse(&parser.value()?.string()?)?,
            Long("store") => options.redis = parse_address(&parser.value()?.string()?)?,
            Short('h') | Long("help") => return Ok(Command::Help),
            other => return Err(other.unexpected()).context("cargo xtask up"),
        }
    }
    if !options.empty && options.port == options.sandbox_port {
        bail!("--port and --sandbox-port are both {}", options.port);
    }
    Ok(Command::Up(options))
}

fn parse_test(mut parser: lexopt::Parser) -> Result<Command> {
    let mut options =
        TestOptions { only: None, engine: Engine::Host, store: None, limits: None, keep_going: false };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("only") => {
                options.only = Some(match parser.value()?.string()?.as_str() {
                    "unit" => Part::Unit,
                    "e2e" => Part::EndToEnd,
                    "browser" => Part::Browser,
                    "lint" => Part::Lint,
                    other => bail!("--only is unit, e2e, browser or lint, not {other:?}"),
                });
            }
            Long("engine") => options.engine = Engine::parse(&parser.value()?.string()?)?,
            Long("store") => options.store = Some(Store::parse(&parser.value()?.string()?)?),
            Long("limits") => {
                options.limits = Some(match parser.value()?.string()?.as_str() {
                    known @ ("akamai" | "fermyon-cloud") => known.to_owned(),
                    other => bail!("--limits is akamai or fermyon-cloud, not {other:?}"),
                });
            }
            Long("keep-going") => options.keep_going = true,
            Short('h') | Long("help") => return Ok(Command::Help),
            other => return Err(other.unexpected()).context("cargo xtask test"),
        }
    }
    if options.limits.is_some() && (options.store != Some(Store::Redis) || options.engine != Engine::Host) {
        bail!(
            "these platforms run the components for Redis, and the host imitates them: --limits goes with --store redis"
        );
    }
    Ok(Command::Test(options))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command> {
        Command::parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn up_has_defaults_and_takes_every_option() {
        assert_eq!(parse("up").unwrap(), Command::Up(UpOptions::default()));
        assert_eq!(
            parse("up --port 4000 --sandbox-port=4001 --empty --engine spin --store redis://h:1/2 --fresh")
                .unwrap(),
            Command::Up(UpOptions {
                port: 4000,
                sandbox_port: 4001,
                empty: true,
                engine: Engine::Spin,
                redis: Some("redis://h:1/2".to_owned()),
                fresh: true
            })
        );
    }

    #[test]
    fn wrong_arguments_are_named() {
        for (line, named) in [
            ("up --prot 1", "--prot"),
            ("up --port 0", "\"0\""),
            ("up --port 70000", "\"70000\""),
            ("up --port 3900", "both 3900"),
            ("up --engine wasmtime", "wasmtime"),
            ("test --only all", "all"),
            ("up --store postgres://x", "redis://host"),
            ("test --store mysql", "mysql"),
            ("test --limits akamai", "--store redis"),
            ("test --store redis --limits heroku", "heroku"),
            ("imports --store x", "\"x\""),
            ("build now", "now"),
            ("deploy", "deploy"),
        ] {
            let error = parse(line).expect_err(line);
            assert!(format!("{error:#}").contains(named), "{line}: {error:#}");
        }
    }

    #[test]
    fn one_port_for_both_is_fine_when_there_is_no_sandbox() {
        assert!(parse("up --port 3900 --empty").is_ok());
    }

    #[test]
    fn test_takes_a_part_and_an_engine() {
        let expected = TestOptions {
            only: Some(Part::EndToEnd),
            engine: Engine::Spin,
            store: Some(Store::Redis),
            limits: None,
            keep_going: true,
        };
        let parsed = parse("test --only e2e --engine spin --store redis --keep-going").unwrap();
        assert_eq!(parsed, Command::Test(expected));
        let Command::Test(options) = parse("test --store redis --limits akamai").unwrap() else { panic!() };
        assert_eq!(options.limits.as_deref(), Some("akamai"));
    }

    #[test]
    fn build_can_leave_the_programs_out() {
        let built = |line| parse(line).unwrap();
        assert_eq!(built("build"), Command::Build { components_only: false, store: Store::Sqlite });
        assert_eq!(
            built("build --components --store redis"),
            Command::Build { components_only: true, store: Store::Redis }
        );
    }

    #[test]
    fn a_store_may_be_named_or_addressed() {
        let redis = |line| match parse(line).unwrap() {
            Command::Up(options) => options.redis,
            other => panic!("{other:?}"),
        };
        assert_eq!(redis("up --store sqlite"), None);
        assert_eq!(redis("up --store redis").as_deref(), Some("redis://127.0.0.1:6379/0"));
        assert_eq!(redis("up --store rediss://h:6380").as_deref(), Some("rediss://h:6380"));
        assert_eq!(parse("imports --store redis").unwrap(), Command::Imports(Store::Redis));
        assert_eq!(parse("manifest --store redis").unwrap(), Command::Manifest(Store::Redis));
    }

    #[test]
    fn bench_passes_everything_on() {
        let expected = ["--scale", "-h", "100000"].map(OsString::from).to_vec();
        assert_eq!(parse("bench --scale -h 100000").unwrap(), Command::Bench(expected));
    }

    #[test]
    fn no_command_and_help_print_the_help() {
        for line in ["", "help", "--help", "-h", "up --help", "lint -h"] {
            assert_eq!(parse(line).unwrap(), Command::Help, "{line:?}");
        }
    }
}
