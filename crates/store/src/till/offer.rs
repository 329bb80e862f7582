//! Offers, and the orders that limited ones count in, as rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use app::ports::{OfferRow, Offers, StoreError};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{EntryId, OrderId, ViewerId};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::{Value, json};
use shop::books::{Command, OfferCount, OfferUse, What, limited, marks_of};
use shop::offer::Offer;
use shop::order::Order;

use super::TillStore;
use super::sql::{Int, Sql, Text, ids, int, json as document, parsed, text, written};
use crate::{Lane, failed};

static LOCKED: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT o.id, o.doc, o.used FROM offer o WHERE o.id IN (SELECT r.id FROM {rows}) ORDER BY o.id {lock}";
    Sql::over(&[("id", Text)], text)
});
/// Whoever counts an offer holds the lock of its row.
static USES: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT u.offer_id, u.mark, u.order_id FROM {rows} \
                JOIN offer_use u ON u.offer_id = r.offer_id AND u.mark = r.mark";
    Sql::over(&[("offer_id", Text), ("mark", Text)], text)
});
static COUNTED: LazyLock<Sql> = LazyLock::new(|| {
    Sql::over(&[("id", Text), ("used", Int)], "UPDATE offer SET used = r.used FROM {rows} WHERE offer.id = r.id")
});
static GIVEN_BACK: LazyLock<Sql> =
    LazyLock::new(|| Sql::over(&[("id", Text)], "DELETE FROM offer_use WHERE order_id IN (SELECT r.id FROM {rows})"));
static USED: LazyLock<Sql> = LazyLock::new(|| {
    Sql::insert("offer_use", &[("offer_id", Text), ("mark", Text), ("order_id", Text)], "ON CONFLICT DO NOTHING")
});

/// The limited offers that these commands may count, locked; with what the buyers who place orders have used of them.
pub(super) async fn load(
    db: &impl ConnectionTrait,
    commands: &[Command],
    orders: &[Order],
) -> Result<Vec<(EntryId, OfferCount)>, StoreError> {
    let mut wanted: BTreeSet<EntryId> = orders.iter().flat_map(limited).collect();
    let mut asked: BTreeSet<(EntryId, String)> = BTreeSet::new();
    for command in commands {
        if let What::PaidBy { order, mark } = &command.what {
            let own = orders.iter().filter(|known| known.id == *order);
            asked.extend(own.flat_map(limited).map(|offer| (offer, mark.clone())));
        }
        let What::Place(place) = &command.what else { continue };
        for offer in limited(&place.order) {
            wanted.insert(offer);
            asked.extend(marks_of(&place.order, &place.marks).map(|mark| (offer, mark)));
        }
    }
    let mut found: BTreeMap<EntryId, OfferCount> = BTreeMap::new();
    for row in LOCKED.find(db, &ids(wanted)).await? {
        let Offer { id, uses, per_buyer, stopped, .. } = document(&row, "doc")?;
        let used = int(&row, "used")?;
        found.insert(id, OfferCount { uses, per_buyer, stopped, used, by_mark: BTreeMap::new() });
    }
    let asked: Vec<Value> = asked.iter().map(|(offer, mark)| json!({ "offer_id": offer, "mark": mark })).collect();
    for row in USES.find(db, &asked).await? {
        if let Some(count) = found.get_mut(&parsed(&row, "offer_id")?) {
            count.by_mark.entry(text(&row, "mark")?).or_default().insert(parsed(&row, "order_id")?);
        }
    }
    Ok(found.into_iter().collect())
}

pub(super) async fn keep(
    db: &impl ConnectionTrait,
    counted: &[(EntryId, i64)],
    given_back: &[OrderId],
    used: &[&OfferUse],
) -> Result<(), StoreError> {
    let count = |(id, used): &(EntryId, i64)| json!({ "id": id, "used": used });
    COUNTED.run(db, &counted.iter().map(count).collect::<Vec<_>>()).await?;
    GIVEN_BACK.run(db, &ids(given_back)).await?;
    let row = |one: &&OfferUse| json!({ "offer_id": one.offer, "mark": one.mark, "order_id": one.order });
    USED.run(db, &used.iter().map(row).collect::<Vec<_>>()).await.map(drop)
}

fn read(row: &QueryResult) -> Result<OfferRow, StoreError> {
    Ok(OfferRow { offer: document(row, "doc")?, version: int(row, "version")?, used: int(row, "used")? })
}

#[async_trait]
impl Offers for TillStore {
    async fn offers(&self, limit: u32) -> Result<Vec<OfferRow>, StoreError> {
        let sql = "SELECT doc, version, used FROM offer ORDER BY id DESC LIMIT $1";
        self.found(sql, vec![i64::from(limit).into()]).await?.iter().map(read).collect()
    }

    async fn offer(&self, id: EntryId) -> Result<Option<OfferRow>, StoreError> {
        let sql = "SELECT doc, version, used FROM offer WHERE id = $1";
        self.found(sql, vec![id.to_string().into()]).await?.first().map(read).transpose()
    }

    async fn keep_offer(&self, offer: Offer, seen: i64) -> Result<(), StoreError> {
        self.store
            .unit(Lane::Ordinary, move |tx| {
                async move {
                    let taken = "SELECT id FROM offer WHERE code = $1 AND id <> $2";
                    let id = || offer.id.to_string().into();
                    if !tx.rows(taken, [offer.code.clone().into(), id()]).await.map_err(failed)?.is_empty() {
                        return Err(StoreError::Duplicate("offer.code".into()));
                    }
                    let (code, doc) = (offer.code.clone().into(), written(&offer).into());
                    let kept = if seen == 0 {
                        let sql = "INSERT INTO offer (id, version, code, doc) VALUES ($1, 1, $2, $3) \
                                   ON CONFLICT (id) DO NOTHING";
                        tx.run(sql, [id(), code, doc]).await
                    } else {
                        let sql = "UPDATE offer SET version = version + 1, code = $2, doc = $3 \
                                   WHERE id = $1 AND version = $4";
                        tx.run(sql, [id(), code, doc, seen.into()]).await
                    };
                    let kept = kept.map_err(failed)?.rows_affected();
                    if kept == 1 { Ok(()) } else { Err(StoreError::Changed) }
                }
                .boxed()
            })
            .await
    }

    async fn used_by(&self, viewer: ViewerId, offers: &[EntryId]) -> Result<Vec<(EntryId, i64)>, StoreError> {
        let mark = format!("viewer:{viewer}");
        let asked: Vec<Value> = offers.iter().map(|offer| json!({ "offer_id": offer, "mark": mark })).collect();
        let mut counts: BTreeMap<EntryId, i64> = BTreeMap::new();
        for row in USES.find(self.store.read(), &asked).await? {
            *counts.entry(parsed(&row, "offer_id")?).or_default() += 1;
        }
        Ok(counts.into_iter().collect())
    }
}
