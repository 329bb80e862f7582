//! The command line of `trunkshow-load`, and of `trunkshow load`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use serde_json::{Value, json};

use crate::broadcasters;
use crate::buyers::{self, Rush};
use crate::failover::{self, Failover};
use crate::house::{House, Spoiled};
use crate::peers::Peer;
use crate::picture::{self, Audience};
use crate::viewers::asked::Asked;
use crate::{claimers, peers, readers, survivors, table, tappers, viewers};

/// Load over real sockets against a house of your own; figures as JSON on standard output, as a table beside it.
#[derive(Clone, Debug, Parser)]
pub struct Arguments {
    #[command(subcommand)]
    people: People,
    #[command(flatten)]
    house: House,
}

#[derive(Clone, Debug, Subcommand)]
enum People {
    /// Viewers in rooms, each held against the room's log.
    Viewers(Box<Asked>),
    /// Joins of one room, one after the other: how long its snapshot takes, and how much it is.
    Joins {
        /// The show.
        #[arg(long)]
        show: String,
        /// How many.
        #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        joins: u32,
    },
    /// One question in a full room: how far apart viewers see it, and how long the first right answer waits for its winner.
    Trivia {
        /// The show; its first number is won.
        #[arg(long)]
        show: String,
        /// Viewers, who all answer.
        #[arg(long, default_value_t = 1_600, value_parser = clap::value_parser!(u32).range(10..=10_000))]
        viewers: u32,
    },
    /// Kills the process that leads a room, and waits for the next event from another on the same database.
    Failover {
        /// host:port of the other process.
        #[arg(long)]
        other: String,
        /// The leader's process on this machine; it is killed.
        #[arg(long)]
        pid: u32,
        /// The show.
        #[arg(long)]
        show: String,
    },
    /// Subscribers of another server, to compare with; `--host` is that server's.
    Peer(Box<Peer>),
    /// Buyers who check out, a fixed number at a time.
    Buyers {
        /// Orders in all.
        #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        orders: u32,
        /// Checkouts under way at any moment.
        #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1_024))]
        at_once: u32,
    },
    /// Buyers who all claim in one drop.
    Claimers {
        /// The show whose first product the drop is of.
        #[arg(long)]
        show: String,
        /// Different buyers, each wanting one piece.
        #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..=200_000))]
        claimers: u32,
        /// Kept connections; without `--within-ms` each asks again at once.
        #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=8_192))]
        connections: u32,
        /// Pieces in the drop.
        #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        units: u32,
        /// All press within this; latency counts from the time at which each should.
        #[arg(long, value_parser = clap::value_parser!(u64).range(1..=600_000))]
        within_ms: Option<u64>,
    },
    /// Buyers who came back and pay with one tap, a fixed number at a time.
    Tappers {
        /// The show whose first product is bought.
        #[arg(long)]
        show: String,
        /// Different buyers, who take turns.
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000))]
        buyers: u32,
        /// Orders in all.
        #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        orders: u32,
        /// Taps under way at any moment.
        #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=4_096))]
        at_once: u32,
    },
    /// Claims and checks out until the house is killed; the next run holds it to what it had said.
    Survivors {
        /// The show whose first product the drop is of.
        #[arg(long)]
        show: String,
        /// What the last run was told, and then this one.
        #[arg(long)]
        told: PathBuf,
        /// Only looks after what the last run was told.
        #[arg(long)]
        only_look: bool,
    },
    /// Looks at an order and at the office's list of orders, one after the other.
    Readers {
        /// The order, as its page is asked for: its id, and its key behind `?key=`.
        #[arg(long)]
        order: String,
        /// How many looks at each.
        #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        times: u32,
    },
    /// Viewers by WebRTC, who count what they miss.
    Watchers(Audience),
    /// Viewers by low-latency HLS, who count what they miss.
    Players(Audience),
    /// Half an hour of encoders that keep time in their ways: how far sound lies from the picture.
    Sound,
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

/// Runs what was asked and prints the figures; fails where there are none, or where they show a defect of the house.
pub async fn run(arguments: Arguments) -> ExitCode {
    match figures(arguments).await {
        Ok((figures, true_to_the_log)) => {
            eprint!("{}", table::of(&figures));
            println!("{figures:#}");
            if true_to_the_log { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(spoiled) => {
            eprintln!("no figures: {spoiled}");
            ExitCode::FAILURE
        }
    }
}

async fn figures(arguments: Arguments) -> Result<(Value, bool), Spoiled> {
    let Arguments { people, house } = arguments;
    let figures = match people {
        People::Viewers(asked) => {
            let seen = viewers::run(&asked.evening(house).await?).await?;
            return Ok((json!(seen), seen.is_true()));
        }
        People::Joins { show, joins } => json!(viewers::joins::run(&house.host, &show, joins).await?),
        People::Trivia { show, viewers } => json!(viewers::trivia::run(&house, &show, viewers as usize).await?),
        People::Failover { other, pid, show } => {
            json!(failover::run(&Failover { leads: house, other, pid, show }).await?)
        }
        People::Peer(peer) => json!(peers::run(&house.host, &peer).await?),
        People::Buyers { orders, at_once } => {
            let rush = Rush { house, orders: orders as usize, at_once: at_once as usize };
            json!(buyers::run(&rush).await?)
        }
        People::Claimers { show, claimers, connections, units, within_ms } => {
            let (claimers, connections, units) = (claimers as usize, connections as usize, units as usize);
            let within = within_ms.map(Duration::from_millis);
            let rush = claimers::Rush { house, show, claimers, connections, units, within };
            json!(claimers::run(&rush).await?)
        }
        People::Tappers { show, buyers, orders, at_once } => {
            let (buyers, orders, at_once) = (buyers as usize, orders as usize, at_once as usize);
            json!(tappers::run(&tappers::Rush { house, show, buyers, orders, at_once }).await?)
        }
        People::Survivors { show, told, only_look } => {
            let seen = survivors::run(&survivors::Run { house, show, told, only_look }).await?;
            return Ok((json!(seen), seen.lost.is_empty()));
        }
        People::Readers { order, times } => json!(readers::run(&house, &order, times).await?),
        People::Watchers(audience) => json!(picture::watchers::run(&house, &audience).await?),
        People::Players(audience) => json!(picture::players::run(&house, &audience).await?),
        People::Sound => json!(picture::sound::run()?),
        People::Shows { count } => json!(broadcasters::plan(&house, count).await?),
        People::FirstPart { show, patience } => {
            let took = broadcasters::first_part(&house, &show, Duration::from_secs(patience)).await?;
            json!({ "waited_ms": took.as_millis() as u64 })
        }
    };
    Ok((figures, true))
}
