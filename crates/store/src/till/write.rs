//! Writes what a batch decided: a constant number of statements, whatever the batch's size.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use app::ports::StoreError;
use kernel::{ClaimId, Random, Timestamp, ViewerId};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use shop::books::{Changes, next_step};
use shop::buyer::Buyer;
use shop::claim::{Claim, ClaimState};
use shop::order::{Order, OrderLine, OrderState};
use shop::returns::Return;

use super::order::Frozen;
use super::row::row;
use super::sql::{Int, Kind, Sql, Text, ids, written};
use super::{claim, drop, offer, outbox, stock};

static ORDERS: LazyLock<Sql> = LazyLock::new(|| {
    let columns = [
        ("id", Text),
        ("number", Text),
        ("viewer_id", Text),
        ("person_id", Text),
        ("state", Text),
        ("rehearsal", Int),
        ("placed_at", Int),
        ("held_until", Int),
        ("payment_id", Text),
        ("provider", Text),
        ("key_hash", Text),
        ("idempotency_key", Text),
        ("request_hash", Text),
        ("currency", Text),
        ("total_minor", Int),
        ("totals", Text),
        ("cancelled_because", Text),
        ("unfinished", Int),
    ];
    Sql::insert("orders", &columns, "")
});
static BUYERS: LazyLock<Sql> = LazyLock::new(|| {
    let columns =
        [("order_id", Text), ("name", Text), ("email", Text), ("phone", Text), ("address", Text), ("language", Text)];
    Sql::insert("order_buyer", &columns, "")
});
const LINE: [(&str, Kind); 13] = [
    ("id", Text),
    ("order_id", Text),
    ("place", Int),
    ("variant_id", Text),
    ("product_id", Text),
    ("brand_id", Text),
    ("quantity", Int),
    ("unit_minor", Int),
    ("total_minor", Int),
    ("show_id", Text),
    ("show_number", Int),
    ("parcel_id", Text),
    ("frozen", Text),
];
static LINES: LazyLock<Sql> = LazyLock::new(|| Sql::insert("order_line", &LINE, ""));
/// Lines that came to an order in exchange; known ones stay as they are.
static EXCHANGED: LazyLock<Sql> = LazyLock::new(|| Sql::insert("order_line", &LINE, "ON CONFLICT (id) DO NOTHING"));
static CHANGES: LazyLock<Sql> = LazyLock::new(|| {
    let columns = [("id", Text), ("order_id", Text), ("place", Int), ("at", Int), ("made_by", Text), ("what", Text)];
    Sql::insert("order_change", &columns, "ON CONFLICT (id) DO NOTHING")
});
static RETURNS: LazyLock<Sql> = LazyLock::new(|| {
    let columns = [("id", Text), ("order_id", Text), ("step", Text)];
    Sql::insert("order_return", &columns, "ON CONFLICT (id) DO UPDATE SET step = excluded.step")
});
static LEDGER: LazyLock<Sql> = LazyLock::new(|| {
    let columns = [
        ("id", Text),
        ("order_id", Text),
        ("place", Int),
        ("payment_id", Text),
        ("kind", Text),
        ("amount_minor", Int),
        ("currency", Text),
        ("provider", Text),
        ("reference", Text),
        ("idempotency_key", Text),
        ("at", Int),
    ];
    Sql::insert("ledger", &columns, "ON CONFLICT (id) DO NOTHING")
});
static ALLOCATIONS: LazyLock<Sql> = LazyLock::new(|| {
    let columns =
        [("order_line_id", Text), ("order_id", Text), ("variant_id", Text), ("quantity", Int), ("places", Text)];
    let known = "ON CONFLICT (order_line_id) DO UPDATE SET quantity = excluded.quantity, places = excluded.places";
    Sql::insert("allocation", &columns, known)
});
static UNALLOCATED: LazyLock<Sql> = LazyLock::new(|| {
    Sql::over(&[("id", Text)], "DELETE FROM allocation WHERE order_line_id IN (SELECT r.id FROM {rows})")
});
static PROGRESS: LazyLock<Sql> = LazyLock::new(|| {
    let text = "UPDATE orders SET state = r.state, cancelled_because = r.cancelled_because, unfinished = r.unfinished \
                FROM {rows} WHERE orders.id = r.id";
    Sql::over(&[("id", Text), ("state", Text), ("cancelled_because", Text), ("unfinished", Int)], text)
});
static PARCELS: LazyLock<Sql> = LazyLock::new(|| {
    let columns = [
        ("id", Text),
        ("order_id", Text),
        ("carrier", Text),
        ("tracking_number", Text),
        ("tracking_url", Text),
        ("sent_at", Int),
        ("delivered_at", Int),
    ];
    Sql::insert("parcel", &columns, "ON CONFLICT (id) DO UPDATE SET delivered_at = excluded.delivered_at")
});
static SENT: LazyLock<Sql> = LazyLock::new(|| {
    let text = "UPDATE order_line SET parcel_id = r.parcel_id FROM {rows} WHERE order_line.id = r.id";
    Sql::over(&[("id", Text), ("parcel_id", Text)], text)
});
static EMPTIED: LazyLock<Sql> = LazyLock::new(|| {
    let text = "UPDATE basket SET version = version + 1, lines = '[]' WHERE viewer_id IN (SELECT r.id FROM {rows})";
    Sql::over(&[("id", Text)], text)
});

