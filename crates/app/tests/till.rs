//! The till in memory keeps the same promises as the databases.

#[tokio::test]
async fn the_memory_conforms() {
    app::conformance::till::check(&app::memory::MemoryTill::default()).await;
    app::conformance::takings::check(&app::memory::MemoryTill::default()).await;
}
