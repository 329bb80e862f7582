//! What holds for everybody's chat in a room, as its moderators set it.

use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::limits::SLOW_SECONDS;

/// The rules of the chat; none are in force by default. The shop's own people are not held to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChatRules {
    /// Seconds between two lines of one viewer, at most 600; 0: no slow mode.
    pub slow_s: u32,
    pub who: WhoWrites,
    pub review: Review,
    pub links: Links,
}

/// Whose lines are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhoWrites {
    #[default]
    Everybody,
    /// Who has paid for something in this house.
    Buyers,
}

/// Which lines somebody of the shop reads before others do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Those that hold a word of the list for it, alone.
    #[default]
    Listed,
    /// Also the first line of each viewer.
    First,
    All,
}

/// What becomes of a line with a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Links {
    #[default]
    Refuse,
    /// It waits until somebody of the shop has read it.
    Hold,
}

impl ChatRules {
    /// # Errors
    /// `RulesUnclear` past ten minutes of slow mode.
    pub(crate) fn checked(self) -> Result<Self, Refusal> {
        if self.slow_s > SLOW_SECONDS { Err(Refusal::RulesUnclear) } else { Ok(self) }
    }

    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
