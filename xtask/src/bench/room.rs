//! `cargo xtask bench room`: thousands in one room, beside others who fan out.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::peers::{Drive, Peer};
use super::programs::{Owner, Programs, progress, show};
use super::row::{Row, Target};
use crate::debian;
use crate::demo::FURNISHING;
use crate::house::{House, trunkshow};
use crate::postgres::{self, Disk};
use crate::scratch::Scratch;
use crate::shell::{Doing, Outcome, capture, command, fail, which};

/// The house and whoever it is compared with have one core, what loads them another.
pub(super) const HOUSE_CORE: &str = "0";
pub(super) const LOAD_CORE: &str = "1";

/// 10,000 in one room; each message goes out by itself, since everybody has it when the next one comes: on a busy machine a
/// faster rate would measure how well messages are merged.
const UNBATCHED: [&str; 8] = ["--profile", "rush", "--lines", "4", "--announce-ms", "0", "--seconds", "12"];
/// 20 messages a tick of 120 ms, compressed as browsers ask for it.
const BATCHED: [&str; 9] =
    ["--profile", "rush", "--staff-lines", "167", "--announce-ms", "0", "--seconds", "12", "--deflate"];
const IN_FLIGHT: [&str; 10] =
    ["--profile", "rush", "--viewers", "5000", "--in-flight", "8", "--announce-ms", "0", "--seconds", "12"];
const RUSH: [&str; 6] = ["--profile", "rush", "--seconds", "20", "--remove-ms", "2000"];
const TRUNK_SHOW: [&str; 6] = ["--profile", "trunk-show", "--seconds", "20", "--lives", "0"];
const EIGHTEEN: [&str; 4] = ["--profile", "eighteen", "--seconds", "20"];
const IDLE: [&str; 10] = ["--profile", "rush", "--lines", "0", "--announce-ms", "0", "--seconds", "1", "--idle", "15"];
/// 50,000 lines by people of the shop, before somebody new comes.
const FILL: [&str; 12] = [
    "--profile",
    "trunk-show",
    "--viewers",
    "101",
    "--staff-lines",
    "1000",
    "--seconds",
    "50",
    "--lives",
    "0",
    "--naps",
    "0",
];
const ALONE: Drive = Drive { subscribers: "10000", seconds: "10", in_flight: None };
const EIGHT: Drive = Drive { subscribers: "5000", seconds: "10", in_flight: Some("8") };

pub(crate) fn run(json: bool) -> Outcome {
    debian::install(&[&debian::C_COMPILER])?;
    let programs = Programs::compile()?;
    show(&measure(&programs)?, json)
}

/// A program on one core, where there are two.
pub(super) fn pinned(core: &str, program: impl AsRef<Path>) -> Command {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if cores < 2 || which("taskset").is_none() {
        return command(program.as_ref(), &[]);
    }
    let mut pinned = command("taskset", &["-c", core]);
    pinned.arg(program.as_ref());
    pinned
}

