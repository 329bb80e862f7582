//! One socket of a room, from its handshake to its goodbye: who comes takes a seat, the fan-out writes to them, and this task
//! reads what they say.

use std::future::pending;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use app::Actor;
use app::ports::RoomKey;
use app::room::{Answer, ClientFrame, Position, Ring, Seat, Submitted, enter, ticket};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use bytes::Bytes;
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::upgrade::downcast;
use kernel::Language;
use rustix::net::sockopt::set_socket_send_buffer_size;
use tokio::time::timeout;

use crate::client;
use crate::problem::Refused;
use crate::room::close::Close;
use crate::room::door::WayIn;
use crate::room::fanout::Fanout;
use crate::room::line::{Line, Needs};
use crate::room::pipe::Pipe;
use crate::room::websocket::read::{Fault, Heard, Reader};
use crate::room::websocket::{self, Agreed, agree};
use crate::room::{FRAME_BYTES, GOODBYE};
use crate::state::Gateway;
use crate::stream::Stream;

/// A socket whose first frame does not come within this time is closed.
const JOIN_WITHIN: Duration = Duration::from_secs(10);
/// Commands of one socket whose answers are awaited at once; past it nothing is read until one is answered.
const UNANSWERED: usize = 64;
/// What the system keeps for a viewer who does not read; the rest waits in the ring.
const SEND_BUFFER: usize = 64 * 1024;

/// A request that can become a socket.
#[derive(Debug)]
pub(crate) struct Upgrade {
    agreed: Agreed,
    on_upgrade: OnUpgrade,
}

impl<S: Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let agreed = agree(&parts.headers).ok_or(app::Code::BadRequest)?;
        let on_upgrade = parts.extensions.remove().ok_or(app::Code::BadRequest)?;
        Ok(Self { agreed, on_upgrade })
    }
}

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
    pub(crate) way_in: WayIn,
}

/// Answers the handshake; the socket goes on in tasks of its own.
pub(crate) fn open(Upgrade { agreed, on_upgrade }: Upgrade, caller: Caller) -> Response {
    let deflate = agreed.deflate;
    tokio::spawn(async move {
        match on_upgrade.await.map(taken) {
            Ok(Some((pipe, early))) => receive(pipe, early, deflate, caller).await,
            Ok(None) => tracing::error!("a socket came over something that is no connection of ours"),
            Err(error) => tracing::debug!(%error, "a handshake was not finished"),
        }
    });
    agreed.response()
}

/// The connection itself, and what came over it behind the handshake.
fn taken(upgraded: Upgraded) -> Option<(Pipe, Bytes)> {
    let parts = downcast::<TokioIo<Stream>>(upgraded).ok()?;
    Some((parts.io.into_inner().into(), parts.read_buf))
}

/// Seats who comes, and leaves the rest to a smaller task.
async fn receive(pipe: Pipe, early: Bytes, deflate: bool, caller: Caller) {
    if let Err(error) = set_socket_send_buffer_size(pipe.tcp(), SEND_BUFFER) {
        tracing::debug!(%error, "a socket is gone already");
    }
    let Caller { gateway, actor, room, language, line: place, way_in } = caller;
    let mut reader = Reader::new(deflate, FRAME_BYTES);
    let seated = async {
        let mut heard = Vec::new();
        reader.take(&early, &mut heard).map_err(|fault| Some(fault.into()))?;
        let joined = timeout(JOIN_WITHIN, first_text(&pipe, &mut reader, &mut heard));
        let text = joined.await.map_err(|_| Some(Close::JoinLate))??;
        let (actor, position) = join(&gateway, actor, room, &text).await?;
        let _turn = way_in.turn().await.map_err(Some)?;
        let seated = enter::enter(&gateway.app, &actor, room, position, language).await;
        let (first, seat) = seated.map_err(|problem| Some(problem.into()))?;
        Ok((first, seat, heard))
    };
    match seated.await {
        Ok((first, seat, heard)) => {
            let first = first.iter().map(|frame| websocket::text(frame)).collect();
            let standing = seat.standing();
            let ring = Arc::clone(&standing.ring);
            let line = Arc::new(Line::new(pipe, seat.ear(), seat.is_staff(), deflate, first, standing));
            let fanout = gateway.fanouts.add(&ring, &line);
            let sitting = Sitting { gateway, seat, line, ring, fanout, reader, answers: None, _place: place };
            tokio::spawn(sitting.run(heard));
        }
        Err(Some(why)) => refuse(pipe, why).await,
        Err(None) => {}
    }
}

