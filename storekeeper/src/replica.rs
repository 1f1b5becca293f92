//! A Redis that stands still: a temporary replica of a running one, cut off from it once it has everything.
//!
//! Walking a Redis that is written to sees keys of different moments. Replication gives one moment: the replica loads a
//! snapshot and what was written since, in order, and is then told to follow nobody. The running server pays for one
//! snapshot, as for any new replica.

use crate::redis::{connect, parts};
use anyhow::{Context, Result, bail};
use redis::{Connection, ConnectionAddr, ConnectionInfo};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Between two looks at how far it is.
const POLL: Duration = Duration::from_millis(50);
/// For the server to listen.
const START_POLLS: u32 = 200;
/// How often a link that is not there yet is asked for: twenty minutes, enough for some tens of gigabytes.
const SYNC_POLLS: u32 = 24_000;
/// After so many looks in a row at which nothing was coming in, the running server is taken not to want it: fifteen seconds.
const PATIENCE: u32 = 300;

/// A server does not follow another over TLS without a certificate of its own, which nobody looks at.
const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "key.pem";

/// A server of our own in a temporary folder; gone when dropped.
pub struct Replica {
    server: Child,
    folder: tempfile::TempDir,
    database: i64,
}

impl Replica {
    /// Starts a replica of the Redis at `address`, waits until it has everything and cuts it off.
    ///
    /// # Errors
    /// If there is no `redis-server` (or `valkey-server`) on this machine, or the Redis lets nobody replicate it.
    pub fn of(address: &str) -> Result<Self> {
        let master = parts(address)?;
        let program = server_program()?;
        let folder = tempfile::Builder::new().prefix("mostek-replica-").tempdir()?;
        if matches!(master.addr, ConnectionAddr::TcpTls { .. }) {
            let made = rcgen::generate_simple_self_signed([])?;
            private_file(&folder.path().join(CERTIFICATE), &made.cert.pem())?;
            private_file(&folder.path().join(KEY), &made.signing_key.serialize_pem())?;
        }
        let mut server = Command::new(&program)
            .arg("-")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        *lock() = Some((server.id(), folder.path().to_owned()));
        // By its standard input: the password stands in no file and in no argument.
        let mut input = server.stdin.take().context("the temporary server has no input")?;
        input.write_all(configuration(&master, folder.path())?.as_bytes())?;
        drop(input);
        let mut replica = Self { server, folder, database: master.redis.db };
        replica.settle()?;
        Ok(replica)
    }

    /// Its address, for this machine only.
    #[must_use]
    pub fn address(&self) -> String {
        format!("redis+unix://{}?db={}", self.folder.path().join("socket").display(), self.database)
    }

    fn settle(&mut self) -> Result<()> {
        let mut connection = self.connection()?;
        let mut idle = 0;
        for _ in 0..SYNC_POLLS {
            let info: String = redis::cmd("INFO").arg("replication").query(&mut connection)?;
            let says = |what: &str| info.lines().any(|line| line.trim() == what);
            if says("master_link_status:up") {
                let () = redis::cmd("REPLICAOF").arg("NO").arg("ONE").query(&mut connection)?;
                return Ok(());
            }
            idle = if says("master_sync_in_progress:1") { 0 } else { idle + 1 };
            if idle >= PATIENCE {
                let why = self.complaint().unwrap_or_else(|| "it does not answer".to_owned());
                bail!(
                    "the Redis does not let itself be copied by this machine's {}: {why}",
                    server_program().map_or_else(|_| "server".to_owned(), |p| p.display().to_string())
                );
            }
            self.check()?;
            std::thread::sleep(POLL);
        }
        bail!("the replica did not get everything in time")
    }

    /// The connection once the server listens.
    fn connection(&mut self) -> Result<Connection> {
        for _ in 0..START_POLLS {
            if let Ok(connection) = connect(&self.address()) {
                return Ok(connection);
            }
            self.check()?;
            std::thread::sleep(POLL);
        }
        bail!("the temporary server does not answer")
    }

    fn check(&mut self) -> Result<()> {
        match self.server.try_wait()? {
            None => Ok(()),
            Some(status) => {
                bail!("the temporary server ended ({status}): {}", self.complaint().unwrap_or_default())
            }
        }
    }

    /// The last line of its log that tells of an error.
    fn complaint(&self) -> Option<String> {
        let log = std::fs::read_to_string(self.folder.path().join("log")).ok()?;
        let words = ["rror", "Unable", "denied", "NOAUTH", "WRONGPASS", "atal", "ailed"];
        log.lines().rev().find(|line| words.iter().any(|word| line.contains(word))).map(str::to_owned)
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing of value in it.
        _ = self.server.kill();
        _ = self.server.wait();
        *lock() = None;
    }
}

