//! Opus packets (RFC 6716): how long one lasts is all that is asked of them.

/// Hz, whatever the sound was recorded at (RFC 7587, 4.1).
pub const RATE: u32 = 48_000;
/// As a playlist names it.
pub const CODEC: &str = "opus";
/// Always described as stereo; a packet that holds one channel is played on both.
pub const CHANNELS: u8 = 2;
/// Samples in a packet of silence.
pub const SILENCE_SAMPLES: u32 = 960;
/// 20 ms of silence that every decoder takes.
pub const SILENCE: &[u8] = &[0xF8, 0xFF, 0xFE];
/// No packet is longer (RFC 6716, 3.2.5).
const MAX_SAMPLES: u32 = 5_760;

/// Samples in a packet, at 48,000 a second; none if it is no packet.
#[must_use]
pub fn samples(packet: &[u8]) -> Option<u32> {
    let (first, rest) = packet.split_first()?;
    let config = first >> 3;
    let frame = match config {
        0..=11 => [480, 960, 1_920, 2_880][usize::from(config % 4)],
        12..=15 => [480, 960][usize::from(config % 2)],
        _ => [120, 240, 480, 960][usize::from(config % 4)],
    };
    let frames = match first & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => u32::from(rest.first()? & 63),
    };
    Some(frame * frames).filter(|samples| (1..=MAX_SAMPLES).contains(samples))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_says_how_long_it_lasts() {
        for (packet, expected) in [
            (SILENCE, Some(SILENCE_SAMPLES)),
            // SILK, 60 ms; hybrid, 10 ms; CELT, 2.5 ms.
            (&[0x18, 0][..], Some(2_880)),
            (&[0x60, 0], Some(480)),
            (&[0x80, 0], Some(120)),
            // Two frames of 20 ms; three of them by a count.
            (&[0xF9, 0], Some(1_920)),
            (&[0xFB, 3], Some(2_880)),
            // More than 120 ms, none at all, and cut off.
            (&[0x1B, 63], None),
            (&[0xFB, 0], None),
            (&[0xFB], None),
            (&[], None),
        ] {
            assert_eq!(samples(packet), expected, "{packet:02X?}");
        }
    }
}
