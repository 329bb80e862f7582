//! Offers in memory, with the books' own counts.

use async_trait::async_trait;
use kernel::{EntryId, ViewerId};
use shop::books::OfferCount;
use shop::offer::Offer;

use super::MemoryTill;
use super::till::Rows;
use crate::ports::{OfferRow, Offers, StoreError};

fn row(rows: &Rows, (offer, version): &(Offer, i64)) -> OfferRow {
    let used = rows.books.offer_count(offer.id).map_or(0, |count| count.used);
    OfferRow { offer: offer.clone(), version: *version, used }
}

#[async_trait]
impl Offers for MemoryTill {
    async fn offers(&self, limit: u32) -> Result<Vec<OfferRow>, StoreError> {
        let rows = self.rows();
        let newest = rows.offers.values().rev().take(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(newest.map(|known| row(&rows, known)).collect())
    }

    async fn offer(&self, id: EntryId) -> Result<Option<OfferRow>, StoreError> {
        let rows = self.rows();
        Ok(rows.offers.get(&id).map(|known| row(&rows, known)))
    }

    async fn keep_offer(&self, offer: Offer, seen: i64) -> Result<(), StoreError> {
        let mut rows = self.rows();
        if rows.offers.get(&offer.id).map_or(0, |(_, version)| *version) != seen {
            return Err(StoreError::Changed);
        }
        let taken = |(other, _): &(Offer, i64)| other.id != offer.id && other.code == offer.code;
        if offer.code.is_some() && rows.offers.values().any(taken) {
            return Err(StoreError::Duplicate("offer.code".into()));
        }
        let before = rows.books.offer_count(offer.id).cloned().unwrap_or_default();
        let (uses, per_buyer, stopped) = (offer.uses, offer.per_buyer, offer.stopped);
        rows.books.add_offer(offer.id, OfferCount { uses, per_buyer, stopped, ..before });
        rows.offers.insert(offer.id, (offer, seen + 1));
        Ok(())
    }

    async fn used_by(&self, viewer: ViewerId, offers: &[EntryId]) -> Result<Vec<(EntryId, i64)>, StoreError> {
        let (rows, mark) = (self.rows(), format!("viewer:{viewer}"));
        let used = |id: &EntryId| {
            let orders = rows.books.offer_count(*id)?.by_mark.get(&mark)?.len();
            (orders > 0).then(|| (*id, i64::try_from(orders).unwrap_or(i64::MAX)))
        };
        Ok(offers.iter().filter_map(used).collect())
    }
}
