//! The promises of drops: a pot is never overdrawn, the line is kept, a tab is paid once, and everything is read back as
//! it was decided.

use futures::future::join_all;
use kernel::{ClaimId, Country, DropId, EntryId, Millis, Money, PersonId, ShowId, Timestamp, ViewerId};
use shop::books::{
    ClaimInDrop, Claimed, Command, DropMoved, Extended, LetGo, PaidBy, PlaceOrder, Placed, SetAside, Settled,
    TillEvent, What,
};
use shop::claim::{Claim, ClaimQuote, ClaimState};
use shop::drop::{Drop, EndedBecause, Hold, Phase, Stage};
use shop::order::{CancelReason, Order, OrderState, ShowNumber};
use shop::payment::{EventKind, ProviderEvent};

use super::till::{NOW, Sample};
use crate::ports::{Drops, Orders, Outbox, StockCounts, StoreError, Tab, Till, till};

const MINUTE: Millis = Millis::from_mins(1);

/// What the suite needs of a store.
pub trait Tables: Till + Drops + Orders + StockCounts + Outbox {}
impl<T: Till + Drops + Orders + StockCounts + Outbox> Tables for T {}

/// Runs every check against empty tables.
///
/// # Panics
/// When the till breaks a promise.
pub async fn check(store: &impl Tables) {
    let mut sample = Sample::new(47);
    a_plan_is_kept_until_it_is_armed(store, &mut sample).await;
    a_pot_is_never_overdrawn(store, &mut sample).await;
    the_line_is_kept(store, &mut sample).await;
    a_stopped_drop_sends_its_line_away(store, &mut sample).await;
    a_tab_is_paid_once(store, &mut sample).await;
    one_contact_is_one_buyer(store, &mut sample).await;
    one_card_is_one_buyer(store, &mut sample).await;
    deadlines_and_bars_are_kept(store, &mut sample).await;
    a_tab_comes_along_into_the_account(store, &mut sample).await;
}

/// Two doors to the same tables, asked at once: nothing is sold twice, whoever decides it.
///
/// # Panics
/// When they oversell.
pub async fn check_two_at_once(one: &impl Tables, other: &impl Tables) {
    let mut sample = Sample::new(48);
    let drop = open(one, &mut sample, 20, None).await;
    let wishes: Vec<(bool, Command)> = (0..60)
        .map(|at| {
            let viewer = sample.viewer();
            let wish = ClaimInDrop { wait: true, ..wish(&mut sample, drop, viewer, 1, "a") };
            (at % 2 == 0, command(&mut sample, What::Claim(Box::new(wish))))
        })
        .collect();
    let asked = wishes.into_iter().map(async |(first, wish)| match first {
        true => till::claim(one, wish).await,
        false => till::claim(other, wish).await,
    });
    let outcomes = join_all(asked).await;
    let won = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Claimed::New(_)))).count();
    let mut places: Vec<i64> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Ok(Claimed::Waiting { place }) => Some(*place),
            _ => None,
        })
        .collect();
    places.sort_unstable();
    assert_eq!((won, places), (20, (1..=40).collect()), "{outcomes:?}");
    let known = one.drop_of(drop).await.expect("asked").expect("a drop");
    assert_eq!((known.left(), known.armed().map(|armed| armed.waiting)), (0, Some(40)));
    // Both let claims go and give them to the line, crosswise.
    let claims = one.claims_of_show(known.at.show, 100).await.expect("claims");
    let line: Vec<_> = other.waiters(drop, 100).await.expect("a line").iter().map(|w| (w.id, NOW + MINUTE)).collect();
    let mut work = Vec::new();
    for claim in &claims {
        work.push(command(&mut sample, What::LetGo { claim: claim.id, buyer: None }));
        work.push(command(&mut sample, What::OfferWaiting { drop, offers: line.clone() }));
    }
    let runs = work.into_iter().enumerate().map(async |(at, command)| match at % 3 {
        0 => one.run(command).await,
        _ => other.run(command).await,
    });
    join_all(runs).await.into_iter().for_each(|outcome| assert!(outcome.is_ok(), "{outcome:?}"));
    let last = command(&mut sample, What::OfferWaiting { drop, offers: line.clone() });
    till::offer_waiting(one, last).await.expect("offered");
    let open = other.claims_of_show(known.at.show, 1_000).await.expect("claims");
    let mut made = one.claims_of_drop(drop).await.expect("claims");
    made.reverse();
    assert_eq!(made, open, "all of the show's are this drop's");
    let mut held: Vec<&Claim> = open.iter().filter(|claim| claim.state == ClaimState::Open).collect();
    held.sort_by_key(|claim| (claim.made_at, claim.id));
    assert_eq!(held.iter().map(|claim| claim.quantity).sum::<u32>(), 20);
    let mut waits: Vec<_> = other.waiters(drop, 100).await.expect("a line").iter().map(|waiter| waiter.id).collect();
    let rest: Vec<_> = line.iter().skip(20).map(|(id, _)| *id).collect();
    waits.sort_unstable();
    let mut expected = rest;
    expected.sort_unstable();
    assert_eq!(waits, expected, "the first twenty of the line were served");
}

