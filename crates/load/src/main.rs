//! `trunkshow-load`: see [`load`].

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use load::Spoiled;
use load::broadcasters::{self, Planned};
use load::buyers::{self, Rush};
use serde_json::{Value, json};

/// Load over real sockets against a house of your own; figures as JSON on standard output.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    people: People,
    #[command(flatten)]
    house: House,
}

#[derive(Args)]
struct House {
    /// host:port of the house.
    #[arg(long, global = true, default_value = "127.0.0.1:8080")]
    host: String,
    /// Staff who may set stock and plan shows.
    #[arg(long, global = true, default_value = "")]
    email: String,
    /// Their password.
    #[arg(long, global = true, default_value = "")]
    password: String,
}

#[derive(Subcommand)]
enum People {
    /// Buyers who check out, a fixed number at a time.
    Buyers {
        /// Orders in all.
        #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        orders: u32,
        /// Checkouts under way at any moment.
        #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1_024))]
        at_once: u32,
    },
    /// Plans shows in rehearsal; prints where their encoders push to.
    Shows {
        /// How many.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
        count: u32,
    },
    /// Waits until the first part of a show's programme can be played.
    FirstPart {
        /// The show.
        #[arg(long)]
        show: String,
        /// Seconds to wait at most.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=600))]
        patience: u64,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(figures) => {
            println!("{figures:#}");
            ExitCode::SUCCESS
        }
        Err(spoiled) => {
            eprintln!("no figures: {spoiled}");
            ExitCode::FAILURE
        }
    }
}

async fn run(Arguments { people, house: House { host, email, password } }: Arguments) -> Result<Value, Spoiled> {
    let planned = |count: u32| Planned {
        host: host.clone(),
        email: email.clone(),
        password: password.clone(),
        count: count as usize,
    };
    Ok(match people {
        People::Buyers { orders, at_once } => {
            let rush = Rush { host, orders: orders as usize, at_once: at_once as usize, email, password };
            json!(buyers::run(&rush).await?)
        }
        People::Shows { count } => json!(broadcasters::plan(&planned(count)).await?),
        People::FirstPart { show, patience } => {
            let took = broadcasters::first_part(&planned(0), &show, Duration::from_secs(patience)).await?;
            json!({ "waited_ms": took.as_millis() as u64 })
        }
    })
}
