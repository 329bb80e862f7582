//! Personal API tokens, under the hash of their secret.

use app::access::Act;
use app::ports::{People, PersonRow, StoreError, TokenRow, Tokens};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{PersonId, Timestamp, TokenId};
use sea_orm::QueryResult;

use crate::rows::{document, number, parsed, to_document};
use crate::{Lane, Store, failed};

const COLUMNS: &str = "SELECT id, person_id, name, scopes, created_at, last_used_at FROM api_token";

fn read(row: &QueryResult) -> Result<TokenRow, StoreError> {
    let scopes: Vec<Act> = document(row, "scopes")?;
    let used: Option<i64> = row.try_get("", "last_used_at").map_err(failed)?;
    Ok(TokenRow {
        id: parsed(row, "id")?,
        person: parsed(row, "person_id")?,
        name: row.try_get("", "name").map_err(failed)?,
        scopes,
        created_at: Timestamp::from_unix_micros(number(row, "created_at")?),
        last_used_at: used.map(Timestamp::from_unix_micros),
    })
}

#[async_trait]
impl Tokens for Store {
    async fn add_token(&self, row: TokenRow, token_hash: String) -> Result<(), StoreError> {
        let scopes = to_document(&row.scopes)?;
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let sql = "INSERT INTO api_token (id, token_hash, person_id, name, scopes, created_at) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
                let (id, person) = (row.id.to_string().into(), row.person.to_string().into());
                let values =
                    [id, token_hash.into(), person, row.name.into(), scopes, row.created_at.unix_micros().into()];
                tx.run(sql, values).await.map(drop).map_err(failed)
            }
            .boxed()
        })
        .await
    }

    async fn tokens_of(&self, person: PersonId) -> Result<Vec<TokenRow>, StoreError> {
        let sql = format!("{COLUMNS} WHERE person_id = $1 ORDER BY id DESC");
        self.rows(&sql, [person.to_string().into()]).await?.iter().map(read).collect()
    }

    async fn token(&self, token_hash: &str) -> Result<Option<(TokenRow, PersonRow)>, StoreError> {
        let sql = format!("{COLUMNS} WHERE token_hash = $1");
        let rows = self.rows(&sql, [token_hash.into()]).await?;
        let Some(row) = rows.first().map(read).transpose()? else { return Ok(None) };
        Ok(self.person(row.person).await?.map(|person| (row, person)))
    }

    async fn token_used(&self, id: TokenId, at: Timestamp) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let sql = "UPDATE api_token SET last_used_at = $1 WHERE id = $2";
                tx.run(sql, [at.unix_micros().into(), id.to_string().into()]).await.map(drop).map_err(failed)
            }
            .boxed()
        })
        .await
    }

    async fn revoke_token(&self, person: PersonId, id: TokenId) -> Result<bool, StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let sql = "DELETE FROM api_token WHERE id = $1 AND person_id = $2";
                let gone = tx.run(sql, [id.to_string().into(), person.to_string().into()]).await.map_err(failed)?;
                Ok(gone.rows_affected() > 0)
            }
            .boxed()
        })
        .await
    }
}
