//! What is asked for on the command line: a profile, and what is changed about it.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::{Chat, Evening, Habits};
use crate::house::{House, Spoiled};
use crate::shows::Shop;

/// Evenings that are run again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Profile {
    /// One show of 1,600 viewers who chat, lose their connections, nap and reload.
    TrunkShow,
    /// 18 shows at once with 1,000 viewers each, 2 lines a second in each show.
    Eighteen,
    /// 10,000 viewers in one room, 10 lines a second.
    Rush,
}

/// Viewers in rooms.
#[derive(Clone, Debug, Args)]
pub struct Asked {
    /// Where the other figures come from, as far as they are not given.
    #[arg(long, value_enum, default_value = "trunk-show")]
    profile: Profile,
    /// Shows that are there already; without any, some are planned.
    #[arg(long)]
    show: Vec<String>,
    /// Shows to plan.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=200))]
    shows: Option<u32>,
    /// Viewers in each show.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    viewers: Option<u32>,
    /// Lines a second in each show, by viewers in turn.
    #[arg(long)]
    lines: Option<f64>,
    /// Lines a second in each show, by people of the shop: none of them is ever left out.
    #[arg(long, conflicts_with = "lines")]
    staff_lines: Option<f64>,
    /// So many people of the shop say their next line when they have seen the last.
    #[arg(long, conflicts_with_all = ["lines", "staff_lines"], value_parser = clap::value_parser!(u32).range(1..=100))]
    in_flight: Option<u32>,
    /// Length of a line.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(40..=450))]
    line_bytes: u32,
    /// Milliseconds between two words of the shop on the state lane; 0 for none.
    #[arg(long)]
    announce_ms: Option<u64>,
    /// Milliseconds between two removals of the newest line; 0 for none.
    #[arg(long, default_value_t = 0)]
    remove_ms: u64,
    /// Seconds in which nothing is sent, after all are in.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(0..=600))]
    idle: u64,
    /// Seconds in which lines are sent.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=36_000))]
    seconds: u64,
    /// Seconds that a connection lives on average before it is cut; 0 for ever.
    #[arg(long)]
    lives: Option<u64>,
    /// Seconds after which a viewer stops reading for a while, on average; 0 for never.
    #[arg(long)]
    naps: Option<u64>,
    /// Viewers take compressed frames, as every browser does.
    #[arg(long)]
    deflate: bool,
    /// Loopback addresses that viewers come from; 0 for the system's choice.
    #[arg(long, value_parser = clap::value_parser!(u32).range(0..=60_000))]
    addresses: Option<u32>,
    /// The house's process on this machine: its CPU and memory are measured too.
    #[arg(long)]
    pid: Option<u32>,
    /// The same seed makes the same choices.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

struct Figures {
    shows: u32,
    viewers: u32,
    lines: f64,
    announce_ms: u64,
    lives: u64,
    naps: u64,
}

impl Profile {
    const fn figures(self) -> Figures {
        match self {
            Self::TrunkShow => {
                Figures { shows: 1, viewers: 1_600, lines: 8.0, announce_ms: 1_000, lives: 30, naps: 60 }
            }
            Self::Eighteen => Figures { shows: 18, viewers: 1_000, lines: 2.0, announce_ms: 5_000, lives: 0, naps: 0 },
            Self::Rush => Figures { shows: 1, viewers: 10_000, lines: 10.0, announce_ms: 2_000, lives: 0, naps: 0 },
        }
    }
}

impl Asked {
    /// The evening; plans its shows where none are named.
    pub(crate) async fn evening(&self, house: House) -> Result<Evening, Spoiled> {
        let profile = self.profile.figures();
        let mut shows = self.show.clone();
        if shows.is_empty() {
            let (mut desk, cookie) = house.desk().await?;
            let shop = Shop::ask(&mut desk, cookie).await?;
            for number in 1..=self.shows.unwrap_or(profile.shows) {
                shows.push(shop.plan(&mut desk, number as usize).await?);
            }
        }
        let viewers = self.viewers.unwrap_or(profile.viewers) as usize;
        let seconds = |given: Option<u64>, profile: u64| {
            Some(given.unwrap_or(profile)).filter(|seconds| *seconds > 0).map(Duration::from_secs)
        };
        let lines = self.lines.unwrap_or(profile.lines);
        let (chat, chatters) = match (self.in_flight, self.staff_lines) {
            (Some(speakers), _) => (Chat::InFlight(speakers as usize), speakers as usize),
            // A person of the shop may send 20 frames a second.
            (None, Some(lines)) => (Chat::ByStaff(lines), (lines / 10.0).ceil() as usize),
            // A viewer may say one line a second.
            (None, None) => (Chat::EverySecond(lines), (lines * 5.0).ceil() as usize),
        };
        let naps_every = seconds(self.naps, profile.naps);
        let addresses = (viewers * shows.len()).div_ceil(100);
        Ok(Evening {
            house,
            shows,
            viewers,
            chatters: chatters.clamp(1, viewers),
            chat,
            line_bytes: self.line_bytes as usize,
            announce_every: Some(self.announce_ms.unwrap_or(profile.announce_ms))
                .filter(|ms| *ms > 0)
                .map(Duration::from_millis),
            remove_every: Some(self.remove_ms).filter(|ms| *ms > 0).map(Duration::from_millis),
            idle: Duration::from_secs(self.idle),
            lasts: Duration::from_secs(self.seconds),
            habits: Habits {
                lives: seconds(self.lives, profile.lives),
                reloads_percent: 25,
                naps_every,
                nap: Duration::from_secs(3),
                receive_buffer: if naps_every.is_some() { 4_096 } else { 0 },
            },
            deflate: self.deflate,
            addresses: self.addresses.unwrap_or(u32::try_from(addresses).unwrap_or(u32::MAX)),
            pid: self.pid,
            seed: self.seed,
        })
    }
}
