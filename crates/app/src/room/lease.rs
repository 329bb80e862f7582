//! The right to lead a room, kept for as long as it is renewed.

use std::sync::Arc;
use std::time::Duration;

use kernel::Millis;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout_at};

use crate::ports::{Held, Holder, Leases, RoomKey, StoreError};

/// A leader that is gone leaves its room free after so long.
const LENGTH: Millis = Millis::from_secs(2);
const RENEW_EVERY: Duration = Duration::from_millis(500);

/// What a process holds leases with.
#[derive(Clone, Debug)]
pub(super) struct Landlord {
    pub(super) leases: Arc<dyn Leases>,
    pub(super) holder: Arc<Holder>,
}

/// A lease that renews itself. It is given up by [`Tenure::end`], or runs out after it was dropped.
#[derive(Debug)]
pub(super) struct Tenure {
    landlord: Landlord,
    room: RoomKey,
    lost: oneshot::Receiver<()>,
    renewing: JoinHandle<()>,
}

impl Landlord {
    /// The room, unless another process leads it, whose address comes back then.
    pub(super) async fn take(&self, room: RoomKey) -> Result<Result<Tenure, String>, StoreError> {
        let asked = Instant::now();
        match self.leases.hold(room, &self.holder, LENGTH).await? {
            Held::Theirs { address } => Ok(Err(address)),
            Held::Ours => {
                let (losing, lost) = oneshot::channel();
                let renewing = tokio::spawn(renew(self.clone(), room, asked, losing));
                Ok(Ok(Tenure { landlord: self.clone(), room, lost, renewing }))
            }
        }
    }
}

/// Renews until the lease is somebody else's, or may be. Dropping `losing` tells the tenant.
async fn renew(landlord: Landlord, room: RoomKey, asked: Instant, losing: oneshot::Sender<()>) {
    let mut sure_until = asked + LENGTH.to_std();
    loop {
        sleep(RENEW_EVERY).await;
        let asked = Instant::now();
        let held = timeout_at(sure_until, landlord.leases.hold(room, &landlord.holder, LENGTH)).await;
        match held {
            Ok(Ok(Held::Ours)) => sure_until = asked + LENGTH.to_std(),
            Ok(Ok(Held::Theirs { address })) => {
                tracing::warn!(show = %room.show, address, "another process leads the room now");
                break;
            }
            Ok(Err(error)) if Instant::now() < sure_until => tracing::warn!(%error, "a lease is renewed later"),
            Ok(Err(_)) | Err(_) => {
                tracing::warn!(show = %room.show, "the room's lease could not be renewed in time");
                break;
            }
        }
    }
    drop(losing);
}

impl Tenure {
    /// Completes when the room is, or may be, somebody else's.
    pub(super) async fn lost(&mut self) {
        let _dropped = (&mut self.lost).await;
    }

    /// Gives the room up, so that the next one to ask need not wait.
    pub(super) async fn end(self) {
        self.renewing.abort();
        if let Err(error) = self.landlord.leases.let_go(self.room, &self.landlord.holder).await {
            tracing::debug!(%error, "a lease runs out by itself");
        }
    }
}

impl Drop for Tenure {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}
