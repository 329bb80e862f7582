//! One viewer: frames to the session, and its packets both ways.

use std::sync::Arc;

use kernel::{Millis, Timestamp};
use media::Closed;
use media::rtc::{Frame, FrameKind, Output, ViewerEvent, Viewing};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::sleep;

use super::switchboard::{Ask, Packet, Switchboard};
use crate::anchored::Anchored;
use crate::live::Sent;
use crate::programme::Programme;

/// Pictures that a newcomer is sent at once are this far apart for their player, which so catches up at once.
const CATCHING_UP: Millis = Millis(1);

/// A viewer's session.
#[derive(Debug)]
pub(super) struct ViewerLine {
    pub(super) board: Arc<Switchboard>,
    pub(super) programme: Arc<Programme>,
    pub(super) session: Viewing,
    pub(super) clock: Anchored,
    pub(super) incoming: mpsc::Receiver<Packet>,
    pub(super) asked: mpsc::Receiver<Ask>,
    pub(super) _room: OwnedSemaphorePermit,
}

impl ViewerLine {
    /// Serves the session to its end and says why it ended.
    pub(super) async fn serve(mut self) -> Closed {
        let board = self.board.clone();
        let mut frames: Option<Receiver<Sent>> = None;
        loop {
            let until = match self.drain().await {
                Ok(until) => until,
                Err(closed) => return closed,
            };
            if frames.is_none() && self.session.is_connected() {
                let (group, behind) = self.programme.live.join();
                frames = Some(behind);
                if let Err(closed) = self.catch_up(&group).await {
                    return closed;
                }
                continue;
            }
            let now = self.clock.now();
            if until <= now {
                self.session.handle_timeout(now);
                continue;
            }
            tokio::select! {
                biased;
                () = board.stop.cancelled() => self.session.end(Closed::Stopping),
                ask = self.asked.recv() => match ask {
                    Some(Ask::Trickle(fragment)) => self.session.add_candidates(&fragment),
                    Some(Ask::Leave) | None => self.session.end(Closed::Unpublished),
                },
                Some(packet) = self.incoming.recv() => {
                    self.session.handle_input(self.clock.now(), packet.protocol, packet.from, &packet.bytes);
                }
                sent = next(&mut frames) => match sent {
                    Ok(Sent::Frame(frame)) => self.session.send(self.clock.now(), frame.at, &frame),
                    Ok(Sent::NotInOrder) => self.session.end(Closed::NotInOrder),
                    Err(RecvError::Lagged(_)) => {
                        self.session.skipped();
                        self.programme.live.want_keyframe();
                    }
                    Err(RecvError::Closed) => self.session.end(Closed::ShowEnded),
                },
                () = sleep((until - now).to_std()) => self.session.handle_timeout(self.clock.now()),
            }
        }
    }

    /// The pictures since the last keyframe, as fast as they go, so that the player has them behind it at once.
    async fn catch_up(&mut self, group: &[Frame]) -> Result<(), Closed> {
        let Some(last) = group.last() else { return Ok(()) };
        let pictures = group.iter().filter(|frame| frame.kind != FrameKind::Sound);
        for (before, frame) in (0..i64::try_from(group.len()).unwrap_or(0)).rev().zip(pictures) {
            self.session.send(self.clock.now(), last.at - Millis(before * CATCHING_UP.0), frame);
            self.drain().await?;
        }
        Ok(())
    }

    /// Does all that the session wants done; answers with the moment at which it wants to be asked again.
    async fn drain(&mut self) -> Result<Timestamp, Closed> {
        loop {
            match self.session.poll_output(self.clock.now()) {
                Output::Wait(until) => return Ok(until),
                Output::Close(closed) => return Err(closed),
                Output::Send { protocol, to, bytes } => self.board.send(protocol, to, bytes).await,
                Output::Event(ViewerEvent::Connected) => {}
                Output::Event(ViewerEvent::WantsKeyframe) => self.programme.live.want_keyframe(),
            }
        }
    }
}

async fn next(frames: &mut Option<Receiver<Sent>>) -> Result<Sent, RecvError> {
    match frames {
        Some(frames) => frames.recv().await,
        None => std::future::pending().await,
    }
}
