//! Questions in the chat: which lines are some, which of them wait, and what the shop replied.

use std::collections::VecDeque;

use kernel::{MessageId, ViewerId};
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use crate::limits::{INQUIRY_GRAPHEMES, OPEN_INQUIRIES, OWN_REPLIES};
use crate::{Event, Kind};

/// English words with which a question begins.
const OPENINGS: [&str; 26] = [
    "what", "what's", "whats", "which", "who", "whose", "where", "when", "why", "how", "is", "are", "do", "does",
    "did", "can", "could", "will", "would", "should", "has", "have", "may", "any", "isn't", "don't",
];
/// What a Chinese question holds, or ends with.
const PARTS: [&str; 14] = [
    "多少",
    "什么",
    "怎么",
    "为什么",
    "哪",
    "几",
    "是否",
    "有没有",
    "能不能",
    "可不可以",
    "会不会",
    "是不是",
    "多大",
    "多长",
];
const ENDINGS: [char; 3] = ['吗', '呢', '么'];

/// Whether a line of the chat reads like a question to the shop. A guess: staff mark what it misses and wave off what it
/// takes for one.
#[must_use]
pub fn is_question(text: &str) -> bool {
    if text.graphemes(true).count() > INQUIRY_GRAPHEMES {
        return false;
    }
    let is_word = |c: char| c.is_alphanumeric();
    if !text.contains(is_word) {
        return false;
    }
    let said = text.trim_end_matches(|c: char| !is_word(c));
    let after = &text[said.len()..];
    if after.contains(['?', '？']) || said.ends_with(ENDINGS) || PARTS.iter().any(|part| said.contains(part)) {
        return true;
    }
    let mut words = said.split_whitespace();
    let first = words.next().unwrap_or_default().to_lowercase().replace('’', "'");
    // "How lovely" is none: what asks says a little more.
    OPENINGS.contains(&first.as_str()) && words.count() >= 2
}

/// How a question was dealt with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    #[default]
    Text,
    /// Said on camera: the event's programme time is the moment.
    OnAir,
    /// Waved off: it waits no more.
    Dismissed,
}

/// What the shop replied to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Names the row beside the log in which question and reply lie.
    pub id: MessageId,
    /// The line that asked.
    pub message_id: MessageId,
    /// Who asked.
    pub viewer_id: ViewerId,
    /// The product that it is about, by its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    pub how: How,
    /// For who asked alone, and the shop's people.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub private: bool,
    /// As it was asked; empty where it is not told, was removed or erased.
    pub question: String,
    /// Empty for what was said on camera, and as `question`.
    pub text: String,
}

impl Reply {
    /// Whether it is kept with its product.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        !self.private && self.how != How::Dismissed && self.number.is_some()
    }
}

/// What waits for a reply, and what was replied to one viewer alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Inbox {
    /// Lines of the chat, always [`Kind::Message`], oldest first.
    open: VecDeque<Event>,
    /// Always private [`Kind::Reply`], oldest first.
    told: VecDeque<Event>,
}

const fn id_of(event: &Event) -> Option<MessageId> {
    match &event.kind {
        Kind::Message { id, .. } => Some(*id),
        _ => None,
    }
}

impl Inbox {
    pub(crate) fn open(&self) -> impl Iterator<Item = &Event> {
        self.open.iter()
    }

    pub(crate) fn find(&self, message: MessageId) -> Option<&Event> {
        self.open.iter().find(|event| id_of(event) == Some(message))
    }

    pub(crate) fn ask(&mut self, message: &Event) {
        if id_of(message).is_none_or(|id| self.find(id).is_some()) {
            return;
        }
        if self.open.len() == OPEN_INQUIRIES {
            self.open.pop_front();
        }
        self.open.push_back(message.clone());
    }

    pub(crate) fn replied(&mut self, event: &Event, reply: &Reply) {
        self.open.retain(|event| id_of(event) != Some(reply.message_id));
        if reply.private {
            if self.told.len() == OWN_REPLIES {
                self.told.pop_front();
            }
            self.told.push_back(event.clone());
        }
    }

    pub(crate) fn forget_words(&mut self, message: MessageId) {
        self.open.retain(|event| id_of(event) != Some(message));
        self.told.retain(|event| !matches!(&event.kind, Kind::Reply(reply) if reply.id == message));
    }

    /// What was replied to this viewer alone.
    pub(crate) fn told(&self, viewer: ViewerId) -> Vec<Event> {
        let own = |event: &&Event| matches!(&event.kind, Kind::Reply(reply) if reply.viewer_id == viewer);
        self.told.iter().filter(own).cloned().collect()
    }

    pub(crate) fn events_mut(&mut self) -> impl Iterator<Item = &mut Event> {
        self.open.iter_mut().chain(&mut self.told)
    }

    pub(crate) fn first_words_offset(&self) -> Option<u64> {
        self.open.iter().chain(&self.told).map(|event| event.offset).min()
    }
}

#[cfg(test)]
mod tests {
    use super::is_question;

    #[test]
    fn a_question_is_recognised() {
        for text in [
            "Is it silk?",
            "is this real leather",
            "how long is the strap",
            "What’s the size",
            "size M ? 🙏",
            "WHERE do you ship",
            "这个是真丝吗",
            "多少钱",
            "有没有小码",
            "什么时候发货呢。",
        ] {
            assert!(is_question(text), "{text}");
        }
        for text in
            ["beautiful", "how lovely!", "???", "I have it in red", "好看！", "any", "wow", &"why so long ".repeat(30)]
        {
            assert!(!is_question(text), "{text}");
        }
    }
}
