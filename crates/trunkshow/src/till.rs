//! The till's wiring: its tables, and the jobs that go on by themselves.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use app::ports::Clock;
use app::till::{Desk, Providers, TillPorts};
use app::{Entropy, Problem};
use kernel::Random;
use links::Sandbox;
use store::{Store, TillStore};
use tokio_util::sync::CancellationToken;

/// How often claims end.
const ROUND: Duration = Duration::from_secs(1);
/// Every so many rounds, open payments are asked about.
const ASKING: u64 = 5;

/// Puts the till together.
pub fn wire(
    store: &Arc<Store>,
    till: &Arc<TillStore>,
    clock: &Arc<dyn Clock>,
    random: &mut Random,
    providers: Providers,
    master_key: [u8; 32],
    sandbox: Arc<Sandbox>,
) -> TillPorts {
    let desk = Desk {
        clock: Arc::clone(clock),
        till: till.clone(),
        orders: till.clone(),
        providers,
        wallets: till.clone(),
        master_key,
        entropy: Entropy::new(random.fork()),
    };
    TillPorts {
        desk: Arc::new(desk),
        baskets: till.clone(),
        rates: till.clone(),
        goods: till.clone(),
        known: Arc::default(),
        offers: till.clone(),
        known_offers: Arc::default(),
        takings: till.clone(),
        outbox: till.clone(),
        disputes: store.clone(),
        heard: Arc::default(),
        drops: till.clone(),
        known_rates: Arc::default(),
        known_drops: Arc::default(),
        trivia: till.clone(),
        known_trivia: Arc::default(),
        sandbox: Some(sandbox),
    }
}

/// Finishes what a crash left open, then ends claims and asks about open payments until stopped.
pub async fn run_jobs(desk: Arc<Desk>, stopping: CancellationToken) {
    job("payments left open", desk.finish_all()).await;
    for round in 1u64.. {
        tokio::select! {
            biased;
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(ROUND) => {}
        }
        job("overdue claims", desk.expire_overdue()).await;
        if round.is_multiple_of(ASKING) {
            job("open payments", desk.finish_open()).await;
            job("methods that are let go", desk.forget_methods()).await;
        }
    }
}

/// A round that fails is told, and comes again.
async fn job(name: &str, round: impl Future<Output = Result<usize, Problem>>) {
    match round.await {
        Ok(0) => {}
        Ok(orders) => tracing::debug!(name, orders, "a round of the till"),
        Err(problem) => tracing::warn!(name, %problem, "the till tries again"),
    }
}
