//! Drops and who waits for them, as rows.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use app::ports::StoreError;
use kernel::{DropId, Millis, Timestamp, VariantId, ViewerId, WaiterId};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::Serialize;
use shop::drop::{Armed, Drop, EndedBecause, Stage, Waiter};
use shop::order::ShowNumber;
use shop::prize::Prize;

use super::claim::Buyer;
use super::row::row;
use super::sql::{
    Int, Kind, Sql, Text, ids, int, json as document, maybe_int, maybe_parsed, maybe_text, parsed, text, word,
};
use super::sql::{small, written};
use crate::{Tx, failed};

pub(super) const COLUMNS: &str = "d.id, d.show_id, d.show_number, d.product_id, d.variant_id, d.unit, d.quantity, \
    d.buyer_limit, d.hold, d.countries, d.window_ms, d.rehearsal, d.stage, d.opens_at, d.closes_at, d.places, \
    d.pieces_left, d.waiting, d.next_ticket, d.ended_at, d.ended_because, d.prize_bp";

pub(super) const WAITER_COLUMNS: &str =
    "w.id, w.drop_id, w.viewer_id, w.person_id, w.quantity, w.country, w.quote, w.ticket, w.place, w.joined_at";

/// With whether staff stopped the sale of its product, in a show that is not over.
static LOCKED: LazyLock<Sql> = LazyLock::new(|| {
    let text = format!(
        "SELECT {COLUMNS}, (SELECT COUNT(*) FROM run_item i JOIN show s ON s.id = i.show_id \
         WHERE i.product_id = d.product_id AND i.sale = 'stopped' AND s.state <> 'ended') AS stopped \
         FROM drop_offer d WHERE d.id IN (SELECT r.id FROM {{rows}}) ORDER BY d.id {{lock}}"
    );
    Sql::over(&[("id", Text)], &text)
});
static ARMED: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT d.id FROM {rows} JOIN drop_offer d ON d.variant_id = r.id AND d.stage = 'armed'";
    Sql::over(&[("id", Text)], text)
});
/// What is planned, and stays so once it is armed.
const PLANNED: [(&str, Kind); 12] = [
    ("id", Text),
    ("show_id", Text),
    ("show_number", Int),
    ("product_id", Text),
    ("variant_id", Text),
    ("unit", Text),
    ("buyer_limit", Int),
    ("hold", Text),
    ("countries", Text),
    ("window_ms", Int),
    ("rehearsal", Int),
    ("prize_bp", Int),
];
/// What the till moves. `unswept`: it ended, and who waited for it is still to be forgotten.
const MOVES: [(&str, Kind); 11] = [
    ("quantity", Int),
    ("stage", Text),
    ("opens_at", Int),
    ("closes_at", Int),
    ("places", Text),
    ("pieces_left", Int),
    ("waiting", Int),
    ("next_ticket", Int),
    ("ended_at", Int),
    ("ended_because", Text),
    ("unswept", Int),
];
/// A plan may change until it is armed.
static KEEP_PLAN: LazyLock<Sql> = LazyLock::new(|| {
    let known = "ON CONFLICT (id) DO UPDATE SET show_number = excluded.show_number, product_id = excluded.product_id, \
                 variant_id = excluded.variant_id, unit = excluded.unit, quantity = excluded.quantity, \
                 buyer_limit = excluded.buyer_limit, hold = excluded.hold, countries = excluded.countries, \
                 window_ms = excluded.window_ms, rehearsal = excluded.rehearsal, prize_bp = excluded.prize_bp WHERE drop_offer.stage = 'planned'";
    Sql::insert("drop_offer", &[&PLANNED[..], &MOVES].concat(), known)
});
static MOVED: LazyLock<Sql> = LazyLock::new(|| {
    let set: Vec<String> = MOVES.iter().map(|(name, _)| format!("{name} = r.{name}")).collect();
    let text = format!("UPDATE drop_offer SET {} FROM {{rows}} WHERE drop_offer.id = r.id", set.join(", "));
    Sql::over(&[&PLANNED[..1], &MOVES].concat(), &text)
});
/// Whoever joins or leaves a line holds the lock of its drop.
static WAITING: LazyLock<Sql> = LazyLock::new(|| {
    let text = format!(
        "SELECT {WAITER_COLUMNS} FROM {{rows}} JOIN waiter w ON w.viewer_id = r.viewer_id AND w.drop_id = r.drop_id"
    );
    Sql::over(&[("viewer_id", Text), ("drop_id", Text)], &text)
});
static LINES_OF: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT w.drop_id FROM {rows} JOIN waiter w ON w.viewer_id = r.id \
                JOIN drop_offer d ON d.id = w.drop_id AND d.stage = 'armed'";
    Sql::over(&[("id", Text)], text)
});
/// Who is named, and everybody before them.
static UP_TO: LazyLock<Sql> = LazyLock::new(|| {
    let text = format!(
        "SELECT {WAITER_COLUMNS} FROM (SELECT n.drop_id, MAX(n.ticket) AS last FROM {{rows}} \
         JOIN waiter n ON n.id = r.id GROUP BY n.drop_id) AS named \
         JOIN waiter w ON w.drop_id = named.drop_id AND w.ticket <= named.last"
    );
    Sql::over(&[("id", Text)], &text)
});
static JOINED: LazyLock<Sql> = LazyLock::new(|| {
    let columns = [
        ("id", Text),
        ("drop_id", Text),
        ("viewer_id", Text),
        ("person_id", Text),
        ("quantity", Int),
        ("country", Text),
        ("quote", Text),
        ("ticket", Int),
        ("place", Int),
        ("joined_at", Int),
    ];
    Sql::insert("waiter", &columns, "")
});
static LEFT: LazyLock<Sql> =
    LazyLock::new(|| Sql::over(&[("id", Text)], "DELETE FROM waiter WHERE id IN (SELECT r.id FROM {rows})"));

