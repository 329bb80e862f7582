//! A viewer's seat in a room: a cursor into the shared ring, and the way for their commands.

use std::sync::Arc;

use bytes::Bytes;
use kernel::{Language, PersonId};
use room::{Actor, Bucket, Command, Presence, Refusal};
use tokio::sync::{broadcast, oneshot};

use super::client_frame::{Asked, ClientFrame};
use super::frames::{self, You};
use super::leader::{Ask, Entered, Position, Shown, Start, lock};
use super::refused::Refused;
use super::rooms::Handle;
use crate::ports::Clock;

/// Frames that one connection may send: burst, then per second.
const FRAMES: (u32, u32) = (60, 20);
/// Frames past that bound before the connection counts as a flood: burst, then per second.
const EXCESS: (u32, u32) = (500, 20);

/// What the actor's role lets them do here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Powers {
    /// Pins, requests, announcements.
    pub(super) run: bool,
    /// Remove and mute.
    pub(super) moderate: bool,
}

/// Who sits there.
#[derive(Clone, Debug)]
pub(super) struct Guest {
    pub(super) actor: Arc<Actor>,
    pub(super) person: Option<PersonId>,
    pub(super) powers: Powers,
    pub(super) language: Language,
}

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
    /// The room is not led here any more: come back.
    Closed,
}

/// What became of a client's frame.
#[derive(Debug)]
pub enum Submitted {
    /// Nothing is answered.
    Nothing,
    /// An encoded answer.
    Answer(Bytes),
    /// The answer comes when the command is durable.
    Later(Answer),
    /// Far too many frames: the connection is not worth keeping.
    Flood,
}

/// An answer on its way.
#[derive(Debug)]
pub struct Answer {
    reference: String,
    language: Language,
    reply: oneshot::Receiver<Result<u64, Refused>>,
}

impl Answer {
    /// The encoded `ack` or `refused`.
    pub async fn wait(self) -> Bytes {
        match self.reply.await {
            Ok(Ok(offset)) => frames::ack(&self.reference, offset),
            Ok(Err(refused)) => frames::refused(&self.reference, &refused, &self.language),
            Err(_leader_ended) => frames::refused(&self.reference, &Refused::Busy, &self.language),
        }
    }
}

/// Dropping it leaves the room.
#[derive(Debug)]
pub struct Seat {
    handle: Handle,
    guest: Guest,
    clock: Arc<dyn Clock>,
    ring: broadcast::Receiver<Shown>,
    epoch: Arc<str>,
    offset: u64,
    /// Fell off the ring: what comes next is a new start.
    lost: bool,
    frames: Bucket,
    excess: Bucket,
    _counted: Counted,
}

impl Seat {
    /// Takes a seat, and says what to send first.
    pub(super) async fn take(
        handle: Handle,
        guest: Guest,
        clock: Arc<dyn Clock>,
        position: Option<Position>,
    ) -> Option<(Vec<Bytes>, Self)> {
        let viewer = guest.actor.viewer_id();
        lock(&handle.presence).enter(viewer);
        let counted = Counted(Arc::clone(&handle.presence), viewer);
        let entered = handle.enter(viewer, position).await?;
        let now = clock.now();
        let hello = hello(&guest, &*clock, &entered);
        let seat = Self {
            frames: Bucket::full(now, FRAMES.0, FRAMES.1),
            excess: Bucket::full(now, EXCESS.0, EXCESS.1),
            epoch: entered.epoch,
            offset: entered.offset,
            ring: entered.ring,
            lost: false,
            handle,
            guest,
            clock,
            _counted: counted,
        };
        Some((hello, seat))
    }

    /// The next frame. May be dropped and called again without losing one.
    pub async fn next(&mut self) -> Told {
        loop {
            if self.lost {
                return self.start_anew().await;
            }
            match self.ring.recv().await {
                Ok(Shown::Frame { bytes, to }) => {
                    self.offset = to;
                    return Told::Frames(vec![bytes]);
                }
                Ok(Shown::Gap) | Err(broadcast::error::RecvError::Lagged(_)) => self.lost = true,
                Err(broadcast::error::RecvError::Closed) => return Told::Closed,
            }
        }
    }

