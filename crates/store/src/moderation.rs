//! Reports, appeals and blocks. The acts of moderators are written by the room's log, in its commit.

use app::ports::{
    ActOn, Appeal, AppealRow, Moderation, Reason, ReportRow, Reported, SUBJECT_REPORTS, Settled, StoreError, Subject,
    Verdict,
};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{MessageId, ShowId, Timestamp, ViewerId};
use room::{Kind, Words};
use sea_orm::QueryResult;

use crate::rows::{number, number_or_none, parsed, parsed_or_none, text, text_or_none};
use crate::text::from_json;
use crate::{Lane, Store, failed};

const ADD_REPORT: &str = "INSERT INTO report (id, show_id, viewer_id, subject, subject_id, reason, note, at)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE $9 >
    (SELECT COUNT(*) FROM report WHERE show_id = $10 AND viewer_id = $11 AND verdict IS NULL)
    ON CONFLICT (show_id, viewer_id, subject, subject_id) DO NOTHING";
const OPEN_REPORTS: &str = "SELECT r.*, w.viewer_id AS said_by, w.name AS said_name, w.text AS said_text FROM report r
    LEFT JOIN room_words w ON r.subject = 'message' AND w.message_id = r.subject_id AND w.text IS NOT NULL
    WHERE r.show_id = $1 AND r.verdict IS NULL ORDER BY r.id LIMIT $2";
const REPORTERS: &str = "SELECT viewer_id FROM report
    WHERE show_id = $1 AND subject = $2 AND subject_id = $3 AND verdict IS NULL ORDER BY id";
const SETTLE_REPORTS: &str = "UPDATE report SET verdict = $1, answer = $2, settled_by = $3, settled_at = $4
    WHERE show_id = $5 AND subject = $6 AND subject_id = $7 AND verdict IS NULL";
const ACTS: &str =
    "SELECT m.show_id, m.place, m.viewer_id, m.person_id, m.reason, m.at AS acted_at, e.body, a.text, a.at,
    a.verdict, a.answer, a.settled_by, a.settled_at FROM room_moderation m
    JOIN room_event e ON e.show_id = m.show_id AND e.stage = m.stage AND e.place = m.place
    LEFT JOIN appeal a ON a.show_id = m.show_id AND a.place = m.place
    WHERE m.stage = 'live' AND m.viewer_id IS NOT NULL";
const EVIDENCE: &str = "SELECT message_id, name, text FROM room_evidence WHERE show_id = $1 AND viewer_id = $2";
const ADD_APPEAL: &str = "INSERT INTO appeal (show_id, place, viewer_id, text, at)
    SELECT show_id, place, viewer_id, $1, $2 FROM room_moderation
    WHERE show_id = $3 AND place = $4 AND viewer_id = $5 AND stage = 'live' ON CONFLICT (show_id, place) DO NOTHING";
const SETTLE_APPEAL: &str = "UPDATE appeal SET verdict = $1, answer = $2, settled_by = $3, settled_at = $4
    WHERE show_id = $5 AND place = $6 AND verdict IS NULL";
const HAS_PAID: &str = "SELECT id FROM orders WHERE viewer_id = $1 AND rehearsal = 0
    AND state IN ('paid', 'partly_sent', 'sent', 'delivered') LIMIT 1";

const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Granted => "granted",
        Verdict::Rejected => "rejected",
    }
}

fn settled(row: &QueryResult) -> Result<Option<Settled>, StoreError> {
    let verdict = match text_or_none(row, "verdict")?.as_deref() {
        None => return Ok(None),
        Some("granted") => Verdict::Granted,
        Some(_) => Verdict::Rejected,
    };
    let at = Timestamp::from_unix_micros(number(row, "settled_at")?);
    Ok(Some(Settled { verdict, answer: text(row, "answer")?, by: parsed(row, "settled_by")?, at }))
}

fn unreadable(what: &str) -> StoreError {
    StoreError::Failed(format!("unreadable in the store: {what}"))
}

