//! Questions as rows.

use app::ports::{Questions, StoreError, TriviaRow, TriviaStanding};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{DropId, ShowId};
use sea_orm::QueryResult;

use super::TillStore;
use super::sql::{json as document, parsed, written};
use crate::{Lane, failed};

const KEEP: &str = "INSERT INTO trivia (id, show_id, question, standing) VALUES ($1, $2, $3, $4)
    ON CONFLICT (id) DO UPDATE SET question = excluded.question WHERE trivia.standing = excluded.standing";
const REMOVE: &str = "DELETE FROM trivia WHERE id = $1 AND standing = $2";
const MOVE: &str = "UPDATE trivia SET standing = $1 WHERE id = $2 AND standing = $3";

fn read(row: &QueryResult) -> Result<TriviaRow, StoreError> {
    Ok(TriviaRow {
        id: parsed(row, "id")?,
        show: parsed(row, "show_id")?,
        question: document(row, "question")?,
        standing: document(row, "standing")?,
    })
}

impl TillStore {
    /// Returns whether a row was changed.
    async fn changed<const N: usize>(
        &self,
        sql: &'static str,
        values: [sea_orm::Value; N],
    ) -> Result<bool, StoreError> {
        self.store
            .unit(Lane::Ordinary, move |tx| {
                async move { Ok(tx.run(sql, values).await.map_err(failed)?.rows_affected() > 0) }.boxed()
            })
            .await
    }
}

#[async_trait]
impl Questions for TillStore {
    async fn plan_trivia(&self, row: TriviaRow) -> Result<(), StoreError> {
        let TriviaRow { id, show, question, .. } = row;
        let values = [
            id.to_string().into(),
            show.to_string().into(),
            written(&question).into(),
            written(&TriviaStanding::Waiting).into(),
        ];
        if self.changed(KEEP, values).await? { Ok(()) } else { Err(StoreError::Changed) }
    }

    async fn unplan_trivia(&self, id: DropId) -> Result<bool, StoreError> {
        self.changed(REMOVE, [id.to_string().into(), written(&TriviaStanding::Waiting).into()]).await
    }

    async fn trivia(&self, id: DropId) -> Result<Option<TriviaRow>, StoreError> {
        let rows = self.found("SELECT * FROM trivia WHERE id = $1", vec![id.to_string().into()]).await?;
        rows.first().map(read).transpose()
    }

    async fn trivia_of_show(&self, show: ShowId) -> Result<Vec<TriviaRow>, StoreError> {
        let sql = "SELECT * FROM trivia WHERE show_id = $1 ORDER BY id";
        self.found(sql, vec![show.to_string().into()]).await?.iter().map(read).collect()
    }

    async fn move_trivia(&self, id: DropId, from: TriviaStanding, to: TriviaStanding) -> Result<bool, StoreError> {
        self.changed(MOVE, [written(&to).into(), id.to_string().into(), written(&from).into()]).await
    }
}
