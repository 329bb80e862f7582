//! The prize of a trivia question: one piece at a discount, in a pot that no buyer can claim from. Right answers are handed to
//! it in the order of the room's log: the first gets the piece, the others stand in line for it.

use kernel::{Millis, Money, MoneyError};
use serde::{Deserialize, Serialize};

use crate::drop::Drop;

/// The shortest and the longest time for answers.
pub const ANSWERING: (Millis, Millis) = (Millis::from_secs(5), Millis::from_mins(10));
/// Nothing left to pay.
const WHOLE: u32 = 10_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prize {
    /// What it takes off the list price, in hundredths of a percent: 500 is 5 %.
    pub basis_points: u32,
}

impl Prize {
    /// What the winner pays for the piece. What it takes off is rounded half away from zero to the currency's smallest unit, as an
    /// offer's percentage is: 5 % of US$198.00 is US$9.90, so US$188.10 are left.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] past what money can say.
    pub fn price(self, listed: Money) -> Result<Money, MoneyError> {
        listed.minus(listed.share(self.basis_points)?)
    }

    /// Whether the drop that it lies in is one piece for one buyer, at no other price, for a time.
    pub(crate) fn fits(self, drop: &Drop) -> bool {
        let timed = drop.window.is_some_and(|window| (ANSWERING.0..=ANSWERING.1).contains(&window));
        (1..=WHOLE).contains(&self.basis_points)
            && (drop.quantity, drop.limit) == (1, 1)
            && drop.unit.is_empty()
            && timed
    }
}

#[cfg(test)]
mod tests {
    use kernel::Currency;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_discount_is_rounded_by_its_currency() {
        let check = |minor: i64, currency: Currency, basis_points: u32, expected: i64| {
            let won = Prize { basis_points }.price(Money::new(minor, currency));
            assert_eq!(won, Ok(Money::new(expected, currency)), "{minor} {currency} less {basis_points} bp");
        };
        check(19_800, Currency::USD, 500, 18_810);
        check(1_990, Currency::JPY, 500, 1_890);
        check(10, Currency::USD, 500, 9);
        check(9, Currency::USD, 500, 9);
        check(12_345, Currency::EUR, 3_333, 8_230);
        check(19_800, Currency::USD, 10_000, 0);
        check(630_000_000_000, Currency::USD, 1, 629_937_000_000);
    }

    proptest! {
        #[test]
        fn a_prize_costs_between_nothing_and_its_price(minor in 0..i64::MAX, basis_points in 1u32..=10_000) {
            let listed = Money::new(minor, Currency::USD);
            let won = Prize { basis_points }.price(listed).expect("less than before");
            prop_assert!((0..=minor).contains(&won.minor));
            let exact = i128::from(minor) * i128::from(10_000 - basis_points);
            prop_assert!((i128::from(won.minor) * 10_000 - exact).abs() <= 5_000, "rounded by more than half a unit");
        }
    }
}
