//! One viewer's line: shared frames go out as they are, for as long as the socket takes them, and nobody waits for it. What a
//! socket does not take stays in the ring, at most one frame of it in the line's own hands.

use std::collections::VecDeque;
use std::io::{ErrorKind, IoSlice, Result as IoResult};
use std::sync::atomic::{
    AtomicBool, AtomicU32,
    Ordering::{AcqRel, Relaxed, Release},
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::room::{At, Ear, Encoded, Form, Ring, Shown, Standing};
use bytes::{Buf, Bytes};
use tokio::time::Instant;

use crate::room::close::Close;
use crate::room::pipe::Pipe;
use crate::room::websocket::{self, read};
use crate::room::{SILENCE, UNWRITABLE};

/// Frames for one viewer alone that wait until they can be written; who lets more come together does not read.
const OWN: usize = 256;
/// Read at once, from the stack.
const READ: usize = 4 * 1024;

/// What a line needs of the task that serves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    Nothing,
    /// It fell off the ring behind this offset.
    NewStart(u64),
    /// The room is not led here any more.
    Elsewhere,
    End(Close),
    /// The connection is gone; there is nobody to tell why.
    Gone,
}

/// A socket, what is on its way out, and where its viewer stands in the ring.
#[derive(Debug)]
pub(crate) struct Line {
    pipe: Pipe,
    ear: Arc<Ear>,
    staff: bool,
    deflate: bool,
    /// Among those whom the fan-out is to look at.
    called: AtomicBool,
    /// Among all lines of the fan-out, which alone keeps it; [`NOWHERE`] before it did.
    place: AtomicU32,
    out: Mutex<Out>,
}

const NOWHERE: u32 = u32::MAX;

#[derive(Debug)]
struct Out {
    ring: Arc<Ring>,
    at: u64,
    offset: u64,
    /// Of the frame that is being written.
    rest: Bytes,
    /// For this viewer alone; they go between shared frames.
    own: VecDeque<Bytes>,
    /// The socket has taken nothing since.
    stuck_since: Option<Instant>,
    heard_at: Instant,
    needs: Needs,
    /// Nobody serves the line any more.
    left: bool,
}

/// Shared frames that everybody gets now, in each of their forms.
#[derive(Debug)]
pub(crate) struct Round {
    first: u64,
    shown: Vec<Arc<Shown>>,
}

impl Round {
    /// Everything in the ring from `first` on, up to `most` frames.
    pub(crate) fn from(ring: &Ring, first: u64, most: usize) -> Self {
        let frames = (first..).take(most).map_while(|place| match ring.at(place) {
            At::Frame(shown) => Some(shown),
            At::NotYet | At::Gone | At::Closed => None,
        });
        Self { first, shown: frames.collect() }
    }

    pub(crate) fn next(&self) -> u64 {
        self.first + self.shown.len() as u64
    }
}

/// A frame as it travels, encoded by whoever needs it first.
fn bytes(encoded: &Encoded, deflate: bool) -> &Bytes {
    if deflate {
        encoded.form(Form::Deflated, |text| websocket::deflated(text))
    } else {
        encoded.form(Form::Socket, |text| websocket::text(text))
    }
}

impl Line {
    /// `first` is written before anything from the ring.
    pub(crate) fn new(
        pipe: Pipe,
        ear: Arc<Ear>,
        staff: bool,
        deflate: bool,
        first: Vec<Bytes>,
        standing: Standing,
    ) -> Self {
        let Standing { ring, at, offset } = standing;
        let out = Out {
            ring,
            at,
            offset,
            rest: Bytes::new(),
            own: first.into(),
            stuck_since: None,
            heard_at: Instant::now(),
            needs: Needs::Nothing,
            left: false,
        };
        let (called, place) = (AtomicBool::new(false), AtomicU32::new(NOWHERE));
        Self { pipe, ear, staff, deflate, called, place, out: Mutex::new(out) }
    }

    fn out(&self) -> MutexGuard<'_, Out> {
        self.out.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Marks it for the fan-out to look at. Says whether it was marked already.
    pub(crate) fn call(&self) -> bool {
        self.called.swap(true, AcqRel)
    }

    /// The fan-out looks at it.
    pub(crate) fn heard(&self) {
        self.called.store(false, Release);
    }

    /// Where it is among the fan-out's lines.
    pub(crate) fn place(&self) -> Option<usize> {
        Some(self.place.load(Relaxed)).filter(|place| *place != NOWHERE).map(|place| place as usize)
    }

    pub(crate) fn sit_at(&self, place: usize) {
        self.place.store(u32::try_from(place).unwrap_or(NOWHERE), Relaxed);
    }

    pub(crate) fn is_left(&self) -> bool {
        self.out().left
    }

    /// Kinds of lines that get the same bytes.
    pub(crate) const KINDS: usize = 4;

    pub(crate) const fn kind(&self) -> usize {
        self.staff as usize * 2 + self.deflate as usize
    }

