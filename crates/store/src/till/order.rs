//! An order's rows: read back whole, by ids, in five statements for any number of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use app::ports::StoreError;
use kernel::{Money, OrderId, Timestamp};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::{Deserialize, Serialize};
use shop::catalogue::{NoWithdrawal, Seller};
use shop::change::Change;
use shop::order::{CancelReason, Order, OrderLine, OrderState, ShowNumber, Totals};
use shop::parcel::Parcel;
use shop::payment::{EventKind, LedgerEntry};

use super::sql::{Sql, Text, ids, int, json, maybe_int, maybe_parsed, maybe_text, parsed, small, text, word};

/// What a line keeps as it was when the buyer agreed. Stored: fields are only ever added, with a default.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Frozen<'a> {
    pub(super) price: kernel::EntryId,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub(super) reductions: Cow<'a, [shop::offer::Reduction]>,
    pub(super) title: Cow<'a, kernel::Texts>,
    pub(super) values: Cow<'a, [kernel::Texts]>,
    pub(super) sku: Cow<'a, str>,
    pub(super) picture: Option<kernel::MediaId>,
    pub(super) seller: Cow<'a, Seller>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) no_withdrawal: Option<NoWithdrawal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) replaces: Option<kernel::OrderLineId>,
}

const ORDER_COLUMNS: &str = "o.id, o.number, o.viewer_id, o.person_id, o.state, o.rehearsal, o.placed_at, \
    o.held_until, o.payment_id, o.provider, o.key_hash, o.idempotency_key, o.request_hash, o.totals, o.cancelled_because";

static ORDERS: LazyLock<Sql> = LazyLock::new(|| {
    let text = format!(
        "SELECT {ORDER_COLUMNS} FROM orders o WHERE o.id IN (SELECT r.id FROM {{rows}}) ORDER BY o.id {{lock}}"
    );
    Sql::over(&[("id", Text)], &text)
});
static LINES: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT l.id, l.order_id, l.variant_id, l.product_id, l.brand_id, l.quantity, l.unit_minor, \
                l.total_minor, l.show_id, l.show_number, l.parcel_id, l.frozen, \
                c.id AS claim_id \
                FROM order_line l LEFT JOIN claim c ON c.order_line_id = l.id \
                WHERE l.order_id IN (SELECT r.id FROM {rows}) ORDER BY l.order_id, l.place";
    Sql::over(&[("id", Text)], text)
});
static LEDGER: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT g.id, g.order_id, g.payment_id, g.kind, g.amount_minor, g.currency, g.reference, \
                g.idempotency_key, g.at FROM ledger g \
                WHERE g.order_id IN (SELECT r.id FROM {rows}) ORDER BY g.order_id, g.place";
    Sql::over(&[("id", Text)], text)
});
static PARCELS: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT p.id, p.order_id, p.carrier, p.tracking_number, p.tracking_url, p.sent_at, p.delivered_at FROM parcel p \
                WHERE p.order_id IN (SELECT r.id FROM {rows}) ORDER BY p.order_id, p.id";
    Sql::over(&[("id", Text)], text)
});

static CHANGES: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT h.id, h.order_id, h.at, h.made_by, h.what FROM order_change h \
                WHERE h.order_id IN (SELECT r.id FROM {rows}) ORDER BY h.order_id, h.place";
    Sql::over(&[("id", Text)], text)
});

/// Those of the orders that exist, in order of their ids; locked, when read inside a unit of work.
pub(super) async fn load(db: &impl ConnectionTrait, wanted: BTreeSet<OrderId>) -> Result<Vec<Order>, StoreError> {
    let wanted = ids(wanted);
    let heads = ORDERS.find(db, &wanted).await?;
    with_parts(db, heads).await
}

static SEEN: LazyLock<Sql> = LazyLock::new(|| {
    let text =
        format!("SELECT {ORDER_COLUMNS} FROM orders o WHERE o.id IN (SELECT r.id FROM {{rows}}) ORDER BY o.id DESC");
    Sql::over(&[("id", Text)], &text)
});

/// As [`load`] without locks, newest first.
pub(super) async fn look(
    db: &impl ConnectionTrait,
    wanted: impl IntoIterator<Item = OrderId>,
) -> Result<Vec<Order>, StoreError> {
    let heads = SEEN.find(db, &ids(wanted)).await?;
    with_parts(db, heads).await
}