fn measure(programs: &Programs) -> Outcome<Vec<Row>> {
    use Target::{AtLeast, AtMost, TimesBaseline};
    progress("10,000 who only watch");
    let idle = idle(programs);
    progress("10,000, message by message");
    let single = evening(programs, &UNBATCHED);
    progress("10,000, 20 messages a tick");
    let batched = evening(programs, &BATCHED);
    progress("5,000, 8 messages in flight");
    let flight = evening(programs, &IN_FLIGHT);
    progress("10,000, 10 messages a second");
    let rush = evening(programs, &RUSH);
    progress("1,600 in a trunk show");
    let trunk = evening(programs, &TRUNK_SHOW);
    progress("18 shows at once");
    let eighteen = evening(programs, &EIGHTEEN);
    progress("a room of 50,000 events");
    let join = joins(programs);
    progress("a leader that is killed");
    let failover = failover(programs);

    let rate = |seen: &Outcome<Value>| number(seen, &["deliveries_per_cpu_second"]);
    let mut rows = Vec::new();
    for (figure, peer, times) in [
        ("10,000 viewers, unbatched, beside node ws", Peer::Ws, 2.0),
        ("10,000 viewers, unbatched, beside Redis pub/sub", Peer::Redis, 1.3),
        ("10,000 viewers, unbatched, beside Bun", Peer::Bun, 1.0),
        ("10,000 viewers, unbatched, beside socket.io", Peer::SocketIo, 2.0),
        ("10,000 viewers, unbatched, beside Centrifugo", Peer::Centrifugo, 1.0),
        ("10,000 viewers, unbatched, beside Sockudo", Peer::Sockudo, 1.0),
    ] {
        let other = peer.deliveries(programs, ALONE);
        rows.push(Row::new(figure, "deliveries/CPU s", TimesBaseline(times), rate(&single), Some(other)));
    }
    let bun = Peer::Bun.deliveries(programs, EIGHT);
    let trivia = trivia(programs);
    rows.extend([
        Row::new(
            "10,000 viewers, 20 messages a tick, compressed",
            "deliveries/CPU s",
            AtLeast(2e6),
            rate(&batched),
            None,
        ),
        Row::new(
            "5,000 viewers, 8 in flight, beside Bun",
            "deliveries/CPU s",
            TimesBaseline(1.0),
            rate(&flight),
            Some(bun),
        ),
        Row::new(
            "memory of a viewer who only watches",
            "bytes",
            AtMost(4_096.0),
            number(&idle, &["bytes_per_viewer"]),
            None,
        ),
        Row::new("10,000 viewers, 10 messages/s: p99", "ms", AtMost(250.0), number(&rush, &["chat", "p99_ms"]), None),
        Row::new(
            "1,600 viewers: spread of a state event over all, p99",
            "ms",
            AtMost(300.0),
            number(&trunk, &["spread", "p99_ms"]),
            None,
        ),
        Row::new(
            "1,600 viewers, trivia: spread of \"open\" over all",
            "ms",
            AtMost(300.0),
            number(&trivia, &["spread_ms"]),
            None,
        ),
        Row::new(
            "trivia: first right answer → winner named",
            "ms",
            AtMost(500.0),
            number(&trivia, &["named_ms"]),
            None,
        ),
        Row::new("18 shows × 1,000 viewers: p99", "ms", AtMost(500.0), number(&eighteen, &["chat", "p99_ms"]), None),
        Row::new("the same: viewers who are not told the log", "viewers", AtMost(0.0), untrue(&eighteen), None),
        Row::new("room of 50,000 events: join, p99", "ms", AtMost(50.0), number(&join, &["join", "p99_ms"]), None),
        Row::new("the same: snapshot", "bytes", AtMost(65_536.0), number(&join, &["hello_bytes"]), None),
        Row::new(
            "10,000 viewers: a removed line gone for the last of them",
            "ms",
            AtMost(1_000.0),
            number(&rush, &["removal", "max_ms"]),
            None,
        ),
        Row::new("10,000 viewers: not told the log", "viewers", AtMost(0.0), untrue(&rush), None),
        Row::new(
            "leader killed → next event delivered by another process",
            "ms",
            AtMost(3_000.0),
            number(&failover, &["took_ms"]),
            None,
        ),
    ]);
    Ok(rows)
}

/// A furnished house on its core.
fn house(programs: &Programs, data: &Scratch) -> Outcome<House> {
    let demo = trunkshow(&programs.trunkshow, "demo", data.path());
    let mut pinned = pinned(HOUSE_CORE, demo.get_program());
    pinned.args(demo.get_args()).arg("--no-broadcast");
    House::start(pinned, FURNISHING)
}

/// One evening in a house of its own: what the viewers saw, and what they cost.
fn evening(programs: &Programs, how: &[&str]) -> Outcome<Value> {
    let data = Scratch::new("bench-room")?;
    let house = house(programs, &data)?;
    let pid = house.pid().to_string();
    viewers(programs, &house, &Owner::of(&house.ready)?, &[&["viewers", "--pid", &pid], how].concat())
}

