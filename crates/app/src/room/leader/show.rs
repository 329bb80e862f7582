//! When and how a leader shows what is durable: one frame for everybody, then those who waited to enter.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::{BATCH, Entering, Leader, lock};
use crate::room::ask::{Entered, Position, Start};
use crate::room::frames;
use crate::room::ring::Shown;
use crate::room::sample::Left;
use crate::room::seat::Standing;

/// Events in one frame of a tail.
const TAIL_FRAME: usize = 200;
/// Shortest and longest time between two frames of chat; the tick stretches as the room grows.
const TICK_MS: (u64, u64) = (50, 120);
/// Viewers at which the tick is longest.
const TICK_FULL: u64 = 10_000;

impl Leader {
    /// Shows at once what is urgent or follows a quiet tick, the rest at the tick.
    pub(super) fn schedule(&mut self, urgent: bool) {
        if self.shown == self.room.offset() {
            self.seat_who_enters();
            return;
        }
        let tick_at = self.flushed_at + self.tick();
        if urgent || tick_at <= Instant::now() || self.room.offset() - self.shown >= BATCH as u64 {
            self.flush();
        } else {
            self.flush_at = Some(self.flush_at.map_or(tick_at, |at| at.min(tick_at)));
        }
    }

    fn tick(&self) -> Duration {
        let viewers = u64::from(lock(&self.presence).now()).min(TICK_FULL);
        Duration::from_millis(TICK_MS.0 + (TICK_MS.1 - TICK_MS.0) * viewers / TICK_FULL)
    }

    /// One frame for everybody, then those who waited to enter: they start exactly behind it.
    pub(super) fn flush(&mut self) {
        self.flush_at = None;
        self.flushed_at = Instant::now();
        let (fx, viewers) = {
            let presence = lock(&self.presence);
            (self.pulse.fx(&presence), presence.now())
        };
        let (from, to) = (self.shown + 1, self.room.offset());
        let ranks = self.history.ranks(self.shown, to);
        let left = self.sampler.leave_out(self.clock.now(), viewers, &ranks);
        let whole = |staff| Some(frames::frame(from, to, 0, self.history.after(self.shown, to, staff)?, fx));
        let sampled = |left: &Left| {
            let events = self.history.after(self.shown, to, false)?.zip(left.places());
            let shown = events.filter(|(_, left)| !left).map(|(event, _)| event);
            Some(frames::frame(from, to, left.lines(), shown, fx))
        };
        let public = left.as_ref().map_or_else(|| whole(false), sampled);
        if let Some(bytes) = public.filter(|_| fx.is_some() || from <= to) {
            // The shop's people see every line, and who of them did what.
            let other = left.is_some() || self.history.names(self.shown, to);
            let staff = if other { whole(true) } else { None };
            self.ring.show(Shown::new(to, bytes, staff));
        }
        self.shown = to;
        self.seat_who_enters();
    }

    fn seat_who_enters(&mut self) {
        for Entering { viewer, staff, position, reply } in std::mem::take(&mut self.entering) {
            let start = self.start(position, staff);
            let ring = self.ring.ring();
            let entered = Entered {
                epoch: Arc::clone(&self.epoch),
                standing: Standing { ring: Arc::clone(ring), at: ring.next(), offset: self.shown },
                muted_until_ms: self.room.muted_until(viewer, self.clock.now().unix_millis()),
                blocked: self.room.is_blocked(viewer),
                held: self.room.held_of(viewer),
                asked: self.room.asked_by(viewer),
                replies: self.room.replied_to(viewer),
                voted: self.room.vote_of(viewer),
                start,
            };
            // Whoever went away meanwhile needs no seat.
            let _gone = reply.send(entered);
        }
    }

    fn start(&mut self, position: Option<Position>, staff: bool) -> Start {
        let known = position.filter(|position| position.epoch == *self.epoch);
        let Some(tail) =
            known.and_then(|known| Some((known.offset, self.history.after(known.offset, self.shown, staff)?)))
        else {
            return Start::Snapshot(if staff { self.staff_snapshot() } else { self.snapshot() });
        };
        let (mut from, mut events) = (tail.0 + 1, tail.1);
        let mut encoded = Vec::new();
        while events.len() > 0 {
            let to = from + events.len().min(TAIL_FRAME) as u64 - 1;
            encoded.push(frames::frame(from, to, 0, events.by_ref().take(TAIL_FRAME), None));
            from = to + 1;
        }
        Start::Tail(encoded)
    }

    /// Few ask for it, so it is not kept.
    fn staff_snapshot(&self) -> Arc<str> {
        frames::snapshot(&self.room.staff_snapshot(lock(&self.presence).now())).into()
    }

    fn snapshot(&mut self) -> Arc<str> {
        match &self.snapshot {
            Some((offset, encoded)) if *offset == self.shown => Arc::clone(encoded),
            _ => {
                let viewers = lock(&self.presence).now();
                let encoded: Arc<str> = frames::snapshot(&self.room.snapshot(viewers)).into();
                self.snapshot = Some((self.shown, Arc::clone(&encoded)));
                encoded
            }
        }
    }
}
