//! A viewer's seat in a room: a cursor into the shared ring, and a voice.

use std::sync::Arc;

use bytes::Bytes;
use room::Presence;
use tokio::sync::broadcast;

use super::ask::{Entered, Position, Shown, Start};
use super::direct::Listening;
use super::frames::{self, You};
use super::leader::lock;
use super::voice::{Guest, Submitted, Voice};
use super::watch::{Watch, due};

/// Frames that cannot be read before the connection is closed.
const NONSENSE: u32 = 20;

/// Counted among the viewers until it is dropped.
#[derive(Debug)]
struct Counted(Arc<std::sync::Mutex<Presence>>, kernel::ViewerId);

impl Drop for Counted {
    fn drop(&mut self) {
        lock(&self.0).leave(self.1);
    }
}

/// What the room tells a seat next.
#[derive(Debug)]
pub enum Told {
    /// Encoded frames, in order; shared with everybody who gets the same.
    Frames(Vec<Bytes>),
    /// The room is not led here any more, or the seat's holder lost what it was taken on: come back.
    Closed,
}

/// Dropping it leaves the room.
#[derive(Debug)]
pub struct Seat {
    voice: Voice,
    ring: broadcast::Receiver<Shown>,
    listening: Listening,
    epoch: Arc<str>,
    offset: u64,
    /// Fell off the ring: what comes next is a new start.
    lost: bool,
    nonsense: u32,
    /// Of who works here: whether they still do.
    watch: Option<Watch>,
    _counted: Counted,
}

impl Seat {
    /// Takes a seat, and says what to send first. `None` when the room has just closed.
    pub(super) async fn take(voice: Voice, position: Option<Position>) -> Option<(Vec<Bytes>, Self)> {
        let viewer = voice.guest.actor.viewer_id();
        lock(&voice.handle.presence).enter(viewer);
        let counted = Counted(Arc::clone(&voice.handle.presence), viewer);
        let listening = Listening::new(&voice.handle.ears, voice.guest.buyer);
        let entered = voice.handle.enter(viewer, voice.guest.actor.is_staff(), position).await?;
        let hello = hello(&voice, &entered);
        let watch = voice.guest.rights.clone().map(|rights| Watch::new(rights, voice.rooms.rights()));
        let seat = Self {
            nonsense: 0,
            watch,
            epoch: entered.epoch,
            offset: entered.offset,
            ring: entered.ring,
            listening,
            lost: false,
            voice,
            _counted: counted,
        };
        Some((hello, seat))
    }

    /// The next frame. May be dropped and called again without losing one.
    pub async fn next(&mut self) -> Told {
        loop {
            if let Some(watch) = &mut self.watch
                && !watch.stands(&self.voice).await
            {
                return Told::Closed;
            }
            if self.lost {
                return self.start_anew().await;
            }
            let shown = tokio::select! {
                biased;
                () = due(&mut self.watch) => continue,
                told = self.listening.ear.next() => return Told::Frames(vec![told]),
                shown = self.ring.recv() => shown,
            };
            match shown {
                Ok(Shown::Frame { bytes, staff, to }) => {
                    self.offset = to;
                    let bytes = staff.filter(|_| self.voice.guest.actor.is_staff()).unwrap_or(bytes);
                    return Told::Frames(vec![bytes]);
                }
                Ok(Shown::Gap) | Err(broadcast::error::RecvError::Lagged(_)) => self.lost = true,
                Err(broadcast::error::RecvError::Closed) => return Told::Closed,
            }
        }
    }

    async fn start_anew(&mut self) -> Told {
        let position = Position { epoch: self.epoch.to_string(), offset: self.offset };
        let actor = &self.voice.guest.actor;
        let Some(entered) = self.voice.handle.enter(actor.viewer_id(), actor.is_staff(), Some(position)).await else {
            return Told::Closed;
        };
        let hello = hello(&self.voice, &entered);
        (self.epoch, self.offset, self.ring, self.lost) = (entered.epoch, entered.offset, entered.ring, false);
        Told::Frames(hello)
    }

    /// Takes one text frame of the client.
    pub async fn submit(&mut self, text: &str) -> Submitted {
        let submitted = self.voice.hear(text).await;
        if matches!(submitted, Submitted::Nonsense(_)) {
            self.nonsense += 1;
            if self.nonsense > NONSENSE {
                return Submitted::Flood;
            }
        }
        submitted
    }
}

fn hello(voice: &Voice, entered: &Entered) -> Vec<Bytes> {
    let Guest { actor, .. } = &voice.guest;
    let you = You {
        viewer_id: actor.viewer_id(),
        name: actor.name().map(|name| name.as_str().to_owned()),
        staff: actor.is_staff(),
        muted_until_ms: entered.muted_until_ms,
    };
    let (snapshot, tail): (_, &[Bytes]) = match &entered.start {
        Start::Snapshot(snapshot) => (Some(&**snapshot), &[]),
        Start::Tail(tail) => (None, tail),
    };
    let mut all = vec![frames::hello(&entered.epoch, voice.now(), &you, snapshot)];
    all.extend_from_slice(tail);
    all
}
