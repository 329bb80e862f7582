//! Timed access units: what every reader of a programme reads.

use std::sync::Arc;

use bytes::Bytes;
use kernel::Timestamp;

use crate::audio::AudioSetup;
use crate::avc::VideoSetup;

/// One picture.
#[derive(Clone, Debug)]
pub struct VideoUnit {
    pub setup: Arc<VideoSetup>,
    /// Programme time at which it is decoded; strictly increasing within a run.
    pub decode_at: Timestamp,
    /// Signed distance from decoding to showing, milliseconds.
    pub composition_ms: i32,
    pub key: bool,
    /// Length-prefixed NAL units.
    pub data: Bytes,
}

/// One frame of sound.
#[derive(Clone, Debug)]
pub struct AudioUnit {
    pub setup: AudioSetup,
    /// Programme time by the encoder's own stamp; readers count frames and only consult it.
    pub at: Timestamp,
    /// How long it lasts, in samples of the setup's rate.
    pub samples: u32,
    pub data: Bytes,
}

/// What a run yields.
#[derive(Clone, Debug)]
pub enum Unit {
    Video(VideoUnit),
    Audio(AudioUnit),
}
