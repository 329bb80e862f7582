//! The board of "show me this": one open request per number, to which others add their voice.

use std::collections::BTreeSet;

use kernel::{RequestId, ViewerId};
use serde::{Deserialize, Serialize};

use crate::Step;
use crate::limits::VOICES;

/// A request as the log has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub id: RequestId,
    pub number: u32,
    /// How many asked; goes on counting after the voices themselves are no longer told apart.
    pub voices: u32,
    pub step: Step,
    /// When it was shown, Unix milliseconds of the programme.
    pub shown_ms: Option<i64>,
    /// Who asked; the first is the asker.
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
}

/// Whether a request may go from one step to another.
pub(crate) const fn may_step(from: Step, to: Step) -> bool {
    matches!(
        (from, to),
        (Step::Asked, Step::Accepted | Step::Shown | Step::Declined) | (Step::Accepted, Step::Shown | Step::Declined)
    )
}
