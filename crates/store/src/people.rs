//! Staff, buyers, sessions and one-time secrets.

mod entity;
mod invitations;
pub(crate) mod rows;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use app::ports::{NewSession, NewStaff, People, PersonRow, Secret, SecretPurpose, SessionRow, StoreError};
use app::{Membership, PersonKind, Role, Scope};
use async_trait::async_trait;
use futures::FutureExt;
use futures::future::BoxFuture;
use kernel::{PersonId, SessionId, Timestamp};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QueryResult,
};

use crate::people::entity::{membership, person, session};
use crate::people::rows::{membership_row, person_row};
use crate::rows::{number, parsed, text, text_or_none};
use crate::till::sql::{Sql, Text, ids};
use crate::{Lane, Store, failed};

async fn full(db: &impl ConnectionTrait, found: Option<person::Model>) -> Result<Option<PersonRow>, StoreError> {
    let Some(found) = found else { return Ok(None) };
    let held = membership::Entity::find()
        .filter(membership::Column::PersonId.eq(&found.id))
        .order_by_asc(membership::Column::Role)
        .all(db)
        .await
        .map_err(failed)?;
    person_row(found, held).map(Some)
}

async fn replace_memberships(
    db: &impl ConnectionTrait,
    person: PersonId,
    memberships: &[Membership],
) -> Result<(), StoreError> {
    membership::Entity::delete_many()
        .filter(membership::Column::PersonId.eq(person.to_string()))
        .exec(db)
        .await
        .map_err(failed)?;
    for held in memberships {
        membership::Entity::insert(membership_row(person, *held)).exec_without_returning(db).await.map_err(failed)?;
    }
    Ok(())
}

static SESSIONS: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT s.token_hash, s.id AS session_id, s.until, p.id, p.kind, p.name, p.email, p.phone, p.password_hash, \
                p.created_at, p.last_seen, m.person_id, m.role, m.scope_kind, m.scope_id \
                FROM {rows} JOIN session s ON s.token_hash = r.id JOIN person p ON p.id = s.person_id \
                LEFT JOIN membership m ON m.person_id = p.id ORDER BY s.id, m.role";
    Sql::over(&[("id", Text)], text)
});

/// The sessions of these tokens' hashes, over or not. Every signed-in request asks for one.
pub(crate) fn sessions<'a>(
    reader: &'a DatabaseConnection,
    hashes: &'a BTreeSet<String>,
) -> BoxFuture<'a, Result<BTreeMap<String, SessionRow>, StoreError>> {
    async move {
        let mut found: BTreeMap<String, Vec<QueryResult>> = BTreeMap::new();
        for row in SESSIONS.find(reader, &ids(hashes)).await? {
            found.entry(text(&row, "token_hash")?).or_default().push(row);
        }
        let mut sessions = BTreeMap::new();
        for (hash, rows) in found {
            let Some(first) = rows.first() else { continue };
            let whose = person::Model::from_query_result(first, "").map_err(failed)?;
            let mut held = Vec::new();
            for row in &rows {
                if text_or_none(row, "person_id")?.is_some() {
                    held.push(membership::Model::from_query_result(row, "").map_err(failed)?);
                }
            }
            let (id, until) = (parsed(first, "session_id")?, Timestamp::from_unix_micros(number(first, "until")?));
            sessions.insert(hash, SessionRow { id, person: person_row(whose, held)?, until });
        }
        Ok(sessions)
    }
    .boxed()
}

#[async_trait]
impl People for Store {
    async fn any_owner(&self) -> Result<bool, StoreError> {
        let owner = membership::Entity::find().filter(membership::Column::Role.eq("owner"));
        Ok(owner.one(self.read()).await.map_err(failed)?.is_some())
    }

    async fn person(&self, id: PersonId) -> Result<Option<PersonRow>, StoreError> {
        full(self.read(), person::Entity::find_by_id(id.to_string()).one(self.read()).await.map_err(failed)?).await
    }

    async fn by_email(&self, email: &str) -> Result<Option<PersonRow>, StoreError> {
        let found = person::Entity::find().filter(person::Column::Email.eq(email));
        full(self.read(), found.one(self.read()).await.map_err(failed)?).await
    }

    async fn by_phone(&self, phone: &str) -> Result<Option<PersonRow>, StoreError> {
        let found = person::Entity::find().filter(person::Column::Phone.eq(phone));
        full(self.read(), found.one(self.read()).await.map_err(failed)?).await
    }

    async fn staff(&self) -> Result<Vec<PersonRow>, StoreError> {
        let people = person::Entity::find()
            .filter(person::Column::Kind.eq("staff"))
            .order_by_asc(person::Column::Name)
            .all(self.read())
            .await
            .map_err(failed)?;
        let held = membership::Entity::find().all(self.read()).await.map_err(failed)?;
        people
            .into_iter()
            .map(|found| {
                let own = held.iter().filter(|m| m.person_id == found.id).cloned().collect();
                person_row(found, own)
            })
            .collect()
    }

