//! `cargo xtask shots`: every page, phone and desktop, English and Chinese, as pictures and one contact sheet in
//! `target/shots`. Fails where axe finds something serious.

use crate::demo::{FURNISHING, build};
use crate::house::{House, trunkshow};
use crate::scratch::Scratch;
use crate::shell::{Doing, Outcome, target};
use crate::{debian, web};

pub(crate) fn run_all() -> Outcome {
    debian::install(&[&debian::C_COMPILER, &debian::FFMPEG, &debian::CHROMIUM, &debian::CJK_FONT])?;
    let binary = build()?;
    let folder = target().join("shots");
    std::fs::create_dir_all(&folder).doing(format!("create {}", folder.display()))?;
    let data = Scratch::new("shots")?;
    let house = House::start(trunkshow(&binary, "demo", data.path()), FURNISHING)?;
    let settings = [("TRUNKSHOW_READY", house.ready.to_string()), ("TRUNKSHOW_SHOTS", folder.display().to_string())];
    let outcome = web::browse("shots.e2e.ts", &settings);
    println!("contact sheet: {}", folder.join("index.html").display());
    outcome
}
