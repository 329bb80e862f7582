//! What has happened in a room: the log's events. A public format, version [`EVENT_VERSION`]; within a version fields are
//! only added.

use std::borrow::Cow;

use kernel::{Country, Currency, DropId, MessageId, PollId, ProgrammeId, RequestId, ViewerId};
use serde::{Deserialize, Serialize};

use crate::{Cast, ChatRules, DropShown, HeldLine, How, PollShown, Reply, StaffRole, TriviaShown, Wanted, Wording};

/// Written beside every stored event.
pub const EVENT_VERSION: u32 = 1;

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Place in the log, from 1, without gaps.
    #[serde(rename = "o")]
    pub offset: u64,
    /// When it happened in the programme, Unix milliseconds; a player shows it when its picture gets there.
    pub programme_ms: i64,
    #[serde(flatten)]
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "k", rename_all = "snake_case")]
pub enum Kind {
    /// Chat. `name` and `text` live apart from the log ([`Kind::part`]); both are empty once it was removed or erased.
    Message {
        id: MessageId,
        viewer_id: ViewerId,
        name: String,
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        staff_role: Option<StaffRole>,
        /// Lets the sender recognise its own message after a lost connection, see [`crate::ref_hash`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ref_hash: Option<String>,
        /// It reads like a question to the shop.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        question: bool,
        /// It waited to be read as this line, and was let through.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        held: Option<MessageId>,
        /// Its words were taken away after it was said.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        removed: bool,
    },
    /// Somebody answered a question. Who and what stays with the house: the shop reads it in the list of answers.
    Answer {
        trivia_id: DropId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        given: Option<Box<Given>>,
    },
    /// A question as it stands now, instead of what was said of it before; it is shown at once.
    Trivia(Box<TriviaShown>),
    Removed {
        message_id: MessageId,
    },
    /// May not write until then, Unix milliseconds; a time that is past lifts a mute.
    Muted {
        viewer_id: ViewerId,
        until_ms: i64,
    },
    /// May not write here any more; or, without `blocked`, may again.
    Blocked {
        viewer_id: ViewerId,
        blocked: bool,
        /// In any room of the house.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        house: bool,
    },
    /// The rules of the chat as they are from now on.
    Rules(ChatRules),
    /// A line that waits to be read by the shop, which alone is told what it says.
    Held {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<Box<HeldLine>>,
    },
    /// A line that waited was not let through.
    HeldRefused {
        message_id: MessageId,
    },
    Pinned {
        number: u32,
    },
    Unpinned {},
    Listed {
        number: u32,
    },
    /// The tray is to be asked for again; these numbers are in it.
    TrayChanged {
        numbers: Vec<u32>,
    },
    SaleStopped {
        number: u32,
    },
    SaleResumed {
        number: u32,
    },
    PriceChanged {
        number: u32,
    },
    Stock {
        number: u32,
        free: Free,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        low_count: Option<u32>,
    },
    Sold {
        number: u32,
        quantity: u32,
        this_minute: u32,
    },
    /// A drop as it stands now, instead of what was said of it before; it is shown at once, not at the picture's time.
    Drop(DropShown),
    /// One more voice, by `viewer_id`.
    Request {
        id: RequestId,
        #[serde(default, skip_serializing_if = "Wanted::is_show")]
        what: Wanted,
        number: u32,
        /// The other number, to compare with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with: Option<u32>,
        voices: u32,
        viewer_id: ViewerId,
        /// Said once, by the first voice.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wording: Option<Box<Wording>>,
    },
    /// The event's programme time is the moment that a tray or replay links to.
    RequestStepped {
        id: RequestId,
        step: Step,
        /// What the shop says to who asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        word: Option<String>,
        /// Of what was asked; none in logs that were written before it was told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<u32>,
        #[serde(default, skip_serializing_if = "Wanted::is_show")]
        what: Wanted,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with: Option<u32>,
    },
    /// Staff say that a line of the chat is a question.
    QuestionMarked {
        message_id: MessageId,
    },
    Reply(Box<Reply>),
    /// A line of the chat that stays in sight.
    CommentPinned {
        message_id: MessageId,
        /// Of the line as it stands, when it is told; never stored.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said: Option<Box<Said>>,
    },
    CommentUnpinned {},
    /// A poll as it stands now, instead of the one before.
    Poll(Box<PollShown>),
    PollCleared {},
    /// One more vote. `cast` stays with the house; viewers are told what the votes come to.
    Vote {
        poll_id: PollId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cast: Option<Cast>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        counts: Vec<u32>,
    },
    ShowState {
        state: ShowState,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        programme_id: Option<ProgrammeId>,
    },
    Announcement {
        text: String,
    },
    /// Hearts since the last such event.
    Hearts {
        count: u64,
    },
    Viewers {
        now: u32,
        peak: u32,
    },
}

