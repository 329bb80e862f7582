//! `cargo xtask …`: every chore of the project. CI and people run the same ones; README names the two that a newcomer
//! needs, `demo` and `test`.

mod debian;
#[cfg(test)]
mod direction;
mod postgres;
mod report;
mod rust_tools;
mod shell;
mod test;
mod web;

use std::process::ExitCode;

use shell::{Outcome, fail};

const USAGE: &str = "cargo xtask <chore>

  test    install what is missing, then everything: formatting, lints, unit, property, store and browser tests
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match chore(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn chore(args: &[String]) -> Outcome {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["test"] => test::run_all(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        other => fail(format!("no chore is called `{}`", other.join(" ")), USAGE),
    }
}