fn report(row: &QueryResult) -> Result<ReportRow, StoreError> {
    let (kind, id, reason) = (text(row, "subject")?, text(row, "subject_id")?, text(row, "reason")?);
    Ok(ReportRow {
        id: parsed(row, "id")?,
        show: parsed(row, "show_id")?,
        viewer: parsed(row, "viewer_id")?,
        subject: Subject::read(&kind, &id).ok_or_else(|| unreadable(&kind))?,
        reason: Reason::read(&reason).ok_or_else(|| unreadable(&reason))?,
        note: text(row, "note")?,
        at: Timestamp::from_unix_micros(number(row, "at")?),
        settled: settled(row)?,
    })
}

fn reported(row: &QueryResult) -> Result<Reported, StoreError> {
    let words = text_or_none(row, "said_name")?.zip(text_or_none(row, "said_text")?);
    let said = parsed_or_none::<ViewerId>(row, "said_by")?.zip(words);
    Ok(Reported { report: report(row)?, said: said.map(|(by, (name, text))| (by, Words { name, text })) })
}

fn act(row: &QueryResult) -> Result<ActOn, StoreError> {
    let appeal = match text_or_none(row, "text")? {
        None => None,
        Some(text) => {
            let at = Timestamp::from_unix_micros(number_or_none(row, "at")?.unwrap_or_default());
            Some(Appeal { text, at, settled: settled(row)? })
        }
    };
    Ok(ActOn {
        offset: u64::try_from(number(row, "place")?).map_err(|_| unreadable("a place before the log"))?,
        viewer: parsed(row, "viewer_id")?,
        by: parsed(row, "person_id")?,
        kind: from_json(&text(row, "body")?)?,
        reason: text(row, "reason")?,
        at: Timestamp::from_unix_micros(number(row, "acted_at")?),
        words: None,
        appeal,
    })
}

impl Store {
    /// With the words that were taken away.
    async fn with_words(&self, show: ShowId, mut acts: Vec<ActOn>) -> Result<Vec<ActOn>, StoreError> {
        for act in &mut acts {
            let (Kind::Removed { message_id } | Kind::HeldRefused { message_id }) = act.kind else { continue };
            let rows = self.rows(EVIDENCE, [show.to_string().into(), act.viewer.to_string().into()]).await?;
            for row in &rows {
                if parsed::<MessageId>(row, "message_id")? == message_id {
                    act.words = Some(Words { name: text(row, "name")?, text: text(row, "text")? });
                }
            }
        }
        Ok(acts)
    }
}

