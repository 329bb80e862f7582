//! Arming, firing and ending a drop. A drop goes one way: planned, armed, ended.

use kernel::{DropId, Millis, Timestamp};

use super::Books;
use crate::drop::{Armed, Drop, EndedBecause, MAX_LEAD, Phase, Stage};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DropMoved {
    Done(Box<Drop>),
    /// It was so already.
    Already(Box<Drop>),
    /// Fewer pieces are free than it shall have.
    SoldOut {
        free: i64,
    },
    /// Staff stopped the sale.
    Stopped,
    /// Arm it first.
    NotArmed,
    /// It has opened: the time of its opening cannot change any more.
    Open,
    /// It is not over yet: it is open, or pieces are left, or somebody waits.
    NotOver,
    /// What ended stays ended: plan another one.
    Ended,
    Unknown,
}

impl Books {
    /// Sets the drop's pieces aside, and says when it opens; `None` waits for [`Self::fire_drop`]. Of an armed drop that
    /// has not opened it changes when it opens, so that a countdown can be called off.
    pub fn arm_drop(&mut self, id: DropId, opens_at: Option<Timestamp>, at: Timestamp) -> DropMoved {
        let Some(drop) = self.drops.get_mut(&id) else { return DropMoved::Unknown };
        match drop.phase(at) {
            Phase::Planned => {}
            Phase::Armed => {
                let window = drop.window;
                if let Some(armed) = drop.armed_mut() {
                    armed.open_at(opens_at, window);
                }
                return self.did(id);
            }
            Phase::Open | Phase::Closed => return DropMoved::Open,
            Phase::Ended => return DropMoved::Ended,
        }
        if self.stopped.contains(&drop.product) {
            return DropMoved::Stopped;
        }
        let mut armed = Armed { left: drop.quantity, ..Armed::default() };
        armed.open_at(opens_at, drop.window);
        if !drop.rehearsal {
            match self.shelf.claim(&[(drop.variant, drop.quantity)]) {
                Ok(mut places) => armed.places = places.pop().unwrap_or_default(),
                Err(_short) => return DropMoved::SoldOut { free: self.shelf.free(drop.variant) },
            }
        }
        drop.stage = Stage::Armed(armed);
        self.did(id)
    }

    /// Opens an armed drop after a countdown of 0 to [`MAX_LEAD`].
    pub fn fire_drop(&mut self, id: DropId, lead: Millis, at: Timestamp) -> DropMoved {
        let Some(drop) = self.drops.get_mut(&id) else { return DropMoved::Unknown };
        match drop.phase(at) {
            Phase::Armed => {}
            Phase::Planned => return DropMoved::NotArmed,
            Phase::Open => return DropMoved::Already(Box::new(drop.clone())),
            Phase::Closed | Phase::Ended => return DropMoved::Ended,
        }
        let window = drop.window;
        if let Some(armed) = drop.armed_mut() {
            armed.open_at(Some(at + lead.clamp(Millis(0), MAX_LEAD)), window);
        }
        self.did(id)
    }

    /// Ends an armed drop for good: what lies in its pot goes back on the shelf, who waits is sent away, claims stand.
    /// That it is gone or over is looked at again here; staff may stop it at any time.
    pub fn end_drop(&mut self, id: DropId, why: EndedBecause, at: Timestamp) -> DropMoved {
        let Some(drop) = self.drops.get_mut(&id) else { return DropMoved::Unknown };
        let phase = drop.phase(at);
        let armed = match &drop.stage {
            Stage::Planned => return DropMoved::NotArmed,
            Stage::Ended { .. } => return DropMoved::Already(Box::new(drop.clone())),
            Stage::Armed(armed) => armed,
        };
        let over = match why {
            EndedBecause::Stopped => true,
            EndedBecause::Gone => armed.left == 0 && armed.waiting == 0,
            EndedBecause::Closed => phase == Phase::Closed && armed.waiting == 0,
        };
        if !over {
            return DropMoved::NotOver;
        }
        self.shelf.release(drop.variant, &armed.places);
        drop.stage = Stage::Ended { at, why };
        self.line.dismiss(id);
        self.did(id)
    }

    fn did(&mut self, id: DropId) -> DropMoved {
        self.moved.insert(id);
        self.drops.get(&id).map_or(DropMoved::Unknown, |drop| DropMoved::Done(Box::new(drop.clone())))
    }
}
