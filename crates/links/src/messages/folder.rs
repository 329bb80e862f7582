//! Messages as files in a folder, one each: a demo's mailbox, and where SMS go while no provider is there.

use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::ports::{Message, NotSent, SentMessage, SentMessages, StoreError, Transport};
use async_trait::async_trait;
use kernel::{EntryId, Timestamp};

/// Files kept; past it, the oldest go.
const KEPT: usize = 2_000;
/// The folder is read for what is too old once in so many messages.
const TIDIED_EVERY: usize = 200;

/// A folder that the process's own user alone can read.
#[derive(Clone, Debug)]
pub struct MessageFolder {
    root: PathBuf,
    /// How many were put there by this process.
    put: Arc<AtomicUsize>,
}

impl MessageFolder {
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root, put: Arc::default() }
    }

    /// The messages' ids, oldest first. A file of another name is none of ours.
    fn ids(&self) -> io::Result<Vec<EntryId>> {
        let entries = match std::fs::read_dir(&self.root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            found.extend(name.to_str().and_then(|name| name.strip_suffix(".json")?.parse::<EntryId>().ok()));
        }
        found.sort_unstable();
        Ok(found)
    }

    fn file(&self, id: EntryId) -> PathBuf {
        self.root.join(format!("{id}.json"))
    }

    /// Written beside its place, then renamed: the same message twice is one file, and a reader never sees half of it.
    /// It outlives the process, not a power cut: waiting for the disk would slow the orders that it tells of.
    fn put(&self, sent: &SentMessage) -> io::Result<()> {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.root)?;
        let half = self.root.join(format!(".{}", sent.message.id));
        let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half)?;
        file.write_all(&serde_json::to_vec_pretty(sent)?)?;
        std::fs::rename(&half, self.file(sent.message.id))?;
        if self.put.fetch_add(1, Ordering::Relaxed).is_multiple_of(TIDIED_EVERY) { self.tidy() } else { Ok(()) }
    }

    fn tidy(&self) -> io::Result<()> {
        let ids = self.ids()?;
        for old in &ids[..ids.len().saturating_sub(KEPT)] {
            match std::fs::remove_file(self.file(*old)) {
                // Another message's turn took it away.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                removed => removed?,
            }
        }
        Ok(())
    }

    fn look(&self, after: Option<EntryId>, limit: usize) -> io::Result<Vec<SentMessage>> {
        let ids = self.ids()?;
        let wanted = ids.iter().rev().filter(|id| after.is_none_or(|after| **id < after)).take(limit);
        let read = |id: &EntryId| match std::fs::read(self.file(*id)) {
            // Tidied away since the folder was read.
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            bytes => Some(bytes.and_then(|bytes| Ok(serde_json::from_slice(&bytes)?))),
        };
        wanted.filter_map(read).collect()
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

#[async_trait]
impl Transport for MessageFolder {
    async fn send(&self, message: &Message, now: Timestamp) -> Result<(), NotSent> {
        let (folder, sent) = (self.clone(), SentMessage { message: message.clone(), sent_at: now });
        blocking(move || folder.put(&sent)).await.map_err(|error| NotSent::Later(error.to_string()))
    }
}

#[async_trait]
impl SentMessages for MessageFolder {
    async fn sent(&self, after: Option<EntryId>, limit: u32) -> Result<Vec<SentMessage>, StoreError> {
        let (folder, limit) = (self.clone(), usize::try_from(limit).unwrap_or(usize::MAX));
        blocking(move || folder.look(after, limit)).await.map_err(|error| StoreError::Failed(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use app::ports::{About, Channel};
    use kernel::Random;

    use super::*;

    fn message(at: i64, random: &mut Random) -> Message {
        let id = EntryId::mint(Timestamp::from_unix_millis(at), random);
        let (about, channel, to) = (About::SignIn, Channel::Sms, "+86 138".to_owned());
        Message { id, about, channel, to, subject: None, text: format!("{at}"), html: None }
    }

    #[tokio::test]
    async fn many_at_once_all_arrive_and_the_oldest_go() {
        let data = tempfile::tempdir().expect("a folder");
        let folder = MessageFolder::new(data.path().join("messages"));
        let mut random = Random::seeded(6);
        let messages: Vec<Message> = (0..4_000).map(|at| message(at, &mut random)).collect();
        let mut sending = tokio::task::JoinSet::new();
        for some in messages.chunks(TIDIED_EVERY) {
            let (folder, some) = (folder.clone(), some.to_vec());
            sending.spawn(async move {
                for message in some {
                    folder.send(&message, Timestamp::EPOCH).await.expect("put");
                }
            });
        }
        sending.join_all().await;
        let kept = folder.ids().expect("listed").len();
        assert!((KEPT..KEPT + 2 * TIDIED_EVERY).contains(&kept), "{kept} are kept");
    }

    #[tokio::test]
    async fn the_newest_come_first_and_twice_is_once() {
        let data = tempfile::tempdir().expect("a folder");
        let folder = MessageFolder::new(data.path().join("messages"));
        assert_eq!(folder.sent(None, 9).await, Ok(vec![]));
        let mut random = Random::seeded(5);
        let mut ids = Vec::new();
        for at in [10, 20, 30] {
            let message = message(at, &mut random);
            for _ in 0..2 {
                folder.send(&message, Timestamp::from_unix_millis(at)).await.expect("put");
            }
            ids.push(message.id);
        }
        std::fs::write(data.path().join("messages/notes.txt"), "not a message").expect("written");
        let texts = async |after, limit| {
            let found = folder.sent(after, limit).await.expect("listed");
            found.into_iter().map(|sent| sent.message.text).collect::<Vec<_>>()
        };
        assert_eq!(texts(None, 2).await, ["30", "20"]);
        assert_eq!(texts(Some(ids[1]), 2).await, ["10"]);
    }
}
