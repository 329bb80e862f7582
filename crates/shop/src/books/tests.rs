//! Every command and outcome of orders, then random runs of them under the invariants.

mod drops;
mod wild;

use std::collections::BTreeMap;

use kernel::{
    BrandId, Country, Currency, Language, LocationId, Millis, Money, OrderLineId, ParcelId, PaymentId, ProductId,
    SellerId, Texts,
};
use proptest::prelude::*;

use super::*;
use crate::address::Address;
use crate::buyer::Contact;
use crate::catalogue::Seller;
use crate::claim::CHECKOUT_HOLD;
use crate::order::{OrderLine, Totals, number};
use crate::parcel::Parcel;
use crate::payment::{Balance, PaymentState, ProviderEvent};
use crate::quote::QuotedShipping;
use crate::shelf::Stock;

const PRICE: i64 = 19_800;

fn noon() -> Timestamp {
    Timestamp::from_unix_millis(1_795_348_800_000)
}

struct Shop {
    random: Random,
    books: Books,
    belt: VariantId,
    product: ProductId,
    location: LocationId,
}

impl Shop {
    fn with(on_hand: i64) -> Self {
        let mut random = Random::seeded(21);
        let belt = VariantId::mint(noon(), &mut random);
        let product = ProductId::mint(noon(), &mut random);
        let location = LocationId::mint(noon(), &mut random);
        let stock = Stock { variant: belt, location, on_hand, buffer: 0, claimed: 0, allocated: 0 };
        Self { books: Books::new(Shelf::new([stock])), random, belt, product, location }
    }

    fn checkout(&mut self, quantity: u32, key: &str) -> PlaceOrder {
        let random = &mut self.random;
        let usd = |minor| Money::new(minor, Currency::USD);
        let total = usd(PRICE * i64::from(quantity));
        let us: Country = "US".parse().expect("a country");
        let seller = Seller {
            id: SellerId::mint(noon(), random),
            legal_name: "Maison".into(),
            address: vec![],
            country: us,
            email: None,
            phone: None,
            tax_numbers: vec![],
        };
        let line = OrderLine {
            id: OrderLineId::mint(noon(), random),
            variant: self.belt,
            product: self.product,
            brand: BrandId::mint(noon(), random),
            quantity,
            unit: usd(PRICE),
            total,
            price: EntryId::mint(noon(), random),
            reductions: vec![],
            title: Texts::default(),
            values: vec![],
            sku: "BELT".into(),
            picture: None,
            seller,
            no_withdrawal: None,
            show: None,
            claim: None,
            parcel: None,
            replaces: None,
        };
        let shipping =
            QuotedShipping { rate: EntryId::mint(noon(), random), name: Texts::default(), price: usd(0), days: (1, 2) };
        let order = Order {
            id: OrderId::mint(noon(), random),
            number: number(noon(), random),
            viewer: ViewerId::mint(Timestamp::EPOCH, &mut Random::seeded(1)),
            person: None,
            state: OrderState::AwaitingPayment,
            rehearsal: false,
            placed_at: noon(),
            held_until: noon() + CHECKOUT_HOLD,
            payment: PaymentId::mint(noon(), random),
            provider: "sandbox".into(),
            key_hash: String::new(),
            idempotency_key: key.into(),
            request_hash: format!("{quantity}"),
            totals: Totals { subtotal: total, shipping, tax_included: true, tax: None, total, offers: vec![] },
            lines: vec![line],
            ledger: vec![],
            parcels: vec![],
            changes: vec![],
            cancelled_because: None,
        };
        let address = Address { lines: vec![], city: String::new(), region: None, postal_code: None, country: us };
        let contact = Contact { name: "Ann".into(), email: None, phone: None };
        let buyer = Buyer { contact, address, language: Language::english() };
        PlaceOrder { order, buyer, adopted: BTreeMap::new(), claiming: None, marks: Vec::new(), basket_version: None }
    }

