//! `cargo xtask bench picture`: who watches, how far behind, and at what price; beside mediamtx where it is on PATH.

use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use super::encoders::{Encoders, recording};
use super::mediamtx::MediaMtx;
use super::process;
use super::programs::{Owner, Programs, progress, show};
use super::room::{HOUSE_CORE, LOAD_CORE, pinned};
use super::row::{Row, Target};
use crate::demo::FURNISHING;
use crate::house::{House, trunkshow};
use crate::scratch::Scratch;
use crate::shell::{Doing, Outcome, capture, fail};
use crate::{debian, web};

/// Kilobits a second of picture and sound.
const BY_WEBRTC: (u32, u32) = (1_500, 96);
const BY_HLS: (u32, u32) = (520, 80);
const IN_MEMORY: (u32, u32) = (3_900, 96);
/// The most of them of whom none misses anything is the figure; fewer are tried where some did.
const WATCHERS: [&str; 4] = ["480", "400", "200", "100"];
const PLAYERS: [&str; 4] = ["3600", "3000", "1500", "750"];
const SECONDS: &str = "30";
/// A playlist may have so many bytes.
const PLAYLIST_BYTES: u64 = 15_000;
/// Programmes whose memory is looked at, and when their windows are full.
const PROGRAMMES: usize = 4;
const FULL: Duration = Duration::from_secs(70);
/// What is kept of one, against the seconds of the figure: 36 s listed, three segments behind them and one in the making.
const KEPT_SECS: f64 = 44.0;
const FIGURE_SECS: f64 = 60.0;
const HELPER_SPAN: Duration = Duration::from_secs(20);

pub(crate) fn run(json: bool) -> Outcome {
    debian::install(&[&debian::C_COMPILER, &debian::FFMPEG, &debian::CHROMIUM])?;
    let programs = Programs::compile()?;
    show(&measure(&programs)?, json)
}

fn measure(programs: &Programs) -> Outcome<Vec<Row>> {
    use Target::{AtLeast, AtMost, TimesBaseline};
    progress("sound against picture");
    let sound = printed(pinned(LOAD_CORE, &programs.load).arg("sound"));
    progress("in a real browser, parts of 500 ms");
    let half = browser(programs, "500");
    progress("in a real browser, parts of 200 ms");
    let fifth = browser(programs, "200");
    progress("viewers by WebRTC");
    let watchers = most(&WATCHERS, |viewers| watched(programs, viewers));
    progress("viewers by LL-HLS");
    let players = most(&PLAYERS, |viewers| played(programs, viewers));
    progress("memory of programmes");
    let memory = memory(programs);
    progress("AAC → Opus");
    let opus = opus(programs);
    progress("mediamtx");
    let (their_watchers, their_players) = (theirs(programs, "watchers"), theirs(programs, "players"));

    Ok(vec![
        Row::new(
            "WHIP offer → first frame at a WHEP viewer, median",
            "ms",
            AtMost(500.0),
            number(&half, &["first_frame_ms"]),
            None,
        ),
        Row::new(
            "glass to glass by WHEP, from a browser, p95",
            "ms",
            AtMost(250.0),
            number(&half, &["whep_from_whip_p95_ms"]),
            None,
        ),
        Row::new(
            "glass to glass by WHEP, from an encoder by RTMP, p95",
            "ms",
            AtMost(250.0),
            number(&half, &["whep_from_rtmp_p95_ms"]),
            None,
        ),
        Row::new(
            "glass to glass by LL-HLS, parts of 500 ms, p95",
            "ms",
            AtMost(3_000.0),
            number(&half, &["hls_p95_ms"]),
            None,
        ),
        Row::new(
            "glass to glass by LL-HLS, parts of 200 ms, p95",
            "ms",
            AtMost(2_000.0),
            number(&fifth, &["hls_p95_ms"]),
            None,
        ),
        Row::new(
            "WHEP viewers per core at 1.5 Mb/s, none missing anything",
            "viewers",
            AtLeast(400.0),
            number(&watchers, &["viewers_per_core"]),
            None,
        ),
        Row::new(
            "WHEP viewers per core, beside mediamtx",
            "viewers",
            TimesBaseline(2.0),
            number(&watchers, &["viewers_per_core"]),
            Some(number(&their_watchers, &["viewers_per_core"])),
        ),
        Row::new(
            "LL-HLS viewers per core at 600 kb/s, parts of 500 ms",
            "viewers",
            AtLeast(3_000.0),
            number(&players, &["viewers_per_core"]),
            None,
        ),
        Row::new(
            "LL-HLS viewers per core, beside mediamtx",
            "viewers",
            TimesBaseline(1.0),
            number(&players, &["viewers_per_core"]),
            Some(number(&their_players, &["viewers_per_core"])),
        ),
        Row::new(
            "the playlist of those viewers",
            "bytes",
            AtMost(15_000.0),
            number(&players, &["playlist_bytes"]),
            None,
        ),
        Row::new("memory of a live programme at 4 Mb/s, for 60 s kept", "MB", AtMost(40.0), memory, None),
        Row::new("memory of a WHEP viewer", "bytes", AtMost(262_144.0), number(&watchers, &["bytes_per_viewer"]), None),
        Row::new("AAC → Opus, of a core for each programme", "%", AtMost(4.0), opus, None),
        Row::new("call: click to both seeing each other", "s", AtMost(3.0), fail("calls are not built", ""), None),
        Row::new(
            "sound against picture after 30 minutes",
            "ms",
            AtMost(40.0),
            worst(&sound, "after_half_an_hour_ms"),
            None,
        ),
        Row::new(
            "sound against picture after 10 s of silence",
            "ms",
            AtMost(40.0),
            worst(&sound, "after_silence_ms"),
            None,
        ),
    ])
}

