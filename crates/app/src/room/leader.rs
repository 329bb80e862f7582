//! The one task that leads an open room: it decides, makes durable, then shows.

mod durable;
mod moderate;
mod show;

pub(super) use durable::load;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kernel::{EntryId, Random, Timestamp, ViewerId};
use room::{
    Actor, Answering, Command, Event, Facts, Gate, Lane, Notice, Outcome, Presence, Pulse, Refusal, Room, ShowState,
    WordLists,
};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::ask::{Ask, Done, Entered, Position};
use super::blocks::Blocks;
use super::client_frame::Asked;
use super::direct::Ears;
use super::history::History;
use super::lease::Landlord;
use super::refused::Refused;
use super::ring::RingWriter;
use super::sample::Sampler;
use crate::ports::{ActedBy, Clock, Moderated, RoomBrief, RoomKey, RoomLog, StoreError};

/// Commands that wait for the leader; past it they are refused as busy.
pub(super) const MAILBOX: usize = 4_096;
/// Commands decided in one go, so that the first of them does not wait for ever.
const BATCH: usize = 500;
/// Hearts alone are shown this often.
const FX_TICK: Duration = Duration::from_millis(250);
/// Viewer counts, the five-second sums and closing are looked at this often.
const BEAT: Duration = Duration::from_secs(1);
/// A room that nobody watches, of a show that is not on air, is closed after so many beats.
const IDLE_BEATS: u32 = 300;

/// Commands decided and applied but not durable yet.
#[derive(Default)]
struct Batch {
    events: Vec<Event>,
    /// Who of the shop did what happened at an offset.
    by: BTreeMap<u64, ActedBy>,
    /// Offsets of what people said who have bought here.
    buyers: BTreeSet<u64>,
    /// What the events of the house itself were made from, to decide them anew where somebody else was faster.
    notices: Vec<(Notice, Option<ActedBy>)>,
    moderated: Vec<Moderated>,
    replies: Vec<(oneshot::Sender<Result<Done, Refused>>, u64)>,
}

/// What a leader is given.
#[derive(Debug)]
pub(super) struct Charge {
    pub(super) key: RoomKey,
    pub(super) log: Arc<dyn RoomLog>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Random,
    pub(super) words: WordLists,
    /// Who may write in no room of the house.
    pub(super) blocks: Arc<Mutex<Blocks>>,
    /// Whether only who has paid for something may write.
    pub(super) buyers_only: Arc<AtomicBool>,
    pub(super) presence: Arc<Mutex<Presence>>,
    pub(super) facts: Arc<Mutex<Option<Facts>>>,
    pub(super) ears: Arc<Mutex<Ears>>,
    pub(super) brief: RoomBrief,
}

/// Somebody who waits for the next frame to start behind it.
struct Entering {
    viewer: ViewerId,
    staff: bool,
    position: Option<Position>,
    reply: oneshot::Sender<Entered>,
}

struct Leader {
    key: RoomKey,
    log: Arc<dyn RoomLog>,
    clock: Arc<dyn Clock>,
    random: Random,
    presence: Arc<Mutex<Presence>>,
    facts: Arc<Mutex<Option<Facts>>>,
    ears: Arc<Mutex<Ears>>,
    blocks: Arc<Mutex<Blocks>>,
    buyers_only: Arc<AtomicBool>,
    lobby_at: Timestamp,
    epoch: Arc<str>,
    gate: Gate,
    pulse: Pulse,
    sampler: Sampler,
    room: Room,
    history: History,
    ring: RingWriter,
    /// The last offset that went into the ring.
    shown: u64,
    snapshot: Option<(u64, Arc<str>)>,
    entering: Vec<Entering>,
    flushed_at: Instant,
    flush_at: Option<Instant>,
    kept: u64,
    idle_beats: u32,
}

/// Leads a room until it is told to stop, nobody needs it, its log cannot be read any more, or another process leads it. Dropping the ring tells
/// the viewers.
pub(super) async fn lead(charge: Charge, landlord: Landlord, mut mailbox: mpsc::Receiver<Ask>) {
    let (show, stage) = (charge.key.show, charge.key.stage.as_str());
    let mut tenure = match landlord.take(charge.key).await {
        Ok(Ok(tenure)) => tenure,
        Ok(Err(address)) => return tracing::info!(%show, stage, address, "another process leads this room"),
        Err(error) => return tracing::error!(%show, stage, %error, "a room cannot be led"),
    };
    let leading = async {
        match Leader::open(charge).await {
            Ok(mut leader) => leader.run(&mut mailbox).await,
            Err(error) => tracing::error!(%show, stage, %error, "a room cannot be opened"),
        }
    };
    tokio::select! {
        biased;
        () = tenure.lost() => {}
        () = leading => {}
    }
    tenure.end().await;
}

