use kernel::{Random, Timestamp};
use proptest::prelude::*;

use super::*;

fn ids() -> (VariantId, VariantId, LocationId, LocationId) {
    let mut random = Random::seeded(5);
    let now = Timestamp::EPOCH;
    let (a, b) = (VariantId::mint(now, &mut random), VariantId::mint(now, &mut random));
    let (x, y) = (LocationId::mint(now, &mut random), LocationId::mint(now, &mut random));
    (a.min(b), a.max(b), x.min(y), x.max(y))
}

fn stock(variant: VariantId, location: LocationId, on_hand: i64, buffer: i64) -> Stock {
    Stock { variant, location, on_hand, buffer, claimed: 0, allocated: 0 }
}

#[test]
fn of_two_claims_on_the_last_piece_one_holds_it() {
    let (belt, _, shop, _) = ids();
    let mut shelf = Shelf::new([stock(belt, shop, 1, 0)]);
    assert_eq!(shelf.claim(&[(belt, 1)]), Ok(vec![vec![Place { location: shop, quantity: 1 }]]));
    assert_eq!(shelf.claim(&[(belt, 1)]), Err(SoldOut { variants: vec![belt] }));
}

#[test]
fn a_claim_is_whole_or_not_at_all() {
    let (belt, bag, shop, _) = ids();
    let mut shelf = Shelf::new([stock(belt, shop, 5, 0), stock(bag, shop, 3, 2)]);
    assert_eq!(shelf.claim(&[(belt, 2), (bag, 2)]), Err(SoldOut { variants: vec![bag] }));
    assert_eq!(shelf.changed().count(), 0);
    assert_eq!(shelf.claim(&[(belt, 3), (belt, 3)]), Err(SoldOut { variants: vec![belt] }));
    assert!(shelf.claim(&[(belt, 3), (bag, 1), (belt, 2)]).is_ok());
    assert_eq!((shelf.free(belt), shelf.free(bag)), (0, 0));
}

#[test]
fn a_line_stays_at_one_location_if_it_can() {
    let (belt, _, shop, depot) = ids();
    let check = |in_shop: i64, in_depot: i64, wanted: i64, expected: &[(LocationId, i64)]| {
        let mut shelf = Shelf::new([stock(belt, shop, in_shop, 0), stock(belt, depot, in_depot, 0)]);
        let places = shelf.claim(&[(belt, wanted)]).expect("enough").remove(0);
        let found: Vec<(LocationId, i64)> = places.iter().map(|place| (place.location, place.quantity)).collect();
        assert_eq!(found, expected, "{wanted} of {in_shop} and {in_depot}");
    };
    check(2, 2, 2, &[(shop, 2)]);
    check(1, 2, 2, &[(depot, 2)]);
    check(2, 2, 3, &[(shop, 2), (depot, 1)]);
}

#[test]
fn a_sale_over_the_counter_says_whom_it_leaves_short() {
    let (belt, _, shop, _) = ids();
    let check = |on_hand: i64, claimed: i64, allocated: i64, expected: Option<i64>| {
        let mut shelf = Shelf::new([Stock { claimed, allocated, ..stock(belt, shop, on_hand, 0) }]);
        let short = shelf.sell_in_shop(belt).map(|location| shelf.short(belt, location));
        assert_eq!(short, expected, "{on_hand} {claimed} {allocated}");
    };
    check(2, 1, 0, Some(0));
    check(1, 0, 0, Some(0));
    check(1, 1, 0, Some(1));
    check(2, 1, 1, Some(1));
    check(1, 0, 1, None);
    check(0, 0, 0, None);
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Claim { bag: bool, quantity: i64 },
    Release,
    Pay,
    Send,
    GiveBack,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (any::<bool>(), 1i64..4).prop_map(|(bag, quantity)| Step::Claim { bag, quantity }),
        1 => Just(Step::Release),
        2 => Just(Step::Pay),
        1 => Just(Step::Send),
        1 => Just(Step::GiveBack),
    ]
}

proptest! {
    #[test]
    fn sold_claimed_and_free_add_up(
        amounts in prop::array::uniform4(0i64..12),
        buffers in prop::array::uniform4(0i64..3),
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let (belt, bag, shop, depot) = ids();
        let keys = [(belt, shop), (belt, depot), (bag, shop), (bag, depot)];
        let rows: Vec<Stock> = keys
            .iter()
            .zip(amounts)
            .zip(buffers)
            .map(|((&(variant, location), on_hand), buffer)| stock(variant, location, on_hand, buffer))
            .collect();
        let mut shelf = Shelf::new(rows.clone());
        let (mut open, mut paid) = (Vec::new(), Vec::new());
        let mut sent: BTreeMap<VariantId, i64> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Claim { bag: second, quantity } => {
                    let variant = if second { bag } else { belt };
                    let free = shelf.free(variant);
                    match shelf.claim(&[(variant, quantity)]) {
                        Ok(places) => open.push((variant, places.concat())),
                        Err(_) => prop_assert!(free < quantity),
                    }
                }
                Step::Release => if let Some((variant, places)) = open.pop() { shelf.release(variant, &places) },
                Step::Pay => if let Some((variant, places)) = open.pop() {
                    shelf.allocate(variant, &places);
                    paid.push((variant, places));
                },
                Step::Send => if let Some((variant, places)) = paid.pop() {
                    shelf.send(variant, &places);
                    *sent.entry(variant).or_default() += places.iter().map(|place| place.quantity).sum::<i64>();
                },
                Step::GiveBack => if let Some((variant, places)) = paid.pop() { shelf.give_back(variant, &places) },
            }
            for variant in [belt, bag] {
                let held = |list: &[(VariantId, Vec<Place>)]| -> i64 {
                    let of_it = list.iter().filter(|(held, _)| *held == variant);
                    of_it.flat_map(|(_, places)| places).map(|place| place.quantity).sum()
                };
                let start: i64 = rows.iter().filter(|row| row.variant == variant).map(|row| row.on_hand).sum();
                let kept: i64 = shelf.rows().filter(|r| r.variant == variant).map(|r| r.buffer.min(r.on_hand)).sum();
                let sold = held(&paid) + sent.get(&variant).copied().unwrap_or(0);
                prop_assert!(sold + held(&open) + shelf.free(variant) <= start);
                prop_assert!(sold + held(&open) + shelf.free(variant) + kept >= start);
            }
        }
    }
}
