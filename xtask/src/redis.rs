//! A Redis server on this machine: found or installed, and started for as long as `up` runs.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::progress::Outcome;
use crate::project::find_program;

const PACKAGE: [&str; 1] = ["redis-server"];
/// Of connecting and asking.
const LIMIT: Duration = Duration::from_secs(2);
/// The port of addresses without one.
const PORT: u16 = 6379;

/// Where a store's Redis is, as far as it matters here.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// With the port written out, as `store_host` needs it, and with the password.
    pub url: String,
    /// Scheme, host and port: the variable `store_host`.
    pub host: String,
    /// Host and port, to connect to.
    authority: String,
    port: u16,
    database: String,
    is_plain: bool,
}

impl Address {
    /// Reads `redis://[user[:password]@]host[:port][/database]`, or `env:NAME` for a variable that has one. Errors do not
    /// show it: it may have a password.
    pub fn parse(text: &str) -> Result<Self> {
        if let Some(name) = text.strip_prefix("env:") {
            let value = std::env::var(name).with_context(|| format!("the environment variable {name}"))?;
            return Self::of_url(&value);
        }
        Self::of_url(text)
    }

    fn of_url(url: &str) -> Result<Self> {
        let wrong = "this is no address of a Redis: redis://[user:password@]host[:port][/database]";
        let (scheme, rest) = url.split_once("://").context(wrong)?;
        let at = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = (rest.get(..at).unwrap_or_default(), rest.get(at..).unwrap_or_default());
        let (user, authority) = match authority.rsplit_once('@') {
            Some((user, authority)) => (format!("{user}@"), authority),
            None => (String::new(), authority),
        };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port.parse().ok().context(wrong)?),
            _ => (authority, PORT),
        };
        if host.is_empty() || !matches!(scheme, "redis" | "rediss") {
            bail!(wrong);
        }
        let database = path.trim_start_matches('/').split(['/', '?', '#']).next().unwrap_or_default();
        Ok(Self {
            url: format!("{scheme}://{user}{host}:{port}{path}"),
            host: format!("{scheme}://{host}:{port}"),
            authority: format!("{host}:{port}"),
            port,
            database: if database.is_empty() { "0".to_owned() } else { database.to_owned() },
            is_plain: scheme == "redis" && user.is_empty(),
        })
    }

    /// A name for a folder: the same for every spelling of one place.
    pub fn folder_name(&self) -> String {
        let host = if self.is_here() { format!("127.0.0.1:{}", self.port) } else { self.authority.clone() };
        let name = format!("{host}-{}", self.database);
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect()
    }

    fn is_here(&self) -> bool {
        ["127.0.0.1:", "localhost:", "[::1]:"].iter().any(|host| self.authority.starts_with(host))
    }

    /// Whether a Redis answers there. Another program that listens there is an error.
    pub fn answers(&self) -> Result<bool> {
        let found: Vec<SocketAddr> =
            self.authority.to_socket_addrs().map(Iterator::collect).unwrap_or_default();
        if found.is_empty() {
            bail!("there is no machine {}", self.authority);
        }
        let mut failed = None;
        for address in found {
            if !self.host.starts_with("redis://") {
                // What is said there cannot be understood without TLS: somebody who listens is all there is to see.
                if TcpStream::connect_timeout(&address, LIMIT).is_ok() {
                    return Ok(true);
                }
                continue;
            }
            match ping(address) {
                Ok(answer) if is_redis(&answer) => return Ok(true),
                Ok(_) => bail!("what answers at {} is no Redis", self.authority),
                // Nobody there, perhaps at the next of its addresses.
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {}
                Err(error) => failed = Some(error),
            }
        }
        match failed {
            None => Ok(false),
            Some(error) => Err(error).with_context(|| format!("ask the Redis at {}", self.authority)),
        }
    }

    /// The command of a server there that keeps what it acknowledges. Installs one if there is none.
    pub fn server(&self, folder: &Path) -> Result<Command> {
        // Somebody else's machine, or something that would need setting up, is not ours to start.
        if !self.is_here() || !self.is_plain {
            bail!("no Redis answers at {}", self.authority);
        }
        let mut command = Command::new(program()?);
        // The second only where the machine has it.
        command.args(["--bind", "127.0.0.1", "-::1", "--port", &self.port.to_string(), "--dir"]).arg(folder);
        command.args(["--appendonly", "yes", "--appendfsync", "always", "--save", ""]);
        command.args(["--maxmemory-policy", "noeviction"]);
        Ok(command)
    }
}

