//! The till's desk over a Stripe that fails before and after it acts, with buyers who pay, leave and come back, banks that
//! answer later, and claims that run out. Whatever happened: nobody is charged twice, and once everything works again, what
//! Stripe took is what the orders say.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::Entropy;
use app::conformance::payments::Bank;
use app::conformance::till::Sample;
use app::memory::{MemoryTill, MemoryWallets};
use app::ports::{Clock, Heard, Next, Orders, PaymentRequest, Payments, till};
use app::till::{Desk, Providers};
use kernel::{Language, Millis, OrderId, PaymentId, Random};
use links::stripe_fake::{Buys, Fault};
use shop::books::{Placed, What, next_step};
use shop::order::{CancelReason, Order};
use shop::payment::{Balance, Method};

use crate::banks::StripeBank;

const STEPS: u32 = 60;
const SEEDS: u64 = 24;
const BUYS: [Buys; 7] = [
    Buys::Approved,
    Buys::ApplePay,
    Buys::Declined,
    Buys::ChallengePassed,
    Buys::ChallengeFailed,
    Buys::ChallengeLeft,
    Buys::Later,
];
const FAULTS: [Fault; 4] = [Fault::Busy, Fault::BrokenBefore, Fault::BrokenAfter, Fault::AnswerLost];

struct Evening {
    bank: StripeBank,
    store: Arc<MemoryTill>,
    desk: Desk,
    sample: Sample,
    random: Random,
    orders: Vec<(OrderId, PaymentId)>,
    /// Payments whose page a buyer was sent to. Nobody else can pay there.
    shown: BTreeSet<PaymentId>,
}

impl Evening {
    async fn begin(seed: u64) -> Self {
        let mut random = Random::seeded(seed);
        let method = [Method::Card, Method::Card, Method::Alipay][usize::try_from(random.below(3)).unwrap_or_default()];
        let bank = StripeBank::open(method).await;
        let store = Arc::new(MemoryTill::default());
        let sample = Sample::new(seed);
        sample.stock(&*store, 6, 0).await;
        let desk = Desk {
            clock: bank.clock.clone(),
            till: store.clone(),
            orders: store.clone(),
            providers: Providers::only(bank.stripe.clone()),
            wallets: Arc::new(MemoryWallets::default()),
            master_key: [7; 32],
            entropy: Entropy::new(random.fork()),
        };
        Self { bank, store, desk, sample, random, orders: Vec::new(), shown: BTreeSet::new() }
    }

