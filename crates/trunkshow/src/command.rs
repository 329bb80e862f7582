//! The command line.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde_json::json;

use crate::config::{Config, DEFAULT, LogFormat, Overrides};
use crate::serve;

/// Live shopping that a shop owns.
#[derive(Debug, Parser)]
#[command(name = "trunkshow", version)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the house.
    Serve(Box<Overrides>),
    /// Print the OpenAPI document.
    Openapi,
    /// Print the commented default settings.
    Config,
}

/// Runs one command to its end.
pub fn run(arguments: Arguments) -> ExitCode {
    let outcome = match arguments.command {
        Command::Serve(overrides) => serve(&overrides),
        Command::Openapi => gateway::openapi().to_pretty_json().map(|text| println!("{text}")).map_err(Into::into),
        Command::Config => {
            print!("{DEFAULT}");
            Ok(())
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("trunkshow: {error}");
            ExitCode::FAILURE
        }
    }
}

type Failure = Box<dyn std::error::Error>;

fn serve(overrides: &Overrides) -> Result<(), Failure> {
    let config = Config::load(overrides)?;
    log_to_stderr(&config);
    runtime()?.block_on(async {
        let stop = serve::stop_signal()?;
        let house = serve::start(config, false).await?;
        if let Some(setup) = &house.setup {
            println!("Make the owner of this house here, once: {setup}");
        }
        // For programs that start a house and wait until it answers.
        println!("ready {}", json!({ "url": house.url, "rtmp": house.rtmp_url, "setup": house.setup }));
        stop.await;
        house.stop().await;
        Ok(())
    })
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

fn log_to_stderr(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::new(&config.log);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().init(),
    }
}
