//! The promises of the till: two buyers of the last piece, a replayed checkout, late money, baskets, stock and lists.

mod after_sale;
mod sample;

use kernel::{Currency, EntryId, Millis, Money, OrderId, ParcelId, Texts, Timestamp};
use shop::basket::{Basket, BasketLine};
use shop::books::{Cancelled, Command, PlaceOrder, Placed, RefundReason, Refunded, Sent, Settled, TillEvent, What};
use shop::claim::CHECKOUT_HOLD;
use shop::order::{CancelReason, Order, OrderState};
use shop::parcel::Parcel;
use shop::payment::{EventKind, ProviderEvent};
use shop::shipping::{ShippingRate, Zone};

use crate::ports::{Baskets, OrderFilter, Orders, Outbox, Own, Rates, StockCounts, StoreError, Stuck, Till, till};

pub use sample::{NOW, Sample};

/// Runs every check against empty tables.
///
/// # Panics
/// When the till breaks a promise.
pub async fn check(store: &(impl Till + Orders + Baskets + StockCounts + Rates + Outbox)) {
    let mut sample = Sample::new(31);
    one_of_two_gets_the_last_piece(store, &mut sample).await;
    a_replayed_checkout_is_one_order(store, &mut sample).await;
    a_basket_is_bought_once(store, &mut sample).await;
    an_order_comes_back_whole(store, &mut sample).await;
    late_money_is_owed_back(store, &mut sample).await;
    a_cancelled_order_gives_its_pieces_back(store, &mut sample).await;
    a_part_of_the_money_goes_back(store, &mut sample).await;
    after_sale::pieces_come_back(store, &mut sample).await;
    after_sale::many_leave_at_once(store, &mut sample).await;
    a_batch_is_decided_in_order_of_arrival(store, &mut sample).await;
    baskets_are_kept_by_version(store, &mut sample).await;
    rates_are_replaced(store, &mut sample).await;
}

fn command(sample: &mut Sample, what: What) -> Command {
    Command { what, at: NOW, random: sample.random.fork() }
}

async fn place(store: &impl Till, sample: &mut Sample, order: PlaceOrder) -> Placed {
    let command = command(sample, What::Place(Box::new(order)));
    till::place(store, command).await.expect("the till answers")
}

async fn settle(store: &impl Till, sample: &mut Sample, order: &Order, kind: EventKind, name: &str) -> Order {
    let news = vec![ProviderEvent {
        kind,
        amount: order.totals.total,
        reference: format!("{}-{name}", order.payment),
        at: NOW,
    }];
    let command = command(sample, What::Settle { order: order.id, news });
    match till::settle(store, command).await.expect("the till answers") {
        Settled::Order(order) => *order,
        Settled::Unknown => panic!("{} is unknown", order.id),
    }
}

async fn free(store: &impl StockCounts, sample: &Sample) -> i64 {
    let counts = store.counts(&[sample.variant]).await.expect("counted");
    counts.iter().map(|count| count.free).sum()
}

fn new(placed: Placed) -> Order {
    match placed {
        Placed::New(order) => *order,
        other => panic!("not placed: {other:?}"),
    }
}

async fn one_of_two_gets_the_last_piece(store: &(impl Till + StockCounts), sample: &mut Sample) {
    sample.stock(store, 1, 0).await;
    let (first, second) = (sample.checkout(1), sample.checkout(1));
    let (mine, other) = (sample.random.fork(), sample.random.fork());
    let ask = |order, random| Command { what: What::Place(Box::new(order)), at: NOW, random };
    let (one, two) = tokio::join!(till::place(store, ask(first, mine)), till::place(store, ask(second, other)));
    let outcomes = [one.expect("answers"), two.expect("answers")];
    let won = outcomes.iter().filter(|outcome| matches!(outcome, Placed::New(_))).count();
    let told = outcomes.iter().filter(|outcome| **outcome == Placed::SoldOut(vec![sample.variant])).count();
    assert_eq!((won, told), (1, 1), "{outcomes:?}");
    sample.stock(store, 5, 2).await;
    assert_eq!(free(store, sample).await, 2, "a count by hand leaves the claim, and the buffer is kept");
}

