//! The board of what viewers ask the host to do: similar wishes are one request, to which others add their voice.

use std::collections::BTreeSet;

use kernel::{MessageId, RequestId, ViewerId};
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use crate::limits::{OPEN_REQUESTS, REQUEST_GRAPHEMES, REQUESTS_OF_VIEWER, TOLD_ASKERS, VOICES};
use crate::text::fold;
use crate::{MessageText, Refusal, Step};

/// What the host is asked to do with a piece.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// "Show me this".
    #[default]
    Show,
    TryOn,
    /// Turn the camera, or the piece.
    Turn,
    Lining,
    /// Beside another number.
    Compare,
    /// In the viewer's own words.
    Other,
}

impl Wanted {
    #[must_use]
    pub fn is_show(&self) -> bool {
        *self == Self::Show
    }
}

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    pub what: Wanted,
    pub number: u32,
    /// The other number, to compare with.
    pub with: Option<u32>,
    /// Own words, for [`Wanted::Other`].
    pub text: Option<String>,
}

impl Wish {
    /// "Show me this".
    #[must_use]
    pub const fn show(number: u32) -> Self {
        Self { what: Wanted::Show, number, with: None, text: None }
    }

    /// As the board compares it: of two numbers the lower one first, words only where they count, cleaned.
    pub(crate) fn cleaned(&self) -> Result<Self, Refusal> {
        let Self { what, number, with, text } = self;
        Ok(match what {
            Wanted::Compare => {
                let with = with.filter(|with| with != number).ok_or(Refusal::CompareNeedsTwo)?;
                Self { what: *what, number: with.min(*number), with: Some(with.max(*number)), text: None }
            }
            Wanted::Other => {
                let text = short(text.as_deref().unwrap_or_default())?;
                Self { what: *what, number: *number, with: None, text: Some(text) }
            }
            _ => Self { what: *what, number: *number, with: None, text: None },
        })
    }
}

/// What is said in few words: a wish, or why it is declined.
pub(crate) fn short(text: &str) -> Result<String, Refusal> {
    let text = MessageText::parse(text)?.into_string();
    if text.graphemes(true).count() > REQUEST_GRAPHEMES { Err(Refusal::RequestTooLong) } else { Ok(text) }
}

/// The words of a wish, which live apart from the log like those of a message, and are removed like one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    pub id: MessageId,
    /// Empty once it was removed or erased.
    pub text: String,
}

/// A request as the log has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub id: RequestId,
    pub what: Wanted,
    pub number: u32,
    pub with: Option<u32>,
    pub wording: Option<Wording>,
    /// Where its first voice stands in the log.
    pub(crate) at: u64,
    /// How many asked; goes on counting after the voices themselves are no longer told apart.
    pub voices: u32,
    pub step: Step,
    /// When it was shown, Unix milliseconds of the programme.
    pub shown_ms: Option<i64>,
    /// What the shop said to it.
    pub word: Option<String>,
    /// Who asked; once it is closed, some of them.
    pub(crate) by: BTreeSet<ViewerId>,
}

impl Request {
    /// Whether voices may still join.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.step, Step::Asked | Step::Accepted)
    }

    pub(crate) fn has_asked(&self, viewer: ViewerId) -> bool {
        self.by.contains(&viewer)
    }

    /// More than this many are not told apart; the request has won by then.
    pub(crate) fn is_full(&self) -> bool {
        self.by.len() >= VOICES
    }

    /// Whether it asks for the same; `wish` is cleaned.
    fn is_for(&self, wish: &Wish) -> bool {
        let words = |text: Option<&str>| text.map(|text| (fold(text), text.to_owned()));
        let same = match (words(self.wording.as_ref().map(|words| words.text.as_str())), words(wish.text.as_deref())) {
            // What folds to nothing, such as an emoji, is compared as it stands.
            (Some((one, raw)), Some((other, other_raw))) => one == other && (!one.is_empty() || raw == other_raw),
            (one, other) => one.is_none() == other.is_none(),
        };
        (self.what, self.number, self.with) == (wish.what, wish.number, wish.with) && same
    }
}

