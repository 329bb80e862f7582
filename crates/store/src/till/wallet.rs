//! What signed-in buyers keep for the next time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use app::ports::{StoreError, Wallets};
use async_trait::async_trait;
use futures::FutureExt;
use futures::future::BoxFuture;
use kernel::{EntryId, PersonId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Statement, Value};
use shop::wallet::{Kept, MAX_ADDRESSES, MAX_METHODS, SavedAddress, SavedMethod, Wallet};

use super::TillStore;
use super::sql::{Sql, Text, ids, int, json, parsed, text, written};
use crate::{Lane, failed};

static ADDRESSES: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT a.person_id, a.id, a.contact, a.address, a.saved_at FROM {rows} \
                JOIN saved_address a ON a.person_id = r.id ORDER BY a.person_id, a.saved_at DESC, a.id DESC";
    Sql::over(&[("id", Text)], text)
});
static METHODS: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT m.person_id, m.id, m.provider, m.kept, m.saved_at FROM {rows} \
                JOIN saved_method m ON m.person_id = r.id WHERE m.let_go_from IS NULL \
                ORDER BY m.person_id, m.saved_at DESC, m.id DESC";
    Sql::over(&[("id", Text)], text)
});

/// What these persons have.
pub(super) fn wallets<'a>(
    reader: &'a DatabaseConnection,
    persons: &'a BTreeSet<PersonId>,
) -> BoxFuture<'a, Result<BTreeMap<PersonId, Wallet>, StoreError>> {
    async move {
        let mut found: BTreeMap<PersonId, Wallet> = BTreeMap::new();
        for row in ADDRESSES.find(reader, &ids(persons)).await? {
            found.entry(parsed(&row, "person_id")?).or_default().addresses.push(address(&row)?);
        }
        for row in METHODS.find(reader, &ids(persons)).await? {
            found.entry(parsed(&row, "person_id")?).or_default().methods.push(method(&row)?);
        }
        Ok(found)
    }
    .boxed()
}

const METHOD: &str = "SELECT id, provider, kept, saved_at FROM saved_method";

fn address(row: &QueryResult) -> Result<SavedAddress, StoreError> {
    Ok(SavedAddress {
        id: parsed(row, "id")?,
        contact: json(row, "contact")?,
        address: json(row, "address")?,
        saved_at: Timestamp::from_unix_micros(int(row, "saved_at")?),
    })
}

fn method(row: &QueryResult) -> Result<SavedMethod, StoreError> {
    Ok(SavedMethod {
        id: parsed(row, "id")?,
        provider: text(row, "provider")?,
        kept: json(row, "kept")?,
        saved_at: Timestamp::from_unix_micros(int(row, "saved_at")?),
    })
}

/// What tells one card from another, whatever its provider calls it.
fn card(kept: &Kept) -> String {
    let expires = kept.expires.map(|last| last.to_string()).unwrap_or_default();
    format!("{} {} {expires}", kept.brand, kept.last_four)
}

impl TillStore {
    /// Runs statements in one unit; returns how many rows the last one changed.
    async fn change(&self, statements: Vec<(&'static str, Vec<Value>)>) -> Result<u64, StoreError> {
        self.store
            .unit(Lane::Ordinary, move |tx| {
                async move {
                    let mut changed = 0;
                    for (sql, values) in statements {
                        let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
                        changed = tx.execute_raw(statement).await.map_err(failed)?.rows_affected();
                    }
                    Ok(changed)
                }
                .boxed()
            })
            .await
    }
}

fn most(number: usize) -> Value {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}

#[async_trait]
impl Wallets for TillStore {
    async fn wallet(&self, person: PersonId) -> Result<Wallet, StoreError> {
        Ok(self.asked.wallets.ask(person).await?.unwrap_or_default())
    }

