//! Clock, file limit and ffmpeg.

use std::path::Path;
use std::process::Stdio;
use std::time::UNIX_EPOCH;

use app::ports::Clock;
use kernel::Timestamp;
use rustix::process::{Resource, getrlimit};

use super::Finding;
use crate::clock::SystemClock;
use crate::folder;

/// 2026-11-01: this release is younger.
const RELEASED: Timestamp = Timestamp::from_unix_millis(1_793_491_200_000);
/// Viewers' sockets, each a file; a show of a boutique fits.
const FILES: u64 = 4_096;
/// Fewer do not carry the house itself.
const FEWEST_FILES: u64 = 256;
/// Encoders and decoders that the house asks of ffmpeg.
const CODECS: [&str; 3] = ["libx264", "aac", "libopus"];

pub(super) fn clock(data: &Path) -> Finding {
    let now = SystemClock.now();
    let advice = "set the clock and keep it: timedatectl set-ntp true";
    if now < RELEASED {
        return Finding::fail("clock", format!("it says {now}, which is before this release was made"), advice);
    }
    let written = std::fs::metadata(folder::database(data)).and_then(|file| file.modified()).ok();
    let written = written.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let written = written.and_then(|since| i64::try_from(since.as_micros()).ok()).map(Timestamp::from_unix_micros);
    match written {
        Some(written) if (written - now).0 > 60_000 => {
            Finding::fail("clock", format!("it says {now}, but the database was written at {written}"), advice)
        }
        _ => Finding::ok("clock", now.to_string()),
    }
}

pub(super) fn files() -> Finding {
    let limit = getrlimit(Resource::Nofile).maximum.unwrap_or(u64::MAX);
    let found = if limit == u64::MAX { "no limit".to_owned() } else { format!("up to {limit}") };
    let advice = "raise it: LimitNOFILE=65536 in the systemd unit, or `ulimit -Hn 65536`; each viewer takes one";
    match limit {
        ..FEWEST_FILES => Finding::fail("open files", found, advice),
        FEWEST_FILES..FILES => Finding::warn("open files", found, advice),
        _ => Finding::ok("open files", found),
    }
}

pub(super) async fn ffmpeg() -> Finding {
    let what = "ffmpeg";
    let install =
        "the demo's broadcast, pictures of recordings and the sound of WebRTC need it: sudo apt-get install -y ffmpeg";
    let mut command = tokio::process::Command::new("ffmpeg");
    let asked = command.args(["-hide_banner", "-encoders"]).stdin(Stdio::null()).output().await;
    let Ok(answer) = asked else { return Finding::warn(what, "not installed", install) };
    let said = String::from_utf8_lossy(&answer.stdout);
    let missing: Vec<&str> =
        CODECS.into_iter().filter(|codec| !said.split_whitespace().any(|word| word == *codec)).collect();
    if missing.is_empty() {
        Finding::ok(what, format!("encodes {}", CODECS.join(", ")))
    } else {
        Finding::warn(what, format!("lacks {}", missing.join(", ")), install)
    }
}
