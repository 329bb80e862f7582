//! Changes of an order after the sale come back whole, with what they mean for stock, money and lists.

use kernel::{Millis, Money, OrderLineId, ParcelId};
use shop::books::{Asked, ChangeOrder, Command, Delivered, OrderChanged, RefundReason, Sent, What};
use shop::change::{Piece, ReturnReason, Wish};
use shop::order::{Order, OrderLine, OrderState};
use shop::parcel::Parcel;
use shop::payment::{Balance, EventKind};

use super::{NOW, Sample, command, free, new, place, settle};
use crate::ports::{Orders, StockCounts, Till, till};

async fn change(store: &impl Till, sample: &mut Sample, order: &Order, what: Asked) -> OrderChanged {
    let change = ChangeOrder { order: order.id, version: order.version(), by: None, what };
    // Each a moment later: lists go by the time that is in an id.
    let at = NOW + Millis(i64::from(order.version()));
    let command = Command { at, ..command(sample, What::Change(Box::new(change))) };
    till::change(store, command).await.expect("the till answers")
}

async fn changed(store: &(impl Till + Orders), sample: &mut Sample, order: &Order, what: Asked) -> Order {
    let OrderChanged::Order(now) = change(store, sample, order, what.clone()).await else { panic!("not {what:?}") };
    assert_eq!(store.order(order.id).await, Ok(Some(*now.clone())), "it comes back whole");
    assert_eq!(change(store, sample, order, what).await, OrderChanged::Stale, "asked twice is done once");
    *now
}

pub(super) async fn pieces_come_back(store: &(impl Till + StockCounts + Orders), sample: &mut Sample) {
    sample.fresh_variant();
    sample.stock(store, 9, 0).await;
    let checkout = sample.checkout(3);
    let order = new(place(store, sample, checkout).await);
    let order = settle(store, sample, &order, EventKind::Captured, "captured").await;
    let line = order.lines[0].clone();
    let piece = |quantity| Piece { line: line.id, quantity };

    // Of three, one is missing at packing and another one is packed; one more is missing and paid back.
    let order = changed(store, sample, &order, Asked::TakeElsewhere { pieces: piece(1) }).await;
    assert_eq!(free(store, sample).await, 5, "nine, three sold, one lost");
    let off = Asked::Refund { pieces: vec![piece(1)], why: RefundReason::Missing };
    let order = changed(store, sample, &order, off).await;
    assert_eq!((free(store, sample).await, order.left(&order.lines[0])), (5, 2));
    assert_eq!(Balance::of(&order.ledger).refund_asked, 19_800);
    let too_many = Asked::Refund { pieces: vec![piece(3)], why: RefundReason::Missing };
    assert_eq!(change(store, sample, &order, too_many).await, OrderChanged::NoSuchPieces);

    let id = ParcelId::mint(NOW, &mut sample.random);
    let (carrier, tracking_number) = ("UPS".to_owned(), "1Z9".to_owned());
    let parcel = Parcel { id, carrier, tracking_number, tracking_url: None, sent_at: NOW, delivered_at: None };
    let send = command(sample, What::Send { order: order.id, parcel, lines: None });
    let Ok(Sent::Order(order)) = till::send(store, send).await else { panic!("not sent") };
    assert_eq!((order.state, free(store, sample).await), (OrderState::Sent, 5));
    let deliver = command(sample, What::Deliver { order: order.id, parcel: id });
    let Ok(Delivered::Order(order)) = till::deliver(store, deliver).await else { panic!("not noted") };
    assert_eq!((order.state, order.parcels[0].delivered_at), (OrderState::Delivered, Some(NOW)));
    assert_eq!(store.order(order.id).await, Ok(Some(*order.clone())));

    // The two that were sent come back one by one: the first for the money, the second for another piece.
    let ask = |wish| Asked::Return { pieces: vec![piece(1)], why: ReturnReason::DoesNotFit, wish };
    let order = changed(store, sample, &order, ask(Wish::Refund)).await;
    let first = order.returns()[0].id;
    let early = Asked::PayBack { id: first, less_minor: 0, restock: true };
    assert_eq!(change(store, sample, &order, early).await, OrderChanged::WrongStep, "it was not received yet");
    let order = changed(store, sample, &order, ask(Wish::Exchange { variant: line.variant })).await;
    let second = order.returns()[1].id;
    assert_eq!(store.returns(Some("requested"), None, 10).await, Ok(vec![(second, order.id), (first, order.id)]));
    assert_eq!(store.returns(None, Some(second), 10).await, Ok(vec![(first, order.id)]), "behind the newest");
    let order = changed(store, sample, &order, Asked::Receive { id: first }).await;
    let order = changed(store, sample, &order, Asked::Receive { id: second }).await;
    assert_eq!(store.returns(Some("requested"), None, 10).await, Ok(vec![]));
    let back = Asked::PayBack { id: first, less_minor: 800, restock: true };
    let order = changed(store, sample, &order, back).await;
    assert_eq!((free(store, sample).await, Balance::of(&order.ledger).refund_asked), (6, 38_800));
    let nothing = Money::zero(line.unit.currency);
    let with = OrderLine {
        id: OrderLineId::mint(NOW, &mut sample.random),
        quantity: 1,
        unit: nothing,
        total: nothing,
        reductions: vec![],
        claim: None,
        parcel: None,
        ..line.clone()
    };
    let replace = Asked::Replace { id: second, with: Box::new(with), restock: false };
    let order = changed(store, sample, &order, replace).await;
    assert_eq!((order.state, free(store, sample).await), (OrderState::PartlySent, 5));
    assert_eq!(order.lines[1].replaces, Some(line.id));
    let steps: Vec<&str> = order.returns().iter().map(|one| one.step.as_str()).collect();
    assert_eq!(steps, ["refunded", "replaced"]);
    assert_eq!(order.with_buyer(&order.lines[0]), 0);
}

/// Two orders leave together, or neither does.
pub(super) async fn many_leave_at_once(store: &(impl Till + StockCounts + Orders), sample: &mut Sample) {
    sample.fresh_variant();
    sample.stock(store, 2, 0).await;
    let mut orders = Vec::new();
    for _ in 0..2 {
        let checkout = sample.checkout(1);
        let order = new(place(store, sample, checkout).await);
        orders.push(settle(store, sample, &order, EventKind::Captured, "captured").await);
    }
    let all = |sample: &mut Sample| {
        let parcel = |order: &Order| {
            let id = ParcelId::mint(NOW, &mut sample.random);
            let (carrier, tracking_number) = ("UPS".to_owned(), order.number.clone());
            let parcel = Parcel { id, carrier, tracking_number, tracking_url: None, sent_at: NOW, delivered_at: None };
            (order.id, parcel)
        };
        let parcels = orders.iter().map(parcel).collect();
        command(sample, What::SendAll { parcels })
    };
    let (together, again) = (all(sample), all(sample));
    assert_eq!(till::send_all(store, together).await, Ok(true));
    assert_eq!(till::send_all(store, again).await, Ok(false), "nothing waits any more");
    for order in &orders {
        let sent = store.order(order.id).await.expect("read").expect("there");
        assert_eq!((sent.state, sent.parcels.len()), (OrderState::Sent, 1));
    }
}
