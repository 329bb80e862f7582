//! The rooms' logs keep their promises on both databases.

use app::ports::RoomLog;
use store::testing::on_both;

#[tokio::test]
async fn both_databases_conform() {
    on_both(|store| async move { app::conformance::room_log::check(&store).await }).await;
}

#[tokio::test]
async fn the_epoch_changes_with_a_restore_alone() {
    on_both(|store| async move {
        let before = store.epoch().await.expect("an epoch");
        assert_eq!(store.epoch().await, Ok(before.clone()));
        store.renew_room_epoch().await.expect("renewed");
        assert_ne!(store.epoch().await, Ok(before));
    })
    .await;
}
