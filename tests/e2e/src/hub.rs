//! The hub as a process: started, killed, started again on the same store.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use reqwest::Client;
use tempfile::TempDir;

use crate::port;
use crate::programs::{Engine, Programs, Store};
use crate::redis::Redis;

/// The first start compiles the components to machine code.
const READY_LIMIT: Duration = Duration::from_secs(180);
/// A port is free this long after its process was killed.
const PORT_LIMIT: Duration = Duration::from_secs(10);
/// Secret of the timer.
pub const TICK_SECRET: &str = "tick-secret-of-the-tests";
/// Code of the set-up.
pub const SETUP_CODE: &str = "1234-5678-9012";

/// A running hub. Killed when dropped.
pub struct Hub {
    programs: Programs,
    variables: Vec<(String, String)>,
    arguments: Vec<String>,
    folder: TempDir,
    port: u16,
    child: Option<Child>,
    client: Client,
    redis: Option<Arc<Redis>>,
}

/// A folder for a hub's state and logs.
fn folder() -> TempDir {
    tempfile::Builder::new().prefix("mostek-e2e-").tempdir().unwrap()
}

/// The Redis that a hub with these programs keeps its data in, started in the hub's folder.
fn redis_of(programs: &Programs, folder: &TempDir) -> Option<Arc<Redis>> {
    match &programs.store {
        Store::Sqlite => None,
        Store::Redis(server) => Some(Arc::new(Redis::start(server, &folder.path().join("redis")))),
    }
}

impl Hub {
    /// Starts a hub with an empty store and waits until it answers.
    pub async fn start(programs: Programs, variables: Vec<(String, String)>, arguments: Vec<String>) -> Self {
        let folder = folder();
        Self::start_in(folder, programs, variables, arguments).await
    }

    /// Starts a hub on the store in `folder/state`.
    pub async fn start_in(
        folder: TempDir,
        programs: Programs,
        variables: Vec<(String, String)>,
        arguments: Vec<String>,
    ) -> Self {
        let redis = redis_of(&programs, &folder);
        Self::start_on(redis, folder, programs, variables, arguments).await
    }

    /// Starts a hub on this Redis.
    pub async fn start_on_redis(redis: Redis, programs: Programs, variables: Vec<(String, String)>) -> Self {
        let folder = folder();
        Self::start_on(Some(Arc::new(redis)), folder, programs, variables, Vec::new()).await
    }

    /// Starts one more hub on the Redis of another.
    pub async fn beside(&self) -> Self {
        let folder = folder();
        assert!(self.redis.is_some(), "only a Redis can be shared");
        let (programs, variables, arguments) =
            (self.programs.clone(), self.variables.clone(), self.arguments.clone());
        Self::start_on(self.redis.clone(), folder, programs, variables, arguments).await
    }

    /// Starts a hub on a store that was made of an exported file, on the same engine and store as `programs` say.
    pub async fn restored(file: &Path, programs: Programs, variables: Vec<(String, String)>) -> Self {
        let folder = folder();
        let redis = redis_of(&programs, &folder);
        let to = redis.as_ref().map_or(folder.path().join("state").display().to_string(), |r| r.url());
        let told = programs.keep(&["import", "--from", &file.display().to_string(), "--to", &to]);
        println!("{told}");
        Self::start_on(redis, folder, programs, variables, Vec::new()).await
    }

    async fn start_on(
        redis: Option<Arc<Redis>>,
        folder: TempDir,
        programs: Programs,
        mut variables: Vec<(String, String)>,
        arguments: Vec<String>,
    ) -> Self {
        if let Some(redis) = &redis {
            let given = |name: &str| variables.iter().any(|(known, _)| known == name);
            let more = [("store_url", redis.url()), ("store_host", redis.host())];
            let more: Vec<_> = more.into_iter().filter(|(name, _)| !given(name)).collect();
            variables.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
        }
        // The hub has to keep one address over restarts, and Spin cannot choose one itself.
        let port = port::free();
        let client = Client::builder().pool_max_idle_per_host(0).build().unwrap();
        let mut hub = Self { programs, variables, arguments, folder, port, child: None, client, redis };
        hub.restart().await;
        hub
    }

    /// The Redis that keeps this hub's data, if one does.
    pub fn redis(&self) -> Option<&Arc<Redis>> {
        self.redis.as_ref()
    }

    /// The programs it runs on.
    pub fn programs(&self) -> &Programs {
        &self.programs
    }