async fn a_replayed_checkout_is_one_order(store: &(impl Till + StockCounts + Orders), sample: &mut Sample) {
    sample.fresh_variant();
    sample.stock(store, 9, 0).await;
    let checkout = sample.checkout(1);
    let order = new(place(store, sample, checkout.clone()).await);
    let mut again = checkout.clone();
    again.order.id = OrderId::mint(NOW, &mut sample.random);
    assert_eq!(place(store, sample, again.clone()).await, Placed::Replayed(Box::new(order.clone())));
    again.order.request_hash = "another body".into();
    assert_eq!(place(store, sample, again).await, Placed::KeyReused);
    assert_eq!(free(store, sample).await, 8);
    let found = store.placed_with(order.viewer, &order.idempotency_key).await;
    assert_eq!(found.map(|order| order.map(|order| order.id)), Ok(Some(order.id)));
}

async fn a_basket_is_bought_once(store: &(impl Till + StockCounts + Baskets), sample: &mut Sample) {
    let line = BasketLine { variant: sample.variant, quantity: 1, show: None, seen: None };
    let mut basket = Basket::default();
    basket.put(line).expect("one line");
    let first = sample.checkout(1);
    let viewer = first.order.viewer;
    store.keep(viewer, basket, 0).await.expect("kept");
    let mut second = sample.checkout(1);
    second.order.viewer = viewer;
    let seen = |order: PlaceOrder| PlaceOrder { basket_version: Some(1), ..order };
    assert!(matches!(place(store, sample, seen(first)).await, Placed::New(_)));
    assert_eq!(place(store, sample, seen(second)).await, Placed::BasketChanged);
    assert_eq!(store.basket(viewer).await, Ok(Basket { version: 2, lines: vec![] }));
}

async fn an_order_comes_back_whole(store: &(impl Till + StockCounts + Orders + Outbox), sample: &mut Sample) {
    sample.fresh_variant();
    sample.stock(store, 3, 0).await;
    let checkout = sample.checkout(2);
    let order = new(place(store, sample, checkout.clone()).await);
    assert_eq!(store.order(order.id).await, Ok(Some(order.clone())));
    assert_eq!(store.buyer(order.id).await, Ok(Some(checkout.buyer.clone())));
    let unknown = sample.checkout(1).order.id;
    let both = store.with_buyers(vec![unknown, order.id]).await;
    assert_eq!(both, Ok(vec![(order.clone(), Some(checkout.buyer.clone()))]), "who is unknown is left out");
    assert_eq!(store.by_payment(order.payment).await, Ok(Some(order.id)));
    let numbers = [order.number.clone(), "2611-NONE".to_owned()];
    assert_eq!(store.numbered(&numbers).await, Ok(vec![order.id]));
    let paid = settle(store, sample, &order, EventKind::Captured, "captured").await;
    let twice = settle(store, sample, &order, EventKind::Captured, "captured").await;
    assert_eq!((paid.state, &twice), (OrderState::Paid, &paid), "the same news twice is news once");
    assert_eq!(store.order(order.id).await, Ok(Some(paid.clone())));
    let told = store.waiting(NOW, 1_000).await.expect("an outbox");
    let paid_events = told.iter().filter(|told| told.event == Some(TillEvent::OrderPaid { order: order.id }));
    assert_eq!(paid_events.count(), 1);
    let (first, later) = (told[0].id, NOW + Millis::from_mins(1));
    store.put_off(first, later).await.expect("put off");
    let due = store.waiting(NOW, 1_000).await.expect("an outbox");
    assert_eq!((due.len(), due.iter().any(|due| due.id == first)), (told.len() - 1, false), "it is not due yet");
    let again = store.waiting(later, 1_000).await.expect("an outbox");
    assert_eq!((again.len(), again[0].tries), (told.len(), 1), "each try is counted");
    let every: Vec<EntryId> = told.iter().map(|told| told.id).collect();
    let taken = store.hand_over(every.clone(), vec![]).await.expect("taken");
    assert_eq!(taken.len(), every.len());
    assert_eq!(store.hand_over(every, vec![]).await, Ok(vec![]), "each is taken once");
    assert_eq!(store.waiting(later, 1).await, Ok(vec![]));

    let id = ParcelId::mint(NOW, &mut sample.random);
    let parcel = Parcel {
        id,
        carrier: "UPS".into(),
        tracking_number: "1Z".into(),
        tracking_url: None,
        sent_at: NOW,
        delivered_at: None,
    };
    let send = command(sample, What::Send { order: order.id, parcel, lines: None });
    let Ok(Sent::Order(sent)) = till::send(store, send).await else { panic!("not sent") };
    assert_eq!(sent.state, OrderState::Sent);
    assert_eq!(store.order(order.id).await, Ok(Some(*sent)));
    let counts = store.counts(&[sample.variant]).await.expect("counted");
    assert_eq!((counts[0].on_hand, counts[0].free), (1, 1));

    let list = async |filter: OrderFilter| {
        let found = store.list(OrderFilter { limit: 10, ..filter }).await.expect("a list");
        found.into_iter().map(|(order, name)| (order.id, name)).collect::<Vec<_>>()
    };
    let expected = vec![(order.id, checkout.buyer.contact.name.clone())];
    for query in [order.number.to_lowercase(), checkout.buyer.contact.email.clone().unwrap_or_default()] {
        let state = Some(OrderState::Sent);
        assert_eq!(list(OrderFilter { query: Some(query), state, ..OrderFilter::default() }).await, expected);
    }
    let stranger = Own { viewer: Some(sample.viewer()), email: Some("nobody@example.com".into()), ..Own::default() };
    let buyer = Own { viewer: Some(order.viewer), ..stranger.clone() };
    let account = Own { email: checkout.buyer.contact.email.clone(), ..stranger.clone() };
    for (own, expected) in
        [(buyer, expected.clone()), (account, expected), (stranger, vec![]), (Own::default(), vec![])]
    {
        assert_eq!(list(OrderFilter { own: Some(own.clone()), ..OrderFilter::default() }).await, expected, "{own:?}");
    }
    assert_eq!(list(OrderFilter { query: Some("nobody".into()), ..OrderFilter::default() }).await, []);
    let taken = store.taken(Timestamp::EPOCH).await.expect("sums");
    assert_eq!(taken, [(Currency::USD, 1, order.totals.total.minor)]);
}