impl From<Fault> for Close {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Bad => Self::BadFrame,
            Fault::Binary => Self::Binary,
        }
    }
}

/// The first message; what came behind it stays in `heard`. None as the reason where nobody is there to be told.
async fn first_text(pipe: &Pipe, reader: &mut Reader, heard: &mut Vec<Heard>) -> Result<String, Option<Close>> {
    loop {
        while !heard.is_empty() {
            match heard.remove(0) {
                Heard::Text(text) => return Ok(text),
                Heard::Ping(payload) => pipe.write_all(&websocket::pong(&payload)).await.map_err(|_| None)?,
                Heard::Close => return Err(None),
            }
        }
        pipe.readable().await.map_err(|_| None)?;
        let mut buffer = [0; 2 * 1024];
        match pipe.try_read(&mut buffer) {
            Ok(0) => return Err(None),
            Ok(read) => reader.take(&buffer[..read], heard).map_err(|fault| Some(fault.into()))?,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => return Err(None),
        }
    }
}

/// The first frame: where the client stands, and its ticket if it has no cookie of ours.
async fn join(
    gateway: &Gateway,
    from_cookies: Actor,
    room: RoomKey,
    text: &str,
) -> Result<(Actor, Option<Position>), Option<Close>> {
    let Ok(ClientFrame::Join { epoch, offset, ticket }) = ClientFrame::read(text) else {
        return Err(Some(Close::BadFrame));
    };
    let position = epoch.zip(offset).map(|(epoch, offset)| Position { epoch, offset });
    let actor = match ticket {
        Some(ticket) => ticket::redeem(&gateway.app, &ticket, room.show).await.map_err(|p| Some(p.into()))?,
        None => from_cookies,
    };
    Ok((actor, position))
}

/// Says why nobody is seated, and waits until the client has read it: closing with something unread would reset the
/// connection before.
async fn refuse(pipe: Pipe, why: Close) {
    let goodbye = async {
        if pipe.write_all(&websocket::close(Some(why))).await.is_err() {
            return;
        }
        let mut buffer = [0; 1024];
        while pipe.readable().await.is_ok() {
            match pipe.try_read(&mut buffer) {
                Ok(read) if read > 0 => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Ok(_) | Err(_) => return,
            }
        }
    };
    let _in_time = timeout(GOODBYE, goodbye).await;
}

type Answers = FuturesUnordered<BoxFuture<'static, Bytes>>;

/// Somebody who sits in a room.
struct Sitting {
    gateway: Gateway,
    seat: Seat,
    line: Arc<Line>,
    ring: Arc<Ring>,
    fanout: Arc<Fanout>,
    reader: Reader,
    /// On their way; most people never say anything.
    answers: Option<Box<Answers>>,
    _place: client::Line,
}

impl Drop for Sitting {
    fn drop(&mut self) {
        self.line.leave();
        self.fanout.look(&self.line);
    }
}

impl Sitting {
    /// `heard`: what came right behind the join.
    async fn run(mut self, heard: Vec<Heard>) {
        let why = match self.answer(heard).await {
            Ok(()) => self.serve().await,
            Err(why) => why,
        };
        let why = match why {
            Goodbye::Gone => return,
            Goodbye::Because(why) => Some(why),
            Goodbye::Theirs => None,
        };
        // Kept apart, so that who only watches holds no room for it.
        Box::pin(self.line.close(why, GOODBYE)).await;
    }

