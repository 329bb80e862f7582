//! How fast each person sends frames into one room, on all their sockets and by single commands together.

use std::collections::HashMap;

use kernel::{Timestamp, ViewerId};
use room::Bucket;

/// Frames that one person may send: burst, then per second.
const FRAMES: (u32, u32) = (60, 20);
/// Frames past that bound before they count as a flood: burst, then per second.
const EXCESS: (u32, u32) = (500, 20);
/// People remembered at once; past it, those whose buckets are full again are forgotten, and if that is not enough, who
/// is new has to slow down.
const REMEMBERED: usize = 50_000;

/// Whether a frame is one too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    Within,
    /// It is refused.
    Fast,
    /// The connection is not worth keeping.
    Flood,
}

#[derive(Debug, Default)]
pub(super) struct Paces {
    of: HashMap<ViewerId, (Bucket, Bucket)>,
    swept_at: Option<Timestamp>,
}

impl Paces {
    /// Counts one frame.
    pub(super) fn count(&mut self, viewer: ViewerId, now: Timestamp) -> Pace {
        if self.of.len() >= REMEMBERED && !self.of.contains_key(&viewer) {
            // Once a second at most, whoever floods the room.
            if self.swept_at.is_none_or(|at| (now - at).0 >= 1_000) {
                self.of.retain(|_, (frames, excess)| !frames.is_full(now) || !excess.is_full(now));
                self.swept_at = Some(now);
            }
            if self.of.len() >= REMEMBERED {
                return Pace::Fast;
            }
        }
        let fresh = || (Bucket::full(now, FRAMES.0, FRAMES.1), Bucket::full(now, EXCESS.0, EXCESS.1));
        let (frames, excess) = self.of.entry(viewer).or_insert_with(fresh);
        if frames.take(now) {
            Pace::Within
        } else if excess.take(now) {
            Pace::Fast
        } else {
            Pace::Flood
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Millis, Random};

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_millis(1_795_370_400_000);

    #[test]
    fn a_person_keeps_to_a_rate_and_a_flood_ends_it() {
        let mut random = Random::seeded(1);
        let (ann, bea) = (ViewerId::mint(NOW, &mut random), ViewerId::mint(NOW, &mut random));
        let mut paces = Paces::default();
        let mut check = |viewer, now, frames: usize, expected| {
            for _ in 0..frames {
                assert_eq!(paces.count(viewer, now), expected);
            }
        };
        check(ann, NOW, 60, Pace::Within);
        check(ann, NOW, 500, Pace::Fast);
        check(ann, NOW, 1, Pace::Flood);
        check(bea, NOW, 60, Pace::Within);
        check(ann, NOW + Millis::from_secs(1), 20, Pace::Within);
        check(ann, NOW + Millis::from_secs(1), 20, Pace::Fast);
    }

    #[test]
    fn so_many_are_remembered_and_no_more() {
        let mut random = Random::seeded(2);
        let mut paces = Paces::default();
        for _ in 0..REMEMBERED {
            paces.count(ViewerId::mint(NOW, &mut random), NOW);
        }
        let late = ViewerId::mint(NOW, &mut random);
        assert_eq!((paces.count(late, NOW), paces.of.len()), (Pace::Fast, REMEMBERED));
        let later = NOW + Millis::from_mins(1);
        assert_eq!((paces.count(late, later), paces.of.len()), (Pace::Within, 1), "who is quiet is forgotten");
    }
}