/// Who said what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub name: String,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_role: Option<StaffRole>,
}

/// An answer to a question. `name` and `text` live apart from the log, like those of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    pub id: MessageId,
    /// As whom the till knows who answered.
    pub by: ViewerId,
    pub name: String,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ref_hash: Option<String>,
}

impl Event {
    /// As viewers are told it: answers and votes without who gave them, winners without whose the prize is, replies to one
    /// viewer without what they say.
    #[must_use]
    pub fn public(&self) -> Cow<'_, Self> {
        let kind = match &self.kind {
            Kind::Answer { trivia_id, given: Some(_) } => Kind::Answer { trivia_id: *trivia_id, given: None },
            Kind::Held { line: Some(_) } => Kind::Held { line: None },
            Kind::Vote { poll_id, cast: Some(_), counts } => {
                Kind::Vote { poll_id: *poll_id, cast: None, counts: counts.clone() }
            }
            Kind::Reply(reply) if reply.private => {
                Kind::Reply(Box::new(Reply { question: String::new(), text: String::new(), ..reply.as_ref().clone() }))
            }
            Kind::Trivia(shown) if shown.winner.is_some() => Kind::Trivia(Box::new(shown.as_ref().clone().public())),
            _ => return Cow::Borrowed(self),
        };
        Cow::Owned(Self { kind, ..*self })
    }
}

/// How an event reaches viewers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Lossless, at once.
    State,
    /// Lossless, at the next tick.
    Chat,
    /// Sums; the next one makes up for a lost one.
    Fx,
}

/// The personal part of a message or a request, kept in a row of its own that moderation and erasure overwrite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub name: String,
    pub text: String,
}

/// What a viewer is told about stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Free {
    In,
    Low,
    Out,
}

/// The public state of a show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShowState {
    #[default]
    Scheduled,
    Lobby,
    Live,
    /// The publisher dropped out; back in a moment.
    Away,
    Ended,
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Asked,
    Accepted,
    Shown,
    Declined,
}

impl Kind {
    #[must_use]
    pub const fn lane(&self) -> Lane {
        match self {
            Self::Message { .. } | Self::Answer { .. } | Self::Held { .. } => Lane::Chat,
            Self::Hearts { .. } | Self::Viewers { .. } | Self::Request { .. } | Self::Vote { .. } => Lane::Fx,
            _ => Lane::State,
        }
    }

