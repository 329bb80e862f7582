//! Questions as they are kept. The prize of each lies in a drop that bears the same id; answers lie in the room's log.

use std::fmt;

use async_trait::async_trait;
use kernel::{DropId, ShowId, Timestamp};
use room::{Question, Spread};
use serde::{Deserialize, Serialize};

use super::StoreError;

/// A question of a show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriviaRow {
    /// That of its prize.
    pub id: DropId,
    pub show: ShowId,
    pub question: Question,
    pub standing: TriviaStanding,
}

/// How far it came. It goes one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TriviaStanding {
    /// Nobody can read it yet.
    Waiting,
    /// Its answers stand in the log behind this offset.
    Asked {
        from: u64,
    },
    Decided(Decided),
}

/// What it came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    pub from: u64,
    pub at: Timestamp,
    pub answers: u32,
    pub spread: Vec<Spread>,
}

impl TriviaStanding {
    /// The word of its stage.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Asked { .. } => "asked",
            Self::Decided(_) => "decided",
        }
    }
}

#[async_trait]
pub trait Questions: Send + Sync + fmt::Debug {
    /// Keeps a question that waits, or changes one; [`StoreError::Changed`] once it was asked.
    async fn plan_trivia(&self, row: TriviaRow) -> Result<(), StoreError>;
    /// Takes one away that was not asked. Returns whether there was one.
    async fn unplan_trivia(&self, id: DropId) -> Result<bool, StoreError>;
    async fn trivia(&self, id: DropId) -> Result<Option<TriviaRow>, StoreError>;
    /// Every question of a show, in order of its making.
    async fn trivia_of_show(&self, show: ShowId) -> Result<Vec<TriviaRow>, StoreError>;
    /// Moves one on, and says whether it stood as `from` says: of two who move it on, one does.
    async fn move_trivia(&self, id: DropId, from: TriviaStanding, to: TriviaStanding) -> Result<bool, StoreError>;
}
