//! Keeping a live show's segments: bytes first, then the row by which they are found, so that a row never lies. What is
//! not kept is a row too: a gap with a name. Until a segment is whole, its parts are written into the journal.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Millis, ShowId, Timestamp};

use super::{journal, segment_key, setup_key};
use crate::audit::{Deed, Entry, note};
use crate::people::token;
use crate::ports::{
    Jot, Missing, NotWritten, Recorder, RecordingSums, SegmentRow, SetupRow, StoreError, Take, TakeSetup,
};
use crate::{Actor, App};

/// How often a write is tried before its segment counts as missing.
const TRIES: u32 = 4;
/// Waited after the first failure, then doubled.
const WAIT: Duration = Duration::from_millis(250);
/// Characters of a hash that name a way to decode: 96 bits.
const SETUP_CHARS: usize = 16;
/// A recording that stopped for want of room goes on once there is so much more, as a share of what is kept free.
const ROOM_SHARE: u64 = 8;
/// What goes on where another ended begins within so much of it: the times of pictures and of segments are rounded.
const SEAM: Millis = Millis(250);

/// A recording that is being made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Going {
    pub(super) sums: RecordingSums,
    setups: BTreeSet<String>,
    /// The next segment does not go on where the last kept one ended.
    broken: bool,
    pub(super) stopped: Option<Missing>,
    /// The journal did not take the last part.
    unwritten: bool,
}

/// The use cases behind [`Recorder`].
#[derive(Clone, Debug)]
pub struct Archivist(pub Arc<App>);

#[async_trait]
impl Recorder for Archivist {
    async fn jot(&self, show: ShowId, part: Jot) {
        let written = if self.room_for(show, part.bytes.len()) { self.write(show, part).await } else { Ok(()) };
        let cause = written.as_ref().err().map(ToString::to_string);
        let before = self.going().get_mut(&show).map(|going| std::mem::replace(&mut going.unwritten, cause.is_some()));
        if let Some(cause) = cause.filter(|_| before != Some(true)) {
            tracing::warn!(%show, cause, "a process that is killed now loses the segment in the making");
        }
    }

    async fn keep(&self, show: ShowId, take: Take) {
        let (at, duration) = (take.at, take.duration);
        let kept = if self.room_for(show, take.bytes.len()) {
            self.try_keep(show, take).await.map_err(|cause| (Missing::Store, cause))
        } else {
            Err((Missing::Disk, "its disk is about to be full".to_owned()))
        };
        match kept {
            Ok(()) => self.goes_on(show).await,
            Err((why, cause)) => self.gap(show, at, duration, why, &cause).await,
        }
    }

    async fn lost(&self, show: ShowId, at: Timestamp, duration: Millis) {
        self.gap(show, at, duration, Missing::Behind, "the object store is slower than the show").await;
    }

    async fn rest(&self, show: ShowId) {
        self.going().remove(&show);
        if let Err(error) = self.0.replay.journal.tear_out(show).await {
            tracing::warn!(%show, %error, "a page that nobody needs any more stays");
        }
    }
}

impl Archivist {
    fn going(&self) -> std::sync::MutexGuard<'_, std::collections::BTreeMap<ShowId, Going>> {
        self.0.replay.going.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn write(&self, show: ShowId, part: Jot) -> Result<(), NotWritten> {
        let anew = part.first;
        self.0.replay.journal.write(show, journal::line(part)?, anew).await
    }

    /// Goes on with a recording of which an earlier process kept `last`.
    pub(super) fn take_up(&self, show: ShowId, sums: RecordingSums, last: Option<&SegmentRow>, next: &Take) {
        let seam = |last: &SegmentRow| (next.at - (last.at + last.duration)).0.abs();
        let broken = last.is_some_and(|last| last.missing.is_some() || seam(last) > SEAM.0);
        self.going().insert(show, Going { sums, broken, ..Going::default() });
    }

    /// The recording as this process knows it; read once where an earlier process, or an earlier run, began it.
    async fn known(&self, show: ShowId) -> Result<Going, StoreError> {
        if let Some(going) = self.going().get(&show) {
            return Ok(going.clone());
        }
        let sums = self.0.replay.rows.sums(show).await?;
        let going = Going { sums, broken: sums.segments > 0, ..Going::default() };
        self.going().insert(show, going.clone());
        Ok(going)
    }

