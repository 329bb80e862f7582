//! Money: whole minor units with their currency, never a float.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Currency;

/// An amount in the smallest unit of its currency: US$198.00 is 19,800 USD, ¥198 is 198 JPY. Reaches ±9.2 × 10¹⁸.
/// On the wire `{"amount_minor":19800,"currency":"USD"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    #[serde(rename = "amount_minor")]
    pub minor: i64,
    pub currency: Currency,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("{0} and {1} cannot be added: convert one first, openly")]
    Currencies(Currency, Currency),
    #[error("the amount is larger than the books can hold")]
    Overflow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseMoneyError {
    #[error("an amount is digits with at most one point, such as 198.00")]
    NotANumber,
    #[error("{currency} has {decimals} decimals, no more")]
    TooFine { currency: Currency, decimals: u8 },
    #[error("the amount is larger than the books can hold")]
    TooLarge,
}

impl Money {
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Reads `198`, `198.5` or `-198.50`. More decimals than the currency has are refused, even when they are zeros
    /// past its precision: 0.005 USD is nobody's price.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, ParseMoneyError> {
        let decimals = currency.decimals();
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let bare_point = digits.ends_with('.');
        if whole.is_empty() || bare_point || !all_digits(whole) || !all_digits(fraction) {
            return Err(ParseMoneyError::NotANumber);
        }
        if fraction.len() > usize::from(decimals) {
            return Err(ParseMoneyError::TooFine { currency, decimals });
        }
        let scaled = format!("{whole}{fraction:0<width$}", width = usize::from(decimals));
        let minor: i64 = scaled.parse().map_err(|_| ParseMoneyError::TooLarge)?;
        Ok(Self::new(if negative { -minor } else { minor }, currency))
    }

    fn same(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::Currencies(self.currency, other.currency))
        }
    }

    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        self.minor.checked_add(other.minor).map(|minor| Self::new(minor, self.currency)).ok_or(MoneyError::Overflow)
    }

    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        self.minor.checked_sub(other.minor).map(|minor| Self::new(minor, self.currency)).ok_or(MoneyError::Overflow)
    }

    pub fn times(self, quantity: i64) -> Result<Self, MoneyError> {
        self.minor.checked_mul(quantity).map(|minor| Self::new(minor, self.currency)).ok_or(MoneyError::Overflow)
    }

    /// This share of the amount in hundredths of a percent (500 = 5 %), rounded half away from zero to the
    /// currency's minor unit. US$198.00 at 500 is US$9.90.
    pub fn share(self, basis_points: u32) -> Result<Self, MoneyError> {
        let wide = i128::from(self.minor) * i128::from(basis_points);
        let rounded = (wide.abs() + 5_000) / 10_000 * wide.signum();
        i64::try_from(rounded).map(|minor| Self::new(minor, self.currency)).map_err(|_| MoneyError::Overflow)
    }

    /// The amount as digits with the currency's decimals and no grouping: `188.10`, `-0.05`, `198`.
    #[must_use]
    pub fn decimal(self) -> String {
        let decimals = usize::from(self.currency.decimals());
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let sign = if self.minor < 0 { "-" } else { "" };
        if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_with_their_currency() {
        let check = |text: &str, currency: Currency, expected| {
            assert_eq!(Money::parse(text, currency).map(|m| m.minor), expected, "{text} {currency}");
        };
        check("198", Currency::USD, Ok(19_800));
        check("198.5", Currency::USD, Ok(19_850));
        check("-0.05", Currency::USD, Ok(-5));
        check("198", Currency::JPY, Ok(198));
        check("6300000.00", Currency::USD, Ok(630_000_000));
        check("0.005", Currency::USD, Err(ParseMoneyError::TooFine { currency: Currency::USD, decimals: 2 }));
        check("1.0", Currency::JPY, Err(ParseMoneyError::TooFine { currency: Currency::JPY, decimals: 0 }));
        check("99999999999999999999", Currency::USD, Err(ParseMoneyError::TooLarge));
        for text in ["", "-", ".", "1.", ".5", "1,000", "1e3", "+1", "١"] {
            check(text, Currency::USD, Err(ParseMoneyError::NotANumber));
        }
    }

    #[test]
    fn five_percent_off_a_belt() {
        let belt = Money::new(19_800, Currency::USD);
        let off = belt.share(500).expect("small");
        assert_eq!(belt.minus(off).map(Money::decimal), Ok("188.10".into()));
    }

    proptest! {
        #[test]
        fn written_and_read_back(minor in i64::MIN + 1..=i64::MAX, currency in prop::sample::select(vec!["USD", "JPY", "KWD"])) {
            let money = Money::new(minor, currency.parse().expect("known"));
            prop_assert_eq!(Money::parse(&money.decimal(), money.currency), Ok(money));
        }

        #[test]
        fn a_share_and_its_rest_are_the_whole(minor in -1_000_000_000_000i64..1_000_000_000_000, bp in 0u32..=10_000) {
            let whole = Money::new(minor, Currency::EUR);
            let part = whole.share(bp).expect("in range");
            prop_assert_eq!(whole.minus(part).and_then(|rest| rest.plus(part)), Ok(whole));
            prop_assert!(part.minor.abs() <= minor.abs());
        }
    }
}
