//! The index of recordings.

use app::ports::{MOMENTS, RecordingSums, Recordings, SegmentRow, SetupRow, StoreError};
use app::replay::edit::Edit;
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{Millis, ShowId, Timestamp};
use room::Event;
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};

use crate::room::event_of;
use crate::rows::{document, number, parsed, parsed_or_none, text, to_document};
use crate::{Lane, Store, failed};

const ADD_SETUP: &str =
    "INSERT INTO recording_setup (show_id, setup, codecs, width, height) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (show_id, setup) DO NOTHING";
const ADD_SEGMENT: &str = "INSERT INTO recording_segment
    (show_id, sequence, at_ms, duration_ms, size_bytes, setup, discontinuity, independent, missing)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const SEGMENTS: &str =
    "SELECT * FROM recording_segment WHERE show_id = $1 AND sequence >= $2 ORDER BY sequence LIMIT $3";
/// SUM over BIGINT is a decimal on PostgreSQL.
const SUMS: &str = "CAST(COUNT(*) AS BIGINT) AS segments, CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) AS size_bytes,
    CAST(COALESCE(SUM(CASE WHEN missing IS NULL THEN duration_ms ELSE 0 END), 0) AS BIGINT) AS duration_ms,
    CAST(COALESCE(SUM(CASE WHEN missing IS NULL THEN 0 ELSE duration_ms END), 0) AS BIGINT) AS missing_ms";
/// What is looked at for the question what an hour costs.
const RECENT: &str = "(SELECT * FROM recording_segment ORDER BY at_ms DESC LIMIT 10000) AS recent";
const OVER: &str = "SELECT s.show_id FROM recording_segment s
    WHERE NOT EXISTS (SELECT 1 FROM recording_hold h WHERE h.show_id = s.show_id AND h.held = 1)
    GROUP BY s.show_id HAVING MAX(s.at_ms) < $1 ORDER BY s.show_id LIMIT $2";
const FIRST_EDIT: &str =
    "INSERT INTO replay_edit (show_id, version, body) VALUES ($1, $2 + 1, $3) ON CONFLICT DO NOTHING";
const NEXT_EDIT: &str = "UPDATE replay_edit SET version = $2 + 1, body = $3 WHERE show_id = $1 AND version = $2";
const JUMPS: &str = "SELECT place, programme_ms, body FROM room_event WHERE show_id = $1 AND stage = 'live' AND kind IN
    ('pinned', 'unpinned', 'request_stepped', 'price_changed', 'sale_stopped', 'sale_resumed')
    ORDER BY place LIMIT $2";
const HOLD: &str = "INSERT INTO recording_hold (show_id, held) VALUES ($1, $2)
    ON CONFLICT (show_id) DO UPDATE SET held = excluded.held";

fn segment(row: &QueryResult) -> Result<SegmentRow, StoreError> {
    let missing = parsed_or_none(row, "missing")?;
    Ok(SegmentRow {
        sequence: number(row, "sequence")?,
        at: Timestamp::from_unix_millis(number(row, "at_ms")?),
        duration: Millis(number(row, "duration_ms")?),
        size_bytes: number(row, "size_bytes")?,
        setup: text(row, "setup")?,
        discontinuity: number(row, "discontinuity")? == 1,
        independent: number(row, "independent")? == 1,
        missing,
    })
}

fn setup(row: &QueryResult) -> Result<SetupRow, StoreError> {
    let pixels = |column| {
        let number = number(row, column)?;
        u16::try_from(number).map_err(|_| StoreError::Failed(format!("unreadable in the store: {column} {number}")))
    };
    Ok(SetupRow {
        id: text(row, "setup")?,
        codecs: text(row, "codecs")?,
        width: pixels("width")?,
        height: pixels("height")?,
    })
}

fn sums(rows: &[QueryResult]) -> Result<RecordingSums, StoreError> {
    let row = rows.first().ok_or_else(|| StoreError::Failed("no sums came back".into()))?;
    Ok(RecordingSums {
        segments: number(row, "segments")?,
        duration: Millis(number(row, "duration_ms")?),
        missing: Millis(number(row, "missing_ms")?),
        size_bytes: number(row, "size_bytes")?,
    })
}

/// Sums over the newest recordings of any house.
pub(crate) async fn recent(db: &impl ConnectionTrait) -> Result<RecordingSums, StoreError> {
    let query = Statement::from_string(db.get_database_backend(), format!("SELECT {SUMS} FROM {RECENT}"));
    sums(&db.query_all_raw(query).await.map_err(failed)?)
}

