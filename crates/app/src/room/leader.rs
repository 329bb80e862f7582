//! The one task that leads an open room: it decides, makes durable, then shows.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use kernel::{PersonId, Random, Timestamp, ViewerId};
use room::{
    Actor, Command, Event, Gate, Kind, Lane, Notice, Outcome, Presence, Pulse, Refusal, Room, ShowState, WordList,
};
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::time::Instant;

use super::client_frame::Asked;
use super::frames;
use super::history::{History, KEPT};
use super::refused::Refused;
use crate::ports::{Append, Clock, Moderated, RoomBrief, RoomKey, RoomLog, StoreError};

/// Commands that wait for the leader; past it they are refused as busy.
pub(super) const MAILBOX: usize = 4_096;
/// Frames in the ring; a viewer who falls further behind starts anew.
pub(super) const RING: usize = 512;
/// Commands decided in one go, so that the first of them does not wait for ever.
const BATCH: usize = 500;
/// Events in one frame of a tail.
const TAIL_FRAME: usize = 200;
/// Shortest and longest time between two frames of chat; the tick stretches as the room grows.
const TICK_MS: (u64, u64) = (50, 120);
/// Viewers at which the tick is longest.
const TICK_FULL: u64 = 10_000;
/// Hearts alone are shown this often.
const FX_TICK: Duration = Duration::from_millis(250);
/// Viewer counts, the five-second sums and closing are looked at this often.
const BEAT: Duration = Duration::from_secs(1);
/// A room that nobody watches, of a show that is not on air, is closed after so many beats.
const IDLE_BEATS: u32 = 300;
/// A fold is kept after so many events.
const KEEP_FOLD_EVERY: u64 = 500;
/// Attempts to read the log again after a failed append, 0.1 s to 2 s apart.
const RELOADS: u32 = 8;

/// What arrives in a leader's mailbox.
#[derive(Debug)]
pub(super) enum Ask {
    Enter {
        viewer: ViewerId,
        position: Option<Position>,
        reply: oneshot::Sender<Entered>,
    },
    Act {
        actor: Arc<Actor>,
        by: Option<PersonId>,
        asked: Box<Asked>,
        reply: oneshot::Sender<Result<u64, Refused>>,
    },
    Hearts {
        viewer: ViewerId,
        count: u32,
    },
    Notice(Notice),
    /// Show what is pending, then end.
    Stop,
}

/// Where a client's own log ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    pub epoch: String,
    pub offset: u64,
}

/// What somebody who enters gets: exactly the room up to `offset`, and everything after it through the ring.
#[derive(Debug)]
pub(super) struct Entered {
    pub(super) epoch: Arc<str>,
    pub(super) offset: u64,
    pub(super) muted_until_ms: Option<i64>,
    pub(super) start: Start,
    pub(super) ring: broadcast::Receiver<Shown>,
}

#[derive(Debug)]
pub(super) enum Start {
    /// Encoded frames from the client's offset on; empty when it missed nothing.
    Tail(Vec<Bytes>),
    /// An encoded snapshot.
    Snapshot(Arc<str>),
}

/// One place in the ring.
#[derive(Clone, Debug)]
pub(super) enum Shown {
    Frame {
        bytes: Bytes,
        to: u64,
    },
    /// What happened meanwhile cannot be told as a tail.
    Gap,
}

/// Commands decided and applied but not durable yet.
#[derive(Default)]
struct Batch {
    events: Vec<Event>,
    moderated: Vec<Moderated>,
    replies: Vec<(oneshot::Sender<Result<u64, Refused>>, u64)>,
}

/// What a leader is given.
#[derive(Debug)]
pub(super) struct Charge {
    pub(super) key: RoomKey,
    pub(super) log: Arc<dyn RoomLog>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Random,
    pub(super) words: WordList,
    pub(super) presence: Arc<Mutex<Presence>>,
    pub(super) brief: RoomBrief,
}

