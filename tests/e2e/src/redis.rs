//! A Redis as a process: started, killed, started again on the same data.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::port;
use nix::sys::signal::Signal;
use nix::unistd::Pid;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};

const READY_LIMIT: Duration = Duration::from_secs(30);
/// Known to those who are given the address: a hub that did without it would be refused.
const PASSWORD: &str = "redis-password-of-the-tests";

/// A server that keeps what it acknowledges (append-only file, synced always). Killed when dropped.
pub struct Redis {
    server: PathBuf,
    folder: PathBuf,
    port: u16,
    tls: bool,
    child: Mutex<Option<Child>>,
}

impl Redis {
    /// Starts one with its data in `folder`.
    pub fn start(server: &Path, folder: &Path) -> Self {
        Self::start_at(server, folder, false)
    }

    /// Starts one that speaks TLS only, with a certificate of an authority of its own.
    pub fn start_with_tls(server: &Path, folder: &Path) -> Self {
        fs::create_dir_all(folder).unwrap();
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // OpenSSL takes a certificate whose issuer has its own name for one that signed itself.
        authority.distinguished_name.push(DnType::CommonName, "Authority of the tests");
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let authority_key = KeyPair::generate().unwrap();
        let authority = CertifiedIssuer::self_signed(authority, authority_key).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = certificate.signed_by(&key, &authority).unwrap();
        fs::write(folder.join("ca.pem"), authority.pem()).unwrap();
        fs::write(folder.join("cert.pem"), certificate.pem()).unwrap();
        fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
        Self::start_at(server, folder, true)
    }

    fn start_at(server: &Path, folder: &Path, tls: bool) -> Self {
        fs::create_dir_all(folder).unwrap();
        let port = port::free();
        let (server, folder) = (server.to_owned(), folder.to_owned());
        let redis = Self { server, folder, port, tls, child: Mutex::new(None) };
        redis.restart();
        redis
    }

    /// What programs that connect to it must have in their environment.
    pub fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        if self.tls { vec![("SSL_CERT_FILE", self.folder.join("ca.pem"))] } else { Vec::new() }
    }

    fn address(&self, user: &str) -> String {
        let (scheme, host) = if self.tls { ("rediss", "localhost") } else { ("redis", "127.0.0.1") };
        format!("{scheme}://{user}{host}:{}", self.port)
    }

    /// Its address, with the password.
    pub fn url(&self) -> String {
        format!("{}/0", self.address(&format!(":{PASSWORD}@")))
    }

    /// What components must be allowed to connect to.
    pub fn host(&self) -> String {
        self.address("")
    }

    /// Ends the process as SIGKILL does.
    pub fn kill(&self) {
        if let Some(mut child) = self.child.lock().unwrap().take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Lets the process stand still: connections stay and nothing is answered, as behind a cable that was pulled.
    pub fn pause(&self) {
        self.signal(Signal::SIGSTOP);
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.signal(Signal::SIGCONT);
    }

    fn signal(&self, signal: Signal) {
        let child = self.child.lock().unwrap();
        let pid = i32::try_from(child.as_ref().unwrap().id()).unwrap();
        nix::sys::signal::kill(Pid::from_raw(pid), signal).unwrap();
    }

    /// Starts it again on the same data and address, and waits until it answers.
    pub fn restart(&self) {
        self.kill();
        let log = File::options().create(true).append(true).open(self.folder.join("log")).unwrap();
        let mut command = Command::new(&self.server);
        let port = self.port.to_string();
        command.args(["--bind", "127.0.0.1", "--requirepass", PASSWORD]);
        if self.tls {
            command.args(["--port", "0", "--tls-port", &port, "--tls-auth-clients", "no"]);
            for (option, file) in [
                ("--tls-ca-cert-file", "ca.pem"),
                ("--tls-cert-file", "cert.pem"),
                ("--tls-key-file", "key.pem"),
            ] {
                command.arg(option).arg(self.folder.join(file));
            }
        } else {
            command.args(["--port", &port]);
        }
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
            if self.tls {
                // What is said there cannot be understood without TLS. It is empty, so it has nothing to load.
                return Ok(true);
            }
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