    fn place(&mut self, quantity: u32, key: &str) -> Placed {
        let command = self.checkout(quantity, key);
        self.books.place(command, noon(), &mut self.random)
    }

    fn placed(&mut self, quantity: u32, key: &str) -> OrderId {
        match self.place(quantity, key) {
            Placed::New(order) => order.id,
            other => panic!("not placed: {other:?}"),
        }
    }

    fn settle(&mut self, order: OrderId, news: &[(EventKind, i64, &str)]) -> Order {
        let news: Vec<ProviderEvent> = news
            .iter()
            .map(|&(kind, minor, reference)| ProviderEvent {
                kind,
                amount: Money::new(minor, Currency::USD),
                reference: reference.into(),
                at: noon(),
            })
            .collect();
        match self.books.settle(order, &news, noon(), &mut self.random) {
            Settled::Order(order) => *order,
            Settled::Unknown => panic!("the order is there"),
        }
    }

    fn stock(&self) -> (i64, i64, i64) {
        let row = self.books.shelf.rows().next().expect("one row");
        (row.on_hand, row.claimed, row.allocated)
    }

    fn parcel(&mut self) -> Parcel {
        let id = ParcelId::mint(noon(), &mut self.random);
        Parcel {
            id,
            carrier: "UPS".into(),
            tracking_number: "1Z".into(),
            tracking_url: None,
            sent_at: noon(),
            delivered_at: None,
        }
    }
}

use EventKind::{Authorised, Captured, Declined, Voided};

#[test]
fn claim_order_authorise_capture() {
    let mut shop = Shop::with(2);
    let order = shop.placed(1, "a");
    assert_eq!(shop.stock(), (2, 1, 0));
    let held = shop.settle(order, &[(Authorised, PRICE, "a1")]);
    assert_eq!((held.state, next_step(&held)), (OrderState::Paid, Some(NextStep::Capture { minor: PRICE })));
    let paid = shop.settle(order, &[(Captured, PRICE, "c1")]);
    assert_eq!((paid.state, next_step(&paid)), (OrderState::Paid, None));
    assert_eq!(shop.stock(), (2, 0, 1));
    let parcel = shop.parcel();
    let Sent::Order(sent) = shop.books.send(order, parcel.clone(), None) else { panic!("not sent") };
    assert_eq!((sent.state, shop.stock()), (OrderState::Sent, (1, 0, 0)));
    assert!(matches!(shop.books.send(order, parcel, None), Sent::Order(_)), "the same parcel twice is one");
    let another = shop.parcel();
    assert_eq!(shop.books.send(order, another, None), Sent::NothingToSend);
}

#[test]
fn a_checkout_is_refused_by_name() {
    let mut shop = Shop::with(1);
    let first = shop.placed(1, "a");
    assert!(matches!(shop.place(1, "a"), Placed::Replayed(order) if order.id == first));
    assert_eq!(shop.place(2, "a"), Placed::KeyReused);
    assert_eq!(shop.place(1, "b"), Placed::SoldOut(vec![shop.belt]));
    shop.books.stop(shop.product);
    assert_eq!(shop.place(1, "c"), Placed::Stopped(vec![shop.belt]));
    let other_basket = PlaceOrder { basket_version: Some(7), ..shop.checkout(1, "d") };
    assert_eq!(shop.books.place(other_basket, noon(), &mut shop.random), Placed::BasketChanged);
    assert_eq!(shop.stock(), (1, 1, 0));
}

#[test]
fn one_basket_is_bought_once() {
    let mut shop = Shop::with(5);
    let viewer = shop.checkout(1, "x").order.viewer;
    shop.books.add_basket(viewer, 3);
    let tabs = ["a", "b"].map(|key| PlaceOrder { basket_version: Some(3), ..shop.checkout(1, key) });
    let outcomes = tabs.map(|command| shop.books.place(command, noon(), &mut shop.random));
    assert!(matches!(outcomes, [Placed::New(_), Placed::BasketChanged]));
    assert_eq!(shop.books.changes().emptied, [viewer]);
}

