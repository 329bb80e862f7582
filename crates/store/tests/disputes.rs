//! Disputes on both databases: listed while they wait, and over for good.

use app::conformance::till::{NOW, Sample};
use app::ports::{DisputeRow, Disputes, till};
use kernel::{Currency, Millis, Money};
use shop::books::{Command, Placed, What};
use shop::payment::{Dispute, DisputeState};
use store::TillStore;
use store::testing::on_both;

#[tokio::test]
async fn a_dispute_stands_as_it_was_last_told_until_it_is_over() {
    on_both(|store| async move {
        let books = TillStore::new(store.clone());
        let mut sample = Sample::new(3);
        sample.stock(&books, 9, 0).await;
        let checkout = Box::new(sample.checkout(1));
        let place = Command { what: What::Place(checkout), at: NOW, random: sample.random.fork() };
        let Ok(Placed::New(order)) = till::place(&books, place).await else { panic!("not placed") };
        let row = |name: &str, state, mins: i64| DisputeRow {
            provider: "stripe".into(),
            order: order.id,
            dispute: Dispute {
                payment: order.payment,
                reference: name.into(),
                amount: Money::new(5_000, Currency::USD),
                state,
                reason: "fraudulent".into(),
                answer_by: (state == DisputeState::NeedsAnswer).then(|| NOW + Millis::from_days(7)),
                opened_at: NOW + Millis::from_mins(mins),
                page: format!("https://dashboard.example/{name}"),
            },
        };
        assert_eq!(store.disputes(10).await, Ok(Vec::new()));
        use DisputeState::{Lost, NeedsAnswer, UnderReview, Won};
        let told = [("a", NeedsAnswer, 0), ("b", NeedsAnswer, 1), ("a", UnderReview, 0), ("a", Lost, 0), ("a", Won, 0)];
        for (name, state, mins) in told.into_iter().chain([("c", NeedsAnswer, 2)]) {
            store.keep(row(name, state, mins)).await.expect("kept");
        }
        let number = order.number.clone();
        let expected = [row("c", NeedsAnswer, 2), row("b", NeedsAnswer, 1), row("a", Lost, 0)];
        let expected: Vec<_> = expected.into_iter().map(|row| (row, number.clone())).collect();
        assert_eq!(store.disputes(10).await, Ok(expected.clone()));
        assert_eq!(store.disputes(1).await, Ok(expected[..1].to_vec()));
    })
    .await;
}
