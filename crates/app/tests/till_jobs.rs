//! The till's jobs, where one order cannot be ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use app::Entropy;
use app::conformance::till::{NOW, Sample};
use app::memory::{MemoryTill, MemoryWallets};
use app::ports::{Clock, Heard, NoAnswer, Orders, PaymentRequest, Payments, Status, StoreError, Till, Unheard, till};
use app::till::{Desk, Providers};
use async_trait::async_trait;
use kernel::{Currency, Millis, Money, OrderId, PaymentId, Random, Timestamp};
use shop::books::{Command, Outcome, Placed, What};
use shop::claim::CHECKOUT_HOLD;
use shop::order::{CancelReason, Order, OrderState};
use shop::payment::{EventKind, ProviderEvent, Terms};

/// When the holds of [`NOW`] are over.
#[derive(Debug)]
struct Later;

impl Clock for Later {
    fn now(&self) -> Timestamp {
        NOW + CHECKOUT_HOLD + Millis::from_secs(1)
    }
}

/// Never answers for one payment, and knows no other.
#[derive(Debug)]
struct Hangs(PaymentId);

#[async_trait]
impl Payments for Hangs {
    fn name(&self) -> &'static str {
        "sandbox"
    }
    fn terms(&self, _: Currency) -> Vec<Terms> {
        Vec::new()
    }
    fn signature_header(&self) -> &'static str {
        "unsigned"
    }
    async fn hear(&self, _: &[u8], _: &str) -> Result<Heard, Unheard> {
        Err(Unheard::BadSignature)
    }
    async fn start(&self, _: PaymentRequest) -> Result<Status, NoAnswer> {
        Err(NoAnswer("closed".into()))
    }
    async fn status(&self, payment: PaymentId) -> Result<Option<Status>, NoAnswer> {
        if payment == self.0 { std::future::pending().await } else { Ok(None) }
    }
    async fn capture(&self, _: PaymentId) -> Result<Status, NoAnswer> {
        Err(NoAnswer("closed".into()))
    }
    async fn void(&self, _: PaymentId, _: Money) -> Result<Status, NoAnswer> {
        Err(NoAnswer("closed".into()))
    }
    async fn forget(&self, _: &str) -> Result<(), NoAnswer> {
        Err(NoAnswer("closed".into()))
    }
    async fn refund(&self, _: PaymentId, _: Money, _: &str) -> Result<Status, NoAnswer> {
        Err(NoAnswer("closed".into()))
    }
}

/// The till, which cannot decide anything over one order.
#[derive(Debug)]
struct Spoilt(Arc<MemoryTill>, OrderId);

#[async_trait]
impl Till for Spoilt {
    async fn run(&self, command: Command) -> Result<Outcome, StoreError> {
        if command.what.order() == Some(self.1) {
            return Err(StoreError::Failed("its row cannot be read".into()));
        }
        self.0.run(command).await
    }
}

/// Three orders whose time is over, the first one first.
async fn three_overdue(till: &MemoryTill) -> Vec<Order> {
    let mut sample = Sample::new(7);
    sample.stock(till, 9, 0).await;
    let mut orders = Vec::new();
    for age in [3, 2, 1] {
        let place = sample.checkout_at(1, NOW - Millis::from_secs(age));
        let command = Command { what: What::Place(Box::new(place)), at: NOW, random: sample.random.fork() };
        match till::place(till, command).await.expect("the till answers") {
            Placed::New(order) => orders.push(*order),
            other => panic!("not placed: {other:?}"),
        }
    }
    orders
}

fn desk(till: Arc<dyn Till>, orders: Arc<MemoryTill>, hangs: PaymentId) -> Desk {
    let (providers, entropy) = (Providers::only(Arc::new(Hangs(hangs))), Entropy::new(Random::seeded(1)));
    Desk {
        clock: Arc::new(Later),
        till,
        orders,
        providers,
        wallets: Arc::new(MemoryWallets::default()),
        master_key: [7; 32],
        entropy,
    }
}

