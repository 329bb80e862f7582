//! How a run is doing, in figures and in warnings that the studio puts into words.

use std::collections::VecDeque;
use std::sync::Arc;

use kernel::{Millis, Timestamp};

use crate::audio::AudioSetup;
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
/// Sound and picture further apart than this are out of step.
const OUT_OF_STEP: Millis = Millis(500);

/// Something that the host should change; the studio has a sentence for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// More than 4.5 s between keyframes.
    KeyframesFarApart,
    /// No keyframe for more than 10 s.
    NoKeyframe,
    /// No sound arrives.
    NoAudio,
    /// No picture arrives.
    NoVideo,
    /// Fine for HLS; sub-second viewing cannot show them.
    BFrames,
    /// Under 500 kb/s.
    LowBitrate,
    /// Under 15 pictures a second.
    LowFrameRate,
    /// Sound and picture are stamped more than 500 ms apart when they arrive.
    OutOfStep,
}

/// Figures of the last five seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Bits a second of picture.
    pub video_bitrate: u64,
    /// Bits a second of sound.
    pub audio_bitrate: u64,
    /// Pictures of a thousand seconds.
    pub frame_rate_milli: u32,
    /// Between the two latest keyframes.
    pub keyframe_interval: Option<Millis>,
    pub b_frames: bool,
    pub video: Option<Arc<VideoSetup>>,
    /// None while no sound arrives.
    pub audio: Option<AudioSetup>,
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
    /// Programme times of the latest of each.
    latest_video: Option<Timestamp>,
    latest_audio: Option<Timestamp>,
    video_heard: Option<Timestamp>,
    audio_heard: Option<Timestamp>,
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
            latest_video: None,
            latest_audio: None,
            video_heard: None,
            audio_heard: None,
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
        self.latest_video = Some(decode_at);
        self.video_heard = Some(now);
        if key {
            self.keyframe_interval = self.last_key.map(|last| decode_at - last);
            self.last_key = Some(decode_at);
        }
    }

    pub(super) fn audio(&mut self, now: Timestamp, at: Timestamp, bytes: usize) {
        self.arrived(now, bytes, false);
        self.latest_audio = Some(at);
        self.audio_heard = Some(now);
    }

    pub(super) fn health(
        &self,
        now: Timestamp,
        video: Option<&Arc<VideoSetup>>,
        audio: Option<AudioSetup>,
        key_heard: Option<Timestamp>,
    ) -> Health {
        let recent = || self.arrivals.iter().filter(|arrival| arrival.at + LOOK_BACK >= now);
        let span_ms = (now - self.began).0.clamp(1, LOOK_BACK.0).cast_unsigned();
        let bitrate = |picture: bool| {
            recent().filter(|a| a.picture == picture).map(|a| a.bytes as u64).sum::<u64>() * 8_000 / span_ms
        };
        let (video_bitrate, audio_bitrate) = (bitrate(true), bitrate(false));
        let pictures = recent().filter(|a| a.picture).count() as u64;
        let frame_rate_milli = u32::try_from(pictures * 1_000_000 / span_ms).unwrap_or(u32::MAX);
        let b_frames = self.compositions.is_some_and(|(low, high)| low != high);
        let flows = |heard: Option<Timestamp>| heard.is_some_and(|heard| now - heard < LOOK_BACK);
        let (video_flows, audio_flows) = (flows(self.video_heard), flows(self.audio_heard));
        let apart = self.latest_video.zip(self.latest_audio).map_or(0, |(video, audio)| (video - audio).0.abs());

        let mut warnings = Vec::new();
        if now - self.began >= WARM_UP {
            let checks = [
                (self.keyframe_interval.is_some_and(|i| i > KEYFRAME_INTERVAL_LONG), Warning::KeyframesFarApart),
                (key_heard.is_none_or(|heard| now - heard > Millis::from_secs(10)), Warning::NoKeyframe),
                (!audio_flows, Warning::NoAudio),
                (!video_flows, Warning::NoVideo),
                (b_frames, Warning::BFrames),
                (video_flows && video_bitrate < LOW_BITRATE, Warning::LowBitrate),
                (video_flows && frame_rate_milli < LOW_FRAME_RATE_MILLI, Warning::LowFrameRate),
                (video_flows && audio_flows && apart > OUT_OF_STEP.0, Warning::OutOfStep),
            ];
            warnings.extend(checks.into_iter().filter(|(holds, _)| *holds).map(|(_, warning)| warning));
        }
        Health {
            video_bitrate,
            audio_bitrate,
            frame_rate_milli,
            keyframe_interval: self.keyframe_interval,
            b_frames,
            video: video.cloned(),
            audio: audio.filter(|_| audio_flows),
            warnings,
        }
    }
}