fn command(sample: &mut Sample, what: What) -> Command {
    command_at(sample, what, NOW)
}

fn command_at(sample: &mut Sample, what: What, at: Timestamp) -> Command {
    Command { what, at, random: sample.random.fork() }
}

fn quote(sample: &mut Sample) -> ClaimQuote {
    let usd = |minor| Money::new(minor, kernel::Currency::USD);
    ClaimQuote { listed: usd(19_800), price: EntryId::mint(NOW, &mut sample.random), unit: usd(9_900) }
}

/// A drop of a new variant that is planned: two for each buyer, two minutes to pay.
async fn planned(store: &impl Tables, sample: &mut Sample, quantity: i64, window: Option<Millis>) -> Drop {
    sample.fresh_variant();
    sample.stock(store, quantity, 0).await;
    let us: Country = "US".parse().expect("a country");
    let drop = Drop {
        id: DropId::mint(NOW, &mut sample.random),
        at: ShowNumber { show: ShowId::mint(NOW, &mut sample.random), number: 7 },
        product: sample.product,
        variant: sample.variant,
        unit: vec![quote(sample).unit],
        quantity,
        limit: 2,
        hold: Hold::Minutes(2),
        countries: Some(vec![us]),
        window,
        rehearsal: false,
        prize: None,
        stage: Stage::Planned,
    };
    store.plan_drop(drop.clone()).await.expect("planned");
    drop
}

/// One that is open now.
async fn open(store: &impl Tables, sample: &mut Sample, quantity: i64, window: Option<Millis>) -> DropId {
    let drop = planned(store, sample, quantity, window).await.id;
    let arm = command(sample, What::ArmDrop { drop, opens_at: Some(NOW) });
    assert!(matches!(till::move_drop(store, arm).await, Ok(DropMoved::Done(_))));
    drop
}

fn wish(sample: &mut Sample, drop: DropId, viewer: ViewerId, quantity: u32, key: &str) -> ClaimInDrop {
    let country = "US".parse().expect("a country");
    let quote = quote(sample);
    ClaimInDrop { drop, viewer, person: None, quantity, country, quote, key: key.to_owned(), wait: false, won: false }
}

async fn claim(store: &impl Tables, sample: &mut Sample, wish: ClaimInDrop) -> Claimed {
    let command = command(sample, What::Claim(Box::new(wish)));
    till::claim(store, command).await.expect("the till answers")
}

async fn claimed(store: &impl Tables, sample: &mut Sample, drop: DropId, viewer: ViewerId, key: &str) -> Claim {
    let wish = wish(sample, drop, viewer, 1, key);
    match claim(store, sample, wish).await {
        Claimed::New(claim) => *claim,
        other => panic!("not claimed: {other:?}"),
    }
}

async fn free(store: &impl StockCounts, sample: &Sample) -> i64 {
    let counts = store.counts(&[sample.variant]).await.expect("counted");
    counts.iter().map(|count| count.free).sum()
}

async fn state(store: &impl Drops, claim: ClaimId) -> ClaimState {
    store.claim_of(claim).await.expect("asked").expect("a claim").state
}

