//! `up`: from sources to a hub in the browser, and back to nothing on Ctrl-C.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::args::{Engine, Store, UpOptions};
use crate::build;
use crate::children::Service;
use crate::clock::{Stopwatch, human};
use crate::engine::{self, Serving};
use crate::net;
use crate::process;
use crate::progress::{Outcome, Progress};
use crate::project::Project;
use crate::redis::Address;
use crate::secrets::Secrets;

const POLL: Duration = Duration::from_millis(25);
/// The first start compiles the components to machine code.
const READY_LIMIT: Duration = Duration::from_secs(120);
const ASK_LIMIT: Duration = Duration::from_secs(1);
/// The hub finishes what it is answering, which its own limit holds to 30 s.
const STOP_LIMIT: Duration = Duration::from_secs(32);
const TICK_EVERY: Duration = Duration::from_secs(5);
const TICK_LIMIT: Duration = Duration::from_secs(30);
/// A server that has to read its whole log first takes a while.
const REDIS_LIMIT: Duration = Duration::from_secs(60);
const MARKETPLACE: &str = "https://marketplace.empik.com";

/// Serves until Ctrl-C.
pub fn run(project: &Project, options: &UpOptions) -> Result<()> {
    let redis = options.redis.as_deref().map(Address::parse).transpose()?;
    let place = Place::open(project, options, redis.as_ref())?;
    // Before the build, which may take minutes.
    net::require_free(options.port, "--port")?;
    if !options.empty {
        net::require_free(options.sandbox_port, "--sandbox-port")?;
    }
    if options.engine == Engine::Spin {
        engine::spin_program()?;
    }

    // Before the build, too: whoever mistyped the address need not wait for it.
    let is_there = redis.as_ref().map(Address::answers).transpose()?.unwrap_or(false);

    let steps = build::STEPS + if options.empty { 1 } else { 2 } + usize::from(redis.is_some());
    let mut progress = Progress::new(steps);
    let store = if redis.is_some() { Store::Redis } else { Store::Sqlite };
    build::everything(project, store, &mut progress)?;
    let secrets = Secrets::load_or_make(&place.file("secrets.json"))?;

    let interrupts = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&interrupts);
    ctrlc::set_handler(move || {
        counted.fetch_add(1, Ordering::SeqCst);
    })
    .context("listen for Ctrl-C")?;

    let mut run = Running { services: Vec::new(), interrupts };
    let served = (|| {
        if let Some(address) = &redis {
            progress.step("looking for the Redis", || {
                run.start_redis(project, options, &place, address, is_there)
            })?;
        }
        run.serve(project, options, &place, &secrets, redis.as_ref(), &mut progress)
    })();
    run.stop();
    served
}

/// The folder of one installation: its store, secrets and logs.
struct Place {
    folder: PathBuf,
    /// Held, not read: two engines on one store file would do every timer's work twice.
    _lock: File,
}

impl Place {
    fn open(project: &Project, options: &UpOptions, redis: Option<&Address>) -> Result<Self> {
        let folder = project.path(folder_name(options, redis));
        fs::create_dir_all(&folder)?;
        let lock = File::create(folder.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                bail!("this hub is already running in another terminal; stop it there with Ctrl-C first")
            }
            Err(TryLockError::Error(error)) => return Err(error).context("lock .mostek"),
        }
        if options.fresh {
            for entry in folder.read_dir()? {
                let path = entry?.path();
                if path.is_dir() {
                    fs::remove_dir_all(&path)?;
                } else if path.file_name().is_none_or(|name| name != "lock") {
                    fs::remove_file(&path)?;
                }
            }
        }
        Ok(Self { folder, _lock: lock })
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// What the demonstration's author printed about it: the sign-ins. Present once the data is complete.
    fn demonstration(&self) -> PathBuf {
        self.file("demonstration.txt")
    }
}

