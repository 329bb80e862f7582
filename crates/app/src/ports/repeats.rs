//! Requests that create, remembered so that a repeated one creates nothing more.

use std::fmt;

use async_trait::async_trait;
use kernel::Timestamp;

use super::StoreError;

/// What a caller called one request. Keys of different actors have nothing to do with each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepeatKey {
    pub actor: String,
    /// 1 to 64 printable characters.
    pub key: String,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// Nobody used it: the request is to be done, then [`Repeats::answered`] or [`Repeats::forget`].
    First,
    /// It came before, with the request of this hash. The answer is none while the first one runs.
    Before { request_hash: String, answer: Option<String> },
}

/// Durable, so that a repetition after a restart is one, too.
#[async_trait]
pub trait Repeats: Send + Sync + fmt::Debug {
    /// Takes the key for a request that begins now. A key from before `forgotten` is free again, and one whose request
    /// began before `abandoned` and was never answered is taken over. Of one actor's keys the newest `most` are kept.
    async fn begin(&self, key: RepeatKey, request_hash: String, times: RepeatTimes) -> Result<Begun, StoreError>;
    async fn answered(&self, key: RepeatKey, answer: String) -> Result<(), StoreError>;
    /// The request was refused: it may be sent again, corrected.
    async fn forget(&self, key: RepeatKey) -> Result<(), StoreError>;
    /// Removes what is older.
    async fn sweep(&self, forgotten: Timestamp) -> Result<(), StoreError>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepeatTimes {
    pub now: Timestamp,
    pub forgotten: Timestamp,
    pub abandoned: Timestamp,
    pub most: u32,
}
