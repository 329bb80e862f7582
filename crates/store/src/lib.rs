//! The ports over SQLite and PostgreSQL-protocol databases, one schema for both.
//!
//! Every write is a unit of work given to the [`writer`]: it drains its queue without a timer, runs up to
//! [`writer::UNITS_A_COMMIT`] units in one transaction, each in a savepoint of its own, and answers only after the commit.
//! Reads go through [`Store::read`], which cannot write.

mod audit;
mod catalogue;
mod checkpoint;
mod copy;
mod disputes;
mod durable;
mod error;
mod gathered;
mod house;
mod leases;
mod messages;
mod migrate;
mod moderation;
mod moving;
mod open;
mod payment_notes;
mod people;
mod recording;
mod repeats;
mod room;
mod rows;
mod shows;
#[cfg(feature = "testing")]
pub mod testing;
mod text;
mod till;
mod tx;
mod waiting;
mod writer;

pub use copy::{Contents, Looked, copy_sqlite, look, read_copy};
pub use error::failed;
pub use migrate::{MigrateError, SCHEMA_VERSION};
pub use moving::{MoveError, Moved, move_to_postgres, shown};
pub use open::{OpenError, Store, Target};
pub use till::{BookReader, TillStore};
pub use tx::Tx;
pub use waiting::Waiting;
pub use writer::{Batcher, Lane};
