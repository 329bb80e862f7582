//! What the house's process costs, where it runs on this machine: read from `/proc` in the very window that is measured.

use std::fs;

use crate::house::Spoiled;

/// Clock ticks in a second: 100 on every Linux that Debian builds.
const TICKS_PER_SECOND: f64 = 100.0;

const NOT_HERE: Spoiled = Spoiled::Nothing("the process is not on this machine, or this is no Linux");

/// CPU that the process has used, user and system, in seconds.
pub(crate) fn cpu_seconds(pid: u32) -> Result<f64, Spoiled> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).map_err(|_| NOT_HERE)?;
    ticks(&stat).map(|ticks| ticks as f64 / TICKS_PER_SECOND).ok_or(NOT_HERE)
}

/// Fields 14 and 15, user and system; the name in field 2 may hold spaces and brackets.
fn ticks(stat: &str) -> Option<u64> {
    let mut after_name = stat.rsplit_once(')')?.1.split_whitespace();
    let user: u64 = after_name.nth(11)?.parse().ok()?;
    let system: u64 = after_name.next()?.parse().ok()?;
    Some(user + system)
}

/// Memory of the process that is in RAM, in bytes.
pub(crate) fn resident_bytes(pid: u32) -> Result<u64, Spoiled> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).map_err(|_| NOT_HERE)?;
    let kib =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<u64>().ok());
    kib.map(|kib| kib * 1024).ok_or(NOT_HERE)
}

#[test]
fn ticks_are_found_behind_any_name() {
    let check = |stat: &str, expected: Option<u64>| assert_eq!(ticks(stat), expected, "{stat}");
    check("7 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 40 2 0 0", Some(42));
    check("7 (nginx) S 1 2", None);
}