async fn a_plan_is_kept_until_it_is_armed(store: &impl Tables, sample: &mut Sample) {
    let plan = planned(store, sample, 3, Some(MINUTE)).await;
    assert_eq!(store.drop_of(plan.id).await, Ok(Some(plan.clone())));
    let better = Drop { quantity: 2, countries: None, hold: Hold::AfterShow { hours: 12 }, ..plan.clone() };
    assert_eq!(store.plan_drop(better.clone()).await, Ok(()));
    assert_eq!(store.drops_of_show(plan.at.show).await, Ok(vec![better.clone()]));
    let arm = command(sample, What::ArmDrop { drop: plan.id, opens_at: None });
    let Ok(DropMoved::Done(armed)) = till::move_drop(store, arm).await else { panic!("not armed") };
    assert_eq!((armed.left(), armed.phase(NOW), free(store, sample).await), (2, Phase::Armed, 1));
    assert_eq!(store.drop_of(plan.id).await, Ok(Some(*armed.clone())));
    assert_eq!(store.armed_drops(10).await, Ok(vec![*armed]));
    assert_eq!(store.plan_drop(better).await, Err(StoreError::Changed));
    assert_eq!(store.unplan_drop(plan.id).await, Ok(false), "what is armed stays");
    let fire = command(sample, What::FireDrop { drop: plan.id, lead: Millis::from_secs(3) });
    let Ok(DropMoved::Done(fired)) = till::move_drop(store, fire).await else { panic!("not fired") };
    assert_eq!(fired.armed().map(|armed| armed.opens_at), Some(Some(NOW + Millis::from_secs(3))));
    let end = command(sample, What::EndDrop { drop: plan.id, why: EndedBecause::Stopped });
    let Ok(DropMoved::Done(ended)) = till::move_drop(store, end).await else { panic!("not ended") };
    assert_eq!(store.drop_of(plan.id).await, Ok(Some(*ended)));
    assert_eq!((store.armed_drops(10).await, free(store, sample).await), (Ok(vec![]), 3));
    let again = command(sample, What::ArmDrop { drop: plan.id, opens_at: None });
    assert_eq!(till::move_drop(store, again).await, Ok(DropMoved::Ended));
    let other = planned(store, sample, 1, None).await;
    assert_eq!(store.unplan_drop(other.id).await, Ok(true));
    assert_eq!((store.unplan_drop(other.id).await, store.drop_of(other.id).await), (Ok(false), Ok(None)));
}

async fn a_pot_is_never_overdrawn(store: &impl Tables, sample: &mut Sample) {
    let drop = open(store, sample, 7, None).await;
    let asked: Vec<Command> = (0..30)
        .map(|_| {
            let viewer = sample.viewer();
            let wish = wish(sample, drop, viewer, 1, "a");
            command(sample, What::Claim(Box::new(wish)))
        })
        .collect();
    let outcomes = join_all(asked.into_iter().map(|command| till::claim(store, command))).await;
    let won: Vec<&Claim> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Ok(Claimed::New(claim)) => Some(&**claim),
            _ => None,
        })
        .collect();
    let told = outcomes.iter().filter(|outcome| **outcome == Ok(Claimed::SoldOut)).count();
    assert_eq!((won.len(), told, free(store, sample).await), (7, 23, 0));
    for claim in &won {
        assert_eq!(store.claim_of(claim.id).await, Ok(Some((*claim).clone())), "read back as it was decided");
    }
    assert_eq!(store.drop_of(drop).await.map(|drop| drop.map(|drop| drop.left())), Ok(Some(0)));
    let again = wish(sample, drop, won[0].viewer, 1, "a");
    assert_eq!(claim(store, sample, again).await, Claimed::Replayed(Box::new(won[0].clone())));
    assert_eq!(store.unpaid_drops(&[drop]).await, Ok(vec![drop]));
    let told = store.waiting(NOW, 1_000).await.expect("an outbox");
    let moved = told.iter().filter(|waiting| waiting.event == Some(TillEvent::DropMoved { drop }));
    assert!((1..=8).contains(&moved.count()), "armed, and once a batch");
}

