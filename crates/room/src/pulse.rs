//! Hearts and viewer counts: summed per tick for the screen, every five seconds for the log.

use std::collections::BTreeMap;

use kernel::{Timestamp, ViewerId};

use crate::limits::PULSE;
use crate::{Kind, Room};

/// Who is here, by viewer: a second tab or a reload is the same viewer.
#[derive(Debug, Default)]
pub struct Presence {
    connections: BTreeMap<ViewerId, u32>,
    peak: u32,
}

impl Presence {
    /// Goes on from the peak that the log knows.
    pub fn resume_from(&mut self, room: &Room) {
        self.peak = self.peak.max(room.viewers().1);
    }

    pub fn enter(&mut self, viewer: ViewerId) {
        *self.connections.entry(viewer).or_default() += 1;
        self.peak = self.peak.max(self.now());
    }

    /// One connection of this viewer is gone.
    pub fn leave(&mut self, viewer: ViewerId) {
        if let Some(connections) = self.connections.get_mut(&viewer) {
            *connections -= 1;
            if *connections == 0 {
                self.connections.remove(&viewer);
            }
        }
    }

    /// Connections of this viewer.
    #[must_use]
    pub fn connections(&self, viewer: ViewerId) -> u32 {
        self.connections.get(&viewer).copied().unwrap_or_default()
    }

    /// Distinct viewers now.
    #[must_use]
    pub fn now(&self) -> u32 {
        u32::try_from(self.connections.len()).unwrap_or(u32::MAX)
    }

    /// Most distinct viewers at one time.
    #[must_use]
    pub const fn peak(&self) -> u32 {
        self.peak
    }
}

/// Sums for the screen since the last tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fx {
    pub hearts: u64,
    pub viewers: u32,
}

/// Sums hearts, and says when a tick or the log is due.
#[derive(Debug)]
pub struct Pulse {
    tick_hearts: u64,
    log_hearts: u64,
    shown_viewers: u32,
    logged_at: Timestamp,
}

impl Pulse {
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self { tick_hearts: 0, log_hearts: 0, shown_viewers: 0, logged_at: now }
    }

    pub const fn hearts(&mut self, count: u32) {
        self.tick_hearts += count as u64;
        self.log_hearts += count as u64;
    }

    /// What the next frame says, if anything changed since the last one.
    pub fn fx(&mut self, presence: &Presence) -> Option<Fx> {
        let fx = Fx { hearts: self.tick_hearts, viewers: presence.now() };
        if fx.hearts == 0 && fx.viewers == self.shown_viewers {
            return None;
        }
        (self.tick_hearts, self.shown_viewers) = (0, fx.viewers);
        Some(fx)
    }

    /// Whether [`Pulse::fx`] would say something.
    #[must_use]
    pub fn is_due(&self, presence: &Presence) -> bool {
        self.tick_hearts > 0 || presence.now() != self.shown_viewers
    }

    /// What enters the log: nothing before five seconds are over, and only what changed.
    pub fn log(&mut self, now: Timestamp, presence: &Presence, room: &Room) -> Vec<Kind> {
        if (now - self.logged_at) < PULSE {
            return Vec::new();
        }
        self.logged_at = now;
        let mut kinds = Vec::new();
        if self.log_hearts > 0 {
            kinds.push(Kind::Hearts { count: std::mem::take(&mut self.log_hearts) });
        }
        // A room that was led elsewhere meanwhile may know a higher peak.
        let viewers = (presence.now(), presence.peak().max(room.viewers().1));
        if room.viewers() != viewers {
            kinds.push(Kind::Viewers { now: viewers.0, peak: viewers.1 });
        }
        kinds
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Millis, Random};

    use super::*;

    #[test]
    fn a_reload_is_never_a_new_viewer() {
        let mut random = Random::seeded(1);
        let (mei, ann) = (ViewerId::mint(Timestamp::EPOCH, &mut random), ViewerId::mint(Timestamp::EPOCH, &mut random));
        let mut presence = Presence::default();
        for viewer in [mei, mei, ann] {
            presence.enter(viewer);
        }
        presence.leave(mei);
        assert_eq!((presence.now(), presence.peak()), (2, 2));
        presence.leave(mei);
        presence.leave(mei);
        assert_eq!((presence.now(), presence.peak()), (1, 2));
    }

    #[test]
    fn hearts_reach_the_screen_each_tick_and_the_log_every_five_seconds() {
        let start = Timestamp::from_unix_millis(0);
        let (presence, room) = (Presence::default(), Room::default());
        let mut pulse = Pulse::new(start);
        assert_eq!(pulse.fx(&presence), None);
        pulse.hearts(3);
        assert_eq!(pulse.fx(&presence), Some(Fx { hearts: 3, viewers: 0 }));
        pulse.hearts(4);
        assert_eq!(pulse.fx(&presence), Some(Fx { hearts: 4, viewers: 0 }));
        assert_eq!(pulse.log(start + Millis(4_999), &presence, &room), vec![]);
        assert_eq!(pulse.log(start + Millis(5_000), &presence, &room), vec![Kind::Hearts { count: 7 }]);
        assert_eq!(pulse.log(start + Millis(10_000), &presence, &room), vec![]);
    }
}
