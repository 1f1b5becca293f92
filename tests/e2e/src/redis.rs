//! A Redis as a process: started, killed, started again on the same data.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

const READY_LIMIT: Duration = Duration::from_secs(30);
/// Known to those who are given the address: a hub that did without it would be refused.
const PASSWORD: &str = "redis-password-of-the-tests";

/// A server that keeps what it acknowledges (append-only file, synced always). Killed when dropped.
pub struct Redis {
    server: PathBuf,
    folder: PathBuf,
    port: u16,
    child: Mutex<Option<Child>>,
}

impl Redis {
    /// Starts one with its data in `folder`.
    pub fn start(server: &Path, folder: &Path) -> Self {
        fs::create_dir_all(folder).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let redis =
            Self { server: server.to_owned(), folder: folder.to_owned(), port, child: Mutex::new(None) };
        redis.restart();
        redis
    }

    /// Its address, with the password.
    pub fn url(&self) -> String {
        format!("redis://:{PASSWORD}@127.0.0.1:{}/0", self.port)
    }

    /// What components must be allowed to connect to.
    pub fn host(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Ends the process as SIGKILL does.
    pub fn kill(&self) {
        if let Some(mut child) = self.child.lock().unwrap().take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Starts it again on the same data and address, and waits until it answers.
    pub fn restart(&self) {
        self.kill();
        let log = File::options().create(true).append(true).open(self.folder.join("log")).unwrap();
        let mut command = Command::new(&self.server);
        command.args(["--bind", "127.0.0.1", "--port", &self.port.to_string(), "--requirepass", PASSWORD]);
        command
            .args(["--appendonly", "yes", "--appendfsync", "always", "--save", ""])
            .arg("--dir")
            .arg(&self.folder);
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        *self.child.lock().unwrap() = Some(command.spawn().unwrap());
        let began = Instant::now();
        while !self.answers() {
            assert!(began.elapsed() < READY_LIMIT, "the Redis is not ready; see {}", self.folder.display());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether it has loaded its data and takes commands.
    fn answers(&self) -> bool {
        let ask = || -> std::io::Result<bool> {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
            stream.set_read_timeout(Some(Duration::from_secs(1)))?;
            stream.write_all(format!("AUTH {PASSWORD}\r\nPING\r\n").as_bytes())?;
            let mut answer = Vec::new();
            let mut piece = [0; 64];
            while !answer.ends_with(b"PONG\r\n") {
                let length = stream.read(&mut piece)?;
                if length == 0 || answer.len() > 256 || answer.windows(8).any(|w| w == b"-LOADING") {
                    return Ok(false);
                }
                answer.extend_from_slice(&piece[..length]);
            }
            Ok(true)
        };
        ask().unwrap_or(false)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}