async fn the_line_is_kept(store: &impl Tables, sample: &mut Sample) {
    let drop = open(store, sample, 1, Some(MINUTE)).await;
    let [ann, bea, cem] = [0, 1, 2].map(|_| sample.viewer());
    let first = claimed(store, sample, drop, ann, "a").await;
    let mut joined = Vec::new();
    for viewer in [bea, cem, bea] {
        let wish = ClaimInDrop { wait: true, ..wish(sample, drop, viewer, 1, "w") };
        joined.push(claim(store, sample, wish).await);
    }
    assert_eq!(joined, [1, 2, 1].map(|place| Claimed::Waiting { place }));
    let line = store.waiters(drop, 10).await.expect("a line");
    assert_eq!(line.iter().map(|waiter| (waiter.viewer, waiter.place)).collect::<Vec<_>>(), [(bea, 1), (cem, 2)]);
    let show = first.show.map(|at| at.show);
    let waits = Tab { claims: vec![], waiting: vec![(line[1].clone(), 2)] };
    assert_eq!(store.tab(cem, show).await, Ok(waits));
    let leave = command(sample, What::LeaveLine { drop, viewer: bea });
    assert_eq!(till::leave_line(store, leave).await, Ok(true));
    let waits = Tab { claims: vec![], waiting: vec![(line[1].clone(), 1)] };
    assert_eq!(store.tab(cem, None).await, Ok(waits));
    let release = command(sample, What::LetGo { claim: first.id, buyer: Some((ann, None)) });
    assert!(matches!(till::let_go(store, release).await, Ok(LetGo::Done(_))));
    assert_eq!(state(store, first.id).await, ClaimState::Released);
    let overtakes = wish(sample, drop, ann, 1, "b");
    assert_eq!(claim(store, sample, overtakes).await, Claimed::SoldOut);
    let until = NOW + Millis::from_mins(30);
    let offers = line.iter().map(|waiter| (waiter.id, until)).collect();
    let offer = command(sample, What::OfferWaiting { drop, offers });
    let offered = till::offer_waiting(store, offer).await.expect("offered");
    assert_eq!(offered.iter().map(|claim| (claim.viewer, claim.until)).collect::<Vec<_>>(), [(cem, until)]);
    assert_eq!(store.tab(cem, show).await, Ok(Tab { claims: offered, waiting: vec![] }));
    let end = command_at(sample, What::EndDrop { drop, why: EndedBecause::Closed }, NOW + MINUTE);
    assert!(matches!(till::move_drop(store, end).await, Ok(DropMoved::Done(_))));
    assert_eq!((store.waiters(drop, 10).await, free(store, sample).await), (Ok(vec![]), 0));
}

async fn a_stopped_drop_sends_its_line_away(store: &impl Tables, sample: &mut Sample) {
    let drop = open(store, sample, 1, None).await;
    let viewer = sample.viewer();
    claimed(store, sample, drop, viewer, "a").await;
    for _ in 0..3 {
        let waits = sample.viewer();
        let wish = ClaimInDrop { wait: true, ..wish(sample, drop, waits, 1, "w") };
        assert!(matches!(claim(store, sample, wish).await, Claimed::Waiting { .. }));
    }
    let last = store.waiters(drop, 10).await.expect("a line")[2].viewer;
    let end = command(sample, What::EndDrop { drop, why: EndedBecause::Stopped });
    assert!(matches!(till::move_drop(store, end).await, Ok(DropMoved::Done(_))));
    assert_eq!((store.waiters(drop, 10).await, store.tab(last, None).await), (Ok(vec![]), Ok(Tab::default())));
    let late = wish(sample, drop, last, 1, "late");
    assert_eq!(claim(store, sample, late).await, Claimed::Ended);
}

