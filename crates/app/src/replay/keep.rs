//! How long recordings are kept: the house's period, unless one is held.

use kernel::{Millis, ShowId};

use super::still::{poster_key, still_key};
use super::{edit, segment_key, setup_key};
use crate::access::Act;
use crate::audit::{Deed, Entry, note};
use crate::{Actor, App, Problem, shows};

/// Recordings that one round removes at most; the next round goes on.
const ROUND: u32 = 20;
/// Rows that are read at once.
const PAGE: u32 = 1_000;

/// Keeps a recording whatever the house's period says, or lets it go again.
pub async fn hold(app: &App, actor: &Actor, show: ShowId, held: bool) -> Result<(), Problem> {
    shows::find_for(app, actor, Act::ManageShows, show).await?;
    app.replay.rows.hold(show, held).await?;
    let deed = if held { Deed::RecordingHeld } else { Deed::RecordingReleased };
    note(app, actor, Entry::new(deed, show).of_show(show)).await;
    Ok(())
}

/// Removes recordings whose time is over: objects first, so that no row is left without a way to its objects.
pub async fn sweep(app: &App) -> Result<(), Problem> {
    let Some(keep) = app.replay.settings.keep else { return Ok(()) };
    for show in app.replay.rows.over(app.now() - keep, ROUND).await? {
        remove(app, show).await?;
        tracing::info!(%show, days = keep.0 / Millis::from_days(1).0, "a recording is older than the house keeps them");
        note(app, &Actor::house(), Entry::new(Deed::RecordingRemoved, show).of_show(show)).await;
    }
    Ok(())
}

async fn remove(app: &App, show: ShowId) -> Result<(), Problem> {
    let mut from = 0;
    loop {
        let segments = app.replay.rows.segments(show, from, PAGE).await?;
        let Some(last) = segments.last() else { break };
        from = last.sequence + 1;
        for segment in segments.iter().filter(|segment| segment.missing.is_none()) {
            app.ports.objects.remove(&segment_key(show, segment.sequence)).await?;
            if segment.independent {
                app.ports.objects.remove(&still_key(show, segment.sequence)).await?;
            }
        }
    }
    for setup in app.replay.rows.setups(show).await? {
        app.ports.objects.remove(&setup_key(show, &setup.id)).await?;
    }
    if let (_, edit::Edit { poster_ms: Some(at_ms), .. }) = edit::get(app, show).await? {
        app.ports.objects.remove(&poster_key(show, at_ms)).await?;
    }
    app.replay.rows.forget(show).await?;
    super::index::forget(app, show);
    Ok(())
}
