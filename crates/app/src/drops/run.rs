//! Arming, firing and ending a drop: one key each, and the server's clock decides.

use kernel::{DropId, Millis, ShowId, Timestamp};
use shop::books::{DropMoved, What};
use shop::drop::{Drop, EndedBecause, MAX_LEAD};

use super::{find, shown};
use crate::audit::{Deed, Entry, note};
use crate::ports::till;
use crate::shows::run_sheet::not_ended;
use crate::{Actor, App, Code, Problem};

/// The furthest ahead that a drop may be set to open.
pub(crate) const AHEAD: Millis = Millis::from_days(30);

/// Sets the drop's pieces aside. With a time it opens by itself, at that time on the server's clock; without one it waits
/// to be fired. An armed one whose countdown runs is called off, or moved, the same way.
///
/// # Errors
/// `not_enough_stock` with `free`, `sale_stopped`, `drop_ended`, `invalid` for a time that is over.
pub async fn arm(app: &App, actor: &Actor, id: DropId, opens_at: Option<Timestamp>) -> Result<Drop, Problem> {
    let (drop, show) = find(app, actor, id).await?;
    not_ended(&show)?;
    let now = app.now();
    if opens_at.is_some_and(|at| at < now || at - now > AHEAD) {
        return Err(Problem::field("opens_at", "out_of_range"));
    }
    let moved = step(app, What::ArmDrop { drop: id, opens_at }).await?;
    note(app, actor, Entry::new(Deed::DropArmed, format!("#{}", drop.at.number)).of_show(show.id)).await;
    Ok(moved)
}

/// Opens an armed drop for everybody after a countdown; within it, arming it again calls the countdown off.
///
/// # Errors
/// `drop_not_armed`, `drop_ended`, `invalid` for a countdown over 60 s.
pub async fn fire(app: &App, actor: &Actor, id: DropId, lead: Millis) -> Result<Drop, Problem> {
    let (drop, show) = find(app, actor, id).await?;
    not_ended(&show)?;
    if !(Millis(0)..=MAX_LEAD).contains(&lead) {
        return Err(Problem::field("lead_ms", "out_of_range"));
    }
    let moved = step(app, What::FireDrop { drop: id, lead }).await?;
    note(app, actor, Entry::new(Deed::DropFired, format!("#{}", drop.at.number)).of_show(show.id)).await;
    Ok(moved)
}

/// Ends a drop for good. What nobody claimed is on sale again; claims stand.
///
/// # Errors
/// `drop_not_armed` for one that is only planned.
pub async fn end(app: &App, actor: &Actor, id: DropId) -> Result<Drop, Problem> {
    let (drop, show) = find(app, actor, id).await?;
    let moved = step(app, What::EndDrop { drop: id, why: EndedBecause::Stopped }).await?;
    note(app, actor, Entry::new(Deed::DropEnded, format!("#{}", drop.at.number)).of_show(show.id)).await;
    Ok(moved)
}

/// Ends every armed drop of a number whose sale was stopped, or of a show.
pub(crate) async fn stop_all(app: &App, show: ShowId, number: Option<u32>) -> Result<(), Problem> {
    app.till.known_drops.forget();
    for drop in app.till.drops.drops_of_show(show).await? {
        if drop.armed().is_some() && number.is_none_or(|number| number == drop.at.number) {
            step(app, What::EndDrop { drop: drop.id, why: EndedBecause::Stopped }).await?;
        }
    }
    Ok(())
}

pub(crate) async fn step(app: &App, what: What) -> Result<Drop, Problem> {
    let desk = &app.till.desk;
    match till::move_drop(&*desk.till, desk.command(what)).await? {
        DropMoved::Done(drop) | DropMoved::Already(drop) => {
            shown::tell(app, &drop).await;
            Ok(*drop)
        }
        DropMoved::SoldOut { free } => Err(Problem::from(Code::NotEnoughStock).with("free", free)),
        DropMoved::Stopped => Err(Code::SaleStopped.into()),
        DropMoved::NotArmed => Err(Code::DropNotArmed.into()),
        DropMoved::Open => Err(Code::DropNotPlanned.into()),
        DropMoved::NotOver => Err(Code::ChangedMeanwhile.into()),
        DropMoved::Ended => Err(Code::DropEnded.into()),
        DropMoved::Unknown => Err(Code::NotFound.into()),
    }
}
