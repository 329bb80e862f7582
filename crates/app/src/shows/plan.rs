//! Planning: make, change, duplicate, take away.

use hub::{Lifecycle, RunSheet, ShowPlan};
use kernel::{BrandId, Millis, ShowId};

use super::room_source::tell_state;
use super::{find_for, save, stream_key};
use crate::access::{self, Act, Place};
use crate::ports::{ShowList, ShowRow};
use crate::problem::FieldProblem;
use crate::{Actor, App, Code, Problem};

fn checked(plan: &ShowPlan) -> Result<(), Problem> {
    let field = |fault: hub::ShowFault| FieldProblem { field: fault.field.into(), code: fault.code, fault: None };
    let fields: Vec<FieldProblem> = plan.faults().into_iter().map(field).collect();
    if fields.is_empty() { Ok(()) } else { Err(Problem::fields(fields)) }
}

/// A host is a member of staff; who is not cannot be planned.
async fn check_host(app: &App, plan: &ShowPlan) -> Result<(), Problem> {
    let host = app.ports.people.person(plan.host).await?;
    let staff = host.is_some_and(|person| !person.memberships.is_empty());
    if staff { Ok(()) } else { Err(Problem::field("host_person_id", "not_staff")) }
}

async fn add(app: &App, plan: ShowPlan, run_sheet: RunSheet) -> Result<ShowRow, Problem> {
    let now = app.now();
    let key = stream_key::mint(app)?;
    let show = ShowRow {
        id: app.entropy.draw(|random| ShowId::mint(now, random)),
        version: 1,
        plan,
        lifecycle: Lifecycle::Planned,
        run_sheet,
        stream_key_hash: key.hash,
        stream_key_sealed: key.sealed,
        created_at: now,
        changed_at: now,
    };
    app.ports.shows.add_show(show.clone()).await?;
    Ok(show)
}

/// Plans a show.
pub async fn create(app: &App, actor: &Actor, plan: ShowPlan) -> Result<ShowRow, Problem> {
    access::require(actor, Act::ManageShows, Place::brand(plan.brand))?;
    checked(&plan)?;
    check_host(app, &plan).await?;
    add(app, plan, RunSheet::default()).await
}

/// Changes the plan that the caller saw as `version`. The brand stays; an ended show stays as it was.
pub async fn update(app: &App, actor: &Actor, id: ShowId, version: i64, plan: ShowPlan) -> Result<ShowRow, Problem> {
    let mut show = find_for(app, actor, Act::ManageShows, id).await?;
    if matches!(show.lifecycle, Lifecycle::Ended { .. }) {
        return Err(Code::ShowHasEnded.into());
    }
    if show.version != version {
        return Err(Code::ChangedMeanwhile.into());
    }
    checked(&plan)?;
    check_host(app, &plan).await?;
    show.plan = ShowPlan { brand: show.plan.brand, ..plan };
    show.changed_at = app.now();
    let show = save(app, show).await?;
    // Its start may have moved, and with it the opening of the lobby.
    tell_state(app, &show).await;
    Ok(show)
}

/// Plans the same show again, a week later, with its products numbered afresh and a key of its own.
pub async fn duplicate(app: &App, actor: &Actor, id: ShowId) -> Result<ShowRow, Problem> {
    let show = find_for(app, actor, Act::ManageShows, id).await?;
    let later = show.plan.starts_at.max(app.now()) + Millis::from_days(7);
    add(app, ShowPlan { starts_at: later, ..show.plan }, show.run_sheet.copied()).await
}

/// Takes a planned show away. What viewers saw stays.
pub async fn remove(app: &App, actor: &Actor, id: ShowId) -> Result<(), Problem> {
    let show = find_for(app, actor, Act::ManageShows, id).await?;
    match show.lifecycle {
        Lifecycle::Planned => Ok(app.ports.shows.remove_show(id).await?),
        Lifecycle::Rehearsing { .. } | Lifecycle::Live { .. } => Err(Code::ShowIsLive.into()),
        Lifecycle::Ended { .. } => Err(Code::ShowHasEnded.into()),
    }
}

/// What staff see: every show whose studio they may open.
pub async fn studio_list(
    app: &App,
    actor: &Actor,
    list: ShowList,
    after: Option<ShowId>,
    limit: u32,
) -> Result<Vec<ShowRow>, Problem> {
    access::require_somewhere(actor, Act::SeeStudio)?;
    let mut shows = app.ports.shows.shows(list, after, limit).await?;
    shows.retain(|show| access::may(actor, Act::SeeStudio, super::place(show)));
    Ok(shows)
}

/// What everybody sees: live and coming shows of a brand or of all.
pub async fn public_list(
    app: &App,
    list: ShowList,
    brand: Option<BrandId>,
    after: Option<ShowId>,
    limit: u32,
) -> Result<Vec<ShowRow>, Problem> {
    let mut shows = app.ports.shows.shows(list, after, limit).await?;
    shows.retain(|show| brand.is_none_or(|brand| show.plan.brand == brand));
    Ok(shows)
}