/// Writes everything that changed.
pub(super) async fn changes(
    db: &impl ConnectionTrait,
    changes: &Changes<'_>,
    at: Timestamp,
    random: &mut Random,
) -> Result<(), StoreError> {
    placed(db, &changes.placed, &changes.emptied).await?;
    progressed(db, changes).await?;
    let touched = || changes.placed.iter().map(|(order, _)| *order).chain(changes.changed.iter().copied());
    claim::keep(db, &changes.claims).await?;
    claim::keep_strikes(db, &changes.strikes).await?;
    claim::keep_marks(db, &changes.marked).await?;
    offer::keep(db, &changes.offers, &changes.given_back, &changes.used).await?;
    drop::keep(db, &changes.drops, &changes.joined, &changes.left).await?;
    LEDGER.run(db, &touched().flat_map(ledger).collect::<Vec<_>>()).await?;
    stock::keep(db, changes.shelf.changed()).await?;
    outbox::add(db, &changes.events, at, random).await
}

async fn placed(
    db: &impl ConnectionTrait,
    placed: &[(&Order, &Buyer)],
    emptied: &[ViewerId],
) -> Result<(), StoreError> {
    ORDERS.run(db, &placed.iter().map(|(order, _)| head(order)).collect::<Vec<_>>()).await?;
    BUYERS.run(db, &placed.iter().map(|(order, buyer)| side(order, buyer)).collect::<Vec<_>>()).await?;
    LINES.run(db, &placed.iter().flat_map(|(order, _)| lines(order, |_| true)).collect::<Vec<_>>()).await?;
    EMPTIED.run(db, &ids(emptied)).await.map(std::mem::drop)
}

async fn progressed(db: &impl ConnectionTrait, changes: &Changes<'_>) -> Result<(), StoreError> {
    let changed = &changes.changed;
    let claims: BTreeMap<ClaimId, &Claim> = changes.claims.iter().map(|claim| (claim.id, *claim)).collect();
    let progress = |order: &&Order| {
        row!({
            "id": order.id,
            "state": order.state.as_str(),
            "cancelled_because": order.cancelled_because.map(|reason| reason.as_str()),
            "unfinished": unfinished(order),
        })
    };
    PROGRESS.run(db, &changed.iter().map(progress).collect::<Vec<_>>()).await?;
    let exchanged = changed.iter().flat_map(|order| lines(order, |line| line.replaces.is_some()));
    EXCHANGED.run(db, &exchanged.collect::<Vec<_>>()).await?;
    CHANGES.run(db, &changed.iter().flat_map(|order| history(order)).collect::<Vec<_>>()).await?;
    RETURNS.run(db, &changed.iter().flat_map(|order| returns(order)).collect::<Vec<_>>()).await?;
    let (mut allocated, mut gone, mut sent, mut parcels) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for order in changed {
        for line in &order.lines {
            if line.parcel.is_some() {
                gone.push(row!({ "id": line.id }));
                continue;
            }
            // A claim that did not change keeps its allocation.
            let Some(claim) = line.claim.and_then(|claim| claims.get(&claim)) else { continue };
            if claim.state == ClaimState::Paid && !claim.is_rehearsal() {
                allocated.push(row!({
                    "order_line_id": line.id,
                    "order_id": order.id,
                    "variant_id": line.variant,
                    "quantity": claim.quantity,
                    "places": written(&claim.places),
                }));
            } else if claim.state != ClaimState::Open {
                gone.push(row!({ "id": line.id }));
            }
        }
        let in_parcels = order.lines.iter().filter_map(|line| Some((line.id, line.parcel?)));
        sent.extend(in_parcels.map(|(line, parcel)| row!({ "id": line, "parcel_id": parcel })));
        parcels.extend(order.parcels.iter().map(|parcel| {
            row!({
                "id": parcel.id,
                "order_id": order.id,
                "carrier": &parcel.carrier,
                "tracking_number": &parcel.tracking_number,
                "tracking_url": &parcel.tracking_url,
                "sent_at": parcel.sent_at.unix_micros(),
                "delivered_at": parcel.delivered_at.map(Timestamp::unix_micros),
            })
        }));
    }
    ALLOCATIONS.run(db, &allocated).await?;
    UNALLOCATED.run(db, &gone).await?;
    PARCELS.run(db, &parcels).await?;
    SENT.run(db, &sent).await.map(std::mem::drop)
}

