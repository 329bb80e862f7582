//! A house of before drops keeps every claim when it is started by a release that has them.

use app::conformance::till::{NOW, Sample};
use app::ports::{Drops, Orders, till};
use app::till::reconcile::reconcile;
use kernel::OrderId;
use sea_orm::{ConnectionTrait, Database};
use shop::books::{Command, Placed, What};
use shop::claim::Claim;
use shop::order::Order;
use shop::payment::{EventKind, ProviderEvent};
use store::testing::{postgres_url, sqlite};
use store::{BookReader, Store, Target, TillStore};

/// Takes the schema back to the release before drops.
const BACK: &str = "
    DROP TABLE claim_mark;
    CREATE TABLE claim_before (
        id TEXT PRIMARY KEY,
        order_line_id TEXT NOT NULL UNIQUE REFERENCES order_line (id),
        variant_id TEXT NOT NULL,
        quantity BIGINT NOT NULL CHECK (quantity > 0),
        places TEXT NOT NULL,
        until BIGINT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'paid', 'released', 'expired'))
    );
    INSERT INTO claim_before SELECT id, order_line_id, variant_id, quantity, places, until, state FROM claim;
    DROP TABLE claim;
    ALTER TABLE claim_before RENAME TO claim;
    DROP TABLE waiter;
    DROP TABLE drop_offer;
    DROP TABLE trivia;
    DROP TABLE claim_strike;
    DROP INDEX order_line_by_variant;
    DELETE FROM schema_migration WHERE version IN (100, 101, 150, 151, 160);
";

async fn seen(till: &TillStore, orders: &[OrderId]) -> Vec<(Order, Vec<Claim>)> {
    let mut seen = Vec::new();
    for id in orders {
        let order = till.order(*id).await.expect("asked").expect("the order is kept");
        let mut claims = Vec::new();
        for claim in order.lines.iter().filter_map(|line| line.claim) {
            claims.push(till.claim_of(claim).await.expect("asked").expect("the claim is kept"));
        }
        seen.push((order, claims));
    }
    seen
}

/// One order that waits for its payment, one that is paid, and one that expired.
async fn trade(till: &TillStore) -> Vec<OrderId> {
    let mut sample = Sample::new(5);
    sample.stock(till, 9, 0).await;
    let mut orders = Vec::new();
    for quantity in 1..=3 {
        let what = What::Place(Box::new(sample.checkout(quantity)));
        let command = Command { what, at: NOW, random: sample.random.fork() };
        let Ok(Placed::New(order)) = till::place(till, command).await else { panic!("not placed") };
        let (amount, reference) = (order.totals.total, format!("{}-captured", order.payment));
        let news = vec![ProviderEvent { kind: EventKind::Captured, amount, reference, at: NOW }];
        let next = match quantity {
            1 => None,
            2 => Some((What::Settle { order: order.id, news }, NOW)),
            _ => Some((What::Expire { order: order.id }, order.held_until)),
        };
        if let Some((what, at)) = next {
            let random = sample.random.fork();
            app::ports::Till::run(till, Command { what, at, random }).await.expect("the till answers");
        }
        orders.push(order.id);
    }
    orders
}

async fn check(target: Target, address: String) {
    let orders = {
        let store = Store::open(&target).await.expect("it opens");
        trade(&TillStore::new(store)).await
    };
    let before = seen(&TillStore::new(Store::open(&target).await.expect("it opens")), &orders).await;
    assert_eq!(before.iter().map(|(_, claims)| claims.len()).collect::<Vec<_>>(), [1, 1, 1]);
    let past = Database::connect(address).await.expect("it opens");
    past.execute_unprepared(BACK).await.expect("the schema goes back");
    past.close().await.expect("closed");
    let store = Store::open(&target).await.expect("the schema goes forward");
    assert_eq!(seen(&TillStore::new(store.clone()), &orders).await, before);
    let sums = reconcile(&BookReader::of(&store)).await.expect("the books are read");
    assert_eq!(sums.disagreements, []);
}

#[tokio::test]
async fn every_claim_is_kept() {
    let (_opened, folder) = sqlite().await;
    let file = folder.path().join("house.db");
    check(Target::Sqlite(file.clone()), format!("sqlite://{}", file.display())).await;
    if let Some(url) = postgres_url().await {
        check(Target::Postgres(url.clone()), url).await;
    }
}
