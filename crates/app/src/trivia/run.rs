//! Arming, firing and ending a question: as a drop, since its prize is one.

use kernel::{DropId, Millis};
use shop::books::What;
use shop::drop::{Drop, EndedBecause, MAX_LEAD};

use super::{Trivia, find};
use crate::access::Act;
use crate::audit::{Deed, Entry, note};
use crate::drops::run::step;
use crate::ports::TriviaStanding;
use crate::shows::run_sheet::not_ended;
use crate::{Actor, App, Code, Problem};

/// Sets the prize aside, and says nothing of the question yet. Of an armed one whose countdown runs, calls that off.
///
/// # Errors
/// `not_enough_stock` with `free`, `sale_stopped`, `drop_ended`.
pub async fn arm(app: &App, actor: &Actor, id: DropId) -> Result<Trivia, Problem> {
    let (trivia, show) = find(app, actor, Act::RunShow, id).await?;
    not_ended(&show)?;
    let prize = step(app, What::ArmDrop { drop: id, opens_at: None }).await?;
    done(app, actor, Deed::TriviaArmed, trivia, prize).await
}

/// Asks the question after a countdown, of everybody at once; within it, arming it again calls the countdown off.
///
/// # Errors
/// `drop_not_armed`, `drop_ended`, `trivia_running` while another one is asked in this show, `invalid` for a countdown over 60 s.
pub async fn fire(app: &App, actor: &Actor, id: DropId, lead: Millis) -> Result<Trivia, Problem> {
    let (trivia, show) = find(app, actor, Act::RunShow, id).await?;
    not_ended(&show)?;
    if !(Millis(0)..=MAX_LEAD).contains(&lead) {
        return Err(Problem::field("lead_ms", "out_of_range"));
    }
    if another_runs(app, &trivia.prize).await? {
        return Err(Code::TriviaRunning.into());
    }
    let prize = step(app, What::FireDrop { drop: id, lead }).await?;
    app.till.known_trivia.listen(id);
    done(app, actor, Deed::TriviaFired, trivia, prize).await
}

/// Ends a question for good: a prize that nobody holds is on sale again, a claim stands.
///
/// # Errors
/// `drop_not_armed` for one that is only planned.
pub async fn end(app: &App, actor: &Actor, id: DropId) -> Result<Trivia, Problem> {
    let (trivia, _) = find(app, actor, Act::RunShow, id).await?;
    let prize = step(app, What::EndDrop { drop: id, why: EndedBecause::Stopped }).await?;
    done(app, actor, Deed::TriviaEnded, trivia, prize).await
}

/// Two questions at once would share their answers.
async fn another_runs(app: &App, prize: &Drop) -> Result<bool, Problem> {
    let show = prize.at.show;
    let rows = app.till.trivia.trivia_of_show(show).await?;
    for other in app.till.drops.drops_of_show(show).await? {
        let fired = other.armed().is_some_and(|armed| armed.opens_at.is_some());
        let decided = rows.iter().any(|row| row.id == other.id && matches!(row.standing, TriviaStanding::Decided(_)));
        if other.prize.is_some() && other.id != prize.id && fired && !decided {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn done(app: &App, actor: &Actor, deed: Deed, trivia: Trivia, prize: Drop) -> Result<Trivia, Problem> {
    note(app, actor, Entry::new(deed, format!("#{}", prize.at.number)).of_show(prize.at.show)).await;
    Ok(Trivia { prize, ..trivia })
}