    /// The name of the kind, as `k` has it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Message { .. } => "message",
            Self::Answer { .. } => "answer",
            Self::Trivia(_) => "trivia",
            Self::Removed { .. } => "removed",
            Self::Muted { .. } => "muted",
            Self::Blocked { .. } => "blocked",
            Self::Rules(_) => "rules",
            Self::Held { .. } => "held",
            Self::HeldRefused { .. } => "held_refused",
            Self::Pinned { .. } => "pinned",
            Self::Unpinned {} => "unpinned",
            Self::Listed { .. } => "listed",
            Self::TrayChanged { .. } => "tray_changed",
            Self::SaleStopped { .. } => "sale_stopped",
            Self::SaleResumed { .. } => "sale_resumed",
            Self::PriceChanged { .. } => "price_changed",
            Self::Stock { .. } => "stock",
            Self::Sold { .. } => "sold",
            Self::Drop(_) => "drop",
            Self::Request { .. } => "request",
            Self::RequestStepped { .. } => "request_stepped",
            Self::QuestionMarked { .. } => "question_marked",
            Self::Reply(_) => "reply",
            Self::CommentPinned { .. } => "comment_pinned",
            Self::CommentUnpinned {} => "comment_unpinned",
            Self::Poll(_) => "poll",
            Self::PollCleared {} => "poll_cleared",
            Self::Vote { .. } => "vote",
            Self::ShowState { .. } => "show_state",
            Self::Announcement { .. } => "announcement",
            Self::Hearts { .. } => "hearts",
            Self::Viewers { .. } => "viewers",
        }
    }

    /// Takes the personal words out, for the side row; what is left goes into the permanent log.
    pub fn part(&mut self) -> Option<Words> {
        match self {
            Self::Message { name, text, removed: false, .. } => {
                Some(Words { name: std::mem::take(name), text: std::mem::take(text) })
            }
            Self::Request { wording: Some(wording), .. } => {
                Some(Words { name: String::new(), text: std::mem::take(&mut wording.text) })
            }
            Self::Reply(reply) if reply.how != How::Dismissed => {
                Some(Words { name: std::mem::take(&mut reply.question), text: std::mem::take(&mut reply.text) })
            }
            Self::Answer { given: Some(given), .. } => {
                Some(Words { name: std::mem::take(&mut given.name), text: std::mem::take(&mut given.text) })
            }
            Self::Held { line: Some(line) } => {
                Some(Words { name: std::mem::take(&mut line.name), text: std::mem::take(&mut line.text) })
            }
            Self::Trivia(shown) => {
                let winner = shown.winner.as_mut()?;
                Some(Words { name: std::mem::take(&mut winner.name), text: String::new() })
            }
            _ => None,
        }
    }

    /// The row in which the words of an event lie, and whose they are; none for an event without words.
    #[must_use]
    pub fn words(&self) -> Option<(MessageId, ViewerId)> {
        match self {
            Self::Message { id, viewer_id, .. } => Some((*id, *viewer_id)),
            Self::Request { wording: Some(wording), viewer_id, .. } => Some((wording.id, *viewer_id)),
            Self::Reply(reply) if reply.how != How::Dismissed => Some((reply.id, reply.viewer_id)),
            Self::Answer { given: Some(given), .. } => Some((given.id, given.by)),
            Self::Held { line: Some(line) } => Some((line.id, line.viewer_id)),
            Self::Trivia(shown) => shown.winner.as_ref().and_then(|winner| Some((winner.id, winner.by?))),
            _ => None,
        }
    }

    /// Puts the words back; without any the message stays as a tombstone.
    pub fn rejoin(&mut self, words: Option<Words>) {
        let gone = words.is_none();
        let words = words.unwrap_or(Words { name: String::new(), text: String::new() });
        match self {
            Self::Message { name, text, removed, .. } => (*name, *text, *removed) = (words.name, words.text, gone),
            Self::Request { wording: Some(wording), .. } => wording.text = words.text,
            Self::Reply(reply) => (reply.question, reply.text) = (words.name, words.text),
            Self::Answer { given: Some(given), .. } => (given.name, given.text) = (words.name, words.text),
            Self::Held { line: Some(line) } => (line.name, line.text) = (words.name, words.text),
            Self::Trivia(shown) => {
                if let Some(winner) = &mut shown.winner {
                    winner.name = words.name;
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Random, Timestamp};

    use super::*;

    #[test]
    fn words_part_and_rejoin() {
        let mut random = Random::seeded(1);
        let now = Timestamp::from_unix_millis(5);
        let whole = Kind::Message {
            id: MessageId::mint(now, &mut random),
            viewer_id: ViewerId::mint(now, &mut random),
            name: "Mei".into(),
            text: "wow".into(),
            staff_role: None,
            ref_hash: None,
            question: false,
            held: None,
            removed: false,
        };
        let mut stored = whole.clone();
        let words = stored.part();
        assert_eq!(words, Some(Words { name: "Mei".into(), text: "wow".into() }));
        assert_ne!(stored, whole);
        let mut tombstone = stored.clone();
        stored.rejoin(words);
        assert_eq!(stored, whole);
        tombstone.rejoin(None);
        assert!(matches!(tombstone, Kind::Message { removed: true, ref text, .. } if text.is_empty()));
    }
}