    fn any<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        let at = self.random.below((of.len() as u64).max(1));
        of.get(usize::try_from(at).unwrap_or_default()).copied()
    }

    async fn place(&mut self) {
        let mut place = self.sample.checkout_at(1, self.bank.clock.now());
        place.order.provider = "stripe".into();
        let command = self.desk.command(What::Place(Box::new(place)));
        let Ok(Placed::New(order)) = till::place(&*self.store, command).await else { return };
        self.orders.push((order.id, order.payment));
        self.start(&order).await;
    }

    /// The buyer presses the button, perhaps again.
    async fn start(&mut self, order: &Order) {
        let request = PaymentRequest {
            payment: order.payment,
            amount: order.totals.total,
            method: self.bank.method(),
            merchant: "Maison".into(),
            order_number: order.number.clone(),
            return_url: format!("https://shop.example/orders/{}", order.id),
            language: Language::english(),
            until: order.held_until,
            keep: false,
            using: None,
            sandbox: None,
        };
        if let Ok(status) = self.bank.stripe.start(request).await {
            if matches!(status.next, Next::Redirect(_)) {
                self.shown.insert(order.payment);
            }
            self.desk.follow(order.clone(), status).await.expect("the till answers");
        }
    }

    async fn order(&self, id: OrderId) -> Order {
        self.store.order(id).await.expect("read").expect("an order once placed stays")
    }

    async fn step(&mut self) {
        let orders = self.orders.clone();
        let picked = self.any(&orders);
        match (self.random.below(10), picked) {
            (0 | 1, _) | (_, None) => self.place().await,
            (2 | 3, Some((_, payment))) if self.shown.contains(&payment) => {
                let how = self.any(&BUYS).unwrap_or(Buys::Approved);
                self.bank.fake.buy(payment, how);
            }
            (4, Some((id, _))) => {
                let order = self.order(id).await;
                if order.state == shop::order::OrderState::AwaitingPayment {
                    self.start(&order).await;
                }
            }
            (5, Some((id, _))) => drop(self.desk.complete(id).await.expect("the till answers")),
            (6, Some((id, _))) if self.random.below(2) == 0 => {
                let what = What::Cancel { order: id, reason: CancelReason::BuyerAsked };
                till::cancel(&*self.store, self.desk.command(what)).await.expect("the till answers");
                self.desk.complete(id).await.expect("the till answers");
            }
            (6 | 7, Some(_)) => {
                self.bank.clock.pass(Millis::from_secs(i64::try_from(self.random.below(400)).unwrap_or_default()));
                self.desk.expire_overdue().await.expect("a round");
            }
            (8, Some((_, payment))) => {
                let paid = self.random.below(2) == 0;
                self.bank.fake.settle_later(payment, paid);
                self.hear_something().await;
            }
            (_, Some(_)) => {
                let fault = self.any(&FAULTS);
                self.bank.fake.fail_next(fault);
            }
        }
    }

    /// One of Stripe's messages comes, any of them, however old.
    async fn hear_something(&mut self) {
        let messages = self.bank.fake.messages();
        let at = self.random.below((messages.len() as u64).max(1));
        let Some(message) = messages.get(usize::try_from(at).unwrap_or_default()) else { return };
        let signature = self.bank.fake.signature(&message.body);
        if let Ok(Heard::Payment { payment, .. }) = self.bank.stripe.hear(message.body.as_bytes(), &signature).await
            && let Some(order) = self.store.by_payment(payment).await.expect("read")
        {
            self.desk.complete(order).await.expect("the till answers");
        }
    }

    async fn never_twice(&self, seed: u64) {
        for &(id, payment) in &self.orders {
            let (charged, back) = self.bank.fake.charged(payment);
            let total = self.order(id).await.totals.total.minor;
            assert!(charged <= total && back <= charged, "seed {seed}: {charged} of {total}, {back} back");
            assert!(self.bank.fake.opened(payment) <= 1, "seed {seed}: one page a payment");
        }
    }

    /// Faults end, banks answer, a day goes by.
    async fn heal(&mut self) {
        self.bank.fake.heal();
        for (_, payment) in self.orders.clone() {
            let paid = self.random.below(2) == 0;
            self.bank.fake.settle_later(payment, paid);
        }
        for pause in [Millis::from_mins(1), Millis::from_mins(11), Millis::from_mins(1), Millis::from_days(2)] {
            self.bank.clock.pass(pause);
            for _ in 0..2 {
                self.desk.expire_overdue().await.expect("a round");
                self.desk.finish_all().await.expect("a round");
                self.bank.clock.pass(Millis::from_mins(1));
            }
        }
    }

    async fn adds_up(&self, seed: u64) {
        for &(id, payment) in &self.orders {
            let order = self.order(id).await;
            let balance = Balance::of(&order.ledger);
            let said = (balance.captured, balance.refunded);
            assert_eq!(said, self.bank.fake.charged(payment), "seed {seed}: the ledger is what Stripe took: {order:?}");
            let worth = if order.state.stands() { order.totals.total.minor } else { 0 };
            assert_eq!(said.0 - said.1, worth, "seed {seed}: {:?}", order.state);
            assert_eq!(next_step(&order), None, "seed {seed}: nothing is left to ask: {order:?}");
        }
    }
}

#[tokio::test]
async fn whatever_fails_nobody_is_charged_twice_and_the_books_agree() {
    let mut charged = 0;
    for seed in 0..SEEDS {
        let mut evening = Evening::begin(seed).await;
        for _ in 0..STEPS {
            evening.step().await;
            evening.never_twice(seed).await;
        }
        evening.heal().await;
        evening.never_twice(seed).await;
        evening.adds_up(seed).await;
        let fake = &evening.bank.fake;
        charged += evening.orders.iter().filter(|(_, payment)| fake.charged(*payment).0 > 0).count();
    }
    assert!(charged > 10, "somebody paid: {charged}");
}
