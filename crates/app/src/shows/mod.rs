//! Shows: planned, rehearsed, live, ended.

pub mod figures;
pub mod ingest;
pub mod lifecycle;
pub mod list_on_air;
pub mod plan;
pub mod reprice;
pub mod room_source;
pub mod run_sheet;
pub mod sheet;
pub mod shop_sale;
pub mod stream_key;
pub mod whep;
pub mod whip;

use hub::Lifecycle;
use kernel::{ProgrammeId, ShowId};

use crate::access::{self, Act, Place};
use crate::people::person_name;
use crate::ports::{ActedBy, RoomKey, ShowRow, Stage, StoreError};
use crate::{Actor, App, Code, Problem};

/// The show, whoever asks: what is public about it is decided by who shows it.
pub async fn find(app: &App, id: ShowId) -> Result<ShowRow, Problem> {
    Ok(app.ports.shows.show(id).await?.ok_or(Code::NotFound)?)
}

/// The show, for who may do this to it.
pub async fn find_for(app: &App, actor: &Actor, act: Act, id: ShowId) -> Result<ShowRow, Problem> {
    let show = find(app, id).await?;
    access::require(actor, act, place(&show))?;
    Ok(show)
}

/// Where the show lies, for [`access`].
#[must_use]
pub const fn place(show: &ShowRow) -> Place {
    Place::show(show.plan.brand, show.id)
}

/// The stage that the show's picture is on: what is not live is for staff.
pub(crate) const fn stage(show: &ShowRow) -> Stage {
    match show.lifecycle {
        Lifecycle::Live { .. } | Lifecycle::Ended { .. } => Stage::Live,
        Lifecycle::Planned | Lifecycle::Rehearsing { .. } => Stage::Rehearsal,
    }
}

/// The programme on air that this stage may see.
#[must_use]
pub fn programme(show: &ShowRow, seen_on: Stage) -> Option<ProgrammeId> {
    show.lifecycle.programme().filter(|_| stage(show) == seen_on)
}

/// Who acts, for their colleagues to see; none for the house itself.
pub(crate) async fn acted_by(app: &App, actor: &Actor) -> Result<Option<ActedBy>, Problem> {
    let Some(id) = actor.person_id() else { return Ok(None) };
    Ok(Some(ActedBy { id, name: person_name(app, id).await? }))
}

/// Viewers in the public room now, and the most there have been.
#[must_use]
pub fn viewers(app: &App, show: ShowId) -> (u32, u32) {
    app.rooms.viewers(RoomKey { show, stage: Stage::Live })
}

/// How often a change is tried again when somebody else saved first.
const TRIES: usize = 5;

/// Changes a show as it stands now, and tries again when it changed meanwhile: for steps that do not depend on what a
/// person saw, such as a publisher that drops out. Nothing is saved where `change` leaves the show as it was.
pub(crate) async fn change(
    app: &App,
    id: ShowId,
    change: impl Fn(&mut ShowRow) -> Result<(), Problem>,
) -> Result<ShowRow, Problem> {
    for _ in 0..TRIES {
        let before = find(app, id).await?;
        let mut after = before.clone();
        change(&mut after)?;
        if after == before {
            return Ok(before);
        }
        after.changed_at = app.now();
        match save(app, after).await {
            Err(problem) if problem.code == Code::ChangedMeanwhile => {}
            saved => return saved,
        }
    }
    Err(Code::ChangedMeanwhile.into())
}

/// Saves a show whole. Whether its host is live elsewhere is decided in the write: two requests cannot both pass.
pub(crate) async fn save(app: &App, show: ShowRow) -> Result<ShowRow, Problem> {
    let next = ShowRow { version: show.version + 1, ..show.clone() };
    match app.ports.shows.save_show(show).await {
        Ok(()) => Ok(next),
        Err(StoreError::Duplicate(_)) => Err(Code::HostIsElsewhere.into()),
        Err(other) => Err(other.into()),
    }
}
