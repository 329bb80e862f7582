//! The Rust tools beside the compiler: rustfmt and clippy by rustup, the others compiled once into the cache.

use std::path::PathBuf;
use std::process::Command;

use crate::shell::{Doing, Outcome, cache, capture, cargo, command, run, run_or, which};

/// A tool from crates.io at a pinned version: a new release never turns an unchanged tree red.
#[derive(Debug)]
pub(crate) struct Tool {
    package: &'static str,
    program: &'static str,
    version: &'static str,
    features: &'static [&'static str],
}

pub(crate) const DENY: Tool = Tool { package: "cargo-deny", program: "cargo-deny", version: "0.20.2", features: &[] };
pub(crate) const MACHETE: Tool =
    Tool { package: "cargo-machete", program: "cargo-machete", version: "0.9.2", features: &[] };
pub(crate) const TYPOS: Tool = Tool { package: "typos-cli", program: "typos", version: "1.52.0", features: &[] };
pub(crate) const FUZZ: Tool = Tool { package: "cargo-fuzz", program: "cargo-fuzz", version: "0.13.2", features: &[] };
/// A store that speaks S3, over a folder: what the object store's tests run against.
pub(crate) const S3: Tool = Tool { package: "s3s-fs", program: "s3s-fs", version: "0.14.1", features: &["binary"] };

impl Tool {
    fn folder(&self) -> Outcome<PathBuf> {
        Ok(cache()?.join("tools"))
    }

    /// Where the program lies.
    pub(crate) fn program(&self) -> Outcome<PathBuf> {
        Ok(self.folder()?.join("bin").join(self.program))
    }

    /// The tool, ready to run in the root of the tree.
    pub(crate) fn command(&self, args: &[&str]) -> Outcome<Command> {
        Ok(command(self.program()?, args))
    }

    fn is_there(&self) -> bool {
        let version = self.command(&["--version"]).and_then(|mut command| {
            if std::path::Path::new(command.get_program()).is_file() {
                capture(&mut command)
            } else {
                Ok(String::new())
            }
        });
        version.is_ok_and(|text| text.split_whitespace().any(|word| word == self.version))
    }

    /// Compiles the tool unless it is there. Barely optimised: it reads this tree alone, and compiling is the cost.
    pub(crate) fn install(&self) -> Outcome {
        if self.is_there() {
            return Ok(());
        }
        eprintln!("compiling {} {} once, into {}", self.package, self.version, self.folder()?.display());
        let root = self.folder()?;
        let build = cache()?.join("tools-build");
        let mut install =
            cargo(&["install", "--quiet", "--locked", "--force", "--version", self.version, self.package]);
        install
            .arg("--features")
            .arg(self.features.join(","))
            .arg("--root")
            .arg(&root)
            .env("CARGO_TARGET_DIR", &build)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "64")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        run_or(&mut install, "crates.io must be reachable through cargo, or the tool already in the cache")?;
        std::fs::remove_dir_all(&build)
            .or_else(|error| if build.exists() { Err(error) } else { Ok(()) })
            .doing("tidy up")
    }
}

/// rustfmt and clippy of the toolchain in use.
pub(crate) fn components() -> Outcome {
    for (component, program) in [("rustfmt", "cargo-fmt"), ("clippy", "cargo-clippy")] {
        if which(program).is_none() || !capture(&mut cargo(&[&program[6..], "--version"])).is_ok_and(|v| !v.is_empty())
        {
            eprintln!("adding the toolchain component {component}");
            run(&mut command("rustup", &["component", "add", component]))?;
        }
    }
    Ok(())
}