async fn states(till: &MemoryTill, orders: &[Order]) -> Vec<OrderState> {
    let mut states = Vec::new();
    for order in orders {
        states.push(till.order(order.id).await.expect("read").expect("placed").state);
    }
    states
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_hangs_on_one_order_holds_up_no_other_claim() {
    let till = Arc::new(MemoryTill::default());
    let orders = three_overdue(&till).await;
    let desk = desk(till.clone(), till.clone(), orders[0].payment);
    // Virtual time: shorter than the desk's patience with a provider.
    let round = tokio::time::timeout(Duration::from_secs(1), desk.expire_overdue()).await;
    assert!(round.is_err(), "the first order is still being asked about");
    let expected = [OrderState::AwaitingPayment, OrderState::Expired, OrderState::Expired];
    assert_eq!(states(&till, &orders).await, expected);
    assert_eq!(desk.expire_overdue().await.expect("a round"), 1, "unanswered, its claim ends all the same");
    assert_eq!(states(&till, &orders).await, [OrderState::Expired; 3]);
}

#[tokio::test]
async fn an_order_that_cannot_be_ended_does_not_stop_the_round() {
    let till = Arc::new(MemoryTill::default());
    let orders = three_overdue(&till).await;
    let spoilt = Arc::new(Spoilt(till.clone(), orders[0].id));
    let nobody = PaymentId::mint(NOW, &mut Random::seeded(2));
    let desk = desk(spoilt, till.clone(), nobody);
    assert_eq!(desk.expire_overdue().await.expect("a round"), 2);
    let expected = [OrderState::AwaitingPayment, OrderState::Expired, OrderState::Expired];
    assert_eq!(states(&till, &orders).await, expected);
}

/// A clock that the test turns.
#[derive(Debug)]
struct Turned(AtomicI64);

impl Clock for Turned {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_micros(self.0.load(Ordering::Relaxed))
    }
}

#[tokio::test]
async fn a_refund_that_never_works_is_given_up_and_listed() {
    let till = Arc::new(MemoryTill::default());
    let order = three_overdue(&till).await.remove(0);
    let (id, amount, reference) = (order.id, order.totals.total, "paid".to_owned());
    let news = vec![ProviderEvent { kind: EventKind::Captured, amount, reference, at: NOW }];
    for what in [What::Settle { order: id, news }, What::Cancel { order: id, reason: CancelReason::Other }] {
        till.run(Command { what, at: NOW, random: Random::seeded(3) }).await.expect("the till answers");
    }
    let clock = Arc::new(Turned(AtomicI64::new(NOW.unix_micros())));
    let nobody = PaymentId::mint(NOW, &mut Random::seeded(2));
    let desk = Desk { clock: clock.clone(), ..desk(till.clone(), till.clone(), nobody) };
    let pass = |span: Millis| clock.0.fetch_add(span.0 * 1_000, Ordering::Relaxed);
    pass(Millis::from_mins(1));
    let asked = async || till.stuck(id).await.expect("asked").map(|stuck| (stuck.tries, stuck.next_at.is_some()));
    let mut told = Vec::new();
    for wait in [0, 0, 1, 1, 1] {
        pass(Millis::from_mins(wait));
        desk.finish_open().await.expect("a round");
        told.push(asked().await);
    }
    assert_eq!(told, [1, 1, 2, 2, 3].map(|tries| Some((tries, true))), "asked for after one minute, then after two");
    for _ in 0..30 {
        pass(Millis::from_mins(360));
        desk.finish_open().await.expect("a round");
    }
    assert_eq!(asked().await, Some((20, false)), "it is not asked for any more");
    let given_up = till.given_up(10).await.expect("a list");
    assert_eq!(
        given_up.iter().map(|(order, stuck)| (*order, stuck.detail.as_str())).collect::<Vec<_>>(),
        [(id, "closed")]
    );
    desk.ask_again(id).await.expect("asked");
    assert_eq!(asked().await, Some((1, true)), "staff begin from the beginning");
}
