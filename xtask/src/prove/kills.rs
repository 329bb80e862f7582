//! A house that is killed again and again under load. After each kill it is started on what is there, and held to every claim
//! and order that it had acknowledged; in the end the audit adds the books up.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use crate::bench::{Owner, Programs};
use crate::demo::FURNISHING;
use crate::house::{House, trunkshow};
use crate::postgres::{self, Disk};
use crate::scratch::Scratch;
use crate::shell::{Doing, Outcome, capture, fail};

/// How often the house is killed on each database unless told otherwise.
pub(crate) const ROUNDS: u32 = 200;
/// The buyers say so when they have looked, and begin to press.
const PRESSING: &str = "pressing";
/// Buyers press for at least so long before the kill, and at most for [`SPREAD_MS`] more.
const LEAST_MS: u64 = 150;
const SPREAD_MS: u64 = 1_000;
/// A house that was killed is back within this.
const BACK: Duration = Duration::from_secs(60);

/// What all rounds came to.
#[derive(Debug, Default)]
struct Sum {
    claims: u64,
    orders: u64,
    cut: u64,
    stood: u64,
    asked_again: u64,
}

/// On SQLite, then on PostgreSQL.
pub(crate) fn run(rounds: u32) -> Outcome {
    let programs = Programs::compile()?;
    println!("\n── {rounds} kills under load, on SQLite");
    on(&programs, rounds, None)?;
    println!("── {rounds} kills under load, on PostgreSQL");
    let server = postgres::start_with(Disk::Durable)?;
    on(&programs, rounds, Some(&server.url()))
}

fn on(programs: &Programs, rounds: u32, database: Option<&str>) -> Outcome {
    let (data, notes) = (Scratch::new("kills")?, Scratch::new("kills-told")?);
    let told = notes.path().join("told.json");
    let on_database: Vec<&str> = database.iter().flat_map(|url| ["--database", url]).collect();
    let start = |verb: &str, more: &[&str], patience: Duration| {
        let mut command = trunkshow(&programs.trunkshow, verb, data.path());
        command.args(&on_database).args(more);
        House::start(command, patience)
    };
    let furnished = start("demo", &["--no-broadcast"], FURNISHING)?;
    let (owner, show) = (Owner::of(&furnished.ready)?, furnished.text("show")?.to_owned());
    drop(furnished);

    let (mut sum, mut slowest) = (Sum::default(), Duration::ZERO);
    for round in 1..=rounds {
        let house = start("serve", &[], BACK)?;
        slowest = slowest.max(house.took);
        let mut buyers = programs.load(&house, &owner, &survivors(&show, &told)?)?;
        let mut buyers = buyers.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().doing("start the buyers")?;
        let Some(said) = buyers.stderr.take() else { return fail("the buyers have no standard error", "") };
        let mut said = BufReader::new(said).lines().map_while(Result::ok);
        // They look after the last round first.
        let before: Vec<String> = said.by_ref().take_while(|line| line != PRESSING).collect();
        sleep(Duration::from_millis(LEAST_MS + u64::from(round) * 7_919 % SPREAD_MS));
        house.kill()?;
        let output = buyers.wait_with_output().doing("wait for the buyers")?;
        let figures = serde_json::from_slice::<Value>(&output.stdout).unwrap_or_default();
        if !output.status.success() {
            let said = before.into_iter().chain(said).collect::<Vec<_>>().join("\n");
            return fail(format!("round {round}: {figures:#}\n{said}"), "the house forgot what it had acknowledged");
        }
        sum.add(&figures);
        if round % 20 == 0 {
            println!("   {round}: {sum:?}");
        }
    }
    let house = start("serve", &[], BACK)?;
    let args = survivors(&show, &told)?;
    let text = capture(&mut programs.load(&house, &owner, &[&args[..], &["--only-look"]].concat())?)?;
    sum.add(&serde_json::from_str(&text).doing("read what the buyers saw")?);
    drop(house);
    println!("   {sum:?}; back after {} ms at most", slowest.as_millis());
    let mut audit = crate::shell::command(&programs.trunkshow, &["audit", "--data"]);
    print!("   {}", capture(audit.arg(data.path()).args(&on_database))?);
    Ok(())
}

fn survivors<'a>(show: &'a str, told: &'a Path) -> Outcome<[&'a str; 5]> {
    let Some(told) = told.to_str() else { return fail("the temporary folder's name is no text", "") };
    Ok(["survivors", "--show", show, "--told", told])
}

impl Sum {
    fn add(&mut self, figures: &Value) {
        let count = |key: &str| figures[key].as_u64().unwrap_or(0);
        self.claims += count("claims");
        self.orders += count("orders");
        self.cut += count("cut");
        self.stood += count("stood");
        self.asked_again += count("asked_again");
    }
}
