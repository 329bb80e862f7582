//! The till's tables. Commands run in batches: rows are read (and locked) once, decided by [`shop::books::Books`] in order
//! of arrival, and written by set-based statements of constant text.

mod basket;
mod claim;
mod drop;
mod drops;
mod goods;
mod load;
mod offer;
mod order;
mod outbox;
mod read;
mod reconcile;
mod row;
pub(crate) mod sql;
mod stock;
mod takings;
mod trivia;
mod wallet;
mod write;

use std::sync::Arc;

use app::ports::{ShowSale, Standing, StoreError, Till};
use async_trait::async_trait;
use futures::FutureExt;
use futures::future::BoxFuture;
use kernel::{PersonId, VariantId, ViewerId};
use shop::basket::Basket;
use shop::books::{Command, Outcome};
use shop::order::ShowNumber;
use shop::wallet::Wallet;

pub use reconcile::BookReader;

use crate::gathered::Gathered;
use crate::{Batcher, Lane, Store, Tx};

/// The store, with the queue of the till in front of it. Cheap to clone; clones share the queue.
#[derive(Clone, Debug)]
pub struct TillStore {
    store: Store,
    batcher: Arc<Batcher<Command, Outcome>>,
    asked: Arc<Asked>,
}

/// What is asked for every piece that is bought.
#[derive(Debug)]
struct Asked {
    standing: Gathered<VariantId, Standing>,
    sales: Gathered<ShowNumber, ShowSale>,
    baskets: Gathered<ViewerId, Basket>,
    wallets: Gathered<PersonId, Wallet>,
}

impl TillStore {
    #[must_use]
    pub fn new(store: Store) -> Self {
        let batcher = Arc::new(store.batcher(Lane::Till, run_batch));
        let reader = || store.read().clone();
        let asked = Asked {
            standing: Gathered::new(reader(), goods::standing),
            sales: Gathered::new(reader(), goods::sales),
            baskets: Gathered::new(reader(), basket::baskets),
            wallets: Gathered::new(reader(), wallet::wallets),
        };
        Self { batcher, asked: Arc::new(asked), store }
    }
}

#[async_trait]
impl Till for TillStore {
    async fn run(&self, command: Command) -> Result<Outcome, StoreError> {
        match self.batcher.submit(command.clone()).await {
            Err(StoreError::Busy) => Err(StoreError::Busy),
            // One poisoned command takes its whole batch with it; alone, each finds out whether it was the one.
            Err(_batch) => self.store.unit(Lane::Till, move |tx| run_one(tx, command)).await,
            Ok(outcome) => Ok(outcome),
        }
    }
}

fn run_batch<'a>(tx: &'a Tx, commands: Vec<Command>) -> BoxFuture<'a, Result<Vec<Outcome>, StoreError>> {
    async move {
        // Rows that a decision adds are named by the first command's draw; each command brings its own.
        let mut random = commands.first().map(|command| command.random.clone());
        let at = commands.iter().map(|command| command.at).max();
        let mut books = load::books(tx, &commands).await?;
        let outcomes = commands.into_iter().map(|command| books.decide(command)).collect();
        if let (Some(random), Some(at)) = (&mut random, at) {
            write::changes(tx, &books.changes(), at, &mut random.fork()).await?;
        }
        Ok(outcomes)
    }
    .boxed()
}

fn run_one<'a>(tx: &'a Tx, command: Command) -> BoxFuture<'a, Result<Outcome, StoreError>> {
    async move {
        let outcome = run_batch(tx, vec![command]).await?.pop();
        outcome.ok_or_else(|| StoreError::Failed("the till gave no outcome".into()))
    }
    .boxed()
}
