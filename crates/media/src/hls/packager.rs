//! Units in, parts and segments out.
//!
//! A picture's length is known when the next one comes, so one picture is always held back. Decisions to end a part
//! or a segment are taken when a part is complete, so that a part that a playlist hinted at always comes to be
//! (unless the programme ends first).

use bytes::Bytes;
use kernel::{Millis, Timestamp};

use super::complete::{Complete, Piece};
use super::playlist;
use super::sound::{Sound, Waiting};
use super::window::{Edge, Part, TARGET_DURATION, Window};
use crate::cmaf::{self, Fragment, VideoSample};
use crate::programme::{Unit, VideoUnit};

/// A part shorter than this share of its target is only allowed at a segment's end (RFC 8216bis, 4.4.4.9).
const PART_AT_LEAST_PERCENT: i64 = 85;
/// Keyframes nearer than this to a segment's start do not end it.
const SEGMENT_AT_LEAST_MS: i64 = 1_900;
/// A segment's length rounds to the target duration at most (4.4.4.1); this leaves room for the rounding.
const SEGMENT_AT_MOST_MS: i64 = TARGET_DURATION.0 + 400;
/// After the first keyframe, sound has so long to show up before the show counts as silent.
const SOUND_WITHIN_MS: i64 = 500;
/// Pictures held meanwhile, at most.
const MAX_HELD: usize = 64;
/// Stamps are whole milliseconds, so a picture's length is known to this much.
const STAMP_ROUNDING_MS: i64 = 1;
/// The length of a picture whose successor never came.
const LAST_PICTURE_MS: i64 = 33;

#[derive(Debug)]
enum State {
    /// Nobody publishes, or no keyframe came yet.
    Away,
    /// A keyframe came; whether there is sound is not known yet. Never empty.
    Opening(Vec<VideoUnit>),
    OnAir(Box<OnAir>),
    Ended,
}

#[derive(Debug)]
struct OnAir {
    sound: Sound,
    /// The picture whose length is not known yet.
    held: VideoUnit,
    samples: Vec<VideoSample>,
    part_start: Timestamp,
    part_ms: i64,
    segment_ms: i64,
    starts_with_key: bool,
    since_key_ms: i64,
    last_gop_ms: i64,
}

/// One programme as LL-HLS.
#[derive(Debug)]
pub struct Packager {
    part_target: Millis,
    /// Media time zero.
    origin: Option<Timestamp>,
    state: State,
    waiting: Waiting,
    window: Window,
    fragments: u32,
    rendered: [Option<Bytes>; 2],
}

impl Packager {
    /// `part_target` is one of [`super::PART_TARGETS`], constant for the programme. Numbers begin at `first_number`: 0,
    /// or for a programme that a restart interrupted, more than the segments that it can have had.
    #[must_use]
    pub fn new(part_target: Millis, first_number: u64) -> Self {
        Self {
            part_target,
            origin: None,
            state: State::Away,
            waiting: Waiting::default(),
            window: Window::beginning_at(first_number),
            fragments: 0,
            rendered: [None, None],
        }
    }

    /// How far the programme has come.
    #[must_use]
    pub fn edge(&self) -> Edge {
        self.window.edge()
    }