#[test]
fn late_money_takes_free_stock_or_goes_back() {
    let mut shop = Shop::with(1);
    let (late, deadline) = (shop.placed(1, "a"), noon() + CHECKOUT_HOLD);
    assert!(!shop.books.expire(late, deadline - Millis(1)));
    assert!(shop.books.expire(late, deadline));
    assert_eq!(shop.stock(), (1, 0, 0));
    let second = shop.placed(1, "b");
    let unlucky = shop.settle(late, &[(Captured, PRICE, "c1")]);
    assert_eq!((unlucky.state, next_step(&unlucky)), (OrderState::Expired, Some(NextStep::Refund { minor: PRICE })));
    assert!(shop.books.expire(second, deadline));
    let still = shop.settle(late, &[(Captured, PRICE, "c1")]);
    assert_eq!(still.state, OrderState::Expired, "money that is promised back buys nothing");
    let lucky = shop.settle(second, &[(Captured, PRICE, "c2")]);
    assert_eq!((lucky.state, next_step(&lucky)), (OrderState::Paid, None));
    let refunded = shop.settle(late, &[(EventKind::Refunded, PRICE, "r1")]);
    assert_eq!((PaymentState::of(&refunded.ledger), next_step(&refunded)), (PaymentState::Refunded, None));
}

#[test]
fn held_money_of_a_dead_order_is_let_go() {
    let mut shop = Shop::with(1);
    let order = shop.placed(1, "a");
    assert!(matches!(
        shop.books.cancel(order, CancelReason::BuyerAsked, noon(), &mut shop.random),
        Cancelled::Order(_)
    ));
    let held = shop.settle(order, &[(Declined, PRICE, "d1"), (Authorised, PRICE, "a1")]);
    assert_eq!((held.state, next_step(&held)), (OrderState::Cancelled, Some(NextStep::Void)));
    let done = shop.settle(order, &[(Voided, PRICE, "v1")]);
    assert_eq!((next_step(&done), shop.stock()), (None, (1, 0, 0)));
}

#[test]
fn a_paid_order_is_cancelled_with_its_money_and_pieces() {
    let mut shop = Shop::with(1);
    let order = shop.placed(1, "a");
    shop.settle(order, &[(Captured, PRICE, "c1")]);
    for _ in 0..2 {
        let outcome = shop.books.cancel(order, CancelReason::OutOfStock, noon(), &mut shop.random);
        let Cancelled::Order(order) = outcome else { panic!("not cancelled") };
        assert_eq!(next_step(&order), Some(NextStep::Refund { minor: PRICE }));
    }
    assert_eq!(shop.stock(), (1, 0, 0));
    let other = shop.placed(1, "b");
    shop.settle(other, &[(Captured, PRICE, "c2")]);
    let parcel = shop.parcel();
    assert!(matches!(shop.books.send(other, parcel, None), Sent::Order(_)));
    let outcome = shop.books.cancel(other, CancelReason::Other, noon(), &mut shop.random);
    assert_eq!(outcome, Cancelled::AlreadySent);
}

#[test]
fn the_shop_s_customer_goes_first() {
    let mut shop = Shop::with(2);
    let (first, second) = (shop.placed(1, "a"), shop.placed(1, "b"));
    shop.settle(first, &[(Captured, PRICE, "c1")]);
    let sold = shop.books.sell_in_shop(shop.belt, noon(), &mut shop.random);
    assert_eq!(sold, ShopSold::Done { lost: vec![second], claims: vec![] });
    assert_eq!(shop.stock(), (1, 0, 1));
    assert_eq!(shop.books.sell_in_shop(shop.belt, noon(), &mut shop.random), ShopSold::AllPaidFor);
    let lost = TillEvent::OrderCancelled { order: second, reason: CancelReason::SoldInShop };
    assert!(shop.books.changes().events.contains(&lost));
}

