//! Who waits for which drop, in order.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{DropId, ViewerId, WaiterId};

use crate::drop::Waiter;

#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// By drop and ticket.
    all: BTreeMap<(DropId, i64), Waiter>,
    tickets: BTreeMap<(DropId, ViewerId), i64>,
    joined: BTreeSet<(DropId, i64)>,
    left: BTreeSet<WaiterId>,
}

impl Line {
    pub(super) fn add(&mut self, waiter: Waiter) {
        self.tickets.insert((waiter.drop, waiter.viewer), waiter.ticket);
        self.all.insert((waiter.drop, waiter.ticket), waiter);
    }

    /// Adds somebody who comes to wait now.
    pub(super) fn join(&mut self, waiter: Waiter) {
        self.joined.insert((waiter.drop, waiter.ticket));
        self.add(waiter);
    }

    /// Takes a viewer out of the line.
    pub(super) fn leave(&mut self, drop: DropId, viewer: ViewerId) -> Option<Waiter> {
        let ticket = self.tickets.remove(&(drop, viewer))?;
        let gone = self.all.remove(&(drop, ticket))?;
        // Who came and went in one batch was never written.
        if !self.joined.remove(&(drop, ticket)) {
            self.left.insert(gone.id);
        }
        Some(gone)
    }

    /// Sends everybody away who waits for a drop.
    pub(super) fn dismiss(&mut self, drop: DropId) {
        let gone: Vec<ViewerId> = self.of(drop).map(|waiter| waiter.viewer).collect();
        for viewer in gone {
            self.leave(drop, viewer);
        }
    }

    pub(super) fn waiting(&self, drop: DropId, viewer: ViewerId) -> Option<&Waiter> {
        self.all.get(&(drop, *self.tickets.get(&(drop, viewer))?))
    }

    /// Who waits for a drop, first come first.
    pub(super) fn of(&self, drop: DropId) -> impl Iterator<Item = &Waiter> {
        self.all.range((drop, i64::MIN)..=(drop, i64::MAX)).map(|(_, waiter)| waiter)
    }

    pub(super) fn joined(&self) -> impl Iterator<Item = &Waiter> {
        self.joined.iter().filter_map(|at| self.all.get(at))
    }

    pub(super) fn left(&self) -> impl Iterator<Item = WaiterId> {
        self.left.iter().copied()
    }

    pub(super) fn written(&mut self) {
        self.joined.clear();
        self.left.clear();
    }
}
