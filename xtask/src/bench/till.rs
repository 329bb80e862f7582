//! `cargo xtask bench till`: one hot piece, and everybody at once.

use std::path::Path;

use serde_json::Value;

use super::programs::{Owner, Programs, progress, show};
use super::row::{Row, Target};
use super::{million, process, row_locks, slow_sync};
use crate::debian;
use crate::demo::FURNISHING;
use crate::house::{House, trunkshow};
use crate::postgres::{self, Disk};
use crate::scratch::Scratch;
use crate::shell::{Outcome, fail};

/// A closed loop: so many requests are under way at any moment, until so many buyers have a claim.
const CLOSED: [&str; 6] = ["--claimers", "40000", "--units", "40000", "--connections", "1000"];
/// Everybody within a second, for fewer pieces.
const WAVE: [&str; 8] = ["--claimers", "80000", "--units", "15000", "--connections", "4000", "--within-ms", "1000"];
const WAVE_UNITS: f64 = 15_000.0;
/// Buyers who came back, each tap a paid order.
const TAPS: [&str; 6] = ["--buyers", "100", "--orders", "20000", "--at-once", "1000"];
/// What the house may hold in memory after the wave, in MB: its queues and rings are all bounded.
const WAVE_MEMORY_MB: f64 = 500.0;

pub(crate) fn run(json: bool) -> Outcome {
    debian::install(&[&debian::C_COMPILER, &debian::POSTGRES, &debian::SQLITE])?;
    show(&measure(&Programs::compile()?)?, json)
}

/// What one run printed, and what the house weighed after it.
struct Seen {
    figures: Value,
    memory_mb: f64,
}

fn measure(programs: &Programs) -> Outcome<Vec<Row>> {
    let scratch = Scratch::new("bench-till")?;
    let slow = slow_sync::library(scratch.path())?;

    progress("one hot SKU on SQLite");
    let sqlite = seen(programs, "claimers", &CLOSED, None, None);
    progress("the same with 2 ms more for each fsync");
    let sqlite_slow = seen(programs, "claimers", &CLOSED, None, Some(&slow));
    progress("80,000 buyers within a second");
    let wave = seen(programs, "claimers", &WAVE, None, None);

    progress("one tap after the other on SQLite");
    let taps = seen(programs, "tappers", &TAPS, None, None);

    progress("one hot SKU on PostgreSQL");
    let server = postgres::start_with(Disk::Durable)?;
    let pooled = seen(programs, "claimers", &CLOSED, Some(&server.url()), None);
    progress("row locks on the same PostgreSQL");
    let locks = row_locks::measure(&server, scratch.path());
    drop(server);
    progress("one tap after the other on PostgreSQL");
    let server = postgres::start_with(Disk::Durable)?;
    let pooled_taps = seen(programs, "tappers", &TAPS, Some(&server.url()), None);
    drop(server);
    progress("PostgreSQL with 2 ms more for each fsync");
    let server = postgres::start_with(Disk::Slow(&slow))?;
    let pooled_slow = seen(programs, "claimers", &CLOSED, Some(&server.url()), None);
    drop(server);

    progress("looks at an order, at the list, and claims");
    let beside = million::measure(programs);

    use Target::{AtLeast, AtMost, OfBaseline, TimesBaseline};
    let rate = |seen: &Outcome<Seen>| number(seen, "claims_per_second");
    let locked = |pick: fn(&row_locks::RowLocks) -> f64| copied(&locks).map(pick);
    let looked = |pick: fn(&million::Beside) -> f64| copied(&beside).map(pick);
    Ok(vec![
        Row::new("claims over HTTP, 1,000 in flight, SQLite", "claims/s", AtLeast(8_000.0), rate(&sqlite), None),
        Row::new("their p99, SQLite", "ms", AtMost(150.0), number(&sqlite, "p99_ms"), None),
        Row::new("claims over HTTP, 1,000 in flight, PostgreSQL", "claims/s", AtLeast(8_000.0), rate(&pooled), None),
        Row::new("their p99, PostgreSQL", "ms", AtMost(150.0), number(&pooled, "p99_ms"), None),
        Row::new(
            "claims on PostgreSQL beside row locks, best pool (no HTTP)",
            "claims/s",
            TimesBaseline(5.0),
            rate(&pooled),
            Some(locked(|locks| locks.best)),
        ),
        Row::new(
            "claims on PostgreSQL beside row locks, 128 connections",
            "claims/s",
            TimesBaseline(20.0),
            rate(&pooled),
            Some(locked(|locks| locks.at_128)),
        ),
        Row::new(
            "80,000 buyers in 1 s, 15,000 pieces: all answered",
            "ms",
            AtMost(15_000.0),
            number(&wave, "slowest_ms"),
            None,
        ),
        Row::new("the same: p95 of those who got one", "ms", AtMost(3_000.0), number(&wave, "p95_ms"), None),
        Row::new("the same: pieces claimed, each once", "pieces", AtLeast(WAVE_UNITS), once_each(&wave), None),
        Row::new(
            "the same: memory of the house after it",
            "MB",
            AtMost(WAVE_MEMORY_MB),
            copied(&wave).map(|seen| seen.memory_mb),
            None,
        ),
        Row::new(
            "claims with 2 ms more for each fsync, SQLite",
            "claims/s",
            TimesBaseline(0.7),
            rate(&sqlite_slow),
            Some(rate(&sqlite)),
        ),
        Row::new(
            "claims with 2 ms more for each fsync, PostgreSQL",
            "claims/s",
            TimesBaseline(0.7),
            rate(&pooled_slow),
            Some(rate(&pooled)),
        ),
        Row::new(
            "one-tap orders (claim, order, ledger, outbox), SQLite",
            "orders/s",
            AtLeast(3_000.0),
            every_tap(&taps),
            None,
        ),
        Row::new("the same, PostgreSQL", "orders/s", AtLeast(3_000.0), every_tap(&pooled_taps), None),
        Row::new(
            "order page with a million orders, beside few (SQLite)",
            "ms",
            OfBaseline(1.5),
            looked(|beside| beside.million.order),
            Some(looked(|beside| beside.few.order)),
        ),
        Row::new(
            "office list with a million orders, beside few (SQLite)",
            "ms",
            OfBaseline(1.5),
            looked(|beside| beside.million.list),
            Some(looked(|beside| beside.few.list)),
        ),
        Row::new(
            "claim with a million orders, beside few (SQLite)",
            "ms",
            OfBaseline(1.5),
            looked(|beside| beside.million.claim),
            Some(looked(|beside| beside.few.claim)),
        ),
    ])
}

