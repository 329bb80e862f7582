//! What follows from a moderator's act once it is durable: who it is about is told why, and the house holds to it.

use std::sync::atomic::Ordering;

use room::{Event, Kind, WhoWrites};

use super::{Leader, lock};
use crate::ports::Moderated;
use crate::room::frames;

/// Whether it stands in the trail of what the shop's people did.
pub(super) const fn is_deed(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Removed { .. }
            | Kind::Muted { .. }
            | Kind::Blocked { .. }
            | Kind::Rules(_)
            | Kind::HeldRefused { .. }
            | Kind::Message { held: Some(_), .. }
            | Kind::Pinned { .. }
            | Kind::Unpinned {}
            | Kind::Announcement { .. }
            | Kind::RequestStepped { .. }
            | Kind::QuestionMarked { .. }
            | Kind::Reply(_)
            | Kind::CommentPinned { .. }
            | Kind::CommentUnpinned {}
            | Kind::Poll(_)
            | Kind::PollCleared {}
    )
}

impl Leader {
    /// After the commit.
    pub(super) fn moderated(&self, events: &[Event], moderated: &[Moderated]) {
        for why in moderated {
            let Some(event) = events.iter().find(|event| event.offset == why.offset) else { continue };
            if let Kind::Blocked { viewer_id, blocked, house: true } = event.kind {
                lock(&self.blocks).set(viewer_id, blocked);
            }
            if let (Some(viewer), Some(frame)) = (why.viewer, frames::moderated(event, &why.reason)) {
                lock(&self.ears).tell(viewer, &frame);
            }
        }
        if events.iter().any(|event| matches!(event.kind, Kind::Rules(_))) {
            self.hold_to_rules();
        }
    }

    pub(super) fn hold_to_rules(&self) {
        self.buyers_only.store(self.room.rules().who == WhoWrites::Buyers, Ordering::Relaxed);
    }
}
