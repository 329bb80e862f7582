//! What a process costs, read from `/proc`.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use crate::shell::{Doing, Outcome, fail};

/// Clock ticks in a second: 100 on every Linux that Debian builds.
const TICKS_PER_SECOND: f64 = 100.0;

/// CPU that the process has used, user and system, in seconds.
pub(crate) fn cpu_seconds(pid: u32) -> Outcome<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).doing(format!("look at process {pid}"))?;
    match ticks(&stat) {
        Some(ticks) => Ok(ticks as f64 / TICKS_PER_SECOND),
        None => fail(format!("/proc/{pid}/stat reads `{stat}`"), "this measure needs Linux"),
    }
}

/// Fields 14 and 15, user and system; the name in field 2 may hold spaces and brackets.
fn ticks(stat: &str) -> Option<u64> {
    let mut after_name = stat.rsplit_once(')')?.1.split_whitespace();
    let user: u64 = after_name.nth(11)?.parse().ok()?;
    let system: u64 = after_name.next()?.parse().ok()?;
    Some(user + system)
}

/// CPU that the process uses in the next `span`, in seconds.
pub(crate) fn cpu_over(pid: u32, span: Duration) -> Outcome<f64> {
    let before = cpu_seconds(pid)?;
    sleep(span);
    Ok(cpu_seconds(pid)? - before)
}

/// A process that was started by another, with this word among its arguments.
pub(crate) fn child_with(parent: u32, word: &str) -> Outcome<u32> {
    let processes = fs::read_dir("/proc").doing("look at the processes")?.flatten();
    let mut numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let is_it = |pid: &u32| {
        let read = |file: &str| fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
        let stat = read("stat");
        let of = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse().ok());
        of == Some(parent) && read("cmdline").split('\0').any(|argument| argument == word)
    };
    let found = numbers.find(is_it);
    found.map_or_else(|| fail(format!("process {parent} started none with `{word}`"), "is ffmpeg installed?"), Ok)
}

/// Memory of the process that is in RAM, in MB (of 1,000,000 bytes).
pub(crate) fn resident_mb(pid: u32) -> Outcome<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).doing(format!("look at process {pid}"))?;
    let kib =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<f64>().ok());
    match kib {
        Some(kib) => Ok(kib * 1024.0 / 1e6),
        None => fail(format!("/proc/{pid}/status has no VmRSS"), "this measure needs Linux"),
    }
}

#[test]
fn ticks_are_found_behind_any_name() {
    let check = |stat: &str, expected: Option<u64>| assert_eq!(ticks(stat), expected, "{stat}");
    check("7 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 40 2 0 0", Some(42));
    check("7 (nginx) S 1 2", None);
}
