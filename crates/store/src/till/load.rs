//! Reads what a batch of commands decides over. Locks are taken in one order everywhere: baskets, orders, claims, drops,
//! offers, strikes, stock, each by id, so that two processes wait for each other and never for ever.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use app::ports::StoreError;
use kernel::{ClaimId, DropId, OrderId, ProductId, VariantId, ViewerId};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use shop::books::{Books, Command, What};
use shop::claim::Claim;
use shop::drop::{Drop, Waiter};
use shop::order::Order;
use shop::shelf::Shelf;
use shop::strikes::Strikes;

use super::claim::Buyer;
use super::sql::{Sql, Text, ids, int, parsed};
use super::{claim, drop, goods, offer, order, stock};

static BASKETS: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT b.viewer_id, b.version FROM basket b WHERE b.viewer_id IN (SELECT r.id FROM {rows}) \
                ORDER BY b.viewer_id {lock}";
    Sql::over(&[("id", Text)], text)
});
static BY_KEY: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT o.id FROM {rows} JOIN orders o ON o.viewer_id = r.viewer AND o.idempotency_key = r.key";
    Sql::over(&[("viewer", Text), ("key", Text)], text)
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
    let mut claims: BTreeSet<ClaimId> = commands.iter().flat_map(|command| command.what.claims()).collect();
    wanted.extend(commands.iter().flat_map(|command| command.what.further_orders()));
    for row in BY_KEY.find(db, &keys).await? {
        wanted.insert(parsed(&row, "id")?);
    }
    for (held, order) in claim::holders(db, in_shop.clone()).await? {
        claims.insert(held);
        wanted.extend(order);
    }
    let orders = order::load(db, wanted).await?;
    let paid = |what: &What| matches!(what, What::Settle { .. } | What::PaidBy { .. });
    let settled = commands.iter().filter(|command| paid(&command.what));
    claims.extend(claim::on_tabs(db, settled.filter_map(|command| command.what.order())).await?);
    let devices: BTreeSet<ViewerId> = commands.iter().filter_map(|command| signed_in(&command.what)).collect();
    claims.extend(claim::of_devices(db, &devices).await?);
    let mut claims = claim::load(db, claims).await?;
    claims.extend(claim::of_orders(db, orders.iter().map(|order| order.id)).await?);

    let mut variants: BTreeSet<VariantId> = commands.iter().flat_map(|command| command.what.variants()).collect();
    variants.extend(claims.iter().map(|claim| claim.variant));
    let mut drops: BTreeSet<DropId> = commands.iter().filter_map(|command| command.what.drop()).collect();
    if commands.iter().any(|command| command.what.ends_claims()) {
        drops.extend(claims.iter().filter_map(|claim| claim.of.drop()));
    }
    let paid_for = paid_for(commands, &claims, &orders);
    drops.extend(paid_for.iter().map(|(drop, _)| *drop));
    drops.extend(drop::armed_of(db, &in_shop).await?);
    let in_lines = drop::lines_of(db, &devices).await?;
    drops.extend(in_lines.iter().copied());
    let drops = drop::load(db, drops).await?;
    let moved: BTreeSet<DropId> =
        commands.iter().filter(|command| command.what.moves_pot()).filter_map(|command| command.what.drop()).collect();
    variants.extend(drops.iter().filter(|(drop, _)| moved.contains(&drop.id)).map(|(drop, _)| drop.variant));
    let buyers = in_drops(db, commands, &drops, &in_lines).await?;
    let marked = claim::marked(db, &paid_for).await?;
    let offers = offer::load(db, commands, &orders).await?;
    let strikes = strikes(db, commands, &claims, &orders).await?;

    let mut books = Books::new(Shelf::new(stock::load(db, variants).await?));
    for row in baskets {
        books.add_basket(parsed(&row, "viewer_id")?, int(&row, "version")?);
    }
    let products: BTreeSet<ProductId> = commands.iter().flat_map(|command| command.what.products()).collect();
    for row in goods::STOPPED.find(db, &ids(products)).await? {
        books.stop(parsed(&row, "product_id")?);
    }
    drops.iter().filter(|(_, stopped)| *stopped).for_each(|(drop, _)| books.stop(drop.product));
    buyers.claims.into_iter().chain(claims).for_each(|claim| books.add_claim(claim));
    buyers.waiters.into_iter().for_each(|waiter| books.add_waiter(waiter));
    drops.into_iter().for_each(|(drop, _)| books.add_drop(drop));
    strikes.into_iter().for_each(|(viewer, strikes)| books.add_strikes(viewer, strikes));
    marked.into_iter().for_each(|marked| books.add_mark(marked));
    offers.into_iter().for_each(|(id, count)| books.add_offer(id, count));
    orders.into_iter().for_each(|order| books.add_order(order));
    Ok(books)
}