#[test]
fn a_rehearsal_tells_nobody() {
    let mut shop = Shop::with(0);
    let mut command = shop.checkout(1, "a");
    command.order.rehearsal = true;
    let id = command.order.id;
    assert!(matches!(shop.books.place(command, noon(), &mut shop.random), Placed::New(_)));
    assert_eq!(shop.settle(id, &[(Captured, PRICE, "c1")]).state, OrderState::Paid);
    assert_eq!(shop.books.changes().events, []);
}

#[test]
fn a_part_of_the_money_goes_back_once() {
    let mut shop = Shop::with(1);
    let order = shop.placed(1, "a");
    let refund = |shop: &mut Shop, minor: i64, key: &str| {
        shop.books.refund(order, minor, RefundReason::WrongPrice, key, noon(), &mut shop.random)
    };
    assert_eq!(refund(&mut shop, 100, "k"), Refunded::NotPaid);
    shop.settle(order, &[(Captured, PRICE, "c1")]);
    assert_eq!(refund(&mut shop, 0, "k"), Refunded::TooMuch { left_minor: PRICE });
    assert_eq!(refund(&mut shop, PRICE + 1, "k"), Refunded::TooMuch { left_minor: PRICE });
    for _ in 0..2 {
        let Refunded::Order(order) = refund(&mut shop, 3_000, "k") else { panic!("not promised") };
        assert_eq!((order.state, next_step(&order)), (OrderState::Paid, Some(NextStep::Refund { minor: 3_000 })));
    }
    assert_eq!(refund(&mut shop, 3_001, "k"), Refunded::KeyReused);
    let Refunded::Order(both) = refund(&mut shop, 2_000, "l") else { panic!("not promised") };
    assert_eq!(next_step(&both), Some(NextStep::Refund { minor: 3_000 }), "one after the other, each under its key");
    let first = refund_due(&both).map(|(asked, _)| asked.idempotency_key.clone());
    let after = shop.settle(order, &[(EventKind::Refunded, 3_000, "r1")]);
    assert_eq!(next_step(&after), Some(NextStep::Refund { minor: 2_000 }));
    assert_ne!(refund_due(&after).map(|(asked, _)| asked.idempotency_key.clone()), first);
    assert_eq!(refund(&mut shop, PRICE, "m"), Refunded::TooMuch { left_minor: PRICE - 5_000 });
    let Cancelled::Order(over) = shop.books.cancel(order, CancelReason::BuyerAsked, noon(), &mut shop.random) else {
        panic!("not cancelled")
    };
    let balance = Balance::of(&over.ledger);
    assert_eq!((balance.captured, balance.refund_asked), (PRICE, PRICE), "the rest goes back, and no more");
    assert_eq!(refund(&mut shop, 1, "n"), Refunded::NotPaid);
}

#[test]
fn what_is_not_there_is_unknown() {
    let mut shop = Shop::with(1);
    let nobody = OrderId::mint(noon(), &mut shop.random);
    let parcel = shop.parcel();
    assert_eq!(shop.books.settle(nobody, &[], noon(), &mut shop.random), Settled::Unknown);
    assert_eq!(shop.books.cancel(nobody, CancelReason::Other, noon(), &mut shop.random), Cancelled::Unknown);
    assert_eq!(shop.books.send(nobody, parcel, None), Sent::Unknown);
    assert!(!shop.books.expire(nobody, noon()));
}

/// (what, which order, how): decoded against the orders that there are.
type Step = (u8, usize, u8);

