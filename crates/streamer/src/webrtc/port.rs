//! The port `Whip`.

use app::ports::{Answered, Grant, OfferProblem, PublishRefusal, Trickled, Whip};
use async_trait::async_trait;
use media::rtc::{Credentials, OfferRefusal, Session, credentials};
use tokio::sync::mpsc;
use tracing::info;

use super::line::Line;
use super::switchboard::{Ask, Ends};
use crate::anchored::Anchored;
use crate::limits::{ASKS_QUEUED, PACKETS_IN};
use crate::publisher::Publisher;
use crate::streamer::Streamer;

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn problem(refusal: &OfferRefusal) -> OfferProblem {
    let said = refusal.to_string();
    match refusal {
        OfferRefusal::Unreadable(_) => OfferProblem::NotReadable(said),
        OfferRefusal::NoPicture => OfferProblem::NoPicture(said),
        OfferRefusal::SeveralPictures(_) | OfferRefusal::Simulcast => OfferProblem::SeveralPictures(said),
        OfferRefusal::VideoCodec(_) => OfferProblem::VideoCodec(said),
        OfferRefusal::AudioCodec(_) => OfferProblem::AudioCodec(said),
        OfferRefusal::NotShown => OfferProblem::NotReadable(said),
    }
}

#[async_trait]
impl Whip for Streamer {
    async fn publish(&self, grant: Grant, offer: &str) -> Result<Answered, OfferProblem> {
        let board = self.webrtc.get().filter(|board| !board.stop.is_cancelled());
        let board = board.ok_or(PublishRefusal::Unavailable)?;
        let room = self.room_for_one().ok_or(PublishRefusal::Unavailable)?;
        let clock = Anchored::begin(self.clock.now());
        let (secret, noise) = (self.noise(), self.noise());
        let own = Credentials { name: hex(&noise[..8]), password: hex(&noise[8..]) };
        let (session, answer) = Session::accept(clock.at, clock.since.into_std(), own.clone(), &board.addresses, offer)
            .map_err(|refusal| problem(&refusal))?;
        let (send_away, sent_away) = mpsc::channel(1);
        let place = self.stage_for(grant).enter(clock.at, self.publisher_number(), send_away);
        let place = place.ok_or(PublishRefusal::AlreadyPublishing)?;
        let (packets, incoming) = mpsc::channel(PACKETS_IN);
        let (asks, asked) = mpsc::channel(ASKS_QUEUED);
        let theirs = credentials(offer).map_or("", |(name, _)| name).to_owned();
        let id = hex(&secret[..16]);
        board.enter(&id, Ends { name: own.name, theirs, packets, asks });
        let publisher = Publisher::new(clock.at, place, sent_away, room);
        let line = Line { board: board.clone(), session, clock, publisher, incoming, asked };
        let (leaving, show) = (id.clone(), grant.show);
        board.tasks.spawn(async move {
            info!(%show, "publishing by WebRTC");
            let board = line.board.clone();
            let closed = line.serve().await;
            board.leave(&leaving);
            info!(%show, reason = closed.name(), "WebRTC connection closed: {closed}");
        });
        Ok(Answered { session: id, answer })
    }

    async fn trickle(&self, session: &str, fragment: &str) -> Trickled {
        let ends = self.webrtc.get().and_then(|board| board.session(session));
        let Some(ends) = ends else { return Trickled::NotHere };
        if credentials(fragment).is_some_and(|(name, _)| name != ends.theirs) {
            return Trickled::Restart;
        }
        // Without further candidates the house still answers wherever checks come from.
        let _ = ends.asks.try_send(Ask::Trickle(fragment.to_owned()));
        Trickled::Taken
    }

    async fn leave(&self, session: &str) -> bool {
        let ends = self.webrtc.get().and_then(|board| board.session(session));
        let Some(ends) = ends else { return false };
        ends.asks.send(Ask::Leave).await.is_ok()
    }
}
