//! Who may not write in a room: until a time, or until they are let in again.

use std::collections::{BTreeMap, BTreeSet};

use kernel::ViewerId;
use serde::{Deserialize, Serialize};

use crate::limits::{BLOCKED, MUTED};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sanctions {
    /// Until when, Unix milliseconds.
    muted: BTreeMap<ViewerId, i64>,
    blocked: BTreeSet<ViewerId>,
}

impl Sanctions {
    /// Until when, if that is after `now_ms`.
    pub(crate) fn muted_until(&self, viewer: ViewerId, now_ms: i64) -> Option<i64> {
        self.muted.get(&viewer).copied().filter(|until| *until > now_ms)
    }

    pub(crate) fn mute(&mut self, viewer: ViewerId, until_ms: i64, now_ms: i64) {
        if until_ms <= now_ms {
            self.muted.remove(&viewer);
            return;
        }
        self.muted.insert(viewer, until_ms);
        if self.muted.len() > MUTED {
            self.muted.retain(|_, until| *until > now_ms);
        }
        if self.muted.len() > MUTED
            && let Some(first) = self.muted.iter().min_by_key(|(_, until)| **until).map(|(viewer, _)| *viewer)
        {
            self.muted.remove(&first);
        }
    }

    pub(crate) fn is_blocked(&self, viewer: ViewerId) -> bool {
        self.blocked.contains(&viewer)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.blocked.len() >= BLOCKED
    }

    pub(crate) fn block(&mut self, viewer: ViewerId, blocked: bool) {
        if !blocked {
            self.blocked.remove(&viewer);
        } else if !self.is_full() {
            self.blocked.insert(viewer);
        }
    }
}