/// Apart from each other, so that looking at an empty hub does not cost the demonstration its data.
fn folder_name(options: &UpOptions, redis: Option<&Address>) -> String {
    let kind = if options.empty { "empty" } else { "demonstration" };
    match redis {
        Some(address) => format!(".mostek/{kind}-{}", address.folder_name()),
        None => format!(".mostek/{kind}"),
    }
}

/// What this hub's keys begin with in a Redis: this checkout's own, so that neither starting here nor forgetting everything
/// touches what somebody else keeps there. FNV-1a of the path, which is the same with every compiler.
fn prefix(project: &Project, options: &UpOptions) -> String {
    let path = project.root.to_string_lossy();
    let hash =
        path.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("mostek-up-{hash:08x}{}:", if options.empty { "-empty" } else { "" })
}

struct Running {
    /// In the reverse of the order in which they are stopped.
    services: Vec<Service>,
    interrupts: Arc<AtomicUsize>,
}

impl Running {
    /// Starts a server at the address unless one is there. Told to forget everything, it empties the one that is there; what
    /// an own server kept went with the folder.
    fn start_redis(
        &mut self,
        project: &Project,
        options: &UpOptions,
        place: &Place,
        address: &Address,
        is_there: bool,
    ) -> Result<((), Outcome)> {
        if is_there {
            if options.fresh {
                let mut erase = Command::new(project.program(build::STOREKEEPER));
                erase.args([
                    "--prefix",
                    &prefix(project, options),
                    "erase",
                    "--yes",
                    "--from",
                    "env:MOSTEK_STORE_URL",
                ]);
                process::run(erase.env("MOSTEK_STORE_URL", &address.url))?;
            }
            return Ok(((), Outcome::UpToDate));
        }
        let folder = place.file("redis");
        fs::create_dir_all(&folder)?;
        let mut command = address.server(&folder)?;
        self.services.push(Service::start("Redis", &mut command, place.file("redis.log"))?);
        let watch = Stopwatch::start();
        while !address.answers().unwrap_or(false) {
            self.check()?;
            if self.interrupted() {
                break;
            }
            if watch.elapsed() > REDIS_LIMIT {
                bail!("the Redis does not answer after {}", human(watch.elapsed()));
            }
            thread::sleep(POLL);
        }
        Ok(((), Outcome::Done))
    }

    fn serve(
        &mut self,
        project: &Project,
        options: &UpOptions,
        place: &Place,
        secrets: &Secrets,
        redis: Option<&Address>,
        progress: &mut Progress,
    ) -> Result<()> {
        let hub = format!("http://127.0.0.1:{}", options.port);
        let sandbox = format!("http://127.0.0.1:{}", options.sandbox_port);
        let ready = progress
            .step("starting", || Ok((self.start(project, options, place, secrets, redis)?, Outcome::Done)))?;
        if !ready {
            return Ok(());
        }
        let told = if options.empty {
            String::new()
        } else {
            progress.step("demonstration data", || demonstration(project, place, secrets, &hub, &sandbox))?
        };
        let mut lines = welcome(options, &hub, &sandbox, &told, &secrets.setup_code);
        if let Some(address) = redis {
            lines.push(format!("Data: {} (keys {}*)", address.host, prefix(project, options)));
        }
        let folder = folder_name(options, redis);
        lines.push(format!("Data and logs: {folder}    Engine: {}    Stop: Ctrl-C", options.engine.name()));
        println!("{}", boxed(&lines));
        std::io::stdout().flush()?;
        if options.engine == Engine::Spin {
            tick_for_ever(options.port, secrets.tick_secret.clone());
        }
        while !self.interrupted() {
            self.check()?;
            thread::sleep(POLL);
        }
        Ok(())
    }