async fn one_contact_is_one_buyer(store: &impl Tables, sample: &mut Sample) {
    let drop = open(store, sample, 9, None).await;
    let mut place = async |marks: &[&str]| {
        let viewer = sample.viewer();
        let claims = [claimed(store, sample, drop, viewer, "a").await, claimed(store, sample, drop, viewer, "b").await];
        let marks = marks.iter().map(|mark| (*mark).to_owned()).collect();
        let place = PlaceOrder { marks, ..sample.checkout_of(viewer, &claims, NOW) };
        let place = command(sample, What::Place(Box::new(place)));
        let mut ids = claims.map(|claim| claim.id);
        ids.sort_unstable();
        (ids, till::place(store, place).await.expect("the till answers"))
    };
    let (_, first) = place(&["mail", "phone"]).await;
    let Placed::New(first) = first else { panic!("not placed: {first:?}") };
    let (claims, second) = place(&["other mail", "phone"]).await;
    assert_eq!(second, Placed::OverLimit { limit: 2, claims: claims.to_vec() });
    let (_, stranger) = place(&["third mail"]).await;
    assert!(matches!(stranger, Placed::New(_)), "{stranger:?}");
    // What was let go counts no longer.
    let cancel = command(sample, What::Cancel { order: first.id, reason: CancelReason::Other });
    till::cancel(store, cancel).await.expect("cancelled");
    let held: Vec<Claim> = [store.claim_of(claims[0]).await, store.claim_of(claims[1]).await]
        .into_iter()
        .filter_map(|claim| claim.expect("asked"))
        .collect();
    let again = PlaceOrder { marks: vec!["phone".into()], ..sample.checkout_of(held[0].viewer, &held, NOW) };
    let again = command(sample, What::Place(Box::new(again)));
    assert!(matches!(till::place(store, again).await, Ok(Placed::New(_))));
}

async fn one_card_is_one_buyer(store: &impl Tables, sample: &mut Sample) {
    let drop = open(store, sample, 9, None).await;
    let mut orders = Vec::new();
    for contact in ["one", "two", "three"] {
        let viewer = sample.viewer();
        let claims = [claimed(store, sample, drop, viewer, "a").await, claimed(store, sample, drop, viewer, "b").await];
        let place = PlaceOrder { marks: vec![contact.into()], ..sample.checkout_of(viewer, &claims, NOW) };
        let place = command(sample, What::Place(Box::new(place)));
        let Ok(Placed::New(order)) = till::place(store, place).await else { panic!("not placed") };
        orders.push(*order);
    }
    let mut pays = async |order: &Order, card: &str| {
        let paid_by = command(sample, What::PaidBy { order: order.id, mark: card.into() });
        till::paid_by(store, paid_by).await.expect("the till answers")
    };
    assert_eq!(pays(&orders[0], "card").await, PaidBy::Fine);
    assert_eq!(pays(&orders[0], "card").await, PaidBy::Fine, "told again, it counts once");
    let left = store.drop_of(drop).await.expect("asked").expect("a drop").left();
    let PaidBy::OverLimit(refused) = pays(&orders[1], "card").await else { panic!("two and two are more than two") };
    assert_eq!((refused.state, refused.cancelled_because), (OrderState::Cancelled, Some(CancelReason::OverLimit)));
    let known = store.drop_of(drop).await.expect("asked").expect("a drop");
    assert_eq!(known.left(), left + 2, "its pieces can be claimed by others");
    assert_eq!(pays(&orders[1], "card").await, PaidBy::Fine, "what is over stays over");
    assert_eq!(pays(&orders[2], "other card").await, PaidBy::Fine);
    a_late_card_counts_too(store, sample, drop).await;
}

