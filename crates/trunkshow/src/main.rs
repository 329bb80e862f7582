use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    trunkshow::command::run(trunkshow::command::Arguments::parse())
}
