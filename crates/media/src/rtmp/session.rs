//! The server's side of one RTMP connection that publishes.
//!
//! Sans-I/O: [`Session::handle_input`] takes what arrived, then [`Session::poll_output`] is drained until it says
//! [`Output::Wait`]. The only question that the shell must answer is [`Event::Publish`].

mod commands;

use std::collections::VecDeque;

use bytes::{BufMut, Bytes, BytesMut};
use kernel::{Millis, Timestamp};

use super::chunk::{ChunkReader, Message, write_message};
use crate::Closed;

/// Version byte, 1,536 bytes of time and noise, and the same echoed (§5.2).
const HELLO_BYTES: usize = 1_536;
const VERSION: u8 = 3;
/// From the first byte to a `publish`, at most.
const PUBLISH_WITHIN: Millis = Millis::from_secs(10);
/// From the first byte to the end of the handshake, at most.
const HANDSHAKE_WITHIN: Millis = Millis::from_secs(5);
/// Nothing at all from the encoder for so long ends the connection.
pub const IDLE: Millis = Millis::from_secs(10);
/// How much the peer may send before it wants to hear from us, and we from it (§5.4.4).
const WINDOW_BYTES: u32 = 2_500_000;

const KIND_SET_CHUNK_SIZE: u8 = 1;
const KIND_ABORT: u8 = 2;
const KIND_ACK: u8 = 3;
const KIND_USER_CONTROL: u8 = 4;
const KIND_WINDOW: u8 = 5;
const KIND_PEER_BANDWIDTH: u8 = 6;
const KIND_AUDIO: u8 = 8;
const KIND_VIDEO: u8 = 9;
const KIND_COMMAND_AMF3: u8 = 17;
const KIND_COMMAND: u8 = 20;

const STREAM_CONTROL: u8 = 2;

/// What a session tells its shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The encoder wants to publish: answer with [`Session::accept`] or [`Session::refuse`].
    Publish { application: String, stream_key: String },
    /// A video tag's body and its time on the sender's clock.
    Video { timestamp: u32, body: Bytes },
    /// An audio tag's body and its time on the sender's clock.
    Audio { timestamp: u32, body: Bytes },
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Write these bytes.
    Send(Bytes),
    Event(Event),
    /// Write nothing more after what was sent; the connection is over.
    Close(Closed),
    /// Nothing until more input, or until this moment: then call [`Session::handle_timeout`].
    Wait(Timestamp),
}

/// Why the shell refuses; the encoder prints `description`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalCode {
    /// `NetStream.Publish.Unauthorized`: the key is wrong or no longer good.
    Unauthorized,
    /// `NetStream.Publish.BadName`: the key is good, but in use.
    InUse,
    /// `NetStream.Publish.Rejected`: what is sent cannot be taken.
    Rejected,
}

impl RefusalCode {
    const fn code(self) -> &'static str {
        match self {
            Self::Unauthorized => "NetStream.Publish.Unauthorized",
            Self::InUse => "NetStream.Publish.BadName",
            Self::Rejected => "NetStream.Publish.Rejected",
        }
    }
}

#[derive(Debug)]
enum State {
    /// Collecting version and first part.
    Hello(Vec<u8>),
    /// Collecting the echo; it is not compared, since some encoders send noise.
    Echo(usize),
    /// Commands before a publish.
    Talking,
    /// The shell was asked.
    Asking,
    Publishing,
    Over,
}

/// One connection.
#[derive(Debug)]
pub struct Session {
    state: State,
    reader: ChunkReader,
    application: String,
    commands: u32,
    began: Timestamp,
    heard: Timestamp,
    received_bytes: u32,
    acked_bytes: u32,
    peer_window: u32,
    noise: [u8; 32],
    output: VecDeque<Output>,
}

impl Session {
    /// `noise` fills the handshake; any bytes will do.
    #[must_use]
    pub fn new(now: Timestamp, noise: [u8; 32]) -> Self {
        Self {
            state: State::Hello(Vec::with_capacity(1 + HELLO_BYTES)),
            reader: ChunkReader::default(),
            application: String::new(),
            commands: 0,
            began: now,
            heard: now,
            received_bytes: 0,
            acked_bytes: 0,
            peer_window: WINDOW_BYTES,
            noise,
            output: VecDeque::new(),
        }
    }

    /// Bytes from the peer, in any cut.
    pub fn handle_input(&mut self, now: Timestamp, mut input: &[u8]) {
        if input.is_empty() {
            return;
        }
        self.heard = now;
        self.received_bytes = self.received_bytes.wrapping_add(u32::try_from(input.len()).unwrap_or(u32::MAX));
        if let Err(closed) = self.read(&mut input) {
            self.close(closed);
        }
        if self.received_bytes.wrapping_sub(self.acked_bytes) >= self.peer_window / 2 {
            self.acked_bytes = self.received_bytes;
            self.control(KIND_ACK, &self.received_bytes.to_be_bytes());
        }
    }

    /// The moment that [`Output::Wait`] named has come (or any other: this is idempotent).
    pub fn handle_timeout(&mut self, now: Timestamp) {
        if now < self.deadline() {
            return;
        }
        match self.state {
            State::Hello(_) | State::Echo(_) => self.close(Closed::HandshakeTimeout),
            State::Talking if now >= self.began + PUBLISH_WITHIN => self.close(Closed::PublishTimeout),
            State::Talking | State::Publishing => self.close(Closed::Idle((now - self.heard).0)),
            State::Asking | State::Over => {}
        }
    }