struct Leader {
    key: RoomKey,
    log: Arc<dyn RoomLog>,
    clock: Arc<dyn Clock>,
    random: Random,
    presence: Arc<Mutex<Presence>>,
    epoch: Arc<str>,
    gate: Gate,
    pulse: Pulse,
    room: Room,
    history: History,
    ring: broadcast::Sender<Shown>,
    /// The last offset that went into the ring.
    shown: u64,
    snapshot: Option<(u64, Arc<str>)>,
    entering: Vec<(ViewerId, Option<Position>, oneshot::Sender<Entered>)>,
    flushed_at: Instant,
    flush_at: Option<Instant>,
    kept: u64,
    idle_beats: u32,
}

/// Leads a room until it is told to stop, nobody needs it, or its log cannot be read any more. Dropping the ring tells
/// the viewers.
pub(super) async fn lead(charge: Charge, mut mailbox: mpsc::Receiver<Ask>) {
    let key = charge.key;
    match Leader::open(charge).await {
        Ok(mut leader) => leader.run(&mut mailbox).await,
        Err(error) => tracing::error!(show = %key.show, stage = key.stage.as_str(), %error, "a room cannot be opened"),
    }
}

/// The room as its log says, and its newest events.
async fn load(log: &dyn RoomLog, key: RoomKey) -> Result<(Room, History), StoreError> {
    let last = log.last(key).await?;
    let mut room = log.fold(key).await?.unwrap_or_default();
    let mut history = History::default();
    let mut after = room.offset().min(last.saturating_sub(KEPT as u64));
    let limit = u32::try_from(KEPT).unwrap_or(u32::MAX);
    loop {
        let events = log.tail(key, after, limit).await?;
        for event in &events {
            if event.offset > room.offset() {
                room.apply(event);
            }
            history.push(event, &room);
            after = event.offset;
        }
        if events.len() < KEPT {
            return Ok((room, history));
        }
    }
}

impl Leader {
    async fn open(charge: Charge) -> Result<Self, StoreError> {
        let Charge { key, log, clock, random, words, presence, brief } = charge;
        let epoch = log.epoch().await?.into();
        let (room, history) = load(&*log, key).await?;
        let now = clock.now();
        lock(&presence).resume_from(&room);
        let mut leader = Self {
            gate: Gate::new(now, words),
            pulse: Pulse::new(now),
            ring: broadcast::channel(RING).0,
            shown: room.offset(),
            kept: room.offset(),
            snapshot: None,
            entering: Vec::new(),
            flushed_at: Instant::now(),
            flush_at: None,
            idle_beats: 0,
            key,
            log,
            clock,
            random,
            presence,
            epoch,
            room,
            history,
        };
        let mut batch = Batch::default();
        let state = Notice::ShowState { state: brief.state, programme_id: brief.programme_id };
        leader.notice(now, &state, &mut batch);
        if !leader.room.tray_is(&brief.numbers) {
            leader.notice(now, &Notice::TrayChanged { numbers: brief.numbers }, &mut batch);
        }
        if leader.commit(batch).await.is_none() {
            return Err(StoreError::Failed("the room's first events could not be appended".into()));
        }
        leader.shown = leader.room.offset();
        Ok(leader)
    }

