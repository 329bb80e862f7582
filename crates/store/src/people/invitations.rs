//! Invitations, each accepted once.

use app::ports::{Acceptance, InvitationRow, Invitations, Joined, StoreError};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{InvitationId, PersonId, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryResult};

use super::entity::person;
use super::rows::{membership_of, scope_columns};
use crate::rows::{number, parsed, parsed_or_none};
use crate::text::parse;
use crate::{Lane, Store, Tx, failed};

const COLUMNS: &str = "SELECT id, email, role, scope_kind, scope_id, invited_by, created_at, until FROM invitation";

fn text(row: &QueryResult, column: &str) -> Result<String, StoreError> {
    row.try_get("", column).map_err(failed)
}

fn read(row: &QueryResult) -> Result<InvitationRow, StoreError> {
    Ok(InvitationRow {
        id: parsed(row, "id")?,
        email: text(row, "email")?,
        membership: membership_of(&text(row, "role")?, &text(row, "scope_kind")?, &text(row, "scope_id")?)?,
        invited_by: parsed_or_none(row, "invited_by")?,
        created_at: Timestamp::from_unix_micros(number(row, "created_at")?),
        until: Timestamp::from_unix_micros(number(row, "until")?),
    })
}

/// The e-mail's owner as staff: made, or taken as they are. Says who, and whether they were staff before.
async fn become_staff(tx: &Tx, email: &str, acceptance: Acceptance) -> Result<(PersonId, bool), StoreError> {
    let known = person::Entity::find().filter(person::Column::Email.eq(email)).one(tx).await.map_err(failed)?;
    let Acceptance { person, name, password_hash, now, .. } = acceptance;
    match known {
        Some(known) if known.kind == "staff" => Ok((parse(&known.id)?, true)),
        // A buyer's account goes on as a staff member's, with its orders.
        Some(known) => {
            let sql = "UPDATE person SET kind = 'staff', name = $1, password_hash = $2 WHERE id = $3";
            let values = [name.into(), password_hash.into(), known.id.clone().into()];
            tx.run(sql, values).await.map_err(failed)?;
            Ok((parse(&known.id)?, false))
        }
        None => {
            let sql = "INSERT INTO person (id, kind, name, email, password_hash, created_at) \
                       VALUES ($1, 'staff', $2, $3, $4, $5)";
            let id = person.to_string().into();
            let values = [id, name.into(), email.into(), password_hash.into(), now.unix_micros().into()];
            tx.run(sql, values).await.map_err(failed)?;
            Ok((person, false))
        }
    }
}

#[async_trait]
impl Invitations for Store {
    async fn add_invitation(&self, row: InvitationRow, token_hash: String) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let sql = "INSERT INTO invitation \
                           (id, email, role, scope_kind, scope_id, token_hash, invited_by, created_at, until) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
                let (kind, scope) = scope_columns(row.membership.scope);
                let values = [
                    row.id.to_string().into(),
                    row.email.into(),
                    row.membership.role.as_str().into(),
                    kind.into(),
                    scope.into(),
                    token_hash.into(),
                    row.invited_by.map(|id| id.to_string()).into(),
                    row.created_at.unix_micros().into(),
                    row.until.unix_micros().into(),
                ];
                tx.run(sql, values).await.map(drop).map_err(failed)
            }
            .boxed()
        })
        .await
    }

    async fn open_invitations(&self, now: Timestamp) -> Result<Vec<InvitationRow>, StoreError> {
        let sql = format!("{COLUMNS} WHERE used_at IS NULL AND until > $1 ORDER BY id DESC");
        self.rows(&sql, [now.unix_micros().into()]).await?.iter().map(read).collect()
    }

    async fn invitation(&self, token_hash: &str, now: Timestamp) -> Result<Option<InvitationRow>, StoreError> {
        let sql = format!("{COLUMNS} WHERE token_hash = $1 AND used_at IS NULL AND until > $2");
        self.rows(&sql, [token_hash.into(), now.unix_micros().into()]).await?.first().map(read).transpose()
    }

    async fn withdraw(&self, id: InvitationId) -> Result<bool, StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let sql = "DELETE FROM invitation WHERE id = $1 AND used_at IS NULL";
                let gone = tx.run(sql, [id.to_string().into()]).await.map_err(failed)?;
                Ok(gone.rows_affected() > 0)
            }
            .boxed()
        })
        .await
    }

    async fn accept(&self, acceptance: Acceptance) -> Result<Option<Joined>, StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let sql = "UPDATE invitation SET used_at = $1 WHERE token_hash = $2 AND used_at IS NULL AND until > $1 \
                           RETURNING id, email, role, scope_kind, scope_id, invited_by, created_at, until";
                let values = [acceptance.now.unix_micros().into(), acceptance.token_hash.clone().into()];
                let used = tx.rows(sql, values).await.map_err(failed)?;
                let Some(row) = used.first().map(read).transpose()? else { return Ok(None) };
                let membership = row.membership;
                let (person, was_staff) = become_staff(tx, &row.email, acceptance).await?;
                let (kind, scope) = scope_columns(membership.scope);
                let sql = "INSERT INTO membership (person_id, role, scope_kind, scope_id) VALUES ($1, $2, $3, $4) \
                           ON CONFLICT DO NOTHING";
                let role = membership.role.as_str().into();
                tx.run(sql, [person.to_string().into(), role, kind.into(), scope.into()]).await.map_err(failed)?;
                Ok(Some(Joined { person, was_staff, membership }))
            }
            .boxed()
        })
        .await
    }
}
