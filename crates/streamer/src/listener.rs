//! Taking RTMP connections.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use app::ports::{Ingest, Recorder};
use kernel::counted;
use tokio::net::TcpListener;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{info, warn};

use crate::connection;
use crate::limits::{MAX_CONNECTIONS, SWEEP_EVERY};
use crate::streamer::Streamer;

/// How many connections each address has, at most `each`.
#[derive(Debug)]
pub(crate) struct Doors {
    counts: Mutex<BTreeMap<IpAddr, usize>>,
    each: usize,
}

/// A connection's count; dropping it makes room.
pub(crate) struct Entered {
    doors: Arc<Doors>,
    address: IpAddr,
}

impl Doors {
    pub(crate) fn new(each: usize) -> Arc<Self> {
        Arc::new(Self { counts: Mutex::default(), each })
    }

    pub(crate) fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Entered> {
        let address = counted(address);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let total: usize = counts.values().sum();
        let here = counts.get(&address).copied().unwrap_or(0);
        if total >= MAX_CONNECTIONS || here >= self.each {
            return None;
        }
        counts.insert(address, here + 1);
        Some(Entered { doors: self.clone(), address })
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let mut counts = self.doors.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

impl Streamer {
    /// Takes encoders until `stop`, then sends them away and waits for their connections to end, and for what they sent
    /// to be recorded.
    pub async fn listen(
        self: Arc<Self>,
        listener: TcpListener,
        ingest: Arc<dyn Ingest>,
        recorder: Arc<dyn Recorder>,
        stop: CancellationToken,
    ) {
        let mut begun = self.begun();
        let recordings = TaskTracker::new();
        let doors = Doors::new(self.settings.connections_per_address);
        let connections = TaskTracker::new();
        connections.spawn(self.clone().look_at_pictures(stop.clone()));
        let mut sweep = interval(SWEEP_EVERY);
        sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let accepted = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                _ = sweep.tick() => {
                    self.sweep();
                    continue;
                }
                Some(reel) = begun.recv() => {
                    recordings.spawn(reel.run(recorder.clone()));
                    continue;
                }
                accepted = listener.accept() => accepted,
            };
            let (socket, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file handles, mostly: waiting lets some go.
                    warn!(%error, "an RTMP connection could not be taken");
                    sleep(std::time::Duration::from_millis(100)).await;
                    continue;
                }
            };
            let Some(entered) = doors.enter(peer.ip()) else {
                info!(%peer, reason = "too-many-connections", "RTMP connection closed");
                continue;
            };
            let (streamer, ingest, stop) = (self.clone(), ingest.clone(), stop.clone());
            connections.spawn(async move {
                let closed = connection::serve(socket, &streamer, ingest.as_ref(), &stop).await;
                info!(%peer, reason = closed.name(), "RTMP connection closed: {closed}");
                drop(entered);
            });
        }
        connections.close();
        connections.wait().await;
        self.stop_recording();
        while let Ok(reel) = begun.try_recv() {
            recordings.spawn(reel.run(recorder.clone()));
        }
        recordings.close();
        recordings.wait().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_counts_with_its_neighbours() {
        let doors = Doors::new(2);
        let enter = |address: &str| doors.enter(address.parse().expect("an address"));
        let first = (enter("192.0.2.1"), enter("::ffff:192.0.2.1"));
        assert!(first.0.is_some() && first.1.is_some() && enter("192.0.2.1").is_none() && enter("192.0.2.2").is_some());
        drop(first);
        assert!(enter("192.0.2.1").is_some());
        let _six = (enter("2001:db8::1"), enter("2001:db8::2"));
        assert!(enter("2001:db8::3").is_none() && enter("2001:db8:0:1::1").is_some());
    }
}
