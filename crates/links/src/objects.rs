//! Objects as files in a folder.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use app::ports::{ObjectError, Objects};
use async_trait::async_trait;
use bytes::Bytes;
use tokio::fs;
use tokio::io::AsyncWriteExt;

/// The objects of a house in a folder of its own.
#[derive(Debug)]
pub struct FolderObjects {
    root: PathBuf,
    /// Tells the half-written files of one process apart.
    next: AtomicU64,
}

impl FolderObjects {
    #[must_use]
    pub const fn new(root: PathBuf) -> Self {
        Self { root, next: AtomicU64::new(0) }
    }

    fn path(&self, key: &str) -> Result<PathBuf, ObjectError> {
        let named = |name: &str| {
            !name.is_empty()
                && !name.starts_with('.')
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        };
        let mut names = key.split('/');
        if key.len() <= 200 && names.clone().count() <= 5 && names.all(named) {
            Ok(self.root.join(key))
        } else {
            Err(ObjectError { key: key.chars().take(80).collect(), cause: "not a key".into() })
        }
    }

    /// Written beside its place, synced, then renamed: a reader sees the whole object or none.
    async fn write(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).await?;
        let half = folder.join(format!(".half-{}", self.next.fetch_add(1, Ordering::Relaxed)));
        let mut file = fs::File::create(&half).await?;
        file.write_all(bytes).await?;
        file.sync_all().await?;
        fs::rename(&half, path).await?;
        fs::File::open(folder).await?.sync_all().await
    }
}

fn failed(key: &str, error: &std::io::Error) -> ObjectError {
    ObjectError { key: key.into(), cause: error.to_string() }
}

#[async_trait]
impl Objects for FolderObjects {
    async fn put(&self, key: &str, bytes: Bytes) -> Result<(), ObjectError> {
        let path = self.path(key)?;
        self.write(&path, &bytes).await.map_err(|error| failed(key, &error))
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, ObjectError> {
        match fs::read(self.path(key)?).await {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(key, &error)),
        }
    }

    async fn remove(&self, key: &str) -> Result<(), ObjectError> {
        match fs::remove_file(self.path(key)?).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(key, &error)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_object_is_whole_and_stays_in_the_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let objects = FolderObjects::new(folder.path().join("objects"));
        assert_eq!(objects.get("media/A/160.webp").await, Ok(None));
        objects.put("media/A/160.webp", Bytes::from_static(b"one")).await.expect("written");
        objects.put("media/A/160.webp", Bytes::from_static(b"two")).await.expect("replaced");
        assert_eq!(objects.get("media/A/160.webp").await, Ok(Some(Bytes::from_static(b"two"))));
        objects.remove("media/A/160.webp").await.expect("removed");
        objects.remove("media/A/160.webp").await.expect("removed before");
        assert_eq!(objects.get("media/A/160.webp").await, Ok(None));
        for key in ["../x", "a/../x", "/etc/passwd", "a//b", ".half-0", "a/b/c/d/e/f", "a b", ""] {
            assert!(objects.get(key).await.is_err(), "{key}");
        }
    }
}
