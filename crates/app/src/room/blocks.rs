//! Viewers who may write in no room of the house: kept in memory, as every line is held against it.

use std::collections::BTreeSet;

use kernel::ViewerId;

use crate::{App, Problem};

/// Viewers who may be blocked from a whole house; past it nobody is added before somebody is let in again.
pub(crate) const BLOCKED: usize = 50_000;

#[derive(Clone, Debug, Default)]
pub(super) struct Blocks(BTreeSet<ViewerId>);

impl Blocks {
    pub(super) fn holds(&self, viewer: ViewerId) -> bool {
        self.0.contains(&viewer)
    }

    pub(super) fn set(&mut self, viewer: ViewerId, blocked: bool) {
        if !blocked {
            self.0.remove(&viewer);
        } else if self.0.len() < BLOCKED {
            self.0.insert(viewer);
        }
    }
}

/// What is stored takes effect: asked for once at the start. Another process learns of a block when it starts.
pub async fn load(app: &App) -> Result<(), Problem> {
    let blocked = app.ports.moderation.blocked().await?;
    app.rooms.set_blocked(&blocked);
    Ok(())
}