/// The drops with these ids, locked; with whether their sale is stopped.
pub(super) async fn load(db: &impl ConnectionTrait, wanted: BTreeSet<DropId>) -> Result<Vec<(Drop, bool)>, StoreError> {
    let rows = LOCKED.find(db, &ids(wanted)).await?;
    rows.iter().map(|row| Ok((read(row)?, int(row, "stopped")? > 0))).collect()
}

/// Armed drops of these variants.
pub(super) async fn armed_of(
    db: &impl ConnectionTrait,
    variants: &BTreeSet<VariantId>,
) -> Result<Vec<DropId>, StoreError> {
    ARMED.find(db, &ids(variants)).await?.iter().map(|row| parsed(row, "id")).collect()
}

/// The drops for which these devices wait.
pub(super) async fn lines_of(
    db: &impl ConnectionTrait,
    devices: &BTreeSet<ViewerId>,
) -> Result<Vec<DropId>, StoreError> {
    LINES_OF.find(db, &ids(devices)).await?.iter().map(|row| parsed(row, "drop_id")).collect()
}

/// Those of the buyers who wait, each for the named drop.
pub(super) async fn waiting(db: &impl ConnectionTrait, buyers: &[Buyer]) -> Result<Vec<Waiter>, StoreError> {
    WAITING.find(db, buyers).await?.iter().map(read_waiter).collect()
}

/// These waiters, and everybody who stands before them.
pub(super) async fn up_to(
    db: &impl ConnectionTrait,
    named: impl IntoIterator<Item = WaiterId>,
) -> Result<Vec<Waiter>, StoreError> {
    UP_TO.find(db, &ids(named)).await?.iter().map(read_waiter).collect()
}

/// Keeps a plan; `false` when the drop was armed.
pub(super) async fn plan(db: &impl ConnectionTrait, drop: &Drop) -> Result<bool, StoreError> {
    let done = KEEP_PLAN.run(db, &[row(drop)]).await?;
    Ok(done.is_some_and(|done| done.rows_affected() > 0))
}

/// Writes drops and lines back as the till changed them.
pub(super) async fn keep(
    db: &impl ConnectionTrait,
    drops: &[&Drop],
    joined: &[&Waiter],
    left: &[WaiterId],
) -> Result<(), StoreError> {
    MOVED.run(db, &drops.iter().map(|drop| row(drop)).collect::<Vec<_>>()).await?;
    LEFT.run(db, &ids(left)).await?;
    JOINED.run(db, &joined.iter().map(|waiter| waiter_row(waiter)).collect::<Vec<_>>()).await.map(std::mem::drop)
}

/// Forgets up to so many who waited for a drop that ended. Returns how many.
pub(super) async fn sweep(db: &Tx, ended: DropId, most: u32) -> Result<u64, StoreError> {
    let sql = "DELETE FROM waiter WHERE id IN (SELECT id FROM waiter WHERE drop_id = $1 ORDER BY ticket LIMIT $2)";
    let values = [ended.to_string().into(), i64::from(most).into()];
    let gone = db.run(sql, values).await.map_err(failed)?.rows_affected();
    if gone < u64::from(most) {
        let all = "UPDATE drop_offer SET unswept = 0 WHERE id = $1";
        db.run(all, [ended.to_string().into()]).await.map_err(failed)?;
    }
    Ok(gone)
}

