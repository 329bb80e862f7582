//! Other programs: how the chores start them, and what they say when one fails.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Why a chore stopped, and what the person who reads it does next.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    next: String,
}

pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed: {}", self.what)?;
        if self.next.is_empty() { Ok(()) } else { write!(f, "\nnext:   {}", self.next) }
    }
}

pub(crate) fn fail<T>(what: impl Into<String>, next: impl Into<String>) -> Outcome<T> {
    Err(Failure { what: what.into(), next: next.into() })
}

/// Names the deed that an operating-system error stopped.
pub(crate) trait Doing<T> {
    fn doing(self, deed: impl fmt::Display) -> Outcome<T>;
}

impl<T, E: fmt::Display> Doing<T> for Result<T, E> {
    fn doing(self, deed: impl fmt::Display) -> Outcome<T> {
        self.map_err(|error| Failure { what: format!("{deed}: {error}"), next: String::new() })
    }
}

/// The root of the project's tree.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// The folder for built things: `CARGO_TARGET_DIR`, or `target` in the tree.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// What is downloaded or compiled once for every clone on this machine: `~/.cache/trunkshow`.
pub(crate) fn cache() -> Outcome<PathBuf> {
    let home = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")));
    match home {
        Some(home) => Ok(home.join("trunkshow")),
        None => fail("neither HOME nor XDG_CACHE_HOME is set", "set HOME to a folder that you may write"),
    }
}

/// A program with its arguments, in the root of the tree.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root());
    command
}

/// The cargo that started us, without what it set for us alone: the same variables with other values would make a build
/// script of a dependency run again, and its dependents with it.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut command = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), args);
    for (name, _) in std::env::vars_os() {
        let of_ours = name.to_str().is_some_and(|name| {
            ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
                .iter()
                .any(|prefix| name.starts_with(prefix))
        });
        if of_ours {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a program to its end, its output shown as it comes.
pub(crate) fn run(command: &mut Command) -> Outcome {
    run_or(command, "read its output above")
}

/// As [`run`], with the advice for the case that it fails.
pub(crate) fn run_or(command: &mut Command, next: &str) -> Outcome {
    let status = command.stdin(Stdio::null()).status().doing(line(command))?;
    if status.success() { Ok(()) } else { fail(format!("`{}` ended with {status}", line(command)), next) }
}

/// Runs a program to its end and returns what it wrote to standard output.
pub(crate) fn capture(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().doing(line(command))?;
    if !output.status.success() {
        return fail(format!("`{}` ended with {}", line(command), output.status), "read its output above");
    }
    String::from_utf8(output.stdout).doing(line(command))
}

/// Where a program is on PATH, if anywhere.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Ends a program that we started: the named signal, time to act on it, then SIGKILL.
pub(crate) fn stop(child: &mut Child, signal: &str, patience: Duration) {
    if !matches!(child.try_wait(), Ok(None)) {
        return;
    }
    let told = Command::new("kill").arg(format!("-{signal}")).arg(child.id().to_string()).status();
    let until = Instant::now() + patience;
    while told.is_ok() && Instant::now() < until {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        sleep(Duration::from_millis(50));
    }
    // Both fail only when it has ended already.
    let _ = child.kill();
    let _ = child.wait();
}
