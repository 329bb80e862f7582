//! Who asks for what, and the closed list of answers.

use kernel::{Country, Currency, MessageId, PersonId, PollId, ProgrammeId, RequestId, ViewerId};
use serde::{Deserialize, Serialize};

use crate::{ChatName, ChatRules, DropShown, Event, Free, How, ShowState, Step, TriviaShown, WhyHeld, Wish};

/// Who acts in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Anybody who watches; chatting needs a name.
    Viewer { id: ViewerId, name: Option<ChatName> },
    /// Somebody of the shop, who also watches.
    Staff { id: ViewerId, person_id: PersonId, name: ChatName, role: StaffRole },
}

impl Actor {
    #[must_use]
    pub const fn viewer_id(&self) -> ViewerId {
        match self {
            Self::Viewer { id, .. } | Self::Staff { id, .. } => *id,
        }
    }

    #[must_use]
    pub const fn name(&self) -> Option<&ChatName> {
        match self {
            Self::Viewer { name, .. } => name.as_ref(),
            Self::Staff { name, .. } => Some(name),
        }
    }

    #[must_use]
    pub const fn is_staff(&self) -> bool {
        matches!(self, Self::Staff { .. })
    }
}

/// As whom staff speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    Owner,
    Merchant,
    Host,
    Assistant,
    Fulfilment,
}

/// What a person asks of a room. Hearts are not here: they are summed by [`crate::Pulse`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Say {
        text: String,
        ref_hash: Option<String>,
    },
    /// What a viewer says while a question is asked; chat when none is.
    Answer {
        text: String,
        ref_hash: Option<String>,
        answering: Answering,
    },
    /// What a viewer says that somebody of the shop reads first.
    Hold {
        text: String,
        ref_hash: Option<String>,
        why: WhyHeld,
    },
    /// Ask the host to do something.
    Ask(Wish),
    /// `programme_ms`: the moment that the sender was looking at; none from a host on camera.
    Pin {
        number: u32,
        programme_ms: Option<i64>,
    },
    Unpin,
    /// `older`: the caller found the message in the log, beyond what a room remembers.
    Remove {
        message_id: MessageId,
        older: bool,
    },
    Mute {
        viewer_id: ViewerId,
        minutes: u32,
    },
    Unmute {
        viewer_id: ViewerId,
    },
    /// May not write any more, here, or with `house` in any room of the house; without `blocked` it is lifted.
    Block {
        viewer_id: ViewerId,
        blocked: bool,
        house: bool,
    },
    SetRules(ChatRules),
    /// A line that waits is let through, or refused.
    Review {
        message_id: MessageId,
        allow: bool,
    },
    RequestStep {
        request_id: RequestId,
        step: Step,
        programme_ms: Option<i64>,
        /// What is said to who asked; may be blank.
        word: String,
    },
    Announce {
        text: String,
    },
    /// A line of the chat is a question, whatever it looked like.
    MarkQuestion {
        message_id: MessageId,
    },
    /// `text` counts where it is replied by text; `programme_ms` where it is on air.
    Reply {
        message_id: MessageId,
        how: How,
        text: String,
        private: bool,
        number: Option<u32>,
        programme_ms: Option<i64>,
    },
    PinComment {
        message_id: MessageId,
    },
    UnpinComment,
    OpenPoll {
        question: String,
        choices: Vec<String>,
        /// After so many it closes by itself.
        minutes: Option<u32>,
    },
    ClosePoll,
    /// What came of the last poll is not shown any more.
    ClearPoll,
    Vote {
        poll_id: PollId,
        /// From 0.
        choice: u8,
    },
}

/// Who answers, as far as winning goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answering {
    /// As whom the till knows them: one answer each.
    pub by: ViewerId,
    /// They work for the house, and cannot win.
    pub of_house: bool,
    /// Where it would be delivered, and what they pay in, where their page said so.
    pub country: Option<Country>,
    pub currency: Option<Currency>,
}

/// What other parts of the house tell a room. The room shows it; it never decides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    ShowState {
        state: ShowState,
        programme_id: Option<ProgrammeId>,
    },
    /// A piece got the next number on air.
    Listed {
        number: u32,
    },
    /// The tray now holds these numbers, in run-sheet order.
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
    /// `low_count`: units left, only while they are few.
    Stock {
        number: u32,
        free: Free,
        low_count: Option<u32>,
    },
    /// Paid for; never merely claimed.
    Sold {
        number: u32,
        quantity: u32,
    },
    /// A drop as the till says that it stands.
    Drop(DropShown),
    /// A question as it stands.
    Trivia(Box<TriviaShown>),
}

/// What became of a command that was not refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// To be appended, applied and shown, in this order.
    Happened(Event),
    /// The same command had happened before, at this offset; nothing is added.
    Already { offset: u64 },
}

