//! `cargo xtask …`: every chore of the project. CI and people run the same ones; README names the two that a newcomer
//! needs, `demo` and `test`.

mod bench;
mod codegen;
mod debian;
mod demo;
#[cfg(test)]
mod direction;
mod house;
mod postgres;
mod prove;
mod report;
mod rust_tools;
mod scratch;
mod shell;
mod shots;
mod test;
mod web;

use std::process::ExitCode;

use shell::{Doing, Outcome, fail};

const USAGE: &str = "cargo xtask <chore>

  demo [--smoke]        a furnished house on air, until Ctrl-C; --smoke watches and buys in a real browser, then ends
  test                  everything: formatting, lints, unit, property, store, simulation and browser tests
  shots                 every page, phone and desktop, English and Chinese, on one contact sheet
  bench air [--json]    figures from an encoder to a paid order, each with its target
  bench picture [--json] figures of who watches: delay, viewers a core, memory, sound beside picture
  bench room [--json]   figures of a full room, beside other servers that fan out
  bench till [--json]   figures of claims: one hot piece, and everybody at once
  prove [--minutes N]   fuzz targets, property tests and simulation for long (N minutes a fuzz target, 10 if not said),
                        then the house killed under load, 200 times on each database
  prove seeds           of these the property tests and the simulation alone
  prove kills [--rounds N]  of these the kills alone
  codegen [--check]     the OpenAPI description and the TypeScript types made from it

Each installs what it lacks, and says so.
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
        ["demo"] => demo::run_demo(),
        ["demo", "--smoke"] => demo::run_smoke(),
        ["test"] => test::run_all(),
        ["bench", "air"] => bench::air(false),
        ["bench", "air", "--json"] => bench::air(true),
        ["bench", "picture"] => bench::picture(false),
        ["bench", "picture", "--json"] => bench::picture(true),
        ["bench", "room"] => bench::room(false),
        ["bench", "room", "--json"] => bench::room(true),
        ["bench", "till"] => bench::till(false),
        ["bench", "till", "--json"] => bench::till(true),
        ["shots"] => shots::run_all(),
        ["prove"] => prove::run_all(prove::MINUTES),
        ["prove", "--minutes", minutes] => {
            prove::run_all(minutes.parse().doing(format!("read `{minutes}` as minutes"))?)
        }
        ["prove", "seeds"] => prove::long_tests(prove::MINUTES),
        ["prove", "kills"] => prove::kills(prove::ROUNDS),
        ["prove", "kills", "--rounds", rounds] => {
            prove::kills(rounds.parse().doing(format!("read `{rounds}` as rounds"))?)
        }
        ["codegen"] => codegen::write(),
        ["codegen", "--check"] => codegen::check(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        other => fail(format!("no chore is called `{}`", other.join(" ")), USAGE),
    }
}
