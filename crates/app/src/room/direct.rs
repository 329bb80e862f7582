//! What is told to one viewer alone, on every seat of theirs: news of their own claims, which are not in the log, and replies.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use kernel::{ClaimId, DropId, Millis, Timestamp, ViewerId};
use serde::Serialize;
use tokio::sync::Notify;

use super::leader::lock;

/// Frames that wait for one seat. Past it the oldest goes: each of them says no more than "ask for your tab again".
const WAITING: usize = 8;

/// Buyers whom a room remembers; past it their lines fare as anybody's.
const BUYERS: usize = 20_000;

/// So long an answer holds that somebody has paid for nothing.
const NOT_BOUGHT: Millis = Millis::from_secs(30);

/// What became of a viewer's claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimChange {
    /// Theirs was the first right answer.
    Won,
    /// They waited, and got one.
    Offered,
    /// Staff set a piece aside for them.
    SetAside,
    /// Its time is nearly over.
    Expiring,
    Expired,
    Released,
    Extended,
    /// Staff remind them to pay.
    Nudged,
    Paid,
}

/// News of one claim, for its viewer alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimNews {
    pub change: ClaimChange,
    pub claim: ClaimId,
    pub drop: Option<DropId>,
    /// The show number that it is of.
    pub number: Option<u32>,
    /// Until when it holds; none once it is over.
    pub until: Option<Timestamp>,
}

/// What one seat is told directly, and the bell that calls whoever serves it.
#[derive(Debug, Default)]
pub struct Ear {
    waiting: Mutex<VecDeque<Bytes>>,
    bell: Notify,
}

impl Ear {
    fn tell(&self, frame: Bytes) {
        let mut waiting = lock(&self.waiting);
        if waiting.len() == WAITING {
            waiting.pop_front();
        }
        waiting.push_back(frame);
        self.bell.notify_one();
    }

    /// Calls whoever waits by [`Ear::called`], or will.
    pub fn call(&self) {
        self.bell.notify_one();
    }

    /// Something was told, or somebody called. May be dropped and called again without missing it.
    pub async fn called(&self) {
        self.bell.notified().await;
    }

    /// The next frame that was told.
    #[must_use]
    pub fn take(&self) -> Option<Bytes> {
        lock(&self.waiting).pop_front()
    }
}

/// The seats of a room by their viewer: the device, and the account too where a buyer is signed in, as whom the till knows them.
#[derive(Debug, Default)]
pub(super) struct Ears {
    seats: BTreeMap<ViewerId, Vec<Arc<Ear>>>,
    /// Who paid for something while they sat here, or before where that was asked.
    bought: BTreeSet<ViewerId>,
    /// Who had paid for nothing, when that was asked.
    not_bought: BTreeMap<ViewerId, Timestamp>,
}

impl Ears {
    pub(super) fn hears(&self, buyer: ViewerId) -> bool {
        self.seats.contains_key(&buyer)
    }

    /// Whether they paid for something while they sat here.
    pub(super) fn has_bought(&self, buyer: ViewerId) -> bool {
        self.bought.contains(&buyer)
    }

    pub(super) fn has_paid(&mut self, buyer: ViewerId) {
        if self.hears(buyer) && self.bought.len() < BUYERS {
            self.bought.insert(buyer);
        }
    }

    /// Asked again after half a minute; a payment that happens here is known at once.
    pub(super) fn is_known_not_to_buy(&self, buyer: ViewerId, now: Timestamp) -> bool {
        self.not_bought.get(&buyer).is_some_and(|asked| now - *asked < NOT_BOUGHT)
    }

    pub(super) fn has_not_paid(&mut self, buyer: ViewerId, now: Timestamp) {
        if self.not_bought.len() >= BUYERS {
            self.not_bought.clear();
        }
        self.not_bought.insert(buyer, now);
    }

    pub(super) fn tell(&self, buyer: ViewerId, frame: &Bytes) {
        for ear in self.seats.get(&buyer).into_iter().flatten() {
            ear.tell(frame.clone());
        }
    }

    fn add(&mut self, buyer: ViewerId, ear: Arc<Ear>) {
        self.seats.entry(buyer).or_default().push(ear);
    }

    fn remove(&mut self, buyer: ViewerId, ear: &Arc<Ear>) {
        if let Some(ears) = self.seats.get_mut(&buyer) {
            ears.retain(|other| !Arc::ptr_eq(other, ear));
            if ears.is_empty() {
                self.seats.remove(&buyer);
            }
        }
    }
}

/// A seat's ear, known to its room until it is dropped.
#[derive(Debug)]
pub(super) struct Listening {
    ears: Arc<Mutex<Ears>>,
    /// As the till knows them, and as the room does, where that is not the same.
    names: Vec<ViewerId>,
    pub(super) ear: Arc<Ear>,
}

impl Listening {
    pub(super) fn new(ears: &Arc<Mutex<Ears>>, buyer: ViewerId, viewer: ViewerId) -> Self {
        let ear = Arc::<Ear>::default();
        let mut names = vec![buyer, viewer];
        names.dedup();
        for name in &names {
            lock(ears).add(*name, Arc::clone(&ear));
        }
        Self { ears: Arc::clone(ears), names, ear }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut ears = lock(&self.ears);
        for name in &self.names {
            ears.remove(*name, &self.ear);
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Random;

    use super::*;

    #[tokio::test]
    async fn news_reach_every_seat_of_one_viewer_and_nobody_else() {
        let mut random = Random::seeded(1);
        let (mei, ann) = (ViewerId::mint(Timestamp::EPOCH, &mut random), ViewerId::mint(Timestamp::EPOCH, &mut random));
        let ears = Arc::<Mutex<Ears>>::default();
        let (phone, laptop) = (Listening::new(&ears, mei, mei), Listening::new(&ears, mei, mei));
        let other = Listening::new(&ears, ann, ann);
        for number in 0..WAITING + 2 {
            lock(&ears).tell(mei, &Bytes::from(number.to_string()));
        }
        phone.ear.called().await;
        assert_eq!(phone.ear.take().as_deref(), Some(&b"2"[..]), "the oldest went");
        assert_eq!(laptop.ear.take().as_deref(), Some(&b"2"[..]));
        assert!(lock(&other.ear.waiting).is_empty());
        drop(phone);
        assert!(lock(&ears).hears(mei), "a device is left");
        drop(laptop);
        assert!(!lock(&ears).hears(mei) && lock(&ears).hears(ann));
    }
}
