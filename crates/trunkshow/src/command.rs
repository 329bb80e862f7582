//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use serde_json::json;

use crate::config::{Config, DEFAULT, LogFormat, Overrides};
use crate::demo::Demo;
use crate::{backup, doctor, files, folder, serve};

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
    /// Say whether a house can run well here, and what to do where it cannot.
    Doctor(Box<Overrides>),
    /// Add the books up again from the first row, and name every row that disagrees. The house may go on serving.
    Audit(Box<Overrides>),
    /// Copy a house, which may go on serving.
    Backup(Box<BackupArguments>),
    /// Make a house of a copy.
    Restore(Box<RestoreArguments>),
    /// Move a house that nobody serves from its file into an empty PostgreSQL database, and check counts and sums.
    MigrateTo(Box<MoveArguments>),
    /// Send viewers, buyers or claimers to a house of your own, and measure what they see.
    Load(Box<load::command::Arguments>),
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

#[derive(Clone, Debug, Args)]
pub struct BackupArguments {
    #[command(flatten)]
    pub overrides: Overrides,
    /// An empty or new folder, or a new file whose name ends in `.tar`.
    #[arg(long)]
    pub to: PathBuf,
    /// Take the master key along; keep such a copy as safe as the key.
    #[arg(long)]
    pub with_key: bool,
}

#[derive(Clone, Debug, Args)]
pub struct RestoreArguments {
    #[command(flatten)]
    pub overrides: Overrides,
    /// The folder or `.tar` file that `backup` made.
    #[arg(long, required_unless_present = "after_pg_restore")]
    pub from: Option<PathBuf>,
    /// The rows were restored by pg_restore: only send clients that come back to a snapshot.
    #[arg(long)]
    pub after_pg_restore: bool,
}

#[derive(Clone, Debug, Args)]
pub struct MoveArguments {
    /// `postgres://user:password@host/database`, a database without tables.
    pub to: String,
    #[command(flatten)]
    pub overrides: Overrides,
}

/// Runs one command to its end.
pub fn run(arguments: Arguments) -> ExitCode {
    let outcome = match arguments.command {
        Command::Serve(overrides) => serve(&overrides),
        Command::Demo(arguments) => demo(*arguments),
        Command::Doctor(overrides) => match runtime() {
            Ok(runtime) if runtime.block_on(doctor::run(&overrides)) => Ok(()),
            Ok(_) => return ExitCode::FAILURE,
            Err(error) => Err(error.into()),
        },
        Command::Audit(overrides) => match audit(&overrides) {
            Ok(true) => Ok(()),
            Ok(false) => return ExitCode::FAILURE,
            Err(error) => Err(error),
        },
        Command::Backup(arguments) => backup(&arguments),
        Command::Restore(arguments) => restore(&arguments),
        Command::MigrateTo(arguments) => migrate_to(&arguments),
        Command::Load(arguments) => {
            files::take_all();
            match runtime() {
                Ok(runtime) => return runtime.block_on(load::command::run(*arguments)),
                Err(error) => Err(error.into()),
            }
        }
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
    files::take_all();
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

/// Whether everything adds up.
fn audit(overrides: &Overrides) -> Result<bool, Failure> {
    let config = Config::load(overrides)?;
    let outcome = runtime()?.block_on(async {
        let books = store::BookReader::open(&folder::target(&config)).await?;
        app::till::reconcile::reconcile(&books).await.map_err(Failure::from)
    })?;
    for disagreement in &outcome.disagreements {
        println!("{disagreement}");
    }
    let (orders, claims, wrong) = (outcome.orders, outcome.claims, outcome.disagreements.len());
    match wrong {
        0 => println!("{orders} orders and {claims} claims add up."),
        _ => println!("{wrong} rows disagree, of {orders} orders and {claims} claims."),
    }
    Ok(wrong == 0)
}

fn migrate_to(arguments: &MoveArguments) -> Result<(), Failure> {
    let config = Config::load(&arguments.overrides)?;
    let data = config.data.display();
    if !config.database.is_empty() {
        return Err(format!("the house in {data} is in {} already", store::shown(&config.database)).into());
    }
    let rows = folder::database(&config.data);
    if !rows.is_file() {
        return Err(format!("there is no house in {data}. Name its data folder with --data").into());
    }
    let _alone = folder::take(&config.data).map_err(|error| format!("{data}: {error}"))?;
    let moved = runtime()?.block_on(store::move_to_postgres(&rows, &arguments.to))?;
    println!(
        "{} rows of {} tables are in {}; counts and sums are the same.",
        moved.rows,
        moved.tables,
        store::shown(&arguments.to)
    );
    println!("Pictures, recordings and keys stay in {data}. Start the house with:");
    println!("  trunkshow serve --data {data} --database '{}'", store::shown(&arguments.to));
    println!("and keep house.db until you have seen it run: what happens from now on is not in it.");
    Ok(())
}

fn backup(arguments: &BackupArguments) -> Result<(), Failure> {
    let config = Config::load(&arguments.overrides)?;
    if !config.database.is_empty() {
        print!("{}", backup::procedure(&config, &arguments.to, arguments.with_key));
        return Ok(());
    }
    let copied = runtime()?.block_on(backup::backup(&config, &arguments.to, arguments.with_key))?;
    for key in &copied.missing {
        eprintln!("trunkshow: warning: the rows name objects/{key}, which is not in the data folder");
    }
    println!("{} files, {} bytes, in {}", copied.files, copied.bytes, arguments.to.display());
    if !config.objects.is_empty() {
        println!("Pictures and recordings are not in it: copy the bucket that `objects` names as well.");
    }
    if !arguments.with_key {
        println!("The master key is not in it: keep a copy of master.key elsewhere, or take it along with --with-key.");
    }
    Ok(())
}

fn restore(arguments: &RestoreArguments) -> Result<(), Failure> {
    let config = Config::load(&arguments.overrides)?;
    let Some(from) = arguments.from.as_ref().filter(|_| !arguments.after_pg_restore) else {
        runtime()?.block_on(backup::renew_epoch(&config))?;
        println!("Done. Start the house with: trunkshow serve --data {}", config.data.display());
        return Ok(());
    };
    let restored = runtime()?.block_on(backup::restore(&config.data, from))?;
    println!("{} files are back in {}.", restored.files, config.data.display());
    if !restored.with_key {
        println!("The copy holds no master key. Put your master.key into that folder before the first start;");
        println!("without it everybody signs in anew, and every show needs a new stream key.");
    }
    println!("Start the house with: trunkshow serve --data {}", config.data.display());
    Ok(())
}

fn demo(arguments: DemoArguments) -> Result<(), Failure> {
    let data = arguments.overrides.data.or_else(|| Some(PathBuf::from("data/demo")));
    // Whatever the settings say: nobody pays real money in a demo.
    let payments = Some("sandbox".to_owned());
    let config = Config::load(&Overrides { data, payments, ..arguments.overrides })?;
    log_to_stderr(&config);
    files::take_all();
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