impl Leader {
    async fn open(charge: Charge) -> Result<Self, StoreError> {
        let Charge { key, log, clock, random, words, blocks, buyers_only, presence, facts, ears, brief } = charge;
        let epoch = log.epoch().await?.into();
        let (room, history) = durable::load(&*log, key).await?;
        let now = clock.now();
        lock(&presence).resume_from(&room);
        *lock(&facts) = Some(room.facts().clone());
        let mut leader = Self {
            gate: Gate::new(now, words),
            pulse: Pulse::new(now),
            sampler: Sampler::new(now),
            ring: RingWriter::new(),
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
            facts,
            ears,
            blocks,
            buyers_only,
            lobby_at: brief.lobby_at,
            epoch,
            room,
            history,
        };
        let mut batch = Batch::default();
        let state = Notice::ShowState { state: brief.state, programme_id: brief.programme_id };
        leader.notice(now, state, None, &mut batch);
        if !leader.room.tray_is(&brief.numbers) {
            leader.notice(now, Notice::TrayChanged { numbers: brief.numbers }, None, &mut batch);
        }
        if leader.commit(batch).await.is_none() {
            return Err(StoreError::Failed("the room's first events could not be appended".into()));
        }
        leader.shown = leader.room.offset();
        leader.hold_to_rules();
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
            Ask::Enter { viewer, staff, position, reply } => {
                self.entering.push(Entering { viewer, staff, position, reply });
            }
            Ask::Act { actor, by, buyer, answering, asked, reply } => {
                match self.decide(now, &actor, buyer, answering, &asked).await {
                    Ok(Outcome::Happened(event)) => {
                        if let Some(by) = by.filter(|_| moderate::is_deed(&event.kind)) {
                            let (entry, reason) = (EntryId::mint(now, &mut self.random), asked.reason);
                            let viewer = self.room.concerns(&asked.command);
                            batch.moderated.push(Moderated {
                                entry,
                                offset: event.offset,
                                by,
                                viewer,
                                reason,
                                at: now,
                            });
                        }
                        if let Actor::Staff { person_id, name, .. } = &*actor
                            && event.kind.lane() == Lane::State
                        {
                            let by = ActedBy { id: *person_id, name: name.as_str().to_owned() };
                            batch.by.insert(event.offset, by);
                        }
                        if buyer {
                            batch.buyers.insert(event.offset);
                        }
                        batch.replies.push((reply, event.offset));
                        self.happened(event, batch);
                    }
                    Ok(Outcome::Already { offset }) => batch.replies.push((reply, offset)),
                    Err(refused) => tell(reply, Err(refused)),
                }
            }
            Ask::Hearts { viewer, count } => {
                let count = self.gate.hearts(now, viewer, count);
                self.pulse.hearts(count);
                if count > 0 && self.flush_at.is_none() {
                    self.flush_at = Some((self.flushed_at + FX_TICK).max(Instant::now()));
                }
            }
            Ask::Notice(notice, by) => self.notice(now, notice, by, batch),
            Ask::Words(words) => self.gate.set_words(words),
            Ask::LobbyAt(at) => self.lobby_at = at,
            Ask::Stop => {}
        }
    }

    async fn decide(
        &mut self,
        now: Timestamp,
        actor: &Actor,
        buyer: bool,
        answering: Answering,
        asked: &Asked,
    ) -> Result<Outcome, Refused> {
        let answer = self.room.as_answer(actor, &asked.command, answering);
        if let Some(offset) = self.room.said_already(actor, answer.as_ref().unwrap_or(&asked.command)) {
            return Ok(Outcome::Already { offset });
        }
        let command = answer.as_ref().filter(|_| self.room.asks()).unwrap_or(&asked.command);
        let held = match (self.gate.admit(now, &self.room, actor, buyer, command)?, command) {
            (Some(why), Command::Say { text, ref_hash }) => {
                Some(Command::Hold { text: text.clone(), ref_hash: ref_hash.clone(), why })
            }
            _ => None,
        };
        let command = held.as_ref().unwrap_or(command);
        match (self.room.handle(now, &mut self.random, actor, command), command) {
            (Err(Refusal::UnknownMessage), Command::Remove { message_id, older: false }) => {
                let found = self.log.find_message(self.key, *message_id).await.map_err(|_| Refused::Busy)?;
                found.ok_or(Refusal::UnknownMessage)?;
                let older = Command::Remove { message_id: *message_id, older: true };
                Ok(self.room.handle(now, &mut self.random, actor, &older)?)
            }
            (outcome, _) => Ok(outcome?),
        }
    }

    fn notice(&mut self, now: Timestamp, notice: Notice, by: Option<ActedBy>, batch: &mut Batch) {
        if let Some(event) = self.room.notice(now, &notice) {
            batch.by.extend(by.clone().map(|by| (event.offset, by)));
            batch.notices.push((notice, by));
            self.happened(event, batch);
        }
    }

    /// Applied at once, so that the next command of the batch is decided against it; undone by folding anew.
    fn happened(&mut self, event: Event, batch: &mut Batch) {
        self.room.apply(&event);
        batch.events.push(event);
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
        if let Some(kind) = self.room.due(now.unix_millis()) {
            let event = self.room.next(now.unix_millis(), kind);
            self.happened(event, &mut batch);
        }
        if self.room.state() == ShowState::Scheduled && now >= self.lobby_at {
            let lobby = Notice::ShowState { state: ShowState::Lobby, programme_id: None };
            self.notice(now, lobby, None, &mut batch);
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
fn tell(reply: oneshot::Sender<Result<Done, Refused>>, answer: Result<Done, Refused>) {
    let _gone = reply.send(answer);
}

/// Counts stay right even if a holder panicked.
pub(super) fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
