//! A basket: what a viewer means to buy. It holds nothing back; a checkout claims.

use kernel::{EntryId, Money, VariantId};
use serde::{Deserialize, Serialize};

use crate::order::ShowNumber;
use crate::quote::MAX_QUANTITY;

/// The most lines of a basket.
pub const MAX_BASKET_LINES: usize = 50;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasketLine {
    pub variant: VariantId,
    pub quantity: u32,
    pub show: Option<ShowNumber>,
    /// The price that the buyer has seen and not objected to.
    pub seen: Option<SeenPrice>,
}

/// A price version as it stood in the basket when the buyer last agreed to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenPrice {
    pub price: EntryId,
    pub unit: Money,
}

/// Version 0 is the basket that nobody has put anything into yet; each change adds 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basket {
    pub version: i64,
    pub lines: Vec<BasketLine>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BasketError {
    #[error("a line is 1 to {MAX_QUANTITY} pieces")]
    Quantity,
    #[error("a basket holds {MAX_BASKET_LINES} lines")]
    Full,
}

impl Basket {
    /// Puts the line in, or changes its quantity; a show number once known is kept.
    pub fn put(&mut self, line: BasketLine) -> Result<(), BasketError> {
        if !(1..=MAX_QUANTITY).contains(&line.quantity) {
            return Err(BasketError::Quantity);
        }
        let full = self.lines.len() >= MAX_BASKET_LINES;
        match self.lines.iter_mut().find(|held| held.variant == line.variant) {
            Some(held) => {
                let (show, seen) = (line.show.or(held.show), held.seen.or(line.seen));
                *held = BasketLine { show, seen, ..line };
            }
            None if full => return Err(BasketError::Full),
            None => self.lines.push(line),
        }
        self.version += 1;
        Ok(())
    }

    /// Takes the line out; without it, nothing changes.
    pub fn remove(&mut self, variant: VariantId) {
        let before = self.lines.len();
        self.lines.retain(|line| line.variant != variant);
        if self.lines.len() < before {
            self.version += 1;
        }
    }

    /// The buyer agrees to the prices as they are now.
    pub fn accept(&mut self, now: &[(VariantId, SeenPrice)]) {
        for line in &mut self.lines {
            if let Some((_, seen)) = now.iter().find(|(variant, _)| *variant == line.variant) {
                line.seen = Some(*seen);
            }
        }
        self.version += 1;
    }
}

impl BasketLine {
    /// Whether the price that holds now is another one than the buyer agreed to. Another currency is another price
    /// list, not a changed price; a lower price needs nobody's consent.
    #[must_use]
    pub fn needs_acceptance(&self, unit_now: Money) -> bool {
        self.seen.is_some_and(|seen| seen.unit.currency == unit_now.currency && seen.unit.minor < unit_now.minor)
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Currency, Random, Timestamp};

    use super::*;

    fn line(random: &mut Random, quantity: u32) -> BasketLine {
        BasketLine { variant: VariantId::mint(Timestamp::EPOCH, random), quantity, show: None, seen: None }
    }

    #[test]
    fn a_variant_is_in_the_basket_once() {
        let mut random = Random::seeded(9);
        let mut basket = Basket::default();
        let belt = line(&mut random, 1);
        assert_eq!(basket.put(belt.clone()), Ok(()));
        assert_eq!(basket.put(BasketLine { quantity: 3, ..belt.clone() }), Ok(()));
        assert_eq!((basket.version, basket.lines.len(), basket.lines[0].quantity), (2, 1, 3));
        basket.remove(belt.variant);
        basket.remove(belt.variant);
        assert_eq!((basket.version, basket.lines.len()), (3, 0));
    }

    #[test]
    fn a_basket_has_bounds() {
        let mut random = Random::seeded(9);
        let mut basket = Basket::default();
        for quantity in [0, MAX_QUANTITY + 1, u32::MAX] {
            assert_eq!(basket.put(line(&mut random, quantity)), Err(BasketError::Quantity));
        }
        for _ in 0..MAX_BASKET_LINES {
            assert_eq!(basket.put(line(&mut random, 1)), Ok(()));
        }
        assert_eq!(basket.put(line(&mut random, 1)), Err(BasketError::Full));
        assert_eq!(basket.version, 50);
    }

    #[test]
    fn only_a_dearer_price_needs_consent() {
        let mut random = Random::seeded(9);
        let price = EntryId::mint(Timestamp::EPOCH, &mut random);
        let seen = Some(SeenPrice { price, unit: Money::new(100, Currency::EUR) });
        let put = BasketLine { seen, ..line(&mut random, 1) };
        let check = |unit: Money, expected: bool| assert_eq!(put.needs_acceptance(unit), expected, "{unit}");
        check(Money::new(100, Currency::EUR), false);
        check(Money::new(99, Currency::EUR), false);
        check(Money::new(101, Currency::EUR), true);
        check(Money::new(900, Currency::USD), false);
        assert!(!line(&mut random, 1).needs_acceptance(Money::new(1, Currency::EUR)));
    }
}