/// A furnished house on its core, with parts of so many milliseconds.
fn house(programs: &Programs, data: &Scratch, part_ms: &str) -> Outcome<House> {
    let demo = trunkshow(&programs.trunkshow, "demo", data.path());
    let mut pinned = pinned(HOUSE_CORE, demo.get_program());
    pinned.args(demo.get_args()).args(["--no-broadcast", "--part-ms", part_ms]);
    House::start(pinned, FURNISHING)
}

/// What a program printed.
fn printed(command: &mut Command) -> Outcome<Value> {
    let figures: Value = serde_json::from_str(&capture(command)?).doing("read what trunkshow-load printed")?;
    eprintln!("   {figures}");
    Ok(figures)
}

/// The figures of the largest audience that missed nothing.
fn most(audiences: &[&str], measure: impl Fn(&str) -> Outcome<Value>) -> Outcome<Value> {
    let mut said = Vec::new();
    for audience in audiences {
        match measure(audience) {
            Ok(figures) => return Ok(figures),
            Err(failure) => said.push(format!("{audience}: {failure}")),
        }
    }
    fail(said.join("; "), "the figures above say what was missed")
}

/// An audience of one programme that an encoder pushes into by RTMP.
fn audience(programs: &Programs, (picture, sound): (u32, u32), args: &[&str]) -> Outcome<Value> {
    let recording = recording(picture, sound)?;
    let data = Scratch::new("bench-picture")?;
    let house = house(programs, &data, "500")?;
    let owner = Owner::of(&house.ready)?;
    let shows = shows(programs, &house, &owner, 1)?;
    let Some((show, ingest)) = shows.first() else { return fail("no show was planned", "") };
    let _encoder = Encoders::start(&recording, std::slice::from_ref(ingest))?;
    // More than the playlist's window of segments.
    sleep(Duration::from_secs(15));
    let pid = house.pid().to_string();
    let load = programs.load(&house, &owner, &[args, &["--show", show, "--pid", &pid]].concat())?;
    printed(pinned(LOAD_CORE, load.get_program()).args(load.get_args()))
}

fn watched(programs: &Programs, viewers: &str) -> Outcome<Value> {
    let figures = audience(programs, BY_WEBRTC, &["watchers", "--viewers", viewers, "--seconds", SECONDS])?;
    nothing_missed(figures, "watching")
}

fn played(programs: &Programs, viewers: &str) -> Outcome<Value> {
    let figures = audience(programs, BY_HLS, &["players", "--viewers", viewers, "--seconds", SECONDS])?;
    match figures["playlist_bytes"].as_u64() {
        Some(bytes) if bytes <= PLAYLIST_BYTES => nothing_missed(figures, "playing"),
        bytes => fail(format!("a playlist of {bytes:?} bytes"), ""),
    }
}

/// All are there, none missed a picture or a part, and pictures came as fast as they were made.
fn nothing_missed(figures: Value, still: &str) -> Outcome<Value> {
    let count = |key: &str| figures[key].as_u64().unwrap_or(0);
    let slow = figures["pictures_per_second"].as_f64().is_some_and(|rate| rate < 29.0);
    if count("lost") + count("stalls") == 0 && figures[still] == figures["viewers"] && !slow {
        return Ok(figures);
    }
    fail(format!("of {} viewers some missed something: {figures}", count("viewers")), "")
}

/// Plans shows in rehearsal; their ids and ingest addresses.
fn shows(programs: &Programs, house: &House, owner: &Owner, count: usize) -> Outcome<Vec<(String, String)>> {
    let shows = programs.load_json(house, owner, &["shows", "--count", &count.to_string()])?;
    let text = |show: &Value, key: &str| show[key].as_str().unwrap_or_default().to_owned();
    Ok(shows.as_array().into_iter().flatten().map(|show| (text(show, "show"), text(show, "ingest"))).collect())
}

