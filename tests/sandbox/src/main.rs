//! `mostek-sandbox`: the stand-ins as a process of their own.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mostek_sandbox::Config;
use tokio::signal::unix::{SignalKind, signal};

/// Stand-ins of the outside services over real HTTP.
#[derive(Debug, Parser)]
#[command(name = "mostek-sandbox", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Where to listen; port 0 lets the system choose.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Decides ids, names and page tokens.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Fill the marketplace with forty conversations of the last seven days.
    #[arg(long)]
    demo: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Puts demonstration data into an empty hub over its API and prints the sign-ins.
    Seed {
        /// The hub, such as http://127.0.0.1:3000.
        #[arg(long)]
        hub: String,
        /// A running sandbox with `--demo`, such as http://127.0.0.1:4000.
        #[arg(long)]
        sandbox: String,
        /// The hub's set-up code.
        #[arg(long)]
        setup_code: String,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        Some(Command::Seed { hub, sandbox, setup_code }) => seed(&hub, &sandbox, &setup_code).await,
        None => match serve(arguments).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(&error),
        },
    }
}

fn failed(error: &dyn std::error::Error) -> ExitCode {
    let mut text = format!("mostek-sandbox: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    // Where nobody reads, nobody can be told.
    let _ = writeln!(io::stderr(), "{text}");
    ExitCode::FAILURE
}

async fn seed(hub: &str, sandbox: &str, setup_code: &str) -> ExitCode {
    let said = match mostek_sandbox::seed::run(hub, sandbox, setup_code).await {
        Ok(table) => table,
        // A second run is no failure: the data is there.
        Err(why @ mostek_sandbox::seed::Failed::SetUpAlready) => format!("{why}\n"),
        Err(error) => return failed(&error),
    };
    match write!(io::stdout(), "{said}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

async fn serve(arguments: Arguments) -> io::Result<()> {
    // Before the ready line, so that a signal right after it already ends the process in order.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let running = mostek_sandbox::start(Config {
        listen: arguments.listen,
        seed: arguments.seed,
        demo_days: arguments.demo.then_some(7),
    })
    .await?;
    let mut out = io::stdout().lock();
    writeln!(out, "Sandbox {}", running.base())?;
    out.flush()?;
    drop(out);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    running.stop().await;
    Ok(())
}
