//! The room over the wire: sockets, event streams, and single commands.

mod close;
pub(crate) mod door;
pub(crate) mod events;
pub(crate) mod fanout;
mod line;
mod pipe;
pub(crate) mod socket;
mod websocket;

use std::time::Duration;

use app::ports::{RoomKey, Stage};
use kernel::ShowId;
use serde::Deserialize;
use utoipa::IntoParams;

/// What cannot be written to for so long is closed.
const UNWRITABLE: Duration = Duration::from_secs(10);
/// Clients ping every 10 s, once a minute from a page in the background.
const SILENCE: Duration = Duration::from_secs(90);
/// How long a closed socket may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// Largest message of a client. A message of 2,000 bytes, all escaped, fits.
pub(crate) const FRAME_BYTES: usize = 16 * 1024;

/// Which of the show's rooms.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct RoomQuery {
    /// `rehearsal` for staff while they rehearse; else the public room.
    pub(crate) stage: Option<String>,
}

impl RoomQuery {
    pub(crate) fn key(&self, show: ShowId) -> RoomKey {
        let stage =
            if self.stage.as_deref() == Some(Stage::Rehearsal.as_str()) { Stage::Rehearsal } else { Stage::Live };
        RoomKey { show, stage }
    }
}
