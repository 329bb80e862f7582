//! Immutable objects by name: pictures, imported sheets, recordings.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;

/// The object store did not do it: the disk, the network. The text is for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("object {key}: {cause}")]
pub struct ObjectError {
    pub key: String,
    pub cause: String,
}

impl ObjectError {
    /// For a text that is no key.
    #[must_use]
    pub fn not_a_key(key: &str) -> Self {
        Self { key: key.chars().take(80).collect(), cause: "not a key".into() }
    }
}

/// Whether a text is a key: nothing in it leads out of a folder, and each store writes it alike.
#[must_use]
pub fn is_object_key(key: &str) -> bool {
    let named = |name: &str| {
        !name.is_empty()
            && !name.starts_with('.')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    let mut names = key.split('/');
    key.len() <= 200 && names.clone().count() <= 5 && names.all(named)
}

/// A key is one to five names of `A–Z a–z 0–9 . _ -` with `/` between them, none beginning with a dot. No key is the folder of
/// another: a store over a folder could not hold both.
#[async_trait]
pub trait Objects: Send + Sync + fmt::Debug {
    /// Durable when it returns. Writing the same key again replaces the object whole.
    async fn put(&self, key: &str, bytes: Bytes) -> Result<(), ObjectError>;
    /// None when there is no such object.
    async fn get(&self, key: &str) -> Result<Option<Bytes>, ObjectError>;
    /// Removing what is not there is no error.
    async fn remove(&self, key: &str) -> Result<(), ObjectError>;
    /// Bytes that can still be written; none where nobody knows, as with a rented store.
    fn free_bytes(&self) -> Option<u64>;
}
