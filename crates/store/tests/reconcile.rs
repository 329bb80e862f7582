//! Adding the books up again finds nothing after an honest evening, and each fault that is planted by hand.

use app::conformance;
use app::till::reconcile::reconcile;
use futures::FutureExt;
use sea_orm::{ConnectionTrait, Statement};
use store::testing::on_both;
use store::{BookReader, Lane, Store, TillStore};

async fn found(store: &Store) -> Vec<String> {
    let outcome = reconcile(&BookReader::of(store)).await.expect("the books are read");
    outcome.disagreements.iter().map(ToString::to_string).collect()
}

async fn run(store: &Store, sql: String) {
    let written: Result<u64, app::ports::StoreError> = store
        .unit(Lane::Ordinary, move |tx| {
            async move { tx.run(&sql, []).await.map(|done| done.rows_affected()).map_err(store::failed) }.boxed()
        })
        .await;
    assert_eq!(written, Ok(1), "one row was changed past the till");
}

async fn one(store: &Store, sql: &str) -> String {
    let statement = Statement::from_string(store.backend(), sql);
    let row = store.read().query_one_raw(statement).await.expect("asked").expect("a row");
    row.try_get_by_index(0).expect("a text")
}

/// A fault: a table, the row's key, and what is written there; `undo` takes it back.
async fn plant(store: &Store, table: &str, (key, id): (&str, &str), (fault, undo): (&str, &str), named: &str) {
    run(store, format!("UPDATE {table} SET {fault} WHERE {key} = '{id}'")).await;
    let disagreements = found(store).await;
    assert!(
        disagreements.iter().any(|line| line.contains(named)),
        "{table}: {fault} was not named: {disagreements:#?}"
    );
    run(store, format!("UPDATE {table} SET {undo} WHERE {key} = '{id}'")).await;
    assert_eq!(found(store).await, Vec::<String>::new(), "{table}: {undo}");
}

async fn check(store: Store) {
    let till = TillStore::new(store.clone());
    conformance::till::check(&till).await;
    conformance::drops::check(&till).await;
    conformance::offers::check(&till).await;
    assert_eq!(found(&store).await, Vec::<String>::new(), "an honest evening adds up");

    let variant = one(&store, "SELECT MIN(variant_id) FROM stock").await;
    let stock = format!("stock of variant {variant}");
    for counter in ["claimed", "allocated"] {
        let (more, fewer) = (format!("{counter} = {counter} + 1"), format!("{counter} = {counter} - 1"));
        plant(&store, "stock", ("variant_id", &variant), (&more, &fewer), &stock).await;
    }
    let order = one(&store, "SELECT MIN(id) FROM orders").await;
    let by_order = ("id", order.as_str());
    let (more, fewer) = ("total_minor = total_minor + 1", "total_minor = total_minor - 1");
    plant(&store, "orders", by_order, (more, fewer), &order).await;
    let flip = "unfinished = 1 - unfinished";
    plant(&store, "orders", by_order, (flip, flip), &order).await;
    let line = one(&store, "SELECT MIN(id) FROM order_line").await;
    plant(&store, "order_line", ("id", &line), (more, fewer), &line).await;
    for kind in ["opened", "captured"] {
        let entry = one(&store, &format!("SELECT MIN(id) FROM ledger WHERE kind = '{kind}'")).await;
        let of = one(&store, &format!("SELECT order_id FROM ledger WHERE id = '{entry}'")).await;
        let (more, fewer) = ("amount_minor = amount_minor + 1", "amount_minor = amount_minor - 1");
        plant(&store, "ledger", ("id", &entry), (more, fewer), &of).await;
    }
    let unsent = "SELECT MIN(c.id) FROM claim c JOIN allocation a ON a.order_line_id = c.order_line_id";
    let claim = one(&store, unsent).await;
    let line = one(&store, &format!("SELECT order_line_id FROM claim WHERE id = '{claim}'")).await;
    let by_claim = ("id", claim.as_str());
    plant(&store, "claim", by_claim, ("state = 'released'", "state = 'paid'"), &line).await;
    plant(&store, "claim", by_claim, ("quantity = quantity + 1", "quantity = quantity - 1"), &claim).await;
    let held = "order_id = NULL, order_line_id = NULL";
    let of = one(&store, &format!("SELECT order_id FROM claim WHERE id = '{claim}'")).await;
    let back = format!("order_id = '{of}', order_line_id = '{line}'");
    plant(&store, "claim", by_claim, (held, &back), &claim).await;
    let (more, fewer) = ("quantity = quantity + 1", "quantity = quantity - 1");
    plant(&store, "allocation", ("order_line_id", &line), (more, fewer), &line).await;
    let back = one(&store, "SELECT MIN(id) FROM order_return WHERE step = 'refunded'").await;
    plant(&store, "order_return", ("id", &back), ("step = 'received'", "step = 'refunded'"), &back).await;
    let change = one(&store, "SELECT MIN(id) FROM order_change WHERE what LIKE '%\"refunded\"%'").await;
    let promised = one(&store, &format!("SELECT id FROM ledger WHERE idempotency_key LIKE '%{change}'")).await;
    let (more, fewer) = ("amount_minor = amount_minor + 1", "amount_minor = amount_minor - 1");
    plant(&store, "ledger", ("id", &promised), (more, fewer), &change).await;
    let drop = one(&store, "SELECT MIN(id) FROM drop_offer WHERE stage = 'armed'").await;
    for counter in ["pieces_left", "waiting", "quantity"] {
        let (more, fewer) = (format!("{counter} = {counter} + 1"), format!("{counter} = {counter} - 1"));
        plant(&store, "drop_offer", ("id", &drop), (&more, &fewer), &drop).await;
    }
    let offer = one(&store, "SELECT MIN(id) FROM offer WHERE used > 0").await;
    plant(&store, "offer", ("id", &offer), ("used = used + 1", "used = used - 1"), &offer).await;
}

#[tokio::test]
async fn each_planted_fault_is_named() {
    on_both(check).await;
}
