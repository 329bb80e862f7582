//! Stock as the till counts it: what lies there, what is set aside, what is paid for.
//!
//! At every step, for each place: `claimed + allocated + free + buffer = on hand`, as long as there is that much.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{LocationId, VariantId};
use serde::{Deserialize, Serialize};

/// One variant at one location. Counts are pieces, never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    pub variant: VariantId,
    pub location: LocationId,
    /// What lies there, sold pieces that were not sent yet included.
    pub on_hand: i64,
    /// Pieces kept back from sale online, against miscounts and the shop's own till.
    pub buffer: i64,
    /// Set aside by open claims.
    pub claimed: i64,
    /// Paid for and not sent yet.
    pub allocated: i64,
}

impl Stock {
    /// What can be claimed now.
    #[must_use]
    pub fn free(&self) -> i64 {
        (self.on_hand - self.buffer - self.claimed - self.allocated).max(0)
    }
}

/// Where some pieces of a claim or of a sold line lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub location: LocationId,
    /// At least 1.
    pub quantity: i64,
}

/// The variants of which there were not enough; nothing was taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not enough left of {variants:?}")]
pub struct SoldOut {
    pub variants: Vec<VariantId>,
}

/// The stock that one batch of commands decides over: read (and locked) once, changed in memory, written back once.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    rows: BTreeMap<VariantId, BTreeMap<LocationId, Stock>>,
    touched: BTreeSet<(VariantId, LocationId)>,
}

impl Shelf {
    #[must_use]
    pub fn new(rows: impl IntoIterator<Item = Stock>) -> Self {
        let mut shelf = Self::default();
        rows.into_iter().for_each(|row| shelf.put(row));
        shelf
    }

    /// The pieces of a variant that can be claimed now, over all locations.
    #[must_use]
    pub fn free(&self, variant: VariantId) -> i64 {
        self.of(variant).map(|row| row.free()).sum()
    }

    fn of(&self, variant: VariantId) -> impl Iterator<Item = &Stock> {
        self.rows.get(&variant).into_iter().flat_map(BTreeMap::values)
    }

    /// Sets pieces aside for every line, or for none. A variant may be wanted by several lines. One location is
    /// preferred, so that a line travels in one parcel; a line is spread only when no single location has enough.
    pub fn claim(&mut self, wanted: &[(VariantId, i64)]) -> Result<Vec<Vec<Place>>, SoldOut> {
        let mut sums: BTreeMap<VariantId, i64> = BTreeMap::new();
        for (variant, quantity) in wanted {
            *sums.entry(*variant).or_default() += quantity;
        }
        let short = sums.iter().filter(|(variant, sum)| self.free(**variant) < **sum);
        let variants: Vec<VariantId> = short.map(|(variant, _)| *variant).collect();
        if !variants.is_empty() {
            return Err(SoldOut { variants });
        }
        Ok(wanted.iter().map(|(variant, quantity)| self.set_aside(*variant, *quantity)).collect())
    }

    fn set_aside(&mut self, variant: VariantId, quantity: i64) -> Vec<Place> {
        let whole = self.of(variant).find(|row| row.free() >= quantity).map(|row| row.location);
        let spread: Vec<Place> = match whole {
            Some(location) => vec![Place { location, quantity }],
            None => {
                let mut left = quantity;
                let mut places = Vec::new();
                for row in self.of(variant) {
                    let part = row.free().min(left);
                    if part > 0 {
                        places.push(Place { location: row.location, quantity: part });
                        left -= part;
                    }
                }
                assert!(left == 0, "a claim is only spread over what was counted as free");
                places
            }
        };
        self.change(variant, &spread, |row, pieces| row.claimed += pieces);
        spread
    }

    /// An open claim ends without being paid.
    pub fn release(&mut self, variant: VariantId, places: &[Place]) {
        self.change(variant, places, |row, pieces| row.claimed -= pieces);
    }

