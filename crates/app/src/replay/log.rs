//! The room's log beside a replay, page by page.

use kernel::ShowId;
use room::{Event, How, Kind};

use super::edit;
use super::play::is_open;
use crate::ports::{RoomKey, Stage};
use crate::{App, Code, Problem, shows};

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// Behind this offset.
    Offset(u64),
    /// So that what was said just before this moment of the programme is on it, Unix milliseconds.
    Moment(i64),
}

/// A page of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub events: Vec<Event>,
    /// The offset that the page covers from.
    pub from: u64,
    /// Where the next page begins; none at the log's end.
    pub next: Option<u64>,
}

/// What was said and done in the room of a show that is over, as far as viewers saw it and the replay shows it. Stock is left
/// out: the tray says how it stands now.
pub async fn log(app: &App, show: ShowId, from: From, limit: u32) -> Result<Page, Problem> {
    if !is_open(&shows::find(app, show).await?) {
        return Err(Code::NotFound.into());
    }
    let room = RoomKey { show, stage: Stage::Live };
    let after = match from {
        From::Offset(after) => after,
        From::Moment(at_ms) => before(app, room, at_ms).await?.saturating_sub(u64::from(limit) / 2),
    };
    let mut events = app.rooms.log().tail(room, after, limit).await?;
    let next = events.last().map(|last| last.offset).filter(|_| events.len() == limit as usize);
    let (_, edit) = edit::get(app, show).await?;
    events.retain(|event| told(&event.kind) && edit.shows(event.programme_ms));
    Ok(Page { events, from: after, next })
}

/// The last offset before a moment. Times in a log all but grow, so halving finds it.
async fn before(app: &App, room: RoomKey, at_ms: i64) -> Result<u64, Problem> {
    let (mut low, mut high) = (0, app.rooms.log().last(room).await?);
    while low < high {
        let middle = low + (high - low) / 2;
        let found = app.rooms.log().tail(room, middle, 1).await?;
        if found.first().is_some_and(|event| event.programme_ms < at_ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// What a replay tells. Offers, stock and counts were of that hour.
fn told(kind: &Kind) -> bool {
    if let Kind::Reply(reply) = kind {
        return !reply.private && reply.how != How::Dismissed;
    }
    matches!(
        kind,
        Kind::Message { removed: false, .. }
            | Kind::Pinned { .. }
            | Kind::Unpinned {}
            | Kind::SaleStopped { .. }
            | Kind::SaleResumed { .. }
            | Kind::PriceChanged { .. }
            | Kind::Request { .. }
            | Kind::RequestStepped { .. }
            | Kind::Announcement { .. }
            | Kind::Hearts { .. }
    )
}
