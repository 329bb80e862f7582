//! Forward-only migrations: plain SQL in the subset that both databases read, one file each, applied in order.
//!
//! PostgreSQL takes an advisory lock; on SQLite the caller holds the data folder's lock and the file is copied first.

use std::collections::BTreeSet;
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
    (61, include_str!("../migrations/0061_staff.sql")),
    (70, include_str!("../migrations/0070_idempotency.sql")),
    (71, include_str!("../migrations/0071_room_lease.sql")),
    (90, include_str!("../migrations/0090_given_up.sql")),
    (91, include_str!("../migrations/0091_host_on_air.sql")),
    (100, include_str!("../migrations/0100_drops.sql")),
    (101, include_str!("../migrations/0101_line_variant.sql")),
    (120, include_str!("../migrations/0120_recording.sql")),
    (121, include_str!("../migrations/0121_replay.sql")),
    (130, include_str!("../migrations/0130_payment_note.sql")),
    (131, include_str!("../migrations/0131_dispute.sql")),
    (150, include_str!("../migrations/0150_ended_lines.sql")),
    (151, include_str!("../migrations/0151_claim_mark.sql")),
    (152, include_str!("../migrations/0152_stuck_refund.sql")),
    (153, include_str!("../migrations/0153_offer.sql")),
    (160, include_str!("../migrations/0160_trivia.sql")),
    (170, include_str!("../migrations/0170_wallet.sql")),
    (180, include_str!("../migrations/0180_replies.sql")),
    (181, include_str!("../migrations/0181_message_until.sql")),
    (190, include_str!("../migrations/0190_order_change.sql")),
    (191, include_str!("../migrations/0191_delivered.sql")),
    (200, include_str!("../migrations/0200_moderation.sql")),
];

/// The newest version that this build knows.
pub const SCHEMA_VERSION: i64 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// Two branches that each add one must not meet in the wrong order: houses would refuse what they wrote themselves.
const _: () = {
    let mut at = 1;
    while at < MIGRATIONS.len() {
        assert!(MIGRATIONS[at - 1].0 < MIGRATIONS[at].0, "migrations count up");
        at += 1;
    }
};

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
    if file.is_some() {
        // So that the file alone is whole when it is copied below.
        connection.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
    }
    let transaction = connection.begin().await?;
    if connection.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")).await?;
    }
    transaction.execute_unprepared(table).await?;
    let backend = transaction.get_database_backend();
    let done = Statement::from_string(backend, "SELECT version FROM schema_migration");
    let done = transaction.query_all_raw(done).await?;
    let done = done.iter().map(|row| row.try_get("", "version")).collect::<Result<BTreeSet<i64>, _>>()?;
    let found = done.last().copied().unwrap_or(0);
    if found > SCHEMA_VERSION {
        return Err(MigrateError::Newer { found });
    }
    let missing: Vec<_> = MIGRATIONS.iter().filter(|(version, _)| !done.contains(version)).collect();
    if found > 0
        && !missing.is_empty()
        && let Some(file) = file
    {
        // VACUUM INTO would refuse inside the transaction; the writer has not started, so the file is at rest.
        let copy = file.with_extension(format!("before-{SCHEMA_VERSION}"));
        std::fs::copy(file, copy).map_err(MigrateError::Copy)?;
    }
    for (version, text) in missing {
        let failed = |cause| MigrateError::Failed { version: *version, cause };
        transaction.execute_unprepared(text).await.map_err(failed)?;
        let mark = format!("INSERT INTO schema_migration VALUES ({version}, CAST(CURRENT_TIMESTAMP AS TEXT))");
        transaction.execute_unprepared(&mark).await.map_err(failed)?;
    }
    transaction.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_rise_and_are_their_files_numbers() {
        assert!(MIGRATIONS.is_sorted_by(|(one, _), (next, _)| one < next), "a line is out of its order");
        assert_eq!(MIGRATIONS.iter().map(|(version, _)| *version).max(), Some(SCHEMA_VERSION));
    }
}
