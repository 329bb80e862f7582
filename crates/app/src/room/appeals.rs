//! What was decided about a viewer, why, and what they say to it.

use kernel::{Language, ShowId};
use room::limits::{MESSAGE_GRAPHEMES, REASON_BYTES};
use room::{Command, Kind, MessageText};

use super::{enter, frames};
use crate::access::Act;
use crate::audit::{Deed, Entry, note};
use crate::ports::{ActOn, Appeal, AppealRow, RoomKey, Settled, Stage, Verdict};
use crate::{Actor, App, Code, Problem, shows};

/// What was decided about this viewer in a show, newest first, with the reasons.
pub async fn mine(app: &App, actor: &Actor, show: ShowId) -> Result<Vec<ActOn>, Problem> {
    let viewer = actor.viewer.ok_or(Code::ViewerNeeded)?;
    Ok(app.ports.moderation.acts_on(show, viewer).await?)
}

/// Appeals against what stands at this offset, once.
///
/// # Errors
/// `viewer_needed`; `invalid` without words or with more than a message may have; `not_found` where nothing about this
/// viewer stands there, or it was appealed against before.
pub async fn appeal(app: &App, actor: &Actor, show: ShowId, offset: u64, text: &str) -> Result<(), Problem> {
    let viewer = actor.viewer.ok_or(Code::ViewerNeeded)?;
    let code = if text.chars().count() > MESSAGE_GRAPHEMES { "too_long" } else { "missing" };
    let text = MessageText::parse(text).map_err(|_| Problem::field("text", code))?.into_string();
    let appeal = Appeal { text, at: app.now(), settled: None };
    if app.ports.moderation.add_appeal(show, viewer, offset, appeal).await? {
        Ok(())
    } else {
        Err(Code::NotFound.into())
    }
}

/// Those that wait, oldest first.
pub async fn open(app: &App, actor: &Actor, show: ShowId) -> Result<Vec<AppealRow>, Problem> {
    shows::find_for(app, actor, Act::Moderate, show).await?;
    Ok(app.ports.moderation.open_appeals(show).await?)
}

/// Decides an appeal. Granted, a mute or a block is lifted; words that were taken away do not come back, as the show has
/// moved on.
///
/// # Errors
/// `invalid` for an answer past 500 bytes, `not_found` where no such appeal waits.
pub async fn settle(
    app: &App,
    actor: &Actor,
    show: ShowId,
    offset: u64,
    verdict: Verdict,
    answer: &str,
) -> Result<(), Problem> {
    shows::find_for(app, actor, Act::Moderate, show).await?;
    let by = actor.person_id().ok_or(Code::SignInFirst)?;
    if answer.len() > REASON_BYTES {
        return Err(Problem::field("answer", "too_long"));
    }
    let settled = Settled { verdict, answer: answer.to_owned(), by, at: app.now() };
    let act = app.ports.moderation.settle_appeal(show, offset, settled).await?.ok_or(Code::NotFound)?;
    let room = RoomKey { show, stage: Stage::Live };
    let lifts = match act.kind {
        Kind::Muted { viewer_id, .. } => Some(Command::Unmute { viewer_id }),
        Kind::Blocked { viewer_id, house, .. } => Some(Command::Block { viewer_id, blocked: false, house }),
        _ => None,
    };
    if let Some(command) = lifts.filter(|_| verdict == Verdict::Granted) {
        enter::act(app, actor, room, command, answer.to_owned(), Language::english()).await?;
    }
    let (deed, told) = match verdict {
        Verdict::Granted => (Deed::AppealGranted, "appeal_granted"),
        Verdict::Rejected => (Deed::AppealRejected, "appeal_rejected"),
    };
    app.rooms.tell_viewer(room, act.viewer, &frames::settled(told, answer));
    note(app, actor, Entry::new(deed, act.viewer).detail(answer).of_show(show)).await;
    Ok(())
}
