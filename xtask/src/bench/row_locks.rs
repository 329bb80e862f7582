//! The usual way to sell one hot piece: each buyer's transaction locks its stock row, as pgbench runs it on the same
//! PostgreSQL, without HTTP and without the load of a page around it.

use std::fs;
use std::path::Path;

use crate::postgres::{Server, programs};
use crate::shell::{Doing, Outcome, capture, command, fail};

/// Pools that are tried for the best; the last of the figures is taken at 128.
const POOLS: [u32; 4] = [1, 4, 8, 32];
const SECONDS: &str = "6";

const TABLES: &str = "CREATE TABLE hot (id int PRIMARY KEY, on_hand bigint); INSERT INTO hot VALUES (1, 1000000000); \
                      CREATE TABLE held (id bigserial PRIMARY KEY, buyer bigint, until timestamptz);";
const PURCHASE: &str = "\\set buyer random(1, 1000000000)\n\
                        BEGIN;\n\
                        SELECT on_hand FROM hot WHERE id = 1 FOR UPDATE;\n\
                        UPDATE hot SET on_hand = on_hand - 1 WHERE id = 1;\n\
                        INSERT INTO held (buyer, until) VALUES (:buyer, now() + interval '10 minutes');\n\
                        COMMIT;\n";

/// Purchases a second: with the best pool, and with 128 connections.
pub(crate) struct RowLocks {
    pub(crate) best: f64,
    pub(crate) at_128: f64,
}

pub(crate) fn measure(server: &Server, folder: &Path) -> Outcome<RowLocks> {
    let Some(bin) = programs() else { return fail("PostgreSQL's programs are not here", "install postgresql") };
    let script = folder.join("purchase.sql");
    fs::write(&script, PURCHASE).doing("write the script for pgbench")?;
    capture(&mut command(bin.join("psql"), &["-q", "-d", &server.url(), "-c", TABLES]))?;
    let rate = |connections: u32| {
        let connections = connections.to_string();
        let mut pgbench = command(bin.join("pgbench"), &["-n", "-c", &connections, "-j", "2", "-T", SECONDS, "-f"]);
        let report = capture(pgbench.arg(&script).arg(server.url()))?;
        match purchases(&report) {
            Some(rate) => Ok(rate),
            None => fail(format!("pgbench printed no rate: {report}"), "its report is read here"),
        }
    };
    let pools = POOLS.into_iter().map(rate).collect::<Outcome<Vec<f64>>>()?;
    Ok(RowLocks { best: pools.into_iter().fold(0.0, f64::max), at_128: rate(128)? })
}

fn purchases(report: &str) -> Option<f64> {
    report.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok())
}

#[test]
fn the_rate_is_found_in_the_report() {
    assert_eq!(purchases("latency average = 1.0 ms\ntps = 812.5 (without initial connection time)\n"), Some(812.5));
    assert_eq!(purchases("pgbench: error: no server\n"), None);
}