    /// No part will ever come again.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        matches!(self.state, State::Ended)
    }

    /// Programme time of the last picture that can be fetched.
    #[must_use]
    pub fn latest(&self) -> Option<Timestamp> {
        let open = self.window.open.as_ref().filter(|open| !open.parts.is_empty());
        let last = open.or_else(|| self.window.listed().last())?;
        Some(last.at + Millis(last.duration_ms()))
    }

    /// How far behind the newest part players stay.
    #[must_use]
    pub fn hold_back(&self) -> Millis {
        playlist::part_hold_back(self.part_target)
    }

    /// Takes a unit of the run that publishes now.
    pub fn push(&mut self, unit: Unit) {
        match unit {
            Unit::Audio(unit) => self.waiting.push(unit),
            Unit::Video(unit) => self.push_video(unit),
        }
    }

    /// The publisher is gone: what is held becomes the end of the last segment. Numbers go on when it is back.
    pub fn publisher_left(&mut self) {
        match std::mem::replace(&mut self.state, State::Away) {
            State::OnAir(mut on_air) => {
                self.add_picture(&mut on_air, LAST_PICTURE_MS, None);
                self.close_part(&mut on_air);
                self.window.close_segment();
                self.forget_rendered();
            }
            State::Ended => self.state = State::Ended,
            State::Away | State::Opening(_) => {}
        }
        self.waiting.clear();
    }

    /// The show is over: the playlist gets its end.
    pub fn end(&mut self) {
        self.publisher_left();
        self.state = State::Ended;
        self.forget_rendered();
    }

    /// The media playlist, or its delta update where `skip`; none before the first part.
    pub fn playlist(&mut self, skip: bool) -> Option<Bytes> {
        if !self.window.has_segments() {
            return None;
        }
        let ended = self.is_ended();
        let rendered = &mut self.rendered[usize::from(skip)];
        Some(rendered.get_or_insert_with(|| playlist::media(&self.window, self.part_target, skip, ended)).clone())
    }

    /// The multivariant playlist; none before the first part.
    #[must_use]
    pub fn multivariant(&self) -> Option<Bytes> {
        playlist::multivariant(&self.window)
    }

    /// An init segment by its number.
    #[must_use]
    pub fn init(&self, number: u32) -> Option<Bytes> {
        self.window.init(number)
    }

    /// A complete segment by its media sequence number.
    #[must_use]
    pub fn segment(&self, number: u64) -> Option<Bytes> {
        self.window.segment(number)
    }

    /// Complete segments from this number on, as far as they are still kept.
    pub fn complete_from(&self, number: u64) -> impl Iterator<Item = Complete> {
        self.window.complete_from(number)
    }

    /// Parts of the segment in the making, from this place on.
    pub fn pieces_from(&self, from: Edge) -> impl Iterator<Item = Piece> {
        self.window.pieces_from(from)
    }

    /// A part by its segment's number and its own, from 0.
    #[must_use]
    pub fn part(&self, segment: u64, part: u32) -> Option<Bytes> {
        self.window.part(segment, part)
    }

    fn push_video(&mut self, unit: VideoUnit) {
        self.state = match std::mem::replace(&mut self.state, State::Away) {
            State::Ended => State::Ended,
            State::Away if unit.key => self.hold(vec![unit]),
            State::Away => State::Away,
            State::Opening(mut held) => {
                held.push(unit);
                self.hold(held)
            }
            State::OnAir(on_air) => self.go_on(on_air, unit),
        };
    }

    /// Begins once sound is known, or known to be missing.
    fn hold(&mut self, held: Vec<VideoUnit>) -> State {
        let span = held.last().zip(held.first()).map_or(0, |(last, first)| (last.decode_at - first.decode_at).0);
        if self.waiting.is_empty() && span < SOUND_WITHIN_MS && held.len() < MAX_HELD {
            return State::Opening(held);
        }
        let mut held = held.into_iter();
        let Some(first) = held.next() else { return State::Away };
        self.state = self.open(first);
        held.for_each(|unit| self.push_video(unit));
        std::mem::replace(&mut self.state, State::Away)
    }

    /// A new stretch that begins with this keyframe; a discontinuity unless it is the first.
    fn open(&mut self, key: VideoUnit) -> State {
        let start = key.decode_at;
        let origin = *self.origin.get_or_insert(start);
        let sound = Sound::begin(origin, start, &mut self.waiting);
        let init = self.window.init_for(&key.setup, sound.setup());
        let discontinuity = self.window.has_segments();
        self.window.open_segment(init, discontinuity, shown_at(&key));
        State::OnAir(Box::new(OnAir {
            sound,
            held: key,
            samples: Vec::with_capacity(32),
            part_start: start,
            part_ms: 0,
            segment_ms: 0,
            starts_with_key: true,
            since_key_ms: 0,
            last_gop_ms: 0,
        }))
    }

    fn go_on(&mut self, mut on_air: Box<OnAir>, unit: VideoUnit) -> State {
        let target = self.part_target.0;
        let step = (unit.decode_at - on_air.held.decode_at).0.max(1);
        let gap = step > 2 * target;
        let changed = unit.setup != on_air.held.setup;
        if gap || changed {
            // Pictures are missing, or the next one needs another decoder: only a keyframe can go on.
            self.add_picture(&mut on_air, if gap { LAST_PICTURE_MS } else { step.min(target) }, None);
            self.close_part(&mut on_air);
            self.window.close_segment();
            return if unit.key { self.hold(vec![unit]) } else { State::Away };
        }
        let length = step.min(target);
        let (key, at) = (unit.key, shown_at(&unit));
        self.add_picture(&mut on_air, length, Some(unit));
        on_air.since_key_ms += length;
        if key {
            on_air.last_gop_ms = std::mem::take(&mut on_air.since_key_ms);
            if on_air.sound.is_outdated(&self.waiting) {
                self.close_part(&mut on_air);
                self.window.close_segment();
                return self.open(on_air.held);
            }
            let total = on_air.segment_ms + on_air.part_ms;
            if !on_air.starts_with_key
                || total >= SEGMENT_AT_LEAST_MS
                || total + on_air.last_gop_ms > SEGMENT_AT_MOST_MS - target
            {
                self.close_part(&mut on_air);
                self.next_segment(&mut on_air, true, at);
            }
        } else if on_air.part_ms + length > target + STAMP_ROUNDING_MS && self.is_long_enough(on_air.part_ms) {
            // The next picture will not fit: the part is as long as it gets, so it need not wait for that one.
            self.close_part(&mut on_air);
            self.cut_without_key(&mut on_air, at);
        }
        State::OnAir(on_air)
    }

    /// Puts the held picture into the part, ending the part before it where it does not fit, and holds the next.
    fn add_picture(&mut self, on_air: &mut OnAir, length_ms: i64, next: Option<VideoUnit>) {
        if on_air.part_ms + length_ms > self.part_target.0 && !on_air.samples.is_empty() {
            let at = shown_at(&on_air.held);
            let is_short = !self.is_long_enough(on_air.part_ms);
            self.close_part(on_air);
            if is_short {
                // Before a picture that stands for long; anywhere else players would stumble over it.
                self.next_segment(on_air, false, at);
            } else {
                self.cut_without_key(on_air, at);
            }
        }
        if on_air.samples.is_empty() {
            on_air.part_start = on_air.held.decode_at;
        }
        on_air.samples.push(VideoSample {
            duration_ms: u32::try_from(length_ms).unwrap_or(u32::MAX),
            composition_ms: on_air.held.composition_ms,
            key: on_air.held.key,
            data: on_air.held.data.clone(),
        });
        on_air.part_ms += length_ms;
        if let Some(next) = next {
            on_air.held = next;
        }
    }

    /// Whether a part of this length may stand in the middle of a segment.
    const fn is_long_enough(&self, part_ms: i64) -> bool {
        part_ms * 100 >= self.part_target.0 * PART_AT_LEAST_PERCENT
    }

    fn close_part(&mut self, on_air: &mut OnAir) {
        if on_air.samples.is_empty() {
            return;
        }
        let (Some(origin), Some(open)) = (self.origin, self.window.open.as_mut()) else { return };
        let end = on_air.part_start + Millis(on_air.part_ms);
        let (audio_start, audio) = on_air.sound.take_until(end, &mut self.waiting);
        self.fragments = self.fragments.wrapping_add(1);
        let bytes = cmaf::fragment(&Fragment {
            number: self.fragments,
            video_start_ms: (on_air.part_start - origin).0.max(0).cast_unsigned(),
            video: &on_air.samples,
            audio_start,
            audio: &audio,
        });
        let independent = on_air.samples.iter().any(|sample| sample.key);
        open.pictures += u32::try_from(on_air.samples.len()).unwrap_or(u32::MAX);
        open.parts.push(Part { duration_ms: on_air.part_ms, independent, bytes });
        on_air.samples.clear();
        on_air.segment_ms += std::mem::take(&mut on_air.part_ms);
        self.forget_rendered();
    }

    /// A segment that no keyframe ends is cut before another part could make it too long.
    fn cut_without_key(&mut self, on_air: &mut OnAir, at: Timestamp) {
        if on_air.segment_ms + self.part_target.0 > SEGMENT_AT_MOST_MS {
            self.next_segment(on_air, false, at);
        }
    }

    fn next_segment(&mut self, on_air: &mut OnAir, with_key: bool, at: Timestamp) {
        let init = self.window.open.as_ref().map_or(0, |open| open.init);
        self.window.open_segment(init, false, at);
        on_air.segment_ms = 0;
        on_air.starts_with_key = with_key;
        self.forget_rendered();
    }

    fn forget_rendered(&mut self) {
        self.rendered = [None, None];
    }
}

fn shown_at(unit: &VideoUnit) -> Timestamp {
    unit.decode_at + Millis(i64::from(unit.composition_ms))
}
