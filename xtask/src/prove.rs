//! `cargo xtask prove`: the long versions of what `test` samples. Each fuzz target runs for minutes, property tests get
//! many more cases.

use crate::postgres;
use crate::rust_tools::FUZZ;
use crate::shell::{Doing, Outcome, capture, cargo, fail, root, run, run_or};
use crate::web;

/// What a fuzz target gets unless told otherwise.
pub(crate) const MINUTES: u32 = 10;

/// Cases a property test runs here for each minute of a fuzz target; `test` runs 256.
const CASES_PER_MINUTE: u32 = 2_000;

/// Memory past which a fuzzed input counts as a finding: every body and queue of ours has a bound far below.
const MEMORY_LIMIT_MB: u32 = 1_024;

pub(crate) fn run_all(minutes: u32) -> Outcome {
    web::ensure_dist()?;
    let targets = targets()?;
    println!("── {} fuzz targets, {minutes} min each", targets.len());
    for target in &targets {
        println!("\n── fuzz {target}");
        let limits = [format!("-max_total_time={}", minutes * 60), format!("-rss_limit_mb={MEMORY_LIMIT_MB}")];
        // New inputs go into the first folder; the kept ones, which tests run too, are where it begins.
        let (corpus, kept) = (format!("fuzz/corpus/{target}"), format!("fuzz/kept/{target}"));
        for folder in [&corpus, &kept] {
            std::fs::create_dir_all(root().join(folder)).doing(format!("making {folder}"))?;
        }
        let mut fuzz = FUZZ.command(&["fuzz", "run", target, &corpus, &kept, "--"])?;
        fuzz.args(limits).arg("-timeout=10").arg("-print_final_stats=1");
        // Coverage and the address sanitizer are unstable flags of the stable compiler.
        fuzz.env("RUSTC_BOOTSTRAP", "1");
        run_or(&mut fuzz, "keep the input that it names under fuzz/artifacts as a test, then repair what it found")?;
    }
    println!("\n── property tests and simulation, long");
    let server = postgres::start()?;
    let cases = (minutes * CASES_PER_MINUTE).to_string();
    run(cargo(&["test", "--workspace", "--locked"]).env("PROPTEST_CASES", &cases).env(postgres::VARIABLE, server.url()))
}

fn targets() -> Outcome<Vec<String>> {
    if !root().join("fuzz/Cargo.toml").exists() {
        return fail("there is no fuzz/ in this tree", "add a target to it first");
    }
    FUZZ.install()?;
    let list = capture(FUZZ.command(&["fuzz", "list"])?.env("RUSTC_BOOTSTRAP", "1"))?;
    Ok(list.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect())
}
