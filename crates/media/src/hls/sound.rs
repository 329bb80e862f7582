//! The sound's own clock: counted in samples, filled with silence where none came, never stepping back.

use std::collections::VecDeque;

use bytes::Bytes;
use kernel::{Millis, Timestamp};

use crate::audio::AudioSetup;
use crate::cmaf::AudioSample;
use crate::drift::{Drift, Move};
use crate::programme::AudioUnit;

/// Frames waiting for their part, at most: ten seconds' worth.
const MAX_WAITING: usize = 480;
/// Sound may trail the picture by so much before silence takes its place.
const TRAIL: Millis = Millis(1_000);
/// The first sound is taken as the beginning if it is this near to the first picture.
const NEAR: Millis = Millis(500);

/// Sound of one stretch without discontinuity.
#[derive(Debug)]
pub(super) struct Sound {
    setup: AudioSetup,
    /// No sound arrives at all: every frame is silence.
    absent: bool,
    origin: Timestamp,
    /// Where the stretch begins, until the first frame is placed.
    start: Option<Timestamp>,
    /// Samples since the origin up to which there is sound.
    next: u64,
    drift: Drift,
}

impl Sound {
    /// Sound from the moment `start`, of the kind that is waiting; nothing waiting means a show without sound.
    pub(super) fn begin(origin: Timestamp, start: Timestamp, waiting: &mut Waiting) -> Self {
        let latest = waiting.0.back().map(|unit| unit.setup);
        let setup = latest.unwrap_or(AudioSetup::SILENT);
        waiting.0.retain(|unit| unit.setup == setup && unit.at >= start);
        Self {
            setup,
            absent: latest.is_none(),
            origin,
            start: Some(start),
            next: samples(setup, origin, start),
            drift: Drift::default(),
        }
    }

    pub(super) fn setup(&self) -> AudioSetup {
        self.setup
    }

    /// Whether what waits is another sound than this: time for a discontinuity at the next keyframe.
    pub(super) fn is_outdated(&self, waiting: &Waiting) -> bool {
        waiting.0.back().is_some_and(|unit| self.absent || unit.setup != self.setup)
    }

    /// The frames that begin before `end`, and where the first one begins (samples since the origin).
    pub(super) fn take_until(&mut self, end: Timestamp, waiting: &mut Waiting) -> (u64, Vec<AudioSample>) {
        if let Some(start) = self.start.take()
            && let Some(first) = waiting.0.front().filter(|first| first.at <= start + NEAR)
        {
            self.next = samples(self.setup, self.origin, first.at);
        }
        let start = self.next;
        let mut frames = Vec::new();
        let (gap, repeated) = (self.span(self.setup.gap()), self.span(self.setup.repeated()));
        while let Some(unit) = waiting.0.pop_front_if(|unit| unit.at < end) {
            if self.absent || unit.setup != self.setup {
                continue;
            }
            let stamped = samples(self.setup, self.origin, unit.at);
            if stamped + repeated < self.next {
                continue;
            }
            if stamped > self.next + gap {
                // Stamps are whole milliseconds: a frame that fits but for half of it is missing.
                self.silence(stamped + u64::from(self.setup.silence().1) / 2, &mut frames);
                self.drift = Drift::default();
            }
            match self.drift.follow(self.micros(stamped) - self.micros(self.next), self.micros(u64::from(unit.samples)))
            {
                Move::Stay => {}
                Move::Later => {
                    self.next += u64::from(unit.samples);
                    frames.push(AudioSample { samples: unit.samples, data: unit.data.clone() });
                }
                Move::Earlier => continue,
            }
            self.next += u64::from(unit.samples);
            frames.push(AudioSample { samples: unit.samples, data: unit.data });
        }
        let trail = if self.absent { 0 } else { self.span(TRAIL) };
        let end = samples(self.setup, self.origin, end);
        self.silence(end.saturating_sub(trail), &mut frames);
        (start, frames)
    }

    /// Silence, in whole frames, as long as a frame still ends by `until`.
    fn silence(&mut self, until: u64, frames: &mut Vec<AudioSample>) {
        let (silence, samples) = self.setup.silence();
        while self.next + u64::from(samples) <= until {
            frames.push(AudioSample { samples, data: Bytes::from_static(silence) });
            self.next += u64::from(samples);
        }
    }

