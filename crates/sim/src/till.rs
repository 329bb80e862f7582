//! Buyers at the till, a payment provider that fails before or after doing what it was asked, crashes between any two
//! effects, clocks that jump, and staff who cancel, send, give back and sell over the counter. Drops are beside it, and what
//! happens after the sale.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::Entropy;
use app::conformance::till::Sample;
use app::memory::{MemoryTill, MemoryWallets};
use app::ports::{Clock, PaymentRequest, SandboxOutcome, StockCounts, till};
use app::till::{Desk, Providers};
use kernel::{Language, LocationId, Millis, OrderId, ParcelId, Random, VariantId};
use shop::books::{Placed, RefundReason, Refunded, What, corrected, next_step};
use shop::claim::ClaimState;
use shop::order::{CancelReason, Order, OrderState};
use shop::parcel::Parcel;
use shop::payment::{Balance, Method};

use crate::clock::VirtualClock;
use crate::till_after::gone;
use crate::till_drops::Evening;
use crate::till_provider::{Provider, ShakyTill};

/// What a run did, for its test to know that something happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub placed: u32,
    pub sold_out: u32,
    pub replayed: u32,
    pub crashes: u32,
    pub paid: u32,
    pub refunded: u32,
    pub expired: u32,
    pub claimed: u32,
    pub waited: u32,
    pub offered: u32,
    /// Prizes that a right answer got at once.
    pub won: u32,
    /// Claims on tabs that were not paid in time.
    pub let_lapse: u32,
    pub tabs: u32,
    /// Refunds of a part.
    pub corrected: u32,
    /// Changes after the sale.
    pub changed: u32,
    /// Orders that claimed in a drop.
    pub tapped: u32,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.placed += other.placed;
        self.sold_out += other.sold_out;
        self.replayed += other.replayed;
        self.crashes += other.crashes;
        self.paid += other.paid;
        self.refunded += other.refunded;
        self.expired += other.expired;
        self.claimed += other.claimed;
        self.waited += other.waited;
        self.offered += other.offered;
        self.won += other.won;
        self.let_lapse += other.let_lapse;
        self.tabs += other.tabs;
        self.corrected += other.corrected;
        self.changed += other.changed;
        self.tapped += other.tapped;
    }
}

pub(crate) struct Town {
    pub(crate) random: Random,
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) store: Arc<MemoryTill>,
    provider: Arc<Provider>,
    pub(crate) desk: Desk,
    pub(crate) sample: Sample,
    pub(crate) evening: Evening,
    start: BTreeMap<VariantId, i64>,
    /// Pieces that went over the counter.
    over_counter: BTreeMap<VariantId, i64>,
    orders: Vec<OrderId>,
    pub(crate) checkouts: Vec<shop::books::PlaceOrder>,
    pub(crate) tally: Tally,
}

impl Town {
    async fn new(seed: u64) -> Self {
        let mut random = Random::seeded(seed);
        let clock = Arc::new(VirtualClock::start());
        let store = Arc::new(MemoryTill::default());
        let provider = Arc::new(Provider::new(random.fork(), clock.clone()));
        let desk = Desk {
            clock: clock.clone(),
            till: Arc::new(ShakyTill(store.clone())),
            orders: store.clone(),
            providers: Providers::only(provider.clone()),
            wallets: Arc::new(MemoryWallets::default()),
            master_key: [7; 32],
            entropy: Entropy::new(random.fork()),
        };
        let mut sample = Sample::new(seed);
        let mut start = BTreeMap::new();
        for _ in 0..2 {
            sample.fresh_variant();
            let here = i64::try_from(random.below(12)).unwrap_or_default();
            let there = i64::try_from(random.below(4)).unwrap_or_default();
            sample.stock(&*store, here, 0).await;
            let second = LocationId::mint(clock.now(), &mut random);
            store.set_on_hand(sample.variant, second, there, 0).await.expect("counted");
            start.insert(sample.variant, here + there);
        }
        let (orders, checkouts) = (Vec::new(), Vec::new());
        let over_counter = BTreeMap::new();
        let mut town = Self {
            random,
            clock,
            store,
            provider,
            desk,
            sample,
            evening: Evening::default(),
            start,
            over_counter,
            orders,
            checkouts,
            tally: Tally::default(),
        };
        town.open_doors().await;
        town
    }

