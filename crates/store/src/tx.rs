//! What a unit of work may do: run statements, and nothing else.

use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement, Value};

/// The open transaction of one unit. It hides begin and commit, and latches the first failed statement: on PostgreSQL a
/// swallowed error would otherwise commit "Ok" with nothing durable. Use `ON CONFLICT DO NOTHING` where a conflict is expected.
#[derive(Debug)]
pub struct Tx {
    savepoint: DatabaseTransaction,
    broken: AtomicBool,
}

impl Tx {
    pub(crate) const fn new(savepoint: DatabaseTransaction) -> Self {
        Self { savepoint, broken: AtomicBool::new(false) }
    }

    pub(crate) fn broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }

    pub(crate) fn into_savepoint(self) -> DatabaseTransaction {
        self.savepoint
    }

    fn latch<T>(&self, result: Result<T, DbErr>) -> Result<T, DbErr> {
        if result.is_err() {
            self.broken.store(true, Ordering::Relaxed);
        }
        result
    }

    /// A statement of constant text with `$1 …` places, which both databases read.
    pub async fn run<const N: usize>(&self, sql: &str, values: [Value; N]) -> Result<ExecResult, DbErr> {
        self.execute_raw(Statement::from_sql_and_values(self.get_database_backend(), sql, values)).await
    }

    /// As [`Tx::run`], for a query.
    pub async fn rows<const N: usize>(&self, sql: &str, values: [Value; N]) -> Result<Vec<QueryResult>, DbErr> {
        self.query_all_raw(Statement::from_sql_and_values(self.get_database_backend(), sql, values)).await
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.savepoint.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.latch(self.savepoint.execute_raw(statement).await)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.latch(self.savepoint.execute_unprepared(sql).await)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.latch(self.savepoint.query_one_raw(statement).await)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.latch(self.savepoint.query_all_raw(statement).await)
    }
}
