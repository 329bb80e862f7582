//! All open rooms of this process.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{BrandId, Random, Timestamp, ViewerId};
use room::{ChatName, Facts, Notice, Presence, WordLists};
use tokio::sync::{mpsc, oneshot, watch};

use super::ask::{Ask, Entered, Position};
use super::blocks::Blocks;
use super::direct::{ClaimChange, ClaimNews, Ears};
use super::frames;
use super::leader::{Charge, MAILBOX, lead, load, lock};
use super::lease::Landlord;
use super::pace::Paces;
use super::renamed::Renamed;
use super::seat::Seat;
use super::voice::{Guest, Voice};
use crate::ports::{ActedBy, Clock, Holder, Leases, RoomFeed, RoomKey, RoomLog, RoomSource, StoreError};

/// Rooms open at once in one process; past it the house is too busy to open another.
const OPEN_ROOMS: usize = 1_000;
/// Closed rooms whose facts are remembered; past it all are read anew.
const CLOSED_FACTS: usize = 200;

/// What the rooms are built from.
#[derive(Debug)]
pub struct RoomsParts {
    pub log: Arc<dyn RoomLog>,
    pub leases: Arc<dyn Leases>,
    /// This process, to those that share its database.
    pub holder: Holder,
    pub source: Arc<dyn RoomSource>,
    pub clock: Arc<dyn Clock>,
    pub random: Random,
}

/// Opens rooms when they are first needed, and leads each with a task of its own.
#[derive(Debug)]
pub struct Rooms {
    log: Arc<dyn RoomLog>,
    landlord: Landlord,
    source: Arc<dyn RoomSource>,
    clock: Arc<dyn Clock>,
    renamed: Mutex<Renamed>,
    blocks: Arc<Mutex<Blocks>>,
    /// Told whenever somebody may have lost a right.
    rights: watch::Sender<()>,
    shared: Mutex<Shared>,
}

#[derive(Debug)]
struct Shared {
    open: BTreeMap<RoomKey, Handle>,
    random: Random,
    words: WordLists,
    draining: bool,
    /// Facts of rooms that are closed, as of the last offset of their logs.
    closed: BTreeMap<RoomKey, (u64, Facts)>,
}

/// The way to one open room.
#[derive(Clone, Debug)]
pub(super) struct Handle {
    pub(super) mailbox: mpsc::Sender<Ask>,
    pub(super) presence: Arc<Mutex<Presence>>,
    /// None until the leader has read the log.
    facts: Arc<Mutex<Option<Facts>>>,
    pub(super) ears: Arc<Mutex<Ears>>,
    pub(super) paces: Arc<Mutex<Paces>>,
    /// Whether only who has paid for something may write.
    pub(super) buyers_only: Arc<AtomicBool>,
    /// Whose show it is: memberships are scoped by it.
    pub(super) brand: BrandId,
}

impl Handle {
    pub(super) async fn enter(&self, viewer: ViewerId, staff: bool, position: Option<Position>) -> Option<Entered> {
        let (reply, entered) = oneshot::channel();
        self.mailbox.send(Ask::Enter { viewer, staff, position, reply }).await.ok()?;
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
        let RoomsParts { log, leases, holder, source, clock, random } = parts;
        let landlord = Landlord { leases, holder: Arc::new(holder) };
        let (open, closed) = (BTreeMap::new(), BTreeMap::new());
        let shared = Mutex::new(Shared { open, random, words: WordLists::default(), draining: false, closed });
        let (renamed, blocks, rights) = (Mutex::default(), Arc::default(), watch::Sender::default());
        Arc::new(Self { log, landlord, source, clock, renamed, blocks, rights, shared })
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
        let (presence, facts, ears) = (Arc::default(), Arc::default(), Arc::default());
        let (paces, buyers_only) = (Arc::default(), Arc::default());
        let handle = Handle { mailbox, presence, facts, ears, paces, buyers_only, brand: brief.brand };
        let charge = Charge {
            key,
            log: Arc::clone(&self.log),
            clock: Arc::clone(&self.clock),
            random: shared.random.fork(),
            words: shared.words.clone(),
            blocks: Arc::clone(&self.blocks),
            buyers_only: Arc::clone(&handle.buyers_only),
            presence: Arc::clone(&handle.presence),
            facts: Arc::clone(&handle.facts),
            ears: Arc::clone(&handle.ears),
            brief,
        };
        shared.open.insert(key, handle.clone());
        tokio::spawn(lead(charge, self.landlord.clone(), asks));
        Ok(Some(handle))
    }

