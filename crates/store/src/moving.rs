//! Moving a house from its SQLite file into an empty PostgreSQL database: every row in one transaction, which is kept only
//! when counts and sums of every column are the same on both sides.

use std::collections::BTreeSet;
use std::path::Path;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, QueryResult,
    Statement, TransactionTrait, Value,
};

use crate::migrate::{self, MigrateError, SCHEMA_VERSION};
use crate::{Target, look};

/// Rows a statement.
const PAGE: i64 = 500;
/// Said of the schema itself, or of processes that are gone: neither comes along.
const STAYS: [&str; 2] = ["schema_migration", "room_lease"];

/// Why a house was not moved. Nothing was written then, or nothing but empty tables.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    #[error("{0} is not the address of a PostgreSQL database: postgres://user:password@host/database")]
    NotPostgres(String),
    #[error(
        "the house has {found}, and this release moves schema {SCHEMA_VERSION}: start the house with it once, then move"
    )]
    OtherSchema { found: String },
    #[error("{table} holds rows already: name an empty database. Nothing was written")]
    NotEmpty { table: String },
    #[error("the database has a table {table} that is not a house's: name an empty database. Nothing was written")]
    Foreign { table: String },
    #[error("{table} does not come to the same on both sides ({what}: {here} here, {there} there). Nothing was kept")]
    Differs { table: String, what: String, here: String, there: String },
    #[error("{table} cannot be moved: {cause}. Nothing was kept")]
    Table { table: String, cause: DbErr },
    #[error("the house cannot be read: {0}")]
    Here(DbErr),
    #[error("the database cannot be used: {0}")]
    There(DbErr),
    #[error("the database's schema cannot be made: {0}")]
    Schema(#[from] MigrateError),
    #[error("{0}")]
    Look(#[from] crate::OpenError),
}

/// What was moved and found to be the same on both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    pub tables: usize,
    pub rows: i64,
}

#[derive(Clone, Debug)]
struct Column {
    name: String,
    /// Else it is text.
    whole: bool,
}

#[derive(Clone, Debug)]
struct Table {
    name: String,
    columns: Vec<Column>,
    /// Tables that have to hold their rows before.
    needs: BTreeSet<String>,
}

/// Moves every row of the house in `from`, which nobody may be serving, into the empty database at `to`.
///
/// # Errors
/// When the house is of another schema, the database is not empty, or anything is not the same afterwards.
pub async fn move_to_postgres(from: &Path, to: &str) -> Result<Moved, MoveError> {
    if !(to.starts_with("postgres://") || to.starts_with("postgresql://")) {
        return Err(MoveError::NotPostgres(shown(to)));
    }
    let schema = look(&Target::Sqlite(from.to_owned())).await?.and_then(|looked| looked.schema);
    if schema != Some(SCHEMA_VERSION) {
        let found = schema.map_or_else(|| "no rows yet".to_owned(), |schema| format!("schema {schema}"));
        return Err(MoveError::OtherSchema { found });
    }
    let here = connect(format!("sqlite://{}?mode=ro", from.display())).await.map_err(MoveError::Here)?;
    let there = connect(to.to_owned()).await.map_err(MoveError::There)?;
    let moved = everything(&here, &there).await;
    here.close().await.map_err(MoveError::Here)?;
    there.close().await.map_err(MoveError::There)?;
    moved
}

/// An address without its password.
#[must_use]
pub fn shown(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    match rest.rsplit_once('@') {
        Some((who, place)) => format!("{scheme}://{}@{place}", who.split(':').next().unwrap_or_default()),
        None => address.to_owned(),
    }
}

async fn connect(address: String) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(address);
    options.max_connections(1).acquire_timeout(std::time::Duration::from_secs(10)).sqlx_logging(false);
    Database::connect(options).await
}

async fn everything(here: &DatabaseConnection, there: &DatabaseConnection) -> Result<Moved, MoveError> {
    let tables = tables(here).await.map_err(MoveError::Here)?;
    is_empty(there, &tables).await?;
    migrate::run(there, None).await?;
    let kept = there.begin().await.map_err(MoveError::There)?;
    // So that one look at the file holds for every table of it.
    let look = here.begin().await.map_err(MoveError::Here)?;
    let mut moved = Moved { tables: tables.len(), rows: 0 };
    for table in &tables {
        let failed = |cause| MoveError::Table { table: table.name.clone(), cause };
        copy(&look, &kept, table).await.map_err(failed)?;
        moved.rows += compare(&look, &kept, table).await?;
    }
    kept.commit().await.map_err(MoveError::There)?;
    Ok(moved)
}

/// The house's tables, each behind those that it refers to.
async fn tables(here: &DatabaseConnection) -> Result<Vec<Table>, DbErr> {
    let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let mut left: Vec<Table> = Vec::new();
    for row in all(here, names, vec![]).await? {
        let name: String = row.try_get("", "name")?;
        if STAYS.contains(&name.as_str()) {
            continue;
        }
        let of = |sql: &str| all_owned(here, sql.to_owned(), vec![name.clone().into()]);
        let mut columns = Vec::new();
        for column in of("SELECT name, type FROM pragma_table_info($1) ORDER BY cid").await? {
            let kind: String = column.try_get("", "type")?;
            columns.push(Column { name: column.try_get("", "name")?, whole: kind == "BIGINT" });
        }
        let mut needs = BTreeSet::new();
        for key in of("SELECT \"table\" AS other FROM pragma_foreign_key_list($1)").await? {
            needs.insert(key.try_get::<String>("", "other")?);
        }
        needs.remove(&name);
        left.push(Table { name, columns, needs });
    }
    let mut sorted: Vec<Table> = Vec::new();
    while !left.is_empty() {
        let ready = |table: &Table| table.needs.iter().all(|need| sorted.iter().any(|done| done.name == *need));
        let (now, later): (Vec<Table>, Vec<Table>) = left.into_iter().partition(ready);
        if now.is_empty() {
            let names: Vec<&str> = later.iter().map(|table| table.name.as_str()).collect();
            return Err(DbErr::Custom(format!("these tables refer to each other in a ring: {}", names.join(", "))));
        }
        sorted.extend(now);
        left = later;
    }
    Ok(sorted)
}

