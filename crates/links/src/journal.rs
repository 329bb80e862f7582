//! The journal: a file a show, in a folder of this machine.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use app::ports::{Journal, NotWritten};
use async_trait::async_trait;
use bytes::Bytes;
use kernel::ShowId;

/// The pages of a house.
#[derive(Debug)]
pub struct JournalFolder(PathBuf);

fn failed(error: &std::io::Error) -> NotWritten {
    NotWritten(error.to_string())
}

/// What the disk takes its time for is done beside the tasks.
async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, NotWritten> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| NotWritten(error.to_string()))?;
    done.map_err(|error| failed(&error))
}

impl JournalFolder {
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(root: &Path) -> Result<Self, NotWritten> {
        std::fs::create_dir_all(root).map_err(|error| failed(&error))?;
        Ok(Self(root.to_owned()))
    }

    fn page(&self, show: ShowId) -> PathBuf {
        self.0.join(show.to_string())
    }
}

#[async_trait]
impl Journal for JournalFolder {
    async fn write(&self, show: ShowId, bytes: Bytes, anew: bool) -> Result<(), NotWritten> {
        let (folder, page) = (self.0.clone(), self.page(show));
        beside(move || {
            let is_new = anew && !page.exists();
            let mut file = std::fs::OpenOptions::new().create(true).append(true).open(page)?;
            if anew {
                file.set_len(0)?;
            }
            file.write_all(&bytes)?;
            file.sync_data()?;
            // A new file is only found after a power cut when its folder is synced too.
            if is_new { std::fs::File::open(folder)?.sync_all() } else { Ok(()) }
        })
        .await
    }

    async fn shows(&self) -> Result<Vec<ShowId>, NotWritten> {
        let folder = self.0.clone();
        beside(move || {
            let names = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name()));
            let names = names.collect::<std::io::Result<Vec<_>>>()?;
            Ok(names.iter().filter_map(|name| name.to_str()?.parse().ok()).collect())
        })
        .await
    }

    async fn read(&self, show: ShowId) -> Result<Bytes, NotWritten> {
        let page = self.page(show);
        beside(move || match std::fs::read(page) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Bytes::new()),
            read => read.map(Bytes::from),
        })
        .await
    }

    async fn tear_out(&self, show: ShowId) -> Result<(), NotWritten> {
        let page = self.page(show);
        beside(move || match std::fs::remove_file(page) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Random, Timestamp};

    use super::*;

    #[tokio::test]
    async fn a_page_grows_begins_anew_and_is_found_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = JournalFolder::open(&folder.path().join("journal")).expect("made");
        let show = ShowId::mint(Timestamp::EPOCH, &mut Random::seeded(1));
        assert_eq!((journal.shows().await, journal.read(show).await), (Ok(vec![]), Ok(Bytes::new())));
        for (bytes, anew, page) in [("one", true, "one"), ("two", false, "onetwo"), ("three", true, "three")] {
            journal.write(show, Bytes::from_static(bytes.as_bytes()), anew).await.expect("written");
            let again = JournalFolder::open(&folder.path().join("journal")).expect("there");
            assert_eq!(again.read(show).await, Ok(Bytes::from_static(page.as_bytes())));
        }
        assert_eq!(journal.shows().await, Ok(vec![show]));
        journal.tear_out(show).await.expect("torn out");
        journal.tear_out(show).await.expect("torn out before");
        assert_eq!((journal.shows().await, journal.read(show).await), (Ok(vec![]), Ok(Bytes::new())));
    }
}