/// The drops of which tabs are paid, each with the marks of who pays. Locked, so that their limits hold.
fn paid_for<'a>(commands: &'a [Command], claims: &[Claim], orders: &[Order]) -> BTreeSet<(DropId, &'a str)> {
    let mut found = BTreeSet::new();
    for command in commands {
        if let What::PaidBy { order, mark } = &command.what {
            // Of an order that had ended, what lies on the buyer's tab again.
            let known = orders.iter().find(|known| known.id == *order);
            let back = |claim: &Claim| {
                claim.on_tab() && known.is_some_and(|order| claim.belongs_to(order.viewer, order.person))
            };
            let own = claims.iter().filter(|claim| claim.order.is_some_and(|at| at.order == *order) || back(claim));
            found.extend(own.filter_map(|claim| Some((claim.of.drop()?, mark.as_str()))));
        }
        let What::Place(place) = &command.what else { continue };
        let claiming = place.claiming.iter().map(|wish| wish.drop);
        found.extend(claiming.flat_map(|drop| place.marks.iter().map(move |mark| (drop, mark.as_str()))));
        for id in place.adopted.values() {
            let claim = claims.iter().find(|claim| claim.id == *id);
            let Some(drop) = claim.and_then(|claim| claim.of.drop()) else { continue };
            found.extend(place.marks.iter().map(|mark| (drop, mark.as_str())));
        }
    }
    found
}

#[derive(Debug)]
struct InDrops {
    claims: Vec<Claim>,
    waiters: Vec<Waiter>,
}

/// What buyers who claim in drops have of them, and who waits. The drops are locked, so nothing of it moves.
async fn in_drops(
    db: &impl ConnectionTrait,
    commands: &[Command],
    drops: &[(Drop, bool)],
    in_lines: &[DropId],
) -> Result<InDrops, StoreError> {
    let mut buyers: BTreeSet<(DropId, ViewerId)> =
        commands.iter().filter_map(|command| command.what.buyer_in_drop()).collect();
    for command in commands {
        if let What::TakeAlong { device, account, .. } = &command.what {
            buyers.extend(in_lines.iter().flat_map(|drop| [(*drop, *device), (*drop, *account)]));
        }
    }
    let buyers: Vec<Buyer> = buyers.into_iter().map(|(drop, viewer)| Buyer { viewer, drop }).collect();
    let claims = claim::in_drops(db, &buyers).await?;
    let somebody = |buyer: &Buyer| {
        let drop = drops.iter().find(|(drop, _)| drop.id == buyer.drop);
        drop.and_then(|(drop, _)| drop.armed()).is_some_and(|armed| armed.waiting > 0)
    };
    let in_line: Vec<Buyer> = buyers.into_iter().filter(somebody).collect();
    let mut waiters = drop::waiting(db, &in_line).await?;
    let named = commands.iter().flat_map(|command| match &command.what {
        What::OfferWaiting { offers, .. } => offers.as_slice(),
        _ => &[],
    });
    waiters.extend(drop::up_to(db, named.map(|(waiter, _)| *waiter)).await?);
    Ok(InDrops { claims, waiters })
}

/// What the buyers left unpaid: who claims is looked up, who may get one more is locked.
async fn strikes(
    db: &impl ConnectionTrait,
    commands: &[Command],
    claims: &[Claim],
    orders: &[Order],
) -> Result<Vec<(ViewerId, Strikes)>, StoreError> {
    let (mut ask, mut add) = (BTreeSet::new(), BTreeSet::new());
    for command in commands {
        match &command.what {
            What::Claim(wish) => ask.extend([wish.viewer]),
            What::Place(place) => ask.extend(place.claiming.as_ref().map(|wish| wish.viewer)),
            What::Unbar { viewer } => add.extend([*viewer]),
            What::ExpireClaims { .. } => add.extend(claims.iter().map(|claim| claim.viewer)),
            What::Expire { order } => {
                add.extend(orders.iter().filter(|known| known.id == *order).map(|order| order.viewer));
            }
            _ => {}
        }
    }
    ask.retain(|viewer| !add.contains(viewer));
    let mut found = claim::strikes(db, add, true).await?;
    found.extend(claim::strikes(db, ask, false).await?);
    Ok(found)
}

fn basket(what: &What) -> Option<ViewerId> {
    match what {
        What::Place(place) => place.basket_version.map(|_| place.order.viewer),
        _ => None,
    }
}

const fn signed_in(what: &What) -> Option<ViewerId> {
    match what {
        What::TakeAlong { device, .. } => Some(*device),
        _ => None,
    }
}

const fn sold_in_shop(what: &What) -> Option<VariantId> {
    match what {
        What::SellInShop { variant } => Some(*variant),
        _ => None,
    }
}
