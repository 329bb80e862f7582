//! The house's time on the monotonic clock.

use kernel::Timestamp;
use tokio::time::Instant;

/// The house's time when a connection came, continued on the monotonic clock, so that a corrected wall clock never
/// bends a programme.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anchored {
    pub(crate) at: Timestamp,
    pub(crate) since: Instant,
}

impl Anchored {
    pub(crate) fn begin(at: Timestamp) -> Self {
        Self { at, since: Instant::now() }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let micros = i64::try_from(self.since.elapsed().as_micros()).unwrap_or(i64::MAX);
        Timestamp::from_unix_micros(self.at.unix_micros().saturating_add(micros))
    }
}
