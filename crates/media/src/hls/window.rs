//! The segments and parts that can be fetched: the last half minute, in bounded memory.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use kernel::{Millis, Timestamp};

use super::complete::{Complete, Piece};
use crate::audio::AudioSetup;
use crate::avc::VideoSetup;
use crate::cmaf;

/// Part targets that can be chosen: 500 ms, or 200 ms for less delay at more requests.
pub const PART_TARGETS: [Millis; 2] = [Millis(500), Millis(200)];
/// EXT-X-TARGETDURATION, constant for a programme (RFC 8216bis, 4.4.3.1). Keyframes every 2 s make segments of 2 s;
/// without a keyframe a segment is cut at this length.
pub const TARGET_DURATION: Millis = Millis::from_secs(4);
/// Listed in the playlist: at least six segments, then as many as fit into this time. The delta update's boundary is
/// six target durations (4.4.3.8), so there is something beyond it to skip.
const LISTED: Millis = Millis::from_secs(36);
const LISTED_AT_LEAST: usize = 6;
/// Kept after they left the playlist, for whoever read it just before (6.2.2).
const KEPT_AFTER: usize = 3;
/// Bytes of one programme, at most; past it the playlist gets shorter.
const MAX_BYTES: usize = 96 << 20;

/// How far a programme has come: `parts` parts of segment number `segment` can be fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub segment: u64,
    pub parts: u32,
}

#[derive(Debug)]
pub(super) struct Part {
    pub(super) duration_ms: i64,
    pub(super) independent: bool,
    pub(super) bytes: Bytes,
}

#[derive(Debug)]
pub(super) struct Segment {
    pub(super) number: u64,
    pub(super) discontinuity: bool,
    pub(super) init: u32,
    /// Programme time of the first picture shown.
    pub(super) at: Timestamp,
    pub(super) parts: Vec<Part>,
    pub(super) pictures: u32,
    /// All of it, once it is complete; its parts are slices of these bytes then.
    pub(super) whole: Bytes,
}

impl Segment {
    pub(super) fn duration_ms(&self) -> i64 {
        self.parts.iter().map(|part| part.duration_ms).sum()
    }

    pub(super) fn size_bytes(&self) -> usize {
        self.parts.iter().map(|part| part.bytes.len()).sum()
    }

    fn complete(&mut self) {
        let mut whole = BytesMut::with_capacity(self.size_bytes());
        self.parts.iter().for_each(|part| whole.extend_from_slice(&part.bytes));
        self.whole = whole.freeze();
        let mut at = 0;
        for part in &mut self.parts {
            let end = at + part.bytes.len();
            part.bytes = self.whole.slice(at..end);
            at = end;
        }
    }
}

#[derive(Debug)]
pub(super) struct Init {
    pub(super) number: u32,
    pub(super) video: Arc<VideoSetup>,
    pub(super) audio: AudioSetup,
    pub(super) bytes: Bytes,
}

impl Init {
    /// As in CODECS: `avc1.64001f,mp4a.40.2`.
    pub(super) fn codecs(&self) -> String {
        format!("{},{}", self.video.codec(), self.audio.codec())
    }
}

/// Everything that can be fetched of one programme.
#[derive(Debug, Default)]
pub(super) struct Window {
    pub(super) inits: VecDeque<Init>,
    /// Complete segments, oldest first; the first `unlisted` ones have left the playlist.
    segments: VecDeque<Segment>,
    unlisted: usize,
    pub(super) open: Option<Segment>,
    next_number: u64,
    /// The number of the first init segment.
    first_init: u32,
    /// EXT-X-DISCONTINUITY-SEQUENCE: discontinuities that have left the playlist.
    pub(super) discontinuities_gone: u64,
}

impl Window {
    pub(super) fn beginning_at(first_number: u64) -> Self {
        // Each discontinuity and each init segment begins a segment, so the same number is past every one that there was. Players
        // keep an init segment for ever: its number never stands for another one.
        let first_init = u32::try_from(first_number).unwrap_or_default();
        Self { next_number: first_number, first_init, discontinuities_gone: first_number, ..Self::default() }
    }

    pub(super) fn edge(&self) -> Edge {
        match &self.open {
            Some(open) => Edge { segment: open.number, parts: u32::try_from(open.parts.len()).unwrap_or(u32::MAX) },
            None => Edge { segment: self.next_number, parts: 0 },
        }
    }

