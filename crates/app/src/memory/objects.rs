//! Objects in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;

use crate::ports::{ObjectError, Objects, is_object_key};

#[derive(Debug, Default)]
pub struct MemoryObjects(Mutex<BTreeMap<String, Bytes>>);

impl MemoryObjects {
    fn with<T>(&self, key: &str, work: impl FnOnce(&mut BTreeMap<String, Bytes>) -> T) -> Result<T, ObjectError> {
        if is_object_key(key) {
            Ok(work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner)))
        } else {
            Err(ObjectError::not_a_key(key))
        }
    }
}

#[async_trait]
impl Objects for MemoryObjects {
    async fn put(&self, key: &str, bytes: Bytes) -> Result<(), ObjectError> {
        self.with(key, |objects| drop(objects.insert(key.to_owned(), bytes)))
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, ObjectError> {
        self.with(key, |objects| objects.get(key).cloned())
    }

    async fn remove(&self, key: &str) -> Result<(), ObjectError> {
        self.with(key, |objects| drop(objects.remove(key)))
    }

    fn free_bytes(&self) -> Option<u64> {
        None
    }
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn the_promises_are_kept() {
        crate::conformance::objects::check(&super::MemoryObjects::default()).await;
    }
}
