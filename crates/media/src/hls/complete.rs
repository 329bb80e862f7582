//! What will not change any more, for whoever keeps it: segments, and parts of the one in the making.

use bytes::Bytes;
use kernel::{Millis, Timestamp};

use super::window::{Init, Segment};

/// One complete segment.
#[derive(Clone, Debug)]
pub struct Complete {
    /// Its media sequence number.
    pub number: u64,
    /// Programme time of the first picture shown.
    pub at: Timestamp,
    /// Exactly the sum of its pictures' durations.
    pub duration: Millis,
    /// It does not go on where the one before ended: another run of the encoder, or pictures are missing.
    pub discontinuity: bool,
    /// It begins with a keyframe.
    pub independent: bool,
    pub bytes: Bytes,
    pub setup: Setup,
}

/// What is needed to decode a segment.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The initialisation segment.
    pub init: Bytes,
    /// As in CODECS: `avc1.64001f,mp4a.40.2`.
    pub codecs: String,
    pub width: u16,
    pub height: u16,
}

/// One part of the segment in the making.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Its segment's media sequence number, and its own in it, from 0.
    pub segment: u64,
    pub part: u32,
    /// Of the segment, as in [`Complete`].
    pub at: Timestamp,
    pub discontinuity: bool,
    pub independent: bool,
    pub setup: Setup,
    /// Of the part.
    pub duration: Millis,
    pub bytes: Bytes,
}

impl Setup {
    fn of(init: &Init) -> Self {
        let (width, height) = init.video.size();
        let codecs = init.codecs();
        Self { init: init.bytes.clone(), codecs, width, height }
    }
}

impl Piece {
    pub(super) fn all_of(segment: &Segment, init: &Init) -> impl Iterator<Item = Self> {
        let setup = Setup::of(init);
        let independent = segment.parts.first().is_some_and(|part| part.independent);
        segment.parts.iter().zip(0..).map(move |(part, number)| Self {
            segment: segment.number,
            part: number,
            at: segment.at,
            discontinuity: segment.discontinuity,
            independent,
            setup: setup.clone(),
            duration: Millis(part.duration_ms),
            bytes: part.bytes.clone(),
        })
    }
}

impl Complete {
    pub(super) fn of(segment: &Segment, init: &Init) -> Self {
        Self {
            number: segment.number,
            at: segment.at,
            duration: Millis(segment.duration_ms()),
            discontinuity: segment.discontinuity,
            independent: segment.parts.first().is_some_and(|part| part.independent),
            bytes: segment.whole.clone(),
            setup: Setup::of(init),
        }
    }
}
