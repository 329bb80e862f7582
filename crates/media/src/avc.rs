//! H.264's decoder configuration (ISO/IEC 14496-15, 5.3.3.1) and the little that is asked of its frames.

use bytes::Bytes;
use h264_reader::nal::sps::{ChromaFormat, SeqParameterSet};
use h264_reader::nal::{Nal, RefNal};
use mp4_atom::{Atom, Avcc, AvccExt};

/// A decoder configuration is tens of bytes; scaling lists make it hundreds.
const MAX_CONFIG_BYTES: usize = 4 << 10;
/// The widest or tallest picture.
const MAX_SIDE_PIXELS: u32 = 4_096;
const NAL_IDR: u8 = 5;
const NAL_SPS: u8 = 7;
const NAL_PPS: u8 = 8;

/// A picture that every browser decodes: 8 bits, 4:2:0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoSetup {
    record: Avcc,
    width: u16,
    height: u16,
}

/// A picture that is H.264, but cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AvcError {
    #[error("the picture's description cannot be read")]
    Config,
    #[error("the picture is {0}; set the encoder to 8 bits, 4:2:0 (profile main or high)")]
    Format(&'static str),
    #[error("the picture is {0}×{1}; the longest side may have 4096 pixels")]
    Size(u32, u32),
    #[error("a frame's parts do not add up to its length")]
    Frame,
}

impl VideoSetup {
    /// Reads an AVCDecoderConfigurationRecord.
    ///
    /// # Errors
    /// [`AvcError`], which says what to set at the encoder where that helps.
    pub fn parse(config: &Bytes) -> Result<Self, AvcError> {
        if config.len() > MAX_CONFIG_BYTES {
            return Err(AvcError::Config);
        }
        // h264-reader's own reader of this record panics on an empty parameter set, so the boxes' reader takes it apart.
        let record = Avcc::decode_body(&mut config.as_ref()).map_err(|_| AvcError::Config)?;
        let first = |sets: &[Vec<u8>], kind| {
            let set = sets.first().filter(|set| set.first().is_some_and(|header| header & 31 == kind));
            set.cloned().ok_or(AvcError::Config)
        };
        let sps = first(&record.sequence_parameter_sets, NAL_SPS)?;
        first(&record.picture_parameter_sets, NAL_PPS)?;
        if !matches!(record.length_size, 1 | 2 | 4) {
            return Err(AvcError::Config);
        }
        Self::checked(record, &sps)
    }

