//! A stretch of a recording as an MP4 file, segment by segment, so that no file has to fit into memory.

use std::collections::VecDeque;

use bytes::Bytes;
use kernel::{Millis, OrderId, OrderLineId, ShowId};

use super::index::index;
use super::playlist::shown;
use super::{edit, segment_key, setup_key};
use crate::access::Act;
use crate::ports::{Cut, SegmentRow};
use crate::till::office;
use crate::{Actor, App, Code, Problem, shows};

/// A clip is at most so long.
const LONGEST: Millis = Millis::from_mins(30);

/// An order's moment begins so long before it was placed: a buyer looks, asks, and fills in a form.
const BEFORE_ORDER: Millis = Millis::from_secs(60);
/// It ends so long after.
const AFTER_ORDER: Millis = Millis::from_secs(15);

/// A file in the making: [`Clip::next`] gives its bytes in order.
#[derive(Debug)]
pub struct Clip {
    show: ShowId,
    setup: Option<String>,
    segments: VecDeque<(SegmentRow, Option<Millis>)>,
    cut: Option<Box<dyn Cut>>,
}

/// The clip that holds these moments of the programme, Unix milliseconds: whole segments, from the keyframe before. Where the
/// encoder changed its settings in between, it ends there.
///
/// # Errors
/// [`Code::NotFound`] where nothing is shown then.
pub async fn clip(app: &App, actor: &Actor, show: ShowId, from_ms: i64, to_ms: i64) -> Result<Clip, Problem> {
    shows::find_for(app, actor, Act::SeeStudio, show).await?;
    if to_ms <= from_ms {
        return Err(Problem::field("to_ms", "before_start"));
    }
    if to_ms.saturating_sub(from_ms) > LONGEST.0 {
        return Err(Problem::field("to_ms", "too_long"));
    }
    let (index, (_, edit)) = (index(app, show).await?, edit::get(app, show).await?);
    let shown: Vec<(&SegmentRow, bool)> = shown(&index, &edit).collect();
    let ends = |segment: &SegmentRow| (segment.at + segment.duration).unix_millis();
    let first = shown.iter().position(|(segment, _)| ends(segment) > from_ms).ok_or(Code::NotFound)?;
    // After a break comes a keyframe, so the nearest one before lies in the same stretch.
    let first = (0..=first).rev().find(|place| shown[*place].0.independent).unwrap_or(first);
    let alike = |segment: &SegmentRow| segment.at.unix_millis() < to_ms && segment.setup == shown[first].0.setup;
    let mut length = Millis(0);
    let segments: VecDeque<(SegmentRow, Option<Millis>)> = shown[first..]
        .iter()
        .take_while(|(segment, _)| alike(segment))
        .enumerate()
        .map(|(place, (segment, cut))| {
            let at = (*cut || place == 0).then_some(length);
            length = Millis(length.0 + segment.duration.0);
            (SegmentRow::clone(segment), at)
        })
        .collect();
    if segments.is_empty() {
        return Err(Code::NotFound.into());
    }
    let setup = segments.front().map(|(first, _)| first.setup.clone());
    Ok(Clip { show, setup, segments, cut: None })
}

/// The clip of the moment at which an order was placed, in the show that its line was bought from.
///
/// # Errors
/// [`Code::NotFound`] where it was bought outside a show, or nothing is shown of then.
pub async fn of_order(app: &App, actor: &Actor, order: OrderId, line: OrderLineId) -> Result<Clip, Problem> {
    let order = office::find(app, actor, order, Act::SeeOrders).await?;
    let line = order.lines.iter().find(|one| one.id == line);
    let at = line.and_then(|line| line.show).ok_or(Code::NotFound)?;
    let placed_ms = order.placed_at.unix_millis();
    clip(app, actor, at.show, placed_ms - BEFORE_ORDER.0, placed_ms + AFTER_ORDER.0).await
}

impl Clip {
    /// The next bytes of the file; none at its end.
    pub async fn next(&mut self, app: &App) -> Result<Option<Bytes>, Problem> {
        if let Some(setup) = self.setup.take() {
            let init = app.ports.objects.get(&setup_key(self.show, &setup)).await?.ok_or(Code::NotFound)?;
            self.cut = Some(app.replay.clips.begin(&init).map_err(Problem::internal)?);
            return Ok(Some(init));
        }
        let (Some((segment, at)), Some(cut)) = (self.segments.pop_front(), &mut self.cut) else { return Ok(None) };
        let bytes = app.ports.objects.get(&segment_key(self.show, segment.sequence)).await?.ok_or(Code::NotFound)?;
        cut.add(bytes, at).map(Some).map_err(Problem::internal)
    }
}
