//! The till keeps its promises on both databases.

use app::ports::Drops;
use sea_orm::{ConnectionTrait, Statement};
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

async fn waiters(store: &Store) -> i64 {
    let count = Statement::from_string(store.backend(), "SELECT COUNT(*) FROM waiter");
    let row = store.read().query_one_raw(count).await.expect("asked").expect("a row");
    row.try_get_by_index(0).expect("a count")
}

#[tokio::test]
async fn both_databases_keep_drops() {
    on_both(|store| async move {
        let till = TillStore::new(store.clone());
        app::conformance::drops::check(&till).await;
        // Who waited for a drop that ended goes a page at a time, and nobody else does.
        let mut swept = Vec::new();
        for _ in 0..3 {
            let before = waiters(&store).await;
            till.sweep_lines(2).await.expect("swept");
            swept.push(before - waiters(&store).await);
        }
        assert_eq!(swept, [2, 1, 0]);
    })
    .await;
}

#[tokio::test]
async fn both_databases_keep_questions() {
    on_both(|store| async move { app::conformance::trivia::check(&TillStore::new(store)).await }).await;
}

#[tokio::test]
async fn both_databases_count_offers() {
    on_both(|store| async move { app::conformance::offers::check(&TillStore::new(store)).await }).await;
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