/// An order ended unpaid, its pieces lie on the tab again, and now somebody pays who has as many already.
async fn a_late_card_counts_too(store: &impl Tables, sample: &mut Sample, drop: DropId) {
    let viewer = sample.viewer();
    let claims = [claimed(store, sample, drop, viewer, "a").await, claimed(store, sample, drop, viewer, "b").await];
    for claim in &claims {
        let extend = command(sample, What::Extend { claim: claim.id, until: NOW + Millis::from_mins(60) });
        till::extend(store, extend).await.expect("extended");
    }
    let place = sample.checkout_of(viewer, &claims, NOW);
    let place = command(sample, What::Place(Box::new(place)));
    let Ok(Placed::New(order)) = till::place(store, place).await else { panic!("not placed") };
    let late = NOW + Millis::from_mins(20);
    let expire = command_at(sample, What::Expire { order: order.id }, late);
    assert_eq!(till::expire(store, expire).await, Ok(true));
    assert_eq!(store.tab(viewer, None).await.map(|tab| tab.claims.len()), Ok(2), "they are on the tab again");
    let mut pays = async |card: &str| {
        let paid_by = command_at(sample, What::PaidBy { order: order.id, mark: card.into() }, late);
        till::paid_by(store, paid_by).await.expect("the till answers")
    };
    assert_eq!(pays("a third card").await, PaidBy::Fine);
    let PaidBy::OverLimit(refused) = pays("card").await else { panic!("two and two are more than two") };
    assert_eq!((refused.state, refused.cancelled_because), (OrderState::Cancelled, Some(CancelReason::OverLimit)));
    assert_eq!(store.tab(viewer, None).await.map(|tab| tab.claims.len()), Ok(2), "they are still the buyer's to pay");
}

async fn a_tab_is_paid_once(store: &impl Tables, sample: &mut Sample) {
    let drop = open(store, sample, 2, None).await;
    let viewer = sample.viewer();
    let claims = [claimed(store, sample, drop, viewer, "a").await, claimed(store, sample, drop, viewer, "b").await];
    let mut checkouts = Vec::new();
    for _ in 0..2 {
        let place = sample.checkout_of(viewer, &claims, NOW);
        checkouts.push(command(sample, What::Place(Box::new(place))));
    }
    let outcomes = join_all(checkouts.into_iter().map(|command| till::place(store, command))).await;
    let gone: Vec<ClaimId> = claims.iter().map(|claim| claim.id).collect();
    let refused = outcomes.iter().filter(|outcome| **outcome == Ok(Placed::ClaimsGone(gone.clone()))).count();
    assert_eq!(refused, 1, "{outcomes:?}");
    let order = outcomes.into_iter().find_map(|outcome| match outcome {
        Ok(Placed::New(order)) => Some(*order),
        _ => None,
    });
    let order = order.expect("one of the two was placed");
    assert_eq!(store.order(order.id).await, Ok(Some(order.clone())));
    assert_eq!(store.tab(viewer, None).await.map(|tab| tab.claims.len()), Ok(2), "it is on the tab until it is paid");
    assert_eq!(store.due_claims(NOW + Millis::from_days(9), 10).await.map(|due| due.contains(&gone[0])), Ok(false));
    let news = vec![ProviderEvent {
        kind: EventKind::Captured,
        amount: order.totals.total,
        reference: format!("{}-captured", order.payment),
        at: NOW,
    }];
    let settle = command(sample, What::Settle { order: order.id, news });
    let Ok(Settled::Order(paid)) = till::settle(store, settle).await else { panic!("not settled") };
    assert_eq!(store.order(order.id).await, Ok(Some(*paid)));
    for claim in gone {
        assert_eq!(state(store, claim).await, ClaimState::Paid);
    }
    assert_eq!(store.unpaid_drops(&[drop]).await, Ok(vec![]));
    let cancel = What::Cancel { order: order.id, reason: shop::order::CancelReason::BuyerAsked };
    let cancel = command(sample, cancel);
    till::cancel(store, cancel).await.expect("cancelled");
    let left = store.drop_of(drop).await.map(|drop| drop.map(|drop| drop.left()));
    assert_eq!((left, free(store, sample).await), (Ok(Some(2)), 0), "its pieces are the drop's again");
}