    /// A round as lines of this kind get it.
    pub(crate) fn slices<'a>(&self, round: &'a Round) -> Vec<IoSlice<'a>> {
        let of = |shown: &'a Arc<Shown>| IoSlice::new(bytes(shown.encoded(self.staff), self.deflate));
        round.shown.iter().map(of).collect()
    }

    /// Writes a round, and whatever else is due; `slices` are the round as this line gets it. Says whether anything is left
    /// that the socket did not take.
    pub(crate) fn write(&self, round: &Round, slices: &[IoSlice<'_>], now: Instant) -> bool {
        let mut out = self.out();
        if out.left {
            return false;
        }
        if !slices.is_empty() && out.at == round.first && out.rest.is_empty() && out.own.is_empty() {
            let written = match slices {
                [one] => self.pipe.try_write(one),
                more => self.pipe.try_write_vectored(more),
            };
            match written {
                Ok(written) => {
                    out.advance(round, slices, written);
                    self.settle(&mut out, now);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => out.stuck(now),
                Err(_) => out.needs = Needs::Gone,
            }
        }
        if slices.is_empty() || out.at < round.next() || !out.rest.is_empty() {
            self.flush(&mut out, now);
        }
        if out.needs == Needs::Nothing && now.saturating_duration_since(out.heard_at) > SILENCE {
            out.needs = Needs::End(Close::Silent);
        }
        if out.needs != Needs::Nothing {
            self.ear.call();
        }
        out.stuck_since.is_some()
    }

    /// Writes what is due until the socket takes no more.
    fn flush(&self, out: &mut Out, now: Instant) {
        loop {
            if out.rest.is_empty() && !out.fetch(self.staff, self.deflate) {
                return self.settle(out, now);
            }
            match self.pipe.try_write(&out.rest) {
                Ok(written) => {
                    out.rest.advance(written);
                    if out.rest.is_empty() {
                        // An empty end would still hold the whole frame.
                        out.rest = Bytes::new();
                    }
                    out.stuck_since = None;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return out.stuck(now),
                Err(_) => {
                    out.needs = Needs::Gone;
                    return;
                }
            }
        }
    }

    /// Behind what was written: TLS may have taken more than its socket.
    fn settle(&self, out: &mut Out, now: Instant) {
        match self.pipe.try_flush() {
            Ok(()) => out.stuck_since = None,
            Err(error) if error.kind() == ErrorKind::WouldBlock => out.stuck(now),
            Err(_) => out.needs = Needs::Gone,
        }
    }

    /// A frame for this viewer alone. Says whether the socket took everything.
    pub(crate) fn say(&self, frame: Bytes) -> bool {
        let mut out = self.out();
        if out.own.len() >= OWN {
            out.needs = Needs::Gone;
            return true;
        }
        out.own.push_back(frame);
        self.flush(&mut out, Instant::now());
        out.stuck_since.is_none()
    }

    pub(crate) fn ear(&self) -> &Ear {
        &self.ear
    }

    /// What is to be done for it.
    pub(crate) fn needs(&self) -> Needs {
        self.out().needs
    }

    /// Goes on from another place, behind these frames.
    pub(crate) fn start_anew(&self, first: Vec<Bytes>, standing: Standing) {
        let mut out = self.out();
        out.own.extend(first);
        (out.ring, out.at, out.offset) = (standing.ring, standing.at, standing.offset);
        out.needs = Needs::Nothing;
        self.flush(&mut out, Instant::now());
    }

    /// Nobody serves it any more: whoever writes for many lets it go.
    pub(crate) fn leave(&self) {
        self.out().left = true;
    }

    pub(crate) async fn readable(&self) -> IoResult<()> {
        self.pipe.readable().await
    }

    /// Reads what came. False when the client hung up.
    pub(crate) fn read(&self, reader: &mut read::Reader, heard: &mut Vec<read::Heard>) -> Result<bool, read::Fault> {
        let mut buffer = [0; READ];
        match self.pipe.try_read(&mut buffer) {
            Ok(0) => Ok(false),
            Ok(read) => {
                self.out().heard_at = Instant::now();
                reader.take(&buffer[..read], heard).map(|()| true)
            }
            Err(error) => Ok(error.kind() == ErrorKind::WouldBlock),
        }
    }

    /// Says goodbye, and waits until the client has gone, within a time.
    pub(crate) async fn close(&self, why: Option<Close>, within: Duration) {
        {
            let mut out = self.out();
            // Nothing of the ring comes behind a goodbye.
            out.needs = Needs::Gone;
            out.own.push_back(websocket::close(why));
            self.flush(&mut out, Instant::now());
        }
        let goodbye = async {
            let mut buffer = [0; READ];
            while self.readable().await.is_ok() {
                match self.pipe.try_read(&mut buffer) {
                    Ok(read) if read > 0 => {}
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Ok(_) | Err(_) => return,
                }
            }
        };
        let _in_time = tokio::time::timeout(within, goodbye).await;
    }
}

impl Out {
    /// Makes the next frame the one that is being written, if there is one.
    fn fetch(&mut self, staff: bool, deflate: bool) -> bool {
        if let Some(own) = self.own.pop_front() {
            if self.own.is_empty() {
                self.own = VecDeque::new();
            }
            self.rest = own;
            return true;
        }
        if self.needs != Needs::Nothing {
            return false;
        }
        match self.ring.at(self.at) {
            At::Frame(shown) => {
                self.rest = bytes(shown.encoded(staff), deflate).clone();
                (self.at, self.offset) = (self.at + 1, shown.to);
                return true;
            }
            At::NotYet => {}
            At::Gone => self.needs = Needs::NewStart(self.offset),
            At::Closed => self.needs = Needs::Elsewhere,
        }
        false
    }

    /// So many bytes of the round went out.
    fn advance(&mut self, round: &Round, slices: &[IoSlice<'_>], mut written: usize) {
        self.stuck_since = None;
        for (shown, slice) in round.shown.iter().zip(slices) {
            if written == 0 {
                return;
            }
            (self.at, self.offset) = (self.at + 1, shown.to);
            if written < slice.len() {
                self.rest = Bytes::copy_from_slice(&slice[written..]);
                return;
            }
            written -= slice.len();
        }
    }

    fn stuck(&mut self, now: Instant) {
        let since = *self.stuck_since.get_or_insert(now);
        if now.saturating_duration_since(since) >= UNWRITABLE && self.needs == Needs::Nothing {
            self.needs = Needs::End(Close::TooSlow);
        }
    }
}
