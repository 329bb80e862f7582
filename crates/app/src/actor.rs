//! Who asks.

use kernel::{BrandId, PersonId, ShowId, ViewerId};
use serde::{Deserialize, Serialize};

/// What a staff member is trusted with. A person may hold several, each on a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Merchant,
    Host,
    Assistant,
    Fulfilment,
}

impl Role {
    pub const ALL: [Self; 5] = [Self::Owner, Self::Merchant, Self::Host, Self::Assistant, Self::Fulfilment];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Merchant => "merchant",
            Self::Host => "host",
            Self::Assistant => "assistant",
            Self::Fulfilment => "fulfilment",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// Where a membership holds. The house holds everything in it; a brand holds its shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Scope {
    House,
    Brand(BrandId),
    Show(ShowId),
}

/// A role on a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Membership {
    pub role: Role,
    pub scope: Scope,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonKind {
    Staff,
    Buyer,
}

/// A signed-in person: staff by their memberships, or a buyer with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub kind: PersonKind,
    pub memberships: Vec<Membership>,
}

/// What a person was recognized by: the hash under which the store keeps its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    Session(String),
    Token(String),
}

/// Who asks: every use case takes one. A request may carry a viewer's cookie and a session at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// The device that watches, when it has been given a token.
    pub viewer: Option<ViewerId>,
    /// The person signed in on it.
    pub person: Option<Person>,
    /// None without a person, and for one who came with a room's ticket.
    pub proof: Option<Proof>,
    /// Set for an API token: the acts that it was limited to.
    pub token_scopes: Option<Vec<crate::access::Act>>,
    /// A background job of the house itself: may do everything.
    pub house: bool,
}

impl Actor {
    #[must_use]
    pub fn viewer(id: ViewerId) -> Self {
        Self { viewer: Some(id), ..Self::default() }
    }

    /// The house itself: jobs, the first start, the furnishing of a demo.
    #[must_use]
    pub fn house() -> Self {
        Self { house: true, ..Self::default() }
    }

    #[must_use]
    pub fn person_id(&self) -> Option<PersonId> {
        self.person.as_ref().map(|person| person.id)
    }

    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.house || self.person.as_ref().is_some_and(|person| !person.memberships.is_empty())
    }
}
