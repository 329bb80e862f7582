//! Recordings: kept while a show is live, played once it is over.

pub mod clip;
pub mod edit;
pub mod index;
pub mod journal;
pub mod keep;
pub mod log;
pub mod play;
pub mod playlist;
pub mod record;
pub mod status;
pub mod still;
pub mod view;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use kernel::{Millis, ShowId};

use crate::ports::{Clips, Journal, Recordings, Stills};

/// What an operator may choose.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Recording stops before less than this is left of the objects' disk.
    pub keep_free_bytes: u64,
    /// Recordings are removed so long after their show; none: they stay.
    pub keep: Option<Millis>,
}

/// What recording and replay reach.
#[derive(Debug)]
pub struct Replays {
    pub rows: Arc<dyn Recordings>,
    pub clips: Arc<dyn Clips>,
    pub stills: Arc<dyn Stills>,
    pub journal: Arc<dyn Journal>,
    pub settings: Settings,
    /// Recordings that this process is making.
    going: Mutex<BTreeMap<ShowId, record::Going>>,
    /// What was read of recordings before.
    known: Mutex<BTreeMap<ShowId, Arc<index::Index>>>,
}

impl Replays {
    #[must_use]
    pub fn new(
        rows: Arc<dyn Recordings>,
        clips: Arc<dyn Clips>,
        stills: Arc<dyn Stills>,
        journal: Arc<dyn Journal>,
        settings: Settings,
    ) -> Self {
        Self { rows, clips, stills, journal, settings, going: Mutex::default(), known: Mutex::default() }
    }
}

/// The object that holds a segment.
#[must_use]
pub fn segment_key(show: ShowId, sequence: i64) -> String {
    format!("recordings/{show}/{sequence}.m4s")
}

/// The object that holds a way to decode.
#[must_use]
pub fn setup_key(show: ShowId, setup: &str) -> String {
    format!("recordings/{show}/init-{setup}.mp4")
}
