//! The run sheet: the planned order of a show, with numbers that stay.

use std::collections::BTreeSet;

use kernel::ProductId;
use serde::{Deserialize, Serialize};

/// A show holds at most so many products.
const MOST_ITEMS: usize = 500;
const LONGEST_POINTS_CHARS: usize = 2_000;

/// Whether a numbered product is on sale in this show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sale {
    #[default]
    Open,
    Stopped,
}

/// One product of a show. Its number stands on tray, card, order and pick list, and is never given twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunItem {
    pub number: u32,
    pub product: ProductId,
    /// For the host alone; at most 2,000 characters.
    pub talking_points: String,
    pub sale: Sale,
}

/// Where staff want an item: with its number when it has one, without when it is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    pub number: Option<u32>,
    pub product: ProductId,
    pub talking_points: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunSheetRefusal {
    #[error("a show holds at most {MOST_ITEMS} products")]
    TooMany,
    #[error("number {0} belongs to another product, or to none")]
    NotItsNumber(u32),
    #[error("this product stands in the run sheet already")]
    Twice(ProductId),
    #[error("talking points have at most {LONGEST_POINTS_CHARS} characters")]
    TooLong,
}

/// The items in their order, and the next number to give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSheet {
    pub items: Vec<RunItem>,
    pub next_number: u32,
}

impl Default for RunSheet {
    fn default() -> Self {
        Self { items: Vec::new(), next_number: 1 }
    }
}

impl RunSheet {
    #[must_use]
    pub fn item(&self, number: u32) -> Option<&RunItem> {
        self.items.iter().find(|item| item.number == number)
    }

    /// The sheet in the order wanted. Items keep number and sale; new ones get the next numbers; what is left out leaves
    /// the sheet, and its number is not given again.
    pub fn arrange(&self, wanted: Vec<Placement>) -> Result<Self, RunSheetRefusal> {
        if wanted.len() > MOST_ITEMS {
            return Err(RunSheetRefusal::TooMany);
        }
        let mut next_number = self.next_number;
        let mut products = BTreeSet::new();
        let mut items = Vec::with_capacity(wanted.len());
        for placed in wanted {
            if !products.insert(placed.product) {
                return Err(RunSheetRefusal::Twice(placed.product));
            }
            if placed.talking_points.chars().count() > LONGEST_POINTS_CHARS {
                return Err(RunSheetRefusal::TooLong);
            }
            let (number, sale) = match placed.number {
                Some(number) => {
                    let own = self.item(number).filter(|item| item.product == placed.product);
                    (number, own.ok_or(RunSheetRefusal::NotItsNumber(number))?.sale)
                }
                // A product that is on the sheet keeps its number even when the caller forgot it.
                None => self.items.iter().find(|item| item.product == placed.product).map_or_else(
                    || {
                        next_number += 1;
                        (next_number - 1, Sale::Open)
                    },
                    |item| (item.number, item.sale),
                ),
            };
            items.push(RunItem { number, product: placed.product, talking_points: placed.talking_points, sale });
        }
        Ok(Self { items, next_number })
    }

    /// Whether one more product fits.
    pub const fn has_room(&self) -> Result<(), RunSheetRefusal> {
        if self.items.len() < MOST_ITEMS { Ok(()) } else { Err(RunSheetRefusal::TooMany) }
    }

    /// The sheet with one more product at its end, and the number that it got.
    pub fn add(&self, product: ProductId) -> Result<(Self, u32), RunSheetRefusal> {
        let mut wanted: Vec<Placement> = self.items.iter().map(Placement::from).collect();
        wanted.push(Placement { number: None, product, talking_points: String::new() });
        Ok((self.arrange(wanted)?, self.next_number))
    }

    /// The sheet with an item's sale stopped or resumed; none when the number is not on it.
    #[must_use]
    pub fn with_sale(&self, number: u32, sale: Sale) -> Option<Self> {
        let mut sheet = self.clone();
        sheet.items.iter_mut().find(|item| item.number == number)?.sale = sale;
        Some(sheet)
    }

    /// The sheet for a copy of the show: the same products in the same order, numbered afresh and on sale.
    #[must_use]
    pub fn copied(&self) -> Self {
        let items = (1..).zip(&self.items).map(|(number, item)| RunItem { number, sale: Sale::Open, ..item.clone() });
        let items: Vec<RunItem> = items.collect();
        let next_number = items.last().map_or(1, |item| item.number + 1);
        Self { items, next_number }
    }
}

impl From<&RunItem> for Placement {
    fn from(item: &RunItem) -> Self {
        Self { number: Some(item.number), product: item.product, talking_points: item.talking_points.clone() }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Random, Timestamp};
    use proptest::prelude::*;

    use super::*;

    fn product(seed: u64) -> ProductId {
        ProductId::mint(Timestamp::EPOCH, &mut Random::seeded(seed))
    }

    fn placed(number: Option<u32>, seed: u64) -> Placement {
        Placement { number, product: product(seed), talking_points: String::new() }
    }

    #[test]
    fn numbers_stay_through_every_rearrangement() {
        let sheet =
            RunSheet::default().arrange(vec![placed(None, 1), placed(None, 2), placed(None, 3)]).expect("three");
        let numbers = |sheet: &RunSheet| sheet.items.iter().map(|item| item.number).collect::<Vec<_>>();
        assert_eq!(numbers(&sheet), [1, 2, 3]);
        let turned = sheet.arrange(vec![placed(Some(3), 3), placed(None, 4), placed(Some(1), 1)]).expect("arranged");
        assert_eq!(numbers(&turned), [3, 4, 1]);
        let (added, number) = turned.add(product(2)).expect("room for one");
        assert_eq!((number, numbers(&added)), (5, vec![3, 4, 1, 5]));
        assert_eq!(sheet.arrange(vec![placed(Some(2), 1)]), Err(RunSheetRefusal::NotItsNumber(2)));
        assert_eq!(sheet.arrange(vec![placed(None, 9), placed(None, 9)]), Err(RunSheetRefusal::Twice(product(9))));
        assert_eq!(numbers(&added.copied()), [1, 2, 3, 4]);
    }

    proptest! {
        #[test]
        fn no_number_is_ever_given_to_a_second_product(rounds in prop::collection::vec(prop::collection::btree_set(0u64..12, 0..8), 1..12)) {
            let mut sheet = RunSheet::default();
            let mut given = std::collections::BTreeMap::new();
            for wanted in rounds {
                let on_sheet = |seed: u64| sheet.items.iter().find(|i| i.product == product(seed)).map(|i| i.number);
                let wanted = wanted.into_iter().map(|seed| placed(on_sheet(seed), seed)).collect();
                sheet = sheet.arrange(wanted).expect("distinct products");
                for item in &sheet.items {
                    prop_assert!(item.number < sheet.next_number);
                    let first = *given.entry(item.number).or_insert(item.product);
                    prop_assert_eq!(first, item.product);
                }
            }
        }
    }
}
