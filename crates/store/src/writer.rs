//! Group commit: one thread owns the write connection; what it commits is answered once it lasts.

use std::fmt;
use std::io;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use app::ports::StoreError;
use futures::FutureExt;
use futures::future::BoxFuture;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::checkpoint::{self, FULL_BYTES};
use crate::durable::Durable;
use crate::tx::Tx;

/// At most so many units share a commit, so that the first of them does not wait for ever.
pub const UNITS_A_COMMIT: usize = 500;
/// At most so many units wait in each lane; past it the answer is [`StoreError::Busy`], at once.
const QUEUE: usize = 8_192;

/// Which queue a unit waits in. Till units go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    Till,
    Ordinary,
}

type Done = oneshot::Sender<Result<(), StoreError>>;
type Work = Box<dyn for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, bool> + Send>;

struct Unit {
    /// Says whether the unit wants its writes kept.
    work: Work,
    done: Done,
}

/// The hand that gives units to the writer's thread.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    till: mpsc::Sender<Unit>,
    ordinary: mpsc::Sender<Unit>,
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unit")
    }
}

impl Writer {
    /// On a thread of its own: between two statements of a commit it never waits behind the work of requests.
    /// With a `log`, commits do not wait for the disk themselves.
    pub(crate) fn start(connection: DatabaseConnection, log: Option<PathBuf>) -> io::Result<Self> {
        let (till, till_queue) = mpsc::channel(QUEUE);
        let (ordinary, ordinary_queue) = mpsc::channel(QUEUE);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let log = log.map(|log| Ok::<_, io::Error>((Durable::start(log.clone())?, log))).transpose()?;
        let base = Base { connection, log };
        let work = move || runtime.block_on(drain(base, till_queue, ordinary_queue));
        std::thread::Builder::new().name("store-writer".into()).spawn(work)?;
        Ok(Self { till, ordinary })
    }

    pub(crate) async fn unit<T, E, F>(&self, lane: Lane, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
    {
        let slot = Arc::new(Mutex::new(None));
        let filled = Arc::clone(&slot);
        let work: Work = Box::new(move |tx| {
            let result = work(tx);
            async move {
                let result = result.await;
                let keep = result.is_ok();
                *filled.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
                keep
            }
            .boxed()
        });
        let (done, committed) = oneshot::channel();
        let queue = match lane {
            Lane::Till => &self.till,
            Lane::Ordinary => &self.ordinary,
        };
        queue.try_send(Unit { work, done }).map_err(|_| StoreError::Busy)?;
        committed.await.map_err(|_| StoreError::Failed("the writer stopped".into()))??;
        let result = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        result.unwrap_or_else(|| Err(StoreError::Failed("the unit left no result".into()).into()))
    }
}

/// Where the writer writes.
struct Base {
    connection: DatabaseConnection,
    /// SQLite's log, and who syncs it.
    log: Option<(Durable, PathBuf)>,
}

async fn drain(base: Base, mut till: mpsc::Receiver<Unit>, mut ordinary: mpsc::Receiver<Unit>) {
    loop {
        let first = tokio::select! {
            biased;
            Some(unit) = till.recv() => unit,
            Some(unit) = ordinary.recv() => unit,
            else => return,
        };
        let mut batch = vec![first];
        while batch.len() < UNITS_A_COMMIT {
            match till.try_recv().or_else(|_| ordinary.try_recv()) {
                Ok(unit) => batch.push(unit),
                Err(_) => break,
            }
        }
        commit(&base, batch).await;
        if let Some((_, log)) = &base.log
            && checkpoint::length(log) >= FULL_BYTES
            && let Err(error) = checkpoint::passive(&base.connection).await
        {
            tracing::warn!(%error, "the log goes on growing");
        }
    }
}

/// Runs a batch. When BEGIN, SAVEPOINT, RELEASE, ROLLBACK or COMMIT itself fails, the whole batch fails: dropping the
/// transaction rolls it back, and the pool tests the connection before it is used again.
async fn commit(base: &Base, batch: Vec<Unit>) {
    let began = Instant::now();
    metrics::histogram!("trunkshow_commit_units").record(batch.len() as f64);
    let mut ran: Vec<(Done, Result<(), StoreError>)> = Vec::with_capacity(batch.len());
    let mut waiting = batch.into_iter();
    let outcome: Result<(), StoreError> = async {
        if let Some(refusal) = base.log.as_ref().and_then(|(durable, _)| durable.refusal()) {
            return Err(refusal);
        }
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let transaction = base.connection.begin_with_options(options).await.map_err(crate::failed)?;
        for unit in waiting.by_ref() {
            match run(&transaction, unit.work).await {
                Ok(answer) => ran.push((unit.done, answer)),
                Err(error) => {
                    ran.push((unit.done, Ok(())));
                    return Err(crate::failed(error));
                }
            }
        }
        transaction.commit().await.map_err(crate::failed)
    }
    .await;
    metrics::histogram!("trunkshow_commit_seconds").record(began.elapsed().as_secs_f64());
    match outcome {
        Ok(()) => {
            let answer = move |kept: Result<(), StoreError>| {
                for (done, answer) in ran {
                    // The caller may have gone away; what it asked for is durable all the same.
                    let _gone = done.send(kept.clone().and(answer));
                }
            };
            match &base.log {
                Some((durable, _)) => durable.keep(Box::new(answer)),
                None => answer(Ok(())),
            }
        }
        Err(error) => {
            tracing::error!(%error, "a batch was not committed");
            for done in ran.into_iter().map(|(done, _)| done).chain(waiting.map(|unit| unit.done)) {
                let _gone = done.send(Err(error.clone()));
            }
        }
    }
}

/// One unit in its savepoint. `Err` only when the savepoint itself could not be taken or let go.
async fn run(transaction: &DatabaseTransaction, work: Work) -> Result<Result<(), StoreError>, DbErr> {
    let tx = Tx::new(transaction.begin().await?);
    let kept = AssertUnwindSafe(async { work(&tx).await }).catch_unwind().await;
    let broken = tx.broken();
    let savepoint = tx.into_savepoint();
    match kept {
        Ok(true) if !broken => {
            savepoint.commit().await?;
            Ok(Ok(()))
        }
        // The unit said no: it has its reason in its result.
        Ok(false) => {
            savepoint.rollback().await?;
            Ok(Ok(()))
        }
        Ok(true) => {
            savepoint.rollback().await?;
            Ok(Err(StoreError::Failed("a statement failed and the unit went on".into())))
        }
        Err(_panic) => {
            savepoint.rollback().await?;
            Ok(Err(StoreError::Failed("the unit panicked".into())))
        }
    }
}

/// Runs a batch of commands by set-based statements, and answers each, in order.
pub type RunBatch<C, R> = for<'a> fn(&'a Tx, Vec<C>) -> BoxFuture<'a, Result<Vec<R>, StoreError>>;