fn ping(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    stream.write_all(b"PING\r\n")?;
    let mut answer = [0; 64];
    let length = stream.read(&mut answer)?;
    Ok(String::from_utf8_lossy(answer.get(..length).unwrap_or_default()).into_owned())
}

/// One that asks for a password, or is still loading, is one too.
fn is_redis(answer: &str) -> bool {
    ["+PONG", "-NOAUTH", "-LOADING", "-DENIED", "-ERR"].iter().any(|known| answer.starts_with(known))
}

/// `redis-server` or `valkey-server`; Debian's is installed where there is none.
pub fn program() -> Result<PathBuf> {
    let find = || find_program("redis-server").or_else(|| find_program("valkey-server"));
    if let Some(program) = find() {
        return Ok(program);
    }
    let packages = debian::missing(&PACKAGE).context("there is no redis-server: install Redis or Valkey")?;
    debian::install(&packages)?;
    find().context("Debian's redis-server is installed, but redis-server is not on PATH")
}

/// Part of `cargo xtask setup`.
pub fn set_up() -> Result<((), Outcome)> {
    let outcome = if find_program("redis-server").is_some() { Outcome::UpToDate } else { Outcome::Done };
    program().map(|_| ((), outcome))
}

#[cfg(test)]
mod tests {
    use std::io::BufRead;
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        let local = Address::parse("redis://127.0.0.1:6379/0").unwrap();
        assert_eq!(local.host, "redis://127.0.0.1:6379");
        assert_eq!(local.url, "redis://127.0.0.1:6379/0");
        let far = Address::parse("rediss://user:p%40ss@cache.example/2").unwrap();
        assert_eq!(far.host, "rediss://cache.example:6379");
        assert_eq!(far.url, "rediss://user:p%40ss@cache.example:6379/2", "Spin knows no port of rediss");
        assert!(!far.folder_name().contains("ss@"));
        assert_eq!(Address::parse("redis://[::1]:7000/1").unwrap().host, "redis://[::1]:7000");
        for wrong in ["redis://", "http://h", "redis://s3cret@h:x", "h:6379", "env:MOSTEK_NO_SUCH_VARIABLE"] {
            let error = format!("{:#}", Address::parse(wrong).err().unwrap());
            assert!(!error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn every_spelling_of_a_place_is_one_folder() {
        let name = |url| Address::parse(url).unwrap().folder_name();
        for url in
            ["redis://127.0.0.1", "redis://127.0.0.1:6379/0", "redis://localhost:6379/", "redis://[::1]/0"]
        {
            assert_eq!(name(url), "127.0.0.1-6379-0", "{url}");
        }
        assert_ne!(name("redis://127.0.0.1/1"), name("redis://127.0.0.1/0"));
        assert_ne!(name("redis://h"), name("redis://127.0.0.1"));
    }

    #[test]
    fn only_a_redis_counts_as_one() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let address = Address::parse(&format!("redis://127.0.0.1:{port}/0")).unwrap();
        let server = std::thread::spawn(move || {
            for answer in
                ["+PONG\r\n", "-NOAUTH Authentication required.\r\n", "HTTP/1.1 400 Bad Request\r\n"]
            {
                let (mut stream, _) = listener.accept().unwrap();
                let mut line = String::new();
                std::io::BufReader::new(stream.try_clone().unwrap()).read_line(&mut line).unwrap();
                assert_eq!(line, "PING\r\n");
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        assert!(address.answers().unwrap());
        assert!(address.answers().unwrap());
        assert!(address.answers().unwrap_err().to_string().contains("no Redis"));
        server.join().unwrap();
        assert!(!address.answers().unwrap(), "nobody listens any more");
    }
}
