//! Rehearse, go live, end.

use hub::{Lifecycle, LifecycleRefusal, LifecycleStep};
use kernel::{ProgrammeId, ShowId};

use super::room_source::tell_state;
use super::{change, find_for};
use crate::access::Act;
use crate::audit::{Deed, Entry, note};
use crate::ports::ShowRow;
use crate::{Actor, App, Code, Problem};

impl From<LifecycleRefusal> for Problem {
    fn from(refusal: LifecycleRefusal) -> Self {
        match refusal {
            LifecycleRefusal::IsLive => Code::ShowIsLive,
            LifecycleRefusal::HasEnded => Code::ShowHasEnded,
            LifecycleRefusal::NotLive => Code::ShowNotLive,
            LifecycleRefusal::NotRehearsing => Code::ShowNotRehearsing,
        }
        .into()
    }
}

async fn step(
    app: &App,
    actor: &Actor,
    id: ShowId,
    step: LifecycleStep,
    deed: Deed,
) -> Result<(Lifecycle, ShowRow), Problem> {
    let now = app.now();
    let before = super::find(app, id).await?.lifecycle;
    let show = change(app, id, |show| {
        show.lifecycle = show.lifecycle.step(now, step)?;
        Ok(())
    })
    .await?;
    if show.lifecycle != before {
        note(app, actor, Entry::new(deed, titled(&show)).of_show(id)).await;
        tell_state(app, &show).await;
    }
    Ok((before, show))
}

fn titled(show: &ShowRow) -> String {
    show.plan.title.pick(&[]).map(|title| title.text).unwrap_or_default()
}

fn new_programme(app: &App) -> ProgrammeId {
    let now = app.now();
    app.entropy.draw(|random| ProgrammeId::mint(now, random))
}

/// Opens a private rehearsal: its programme is a capability that staff alone are given.
pub async fn rehearse(app: &App, actor: &Actor, id: ShowId) -> Result<ShowRow, Problem> {
    find_for(app, actor, Act::RunShow, id).await?;
    let (before, show) =
        step(app, actor, id, LifecycleStep::Rehearse { programme: new_programme(app) }, Deed::ShowRehearsed).await?;
    take(app, before, &show);
    Ok(show)
}

/// Ends the rehearsal; the show is planned again.
pub async fn stop_rehearsal(app: &App, actor: &Actor, id: ShowId) -> Result<ShowRow, Problem> {
    find_for(app, actor, Act::RunShow, id).await?;
    let (_, show) = step(app, actor, id, LifecycleStep::StopRehearsal, Deed::RehearsalEnded).await?;
    app.ports.air.end(id);
    Ok(show)
}

/// Goes live on a programme of its own: nothing that was rehearsed is in it. A publisher stays connected.
pub async fn go_live(app: &App, actor: &Actor, id: ShowId) -> Result<ShowRow, Problem> {
    find_for(app, actor, Act::RunShow, id).await?;
    let (before, show) =
        step(app, actor, id, LifecycleStep::GoLive { programme: new_programme(app) }, Deed::ShowWentLive).await?;
    take(app, before, &show);
    Ok(show)
}

/// Ends the show for good; the second of two steps, so it has to be confirmed.
pub async fn end(app: &App, actor: &Actor, id: ShowId, confirmed: bool) -> Result<ShowRow, Problem> {
    find_for(app, actor, Act::RunShow, id).await?;
    if !confirmed {
        return Err(Code::EndNotConfirmed.into());
    }
    let (_, show) = step(app, actor, id, LifecycleStep::End, Deed::ShowEnded).await?;
    app.ports.air.end(id);
    Ok(show)
}

/// Puts the show's picture onto its new programme, where it got one.
fn take(app: &App, before: Lifecycle, show: &ShowRow) {
    if let Some(programme) = show.lifecycle.programme()
        && before.programme() != Some(programme)
    {
        app.ports.air.switch(show.id, programme, super::stage(show));
    }
}
