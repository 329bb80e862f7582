//! The till in memory keeps the same promises as the databases.

#[tokio::test]
async fn the_memory_conforms() {
    app::conformance::till::check(&app::memory::MemoryTill::default()).await;
    app::conformance::drops::check(&app::memory::MemoryTill::default()).await;
    app::conformance::offers::check(&app::memory::MemoryTill::default()).await;
    let store = app::memory::MemoryTill::default();
    app::conformance::drops::check_two_at_once(&store, &store).await;
    app::conformance::takings::check(&app::memory::MemoryTill::default()).await;
}