    /// Starts hub and sandbox side by side and waits for both. `false`: interrupted while waiting.
    fn start(
        &mut self,
        project: &Project,
        options: &UpOptions,
        place: &Place,
        secrets: &Secrets,
        redis: Option<&Address>,
    ) -> Result<bool> {
        let extra = if options.empty {
            MARKETPLACE.to_owned()
        } else {
            format!("http://127.0.0.1:{}", options.sandbox_port)
        };
        // Our own webhooks may go to the stand-in shop, which is near and plain.
        let hooks = if options.empty {
            vec![]
        } else {
            vec![("webhook_hosts", extra.clone()), ("webhook_insecure", "yes".to_owned())]
        };
        let mut variables = vec![
            ("sealing_key", secrets.sealing_key.clone()),
            ("tick_secret", secrets.tick_secret.clone()),
            ("setup_code", secrets.setup_code.clone()),
            ("extra_marketplace_url", extra),
            ("public_url", format!("http://127.0.0.1:{}", options.port)),
        ];
        variables.extend(hooks);
        if let Some(address) = redis {
            variables.push(("store_url", address.url.clone()));
            variables.push(("store_host", address.host.clone()));
            variables.push(("store_prefix", prefix(project, options)));
        }
        let serving = Serving {
            port: options.port,
            state: &place.file("state"),
            logs: &place.file("logs"),
            cache: &project.path(".mostek/cache"),
            profile: redis.and(Store::Redis.profile()),
            variables: &variables,
        };
        fs::create_dir_all(serving.state)?;
        let mut waiting = vec![(options.port, "/.well-known/spin/health")];
        if !options.empty {
            let mut command = Command::new(project.program("mostek-sandbox"));
            command.arg("--listen").arg(format!("127.0.0.1:{}", options.sandbox_port));
            command.args(["--seed", "7", "--demo"]);
            self.services.push(Service::start("sandbox", &mut command, place.file("sandbox.log"))?);
            waiting.push((options.sandbox_port, "/"));
        }
        let mut command = engine::command(project, options.engine, &serving)?;
        self.services.push(Service::start("hub", &mut command, place.file("hub.log"))?);
        let watch = Stopwatch::start();
        for (port, path) in waiting {
            let is_ready = || {
                let answer = net::status(net::loopback(port), "GET", path, &[], ASK_LIMIT);
                answer.is_ok_and(|status| status < 400)
            };
            while !is_ready() {
                if self.interrupted() {
                    return Ok(false);
                }
                self.check()?;
                if watch.elapsed() > READY_LIMIT {
                    bail!("http://127.0.0.1:{port}{path} is not well after {}", human(watch.elapsed()));
                }
                thread::sleep(POLL);
            }
        }
        Ok(true)
    }

    fn interrupted(&self) -> bool {
        self.interrupts.load(Ordering::SeqCst) > 0
    }

    /// Fails if a service has ended by itself.
    fn check(&mut self) -> Result<()> {
        for service in &mut self.services {
            if let Some(status) = service.ended()? {
                bail!(
                    "the {} ended by itself ({status}). It last wrote:\n{}",
                    service.name(),
                    service.last_words()
                );
            }
        }
        Ok(())
    }

    fn stop(&mut self) {
        if self.services.is_empty() {
            return;
        }
        eprintln!("\nstopping ... (Ctrl-C again: at once)");
        // The first interrupt was the reason to stop; only a further one is impatience.
        let heard = self.interrupts.load(Ordering::SeqCst).max(1);
        // The hub before what it needs.
        for service in self.services.iter_mut().rev() {
            service.stop(STOP_LIMIT, || self.interrupts.load(Ordering::SeqCst) > heard);
        }
        self.services.clear();
        eprintln!("stopped");
    }
}

/// Puts the demonstration in over the hub's own API, once, and returns what there is to know about it.
fn demonstration(
    project: &Project,
    place: &Place,
    secrets: &Secrets,
    hub: &str,
    sandbox: &str,
) -> Result<(String, Outcome)> {
    if let Ok(told) = fs::read_to_string(place.demonstration()) {
        return Ok((told, Outcome::UpToDate));
    }
    let mut command = Command::new(project.program("mostek-sandbox"));
    command.args(["seed", "--hub", hub, "--sandbox", sandbox, "--setup-code", &secrets.setup_code]);
    let mut told = String::new();
    let complete = process::run_watching(&mut command, |line| {
        told.push_str(line);
        told.push('\n');
    })?;
    if !complete {
        bail!("the demonstration data is incomplete; start again with `cargo xtask up --fresh`");
    }
    fs::write(place.demonstration(), &told)?;
    Ok((told, Outcome::Done))
}

