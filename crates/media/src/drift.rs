//! How far a sound's stamps lie from its count of samples. Single stamps tremble; a sound device that counts slower or faster than
//! its encoder's clock moves them all.

use kernel::Millis;

/// Over so many frames stamps are smoothed: a second and a half.
const SMOOTHED_OVER: i64 = 64;
/// Further away than this, sound moves by a frame. Nobody hears a frame; 40 ms beside the picture are seen.
const MOVES_AT: Millis = Millis(25);

/// Follows one sound.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drift {
    micros: i64,
}

/// What brings sound back to its picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Stay,
    /// Its stamps run ahead of its count: a frame is heard twice.
    Later,
    /// Behind: a frame is left out.
    Earlier,
}

impl Drift {
    /// Takes a frame's stamp, so many microseconds ahead of the count, and its length. Whoever moves counts on from there.
    pub const fn follow(&mut self, ahead_micros: i64, frame_micros: i64) -> Move {
        self.micros += (ahead_micros - self.micros) / SMOOTHED_OVER;
        if self.micros > MOVES_AT.0 * 1_000 {
            self.micros -= frame_micros;
            Move::Later
        } else if self.micros < -MOVES_AT.0 * 1_000 {
            self.micros += frame_micros;
            Move::Earlier
        } else {
            Move::Stay
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An hour of AAC at 48 kHz whose stamps gain so many millionths and tremble by so many milliseconds: how often it moved, and
    /// how far apart it was at most after the first minute.
    fn check(millionths: i64, trembles_ms: i64, moved: i64, most_ms: i64) {
        let (mut drift, mut count, mut moves, mut most) = (Drift::default(), 0_i64, 0_i64, 0_i64);
        for frame in 0..168_750_i64 {
            let source = frame * 64_000 / 3;
            let true_time = source + source * millionths / 1_000_000;
            let stamp = true_time + (frame % 3 - 1) * trembles_ms * 1_000;
            let apart = stamp - count * 64_000 / 3;
            count += 1;
            match drift.follow(apart, 21_333) {
                Move::Stay => {}
                Move::Later => (count, moves) = (count + 1, moves + 1),
                Move::Earlier => (count, moves) = (count - 1, moves - 1),
            }
            most = most.max((true_time - (count - 1) * 64_000 / 3).abs() * i64::from(frame > 3_000));
        }
        assert_eq!(moves, moved, "{millionths}");
        assert!(most <= most_ms * 1_000, "{millionths}: {most} µs");
    }

    #[test]
    fn sound_follows_its_stamps_and_not_their_trembling() {
        check(0, 0, 0, 0);
        check(0, 20, 0, 1);
        check(100, 0, 16, 28);
        check(-100, 15, -16, 28);
    }
}
