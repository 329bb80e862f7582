//! The release programs that a benchmark starts, and how the load program is told about a house.

use std::path::PathBuf;
use std::process::Command;

use serde::Serialize;
use serde_json::Value;

use super::row::{Row, table};
use crate::house::House;
use crate::shell::{Doing, Outcome, capture, cargo, command, fail, run, target};
use crate::web;

/// The house and its load, compiled for release.
#[derive(Debug)]
pub(crate) struct Programs {
    pub(crate) trunkshow: PathBuf,
    pub(crate) load: PathBuf,
}

/// The staff of a furnished house who may do everything.
#[derive(Debug)]
pub(crate) struct Owner {
    email: String,
    password: String,
}

impl Programs {
    /// Builds the pages and both programs.
    pub(crate) fn compile() -> Outcome<Self> {
        web::install()?;
        web::build()?;
        progress("compiling for release");
        let packages = ["--package", "trunkshow", "--package", "trunkshow-load"];
        run(&mut cargo(&[&["build", "--release", "--locked"], &packages[..]].concat()))?;
        let folder = target().join("release");
        Ok(Programs { trunkshow: folder.join("trunkshow"), load: folder.join("trunkshow-load") })
    }

    /// The load program on a house, as its owner.
    pub(crate) fn load(&self, house: &House, owner: &Owner, args: &[&str]) -> Outcome<Command> {
        let Some(host) = house.text("url")?.strip_prefix("http://") else {
            return fail("the house has no http address", "");
        };
        let host = host.trim_end_matches('/');
        let who = ["--host", host, "--email", &owner.email, "--password", &owner.password];
        Ok(command(&self.load, &[args, &who].concat()))
    }

    /// What the load program printed.
    pub(crate) fn load_json(&self, house: &House, owner: &Owner, args: &[&str]) -> Outcome<Value> {
        let text = capture(&mut self.load(house, owner, args)?)?;
        serde_json::from_str(&text).doing("read what trunkshow-load printed")
    }
}

impl Owner {
    /// As the ready line of a demo names them.
    pub(crate) fn of(ready: &Value) -> Outcome<Self> {
        let staff = ready["staff"].as_array().into_iter().flatten();
        let owner = staff.filter(|person| person["role"] == "owner").find_map(|person| {
            let (email, password) = (person["email"].as_str()?.to_owned(), person["password"].as_str()?.to_owned());
            Some(Owner { email, password })
        });
        owner.map_or_else(|| fail("the demo names no owner", "its ready line is written in trunkshow"), Ok)
    }
}

/// The figures, for people or for programs.
pub(crate) fn show(rows: &[Row], json: bool) -> Outcome {
    if json {
        println!("{}", pretty(rows)?);
    } else {
        println!("\n{}", table(rows));
    }
    Ok(())
}

fn pretty(rows: &(impl Serialize + ?Sized)) -> Outcome<String> {
    serde_json::to_string_pretty(rows).doing("write the figures")
}

/// Progress goes beside the figures, so that `--json` prints nothing else.
pub(crate) fn progress(what: &str) {
    eprintln!("── {what}");
}
