//! Stages and programmes by their ids.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use app::ports::{Clock, Grant, Stage as OnStage};
use kernel::{Millis, ProgrammeId, Random, ShowId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::Instant;

use crate::limits::{KEEP_ENDED, MAX_VIEWERS, READ_EVERY, REELS_QUEUED};
use crate::programme::Programme;
use crate::stage::Stage;
use crate::tape::Reel;
use crate::webrtc::Switchboard;

/// What an operator may choose.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// One of `media::hls::PART_TARGETS`: 500 ms, or 200 ms for less delay at more requests.
    pub part_target: Millis,
    /// Encoders on air at once; one more is told that the house is too busy.
    pub publishers: usize,
    /// RTMP connections from one address at once (an IPv6 address counts by its /64); one more is closed at once.
    pub connections_per_address: usize,
}

#[derive(Debug, Default)]
struct Shows {
    stages: BTreeMap<ShowId, Arc<Stage>>,
    programmes: BTreeMap<ProgrammeId, Arc<Programme>>,
}

/// The house's streamer; `Air` is implemented on it, and [`Streamer::listen`] takes encoders.
#[derive(Debug)]
pub struct Streamer {
    pub(crate) settings: Settings,
    pub(crate) clock: Arc<dyn Clock>,
    random: Mutex<Random>,
    shows: Mutex<Shows>,
    numbers: AtomicU64,
    publishers: Arc<Semaphore>,
    viewers: Arc<Semaphore>,
    /// Once [`Streamer::listen_webrtc`] was called.
    pub(crate) webrtc: OnceLock<Arc<Switchboard>>,
    /// Recordings that begin; [`Streamer::listen`] takes them.
    reels: mpsc::Sender<Reel>,
    begun: Mutex<Option<mpsc::Receiver<Reel>>>,
    /// Where the common beat of reading begins.
    started: Instant,
}

impl Streamer {
    #[must_use]
    pub fn new(settings: Settings, clock: Arc<dyn Clock>, random: Random) -> Arc<Self> {
        let (reels, begun) = mpsc::channel(REELS_QUEUED);
        Arc::new(Self {
            reels,
            begun: Mutex::new(Some(begun)),
            settings,
            clock,
            random: Mutex::new(random),
            shows: Mutex::new(Shows::default()),
            numbers: AtomicU64::new(0),
            publishers: Arc::new(Semaphore::new(settings.publishers.min(Semaphore::MAX_PERMITS))),
            viewers: Arc::new(Semaphore::new(MAX_VIEWERS)),
            webrtc: OnceLock::new(),
            started: Instant::now(),
        })
    }

    fn shows(&self) -> MutexGuard<'_, Shows> {
        self.shows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn noise(&self) -> [u8; 32] {
        self.random.lock().unwrap_or_else(PoisonError::into_inner).bytes()
    }

    pub(crate) fn publisher_number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Room for one more publisher, for as long as the permit lives.
    pub(crate) fn room_for_one(&self) -> Option<OwnedSemaphorePermit> {
        self.publishers.clone().try_acquire_owned().ok()
    }

    /// Room for one more viewer by WebRTC, as above.
    pub(crate) fn room_for_a_viewer(&self) -> Option<OwnedSemaphorePermit> {
        self.viewers.clone().try_acquire_owned().ok()
    }

    /// Encoders on air now.
    #[must_use]
    pub fn publishing(&self) -> usize {
        let places = self.settings.publishers.min(Semaphore::MAX_PERMITS);
        places - self.publishers.available_permits()
    }

    /// The next moment at which publishers are read. One timer wakes them all.
    pub(crate) fn next_read(&self) -> Instant {
        let beat = READ_EVERY.as_millis();
        let beats = self.started.elapsed().as_millis() / beat + 1;
        self.started + READ_EVERY * u32::try_from(beats).unwrap_or(u32::MAX)
    }

    pub(crate) fn stage(&self, show: ShowId) -> Option<Arc<Stage>> {
        self.shows().stages.get(&show).cloned()
    }

    /// All stages, for whoever looks after them one by one.
    pub(crate) fn stages(&self) -> Vec<Arc<Stage>> {
        self.shows().stages.values().cloned().collect()
    }

    pub(crate) fn programme(&self, id: ProgrammeId) -> Option<Arc<Programme>> {
        self.shows().programmes.get(&id).cloned()
    }

    /// The stage that a publisher was let onto; made when the house names a show or programme for the first time.
    pub(crate) fn stage_for(&self, grant: Grant) -> Arc<Stage> {
        match self.stage(grant.show) {
            Some(stage) if stage.programme().id == grant.programme => stage,
            _ => self.switch_to(grant.show, grant.programme, grant.stage),
        }
    }

    fn new_programme(&self, show: ShowId, id: ProgrammeId, on: OnStage) -> Programme {
        let programme = Programme::new(id, self.clock.now(), self.settings.part_target);
        if on == OnStage::Rehearsal {
            return programme;
        }
        let (programme, reel) = programme.recorded(show);
        if self.reels.try_send(reel).is_err() {
            tracing::error!(%show, "the show is not recorded: too many recordings begin at once");
        }
        programme
    }

    /// The recordings that begin, for whoever keeps them; once.
    pub(crate) fn begun(&self) -> mpsc::Receiver<Reel> {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner).take();
        begun.unwrap_or_else(|| mpsc::channel(1).1)
    }

    /// No further segment is recorded.
    pub(crate) fn stop_recording(&self) {
        self.shows().programmes.values().for_each(|programme| programme.stop_recording());
    }

    pub(crate) fn switch_to(&self, show: ShowId, programme: ProgrammeId, on: OnStage) -> Arc<Stage> {
        let now = self.clock.now();
        let mut shows = self.shows();
        if let Some(stage) = shows.stages.get(&show)
            && stage.programme().id == programme
        {
            return stage.clone();
        }
        let next = shows
            .programmes
            .entry(programme)
            .or_insert_with(|| Arc::new(self.new_programme(show, programme, on)))
            .clone();
        let Some(stage) = shows.stages.get(&show).cloned() else {
            let stage = Arc::new(Stage::new(show, next));
            shows.stages.insert(show, stage.clone());
            return stage;
        };
        let before = stage.switch(next);
        shows.programmes.remove(&before.id);
        drop(shows);
        before.end(now);
        stage
    }

    /// The show is over: its programme gets its end and can be fetched for a while.
    pub(crate) fn end_show(&self, show: ShowId) -> Option<Arc<Stage>> {
        let stage = self.shows().stages.remove(&show)?;
        stage.programme().end(self.clock.now());
        Some(stage)
    }

    /// Forgets programmes that ended a while ago.
    pub(crate) fn sweep(&self) {
        let now = self.clock.now();
        self.shows()
            .programmes
            .retain(|_, programme| programme.ended_at().is_none_or(|ended| ended + KEEP_ENDED > now));
    }
}