/// 1 while the provider has to be asked for something.
fn unfinished(order: &Order) -> u8 {
    u8::from(order.state == OrderState::AwaitingPayment || next_step(order).is_some())
}

fn head(order: &Order) -> impl Serialize {
    row!({
        "id": order.id,
        "number": &order.number,
        "viewer_id": order.viewer,
        "person_id": order.person,
        "state": order.state.as_str(),
        "rehearsal": u8::from(order.rehearsal),
        "placed_at": order.placed_at.unix_micros(),
        "held_until": order.held_until.unix_micros(),
        "payment_id": order.payment,
        "provider": &order.provider,
        "key_hash": &order.key_hash,
        "idempotency_key": &order.idempotency_key,
        "request_hash": &order.request_hash,
        "currency": order.totals.total.currency,
        "total_minor": order.totals.total.minor,
        "totals": written(&order.totals),
        "cancelled_because": order.cancelled_because.map(|reason| reason.as_str()),
        "unfinished": unfinished(order),
    })
}

fn side(order: &Order, buyer: &Buyer) -> impl Serialize {
    row!({
        "order_id": order.id,
        "name": &buyer.contact.name,
        "email": &buyer.contact.email,
        "phone": &buyer.contact.phone,
        "address": written(&buyer.address),
        "language": &buyer.language,
    })
}

/// The lines that are asked for, each at its place.
fn lines(order: &Order, wanted: impl Fn(&OrderLine) -> bool) -> impl Iterator<Item = impl Serialize> {
    order.lines.iter().enumerate().filter(move |(_, line)| wanted(line)).map(|(place, line)| {
        let frozen = Frozen {
            price: line.price,
            reductions: Cow::Borrowed(&line.reductions),
            title: Cow::Borrowed(&line.title),
            values: Cow::Borrowed(&line.values),
            sku: Cow::Borrowed(&line.sku),
            picture: line.picture,
            seller: Cow::Borrowed(&line.seller),
            no_withdrawal: line.no_withdrawal,
            replaces: line.replaces,
        };
        row!({
            "id": line.id,
            "order_id": order.id,
            "place": place,
            "variant_id": line.variant,
            "product_id": line.product,
            "brand_id": line.brand,
            "quantity": line.quantity,
            "unit_minor": line.unit.minor,
            "total_minor": line.total.minor,
            "show_id": line.show.map(|at| at.show),
            "show_number": line.show.map(|at| at.number),
            "parcel_id": line.parcel,
            "frozen": written(&frozen),
        })
    })
}

fn history(order: &Order) -> impl Iterator<Item = impl Serialize> {
    order.changes.iter().enumerate().map(|(place, change)| {
        row!({
            "id": change.id,
            "order_id": order.id,
            "place": place,
            "at": change.at.unix_micros(),
            "made_by": change.by,
            "what": written(&change.what),
        })
    })
}

fn returns(order: &Order) -> impl Iterator<Item = impl Serialize> {
    let row = |one: Return| row!({ "id": one.id, "order_id": order.id, "step": one.step.as_str() });
    order.returns().into_iter().map(row)
}

fn ledger(order: &Order) -> impl Iterator<Item = impl Serialize> {
    order.ledger.iter().enumerate().map(|(place, entry)| {
        row!({
            "id": entry.id,
            "place": place,
            "order_id": order.id,
            "payment_id": entry.payment,
            "kind": entry.kind.as_str(),
            "amount_minor": entry.amount.minor,
            "currency": entry.amount.currency,
            "provider": &order.provider,
            "reference": &entry.reference,
            "idempotency_key": &entry.idempotency_key,
            "at": entry.at.unix_micros(),
        })
    })
}
