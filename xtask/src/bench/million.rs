//! A house with a million orders beside one with a few: does a look, or a sale, cost more?

use std::path::Path;
use std::time::Duration;

use super::programs::{Owner, Programs, progress};
use crate::demo::FURNISHING;
use crate::house::{House, trunkshow};
use crate::scratch::Scratch;
use crate::shell::{Outcome, capture, command, fail};

const COPIES: &str = "xtask/src/bench/million.sql";
/// A start looks after what is open; with a million orders it may read more.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// One claim after the other, so that each pays for its own commit.
const CLAIMS: [&str; 6] = ["--claimers", "500", "--units", "500", "--connections", "1"];

/// Milliseconds, the middle of some hundred each.
#[derive(Clone, Copy)]
pub(super) struct Looks {
    pub(super) order: f64,
    pub(super) list: f64,
    pub(super) claim: f64,
}

/// With the furnished orders alone, and with a million more.
pub(super) struct Beside {
    pub(super) few: Looks,
    pub(super) million: Looks,
}

pub(super) fn measure(programs: &Programs) -> Outcome<Beside> {
    let data = Scratch::new("bench-million")?;
    let mut furnish = trunkshow(&programs.trunkshow, "demo", data.path());
    furnish.arg("--no-broadcast");
    let house = House::start(furnish, FURNISHING)?;
    let (owner, show) = (Owner::of(&house.ready)?, house.text("show")?.to_owned());
    let order = format!("{}?key={}", house.text("order")?, house.text("order_key")?);
    let looks = |house: &House| looks(programs, house, &owner, &show, &order);
    let few = looks(&house)?;
    drop(house);

    progress("a million orders");
    fill(&data.path().join("house.db"))?;
    let house = House::start(trunkshow(&programs.trunkshow, "serve", data.path()), READY_WITHIN)?;
    Ok(Beside { few, million: looks(&house)? })
}

fn looks(programs: &Programs, house: &House, owner: &Owner, show: &str, order: &str) -> Outcome<Looks> {
    let seen = programs.load_json(house, owner, &["readers", "--order", order])?;
    let claims = programs.load_json(house, owner, &[&["claimers", "--show", show], &CLAIMS[..]].concat())?;
    match (seen["order_ms"].as_f64(), seen["list_ms"].as_f64(), claims["p50_ms"].as_f64()) {
        (Some(order), Some(list), Some(claim)) => Ok(Looks { order, list, claim }),
        _ => fail(format!("a figure is missing: {seen} {claims}"), "they are printed by trunkshow-load"),
    }
}

fn fill(database: &Path) -> Outcome {
    // What it prints is no figure.
    capture(command("sqlite3", &["-bail"]).arg(database).arg(format!(".read {COPIES}"))).map(drop)
}
