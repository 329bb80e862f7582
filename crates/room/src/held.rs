//! Lines that wait until somebody of the shop has read them. Nobody but who wrote them and the shop's people see them.

use std::collections::{BTreeSet, VecDeque};

use kernel::{MessageId, ViewerId};
use serde::{Deserialize, Serialize};

use crate::limits::{HELD, HELD_OF_VIEWER, SPOKEN};
use crate::{Event, Kind, Refusal};

/// A line that waits. `name` and `text` live apart from the log, like those of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldLine {
    pub id: MessageId,
    pub viewer_id: ViewerId,
    pub name: String,
    pub text: String,
    pub why: WhyHeld,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ref_hash: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyHeld {
    /// It holds a word of the list for it.
    Word,
    Link,
    /// It is this viewer's first.
    First,
    /// Every line is read first.
    Review,
}

/// What waits, oldest first, and who has spoken: whose next line is not their first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    /// Always [`Kind::Held`] with its line.
    waiting: VecDeque<Event>,
    spoken: BTreeSet<ViewerId>,
}

fn line_of(event: &Event) -> Option<&HeldLine> {
    match &event.kind {
        Kind::Held { line } => line.as_deref(),
        _ => None,
    }
}

impl Held {
    pub(crate) fn admits(&self, viewer: ViewerId) -> Result<(), Refusal> {
        let own = self.of(viewer).count();
        if self.waiting.len() >= HELD || own >= HELD_OF_VIEWER { Err(Refusal::ReviewFull) } else { Ok(()) }
    }

    pub(crate) fn add(&mut self, event: &Event) {
        if self.waiting.len() == HELD {
            self.waiting.pop_front();
        }
        self.waiting.push_back(event.clone());
    }

    pub(crate) fn find(&self, id: MessageId) -> Option<&HeldLine> {
        self.lines().find(|line| line.id == id)
    }

    /// Where a line with this mark of its sender's waits.
    pub(crate) fn sent_with(&self, viewer: ViewerId, hash: &str) -> Option<u64> {
        let is_it = |line: &HeldLine| line.viewer_id == viewer && line.ref_hash.as_deref() == Some(hash);
        self.waiting.iter().find(|event| line_of(event).is_some_and(is_it)).map(|event| event.offset)
    }

    pub(crate) fn at(&self, offset: u64) -> Option<MessageId> {
        self.waiting.iter().find(|event| event.offset == offset).and_then(line_of).map(|line| line.id)
    }

    pub(crate) fn settle(&mut self, id: MessageId) {
        self.waiting.retain(|event| line_of(event).is_none_or(|line| line.id != id));
    }

    /// What waits of one viewer.
    pub(crate) fn of(&self, viewer: ViewerId) -> impl Iterator<Item = &Event> {
        self.waiting.iter().filter(move |event| line_of(event).is_some_and(|line| line.viewer_id == viewer))
    }

    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.waiting.iter()
    }

    pub(crate) fn events_mut(&mut self) -> impl Iterator<Item = &mut Event> {
        self.waiting.iter_mut()
    }

    fn lines(&self) -> impl Iterator<Item = &HeldLine> {
        self.waiting.iter().filter_map(line_of)
    }

    /// Past the bound half are forgotten, whose next lines are read first again.
    pub(crate) fn has_spoken(&mut self, viewer: ViewerId) {
        if self.spoken.len() >= SPOKEN {
            let mut keep = false;
            self.spoken.retain(|_| {
                keep = !keep;
                keep
            });
        }
        self.spoken.insert(viewer);
    }

    pub(crate) fn spoke(&self, viewer: ViewerId) -> bool {
        self.spoken.contains(&viewer)
    }
}