    fn micros(&self, samples: u64) -> i64 {
        i64::try_from(samples * 1_000_000 / u64::from(self.setup.rate())).unwrap_or(i64::MAX)
    }

    fn span(&self, span: Millis) -> u64 {
        span.0.max(0).cast_unsigned() * u64::from(self.setup.rate()) / 1_000
    }
}

fn samples(setup: AudioSetup, origin: Timestamp, at: Timestamp) -> u64 {
    (at - origin).0.max(0).cast_unsigned() * u64::from(setup.rate()) / 1_000
}

/// Frames that arrived and are in no part yet; past the bound the oldest goes.
#[derive(Debug, Default)]
pub(super) struct Waiting(VecDeque<AudioUnit>);

impl Waiting {
    pub(super) fn push(&mut self, unit: AudioUnit) {
        if self.0.len() >= MAX_WAITING {
            self.0.pop_front();
        }
        self.0.push_back(unit);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: Timestamp = Timestamp::from_unix_millis(1_000_000);
    const SETUP: AudioSetup = AudioSetup::SILENT;

    fn waiting(setup: AudioSetup, stamps: &[i64]) -> Waiting {
        let mut waiting = Waiting::default();
        for stamp in stamps {
            let (at, samples) = (ORIGIN + Millis(*stamp), setup.silence().1);
            waiting.push(AudioUnit { setup, at, samples, data: Bytes::from_static(&[1]) });
        }
        waiting
    }

    fn taken(setup: AudioSetup, stamps: &[i64], end: i64) -> String {
        let mut waiting = waiting(setup, stamps);
        let mut sound = Sound::begin(ORIGIN, ORIGIN, &mut waiting);
        let (_, frames) = sound.take_until(ORIGIN + Millis(end), &mut waiting);
        frames.iter().map(|frame| if frame.data.len() == 1 { 's' } else { '-' }).collect()
    }

    #[test]
    fn sound_is_counted_filled_and_never_steps_back() {
        // A frame lasts 21.3 ms at 48 kHz.
        for (stamps, end, frames) in [
            (&[0, 21, 43, 64, 85][..], 100, "sssss"),
            // Stamps that jitter count as if they did not.
            (&[0, 30, 31, 70, 71], 100, "sssss"),
            // A gap of 200 ms: nine frames of silence.
            (&[0, 21, 235], 300, "ss---------s"),
            // Stamps far behind the count are left out.
            (&[0, 21, 43, 64, 85, 107, 128, 149, 171, 192, 213, 10], 300, "sssssssssss"),
            // None at all: silence to the end.
            (&[], 100, "----"),
            // What begins after the end waits.
            (&[0, 21, 150], 100, "ss"),
        ] {
            assert_eq!(taken(SETUP, stamps, end), frames, "{stamps:?}");
        }
    }

    #[test]
    fn opus_is_placed_to_the_frame() {
        // A frame lasts 20 ms.
        for (stamps, frames) in [
            (&[0, 20, 40, 60][..], "ssss"),
            // One packet was lost.
            (&[0, 20, 60, 80], "ss-ss"),
            (&[0, 20, 59, 79], "ss-ss"),
            // The sender's report moves it by a little: as it is. By a frame: one goes.
            (&[0, 20, 52, 72], "ssss"),
            (&[0, 20, 40, 43, 63], "ssss"),
        ] {
            assert_eq!(taken(AudioSetup::Opus, stamps, 100), frames, "{stamps:?}");
        }
    }

    #[test]
    fn sound_that_began_before_the_picture_is_still_its_sound() {
        let mut waiting = waiting(SETUP, &[-21]);
        let sound = Sound::begin(ORIGIN, ORIGIN, &mut waiting);
        assert!(!sound.absent && waiting.is_empty());
    }

    #[test]
    fn sound_that_stops_turns_into_silence_within_its_trail() {
        let mut waiting = waiting(SETUP, &[0]);
        let mut sound = Sound::begin(ORIGIN, ORIGIN, &mut waiting);
        sound.take_until(ORIGIN + Millis(500), &mut waiting);
        let (start, frames) = sound.take_until(ORIGIN + Millis(2_000), &mut waiting);
        assert_eq!((start, frames.len()), (1_024, 45));
    }
}
