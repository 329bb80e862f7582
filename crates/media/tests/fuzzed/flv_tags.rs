//! A run of tags: each is a kind, a step of the encoder's clock, a length and a body. Ten bits of a length are enough
//! for any header and several frames.

use bytes::Bytes;
use kernel::{Millis, Timestamp};
use media::programme::Run;

use crate::player::Player;

/// H.264 and AAC configurations that are good, so that frames behind them are looked at.
const VIDEO: &[u8] = &[
    0x17, 0, 0, 0, 0, 1, 100, 0, 31, 0xFF, 0xE1, 0, 28, 103, 100, 0, 31, 172, 217, 128, 80, 5, 187, 1, 106, 2, 2, 2,
    128, 0, 0, 3, 0, 128, 0, 0, 30, 7, 140, 24, 205, 1, 0, 5, 104, 233, 123, 44, 139, 0xFD, 0xF8, 0xF8, 0,
];
const AUDIO: &[u8] = &[0xAF, 0, 0x12, 0x10];
const KEY: &[u8] = &[0x17, 1, 0, 0, 0, 0, 0, 0, 2, 0x65, 0x88];
const DELTA: &[u8] = &[0x27, 1, 0, 0, 80, 0, 0, 0, 2, 0x41, 0x9A];
const SOUND: &[u8] = &[0xAF, 1, 0x21, 0x10];

pub fn run(mut data: &[u8]) {
    let mut now = Timestamp::from_unix_millis(1_795_374_000_000);
    let mut stamp: u32 = 0;
    let mut run = Run::new(now);
    let mut player = Player::new();
    while let Some((&[kind, step, wait, length], rest)) = data.split_first_chunk() {
        // Steps are mostly forward by up to 200 ms, sometimes back, and the clock mostly keeps pace.
        stamp = stamp.wrapping_add(u32::from(step)).wrapping_sub(u32::from(kind >> 4) * 16);
        now = now + Millis(i64::from(step) + i64::from(wait));
        let (own, after) = rest.split_at(usize::from(length).min(rest.len()));
        let (body, rest) = match kind & 7 {
            0 => (own, after),
            1 => (own, after),
            2 => (VIDEO, rest),
            3 => (AUDIO, rest),
            4 => (KEY, rest),
            5 => (DELTA, rest),
            6 => (SOUND, rest),
            _ => {
                player.publisher_left();
                run = Run::new(now);
                data = rest;
                continue;
            }
        };
        data = rest;
        let body = Bytes::copy_from_slice(body);
        let unit = match kind & 7 {
            1 | 3 | 6 => run.audio(now, stamp, &body),
            _ => run.video(now, stamp, &body),
        };
        match unit {
            Ok(Some(unit)) => player.push(unit),
            Ok(None) => {}
            Err(end) => {
                assert!(!end.name().is_empty() && !end.to_string().is_empty());
                player.publisher_left();
                run = Run::new(now);
            }
        }
        let _ = run.health(now);
    }
    player.publisher_left();
}
