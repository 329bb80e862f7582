//! `cargo xtask test`: what CI runs, and what a person runs before handing work in. Lints come first, then what is built
//! from the pages, then the tests, so that the cheapest failure shows first.

use crate::report::Steps;
use crate::rust_tools::{self, DENY, MACHETE, S3, TYPOS};
use crate::shell::{Outcome, cargo, root, run, run_or, target};
use crate::{codegen, debian, demo, postgres, web};

pub(crate) fn run_all() -> Outcome {
    let pages = root().join("web/package.json").exists();
    let mut steps = Steps::new();

    steps.step("toolchain and system packages", || {
        rust_tools::components()?;
        debian::install(&[
            &debian::C_COMPILER,
            &debian::FFMPEG,
            &debian::CHROMIUM,
            &debian::POSTGRES,
            &debian::PEBBLE,
            &debian::CJK_FONT,
        ])
    })?;
    steps.step("tools for lints and tests", || {
        [TYPOS, MACHETE, DENY, S3].iter().try_for_each(rust_tools::Tool::install)
    })?;
    steps.step("formatting", || run_or(&mut cargo(&["fmt", "--all", "--check"]), "run: cargo fmt --all"))?;
    steps.step("spelling", || run_or(&mut TYPOS.command(&[])?, "correct the word, or allow it in typos.toml"))?;
    steps.step("unused dependencies", || {
        run_or(&mut MACHETE.command(&["crates", "atelier", "xtask"])?, "remove the dependency from that Cargo.toml")
    })?;
    steps.step("licences, bans, sources", || {
        let args = ["--log-level", "warn", "check", "bans", "licenses", "sources"];
        run_or(&mut DENY.command(&args)?, "choose another dependency, or allow it in deny.toml with a reason")
    })?;
    if pages {
        steps.step("web dependencies", web::install)?;
        steps.step("web build", web::build)?;
        steps.step("web checks", web::check)?;
    } else {
        web::ensure_dist()?;
    }
    steps.step("clippy", || {
        run(&mut cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
    })?;
    steps.step("documentation", || {
        run(cargo(&["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items", "--locked"])
            .env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private-intra-doc-links"))
    })?;
    // All targets at once, so that the binary and the tests share one set of compiled dependencies.
    steps.step("build", || run(&mut cargo(&["build", "--quiet", "--workspace", "--all-targets", "--locked"])))?;
    if pages {
        steps.step("OpenAPI and TypeScript client", codegen::check)?;
    }
    steps.step("tests", || {
        let server = postgres::start()?;
        let mut tests = cargo(&["test", "--workspace", "--locked"]);
        tests.env(postgres::VARIABLE, server.url()).env("TRUNKSHOW_TEST_S3", S3.program()?);
        run(tests.env("TRUNKSHOW_TEST_PEBBLE", "pebble"))
    })?;
    let binary = target().join("debug/trunkshow");
    if pages {
        steps.step("stories in a real browser", || {
            web::browse("stories/", &[("TRUNKSHOW_BINARY", binary.display().to_string())])
        })?;
        steps.step("demo, watched and bought from", || demo::smoke(&binary))?;
    }
    steps.finish();
    Ok(())
}
