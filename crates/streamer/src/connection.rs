//! One RTMP connection: bytes to the session, what it says back out, and its pictures onto the stage.

use std::sync::Arc;

use app::ports::{Ingest, PublishRefusal};
use kernel::{Millis, Timestamp};
use media::Closed;
use media::rtmp::{Event, Output, RefusalCode, Session};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::anchored::Anchored;
use crate::limits::{HANG_UP_BYTES, HANG_UP_WITHIN, READ_BYTES, WRITE_WITHIN};
use crate::publisher::Publisher;
use crate::stage::Stage;
use crate::streamer::Streamer;

/// How often a publisher is looked at when nothing arrives.
const LOOK_EVERY: Millis = Millis::from_secs(1);

struct Connection<'a> {
    socket: TcpStream,
    streamer: &'a Streamer,
    ingest: &'a dyn Ingest,
    clock: Anchored,
    session: Session,
    publisher: Option<Publisher>,
}

/// Serves the connection to its end and says why it ended.
pub(crate) async fn serve(
    socket: TcpStream,
    streamer: &Streamer,
    ingest: &dyn Ingest,
    stop: &CancellationToken,
) -> Closed {
    // Answers are small and rare; waiting to fill a packet would only delay the handshake.
    let _ = socket.set_nodelay(true);
    let clock = Anchored::begin(streamer.clock.now());
    let session = Session::new(clock.at, streamer.noise());
    let mut connection = Connection { socket, streamer, ingest, clock, session, publisher: None };
    let closed = connection.run(stop).await;
    if let Some(publisher) = connection.publisher.take() {
        publisher.leave(connection.clock.now(), ingest).await;
    }
    hang_up(connection.socket).await;
    closed
}

impl Connection<'_> {
    async fn run(&mut self, stop: &CancellationToken) -> Closed {
        let mut buffer = vec![0; READ_BYTES];
        let mut drained = false;
        loop {
            let until = match self.drain().await {
                Ok(until) => until,
                Err(closed) => return closed,
            };
            if let Some(publisher) = &mut self.publisher {
                publisher.tell(self.clock.now(), self.ingest).await;
                if std::mem::take(&mut drained) {
                    sleep_until(self.streamer.next_read()).await;
                }
            }
            let now = self.clock.now();
            let until = if self.publisher.is_some() { until.min(now + LOOK_EVERY) } else { until };
            let sent_away = async {
                match &mut self.publisher {
                    Some(publisher) => publisher.sent_away.recv().await.unwrap_or(Closed::Kicked),
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => self.send_away(Closed::Stopping),
                reason = sent_away => self.send_away(reason),
                read = self.socket.read(&mut buffer) => match read {
                    Ok(0) | Err(_) => self.session.handle_end(),
                    Ok(count) => {
                        drained = count < READ_BYTES;
                        self.received(&buffer[..count]);
                    }
                },
                () = sleep((until - now).to_std()) => self.look(),
            }
        }
    }

    fn received(&mut self, bytes: &[u8]) {
        let now = self.clock.now();
        if let Some(publisher) = &mut self.publisher
            && let Err(closed) = publisher.received(now, bytes.len())
        {
            self.send_away(closed);
        }
        self.session.handle_input(now, bytes);
    }

    fn look(&mut self) {
        let now = self.clock.now();
        self.session.handle_timeout(now);
        if let Some(publisher) = &mut self.publisher
            && let Err(end) = publisher.handle_timeout(now)
        {
            self.send_away(end.into());
        }
    }

    /// The encoder is told why, in a sentence that it prints.
    fn send_away(&mut self, reason: Closed) {
        self.session.refuse(RefusalCode::Rejected, &reason.to_string(), reason);
    }

    /// Does all that the session wants done; answers with the moment at which it wants to be asked again.
    async fn drain(&mut self) -> Result<Timestamp, Closed> {
        loop {
            match self.session.poll_output() {
                Output::Wait(until) => return Ok(until),
                Output::Close(closed) => return Err(closed),
                Output::Send(bytes) => match timeout(WRITE_WITHIN, self.socket.write_all(&bytes)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) | Err(_) => return Err(Closed::Lost),
                },
                Output::Event(Event::Publish { application: _, stream_key }) => self.publish(&stream_key).await,
                Output::Event(Event::Video { timestamp, body }) => {
                    let now = self.clock.now();
                    let taken = self.publisher.as_mut().map_or(Ok(()), |p| p.video(now, timestamp, &body));
                    if let Err(end) = taken {
                        self.send_away(end.into());
                    }
                }
                Output::Event(Event::Audio { timestamp, body }) => {
                    let now = self.clock.now();
                    let taken = self.publisher.as_mut().map_or(Ok(()), |p| p.audio(now, timestamp, &body));
                    if let Err(end) = taken {
                        self.send_away(end.into());
                    }
                }
            }
        }
    }

    fn enter(&self, stage: &Arc<Stage>) -> Result<Publisher, PublishRefusal> {
        let room = self.streamer.room_for_one().ok_or(PublishRefusal::Unavailable)?;
        let (sender, receiver) = mpsc::channel(1);
        let now = self.clock.now();
        let place = stage.enter(now, self.streamer.publisher_number(), sender);
        let place = place.ok_or(PublishRefusal::AlreadyPublishing)?;
        Ok(Publisher::new(now, place, receiver, room))
    }

    async fn publish(&mut self, stream_key: &str) {
        let entered = match self.ingest.authorise(stream_key).await {
            Ok(grant) => self.enter(&self.streamer.stage_for(grant)).map(|publisher| (grant, publisher)),
            Err(refusal) => Err(refusal),
        };
        match entered {
            Ok((grant, publisher)) => {
                info!(show = %grant.show, "publishing");
                self.publisher = Some(publisher);
                self.session.accept(self.clock.now());
            }
            Err(refusal) => {
                let code = match refusal {
                    PublishRefusal::UnknownKey | PublishRefusal::ShowEnded => RefusalCode::Unauthorized,
                    PublishRefusal::AlreadyPublishing => RefusalCode::InUse,
                    PublishRefusal::Unavailable => RefusalCode::Rejected,
                };
                let sentence = refusal.to_string();
                self.session.refuse(code, &sentence, Closed::Refused(sentence.clone()));
            }
        }
    }
}

/// Closes our side, then reads on until the encoder hangs up too: a socket dropped with unread bytes would reset the
/// connection, and the encoder would lose the sentence that says why.
async fn hang_up(mut socket: TcpStream) {
    if socket.shutdown().await.is_err() {
        return;
    }
    let mut buffer = vec![0; READ_BYTES];
    let drained = async {
        let mut left = HANG_UP_BYTES;
        while let Ok(count) = socket.read(&mut buffer).await {
            if count == 0 || count > left {
                break;
            }
            left -= count;
        }
    };
    let _ = timeout(HANG_UP_WITHIN, drained).await;
}
