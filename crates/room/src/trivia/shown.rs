//! A question as everybody in the room sees it. Who won is the till's to say; the room shows it.

use kernel::{Country, DropId, MessageId, VariantId, ViewerId};
use serde::{Deserialize, Serialize};

/// Where a question stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriviaPhase {
    /// The prize is set aside; the question is asked at `opens_at_ms`, or when it is fired. Nobody can read it yet.
    Armed,
    /// What viewers say is an answer, and hidden.
    Open,
    /// The winner is named, or nobody was right.
    Decided,
    /// Over for good: paid for, or back on sale.
    Ended,
}

/// Whose answer holds the prize.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Winner {
    /// Names the row beside the log in which the name lies.
    pub id: MessageId,
    /// As whom the till knows them; told to nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<ViewerId>,
    /// As they are called in the chat; empty once it was erased.
    pub name: String,
}

/// How many gave an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// As it was written first.
    pub answer: String,
    pub count: u32,
    pub right: bool,
}

/// A question for everybody, and what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriviaShown {
    /// That of its prize, which lies in a drop of its own.
    pub id: DropId,
    pub number: u32,
    pub variant_id: VariantId,
    pub phase: TriviaPhase,
    /// What the winner saves on the piece, in hundredths of a percent.
    pub basis_points: u32,
    /// Who lives elsewhere cannot win; everywhere without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub countries: Option<Vec<Country>>,
    /// On the server's clock, Unix milliseconds; none until it is fired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_at_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_at_ms: Option<i64>,
    /// None until it is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// People who have answered.
    #[serde(default)]
    pub answers: u32,
    /// The right one, once it is decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// None while it is not decided, and where nobody was right or has it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub winner: Option<Winner>,
    /// Once it is decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spread: Vec<Spread>,
}

impl TriviaShown {
    /// As everybody is told it.
    #[must_use]
    pub fn public(mut self) -> Self {
        if let Some(winner) = &mut self.winner {
            winner.by = None;
        }
        self
    }

    /// Whether it says the same: the row of a name is another one each time.
    #[must_use]
    pub fn says_as(&self, other: &Self) -> bool {
        let told = |shown: &Self| shown.winner.as_ref().map(|winner| (winner.by, winner.name.clone()));
        let rest = |shown: &Self| Self { winner: None, ..shown.clone() };
        told(self) == told(other) && rest(self) == rest(other)
    }
}
