//! Statements over many rows at once. The rows come as one JSON array in `$1`, so that the text is the same for any
//! number of them: `jsonb_each` on SQLite, which hands each row on without writing it out again, and `json_to_recordset` on
//! PostgreSQL.

use app::ports::StoreError;
use sea_orm::{ConnectionTrait, DbBackend, ExecResult, QueryResult, Statement};
use serde::Serialize;

use crate::failed;

pub(crate) use crate::rows::{
    document as json, number as int, number_or_none as maybe_int, parsed, parsed_or_none as maybe_parsed, text,
    text_or_none as maybe_text,
};

/// The type of a column in the rows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Text,
    Int,
}

pub(crate) use Kind::{Int, Text};

/// A statement's text for each database.
#[derive(Debug)]
pub(crate) struct Sql {
    sqlite: String,
    postgres: String,
}

impl Sql {
    /// `template` holds `{rows}`, which becomes the rows under the name `r`, and may end with `{lock}`, which locks what
    /// is read where two processes may decide at once.
    pub(crate) fn over(columns: &[(&str, Kind)], template: &str) -> Self {
        let picked: Vec<String> = columns.iter().map(|(name, _)| format!("value ->> '{name}' AS {name}")).collect();
        let typed: Vec<String> = columns.iter().map(|(name, kind)| format!("{name} {}", kind.postgres())).collect();
        let sqlite = format!("(SELECT {} FROM jsonb_each($1)) AS r", picked.join(", "));
        let postgres = format!("json_to_recordset($1::json) AS r({})", typed.join(", "));
        Self {
            sqlite: template.replace("{rows}", &sqlite).replace("{lock}", ""),
            postgres: template.replace("{rows}", &postgres).replace("{lock}", "FOR UPDATE"),
        }
    }

    /// Adds the rows to a table, column by column of the same names. `conflict` may say what to do with known ones.
    pub(crate) fn insert(table: &str, columns: &[(&str, Kind)], conflict: &str) -> Self {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let picked: Vec<String> = names.iter().map(|name| format!("r.{name}")).collect();
        let (names, picked) = (names.join(", "), picked.join(", "));
        // SQLite needs the WHERE to tell the ON of a conflict from the ON of a join.
        Self::over(
            columns,
            &format!("INSERT INTO {table} ({names}) SELECT {picked} FROM {{rows}} WHERE true {conflict}"),
        )
    }

    fn with(&self, db: &impl ConnectionTrait, rows: &impl Serialize) -> Result<Statement, StoreError> {
        let backend = db.get_database_backend();
        let text = if backend == DbBackend::Postgres { &self.postgres } else { &self.sqlite };
        let rows = serde_json::to_string(rows).map_err(|error| StoreError::Failed(error.to_string()))?;
        Ok(Statement::from_sql_and_values(backend, text, [rows.into()]))
    }

    /// Runs it, unless there are no rows.
    pub(crate) async fn run<T: Serialize>(
        &self,
        db: &impl ConnectionTrait,
        rows: &[T],
    ) -> Result<Option<ExecResult>, StoreError> {
        if rows.is_empty() {
            return Ok(None);
        }
        db.execute_raw(self.with(db, &rows)?).await.map(Some).map_err(failed)
    }

    /// What it finds; nothing, without asking, when there are no rows.
    pub(crate) async fn find<T: Serialize>(
        &self,
        db: &impl ConnectionTrait,
        rows: &[T],
    ) -> Result<Vec<QueryResult>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        db.query_all_raw(self.with(db, &rows)?).await.map_err(failed)
    }
}

impl Kind {
    const fn postgres(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "bigint",
        }
    }
}

/// A column that holds one of our words.
pub(crate) fn word<T>(row: &QueryResult, column: &str, read: fn(&str) -> Option<T>) -> Result<T, StoreError> {
    let word = text(row, column)?;
    read(&word).ok_or_else(|| StoreError::Failed(format!("{column} holds {word:?}")))
}

/// A column that holds a count of ours.
pub(crate) fn small(row: &QueryResult, column: &str) -> Result<u32, StoreError> {
    let found = int(row, column)?;
    u32::try_from(found).map_err(|_| StoreError::Failed(format!("{column} holds {found}")))
}

/// A row that is an id alone.
#[derive(Debug, Serialize)]
pub(crate) struct Id {
    pub(crate) id: String,
}

pub(crate) fn ids<T: std::fmt::Display>(ids: impl IntoIterator<Item = T>) -> Vec<Id> {
    ids.into_iter().map(|id| Id { id: id.to_string() }).collect()
}

/// A value as a column of JSON.
pub(crate) fn written<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our own types have string keys, so they are JSON")
}
