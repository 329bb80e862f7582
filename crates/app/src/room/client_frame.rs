//! The client's frames: JSON that may be anything, read into commands or named as unreadable.

use kernel::{Country, Currency, MessageId, PollId, RequestId, ViewerId};
use room::{ChatRules, Command, How, Step, Wanted, Wish, limits, ref_hash};
use serde::Deserialize;

/// One frame of a client, as the contract has them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame of a socket. `epoch` and `offset`: where the client's own log ends.
    Join {
        epoch: Option<String>,
        offset: Option<u64>,
        ticket: Option<String>,
    },
    Ping {
        client_ms: i64,
    },
    Heart {
        count: u32,
    },
    /// While a question is asked it is an answer to that. `country` and `currency`: where the sender would have the prize
    /// delivered, and what they pay in.
    Say {
        r#ref: String,
        text: String,
        country: Option<Country>,
        currency: Option<Currency>,
    },
    /// Without `what` it is "show me this", as `ask_show` says it. `with`: the other number to compare with; `text`: own words.
    #[serde(alias = "ask_show")]
    Ask {
        r#ref: String,
        #[serde(default)]
        what: Wanted,
        number: u32,
        with: Option<u32>,
        text: Option<String>,
    },
    Pin {
        r#ref: String,
        number: u32,
        programme_ms: Option<i64>,
    },
    Unpin {
        r#ref: String,
    },
    Remove {
        r#ref: String,
        message_id: MessageId,
        #[serde(default)]
        reason: String,
    },
    Mute {
        r#ref: String,
        viewer_id: ViewerId,
        minutes: u32,
        #[serde(default)]
        reason: String,
    },
    Unmute {
        r#ref: String,
        viewer_id: ViewerId,
        #[serde(default)]
        reason: String,
    },
    /// `house`: in every room of the house.
    Block {
        r#ref: String,
        viewer_id: ViewerId,
        #[serde(default)]
        house: bool,
        #[serde(default)]
        reason: String,
    },
    Unblock {
        r#ref: String,
        viewer_id: ViewerId,
        #[serde(default)]
        house: bool,
        #[serde(default)]
        reason: String,
    },
    SetRules {
        r#ref: String,
        #[serde(flatten)]
        rules: ChatRules,
    },
    /// A line that waits: heard by all, or not.
    Review {
        r#ref: String,
        message_id: MessageId,
        allow: bool,
        #[serde(default)]
        reason: String,
    },
    RequestStep {
        r#ref: String,
        request_id: RequestId,
        step: Step,
        programme_ms: Option<i64>,
        #[serde(default)]
        word: String,
    },
    Announce {
        r#ref: String,
        text: String,
    },
    MarkQuestion {
        r#ref: String,
        message_id: MessageId,
    },
    Reply {
        r#ref: String,
        message_id: MessageId,
        #[serde(default)]
        how: How,
        #[serde(default)]
        text: String,
        #[serde(default)]
        private: bool,
        number: Option<u32>,
        programme_ms: Option<i64>,
    },
    PinComment {
        r#ref: String,
        message_id: MessageId,
    },
    UnpinComment {
        r#ref: String,
    },
    OpenPoll {
        r#ref: String,
        question: String,
        choices: Vec<String>,
        minutes: Option<u32>,
    },
    ClosePoll {
        r#ref: String,
    },
    ClearPoll {
        r#ref: String,
    },
    Vote {
        r#ref: String,
        poll_id: PollId,
        choice: u8,
    },
}

/// A frame that is none, with its `ref` where that much could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadFrame {
    pub reference: String,
}

/// What a frame asks of the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The client's own mark, given back with the answer; at most 64 bytes.
    pub reference: String,
    pub command: Command,
    /// A moderator's reason; at most 500 bytes.
    pub reason: String,
    /// Where who speaks would have something delivered, and what they pay in.
    pub market: (Option<Country>, Option<Currency>),
}

#[derive(Deserialize)]
struct OnlyRef {
    r#ref: String,
}