    /// Until it ends; says how.
    async fn serve(&mut self) -> Goodbye {
        loop {
            if let Err(why) = self.provide().await {
                return why;
            }
            let answers = self.answers.as_ref().map_or(0, |answers| answers.len());
            tokio::select! {
                biased;
                () = self.seat.dismissed() => return Goodbye::Because(Close::RoomMoved),
                () = called(&self.line) => {}
                answer = next(&mut self.answers), if answers > 0 => self.say(&answer),
                ready = self.line.readable(), if answers < UNANSWERED => {
                    if ready.is_err() {
                        return Goodbye::Gone;
                    }
                    let mut heard = Vec::new();
                    let goes_on = self.line.read(&mut self.reader, &mut heard);
                    if let Err(why) = self.answer(heard).await {
                        return why;
                    }
                    match goes_on {
                        Ok(true) => {}
                        Ok(false) => return Goodbye::Gone,
                        Err(fault) => return Goodbye::Because(fault.into()),
                    }
                }
            }
        }
    }

    /// What the line needs, and what was told to this seat alone.
    async fn provide(&mut self) -> Result<(), Goodbye> {
        match self.line.needs() {
            Needs::Nothing => {}
            Needs::NewStart(offset) => {
                let Some(first) = Box::pin(self.seat.start_anew(offset)).await else { return Err(self.moved()) };
                let standing = self.seat.standing();
                let ring = Arc::clone(&standing.ring);
                self.line.start_anew(first.iter().map(|frame| websocket::text(frame)).collect(), standing);
                if !Arc::ptr_eq(&ring, &self.ring) {
                    return Err(self.moved());
                }
                self.fanout.look(&self.line);
            }
            Needs::Elsewhere => return Err(self.moved()),
            Needs::End(why) => return Err(Goodbye::Because(why)),
            Needs::Gone => return Err(Goodbye::Gone),
        }
        while let Some(frame) = self.seat.ear().take() {
            self.say(&frame);
        }
        Ok(())
    }

    /// Where everybody is sent whose room closes.
    fn moved(&self) -> Goodbye {
        let draining = self.gateway.app.rooms.is_draining();
        Goodbye::Because(if draining { Close::Draining } else { Close::RoomMoved })
    }

    fn say(&self, frame: &Bytes) {
        if !self.line.say(websocket::text(frame)) {
            self.fanout.look(&self.line);
        }
    }

    async fn answer(&mut self, heard: Vec<Heard>) -> Result<(), Goodbye> {
        for heard in heard {
            let text = match heard {
                Heard::Text(text) => text,
                Heard::Ping(payload) => {
                    self.line.say(websocket::pong(&payload));
                    continue;
                }
                Heard::Close => return Err(Goodbye::Theirs),
            };
            // Kept apart, so that who only watches holds no room for it.
            match Box::pin(self.seat.submit(&text)).await {
                Submitted::Nothing => {}
                Submitted::Answer(frame) | Submitted::Nonsense(frame) => self.say(&frame),
                Submitted::Later(answer) => self.await_later(answer),
                Submitted::Flood => return Err(Goodbye::Because(Close::TooFast)),
            }
        }
        Ok(())
    }

    fn await_later(&mut self, answer: Answer) {
        self.answers.get_or_insert_default().push(Box::pin(answer.wait()));
    }
}

/// How it ends.
enum Goodbye {
    /// There is nobody to tell.
    Gone,
    Because(Close),
    /// The client closed.
    Theirs,
}

async fn called(line: &Line) {
    line.ear().called().await;
}

async fn next(answers: &mut Option<Box<Answers>>) -> Bytes {
    let Some(waiting) = answers else { return pending().await };
    match waiting.next().await {
        Some(answer) => {
            if waiting.is_empty() {
                *answers = None;
            }
            answer
        }
        None => pending().await,
    }
}