/// Spin has no timer of its own. The thread ends with the program.
fn tick_for_ever(port: u16, secret: String) {
    thread::spawn(move || {
        let authorization = format!("Bearer {secret}");
        let headers = [("Authorization", authorization.as_str())];
        let mut was_well = true;
        loop {
            let answer = net::status(net::loopback(port), "POST", "/timers/tick", &headers, TICK_LIMIT);
            let is_well = matches!(answer, Ok(200..=299));
            if was_well && !is_well {
                eprintln!("a tick failed: {answer:?}; they go on every {} s", TICK_EVERY.as_secs());
            }
            was_well = is_well;
            thread::sleep(TICK_EVERY);
        }
    });
}

fn welcome(options: &UpOptions, hub: &str, sandbox: &str, told: &str, setup_code: &str) -> Vec<String> {
    let mut lines = vec![format!("Mostek is running: {hub}"), String::new()];
    if options.empty {
        lines.push("Nobody can sign in yet: open the address and create the first administrator.".to_owned());
        lines.push(format!("One-time set-up code: {setup_code}"));
    } else {
        lines.push(format!("The stand-ins of outside services: {sandbox}"));
        lines.push(String::new());
        lines.extend(told.lines().map(str::to_owned));
        lines.push(String::new());
        lines.push("To try:".to_owned());
        lines.push("  1. Sign in and open a ticket: order, lines, customer, conversation.".to_owned());
        lines.push("  2. Reply, then see the reply once in the stand-in's panel.".to_owned());
        lines.push("  3. In that panel, write as a customer: the message arrives by itself.".to_owned());
    }
    lines.push(String::new());
    lines
}

fn boxed(lines: &[String]) -> String {
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let edge = "─".repeat(width + 2);
    let mut text = format!("\n┌{edge}┐\n");
    for line in lines {
        text.push_str(&format!("│ {line:<width$} │\n"));
    }
    text.push_str(&format!("└{edge}┘"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_start_shows_the_code_and_no_sandbox() {
        let options = UpOptions { empty: true, ..UpOptions::default() };
        let text = welcome(&options, "http://hub", "http://sandbox", "", "1234-5678-9012").join("\n");
        assert!(text.contains("1234-5678-9012") && text.contains("http://hub"), "{text}");
        assert!(!text.contains("http://sandbox"), "{text}");
    }

    #[test]
    fn a_demonstration_shows_the_sign_ins_and_the_panel_but_not_the_used_code() {
        let told = "anna@example.pl  hasło\n";
        let text =
            welcome(&UpOptions::default(), "http://hub", "http://sandbox", told, "1234-5678-9012").join("\n");
        assert!(text.contains("anna@example.pl") && text.contains("http://sandbox"), "{text}");
        assert!(!text.contains("1234-5678-9012"), "{text}");
    }

    #[test]
    fn a_store_in_redis_is_this_checkouts_and_this_kinds_own() {
        let project = |root: &str| {
            let mut project = Project::locate().unwrap();
            project.root = root.into();
            project
        };
        let (full, empty) = (UpOptions::default(), UpOptions { empty: true, ..UpOptions::default() });
        let one = prefix(&project("/a"), &full);
        assert!(one.starts_with("mostek-up-") && one.ends_with(':') && one.len() < 64, "{one}");
        for other in [prefix(&project("/b"), &full), prefix(&project("/a"), &empty)] {
            assert!(!other.starts_with(&one) && !one.starts_with(&other), "{one} {other}");
        }
    }

    #[test]
    fn the_box_is_straight_with_polish_letters() {
        let text = boxed(&["zażółć".to_owned(), "gęślą jaźń".to_owned()]);
        let widths: Vec<usize> = text.trim().lines().map(|line| line.chars().count()).collect();
        assert_eq!(widths, [14, 14, 14, 14]);
    }
}
