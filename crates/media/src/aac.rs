//! AAC's AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1): what the sound is, and whether every browser plays it.

/// Samples in one AAC-LC frame.
pub const FRAME_SAMPLES: u32 = 1_024;

/// AAC-LC at 44.1 or 48 kHz, one channel or two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AacSetup {
    rate: Rate,
    channels: Channels,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rate {
    Hz44100,
    Hz48000,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Channels {
    Mono,
    Stereo,
}

/// Sound that is AAC, but not a kind that every browser plays.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AacError {
    #[error("the sound's description ends in the middle")]
    Truncated,
    #[error("the sound is HE-AAC; set the encoder to AAC-LC")]
    HeAac,
    #[error("the sound is AAC of object type {0}; set the encoder to AAC-LC")]
    ObjectType(u8),
    #[error("the sound is sampled at {0} Hz; set the encoder to 44100 or 48000 Hz")]
    SampleRate(u32),
    #[error("the sound has channel layout {0}; set the encoder to mono or stereo")]
    Channels(u8),
    #[error("the sound has frames of 960 samples; set the encoder to frames of 1024")]
    ShortFrames,
}

const RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

impl AacSetup {
    /// As a playlist names it (RFC 6381): AAC-LC.
    pub const CODEC: &'static str = "mp4a.40.2";
    /// What stands in where a show has no sound.
    pub const SILENT: Self = Self { rate: Rate::Hz48000, channels: Channels::Stereo };

    /// Reads an AudioSpecificConfig.
    ///
    /// # Errors
    /// [`AacError`], which says what to set at the encoder.
    pub fn parse(config: &[u8]) -> Result<Self, AacError> {
        let mut bits = Bits { bytes: config, at: 0 };
        let object_type = bits.object_type()?;
        let rate = bits.rate()?;
        let channels = bits.take(4)?;
        match object_type {
            2 => {}
            5 | 29 => return Err(AacError::HeAac),
            other => return Err(AacError::ObjectType(other)),
        }
        if bits.take(1)? == 1 {
            return Err(AacError::ShortFrames);
        }
        // Core coder and extension flags, then perhaps the backward-compatible sign of SBR (0x2B7, then type 5).
        if bits.take(1)? == 1 {
            bits.take(14)?;
        }
        bits.take(1)?;
        if bits.take(11) == Ok(0x2B7) && bits.take(5) == Ok(5) && bits.take(1) == Ok(1) {
            return Err(AacError::HeAac);
        }
        Ok(Self {
            rate: match rate {
                44_100 => Rate::Hz44100,
                48_000 => Rate::Hz48000,
                other => return Err(AacError::SampleRate(other)),
            },
            channels: match channels {
                1 => Channels::Mono,
                2 => Channels::Stereo,
                other => return Err(AacError::Channels(u8::try_from(other).unwrap_or(u8::MAX))),
            },
        })
    }

    /// Hz.
    #[must_use]
    pub const fn rate(self) -> u32 {
        match self.rate {
            Rate::Hz44100 => 44_100,
            Rate::Hz48000 => 48_000,
        }
    }

    #[must_use]
    pub const fn channels(self) -> u8 {
        match self.channels {
            Channels::Mono => 1,
            Channels::Stereo => 2,
        }
    }

    /// The plain two-byte AudioSpecificConfig of this sound.
    #[must_use]
    pub const fn config(self) -> [u8; 2] {
        let index: u16 = match self.rate {
            Rate::Hz44100 => 4,
            Rate::Hz48000 => 3,
        };
        ((2u16 << 11) | (index << 7) | ((self.channels() as u16) << 3)).to_be_bytes()
    }

    /// A frame behind a header that says what it is (ADTS, ISO/IEC 14496-3, 1.A.3.2): what decoders read without a box around.
    #[must_use]
    pub fn adts(self, frame: &[u8]) -> Vec<u8> {
        let index: u64 = match self.rate {
            Rate::Hz44100 => 4,
            Rate::Hz48000 => 3,
        };
        // 13 bits hold the length; no frame of two channels has more than 1,536 bytes.
        let length = (frame.len() as u64 + 7).min(0x1FFF);
        let channels = u64::from(self.channels());
        let header = (0xFFF1 << 40) | (1 << 38) | (index << 34) | (channels << 30) | (length << 13) | (0x7FF << 2);
        let mut bytes = u64::to_be_bytes(header)[1..].to_vec();
        bytes.extend_from_slice(frame);
        bytes
    }

    /// One frame of silence (the bytes that hls.js fills gaps with, `src/remux/aac-helper.ts`).
    #[must_use]
    pub const fn silence(self) -> &'static [u8] {
        match self.channels {
            Channels::Mono => &[0x00, 0xC8, 0x00, 0x80, 0x23, 0x80],
            Channels::Stereo => &[0x21, 0x00, 0x49, 0x90, 0x02, 0x19, 0x00, 0x23, 0x80],
        }
    }
}

struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Result<u32, AacError> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.at / 8).ok_or(AacError::Truncated)?;
            value = (value << 1) | u32::from((byte >> (7 - self.at % 8)) & 1);
            self.at += 1;
        }
        Ok(value)
    }

    fn object_type(&mut self) -> Result<u8, AacError> {
        let plain = self.take(5)?;
        let value = if plain == 31 { 32 + self.take(6)? } else { plain };
        Ok(u8::try_from(value).unwrap_or(u8::MAX))
    }

    fn rate(&mut self) -> Result<u32, AacError> {
        match self.take(4)? {
            15 => self.take(24),
            index => {
                RATES.get(usize::try_from(index).unwrap_or(usize::MAX)).copied().ok_or(AacError::SampleRate(index))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sound_is_taken_or_refused_by_name() {
        for (config, expected) in [
            (&[0x12, 0x10][..], Ok((44_100, 2))),
            (&[0x11, 0x88], Ok((48_000, 1))),
            // ffmpeg's: LC with an extension that says "no SBR".
            (&[0x12, 0x10, 0x56, 0xE5, 0x00], Ok((44_100, 2))),
            (&[0x12, 0x10, 0x56, 0xE5, 0x80], Err(AacError::HeAac)),
            (&[0x2B, 0x92, 0x08, 0x00], Err(AacError::HeAac)),
            (&[0x12, 0x90], Err(AacError::SampleRate(32_000))),
            (&[0x12, 0x30], Err(AacError::Channels(6))),
            (&[0x12, 0x14], Err(AacError::ShortFrames)),
            (&[0x0A, 0x10], Err(AacError::ObjectType(1))),
            (&[0x12], Err(AacError::Truncated)),
            (&[], Err(AacError::Truncated)),
        ] {
            let read = AacSetup::parse(config).map(|setup| (setup.rate(), setup.channels()));
            assert_eq!(read, expected, "{config:02X?}");
        }
    }

    #[test]
    fn the_plain_config_reads_back() {
        for config in [[0x12, 0x10], [0x12, 0x08], [0x11, 0x90], [0x11, 0x88]] {
            assert_eq!(AacSetup::parse(&config).map(AacSetup::config), Ok(config));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(config in proptest::collection::vec(any::<u8>(), 0..16)) {
            let _ = AacSetup::parse(&config);
        }
    }
}
