//! What makes commits last on SQLite: one wait for the disk covers every commit before it, and the writer goes on meanwhile.
//!
//! A commit writes to the write-ahead log without waiting (`synchronous=NORMAL`); a thread of its own then syncs the log, and
//! only then those who asked are answered. While it waits, the next commits are written, and share the next wait.
//! Between a commit and its sync others may read what a power cut would still undo; whatever they write comes behind it in
//! the same log, and is answered behind it.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use app::ports::StoreError;
use tokio::time::Instant;

/// Commits that wait for the disk; past it the writer waits too.
const WAITING: usize = 8;

/// Answers those whose units a commit held; with an error where the disk did not keep it.
pub(crate) type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// The hand that gives commits to the thread that syncs.
#[derive(Clone, Debug)]
pub(crate) struct Durable {
    commits: SyncSender<Commit>,
    broken: Arc<AtomicBool>,
}

struct Commit(Answer);

impl std::fmt::Debug for Commit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Commit")
    }
}

fn broken() -> StoreError {
    StoreError::Failed("the disk did not keep what was written: look at it, then start the house again".into())
}

impl Durable {
    /// Syncs the log beside this database.
    pub(crate) fn start(log: PathBuf) -> io::Result<Self> {
        let (commits, waiting) = sync_channel(WAITING);
        let broken = Arc::new(AtomicBool::new(false));
        let own = Arc::clone(&broken);
        std::thread::Builder::new().name("store-sync".into()).spawn(move || sync_all(&log, &waiting, &own))?;
        Ok(Self { commits, broken })
    }

    /// Why nothing more may be written: after a sync that failed, nobody knows what of the log is on the disk.
    pub(crate) fn refusal(&self) -> Option<StoreError> {
        self.broken.load(Ordering::Relaxed).then(broken)
    }

    /// Answers once the disk has it.
    pub(crate) fn keep(&self, answer: Answer) {
        if let Err(gone) = self.commits.send(Commit(answer)) {
            (gone.0.0)(Err(StoreError::Failed("the disk's thread stopped".into())));
        }
    }
}

fn sync_all(log: &std::path::Path, waiting: &Receiver<Commit>, is_broken: &AtomicBool) {
    while let Ok(first) = waiting.recv() {
        let mut answers = vec![first];
        answers.extend(waiting.try_iter());
        let began = Instant::now();
        // Opened anew each time: the log is another file after the last connection was closed in between.
        let synced = if is_broken.load(Ordering::Relaxed) {
            Err(broken())
        } else {
            File::open(log).and_then(|file| file.sync_data()).map_err(|error| {
                tracing::error!(%error, "the disk did not keep what was written");
                is_broken.store(true, Ordering::Relaxed);
                broken()
            })
        };
        metrics::histogram!("trunkshow_sync_seconds").record(began.elapsed().as_secs_f64());
        for Commit(answer) in answers {
            answer(synced.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_commit_is_answered_once_the_log_is_synced_and_none_after_a_sync_that_failed() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("house.db-wal");
        std::fs::write(&log, "frames").expect("written");
        let durable = Durable::start(log.clone()).expect("a thread");
        let (sent, answers) = mpsc::channel();
        let ask = || {
            let sent = sent.clone();
            durable.keep(Box::new(move |kept| sent.send(kept).expect("somebody waits")));
            answers.recv().expect("answered")
        };
        assert_eq!(ask(), Ok(()));
        assert_eq!(durable.refusal(), None);
        std::fs::remove_file(&log).expect("removed");
        assert_eq!(ask(), Err(broken()));
        std::fs::write(&log, "frames").expect("written");
        assert_eq!(ask(), Err(broken()), "nobody knows what was lost in between");
        assert_eq!(durable.refusal(), Some(broken()));
    }
}