pub(super) fn read(row: &QueryResult) -> Result<Drop, StoreError> {
    let time = |column: &str| maybe_int(row, column).map(|at| at.map(Timestamp::from_unix_micros));
    let stage = match text(row, "stage")?.as_str() {
        "armed" => Stage::Armed(Armed {
            opens_at: time("opens_at")?,
            closes_at: time("closes_at")?,
            places: document(row, "places")?,
            left: int(row, "pieces_left")?,
            waiting: int(row, "waiting")?,
            next_ticket: int(row, "next_ticket")?,
        }),
        "ended" => Stage::Ended {
            at: Timestamp::from_unix_micros(int(row, "ended_at")?),
            why: word(row, "ended_because", EndedBecause::parse)?,
        },
        _ => Stage::Planned,
    };
    Ok(Drop {
        id: parsed(row, "id")?,
        at: ShowNumber { show: parsed(row, "show_id")?, number: small(row, "show_number")? },
        product: parsed(row, "product_id")?,
        variant: parsed(row, "variant_id")?,
        unit: document(row, "unit")?,
        quantity: int(row, "quantity")?,
        limit: small(row, "buyer_limit")?,
        hold: document(row, "hold")?,
        countries: match maybe_text(row, "countries")? {
            Some(_) => Some(document(row, "countries")?),
            None => None,
        },
        window: maybe_int(row, "window_ms")?.map(Millis),
        rehearsal: int(row, "rehearsal")? == 1,
        prize: match maybe_int(row, "prize_bp")? {
            Some(_) => Some(Prize { basis_points: small(row, "prize_bp")? }),
            None => None,
        },
        stage,
    })
}

pub(super) fn read_waiter(row: &QueryResult) -> Result<Waiter, StoreError> {
    Ok(Waiter {
        id: parsed(row, "id")?,
        drop: parsed(row, "drop_id")?,
        viewer: parsed(row, "viewer_id")?,
        person: maybe_parsed(row, "person_id")?,
        quantity: small(row, "quantity")?,
        country: parsed(row, "country")?,
        quote: document(row, "quote")?,
        ticket: int(row, "ticket")?,
        place: int(row, "place")?,
        joined_at: Timestamp::from_unix_micros(int(row, "joined_at")?),
    })
}

fn row(drop: &Drop) -> impl Serialize + '_ {
    let nobody = Armed::default();
    let (stage, armed, ended) = match &drop.stage {
        Stage::Planned => ("planned", &nobody, None),
        Stage::Armed(armed) => ("armed", armed, None),
        Stage::Ended { at, why } => ("ended", &nobody, Some((at.unix_micros(), why.as_str()))),
    };
    row!({
        "id": drop.id,
        "show_id": drop.at.show,
        "show_number": drop.at.number,
        "product_id": drop.product,
        "variant_id": drop.variant,
        "unit": written(&drop.unit),
        "quantity": drop.quantity,
        "buyer_limit": drop.limit,
        "hold": written(&drop.hold),
        "countries": drop.countries.as_ref().map(written),
        "window_ms": drop.window.map(|window| window.0),
        "rehearsal": u8::from(drop.rehearsal),
        "prize_bp": drop.prize.map(|prize| prize.basis_points),
        "stage": stage,
        "opens_at": armed.opens_at.map(Timestamp::unix_micros),
        "closes_at": armed.closes_at.map(Timestamp::unix_micros),
        "places": written(&armed.places),
        "pieces_left": armed.left,
        "waiting": armed.waiting,
        "next_ticket": armed.next_ticket,
        "ended_at": ended.map(|(at, _)| at),
        "ended_because": ended.map(|(_, why)| why),
        "unswept": u8::from(ended.is_some()),
    })
}

fn waiter_row(waiter: &Waiter) -> impl Serialize + '_ {
    row!({
        "id": waiter.id,
        "drop_id": waiter.drop,
        "viewer_id": waiter.viewer,
        "person_id": waiter.person,
        "quantity": waiter.quantity,
        "country": waiter.country,
        "quote": written(&waiter.quote),
        "ticket": waiter.ticket,
        "place": waiter.place,
        "joined_at": waiter.joined_at.unix_micros(),
    })
}
