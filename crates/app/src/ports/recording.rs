//! What is kept of a show's picture: finished segments on their way in, and the rows by which they are found.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{Millis, ShowId, Timestamp};
use room::Event;

use super::StoreError;
use crate::replay::edit::Edit;

/// A finished segment of a live show.
#[derive(Clone, Debug)]
pub struct Take {
    /// Programme time of its first picture.
    pub at: Timestamp,
    /// The exact sum of its pictures.
    pub duration: Millis,
    /// It does not go on where the one before ended.
    pub discontinuity: bool,
    /// It begins with a keyframe.
    pub independent: bool,
    /// CMAF: one or more `moof` and `mdat`.
    pub bytes: Bytes,
    pub setup: TakeSetup,
}

/// What is needed to decode a segment.
#[derive(Clone, Debug)]
pub struct TakeSetup {
    /// The initialisation segment.
    pub init: Bytes,
    /// As in CODECS: `avc1.64001f,mp4a.40.2`.
    pub codecs: String,
    pub width: u16,
    pub height: u16,
}

/// A part of the segment that a live show is at.
#[derive(Clone, Debug)]
pub struct Jot {
    /// The segment begins with it.
    pub first: bool,
    /// Of the segment, as in [`Take`].
    pub at: Timestamp,
    pub discontinuity: bool,
    pub independent: bool,
    pub setup: TakeSetup,
    /// Of the part.
    pub duration: Millis,
    pub bytes: Bytes,
}

/// Where finished segments go. The streamer hands them over in order, one at a time a show; the live path never waits.
#[async_trait]
pub trait Recorder: Send + Sync + fmt::Debug {
    /// Writes down a part of the next segment, so that a process that is killed keeps it. No promise: what cannot be
    /// written comes with its segment.
    async fn jot(&self, show: ShowId, part: Jot);
    /// Keeps a segment, or names the gap that it leaves.
    async fn keep(&self, show: ShowId, take: Take);
    /// These segments came faster than [`Recorder::keep`] took them, and are gone.
    async fn lost(&self, show: ShowId, at: Timestamp, duration: Millis);
    /// Nothing more comes of this show for now: its publisher left for good, or the process ends.
    async fn rest(&self, show: ShowId);
}

/// Why a part of a recording is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The disk was about to be full.
    Disk,
    /// The object store did not take it.
    Store,
    /// The object store was slower than the show.
    Behind,
}

impl Missing {
    pub const ALL: [Self; 3] = [Self::Disk, Self::Store, Self::Behind];

    /// A permanent word for rows and the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Disk => "disk",
            Self::Store => "store",
            Self::Behind => "behind",
        }
    }
}

impl std::str::FromStr for Missing {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|missing| missing.as_str() == text).ok_or(())
    }
}

/// A segment of a recording, as stored. Rows are only ever added, and go with the whole recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRow {
    /// Its place in the recording: from 0, without gaps, over all runs of the encoder.
    pub sequence: i64,
    /// Programme time of its first picture.
    pub at: Timestamp,
    pub duration: Millis,
    /// 0 where it is missing.
    pub size_bytes: i64,
    /// Names the [`SetupRow`]; empty where it is missing.
    pub setup: String,
    pub discontinuity: bool,
    pub independent: bool,
    /// A named gap: no such object.
    pub missing: Option<Missing>,
}

/// How a stretch of a recording decodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupRow {
    /// Of the initialisation segment's bytes, so that the same settings are kept once.
    pub id: String,
    pub codecs: String,
    pub width: u16,
    pub height: u16,
}

/// Sums over a recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordingSums {
    pub segments: i64,
    pub duration: Millis,
    pub missing: Millis,
    pub size_bytes: i64,
}

/// Events that are read for the jump points of one show.
pub const MOMENTS: u32 = 5_000;

/// The index of recordings; one a show.
#[async_trait]
pub trait Recordings: Send + Sync + fmt::Debug {
    /// Adds a way to decode; the same one again is no error.
    async fn add_setup(&self, show: ShowId, setup: SetupRow) -> Result<(), StoreError>;
    /// # Errors
    /// [`StoreError::Duplicate`] when the sequence is taken.
    async fn add_segment(&self, show: ShowId, segment: SegmentRow) -> Result<(), StoreError>;
    /// The ways to decode, in any order.
    async fn setups(&self, show: ShowId) -> Result<Vec<SetupRow>, StoreError>;
    /// Up to `limit` segments from this sequence on, in order.
    async fn segments(&self, show: ShowId, from: i64, limit: u32) -> Result<Vec<SegmentRow>, StoreError>;
    async fn sums(&self, show: ShowId) -> Result<RecordingSums, StoreError>;
    /// Shows with a recording that ended before then and that nobody holds, at most `limit`.
    async fn over(&self, ended_before: Timestamp, limit: u32) -> Result<Vec<ShowId>, StoreError>;
    /// Takes a recording's rows away; its objects are gone before.
    async fn forget(&self, show: ShowId) -> Result<(), StoreError>;
    /// Whether a recording is kept past the house's period.
    async fn held(&self, show: ShowId) -> Result<bool, StoreError>;
    async fn hold(&self, show: ShowId, held: bool) -> Result<(), StoreError>;
    /// What staff made of the replay, with its version, which counts from 1; none before the first.
    async fn edit(&self, show: ShowId) -> Result<Option<(i64, Edit)>, StoreError>;
    /// # Errors
    /// [`StoreError::Changed`] when the stored version is not `version` (0 before the first).
    async fn save_edit(&self, show: ShowId, version: i64, edit: Edit) -> Result<(), StoreError>;
    /// The public room's events that a replay can jump to, in order, at most [`MOMENTS`]: pins, requests that moved on, corrections.
    async fn moments(&self, show: ShowId) -> Result<Vec<Event>, StoreError>;
}
