//! What drops do by themselves, twice a second: rooms are told, overdue claims end, who waits is offered what came back,
//! and what is over is ended.

use hub::Lifecycle;
use kernel::{DropId, Millis, Timestamp, WaiterId};
use shop::books::{DropMoved, Extended, What};
use shop::drop::{Drop, EndedBecause, Phase, Waiter};

use super::shown;
use crate::ports::till;
use crate::{App, Problem, trivia};

/// Claims that end in one round; the rest comes in the next, at once.
pub const ROUND: u32 = 500;
/// Armed drops that are looked after; a house has a few.
pub(super) const ARMED: u32 = 500;
/// Who is offered something in one round of one drop.
const OFFERS: u32 = 200;
/// How long who waited has to pay, in the room and away from it.
const HERE: Millis = Millis::from_secs(60);
const AWAY: Millis = Millis::from_mins(30);
/// A show that ended long ago leaves its claims so much time all the same.
const LAST_CALL: Millis = Millis::from_mins(5);

/// Everything that is due. Returns how many claims ended; [`ROUND`] means that more may be due.
pub async fn round(app: &App) -> Result<u32, Problem> {
    let ended = expire(app).await?;
    settle_after_shows(app).await?;
    for drop in app.till.drops.armed_drops(ARMED).await? {
        // One drop that cannot be looked after must not keep the others waiting.
        if let Err(problem) = tend(app, &drop).await {
            tracing::warn!(drop = %drop.id, %problem, "a drop is looked after in the next round");
        }
    }
    app.till.drops.sweep_lines(ROUND).await?;
    tell_moved(app).await?;
    Ok(ended)
}

/// After a start: every room hears how its drops stand.
pub async fn start(app: &App) -> Result<(), Problem> {
    for drop in app.till.drops.armed_drops(ARMED).await? {
        app.till.known_drops.moved(drop.id);
    }
    Ok(())
}

async fn tell_moved(app: &App) -> Result<(), Problem> {
    for id in app.till.known_drops.take_moved() {
        match app.till.drops.drop_of(id).await {
            Ok(Some(drop)) => shown::tell(app, &drop).await,
            Ok(None) => {}
            Err(error) => {
                app.till.known_drops.moved(id);
                return Err(error.into());
            }
        }
    }
    Ok(())
}

async fn expire(app: &App) -> Result<u32, Problem> {
    let claims = app.till.drops.due_claims(app.now(), ROUND).await?;
    if claims.is_empty() {
        return Ok(0);
    }
    let desk = &app.till.desk;
    Ok(till::expire_claims(&*desk.till, desk.command(What::ExpireClaims { claims })).await?)
}

/// One armed drop: offered what came back, told when its window opens or closes, ended when it is over.
async fn tend(app: &App, drop: &Drop) -> Result<(), Problem> {
    if drop.prize.is_some() {
        return trivia::judge::tend(app, drop.id).await;
    }
    let Some(armed) = drop.armed() else { return Ok(()) };
    let now = app.now();
    let (opened, closed) = (armed.opens_at, armed.closes_at);
    // The room goes by the times that it was told; its log says when it happened.
    let just = |at: Option<Timestamp>| at.is_some_and(|at| at <= now && now - at < Millis::from_secs(2));
    if just(opened) || just(closed) {
        app.till.known_drops.moved(drop.id);
    }
    let phase = drop.phase(now);
    if armed.left > 0 && armed.waiting > 0 && matches!(phase, Phase::Open | Phase::Closed) {
        return offer(app, drop, now).await;
    }
    if let Some(why) = over(app, drop, phase).await? {
        end(app, drop.id, why).await?;
    }
    Ok(())
}

/// Why the drop is over, if it is.
async fn over(app: &App, drop: &Drop, phase: Phase) -> Result<Option<EndedBecause>, Problem> {
    let Some(armed) = drop.armed() else { return Ok(None) };
    let ended = async || show_is_over(app, drop).await;
    let unpaid = async || -> Result<bool, Problem> { Ok(!app.till.drops.unpaid_drops(&[drop.id]).await?.is_empty()) };
    Ok(match (phase, armed.waiting) {
        (Phase::Planned | Phase::Ended, _) => None,
        (Phase::Closed, 0) => Some(EndedBecause::Closed),
        (Phase::Open, 0) if armed.left == 0 && !unpaid().await? => Some(EndedBecause::Gone),
        (Phase::Open | Phase::Armed, 0) if ended().await? => Some(EndedBecause::Stopped),
        // Who waits is offered what comes back, also after the show: as long as something can.
        (Phase::Open | Phase::Closed, _) if armed.left == 0 && !unpaid().await? => {
            let over = phase == Phase::Closed || ended().await?;
            over.then_some(EndedBecause::Stopped)
        }
        (Phase::Open | Phase::Closed | Phase::Armed, _) => None,
    })
}

/// Whether the show of a drop has ended.
pub(crate) async fn show_is_over(app: &App, drop: &Drop) -> Result<bool, Problem> {
    let show = app.ports.shows.show(drop.at.show).await?;
    Ok(show.is_none_or(|show| matches!(show.lifecycle, Lifecycle::Ended { .. })))
}

pub(crate) async fn end(app: &App, drop: DropId, why: EndedBecause) -> Result<(), Problem> {
    let desk = &app.till.desk;
    let moved = till::move_drop(&*desk.till, desk.command(What::EndDrop { drop, why })).await?;
    if let DropMoved::Done(drop) = moved {
        shown::tell(app, &drop).await;
    }
    Ok(())
}

/// Who is first in line gets what lies in the pot: a minute to pay for who sits in the room, half an hour and a letter for
/// who does not.
pub(crate) async fn offer(app: &App, drop: &Drop, now: Timestamp) -> Result<(), Problem> {
    let most = u32::try_from(drop.left()).unwrap_or(u32::MAX).min(OFFERS);
    let first = app.till.drops.waiters(drop.id, most).await?;
    let room = shown::room(drop);
    let until = |waiter: &Waiter| -> (WaiterId, Timestamp) {
        let patience = if app.rooms.is_here(room, waiter.viewer) { HERE } else { AWAY };
        (waiter.id, now + patience)
    };
    let offers = first.iter().map(until).collect();
    let desk = &app.till.desk;
    till::offer_waiting(&*desk.till, desk.command(What::OfferWaiting { drop: drop.id, offers })).await?;
    app.till.known_drops.moved(drop.id);
    Ok(())
}

/// Claims that hold until some hours after their show get that time once it is over.
async fn settle_after_shows(app: &App) -> Result<(), Problem> {
    for id in app.till.drops.shows_with_loose_claims().await? {
        let Some(show) = app.ports.shows.show(id).await? else { continue };
        let Lifecycle::Ended { at: ended_at, .. } = show.lifecycle else { continue };
        let desk = &app.till.desk;
        for (claim, hours) in app.till.drops.loose_claims(id, ROUND).await? {
            let until = ended_at + Millis::from_mins(i64::from(hours) * 60);
            let until = until.max(app.now() + LAST_CALL);
            match till::extend(&*desk.till, desk.command(What::Extend { claim, until })).await? {
                Extended::Done(_) | Extended::NotOpen | Extended::Unknown => {}
                Extended::Past => tracing::warn!(%claim, "a claim's time after its show is over already"),
            }
        }
    }
    Ok(())
}
