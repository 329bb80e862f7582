//! Offers: what each kind takes off, which of them count together, and that the sum stays whole.

use super::*;
use crate::offer::{Gives, Scope};

fn dollars(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// Two products at US$198.00 and US$50.00, two pieces of the second; sending costs US$12.00.
struct Table {
    shop: Shop,
    belt: (VariantId, Vec<PriceVersion>),
    scarf: (VariantId, Vec<PriceVersion>),
    rates: Vec<ShippingRate>,
}

impl Table {
    fn new() -> Self {
        let mut shop = Shop::new();
        let belt = (shop.variant(), vec![shop.price(19_800, Currency::USD)]);
        let scarf = (shop.variant(), vec![shop.price(5_000, Currency::USD)]);
        let rates = vec![shop.rate(1_200, Currency::USD)];
        Self { shop, belt, scarf, rates }
    }

    fn offer(&mut self, gives: Gives) -> Offer {
        Offer {
            id: self.shop.entry(),
            name: Texts::default(),
            code: None,
            gives,
            scope: Scope::default(),
            minimum: Vec::new(),
            from: at(1),
            until: Some(at(2)),
            uses: None,
            per_buyer: None,
            combinable: true,
            stopped: false,
        }
    }

    fn lines(&self) -> [Line<'_>; 2] {
        [line(self.belt.0, 1, &self.belt.1), Line { category: "accessories", ..line(self.scarf.0, 2, &self.scarf.1) }]
    }

    fn product(&self, at: usize) -> ProductId {
        self.lines()[at].product
    }

    fn quote(&self, lines: &[Line<'_>], offers: &[Offer], codes: &[&str]) -> Quote {
        let offered: Vec<Offered<'_>> = offers.iter().map(|offer| Offered { offer, used: 3, own: 1 }).collect();
        let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
        quote(at(1), lines, market(&self.rates, UNKNOWN), Currency::USD, &offered, &codes).expect("priced")
    }
}

/// What each line costs, sending, and the codes that count for nothing.
type Sums = (Vec<i64>, i64, Vec<&'static str>);

fn sums(quote: &Quote) -> Sums {
    let lines = quote.lines.iter().map(|line| line.total.minor).collect();
    let shipping = quote.shipping.as_ref().map_or(-1, |chosen| chosen.price.minor);
    (lines, shipping, quote.refused.iter().map(|(_, why)| why.as_str()).collect())
}

#[test]
fn each_kind_takes_off_what_it_says() {
    let mut table = Table::new();
    let (belt, scarf) = (table.product(0), table.product(1));
    let gift = table.shop.variant();
    let kinds = [
        (Gives::Percent { basis_points: 500 }, vec![18_810, 9_500], 1_200),
        // 5,000 over 19,800 and 10,000: 3,322 and 1,677, and the cent that is left to the first.
        (Gives::Amount { off: vec![dollars(5_000)] }, vec![16_477, 8_323], 1_200),
        (Gives::Amount { off: vec![dollars(99_999)] }, vec![0, 0], 1_200),
        (Gives::Price { unit: vec![dollars(4_000)] }, vec![4_000, 8_000], 1_200),
        (Gives::Bundle { products: vec![belt, scarf], price: vec![dollars(20_000)] }, vec![15_967, 9_033], 1_200),
        (Gives::Bundle { products: vec![scarf, scarf], price: vec![dollars(8_000)] }, vec![19_800, 8_000], 1_200),
        (Gives::Bundle { products: vec![belt, belt], price: vec![dollars(1)] }, vec![19_800, 10_000], 1_200),
        (Gives::FreeShipping, vec![19_800, 10_000], 0),
        (Gives::Gift { variant: gift, quantity: 1 }, vec![19_800, 10_000], 1_200),
    ];
    for (gives, lines, shipping) in kinds {
        let offer = table.offer(gives.clone());
        let quote = table.quote(&table.lines(), &[offer], &[]);
        assert_eq!(sums(&quote), (lines, shipping, vec![]), "{gives:?}");
    }
}

#[test]
fn a_gift_lies_in_the_sum_for_nothing_where_its_offer_counts() {
    let mut table = Table::new();
    let (gift, prices) = (table.shop.variant(), vec![table.shop.price(700, Currency::USD)]);
    let mut offer = table.offer(Gives::Gift { variant: gift, quantity: 2 });
    let check = |table: &Table, offer: &Offer, expected: &[i64]| {
        let [belt, scarf] = table.lines();
        let lines = [belt, scarf, Line { gift: Some(offer.id), ..line(gift, 2, &prices) }];
        let quote = table.quote(&lines, std::slice::from_ref(offer), &[]);
        assert_eq!(quote.lines.iter().map(|line| line.total.minor).collect::<Vec<_>>(), expected);
        assert_eq!(
            quote.offers.iter().map(|one| one.off.minor).sum::<i64>(),
            if expected.len() == 3 { 1_400 } else { 0 }
        );
    };
    check(&table, &offer, &[19_800, 10_000, 0]);
    offer.minimum = vec![dollars(29_801)];
    check(&table, &offer, &[19_800, 10_000]);
}

#[test]
fn an_offer_is_for_what_it_names() {
    let mut table = Table::new();
    let show: ShowId = id(7);
    let half = table.offer(Gives::Percent { basis_points: 5_000 });
    let belt = table.product(0);
    let scope = |scope| Offer { scope, ..half.clone() };
    let check = |offer: Offer, live: Option<ShowId>, expected: [i64; 2]| {
        let [belt, scarf] = table.lines();
        let quote = table.quote(&[Line { live, ..belt }, scarf], std::slice::from_ref(&offer), &[]);
        assert_eq!(sums(&quote).0, expected, "{offer:?} {live:?}");
    };
    check(scope(Scope { categories: vec!["accessories".into()], ..Scope::default() }), None, [19_800, 5_000]);
    check(scope(Scope { products: vec![belt], ..Scope::default() }), None, [9_900, 10_000]);
    check(scope(Scope { show: Some(show), ..Scope::default() }), None, [19_800, 10_000]);
    check(scope(Scope { show: Some(show), ..Scope::default() }), Some(show), [9_900, 10_000]);
}

#[test]
fn a_code_that_counts_for_nothing_says_why() {
    let mut table = Table::new();
    let mut coded = |code: &str, gives| Offer { code: Some(code.into()), ..table.offer(gives) };
    let ten = coded("TEN", Gives::Percent { basis_points: 1_000 });
    let yen = coded("YEN", Gives::Amount { off: vec![Money::new(100, Currency::JPY)] });
    let check = |offer: Offer, typed: &str, why: &[&str]| {
        let quote = table.quote(&table.lines(), std::slice::from_ref(&offer), &[typed]);
        assert_eq!((sums(&quote).2, quote.offers.len()), (why.to_vec(), usize::from(why.is_empty())), "{offer:?}");
    };
    check(ten.clone(), "TEN", &[]);
    check(ten.clone(), "ELEVEN", &["unknown"]);
    check(Offer { from: at(2), until: None, ..ten.clone() }, "TEN", &["not_yet"]);
    check(Offer { from: at(0), until: Some(at(1)), ..ten.clone() }, "TEN", &["over"]);
    check(Offer { stopped: true, ..ten.clone() }, "TEN", &["over"]);
    check(Offer { uses: Some(3), ..ten.clone() }, "TEN", &["used_up"]);
    check(Offer { uses: Some(4), per_buyer: Some(2), ..ten.clone() }, "TEN", &[]);
    check(Offer { per_buyer: Some(1), ..ten.clone() }, "TEN", &["your_limit"]);
    check(Offer { minimum: vec![dollars(29_800)], ..ten.clone() }, "TEN", &[]);
    check(Offer { minimum: vec![dollars(29_801)], ..ten.clone() }, "TEN", &["minimum"]);
    let scope = Scope { categories: vec!["shoes".into()], ..Scope::default() };
    check(Offer { scope, ..ten.clone() }, "TEN", &["nothing_fits"]);
    check(yen, "YEN", &["not_in_currency"]);
    // Alone, the larger of two counts, and the other says so.
    let half = Offer { combinable: false, ..table_half(&ten) };
    let quote = table.quote(&table.lines(), &[ten.clone(), half.clone()], &["TEN", "HALF"]);
    assert_eq!(sums(&quote), (vec![9_900, 5_000], 1_200, vec!["other_is_better"]));
    // Together, each takes from what the one before left.
    let quote = table.quote(&table.lines(), &[Offer { combinable: true, ..half }, ten], &["TEN", "HALF"]);
    assert_eq!(sums(&quote), (vec![8_910, 4_500], 1_200, vec![]));
}

fn table_half(ten: &Offer) -> Offer {
    let (code, gives) = (Some("HALF".to_owned()), Gives::Percent { basis_points: 5_000 });
    Offer { id: id(1), code, gives, ..ten.clone() }
}

#[test]
fn a_promise_is_not_made_cheaper_by_what_counts_alone() {
    let mut table = Table::new();
    let half = table.offer(Gives::Percent { basis_points: 5_000 });
    let check = |combinable: bool, expected: i64| {
        let [belt, _] = table.lines();
        let promised = Line { promised: Some(dollars(9_900)), ..belt };
        let quote = table.quote(&[promised], &[Offer { combinable, ..half.clone() }], &[]);
        assert_eq!(quote.total.minor, expected + 1_200);
    };
    check(true, 4_950);
    check(false, 9_900);
}

fn gives() -> impl Strategy<Value = Gives> {
    let one = |minor: i64| vec![dollars(minor)];
    prop_oneof![
        (1u32..=10_000).prop_map(|basis_points| Gives::Percent { basis_points }),
        (0i64..60_000).prop_map(move |minor| Gives::Amount { off: one(minor) }),
        (0i64..60_000).prop_map(move |minor| Gives::Price { unit: one(minor) }),
        (0i64..60_000, 2usize..5).prop_map(move |(minor, pieces)| {
            Gives::Bundle { products: (0..pieces).map(|at| id(at % 3)).collect(), price: one(minor) }
        }),
        Just(Gives::FreeShipping),
    ]
}

proptest! {
    /// Whatever is offered: no line goes below nothing, every cent that is missing stands beside an offer, nobody pays more
    /// than without, and the order in which offers are known changes nothing.
    #[test]
    fn offers_only_ever_take_off_and_every_cent_is_explained(
        goods in prop::collection::vec((0i64..50_000, 1u32..6), 1..6),
        kinds in prop::collection::vec((gives(), any::<bool>(), 0i64..80_000), 0..6),
        shipping in 0i64..5_000,
    ) {
        let mut table = Table::new();
        table.rates = vec![table.shop.rate(shipping, Currency::USD)];
        let priced: Vec<(VariantId, u32, Vec<PriceVersion>)> = goods
            .iter()
            .map(|&(minor, quantity)| (table.shop.variant(), quantity, vec![table.shop.price(minor, Currency::USD)]))
            .collect();
        let lines: Vec<Line<'_>> = priced
            .iter()
            .enumerate()
            .map(|(at, (variant, quantity, prices))| Line {
                product: id(at % 3),
                ..line(*variant, *quantity, prices)
            })
            .collect();
        let offers: Vec<Offer> = kinds
            .into_iter()
            .map(|(gives, combinable, least)| Offer { combinable, minimum: vec![dollars(least)], ..table.offer(gives) })
            .collect();
        let plain = table.quote(&lines, &[], &[]);
        let quote = table.quote(&lines, &offers, &[]);
        let mut explained = 0;
        for line in &quote.lines {
            let off: i64 = line.reductions.iter().map(|one| one.off.minor).sum();
            explained += off;
            prop_assert!(line.total.minor >= 0 && line.reductions.iter().all(|one| one.off.minor > 0));
            prop_assert_eq!(line.unit.minor * i64::from(line.quantity) - off, line.total.minor);
        }
        let sending = quote.shipping.as_ref().map_or(0, |chosen| chosen.price.minor);
        prop_assert!((0..=shipping).contains(&sending));
        explained += shipping - sending;
        prop_assert_eq!(plain.total.minor - quote.total.minor, explained);
        prop_assert_eq!(quote.offers.iter().map(|one| one.off.minor).sum::<i64>(), explained);
        let alone = quote.offers.iter().filter(|one| offers.iter().any(|o| o.id == one.offer && !o.combinable)).count();
        prop_assert!(alone == 0 || quote.offers.len() == 1, "what counts alone counts alone");
        for offer in &offers {
            let single = table.quote(&lines, std::slice::from_ref(offer), &[]);
            prop_assert!(offer.combinable || quote.total.minor <= single.total.minor, "a better one was passed over");
        }
        let backwards: Vec<Offer> = offers.iter().rev().cloned().collect();
        let again = table.quote(&lines, &backwards, &[]);
        prop_assert_eq!(again.total, quote.total);
    }
}