/// Viewers who only watch, in a house that was started on its furnished folder: one that has just been furnished gives memory
/// back while they come in, and would hide theirs.
fn idle(programs: &Programs) -> Outcome<Value> {
    let data = Scratch::new("bench-room")?;
    let owner = Owner::of(&house(programs, &data)?.ready)?;
    let serve = trunkshow(&programs.trunkshow, "serve", data.path());
    let mut pinned = pinned(HOUSE_CORE, serve.get_program());
    pinned.args(serve.get_args());
    let house = House::start(pinned, FURNISHING)?;
    let pid = house.pid().to_string();
    viewers(programs, &house, &owner, &[&["viewers", "--pid", &pid], &IDLE[..]].concat())
}

fn viewers(programs: &Programs, house: &House, owner: &Owner, args: &[&str]) -> Outcome<Value> {
    let load = programs.load(house, owner, args)?;
    let mut pinned = pinned(LOAD_CORE, load.get_program());
    let figures = serde_json::from_str(&capture(pinned.args(load.get_args()))?);
    let figures: Value = figures.doing("read what trunkshow-load printed")?;
    eprintln!("   {figures}");
    Ok(figures)
}

/// Fills a room, then joins it again and again.
fn joins(programs: &Programs) -> Outcome<Value> {
    let data = Scratch::new("bench-room")?;
    let house = house(programs, &data)?;
    let (show, owner) = (house.text("show")?, Owner::of(&house.ready)?);
    viewers(programs, &house, &owner, &[&["viewers", "--show", show], &FILL[..]].concat())?;
    let figures = viewers(programs, &house, &owner, &["joins", "--show", show])?;
    match figures["offset"].as_u64() {
        Some(offset) if offset >= 45_000 => Ok(figures),
        offset => fail(format!("the room has {offset:?} events, not 50,000"), "look at what was refused above"),
    }
}

/// A question that 1,600 viewers answer.
fn trivia(programs: &Programs) -> Outcome<Value> {
    let data = Scratch::new("bench-room")?;
    let house = house(programs, &data)?;
    let show = house.text("show")?;
    viewers(programs, &house, &Owner::of(&house.ready)?, &["trivia", "--show", show])
}

/// Two processes on one PostgreSQL; the one that leads the room is killed.
fn failover(programs: &Programs) -> Outcome<Value> {
    let server = postgres::start_with(Disk::Durable)?;
    let (first, second) = (Scratch::new("bench-room")?, Scratch::new("bench-room")?);
    let mut demo = trunkshow(&programs.trunkshow, "demo", first.path());
    demo.args(["--no-broadcast", "--database", &server.url()]);
    let leader = House::start(demo, FURNISHING)?;
    // Processes of one house share its master key.
    fs::copy(first.path().join("master.key"), second.path().join("master.key")).doing("copy the master key")?;
    let mut serve = trunkshow(&programs.trunkshow, "serve", second.path());
    serve.args(["--database", &server.url()]);
    let other = House::start(serve, FURNISHING)?;
    let Some(there) = other.text("url")?.strip_prefix("http://") else { return fail("the house has no address", "") };
    let (show, pid) = (leader.text("show")?, leader.pid().to_string());
    let args = ["failover", "--other", there.trim_end_matches('/'), "--pid", &pid, "--show", show];
    let figures = programs.load_json(&leader, &Owner::of(&leader.ready)?, &args)?;
    eprintln!("   {figures}");
    Ok(figures)
}

fn number(seen: &Outcome<Value>, keys: &[&str]) -> Outcome<f64> {
    let seen = seen.as_ref().map_err(ToString::to_string).or_else(|failure| fail(failure, ""))?;
    let value = keys.iter().fold(seen, |value, key| &value[*key]);
    value.as_f64().map_or_else(|| fail(format!("the load program gave no {}", keys.join(" ")), ""), Ok)
}

/// Viewers whose evening was not the log's.
fn untrue(seen: &Outcome<Value>) -> Outcome<f64> {
    let (gaps, behind) = (number(seen, &["gaps"])?, number(seen, &["behind"])?);
    let disagree = seen.as_ref().ok().and_then(|seen| seen["disagree"].as_object());
    let disagree: f64 = disagree.into_iter().flatten().filter_map(|(_, count)| count.as_f64()).sum();
    Ok(gaps + behind + disagree)
}
