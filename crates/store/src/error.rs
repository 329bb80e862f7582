use app::ports::StoreError;
use sea_orm::{DbErr, SqlErr};

/// What a database error means to a caller of a port.
#[must_use]
pub fn failed(error: DbErr) -> StoreError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(what)) => StoreError::Duplicate(what),
        _ => StoreError::Failed(error.to_string()),
    }
}