    async fn add_staff(&self, staff: NewStaff) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let row = person::ActiveModel {
                    id: Set(staff.id.to_string()),
                    kind: Set("staff".into()),
                    name: Set(staff.name),
                    email: Set(Some(staff.email)),
                    phone: Set(None),
                    password_hash: Set(Some(staff.password_hash)),
                    created_at: Set(staff.now.unix_micros()),
                    last_seen: Set(None),
                };
                person::Entity::insert(row).exec_without_returning(tx).await.map_err(failed)?;
                replace_memberships(tx, staff.id, &staff.memberships).await
            }
            .boxed()
        })
        .await
    }

    async fn add_buyer(&self, buyer: PersonRow) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let row = person::ActiveModel {
                    id: Set(buyer.id.to_string()),
                    kind: Set(rows::kind_text(PersonKind::Buyer).into()),
                    name: Set(buyer.name),
                    email: Set(buyer.email),
                    phone: Set(buyer.phone),
                    password_hash: Set(None),
                    created_at: Set(buyer.created_at.unix_micros()),
                    last_seen: Set(None),
                };
                person::Entity::insert(row).exec_without_returning(tx).await.map_err(failed)?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    async fn set_memberships(&self, person: PersonId, memberships: Vec<Membership>) -> Result<bool, StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let house_owner = Membership { role: Role::Owner, scope: Scope::House };
                let others = "SELECT person_id FROM membership \
                              WHERE role = 'owner' AND scope_kind = 'house' AND person_id <> $1 LIMIT 1";
                let others = tx.rows(others, [person.to_string().into()]).await.map_err(failed)?;
                if others.is_empty() && !memberships.contains(&house_owner) {
                    return Ok(false);
                }
                replace_memberships(tx, person, &memberships).await.map(|()| true)
            }
            .boxed()
        })
        .await
    }

    async fn add_session(&self, new: NewSession) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let row = session::ActiveModel {
                    id: Set(new.id.to_string()),
                    token_hash: Set(new.token_hash),
                    person_id: Set(new.person.to_string()),
                    created_at: Set(new.created_at.unix_micros()),
                    until: Set(new.until.unix_micros()),
                };
                session::Entity::insert(row).exec_without_returning(tx).await.map_err(failed)?;
                let seen = "UPDATE person SET last_seen = $1 WHERE id = $2";
                let values = [new.created_at.unix_micros().into(), new.person.to_string().into()];
                tx.run(seen, values).await.map_err(failed)?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    async fn session(&self, token_hash: &str, now: Timestamp) -> Result<Option<SessionRow>, StoreError> {
        let found = self.sessions.ask(token_hash.to_owned()).await?;
        Ok(found.filter(|session| session.until > now))
    }

    async fn end_session(&self, id: SessionId) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                session::Entity::delete_by_id(id.to_string()).exec(tx).await.map_err(failed)?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    async fn add_secret(&self, secret: Secret, now: Timestamp) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let over = "DELETE FROM secret WHERE until < $1";
                tx.run(over, [now.unix_micros().into()]).await.map_err(failed)?;
                let sql = "INSERT INTO secret (purpose, hash, subject, until) VALUES ($1, $2, $3, $4)";
                let until = secret.until.unix_micros();
                let values = [secret.purpose.as_str().into(), secret.hash.into(), secret.subject.into(), until.into()];
                tx.run(sql, values).await.map_err(failed)?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    async fn forget_secrets(&self, purpose: SecretPurpose, subject: &str) -> Result<(), StoreError> {
        let subject = subject.to_owned();
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let sql = "DELETE FROM secret WHERE purpose = $1 AND subject = $2";
                tx.run(sql, [purpose.as_str().into(), subject.into()]).await.map(drop).map_err(failed)
            }
            .boxed()
        })
        .await
    }

    async fn use_secret(
        &self,
        purpose: SecretPurpose,
        hash: &str,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let hash = hash.to_owned();
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let sql = "UPDATE secret SET used_at = $1 \
                           WHERE purpose = $2 AND hash = $3 AND used_at IS NULL AND until > $1 RETURNING subject";
                let values = [now.unix_micros().into(), purpose.as_str().into(), hash.into()];
                let rows = tx.rows(sql, values).await.map_err(failed)?;
                rows.first().map(|row| row.try_get("", "subject").map_err(failed)).transpose()
            }
            .boxed()
        })
        .await
    }

    async fn sweep_doors(&self, now: Timestamp, invitations: Timestamp, most: u32) -> Result<u64, StoreError> {
        let (now, ended, most) = (now.unix_micros(), invitations.unix_micros(), i64::from(most));
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let sessions = "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE until <= $1 LIMIT $2)";
                let secrets = "DELETE FROM secret WHERE hash IN \
                               (SELECT hash FROM secret WHERE until <= $1 OR used_at IS NOT NULL LIMIT $2)";
                let links = "DELETE FROM invitation WHERE id IN (SELECT id FROM invitation WHERE until <= $1 LIMIT $2)";
                let mut gone = 0;
                for (sql, until) in [(sessions, now), (secrets, now), (links, ended)] {
                    gone += tx.run(sql, [until.into(), most.into()]).await.map_err(failed)?.rows_affected();
                }
                Ok(gone)
            }
            .boxed()
        })
        .await
    }
}
