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
/// More pictures missing, in thousandths, or later than this: viewers see it.
const MISSING_PERMILLE: u32 = 100;
const LATE: Millis = Millis(1_000);
/// The earliest that pictures come is forgotten by so much a second, since an encoder's clock may run slow.
const FORGOTTEN_MICROS_A_SECOND: i64 = 1_000;

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
    /// The upload does not carry what the encoder makes: pictures are missing, or come a second late.
    UploadDrops,
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
    /// Pictures of a thousand that did not come, against the best that this encoder has sent.
    pub missing_permille: u32,
    /// How much later than at its best the latest picture came; what an upload that is too narrow holds back.
    pub late: Millis,
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
    /// Programme time of a picture; none for sound.
    picture: Option<Timestamp>,
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
    /// Pictures since the last keyframe, and the shortest that one has lasted between two of them, in microseconds.
    since_key: i64,
    shortest_micros: Option<i64>,
    /// How long after its programme time a picture came at the earliest, in microseconds, and the latest one.
    earliest: Option<(Timestamp, i64)>,
    lag_micros: i64,
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
            since_key: 0,
            shortest_micros: None,
            earliest: None,
            lag_micros: 0,
        }
    }

    fn arrived(&mut self, now: Timestamp, bytes: usize, picture: Option<Timestamp>) {
        while self.arrivals.front().is_some_and(|first| first.at + LOOK_BACK < now)
            || self.arrivals.len() >= MAX_ARRIVALS
        {
            self.arrivals.pop_front();
        }
        self.arrivals.push_back(Arrival { at: now, bytes, picture });
    }

    pub(super) fn video(&mut self, now: Timestamp, decode_at: Timestamp, bytes: usize, key: bool, composition: i32) {
        self.arrived(now, bytes, Some(decode_at));
        self.lags(now, decode_at);
        self.since_key += 1;
        let (low, high) = self.compositions.unwrap_or((composition, composition));
        self.compositions = Some((low.min(composition), high.max(composition)));
        self.latest_video = Some(decode_at);
        self.video_heard = Some(now);
        if key {
            self.keyframe_interval = self.last_key.map(|last| decode_at - last);
            if let Some(interval) = self.keyframe_interval {
                let each = interval.0 * 1_000 / self.since_key.max(1);
                self.shortest_micros = Some(self.shortest_micros.map_or(each, |shortest| shortest.min(each)));
            }
            self.since_key = 0;
            self.last_key = Some(decode_at);
        }
    }

    fn lags(&mut self, now: Timestamp, decode_at: Timestamp) {
        self.lag_micros = now.unix_micros() - decode_at.unix_micros();
        let earliest = self.earliest.map_or(self.lag_micros, |(since, earliest)| {
            let forgotten = (now - since).0 * FORGOTTEN_MICROS_A_SECOND / 1_000;
            self.lag_micros.min(earliest + forgotten)
        });
        self.earliest = Some((now, earliest));
    }

    /// Of the pictures between the first and the last of the look back, in thousandths.
    fn missing_permille(&self, now: Timestamp) -> u32 {
        let mut pictures = self.arrivals.iter().filter(|one| one.at + LOOK_BACK >= now).filter_map(|one| one.picture);
        let (Some(first), Some(shortest)) = (pictures.next(), self.shortest_micros) else { return 0 };
        let (count, last) = pictures.fold((0, first), |(count, _), picture| (count + 1, picture));
        let expected = ((last - first).0 * 1_000 + shortest / 2) / shortest.max(1);
        let missing = (expected - count).max(0) * 1_000 / expected.max(1);
        u32::try_from(missing).unwrap_or_default()
    }

    pub(super) fn audio(&mut self, now: Timestamp, at: Timestamp, bytes: usize) {
        self.arrived(now, bytes, None);
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
            recent().filter(|a| a.picture.is_some() == picture).map(|a| a.bytes as u64).sum::<u64>() * 8_000 / span_ms
        };
        let (video_bitrate, audio_bitrate) = (bitrate(true), bitrate(false));
        let pictures = recent().filter(|a| a.picture.is_some()).count() as u64;
        let frame_rate_milli = u32::try_from(pictures * 1_000_000 / span_ms).unwrap_or(u32::MAX);
        let b_frames = self.compositions.is_some_and(|(low, high)| low != high);
        let flows = |heard: Option<Timestamp>| heard.is_some_and(|heard| now - heard < LOOK_BACK);
        let (video_flows, audio_flows) = (flows(self.video_heard), flows(self.audio_heard));
        let apart = self.latest_video.zip(self.latest_audio).map_or(0, |(video, audio)| (video - audio).0.abs());

        let missing_permille = self.missing_permille(now);
        let late = Millis(self.earliest.map_or(0, |(_, earliest)| (self.lag_micros - earliest) / 1_000).max(0));

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
                (video_flows && (missing_permille >= MISSING_PERMILLE || late >= LATE), Warning::UploadDrops),
            ];
            warnings.extend(checks.into_iter().filter(|(holds, _)| *holds).map(|(_, warning)| warning));
        }
        Health {
            video_bitrate,
            audio_bitrate,
            frame_rate_milli,
            keyframe_interval: self.keyframe_interval,
            missing_permille,
            late,
            b_frames,
            video: video.cloned(),
            audio: audio.filter(|_| audio_flows),
            warnings,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGAN: Timestamp = Timestamp::from_unix_millis(1_000_000);

    /// Twelve seconds at 30 pictures a second with a keyframe in each: what comes when in the last four.
    fn check(comes: impl Fn(i64) -> Option<i64>, missing: std::ops::RangeInclusive<u32>, late: i64, warned: bool) {
        let mut meter = Meter::new(BEGAN);
        let mut now = BEGAN;
        for number in 0..360 {
            let made = BEGAN + Millis(number * 1_000 / 30);
            let delay = if number < 240 { Some(0) } else { comes(number) };
            let Some(delay) = delay else { continue };
            now = made + Millis(delay);
            meter.video(now, made, 5_000, number % 30 == 0, 0);
        }
        let health = meter.health(now, None, None, Some(now));
        assert!(missing.contains(&health.missing_permille), "{}", health.missing_permille);
        assert_eq!((health.late.0, health.warnings.contains(&Warning::UploadDrops)), (late, warned));
    }

    #[test]
    fn an_upload_that_is_too_narrow_is_noticed() {
        check(|_| Some(0), 0..=5, 0, false);
        // Each third picture is dropped by the encoder or the network.
        check(|number| (number % 3 > 0 || number % 30 == 0).then_some(0), 200..=330, 0, true);
        // All come, later and later: by 1.4 s at the end, less what is forgotten in the meantime.
        check(|number| Some((number - 240) * 12), 0..=5, 1_422, true);
        // Networks tremble.
        check(|number| Some(number % 7), 0..=5, 1, false);
    }
}
