//! RTP as it passes by: SRTP leaves its header in the clear, so that who counts need not decrypt.

use std::collections::BTreeMap;

/// Ticks of a second in a picture's stamps.
const PICTURE_RATE: u32 = 90_000;
/// Pictures whose stamps lie further apart than this have lost one between them: at 30 a second they lie 33 ms apart.
const FARTHEST: u32 = PICTURE_RATE * 60 / 1_000;
const INTERVAL: u32 = PICTURE_RATE / 30;

/// What a payload type stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Picture,
    Sound,
}

/// What an answer calls H.264 and Opus.
pub(super) fn kinds(answer: &str) -> BTreeMap<u8, Kind> {
    let mapped = answer.lines().filter_map(|line| line.trim_end().strip_prefix("a=rtpmap:")?.split_once(' '));
    mapped
        .filter_map(|(number, codec)| {
            let kind = match codec.split('/').next()?.to_ascii_lowercase().as_str() {
                "h264" => Kind::Picture,
                "opus" => Kind::Sound,
                _ => return None,
            };
            Some((number.parse().ok()?, kind))
        })
        .collect()
}

/// What came, in sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Came {
    pub(super) packets: u64,
    pub(super) bytes: u64,
    pub(super) pictures: u64,
    pub(super) sounds: u64,
    /// Packets that never came, and pictures that are missing between two that came.
    pub(super) lost: u64,
}

/// One viewer's tracks.
#[derive(Debug, Default)]
pub(super) struct Counted {
    kinds: BTreeMap<u8, Kind>,
    next: BTreeMap<u8, u16>,
    shown: Option<u32>,
    pub(super) came: Came,
}

impl Counted {
    pub(super) fn new(kinds: BTreeMap<u8, Kind>) -> Self {
        Self { kinds, ..Self::default() }
    }

    /// Counts a packet; what is no RTP of these tracks is not looked at.
    pub(super) fn packet(&mut self, packet: &[u8]) {
        let &[first, second, high, low, a, b, c, d, ..] = packet else { return };
        let Some(kind) = self.kinds.get(&(second & 0x7F)).copied().filter(|_| first >> 6 == 2) else { return };
        let (number, stamp) = (u16::from_be_bytes([high, low]), u32::from_be_bytes([a, b, c, d]));
        self.came.packets += 1;
        self.came.bytes += packet.len() as u64;
        let expected = self.next.insert(second & 0x7F, number.wrapping_add(1)).unwrap_or(number);
        self.came.lost += u64::from(number.wrapping_sub(expected));
        match kind {
            Kind::Sound => self.came.sounds += 1,
            // The last packet of a picture is marked.
            Kind::Picture if second & 0x80 != 0 => self.picture(stamp),
            Kind::Picture => {}
        }
    }

    /// A whole picture with its stamp.
    pub(super) fn picture(&mut self, stamp: u32) {
        self.came.pictures += 1;
        let apart = self.shown.replace(stamp).map_or(0, |before| stamp.wrapping_sub(before));
        if apart > FARTHEST {
            self.came.lost += u64::from((apart + INTERVAL / 2) / INTERVAL - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(kind: u8, marked: bool, number: u16, stamp: u32) -> Vec<u8> {
        let mut packet = vec![0x80, kind | u8::from(marked) << 7];
        packet.extend_from_slice(&number.to_be_bytes());
        packet.extend_from_slice(&stamp.to_be_bytes());
        packet
    }

    fn check(packets: &[(u8, bool, u16, u32)], pictures: u64, sounds: u64, lost: u64) {
        let mut counted =
            Counted::new(kinds("a=rtpmap:96 H264/90000\r\na=rtpmap:97 rtx/90000\r\na=rtpmap:111 opus/48000/2\r\n"));
        packets
            .iter()
            .for_each(|(kind, marked, number, stamp)| counted.packet(&packet(*kind, *marked, *number, *stamp)));
        let Came { pictures: saw, sounds: heard, lost: missed, .. } = counted.came;
        assert_eq!((saw, heard, missed), (pictures, sounds, lost), "{packets:?}");
    }

    #[test]
    fn what_is_missing_is_counted() {
        check(&[(96, false, 65_535, 0), (96, true, 0, 0), (111, false, 7, 0), (96, true, 1, 3_000)], 2, 1, 0);
        // A packet that never came.
        check(&[(96, false, 7, 0), (96, true, 9, 0)], 1, 0, 1);
        // Pictures that were left out before they were sent.
        check(&[(96, true, 7, u32::MAX - 2_999), (96, true, 8, 6_000)], 2, 0, 2);
        // Repairs and strangers.
        check(&[(97, true, 7, 0), (97, true, 9, 0), (13, true, 1, 0)], 0, 0, 0);
    }
}
