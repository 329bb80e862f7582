//! Reads what a batch of commands decides over. Locks are taken in one order everywhere: baskets, orders, stock, each
//! by id, so that two processes wait for each other and never for ever.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use app::ports::StoreError;
use kernel::{OrderId, ProductId, VariantId, ViewerId};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use shop::books::{Books, Command, What};
use shop::shelf::Shelf;

use super::sql::{Sql, Text, ids, int, parsed};
use super::{goods, order, stock};

static BASKETS: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT b.viewer_id, b.version FROM basket b WHERE b.viewer_id IN (SELECT r.id FROM {rows}) \
                ORDER BY b.viewer_id {lock}";
    Sql::over(&[("id", Text)], text)
});
static BY_KEY: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT o.id FROM {rows} JOIN orders o ON o.viewer_id = r.viewer AND o.idempotency_key = r.key";
    Sql::over(&[("viewer", Text), ("key", Text)], text)
});
/// The latest orders that hold a claim on a variant: those that may lose it to somebody in the shop.
static HOLDERS: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT l.order_id AS id FROM claim c JOIN order_line l ON l.id = c.order_line_id \
                WHERE c.state = 'open' AND c.variant_id IN (SELECT r.id FROM {rows}) ORDER BY l.order_id DESC LIMIT 50";
    Sql::over(&[("id", Text)], text)
});

#[derive(Debug, Serialize)]
struct Key<'a> {
    viewer: ViewerId,
    key: &'a str,
}

/// The books with every row that the commands may touch.
pub(super) async fn books(db: &impl ConnectionTrait, commands: &[Command]) -> Result<Books, StoreError> {
    let baskets: BTreeSet<ViewerId> = commands.iter().filter_map(|command| basket(&command.what)).collect();
    let baskets = BASKETS.find(db, &ids(baskets)).await?;

    let keys: Vec<Key<'_>> =
        commands.iter().filter_map(|c| c.what.key()).map(|(viewer, key)| Key { viewer, key }).collect();
    let in_shop: BTreeSet<VariantId> = commands.iter().filter_map(|command| sold_in_shop(&command.what)).collect();
    let mut wanted: BTreeSet<OrderId> = commands.iter().filter_map(|command| command.what.order()).collect();
    for row in BY_KEY.find(db, &keys).await? {
        wanted.insert(parsed(&row, "id")?);
    }
    for row in HOLDERS.find(db, &ids(in_shop)).await? {
        wanted.insert(parsed(&row, "id")?);
    }
    let orders = order::load(db, wanted).await?;

    let mut variants: BTreeSet<VariantId> = commands.iter().flat_map(|command| command.what.variants()).collect();
    let claimed = orders.iter().flat_map(|order| &order.lines).filter(|line| line.claim.is_some());
    variants.extend(claimed.map(|line| line.variant));
    let mut books = Books::new(Shelf::new(stock::load(db, variants).await?));
    for row in baskets {
        books.add_basket(parsed(&row, "viewer_id")?, int(&row, "version")?);
    }
    orders.into_iter().for_each(|order| books.add_order(order));
    let products: BTreeSet<ProductId> = commands.iter().flat_map(|command| command.what.products()).collect();
    for row in goods::STOPPED.find(db, &ids(products)).await? {
        books.stop(parsed(&row, "product_id")?);
    }
    Ok(books)
}

fn basket(what: &What) -> Option<ViewerId> {
    match what {
        What::Place(place) => place.basket_version.map(|_| place.order.viewer),
        _ => None,
    }
}

const fn sold_in_shop(what: &What) -> Option<VariantId> {
    match what {
        What::SellInShop { variant } => Some(*variant),
        _ => None,
    }
}
