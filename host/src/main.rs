//! `mostek-host up --from spin.toml`: see the library.

use std::collections::HashMap;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand, ValueEnum};
use mostek_host::application::{self, Options};
use mostek_host::imports::{Surface, surface};
use mostek_host::kv::engine::{self, Engine};
use mostek_host::limits::Limits;
use mostek_host::server::Server;
use mostek_host::ticker;
use mostek_host::variables::{ENVIRONMENT_PREFIX, Given, check_name};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Exit code when the address is taken, so that a script can offer another port.
const ADDRESS_IN_USE: u8 = 2;
/// How long tasks may take to end after the last request.
const END: Duration = Duration::from_secs(2);

/// Runs a Spin application without the Spin CLI.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the application until it is told to stop.
    Up(Up),
    /// Lists what each component imports and exports.
    Imports {
        /// Wasm component files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Creates the store file in WAL mode, for Spin to open: Spin keeps the mode it finds and creates none itself.
    PrepareStore {
        /// Folder of the key-value store.
        #[arg(long, default_value = ".spin")]
        state_dir: PathBuf,
    },
}

#[derive(clap::Args)]
struct Up {
    /// The manifest.
    #[arg(long, default_value = "spin.toml")]
    from: PathBuf,
    /// Address to listen on; port 0 lets the system choose.
    #[arg(long, default_value = "127.0.0.1:3000", overrides_with = "listen")]
    listen: SocketAddr,
    /// Folder of the key-value store.
    #[arg(long, default_value = ".spin")]
    state_dir: PathBuf,
    /// Build profile of the components [default: the one without a name]
    #[arg(long)]
    profile: Option<String>,
    /// Runtime configuration: where the key-value store is [default: a file in --state-dir]
    #[arg(long)]
    runtime_config_file: Option<PathBuf>,
    /// Folder of component logs [default: <state-dir>/logs]
    #[arg(long)]
    log_dir: Option<PathBuf>,
    /// Folder of compiled components [default: <state-dir>/cache]
    #[arg(long)]
    cache_dir: Option<PathBuf>,
    /// Value of an application variable; wins over SPIN_VARIABLE_<NAME>.
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_variable)]
    variable: Vec<(String, String)>,
    /// Platform whose limits apply.
    #[arg(long, value_enum, default_value = "none")]
    limits: Platform,
    /// Send POST /timers/tick to the application every so many seconds.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    tick_every: Option<u64>,
    /// Answer GET /.well-known/mostek/operations with the number of store operations.
    #[arg(long)]
    count_operations: bool,
    /// Do not show the output of components.
    #[arg(long)]
    quiet: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Platform {
    /// As `spin up`.
    None,
    /// Akamai Functions.
    Akamai,
    /// Fermyon Cloud.
    FermyonCloud,
}

fn parse_variable(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as name=value")?;
    check_name(name).map_err(|e| e.to_string())?;
    Ok((name.to_owned(), value.to_owned()))
}

fn main() -> ExitCode {
    let command = Cli::parse().command;
    // Redis connections take the process's provider; the HTTP client brings its own. A second call changes nothing.
    _ = rustls::crypto::ring::default_provider().install_default();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_max_level(tracing::Level::WARN)
        .init();
    let done = match command {
        Command::Up(up) => run(up),
        Command::Imports { files } => show_imports(&files).map(|()| ExitCode::SUCCESS),
        Command::PrepareStore { state_dir } => prepare_store(&state_dir).map(|()| ExitCode::SUCCESS),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("mostek-host: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn show_imports(files: &[PathBuf]) -> anyhow::Result<()> {
    for file in files {
        let Surface { imports, exports } = surface(file)?;
        println!("{}", file.display());
        for (direction, names) in [("imports", imports), ("exports", exports)] {
            for name in names {
                println!("  {direction} {name}");
            }
        }
    }
    Ok(())
}

fn prepare_store(state_dir: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(state_dir).with_context(|| format!("cannot create {}", state_dir.display()))?;
    let file = state_dir.join(engine::FILE_NAME);
    Engine::open(&file).map(drop).with_context(|| format!("cannot open the store {}", file.display()))
}

fn run(up: Up) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    // Before the slow part: a taken address should be said at once.
    let listener = match runtime.block_on(TcpListener::bind(up.listen)) {
        Ok(listener) => listener,
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            eprintln!(
                "mostek-host: the address {} is already in use; choose another with --listen",
                up.listen
            );
            return Ok(ExitCode::from(ADDRESS_IN_USE));
        }
        Err(error) => bail!("cannot listen on {}: {error}", up.listen),
    };
    let options = Options {
        manifest: up.from,
        profile: up.profile,
        runtime_config: up.runtime_config_file,
        log_dir: up.log_dir.unwrap_or_else(|| up.state_dir.join("logs")),
        cache_dir: Some(up.cache_dir.unwrap_or_else(|| up.state_dir.join("cache"))),
        state_dir: up.state_dir,
        given: Given { command_line: up.variable.into_iter().collect(), environment: environment()? },
        limits: match up.limits {
            Platform::None => Limits::default(),
            Platform::Akamai => Limits::akamai(),
            Platform::FermyonCloud => Limits::fermyon_cloud(),
        },
        follow: !up.quiet,
    };
    let result =
        serve(&runtime, &options, listener, up.tick_every.map(Duration::from_secs), up.count_operations);
    runtime.shutdown_timeout(END);
    result.map(|()| ExitCode::SUCCESS)
}

fn serve(
    runtime: &tokio::runtime::Runtime,
    options: &Options,
    listener: TcpListener,
    tick_every: Option<Duration>,
    count_operations: bool,
) -> anyhow::Result<()> {
    let loaded = application::load(options)?;
    let application = loaded.application.clone();
    let address = listener.local_addr()?;
    if tick_every.is_some() {
        application
            .variables
            .application(ticker::SECRET_VARIABLE)
            .with_context(|| format!("--tick-every needs the variable {}", ticker::SECRET_VARIABLE))?;
    }
    runtime.block_on(async {
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let stop = async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        };
        let server = Server::new(loaded, count_operations);
        let ticks = tick_every
            .map(|every| tokio::spawn(async move { ticker::run(&application, address, every).await }));
        println!("Serving http://{address}");
        std::io::stdout().flush()?;
        let result = server.serve(listener, stop).await;
        if let Some(ticks) = ticks {
            ticks.abort();
        }
        result
    })
}

/// Those variables of the environment, and of `.env` in the current folder, that give application variables.
fn environment() -> anyhow::Result<HashMap<String, String>> {
    let mut variables = match dotenvy::from_path_iter(".env") {
        // Spin takes none of them if it cannot read one.
        Ok(lines) => lines.collect::<Result<HashMap<_, _>, _>>().context("cannot read .env")?,
        Err(_) => HashMap::new(),
    };
    variables.extend(
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
    );
    variables.retain(|name, _| name.starts_with(ENVIRONMENT_PREFIX));
    Ok(variables)
}
