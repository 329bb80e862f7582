//! Opening a store: one write connection that the writer owns, and a pool that only reads.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use app::ports::{SessionRow, StoreError};
use futures::future::BoxFuture;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend};

use crate::checkpoint;
use crate::gathered::Gathered;
use crate::migrate::{self, MigrateError};
use crate::people;
use crate::tx::Tx;
use crate::writer::{Batcher, Lane, Writer};

/// Readers beside the writer. Reads are short; more connections only cost memory.
const READERS: u32 = 4;
/// Longer than this, a statement is a defect: nothing else commits while a unit runs.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(5);

/// Where the rows live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file in the data folder.
    Sqlite(PathBuf),
    /// `postgres://user:password@host/database`.
    Postgres(String),
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the database cannot be opened: {0}")]
    Connect(String),
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    #[error("the writer's thread cannot be started: {0}. The limit of threads may be reached")]
    Writer(#[from] std::io::Error),
}

/// The rows of the house. Cheap to clone: clones share the writer and the readers.
#[derive(Clone, Debug)]
pub struct Store {
    writer: Writer,
    reader: DatabaseConnection,
    /// Of leases alone, where other processes may hold some.
    leases: Option<DatabaseConnection>,
    pub(crate) sessions: Arc<Gathered<String, SessionRow>>,
    /// While somebody holds it, the log is moved into the file.
    _alive: Arc<()>,
}

impl Store {
    /// Opens, brings the schema up to date, and starts the writer's thread.
    pub async fn open(target: &Target) -> Result<Self, OpenError> {
        let connect = |error: sea_orm::DbErr| OpenError::Connect(error.to_string());
        let (write, reader, leases, file) = match target {
            Target::Sqlite(file) => {
                let write = Database::connect(sqlite(file, false)).await.map_err(connect)?;
                migrate::run(&write, Some(file)).await?;
                (write, Database::connect(sqlite(file, true)).await.map_err(connect)?, None, Some(file))
            }
            Target::Postgres(url) => {
                let write = Database::connect(postgres(url, 1)).await.map_err(connect)?;
                migrate::run(&write, None).await?;
                let reader = Database::connect(postgres(url, READERS)).await.map_err(connect)?;
                (write, reader, Some(Database::connect(postgres(url, 1)).await.map_err(connect)?), None)
            }
        };
        let (alive, log) = (Arc::new(()), file.map(|file| checkpoint::log_of(file)));
        if let (Some(file), Some(log)) = (file, &log) {
            checkpoint::start(sqlite(file, false), log.clone(), &alive)?;
        }
        let sessions = Arc::new(Gathered::new(reader.clone(), people::sessions));
        Ok(Self { writer: Writer::start(write, log)?, reader, leases, sessions, _alive: alive })
    }

    /// For queries. On SQLite it refuses to write.
    #[must_use]
    pub const fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    pub(crate) const fn leases(&self) -> Option<&DatabaseConnection> {
        self.leases.as_ref()
    }

    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.reader.get_database_backend()
    }

    /// Runs one unit of work and answers after its commit. A unit that returns an error, panics, or had any statement
    /// fail leaves nothing behind; its batch-mates are untouched. No slow SQL and no waiting for anything else inside.
    pub async fn unit<T, E, F>(&self, lane: Lane, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
    {
        self.writer.unit(lane, work).await
    }

    /// A queue whose commands are run together, as one unit, by set-based statements.
    #[must_use]
    pub fn batcher<C, R>(&self, lane: Lane, run: crate::writer::RunBatch<C, R>) -> Batcher<C, R>
    where
        C: Send + 'static,
        R: Send + 'static,
    {
        Batcher::new(self.writer.clone(), lane, run)
    }
}

fn sqlite(file: &Path, query_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", file.display()));
    options
        .max_connections(if query_only { READERS } else { 1 })
        .min_connections(1)
        // A reader of a file cannot go away between two reads; the writer's connection may be broken by a failed batch.
        .test_before_acquire(!query_only)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |o| {
            // Who writes waits for the disk by itself (`durable.rs`), and a commit never moves the log (`checkpoint.rs`).
            let o = o.pragma("journal_mode", "WAL").pragma("synchronous", "NORMAL").pragma("foreign_keys", "ON");
            let o = o.pragma("wal_autocheckpoint", "0").pragma("journal_size_limit", "0");
            // A commit of five hundred orders changes some megabytes; what finds no room is written twice.
            let cache_kib = if query_only { "-4000" } else { "-32000" };
            let o = o.pragma("cache_size", cache_kib).busy_timeout(STATEMENT_TIMEOUT);
            if query_only { o.pragma("query_only", "ON") } else { o }
        });
    options
}

fn postgres(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(5))
        .statement_timeout(STATEMENT_TIMEOUT)
        .sqlx_logging(false);
    options
}