    /// Whether the disk has room for one more segment.
    fn room_for(&self, show: ShowId, bytes: usize) -> bool {
        let Some(free) = self.0.ports.objects.free_bytes() else { return true };
        let keep_free = self.0.replay.settings.keep_free_bytes;
        let stopped = self.going().get(&show).is_some_and(|going| going.stopped == Some(Missing::Disk));
        let more = if stopped { keep_free / ROOM_SHARE } else { 0 };
        free >= keep_free.saturating_add(more).saturating_add(bytes as u64)
    }

    async fn try_keep(&self, show: ShowId, take: Take) -> Result<(), String> {
        let mut wait = WAIT;
        for left in (0..TRIES).rev() {
            match self.put(show, &take).await {
                Ok(()) => return Ok(()),
                Err(cause) if left == 0 => return Err(cause),
                Err(cause) => tracing::debug!(%show, cause, "a segment is kept at the next try"),
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
        Ok(())
    }

    async fn put(&self, show: ShowId, take: &Take) -> Result<(), String> {
        let app = &self.0;
        let going = self.known(show).await.map_err(|error| error.to_string())?;
        let setup = self.put_setup(show, &going, &take.setup).await?;
        let sequence = going.sums.segments;
        let key = segment_key(show, sequence);
        app.ports.objects.put(&key, take.bytes.clone()).await.map_err(|error| error.to_string())?;
        let row = SegmentRow {
            sequence,
            at: take.at,
            duration: take.duration,
            size_bytes: i64::try_from(take.bytes.len()).unwrap_or(i64::MAX),
            setup,
            discontinuity: take.discontinuity || going.broken,
            independent: take.independent,
            missing: None,
        };
        self.add(show, row).await
    }

    /// Writes the row and counts it. A row that is there already is ours: its commit's answer got lost.
    async fn add(&self, show: ShowId, row: SegmentRow) -> Result<(), String> {
        match self.0.replay.rows.add_segment(show, row.clone()).await {
            Ok(()) | Err(StoreError::Duplicate(_)) => {}
            Err(error) => return Err(error.to_string()),
        }
        if let Some(going) = self.going().get_mut(&show) {
            going.sums.segments += 1;
            going.sums.size_bytes += row.size_bytes;
            going.broken = row.missing.is_some();
            let sum = if row.missing.is_some() { &mut going.sums.missing } else { &mut going.sums.duration };
            *sum = Millis(sum.0 + row.duration.0);
        }
        Ok(())
    }

    async fn put_setup(&self, show: ShowId, going: &Going, setup: &TakeSetup) -> Result<String, String> {
        let hash = token::hash_bytes(&setup.init);
        let id: String = hash.chars().take(SETUP_CHARS).collect();
        if going.setups.contains(&id) {
            return Ok(id);
        }
        let key = setup_key(show, &id);
        self.0.ports.objects.put(&key, setup.init.clone()).await.map_err(|error| error.to_string())?;
        let TakeSetup { codecs, width, height, .. } = setup.clone();
        let row = SetupRow { id: id.clone(), codecs, width, height };
        self.0.replay.rows.add_setup(show, row).await.map_err(|error| error.to_string())?;
        if let Some(going) = self.going().get_mut(&show) {
            going.setups.insert(id.clone());
        }
        Ok(id)
    }

    /// Names what is missing. Where even that cannot be written, the next segment begins after a discontinuity.
    async fn gap(&self, show: ShowId, at: Timestamp, duration: Millis, why: Missing, cause: &str) {
        let sequence = self.known(show).await.map(|going| going.sums.segments);
        let row = |sequence| SegmentRow {
            sequence,
            at,
            duration,
            size_bytes: 0,
            setup: String::new(),
            discontinuity: true,
            independent: false,
            missing: Some(why),
        };
        let named = match sequence {
            Ok(sequence) => self.add(show, row(sequence)).await,
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = named {
            tracing::warn!(%show, error, "a gap of the recording has no name");
        }
        let before = self.going().get_mut(&show).and_then(|going| {
            going.broken = true;
            going.stopped.replace(why)
        });
        if before != Some(why) {
            tracing::error!(%show, why = why.as_str(), cause, "the recording has a gap from here on; the show goes on");
            let entry = Entry::new(Deed::RecordingStopped, why.as_str()).of_show(show);
            note(&self.0, &Actor::house(), entry).await;
        }
    }

    async fn goes_on(&self, show: ShowId) {
        let before = self.going().get_mut(&show).and_then(|going| going.stopped.take());
        if let Some(why) = before {
            tracing::info!(%show, "the recording goes on");
            let entry = Entry::new(Deed::RecordingResumed, why.as_str()).of_show(show);
            note(&self.0, &Actor::house(), entry).await;
        }
    }
}
