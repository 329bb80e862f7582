//! One publisher: its packets to the session, what that says back out, and its pictures onto the stage.

use std::sync::Arc;

use kernel::Timestamp;
use media::Closed;
use media::rtc::{Event, Output, Session};
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::switchboard::{Ask, Packet, Switchboard};
use crate::anchored::Anchored;
use crate::publisher::Publisher;

/// A publisher's session and its place on the stage.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) board: Arc<Switchboard>,
    pub(super) session: Session,
    pub(super) clock: Anchored,
    pub(super) publisher: Publisher,
    pub(super) incoming: mpsc::Receiver<Packet>,
    pub(super) asked: mpsc::Receiver<Ask>,
}

impl Line {
    /// Serves the session to its end and says why it ended.
    pub(super) async fn serve(mut self) -> Closed {
        let closed = self.run().await;
        self.publisher.leave(self.clock.now(), self.board.ingest.as_ref()).await;
        closed
    }

    async fn run(&mut self) -> Closed {
        let board = self.board.clone();
        loop {
            let until = match self.drain().await {
                Ok(until) => until,
                Err(closed) => return closed,
            };
            let now = self.clock.now();
            self.publisher.tell(now, board.ingest.as_ref()).await;
            if until <= now {
                self.look(now);
                continue;
            }
            let programme = self.publisher.programme();
            tokio::select! {
                biased;
                () = board.stop.cancelled() => self.session.end(Closed::Stopping),
                reason = self.publisher.sent_away.recv() => self.session.end(reason.unwrap_or(Closed::Kicked)),
                ask = self.asked.recv() => match ask {
                    Some(Ask::Trickle(fragment)) => self.session.add_candidates(&fragment),
                    Some(Ask::Leave) | None => self.session.end(Closed::Unpublished),
                },
                Some(packet) = self.incoming.recv() => self.received(packet),
                () = programme.live.keyframe_wanted() => self.session.want_keyframe(self.clock.now()),
                () = sleep((until - now).to_std()) => self.look(self.clock.now()),
            }
        }
    }

    fn received(&mut self, packet: Packet) {
        let now = self.clock.now();
        if let Err(closed) = self.publisher.received(now, packet.bytes.len()) {
            self.session.end(closed);
        }
        self.session.handle_input(now, packet.protocol, packet.from, &packet.bytes);
    }

    fn look(&mut self, now: Timestamp) {
        self.session.handle_timeout(now);
        if let Err(end) = self.publisher.handle_timeout(now) {
            self.session.end(end.into());
        }
    }

    /// Does all that the session wants done; answers with the moment at which it wants to be asked again.
    async fn drain(&mut self) -> Result<Timestamp, Closed> {
        loop {
            let now = self.clock.now();
            let taken = match self.session.poll_output(now) {
                Output::Wait(until) => return Ok(until),
                Output::Close(closed) => return Err(closed),
                Output::Send { protocol, to, bytes } => {
                    self.board.send(protocol, to, bytes).await;
                    Ok(())
                }
                Output::Event(Event::Connected) => Ok(()),
                Output::Event(Event::Picture { stamp, report, data }) => {
                    self.publisher.access_unit(now, stamp, report, &data)
                }
                Output::Event(Event::Sound { stamp, report, data }) => self.publisher.opus(now, stamp, report, &data),
            };
            if let Err(end) = taken {
                self.session.end(end.into());
            }
        }
    }
}
