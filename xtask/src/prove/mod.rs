//! `cargo xtask prove`: the long versions of what `test` samples. Each fuzz target runs for minutes, property tests and the
//! simulation get many more cases, and the house is killed under load, again and again.

mod kills;

pub(crate) use kills::{ROUNDS, run as kills};

use std::fs;
use std::process::{Child, ExitStatus, Stdio};

use crate::postgres;
use crate::rust_tools::FUZZ;
use crate::shell::{Doing, Outcome, capture, cargo, fail, root, run, target};
use crate::web;

/// What a fuzz target gets unless told otherwise.
pub(crate) const MINUTES: u32 = 10;

/// Cases a property test runs here for each minute of a fuzz target; `test` runs 256.
const CASES_PER_MINUTE: u32 = 2_000;

/// Seeds that each simulation and property test sees, however short the fuzzing.
const FEWEST_CASES: u32 = 10_000;

/// Memory past which a fuzzed input counts as a finding: every body and queue of ours has a bound far below.
const MEMORY_LIMIT_MB: u32 = 1_024;

/// An input that takes longer than this counts as a finding too, in seconds.
const SLOW_SECONDS: u32 = 10;

pub(crate) fn run_all(minutes: u32) -> Outcome {
    fuzzing(minutes)?;
    long_tests(minutes)?;
    kills(ROUNDS)
}

fn fuzzing(minutes: u32) -> Outcome {
    web::ensure_dist()?;
    let targets = targets()?;
    println!("── compiling {} fuzz targets with the address sanitizer", targets.len());
    run(&mut fuzz(&["build"])?)?;
    let at_once = std::thread::available_parallelism().map_or(1, usize::from);
    for some in targets.chunks(at_once) {
        println!("── fuzzing {} for {minutes} min each", some.join(" and "));
        let running = some.iter().map(|target| start(target, minutes)).collect::<Outcome<Vec<Child>>>()?;
        // All of them end before one is reported, so that none is left behind.
        let ended = running.into_iter().map(|mut child| child.wait().doing("wait for the fuzzer"));
        let ended = ended.collect::<Outcome<Vec<ExitStatus>>>()?;
        for (target, status) in some.iter().zip(ended) {
            report(target, status.success())?;
        }
    }
    Ok(())
}

/// Property tests and the simulation, with many cases; two thousand for each minute.
pub(crate) fn long_tests(minutes: u32) -> Outcome {
    println!("\n── property tests and simulation, long");
    let server = postgres::start()?;
    let cases = (minutes * CASES_PER_MINUTE).max(FEWEST_CASES).to_string();
    run(cargo(&["test", "--workspace", "--locked"]).env("PROPTEST_CASES", &cases).env(postgres::VARIABLE, server.url()))
}

/// Coverage and the sanitizer are unstable flags of the stable compiler.
fn fuzz(args: &[&str]) -> Outcome<std::process::Command> {
    let mut command = FUZZ.command(&[&["fuzz"], args].concat())?;
    command.env("RUSTC_BOOTSTRAP", "1");
    Ok(command)
}

/// Starts from the kept inputs and from what earlier runs found; the log goes to `target/prove`.
fn start(target_name: &str, minutes: u32) -> Outcome<Child> {
    let found = root().join("fuzz/corpus").join(target_name);
    let kept = root().join("fuzz/kept").join(target_name);
    for folder in [&found, &kept] {
        fs::create_dir_all(folder).doing(format!("create {}", folder.display()))?;
    }
    let log = fs::File::create(log(target_name)?).doing("create the fuzzer's log")?;
    let mut command = fuzz(&["run", target_name])?;
    command.arg(&found).arg(&kept).arg("--").arg(format!("-max_total_time={}", minutes * 60));
    command.arg(format!("-rss_limit_mb={MEMORY_LIMIT_MB}")).arg(format!("-timeout={SLOW_SECONDS}"));
    let command = command.arg("-print_final_stats=1").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    command.spawn().doing("start the fuzzer")
}

/// The fuzzer's closing figures, or the end of its log where it found something.
fn report(target_name: &str, clean: bool) -> Outcome {
    let text = fs::read_to_string(log(target_name)?).doing("read the fuzzer's log")?;
    if clean {
        for line in text.lines().filter(|line| line.starts_with("stat::") || line.starts_with("Done ")) {
            println!("   {target_name}: {line}");
        }
        return Ok(());
    }
    let lines: Vec<&str> = text.lines().collect();
    println!("{}", lines[lines.len().saturating_sub(40)..].join("\n"));
    fail(
        format!("{target_name} found something"),
        "keep the input that it names in fuzz/kept, and repair what it found",
    )
}

fn log(target_name: &str) -> Outcome<std::path::PathBuf> {
    let folder = target().join("prove");
    fs::create_dir_all(&folder).doing(format!("create {}", folder.display()))?;
    Ok(folder.join(format!("{target_name}.log")))
}

fn targets() -> Outcome<Vec<String>> {
    if !root().join("fuzz/Cargo.toml").exists() {
        return fail("there is no fuzz/ in this tree", "add a target to it first");
    }
    FUZZ.install()?;
    let list = capture(&mut fuzz(&["list"])?)?;
    Ok(list.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect())
}