async fn with_parts(db: &impl ConnectionTrait, heads: Vec<QueryResult>) -> Result<Vec<Order>, StoreError> {
    let mut orders: Vec<Order> = heads.iter().map(head).collect::<Result<_, _>>()?;
    let found = ids(orders.iter().map(|order| order.id));
    let places: BTreeMap<OrderId, usize> = orders.iter().enumerate().map(|(at, order)| (order.id, at)).collect();
    let owner = |row: &QueryResult| -> Result<usize, StoreError> {
        let id: OrderId = parsed(row, "order_id")?;
        places.get(&id).copied().ok_or_else(|| StoreError::Failed(format!("a row of the unknown order {id}")))
    };
    for row in LINES.find(db, &found).await? {
        let order = &mut orders[owner(&row)?];
        let line = line(&row, order.totals.total.currency)?;
        order.lines.push(line);
    }
    for row in LEDGER.find(db, &found).await? {
        let entry = entry(&row)?;
        orders[owner(&row)?].ledger.push(entry);
    }
    let sent =
        |order: &&Order| matches!(order.state, OrderState::PartlySent | OrderState::Sent | OrderState::Delivered);
    let parcels = ids(orders.iter().filter(sent).map(|order| order.id));
    for row in PARCELS.find(db, &parcels).await? {
        let parcel = Parcel {
            id: parsed(&row, "id")?,
            carrier: text(&row, "carrier")?,
            tracking_number: text(&row, "tracking_number")?,
            tracking_url: maybe_text(&row, "tracking_url")?,
            sent_at: time(&row, "sent_at")?,
            delivered_at: maybe_int(&row, "delivered_at")?.map(Timestamp::from_unix_micros),
        };
        orders[owner(&row)?].parcels.push(parcel);
    }
    // What is not paid has had nothing happen to it after the sale.
    let paid = |order: &&Order| !matches!(order.state, OrderState::AwaitingPayment | OrderState::Expired);
    for row in CHANGES.find(db, &ids(orders.iter().filter(paid).map(|order| order.id))).await? {
        let (id, at, by) = (parsed(&row, "id")?, time(&row, "at")?, maybe_parsed(&row, "made_by")?);
        orders[owner(&row)?].changes.push(Change { id, at, by, what: json(&row, "what")? });
    }
    Ok(orders)
}

fn time(row: &QueryResult, column: &str) -> Result<Timestamp, StoreError> {
    int(row, column).map(Timestamp::from_unix_micros)
}

fn head(row: &QueryResult) -> Result<Order, StoreError> {
    let totals: Totals = json(row, "totals")?;
    Ok(Order {
        id: parsed(row, "id")?,
        number: text(row, "number")?,
        viewer: parsed(row, "viewer_id")?,
        person: maybe_parsed(row, "person_id")?,
        state: word(row, "state", OrderState::parse)?,
        rehearsal: int(row, "rehearsal")? == 1,
        placed_at: time(row, "placed_at")?,
        held_until: time(row, "held_until")?,
        payment: parsed(row, "payment_id")?,
        provider: text(row, "provider")?,
        key_hash: text(row, "key_hash")?,
        idempotency_key: text(row, "idempotency_key")?,
        request_hash: text(row, "request_hash")?,
        totals,
        lines: Vec::new(),
        ledger: Vec::new(),
        parcels: Vec::new(),
        changes: Vec::new(),
        cancelled_because: maybe_text(row, "cancelled_because")?.as_deref().and_then(CancelReason::parse),
    })
}

fn line(row: &QueryResult, currency: kernel::Currency) -> Result<OrderLine, StoreError> {
    let frozen: Frozen<'_> = json(row, "frozen")?;
    let show = match maybe_parsed(row, "show_id")? {
        Some(show) => Some(ShowNumber { show, number: small(row, "show_number")? }),
        None => None,
    };
    Ok(OrderLine {
        id: parsed(row, "id")?,
        variant: parsed(row, "variant_id")?,
        product: parsed(row, "product_id")?,
        brand: parsed(row, "brand_id")?,
        quantity: small(row, "quantity")?,
        unit: Money::new(int(row, "unit_minor")?, currency),
        total: Money::new(int(row, "total_minor")?, currency),
        price: frozen.price,
        reductions: frozen.reductions.into_owned(),
        title: frozen.title.into_owned(),
        values: frozen.values.into_owned(),
        sku: frozen.sku.into_owned(),
        picture: frozen.picture,
        seller: frozen.seller.into_owned(),
        no_withdrawal: frozen.no_withdrawal,
        show,
        claim: maybe_parsed(row, "claim_id")?,
        parcel: maybe_parsed(row, "parcel_id")?,
        replaces: frozen.replaces,
    })
}

fn entry(row: &QueryResult) -> Result<LedgerEntry, StoreError> {
    Ok(LedgerEntry {
        id: parsed(row, "id")?,
        payment: parsed(row, "payment_id")?,
        kind: word(row, "kind", EventKind::parse)?,
        amount: Money::new(int(row, "amount_minor")?, parsed(row, "currency")?),
        reference: maybe_text(row, "reference")?,
        idempotency_key: text(row, "idempotency_key")?,
        at: time(row, "at")?,
    })
}
