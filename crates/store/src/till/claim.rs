//! Claims, and what viewers left unpaid, as rows.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use app::ports::StoreError;
use kernel::{ClaimId, DropId, OrderId, Timestamp, VariantId, ViewerId};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::Serialize;
use serde_json::{Value, json};
use shop::books::Marked;
use shop::claim::{Claim, ClaimState, InOrder, Source};
use shop::order::ShowNumber;
use shop::strikes::Strikes;

use super::row::row;
use super::sql::{Int, Sql, Text, ids, int, json as document, maybe_int, maybe_parsed, maybe_text, parsed, text, word};
use super::sql::{small, written};

pub(super) const COLUMNS: &str = "c.id, c.variant_id, c.product_id, c.quantity, c.places, c.until, c.after_show_hours, \
    c.state, c.source, c.drop_id, c.set_aside_by, c.viewer_id, c.person_id, c.show_id, c.show_number, c.country, \
    c.quote, c.idempotency_key, c.made_at, c.order_id, c.order_line_id";

static LOCKED: LazyLock<Sql> = LazyLock::new(|| {
    let text =
        format!("SELECT {COLUMNS} FROM claim c WHERE c.id IN (SELECT r.id FROM {{rows}}) ORDER BY c.id {{lock}}");
    Sql::over(&[("id", Text)], &text)
});
/// A claim in an order changes with its order alone, which is locked.
static IN_ORDERS: LazyLock<Sql> = LazyLock::new(|| {
    Sql::over(&[("id", Text)], &format!("SELECT {COLUMNS} FROM {{rows}} JOIN claim c ON c.order_id = r.id"))
});
/// Claims in a drop are made and counted under the lock of the drop.
static IN_DROPS: LazyLock<Sql> = LazyLock::new(|| {
    let text =
        format!("SELECT {COLUMNS} FROM {{rows}} JOIN claim c ON c.viewer_id = r.viewer_id AND c.drop_id = r.drop_id");
    Sql::over(&[("viewer_id", Text), ("drop_id", Text)], &text)
});
/// What went back to the tab of an order that ended unpaid; money that still comes takes it again.
static ON_TABS: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT c.id FROM {rows} JOIN orders o ON o.id = r.id AND o.state = 'expired' \
                JOIN claim c ON c.viewer_id = o.viewer_id AND c.state = 'open' AND c.order_id IS NULL";
    Sql::over(&[("id", Text)], text)
});
static OF_DEVICES: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT c.id FROM {rows} JOIN claim c ON c.viewer_id = r.id AND c.state = 'open' AND c.order_id IS NULL";
    Sql::over(&[("id", Text)], text)
});
/// The latest claims on a variant: those that may lose a piece to somebody in the shop.
static HOLDERS: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT c.id, c.order_id FROM claim c WHERE c.state = 'open' AND c.variant_id IN (SELECT r.id FROM {rows}) \
                ORDER BY c.made_at DESC, c.id DESC LIMIT 50";
    Sql::over(&[("id", Text)], text)
});
static KEEP: LazyLock<Sql> = LazyLock::new(|| {
    let columns = [
        ("id", Text),
        ("variant_id", Text),
        ("product_id", Text),
        ("quantity", Int),
        ("places", Text),
        ("until", Int),
        ("after_show_hours", Int),
        ("state", Text),
        ("source", Text),
        ("drop_id", Text),
        ("set_aside_by", Text),
        ("viewer_id", Text),
        ("person_id", Text),
        ("show_id", Text),
        ("show_number", Int),
        ("country", Text),
        ("quote", Text),
        ("idempotency_key", Text),
        ("made_at", Int),
        ("order_id", Text),
        ("order_line_id", Text),
    ];
    let known = "ON CONFLICT (id) DO UPDATE SET quantity = excluded.quantity, places = excluded.places, until = excluded.until, \
                 after_show_hours = excluded.after_show_hours, state = excluded.state, source = excluded.source, \
                 drop_id = excluded.drop_id, viewer_id = excluded.viewer_id, \
                 person_id = excluded.person_id, idempotency_key = excluded.idempotency_key, order_id = excluded.order_id, order_line_id = excluded.order_line_id";
    Sql::insert("claim", &columns, known)
});
static STRIKES: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT s.viewer_id, s.expired, s.barred_until FROM claim_strike s \
                WHERE s.viewer_id IN (SELECT r.id FROM {rows}) ORDER BY s.viewer_id {lock}";
    Sql::over(&[("id", Text)], text)
});
/// Who only wants to know whether a buyer is barred takes no lock.
static BARS: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT s.viewer_id, s.expired, s.barred_until FROM {rows} JOIN claim_strike s ON s.viewer_id = r.id";
    Sql::over(&[("id", Text)], text)
});
static KEEP_STRIKES: LazyLock<Sql> = LazyLock::new(|| {
    let known =
        "ON CONFLICT (viewer_id) DO UPDATE SET expired = excluded.expired, barred_until = excluded.barred_until";
    Sql::insert("claim_strike", &[("viewer_id", Text), ("expired", Text), ("barred_until", Int)], known)
});

