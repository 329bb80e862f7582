use kernel::{Millis, Random};
use proptest::prelude::*;

use super::*;
use crate::shipping::Zone;

mod offers;

fn at(day: i64) -> Timestamp {
    Timestamp::EPOCH + Millis::from_days(day)
}

struct Shop {
    random: Random,
}

impl Shop {
    fn new() -> Self {
        Self { random: Random::seeded(11) }
    }

    fn entry(&mut self) -> EntryId {
        EntryId::mint(at(0), &mut self.random)
    }

    fn variant(&mut self) -> VariantId {
        VariantId::mint(at(0), &mut self.random)
    }

    fn price(&mut self, minor: i64, currency: Currency) -> PriceVersion {
        PriceVersion { id: self.entry(), currency, unit_minor: Some(minor), from: at(0) }
    }

    fn rate(&mut self, minor: i64, currency: Currency) -> ShippingRate {
        let prices = vec![Money::new(minor, currency)];
        ShippingRate { id: self.entry(), zone: Zone::Elsewhere, name: Texts::default(), prices, days: (3, 7) }
    }
}

/// The same id for the same number.
fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(number: usize) -> T {
    format!("{number:026}").parse().expect("an id")
}

/// A line of a product and category of its own, bought from no show.
fn line(variant: VariantId, quantity: u32, prices: &[PriceVersion]) -> Line<'_> {
    let product = variant.to_string().parse().expect("an id");
    Line { variant, quantity, prices, promised: None, product, category: "fashion", live: None, gift: None }
}

fn market(rates: &[ShippingRate], tax: Tax) -> Market<'_> {
    Market { country: "FR".parse().expect("a country"), rates, shipping: None, tax }
}

const UNKNOWN: Tax = Tax::Included { basis_points: None };

#[test]
fn what_has_no_price_is_named() {
    let mut shop = Shop::new();
    let (sold, unsold) = (shop.variant(), shop.variant());
    let prices = [shop.price(100, Currency::EUR)];
    let lines = [line(sold, 1, &prices), line(unsold, 1, &[])];
    let in_currency =
        |currency| quote(at(1), &lines, market(&[], UNKNOWN), currency, &[], &[]).map(|quote| quote.total);
    assert_eq!(in_currency(Currency::EUR), Err(QuoteError::NotSoldIn(vec![unsold])));
    assert_eq!(in_currency(Currency::USD), Err(QuoteError::NotSoldIn(vec![sold, unsold])));
}

#[test]
fn quantities_and_overflows_are_refused() {
    let mut shop = Shop::new();
    let variant = shop.variant();
    let mut check = |minor: i64, quantity: u32, expected: QuoteError| {
        let prices = [shop.price(minor, Currency::USD)];
        let lines = [line(variant, quantity, &prices)];
        let found = quote(at(1), &lines, market(&[], UNKNOWN), Currency::USD, &[], &[]);
        assert_eq!(found, Err(expected));
    };
    check(100, 0, QuoteError::Quantity(variant));
    check(100, MAX_QUANTITY + 1, QuoteError::Quantity(variant));
    check(i64::MAX / 2, 3, QuoteError::Money(MoneyError::Overflow));
}

#[test]
fn tax_is_a_part_of_the_price_or_added_to_it() {
    let mut shop = Shop::new();
    let (variant, prices, rates) =
        (shop.variant(), [shop.price(10_000, Currency::EUR)], [shop.rate(2_000, Currency::EUR)]);
    let lines = [line(variant, 1, &prices)];
    let check = |tax, expected: (Option<i64>, i64)| {
        let quote = quote(at(1), &lines, market(&rates, tax), Currency::EUR, &[], &[]).expect("priced");
        assert_eq!((quote.tax.map(|tax| tax.minor), quote.total.minor), expected, "{tax:?}");
    };
    check(UNKNOWN, (None, 12_000));
    check(Tax::NotCharged, (None, 12_000));
    check(Tax::Included { basis_points: Some(2_000) }, (Some(2_000), 12_000));
    check(Tax::Included { basis_points: Some(1_900) }, (Some(1_916), 12_000));
    check(Tax::Added { basis_points: 875 }, (Some(1_050), 13_050));
}

#[test]
fn a_rate_of_another_place_is_never_taken() {
    let mut shop = Shop::new();
    let (variant, prices) = (shop.variant(), [shop.price(10_000, Currency::EUR)]);
    let elsewhere = shop.entry();
    let rates = [shop.rate(2_000, Currency::USD), shop.rate(900, Currency::EUR)];
    let lines = [line(variant, 1, &prices)];
    let check = |shipping, expected: Option<i64>| {
        let market = Market { shipping, ..market(&rates, UNKNOWN) };
        let quote = quote(at(1), &lines, market, Currency::EUR, &[], &[]).expect("priced");
        assert_eq!(quote.shipping.map(|chosen| chosen.price.minor), expected);
    };
    check(None, Some(900));
    check(Some(rates[1].id), Some(900));
    check(Some(rates[0].id), None);
    check(Some(elsewhere), None);
}

proptest! {
    #[test]
    fn the_sum_is_the_sum_of_its_parts(
        lines in prop::collection::vec((0i64..1_000_000_000, 1u32..=MAX_QUANTITY), 1..20),
        shipping in 0i64..100_000,
        rate in 0u32..=3_000,
        added: bool,
    ) {
        let mut shop = Shop::new();
        let rates = [shop.rate(shipping, Currency::CNY)];
        let priced: Vec<(VariantId, u32, Vec<PriceVersion>)> = lines
            .iter()
            .map(|&(minor, quantity)| (shop.variant(), quantity, vec![shop.price(minor, Currency::CNY)]))
            .collect();
        let lines: Vec<Line<'_>> = priced
            .iter()
            .map(|(variant, quantity, prices)| line(*variant, *quantity, prices))
            .collect();
        let tax = if added { Tax::Added { basis_points: rate } } else { Tax::Included { basis_points: Some(rate) } };
        let quote = quote(at(1), &lines, market(&rates, tax), Currency::CNY, &[], &[]).expect("priced");
        let goods: i64 = quote.lines.iter().map(|line| line.unit.minor * i64::from(line.quantity)).sum();
        let tax = quote.tax.expect("the rate is known").minor;
        prop_assert_eq!(quote.subtotal.minor, goods);
        prop_assert_eq!(quote.total.minor, goods + shipping + if added { tax } else { 0 });
        prop_assert!(tax >= 0 && tax <= goods + shipping);
    }
}

#[test]
fn a_promise_holds_until_the_list_is_lower() {
    let mut shop = Shop::new();
    let (variant, prices, rates) =
        (shop.variant(), [shop.price(19_800, Currency::USD)], [shop.rate(1_200, Currency::USD)]);
    let check = |promised: Option<Money>, unit: i64, was: Option<i64>| {
        let lines = [Line { promised, ..line(variant, 2, &prices) }];
        let quote = quote(at(1), &lines, market(&rates, Tax::NotCharged), Currency::USD, &[], &[]).expect("a price");
        let line = &quote.lines[0];
        assert_eq!((line.unit.minor, line.was.map(|was| was.minor)), (unit, was), "{promised:?}");
        assert_eq!(quote.subtotal.minor, 2 * unit);
    };
    let dollars = |minor| Some(Money::new(minor, Currency::USD));
    check(None, 19_800, None);
    check(dollars(9_900), 9_900, Some(19_800));
    check(dollars(25_000), 19_800, None);
    check(Some(Money::new(1, Currency::EUR)), 19_800, None);
}
