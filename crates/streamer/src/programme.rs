//! One programme that can be fetched.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::ports::{AirAnswer, AirItem};
use kernel::{Millis, ProgrammeId, ShowId, Timestamp};
use media::hls::{Complete, Edge, Packager};
use media::programme::Unit;
use tokio::sync::watch;

use crate::limits::{MAX_BLOCKED, PART_WITHIN};
use crate::live::Live;
use crate::tape::{self, Reel, Tape};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Progress {
    edge: Edge,
    ended: bool,
}

/// A packager with those who wait for its next part.
#[derive(Debug)]
pub(crate) struct Programme {
    pub(crate) id: ProgrammeId,
    /// Where it begins: nothing can be fetched yet.
    first: Edge,
    packager: Mutex<Packager>,
    /// For viewers by WebRTC.
    pub(crate) live: Live,
    progress: watch::Sender<Progress>,
    ended_at: Mutex<Option<Timestamp>>,
    /// What is live is recorded.
    tape: Mutex<Option<Tape>>,
}

impl Programme {
    /// A programme that is older than this process was interrupted by a restart: its numbers go on from its age in
    /// seconds, which is more than the segments that it can have had, so no player sees them go back.
    pub(crate) fn new(id: ProgrammeId, now: Timestamp, part_target: Millis) -> Self {
        let age_secs = ((now - id.minted_at()).0 / 1_000).max(0).cast_unsigned();
        let packager = Packager::new(part_target, age_secs);
        let progress = Progress { edge: packager.edge(), ended: false };
        Self {
            id,
            first: progress.edge,
            packager: Mutex::new(packager),
            live: Live::new(),
            progress: watch::Sender::new(progress),
            ended_at: Mutex::new(None),
            tape: Mutex::new(None),
        }
    }

    /// The same, with its segments going onto a reel.
    pub(crate) fn recorded(self, show: ShowId) -> (Self, Reel) {
        let (tape, reel) = tape::tape(show, self.first.segment);
        (Self { tape: Mutex::new(Some(tape)), ..self }, reel)
    }

    /// What is complete has been handed over; the reel ends.
    pub(crate) fn stop_recording(&self) {
        self.tape.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    fn packager(&self) -> MutexGuard<'_, Packager> {
        self.packager.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the packager and wakes whoever waited for the change.
    fn change<T>(&self, with: impl FnOnce(&mut Packager) -> T) -> T {
        let mut packager = self.packager();
        let result = with(&mut packager);
        let progress = Progress { edge: packager.edge(), ended: packager.is_ended() };
        if let Some(tape) = self.tape.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            tape.follow(&packager);
        }
        drop(packager);
        self.progress.send_if_modified(|last| std::mem::replace(last, progress) != progress);
        result
    }

    pub(crate) fn push(&self, unit: Unit) {
        self.live.push(&unit);
        self.change(|packager| packager.push(unit));
    }

    pub(crate) fn publisher_left(&self) {
        self.live.publisher_left();
        self.change(Packager::publisher_left);
    }

    pub(crate) fn end(&self, now: Timestamp) {
        *self.ended_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        self.change(Packager::end);
        self.stop_recording();
    }

    pub(crate) fn ended_at(&self) -> Option<Timestamp> {
        *self.ended_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Programme time of the newest picture that can be fetched.
    pub(crate) fn latest(&self) -> Option<Timestamp> {
        self.packager().latest()
    }

    /// The newest whole segment.
    pub(crate) fn newest(&self) -> Option<Complete> {
        let packager = self.packager();
        packager.complete_from(packager.edge().segment.saturating_sub(1)).last()
    }

    /// How far behind the newest part players stay.
    pub(crate) fn hold_back(&self) -> Millis {
        self.packager().hold_back()
    }

    /// Waits until the programme is past this point, or ended; not longer than a player would.
    async fn past(&self, wanted: Edge, within: Duration) {
        let mut progress = self.progress.subscribe();
        let past = progress.wait_for(|now| now.ended || now.edge > wanted);
        // Whether it came or not, the caller looks at what there is now.
        let _ = tokio::time::timeout(within, past).await;
    }

    pub(crate) async fn fetch(&self, item: AirItem) -> AirAnswer {
        match item {
            AirItem::Master => {
                self.past(self.first, PART_WITHIN).await;
                playlist(self.packager().multivariant())
            }
            AirItem::Playlist { msn: None, part: Some(_), .. } => AirAnswer::TooFarAhead,
            AirItem::Playlist { msn, part, skip } => {
                let edge = self.progress.borrow().edge;
                let wanted = match (msn, part) {
                    // A segment without a part is wanted whole (RFC 8216bis, 6.2.5.2).
                    (Some(segment), part) => Edge { segment, parts: part.unwrap_or(u32::MAX) },
                    (None, _) => self.first,
                };
                // "more than two" past the last segment (6.2.5.2); a show that has not begun has no last segment.
                if wanted.segment > edge.segment + 2 {
                    return AirAnswer::TooFarAhead;
                }
                self.past(wanted, if edge == self.first { PART_WITHIN } else { MAX_BLOCKED }).await;
                playlist(self.packager().playlist(skip))
            }
            AirItem::Init(number) => media(self.packager().init(number)),
            AirItem::Segment(number) => media(self.packager().segment(number)),
            AirItem::Part(segment, part) => {
                let (wanted, edge) = (Edge { segment, parts: part }, self.progress.borrow().edge);
                // Only the one that the playlist hints at is waited for.
                if wanted == edge {
                    self.past(wanted, PART_WITHIN).await;
                }
                media(self.packager().part(segment, part))
            }
        }
    }
}

fn playlist(bytes: Option<bytes::Bytes>) -> AirAnswer {
    bytes.map_or(AirAnswer::NotHere, AirAnswer::Playlist)
}

fn media(bytes: Option<bytes::Bytes>) -> AirAnswer {
    bytes.map_or(AirAnswer::NotHere, AirAnswer::Media)
}