/// Marks of claims that count against a drop's limit.
static MARKED: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT m.drop_id, m.mark, m.claim_id, c.quantity FROM {rows} \
                JOIN claim_mark m ON m.drop_id = r.drop_id AND m.mark = r.mark \
                JOIN claim c ON c.id = m.claim_id AND c.state IN ('open', 'paid')";
    Sql::over(&[("drop_id", Text), ("mark", Text)], text)
});
static MARK: LazyLock<Sql> = LazyLock::new(|| {
    Sql::insert("claim_mark", &[("drop_id", Text), ("mark", Text), ("claim_id", Text)], "ON CONFLICT DO NOTHING")
});

/// A viewer in a drop.
#[derive(Debug, Serialize)]
pub(super) struct Buyer {
    #[serde(rename = "viewer_id")]
    pub(super) viewer: ViewerId,
    #[serde(rename = "drop_id")]
    pub(super) drop: DropId,
}

/// The claims with these ids, locked.
pub(super) async fn load(db: &impl ConnectionTrait, wanted: BTreeSet<ClaimId>) -> Result<Vec<Claim>, StoreError> {
    LOCKED.find(db, &ids(wanted)).await?.iter().map(read).collect()
}

/// The claims of these orders.
pub(super) async fn of_orders(
    db: &impl ConnectionTrait,
    orders: impl IntoIterator<Item = OrderId>,
) -> Result<Vec<Claim>, StoreError> {
    IN_ORDERS.find(db, &ids(orders)).await?.iter().map(read).collect()
}

/// The claims of these buyers, each in the named drop.
pub(super) async fn in_drops(db: &impl ConnectionTrait, buyers: &[Buyer]) -> Result<Vec<Claim>, StoreError> {
    IN_DROPS.find(db, buyers).await?.iter().map(read).collect()
}

/// Claims that went back to the tab when these orders ended.
pub(super) async fn on_tabs(
    db: &impl ConnectionTrait,
    orders: impl IntoIterator<Item = OrderId>,
) -> Result<Vec<ClaimId>, StoreError> {
    ON_TABS.find(db, &ids(orders)).await?.iter().map(|row| parsed(row, "id")).collect()
}

/// What lies on the tabs of these devices.
pub(super) async fn of_devices(
    db: &impl ConnectionTrait,
    devices: &BTreeSet<ViewerId>,
) -> Result<Vec<ClaimId>, StoreError> {
    OF_DEVICES.find(db, &ids(devices)).await?.iter().map(|row| parsed(row, "id")).collect()
}

/// The latest open claims on these variants, with the orders that they are in.
pub(super) async fn holders(
    db: &impl ConnectionTrait,
    variants: BTreeSet<VariantId>,
) -> Result<Vec<(ClaimId, Option<OrderId>)>, StoreError> {
    let rows = HOLDERS.find(db, &ids(variants)).await?;
    rows.iter().map(|row| Ok((parsed(row, "id")?, maybe_parsed(row, "order_id")?))).collect()
}

/// What these viewers left unpaid lately; locked for who adds to it.
pub(super) async fn strikes(
    db: &impl ConnectionTrait,
    viewers: BTreeSet<ViewerId>,
    locked: bool,
) -> Result<Vec<(ViewerId, Strikes)>, StoreError> {
    let sql = if locked { &STRIKES } else { &BARS };
    let read = |row: &QueryResult| {
        let expired: Vec<i64> = document(row, "expired")?;
        let expired = expired.into_iter().map(Timestamp::from_unix_micros).collect();
        let barred_until = maybe_int(row, "barred_until")?.map(Timestamp::from_unix_micros);
        Ok((parsed(row, "viewer_id")?, Strikes { expired, barred_until }))
    };
    sql.find(db, &ids(viewers)).await?.iter().map(read).collect()
}

/// What buyers with these marks have of these drops. The drops are locked, so nothing of it moves.
pub(super) async fn marked(
    db: &impl ConnectionTrait,
    wanted: &BTreeSet<(DropId, &str)>,
) -> Result<Vec<Marked>, StoreError> {
    let wanted: Vec<Value> = wanted.iter().map(|(drop, mark)| json!({ "drop_id": drop, "mark": mark })).collect();
    let read = |row: &QueryResult| {
        Ok(Marked {
            drop: parsed(row, "drop_id")?,
            mark: text(row, "mark")?,
            claim: parsed(row, "claim_id")?,
            quantity: small(row, "quantity")?,
        })
    };
    MARKED.find(db, &wanted).await?.iter().map(read).collect()
}

