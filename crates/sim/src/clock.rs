//! A clock that follows the runtime's own time, which a simulation pauses.

use app::ports::Clock;
use kernel::{Millis, Timestamp};
use tokio::time::Instant;

/// 2026-11-22T18:00:00Z.
const START: Timestamp = Timestamp::from_unix_millis(1_795_370_400_000);

#[derive(Debug)]
pub(crate) struct VirtualClock(Instant);

impl VirtualClock {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        START + Millis(i64::try_from(self.0.elapsed().as_millis()).unwrap_or(i64::MAX))
    }
}
