//! A picture as a stream carries it in itself: NAL units behind start codes (ISO/IEC 14496-10, annex B).

use bytes::{BufMut, Bytes, BytesMut};
use h264_reader::nal::{Nal, RefNal};
use h264_reader::rbsp::BitRead;

use crate::programme::VideoUnit;

const NAL_SLICE: u8 = 1;
const NAL_IDR: u8 = 5;
const NAL_SPS: u8 = 7;
const NAL_PPS: u8 = 8;
const NAL_DELIMITER: u8 = 9;
const NAL_FILLER: u8 = 12;
/// Parameter sets of one kind in a picture; more are left out.
const MAX_SETS: usize = 8;

/// One picture, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AccessUnit {
    pub(crate) sps: Vec<Vec<u8>>,
    pub(crate) pps: Vec<Vec<u8>>,
    /// It can be decoded by itself.
    pub(crate) key: bool,
    /// A part of it leans on a picture that is shown later.
    pub(crate) bidirectional: bool,
    /// NAL units behind lengths of four bytes, without parameter sets; empty if it shows nothing.
    pub(crate) data: Bytes,
}

impl AccessUnit {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut unit = Self::default();
        let mut data = BytesMut::with_capacity(bytes.len() + 16);
        let mut shows = false;
        for nal in units(bytes) {
            let Some(header) = nal.first() else { continue };
            let sets = match header & 31 {
                NAL_SPS => &mut unit.sps,
                NAL_PPS => &mut unit.pps,
                NAL_DELIMITER | NAL_FILLER => continue,
                kind => {
                    unit.key |= kind == NAL_IDR;
                    unit.bidirectional |= kind == NAL_SLICE && is_bidirectional(nal);
                    shows |= matches!(kind, NAL_SLICE..=NAL_IDR);
                    data.put_u32(u32::try_from(nal.len()).unwrap_or(u32::MAX));
                    data.extend_from_slice(nal);
                    continue;
                }
            };
            if sets.len() < MAX_SETS && !sets.iter().any(|set| set == nal) {
                sets.push(nal.to_vec());
            }
        }
        if shows {
            unit.data = data.freeze();
        }
        unit
    }
}

/// A picture of a programme with start codes; a keyframe has its parameter sets before it.
pub(crate) fn annex_b(picture: &VideoUnit) -> Vec<u8> {
    const START: [u8; 4] = [0, 0, 0, 1];
    let record = picture.setup.record();
    let mut bytes = Vec::with_capacity(picture.data.len() + 256);
    if picture.key {
        for set in record.sequence_parameter_sets.iter().chain(&record.picture_parameter_sets) {
            bytes.extend_from_slice(&START);
            bytes.extend_from_slice(set);
        }
    }
    let mut rest = &picture.data[..];
    // A run takes no frame whose lengths do not add up.
    while let Some((prefix, after)) =
        rest.split_at_checked(usize::from(record.length_size)).filter(|_| !rest.is_empty())
    {
        let length = prefix.iter().fold(0usize, |length, byte| (length << 8) | usize::from(*byte));
        let Some((unit, after)) = after.split_at_checked(length) else { break };
        // Delimiters and parameter sets of the stream's own are said already, or need not be.
        if unit.first().is_some_and(|header| !matches!(header & 31, NAL_DELIMITER | NAL_FILLER | NAL_SPS | NAL_PPS)) {
            bytes.extend_from_slice(&START);
            bytes.extend_from_slice(unit);
        }
        rest = after;
    }
    bytes
}

/// The stretches between start codes.
fn units(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = after_start(bytes);
    std::iter::from_fn(move || {
        let here = rest?;
        let end = here.windows(3).position(|three| three == [0, 0, 1]).unwrap_or(here.len());
        rest = after_start(&here[end..]);
        let unit = &here[..end];
        // A start code may have a fourth byte, and zeros may follow a unit.
        Some(unit.iter().rposition(|byte| *byte != 0).map_or(&[][..], |last| &unit[..=last]))
    })
}

fn after_start(bytes: &[u8]) -> Option<&[u8]> {
    let at = bytes.windows(3).position(|three| three == [0, 0, 1])?;
    Some(&bytes[at + 3..])
}

/// Reads the slice's type (ISO/IEC 14496-10, 7.3.3 and table 7-6).
fn is_bidirectional(slice: &[u8]) -> bool {
    let mut bits = RefNal::new(slice, &[], true).rbsp_bits();
    bits.read_ue("first_mb_in_slice").and_then(|_| bits.read_ue("slice_type")).is_ok_and(|kind| kind % 5 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_picture_is_taken_apart() {
        let bytes = [
            &[0, 0, 0, 1, 9, 0xF0][..],
            &[0, 0, 0, 1, 0x67, 66, 0, 31, 1],
            &[0, 0, 0, 1, 0x68, 2],
            &[0, 0, 1, 6, 5, 0x80],
            &[0, 0, 0, 1, 0x65, 0x88, 0x84, 0, 0],
        ]
        .concat();
        let unit = AccessUnit::read(&bytes);
        assert_eq!((unit.sps, unit.pps), (vec![vec![0x67, 66, 0, 31, 1]], vec![vec![0x68, 2]]));
        assert!(unit.key && !unit.bidirectional);
        assert_eq!(&unit.data[..], [0, 0, 0, 3, 6, 5, 0x80, 0, 0, 0, 3, 0x65, 0x88, 0x84]);
    }

    #[test]
    fn slices_say_whether_they_lean_on_later_ones() {
        // first_mb 0 (`1`), then the slice's type: P is 0 (`1`) or 5 (`00110`), B is 1 (`010`) or 6 (`00111`).
        for (slice, expected) in [(0b1100_0000, false), (0b1001_1010, false), (0b1010_1000, true), (0b1001_1110, true)]
        {
            let unit = AccessUnit::read(&[0, 0, 1, 0x41, slice, 0xFF]);
            assert_eq!((unit.bidirectional, unit.key), (expected, false), "{slice:08b}");
        }
    }

    #[test]
    fn parameter_sets_alone_show_nothing() {
        let unit = AccessUnit::read(&[0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 1]);
        assert!(unit.data.is_empty() && unit.sps.len() == 1);
        assert_eq!(AccessUnit::read(&[1, 2, 3]), AccessUnit::default());
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(bytes in proptest::collection::vec(0u8..4, 0..64)) {
            let unit = AccessUnit::read(&bytes);
            prop_assert!(unit.data.len() <= bytes.len() * 2);
        }
    }
}
