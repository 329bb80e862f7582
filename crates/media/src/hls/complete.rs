//! Segments that will not change any more, for whoever keeps them.

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

impl Complete {
    pub(super) fn of(segment: &Segment, init: &Init) -> Self {
        let (width, height) = init.video.size();
        Self {
            number: segment.number,
            at: segment.at,
            duration: Millis(segment.duration_ms()),
            discontinuity: segment.discontinuity,
            independent: segment.parts.first().is_some_and(|part| part.independent),
            bytes: segment.whole.clone(),
            setup: Setup {
                init: init.bytes.clone(),
                codecs: format!("{},mp4a.40.2", init.video.codec()),
                width,
                height,
            },
        }
    }
}
