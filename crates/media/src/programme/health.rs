//! How a run is doing, in figures and in warnings that the studio puts into words.

use std::collections::VecDeque;

use kernel::{Millis, Timestamp};

use crate::aac::AudioSetup;
use crate::avc::VideoSetup;

/// Figures look back so far.
const LOOK_BACK: Millis = Millis::from_secs(5);
/// Longer between keyframes and joining takes long.
const KEYFRAME_INTERVAL_LONG: Millis = Millis(4_500);
/// Below this a moving picture of a shop falls apart.
const LOW_BITRATE: u64 = 500_000;
const LOW_FRAME_RATE_MILLI: u32 = 15_000;
/// Before this, figures say nothing yet.
const WARM_UP: Millis = Millis::from_secs(3);
/// A picture that came so much later than its stamp says: the network is not even.
const UNEVEN: Millis = Millis(1_000);

/// Something that the host should change; the names are permanent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// More than 4.5 s between keyframes.
    KeyframeIntervalLong,
    /// No keyframe for more than 10 s.
    NoKeyframe,
    /// No sound arrives.
    NoAudio,
    /// Fine for HLS; sub-second viewing cannot show them.
    BFrames,
    /// Under 500 kb/s.
    LowBitrate,
    /// Under 15 pictures a second.
    LowFrameRate,
    /// Pictures arrive in bursts: the way from the encoder is not even.
    Uneven,
}

impl Warning {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeyframeIntervalLong => "keyframe-interval-long",
            Self::NoKeyframe => "no-keyframe",
            Self::NoAudio => "no-audio",
            Self::BFrames => "b-frames",
            Self::LowBitrate => "low-bitrate",
            Self::LowFrameRate => "low-frame-rate",
            Self::Uneven => "uneven",
        }
    }
}

/// Figures of the last five seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Picture and sound, bits a second.
    pub bitrate: u64,
    /// Pictures of a thousand seconds.
    pub frame_rate_milli: u32,
    /// Between the two latest keyframes.
    pub keyframe_interval: Option<Millis>,
    pub b_frames: bool,
    /// Pixels, as shown.
    pub size: Option<(u16, u16)>,
    /// Hz and channels; none while no sound arrives.
    pub audio: Option<(u32, u8)>,
    pub warnings: Vec<Warning>,
}

#[derive(Debug)]
struct Arrival {
    at: Timestamp,
    bytes: usize,
    picture: bool,
}

/// Counts what arrives.
#[derive(Debug)]
pub(super) struct Meter {
    began: Timestamp,
    /// The last five seconds; at most [`MAX_ARRIVALS`] entries.
    arrivals: VecDeque<Arrival>,
    last_key: Option<Timestamp>,
    keyframe_interval: Option<Millis>,
    compositions: Option<(i32, i32)>,
    audio_heard: Option<Timestamp>,
    uneven_until: Timestamp,
}

/// 60 pictures and 47 sounds a second, five seconds, twice over.
const MAX_ARRIVALS: usize = 1_100;

impl Meter {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            began: now,
            arrivals: VecDeque::new(),
            last_key: None,
            keyframe_interval: None,
            compositions: None,
            audio_heard: None,
            uneven_until: now,
        }
    }

    fn arrived(&mut self, now: Timestamp, bytes: usize, picture: bool) {
        while self.arrivals.front().is_some_and(|first| first.at + LOOK_BACK < now)
            || self.arrivals.len() >= MAX_ARRIVALS
        {
            self.arrivals.pop_front();
        }
        self.arrivals.push_back(Arrival { at: now, bytes, picture });
    }

    pub(super) fn video(&mut self, now: Timestamp, decode_at: Timestamp, bytes: usize, key: bool, composition: i32) {
        self.arrived(now, bytes, true);
        let (low, high) = self.compositions.unwrap_or((composition, composition));
        self.compositions = Some((low.min(composition), high.max(composition)));
        if now - decode_at > UNEVEN {
            self.uneven_until = now + LOOK_BACK;
        }
        if key {
            self.keyframe_interval = self.last_key.map(|last| decode_at - last);
            self.last_key = Some(decode_at);
        }
    }

    pub(super) fn audio(&mut self, now: Timestamp, bytes: usize) {
        self.arrived(now, bytes, false);
        self.audio_heard = Some(now);
    }

    pub(super) fn health(
        &self,
        now: Timestamp,
        video: Option<&VideoSetup>,
        audio: Option<AudioSetup>,
        key_heard: Option<Timestamp>,
    ) -> Health {
        let recent = || self.arrivals.iter().filter(|arrival| arrival.at + LOOK_BACK >= now);
        let span_ms = (now - self.began).0.clamp(1, LOOK_BACK.0).cast_unsigned();
        let bitrate = recent().map(|a| a.bytes as u64).sum::<u64>() * 8_000 / span_ms;
        let pictures = recent().filter(|a| a.picture).count() as u64;
        let frame_rate_milli = u32::try_from(pictures * 1_000_000 / span_ms).unwrap_or(u32::MAX);
        let b_frames = self.compositions.is_some_and(|(low, high)| low != high);
        let audio_flows = self.audio_heard.is_some_and(|heard| now - heard < LOOK_BACK);

        let mut warnings = Vec::new();
        if now - self.began >= WARM_UP {
            let checks = [
                (self.keyframe_interval.is_some_and(|i| i > KEYFRAME_INTERVAL_LONG), Warning::KeyframeIntervalLong),
                (key_heard.is_none_or(|heard| now - heard > Millis::from_secs(10)), Warning::NoKeyframe),
                (!audio_flows, Warning::NoAudio),
                (b_frames, Warning::BFrames),
                (bitrate < LOW_BITRATE, Warning::LowBitrate),
                (frame_rate_milli < LOW_FRAME_RATE_MILLI, Warning::LowFrameRate),
                (now < self.uneven_until, Warning::Uneven),
            ];
            warnings.extend(checks.into_iter().filter(|(holds, _)| *holds).map(|(_, warning)| warning));
        }
        Health {
            bitrate,
            frame_rate_milli,
            keyframe_interval: self.keyframe_interval,
            b_frames,
            size: video.map(VideoSetup::size),
            audio: audio.filter(|_| audio_flows).map(|setup| (setup.rate(), setup.channels())),
            warnings,
        }
    }
}