/// Refuses a database with anything in it but the empty tables of a house.
async fn is_empty(there: &DatabaseConnection, tables: &[Table]) -> Result<(), MoveError> {
    let names = "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = current_schema() \
                 ORDER BY table_name";
    for row in all(there, names, vec![]).await.map_err(MoveError::There)? {
        let table: String = row.try_get("", "name").map_err(MoveError::There)?;
        if STAYS.contains(&table.as_str()) {
            continue;
        }
        if !tables.iter().any(|known| known.name == table) {
            return Err(MoveError::Foreign { table });
        }
        let any = format!("SELECT 1 AS one FROM \"{table}\" LIMIT 1");
        if !all_owned(there, any, vec![]).await.map_err(MoveError::There)?.is_empty() {
            return Err(MoveError::NotEmpty { table });
        }
    }
    Ok(())
}

/// Pages of rows leave as JSON arrays and are put in by one statement of constant text each.
async fn copy(here: &DatabaseTransaction, there: &DatabaseTransaction, table: &Table) -> Result<(), DbErr> {
    let Table { name, columns, .. } = table;
    let list = |write: &dyn Fn(&Column) -> String| columns.iter().map(write).collect::<Vec<_>>().join(", ");
    let members = list(&|column| format!("'{0}', p.\"{0}\"", column.name));
    let page = format!(
        "SELECT MAX(p.row) AS last, json_group_array(json_object({members})) AS page \
         FROM (SELECT t.rowid AS row, t.* FROM \"{name}\" t WHERE t.rowid > $1 ORDER BY t.rowid LIMIT $2) AS p"
    );
    let typed = list(&|column| format!("\"{}\" {}", column.name, if column.whole { "bigint" } else { "text" }));
    let names = list(&|column| format!("\"{}\"", column.name));
    let put = format!("INSERT INTO \"{name}\" ({names}) SELECT {names} FROM json_to_recordset($1::json) AS r({typed})");
    let mut last = i64::MIN;
    loop {
        let rows = all(here, &page, vec![last.into(), PAGE.into()]).await?;
        let Some(row) = rows.first() else { return Ok(()) };
        let Some(end) = row.try_get::<Option<i64>>("", "last")? else { return Ok(()) };
        let page: String = row.try_get("", "page")?;
        there.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, &put, [page.into()])).await?;
        last = end;
    }
}

/// Counts rows and what is filled in of every column, and sums its numbers and the lengths of its texts, on both sides.
/// Returns how many rows there are.
async fn compare(here: &DatabaseTransaction, there: &DatabaseTransaction, table: &Table) -> Result<i64, MoveError> {
    // Sums are taken in two halves: microseconds of a million rows are past 64 bits.
    let mut sums = vec![("rows".to_owned(), "COUNT(*)".to_owned())];
    for Column { name, whole } in &table.columns {
        sums.push((format!("{name}, filled in"), format!("COUNT(\"{name}\")")));
        if *whole {
            sums.push((format!("sum of {name}"), format!("SUM(\"{name}\" / 1000000)")));
            sums.push((format!("sum of {name}, its end"), format!("SUM(\"{name}\" % 1000000)")));
        } else {
            sums.push((format!("length of {name}"), format!("SUM(LENGTH(\"{name}\"))")));
        }
    }
    let asked: Vec<String> =
        sums.iter().enumerate().map(|(at, (_, sum))| format!("CAST(COALESCE({sum}, 0) AS TEXT) AS s{at}")).collect();
    let sql = format!("SELECT {} FROM \"{}\"", asked.join(", "), table.name);
    let failed = |cause| MoveError::Table { table: table.name.clone(), cause };
    let (ours, theirs) =
        (one(here, &sql, sums.len()).await.map_err(failed)?, one(there, &sql, sums.len()).await.map_err(failed)?);
    for ((what, _), (here, there)) in sums.iter().zip(ours.iter().zip(&theirs)) {
        if here != there {
            let (table, what) = (table.name.clone(), what.clone());
            return Err(MoveError::Differs { table, what, here: here.clone(), there: there.clone() });
        }
    }
    Ok(ours.first().and_then(|rows| rows.parse().ok()).unwrap_or_default())
}

async fn one(db: &DatabaseTransaction, sql: &str, width: usize) -> Result<Vec<String>, DbErr> {
    let rows = all(db, sql, vec![]).await?;
    let row = rows.first().ok_or_else(|| DbErr::Custom("no sums".into()))?;
    (0..width).map(|at| row.try_get("", &format!("s{at}"))).collect()
}

async fn all(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, DbErr> {
    db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await
}

async fn all_owned(db: &impl ConnectionTrait, sql: String, values: Vec<Value>) -> Result<Vec<QueryResult>, DbErr> {
    all(db, &sql, values).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        let check = |address: &str, expected: &str| assert_eq!(shown(address), expected, "{address}");
        check("postgres://ann:secret@db:5432/shop", "postgres://ann@db:5432/shop");
        check("postgres://ann:p@ss:word@db/shop", "postgres://ann@db/shop");
        check("postgres://db/shop", "postgres://db/shop");
        check("house.db", "house.db");
    }
}
