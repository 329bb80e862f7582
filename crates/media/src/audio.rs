//! What a programme's sound is: AAC from encoders, Opus from browsers.

use kernel::Millis;

use crate::aac::{self, AacSetup};
use crate::opus;

/// A sound's kind, and what a player has to know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AudioSetup {
    Aac(AacSetup),
    Opus,
}

impl AudioSetup {
    /// What stands in where a show has no sound, so that every programme has the same two tracks.
    pub const SILENT: Self = Self::Aac(AacSetup::SILENT);

    /// Hz.
    #[must_use]
    pub const fn rate(self) -> u32 {
        match self {
            Self::Aac(aac) => aac.rate(),
            Self::Opus => opus::RATE,
        }
    }

    #[must_use]
    pub const fn channels(self) -> u8 {
        match self {
            Self::Aac(aac) => aac.channels(),
            Self::Opus => opus::CHANNELS,
        }
    }

    /// As a playlist names it (RFC 6381).
    #[must_use]
    pub const fn codec(self) -> &'static str {
        match self {
            Self::Aac(_) => AacSetup::CODEC,
            Self::Opus => opus::CODEC,
        }
    }

    /// One frame of silence and its samples.
    #[must_use]
    pub const fn silence(self) -> (&'static [u8], u32) {
        match self {
            Self::Aac(aac) => (aac.silence(), aac::FRAME_SAMPLES),
            Self::Opus => (opus::SILENCE, opus::SILENCE_SAMPLES),
        }
    }

    /// A stamp so far ahead of the count is a gap. RTMP's stamps are rounded by encoders, RTP's count samples.
    pub(crate) const fn gap(self) -> Millis {
        match self {
            Self::Aac(_) => Millis(100),
            Self::Opus => Millis(15),
        }
    }

    /// A stamp so far behind the count is a repetition, or sound that runs too slow, and is left out.
    pub(crate) const fn repeated(self) -> Millis {
        match self {
            Self::Aac(_) => Millis(200),
            Self::Opus => Millis(15),
        }
    }
}
