//! AAC → Opus by an ffmpeg process beside the programme, for viewers by WebRTC. Without ffmpeg they see the picture alone.

use std::io;
use std::process::Stdio;

use kernel::{Millis, Timestamp};
use media::aac::{self, AacSetup};
use media::ogg::OpusReader;
use media::opus;
use media::programme::AudioUnit;
use media::rtc::{Frame, FrameKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::mpsc;

use crate::limits::{SOUND_DRIFT, SOUNDS_QUEUED};

/// Its own look-ahead, which it puts before the first sample (libopus at 48 kHz).
const PRE_SKIP: u32 = 312;

/// The process, while it is wanted; dropping it ends it.
#[derive(Debug)]
pub(crate) struct OpusHelper {
    setup: AacSetup,
    began: Timestamp,
    frames: i64,
    input: mpsc::Sender<Vec<u8>>,
}

impl OpusHelper {
    /// Begins at a frame of this programme time; `told` hears each packet. None outside of a runtime.
    pub(crate) fn begin(setup: AacSetup, began: Timestamp, told: impl Fn(Frame) + Send + 'static) -> Option<Self> {
        let runtime = tokio::runtime::Handle::try_current().ok()?;
        let (input, frames) = mpsc::channel(SOUNDS_QUEUED);
        runtime.spawn(async move {
            if let Err(error) = serve(frames, began, told).await {
                tracing::warn!(%error, "WebRTC's viewers hear nothing: AAC could not be made Opus. Is ffmpeg installed?");
            }
        });
        Some(Self { setup, began, frames: 0, input })
    }

    /// Whether a frame of this time comes right behind the ones before: the process counts samples, not times.
    pub(crate) fn continues(&self, setup: AacSetup, at: Timestamp) -> bool {
        let counted = self.frames * i64::from(aac::FRAME_SAMPLES) * 1_000 / i64::from(setup.rate());
        let apart = (at - (self.began + Millis(counted))).0.abs();
        setup == self.setup && apart <= SOUND_DRIFT.0
    }

    pub(crate) fn push(&mut self, sound: &AudioUnit) {
        self.frames += 1;
        // A process that does not keep up, or is gone, loses sound; the drift begins it anew.
        if self.input.try_send(self.setup.adts(&sound.data)).is_err() {
            self.frames -= 1;
        }
    }
}

async fn serve(
    mut frames: mpsc::Receiver<Vec<u8>>,
    began: Timestamp,
    told: impl Fn(Frame) + Send + 'static,
) -> io::Result<()> {
    let mut child = Command::new("ffmpeg")
        .args([
            "-v",
            "error",
            "-probesize",
            "32",
            "-analyzeduration",
            "0",
            "-fflags",
            "nobuffer",
            "-f",
            "aac",
            "-i",
            "pipe:0",
        ])
        .args(["-c:a", "libopus", "-b:a", "128k", "-ar", "48000", "-ac", "2", "-frame_duration", "20", "-threads", "1"])
        .args(["-application", "audio", "-page_duration", "20000", "-flush_packets", "1", "-f", "opus", "pipe:1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let (Some(mut input), Some(mut output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::Error::other("it has no pipes"));
    };
    let mut reader = OpusReader::default();
    let mut samples: i64 = -i64::from(PRE_SKIP);
    let mut buffer = [0; 4 * 1024];
    loop {
        tokio::select! {
            biased;
            read = output.read(&mut buffer) => {
                let read = read?;
                if read == 0 {
                    return Err(io::Error::other("it ended by itself"));
                }
                reader.push(&buffer[..read]).map_err(io::Error::other)?;
                while let Some(packet) = reader.next_packet() {
                    let Some(length) = opus::samples(&packet) else { continue };
                    let at = began + Millis(samples.div_euclid(48));
                    samples += i64::from(length);
                    told(Frame { at, kind: FrameKind::Sound, data: packet.into() });
                }
            }
            frame = frames.recv() => match frame {
                Some(frame) => input.write_all(&frame).await?,
                None => return Ok(()),
            },
        }
    }
}
