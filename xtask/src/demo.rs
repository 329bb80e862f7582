//! `cargo xtask demo`: from a fresh clone to a furnished house that is on air; with `--smoke` watched, asked and bought
//! from by a real browser, unattended.

use std::path::PathBuf;
use std::time::Duration;

use crate::house::{House, trunkshow};
use crate::scratch::Scratch;
use crate::shell::{Outcome, cargo, root, run, run_or, target};
use crate::{debian, web};

/// Furnishing, filming, starting and the first part of the broadcast: half a minute, more where the machine is busy.
pub(crate) const FURNISHING: Duration = Duration::from_secs(600);

/// Runs the demo until Ctrl-C, in `data/demo`, which is kept for the next time.
pub(crate) fn run_demo() -> Outcome {
    debian::install(&[&debian::C_COMPILER, &debian::FFMPEG])?;
    let binary = build()?;
    println!("── furnishing data/demo and going on air; Ctrl-C ends it");
    let mut demo = crate::shell::command(binary, &["demo", "--data"]);
    run_or(demo.arg(root().join("data/demo")), "read its log above; `trunkshow doctor` looks at this machine")
}

/// Builds, then watches the demo as a viewer would.
pub(crate) fn run_smoke() -> Outcome {
    debian::install(&[&debian::C_COMPILER, &debian::FFMPEG, &debian::CHROMIUM, &debian::CJK_FONT])?;
    let binary = build()?;
    smoke(&binary)?;
    println!("── smoke: the picture moves, the pin shows, the chat answers, an order was paid and is in the office");
    Ok(())
}

/// Drives a demo house of the built `binary`, on free ports and a folder of its own.
pub(crate) fn smoke(binary: &std::path::Path) -> Outcome {
    let data = Scratch::new("smoke")?;
    println!("── furnishing a house and going on air");
    let house = House::start(trunkshow(binary, "demo", data.path()), FURNISHING)?;
    println!("── ready after {} ms; watching {}", house.took.as_millis(), house.text("url")?);
    web::browse("smoke.e2e.ts", &[("TRUNKSHOW_READY", house.ready.to_string())])
}

/// The pages, then the binary that embeds them.
pub(crate) fn build() -> Outcome<PathBuf> {
    println!("── web: dependencies and pages");
    web::install()?;
    web::build()?;
    println!("── trunkshow: compiling (some minutes the first time)");
    run(&mut cargo(&["build", "--package", "trunkshow", "--locked"]))?;
    Ok(target().join("debug/trunkshow"))
}
