//! What the till wrote down about drops and claims, told on: rooms hear of drops, each buyer of their own claims.

use shop::books::TillEvent;
use shop::claim::ClaimState;

use crate::room::{ClaimChange, ClaimNews};
use crate::{App, Problem};

/// Tells what happened. A drop is only marked: its room is told at the next round of the drops' own job, so that a rush
/// moves its stock bar twice a second and not more.
pub(crate) async fn tell(app: &App, events: impl Iterator<Item = &TillEvent>) -> Result<(), Problem> {
    for event in events {
        let (claim, viewer, change) = match event {
            TillEvent::DropMoved { drop } => {
                app.till.known_drops.moved(*drop);
                continue;
            }
            TillEvent::ClaimMade { claim, viewer } => (*claim, *viewer, ClaimChange::SetAside),
            TillEvent::Offered { claim, viewer } => (*claim, *viewer, ClaimChange::Offered),
            TillEvent::ClaimMoved { claim, viewer } => (*claim, *viewer, ClaimChange::Extended),
            TillEvent::ClaimEnded { claim, viewer, state } => match state {
                ClaimState::Expired => (*claim, *viewer, ClaimChange::Expired),
                ClaimState::Released => (*claim, *viewer, ClaimChange::Released),
                ClaimState::Paid => (*claim, *viewer, ClaimChange::Paid),
                ClaimState::Open => continue,
            },
            _ => continue,
        };
        if !app.rooms.is_anywhere(viewer) {
            continue;
        }
        let Some(row) = app.till.drops.claim_of(claim).await? else { continue };
        let until = Some(row.until).filter(|_| row.on_tab());
        let number = row.show.map(|at| at.number);
        app.rooms.tell(viewer, &ClaimNews { change, claim, drop: row.of.drop(), number, until });
    }
    Ok(())
}
