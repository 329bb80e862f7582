//! Moves what the write-ahead log holds into SQLite's file, beside the writer: a commit never waits for it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbErr};

/// The log grows by so much between two looks that move something.
const STEP_BYTES: u64 = 4 << 20;
/// Past it the writer itself moves the rest between two commits, so that the log can begin anew: under load without a pause it
/// would grow for ever.
pub(crate) const FULL_BYTES: u64 = 64 << 20;
const LOOK: Duration = Duration::from_millis(100);

/// SQLite's log beside its file.
pub(crate) fn log_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// How long the log is; it is cut to what it holds whenever it begins anew (`journal_size_limit`).
pub(crate) fn length(log: &Path) -> u64 {
    std::fs::metadata(log).map_or(0, |found| found.len())
}

/// Moves what no reader still needs in the log.
pub(crate) async fn passive(connection: &DatabaseConnection) -> Result<(), DbErr> {
    connection.execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)").await.map(drop)
}

/// Runs on a thread of its own until nobody holds the store any more.
pub(crate) fn start(options: sea_orm::ConnectOptions, log: PathBuf, alive: &Arc<()>) -> io::Result<()> {
    let alive = Arc::downgrade(alive);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let work = move || runtime.block_on(look(options, &log, &alive));
    std::thread::Builder::new().name("store-checkpoint".into()).spawn(work).map(drop)
}

async fn look(options: sea_orm::ConnectOptions, log: &Path, alive: &Weak<()>) {
    let connection = match Database::connect(options).await {
        Ok(connection) => connection,
        Err(error) => return tracing::error!(%error, "the log is only moved by the writer"),
    };
    let mut moved = 0;
    while alive.strong_count() > 0 {
        let now = length(log);
        // It began anew.
        moved = moved.min(now);
        if now - moved >= STEP_BYTES {
            match passive(&connection).await {
                Ok(()) => moved = now,
                Err(error) => tracing::warn!(%error, "the log is moved later"),
            }
        }
        tokio::time::sleep(LOOK).await;
    }
    if let Err(error) = connection.close().await {
        tracing::debug!(%error, "a connection did not close");
    }
}
