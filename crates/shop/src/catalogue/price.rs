//! What a proposed price must be; the price list itself is in [`crate::price`].

use kernel::{Currency, Money};

use super::{Fault, Faults};

/// No unit costs more minor units than this, so that no sum of a basket leaves 64 bits.
const MAX_PRICE: i64 = 1_000_000_000_000;

/// Checks proposed prices: above zero, and one a currency.
pub fn price_faults(prices: &[Money], field: &str, faults: &mut Faults) {
    let mut seen: Vec<Currency> = Vec::new();
    for (at, price) in prices.iter().enumerate() {
        let amount = format!("{field}.{at}.amount_minor");
        faults.when(price.minor < 0, amount.clone(), Fault::Negative);
        faults.when(price.minor == 0, amount.clone(), Fault::NotPositive);
        faults.when(price.minor > MAX_PRICE, amount, Fault::TooLarge { most: MAX_PRICE });
        faults.when(seen.contains(&price.currency), format!("{field}.{at}.currency"), Fault::Duplicate);
        seen.push(price.currency);
    }
}

/// Whether prices in a currency are quoted with tax in them: everywhere but in North America, where it is added for
/// the address.
#[must_use]
pub fn tax_included(currency: Currency) -> bool {
    !matches!(currency.as_str(), "USD" | "CAD")
}
