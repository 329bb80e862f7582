//! The two databases that every store test runs on.

use std::future::Future;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectionTrait, Database};

use crate::{Store, Target};

static NEXT: AtomicU32 = AtomicU32::new(0);
static LEFT_OUT: Once = Once::new();

/// An empty store on SQLite in a folder of its own, which goes with the guard.
///
/// # Panics
/// When the folder or the store cannot be made.
pub async fn sqlite() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::open(&Target::Sqlite(folder.path().join("house.db"))).await.expect("SQLite opens");
    (store, folder)
}

/// Writes into the SQLite file of a store that is running, past the store: what a defect or a bad disk leaves there.
///
/// # Panics
/// When SQLite refuses.
pub async fn write_past(file: &Path, sql: &str) {
    let past = Database::connect(format!("sqlite://{}", file.display())).await.expect("SQLite opens");
    past.execute_unprepared(sql).await.expect("written");
    past.close().await.expect("closed");
}

/// The address of an empty database, as [`postgres`] would open.
///
/// # Panics
/// When the server is named and cannot be used.
pub async fn postgres_url() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the test's server is named by the environment, and only here")]
    let Ok(url) = std::env::var("TRUNKSHOW_TEST_POSTGRES") else {
        LEFT_OUT.call_once(|| {
            // Past the harness, which keeps what a passing test prints to itself.
            let _shown = writeln!(io::stderr(), "TRUNKSHOW_TEST_POSTGRES is not set: the PostgreSQL half was left out");
        });
        return None;
    };
    let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let server = Database::connect(&url).await.expect("the test's PostgreSQL answers");
    server.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database of the test's own");
    let (server_url, _) = url.rsplit_once('/').expect("the address names a database");
    Some(format!("{server_url}/{name}"))
}

/// An empty store on the PostgreSQL of `TRUNKSHOW_TEST_POSTGRES` (`postgres://user@host:port/database`), in a database of
/// its own. `None`, and a line that says so, where the variable is not set: `cargo xtask test` always sets it.
///
/// # Panics
/// When the server is named and cannot be used.
pub async fn postgres() -> Option<Store> {
    let url = postgres_url().await?;
    Some(Store::open(&Target::Postgres(url)).await.expect("PostgreSQL opens"))
}

/// Runs the same check on an empty store of each database.
///
/// # Panics
/// When the check does.
pub async fn on_both<F, Fut>(check: F)
where
    F: Fn(Store) -> Fut,
    Fut: Future<Output = ()>,
{
    let (store, _folder) = sqlite().await;
    check(store).await;
    if let Some(store) = postgres().await {
        check(store).await;
    }
}
