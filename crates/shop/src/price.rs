//! Price lists: every price ever asked for a variant, by currency; a new price is a new version, never an overwrite.

use kernel::{Currency, EntryId, Millis, Money, Timestamp};
use serde::{Deserialize, Serialize};

/// One version of a variant's price in one currency. It holds from `from` until the next version of that currency
/// begins; a version whose `unit` is `None` takes the variant off sale in the currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceVersion {
    pub id: EntryId,
    pub currency: Currency,
    /// Minor units of `currency` for one piece; never negative.
    pub unit_minor: Option<i64>,
    pub from: Timestamp,
}

impl PriceVersion {
    #[must_use]
    pub fn unit(&self) -> Option<Money> {
        self.unit_minor.map(|minor| Money::new(minor, self.currency))
    }
}

/// How far back a struck-out price looks (Directive 98/6/EC, article 6a: at least 30 days).
pub const HISTORY: Millis = Millis::from_days(30);

/// The version that holds at `now` in `currency`: the latest begun one, by start and then by id.
#[must_use]
pub fn current(now: Timestamp, currency: Currency, versions: &[PriceVersion]) -> Option<&PriceVersion> {
    versions
        .iter()
        .filter(|v| v.currency == currency && v.from <= now)
        .max_by_key(|v| (v.from, v.id))
        .filter(|v| v.unit_minor.is_some())
}

/// The versions that held at some time from `from` until `until`, in any currency: an order at one of them was placed, or
/// claimed, at that price.
#[must_use]
pub fn held_between(from: Timestamp, until: Timestamp, versions: &[PriceVersion]) -> Vec<EntryId> {
    let followed = |version: &PriceVersion| {
        let later = versions.iter().filter(|other| other.currency == version.currency);
        later.filter(|other| (other.from, other.id) > (version.from, version.id)).map(|other| other.from).min()
    };
    let held = |version: &&PriceVersion| {
        version.unit_minor.is_some() && version.from < until && followed(version).is_none_or(|next| next > from)
    };
    versions.iter().filter(held).map(|version| version.id).collect()
}

/// The price that may be struck out beside the current one: the lowest that held at any time in the 30 days before
/// the current version began, when it is higher than the current price. Never invented: `None` without a history.
#[must_use]
pub fn was(now: Timestamp, currency: Currency, versions: &[PriceVersion]) -> Option<Money> {
    let held = current(now, currency, versions)?;
    let mut earlier: Vec<&PriceVersion> =
        versions.iter().filter(|v| v.currency == currency && (v.from, v.id) < (held.from, held.id)).collect();
    earlier.sort_by_key(|v| (v.from, v.id));
    let window = held.from - HISTORY;
    let lowest = earlier
        .iter()
        .enumerate()
        .filter(|(at, _)| earlier.get(at + 1).map_or(held.from, |next| next.from) > window)
        .filter_map(|(_, version)| version.unit())
        .min_by_key(|unit| unit.minor)?;
    (lowest.minor > held.unit_minor?).then_some(lowest)
}

#[cfg(test)]
mod tests {
    use kernel::Random;

    use super::*;

    fn day(day: i64) -> Timestamp {
        Timestamp::EPOCH + Millis::from_days(day)
    }

    fn history(steps: &[(i64, Option<i64>)]) -> Vec<PriceVersion> {
        let mut random = Random::seeded(1);
        steps
            .iter()
            .map(|&(at, unit_minor)| PriceVersion {
                id: EntryId::mint(day(at), &mut random),
                currency: Currency::EUR,
                unit_minor,
                from: day(at),
            })
            .collect()
    }

    #[test]
    fn the_latest_begun_version_holds() {
        let check = |now: i64, steps: &[(i64, Option<i64>)], expected: Option<i64>| {
            let versions = history(steps);
            let unit = current(day(now), Currency::EUR, &versions).and_then(|v| v.unit_minor);
            assert_eq!(unit, expected, "day {now} of {steps:?}");
            assert!(current(day(now), Currency::USD, &versions).is_none(), "never another currency's price");
        };
        check(5, &[], None);
        check(5, &[(10, Some(100))], None);
        check(10, &[(10, Some(100))], Some(100));
        check(12, &[(10, Some(100)), (12, Some(80))], Some(80));
        check(12, &[(12, Some(80)), (10, Some(100))], Some(80));
        check(12, &[(10, Some(100)), (11, None)], None);
    }

    #[test]
    fn a_wrong_price_is_found_by_when_it_held() {
        let check = |from: i64, until: i64, expected: &[usize]| {
            let versions = history(&[(1, Some(100)), (10, Some(10)), (12, None), (20, Some(90))]);
            let found = held_between(day(from), day(until), &versions);
            assert_eq!(found, expected.iter().map(|at| versions[*at].id).collect::<Vec<_>>(), "{from} to {until}");
        };
        check(0, 1, &[]);
        check(0, 2, &[0]);
        check(9, 10, &[0]);
        check(10, 12, &[1]);
        check(9, 13, &[0, 1]);
        check(12, 20, &[]);
        check(12, 99, &[3]);
    }

    #[test]
    fn a_struck_out_price_is_the_lowest_of_thirty_days() {
        let check = |now: i64, steps: &[(i64, Option<i64>)], expected: Option<i64>| {
            let was = was(day(now), Currency::EUR, &history(steps)).map(|m| m.minor);
            assert_eq!(was, expected, "day {now} of {steps:?}");
        };
        check(100, &[(1, Some(100))], None);
        check(100, &[(1, Some(100)), (90, Some(80))], Some(100));
        // Raised for a week to look cheaper afterwards: the lowest of the window is no reduction.
        check(100, &[(1, Some(100)), (80, Some(150)), (90, Some(100))], None);
        check(100, &[(1, Some(100)), (50, Some(150)), (90, Some(120))], Some(150));
        check(100, &[(1, Some(100)), (90, Some(120))], None);
        check(100, &[(1, Some(100)), (80, None), (90, Some(80))], Some(100));
    }
}