/// Why a command does nothing. The codes are permanent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("choose a name first, then write")]
    NameNeeded,
    #[error("write something first")]
    MessageEmpty,
    #[error("a message has at most 500 characters: make it shorter")]
    MessageTooLong,
    #[error("you just said that")]
    MessageRepeated,
    #[error("this message holds a word that the shop does not show")]
    WordNotAllowed,
    #[error("links cannot be shared in this chat")]
    LinkNotAllowed,
    #[error("you may write again later")]
    Muted { until_ms: i64 },
    #[error("too fast: wait a moment")]
    SlowDown,
    #[error("only the shop's own people can do this")]
    StaffOnly,
    #[error("the show is over")]
    ShowEnded,
    #[error("the tray has no such number")]
    UnknownNumber,
    #[error("this message is not in the room")]
    UnknownMessage,
    #[error("this request is not on the board")]
    UnknownRequest,
    #[error("you have asked for this already")]
    AlreadyAsked,
    #[error("you have asked for as much as one viewer may: wait until some of it is shown")]
    AskedEnough,
    #[error("the board is full: add your voice to what is there")]
    BoardFull,
    #[error("name two different numbers to compare")]
    CompareNeedsTwo,
    #[error("a request has at most 80 characters: make it shorter")]
    RequestTooLong,
    #[error("the request has moved on: look at the board again")]
    StepNotPossible,
    #[error("a poll has a question and two to six different answers, and is open for at most an hour")]
    PollUnclear,
    #[error("a poll is open: close it first")]
    PollOpen,
    #[error("the poll is over")]
    NoPoll,
    #[error("the poll has no such answer")]
    UnknownChoice,
    #[error("you have voted")]
    VotedAlready,
    #[error("nothing is pinned")]
    NothingPinned,
    #[error("a mute lasts from 1 minute to 7 days")]
    MuteTooLong,
    #[error("you have answered: the chat goes on when it is decided")]
    AnsweredAlready,
    #[error("the shop's own people cannot win")]
    StaffExcluded,
    #[error("the prize is not delivered to your country")]
    NotDelivered,
    #[error("more answers than can be counted have come")]
    AnswersFull,
    #[error("the shop has taken your voice in this chat")]
    Blocked,
    #[error("the chat is in slow mode: wait a little before the next line")]
    SlowMode,
    #[error("only buyers write here now")]
    BuyersOnly,
    #[error("more lines wait to be read than can be")]
    ReviewFull,
    #[error("slow mode is ten minutes at most")]
    RulesUnclear,
    #[error("more viewers are blocked than can be")]
    BlockFull,
}

impl Refusal {
    /// The permanent code on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NameNeeded => "name_needed",
            Self::MessageEmpty => "message_empty",
            Self::MessageTooLong => "message_too_long",
            Self::MessageRepeated => "message_repeated",
            Self::WordNotAllowed => "word_not_allowed",
            Self::LinkNotAllowed => "link_not_allowed",
            Self::Muted { .. } => "muted",
            Self::SlowDown => "slow_down",
            Self::StaffOnly => "staff_only",
            Self::ShowEnded => "show_ended",
            Self::UnknownNumber => "unknown_number",
            Self::UnknownMessage => "unknown_message",
            Self::UnknownRequest => "unknown_request",
            Self::AlreadyAsked => "already_asked",
            Self::AskedEnough => "asked_enough",
            Self::BoardFull => "board_full",
            Self::CompareNeedsTwo => "compare_needs_two",
            Self::RequestTooLong => "request_too_long",
            Self::StepNotPossible => "step_not_possible",
            Self::PollUnclear => "poll_unclear",
            Self::PollOpen => "poll_open",
            Self::NoPoll => "no_poll",
            Self::UnknownChoice => "unknown_choice",
            Self::VotedAlready => "voted_already",
            Self::NothingPinned => "nothing_pinned",
            Self::MuteTooLong => "mute_too_long",
            Self::AnsweredAlready => "answered_already",
            Self::StaffExcluded => "staff_excluded",
            Self::NotDelivered => "not_delivered",
            Self::AnswersFull => "answers_full",
            Self::Blocked => "blocked",
            Self::SlowMode => "slow_mode",
            Self::BuyersOnly => "buyers_only",
            Self::ReviewFull => "review_full",
            Self::RulesUnclear => "rules_unclear",
            Self::BlockFull => "block_full",
        }
    }
}

/// What a message carries of its sender's `ref`: FNV-1a, 32 bits, over the UTF-8 bytes, as 8 lower-case hex digits
/// (<http://www.isthe.com/chongo/tech/comp/fnv/>). It recognises, it does not protect.
#[must_use]
pub fn ref_hash(reference: &str) -> String {
    let hash = reference.bytes().fold(0x811C_9DC5u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{hash:08x}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn ref_hash_is_fnv_1a() {
        assert_eq!(super::ref_hash(""), "811c9dc5");
        assert_eq!(super::ref_hash("a"), "e40c292c");
        assert_eq!(super::ref_hash("foobar"), "bf9cf968");
    }
}
