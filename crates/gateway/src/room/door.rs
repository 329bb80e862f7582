//! The door of the rooms: how many may be on their way in. Who comes past that is told so before the handshake, and those who
//! sit already go on hearing.

use std::sync::Arc;
use std::time::Duration;

use app::{Code, Problem};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::room::close::Close;

/// Sockets between handshake and seat; past it a handshake is refused as `busy`.
const ON_THE_WAY: usize = 16_384;
/// Who is refused tries again after so many seconds.
const RETRY_SECS: u32 = 2;
/// Those who take a seat at the same moment: for each of them rows are read and a snapshot is written.
const SEATED_AT_ONCE: usize = 512;
/// Who waits longer for their turn is sent away to come back.
const TURN_WITHIN: Duration = Duration::from_secs(10);

/// The door of every room of this process.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    on_the_way: Arc<Semaphore>,
    seated: Arc<Semaphore>,
}

/// A place on the way in, until a seat is taken.
#[derive(Debug)]
pub(crate) struct WayIn {
    door: Door,
    _place: OwnedSemaphorePermit,
}

impl Default for Door {
    fn default() -> Self {
        Self::of(ON_THE_WAY, SEATED_AT_ONCE)
    }
}

impl Door {
    fn of(on_the_way: usize, seated: usize) -> Self {
        Self { on_the_way: Arc::new(Semaphore::new(on_the_way)), seated: Arc::new(Semaphore::new(seated)) }
    }

    /// # Errors
    /// `busy` when too many are on their way in.
    pub(crate) fn open(&self) -> Result<WayIn, Problem> {
        match Arc::clone(&self.on_the_way).try_acquire_owned() {
            Ok(place) => Ok(WayIn { door: self.clone(), _place: place }),
            Err(_full) => {
                metrics::counter!("trunkshow_room_handshakes_refused").increment(1);
                Err(Problem::from(Code::Busy).retry_after(RETRY_SECS))
            }
        }
    }
}

impl WayIn {
    /// Waits for the turn to take a seat, in order of arrival.
    pub(crate) async fn turn(&self) -> Result<OwnedSemaphorePermit, Close> {
        match timeout(TURN_WITHIN, Arc::clone(&self.door.seated).acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(Close::Busy),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn so_many_are_on_their_way_and_no_more() {
        let door = Door::of(2, 1);
        let (first, second) = (door.open().expect("room"), door.open().expect("room"));
        let refused = door.open().map(|_| ()).expect_err("full");
        assert_eq!((refused.code, refused.retry_after_secs), (Code::Busy, Some(RETRY_SECS)));
        let turn = first.turn().await.expect("the first");
        assert_eq!(second.turn().await.err(), Some(Close::Busy), "it takes too long");
        drop((turn, first));
        door.open().expect("a place is free");
        drop(second.turn().await.expect("its turn"));
    }
}
