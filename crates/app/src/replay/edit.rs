//! What a replay shows of its recording: trimmed, with parts hidden, with chapters corrected. A view; originals stay.

use kernel::ShowId;
use serde::{Deserialize, Serialize};

use super::still::poster_key;
use crate::access::Act;
use crate::audit::{Deed, Entry, note};
use crate::ports::SegmentRow;
use crate::{Actor, App, Problem, shows};

/// Parts that can be hidden.
const HIDDEN: usize = 100;
/// Chapters of one show.
const CHAPTERS: usize = 500;

/// A stretch in programme time, Unix milliseconds, `to_ms` not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub from_ms: i64,
    pub to_ms: i64,
}

/// A product's presentation begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub number: u32,
    pub at_ms: i64,
}

/// A show's edit; times are Unix milliseconds of the programme. A stored format: fields are only added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Edit {
    /// Nothing before it is shown.
    pub start_ms: Option<i64>,
    /// Nothing after it is shown.
    pub end_ms: Option<i64>,
    pub hidden: Vec<Span>,
    /// In place of the chapters that the pins make.
    pub chapters: Option<Vec<Mark>>,
    /// The picture that stands for the replay.
    pub poster_ms: Option<i64>,
}

impl Edit {
    /// Whether a moment of the programme is shown.
    #[must_use]
    pub fn shows(&self, at_ms: i64) -> bool {
        self.start_ms.is_none_or(|start| at_ms >= start)
            && self.end_ms.is_none_or(|end| at_ms < end)
            && !self.hidden.iter().any(|span| (span.from_ms..span.to_ms).contains(&at_ms))
    }

    /// Whether all of a segment is: what is hidden takes every segment with it that it touches.
    #[must_use]
    pub fn shows_whole(&self, segment: &SegmentRow) -> bool {
        let (from, to) = (segment.at.unix_millis(), (segment.at + segment.duration).unix_millis());
        self.start_ms.is_none_or(|start| from >= start)
            && self.end_ms.is_none_or(|end| to <= end)
            && !self.hidden.iter().any(|span| span.from_ms < to && from < span.to_ms)
    }

    fn check(&self) -> Result<(), Problem> {
        if self.start_ms.zip(self.end_ms).is_some_and(|(start, end)| start >= end) {
            return Err(Problem::field("end_ms", "before_start"));
        }
        if self.hidden.len() > HIDDEN {
            return Err(Problem::field("hidden", "too_many"));
        }
        if self.hidden.iter().any(|span| span.from_ms >= span.to_ms) {
            return Err(Problem::field("hidden", "before_start"));
        }
        if self.chapters.as_ref().is_some_and(|chapters| chapters.len() > CHAPTERS) {
            return Err(Problem::field("chapters", "too_many"));
        }
        Ok(())
    }
}

/// The edit with its version, 0 before the first.
pub async fn get(app: &App, show: ShowId) -> Result<(i64, Edit), Problem> {
    Ok(app.replay.rows.edit(show).await?.unwrap_or_default())
}

/// Changes what the replay shows, as it was read in that version.
pub async fn save(app: &App, actor: &Actor, show: ShowId, version: i64, edit: Edit) -> Result<(), Problem> {
    shows::find_for(app, actor, Act::RunShow, show).await?;
    let mut edit = edit;
    if let Some(chapters) = &mut edit.chapters {
        chapters.sort_by_key(|mark| mark.at_ms);
    }
    edit.check()?;
    let (_, before) = get(app, show).await?;
    let poster_ms = edit.poster_ms;
    app.replay.rows.save_edit(show, version, edit).await?;
    // The picture that stood for it before is of no use any more.
    if let Some(at_ms) = before.poster_ms.filter(|at_ms| poster_ms != Some(*at_ms)) {
        app.ports.objects.remove(&poster_key(show, at_ms)).await?;
    }
    note(app, actor, Entry::new(Deed::ReplayEdited, show).of_show(show)).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use kernel::{Millis, Timestamp};

    use super::*;

    #[test]
    fn what_is_hidden_takes_every_segment_that_it_touches() {
        let edit = Edit {
            start_ms: Some(2_000),
            end_ms: Some(20_000),
            hidden: vec![Span { from_ms: 9_000, to_ms: 10_000 }],
            ..Edit::default()
        };
        let segment = |at_ms| SegmentRow {
            sequence: 0,
            at: Timestamp::from_unix_millis(at_ms),
            duration: Millis(2_000),
            size_bytes: 1,
            setup: "one".into(),
            discontinuity: false,
            independent: true,
            missing: None,
        };
        for (at_ms, shown) in [
            (0, false),
            (1_999, false),
            (2_000, true),
            (7_000, true),
            (7_001, false),
            (9_999, false),
            (10_000, true),
            (18_000, true),
            (18_001, false),
        ] {
            assert_eq!(edit.shows_whole(&segment(at_ms)), shown, "{at_ms}");
        }
        assert!(edit.shows(8_999) && !edit.shows(9_000) && edit.shows(10_000) && !edit.shows(20_000));
    }
}
