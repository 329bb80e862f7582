//! The till keeps its promises on both databases.

use store::testing::{on_both, postgres_url, sqlite};
use store::{Store, Target, TillStore};

#[tokio::test]
async fn both_databases_conform() {
    on_both(|store| async move { app::conformance::till::check(&TillStore::new(store)).await }).await;
}

#[tokio::test]
async fn both_databases_sum_a_shows_takings() {
    on_both(|store| async move { app::conformance::takings::check(&TillStore::new(store)).await }).await;
}

#[tokio::test]
async fn both_databases_keep_drops() {
    on_both(|store| async move { app::conformance::drops::check(&TillStore::new(store)).await }).await;
}

#[tokio::test]
async fn two_processes_share_a_drop() {
    if let Some(url) = postgres_url().await {
        let open = async || Store::open(&Target::Postgres(url.clone())).await.expect("PostgreSQL opens");
        let (one, other) = (TillStore::new(open().await), TillStore::new(open().await));
        app::conformance::drops::check_two_at_once(&one, &other).await;
    }
    let (store, _folder) = sqlite().await;
    let till = TillStore::new(store);
    app::conformance::drops::check_two_at_once(&till, &till.clone()).await;
}
