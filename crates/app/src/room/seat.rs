//! A viewer's seat in a room: a place in the shared ring, and a voice.

use std::sync::Arc;

use bytes::Bytes;
use room::Presence;
use tokio::sync::watch as news;

use super::ask::{Entered, Position, Start};
use super::direct::{Ear, Listening};
use super::frames::{self, You};
use super::leader::lock;
use super::ring::{At, Encoded, Ring};
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
    /// Frames for this seat alone, encoded, in order.
    Own(Vec<Bytes>),
    /// One that everybody gets.
    Shared(Arc<Encoded>),
    /// The room is not led here any more, or the seat's holder lost what it was taken on: come back.
    Closed,
}

/// Where somebody stands in which ring.
#[derive(Clone, Debug)]
pub struct Standing {
    pub ring: Arc<Ring>,
    /// The place to read next.
    pub at: u64,
    /// The last offset that was told.
    pub offset: u64,
}

/// Dropping it leaves the room.
#[derive(Debug)]
pub struct Seat {
    voice: Voice,
    standing: Standing,
    /// Of the ring; only who waits by [`Seat::next`] needs them.
    news: Option<news::Receiver<u64>>,
    listening: Listening,
    epoch: Arc<str>,
    nonsense: u32,
    /// Of who works here: whether they still do.
    watch: Option<Box<Watch>>,
    _counted: Counted,
}

impl Seat {
    /// Takes a seat, and says what to send first. `None` when the room has just closed.
    pub(super) async fn take(voice: Voice, position: Option<Position>) -> Option<(Vec<Bytes>, Self)> {
        let viewer = voice.guest.actor.viewer_id();
        lock(&voice.handle.presence).enter(viewer);
        let counted = Counted(Arc::clone(&voice.handle.presence), viewer);
        let listening = Listening::new(&voice.handle.ears, voice.guest.buyer, viewer);
        let entered = voice.handle.enter(viewer, voice.guest.actor.is_staff(), position).await?;
        let hello = hello(&voice, &entered);
        let watch = voice.guest.rights.clone().map(|rights| Box::new(Watch::new(rights, voice.rooms.rights())));
        let Entered { epoch, standing, .. } = entered;
        let seat = Self { voice, standing, news: None, listening, epoch, nonsense: 0, watch, _counted: counted };
        Some((hello, seat))
    }

    /// Where it stands; whoever writes for many seats goes on from there by itself.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing.clone()
    }

    /// What is told to this seat alone.
    #[must_use]
    pub fn ear(&self) -> Arc<Ear> {
        Arc::clone(&self.listening.ear)
    }

    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.voice.guest.actor.is_staff()
    }

    /// The next frame. May be dropped and called again without losing one.
    pub async fn next(&mut self) -> Told {
        loop {
            // Before the look at the ring, so that what comes meanwhile is news.
            self.news.get_or_insert_with(|| self.standing.ring.news()).borrow_and_update();
            if let Some(watch) = &mut self.watch
                && !watch.stands(&self.voice).await
            {
                return Told::Closed;
            }
            if let Some(frame) = self.listening.ear.take() {
                return Told::Own(vec![frame]);
            }
            match self.standing.ring.at(self.standing.at) {
                At::Frame(shown) => {
                    (self.standing.at, self.standing.offset) = (self.standing.at + 1, shown.to);
                    return Told::Shared(Arc::clone(shown.encoded(self.is_staff())));
                }
                At::Gone => {
                    return match self.start_anew(self.standing.offset).await {
                        Some(hello) => Told::Own(hello),
                        None => Told::Closed,
                    };
                }
                At::Closed => return Told::Closed,
                At::NotYet => {}
            }
            let Some(news) = &mut self.news else { continue };
            tokio::select! {
                biased;
                () = due(&mut self.watch) => {}
                () = self.listening.ear.called() => {}
                // A writer that is gone has said so in the ring.
                _changed = news.changed() => {}
            }
        }
    }

    /// Completes when the seat's holder lost what it was taken on; never for who just watches.
    pub async fn dismissed(&mut self) {
        if self.watch.is_none() {
            return std::future::pending().await;
        }
        // Kept apart, so that the many who never lose anything do not hold room for it.
        Box::pin(async {
            loop {
                if let Some(watch) = &mut self.watch
                    && !watch.stands(&self.voice).await
                {
                    return;
                }
                due(&mut self.watch).await;
            }
        })
        .await;
    }

    /// Fell off the ring behind this offset: what to send now, and the place to go on from is another. `None` when the room
    /// is not led here any more.
    pub async fn start_anew(&mut self, offset: u64) -> Option<Vec<Bytes>> {
        let position = Position { epoch: self.epoch.to_string(), offset };
        let actor = &self.voice.guest.actor;
        let entered = self.voice.handle.enter(actor.viewer_id(), actor.is_staff(), Some(position)).await?;
        let hello = hello(&self.voice, &entered);
        (self.epoch, self.standing, self.news) = (entered.epoch, entered.standing, None);
        Some(hello)
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
        blocked: entered.blocked || voice.is_blocked(),
        held: entered.held.clone(),
        asked: entered.asked.clone(),
        replies: entered.replies.clone(),
        voted: entered.voted,
    };
    let (snapshot, tail): (_, &[Bytes]) = match &entered.start {
        Start::Snapshot(snapshot) => (Some(&**snapshot), &[]),
        Start::Tail(tail) => (None, tail),
    };
    let mut all = vec![frames::hello(&entered.epoch, voice.now(), &you, snapshot)];
    all.extend_from_slice(tail);
    all
}
