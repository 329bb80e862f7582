//! A poll: one at a time, one vote a viewer. Votes are in the log; a room is told what they come to.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Millis, PollId, Timestamp, ViewerId};
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use crate::limits::{ANSWERS, CHOICE_GRAPHEMES, CHOICES, POLL_GRAPHEMES, POLL_MINUTES};
use crate::text::fold;
use crate::{MessageText, Refusal};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PollPhase {
    Open,
    Closed,
}

/// A poll as everybody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollShown {
    pub id: PollId,
    pub question: String,
    pub choices: Vec<String>,
    pub phase: PollPhase,
    /// Votes by choice, in their order.
    pub counts: Vec<u32>,
    /// On the server's clock, Unix milliseconds; none when it stays open until it is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_at_ms: Option<i64>,
}

/// Whose vote is for what; told to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cast {
    pub by: ViewerId,
    pub choice: u8,
}

/// A poll as the log has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Poll {
    pub(crate) shown: PollShown,
    /// Who voted for what, while it is open.
    voted: BTreeMap<ViewerId, u8>,
}

/// A question and its answers as staff wrote them, cleaned.
pub(crate) fn drawn_up(question: &str, choices: &[String]) -> Result<(String, Vec<String>), Refusal> {
    let text = |raw: &str, most: usize| {
        let text = MessageText::parse(raw).map_err(|_| Refusal::PollUnclear)?.into_string();
        if text.graphemes(true).count() > most { Err(Refusal::PollUnclear) } else { Ok(text) }
    };
    let question = text(question, POLL_GRAPHEMES)?;
    let choices: Vec<String> = choices.iter().map(|choice| text(choice, CHOICE_GRAPHEMES)).collect::<Result<_, _>>()?;
    // What folds to nothing, such as an emoji, differs as it stands.
    let folded =
        |choice: &String| Some(fold(choice)).filter(|folded| !folded.is_empty()).unwrap_or_else(|| choice.clone());
    let different: BTreeSet<String> = choices.iter().map(folded).collect();
    if !CHOICES.contains(&choices.len()) || different.len() < choices.len() {
        return Err(Refusal::PollUnclear);
    }
    Ok((question, choices))
}

/// When a poll that is opened now closes by itself.
pub(crate) fn closing(now: Timestamp, minutes: Option<u32>) -> Result<Option<i64>, Refusal> {
    match minutes {
        Some(minutes) if !(1..=POLL_MINUTES).contains(&minutes) => Err(Refusal::PollUnclear),
        Some(minutes) => Ok(Some((now + Millis::from_mins(i64::from(minutes))).unix_millis())),
        None => Ok(None),
    }
}

impl Poll {
    pub(crate) const fn new(shown: PollShown) -> Self {
        Self { shown, voted: BTreeMap::new() }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.shown.phase == PollPhase::Open
    }

    /// Whether it closes by itself now.
    pub(crate) fn is_due(&self, now_ms: i64) -> bool {
        self.is_open() && self.shown.closes_at_ms.is_some_and(|at_ms| at_ms <= now_ms)
    }

    pub(crate) fn admits(&self, viewer: ViewerId, choice: u8, now_ms: i64) -> Result<(), Refusal> {
        if !self.is_open() || self.is_due(now_ms) {
            Err(Refusal::NoPoll)
        } else if usize::from(choice) >= self.shown.choices.len() {
            Err(Refusal::UnknownChoice)
        } else if self.voted.contains_key(&viewer) {
            Err(Refusal::VotedAlready)
        } else if self.voted.len() >= ANSWERS {
            Err(Refusal::AnswersFull)
        } else {
            Ok(())
        }
    }

    pub(crate) fn vote(&mut self, cast: Cast) {
        if let Some(count) = self.shown.counts.get_mut(usize::from(cast.choice))
            && self.voted.insert(cast.by, cast.choice).is_none()
        {
            *count += 1;
        }
    }

    pub(crate) fn closed(&self) -> PollShown {
        PollShown { phase: PollPhase::Closed, ..self.shown.clone() }
    }

    pub(crate) fn vote_of(&self, viewer: ViewerId) -> Option<u8> {
        self.voted.get(&viewer).copied()
    }
}