async fn deadlines_and_bars_are_kept(store: &impl Tables, sample: &mut Sample) {
    let drop = open(store, sample, 9, None).await;
    let viewer = sample.viewer();
    let due_at = NOW + Millis::from_mins(2);
    for key in ["a", "b", "c"] {
        let claim = claimed(store, sample, drop, viewer, key).await;
        assert!(store.due_claims(due_at, 100).await.expect("asked").contains(&claim.id));
        assert!(!store.due_claims(due_at - Millis(1), 10).await.expect("asked").contains(&claim.id));
        let expire = command_at(sample, What::ExpireClaims { claims: vec![claim.id] }, due_at);
        assert_eq!(till::expire_claims(store, expire).await, Ok(1));
        assert_eq!(state(store, claim.id).await, ClaimState::Expired);
    }
    let barred = store.barred_until(viewer, NOW).await.expect("asked").expect("three strikes");
    let again = wish(sample, drop, viewer, 1, "d");
    assert_eq!(claim(store, sample, again.clone()).await, Claimed::Barred { until: barred });
    let unbar = command(sample, What::Unbar { viewer });
    assert_eq!(till::unbar(store, unbar).await, Ok(true));
    assert_eq!(store.barred_until(viewer, NOW).await, Ok(None));
    assert!(matches!(claim(store, sample, again).await, Claimed::New(_)));

    sample.fresh_variant();
    sample.stock(store, 2, 0).await;
    let show = ShowId::mint(NOW, &mut sample.random);
    let wish = SetAside {
        variant: sample.variant,
        product: sample.product,
        viewer,
        person: None,
        show: Some(ShowNumber { show, number: 3 }),
        quantity: 2,
        quote: quote(sample),
        hold: Hold::AfterShow { hours: 12 },
        by: PersonId::mint(NOW, &mut sample.random),
    };
    let aside = command(sample, What::SetAside(Box::new(wish.clone())));
    let held = till::set_aside(store, aside).await.expect("asked").expect("two are free");
    assert_eq!(store.claims_of_show(show, 10).await, Ok(vec![*held.clone()]));
    let aside = command(sample, What::SetAside(Box::new(wish)));
    assert_eq!((till::set_aside(store, aside).await, free(store, sample).await), (Ok(None), 0));
    assert!(store.shows_with_loose_claims().await.expect("asked").contains(&show));
    assert_eq!(store.loose_claims(show, 10).await, Ok(vec![(held.id, 12)]));
    let until = NOW + Millis::from_mins(720);
    let extend = command(sample, What::Extend { claim: held.id, until });
    assert!(matches!(till::extend(store, extend).await, Ok(Extended::Done(_))));
    let moved = Claim { until, after_show_hours: None, ..*held };
    assert_eq!(store.claim_of(moved.id).await, Ok(Some(moved.clone())));
    assert_eq!(store.loose_claims(show, 10).await, Ok(vec![]));
}

async fn a_tab_comes_along_into_the_account(store: &impl Tables, sample: &mut Sample) {
    let drop = open(store, sample, 1, None).await;
    let [device, account, other] = [0, 1, 2].map(|_| sample.viewer());
    let person = PersonId::mint(NOW, &mut sample.random);
    let held = claimed(store, sample, drop, device, "a").await;
    for viewer in [device, other] {
        let wish = ClaimInDrop { wait: true, ..wish(sample, drop, viewer, 1, "w") };
        assert!(matches!(claim(store, sample, wish).await, Claimed::Waiting { .. }));
    }
    let take = || What::TakeAlong { device, account, person };
    for along in [1, 0] {
        let take = command(sample, take());
        assert_eq!(till::take_along(store, take).await, Ok(along));
    }
    let tab = store.tab(account, None).await.expect("a tab");
    let mine = Claim { viewer: account, person: Some(person), key: None, ..held };
    assert_eq!(tab.claims, [mine]);
    let places: Vec<_> = tab.waiting.iter().map(|(waiter, place)| (waiter.viewer, waiter.person, *place)).collect();
    assert_eq!(places, [(account, Some(person), 1)]);
    assert_eq!(store.tab(device, None).await, Ok(Tab::default()));
    // Who waits twice, by the device and by the account, waits in the account's place.
    let again = ClaimInDrop { wait: true, ..wish(sample, drop, device, 1, "x") };
    assert_eq!(claim(store, sample, again).await, Claimed::Waiting { place: 3 });
    let take = command(sample, take());
    assert_eq!(till::take_along(store, take).await, Ok(0));
    let waiting = store.drop_of(drop).await.map(|drop| drop.and_then(|drop| drop.armed().map(|armed| armed.waiting)));
    assert_eq!(waiting, Ok(Some(2)));
}
