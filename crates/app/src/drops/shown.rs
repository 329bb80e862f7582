//! A drop as its room shows it.

use kernel::{ProductId, ShowId};
use room::{DropPhase, DropShown, Notice};
use shop::drop::{Drop, Phase};

use super::jobs::ARMED;
use crate::ports::{RoomFeed, RoomKey, Stage};
use crate::{App, Problem, trivia};

/// The room that hears of it: what was made in a rehearsal stays there.
#[must_use]
pub const fn room(drop: &Drop) -> RoomKey {
    let stage = if drop.rehearsal { Stage::Rehearsal } else { Stage::Live };
    RoomKey { show: drop.at.show, stage }
}

/// What everybody may know of it; nothing before it is armed.
#[must_use]
pub fn shown(app: &App, drop: &Drop) -> Option<DropShown> {
    let phase = match drop.phase(app.now()) {
        Phase::Planned => return None,
        Phase::Armed => DropPhase::Armed,
        Phase::Open if drop.left() == 0 => DropPhase::Gone,
        Phase::Open => DropPhase::Open,
        Phase::Closed => DropPhase::Closed,
        Phase::Ended => DropPhase::Ended,
    };
    let armed = drop.armed();
    Some(DropShown {
        id: drop.id,
        number: drop.at.number,
        variant_id: drop.variant,
        phase,
        quantity: drop.quantity,
        left: drop.left(),
        waiting: armed.map_or(0, |armed| armed.waiting),
        limit: drop.limit,
        unit: drop.unit.clone(),
        countries: drop.countries.clone(),
        opens_at_ms: armed.and_then(|armed| armed.opens_at).map(|at| at.unix_millis()),
        closes_at_ms: armed.and_then(|armed| armed.closes_at).map(|at| at.unix_millis()),
    })
}

/// Tells its room how it stands; a room that says so already adds nothing.
pub(super) async fn tell(app: &App, drop: &Drop) {
    if drop.prize.is_some() {
        return trivia::shown::tell(app, drop).await;
    }
    if let Some(shown) = shown(app, drop) {
        app.rooms.post(room(drop), Notice::Drop(shown)).await;
    }
}

/// The drops of a show that are not over, as everybody sees them: for who comes late and has no socket yet.
pub async fn of_show(app: &App, show: ShowId) -> Result<Vec<DropShown>, Problem> {
    let drops = app.till.drops.drops_of_show(show).await?;
    let public = drops.iter().filter(|drop| !drop.rehearsal && drop.prize.is_none() && drop.armed().is_some());
    Ok(public.filter_map(|drop| shown(app, drop)).collect())
}

/// The armed drops of a product, each with its show, as everybody sees them.
pub async fn of_product(app: &App, product: ProductId) -> Result<Vec<(ShowId, DropShown)>, Problem> {
    let drops = app.till.drops.armed_drops(ARMED).await?;
    let own = drops.iter().filter(|drop| !drop.rehearsal && drop.prize.is_none() && drop.product == product);
    Ok(own.filter_map(|drop| Some((drop.at.show, shown(app, drop)?))).collect())
}
