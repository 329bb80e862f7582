//! One show: who publishes, and into which programme.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::{Millis, ShowId, Timestamp};
use media::Closed;
use media::programme::{Run, Unit};
use tokio::sync::mpsc;

use crate::limits::REPLACED_AFTER;
use crate::look::{Look, Seen};
use crate::programme::Programme;

#[derive(Debug)]
struct Publishing {
    /// Tells two publishers of one show apart.
    number: u64,
    since: Timestamp,
    heard: Timestamp,
    run: Arc<Mutex<Run>>,
    send_away: mpsc::Sender<Closed>,
}

#[derive(Debug)]
struct Inside {
    programme: Arc<Programme>,
    publishing: Option<Publishing>,
    seen: Seen,
}

/// A show's stage.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) show: ShowId,
    inside: Mutex<Inside>,
}

/// A publisher's place on a stage; dropping it leaves the stage.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) stage: Arc<Stage>,
    pub(crate) run: Arc<Mutex<Run>>,
    number: u64,
}

/// What the figures are made of, while somebody publishes.
pub(crate) struct OnStage {
    pub(crate) since: Timestamp,
    pub(crate) heard: Timestamp,
    pub(crate) run: Arc<Mutex<Run>>,
}

impl Stage {
    pub(crate) fn new(show: ShowId, programme: Arc<Programme>) -> Self {
        Self { show, inside: Mutex::new(Inside { programme, publishing: None, seen: Seen::default() }) }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn programme(&self) -> Arc<Programme> {
        self.inside().programme.clone()
    }

    /// What was seen of the picture and heard of the sound.
    pub(crate) fn seen(&self) -> Seen {
        self.inside().seen
    }

    /// Somebody had a look, or nobody can.
    pub(crate) fn looked(&self, look: Option<Look>) {
        let seen = &mut self.inside().seen;
        *seen = seen.after(look);
    }

    /// The picture goes into this programme from now on; answers with the one before.
    pub(crate) fn switch(&self, programme: Arc<Programme>) -> Arc<Programme> {
        std::mem::replace(&mut self.inside().programme, programme)
    }

    pub(crate) fn on_stage(&self) -> Option<OnStage> {
        let inside = self.inside();
        let publishing = inside.publishing.as_ref()?;
        Some(OnStage { since: publishing.since, heard: publishing.heard, run: publishing.run.clone() })
    }

    /// Sends the publisher away, if there is one.
    pub(crate) fn send_away(&self, reason: Closed) {
        if let Some(publishing) = &self.inside().publishing {
            // A full channel means that it is being sent away already.
            let _ = publishing.send_away.try_send(reason);
        }
    }

    /// A place for a new publisher, unless somebody is publishing.
    pub(crate) fn enter(
        self: &Arc<Self>,
        now: Timestamp,
        number: u64,
        send_away: mpsc::Sender<Closed>,
    ) -> Option<Place> {
        let run = Arc::new(Mutex::new(Run::new(now)));
        let mut inside = self.inside();
        if let Some(other) = &inside.publishing {
            if now - other.heard < REPLACED_AFTER {
                return None;
            }
            let _ = other.send_away.try_send(Closed::Replaced);
            inside.programme.publisher_left();
        }
        inside.seen = Seen::default();
        inside.publishing = Some(Publishing { number, since: now, heard: now, run: run.clone(), send_away });
        Some(Place { stage: self.clone(), run, number })
    }
}

impl Place {
    /// Whether this publisher still has the stage; remembers that it was heard.
    pub(crate) fn heard(&self, now: Timestamp) -> bool {
        let mut inside = self.stage.inside();
        match &mut inside.publishing {
            Some(publishing) if publishing.number == self.number => {
                publishing.heard = now;
                true
            }
            _ => false,
        }
    }

    pub(crate) fn push(&self, unit: Unit) {
        let inside = self.stage.inside();
        if inside.publishing.as_ref().is_some_and(|publishing| publishing.number == self.number) {
            inside.programme.push(unit);
        }
    }

    /// Whether pictures or sound came within `span`, since this publisher entered; none once another has the stage.
    pub(crate) fn flows(&self, now: Timestamp, span: Millis) -> Option<bool> {
        let inside = self.stage.inside();
        let publishing = inside.publishing.as_ref().filter(|publishing| publishing.number == self.number)?;
        Some(publishing.heard > publishing.since && now - publishing.heard < span)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.stage.inside();
        if inside.publishing.as_ref().is_some_and(|publishing| publishing.number == self.number) {
            inside.publishing = None;
            inside.programme.publisher_left();
        }
    }
}
