//! The rooms' logs, their words, and chat names. Appends are set-based statements of constant text.

mod rows;

use std::collections::BTreeMap;

use app::ports::{
    Append, AuditRow, ChatNames, Evidence, Moderated, ProductAnswer, ProductAnswers, RoomKey, RoomLog, StoreError,
};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{MessageId, ProductId, ShowId, Timestamp, ViewerId};
use room::{Event, Kind, ROOM_VERSION, Room};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};

pub(crate) use crate::room::rows::event_of;
use crate::room::rows::{EventRows, evidence_row, place, rejoin_words};
use crate::{Lane, Store, Tx, audit, failed};

const INSERT_EVENTS_SQLITE: &str = "INSERT INTO room_event (show_id, stage, place, kind, message_id, programme_ms, at, version, body)
    SELECT $1, $2, e.value ->> 'place', e.value ->> 'kind', e.value ->> 'message_id', e.value ->> 'programme_ms', $3, $4, e.value ->> 'body'
    FROM json_each($5) AS e";
const INSERT_EVENTS_POSTGRES: &str = "INSERT INTO room_event (show_id, stage, place, kind, message_id, programme_ms, at, version, body)
    SELECT $1, $2, (e ->> 'place')::bigint, e ->> 'kind', e ->> 'message_id', (e ->> 'programme_ms')::bigint, $3, $4, e ->> 'body'
    FROM json_array_elements($5::json) AS e";
const INSERT_WORDS_SQLITE: &str = "INSERT INTO room_words (show_id, stage, place, message_id, viewer_id, name, text)
    SELECT $1, $2, e.value ->> 'place', e.value ->> 'message_id', e.value ->> 'viewer_id', e.value ->> 'name', e.value ->> 'text'
    FROM json_each($3) AS e";
const INSERT_WORDS_POSTGRES: &str = "INSERT INTO room_words (show_id, stage, place, message_id, viewer_id, name, text)
    SELECT $1, $2, (e ->> 'place')::bigint, e ->> 'message_id', e ->> 'viewer_id', e ->> 'name', e ->> 'text'
    FROM json_array_elements($3::json) AS e";
const KEEP_EVIDENCE: &str =
    "INSERT INTO room_evidence (message_id, show_id, viewer_id, name, text, removed_by, reason, removed_at)
    SELECT message_id, show_id, viewer_id, name, text, $1, $2, $3 FROM room_words
    WHERE show_id = $4 AND stage = $5 AND message_id = $6 AND text IS NOT NULL
    ON CONFLICT (message_id) DO NOTHING";
const ERASE_WORDS: &str = "UPDATE room_words SET name = NULL, text = NULL, erased_at = $1
    WHERE show_id = $2 AND stage = $3 AND message_id = $4 AND text IS NOT NULL";
const KEEP_MODERATION: &str =
    "INSERT INTO room_moderation (show_id, stage, place, person_id, reason, at, viewer_id) VALUES ($1, $2, $3, $4, $5, $6,
    COALESCE($7, (SELECT viewer_id FROM room_words WHERE show_id = $8 AND stage = $9 AND message_id = $10)))";
const BLOCK: &str = "INSERT INTO chat_block (viewer_id, show_id, person_id, at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (viewer_id) DO NOTHING";
const UNBLOCK: &str = "DELETE FROM chat_block WHERE viewer_id = $1";
const TAIL: &str = "SELECT e.place, e.programme_ms, e.body, w.name, w.text FROM room_event e
    LEFT JOIN room_words w ON w.show_id = e.show_id AND w.stage = e.stage AND w.place = e.place
    WHERE e.show_id = $1 AND e.stage = $2 AND e.place > $3 ORDER BY e.place LIMIT $4";
const ANSWERS: &str = "SELECT e.place, e.programme_ms, e.body, e.at, w.name, w.text FROM room_event e
    LEFT JOIN room_words w ON w.show_id = e.show_id AND w.stage = e.stage AND w.place = e.place
    WHERE e.show_id = $1 AND e.stage = $2 AND e.place > $3 AND e.kind = 'answer' ORDER BY e.place LIMIT $4";
const REPLIES: &str = "SELECT e.show_id, e.place, e.programme_ms, e.body, w.name, w.text, i.number FROM run_item i
    JOIN room_event e ON e.show_id = i.show_id AND e.stage = 'live' AND e.kind = 'reply'
    JOIN room_words w ON w.show_id = e.show_id AND w.stage = e.stage AND w.place = e.place AND w.text IS NOT NULL
    WHERE i.product_id = $1 ORDER BY e.programme_ms DESC LIMIT $2";
const KEEP_FOLD: &str = "INSERT INTO room_fold (show_id, stage, place, version, body) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (show_id, stage) DO UPDATE SET place = excluded.place, version = excluded.version, body = excluded.body";
const NEW_EPOCH_SQLITE: &str =
    "INSERT INTO room_epoch (id, epoch) VALUES (1, lower(hex(randomblob(8)))) ON CONFLICT (id) DO NOTHING";
const NEW_EPOCH_POSTGRES: &str =
    "INSERT INTO room_epoch (id, epoch) VALUES (1, substr(md5(random()::text), 1, 16)) ON CONFLICT (id) DO NOTHING";

