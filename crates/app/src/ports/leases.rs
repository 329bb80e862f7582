//! Who leads a room, among the processes that share a database.

use std::fmt;

use async_trait::async_trait;
use kernel::Millis;

use super::{RoomKey, StoreError};

/// A process, as leases name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Drawn at its start, so that a restarted process is another one.
    pub id: String,
    /// Where its pages and sockets are reached from within the cluster.
    pub address: String,
}

/// Whose the room is after asking for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    Ours,
    /// The process at this address leads it.
    Theirs {
        address: String,
    },
}

/// Leases, timed by the store's own clock: processes need not agree on theirs. They spare two leaders from getting in
/// each other's way; what keeps two from both writing is the log's unique offsets.
#[async_trait]
pub trait Leases: Send + Sync + fmt::Debug {
    /// Takes a room that is free or whose lease ran out, or renews one's own, for so long from now on.
    async fn hold(&self, room: RoomKey, holder: &Holder, length: Millis) -> Result<Held, StoreError>;

    /// Gives the room up, if it is still this holder's.
    async fn let_go(&self, room: RoomKey, holder: &Holder) -> Result<(), StoreError>;
}
