//! `mostek-sandbox`: the stand-ins as a process of their own.

use std::io::{self, Write as _};
use std::net::SocketAddr;

use clap::Parser;
use mostek_sandbox::Config;
use tokio::signal::unix::{SignalKind, signal};

/// Stand-ins of the outside services over real HTTP.
#[derive(Debug, Parser)]
#[command(name = "mostek-sandbox", version)]
struct Arguments {
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

#[tokio::main]
async fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
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
