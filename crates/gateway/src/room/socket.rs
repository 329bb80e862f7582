//! One socket of a room: frames out as they come, commands in as they may.

use std::time::Duration;

use app::Actor;
use app::ports::RoomKey;
use app::room::{ClientFrame, Position, Seat, Submitted, Told, enter, ticket};
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use kernel::Language;
use tokio::time::{Instant, sleep_until, timeout};

use crate::client;
use crate::room::close::Close;
use crate::room::{FRAME_BYTES, UNWRITABLE};
use crate::state::Gateway;

/// A socket whose first frame does not come within this time is closed.
const JOIN_WITHIN: Duration = Duration::from_secs(10);
/// Clients ping every 10 s, once a minute from a page in the background.
const SILENCE: Duration = Duration::from_secs(90);
/// How long a closed socket may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// Commands of one socket whose answers are awaited at once; past it nothing is read until one is answered.
const UNANSWERED: usize = 64;
/// axum's 128 KiB would be zeroed and kept for every viewer.
const READ_BUFFER: usize = 4 * 1024;
/// Frames are sent whole and flushed; nothing is gained by waiting for more.
const WRITE_BUFFER: usize = 0;
/// A snapshot or tail frame fits many times over.
const MAX_WRITE_BUFFER: usize = 1024 * 1024;

/// Who connects, to what.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) gateway: Gateway,
    /// From cookies; empty where the page is not ours, and then a ticket must come.
    pub(crate) actor: Actor,
    pub(crate) room: RoomKey,
    pub(crate) language: Language,
    /// Its place among the lines of its address.
    pub(crate) line: client::Line,
}

pub(crate) fn upgrade(upgrade: WebSocketUpgrade, caller: Caller) -> Response {
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
        .max_message_size(FRAME_BYTES)
        .max_frame_size(FRAME_BYTES)
        .on_upgrade(move |socket| async move {
            let mut line = Line(socket);
            let why = serve(&mut line, caller).await;
            line.close(why).await;
        })
}

/// A socket that must be writable.
struct Line(WebSocket);

/// The client is gone; there is nobody to tell why.
struct Gone;

impl Line {
    async fn send(&mut self, bytes: Bytes) -> Result<(), Option<Close>> {
        let text = Utf8Bytes::try_from(bytes).map_err(|_| Some(Close::Failed))?;
        match timeout(UNWRITABLE, self.0.send(Message::Text(text))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(None),
            Err(_) => Err(Some(Close::TooSlow)),
        }
    }

    /// The next text frame.
    async fn text(&mut self) -> Result<Result<Utf8Bytes, Close>, Gone> {
        loop {
            match self.0.recv().await {
                Some(Ok(Message::Text(text))) => return Ok(Ok(text)),
                Some(Ok(Message::Binary(_))) => return Ok(Err(Close::Binary)),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Err(_)) => return Ok(Err(Close::BadFrame)),
                Some(Ok(Message::Close(_))) | None => return Err(Gone),
            }
        }
    }

    async fn close(mut self, why: Option<Close>) {
        let Some(why) = why else { return };
        let goodbye = async {
            if self.0.send(Message::Close(Some(why.frame()))).await.is_err() {
                return;
            }
            while let Some(Ok(_)) = self.0.recv().await {}
            // After a frame that was refused unread, closing at once would reset the connection before the client has
            // read why.
            if why == Close::BadFrame {
                tokio::time::sleep(GOODBYE).await;
            }
        };
        let _in_time = timeout(GOODBYE, goodbye).await;
    }
}

/// Runs until it ends; says why, where there is somebody to tell.
async fn serve(line: &mut Line, caller: Caller) -> Option<Close> {
    match talk(line, caller).await {
        Ok(()) => None,
        Err(why) => why,
    }
}

async fn talk(line: &mut Line, caller: Caller) -> Result<(), Option<Close>> {
    let Caller { gateway, actor, room, language, line: _place } = caller;
    let (actor, position) = join(line, &gateway, actor, room).await?;
    let (first, mut seat) =
        enter::enter(&gateway.app, &actor, room, position, language).await.map_err(|problem| Some(problem.into()))?;
    for bytes in first {
        line.send(bytes).await?;
    }
    let mut answers = FuturesUnordered::new();
    let mut heard = Instant::now();
    loop {
        let waiting = !answers.is_empty();
        tokio::select! {
            biased;
            told = seat.next() => match told {
                Told::Frames(frames) => {
                    for bytes in frames {
                        line.send(bytes).await?;
                    }
                }
                Told::Closed if gateway.app.rooms.is_draining() => return Err(Some(Close::Draining)),
                Told::Closed => return Err(Some(Close::RoomMoved)),
            },
            Some(answer) = answers.next(), if waiting => line.send(answer).await?,
            text = line.text(), if answers.len() < UNANSWERED => {
                let text = text.map_err(|Gone| None)?.map_err(Some)?;
                heard = Instant::now();
                if let Some(answer) = submit(&mut seat, &text).await? {
                    match answer {
                        Reply::Now(bytes) => line.send(bytes).await?,
                        Reply::Later(answer) => answers.push(answer.wait()),
                    }
                }
            }
            () = sleep_until(heard + SILENCE) => return Err(Some(Close::Silent)),
        }
    }
}

enum Reply {
    Now(Bytes),
    Later(app::room::Answer),
}

async fn submit(seat: &mut Seat, text: &str) -> Result<Option<Reply>, Option<Close>> {
    match seat.submit(text).await {
        Submitted::Nothing => Ok(None),
        Submitted::Answer(bytes) | Submitted::Nonsense(bytes) => Ok(Some(Reply::Now(bytes))),
        Submitted::Later(answer) => Ok(Some(Reply::Later(answer))),
        Submitted::Flood => Err(Some(Close::TooFast)),
    }
}

/// The first frame: where the client stands, and its ticket if it has no cookie of ours.
async fn join(
    line: &mut Line,
    gateway: &Gateway,
    from_cookies: Actor,
    room: RoomKey,
) -> Result<(Actor, Option<Position>), Option<Close>> {
    let text = timeout(JOIN_WITHIN, line.text()).await.map_err(|_| Some(Close::JoinLate))?;
    let text = text.map_err(|Gone| None)?.map_err(Some)?;
    let Ok(ClientFrame::Join { epoch, offset, ticket }) = ClientFrame::read(&text) else {
        return Err(Some(Close::BadFrame));
    };
    let position = epoch.zip(offset).map(|(epoch, offset)| Position { epoch, offset });
    let actor = match ticket {
        Some(ticket) => ticket::redeem(&gateway.app, &ticket, room.show).await.map_err(|p| Some(p.into()))?,
        None => from_cookies,
    };
    Ok((actor, position))
}
