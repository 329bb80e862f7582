//! Forward-only migrations: plain SQL in the subset that both databases read, one file each, applied in order.
//!
//! PostgreSQL takes an advisory lock; on SQLite the caller holds the data folder's lock and the file is copied first.

use std::path::Path;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement, TransactionTrait};

/// (version, text). Numbers are spaced so that a room's files stand together; a landed file never changes.
#[rustfmt::skip]
const MIGRATIONS: &[(i64, &str)] = &[
    (10, include_str!("../migrations/0010_people.sql")),
    (20, include_str!("../migrations/0020_catalogue.sql")),
    (30, include_str!("../migrations/0030_till.sql")),
    (40, include_str!("../migrations/0040_shows.sql")),
    (50, include_str!("../migrations/0050_room.sql")),
    (60, include_str!("../migrations/0060_message.sql")),
];

/// The newest version that this build knows.
pub const SCHEMA_VERSION: i64 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// Any number of ours: two processes that start at once take turns.
const ADVISORY_LOCK: i64 = 7_247_001;

#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error(
        "the database is of a newer release (schema {found}, this one knows {SCHEMA_VERSION}): install that release"
    )]
    Newer { found: i64 },
    #[error("migration {version} failed: {cause}")]
    Failed { version: i64, cause: DbErr },
    #[error("the database cannot be read: {0}")]
    Read(#[from] DbErr),
    #[error("the file cannot be copied before the upgrade: {0}")]
    Copy(std::io::Error),
}

pub(crate) async fn run(connection: &DatabaseConnection, file: Option<&Path>) -> Result<(), MigrateError> {
    let table = "CREATE TABLE IF NOT EXISTS schema_migration (version BIGINT PRIMARY KEY, applied_at TEXT NOT NULL)";
    let transaction = connection.begin().await?;
    if connection.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")).await?;
    }
    transaction.execute_unprepared(table).await?;
    let newest = Statement::from_string(
        transaction.get_database_backend(),
        "SELECT COALESCE(MAX(version), 0) AS version FROM schema_migration",
    );
    let found: i64 = transaction.query_one_raw(newest).await?.map_or(Ok(0), |row| row.try_get("", "version"))?;
    if found > SCHEMA_VERSION {
        return Err(MigrateError::Newer { found });
    }
    if found > 0
        && found < SCHEMA_VERSION
        && let Some(file) = file
    {
        // VACUUM INTO would refuse inside the transaction; the writer has not started, so the file is at rest.
        let copy = file.with_extension(format!("before-{SCHEMA_VERSION}"));
        std::fs::copy(file, copy).map_err(MigrateError::Copy)?;
    }
    for (version, text) in MIGRATIONS.iter().filter(|(version, _)| *version > found) {
        let failed = |cause| MigrateError::Failed { version: *version, cause };
        transaction.execute_unprepared(text).await.map_err(failed)?;
        let mark = format!("INSERT INTO schema_migration VALUES ({version}, CAST(CURRENT_TIMESTAMP AS TEXT))");
        transaction.execute_unprepared(&mark).await.map_err(failed)?;
    }
    transaction.commit().await?;
    Ok(())
}
