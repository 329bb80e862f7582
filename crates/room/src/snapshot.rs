//! What somebody who enters sees, whatever happened before: small, and the same for everybody.

use kernel::{ProgrammeId, RequestId};
use serde::Serialize;

use crate::limits::SNAPSHOT_MESSAGES;
use crate::{
    ChatRules, DropShown, Event, Kind, Pinned, PollShown, Room, ShowState, Step, TriviaShown, Wanted, Wording,
};

/// The room for a newcomer. At most 20 messages, so at most about 50 KB.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// The last offset that it covers.
    pub offset: u64,
    pub state: ShowState,
    pub programme_id: Option<ProgrammeId>,
    pub pinned: Option<Pinned>,
    /// Grows whenever the tray has to be asked for again.
    pub tray_version: u64,
    /// The last messages, oldest first, none that was removed.
    pub messages: Vec<Event>,
    pub requests: Vec<Asked>,
    /// Drops that are not over.
    pub drops: Vec<DropShown>,
    /// Questions that are not over.
    pub trivia: Vec<TriviaShown>,
    pub viewers: u32,
    pub hearts: u64,
    pub announcement: Option<String>,
    /// The last poll, until it is cleared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poll: Option<PollShown>,
    /// The line of the chat that stays in sight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Event>,
    /// Questions that wait for a reply, oldest first: for the shop's people, none for others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Event>,
    /// Lines that wait to be read, oldest first: for the shop's people, none for others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Event>,
    /// Absent where none are in force.
    #[serde(skip_serializing_if = "ChatRules::is_default")]
    pub rules: ChatRules,
}

/// A request as viewers see it; who asked stays with the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asked {
    pub id: RequestId,
    pub what: Wanted,
    pub number: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wording: Option<Wording>,
    pub voices: u32,
    pub step: Step,
    /// When it was shown.
    pub programme_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
}

impl Room {
    /// The same with what the shop's people work on.
    #[must_use]
    pub fn staff_snapshot(&self, viewers: u32) -> Snapshot {
        let (questions, held) = (self.inbox.open().cloned().collect(), self.held.events().cloned().collect());
        Snapshot { questions, held, ..self.snapshot(viewers) }
    }

    /// `viewers`: distinct viewers now, fresher than the log's last sum.
    #[must_use]
    pub fn snapshot(&self, viewers: u32) -> Snapshot {
        let shown = |event: &&Event| matches!(event.kind, Kind::Message { removed: false, .. });
        let mut messages: Vec<_> = self.messages.iter().rev().filter(shown).take(SNAPSHOT_MESSAGES).cloned().collect();
        messages.reverse();
        let asked = self.board.iter().map(|request| Asked {
            id: request.id,
            what: request.what,
            number: request.number,
            with: request.with,
            wording: request.wording.clone(),
            voices: request.voices,
            step: request.step,
            programme_ms: request.shown_ms,
            word: request.word.clone(),
        });
        Snapshot {
            offset: self.offset,
            state: self.state,
            programme_id: self.programme_id,
            pinned: self.pinned,
            tray_version: self.tray_version,
            messages,
            requests: asked.collect(),
            drops: self.drops.clone(),
            trivia: self.questions.shown().map(|(_, shown)| shown.clone().public()).collect(),
            viewers,
            hearts: self.facts.hearts,
            announcement: self.announcement.clone(),
            poll: self.poll.as_ref().map(|poll| poll.shown.clone()),
            comment: self.comment.clone(),
            questions: Vec::new(),
            held: Vec::new(),
            rules: self.rules,
        }
    }
}