/// Open requests, and the last closed ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Board(Vec<Request>);

impl Board {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Request> {
        self.0.iter()
    }

    pub(crate) fn find(&self, id: RequestId) -> Option<&Request> {
        self.0.iter().find(|request| request.id == id)
    }

    /// The open request that this wish adds a voice to; none where it is a new one.
    pub(crate) fn place_for(&self, wish: &Wish, viewer: ViewerId) -> Result<Option<&Request>, Refusal> {
        let standing = self.0.iter().find(|request| request.is_open() && request.is_for(wish));
        if standing.is_some_and(|request| request.has_asked(viewer) || request.is_full()) {
            return Err(Refusal::AlreadyAsked);
        }
        let (mut open, mut own) = (0, 0);
        for request in self.0.iter().filter(|request| request.is_open()) {
            open += 1;
            own += usize::from(request.has_asked(viewer));
        }
        if own >= REQUESTS_OF_VIEWER {
            Err(Refusal::AskedEnough)
        } else if standing.is_none() && open >= OPEN_REQUESTS {
            Err(Refusal::BoardFull)
        } else {
            Ok(standing)
        }
    }

    pub(crate) fn add_voice(&mut self, id: RequestId, voices: u32, viewer: ViewerId) -> bool {
        let Some(request) = self.0.iter_mut().find(|request| request.id == id) else { return false };
        request.voices = voices;
        if !request.is_full() {
            request.by.insert(viewer);
        }
        true
    }

    pub(crate) fn add(&mut self, request: Request) {
        self.0.push(request);
    }

    pub(crate) fn step(&mut self, id: RequestId, step: Step, word: Option<&str>, programme_ms: i64, closed: usize) {
        if let Some(request) = self.0.iter_mut().find(|request| request.id == id) {
            request.step = step;
            request.word = word.map(str::to_owned);
            if step == Step::Shown {
                request.shown_ms = Some(programme_ms);
            }
            if !request.is_open() {
                while request.by.len() > TOLD_ASKERS {
                    request.by.pop_last();
                }
            }
        }
        if self.0.iter().filter(|request| !request.is_open()).count() > closed
            && let Some(oldest) = self.0.iter().position(|request| !request.is_open())
        {
            self.0.remove(oldest);
        }
    }

    /// Whose words were removed leaves the board.
    pub(crate) fn forget_words(&mut self, id: MessageId) {
        self.0.retain(|request| !request.is_worded(id));
    }

    pub(crate) fn worded(&self, id: MessageId) -> bool {
        self.0.iter().any(|request| request.is_worded(id))
    }

    /// The words of each, with the offset of the event that said them.
    pub(crate) fn wordings_mut(&mut self) -> impl Iterator<Item = (u64, &mut String)> {
        self.0.iter_mut().filter_map(|request| Some((request.at, &mut request.wording.as_mut()?.text)))
    }

    pub(crate) fn first_words_offset(&self) -> Option<u64> {
        self.0.iter().filter(|request| request.wording.is_some()).map(|request| request.at).min()
    }

    /// The requests that this viewer asked for, as far as they are told apart.
    pub(crate) fn asked_by(&self, viewer: ViewerId) -> Vec<RequestId> {
        self.0.iter().filter(|request| request.has_asked(viewer)).map(|request| request.id).collect()
    }
}

impl Request {
    fn is_worded(&self, id: MessageId) -> bool {
        self.wording.as_ref().is_some_and(|words| words.id == id)
    }
}

/// Whether a request may go from one step to another.
pub(crate) const fn may_step(from: Step, to: Step) -> bool {
    matches!(
        (from, to),
        (Step::Asked, Step::Accepted | Step::Shown | Step::Declined) | (Step::Accepted, Step::Shown | Step::Declined)
    )
}
