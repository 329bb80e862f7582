//! Programs that the tests and the demo need from the system: looked for first, then installed where that is allowed.

use std::process::Command;

use crate::shell::{Outcome, capture, command, fail, run_or, which};

/// A program or a font, and the Debian package that brings it.
pub(crate) struct Need {
    package: &'static str,
    present: fn() -> bool,
}

pub(crate) const FFMPEG: Need = Need { package: "ffmpeg", present: || which("ffmpeg").is_some() };
pub(crate) const CHROMIUM: Need = Need { package: "chromium", present: || which("chromium").is_some() };
pub(crate) const POSTGRES: Need = Need { package: "postgresql", present: || crate::postgres::programs().is_some() };
/// Let's Encrypt's own authority for tests.
pub(crate) const PEBBLE: Need = Need { package: "pebble", present: || which("pebble").is_some() };
pub(crate) const SQLITE: Need = Need { package: "sqlite3", present: || which("sqlite3").is_some() };
/// Pages in Chinese would show empty boxes in the contact sheet without it.
pub(crate) const CJK_FONT: Need = Need { package: "fonts-noto-cjk", present: || has_font("Noto Sans CJK SC") };
/// SQLite, WebP and the cryptography are C libraries that are built from their crates.
pub(crate) const C_COMPILER: Need = Need { package: "build-essential", present: || which("cc").is_some() };

/// Installs what is missing; where that is not allowed, says the exact line to type.
pub(crate) fn install(needs: &[&Need]) -> Outcome {
    let missing = || needs.iter().filter(|need| !(need.present)()).map(|need| need.package).collect::<Vec<_>>();
    let packages = missing();
    if packages.is_empty() {
        eprintln!("system packages: all there");
        return Ok(());
    }
    eprintln!("system packages missing: {}", packages.join(" "));
    let by_hand = format!("apt-get update && apt-get install --no-install-recommends {}", packages.join(" "));
    if which("apt-get").is_none() {
        return fail("apt-get is not here to install them", "install them with your system's own package manager");
    }
    let Some(root) = rights() else {
        return fail("installing packages needs the rights of root", format!("run: sudo sh -c '{by_hand}'"));
    };
    run_or(&mut apt(root, &["update", "-q"]), "check the machine's package sources and its network")?;
    let args = ["install", "-q", "-y", "--no-install-recommends"];
    run_or(&mut apt(root, &[&args[..], &packages].concat()), &format!("try it by hand: {by_hand}"))?;
    match missing().as_slice() {
        [] => Ok(()),
        still => fail(format!("installed, but still not found: {}", still.join(" ")), format!("look at: {by_hand}")),
    }
}

#[derive(Clone, Copy)]
enum Rights {
    Root,
    Sudo,
}

fn rights() -> Option<Rights> {
    if is_root() {
        return Some(Rights::Root);
    }
    which("sudo")?;
    let may = Command::new("sudo").args(["-n", "true"]).output().is_ok_and(|output| output.status.success());
    may.then_some(Rights::Sudo)
}

fn apt(rights: Rights, args: &[&str]) -> Command {
    let mut command = match rights {
        Rights::Root => command("apt-get", args),
        Rights::Sudo => command("sudo", &[&["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"], args].concat()),
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Whether this process has the rights of root.
pub(crate) fn is_root() -> bool {
    capture(&mut command("id", &["-u"])).is_ok_and(|id| id.trim() == "0")
}

fn has_font(name: &str) -> bool {
    which("fc-list").is_some() && capture(&mut command("fc-list", &[name])).is_ok_and(|fonts| !fonts.trim().is_empty())
}