    /// From the parameter sets that a stream carries in itself; at least one of each, each with its header.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn from_sets(sps: &[Vec<u8>], pps: &[Vec<u8>]) -> Result<Self, AvcError> {
        let bytes: usize = sps.iter().chain(pps).map(Vec::len).sum();
        let (Some(first), false) = (sps.first(), pps.is_empty() || bytes > MAX_CONFIG_BYTES) else {
            return Err(AvcError::Config);
        };
        let &[_, profile, flags, level, ..] = first.as_slice() else { return Err(AvcError::Config) };
        // Profiles past main say once more that they are 8 bits, 4:2:0; what is not is refused.
        let record = Avcc {
            configuration_version: 1,
            avc_profile_indication: profile,
            profile_compatibility: flags,
            avc_level_indication: level,
            length_size: 4,
            sequence_parameter_sets: sps.to_vec(),
            picture_parameter_sets: pps.to_vec(),
            ext: (!matches!(profile, 66 | 77 | 88)).then(AvccExt::default),
        };
        Self::checked(record, first)
    }

    fn checked(record: Avcc, sps: &[u8]) -> Result<Self, AvcError> {
        let sps = SeqParameterSet::from_bits(RefNal::new(sps, &[], true).rbsp_bits()).map_err(|_| AvcError::Config)?;
        match sps.chroma_info.chroma_format {
            ChromaFormat::YUV420 => {}
            ChromaFormat::YUV422 => return Err(AvcError::Format("4:2:2")),
            ChromaFormat::YUV444 => return Err(AvcError::Format("4:4:4")),
            _ => return Err(AvcError::Format("monochrome")),
        }
        if sps.chroma_info.bit_depth_luma_minus8 > 0 || sps.chroma_info.bit_depth_chroma_minus8 > 0 {
            return Err(AvcError::Format("deeper than 8 bits"));
        }
        let (width, height) = sps.pixel_dimensions().map_err(|_| AvcError::Config)?;
        let side = |pixels: u32| u16::try_from(pixels).ok().filter(|_| (1..=MAX_SIDE_PIXELS).contains(&pixels));
        let (Some(width), Some(height)) = (side(width), side(height)) else {
            return Err(AvcError::Size(width, height));
        };
        Ok(Self { record, width, height })
    }

    /// The record as an `avcC` box holds it.
    pub(crate) fn record(&self) -> &Avcc {
        &self.record
    }

    /// Pixels after cropping, as shown.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        (self.width, self.height)
    }

    /// As a playlist names it (RFC 6381), for instance `avc1.640028`.
    #[must_use]
    pub fn codec(&self) -> String {
        let record = &self.record;
        let (profile, flags, level) =
            (record.avc_profile_indication, record.profile_compatibility, record.avc_level_indication);
        format!("avc1.{profile:02x}{flags:02x}{level:02x}")
    }

    /// Whether the frame can be decoded by itself (holds an IDR slice).
    ///
    /// # Errors
    /// [`AvcError::Frame`] when the length prefixes do not add up.
    pub fn is_key(&self, frame: &[u8]) -> Result<bool, AvcError> {
        let mut rest = frame;
        let mut key = false;
        while !rest.is_empty() {
            let (prefix, after) = rest.split_at_checked(usize::from(self.record.length_size)).ok_or(AvcError::Frame)?;
            let length = prefix.iter().fold(0usize, |length, byte| (length << 8) | usize::from(*byte));
            let (unit, after) = after.split_at_checked(length).ok_or(AvcError::Frame)?;
            key |= unit.first().is_some_and(|header| header & 31 == NAL_IDR);
            rest = after;
        }
        Ok(key)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// x264's, high profile, 1280×720 (from mp4-atom's own tests).
    pub(crate) const CONFIG_720P: &[u8] = &[
        1, 100, 0, 31, 0xFF, 0xE1, 0, 28, 103, 100, 0, 31, 172, 217, 128, 80, 5, 187, 1, 106, 2, 2, 2, 128, 0, 0, 3, 0,
        128, 0, 0, 30, 7, 140, 24, 205, 1, 0, 5, 104, 233, 123, 44, 139, 0xFD, 0xF8, 0xF8, 0,
    ];

    #[test]
    fn a_real_configuration_is_read() {
        let setup = VideoSetup::parse(&Bytes::from_static(CONFIG_720P)).expect("reads");
        assert_eq!((setup.size(), setup.codec().as_str()), ((1_280, 720), "avc1.64001f"));
        assert_eq!(setup.is_key(&[0, 0, 0, 2, 0x65, 1]), Ok(true));
        assert_eq!(setup.is_key(&[0, 0, 0, 1, 6, 0, 0, 0, 1, 0x41]), Ok(false));
        assert_eq!(setup.is_key(&[0, 0, 0, 9, 0x65]), Err(AvcError::Frame));
    }

    #[test]
    fn what_is_cut_or_empty_is_refused() {
        for length in 0..CONFIG_720P.len() - 5 {
            assert!(VideoSetup::parse(&Bytes::from_static(&CONFIG_720P[..length])).is_err(), "{length}");
        }
        assert_eq!(VideoSetup::parse(&Bytes::from(vec![1; 10_000])), Err(AvcError::Config));
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(at in 0usize..CONFIG_720P.len(), flips in proptest::collection::vec(any::<u8>(), 1..8)) {
            let mut config = CONFIG_720P.to_vec();
            for (offset, flip) in flips.iter().enumerate() {
                if let Some(byte) = config.get_mut(at + offset) {
                    *byte ^= flip;
                }
            }
            if let Ok(setup) = VideoSetup::parse(&Bytes::from(config)) {
                let _ = setup.is_key(&flips);
            }
        }
    }
}
