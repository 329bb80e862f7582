//! Objects in a folder, or in a store that speaks S3.

use std::path::{Path as FilePath, PathBuf};

use app::ports::{ObjectError, Objects, is_object_key};
use async_trait::async_trait;
use bytes::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use url::Url;

/// Why the settings name no object store.
#[derive(Debug, thiserror::Error)]
pub enum ObjectsError {
    #[error("objects: {0} cannot be used: {1}")]
    Folder(PathBuf, std::io::Error),
    #[error("objects: write s3://bucket/folder?endpoint=https://…&region=…, not {0}")]
    Address(String),
    #[error("objects: {0}")]
    Store(#[from] object_store::Error),
}

/// The objects of a house.
#[derive(Debug)]
pub struct StoredObjects {
    store: Box<dyn ObjectStore>,
    /// Before every key; empty, or with a slash at its end.
    prefix: String,
    /// Whose free space counts.
    folder: Option<PathBuf>,
}

impl StoredObjects {
    /// In a folder of their own, which is made. Every write is synced before it returns.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn folder(root: &FilePath) -> Result<Self, ObjectsError> {
        std::fs::create_dir_all(root).map_err(|error| ObjectsError::Folder(root.to_owned(), error))?;
        let store = Box::new(LocalFileSystem::new_with_prefix(root)?.with_fsync(true));
        Ok(Self { store, prefix: String::new(), folder: Some(root.to_owned()) })
    }

    /// In a bucket: `s3://key:secret@bucket/folder?endpoint=https://s3.example&region=eu-west-1`. Without a key the
    /// machine's own role says who we are; without an endpoint it is Amazon's.
    ///
    /// # Errors
    /// When the address is none, or what it says does not fit together.
    pub fn s3(address: &str) -> Result<Self, ObjectsError> {
        let wrong = || ObjectsError::Address(address.split('@').next_back().unwrap_or_default().to_owned());
        let url = Url::parse(address).map_err(|_| wrong())?;
        let bucket = url.host_str().filter(|_| url.scheme() == "s3").ok_or_else(wrong)?;
        let mut builder = AmazonS3Builder::new().with_bucket_name(bucket);
        if !url.username().is_empty() {
            let plain = |text: &str| percent(text).ok_or_else(wrong);
            let secret = plain(url.password().unwrap_or_default())?;
            builder = builder.with_access_key_id(plain(url.username())?).with_secret_access_key(secret);
        }
        for (name, value) in url.query_pairs() {
            builder = match name.as_ref() {
                "endpoint" => builder.with_allow_http(value.starts_with("http://")).with_endpoint(value),
                "region" => builder.with_region(value),
                _ => return Err(wrong()),
            };
        }
        let folder = url.path().trim_matches('/');
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Ok(Self { store: Box::new(builder.build()?), prefix, folder: None })
    }

    fn path(&self, key: &str) -> Result<Path, ObjectError> {
        let path = is_object_key(key).then(|| Path::parse(format!("{}{key}", self.prefix)).ok()).flatten();
        path.ok_or_else(|| ObjectError::not_a_key(key))
    }
}

/// What a part of an address says, percent signs read.
fn percent(text: &str) -> Option<String> {
    let pairs = format!("t={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(pairs.as_bytes()).next().map(|(_, value)| value.into_owned())
}

fn failed(key: &str, error: &object_store::Error) -> ObjectError {
    ObjectError { key: key.into(), cause: error.to_string() }
}

#[async_trait]
impl Objects for StoredObjects {
    async fn put(&self, key: &str, bytes: Bytes) -> Result<(), ObjectError> {
        let path = self.path(key)?;
        self.store.put(&path, bytes.into()).await.map(drop).map_err(|error| failed(key, &error))
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, ObjectError> {
        match self.store.get(&self.path(key)?).await {
            Ok(found) => found.bytes().await.map(Some).map_err(|error| failed(key, &error)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(key, &error)),
        }
    }

    async fn remove(&self, key: &str) -> Result<(), ObjectError> {
        match self.store.delete(&self.path(key)?).await {
            Err(object_store::Error::NotFound { .. }) | Ok(()) => Ok(()),
            Err(error) => Err(failed(key, &error)),
        }
    }

    fn free_bytes(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(self.folder.as_ref()?).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_where_and_who() {
        for (address, prefix) in [
            ("s3://house?region=eu-west-1", Some("")),
            ("s3://key:s%2Fcret@house/shop?endpoint=http://127.0.0.1:9000&region=local", Some("shop/")),
            ("s3://house/a/b/?region=x", Some("a/b/")),
            ("http://house", None),
            ("s3://house?bucket=other", None),
            ("house", None),
        ] {
            let read = StoredObjects::s3(address);
            assert_eq!(read.as_ref().ok().map(|objects| objects.prefix.as_str()), prefix, "{address}: {read:?}");
        }
        let refused = StoredObjects::s3("s3://key:hidden@house?wrong=1").expect_err("a word that nobody knows");
        assert!(!refused.to_string().contains("hidden"), "{refused}");
    }
}