    async fn start_anew(&mut self) -> Told {
        let position = Position { epoch: self.epoch.to_string(), offset: self.offset };
        let Some(entered) = self.handle.enter(self.guest.actor.viewer_id(), Some(position)).await else {
            return Told::Closed;
        };
        let hello = hello(&self.guest, &*self.clock, &entered);
        (self.epoch, self.offset, self.ring, self.lost) = (entered.epoch, entered.offset, entered.ring, false);
        Told::Frames(hello)
    }

    /// Takes one text frame of the client.
    pub fn submit(&mut self, text: &str) -> Submitted {
        let now = self.clock.now();
        let within = self.frames.take(now);
        if !within && !self.excess.take(now) {
            return Submitted::Flood;
        }
        let frame = match ClientFrame::read(text) {
            Ok(frame) => frame,
            Err(bad) => return self.refuse(&bad.reference, Refused::BadFrame),
        };
        match frame {
            ClientFrame::Heart { count } => {
                if within && count > 0 {
                    self.handle.hearts(self.guest.actor.viewer_id(), count);
                }
                Submitted::Nothing
            }
            ClientFrame::Ping { client_ms } => Submitted::Answer(frames::pong(client_ms, now)),
            // A seat is taken once.
            ClientFrame::Join { .. } => self.refuse("", Refused::BadFrame),
            other => match other.into_asked() {
                Some(asked) if !within => self.refuse(&asked.reference, Refusal::SlowDown.into()),
                Some(asked) => self.act(asked),
                None => Submitted::Nothing,
            },
        }
    }

    fn act(&self, asked: Asked) -> Submitted {
        if let Err(refused) = self.guest.powers.allow(&self.guest.actor, &asked.command) {
            return self.refuse(&asked.reference, refused);
        }
        let reference = asked.reference.clone();
        let (reply, answer) = oneshot::channel();
        let ask =
            Ask::Act { actor: Arc::clone(&self.guest.actor), by: self.guest.person, asked: Box::new(asked), reply };
        if self.handle.mailbox.try_send(ask).is_err() {
            return self.refuse(&reference, Refused::Busy);
        }
        Submitted::Later(Answer { reference, language: self.guest.language.clone(), reply: answer })
    }

    fn refuse(&self, reference: &str, refused: Refused) -> Submitted {
        Submitted::Answer(frames::refused(reference, &refused, &self.guest.language))
    }
}

impl Powers {
    fn allow(self, actor: &Actor, command: &Command) -> Result<(), Refused> {
        let held = match command {
            Command::Say { .. } | Command::AskShow { .. } => true,
            Command::Pin { .. } | Command::Unpin | Command::RequestStep { .. } | Command::Announce { .. } => self.run,
            Command::Remove { .. } | Command::Mute { .. } | Command::Unmute { .. } => self.moderate,
        };
        match (held, actor.is_staff()) {
            (true, _) => Ok(()),
            (false, true) => Err(Refused::NotAllowed),
            (false, false) => Err(Refusal::StaffOnly.into()),
        }
    }
}

fn hello(guest: &Guest, clock: &dyn Clock, entered: &Entered) -> Vec<Bytes> {
    let you = You {
        viewer_id: guest.actor.viewer_id(),
        name: guest.actor.name().map(|name| name.as_str().to_owned()),
        staff: guest.actor.is_staff(),
        muted_until_ms: entered.muted_until_ms,
    };
    let (snapshot, tail): (_, &[Bytes]) = match &entered.start {
        Start::Snapshot(snapshot) => (Some(&**snapshot), &[]),
        Start::Tail(tail) => (None, tail),
    };
    let mut all = vec![frames::hello(&entered.epoch, clock.now(), &you, snapshot)];
    all.extend_from_slice(tail);
    all
}