/// Writes a new file that only its owner can read.
fn private_file(path: &Path, content: &str) -> Result<()> {
    let mut file = std::fs::File::options().write(true).create_new(true).mode(0o600).open(path)?;
    Ok(file.write_all(content.as_bytes())?)
}

/// The running temporary server and its folder, for the signal handler: nothing is dropped when a signal ends the program.
static RUNNING: Mutex<Option<(u32, PathBuf)>> = Mutex::new(None);

fn lock() -> MutexGuard<'static, Option<(u32, PathBuf)>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets SIGINT, SIGTERM and SIGHUP end the temporary server, too, which would else go on following the running one, with all of
/// its data, for ever.
pub fn clean_up_when_stopped() {
    let handled = ctrlc::set_handler(|| {
        if let Some((pid, folder)) = lock().take() {
            if let Ok(pid) = i32::try_from(pid) {
                _ = nix::sys::signal::kill(
                    nix::unistd::Pid::from_raw(pid),
                    nix::sys::signal::Signal::SIGKILL,
                );
            }
            _ = std::fs::remove_dir_all(folder);
        }
        std::process::exit(130);
    });
    if let Err(error) = handled {
        eprintln!("mostek-storekeeper: signals end this program only: {error}");
    }
}

fn server_program() -> Result<PathBuf> {
    if let Some(program) = std::env::var_os("MOSTEK_REDIS_SERVER") {
        return Ok(program.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut candidates = std::env::split_paths(&path)
        .flat_map(|folder| ["redis-server", "valkey-server"].map(|name| folder.join(name)));
    candidates.find(|program| program.is_file()).context(
        "a copy of one moment takes a temporary replica, and there is no redis-server on this machine: install it, use the \
         server's own backup, or stop the hub and say --offline",
    )
}

fn configuration(master: &ConnectionInfo, folder: &Path) -> Result<String> {
    let (host, port, tls) = match &master.addr {
        ConnectionAddr::Tcp(host, port) => (host, *port, false),
        ConnectionAddr::TcpTls { host, port, .. } => (host, *port, true),
        ConnectionAddr::Unix(_) => bail!("a Redis behind a Unix socket cannot be replicated from"),
    };
    let path = |name: &str| quoted(&folder.join(name).to_string_lossy());
    let mut lines = vec![
        "port 0".to_owned(),
        format!("unixsocket {}", path("socket")),
        "unixsocketperm 700".to_owned(),
        format!("dir {}", quoted(&folder.to_string_lossy())),
        format!("logfile {}", path("log")),
        "save \"\"".to_owned(),
        "appendonly no".to_owned(),
        format!("databases {}", master.redis.db.max(15) + 1),
        format!("replicaof {} {port}", quoted(host)),
    ];
    if let Some(user) = &master.redis.username {
        lines.push(format!("masteruser {}", quoted(user)));
    }
    if let Some(password) = &master.redis.password {
        lines.push(format!("masterauth {}", quoted(password)));
    }
    if tls {
        lines.push("tls-replication yes".to_owned());
        lines.push(format!("tls-cert-file {}", path(CERTIFICATE)));
        lines.push(format!("tls-key-file {}", path(KEY)));
        lines.push(match std::env::var("SSL_CERT_FILE") {
            Ok(file) => format!("tls-ca-cert-file {}", quoted(&file)),
            Err(_) => "tls-ca-cert-dir /etc/ssl/certs".to_owned(),
        });
    }
    lines.push(String::new());
    Ok(lines.join("\n"))
}

/// A text as redis.conf takes it, whatever is in it.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && byte != b'"' && byte != b'\\' || byte == b' ' {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_of_any_characters_stays_one_word() {
        assert_eq!(quoted("a b\"c\\d\ne"), "\"a b\\x22c\\x5cd\\x0ae\"");
        assert_eq!(quoted("ż"), "\"\\xc5\\xbc\"");
    }

    #[test]
    fn the_replica_follows_the_server_with_its_password_and_listens_to_nobody_else() {
        let master = parts("redis://u:p%22w@h:6400/20").unwrap();
        let config = configuration(&master, Path::new("/tmp/x")).unwrap();
        for line in
            ["port 0", "replicaof \"h\" 6400", "masteruser \"u\"", "masterauth \"p\\x22w\"", "databases 21"]
        {
            assert!(config.lines().any(|l| l == line), "{line} is missing in:\n{config}");
        }
        assert!(!config.contains("tls"));
        assert!(
            configuration(&parts("rediss://h:6380").unwrap(), Path::new("/tmp/x"))
                .unwrap()
                .contains("tls-replication yes")
        );
        assert!(parts("unix:///tmp/s").is_err());
    }
}
