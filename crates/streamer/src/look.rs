//! Whether there is anything to be seen and heard: now and then an ffmpeg process looks at the newest segment of each picture on air.
//! Without ffmpeg nobody looks, and nothing is said.

use std::process::Stdio;
use std::sync::Arc;

use app::ports::HealthWarning;
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use crate::limits::{LOOK_EVERY, LOOK_WITHIN};
use crate::streamer::Streamer;

/// Sound whose loudest sample stays below this is silence: a microphone that is on hears its room above it.
const SILENT_BELOW_DB: f64 = -60.0;
/// Looks in a row that must say the same, so that a pause for breath and a cut to black alarm nobody.
const ALIKE: u8 = 2;
/// What the process may say, in bytes.
const SAID_BYTES: u64 = 32 << 10;

/// What one segment holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) black: bool,
    pub(crate) silent: bool,
}

/// Looks in a row that found nothing to be seen, and nothing to be heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    black: u8,
    silent: u8,
}

impl Seen {
    pub(crate) fn after(self, look: Option<Look>) -> Self {
        let Some(look) = look else { return Self::default() };
        let next = |count: u8, found: bool| if found { count.saturating_add(1) } else { 0 };
        Self { black: next(self.black, look.black), silent: next(self.silent, look.silent) }
    }

    pub(crate) fn warnings(self) -> impl Iterator<Item = HealthWarning> {
        let warnings = [(self.black, HealthWarning::BlackPicture), (self.silent, HealthWarning::Silence)];
        warnings.into_iter().filter(|(count, _)| *count >= ALIKE).map(|(_, warning)| warning)
    }
}

impl Streamer {
    /// Looks until `stop`.
    pub(crate) async fn look_at_pictures(self: Arc<Self>, stop: CancellationToken) {
        let mut beat = interval(LOOK_EVERY);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                _ = beat.tick() => {}
            }
            for stage in self.stages() {
                let newest = stage.on_stage().and_then(|_| stage.programme().newest());
                let look = async {
                    let segment = newest?;
                    timeout(LOOK_WITHIN, look(segment.setup.init, segment.bytes)).await.ok().flatten()
                };
                tokio::select! {
                    biased;
                    () = stop.cancelled() => return,
                    look = look => stage.looked(look),
                }
            }
        }
    }
}

/// Decodes keyframes and all sound of a segment; none without ffmpeg, or where it is not to be read.
async fn look(init: Bytes, segment: Bytes) -> Option<Look> {
    let mut child = Command::new("ffmpeg")
        .args(["-hide_banner", "-nostats", "-skip_frame", "nokey", "-i", "pipe:0", "-threads", "1"])
        .args(["-vf", "scale=96:-2,blackframe=amount=98:threshold=24", "-af", "volumedetect", "-f", "null", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let (mut input, said) = (child.stdin.take()?, child.stderr.take()?);
    let write = async {
        for bytes in [init, segment] {
            // It hangs up where it cannot read on.
            if input.write_all(&bytes).await.is_err() {
                break;
            }
        }
        drop(input);
    };
    let (mut text, mut said) = (Vec::new(), said.take(SAID_BYTES));
    let ((), read) = tokio::join!(write, said.read_to_end(&mut text));
    read.ok()?;
    child.wait().await.ok()?;
    Some(read_look(&String::from_utf8_lossy(&text)))
}

/// `pblack` of each picture that is black, and the loudest sample.
fn read_look(said: &str) -> Look {
    let loudest =
        said.lines().rev().find_map(|line| line.split_once("max_volume: ")?.1.split(' ').next()?.parse().ok());
    Look { black: said.contains(" pblack:"), silent: loudest.is_some_and(|loudest: f64| loudest < SILENT_BELOW_DB) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_process_says_is_read() {
        for (said, black, silent) in [
            ("[Parsed_volumedetect_0 @ 0x55] max_volume: -18.1 dB\n", false, false),
            ("[Parsed_volumedetect_0 @ 0x55] max_volume: -91.0 dB\n", false, true),
            ("[Parsed_blackframe_1 @ 0x55] frame:0 pblack:100 pts:0 t:0.000000 type:I last_keyframe:0\n", true, false),
            ("pipe:0: Invalid data found when processing input\n", false, false),
        ] {
            assert_eq!(read_look(said), Look { black, silent }, "{said}");
        }
    }

    #[test]
    fn a_pause_for_breath_alarms_nobody() {
        let (dark, light) = (Look { black: true, silent: true }, Look::default());
        let warned = |looks: &[Option<Look>]| {
            let seen = looks.iter().fold(Seen::default(), |seen, look| seen.after(*look));
            seen.warnings().map(HealthWarning::as_str).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(warned(&[Some(dark)]), "");
        assert_eq!(warned(&[Some(dark), Some(dark)]), "black_picture silence");
        assert_eq!(warned(&[Some(dark), Some(light), Some(dark)]), "");
        assert_eq!(warned(&[Some(dark), Some(dark), None]), "", "nobody publishes any more");
    }
}
