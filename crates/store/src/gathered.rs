//! Questions that come together are one read. Whatever has been asked when a reader gets to it shares a statement; who asks
//! later waits for the next. So an answer is never older than its question, and a rush costs a few reads instead of thousands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::ports::StoreError;
use futures::future::BoxFuture;
use sea_orm::DatabaseConnection;
use tokio::sync::oneshot;

/// At most so many questions wait; past it the answer is [`StoreError::Busy`], at once.
const WAITING: usize = 8_192;
/// At most so many keys in one statement.
const TOGETHER: usize = 500;
/// Reads of one kind under way: while one answers, the next gathers.
const READS: usize = 2;

/// Reads what there is of these keys.
pub(crate) type ReadAll<K, V> =
    for<'a> fn(&'a DatabaseConnection, &'a BTreeSet<K>) -> BoxFuture<'a, Result<BTreeMap<K, V>, StoreError>>;

type Answer<V> = oneshot::Sender<Result<Option<V>, StoreError>>;

#[derive(Debug)]
struct Asked<K, V> {
    waiting: Vec<(K, Answer<V>)>,
    reads: usize,
}

/// The questions of one kind.
#[derive(Debug)]
pub(crate) struct Gathered<K, V> {
    reader: DatabaseConnection,
    read: ReadAll<K, V>,
    asked: Arc<Mutex<Asked<K, V>>>,
}

fn lock<K, V>(asked: &Mutex<Asked<K, V>>) -> MutexGuard<'_, Asked<K, V>> {
    asked.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A reader that ends, however it ends, makes room for another.
struct Reading<K, V>(Arc<Mutex<Asked<K, V>>>);

impl<K, V> Drop for Reading<K, V> {
    fn drop(&mut self) {
        lock(&self.0).reads -= 1;
    }
}

impl<K, V> Gathered<K, V>
where
    K: Clone + Ord + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub(crate) fn new(reader: DatabaseConnection, read: ReadAll<K, V>) -> Self {
        let asked = Asked { waiting: Vec::new(), reads: 0 };
        Self { reader, read, asked: Arc::new(Mutex::new(asked)) }
    }

    /// What there is of the key.
    pub(crate) async fn ask(&self, key: K) -> Result<Option<V>, StoreError> {
        let (answer, answered) = oneshot::channel();
        let starts = {
            let mut asked = lock(&self.asked);
            if asked.waiting.len() >= WAITING {
                return Err(StoreError::Busy);
            }
            asked.waiting.push((key, answer));
            let starts = asked.reads < READS;
            asked.reads += usize::from(starts);
            starts
        };
        if starts {
            let reading = Reading(Arc::clone(&self.asked));
            tokio::spawn(Self::answer_all(self.reader.clone(), self.read, reading));
        }
        answered.await.unwrap_or_else(|_| Err(StoreError::Failed("the question was dropped".into())))
    }

    async fn answer_all(reader: DatabaseConnection, read: ReadAll<K, V>, reading: Reading<K, V>) {
        loop {
            let asked: Vec<(K, Answer<V>)> = {
                let waiting = &mut lock(&reading.0).waiting;
                let count = waiting.len().min(TOGETHER);
                waiting.drain(..count).collect()
            };
            if asked.is_empty() {
                return;
            }
            let keys: BTreeSet<K> = asked.iter().map(|(key, _)| key.clone()).collect();
            let found = read(&reader, &keys).await;
            for (key, answer) in asked {
                let own = found.as_ref().map(|found| found.get(&key).cloned()).map_err(Clone::clone);
                // Who asked may have gone away.
                let _gone = answer.send(own);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use futures::FutureExt;
    use futures::future::join_all;

    use super::*;

    static STATEMENTS: AtomicUsize = AtomicUsize::new(0);
    static NOW: AtomicUsize = AtomicUsize::new(0);

    /// Even keys are there, and show what was true when they were read.
    fn even<'a>(
        _: &'a DatabaseConnection,
        keys: &'a BTreeSet<usize>,
    ) -> BoxFuture<'a, Result<BTreeMap<usize, usize>, StoreError>> {
        async move {
            STATEMENTS.fetch_add(1, Ordering::Relaxed);
            if keys.contains(&13) {
                return Err(StoreError::Failed("thirteen".into()));
            }
            let found =
                keys.iter().filter(|key| *key % 2 == 0).map(|key| (*key, NOW.load(Ordering::Relaxed))).collect();
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(found)
        }
        .boxed()
    }

    #[tokio::test(start_paused = true)]
    async fn questions_that_come_together_are_one_read_and_later_ones_another() {
        let gathered = Gathered::new(DatabaseConnection::default(), even);
        let all = join_all((14..1_014).map(|key| gathered.ask(key))).await;
        for (key, answer) in (14..).zip(all) {
            assert_eq!(answer, Ok((key % 2 == 0).then_some(0)), "{key}");
        }
        let statements = STATEMENTS.swap(0, Ordering::Relaxed);
        assert!((2..=4).contains(&statements), "{statements} statements for a thousand questions");
        // What is asked while a read is under way does not get its answer.
        let (early, late) = tokio::join!(gathered.ask(2), async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            NOW.store(1, Ordering::Relaxed);
            gathered.ask(2).await
        });
        assert_eq!((early, late), (Ok(Some(0)), Ok(Some(1))));
        assert_eq!(gathered.ask(13).await, Err(StoreError::Failed("thirteen".into())));
        assert_eq!(gathered.ask(4).await, Ok(Some(1)), "a read that failed is over");
    }
}