pub(super) async fn keep_marks(db: &impl ConnectionTrait, new: &[&Marked]) -> Result<(), StoreError> {
    let rows = new.iter().map(|one| row!({ "drop_id": one.drop, "mark": &one.mark, "claim_id": one.claim }));
    MARK.run(db, &rows.collect::<Vec<_>>()).await.map(drop)
}

pub(super) async fn keep(db: &impl ConnectionTrait, claims: &[&Claim]) -> Result<(), StoreError> {
    // A line gets another claim only after its earlier one has left it.
    let (in_orders, on_tabs): (Vec<&Claim>, Vec<&Claim>) = claims.iter().partition(|claim| claim.order.is_some());
    let rows: Vec<_> = on_tabs.into_iter().chain(in_orders).map(row).collect();
    KEEP.run(db, &rows).await.map(drop)
}

pub(super) async fn keep_strikes(
    db: &impl ConnectionTrait,
    changed: &[(ViewerId, &Strikes)],
) -> Result<(), StoreError> {
    let row = |(viewer, strikes): &(ViewerId, &Strikes)| {
        let expired: Vec<i64> = strikes.expired.iter().map(|at| at.unix_micros()).collect();
        let barred_until = strikes.barred_until.map(Timestamp::unix_micros);
        row!({ "viewer_id": *viewer, "expired": written(&expired), "barred_until": barred_until })
    };
    KEEP_STRIKES.run(db, &changed.iter().map(row).collect::<Vec<_>>()).await.map(drop)
}

pub(super) fn read(row: &QueryResult) -> Result<Claim, StoreError> {
    let missing = |what: &str| StoreError::Failed(format!("a claim of a {what} does not name it"));
    let drop: Option<DropId> = maybe_parsed(row, "drop_id")?;
    let of = match text(row, "source")?.as_str() {
        "drop" => Source::Drop { drop: drop.ok_or_else(|| missing("drop"))? },
        "waitlist" => Source::Waitlist { drop: drop.ok_or_else(|| missing("waitlist"))? },
        "staff" => Source::Staff { by: parsed(row, "set_aside_by")? },
        _ => Source::Checkout,
    };
    let show = match maybe_parsed(row, "show_id")? {
        Some(show) => Some(ShowNumber { show, number: small(row, "show_number")? }),
        None => None,
    };
    let order = match maybe_parsed(row, "order_id")? {
        Some(order) => Some(InOrder { order, line: parsed(row, "order_line_id")? }),
        None => None,
    };
    Ok(Claim {
        id: parsed(row, "id")?,
        variant: parsed(row, "variant_id")?,
        product: parsed(row, "product_id")?,
        quantity: small(row, "quantity")?,
        places: document(row, "places")?,
        until: Timestamp::from_unix_micros(int(row, "until")?),
        after_show_hours: maybe_int(row, "after_show_hours")?.and_then(|hours| u16::try_from(hours).ok()),
        state: word(row, "state", ClaimState::parse)?,
        of,
        viewer: parsed(row, "viewer_id")?,
        person: maybe_parsed(row, "person_id")?,
        show,
        country: maybe_parsed(row, "country")?,
        quote: match maybe_text(row, "quote")? {
            Some(_) => Some(document(row, "quote")?),
            None => None,
        },
        key: maybe_text(row, "idempotency_key")?,
        made_at: Timestamp::from_unix_micros(int(row, "made_at")?),
        order,
    })
}

fn row(claim: &Claim) -> impl Serialize + '_ {
    let (source, by) = match claim.of {
        Source::Checkout => ("checkout", None),
        Source::Drop { .. } => ("drop", None),
        Source::Waitlist { .. } => ("waitlist", None),
        Source::Staff { by } => ("staff", Some(by)),
    };
    row!({
        "id": claim.id,
        "variant_id": claim.variant,
        "product_id": claim.product,
        "quantity": claim.quantity,
        "places": written(&claim.places),
        "until": claim.until.unix_micros(),
        "after_show_hours": claim.after_show_hours,
        "state": claim.state.as_str(),
        "source": source,
        "drop_id": claim.of.drop(),
        "set_aside_by": by,
        "viewer_id": claim.viewer,
        "person_id": claim.person,
        "show_id": claim.show.map(|at| at.show),
        "show_number": claim.show.map(|at| at.number),
        "country": claim.country,
        "quote": claim.quote.as_ref().map(written),
        "idempotency_key": &claim.key,
        "made_at": claim.made_at.unix_micros(),
        "order_id": claim.order.map(|at| at.order),
        "order_line_id": claim.order.map(|at| at.line),
    })
}
