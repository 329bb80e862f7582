//! How people become staff, what they let programs do for them, and what they did.

use std::fmt;

use async_trait::async_trait;
use kernel::{EntryId, InvitationId, PersonId, ShowId, Timestamp, TokenId};

use super::{PersonRow, StoreError};
use crate::Membership;
use crate::access::Act;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationRow {
    pub id: InvitationId,
    /// Lower case.
    pub email: String,
    pub membership: Membership,
    /// None: the house itself.
    pub invited_by: Option<PersonId>,
    pub created_at: Timestamp,
    pub until: Timestamp,
}

/// What an invitation is accepted with.
#[derive(Clone, Debug)]
pub struct Acceptance {
    pub token_hash: String,
    /// Who they become, unless the e-mail belongs to somebody already.
    pub person: PersonId,
    pub name: String,
    pub password_hash: String,
    pub now: Timestamp,
}

/// Who accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    pub person: PersonId,
    /// They were staff before and keep name and password.
    pub was_staff: bool,
    pub membership: Membership,
}

#[async_trait]
pub trait Invitations: Send + Sync + fmt::Debug {
    async fn add_invitation(&self, row: InvitationRow, token_hash: String) -> Result<(), StoreError>;
    /// Those that can still be accepted, newest first.
    async fn open_invitations(&self, now: Timestamp) -> Result<Vec<InvitationRow>, StoreError>;
    /// The invitation of this token's hash, while it can be accepted.
    async fn invitation(&self, token_hash: &str, now: Timestamp) -> Result<Option<InvitationRow>, StoreError>;
    /// Whether there was one to withdraw.
    async fn withdraw(&self, id: InvitationId) -> Result<bool, StoreError>;
    /// Uses the invitation up, once, and makes its e-mail's owner staff with its membership, all in one commit. None
    /// when it was used, withdrawn or is over.
    async fn accept(&self, acceptance: Acceptance) -> Result<Option<Joined>, StoreError>;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    pub id: TokenId,
    pub person: PersonId,
    pub name: String,
    pub scopes: Vec<Act>,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

#[async_trait]
pub trait Tokens: Send + Sync + fmt::Debug {
    async fn add_token(&self, row: TokenRow, token_hash: String) -> Result<(), StoreError>;
    /// Newest first.
    async fn tokens_of(&self, person: PersonId) -> Result<Vec<TokenRow>, StoreError>;
    /// The token of this hash and whose it is.
    async fn token(&self, token_hash: &str) -> Result<Option<(TokenRow, PersonRow)>, StoreError>;
    async fn token_used(&self, id: TokenId, at: Timestamp) -> Result<(), StoreError>;
    /// Whether that person had it.
    async fn revoke_token(&self, person: PersonId, id: TokenId) -> Result<bool, StoreError>;
}

/// One act of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    pub id: EntryId,
    pub at: Timestamp,
    /// None: the house itself.
    pub person: Option<PersonId>,
    /// A permanent word, see [`crate::audit::Deed`].
    pub act: String,
    /// What it was done to: an order's number, a title, an id. People and invitations are written down by id alone, since
    /// the trail outlives what may be known of a person; they are read as a name or an e-mail while there is one.
    pub subject: String,
    pub detail: Option<String>,
    pub show: Option<ShowId>,
}

/// The trail of what staff did. A moderator's acts in a room are written by the room's log, in its commit.
#[async_trait]
pub trait Audit: Send + Sync + fmt::Debug {
    async fn add_entry(&self, row: AuditRow) -> Result<(), StoreError>;
    /// Newest first, with the names of those who are still there.
    async fn entries(
        &self,
        show: Option<ShowId>,
        after: Option<EntryId>,
        limit: u32,
    ) -> Result<Vec<(AuditRow, Option<String>)>, StoreError>;
}
