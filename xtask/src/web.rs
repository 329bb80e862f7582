//! The pages: their dependencies, their build, their checks.

use std::process::Command;
use std::time::SystemTime;

use crate::shell::{Doing, Outcome, capture, command, fail, root, run, run_or, which};

/// The oldest Node that Vite 8 runs on.
const NODE: (u32, u32) = (20, 19);

/// A command of npm, in `web/`.
pub(crate) fn npm(args: &[&str]) -> Command {
    let mut command = command("npm", args);
    command.current_dir(root().join("web"));
    command
}

/// Brings `web/node_modules` to what `package-lock.json` says, if it is not that already.
pub(crate) fn install() -> Outcome {
    let advice = format!("install Node {}.{} or newer, with npm, from your system or nodejs.org", NODE.0, NODE.1);
    if which("node").is_none() || which("npm").is_none() {
        return fail("Node is not on PATH", advice);
    }
    let version = capture(&mut command("node", &["--version"]))?;
    let mut numbers = version.trim().trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    if (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) < NODE {
        return fail(format!("Node {} is too old", version.trim()), advice);
    }
    let changed = |file: &str| std::fs::metadata(root().join("web").join(file)).and_then(|data| data.modified()).ok();
    let installed: Option<SystemTime> = changed("node_modules/.package-lock.json");
    if installed.is_some() && installed >= changed("package-lock.json") {
        eprintln!("web/node_modules is up to date");
        return Ok(());
    }
    // Not `npm ci`: it refuses a lock file made where a registry lacks optional packages of other platforms. This one
    // installs what the lock file says all the same, and leaves it as it is.
    run_or(&mut npm(&["install", "--no-save", "--no-fund", "--no-audit"]), "check that npm reaches its registry")
}

/// Builds `web/dist`, which the binary embeds.
pub(crate) fn build() -> Outcome {
    run(npm(&["run", "--silent", "build"]).stdout(std::io::stderr()))
}

/// A program that `web/node_modules` brings, in `web/`.
pub(crate) fn tool(program: &str) -> Command {
    let web = root().join("web");
    let mut command = command(web.join("node_modules/.bin").join(program), &[]);
    command.current_dir(web);
    command
}

/// Runs one story of `web/e2e` in a real browser, with the settings that it reads from its environment.
pub(crate) fn browse(story: &str, settings: &[(&str, String)]) -> Outcome {
    let mut vitest = tool("vitest");
    vitest.args(["run", "--config", "e2e/vitest.config.ts", story]).stdout(std::io::stderr());
    for (name, value) in settings {
        vitest.env(name, value);
    }
    run_or(&mut vitest, "the failed line is above; pictures of the moment are under target/e2e")
}

/// svelte-check, eslint and vitest.
pub(crate) fn check() -> Outcome {
    for script in ["check", "lint", "test"] {
        run(&mut npm(&["run", "--silent", script]))?;
    }
    Ok(())
}

/// An empty `web/dist`, so that the crate which embeds it compiles before the pages are built.
pub(crate) fn ensure_dist() -> Outcome {
    std::fs::create_dir_all(root().join("web/dist")).doing("create web/dist")
}
