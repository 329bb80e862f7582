//! Payment notes on both databases, and in memory.

use app::conformance::payment_notes;
use app::memory::MemoryPaymentNotes;
use store::testing::on_both;

#[tokio::test]
async fn a_payment_has_one_note() {
    payment_notes::check(&MemoryPaymentNotes::default()).await;
    on_both(|store| async move { payment_notes::check(&store).await }).await;
}