    /// Where its data are, as the storekeeper takes it.
    pub fn store(&self) -> String {
        match &self.redis {
            Some(redis) => redis.url(),
            None => self.folder.path().join("state").display().to_string(),
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The process's id.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().map_or(0, Child::id)
    }

    /// The folder of state and log.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends the process as SIGKILL does: nothing is finished, nothing is written any more.
    pub fn kill(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        // `spin up` serves in a child of its own, so the signal goes to the whole group.
        if let Ok(group) = i32::try_from(child.id()) {
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
        let _ = child.wait();
        // That child's child is not ours to wait for; the port says when it is gone.
        let until = Instant::now() + PORT_LIMIT;
        while TcpListener::bind(("127.0.0.1", self.port)).is_err() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Starts it again on the same store and address, and waits until it answers. Gives how long that took.
    pub async fn restart(&mut self) -> Duration {
        self.kill();
        let began = Instant::now();
        // Many hubs that start at once on an empty cache would compile the same components side by side.
        let cache = self.programs.root.join(".mostek/cache");
        fs::create_dir_all(&cache).unwrap();
        let turn = File::create(self.programs.root.join("target/e2e.lock")).unwrap();
        turn.lock().unwrap();
        let began_alone = Instant::now();
        self.child = Some(self.command(&cache).spawn().unwrap());
        let health = format!("{}/.well-known/spin/health", self.base());
        loop {
            let answer = self.client.get(&health).timeout(Duration::from_secs(1)).send().await;
            if answer.is_ok_and(|r| r.status().is_success()) {
                break;
            }
            let child = self.child.as_mut().unwrap();
            if let Some(status) = child.try_wait().unwrap() {
                panic!("the hub ended by itself ({status}):\n{}", self.last_words());
            }
            assert!(began_alone.elapsed() < READY_LIMIT, "the hub is not ready:\n{}", self.last_words());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        drop(turn);
        began.elapsed()
    }

    fn command(&self, cache: &Path) -> Command {
        let state = self.folder.path().join("state");
        fs::create_dir_all(&state).unwrap();
        let mut command = match self.programs.engine {
            Engine::Host => {
                let mut command = Command::new(&self.programs.host);
                command.arg("up").arg("--cache-dir").arg(cache).args(&self.arguments);
                if let Some(platform) = &self.programs.limits {
                    command.args(["--limits", platform]);
                }
                command
            }
            Engine::Spin => {
                let mut prepare = Command::new(&self.programs.host);
                prepare.arg("prepare-store").arg("--state-dir").arg(&state);
                assert!(prepare.status().unwrap().success(), "the store file was not prepared");
                let mut command = Command::new(self.programs.spin.as_ref().unwrap());
                command.arg("up");
                command
            }
        };
        command.current_dir(&self.programs.root).args(["--from", "spin.toml"]);
        // Before what Spin hands on to its trigger.
        if let Store::Redis(_) = self.programs.store {
            command.args(["--profile", "redis"]);
        }
        command.arg("--listen").arg(format!("127.0.0.1:{}", self.port)).arg("--state-dir").arg(&state);
        command.arg("--log-dir").arg(self.folder.path().join("logs"));
        if self.programs.engine == Engine::Spin
            && let Some(at) = self.arguments.iter().position(|a| a == "--runtime-config-file")
        {
            // The one of the arguments that Spin knows, too.
            command.args(self.arguments.iter().skip(at).take(2));
        }
        if let Some(redis) = &self.redis {
            command.envs(redis.environment());
        }
        for (name, value) in &self.variables {
            command.env(format!("SPIN_VARIABLE_{}", name.to_uppercase()), value);
        }
        let log = File::options().create(true).append(true).open(self.log()).unwrap();
        command.process_group(0);
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        command
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("hub.log")
    }

    /// Everything the hub and its components have written.
    pub fn output(&self) -> String {
        fs::read_to_string(self.log()).unwrap_or_default()
    }

    /// The end of what it wrote.
    pub fn last_words(&self) -> String {
        let mut text = Vec::new();
        if let Ok(mut file) = File::open(self.log()) {
            let length = file.metadata().map_or(0, |m| m.len());
            let _ = file.seek(SeekFrom::Start(length.saturating_sub(4_000)));
            let _ = file.read_to_end(&mut text);
        }
        String::from_utf8_lossy(&text).into_owned()
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("--- the hub last wrote ---\n{}", self.last_words());
        }
    }
}
