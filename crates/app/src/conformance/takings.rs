//! The promises of a show's takings: lines of that show alone, in orders that stand, rehearsals left out.

use kernel::{Currency, Millis, Money, ShowId, Timestamp};
use shop::books::{Command, PlaceOrder, Placed, What};
use shop::order::ShowNumber;
use shop::payment::{EventKind, ProviderEvent};

use super::till::{NOW, Sample};
use crate::ports::{MinuteTakings, NumberTakings, ShowTakings, StockCounts, Takings, Till, till};

/// Runs every check against empty tables.
///
/// # Panics
/// When the takings are not what was sold.
pub async fn check(store: &(impl Till + StockCounts + Takings)) {
    let mut sample = Sample::new(77);
    sample.stock(store, 100, 0).await;
    let show = ShowId::mint(NOW, &mut sample.random);
    let other = ShowId::mint(NOW, &mut sample.random);
    assert_eq!(store.takings(show, NOW).await, Ok(ShowTakings::default()));

    let ago = |mins: i64| NOW - Millis::from_mins(mins);
    let bought = async |sample: &mut Sample, at: ShowNumber, quantity: u32, placed: Timestamp, rehearsal: bool| {
        let mut checkout = sample.checkout_at(quantity, placed);
        checkout.order.lines[0].show = Some(at);
        checkout.order.rehearsal = rehearsal;
        placed_and_paid(store, sample, checkout, placed).await;
    };
    let at = |show, number| ShowNumber { show, number };
    bought(&mut sample, at(show, 4), 2, NOW, false).await;
    bought(&mut sample, at(show, 4), 1, ago(5), false).await;
    bought(&mut sample, at(show, 7), 1, ago(180), false).await;
    bought(&mut sample, at(show, 7), 9, NOW, true).await;
    bought(&mut sample, at(other, 7), 5, NOW, false).await;
    let mut waits = sample.checkout(3);
    waits.order.lines[0].show = Some(at(show, 7));
    place(store, &mut sample, waits, NOW).await;

    let minute = |mins, orders, pieces: i64| MinuteTakings {
        at: Timestamp::from_unix_millis(ago(mins).unix_millis().div_euclid(60_000) * 60_000),
        currency: Currency::USD,
        orders,
        minor: pieces * 19_800,
    };
    let expected = ShowTakings {
        orders: 3,
        gmv: vec![Money::new(4 * 19_800, Currency::USD)],
        sold_this_minute: 2,
        numbers: vec![
            NumberTakings { number: 4, claimed: 0, sold: 3 },
            NumberTakings { number: 7, claimed: 3, sold: 1 },
        ],
        minutes: vec![minute(5, 1, 1), minute(0, 1, 2)],
    };
    assert_eq!(store.takings(show, NOW).await, Ok(expected));
}

async fn place(store: &impl Till, sample: &mut Sample, checkout: PlaceOrder, at: Timestamp) -> shop::order::Order {
    let command = Command { what: What::Place(Box::new(checkout)), at, random: sample.random.fork() };
    match till::place(store, command).await {
        Ok(Placed::New(order)) => *order,
        other => panic!("not placed: {other:?}"),
    }
}

async fn placed_and_paid(store: &impl Till, sample: &mut Sample, checkout: PlaceOrder, at: Timestamp) {
    let order = place(store, sample, checkout, at).await;
    let captured = ProviderEvent {
        kind: EventKind::Captured,
        amount: order.totals.total,
        reference: format!("{}-captured", order.payment),
        at,
    };
    let settle = What::Settle { order: order.id, news: vec![captured] };
    let command = Command { what: settle, at, random: sample.random.fork() };
    till::settle(store, command).await.expect("paid");
}
