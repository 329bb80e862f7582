//! Mail and SMS: what waits to go out, what carries it, and what a demo's folder shows of it.

use std::fmt;

use async_trait::async_trait;
use kernel::{EntryId, Timestamp};
use serde::{Deserialize, Serialize};

use super::StoreError;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Mail,
    Sms,
}

/// What a message is about: who may look into the folder of sent messages is asked by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    Order,
    SignIn,
    Invitation,
}

/// One message to one person, ready to go out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The same for every attempt, so that a receiver can tell a second copy.
    pub id: EntryId,
    pub about: About,
    pub channel: Channel,
    /// An e-mail address, or a phone number.
    pub to: String,
    /// None for an SMS.
    pub subject: Option<String>,
    pub text: String,
    /// The same in simple HTML; none for an SMS.
    pub html: Option<String>,
}

/// A message that waits. Its content is sealed: it holds names, addresses and one-time links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingMessage {
    pub id: EntryId,
    pub sealed: String,
    /// Attempts so far, the one being made now included.
    pub attempts: u32,
    /// When it is tried next.
    pub next_at: Timestamp,
    /// From then on it is of no use to anybody.
    pub until: Timestamp,
}

/// Why nobody tries again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyGivenUp {
    /// It would be of no use to anybody any more.
    TooLate,
    /// The other side will never take it.
    Refused,
    /// What it tells of cannot be read.
    Unreadable,
}

impl WhyGivenUp {
    pub const ALL: [Self; 3] = [Self::TooLate, Self::Refused, Self::Unreadable];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooLate => "too_late",
            Self::Refused => "refused",
            Self::Unreadable => "unreadable",
        }
    }
}

/// What was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    Message {
        sealed: String,
    },
    /// The till's event as it stood in its row.
    Event {
        text: String,
    },
}

/// A message that nobody tries to send again, or an event that never became one: somebody has to tell the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenUp {
    pub id: EntryId,
    pub lost: Lost,
    pub why: WhyGivenUp,
    /// The cause in the words of whoever refused; for staff.
    pub detail: String,
    pub attempts: u32,
    pub at: Timestamp,
}

/// The messages that wait to go out, each until it went or is given up.
#[async_trait]
pub trait MessageQueue: Send + Sync + fmt::Debug {
    /// A message whose id is known already is left as it is.
    async fn queue(&self, message: WaitingMessage) -> Result<(), StoreError>;
    /// Takes those that are due, what is of use for the shortest time first, and counts the attempt. Until `lease` nobody else gets
    /// them; whoever took them and died has lost nothing.
    async fn take_due(&self, now: Timestamp, lease: Timestamp, limit: u32) -> Result<Vec<WaitingMessage>, StoreError>;
    /// Tries again at `next_at`.
    async fn put_off(&self, id: EntryId, next_at: Timestamp) -> Result<(), StoreError>;
    /// Forgets a message that went out.
    async fn forget(&self, id: EntryId) -> Result<(), StoreError>;
    /// Moves a message to those that were given up.
    async fn give_up(&self, id: EntryId, why: WhyGivenUp, detail: String, at: Timestamp) -> Result<(), StoreError>;
    /// What was given up, newest first, those before `after` where it is given. The newest 2,000 are kept.
    async fn given_up(&self, after: Option<EntryId>, limit: u32) -> Result<Vec<GivenUp>, StoreError>;
}

/// Why a message did not go out. The text is for the log and names no person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// Worth another attempt: the server is away or asks for patience.
    #[error("not now: {0}")]
    Later(String),
    /// No attempt will help: there is no such address.
    #[error("never: {0}")]
    Never(String),
}

/// Carries messages out of the house.
#[async_trait]
pub trait Transport: Send + Sync + fmt::Debug {
    /// Returns once the other side has taken it.
    async fn send(&self, message: &Message, now: Timestamp) -> Result<(), NotSent>;
}

/// A message in the folder, with when it was put there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentMessage {
    #[serde(flatten)]
    pub message: Message,
    pub sent_at: Timestamp,
}

/// Looks into the folder of sent messages.
#[async_trait]
pub trait SentMessages: Send + Sync + fmt::Debug {
    /// Newest first, those before `after` where it is given.
    async fn sent(&self, after: Option<EntryId>, limit: u32) -> Result<Vec<SentMessage>, StoreError>;
}
