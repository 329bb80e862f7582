//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use serde_json::json;

use crate::config::{Config, DEFAULT, LogFormat, Overrides};
use crate::demo::Demo;
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
    /// Run a furnished house with a show on air, in `data/demo` unless told otherwise.
    Demo(Box<DemoArguments>),
    /// Print the OpenAPI document.
    Openapi,
    /// Print the commented default settings.
    Config,
}

#[derive(Clone, Debug, Args)]
pub struct DemoArguments {
    #[command(flatten)]
    pub overrides: Overrides,
    /// Furnish and serve only: no picture, no visitors.
    #[arg(long)]
    pub no_broadcast: bool,
}

/// Runs one command to its end.
pub fn run(arguments: Arguments) -> ExitCode {
    let outcome = match arguments.command {
        Command::Serve(overrides) => serve(&overrides),
        Command::Demo(arguments) => demo(*arguments),
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

fn demo(arguments: DemoArguments) -> Result<(), Failure> {
    let data = arguments.overrides.data.or_else(|| Some(PathBuf::from("data/demo")));
    let config = Config::load(&Overrides { data, ..arguments.overrides })?;
    log_to_stderr(&config);
    runtime()?.block_on(async {
        let mut stop = std::pin::pin!(serve::stop_signal()?);
        let data = config.data.clone();
        let house = serve::start(config, true).await?;
        let demo = Demo::new();
        let ended = tokio::select! {
            biased;
            () = &mut stop => Ok(true),
            started = demo.open(&house, &data, !arguments.no_broadcast) => started.map(|()| false),
        };
        if matches!(ended, Ok(false)) {
            stop.await;
        }
        demo.stop().await;
        house.stop().await;
        ended.map(|_| ()).map_err(Into::into)
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