impl Store {
    async fn room_rows<const N: usize>(&self, sql: &str, values: [Value; N]) -> Result<Vec<QueryResult>, StoreError> {
        let statement = Statement::from_sql_and_values(self.backend(), sql, values);
        self.read().query_all_raw(statement).await.map_err(failed)
    }

    /// After a restore from a copy: clients that resume are sent to a snapshot.
    pub async fn renew_room_epoch(&self) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, |tx| {
            async move { tx.run("DELETE FROM room_epoch", []).await.map(|_| ()).map_err(failed) }.boxed()
        })
        .await
    }
}

/// Runs the statement of the database that it is.
async fn run<const N: usize>(tx: &Tx, sqlite: &str, postgres: &str, values: [Value; N]) -> Result<(), StoreError> {
    let sql = if tx.get_database_backend() == DbBackend::Sqlite { sqlite } else { postgres };
    tx.run(sql, values).await.map(|_| ()).map_err(failed)
}

async fn append(tx: &Tx, append: Append) -> Result<(), StoreError> {
    let (show, stage) = (append.room.show.to_string(), append.room.stage.as_str());
    let trail: Vec<AuditRow> = append.moderated.iter().filter_map(|why| audit::moderated(&append, why)).collect();
    let is_act = |kind: &Kind| {
        matches!(kind, Kind::Removed { .. } | Kind::Muted { .. } | Kind::Blocked { .. } | Kind::HeldRefused { .. })
    };
    let acts = append.events.iter().filter(|event| is_act(&event.kind));
    let acts: BTreeMap<u64, Kind> = acts.map(|event| (event.offset, event.kind.clone())).collect();
    let rows = EventRows::of(append.events)?;
    let (at, version) = (append.at.unix_micros(), i64::from(room::EVENT_VERSION));
    let values = [show.clone().into(), stage.into(), at.into(), version.into(), rows.events.into()];
    run(tx, INSERT_EVENTS_SQLITE, INSERT_EVENTS_POSTGRES, values).await?;
    if let Some(words) = rows.words {
        run(tx, INSERT_WORDS_SQLITE, INSERT_WORDS_POSTGRES, [show.clone().into(), stage.into(), words.into()]).await?;
    }
    for row in trail {
        audit::add(tx, row).await?;
    }
    for why in &append.moderated {
        let Some(kind) = acts.get(&why.offset) else { continue };
        let taken = match kind {
            Kind::Removed { message_id } | Kind::HeldRefused { message_id } => Some(message_id.to_string()),
            Kind::Blocked { viewer_id, blocked, house: true } => {
                block(tx, append.room, *viewer_id, *blocked, why).await?;
                None
            }
            _ => None,
        };
        let values = [
            show.clone().into(),
            stage.into(),
            place(why.offset)?.into(),
            why.by.to_string().into(),
            why.reason.clone().into(),
            why.at.unix_micros().into(),
            why.viewer.map(|id| id.to_string()).into(),
            show.clone().into(),
            stage.into(),
            taken.into(),
        ];
        tx.run(KEEP_MODERATION, values).await.map_err(failed)?;
    }
    for (offset, message) in rows.removed {
        if let Some(why) = append.moderated.iter().find(|why| why.offset == offset) {
            let values = [
                why.by.to_string().into(),
                why.reason.clone().into(),
                why.at.unix_micros().into(),
                show.clone().into(),
                stage.into(),
                message.to_string().into(),
            ];
            tx.run(KEEP_EVIDENCE, values).await.map_err(failed)?;
        }
        let values = [at.into(), show.clone().into(), stage.into(), message.to_string().into()];
        tx.run(ERASE_WORDS, values).await.map_err(failed)?;
    }
    for message in rows.let_through {
        let values = [at.into(), show.clone().into(), stage.into(), message.to_string().into()];
        tx.run(ERASE_WORDS, values).await.map_err(failed)?;
    }
    Ok(())
}

async fn block(tx: &Tx, room: RoomKey, viewer: ViewerId, blocked: bool, why: &Moderated) -> Result<(), StoreError> {
    if !blocked {
        return tx.run(UNBLOCK, [viewer.to_string().into()]).await.map(drop).map_err(failed);
    }
    let (show, by, at) = (room.show.to_string(), why.by.to_string(), why.at.unix_micros());
    tx.run(BLOCK, [viewer.to_string().into(), show.into(), by.into(), at.into()]).await.map(drop).map_err(failed)
}

#[async_trait]
impl RoomLog for Store {
    async fn epoch(&self) -> Result<String, StoreError> {
        let read = || self.room_rows("SELECT epoch FROM room_epoch WHERE id = 1", []);
        if let Some(row) = read().await?.first() {
            return row.try_get("", "epoch").map_err(failed);
        }
        self.unit(Lane::Ordinary, |tx| run(tx, NEW_EPOCH_SQLITE, NEW_EPOCH_POSTGRES, []).boxed()).await?;
        let rows = read().await?;
        let row = rows.first().ok_or_else(|| StoreError::Failed("the epoch was not kept".into()))?;
        row.try_get("", "epoch").map_err(failed)
    }