/// A house of its own for each run, so that none pays for another's rows.
fn seen(programs: &Programs, who: &str, how: &[&str], database: Option<&str>, preload: Option<&Path>) -> Outcome<Seen> {
    let data = Scratch::new("bench-till-house")?;
    let mut furnish = trunkshow(&programs.trunkshow, "demo", data.path());
    furnish.arg("--no-broadcast");
    if let Some(database) = database {
        furnish.args(["--database", database]);
    }
    if let Some(library) = preload {
        furnish.env("LD_PRELOAD", library);
    }
    let house = House::start(furnish, FURNISHING)?;
    let owner = Owner::of(&house.ready)?;
    let figures = programs.load_json(&house, &owner, &[&[who, "--show", house.text("show")?], how].concat())?;
    eprintln!("   {figures}");
    Ok(Seen { figures, memory_mb: process::resident_mb(house.pid())? })
}

fn number(seen: &Outcome<Seen>, key: &str) -> Outcome<f64> {
    let seen = copied(seen)?;
    seen.figures[key].as_f64().map_or_else(|| fail(format!("the run gave no {key}"), ""), Ok)
}

/// Paid orders a second; a tap that was answered otherwise is no figure but a defect.
fn every_tap(seen: &Outcome<Seen>) -> Outcome<f64> {
    let rate = number(seen, "orders_per_second")?;
    let refused = &copied(seen)?.figures["refused"];
    if refused.as_object().is_some_and(serde_json::Map::is_empty) {
        Ok(rate)
    } else {
        fail(format!("taps were refused: {refused}"), "every one of them has a piece and a good card")
    }
}

/// The pieces that buyers were told they have; more or fewer than what left the drop is no figure but a defect.
fn once_each(seen: &Outcome<Seen>) -> Outcome<f64> {
    let (claimed, left) = (number(seen, "claimed")?, number(seen, "left_the_drop")?);
    if claimed == left && claimed <= WAVE_UNITS {
        Ok(claimed)
    } else {
        fail(format!("{claimed} claims were answered, {left} pieces left the drop"), "this is a defect of the till")
    }
}

/// An outcome that several rows read.
fn copied<T>(outcome: &Outcome<T>) -> Outcome<&T> {
    outcome.as_ref().map_or_else(|failure| fail(failure.to_string(), ""), Ok)
}