#[async_trait]
impl Moderation for Store {
    async fn add_report(&self, row: ReportRow, bound: u32) -> Result<bool, StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let (show, viewer) = (row.show.to_string(), row.viewer.to_string());
                let values = [
                    row.id.to_string().into(),
                    show.clone().into(),
                    viewer.clone().into(),
                    row.subject.kind().into(),
                    row.subject.id().into(),
                    row.reason.as_str().into(),
                    row.note.into(),
                    row.at.unix_micros().into(),
                    i64::from(bound).into(),
                    show.into(),
                    viewer.into(),
                ];
                Ok(tx.run(ADD_REPORT, values).await.map_err(failed)?.rows_affected() > 0)
            }
            .boxed()
        })
        .await
    }

    async fn open_reports(&self, show: ShowId) -> Result<Vec<Reported>, StoreError> {
        let values = [show.to_string().into(), i64::from(SUBJECT_REPORTS).into()];
        self.rows(OPEN_REPORTS, values).await?.iter().map(reported).collect()
    }

    async fn settle_reports(
        &self,
        show: ShowId,
        subject: Subject,
        settled: Settled,
    ) -> Result<Vec<ViewerId>, StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let about = || [show.to_string().into(), subject.kind().into(), subject.id().into()];
                let rows = tx.rows(REPORTERS, about()).await.map_err(failed)?;
                let [show, kind, id] = about();
                let values = [
                    verdict(settled.verdict).into(),
                    settled.answer.into(),
                    settled.by.to_string().into(),
                    settled.at.unix_micros().into(),
                    show,
                    kind,
                    id,
                ];
                tx.run(SETTLE_REPORTS, values).await.map_err(failed)?;
                rows.iter().map(|row| parsed(row, "viewer_id")).collect()
            }
            .boxed()
        })
        .await
    }

    async fn reports_by(&self, show: ShowId, viewer: ViewerId) -> Result<Vec<ReportRow>, StoreError> {
        let sql = "SELECT * FROM report WHERE show_id = $1 AND viewer_id = $2 ORDER BY at DESC, id DESC LIMIT 50";
        self.rows(sql, [show.to_string().into(), viewer.to_string().into()]).await?.iter().map(report).collect()
    }

    async fn acts_on(&self, show: ShowId, viewer: ViewerId) -> Result<Vec<ActOn>, StoreError> {
        let sql = format!("{ACTS} AND m.show_id = $1 AND m.viewer_id = $2 ORDER BY m.place DESC LIMIT 50");
        let rows = self.rows(&sql, [show.to_string().into(), viewer.to_string().into()]).await?;
        self.with_words(show, rows.iter().map(act).collect::<Result<_, _>>()?).await
    }

    async fn add_appeal(
        &self,
        show: ShowId,
        viewer: ViewerId,
        offset: u64,
        appeal: Appeal,
    ) -> Result<bool, StoreError> {
        let Ok(place) = i64::try_from(offset) else { return Ok(false) };
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let values = [
                    appeal.text.into(),
                    appeal.at.unix_micros().into(),
                    show.to_string().into(),
                    place.into(),
                    viewer.to_string().into(),
                ];
                Ok(tx.run(ADD_APPEAL, values).await.map_err(failed)?.rows_affected() > 0)
            }
            .boxed()
        })
        .await
    }

    async fn open_appeals(&self, show: ShowId) -> Result<Vec<AppealRow>, StoreError> {
        let sql =
            format!("{ACTS} AND m.show_id = $1 AND a.text IS NOT NULL AND a.verdict IS NULL ORDER BY a.at LIMIT 100");
        let rows = self.rows(&sql, [show.to_string().into()]).await?;
        let acts = self.with_words(show, rows.iter().map(act).collect::<Result<_, _>>()?).await?;
        Ok(acts.into_iter().map(|act| AppealRow { show, act }).collect())
    }

    async fn settle_appeal(&self, show: ShowId, offset: u64, settled: Settled) -> Result<Option<ActOn>, StoreError> {
        let Ok(place) = i64::try_from(offset) else { return Ok(None) };
        let done = self.unit(Lane::Ordinary, move |tx| {
            async move {
                let values = [
                    verdict(settled.verdict).into(),
                    settled.answer.into(),
                    settled.by.to_string().into(),
                    settled.at.unix_micros().into(),
                    show.to_string().into(),
                    place.into(),
                ];
                Ok(tx.run(SETTLE_APPEAL, values).await.map_err(failed)?.rows_affected() > 0)
            }
            .boxed()
        });
        if !done.await? {
            return Ok(None);
        }
        let sql = format!("{ACTS} AND m.show_id = $1 AND m.place = $2");
        self.rows(&sql, [show.to_string().into(), place.into()]).await?.first().map(act).transpose()
    }

    async fn blocked(&self) -> Result<Vec<ViewerId>, StoreError> {
        let rows = self.rows("SELECT viewer_id FROM chat_block ORDER BY viewer_id", []).await?;
        rows.iter().map(|row| parsed(row, "viewer_id")).collect()
    }

    async fn has_paid(&self, buyer: ViewerId) -> Result<bool, StoreError> {
        Ok(!self.rows(HAS_PAID, [buyer.to_string().into()]).await?.is_empty())
    }
}
