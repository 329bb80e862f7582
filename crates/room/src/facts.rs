//! What a show's pages and figures say of its room, summed as it happens, so that nobody reads a log to count it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use crate::limits::{MINUTES, SHOWN_TIMES};
use crate::{Event, Kind};

/// The most viewers that were there at one time within a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinuteOfViewers {
    /// Its start, Unix milliseconds.
    pub at_ms: i64,
    pub viewers: u32,
}

/// Sums over a log. Two folds of the same events are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Chat lines said, those that were removed later among them.
    pub messages: u64,
    pub hearts: u64,
    /// Most distinct viewers at one time.
    pub peak: u32,
    /// The number on screen.
    pub pinned: Option<u32>,
    /// When each number was put on screen, Unix milliseconds of the programme, oldest first.
    pub shown_ms: BTreeMap<u32, Vec<i64>>,
    /// Numbers whose price was changed during the show.
    pub repriced: BTreeSet<u32>,
    /// The last two hours in which the count moved, oldest first.
    pub viewers: VecDeque<MinuteOfViewers>,
}

impl Facts {
    /// Takes one event in.
    pub fn apply(&mut self, event: &Event) {
        match &event.kind {
            Kind::Message { .. } => self.messages += 1,
            Kind::Hearts { count } => self.hearts = self.hearts.saturating_add(*count),
            Kind::Viewers { now, peak } => {
                self.peak = self.peak.max(*peak);
                self.watched(event.programme_ms, *now);
            }
            Kind::Pinned { number } => {
                self.pinned = Some(*number);
                let shown = self.shown_ms.entry(*number).or_default();
                if shown.len() < SHOWN_TIMES {
                    shown.push(event.programme_ms);
                }
            }
            Kind::Unpinned {} => self.pinned = None,
            Kind::PriceChanged { number } => {
                self.repriced.insert(*number);
            }
            _ => {}
        }
    }

    fn watched(&mut self, now_ms: i64, viewers: u32) {
        let at_ms = now_ms - now_ms.rem_euclid(60_000);
        match self.viewers.back_mut() {
            Some(minute) if minute.at_ms >= at_ms => minute.viewers = minute.viewers.max(viewers),
            _ => {
                if self.viewers.len() == MINUTES {
                    self.viewers.pop_front();
                }
                self.viewers.push_back(MinuteOfViewers { at_ms, viewers });
            }
        }
    }

    /// Viewers in the minute that starts at `at_ms`: where the count did not move, it is the last one before.
    #[must_use]
    pub fn viewers_at(&self, at_ms: i64) -> u32 {
        let known = self.viewers.iter().rev().find(|minute| minute.at_ms <= at_ms);
        known.map_or(0, |minute| minute.viewers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_follow_the_log() {
        let mut facts = Facts::default();
        let mut tell = |at_ms: i64, kind: Kind| facts.apply(&Event { offset: 1, programme_ms: at_ms, kind });
        tell(0, Kind::Viewers { now: 3, peak: 3 });
        tell(5_000, Kind::Viewers { now: 9, peak: 9 });
        tell(10_000, Kind::Viewers { now: 2, peak: 9 });
        tell(130_000, Kind::Viewers { now: 5, peak: 9 });
        for at_ms in 0..100 {
            tell(at_ms, Kind::Pinned { number: 4 });
        }
        tell(200, Kind::PriceChanged { number: 7 });
        tell(300, Kind::Hearts { count: 12 });
        tell(400, Kind::Unpinned {});
        assert_eq!((facts.peak, facts.hearts, facts.pinned), (9, 12, None));
        assert_eq!(facts.shown_ms[&4].len(), SHOWN_TIMES);
        assert_eq!(facts.repriced, BTreeSet::from([7]));
        let viewers = [-60_000, 0, 60_000, 120_000, 180_000].map(|at_ms| facts.viewers_at(at_ms));
        assert_eq!(viewers, [0, 9, 9, 5, 5]);
    }
}
