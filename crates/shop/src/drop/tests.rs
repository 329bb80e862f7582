//! A drop's phase, its plan's faults, and its pot.

use kernel::{LocationId, Random};

use super::*;
use crate::prize::Prize;

fn plan() -> Drop {
    let mut random = Random::seeded(4);
    let at = Timestamp::EPOCH;
    Drop {
        id: DropId::mint(at, &mut random),
        at: ShowNumber { show: kernel::ShowId::mint(at, &mut random), number: 1 },
        product: ProductId::mint(at, &mut random),
        variant: VariantId::mint(at, &mut random),
        unit: vec![Money::new(9_900, Currency::USD), Money::new(9_500, Currency::EUR)],
        quantity: 5,
        limit: 2,
        hold: Hold::Minutes(2),
        countries: None,
        window: Some(Millis::from_secs(60)),
        rehearsal: false,
        prize: None,
        stage: Stage::Planned,
    }
}

#[test]
fn the_phase_follows_the_clock() {
    let second = |second: i64| Timestamp::EPOCH + Millis::from_secs(second);
    let check = |opens: Option<i64>, window: Option<i64>, now: i64, expected: Phase| {
        let mut armed = Armed::default();
        armed.open_at(opens.map(second), window.map(Millis::from_secs));
        let drop = Drop { stage: Stage::Armed(armed), ..plan() };
        assert_eq!(drop.phase(second(now)), expected, "opens {opens:?} for {window:?} at {now}");
    };
    check(None, Some(60), 1_000, Phase::Armed);
    check(Some(10), Some(60), 9, Phase::Armed);
    check(Some(10), Some(60), 10, Phase::Open);
    check(Some(10), Some(60), 69, Phase::Open);
    check(Some(10), Some(60), 70, Phase::Closed);
    check(Some(10), None, 1_000_000, Phase::Open);
    assert_eq!(plan().phase(second(5)), Phase::Planned);
    let ended = Stage::Ended { at: second(1), why: EndedBecause::Closed };
    assert_eq!(Drop { stage: ended, ..plan() }.phase(second(5)), Phase::Ended);
}

#[test]
fn a_plan_names_each_fault() {
    let check = |drop: Drop, faults: &[DropFault]| assert_eq!(drop.faults(), faults, "{drop:?}");
    check(plan(), &[]);
    check(Drop { quantity: MAX_PIECES, limit: MAX_LIMIT, window: None, unit: vec![], ..plan() }, &[]);
    check(Drop { quantity: 0, limit: 0, ..plan() }, &[DropFault::Quantity, DropFault::Limit]);
    check(Drop { quantity: MAX_PIECES + 1, limit: 11, ..plan() }, &[DropFault::Quantity, DropFault::Limit]);
    check(Drop { hold: Hold::Minutes(0), ..plan() }, &[DropFault::Hold]);
    check(Drop { hold: Hold::AfterShow { hours: 73 }, ..plan() }, &[DropFault::Hold]);
    check(
        Drop { window: Some(Millis(0)), countries: Some(vec![]), ..plan() },
        &[DropFault::Window, DropFault::Countries],
    );
    let prize = Drop { prize: Some(Prize { basis_points: 500 }), quantity: 1, limit: 1, unit: vec![], ..plan() };
    check(prize.clone(), &[]);
    for broken in [
        Drop { quantity: 2, ..prize.clone() },
        Drop { window: None, ..prize.clone() },
        Drop { unit: vec![Money::new(1, Currency::USD)], ..prize.clone() },
        Drop { prize: Some(Prize { basis_points: 10_001 }), ..prize },
    ] {
        check(broken, &[DropFault::Prize]);
    }
    let twice = vec![Money::new(1, Currency::USD), Money::new(2, Currency::USD)];
    check(Drop { unit: twice, ..plan() }, &[DropFault::Unit]);
    check(Drop { unit: vec![Money::new(-1, Currency::USD)], ..plan() }, &[DropFault::Unit]);
}

#[test]
fn a_pot_gives_from_one_place_where_it_can() {
    let mut random = Random::seeded(5);
    let [here, there] = [0, 1].map(|_| LocationId::mint(Timestamp::EPOCH, &mut random));
    let places = |parts: &[(LocationId, i64)]| -> Vec<Place> {
        parts.iter().map(|&(location, quantity)| Place { location, quantity }).collect()
    };
    let check = |pot: &[(LocationId, i64)], pieces: i64, taken: &[(LocationId, i64)], left: &[(LocationId, i64)]| {
        let whole = pot.iter().map(|(_, quantity)| quantity).sum();
        let mut armed = Armed { places: places(pot), left: whole, ..Armed::default() };
        let got = armed.take(pieces);
        assert_eq!((&got, &armed.places, armed.left), (&places(taken), &places(left), whole - pieces));
        armed.put(pieces, &got);
        assert_eq!(armed.left, whole);
        assert_eq!(armed.places.iter().map(|place| place.quantity).sum::<i64>(), whole);
    };
    check(&[(here, 1), (there, 3)], 2, &[(there, 2)], &[(here, 1), (there, 1)]);
    check(&[(here, 1), (there, 1)], 2, &[(here, 1), (there, 1)], &[]);
    check(&[(here, 1)], 1, &[(here, 1)], &[]);
    check(&[(here, 2), (there, 2)], 3, &[(here, 2), (there, 1)], &[(there, 1)]);
}
