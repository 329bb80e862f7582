//! `cargo xtask bench air`: from an encoder to a paid order.

use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use super::encoders::{Encoders, recording};
use super::programs::{Owner, Programs, progress, show};
use super::row::{Row, Target};
use super::{baseline, process};
use crate::demo::FURNISHING;
use crate::house::{House, trunkshow};
use crate::scratch::Scratch;
use crate::shell::{Doing, Outcome, capture, fail};
use crate::{debian, web};

pub(crate) const INGESTS: usize = 20;
const SPAN: Duration = Duration::from_secs(60);
/// From the start of the encoders until their load is steady.
const WARM_UP: Duration = Duration::from_secs(5);
/// Idle costs are measured over this, then scaled to [`SPAN`].
const IDLE_SPAN: Duration = Duration::from_secs(20);
const STARTS: usize = 5;
const READY_WITHIN: Duration = Duration::from_secs(30);
const ORDERS: &str = "10000";

/// The programs, and a furnished house's folder.
struct Bench<'a> {
    programs: &'a Programs,
    data: &'a Scratch,
    owner: Owner,
}

pub(crate) fn run(json: bool) -> Outcome {
    debian::install(&[&debian::C_COMPILER, &debian::FFMPEG, &debian::CHROMIUM])?;
    let programs = Programs::compile()?;
    // The 1.6 Mb/s of the figure.
    let recording = recording(1_500, 96)?;
    show(&measure(&programs, &recording)?, json)
}

fn measure(programs: &Programs, recording: &Path) -> Outcome<Vec<Row>> {
    let data = Scratch::new("bench")?;
    progress("furnishing");
    let furnished = || {
        let mut demo = trunkshow(&programs.trunkshow, "demo", data.path());
        demo.arg("--no-broadcast");
        House::start(demo, FURNISHING)
    };
    let owner = Owner::of(&furnished()?.ready)?;
    let bench = Bench { programs, data: &data, owner };

    // Before ten thousand orders are bought: their letters would be on their way while these look at an idle house.
    progress("start to ready");
    let start = median_of(STARTS, || Ok(bench.serve()?.took.as_secs_f64() * 1000.0));
    progress("memory after a minute");
    let memory = bench.memory();
    progress("20 encoders for a minute, ours and others'");
    let ingest = || bench.ingest(recording);
    let (ours, nginx, mediamtx) = (ingest(), baseline::nginx(recording), baseline::mediamtx(recording));

    let house = furnished()?;
    progress("publish → first part");
    let first_part = median_of(3, || bench.first_part(&house, recording));
    progress("page → picture, picture → playhead");
    let watched = bench.watch(&house);
    let watched = |key: &str| match &watched {
        Ok(figures) => figures[key].as_f64().map_or_else(|| fail(format!("the browser gave no {key}"), ""), Ok),
        Err(failure) => fail(failure.to_string(), ""),
    };
    progress("checkouts");
    let orders = bench.checkouts(&house);
    drop(house);

    let again = match &ours {
        Ok(seconds) => Ok(*seconds),
        Err(failure) => fail(failure.to_string(), ""),
    };

    use Target::{AtLeast, AtMost, OfBaseline};
    Ok(vec![
        Row::new("publish accepted → first playable part", "s", AtMost(1.5), first_part, None),
        Row::new("viewer opens the page → first frame, median", "s", AtMost(1.5), watched("first_frame_s"), None),
        Row::new("picture to playhead, p95 (camera to screen)", "s", AtMost(3.0), watched("behind_p95_s"), None),
        Row::new(
            "CPU of 20 ingests for 60 s, beside nginx-rtmp (no parts)",
            "CPU s",
            OfBaseline(0.5),
            ours,
            Some(nginx),
        ),
        Row::new("CPU of 20 ingests for 60 s, beside mediamtx", "CPU s", OfBaseline(0.5), again, Some(mediamtx)),
        Row::new("checkouts over HTTP, 64 at once, load included", "orders/s", AtLeast(1000.0), orders, None),
        Row::new("memory of serve on the demo data after 60 s", "MB", AtMost(60.0), memory, None),
        Row::new("start to ready, median", "ms", AtMost(300.0), start, None),
        Row::new("JavaScript of the room before video code, gzip", "bytes", AtMost(60_000.0), room_script(), None),
    ])
}

