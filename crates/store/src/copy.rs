//! Copying the rows while they are served, and looking at a database without changing it.

use std::path::Path;

use app::ports::{RecordingSums, StoreError};
use kernel::{ImportId, MediaId, ShowId};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement,
};

use crate::open::{OpenError, Target};
use crate::recording;
use crate::rows::{number, parsed, text as column};

/// What a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// Of its schema; none before the first start.
    pub schema: Option<i64>,
    /// `SQLite 3.50.2`, `PostgreSQL 17.5 …`.
    pub server: String,
    /// Over the newest recordings; none where nothing was recorded yet.
    pub recorded: Option<RecordingSums>,
}

/// What a copy holds, as far as the objects beside it go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    pub schema: i64,
    pub media: Vec<MediaId>,
    pub imports: Vec<ImportId>,
    /// Segments that are there, and the ways to decode them.
    pub segments: Vec<(ShowId, i64)>,
    pub setups: Vec<(ShowId, String)>,
}

fn failed(error: impl std::fmt::Display) -> OpenError {
    OpenError::Connect(error.to_string())
}

async fn open(file: &Path, mode: &str) -> Result<DatabaseConnection, OpenError> {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode={mode}", file.display()));
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.map_err(failed)
}

async fn text(connection: &DatabaseConnection, sql: &str) -> Result<Option<String>, DbErr> {
    let query = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_one_raw(query).await?.map(|row| row.try_get_by_index(0)).transpose()
}

async fn schema(connection: &DatabaseConnection) -> Option<i64> {
    let sql = "SELECT CAST(MAX(version) AS TEXT) FROM schema_migration";
    // No such table: nobody has started a house here yet.
    text(connection, sql).await.ok()??.parse().ok()
}

/// Copies a SQLite database as it stands in one moment to a file that must not exist. Writers go on meanwhile. The caller
/// syncs the file.
pub async fn copy_sqlite(from: &Path, to: &Path) -> Result<(), OpenError> {
    let connection = open(from, "rw").await?;
    let place = to.display().to_string();
    let copy = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO $1", [place.into()]);
    let copied = connection.execute_raw(copy).await.map_err(failed);
    connection.close().await.map_err(failed)?;
    copied.map(|_| ())
}

/// Checks a copy through and through, and lists the objects that it names. It is not changed.
pub async fn read_copy(file: &Path) -> Result<Contents, OpenError> {
    let connection = open(file, "ro").await?;
    let read = async {
        let whole = text(&connection, "PRAGMA integrity_check").await.map_err(failed)?.unwrap_or_default();
        if whole != "ok" {
            return Err(failed(format!("{} is damaged: {whole}", file.display())));
        }
        let schema = schema(&connection).await.ok_or_else(|| failed(format!("{} holds no house", file.display())))?;
        let all = |sql| connection.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql));
        let media = all("SELECT id FROM media ORDER BY id").await.map_err(failed)?;
        let imports = all("SELECT id FROM import_run ORDER BY id").await.map_err(failed)?;
        let segments =
            "SELECT show_id, sequence FROM recording_segment WHERE missing IS NULL ORDER BY show_id, sequence";
        let segments = if_there(all(segments).await);
        let setups = if_there(all("SELECT show_id, setup FROM recording_setup ORDER BY show_id, setup").await);
        let segment = |row: &QueryResult| Ok((parsed(row, "show_id")?, number(row, "sequence")?));
        let setup = |row: &QueryResult| Ok((parsed(row, "show_id")?, column(row, "setup")?));
        Ok(Contents {
            segments: segments.iter().map(segment).collect::<Result<_, StoreError>>().map_err(failed)?,
            setups: setups.iter().map(setup).collect::<Result<_, StoreError>>().map_err(failed)?,
            schema,
            media: media.iter().map(|row| parsed(row, "id")).collect::<Result<_, _>>().map_err(failed)?,
            imports: imports.iter().map(|row| parsed(row, "id")).collect::<Result<_, _>>().map_err(failed)?,
        })
    }
    .await;
    connection.close().await.map_err(failed)?;
    read
}

/// A copy of an earlier release has no such table.
fn if_there(rows: Result<Vec<QueryResult>, DbErr>) -> Vec<QueryResult> {
    rows.unwrap_or_default()
}

/// Looks at a database without changing it. None where it is a file that is not there yet.
pub async fn look(target: &Target) -> Result<Option<Looked>, OpenError> {
    let (connection, version) = match target {
        Target::Sqlite(file) if !file.exists() => return Ok(None),
        Target::Sqlite(file) => (open(file, "ro").await?, "SELECT 'SQLite ' || sqlite_version()"),
        Target::Postgres(url) => {
            let mut options = ConnectOptions::new(url.clone());
            options.max_connections(1).connect_timeout(std::time::Duration::from_secs(5)).sqlx_logging(false);
            (Database::connect(options).await.map_err(failed)?, "SELECT split_part(version(), ' on ', 1)")
        }
    };
    let server = text(&connection, version).await.map_err(failed)?.unwrap_or_default();
    let recorded = recording::recent(&connection).await.ok().filter(|sums| sums.segments > 0);
    let looked = Looked { schema: schema(&connection).await, server, recorded };
    connection.close().await.map_err(failed)?;
    Ok(Some(looked))
}
