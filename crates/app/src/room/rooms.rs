//! All open rooms of this process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{BrandId, Random, ViewerId};
use room::{Notice, Presence, WordList};
use tokio::sync::{mpsc, oneshot};

use super::ask::{Ask, Entered, Position};
use super::leader::{Charge, MAILBOX, lead};
use super::seat::Seat;
use super::voice::{Guest, Voice};
use crate::ports::{Clock, RoomFeed, RoomKey, RoomLog, RoomSource, StoreError};

/// Rooms open at once in one process; past it the house is too busy to open another.
const OPEN_ROOMS: usize = 1_000;

/// What the rooms are built from.
#[derive(Debug)]
pub struct RoomsParts {
    pub log: Arc<dyn RoomLog>,
    pub source: Arc<dyn RoomSource>,
    pub clock: Arc<dyn Clock>,
    pub random: Random,
    /// Words that the house does not show.
    pub words: WordList,
}

/// Opens rooms when they are first needed, and leads each with a task of its own.
#[derive(Debug)]
pub struct Rooms {
    log: Arc<dyn RoomLog>,
    source: Arc<dyn RoomSource>,
    clock: Arc<dyn Clock>,
    words: WordList,
    shared: Mutex<Shared>,
}

#[derive(Debug)]
struct Shared {
    open: BTreeMap<RoomKey, Handle>,
    random: Random,
    draining: bool,
}

/// The way to one open room.
#[derive(Clone, Debug)]
pub(super) struct Handle {
    pub(super) mailbox: mpsc::Sender<Ask>,
    pub(super) presence: Arc<Mutex<Presence>>,
    /// Whose show it is: memberships are scoped by it.
    pub(super) brand: BrandId,
}

impl Handle {
    pub(super) async fn enter(&self, viewer: ViewerId, position: Option<Position>) -> Option<Entered> {
        let (reply, entered) = oneshot::channel();
        self.mailbox.send(Ask::Enter { viewer, position, reply }).await.ok()?;
        entered.await.ok()
    }

    /// Dropped when the leader is behind: hearts may get lost.
    pub(super) fn hearts(&self, viewer: ViewerId, count: u32) {
        let _lossy = self.mailbox.try_send(Ask::Hearts { viewer, count });
    }
}

impl Rooms {
    #[must_use]
    pub fn new(parts: RoomsParts) -> Arc<Self> {
        let RoomsParts { log, source, clock, random, words } = parts;
        let shared = Mutex::new(Shared { open: BTreeMap::new(), random, draining: false });
        Arc::new(Self { log, source, clock, words, shared })
    }

    fn shared(&self) -> std::sync::MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn standing(&self, key: RoomKey) -> Option<Handle> {
        self.shared().open.get(&key).filter(|handle| !handle.mailbox.is_closed()).cloned()
    }

    /// The room, opened if need be; `None` when there is no such room.
    pub(super) async fn open(&self, key: RoomKey) -> Result<Option<Handle>, StoreError> {
        if let Some(handle) = self.standing(key) {
            return Ok(Some(handle));
        }
        let Some(brief) = self.source.brief(key).await? else { return Ok(None) };
        let mut shared = self.shared();
        if let Some(handle) = shared.open.get(&key).filter(|handle| !handle.mailbox.is_closed()) {
            return Ok(Some(handle.clone()));
        }
        shared.open.retain(|_, handle| !handle.mailbox.is_closed());
        if shared.draining || shared.open.len() >= OPEN_ROOMS {
            return Err(StoreError::Busy);
        }
        let (mailbox, asks) = mpsc::channel(MAILBOX);
        let handle = Handle { mailbox, presence: Arc::default(), brand: brief.brand };
        let charge = Charge {
            key,
            log: Arc::clone(&self.log),
            clock: Arc::clone(&self.clock),
            random: shared.random.fork(),
            words: self.words.clone(),
            presence: Arc::clone(&handle.presence),
            brief,
        };
        shared.open.insert(key, handle.clone());
        tokio::spawn(lead(charge, asks));
        Ok(Some(handle))
    }

    /// Takes a seat for a guest whom somebody has let in. Returns what to send first: a hello, then the missed tail if the
    /// position could be resumed from; `None` when there is no such room.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when the room cannot be opened now or has just closed.
    pub async fn take_seat(
        &self,
        key: RoomKey,
        guest: Guest,
        position: Option<Position>,
    ) -> Result<Option<(Vec<Bytes>, Seat)>, StoreError> {
        // A room that closes between opening and entering is opened once more.
        for _ in 0..2 {
            let Some(handle) = self.open(key).await? else { return Ok(None) };
            let voice = Voice { handle, guest: guest.clone(), clock: Arc::clone(&self.clock) };
            if let Some(seated) = Seat::take(voice, position.clone()).await {
                return Ok(Some(seated));
            }
        }
        Err(StoreError::Busy)
    }

    /// Distinct viewers now and at the peak; zero for a room that is not open.
    #[must_use]
    pub fn viewers(&self, key: RoomKey) -> (u32, u32) {
        self.standing(key).map_or((0, 0), |handle| {
            let presence = super::leader::lock(&handle.presence);
            (presence.now(), presence.peak())
        })
    }

    /// The durable log, for reading what happened.
    #[must_use]
    pub fn log(&self) -> &dyn RoomLog {
        &*self.log
    }

    pub(super) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// Whether the process is on its way out.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.shared().draining
    }

    /// Shows what is pending in every room, then closes them; none is opened again.
    pub async fn drain(&self) {
        let open = {
            let mut shared = self.shared();
            shared.draining = true;
            std::mem::take(&mut shared.open)
        };
        for handle in open.values() {
            let _ended_already = handle.mailbox.send(Ask::Stop).await;
        }
        for handle in open.values() {
            handle.mailbox.closed().await;
        }
    }
}

#[async_trait]
impl RoomFeed for Rooms {
    async fn post(&self, room: RoomKey, notice: Notice) {
        let sent = match self.open(room).await {
            Ok(Some(handle)) => {
                handle.mailbox.send(Ask::Notice(notice)).await.map_err(|_| "the room just closed".into())
            }
            Ok(None) => return,
            Err(error) => Err(error.to_string()),
        };
        if let Err(cause) = sent {
            tracing::warn!(show = %room.show, cause, "a notice did not reach its room");
        }
    }
}