fn take_step(shop: &mut Shop, orders: &mut Vec<OrderId>, step: Step, at: usize) {
    let (what, which, how) = step;
    let Some(&order) = orders.get(which % orders.len().max(1)) else {
        orders.extend(match shop.place(1, "first") {
            Placed::New(order) => Some(order.id),
            _ => None,
        });
        return;
    };
    let total = shop.books.order(order).expect("placed").totals.total.minor;
    let reference = |kind: &str| format!("{kind}-{order}-{}", how % 2);
    match what % 9 {
        0 | 1 => {
            if let Placed::New(order) = shop.place(u32::from(how % 3) + 1, &format!("k{}", at % 40)) {
                orders.push(order.id);
            }
        }
        2 => drop(shop.settle(order, &[(Authorised, total, &format!("a-{order}"))])),
        3 => {
            drop(shop.settle(order, &[(Authorised, total, &format!("a-{order}")), (Captured, total, &reference("c"))]))
        }
        4 => {
            let now = shop.books.order(order).expect("placed").clone();
            match next_step(&now) {
                Some(NextStep::Capture { minor }) => drop(shop.settle(order, &[(Captured, minor, &reference("n"))])),
                Some(NextStep::Refund { minor }) => {
                    drop(shop.settle(order, &[(EventKind::Refunded, minor, &format!("r-{order}-{at}"))]))
                }
                Some(NextStep::Void) => {
                    let held = Balance::of(&now.ledger).held();
                    drop(shop.settle(order, &[(Voided, held, &format!("v-{order}"))]));
                }
                None => {}
            }
        }
        5 => drop(shop.books.expire(order, noon() + CHECKOUT_HOLD)),
        6 => drop(shop.books.cancel(order, CancelReason::Other, noon(), &mut shop.random)),
        7 => {
            let (minor, key) = (i64::from(how) * 200 - 100, format!("r{}", at % 6));
            drop(shop.books.refund(order, minor, RefundReason::Goodwill, &key, noon(), &mut shop.random));
        }
        _ => {
            let parcel = shop.parcel();
            drop(shop.books.send(order, parcel, None));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_run_of_commands_oversells_or_keeps_money(
        start in 0i64..6,
        steps in prop::collection::vec((any::<u8>(), any::<usize>(), any::<u8>()), 1..120),
    ) {
        let mut shop = Shop::with(start);
        let mut orders = Vec::new();
        for (at, step) in steps.into_iter().enumerate() {
            take_step(&mut shop, &mut orders, step, at);
            let mut pieces: BTreeMap<ClaimState, i64> = BTreeMap::new();
            let mut sent = 0;
            for order in shop.books.orders() {
                let balance = Balance::of(&order.ledger);
                let kept = balance.captured - balance.refund_asked;
                let due = if order.state.stands() { order.totals.total.minor - corrected(order) } else { 0 };
                prop_assert!(kept == due || (order.state.stands() && kept == 0 && balance.held() > 0) , "{order:?}");
                prop_assert!(balance.refund_asked <= balance.captured, "more promised than paid: {order:?}");
                prop_assert!(balance.refunded <= balance.refund_asked);
                for line in &order.lines {
                    let claim = line.claim.and_then(|claim| shop.books.claim_of(claim)).expect("no rehearsal here");
                    prop_assert_eq!(order.state.stands(), claim.state == ClaimState::Paid);
                    prop_assert_eq!(claim.places.iter().map(|p| p.quantity).sum::<i64>(), i64::from(line.quantity));
                    if line.parcel.is_some() {
                        sent += i64::from(line.quantity);
                    } else {
                        *pieces.entry(claim.state).or_default() += i64::from(line.quantity);
                    }
                }
            }
            let count = |state| pieces.get(&state).copied().unwrap_or(0);
            let (on_hand, claimed, allocated) = shop.stock();
            prop_assert_eq!((claimed, allocated), (count(ClaimState::Open), count(ClaimState::Paid)));
            prop_assert_eq!(sent + allocated + claimed + shop.books.shelf.free(shop.belt), start);
            prop_assert_eq!(on_hand, start - sent);
            prop_assert_eq!(shop.books.shelf.rows().next().map(|row| row.location), Some(shop.location));
        }
    }
}
