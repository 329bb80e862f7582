//! The questions of a room as its log has them: which stand, and who has answered the one that is asked.

use std::collections::BTreeMap;

use kernel::{DropId, ViewerId};
use serde::{Deserialize, Serialize};

use crate::limits::{ANSWERS, REMEMBERED_ANSWERS, TRIVIA};
use crate::{Answering, Event, Given, Kind, Refusal, TriviaPhase, TriviaShown};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Question {
    /// What was told of it last: always [`Kind::Trivia`].
    told: Event,
    answered: BTreeMap<ViewerId, Answered>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Answered {
    offset: u64,
    ref_hash: Option<String>,
}

/// Those that are not over, in the order in which they were first told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Questions(Vec<Question>);

impl Question {
    fn shown(&self) -> Option<&TriviaShown> {
        match &self.told.kind {
            Kind::Trivia(shown) => Some(shown),
            _ => None,
        }
    }

    fn is(&self, id: DropId) -> bool {
        self.shown().is_some_and(|shown| shown.id == id)
    }

    fn is_open(&self) -> bool {
        self.shown().is_some_and(|shown| shown.phase == TriviaPhase::Open)
    }
}

impl Questions {
    /// Each with the offset at which it was told.
    pub(crate) fn shown(&self) -> impl Iterator<Item = (u64, &TriviaShown)> {
        self.0.iter().filter_map(|question| Some((question.told.offset, question.shown()?)))
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn events_mut(&mut self) -> impl Iterator<Item = &mut Event> {
        self.0.iter_mut().map(|question| &mut question.told)
    }

    pub(crate) fn find(&self, id: DropId) -> Option<&TriviaShown> {
        self.shown().map(|(_, shown)| shown).find(|shown| shown.id == id)
    }

    /// How many have answered it.
    pub(crate) fn answers(&self, id: DropId) -> u32 {
        let question = self.0.iter().find(|question| question.is(id));
        question.map_or(0, |question| u32::try_from(question.answered.len()).unwrap_or(u32::MAX))
    }

    /// The one that is asked now; of several, the first.
    pub(crate) fn open(&self) -> Option<&TriviaShown> {
        self.shown().map(|(_, shown)| shown).find(|shown| shown.phase == TriviaPhase::Open)
    }

    /// Where the answer stands that is sent again under its `ref`.
    pub(crate) fn answered_with(&self, by: ViewerId, ref_hash: Option<&str>) -> Option<u64> {
        let hash = ref_hash?;
        let own = self.0.iter().filter_map(|question| question.answered.get(&by));
        own.filter(|answered| answered.ref_hash.as_deref() == Some(hash)).map(|answered| answered.offset).next()
    }

    /// Whether they may answer the question that is asked now.
    pub(crate) fn admits(&self, answering: Answering) -> Result<(), Refusal> {
        let Some(question) = self.0.iter().find(|question| question.is_open()) else { return Ok(()) };
        let countries = question.shown().and_then(|shown| shown.countries.as_ref());
        if answering.of_house {
            Err(Refusal::StaffExcluded)
        } else if answering.country.is_some_and(|country| countries.is_some_and(|all| !all.contains(&country))) {
            Err(Refusal::NotDelivered)
        } else if question.answered.contains_key(&answering.by) {
            Err(Refusal::AnsweredAlready)
        } else if question.answered.len() >= ANSWERS {
            Err(Refusal::AnswersFull)
        } else {
            Ok(())
        }
    }

    pub(crate) fn answered(&mut self, id: DropId, offset: u64, given: Option<&Given>) {
        let question = self.0.iter_mut().find(|question| question.is(id));
        if let Some((question, given)) = question.zip(given) {
            question.answered.insert(given.by, Answered { offset, ref_hash: given.ref_hash.clone() });
        }
    }

    /// Takes in what is told of one.
    pub(crate) fn show(&mut self, event: &Event, shown: &TriviaShown) {
        let known = self.0.iter().position(|question| question.is(shown.id));
        match (known, shown.phase) {
            (Some(place), TriviaPhase::Ended) => _ = self.0.remove(place),
            (None, TriviaPhase::Ended) => {}
            (Some(place), phase) => {
                let question = &mut self.0[place];
                question.told = event.clone();
                if phase == TriviaPhase::Decided && question.answered.len() > REMEMBERED_ANSWERS {
                    let mut offsets: Vec<u64> = question.answered.values().map(|answered| answered.offset).collect();
                    offsets.sort_unstable();
                    let from = offsets[offsets.len() - REMEMBERED_ANSWERS];
                    question.answered.retain(|_, answered| answered.offset >= from);
                }
            }
            (None, _) => {
                if self.0.len() == TRIVIA {
                    self.0.remove(0);
                }
                self.0.push(Question { told: event.clone(), answered: BTreeMap::new() });
            }
        }
    }
}