impl ClientFrame {
    /// # Errors
    /// [`BadFrame`] for what is not JSON, not a known frame, or has a `ref` or reason past its bound.
    pub fn read(text: &str) -> Result<Self, BadFrame> {
        let bad = || {
            let reference = serde_json::from_str::<OnlyRef>(text).map(|only| only.r#ref).unwrap_or_default();
            let reference = if reference.len() <= limits::REF_BYTES { reference } else { String::new() };
            BadFrame { reference }
        };
        let frame: Self = serde_json::from_str(text).map_err(|_| bad())?;
        let within = match &frame {
            Self::Join { epoch, ticket, .. } => {
                epoch.as_ref().is_none_or(|epoch| epoch.len() <= 64) && ticket.as_ref().is_none_or(|t| t.len() <= 512)
            }
            Self::Ping { .. } | Self::Heart { .. } => true,
            Self::Remove { r#ref, reason, .. }
            | Self::Mute { r#ref, reason, .. }
            | Self::Unmute { r#ref, reason, .. }
            | Self::Block { r#ref, reason, .. }
            | Self::Unblock { r#ref, reason, .. }
            | Self::Review { r#ref, reason, .. } => {
                r#ref.len() <= limits::REF_BYTES && reason.len() <= limits::REASON_BYTES
            }
            Self::Say { r#ref, .. }
            | Self::Ask { r#ref, .. }
            | Self::Pin { r#ref, .. }
            | Self::Unpin { r#ref }
            | Self::SetRules { r#ref, .. }
            | Self::RequestStep { r#ref, .. }
            | Self::Announce { r#ref, .. }
            | Self::MarkQuestion { r#ref, .. }
            | Self::Reply { r#ref, .. }
            | Self::PinComment { r#ref, .. }
            | Self::UnpinComment { r#ref }
            | Self::OpenPoll { r#ref, .. }
            | Self::ClosePoll { r#ref }
            | Self::ClearPoll { r#ref }
            | Self::Vote { r#ref, .. } => r#ref.len() <= limits::REF_BYTES,
        };
        if within { Ok(frame) } else { Err(bad()) }
    }

    /// The room's command; none for join, ping and hearts, which are no commands.
    #[must_use]
    pub fn into_asked(self) -> Option<Asked> {
        let because = |reference, command, reason| Some(Asked { reference, command, reason, market: (None, None) });
        let asked = |reference, command| because(reference, command, String::new());
        match self {
            Self::Join { .. } | Self::Ping { .. } | Self::Heart { .. } => None,
            Self::Say { r#ref, text, country, currency } => {
                let ref_hash = (!r#ref.is_empty()).then(|| ref_hash(&r#ref));
                let said = asked(r#ref, Command::Say { text, ref_hash });
                said.map(|said| Asked { market: (country, currency), ..said })
            }
            Self::Ask { r#ref, what, number, with, text } => {
                asked(r#ref, Command::Ask(Wish { what, number, with, text }))
            }
            Self::Pin { r#ref, number, programme_ms } => asked(r#ref, Command::Pin { number, programme_ms }),
            Self::Unpin { r#ref } => asked(r#ref, Command::Unpin),
            Self::Remove { r#ref, message_id, reason } => {
                because(r#ref, Command::Remove { message_id, older: false }, reason)
            }
            Self::Mute { r#ref, viewer_id, minutes, reason } => {
                because(r#ref, Command::Mute { viewer_id, minutes }, reason)
            }
            Self::Unmute { r#ref, viewer_id, reason } => because(r#ref, Command::Unmute { viewer_id }, reason),
            Self::Block { r#ref, viewer_id, house, reason } => {
                because(r#ref, Command::Block { viewer_id, blocked: true, house }, reason)
            }
            Self::Unblock { r#ref, viewer_id, house, reason } => {
                because(r#ref, Command::Block { viewer_id, blocked: false, house }, reason)
            }
            Self::SetRules { r#ref, rules } => asked(r#ref, Command::SetRules(rules)),
            Self::Review { r#ref, message_id, allow, reason } => {
                because(r#ref, Command::Review { message_id, allow }, reason)
            }
            Self::RequestStep { r#ref, request_id, step, programme_ms, word } => {
                asked(r#ref, Command::RequestStep { request_id, step, programme_ms, word })
            }
            Self::Announce { r#ref, text } => asked(r#ref, Command::Announce { text }),
            Self::MarkQuestion { r#ref, message_id } => asked(r#ref, Command::MarkQuestion { message_id }),
            Self::Reply { r#ref, message_id, how, text, private, number, programme_ms } => {
                asked(r#ref, Command::Reply { message_id, how, text, private, number, programme_ms })
            }
            Self::PinComment { r#ref, message_id } => asked(r#ref, Command::PinComment { message_id }),
            Self::UnpinComment { r#ref } => asked(r#ref, Command::UnpinComment),
            Self::OpenPoll { r#ref, question, choices, minutes } => {
                asked(r#ref, Command::OpenPoll { question, choices, minutes })
            }
            Self::ClosePoll { r#ref } => asked(r#ref, Command::ClosePoll),
            Self::ClearPoll { r#ref } => asked(r#ref, Command::ClearPoll),
            Self::Vote { r#ref, poll_id, choice } => asked(r#ref, Command::Vote { poll_id, choice }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_as_the_contract_has_them() {
        let check = |text: &str, expected: ClientFrame| assert_eq!(ClientFrame::read(text), Ok(expected), "{text}");
        check(r#"{"t":"join"}"#, ClientFrame::Join { epoch: None, offset: None, ticket: None });
        check(
            r#"{"t":"join","epoch":"e","offset":7,"future_field":1}"#,
            ClientFrame::Join { epoch: Some("e".into()), offset: Some(7), ticket: None },
        );
        let say = |country: Option<&str>, currency| ClientFrame::Say {
            r#ref: "1".into(),
            text: "hi".into(),
            country: country.map(|code| code.parse().expect("a country")),
            currency,
        };
        check(r#"{"t":"say","ref":"1","text":"hi"}"#, say(None, None));
        check(
            r#"{"t":"say","ref":"1","text":"hi","country":"US","currency":"USD"}"#,
            say(Some("US"), Some(Currency::USD)),
        );
        let ask = |what, with, text: Option<&str>| ClientFrame::Ask {
            r#ref: "a".into(),
            what,
            number: 2,
            with,
            text: text.map(str::to_owned),
        };
        check(r#"{"t":"ask_show","ref":"a","number":2}"#, ask(Wanted::Show, None, None));
        check(r#"{"t":"ask","ref":"a","number":2}"#, ask(Wanted::Show, None, None));
        check(r#"{"t":"ask","ref":"a","number":2,"what":"compare","with":5}"#, ask(Wanted::Compare, Some(5), None));
        check(
            r#"{"t":"ask","ref":"a","number":2,"what":"other","text":"knot it"}"#,
            ask(Wanted::Other, None, Some("knot it")),
        );
        check(r#"{"t":"heart","count":3}"#, ClientFrame::Heart { count: 3 });
        let rules = ChatRules { slow_s: 5, ..ChatRules::default() };
        check(r#"{"t":"set_rules","ref":"s","slow_s":5}"#, ClientFrame::SetRules { r#ref: "s".into(), rules });
        check(
            r#"{"t":"pin","ref":"p","number":4}"#,
            ClientFrame::Pin { r#ref: "p".into(), number: 4, programme_ms: None },
        );
    }

    #[test]
    fn what_is_no_frame_is_named_with_its_ref() {
        let check = |text: &str, reference: &str| {
            assert_eq!(ClientFrame::read(text), Err(BadFrame { reference: reference.into() }), "{text}");
        };
        for text in ["", "{", "[]", "null", "7", r#"{"t":"heart","count":-1}"#, r#"{"t":"heart","count":1e99}"#] {
            check(text, "");
        }
        check(r#"{"t":"dance","ref":"d1"}"#, "d1");
        check(r#"{"t":"pin","ref":"p1","number":"four"}"#, "p1");
        check(&format!(r#"{{"t":"unpin","ref":"{}"}}"#, "x".repeat(65)), "");
        check(&"[".repeat(100_000), "");
    }
}
