//! Whether who sits in a seat of the shop's still may: what staff alone see must not go on to somebody who left.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch::Receiver;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::rights::Rights;
use super::voice::Voice;

/// Another process that takes a right is noticed within this time; this process at once.
const EVERY: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Watch {
    rights: Arc<Rights>,
    changed: Receiver<()>,
    every: Interval,
    /// Survives a look that is given up halfway.
    due: bool,
}

impl Watch {
    pub(super) fn new(rights: Arc<Rights>, changed: Receiver<()>) -> Self {
        let mut every = interval(EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { rights, changed, every, due: false }
    }

    /// Whether the seat may be kept; looks only when it is time to. A store that is away takes nobody's seat.
    pub(super) async fn stands(&mut self, voice: &Voice) -> bool {
        if !self.due {
            return true;
        }
        let stands = self.rights.stand(voice.now()).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "rights could not be read");
            true
        });
        self.due = false;
        stands
    }
}

/// Completes when it is time to look; never for who just watches.
pub(super) async fn due(watch: &mut Option<Box<Watch>>) {
    let Some(watch) = watch else { return std::future::pending().await };
    tokio::select! {
        biased;
        // The rooms outlive their seats; were they gone, the interval would go on.
        Ok(()) = watch.changed.changed() => {}
        _ = watch.every.tick() => {}
    }
    watch.due = true;
}
