//! A house that outgrew its file moves into PostgreSQL with every row, or not at all.

use app::conformance;
use app::ports::{Drops, Orders};
use app::till::reconcile::reconcile;
use kernel::{OrderId, Timestamp};
use sea_orm::{ConnectionTrait, Database};
use store::testing::{postgres_url, sqlite, write_past};
use store::{BookReader, MoveError, Moved, Store, Target, TillStore, move_to_postgres};

async fn past(url: &str, sql: &str) {
    let past = Database::connect(url).await.expect("PostgreSQL opens");
    past.execute_unprepared(sql).await.expect("written");
    past.close().await.expect("closed");
}

/// Every order as it is read back, and what the books say.
async fn seen(store: &Store) -> (Vec<shop::order::Order>, Vec<String>) {
    let till = TillStore::new(store.clone());
    let filter = app::ports::OrderFilter { limit: 1_000, ..app::ports::OrderFilter::default() };
    let orders = till.list(filter).await.expect("a list").into_iter().map(|(order, _)| order).collect();
    let sums = reconcile(&BookReader::of(store)).await.expect("the books are read");
    (orders, sums.disagreements.iter().map(ToString::to_string).collect())
}

#[tokio::test]
async fn every_row_moves_and_is_counted() {
    let (store, folder) = sqlite().await;
    let file = folder.path().join("house.db");
    let till = TillStore::new(store.clone());
    conformance::till::check(&till).await;
    conformance::drops::check(&till).await;
    conformance::room_log::check(&store).await;
    let Some(url) = postgres_url().await else { return };
    let Moved { tables, rows } = move_to_postgres(&file, &url).await.expect("moved");
    assert!(tables > 40 && rows > 100, "{tables} tables, {rows} rows");
    let there = Store::open(&Target::Postgres(url.clone())).await.expect("PostgreSQL opens");
    let (ours, theirs) = (seen(&store).await, seen(&there).await);
    assert!(!ours.0.is_empty());
    assert_eq!(ours, theirs);
    let drops = TillStore::new(there).armed_drops(100).await.expect("a list");
    assert_eq!(till.armed_drops(100).await, Ok(drops));

    // A second time it is not empty.
    let again = move_to_postgres(&file, &url).await;
    assert!(matches!(again, Err(MoveError::NotEmpty { .. })), "{again:?}");
}

#[tokio::test]
async fn nothing_is_written_over_or_kept_by_halves() {
    let (store, folder) = sqlite().await;
    let file = folder.path().join("house.db");
    conformance::till::check(&TillStore::new(store)).await;
    let here = move_to_postgres(&file, "sqlite://elsewhere.db").await;
    assert!(matches!(here, Err(MoveError::NotPostgres(_))), "{here:?}");
    let nowhere = move_to_postgres(&folder.path().join("none.db"), "postgres://nobody@127.0.0.1:1/none").await;
    assert!(matches!(nowhere, Err(MoveError::OtherSchema { .. })), "{nowhere:?}");
    let Some(url) = postgres_url().await else { return };
    past(&url, "CREATE TABLE wages (id BIGINT)").await;
    let foreign = move_to_postgres(&file, &url).await;
    assert!(matches!(&foreign, Err(MoveError::Foreign { table }) if table == "wages"), "{foreign:?}");

    // A row that PostgreSQL cannot hold takes all others with it; mended, the same database is good.
    let Some(url) = postgres_url().await else { return };
    write_past(
        &file,
        "UPDATE order_buyer SET name = 'a' || char(0) || 'b' WHERE order_id = (SELECT MIN(order_id) FROM order_buyer)",
    )
    .await;
    let broken = move_to_postgres(&file, &url).await;
    assert!(matches!(&broken, Err(MoveError::Table { table, .. }) if table == "order_buyer"), "{broken:?}");
    let there = Store::open(&Target::Postgres(url.clone())).await.expect("PostgreSQL opens");
    assert_eq!(TillStore::new(there).taken(Timestamp::EPOCH).await, Ok(vec![]));
    write_past(&file, "UPDATE order_buyer SET name = 'Ann'").await;
    let mended = move_to_postgres(&file, &url).await;
    assert!(mended.is_ok(), "{mended:?}");
    let there = TillStore::new(Store::open(&Target::Postgres(url)).await.expect("PostgreSQL opens"));
    let orders: Vec<OrderId> = there
        .list(app::ports::OrderFilter { limit: 9, ..Default::default() })
        .await
        .expect("a list")
        .into_iter()
        .map(|(order, _)| order.id)
        .collect();
    assert!(!orders.is_empty());
}
