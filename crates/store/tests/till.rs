//! The till keeps its promises on both databases.

use store::TillStore;
use store::testing::on_both;

#[tokio::test]
async fn both_databases_conform() {
    on_both(|store| async move { app::conformance::till::check(&TillStore::new(store)).await }).await;
}

#[tokio::test]
async fn both_databases_sum_a_shows_takings() {
    on_both(|store| async move { app::conformance::takings::check(&TillStore::new(store)).await }).await;
}
