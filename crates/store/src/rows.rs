//! From columns to typed values: what does not read back was not written by us.

use std::fmt::Display;
use std::str::FromStr;

use app::ports::StoreError;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::text::{from_json, parse, to_json};
use crate::{Store, failed};

impl Store {
    /// A query of constant text with `$1 …` places, on a reader.
    pub(crate) async fn rows<const N: usize>(
        &self,
        sql: &str,
        values: [Value; N],
    ) -> Result<Vec<QueryResult>, StoreError> {
        let statement = Statement::from_sql_and_values(self.backend(), sql, values);
        self.read().query_all_raw(statement).await.map_err(failed)
    }

    /// `on_sqlite` or `on_postgres`, where one text cannot serve both.
    pub(crate) fn either<'a>(&self, on_sqlite: &'a str, on_postgres: &'a str) -> &'a str {
        if self.backend() == DbBackend::Sqlite { on_sqlite } else { on_postgres }
    }
}

pub(crate) fn text(row: &QueryResult, column: &str) -> Result<String, StoreError> {
    row.try_get("", column).map_err(failed)
}

pub(crate) fn text_or_none(row: &QueryResult, column: &str) -> Result<Option<String>, StoreError> {
    row.try_get("", column).map_err(failed)
}

/// An id or another typed text of a column.
pub(crate) fn parsed<T: FromStr>(row: &QueryResult, column: &str) -> Result<T, StoreError> {
    parse(&text(row, column)?)
}

/// As [`parsed`], where the column may be empty.
pub(crate) fn parsed_or_none<T: FromStr>(row: &QueryResult, column: &str) -> Result<Option<T>, StoreError> {
    text_or_none(row, column)?.map(|text| parse(&text)).transpose()
}

pub(crate) fn number(row: &QueryResult, column: &str) -> Result<i64, StoreError> {
    row.try_get("", column).map_err(failed)
}

/// As [`number`], where the column may be empty.
pub(crate) fn number_or_none(row: &QueryResult, column: &str) -> Result<Option<i64>, StoreError> {
    row.try_get("", column).map_err(failed)
}

/// A document: JSON that is written and read whole.
pub(crate) fn document<T: DeserializeOwned>(row: &QueryResult, column: &str) -> Result<T, StoreError> {
    from_json(&text(row, column)?)
}

pub(crate) fn to_document(value: &impl Serialize) -> Result<Value, StoreError> {
    to_json(value).map(Into::into)
}

/// Many ids or words as one JSON array, for `json_each` and `json_array_elements_text`: the statement's text stays the
/// same however many there are.
pub(crate) fn json_list<T: Display>(items: impl IntoIterator<Item = T>) -> Result<Value, StoreError> {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    to_document(&items)
}