    /// Takes a seat for a guest whom somebody has let in. Returns what to send first: a hello, then the missed tail if the
    /// position could be resumed from; `None` when there is no such room.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when the room cannot be opened now or has just closed.
    pub async fn take_seat(
        self: &Arc<Self>,
        key: RoomKey,
        guest: Guest,
        position: Option<Position>,
    ) -> Result<Option<(Vec<Bytes>, Seat)>, StoreError> {
        // A room that closes between opening and entering is opened once more.
        for _ in 0..2 {
            let Some(handle) = self.open(key).await? else { return Ok(None) };
            let voice = Voice { handle, guest: guest.clone(), rooms: Arc::clone(self) };
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
            let presence = lock(&handle.presence);
            (presence.now(), presence.peak())
        })
    }

    /// Whether this buyer sits in the room now, on this process.
    #[must_use]
    pub fn is_here(&self, key: RoomKey, buyer: ViewerId) -> bool {
        self.standing(key).is_some_and(|handle| lock(&handle.ears).hears(buyer))
    }

    /// Whether this buyer sits in any room now, on this process.
    #[must_use]
    pub fn is_anywhere(&self, buyer: ViewerId) -> bool {
        self.shared().open.values().any(|handle| lock(&handle.ears).hears(buyer))
    }

    /// Tells a buyer, in whatever rooms they sit, and nobody else. Who sits in none asks for the tab when they come.
    pub fn tell(&self, buyer: ViewerId, news: &ClaimNews) {
        let frame = frames::claim(news, self.clock.now());
        for handle in self.shared().open.values() {
            let mut ears = lock(&handle.ears);
            if news.change == ClaimChange::Paid {
                ears.has_paid(buyer);
            }
            ears.tell(buyer, &frame);
        }
    }

    /// What the room's log sums up to, whether the room is open or not.
    pub async fn facts(&self, key: RoomKey) -> Result<Facts, StoreError> {
        if let Some(facts) = self.standing(key).and_then(|handle| lock(&handle.facts).clone()) {
            return Ok(facts);
        }
        let last = self.log.last(key).await?;
        if last == 0 {
            return Ok(Facts::default());
        }
        if let Some((_, facts)) = self.shared().closed.get(&key).filter(|(offset, _)| *offset == last) {
            return Ok(facts.clone());
        }
        let (room, _) = load(&*self.log, key).await?;
        let mut shared = self.shared();
        if shared.closed.len() >= CLOSED_FACTS {
            shared.closed.clear();
        }
        shared.closed.insert(key, (room.offset(), room.facts().clone()));
        Ok(room.facts().clone())
    }

    /// Who may write in no room, as it was stored.
    pub(super) fn set_blocked(&self, blocked: &[ViewerId]) {
        let mut blocks = lock(&self.blocks);
        blocked.iter().for_each(|viewer| blocks.set(*viewer, true));
    }

    pub(super) fn is_blocked(&self, viewer: ViewerId) -> bool {
        lock(&self.blocks).holds(viewer)
    }

    /// Whether this buyer has ever paid for something here.
    pub(super) async fn has_paid(&self, buyer: ViewerId) -> Result<bool, StoreError> {
        self.source.has_paid(buyer).await
    }

    /// Tells one viewer, on every seat in this room, what only they are told.
    pub(super) fn tell_viewer(&self, key: RoomKey, viewer: ViewerId, frame: &Bytes) {
        if let Some(handle) = self.standing(key) {
            lock(&handle.ears).tell(viewer, frame);
        }
    }

    /// The house's lists of words, for every room from now on.
    pub async fn set_words(&self, words: WordLists) {
        let open: Vec<Handle> = {
            let mut shared = self.shared();
            shared.words = words.clone();
            shared.open.values().cloned().collect()
        };
        for handle in open {
            // A room that closes meanwhile opens with the new list.
            let _closed = handle.mailbox.send(Ask::Words(words.clone())).await;
        }
    }

    /// The start of a show was moved: an open room is told when its lobby opens now.
    pub async fn lobby_opens(&self, key: RoomKey, at: Timestamp) {
        if let Some(handle) = self.standing(key) {
            let _closed = handle.mailbox.send(Ask::LobbyAt(at)).await;
        }
    }

    /// Somebody's role was taken, a session ended or a token was revoked: seats look anew at what they stand on.
    pub fn rights_changed(&self) {
        self.rights.send_replace(());
    }

    pub(super) fn rights(&self) -> watch::Receiver<()> {
        self.rights.subscribe()
    }

    /// A viewer chose another name: what they say from now on stands under it, on every connection.
    pub fn rename(&self, viewer: ViewerId, name: ChatName) {
        lock(&self.renamed).put(viewer, name);
    }

    /// The name that this viewer chose since they took their seat.
    pub(super) fn renamed(&self, viewer: ViewerId) -> Option<ChatName> {
        lock(&self.renamed).get(viewer)
    }

    /// Open rooms, and the distinct viewers in each of them together.
    #[must_use]
    pub fn open_now(&self) -> (u32, u32) {
        let shared = self.shared();
        let open = shared.open.values().filter(|handle| !handle.mailbox.is_closed());
        open.fold((0, 0), |(rooms, viewers), handle| (rooms + 1, viewers + lock(&handle.presence).now()))
    }

    /// The durable log, for reading what happened.
    #[must_use]
    pub fn log(&self) -> &dyn RoomLog {
        &*self.log
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Whether the process is on its way out.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.shared().draining
    }

    /// From now on the process says that it is on its way out, and opens no further rooms; open ones go on.
    pub fn announce_drain(&self) {
        self.shared().draining = true;
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
    async fn post_by(&self, room: RoomKey, notice: Notice, by: Option<ActedBy>) {
        let sent = match self.open(room).await {
            Ok(Some(handle)) => {
                handle.mailbox.send(Ask::Notice(notice, by)).await.map_err(|_| "the room just closed".into())
            }
            Ok(None) => return,
            Err(error) => Err(error.to_string()),
        };
        if let Err(cause) = sent {
            tracing::warn!(show = %room.show, cause, "a notice did not reach its room");
        }
    }
}
