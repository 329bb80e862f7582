//! Wallets in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use kernel::{EntryId, PersonId, Timestamp};
use shop::wallet::{MAX_ADDRESSES, MAX_METHODS, Month, SavedAddress, SavedMethod, Wallet};

use crate::ports::{StoreError, Wallets};

#[derive(Debug, Default)]
struct Rows {
    of: BTreeMap<PersonId, Wallet>,
    /// With when their providers are asked.
    ended: Vec<(Timestamp, SavedMethod)>,
}

#[derive(Debug, Default)]
pub struct MemoryWallets(Mutex<Rows>);

impl MemoryWallets {
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What tells one card from another, whatever its provider calls it.
fn card(method: &SavedMethod) -> (&str, &str, &str, Option<Month>) {
    (&method.provider, &method.kept.brand, &method.kept.last_four, method.kept.expires)
}

fn token(method: &SavedMethod) -> (&str, &str) {
    (&method.provider, &method.kept.token)
}

#[async_trait]
impl Wallets for MemoryWallets {
    async fn wallet(&self, person: PersonId) -> Result<Wallet, StoreError> {
        Ok(self.rows().of.get(&person).cloned().unwrap_or_default())
    }

    async fn keep_address(&self, person: PersonId, address: SavedAddress) -> Result<(), StoreError> {
        let mut rows = self.rows();
        let own = &mut rows.of.entry(person).or_default().addresses;
        own.retain(|known| (&known.contact, &known.address) != (&address.contact, &address.address));
        own.insert(0, address);
        own.truncate(MAX_ADDRESSES);
        Ok(())
    }

    async fn forget_address(&self, person: PersonId, id: EntryId) -> Result<bool, StoreError> {
        let mut rows = self.rows();
        let own = &mut rows.of.entry(person).or_default().addresses;
        let before = own.len();
        own.retain(|known| known.id != id);
        Ok(own.len() < before)
    }

    async fn keep_method(&self, person: PersonId, method: SavedMethod) -> Result<(), StoreError> {
        let mut rows = self.rows();
        if rows.ended.iter().any(|(_, known)| token(known) == token(&method)) {
            return Ok(());
        }
        let own = &mut rows.of.entry(person).or_default().methods;
        if own.iter().any(|known| token(known) == token(&method)) {
            return Ok(());
        }
        let at = method.saved_at;
        let mut gone: Vec<SavedMethod> = own.extract_if(.., |known| card(known) == card(&method)).collect();
        own.insert(0, method);
        gone.extend(own.drain(MAX_METHODS.min(own.len())..));
        rows.ended.extend(gone.into_iter().map(|method| (at, method)));
        Ok(())
    }

    async fn end_method(&self, person: PersonId, id: EntryId, at: Timestamp) -> Result<bool, StoreError> {
        let mut rows = self.rows();
        let own = &mut rows.of.entry(person).or_default().methods;
        let gone: Vec<SavedMethod> = own.extract_if(.., |known| known.id == id).collect();
        let found = !gone.is_empty();
        rows.ended.extend(gone.into_iter().map(|method| (at, method)));
        Ok(found)
    }

    async fn ended_methods(&self, now: Timestamp, limit: u32) -> Result<Vec<SavedMethod>, StoreError> {
        let rows = self.rows();
        let mut due: Vec<&(Timestamp, SavedMethod)> = rows.ended.iter().filter(|(at, _)| *at <= now).collect();
        due.sort_by_key(|(at, method)| (*at, method.id));
        Ok(due
            .into_iter()
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .map(|(_, method)| method.clone())
            .collect())
    }

    async fn put_off_method(&self, id: EntryId, until: Timestamp) -> Result<(), StoreError> {
        self.rows().ended.iter_mut().filter(|(_, method)| method.id == id).for_each(|(at, _)| *at = until);
        Ok(())
    }

    async fn forget_method(&self, id: EntryId) -> Result<(), StoreError> {
        self.rows().ended.retain(|(_, method)| method.id != id);
        Ok(())
    }
}