    /// An open claim is paid.
    pub fn allocate(&mut self, variant: VariantId, places: &[Place]) {
        self.change(variant, places, |row, pieces| {
            row.claimed -= pieces;
            row.allocated += pieces;
        });
    }

    /// A paid line is cancelled before it was sent: its pieces can be sold again.
    pub fn give_back(&mut self, variant: VariantId, places: &[Place]) {
        self.change(variant, places, |row, pieces| row.allocated -= pieces);
    }

    /// A paid line is cancelled before it was sent, and its pieces stay set aside.
    pub fn set_back_aside(&mut self, variant: VariantId, places: &[Place]) {
        self.change(variant, places, |row, pieces| {
            row.allocated -= pieces;
            row.claimed += pieces;
        });
    }

    /// A paid line leaves the house.
    pub fn send(&mut self, variant: VariantId, places: &[Place]) {
        self.change(variant, places, |row, pieces| {
            row.allocated -= pieces;
            row.on_hand -= pieces;
        });
    }

    /// Paid pieces that wait to be sent are gone: lost, or broken.
    pub fn lose(&mut self, variant: VariantId, places: &[Place]) {
        self.send(variant, places);
    }

    /// Pieces that were sent came back and can be sold again.
    pub fn restock(&mut self, variant: VariantId, places: &[Place]) {
        self.change(variant, places, |row, pieces| row.on_hand += pieces);
    }

    /// A piece is sold over the counter: it leaves from where most is free, buffer included. Returns from where, or `None`
    /// when every piece there is paid for. [`Self::short`] then says whether it was promised to somebody.
    pub fn sell_in_shop(&mut self, variant: VariantId) -> Option<LocationId> {
        let unpaid = |row: &&Stock| row.on_hand - row.allocated > 0;
        let location =
            self.of(variant).filter(unpaid).max_by_key(|row| row.on_hand - row.claimed - row.allocated)?.location;
        self.change(variant, &[Place { location, quantity: 1 }], |row, pieces| row.on_hand -= pieces);
        Some(location)
    }

    /// Pieces that are promised at a location and do not lie there.
    #[must_use]
    pub fn short(&self, variant: VariantId, location: LocationId) -> i64 {
        let row = self.rows.get(&variant).and_then(|rows| rows.get(&location));
        row.map_or(0, |row| (row.claimed + row.allocated - row.on_hand).max(0))
    }

    fn change(&mut self, variant: VariantId, places: &[Place], with: impl Fn(&mut Stock, i64)) {
        for place in places {
            let row = self.rows.get_mut(&variant).and_then(|rows| rows.get_mut(&place.location));
            let row = row.expect("a place names a stock row that the batch has read");
            with(row, place.quantity);
            assert!(row.claimed >= 0 && row.allocated >= 0, "{row:?} gave back more than was taken from it");
            self.touched.insert((variant, place.location));
        }
    }

    /// The rows that changed, in id order.
    pub fn changed(&self) -> impl Iterator<Item = &Stock> {
        self.touched.iter().filter_map(|(variant, location)| self.rows.get(variant)?.get(location))
    }

    /// Forgets which rows changed, after they were written.
    pub fn written(&mut self) {
        self.touched.clear();
    }

    /// Puts a row there as it is stored now, over what was known of it.
    pub fn put(&mut self, row: Stock) {
        self.rows.entry(row.variant).or_default().insert(row.location, row);
    }

    /// Every row, in id order.
    pub fn rows(&self) -> impl Iterator<Item = &Stock> {
        self.rows.values().flat_map(BTreeMap::values)
    }

    /// The variants whose rows changed, in id order, each once.
    #[must_use]
    pub fn changed_variants(&self) -> Vec<VariantId> {
        let variants: BTreeSet<VariantId> = self.touched.iter().map(|(variant, _)| *variant).collect();
        variants.into_iter().collect()
    }
}

#[cfg(test)]
mod tests;
