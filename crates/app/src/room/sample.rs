//! Which chat lines a full room leaves out: openly, by number, and never a word of the shop's people. Who sent a line sees it
//! anyway, since the sender's page shows it by itself. Of sums, such as the voices for a request, it tells the newest of a frame.

use std::collections::BTreeSet;

use kernel::{PollId, RequestId, Timestamp};
use room::Bucket;

/// From so many viewers on lines may be left out; a smaller room shows every one.
const BIG: u32 = 1_000;
/// Lines that a big room shows: at once, then each second. Nobody reads faster.
const LINES: (u32, u32) = (40, 20);

/// How a line fares when not all can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    /// Not chat, or of the shop's people: always shown.
    Always,
    /// Of somebody who has bought here: before the others.
    Buyer,
    Guest,
    /// A later one of the same topic says all that it says.
    Sum(Topic),
}

/// What a sum is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    Request(RequestId),
    Poll(PollId),
    /// Lines that wait to be read.
    Held,
}

/// What of a frame's events is not told.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Left {
    places: Vec<bool>,
    lines: usize,
}

impl Left {
    /// Of each event, whether it is left out.
    pub(super) fn places(&self) -> impl Iterator<Item = bool> {
        self.places.iter().copied()
    }

    /// Chat lines among them.
    pub(super) const fn lines(&self) -> usize {
        self.lines
    }
}

#[derive(Debug)]
pub(super) struct Sampler(Bucket);

impl Sampler {
    pub(super) const fn new(now: Timestamp) -> Self {
        Self(Bucket::full(now, LINES.0, LINES.1))
    }

    /// What of a frame is left out; none where everything is shown.
    pub(super) fn leave_out(&mut self, now: Timestamp, viewers: u32, ranks: &[Rank]) -> Option<Left> {
        let mut told = BTreeSet::new();
        let sums = ranks.iter().rev().map(|rank| matches!(rank, Rank::Sum(topic) if !told.insert(*topic)));
        let mut places: Vec<bool> = sums.collect();
        places.reverse();
        let count = |rank| u32::try_from(ranks.iter().filter(|other| **other == rank).count()).unwrap_or(u32::MAX);
        let had = [Rank::Buyer, Rank::Guest].map(|rank| (rank, self.0.take_some(now, count(rank)), count(rank)));
        let superseded = places.contains(&true);
        if viewers < BIG || (!superseded && had.iter().all(|(_, had, wanted)| had == wanted)) {
            return None;
        }
        // Spread over the frame, so that no stretch of it goes missing.
        let mut seen = [0_u64; 2];
        let mut lines = 0;
        for (rank, left) in ranks.iter().zip(&mut places) {
            let Some(place) = had.iter().position(|(of, ..)| of == rank) else { continue };
            let (_, had, wanted) = had[place];
            let before = seen[place] * u64::from(had) / u64::from(wanted);
            seen[place] += 1;
            *left = seen[place] * u64::from(had) / u64::from(wanted) == before;
            lines += usize::from(*left);
        }
        Some(Left { places, lines })
    }
}

#[cfg(test)]
mod tests {
    use kernel::Millis;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_millis(1_000_000);

    fn shown(sampler: &mut Sampler, after_ms: i64, viewers: u32, ranks: &[Rank]) -> (usize, usize, usize) {
        let left = sampler.leave_out(NOW + Millis(after_ms), viewers, ranks);
        let left = left.map_or_else(|| vec![false; ranks.len()], |left| left.places);
        let count = |rank| ranks.iter().zip(&left).filter(|(other, left)| **other == rank && !**left).count();
        (count(Rank::Always), count(Rank::Buyer), count(Rank::Guest))
    }

    #[test]
    fn a_big_room_shows_what_can_be_read() {
        use Rank::{Always, Buyer, Guest};
        let mixed: Vec<Rank> = (0..100).map(|place| [Guest, Always, Guest, Buyer][place % 4]).collect();
        let mut small = Sampler::new(NOW);
        assert_eq!(shown(&mut small, 0, 999, &[Guest; 500]), (0, 0, 500), "a small room shows everything");
        let mut sampler = Sampler::new(NOW);
        assert_eq!(shown(&mut sampler, 0, 1_000, &mixed), (25, 25, 15), "the shop, then buyers, then the others");
        assert_eq!(shown(&mut sampler, 0, 1_000, &mixed), (25, 0, 0), "the shop is always heard");
        assert_eq!(shown(&mut sampler, 500, 1_000, &[Guest; 30]), (0, 0, 10));
        assert_eq!(shown(&mut sampler, 10_000, 1_000, &[Guest; 30]), (0, 0, 30));
    }

    #[test]
    fn what_is_left_out_is_spread() {
        let mut sampler = Sampler::new(NOW);
        let left = sampler.leave_out(NOW, 5_000, &[Rank::Guest; 80]).expect("too many");
        assert_eq!(left.lines(), 40);
        assert!(left.places.chunks(2).all(|pair| pair.iter().filter(|left| **left).count() == 1), "{left:?}");
    }

    #[test]
    fn of_a_sum_the_newest_is_told_and_no_line_counted() {
        let mut random = kernel::Random::seeded(1);
        let [one, other] = [(); 2].map(|()| Rank::Sum(Topic::Request(RequestId::mint(NOW, &mut random))));
        let ranks = [one, Rank::Guest, other, one, Rank::Always, one];
        let mut sampler = Sampler::new(NOW);
        assert_eq!(sampler.leave_out(NOW, 999, &ranks), None, "a small room hears every voice");
        let left = sampler.leave_out(NOW, 1_000, &ranks).expect("two are told by the third");
        assert_eq!((left.places, left.lines), (vec![true, false, false, true, false, false], 0));
        assert_eq!(sampler.leave_out(NOW, 1_000, &[one, Rank::Guest, other]), None);
    }
}