impl Store {
    async fn put<const N: usize>(&self, sql: &'static str, values: [Value; N]) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move { tx.run(sql, values).await.map(|_| ()).map_err(failed) }.boxed()
        })
        .await
    }
}

#[async_trait]
impl Recordings for Store {
    async fn add_setup(&self, show: ShowId, setup: SetupRow) -> Result<(), StoreError> {
        let SetupRow { id, codecs, width, height } = setup;
        let values =
            [show.to_string().into(), id.into(), codecs.into(), i64::from(width).into(), i64::from(height).into()];
        self.put(ADD_SETUP, values).await
    }

    async fn add_segment(&self, show: ShowId, segment: SegmentRow) -> Result<(), StoreError> {
        let values = [
            show.to_string().into(),
            segment.sequence.into(),
            segment.at.unix_millis().into(),
            segment.duration.0.into(),
            segment.size_bytes.into(),
            segment.setup.into(),
            i64::from(segment.discontinuity).into(),
            i64::from(segment.independent).into(),
            segment.missing.map(|missing| missing.as_str()).into(),
        ];
        self.put(ADD_SEGMENT, values).await
    }

    async fn setups(&self, show: ShowId) -> Result<Vec<SetupRow>, StoreError> {
        let sql = "SELECT * FROM recording_setup WHERE show_id = $1 ORDER BY setup";
        self.rows(sql, [show.to_string().into()]).await?.iter().map(setup).collect()
    }

    async fn segments(&self, show: ShowId, from: i64, limit: u32) -> Result<Vec<SegmentRow>, StoreError> {
        let values = [show.to_string().into(), from.into(), i64::from(limit).into()];
        self.rows(SEGMENTS, values).await?.iter().map(segment).collect()
    }

    async fn sums(&self, show: ShowId) -> Result<RecordingSums, StoreError> {
        let sql = format!("SELECT {SUMS} FROM recording_segment WHERE show_id = $1");
        sums(&self.rows(&sql, [show.to_string().into()]).await?)
    }

    async fn over(&self, ended_before: Timestamp, limit: u32) -> Result<Vec<ShowId>, StoreError> {
        let rows = self.rows(OVER, [ended_before.unix_millis().into(), i64::from(limit).into()]).await?;
        rows.iter().map(|row| parsed(row, "show_id")).collect()
    }

    async fn forget(&self, show: ShowId) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                for sql in [
                    "DELETE FROM recording_segment WHERE show_id = $1",
                    "DELETE FROM recording_setup WHERE show_id = $1",
                    "DELETE FROM recording_hold WHERE show_id = $1",
                    "DELETE FROM replay_edit WHERE show_id = $1",
                ] {
                    tx.run(sql, [show.to_string().into()]).await.map_err(failed)?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
    }

    async fn held(&self, show: ShowId) -> Result<bool, StoreError> {
        let sql = "SELECT held FROM recording_hold WHERE show_id = $1";
        let rows = self.rows(sql, [show.to_string().into()]).await?;
        rows.first().map_or(Ok(false), |row| Ok(number(row, "held")? == 1))
    }

    async fn hold(&self, show: ShowId, held: bool) -> Result<(), StoreError> {
        self.put(HOLD, [show.to_string().into(), i64::from(held).into()]).await
    }

    async fn edit(&self, show: ShowId) -> Result<Option<(i64, Edit)>, StoreError> {
        let sql = "SELECT version, body FROM replay_edit WHERE show_id = $1";
        let rows = self.rows(sql, [show.to_string().into()]).await?;
        rows.first().map(|row| Ok((number(row, "version")?, document(row, "body")?))).transpose()
    }

    async fn save_edit(&self, show: ShowId, version: i64, edit: Edit) -> Result<(), StoreError> {
        let body = to_document(&edit)?;
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let values = [show.to_string().into(), version.into(), body];
                let saved = tx.run(if version == 0 { FIRST_EDIT } else { NEXT_EDIT }, values).await.map_err(failed)?;
                if saved.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Changed) }
            }
            .boxed()
        })
        .await
    }

    async fn moments(&self, show: ShowId) -> Result<Vec<Event>, StoreError> {
        self.rows(JUMPS, [show.to_string().into(), i64::from(MOMENTS).into()]).await?.iter().map(event_of).collect()
    }
}
