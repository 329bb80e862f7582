//! Viewers report a line, a piece or a show; somebody of the shop reads it and says what came of it.

use std::collections::BTreeMap;

use kernel::{EntryId, Language, ShowId, Timestamp, ViewerId};
use room::limits::REASON_BYTES;
use room::{Command, Words};

use super::{enter, frames};
use crate::access::Act;
use crate::audit::{Deed, Entry, note};
use crate::ports::{Reason, ReportRow, Reported, RoomKey, Settled, Stage, Subject, Verdict};
use crate::{Actor, App, Code, Problem, shows};

/// Reports of one viewer in one show that are not settled.
const OPEN_OF_VIEWER: u32 = 20;
/// What viewers wrote that one entry of the queue shows.
const NOTES: usize = 5;

/// What is reported, once for all who did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedThing {
    pub subject: Subject,
    /// How many reported it for what.
    pub reasons: BTreeMap<Reason, u32>,
    /// The newest of what they wrote.
    pub notes: Vec<String>,
    pub first_at: Timestamp,
    /// Who said what, where it is a line that still stands.
    pub said: Option<(ViewerId, Words)>,
}

const fn live(show: ShowId) -> RoomKey {
    RoomKey { show, stage: Stage::Live }
}

/// Reports it; a thing that this viewer has reported before stays reported once.
///
/// # Errors
/// `viewer_needed`, `not_found` for what the show does not have, `invalid` for a note past 500 bytes.
pub async fn report(
    app: &App,
    actor: &Actor,
    show: ShowId,
    subject: Subject,
    reason: Reason,
    note: &str,
) -> Result<(), Problem> {
    let viewer = actor.viewer.ok_or(Code::ViewerNeeded)?;
    let row = shows::find(app, show).await?;
    let note = note.trim();
    if note.len() > REASON_BYTES {
        return Err(Problem::field("note", "too_long"));
    }
    let there = match subject {
        Subject::Message(id) => app.rooms.log().find_message(live(show), id).await?.is_some(),
        Subject::Product(number) => row.run_sheet.items.iter().any(|item| item.number == number),
        Subject::Show => true,
    };
    if !there {
        return Err(Code::NotFound.into());
    }
    let at = app.now();
    let id = app.entropy.draw(|random| EntryId::mint(at, random));
    let row = ReportRow { id, show, viewer, subject, reason, note: note.to_owned(), at, settled: None };
    app.ports.moderation.add_report(row, OPEN_OF_VIEWER).await?;
    Ok(())
}

/// The viewer's own, newest first.
pub async fn mine(app: &App, actor: &Actor, show: ShowId) -> Result<Vec<ReportRow>, Problem> {
    let viewer = actor.viewer.ok_or(Code::ViewerNeeded)?;
    Ok(app.ports.moderation.reports_by(show, viewer).await?)
}

/// What waits in a show, most reported first; lines that are gone meanwhile are left out.
pub async fn open(app: &App, actor: &Actor, show: ShowId) -> Result<Vec<ReportedThing>, Problem> {
    shows::find_for(app, actor, Act::Moderate, show).await?;
    let mut things: BTreeMap<Subject, ReportedThing> = BTreeMap::new();
    for Reported { report, said } in app.ports.moderation.open_reports(show).await? {
        if matches!(report.subject, Subject::Message(_)) && said.is_none() {
            continue;
        }
        let thing = things.entry(report.subject).or_insert_with(|| ReportedThing {
            subject: report.subject,
            reasons: BTreeMap::new(),
            notes: Vec::new(),
            first_at: report.at,
            said,
        });
        *thing.reasons.entry(report.reason).or_default() += 1;
        if !report.note.is_empty() {
            thing.notes.push(report.note);
            thing.notes.drain(..thing.notes.len().saturating_sub(NOTES));
        }
    }
    let mut things: Vec<_> = things.into_values().collect();
    things.sort_by_key(|thing| (std::cmp::Reverse(thing.reasons.values().sum::<u32>()), thing.first_at));
    Ok(things)
}

/// Says what came of it, to all who reported it. A line that was rightly reported is removed, for this reason.
///
/// # Errors
/// `invalid` for an answer past 500 bytes, `not_found` where nobody has reported it, and as removing it is refused.
pub async fn settle(
    app: &App,
    actor: &Actor,
    show: ShowId,
    subject: Subject,
    verdict: Verdict,
    answer: &str,
) -> Result<(), Problem> {
    shows::find_for(app, actor, Act::Moderate, show).await?;
    let by = actor.person_id().ok_or(Code::SignInFirst)?;
    if answer.len() > REASON_BYTES {
        return Err(Problem::field("answer", "too_long"));
    }
    if let (Subject::Message(message_id), Verdict::Granted) = (subject, verdict) {
        let remove = Command::Remove { message_id, older: false };
        enter::act(app, actor, live(show), remove, answer.to_owned(), Language::english()).await?;
    }
    let settled = Settled { verdict, answer: answer.to_owned(), by, at: app.now() };
    let reporters = app.ports.moderation.settle_reports(show, subject, settled).await?;
    if reporters.is_empty() {
        return Err(Code::NotFound.into());
    }
    let (deed, act) = match verdict {
        Verdict::Granted => (Deed::ReportUpheld, "report_upheld"),
        Verdict::Rejected => (Deed::ReportDismissed, "report_dismissed"),
    };
    let frame = frames::settled(act, answer);
    reporters.iter().for_each(|viewer| app.rooms.tell_viewer(live(show), *viewer, &frame));
    let what = format!("{} {}", subject.kind(), subject.id());
    note(app, actor, Entry::new(deed, what.trim_end()).detail(answer).of_show(show)).await;
    Ok(())
}