    pub(crate) fn any_variant(&mut self) -> VariantId {
        let at = self.random.below(self.start.len() as u64);
        *self.start.keys().nth(usize::try_from(at).unwrap_or_default()).expect("two variants")
    }

    pub(crate) fn any_order(&mut self) -> Option<OrderId> {
        let count = self.orders.len() as u64;
        (count > 0).then(|| self.orders[usize::try_from(self.random.below(count)).unwrap_or_default()])
    }

    pub(crate) fn order(&self, id: OrderId) -> Order {
        self.store.audit(|books| books.order(id).cloned()).expect("an order once placed stays")
    }

    /// Runs something until it is done, or until the process dies at one of its effects.
    pub(crate) async fn until_crash<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let polls = if self.random.below(3) == 0 { self.random.below(8) } else { u64::MAX };
        let mut left = polls;
        let mut work = std::pin::pin!(work);
        let outcome = std::future::poll_fn(|context| {
            if left == 0 {
                return std::task::Poll::Ready(None);
            }
            left -= 1;
            work.as_mut().poll(context).map(Some)
        })
        .await;
        if outcome.is_none() {
            self.tally.crashes += 1;
        }
        outcome
    }

    async fn step(&mut self) {
        match self.random.below(29) {
            0..=3 => self.check_out().await,
            4 | 5 => {
                if let Some(order) = self.any_order() {
                    let payment = self.order(order).payment;
                    let approve = self.random.below(4) > 0;
                    self.provider.decide(payment, approve);
                }
            }
            6 | 7 => {
                if let Some(order) = self.any_order() {
                    self.complete(order).await;
                }
            }
            8 => {
                let span = Millis::from_secs(i64::try_from(self.random.below(400)).unwrap_or_default());
                tokio::time::advance(span.to_std()).await;
            }
            9 => self.round().await,
            10 => {
                if let Some(order) = self.any_order() {
                    let command = self.desk.command(What::Cancel { order, reason: CancelReason::Other });
                    till::cancel(&*self.store, command).await.expect("the till answers");
                    self.complete(order).await;
                }
            }
            11 => {
                if let Some(order) = self.any_order() {
                    let id = ParcelId::mint(self.clock.now(), &mut self.random);
                    let (carrier, tracking_number) = ("UPS".to_owned(), "1Z".to_owned());
                    let parcel = Parcel {
                        id,
                        carrier,
                        tracking_number,
                        tracking_url: None,
                        sent_at: self.clock.now(),
                        delivered_at: None,
                    };
                    let command = self.desk.command(What::Send { order, parcel, lines: None });
                    till::send(&*self.store, command).await.expect("the till answers");
                }
            }
            12 => {
                let variant = self.any_variant();
                let command = self.desk.command(What::SellInShop { variant });
                let sold = till::sell_in_shop(&*self.store, command).await.expect("the till answers");
                if matches!(sold, shop::books::ShopSold::Done { .. }) {
                    *self.over_counter.entry(variant).or_default() += 1;
                }
            }
            13 => self.replay().await,
            14 => self.correct().await,
            15..=17 => self.change().await,
            _ => self.step_of_drops().await,
        }
    }

    async fn check_out(&mut self) {
        self.sample.variant = self.any_variant();
        let quantity = u32::try_from(self.random.below(3) + 1).unwrap_or(1);
        let checkout = self.sample.checkout_at(quantity, self.clock.now());
        self.checkouts.push(checkout.clone());
        self.place(checkout).await;
    }

    /// The same request again: the network lost our answer.
    async fn replay(&mut self) {
        if !self.checkouts.is_empty() {
            let at = self.random.below(self.checkouts.len() as u64);
            let checkout = self.checkouts[usize::try_from(at).unwrap_or_default()].clone();
            self.place(checkout).await;
        }
    }

    /// Whether it is a new order.
    pub(crate) async fn place(&mut self, checkout: shop::books::PlaceOrder) -> bool {
        let command = self.desk.command(What::Place(Box::new(checkout)));
        let (order, new) = match till::place(&*self.store, command).await.expect("the till answers") {
            Placed::New(order) => {
                self.tally.placed += 1;
                self.orders.push(order.id);
                (order, true)
            }
            Placed::Replayed(order) => {
                self.tally.replayed += 1;
                (order, false)
            }
            Placed::SoldOut(_) => {
                self.tally.sold_out += 1;
                return false;
            }
            // A tab that was paid, let go or lost a moment before, or a drop that has nothing for this buyer.
            Placed::ClaimsGone(_) | Placed::NotClaimed(_) => return false,
            other => panic!("{other:?}"),
        };
        let request = PaymentRequest {
            payment: order.payment,
            amount: order.totals.total,
            method: Method::Sandbox,
            merchant: "Maison".into(),
            order_number: order.number.clone(),
            return_url: String::new(),
            language: Language::english(),
            until: order.held_until,
            keep: false,
            using: None,
            sandbox: (self.random.below(2) == 0).then_some(SandboxOutcome::Approve),
        };
        let (providers, desk) = (self.desk.providers.clone(), self.desk_again());
        self.until_crash(async move {
            if let Ok(status) = providers.current().start(request).await {
                drop(desk.follow(*order, status).await);
            }
        })
        .await;
        new
    }

    /// Staff give a part of the money back, and ask twice.
    async fn correct(&mut self) {
        let Some(order) = self.any_order() else { return };
        let minor = i64::try_from(self.random.below(9_000)).unwrap_or_default();
        let key = format!("c{}", self.random.below(3));
        for _ in 0..2 {
            let (reason, key) = (RefundReason::Goodwill, key.clone());
            let command = self.desk.command(What::Refund { order, minor, reason, key });
            let done = till::refund(&*self.store, command).await.expect("the till answers");
            self.tally.corrected += u32::from(matches!(done, Refunded::Order(_)));
        }
        self.complete(order).await;
    }

    /// The same desk, as a process that was started again would have it.
    fn desk_again(&mut self) -> Desk {
        Desk {
            clock: self.desk.clock.clone(),
            till: self.desk.till.clone(),
            orders: self.desk.orders.clone(),
            providers: self.desk.providers.clone(),
            wallets: self.desk.wallets.clone(),
            master_key: self.desk.master_key,
            entropy: Entropy::new(self.random.fork()),
        }
    }

    pub(crate) async fn complete(&mut self, order: OrderId) {
        let desk = self.desk_again();
        self.until_crash(async move { desk.complete(order).await.map(drop) }).await;
    }

    async fn round(&mut self) {
        let desk = self.desk_again();
        self.until_crash(async move {
            drop(desk.expire_overdue().await);
            drop(desk.finish_open().await);
        })
        .await;
    }

    /// sold + claimed + free = on hand at the start; a paid line has one claim; nobody is charged twice.
    fn check(&mut self) {
        self.store.audit(|books| {
            let mut sent: BTreeMap<VariantId, i64> = BTreeMap::new();
            // Pieces that were not there, less those that came back.
            let mut lost: BTreeMap<VariantId, i64> = BTreeMap::new();
            let mut held: BTreeMap<(VariantId, ClaimState), i64> = BTreeMap::new();
            for claim in books.claims() {
                let pieces: i64 = claim.places.iter().map(|place| place.quantity).sum();
                assert_eq!(pieces, i64::from(claim.quantity));
                *held.entry((claim.variant, claim.state)).or_default() += pieces;
            }
            for drop in books.drops() {
                *held.entry((drop.variant, ClaimState::Open)).or_default() += drop.left();
            }
            for order in books.orders() {
                for line in &order.lines {
                    let claim = line.claim.and_then(|claim| books.claim_of(claim));
                    let paid = claim.is_some_and(|claim| claim.state == ClaimState::Paid);
                    assert_eq!(order.state.stands() && order.left(line) > 0, paid, "{order:?}");
                    let own = claim.is_none_or(|claim| claim.order.is_some_and(|at| at.line == line.id));
                    assert!(own, "a line without a claim of its own: {order:?}");
                    if line.parcel.is_some() {
                        *sent.entry(line.variant).or_default() += i64::from(order.left(line));
                    }
                }
                for (line, pieces) in gone(order) {
                    *lost.entry(order.line(line).expect("a line of its own").variant).or_default() += pieces;
                }
                let balance = Balance::of(&order.ledger);
                let charged = self.provider.charged(order.payment);
                assert!(charged.captured <= order.totals.total.minor, "charged twice: {order:?}");
                assert!(charged.refunded <= charged.captured, "gave back more than came: {order:?}");
                assert!(charged.refunded <= balance.refund_asked, "gave back what nobody promised: {order:?}");
                assert!(balance.captured <= charged.captured, "the ledger knows of money that nobody took: {order:?}");
            }
            for (variant, start) in &self.start {
                let of = |state| held.get(&(*variant, state)).copied().unwrap_or(0);
                let left_house = sent.get(variant).copied().unwrap_or(0);
                let gone = left_house
                    + self.over_counter.get(variant).copied().unwrap_or(0)
                    + lost.get(variant).copied().unwrap_or(0);
                let rows = books.shelf.rows().filter(|row| row.variant == *variant);
                let (on_hand, claimed, allocated) = rows.fold((0, 0, 0), |(on_hand, claimed, allocated), row| {
                    assert!(row.on_hand >= row.allocated, "{row:?}");
                    (on_hand + row.on_hand, claimed + row.claimed, allocated + row.allocated)
                });
                assert_eq!((claimed, allocated), (of(ClaimState::Open), of(ClaimState::Paid) - left_house));
                assert_eq!(on_hand + gone, *start);
                assert_eq!(gone + allocated + claimed + books.shelf.free(*variant), *start, "{variant}");
            }
        });
        self.check_drops();
    }

    /// The faults end, time passes, and everything comes to rest: every order has its money or gave it back.
    async fn settle(&mut self) {
        self.provider.heal();
        tokio::time::advance(Millis::from_mins(20).to_std()).await;
        for id in self.orders.clone() {
            self.desk.ask_again(id).await.expect("the desk answers");
        }
        for _ in 0..3 {
            self.desk.finish_all().await.expect("a round");
            self.desk.expire_overdue().await.expect("a round");
            self.check();
        }
        for id in self.orders.clone() {
            let order = self.order(id);
            assert_eq!(next_step(&order), None, "{order:?}");
            assert_ne!(order.state, OrderState::AwaitingPayment, "{order:?}");
            let charged = self.provider.charged(order.payment);
            let kept = charged.captured - charged.refunded;
            let balance = Balance::of(&order.ledger);
            let due = if order.state.stands() { order.totals.total.minor - corrected(&order) } else { 0 };
            assert_eq!(kept, due, "{order:?}");
            assert_eq!((balance.captured, balance.refunded), (charged.captured, charged.refunded), "{order:?}");
            match order.state {
                OrderState::Expired => self.tally.expired += 1,
                state if state.stands() => self.tally.paid += 1,
                _ => {}
            }
            self.tally.refunded += u32::from(charged.refunded > 0);
        }
        self.close_doors().await;
        self.check();
    }
}

/// One run of `steps` steps from a seed, checked after each.
///
/// # Panics
/// When an invariant breaks; the seed replays the run.
pub async fn evening(seed: u64, steps: u32) -> Tally {
    let mut town = Town::new(seed).await;
    for _ in 0..steps {
        town.step().await;
        town.check();
    }
    town.settle().await;
    town.tally
}