    /// Complete segments in the playlist.
    pub(super) fn listed(&self) -> impl ExactSizeIterator<Item = &Segment> + Clone {
        self.segments.range(self.unlisted..)
    }

    pub(super) fn has_segments(&self) -> bool {
        !self.segments.is_empty() || self.open.is_some()
    }

    /// The number of the init segment for these settings; a new one only when they changed.
    pub(super) fn init_for(&mut self, video: &Arc<VideoSetup>, audio: AudioSetup) -> u32 {
        let number = match self.inits.back() {
            Some(last) if *last.video == **video && last.audio == audio => return last.number,
            Some(last) => last.number + 1,
            None => self.first_init,
        };
        self.inits.push_back(Init { number, video: video.clone(), audio, bytes: cmaf::init(video, audio) });
        number
    }

    pub(super) fn open_segment(&mut self, init: u32, discontinuity: bool, at: Timestamp) {
        self.close_segment();
        self.open = Some(Segment {
            number: self.next_number,
            discontinuity,
            init,
            at,
            parts: Vec::new(),
            pictures: 0,
            whole: Bytes::new(),
        });
        self.next_number += 1;
    }

    /// Completes the open segment; one without parts never was, and its number is used again.
    pub(super) fn close_segment(&mut self) {
        let Some(mut open) = self.open.take() else { return };
        if open.parts.is_empty() {
            self.next_number = open.number;
            return;
        }
        open.complete();
        self.segments.push_back(open);
        self.forget();
    }

    fn forget(&mut self) {
        let mut listed_ms: i64 = self.listed().map(Segment::duration_ms).sum();
        let mut bytes: usize = self.segments.iter().map(Segment::size_bytes).sum();
        while self.segments.len() - self.unlisted > LISTED_AT_LEAST && (listed_ms > LISTED.0 || bytes > MAX_BYTES) {
            let leaving = &self.segments[self.unlisted];
            listed_ms -= leaving.duration_ms();
            self.discontinuities_gone += u64::from(leaving.discontinuity);
            self.unlisted += 1;
            while self.unlisted > KEPT_AFTER || (bytes > MAX_BYTES && self.unlisted > 0) {
                bytes -= self.segments.pop_front().map_or(0, |gone| gone.size_bytes());
                self.unlisted -= 1;
            }
        }
        let oldest = self.segments.front().map_or(0, |segment| segment.init);
        while self.inits.len() > 1 && self.inits.front().is_some_and(|init| init.number < oldest) {
            self.inits.pop_front();
        }
    }

    /// Complete segments that are still kept, from this number on.
    pub(super) fn complete_from(&self, number: u64) -> impl Iterator<Item = Complete> {
        let init = |number| self.inits.iter().find(move |init| init.number == number);
        let wanted = self.segments.iter().filter(move |segment| segment.number >= number);
        wanted.filter_map(move |segment| init(segment.init).map(|init| Complete::of(segment, init)))
    }

    /// Parts of the open segment, from this place on.
    pub(super) fn pieces_from(&self, from: Edge) -> impl Iterator<Item = Piece> {
        let init = |number| self.inits.iter().find(move |init| init.number == number);
        let open = self.open.as_ref().and_then(|open| Some((open, init(open.init)?)));
        let pieces = open.into_iter().flat_map(|(open, init)| Piece::all_of(open, init));
        pieces.filter(move |piece| Edge { segment: piece.segment, parts: piece.part } >= from)
    }

    pub(super) fn init(&self, number: u32) -> Option<Bytes> {
        self.inits.iter().find(|init| init.number == number).map(|init| init.bytes.clone())
    }

    fn find(&self, number: u64) -> Option<&Segment> {
        let first = self.segments.front()?.number;
        self.segments.get(usize::try_from(number.checked_sub(first)?).ok()?)
    }

    pub(super) fn segment(&self, number: u64) -> Option<Bytes> {
        self.find(number).map(|segment| segment.whole.clone())
    }

    pub(super) fn part(&self, number: u64, part: u32) -> Option<Bytes> {
        let segment = self.open.as_ref().filter(|open| open.number == number).or_else(|| self.find(number))?;
        segment.parts.get(usize::try_from(part).ok()?).map(|part| part.bytes.clone())
    }
}