async fn late_money_is_owed_back(store: &(impl Till + StockCounts + Orders), sample: &mut Sample) {
    sample.fresh_variant();
    sample.stock(store, 1, 0).await;
    let checkout = sample.checkout(1);
    let late = new(place(store, sample, checkout).await);
    let deadline = NOW + CHECKOUT_HOLD;
    assert!(!store.overdue(NOW, 100).await.expect("a list").contains(&late.id));
    assert!(store.overdue(deadline, 100).await.expect("a list").contains(&late.id));
    let expire = Command { at: deadline, ..command(sample, What::Expire { order: late.id }) };
    assert_eq!(till::expire(store, expire).await, Ok(true));
    let checkout = sample.checkout(1);
    assert!(matches!(place(store, sample, checkout).await, Placed::New(_)));
    assert!(
        store.unfinished(deadline, Millis(0), None, 100).await.expect("a list").contains(&late.id),
        "its payment is to be closed"
    );
    assert!(
        !store.unfinished(deadline, Millis(0), Some(late.id), 100).await.expect("a list").contains(&late.id),
        "behind it"
    );
    let unlucky = settle(store, sample, &late, EventKind::Captured, "captured").await;
    assert_eq!(unlucky.state, OrderState::Expired);
    assert!(
        store.unfinished(deadline, Millis(0), None, 100).await.expect("a list").contains(&late.id),
        "a refund is to be asked for"
    );
    // Stuck, it comes again when it is due, and not at all once it was given up.
    let since = deadline - Millis::from_mins(2);
    let stuck = |next_at| Some(Stuck { tries: 3, next_at, detail: "closed".into(), since });
    let asked = async || store.unfinished(deadline, Millis(0), None, 100).await.expect("a list").contains(&late.id);
    for (next_at, comes) in [(Some(deadline + Millis(1)), false), (Some(deadline), true), (None, false)] {
        store.keep_stuck(late.id, stuck(next_at)).await.expect("kept");
        assert_eq!((store.stuck(late.id).await, asked().await), (Ok(stuck(next_at)), comes), "{next_at:?}");
    }
    assert_eq!(store.given_up(10).await.map(|all| all.first().cloned()), Ok(stuck(None).map(|stuck| (late.id, stuck))));
    store.keep_stuck(late.id, None).await.expect("forgotten");
    assert_eq!((store.stuck(late.id).await, store.given_up(10).await, asked().await), (Ok(None), Ok(vec![]), true));
    settle(store, sample, &late, EventKind::Refunded, "refunded").await;
    assert!(!store.unfinished(deadline, Millis(0), None, 100).await.expect("a list").contains(&late.id));
}

