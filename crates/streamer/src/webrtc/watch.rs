//! The port `Whep`.

use app::ports::{Answered, NotWatched, Whep};
use async_trait::async_trait;
use kernel::ProgrammeId;
use media::rtc::{Credentials, OfferRefusal, Viewing, credentials};
use tokio::sync::mpsc;
use tracing::debug;

use super::port::hex;
use super::switchboard::Ends;
use super::viewer::ViewerLine;
use crate::anchored::Anchored;
use crate::limits::{ASKS_QUEUED, PACKETS_OF_VIEWER};
use crate::streamer::Streamer;

#[async_trait]
impl Whep for Streamer {
    async fn watch(&self, programme: ProgrammeId, offer: &str) -> Result<Answered, NotWatched> {
        let board = self.webrtc.get().filter(|board| !board.stop.is_cancelled()).ok_or(NotWatched::Full)?;
        let programme = self.programme(programme).filter(|programme| programme.ended_at().is_none());
        let programme = programme.ok_or(NotWatched::NotHere)?;
        programme.live.can_be_watched()?;
        let room = self.room_for_a_viewer().ok_or(NotWatched::Full)?;
        let clock = Anchored::begin(self.clock.now());
        let (secret, noise) = (self.noise(), self.noise());
        let own = Credentials { name: hex(&noise[..8]), password: hex(&noise[8..]) };
        let since = clock.since.into_std();
        let accepted = Viewing::accept(clock.at, since, own.clone(), &board.addresses, offer);
        let (session, answer) = accepted.map_err(|refusal| match refusal {
            OfferRefusal::NotShown => NotWatched::NotShown(refusal.to_string()),
            _ => NotWatched::NotReadable(refusal.to_string()),
        })?;
        let (packets, incoming) = mpsc::channel(PACKETS_OF_VIEWER);
        let (asks, asked) = mpsc::channel(ASKS_QUEUED);
        let theirs = credentials(offer).map_or("", |(name, _)| name).to_owned();
        let id = hex(&secret[..16]);
        board.enter(&id, Ends { name: own.name, theirs, packets, asks });
        let line = ViewerLine { board: board.clone(), programme, session, clock, incoming, asked, _room: room };
        let leaving = id.clone();
        board.tasks.spawn(async move {
            let board = line.board.clone();
            let closed = line.serve().await;
            board.leave(&leaving);
            debug!(reason = closed.name(), "a viewer by WebRTC is gone: {closed}");
        });
        Ok(Answered { session: id, answer })
    }
}
