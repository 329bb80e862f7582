//! How a show's recording stands, for its desk.

use std::sync::PoisonError;

use kernel::{Millis, ShowId};

use crate::ports::{Missing, RecordingSums};
use crate::{App, Problem};

/// How a recording stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// Something of the show is being recorded now.
    pub going: bool,
    /// Nothing is kept at the moment, and why.
    pub stopped: Option<Missing>,
    pub sums: RecordingSums,
    /// How much longer a show like this can be recorded before the disk guard stops it; none where nobody knows.
    pub left: Option<Millis>,
}

/// None before the first segment.
pub async fn status(app: &App, show: ShowId) -> Result<Option<Status>, Problem> {
    let going = app.replay.going.lock().unwrap_or_else(PoisonError::into_inner).get(&show).cloned();
    let sums = match &going {
        Some(going) => going.sums,
        None => app.replay.rows.sums(show).await?,
    };
    if sums.segments == 0 && going.is_none() {
        return Ok(None);
    }
    let stopped = going.as_ref().and_then(|going| going.stopped);
    Ok(Some(Status { going: going.is_some(), stopped, sums, left: left(app, sums) }))
}

/// How long it takes to fill what may be filled, at this recording's own rate.
fn left(app: &App, sums: RecordingSums) -> Option<Millis> {
    let free = app.ports.objects.free_bytes()?.saturating_sub(app.replay.settings.keep_free_bytes);
    room_for(sums, free)
}

/// How long a recording like this one may go on in so many bytes; none before there is one.
#[must_use]
pub fn room_for(sums: RecordingSums, free_bytes: u64) -> Option<Millis> {
    let (size, duration) = (u128::try_from(sums.size_bytes).ok()?, u128::try_from(sums.duration.0).ok()?);
    if size == 0 {
        return None;
    }
    i64::try_from(u128::from(free_bytes) * duration / size).ok().map(Millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_counted_at_the_recordings_own_rate() {
        let sums = |size_bytes, ms| RecordingSums { size_bytes, duration: Millis(ms), ..RecordingSums::default() };
        for (sums, free, left) in [
            (sums(500_000, 1_000), 5_000_000, Some(10_000)),
            (sums(500_000, 1_000), 0, Some(0)),
            (sums(0, 0), 5_000_000, None),
            (sums(1, 1), u64::MAX, None),
        ] {
            assert_eq!(room_for(sums, free), left.map(Millis), "{sums:?} in {free}");
        }
    }
}
