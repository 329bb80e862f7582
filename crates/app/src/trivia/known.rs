//! What a process remembers of the questions that are asked now. All of it can be had from the rows again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use kernel::{Country, Currency, DropId, Timestamp};
use room::Round;
use shop::claim::Claim;
use tokio::sync::Notify;

/// Questions that are listened to closely; past it the others wait for the drops' own rounds.
const LIVE: usize = 50;

/// A round of answers as far as it was heard.
#[derive(Debug)]
pub(super) struct Hearing {
    pub(super) round: Round,
    /// The last offset that was read; it may be an answer to another question.
    pub(super) read: u64,
    /// Of each right answer: when it came, and where it would be delivered and paid in.
    pub(super) came: Vec<(Timestamp, Option<Country>, Option<Currency>)>,
    /// Right answers that the till has heard of.
    pub(super) handed: usize,
    /// The first that holds the prize.
    pub(super) first: Option<(Timestamp, Claim)>,
}

/// Questions that are about to be asked, or whose answers come in.
#[derive(Debug, Default)]
pub struct KnownTrivia {
    live: Mutex<BTreeSet<DropId>>,
    hearings: Mutex<BTreeMap<DropId, Hearing>>,
    bell: Notify,
    /// Who tends a question, does so alone.
    pub(super) tending: tokio::sync::Mutex<()>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl KnownTrivia {
    /// Listened to closely from now on.
    pub(super) fn listen(&self, id: DropId) {
        let mut live = lock(&self.live);
        if live.len() < LIVE && live.insert(id) {
            self.bell.notify_one();
        }
    }

    pub(super) fn rest(&self, id: DropId) {
        lock(&self.live).remove(&id);
    }

    /// Those that are listened to; waits until there is one.
    pub(super) async fn live(&self) -> BTreeSet<DropId> {
        loop {
            let live = lock(&self.live).clone();
            if !live.is_empty() {
                return live;
            }
            self.bell.notified().await;
        }
    }

    /// Whether answers to it were heard by this process.
    pub(super) fn hears(&self, id: DropId) -> bool {
        lock(&self.hearings).contains_key(&id)
    }

    pub(super) fn take(&self, id: DropId) -> Option<Hearing> {
        lock(&self.hearings).remove(&id)
    }

    pub(super) fn keep(&self, id: DropId, hearing: Hearing) {
        lock(&self.hearings).insert(id, hearing);
    }
}