    async fn append(&self, events: Append) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| append(tx, events).boxed()).await
    }

    async fn last(&self, room: RoomKey) -> Result<u64, StoreError> {
        let sql = "SELECT COALESCE(MAX(place), 0) AS place FROM room_event WHERE show_id = $1 AND stage = $2";
        let rows = self.room_rows(sql, [room.show.to_string().into(), room.stage.as_str().into()]).await?;
        rows.first().map_or(Ok(0), rows::offset)
    }

    async fn tail(&self, room: RoomKey, after: u64, limit: u32) -> Result<Vec<Event>, StoreError> {
        let values =
            [room.show.to_string().into(), room.stage.as_str().into(), place(after)?.into(), i64::from(limit).into()];
        self.room_rows(TAIL, values).await?.iter().map(event_of).collect()
    }

    async fn answers(&self, room: RoomKey, after: u64, limit: u32) -> Result<Vec<(Event, Timestamp)>, StoreError> {
        let values =
            [room.show.to_string().into(), room.stage.as_str().into(), place(after)?.into(), i64::from(limit).into()];
        let at = |row: &QueryResult| row.try_get("", "at").map(Timestamp::from_unix_micros).map_err(failed);
        self.room_rows(ANSWERS, values).await?.iter().map(|row| Ok((event_of(row)?, at(row)?))).collect()
    }

    async fn fold(&self, room: RoomKey) -> Result<Option<Room>, StoreError> {
        let sql = "SELECT version, body FROM room_fold WHERE show_id = $1 AND stage = $2 AND version = $3";
        let values = [room.show.to_string().into(), room.stage.as_str().into(), i64::from(ROOM_VERSION).into()];
        let rows = self.room_rows(sql, values).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let body: String = row.try_get("", "body").map_err(failed)?;
        let fold: Room = serde_json::from_str(&body).map_err(rows::unreadable)?;
        let sql = "SELECT place, name, text FROM room_words
            WHERE show_id = $1 AND stage = $2 AND place >= $3 AND place <= $4 AND text IS NOT NULL";
        let (from, to) = (fold.first_words_offset().unwrap_or_default(), fold.offset());
        let values = [room.show.to_string().into(), room.stage.as_str().into(), place(from)?.into(), place(to)?.into()];
        rejoin_words(fold, &self.room_rows(sql, values).await?).map(Some)
    }

    async fn keep_fold(&self, room: RoomKey, fold: Room) -> Result<(), StoreError> {
        let body = serde_json::to_string(&fold).map_err(rows::unreadable)?;
        let offset = place(fold.offset())?;
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let values = [
                    room.show.to_string().into(),
                    room.stage.as_str().into(),
                    offset.into(),
                    i64::from(ROOM_VERSION).into(),
                    body.into(),
                ];
                tx.run(KEEP_FOLD, values).await.map(|_| ()).map_err(failed)
            }
            .boxed()
        })
        .await
    }

    async fn find_message(&self, room: RoomKey, message: MessageId) -> Result<Option<u64>, StoreError> {
        let sql = "SELECT place FROM room_event WHERE message_id = $1 AND show_id = $2 AND stage = $3";
        let values = [message.to_string().into(), room.show.to_string().into(), room.stage.as_str().into()];
        self.room_rows(sql, values).await?.first().map(rows::offset).transpose()
    }

    async fn evidence(&self, show: ShowId) -> Result<Vec<Evidence>, StoreError> {
        let sql = "SELECT * FROM room_evidence WHERE show_id = $1 ORDER BY removed_at DESC, message_id DESC LIMIT 100";
        self.room_rows(sql, [show.to_string().into()]).await?.iter().map(evidence_row).collect()
    }
}

#[async_trait]
impl ProductAnswers for Store {
    async fn answers(&self, product: ProductId, limit: u32) -> Result<Vec<ProductAnswer>, StoreError> {
        let rows = self.room_rows(REPLIES, [product.to_string().into(), i64::from(limit).into()]).await?;
        let answer = |row: &QueryResult| rows::answer(row).transpose();
        rows.iter().filter_map(answer).collect()
    }
}

#[async_trait]
impl ChatNames for Store {
    async fn chat_name(&self, viewer: ViewerId) -> Result<Option<String>, StoreError> {
        let rows =
            self.room_rows("SELECT name FROM chat_name WHERE viewer_id = $1", [viewer.to_string().into()]).await?;
        rows.first().map(|row| row.try_get("", "name").map_err(failed)).transpose()
    }

    async fn set_chat_name(&self, viewer: ViewerId, name: &str) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let sql = "INSERT INTO chat_name (viewer_id, name) VALUES ($1, $2)
                    ON CONFLICT (viewer_id) DO UPDATE SET name = excluded.name";
                tx.run(sql, [viewer.to_string().into(), name.into()]).await.map(|_| ()).map_err(failed)
            }
            .boxed()
        })
        .await
    }
}

/// Whether an event's words lie in a row of their own.
pub(crate) fn has_words(kind: &Kind) -> bool {
    kind.words().is_some()
}