async fn a_cancelled_order_gives_its_pieces_back(store: &(impl Till + StockCounts + Orders), sample: &mut Sample) {
    sample.fresh_variant();
    sample.stock(store, 2, 0).await;
    let checkout = sample.checkout(2);
    let order = new(place(store, sample, checkout).await);
    settle(store, sample, &order, EventKind::Captured, "captured").await;
    assert_eq!(free(store, sample).await, 0);
    let cancel = command(sample, What::Cancel { order: order.id, reason: CancelReason::BuyerAsked });
    let Ok(Cancelled::Order(cancelled)) = till::cancel(store, cancel).await else { panic!("not cancelled") };
    assert_eq!(store.order(order.id).await, Ok(Some(*cancelled.clone())));
    assert_eq!(cancelled.cancelled_because, Some(CancelReason::BuyerAsked));
    assert_eq!(free(store, sample).await, 2);
}

async fn a_part_of_the_money_goes_back(store: &(impl Till + StockCounts + Orders), sample: &mut Sample) {
    sample.fresh_variant();
    sample.stock(store, 2, 0).await;
    let checkouts = [sample.checkout(1), sample.checkout(1)];
    let [wrong, right] = checkouts.each_ref().map(|checkout| checkout.order.lines[0].price);
    let [cheap, _other] = checkouts;
    let order = new(place(store, sample, cheap).await);
    settle(store, sample, &order, EventKind::Captured, "captured").await;
    assert_eq!(store.at_prices(sample.variant, &[wrong], 10).await, Ok(vec![order.id]));
    assert_eq!(store.at_prices(sample.variant, &[right], 10).await, Ok(vec![]));
    let refund =
        |key: &str| What::Refund { order: order.id, minor: 700, reason: RefundReason::WrongPrice, key: key.to_owned() };
    let again = command(sample, refund("k"));
    let refund = command(sample, refund("k"));
    let Ok(Refunded::Order(promised)) = till::refund(store, refund).await else { panic!("not promised") };
    assert_eq!(till::refund(store, again).await, Ok(Refunded::Order(promised.clone())));
    assert_eq!(store.order(order.id).await, Ok(Some(*promised)));
    assert!(store.unfinished(NOW + CHECKOUT_HOLD, Millis(0), None, 100).await.expect("a list").contains(&order.id));
}

async fn a_batch_is_decided_in_order_of_arrival(store: &(impl Till + StockCounts), sample: &mut Sample) {
    sample.fresh_variant();
    sample.stock(store, 7, 0).await;
    let buyers: Vec<Command> = (0..20)
        .map(|_| {
            let order = sample.checkout(1);
            command(sample, What::Place(Box::new(order)))
        })
        .collect();
    let mut waiting = Vec::new();
    for buyer in buyers {
        waiting.push(till::place(store, buyer));
    }
    let outcomes = futures::future::join_all(waiting).await;
    let won = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Placed::New(_)))).count();
    let told = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Placed::SoldOut(_)))).count();
    assert_eq!((won, told, free(store, sample).await), (7, 13, 0));
}

async fn baskets_are_kept_by_version(store: &impl Baskets, sample: &mut Sample) {
    let viewer = sample.viewer();
    assert_eq!(store.basket(viewer).await, Ok(Basket::default()));
    let mut basket = Basket::default();
    basket.put(BasketLine { variant: sample.variant, quantity: 2, show: None, seen: None }).expect("one line");
    assert_eq!(store.keep(viewer, basket.clone(), 0).await, Ok(()));
    assert_eq!(store.keep(viewer, basket.clone(), 0).await, Err(StoreError::Changed));
    assert_eq!(store.basket(viewer).await, Ok(basket));
}

async fn rates_are_replaced(store: &impl Rates, sample: &mut Sample) {
    let mut rate = |zone, minor| ShippingRate {
        id: EntryId::mint(NOW, &mut sample.random),
        zone,
        name: Texts::new([(kernel::Language::english(), "Parcel".to_owned())]),
        prices: vec![Money::new(minor, Currency::USD)],
        days: (2, 5),
    };
    let first = vec![rate(Zone::Elsewhere, 2_000)];
    let second = vec![rate(Zone::Elsewhere, 2_500), rate(Zone::Country("US".parse().expect("a country")), 900)];
    store.keep_rates(first.clone()).await.expect("kept");
    assert_eq!(store.rates().await, Ok(first));
    store.keep_rates(second.clone()).await.expect("kept");
    assert_eq!(store.rates().await, Ok(second));
}
