//! Flat shipping rates per country of delivery.

use kernel::{Country, Currency, EntryId, Money, Texts};
use serde::{Deserialize, Serialize};

/// Where a rate delivers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    Country(Country),
    /// Every country that has no rate of its own.
    Elsewhere,
}

/// What one parcel of an order costs to send, whatever is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingRate {
    pub id: EntryId,
    pub zone: Zone,
    pub name: Texts,
    /// At most one price a currency; a currency without one is not shipped in.
    pub prices: Vec<Money>,
    /// Working days from sending to delivery, fewest and most.
    pub days: (u16, u16),
}

impl ShippingRate {
    #[must_use]
    pub fn price(&self, currency: Currency) -> Option<Money> {
        self.prices.iter().copied().find(|price| price.currency == currency)
    }
}

/// The rates that deliver to `country` in `currency`, cheapest first. A country's own rates hide those for elsewhere.
#[must_use]
pub fn options(rates: &[ShippingRate], country: Country, currency: Currency) -> Vec<&ShippingRate> {
    let own = Zone::Country(country);
    let zone = if rates.iter().any(|rate| rate.zone == own) { own } else { Zone::Elsewhere };
    let mut found: Vec<(i64, &ShippingRate)> = rates
        .iter()
        .filter(|rate| rate.zone == zone)
        .filter_map(|rate| Some((rate.price(currency)?.minor, rate)))
        .collect();
    found.sort_by_key(|(minor, rate)| (*minor, rate.id));
    found.into_iter().map(|(_, rate)| rate).collect()
}

#[cfg(test)]
mod tests {
    use kernel::{Random, Timestamp};

    use super::*;

    #[test]
    fn a_country_s_own_rates_hide_those_for_elsewhere() {
        let mut random = Random::seeded(3);
        let mut rate = |zone: Zone, prices: &[(i64, Currency)]| ShippingRate {
            id: EntryId::mint(Timestamp::EPOCH, &mut random),
            zone,
            name: Texts::default(),
            prices: prices.iter().map(|&(minor, currency)| Money::new(minor, currency)).collect(),
            days: (2, 5),
        };
        let country = |code: &str| code.parse::<Country>().expect("a country");
        let rates = [
            rate(Zone::Elsewhere, &[(3_000, Currency::USD), (2_800, Currency::EUR)]),
            rate(Zone::Country(country("US")), &[(1_500, Currency::USD)]),
            rate(Zone::Country(country("US")), &[(500, Currency::USD)]),
        ];
        let check = |code: &str, currency: Currency, expected: &[i64]| {
            let prices: Vec<i64> = options(&rates, country(code), currency)
                .iter()
                .filter_map(|rate| rate.price(currency))
                .map(|price| price.minor)
                .collect();
            assert_eq!(prices, expected, "{code} in {currency}");
        };
        check("US", Currency::USD, &[500, 1_500]);
        check("US", Currency::EUR, &[]);
        check("FR", Currency::EUR, &[2_800]);
        check("FR", Currency::JPY, &[]);
    }
}
