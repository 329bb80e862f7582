//! The trail of what staff did.

use app::audit::Deed;
use app::ports::{Append, Audit, AuditRow, Moderated, StoreError};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{EntryId, ShowId, Timestamp};
use room::{ChatRules, How, Kind, Links, PollPhase, Reply, Review, Step, WhoWrites};
use sea_orm::QueryResult;

use crate::rows::{number, parsed, parsed_or_none};
use crate::{Lane, Store, Tx, failed};

/// Adds a row inside a unit of work.
pub(crate) async fn add(tx: &Tx, row: AuditRow) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO audit (id, at, person_id, act, subject, detail, show_id) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        row.id.to_string().into(),
        row.at.unix_micros().into(),
        row.person.map(|id| id.to_string()).into(),
        row.act.into(),
        row.subject.into(),
        row.detail.into(),
        row.show.map(|id| id.to_string()).into(),
    ];
    tx.run(sql, values).await.map(drop).map_err(failed)
}

/// What a moderator's act looks like in the trail. Words that were removed are not in it: they are evidence.
pub(crate) fn moderated(append: &Append, why: &Moderated) -> Option<AuditRow> {
    let event = append.events.iter().find(|event| event.offset == why.offset)?;
    let (deed, subject) = match &event.kind {
        Kind::Removed { message_id } => (Deed::MessageRemoved, message_id.to_string()),
        Kind::HeldRefused { message_id } => (Deed::MessageRefused, message_id.to_string()),
        Kind::Message { id, held: Some(_), .. } => (Deed::MessageLetThrough, id.to_string()),
        Kind::Muted { viewer_id, until_ms } if *until_ms <= event.programme_ms => {
            (Deed::ViewerUnmuted, viewer_id.to_string())
        }
        Kind::Muted { viewer_id, .. } => (Deed::ViewerMuted, viewer_id.to_string()),
        Kind::Blocked { viewer_id, blocked: true, .. } => (Deed::ViewerBlocked, viewer_id.to_string()),
        Kind::Blocked { viewer_id, .. } => (Deed::ViewerUnblocked, viewer_id.to_string()),
        Kind::Rules(rules) => (Deed::ChatRulesSet, rules_told(rules)),
        Kind::Pinned { number } => (Deed::PiecePinned, number.to_string()),
        Kind::Unpinned {} => (Deed::PieceUnpinned, String::new()),
        Kind::Announcement { text } => (Deed::Announced, text.clone()),
        Kind::RequestStepped { id, step, .. } => (Deed::RequestStepped, format!("{} {id}", step_told(*step))),
        Kind::QuestionMarked { message_id } => (Deed::QuestionMarked, message_id.to_string()),
        Kind::Reply(reply) => (Deed::QuestionAnswered, format!("{} {}", how_told(reply), reply.message_id)),
        Kind::CommentPinned { message_id, .. } => (Deed::CommentPinned, message_id.to_string()),
        Kind::CommentUnpinned {} => (Deed::CommentUnpinned, String::new()),
        Kind::Poll(poll) if poll.phase == PollPhase::Open => (Deed::PollOpened, poll.question.clone()),
        Kind::Poll(poll) => (Deed::PollClosed, poll.question.clone()),
        Kind::PollCleared {} => (Deed::PollCleared, String::new()),
        _ => return None,
    };
    Some(AuditRow {
        id: why.entry,
        at: why.at,
        person: Some(why.by),
        act: deed.as_str().into(),
        subject,
        detail: Some(why.reason.clone()).filter(|reason| !reason.is_empty()),
        show: Some(append.room.show),
    })
}

/// The rules in force, as permanent words: `slow_s 30, buyers, review first, links hold`; `none`.
fn rules_told(rules: &ChatRules) -> String {
    let slow = (rules.slow_s > 0).then(|| format!("slow_s {}", rules.slow_s));
    let who = (rules.who == WhoWrites::Buyers).then(|| "buyers".to_owned());
    let review = match rules.review {
        Review::Listed => None,
        Review::First => Some("review first".to_owned()),
        Review::All => Some("review all".to_owned()),
    };
    let links = (rules.links == Links::Hold).then(|| "links hold".to_owned());
    let told: Vec<String> = [slow, who, review, links].into_iter().flatten().collect();
    if told.is_empty() { "none".into() } else { told.join(", ") }
}

const fn step_told(step: Step) -> &'static str {
    match step {
        Step::Asked => "asked",
        Step::Accepted => "accepted",
        Step::Shown => "shown",
        Step::Declined => "declined",
    }
}

const fn how_told(reply: &Reply) -> &'static str {
    match reply.how {
        How::Text if reply.private => "private",
        How::Text => "text",
        How::OnAir => "on_air",
        How::Dismissed => "dismissed",
    }
}

fn read(row: &QueryResult) -> Result<(AuditRow, Option<String>), StoreError> {
    let text = |column: &str| row.try_get::<String>("", column).map_err(failed);
    let entry = AuditRow {
        id: parsed(row, "id")?,
        at: Timestamp::from_unix_micros(number(row, "at")?),
        person: parsed_or_none(row, "person_id")?,
        act: text("act")?,
        subject: text("subject")?,
        detail: row.try_get("", "detail").map_err(failed)?,
        show: parsed_or_none(row, "show_id")?,
    };
    Ok((entry, row.try_get("", "name").map_err(failed)?))
}

#[async_trait]
impl Audit for Store {
    async fn add_entry(&self, row: AuditRow) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| add(tx, row).boxed()).await
    }

    async fn entries(
        &self,
        show: Option<ShowId>,
        after: Option<EntryId>,
        limit: u32,
    ) -> Result<Vec<(AuditRow, Option<String>)>, StoreError> {
        // An id is text of digits and capitals: ~ stands behind them all.
        let before = after.map_or_else(|| "~".to_owned(), |id| id.to_string());
        // A muted viewer's id may be a person's too, and stays an id: only acts on staff are read as names.
        let columns = format!(
            "SELECT a.id, a.at, a.person_id, a.act, COALESCE(NULLIF(s.name, ''), i.email, a.subject) AS subject, \
             a.detail, a.show_id, p.name FROM audit a LEFT JOIN person p ON p.id = a.person_id \
             LEFT JOIN person s ON s.id = a.subject AND a.act IN ('{}', '{}') \
             LEFT JOIN invitation i ON i.id = a.subject",
            Deed::PersonJoined.as_str(),
            Deed::RolesChanged.as_str()
        );
        let rows = match show {
            Some(show) => {
                let sql = format!("{columns} WHERE a.show_id = $1 AND a.id < $2 ORDER BY a.id DESC LIMIT $3");
                self.rows(&sql, [show.to_string().into(), before.into(), i64::from(limit).into()]).await?
            }
            None => {
                let sql = format!("{columns} WHERE a.id < $1 ORDER BY a.id DESC LIMIT $2");
                self.rows(&sql, [before.into(), i64::from(limit).into()]).await?
            }
        };
        rows.iter().map(read).collect()
    }
}