    /// The peer closed its side.
    pub fn handle_end(&mut self) {
        self.close(Closed::Lost);
    }

    /// Yes to [`Event::Publish`].
    pub fn accept(&mut self, now: Timestamp) {
        if matches!(self.state, State::Asking) {
            self.state = State::Publishing;
            self.heard = now;
            self.control(KIND_USER_CONTROL, &[0, 0, 0, 0, 0, 1]);
            self.status("status", "NetStream.Publish.Start", "Publishing. You are being packaged for viewers.");
        }
    }

    /// No, at [`Event::Publish`] or any time later; the sentence is what the encoder shows.
    pub fn refuse(&mut self, code: RefusalCode, description: &str, closed: Closed) {
        if matches!(self.state, State::Asking | State::Publishing) {
            self.status("error", code.code(), description);
        }
        self.close(closed);
    }

    /// What to do next; call until [`Output::Wait`] or [`Output::Close`].
    pub fn poll_output(&mut self) -> Output {
        self.output.pop_front().unwrap_or_else(|| Output::Wait(self.deadline()))
    }

    fn deadline(&self) -> Timestamp {
        match self.state {
            State::Hello(_) | State::Echo(_) => self.began + HANDSHAKE_WITHIN,
            State::Talking => (self.began + PUBLISH_WITHIN).min(self.heard + IDLE),
            State::Asking | State::Publishing | State::Over => self.heard + IDLE,
        }
    }

    fn close(&mut self, closed: Closed) {
        if !matches!(self.state, State::Over) {
            self.state = State::Over;
            self.output.push_back(Output::Close(closed));
        }
    }

    fn read(&mut self, input: &mut &[u8]) -> Result<(), Closed> {
        loop {
            match &mut self.state {
                State::Hello(hello) => {
                    let taken = input.len().min(1 + HELLO_BYTES - hello.len());
                    hello.extend_from_slice(&input[..taken]);
                    *input = &input[taken..];
                    match hello.first() {
                        Some(&version) if version != VERSION => return Err(Closed::NotRtmp(version)),
                        Some(_) if hello.len() == 1 + HELLO_BYTES => {}
                        _ => return Ok(()),
                    }
                    let mut answer = BytesMut::with_capacity(1 + 2 * HELLO_BYTES);
                    answer.put_u8(VERSION);
                    answer.put_bytes(0, 8);
                    while answer.len() < 1 + HELLO_BYTES {
                        answer.put_slice(&self.noise[..self.noise.len().min(1 + HELLO_BYTES - answer.len())]);
                    }
                    answer.put_slice(&hello[1..]);
                    self.output.push_back(Output::Send(answer.freeze()));
                    self.state = State::Echo(HELLO_BYTES);
                }
                State::Echo(left) => {
                    let taken = input.len().min(*left);
                    *input = &input[taken..];
                    *left -= taken;
                    if *left > 0 {
                        return Ok(());
                    }
                    self.state = State::Talking;
                }
                State::Talking | State::Asking | State::Publishing => {
                    let Some(message) = self.reader.read(input)? else { return Ok(()) };
                    self.message(message)?;
                }
                State::Over => return Ok(()),
            }
        }
    }

    fn message(&mut self, message: Message) -> Result<(), Closed> {
        let number = || message.payload.get(..4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]));
        match message.kind {
            KIND_SET_CHUNK_SIZE => {
                if let Some(size) = number() {
                    self.reader.set_chunk_bytes(size)?;
                }
            }
            KIND_ABORT => {
                if let Some(stream) = number() {
                    self.reader.abort(stream);
                }
            }
            KIND_WINDOW => {
                if let Some(window) = number() {
                    self.peer_window = window.clamp(64 << 10, 16 << 20);
                }
            }
            KIND_USER_CONTROL => {
                // A ping wants its time back (§7.1.7).
                if let [0, 6, time @ ..] = message.payload.as_ref()
                    && time.len() == 4
                {
                    let pong = [&[0, 7], time].concat();
                    self.control(KIND_USER_CONTROL, &pong);
                }
            }
            KIND_COMMAND => self.command(&message.payload)?,
            // AMF3's commands are AMF0 behind one zero byte.
            KIND_COMMAND_AMF3 => self.command(message.payload.get(1..).unwrap_or_default())?,
            KIND_VIDEO if matches!(self.state, State::Publishing) => {
                self.event(Event::Video { timestamp: message.timestamp, body: message.payload });
            }
            KIND_AUDIO if matches!(self.state, State::Publishing) => {
                self.event(Event::Audio { timestamp: message.timestamp, body: message.payload });
            }
            // Acks, metadata, and what comes before a publish: nothing to do.
            _ => {}
        }
        Ok(())
    }

    fn event(&mut self, event: Event) {
        self.output.push_back(Output::Event(event));
    }

    fn control(&mut self, kind: u8, payload: &[u8]) {
        self.send(STREAM_CONTROL, kind, 0, Bytes::copy_from_slice(payload));
    }

    fn send(&mut self, chunk_stream: u8, kind: u8, stream: u32, payload: Bytes) {
        let mut out = BytesMut::new();
        write_message(chunk_stream, &Message { kind, timestamp: 0, stream, payload }, &mut out);
        self.output.push_back(Output::Send(out.freeze()));
    }
}
