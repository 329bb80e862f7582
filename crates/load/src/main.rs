//! `trunkshow-load`: see [`load`].

use std::process::ExitCode;

use clap::Parser;
use load::command::{Arguments, run};

#[tokio::main]
async fn main() -> ExitCode {
    run(Arguments::parse()).await
}