/// Resident memory that each of some programmes adds once its window is full, counted up to the seconds of the figure.
fn memory(programs: &Programs) -> Outcome<f64> {
    let recording = recording(IN_MEMORY.0, IN_MEMORY.1)?;
    let data = Scratch::new("bench-picture")?;
    let house = house(programs, &data, "500")?;
    let shows = shows(programs, &house, &Owner::of(&house.ready)?, PROGRAMMES)?;
    let before = process::resident_mb(house.pid())?;
    let addresses: Vec<String> = shows.into_iter().map(|(_, ingest)| ingest).collect();
    let mut encoders = Encoders::start(&recording, &addresses)?;
    sleep(FULL);
    let each = (process::resident_mb(house.pid())? - before) / PROGRAMMES as f64;
    encoders.all_on_air()?;
    eprintln!("   {each:.1} MB each, with about {KEPT_SECS} s kept");
    if each <= 0.0 {
        return fail("the house did not grow", "its furnishing may have given memory back meanwhile");
    }
    Ok(each * FIGURE_SECS / KEPT_SECS)
}

/// What the process costs that makes Opus of AAC while somebody watches, in percent of a core.
fn opus(programs: &Programs) -> Outcome<f64> {
    let recording = recording(BY_WEBRTC.0, BY_WEBRTC.1)?;
    let data = Scratch::new("bench-picture")?;
    let house = house(programs, &data, "500")?;
    let owner = Owner::of(&house.ready)?;
    let shows = shows(programs, &house, &owner, 1)?;
    let Some((show, ingest)) = shows.first() else { return fail("no show was planned", "") };
    let _encoder = Encoders::start(&recording, std::slice::from_ref(ingest))?;
    sleep(Duration::from_secs(5));
    let pid = house.pid().to_string();
    let args = ["watchers", "--viewers", "1", "--seconds", "40", "--show", show, "--pid", &pid];
    let mut viewer = programs.load(&house, &owner, &args)?;
    let mut viewer = viewer.stdout(std::process::Stdio::null()).spawn().doing("start trunkshow-load")?;
    sleep(Duration::from_secs(10));
    let helper = process::child_with(house.pid(), "libopus");
    let cost = helper.and_then(|pid| process::cpu_over(pid, HELPER_SPAN));
    let _ = viewer.kill();
    let _ = viewer.wait();
    Ok(cost? * 100.0 / HELPER_SPAN.as_secs_f64())
}

/// What Chromium sees of a house with such parts.
fn browser(programs: &Programs, part_ms: &str) -> Outcome<Value> {
    let data = Scratch::new("bench-picture")?;
    let mut demo = trunkshow(&programs.trunkshow, "demo", data.path());
    demo.args(["--no-broadcast", "--part-ms", part_ms]);
    let house = House::start(demo, FURNISHING)?;
    let file = data.path().join("figures.json");
    let settings = [
        ("TRUNKSHOW_READY", house.ready.to_string()),
        ("TRUNKSHOW_FIGURES", file.display().to_string()),
        ("TRUNKSHOW_WAYS", if part_ms == "500" { "all" } else { "hls" }.to_owned()),
    ];
    web::browse("picture.e2e.ts", &settings)?;
    let text = std::fs::read_to_string(&file).doing("read the browser's figures")?;
    let figures: Value = serde_json::from_str(&text).doing("read the browser's figures")?;
    eprintln!("   {figures}");
    Ok(figures)
}

/// The same audiences of mediamtx, with the same source.
fn theirs(programs: &Programs, kind: &str) -> Outcome<Value> {
    let ((picture, sound), audiences, still) = match kind {
        "watchers" => (BY_WEBRTC, WATCHERS, "watching"),
        _ => (BY_HLS, PLAYERS, "playing"),
    };
    let recording = recording(picture, sound)?;
    most(&audiences, |viewers| {
        let server = MediaMtx::start(&mut pinned(HOUSE_CORE, MediaMtx::program()?))?;
        nothing_missed(their_audience(programs, &server, &recording, &[kind, "--viewers", viewers])?, still)
    })
}

fn their_audience(programs: &Programs, server: &MediaMtx, recording: &Path, args: &[&str]) -> Outcome<Value> {
    let _encoder = Encoders::start(recording, &[format!("{}/show", server.rtmp())])?;
    sleep(Duration::from_secs(15));
    let (host, path) = if args.contains(&"watchers") { server.whep("show") } else { server.hls("show") };
    let pid = server.pid().to_string();
    let mut load = pinned(LOAD_CORE, &programs.load);
    printed(load.args(args).args(["--seconds", SECONDS, "--host", &host, "--path", &path, "--pid", &pid]))
}

fn number(seen: &Outcome<Value>, keys: &[&str]) -> Outcome<f64> {
    let seen = seen.as_ref().map_err(ToString::to_string).or_else(|failure| fail(failure, ""))?;
    let value = keys.iter().fold(seen, |value, key| &value[*key]);
    value.as_f64().map_or_else(|| fail(format!("there is no {}", keys.join(" ")), ""), Ok)
}

/// Of all kinds of encoders.
fn worst(sound: &Outcome<Value>, key: &str) -> Outcome<f64> {
    let kinds = ["counted", "trembling", "slow"].map(|kind| number(sound, &[kind, key]));
    kinds.into_iter().try_fold(0.0, |most, apart| Ok(f64::max(most, apart?)))
}
