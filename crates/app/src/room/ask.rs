//! What is asked of a room's leader, and what it gives out.

use std::sync::Arc;

use bytes::Bytes;
use kernel::{MessageId, PersonId, RequestId, Timestamp, ViewerId};
use room::{Actor, Answering, Event, Notice, WordLists};
use tokio::sync::oneshot;

use super::client_frame::Asked;
use super::refused::Refused;
use super::seat::Standing;
use crate::ports::ActedBy;

/// What arrives in a leader's mailbox.
#[derive(Debug)]
pub(super) enum Ask {
    Enter {
        viewer: ViewerId,
        /// Gets the frames that name colleagues.
        staff: bool,
        position: Option<Position>,
        reply: oneshot::Sender<Entered>,
    },
    Act {
        actor: Arc<Actor>,
        by: Option<PersonId>,
        /// Whether who acts has bought here.
        buyer: bool,
        /// As whom they would answer a question.
        answering: Answering,
        asked: Box<Asked>,
        reply: oneshot::Sender<Result<Done, Refused>>,
    },
    Hearts {
        viewer: ViewerId,
        count: u32,
    },
    Notice(Notice, Option<ActedBy>),
    /// The house's lists of words, as they are from now on.
    Words(WordLists),
    /// When the lobby opens, as it is from now on.
    LobbyAt(Timestamp),
    /// Show what is pending, then end.
    Stop,
}

/// What a command that was not refused came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) offset: u64,
    /// The line waits to be read, under this id.
    pub(super) held: Option<MessageId>,
}

/// Where a client's own log ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    pub epoch: String,
    pub offset: u64,
}

/// What somebody who enters gets: exactly the room up to the standing's offset, and everything after it through the ring.
#[derive(Debug)]
pub(super) struct Entered {
    pub(super) epoch: Arc<str>,
    pub(super) standing: Standing,
    pub(super) muted_until_ms: Option<i64>,
    pub(super) blocked: bool,
    /// Their lines that wait to be read.
    pub(super) held: Vec<Event>,
    /// The requests that they have a voice in.
    pub(super) asked: Vec<RequestId>,
    /// What was replied to them alone.
    pub(super) replies: Vec<Event>,
    /// Their vote in the poll that is open.
    pub(super) voted: Option<u8>,
    pub(super) start: Start,
}

#[derive(Debug)]
pub(super) enum Start {
    /// Encoded frames from the client's offset on; empty when it missed nothing.
    Tail(Vec<Bytes>),
    /// An encoded snapshot.
    Snapshot(Arc<str>),
}
