//! Group commit on both databases: what is answered is durable, and one unit's failure is its own.

use app::ports::StoreError;
use futures::FutureExt;
use sea_orm::{ConnectionTrait, Statement};
use store::testing::on_both;
use store::{Lane, Store, Tx, failed};

async fn insert(store: &Store, subject: &'static str) -> Result<(), StoreError> {
    store.unit(Lane::Ordinary, move |tx| async move { add(tx, subject).await }.boxed()).await
}

async fn add(tx: &Tx, subject: &'static str) -> Result<(), StoreError> {
    let sql = "INSERT INTO secret (purpose, hash, subject, until) VALUES ('link', $1, $1, 0)";
    tx.run(sql, [subject.into()]).await.map(|_| ()).map_err(failed)
}

async fn subjects(store: &Store) -> Vec<String> {
    let all = Statement::from_string(store.backend(), "SELECT subject FROM secret ORDER BY subject");
    let rows = store.read().query_all_raw(all).await.expect("read");
    rows.iter().map(|row| row.try_get("", "subject").expect("text")).collect()
}

#[tokio::test]
async fn a_poisoned_unit_leaves_its_mates_whole() {
    on_both(|store| async move {
        let error = store.unit(Lane::Ordinary, |tx| {
            async move {
                add(tx, "refused").await?;
                Err::<(), _>(StoreError::Changed)
            }
            .boxed()
        });
        let panics = store.unit(Lane::Till, |tx| {
            async move {
                add(tx, "panicked").await?;
                panic!("a defect in a unit");
                #[expect(unreachable_code, reason = "gives the block its type")]
                Ok::<(), StoreError>(())
            }
            .boxed()
        });
        let swallows = store.unit(Lane::Ordinary, |tx| {
            async move {
                add(tx, "swallowed").await?;
                let _ignored = add(tx, "swallowed").await;
                Ok::<(), StoreError>(())
            }
            .boxed()
        });
        let (first, error, panics, swallows, last) =
            tokio::join!(insert(&store, "first"), error, panics, swallows, insert(&store, "last"));
        assert_eq!((first, last), (Ok(()), Ok(())));
        assert_eq!(error, Err(StoreError::Changed));
        assert!(matches!(panics, Err(StoreError::Failed(_))), "{panics:?}");
        assert!(matches!(swallows, Err(StoreError::Failed(_))), "{swallows:?}");
        assert_eq!(subjects(&store).await, ["first", "last"]);
        assert!(matches!(insert(&store, "first").await, Err(StoreError::Duplicate(_))));
    })
    .await;
}

fn run_batch<'a>(
    tx: &'a Tx,
    commands: Vec<&'static str>,
) -> futures::future::BoxFuture<'a, Result<Vec<usize>, StoreError>> {
    async move {
        let together = commands.len();
        for subject in commands {
            add(tx, subject).await?;
        }
        Ok(vec![together; together])
    }
    .boxed()
}

#[tokio::test]
async fn commands_that_arrive_together_run_together() {
    on_both(|store| async move {
        let batcher = store.batcher(Lane::Till, run_batch);
        let names = ["a", "b", "c", "d"];
        let answers = futures::future::join_all(names.map(|name| batcher.submit(name))).await;
        assert!(answers.iter().all(Result::is_ok), "{answers:?}");
        assert_eq!(subjects(&store).await, names);
        // A batch that fails tells everybody in it.
        let (one, two) = tokio::join!(batcher.submit("e"), batcher.submit("a"));
        assert!(one.is_err() && two.is_err(), "{one:?} {two:?}");
    })
    .await;
}

#[tokio::test]
async fn readers_cannot_write_and_the_schema_runs_twice() {
    let (store, folder) = store::testing::sqlite().await;
    assert!(store.read().execute_unprepared("DELETE FROM secret").await.is_err());
    let again = Store::open(&store::Target::Sqlite(folder.path().join("house.db"))).await;
    assert!(again.is_ok());
}

#[tokio::test]
async fn the_log_moves_into_the_file_beside_the_writer() {
    let (store, folder) = store::testing::sqlite().await;
    let length = |name: &str| std::fs::metadata(folder.path().join(name)).map_or(0, |found| found.len());
    let before = length("house.db");
    let large = "x".repeat(1 << 20);
    for number in 0..6 {
        let (hash, subject) = (format!("{number}"), large.clone());
        let written = store.unit(Lane::Ordinary, move |tx| {
            async move {
                let sql = "INSERT INTO secret (purpose, hash, subject, until) VALUES ('link', $1, $2, 0)";
                tx.run(sql, [hash.into(), subject.into()]).await.map(drop).map_err(failed)
            }
            .boxed()
        });
        assert_eq!(written.await, Ok(()));
    }
    assert!(length("house.db-wal") > 0, "commits go into the log");
    for _ in 0..400 {
        if length("house.db") > before + (4 << 20) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the file has {} bytes, the log {}", length("house.db"), length("house.db-wal"));
}
