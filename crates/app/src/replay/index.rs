//! A recording's index in memory: read once, then only what was added.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use kernel::ShowId;

use crate::ports::{SegmentRow, SetupRow};
use crate::{App, Problem};

/// Recordings whose index is remembered; past it all are read anew.
const REMEMBERED: usize = 64;
/// Rows that are read at once.
const PAGE: u32 = 2_000;

/// Everything that was recorded of a show, in order.
#[derive(Clone, Debug, Default)]
pub struct Index {
    pub segments: Vec<SegmentRow>,
    pub setups: BTreeMap<String, SetupRow>,
}

/// The index as it stands now; empty where nothing was recorded.
pub async fn index(app: &App, show: ShowId) -> Result<Arc<Index>, Problem> {
    let known = app.replay.known.lock().unwrap_or_else(PoisonError::into_inner).get(&show).cloned();
    let known = known.unwrap_or_default();
    let mut added: Vec<SegmentRow> = Vec::new();
    loop {
        let last = added.last().or(known.segments.last());
        let page = app.replay.rows.segments(show, last.map_or(0, |last| last.sequence + 1), PAGE).await?;
        let full = page.len() == PAGE as usize;
        added.extend(page);
        if !full {
            break;
        }
    }
    if added.is_empty() {
        return Ok(known);
    }
    let mut index = Index::clone(&known);
    index.segments.extend(added);
    index.setups = app.replay.rows.setups(show).await?.into_iter().map(|setup| (setup.id.clone(), setup)).collect();
    let index = Arc::new(index);
    let mut all = app.replay.known.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= REMEMBERED && !all.contains_key(&show) {
        all.clear();
    }
    all.insert(show, Arc::clone(&index));
    Ok(index)
}

/// The recording is gone.
pub(super) fn forget(app: &App, show: ShowId) {
    app.replay.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&show);
}
