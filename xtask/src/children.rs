//! Programs that run beside this one. Each leads its own process group, so that Ctrl-C reaches this program alone
//! and it can stop the others in order, with whatever they started themselves.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::clock::Stopwatch;

const POLL: Duration = Duration::from_millis(20);

/// A started program. Dropping it kills its whole process group.
#[derive(Debug)]
pub struct Service {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Service {
    /// Starts the program; what it writes goes to `log`, which is emptied first.
    pub fn start(name: &'static str, command: &mut Command, log: PathBuf) -> Result<Self> {
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = File::create(&log).with_context(|| format!("create {}", log.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .process_group(0)
            .spawn()
            .with_context(|| format!("start the {name}: {}", command.get_program().display()))?;
        Ok(Self { name, child, log })
    }

    /// What it is called in messages.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// The last lines of its log, for a message about an unexpected end.
    pub fn last_words(&self) -> String {
        last_lines(&self.log, 20)
    }

    /// Asks it to end and waits; after `grace`, or as soon as `hurry` says so, kills it.
    pub fn stop(&mut self, grace: Duration, hurry: impl Fn() -> bool) {
        self.signal(Signal::SIGTERM);
        let watch = Stopwatch::start();
        while watch.elapsed() < grace && !hurry() {
            if !matches!(self.child.try_wait(), Ok(None)) {
                break;
            }
            thread::sleep(POLL);
        }
    }

    fn signal(&self, signal: Signal) {
        let Ok(group) = i32::try_from(self.child.id()) else { return };
        // The group may be gone already; there is nobody left to tell then.
        let _ = killpg(Pid::from_raw(group), signal);
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.signal(Signal::SIGKILL);
        let _ = self.child.wait();
    }
}

fn last_lines(file: &Path, count: usize) -> String {
    let text = fs::read(file).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines.iter().skip(lines.len().saturating_sub(count)).map(|line| format!("    {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn log(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("xtask-child-{}-{name}", std::process::id()))
    }

    fn shell(script: &str, name: &str) -> Service {
        Service::start("test", Command::new("sh").args(["-c", script]), log(name)).unwrap()
    }

    fn wait_for_line(file: &Path) -> String {
        let watch = Stopwatch::start();
        loop {
            let text = fs::read_to_string(file).unwrap_or_default();
            if text.ends_with('\n') {
                return text.trim().to_owned();
            }
            assert!(watch.elapsed() < Duration::from_secs(10), "the program wrote nothing");
            thread::sleep(POLL);
        }
    }

    fn is_running(pid: &str) -> bool {
        // A killed orphan stays in the table as a zombie until somebody collects it.
        fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
    }

    #[test]
    fn a_polite_request_lets_the_program_finish() {
        let file = log("polite");
        let mut service =
            shell("trap 'echo tidied; exit 0' TERM; echo ready; while :; do sleep 0.05; done", "polite");
        assert_eq!(wait_for_line(&file), "ready");
        service.stop(Duration::from_secs(10), || false);
        assert!(service.ended().unwrap().is_some_and(|status| status.success()));
        assert!(service.last_words().contains("tidied"));
        fs::remove_file(file).unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_deaf_program_and_what_it_started_are_killed() {
        let file = log("deaf");
        let mut service = shell("trap '' TERM; (trap '' TERM; sleep 600) & echo $!; wait; sleep 600", "deaf");
        let grandchild = wait_for_line(&file);
        assert!(is_running(&grandchild));
        service.stop(Duration::from_secs(600), || true);
        drop(service);
        let watch = Stopwatch::start();
        while is_running(&grandchild) {
            assert!(watch.elapsed() < Duration::from_secs(10), "the grandchild lives on");
            thread::sleep(POLL);
        }
        fs::remove_file(file).unwrap();
    }

    #[test]
    fn only_the_end_of_a_long_log_is_shown() {
        let file = log("long");
        fs::write(&file, (1..=30).map(|line| format!("line {line}\n")).collect::<String>()).unwrap();
        let shown = last_lines(&file, 2);
        assert_eq!(shown, "    line 29\n    line 30\n");
        fs::remove_file(file).unwrap();
    }
}
