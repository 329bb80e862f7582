//! Staff and buyers, their sessions, and the one-time secrets that let them in.

use std::fmt;

use async_trait::async_trait;
use kernel::{PersonId, SessionId, Timestamp};

use super::StoreError;
use crate::{Membership, Person, PersonKind};

/// A person as stored. Name, e-mail and phone are personal payload: erasure overwrites them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    pub id: PersonId,
    pub kind: PersonKind,
    pub name: String,
    /// Lower case; unique among those who have one.
    pub email: Option<String>,
    /// E.164; unique among those who have one.
    pub phone: Option<String>,
    /// An argon2id string in PHC form; none for who signs in by link or code.
    pub password_hash: Option<String>,
    pub memberships: Vec<Membership>,
    pub created_at: Timestamp,
    pub last_seen: Option<Timestamp>,
}

impl PersonRow {
    /// The person as an actor.
    #[must_use]
    pub fn person(&self) -> Person {
        Person { id: self.id, kind: self.kind, memberships: self.memberships.clone() }
    }
}

#[derive(Clone, Debug)]
pub struct NewStaff {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub password_hash: String,
    pub memberships: Vec<Membership>,
    pub now: Timestamp,
}

/// A session is stored under the hash of its token: who reads the table cannot sign in with it.
#[derive(Clone, Debug)]
pub struct NewSession {
    pub id: SessionId,
    pub token_hash: String,
    pub person: PersonId,
    pub created_at: Timestamp,
    pub until: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    pub id: SessionId,
    pub person: PersonRow,
    pub until: Timestamp,
}

/// What a one-time secret opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretPurpose {
    Setup,
    Link,
    Code,
}

impl SecretPurpose {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Link => "link",
            Self::Code => "code",
        }
    }
}

/// A one-time secret, stored hashed. `subject` is the e-mail or phone that it was sent to, empty for setup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    pub purpose: SecretPurpose,
    pub hash: String,
    pub subject: String,
    pub until: Timestamp,
}

#[async_trait]
pub trait People: Send + Sync + fmt::Debug {
    async fn any_owner(&self) -> Result<bool, StoreError>;
    async fn person(&self, id: PersonId) -> Result<Option<PersonRow>, StoreError>;
    async fn by_email(&self, email: &str) -> Result<Option<PersonRow>, StoreError>;
    async fn by_phone(&self, phone: &str) -> Result<Option<PersonRow>, StoreError>;
    async fn staff(&self) -> Result<Vec<PersonRow>, StoreError>;
    /// [`StoreError::Duplicate`] when the e-mail belongs to somebody.
    async fn add_staff(&self, staff: NewStaff) -> Result<(), StoreError>;
    /// [`StoreError::Duplicate`] when the e-mail or phone belongs to somebody.
    async fn add_buyer(&self, buyer: PersonRow) -> Result<(), StoreError>;
    /// Replaces them, unless the house would be without an owner: then nothing changes, and the answer is false.
    async fn set_memberships(&self, person: PersonId, memberships: Vec<Membership>) -> Result<bool, StoreError>;

    async fn add_session(&self, session: NewSession) -> Result<(), StoreError>;
    /// The session of this token's hash, unless it ended.
    async fn session(&self, token_hash: &str, now: Timestamp) -> Result<Option<SessionRow>, StoreError>;
    async fn end_session(&self, id: SessionId) -> Result<(), StoreError>;

    /// Adds a secret; those that are over are forgotten on the way.
    async fn add_secret(&self, secret: Secret, now: Timestamp) -> Result<(), StoreError>;
    /// Forgets every secret of this purpose that was sent there.
    async fn forget_secrets(&self, purpose: SecretPurpose, subject: &str) -> Result<(), StoreError>;
    /// Uses a secret up: returns its subject once, and only once, while it is valid.
    async fn use_secret(
        &self,
        purpose: SecretPurpose,
        hash: &str,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError>;

    /// Deletes sessions that are over, secrets that are used or over, and invitations whose link ended before
    /// `invitations`; at most `most` of each. Returns how many went.
    async fn sweep_doors(&self, now: Timestamp, invitations: Timestamp, most: u32) -> Result<u64, StoreError>;
}
