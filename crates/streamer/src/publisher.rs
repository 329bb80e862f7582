//! What a connection does once it publishes.

use std::sync::{Arc, PoisonError};

use app::ports::Ingest;
use bytes::Bytes;
use kernel::Timestamp;
use media::Closed;
use media::programme::{RunEnd, SenderReport, Unit};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use crate::limits::{AWAY_AFTER, MAX_INGEST_BYTES_PER_SECOND, RATE_OVER};
use crate::programme::Programme;
use crate::stage::Place;

/// A publisher on its stage.
#[derive(Debug)]
pub(crate) struct Publisher {
    place: Place,
    /// Told by the stage to go.
    pub(crate) sent_away: mpsc::Receiver<Closed>,
    /// The house was told that the picture is there.
    there: bool,
    rate_since: Timestamp,
    rate_bytes: u64,
    /// Given back when the publisher goes.
    _room: OwnedSemaphorePermit,
}

impl Publisher {
    pub(crate) fn new(
        now: Timestamp,
        place: Place,
        sent_away: mpsc::Receiver<Closed>,
        room: OwnedSemaphorePermit,
    ) -> Self {
        Self { place, sent_away, there: false, rate_since: now, rate_bytes: 0, _room: room }
    }

    /// Where the picture goes now.
    pub(crate) fn programme(&self) -> Arc<Programme> {
        self.place.stage.programme()
    }

    /// Counts what was read.
    pub(crate) fn received(&mut self, now: Timestamp, bytes: usize) -> Result<(), Closed> {
        if now - self.rate_since >= RATE_OVER {
            self.rate_since = now;
            self.rate_bytes = 0;
        }
        self.rate_bytes += bytes as u64;
        let allowed = MAX_INGEST_BYTES_PER_SECOND * (RATE_OVER.0.cast_unsigned() / 1_000);
        if self.rate_bytes > allowed { Err(Closed::TooFast(MAX_INGEST_BYTES_PER_SECOND)) } else { Ok(()) }
    }

    pub(crate) fn video(&mut self, now: Timestamp, timestamp: u32, body: &Bytes) -> Result<(), RunEnd> {
        let unit = self.place.run.lock().unwrap_or_else(PoisonError::into_inner).video(now, timestamp, body)?;
        self.push(now, unit);
        Ok(())
    }

    pub(crate) fn audio(&mut self, now: Timestamp, timestamp: u32, body: &Bytes) -> Result<(), RunEnd> {
        let unit = self.place.run.lock().unwrap_or_else(PoisonError::into_inner).audio(now, timestamp, body)?;
        self.push(now, unit);
        Ok(())
    }

    /// A picture that came by RTP.
    pub(crate) fn access_unit(
        &mut self,
        now: Timestamp,
        stamp: u32,
        report: Option<SenderReport>,
        data: &[u8],
    ) -> Result<(), RunEnd> {
        let mut run = self.place.run.lock().unwrap_or_else(PoisonError::into_inner);
        let unit = run.access_unit(now, stamp, report, data)?;
        drop(run);
        self.push(now, unit);
        Ok(())
    }

    /// A packet of sound that came by RTP.
    pub(crate) fn opus(
        &mut self,
        now: Timestamp,
        stamp: u32,
        report: Option<SenderReport>,
        data: &[u8],
    ) -> Result<(), RunEnd> {
        let unit = self.place.run.lock().unwrap_or_else(PoisonError::into_inner).opus(now, stamp, report, data)?;
        self.push(now, unit);
        Ok(())
    }

    fn push(&self, now: Timestamp, unit: Option<Unit>) {
        if let Some(unit) = unit
            && self.place.heard(now)
        {
            self.place.push(unit);
        }
    }

    /// Tells the house when the picture comes or stops coming.
    pub(crate) async fn tell(&mut self, now: Timestamp, ingest: &dyn Ingest) {
        let Some(there) = self.place.flows(now, AWAY_AFTER) else { return };
        if there != self.there {
            self.there = there;
            if there { ingest.came(self.place.stage.show).await } else { ingest.left(self.place.stage.show).await }
        }
    }

    /// Has the picture stopped for good?
    pub(crate) fn handle_timeout(&mut self, now: Timestamp) -> Result<(), RunEnd> {
        self.place.run.lock().unwrap_or_else(PoisonError::into_inner).handle_timeout(now)
    }

    /// Leaves the stage; the house is told unless another publisher has it already.
    pub(crate) async fn leave(self, now: Timestamp, ingest: &dyn Ingest) {
        let (show, there) = (self.place.stage.show, self.there && self.place.flows(now, AWAY_AFTER).is_some());
        drop(self.place);
        if there {
            ingest.left(show).await;
        }
    }
}