    async fn run(&mut self, mailbox: &mut mpsc::Receiver<Ask>) {
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let flush_at = self.flush_at;
            let first = tokio::select! {
                biased;
                () = due(flush_at) => {
                    self.flush();
                    continue;
                }
                _ = beat.tick() => {
                    if !self.beat().await {
                        break;
                    }
                    continue;
                }
                ask = mailbox.recv() => ask,
            };
            let Some(first) = first else { break };
            let (mut batch, mut next, mut stop) = (Batch::default(), Some(first), false);
            while let Some(ask) = next {
                stop |= matches!(ask, Ask::Stop);
                self.take(ask, &mut batch).await;
                next = if batch.events.len() < BATCH && !stop { mailbox.try_recv().ok() } else { None };
            }
            let Some(urgent) = self.commit(batch).await else { break };
            self.schedule(urgent);
            if stop {
                self.flush();
                break;
            }
        }
    }

    async fn take(&mut self, ask: Ask, batch: &mut Batch) {
        let now = self.clock.now();
        match ask {
            Ask::Enter { viewer, position, reply } => self.entering.push((viewer, position, reply)),
            Ask::Act { actor, by, asked, reply } => match self.decide(now, &actor, &asked).await {
                Ok(Outcome::Happened(event)) => {
                    if let (Some(by), Kind::Removed { .. } | Kind::Muted { .. }) = (by, &event.kind) {
                        batch.moderated.push(Moderated { offset: event.offset, by, reason: asked.reason, at: now });
                    }
                    batch.replies.push((reply, event.offset));
                    self.happened(event, batch);
                }
                Ok(Outcome::Already { offset }) => batch.replies.push((reply, offset)),
                Err(refused) => tell(reply, Err(refused)),
            },
            Ask::Hearts { viewer, count } => {
                let count = self.gate.hearts(now, viewer, count);
                self.pulse.hearts(count);
                if count > 0 && self.flush_at.is_none() {
                    self.flush_at = Some((self.flushed_at + FX_TICK).max(Instant::now()));
                }
            }
            Ask::Notice(notice) => self.notice(now, &notice, batch),
            Ask::Stop => {}
        }
    }

    async fn decide(&mut self, now: Timestamp, actor: &Actor, asked: &Asked) -> Result<Outcome, Refused> {
        self.gate.admit(now, actor, &asked.command)?;
        match (self.room.handle(now, &mut self.random, actor, &asked.command), &asked.command) {
            (Err(Refusal::UnknownMessage), Command::Remove { message_id, older: false }) => {
                let found = self.log.find_message(self.key, *message_id).await.map_err(|_| Refused::Busy)?;
                found.ok_or(Refusal::UnknownMessage)?;
                let older = Command::Remove { message_id: *message_id, older: true };
                Ok(self.room.handle(now, &mut self.random, actor, &older)?)
            }
            (outcome, _) => Ok(outcome?),
        }
    }

    fn notice(&mut self, now: Timestamp, notice: &Notice, batch: &mut Batch) {
        if let Some(event) = self.room.notice(now, notice) {
            self.happened(event, batch);
        }
    }

    /// Applied at once, so that the next command of the batch is decided against it; undone by folding anew.
    fn happened(&mut self, event: Event, batch: &mut Batch) {
        self.room.apply(&event);
        batch.events.push(event);
    }

    /// Makes a batch durable, then answers. Says whether something must be shown at once; `None` when this room cannot go
    /// on.
    async fn commit(&mut self, batch: Batch) -> Option<bool> {
        let Batch { events, moderated, replies } = batch;
        if events.is_empty() {
            for (reply, offset) in replies {
                tell(reply, Ok(offset));
            }
            return Some(false);
        }
        let append = Append { room: self.key, at: self.clock.now(), events: events.clone(), moderated };
        if let Err(error) = self.log.append(append).await {
            tracing::warn!(show = %self.key.show, %error, "a room's events were not appended");
            for (reply, _) in replies {
                tell(reply, Err(Refused::Busy));
            }
            return self.reload().await.then_some(true);
        }
        for event in &events {
            self.history.push(event, &self.room);
        }
        for (reply, offset) in replies {
            tell(reply, Ok(offset));
        }
        if self.room.offset() - self.kept >= KEEP_FOLD_EVERY {
            self.kept = self.room.offset();
            if let Err(error) = self.log.keep_fold(self.key, self.room.clone().without_words()).await {
                tracing::warn!(show = %self.key.show, %error, "a room's fold was not kept");
            }
        }
        Some(events.iter().any(|event| event.kind.lane() == Lane::State))
    }

    /// Folds anew after an append whose outcome is unknown or that somebody else was faster with.
    async fn reload(&mut self) -> bool {
        for attempt in 0..RELOADS {
            match load(&*self.log, self.key).await {
                Ok((room, history)) => {
                    (self.room, self.history) = (room, history);
                    self.snapshot = None;
                    if self.history.after(self.shown, self.room.offset()).is_none() {
                        self.shown = self.room.offset();
                        let _nobody_watches = self.ring.send(Shown::Gap);
                    }
                    return true;
                }
                Err(error) => {
                    tracing::warn!(show = %self.key.show, %error, "a room's log cannot be read");
                    tokio::time::sleep(Duration::from_millis((100 << attempt).min(2_000))).await;
                }
            }
        }
        false
    }

    /// Shows at once what is urgent or follows a quiet tick, the rest at the tick.
    fn schedule(&mut self, urgent: bool) {
        if self.shown == self.room.offset() {
            self.seat_who_enters();
            return;
        }
        let tick_at = self.flushed_at + self.tick();
        if urgent || tick_at <= Instant::now() || self.room.offset() - self.shown >= BATCH as u64 {
            self.flush();
        } else {
            self.flush_at = Some(self.flush_at.map_or(tick_at, |at| at.min(tick_at)));
        }
    }

    fn tick(&self) -> Duration {
        let viewers = u64::from(lock(&self.presence).now()).min(TICK_FULL);
        Duration::from_millis(TICK_MS.0 + (TICK_MS.1 - TICK_MS.0) * viewers / TICK_FULL)
    }

    /// One frame for everybody, then those who waited to enter: they start exactly behind it.
    fn flush(&mut self) {
        self.flush_at = None;
        self.flushed_at = Instant::now();
        let fx = self.pulse.fx(&lock(&self.presence));
        let (from, to) = (self.shown + 1, self.room.offset());
        if let Some(events) = self.history.after(self.shown, to)
            && (fx.is_some() || from <= to)
        {
            let bytes = frames::frame(from, to, events, fx);
            let _nobody_watches = self.ring.send(Shown::Frame { bytes, to });
        }
        self.shown = to;
        self.seat_who_enters();
    }

    fn seat_who_enters(&mut self) {
        for (viewer, position, reply) in std::mem::take(&mut self.entering) {
            let entered = Entered {
                epoch: Arc::clone(&self.epoch),
                offset: self.shown,
                muted_until_ms: self.room.muted_until(viewer, self.clock.now().unix_millis()),
                start: self.start(position),
                ring: self.ring.subscribe(),
            };
            // Whoever went away meanwhile needs no seat.
            let _gone = reply.send(entered);
        }
    }

    fn start(&mut self, position: Option<Position>) -> Start {
        let known = position.filter(|position| position.epoch == *self.epoch);
        let Some(tail) = known.and_then(|known| Some((known.offset, self.history.after(known.offset, self.shown)?)))
        else {
            return Start::Snapshot(self.snapshot());
        };
        let (mut from, mut events) = (tail.0 + 1, tail.1);
        let mut encoded = Vec::new();
        while events.len() > 0 {
            let to = from + events.len().min(TAIL_FRAME) as u64 - 1;
            encoded.push(frames::frame(from, to, events.by_ref().take(TAIL_FRAME), None));
            from = to + 1;
        }
        Start::Tail(encoded)
    }

    fn snapshot(&mut self) -> Arc<str> {
        match &self.snapshot {
            Some((offset, encoded)) if *offset == self.shown => Arc::clone(encoded),
            _ => {
                let viewers = lock(&self.presence).now();
                let encoded: Arc<str> = frames::snapshot(&self.room.snapshot(viewers)).into();
                self.snapshot = Some((self.shown, Arc::clone(&encoded)));
                encoded
            }
        }
    }

    /// Once a second. Says whether the room is still needed.
    async fn beat(&mut self) -> bool {
        let now = self.clock.now();
        let (kinds, here) = {
            let presence = lock(&self.presence);
            (self.pulse.log(now, &presence, &self.room), presence.now())
        };
        let mut batch = Batch::default();
        for kind in kinds {
            let event = self.room.next(now.unix_millis(), kind);
            self.happened(event, &mut batch);
        }
        let Some(urgent) = self.commit(batch).await else { return false };
        self.schedule(urgent);
        if self.flush_at.is_none() && self.pulse.is_due(&lock(&self.presence)) {
            self.flush();
        }
        let on_air = matches!(self.room.state(), ShowState::Live | ShowState::Away);
        self.idle_beats = if here == 0 && !on_air { self.idle_beats + 1 } else { 0 };
        self.idle_beats < IDLE_BEATS
    }
}

async fn due(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Whoever asked may have gone away; what happened has happened all the same.
fn tell(reply: oneshot::Sender<Result<u64, Refused>>, answer: Result<u64, Refused>) {
    let _gone = reply.send(answer);
}

/// Counts stay right even if a holder panicked.
pub(super) fn lock(presence: &Mutex<Presence>) -> std::sync::MutexGuard<'_, Presence> {
    presence.lock().unwrap_or_else(PoisonError::into_inner)
}
