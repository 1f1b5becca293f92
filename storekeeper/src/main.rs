//! `mostek-storekeeper export|import|verify|erase`: see the library.

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};
use mostek_storekeeper::place::Place;
use mostek_storekeeper::{replica, transfer};
use std::path::PathBuf;
use std::process::ExitCode;

/// Backs up, restores, moves and checks the hub's store.
///
/// A store is an address (redis://, rediss://), a state folder, a store file (*.db), or env:NAME for an environment variable
/// that has one of these.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// What every key in a Redis begins with.
    #[arg(long, global = true, default_value = "mostek:", env = "SPIN_VARIABLE_STORE_PREFIX")]
    prefix: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes a store to a file; the hub may go on.
    Export {
        /// The store.
        #[arg(long)]
        from: String,
        /// The file; replaced if it is there.
        #[arg(long)]
        to: PathBuf,
        /// Read a Redis directly, without a temporary replica: only right while no hub writes to it.
        #[arg(long)]
        offline: bool,
        /// Leave out keys behind the prefix that this version does not know instead of refusing.
        #[arg(long)]
        leave_foreign: bool,
    },
    /// Puts a file into a store on which no hub runs.
    Import {
        /// The file.
        #[arg(long)]
        from: PathBuf,
        /// The store.
        #[arg(long)]
        to: String,
        /// Delete what is there first.
        #[arg(long)]
        replace: bool,
    },
    /// Says what is in a file or a store: the number of keys and a hash that does not depend on the engine.
    Verify {
        /// A file made by export, or a store.
        what: String,
    },
    /// Deletes every key of a store.
    Erase {
        /// The store.
        #[arg(long)]
        from: String,
        /// That this is meant.
        #[arg(long)]
        yes: bool,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    replica::clean_up_when_stopped();
    // A second call changes nothing.
    _ = rustls::crypto::ring::default_provider().install_default();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mostek-storekeeper: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    let place = |text: &str| Place::parse(text, &cli.prefix);
    match &cli.command {
        Command::Export { from, to, offline, leave_foreign } => {
            println!("exported {}", transfer::export(&place(from)?, to, *offline, *leave_foreign)?);
        }
        Command::Import { from, to, replace } => {
            let done = transfer::import(from, &place(to)?, *replace)?;
            println!("imported {}", done.digest);
            if done.erased > 0 {
                println!("{} keys that were there before are deleted", done.erased);
            }
            if done.held > 0 {
                println!(
                    "{} replies were waiting: the hub looks for each at the marketplace first",
                    done.held
                );
            }
            println!("the store now holds {}", done.now);
        }
        Command::Verify { what } => {
            let file = PathBuf::from(what);
            let is_export = file.is_file() && file.extension().is_none_or(|e| e != "db");
            let digest = match is_export {
                true => transfer::digest_of_file(&file)?,
                false => transfer::digest_of_store(&place(what)?)?,
            };
            println!("{digest}");
        }
        Command::Erase { from, yes } => {
            let place = place(from)?;
            if !yes {
                bail!("this deletes every key in {}: say --yes", place.shown());
            }
            println!("{} keys deleted", place.open()?.erase()?);
        }
    }
    Ok(())
}