    async fn keep_address(&self, person: PersonId, address: SavedAddress) -> Result<(), StoreError> {
        let (person, contact, place) = (person.to_string(), written(&address.contact), written(&address.address));
        let same = "DELETE FROM saved_address WHERE person_id = $1 AND contact = $2 AND address = $3";
        let add = "INSERT INTO saved_address (person_id, contact, address, id, saved_at) VALUES ($1, $2, $3, $4, $5)";
        let oldest = "DELETE FROM saved_address WHERE person_id = $1 AND id NOT IN \
                      (SELECT id FROM saved_address WHERE person_id = $1 ORDER BY saved_at DESC, id DESC LIMIT $2)";
        let own: Vec<Value> = vec![person.clone().into(), contact.into(), place.into()];
        let row = [own.clone(), vec![address.id.to_string().into(), address.saved_at.unix_micros().into()]].concat();
        self.change(vec![(same, own), (add, row), (oldest, vec![person.into(), most(MAX_ADDRESSES)])]).await.map(drop)
    }

    async fn forget_address(&self, person: PersonId, id: EntryId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM saved_address WHERE person_id = $1 AND id = $2";
        Ok(self.change(vec![(sql, vec![person.to_string().into(), id.to_string().into()])]).await? > 0)
    }

    async fn keep_method(&self, person: PersonId, method: SavedMethod) -> Result<(), StoreError> {
        let (person, card, at) = (person.to_string(), card(&method.kept), method.saved_at.unix_micros());
        let SavedMethod { id, provider, kept, .. } = method;
        let add = "INSERT INTO saved_method (id, person_id, provider, token, kept, card, saved_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (provider, token) DO NOTHING";
        let row: Vec<Value> = vec![
            id.to_string().into(),
            person.clone().into(),
            provider.clone().into(),
            kept.token.clone().into(),
            written(&kept).into(),
            card.clone().into(),
            at.into(),
        ];
        // Only where this very method was added now: told of again, an older token ends nothing.
        let same = "UPDATE saved_method SET let_go_from = $1 WHERE person_id = $2 AND provider = $3 AND card = $4 \
                    AND id <> $5 AND let_go_from IS NULL \
                    AND EXISTS (SELECT 1 FROM saved_method WHERE id = $5 AND let_go_from IS NULL)";
        let older: Vec<Value> =
            vec![at.into(), person.clone().into(), provider.into(), card.into(), id.to_string().into()];
        let oldest = "UPDATE saved_method SET let_go_from = $1 WHERE person_id = $2 AND let_go_from IS NULL AND id NOT IN \
                      (SELECT id FROM saved_method WHERE person_id = $2 AND let_go_from IS NULL \
                      ORDER BY saved_at DESC, id DESC LIMIT $3)";
        let over = vec![at.into(), person.into(), most(MAX_METHODS)];
        self.change(vec![(add, row), (same, older), (oldest, over)]).await.map(drop)
    }

    async fn end_method(&self, person: PersonId, id: EntryId, at: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE saved_method SET let_go_from = $1 WHERE person_id = $2 AND id = $3 AND let_go_from IS NULL";
        let values = vec![at.unix_micros().into(), person.to_string().into(), id.to_string().into()];
        Ok(self.change(vec![(sql, values)]).await? > 0)
    }

    async fn ended_methods(&self, now: Timestamp, limit: u32) -> Result<Vec<SavedMethod>, StoreError> {
        let sql = format!("{METHOD} WHERE let_go_from <= $1 ORDER BY let_go_from, id LIMIT $2");
        let rows = self.found(&sql, vec![now.unix_micros().into(), i64::from(limit).into()]).await?;
        rows.iter().map(method).collect()
    }

    async fn put_off_method(&self, id: EntryId, until: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE saved_method SET let_go_from = $1 WHERE id = $2 AND let_go_from IS NOT NULL";
        self.change(vec![(sql, vec![until.unix_micros().into(), id.to_string().into()])]).await.map(drop)
    }

    async fn forget_method(&self, id: EntryId) -> Result<(), StoreError> {
        let sql = "DELETE FROM saved_method WHERE id = $1 AND let_go_from IS NOT NULL";
        self.change(vec![(sql, vec![id.to_string().into()])]).await.map(drop)
    }
}
