//! Debian packages: asked for only when missing, installed only as root.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// Those of `packages` that are not installed. `None` where there is no dpkg.
pub fn missing<'a>(packages: &[&'a str]) -> Option<Vec<&'a str>> {
    if !Path::new("/usr/bin/dpkg-query").is_file() {
        return None;
    }
    // dpkg-query fails as soon as one name is unknown, but lists the others.
    let output = Command::new("dpkg-query")
        .args(["--show", "--showformat=${Package} ${db:Status-Status}\n"])
        .args(packages)
        .output()
        .ok()?;
    Some(not_installed(packages, &String::from_utf8_lossy(&output.stdout)))
}

fn not_installed<'a>(packages: &[&'a str], listing: &str) -> Vec<&'a str> {
    let installed = |package: &str| listing.lines().any(|line| line == format!("{package} installed"));
    packages.iter().copied().filter(|package| !installed(package)).collect()
}

/// Installs the packages. Errors say in one sentence what a person has to do instead.
pub fn install(packages: &[&str]) -> Result<()> {
    let by_hand = format!("install these Debian packages: {}", packages.join(" "));
    let is_root = process::ask(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if !is_root {
        bail!("{by_hand} (as root: apt-get install {})", packages.join(" "));
    }
    eprintln!("      installing {}", packages.join(" "));
    if apt_install(packages).is_ok() {
        return Ok(());
    }
    // The package lists of a fresh image are absent or old.
    eprintln!("      once more with fresh package lists");
    let mut update = apt_get();
    update.args(["update", "--quiet=2"]);
    process::run(&mut update)
        .and_then(|()| apt_install(packages))
        .with_context(|| format!("apt-get does not work here; {by_hand}"))
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    // Another apt may be running, an automatic update for instance: wait for it, but not for ever.
    // Run level 1: a package that brings a server does not start it, and take its port, at once.
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .env("RUNLEVEL", "1")
        .args(["--option", "DPkg::Lock::Timeout=120"]);
    command
}

fn apt_install(packages: &[&str]) -> Result<()> {
    let mut command = apt_get();
    command.args(["install", "--yes", "--quiet=2", "--no-install-recommends"]).args(packages);
    process::run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removed_unknown_and_similarly_named_packages_are_missing() {
        let listing = "lld-22 installed\nwasi-libc config-files\nchromium-driver installed\n";
        assert_eq!(
            not_installed(&["lld-22", "wasi-libc", "cargo-web", "chromium"], listing),
            ["wasi-libc", "cargo-web", "chromium"]
        );
    }
}
