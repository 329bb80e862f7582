//! What is reported, decided and appealed against, on both databases.

use store::testing::on_both;

#[tokio::test]
async fn both_databases_conform() {
    on_both(|store| async move { app::conformance::moderation::check(&store).await }).await;
}
