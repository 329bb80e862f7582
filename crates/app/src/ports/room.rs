//! What the rooms need: a log that survives, names, what the house knows of a show, and the feed into a room.

use std::collections::BTreeMap;
use std::fmt;

use async_trait::async_trait;
use kernel::{BrandId, EntryId, MessageId, PersonId, ProgrammeId, ShowId, Timestamp, ViewerId};
use room::{Event, Notice, Room, ShowState, Words};
use serde::Serialize;

use super::StoreError;

/// Which of a show's two rooms. What is rehearsed never reaches the live log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The public room: lobby, live, and after.
    Live,
    /// For staff alone, while they rehearse.
    Rehearsal,
}

impl Stage {
    pub const BOTH: [Self; 2] = [Self::Live, Self::Rehearsal];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Rehearsal => "rehearsal",
        }
    }
}

/// One room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomKey {
    pub show: ShowId,
    pub stage: Stage,
}

/// Who of the shop did something, and why: kept beside the log, and told to who it is about alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moderated {
    /// Its place in the house's trail.
    pub entry: EntryId,
    /// The event that came of it.
    pub offset: u64,
    pub by: PersonId,
    /// Whom it is about; none where it is about nobody, or about a line that the room has forgotten.
    pub viewer: Option<ViewerId>,
    /// At most 500 bytes; may be empty.
    pub reason: String,
    pub at: Timestamp,
}

/// Events to append, in order, all or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    pub room: RoomKey,
    pub at: Timestamp,
    /// Never empty; the words of messages go into rows of their own.
    pub events: Vec<Event>,
    pub moderated: Vec<Moderated>,
}

/// Words that were taken off the air, and why: for the house's owners and for an appeal, under lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub message_id: MessageId,
    pub viewer_id: ViewerId,
    pub words: Words,
    pub removed_by: PersonId,
    pub reason: String,
    pub removed_at: Timestamp,
}

/// The durable log of every room.
#[async_trait]
pub trait RoomLog: Send + Sync + fmt::Debug {
    /// Changes only when the store was restored from a copy: clients that know another epoch start from a snapshot.
    async fn epoch(&self) -> Result<String, StoreError>;

    /// Appends durably. A `removed` event moves the message's words into the evidence in the same commit.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when an offset is taken: somebody else leads this room. After any error the caller
    /// folds anew, since a commit may have happened whose answer got lost.
    async fn append(&self, append: Append) -> Result<(), StoreError>;

    /// The offset of the last event; 0 for none.
    async fn last(&self, room: RoomKey) -> Result<u64, StoreError>;

    /// Up to `limit` events after this offset, in order; messages whose words are gone come as tombstones.
    async fn tail(&self, room: RoomKey, after: u64, limit: u32) -> Result<Vec<Event>, StoreError>;

    /// Up to `limit` answers to questions after this offset, in order, each with when it was appended; without words where those
    /// were erased.
    async fn answers(&self, room: RoomKey, after: u64, limit: u32) -> Result<Vec<(Event, Timestamp)>, StoreError>;

    /// The newest kept fold of this version with its words put back, if there is one.
    async fn fold(&self, room: RoomKey) -> Result<Option<Room>, StoreError>;

    /// Keeps a fold, so that a new leader need not read the whole log; [`Room::without_words`] was called.
    async fn keep_fold(&self, room: RoomKey, fold: Room) -> Result<(), StoreError>;

    /// Where a message stands in this room's log.
    async fn find_message(&self, room: RoomKey, message: MessageId) -> Result<Option<u64>, StoreError>;

    /// What was removed from a show, newest first, at most 100.
    async fn evidence(&self, show: ShowId) -> Result<Vec<Evidence>, StoreError>;
}

/// The names under which viewers chat.
#[async_trait]
pub trait ChatNames: Send + Sync + fmt::Debug {
    async fn chat_name(&self, viewer: ViewerId) -> Result<Option<String>, StoreError>;
    async fn set_chat_name(&self, viewer: ViewerId, name: &str) -> Result<(), StoreError>;
}

/// What the house knows of a show when its room is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomBrief {
    pub brand: BrandId,
    pub state: ShowState,
    pub programme_id: Option<ProgrammeId>,
    /// When a scheduled show's lobby opens.
    pub lobby_at: Timestamp,
    /// Show numbers in the tray.
    pub numbers: Vec<u32>,
}

/// Answers what a room needs to know of its show and house.
#[async_trait]
pub trait RoomSource: Send + Sync + fmt::Debug {
    /// `None` where there is no such room: an unknown show, or no rehearsal going on.
    async fn brief(&self, room: RoomKey) -> Result<Option<RoomBrief>, StoreError>;

    /// Whether this buyer has ever paid for something here, rehearsals aside.
    async fn has_paid(&self, buyer: ViewerId) -> Result<bool, StoreError>;
}

/// Somebody of the shop who did something: their colleagues see the name, viewers never do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActedBy {
    pub id: PersonId,
    pub name: String,
}

/// The way into a room for everybody else in the house: till, shows, catalogue. They tell it what they have already made
/// durable; a notice that cannot be delivered is logged and lost, since the room asks for the truth when it opens.
#[async_trait]
pub trait RoomFeed: Send + Sync + fmt::Debug {
    /// Opens the room where it is not open yet. `TrayChanged` and the like concern [`Stage::BOTH`]: post them to each.
    async fn post(&self, room: RoomKey, notice: Notice) {
        self.post_by(room, notice, None).await;
    }

    /// The same, by somebody of the shop.
    async fn post_by(&self, room: RoomKey, notice: Notice, by: Option<ActedBy>);
}

/// Words by offset, as a fold wants them back.
pub type WordsByOffset = BTreeMap<u64, Words>;