type Pending<C, R> = Vec<(C, oneshot::Sender<Result<R, StoreError>>)>;

/// A queue of commands that share statements as well as a commit: whatever has arrived when the writer gets to it runs
/// as one unit. At most [`BATCH`] at once.
#[derive(Debug)]
pub struct Batcher<C, R> {
    writer: Writer,
    lane: Lane,
    run: RunBatch<C, R>,
    pending: Arc<Mutex<Pending<C, R>>>,
}

/// At most so many commands in one set-based unit.
const BATCH: usize = 500;

impl<C: Send + 'static, R: Send + 'static> Batcher<C, R> {
    pub(crate) fn new(writer: Writer, lane: Lane, run: RunBatch<C, R>) -> Self {
        Self { writer, lane, run, pending: Arc::default() }
    }

    /// Queues a command and answers after its commit; [`StoreError::Busy`] at once when the queue is full.
    pub async fn submit(&self, command: C) -> Result<R, StoreError> {
        let (answer, answered) = oneshot::channel();
        let waiting = {
            let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
            if pending.len() >= QUEUE {
                return Err(StoreError::Busy);
            }
            pending.push((command, answer));
            pending.len()
        };
        // The first of each batch calls the writer for all of them.
        if waiting % BATCH == 1 {
            tokio::spawn(Self::flush(self.writer.clone(), self.lane, self.run, Arc::clone(&self.pending)));
        }
        answered.await.unwrap_or_else(|_| Err(StoreError::Failed("the batch was dropped".into())))
    }

    async fn flush(writer: Writer, lane: Lane, run: RunBatch<C, R>, pending: Arc<Mutex<Pending<C, R>>>) {
        let answers = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&answers);
        let taken = Arc::clone(&pending);
        let result: Result<Vec<R>, StoreError> = writer
            .unit(lane, move |tx| {
                async move {
                    let batch: Pending<C, R> = {
                        let mut pending = taken.lock().unwrap_or_else(PoisonError::into_inner);
                        let count = pending.len().min(BATCH);
                        pending.drain(..count).collect()
                    };
                    if batch.is_empty() {
                        return Ok(Vec::new());
                    }
                    if lane == Lane::Till {
                        metrics::histogram!("trunkshow_till_batch_commands").record(batch.len() as f64);
                    }
                    let (commands, senders): (Vec<C>, Vec<_>) = batch.into_iter().unzip();
                    *kept.lock().unwrap_or_else(PoisonError::into_inner) = senders;
                    run(tx, commands).await
                }
                .boxed()
            })
            .await;
        let mut senders = std::mem::take(&mut *answers.lock().unwrap_or_else(PoisonError::into_inner));
        if let (Err(StoreError::Busy), true) = (&result, senders.is_empty()) {
            // The writer took nothing: those who wait are told, rather than left.
            let mut pending = pending.lock().unwrap_or_else(PoisonError::into_inner);
            senders = pending.drain(..).map(|(_, sender)| sender).collect();
        }
        match result {
            Ok(results) => {
                for (sender, result) in senders.into_iter().zip(results) {
                    let _gone = sender.send(Ok(result));
                }
            }
            Err(error) => {
                for sender in senders {
                    let _gone = sender.send(Err(error.clone()));
                }
            }
        }
    }
}
