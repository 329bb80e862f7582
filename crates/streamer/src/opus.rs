//! AAC → Opus by an ffmpeg process beside the programme, for viewers by WebRTC. Without ffmpeg they see the picture alone.

use std::io;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kernel::{Millis, Timestamp};
use media::aac::{self, AacSetup};
use media::drift::{Drift, Move};
use media::ogg::OpusReader;
use media::opus;
use media::programme::AudioUnit;
use media::rtc::{Frame, FrameKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::mpsc;

use crate::limits::{SOUND_DRIFT, SOUND_LASTS, SOUND_RESTS, SOUND_RESTS_DOUBLED, SOUNDS_QUEUED};

/// One packet of what it makes.
const PACKET: Millis = Millis(20);
/// Its own look-ahead, which it puts before the first sample (libopus at 48 kHz).
const PRE_SKIP: u32 = 312;

/// The process, while it is wanted; dropping it ends it.
#[derive(Debug)]
pub(crate) struct OpusHelper {
    setup: AacSetup,
    began: Timestamp,
    frames: i64,
    drift: Drift,
    /// What stamps lie ahead of the count, in milliseconds: whole packets.
    moved: Arc<AtomicI64>,
    input: mpsc::Sender<Vec<u8>>,
}

/// When a process that did not last may be begun anew.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    begun: Option<Timestamp>,
    short: u32,
}

impl Rest {
    /// Whether one may begin now; if so, it does.
    pub(crate) fn is_over(&mut self, now: Timestamp) -> bool {
        match self.begun {
            Some(begun) if now - begun >= SOUND_LASTS => self.short = 0,
            Some(begun) if now - begun < Millis(SOUND_RESTS.0 << self.short) => return false,
            Some(_) => self.short = SOUND_RESTS_DOUBLED.min(self.short + 1),
            None => {}
        }
        self.begun = Some(now);
        true
    }
}

impl OpusHelper {
    /// Begins at a frame of this programme time; `told` hears each packet. None outside of a runtime.
    pub(crate) fn begin(setup: AacSetup, began: Timestamp, told: impl Fn(Frame) + Send + 'static) -> Option<Self> {
        let runtime = tokio::runtime::Handle::try_current().ok()?;
        let (input, frames) = mpsc::channel(SOUNDS_QUEUED);
        let moved = Arc::new(AtomicI64::new(0));
        let follows = Arc::clone(&moved);
        runtime.spawn(async move {
            if let Err(error) = serve(frames, began, &follows, told).await {
                tracing::warn!(%error, "WebRTC's viewers hear nothing: AAC could not be made Opus. Is ffmpeg installed?");
            }
        });
        Some(Self { setup, began, frames: 0, drift: Drift::default(), moved, input })
    }

    /// Whether a frame of this time comes right behind the ones before: the process counts samples, not times.
    pub(crate) fn continues(&self, setup: AacSetup, at: Timestamp) -> bool {
        setup == self.setup && self.ahead_micros(at).abs() <= SOUND_DRIFT.0 * 1_000
    }

    /// How far a stamp lies ahead of what was counted and moved.
    fn ahead_micros(&self, at: Timestamp) -> i64 {
        let counted = self.frames * i64::from(aac::FRAME_SAMPLES) * 1_000_000 / i64::from(self.setup.rate());
        at.unix_micros() - self.began.unix_micros() - counted - self.moved.load(Ordering::Relaxed) * 1_000
    }

    pub(crate) fn push(&mut self, sound: &AudioUnit) {
        let ahead = self.ahead_micros(sound.at);
        match self.drift.follow(ahead, PACKET.0 * 1_000) {
            Move::Stay => 0,
            Move::Later => self.moved.fetch_add(PACKET.0, Ordering::Relaxed),
            Move::Earlier => self.moved.fetch_sub(PACKET.0, Ordering::Relaxed),
        };
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
    moved: &AtomicI64,
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
                    let at = began + Millis(samples.div_euclid(48) + moved.load(Ordering::Relaxed));
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

#[test]
fn a_process_that_does_not_last_is_begun_less_and_less_often() {
    let mut rest = Rest::default();
    let begins = (0..200_000).filter(|ms| rest.is_over(Timestamp::from_unix_millis(*ms))).collect::<Vec<_>>();
    assert_eq!(begins, [0, 1_000, 3_000, 7_000, 15_000, 31_000, 63_000, 95_000, 127_000, 159_000, 191_000]);
    // One that lasted begins at once.
    let later = Timestamp::from_unix_millis(191_000) + SOUND_LASTS;
    assert!(rest.is_over(later) && !rest.is_over(later + Millis(999)) && rest.is_over(later + SOUND_RESTS));
}