impl Bench<'_> {
    fn serve(&self) -> Outcome<House> {
        House::start(trunkshow(&self.programs.trunkshow, "serve", self.data.path()), READY_WITHIN)
    }

    /// Plans shows in rehearsal; the ids and ingest addresses.
    fn shows(&self, house: &House, count: usize) -> Outcome<Vec<(String, String)>> {
        let shows = self.programs.load_json(house, &self.owner, &["shows", "--count", &count.to_string()])?;
        let text = |show: &Value, key: &str| show[key].as_str().unwrap_or_default().to_owned();
        Ok(shows.as_array().into_iter().flatten().map(|show| (text(show, "show"), text(show, "ingest"))).collect())
    }

    fn first_part(&self, house: &House, recording: &Path) -> Outcome<f64> {
        let shows = self.shows(house, 1)?;
        let Some((show, ingest)) = shows.first() else { return fail("no show was planned", "") };
        // It looks at the playlist all the time before the encoder comes, so that its own start costs nothing.
        let mut looking = self.programs.load(house, &self.owner, &["first-part", "--show", show])?;
        let mut looking = looking.stdout(Stdio::null()).spawn().doing("start trunkshow-load")?;
        sleep(Duration::from_secs(1));
        let (_encoder, asked) = Encoders::start_one(recording, ingest)?;
        let status = looking.wait().doing("wait for the first part")?;
        let took: Duration = asked.elapsed();
        if status.success() { Ok(took.as_secs_f64()) } else { fail("no first part came", "read the output above") }
    }

    fn watch(&self, house: &House) -> Outcome<Value> {
        let figures = self.data.path().join("figures.json");
        let settings =
            [("TRUNKSHOW_READY", house.ready.to_string()), ("TRUNKSHOW_FIGURES", figures.display().to_string())];
        web::browse("figures.e2e.ts", &settings)?;
        let text = std::fs::read_to_string(&figures).doing("read the browser's figures")?;
        serde_json::from_str(&text).doing("read the browser's figures")
    }

    fn checkouts(&self, house: &House) -> Outcome<f64> {
        let seen = self.programs.load_json(house, &self.owner, &["buyers", "--orders", ORDERS, "--at-once", "64"])?;
        eprintln!("   {seen}");
        let refused = seen["refused"].as_object().is_some_and(|refused| !refused.is_empty());
        match seen["orders_per_second"].as_f64() {
            Some(rate) if !refused => Ok(rate),
            _ => fail(format!("not every order was paid: {seen}"), "the problem codes say why"),
        }
    }

    fn memory(&self) -> Outcome<f64> {
        let house = self.serve()?;
        sleep(SPAN);
        process::resident_mb(house.pid())
    }

    fn ingest(&self, recording: &Path) -> Outcome<f64> {
        let house = self.serve()?;
        let addresses: Vec<String> = self.shows(&house, INGESTS)?.into_iter().map(|(_, ingest)| ingest).collect();
        cpu_of_ingests(house.pid(), || Encoders::start(recording, &addresses))
    }
}

/// CPU seconds that the process uses for a minute of encoders, without what it uses when idle.
pub(crate) fn cpu_of_ingests(pid: u32, start: impl FnOnce() -> Outcome<Encoders>) -> Outcome<f64> {
    let idle = process::cpu_over(pid, IDLE_SPAN)? * SPAN.as_secs_f64() / IDLE_SPAN.as_secs_f64();
    let mut encoders = start()?;
    sleep(WARM_UP);
    let busy = process::cpu_over(pid, SPAN)?;
    encoders.all_on_air()?;
    if busy > idle {
        Ok(busy - idle)
    } else {
        fail("it used more when idle", "something else was going on in the house")
    }
}

/// What the room loads before video code, as `web/scripts/size.js` counts it.
fn room_script() -> Outcome<f64> {
    let sizes = capture(&mut web::npm(&["run", "--silent", "size"]))?;
    let line = sizes.lines().find(|line| line.starts_with("show.html"));
    match line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()) {
        Some(bytes) => Ok(bytes),
        None => fail("web/scripts/size.js names no show.html", "its output is read here"),
    }
}

/// The middle one of an odd number of measurements.
fn median_of(count: usize, mut measure: impl FnMut() -> Outcome<f64>) -> Outcome<f64> {
    let mut values = (0..count).map(|_| measure()).collect::<Outcome<Vec<f64>>>()?;
    values.sort_by(f64::total_cmp);
    Ok(values[count / 2])
}
