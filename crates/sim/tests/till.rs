//! The golden simulation of the till: no piece is sold twice, no money is kept or lost, whatever breaks.

use std::sync::Arc;

use app::Entropy;
use app::conformance::till::{NOW, Sample};
use app::memory::{MemoryTill, MemoryWallets};
use app::ports::{Clock, Heard, NoAnswer, PaymentRequest, Payments, Status, Till, Unheard};
use app::till::{Desk, Providers};
use async_trait::async_trait;
use kernel::{Currency, Millis, Money, PaymentId, Timestamp};
use proptest::prelude::*;
use shop::books::{Command, What};
use shop::payment::Terms;
use sim::till::{Tally, evening};

fn run(seed: u64, steps: u32) -> Tally {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    println!("seed {seed}");
    runtime.expect("a runtime").block_on(evening(seed, steps))
}

#[test]
fn one_seed_replays_a_run() {
    assert_eq!(run(7, 300), run(7, 300), "the same seed took another course");
}

#[test]
fn the_runs_are_wild_enough() {
    let mut all = Tally::default();
    for seed in 1..60 {
        all += run(seed, 300);
    }
    let orders = [all.placed, all.sold_out, all.replayed, all.crashes, all.paid, all.refunded, all.expired];
    let drops = [all.claimed, all.waited, all.offered, all.won, all.let_lapse, all.tabs, all.corrected, all.tapped];
    let drops = [drops.as_slice(), &[all.changed]].concat();
    let happened = [orders.as_slice(), drops.as_slice()].concat();
    assert!(happened.iter().all(|count| *count >= 20), "{all:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn no_piece_and_no_money_goes_astray(seed: u64, steps in 50u32..400) {
        run(seed, steps);
    }
}

/// A provider that is away, on a day that does not move.
#[derive(Debug)]
struct Away;

impl Clock for Away {
    fn now(&self) -> Timestamp {
        NOW + Millis::from_mins(1)
    }
}

fn away<T>() -> Result<T, NoAnswer> {
    Err(NoAnswer("away".into()))
}

#[async_trait]
impl Payments for Away {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    fn terms(&self, _: Currency) -> Vec<Terms> {
        Vec::new()
    }

    async fn start(&self, _: PaymentRequest) -> Result<Status, NoAnswer> {
        away()
    }

    async fn status(&self, _: PaymentId) -> Result<Option<Status>, NoAnswer> {
        away()
    }

    async fn capture(&self, _: PaymentId) -> Result<Status, NoAnswer> {
        away()
    }

    async fn void(&self, _: PaymentId, _: Money) -> Result<Status, NoAnswer> {
        away()
    }

    async fn refund(&self, _: PaymentId, _: Money, _: &str) -> Result<Status, NoAnswer> {
        away()
    }

    async fn forget(&self, _: &str) -> Result<(), NoAnswer> {
        away()
    }

    fn signature_header(&self) -> &'static str {
        "unsigned"
    }

    async fn hear(&self, _: &[u8], _: &str) -> Result<Heard, Unheard> {
        Err(Unheard::BadSignature)
    }
}

#[tokio::test(start_paused = true)]
async fn a_start_looks_after_every_open_order_however_many() {
    const OPEN: u32 = 450;
    let (store, mut sample) = (Arc::new(MemoryTill::default()), Sample::new(1));
    sample.stock(&*store, i64::from(OPEN), 0).await;
    for _ in 0..OPEN {
        let what = What::Place(Box::new(sample.checkout(1)));
        let command = Command { what, at: NOW, random: sample.random.fork() };
        store.run(command).await.expect("placed");
    }
    let (away, entropy) = (Arc::new(Away), Entropy::new(sample.random.fork()));
    let desk = Desk {
        clock: away.clone(),
        till: store.clone(),
        orders: store,
        providers: Providers::only(away),
        wallets: Arc::new(MemoryWallets::default()),
        master_key: [7; 32],
        entropy,
    };
    let finished = desk.finish_all().await.expect("asked");
    assert_eq!((finished, desk.finish_open().await.expect("asked")), (450, 200), "a round of the job is bounded");
}
