//! The ring of a room: what was shown last, encoded once. A viewer is a place in it, not a queue: who is too slow falls off,
//! is told so, and starts anew.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use bytes::Bytes;
use tokio::sync::watch;

/// Frames in the ring; a viewer who falls further behind starts anew.
const FRAMES: usize = 512;
/// Their bytes together, encoded as text; the newest frame is kept whatever it weighs.
const BYTES: usize = 8 << 20;

/// How a frame travels.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// As a WebSocket frame.
    Socket,
    /// The same, compressed.
    Deflated,
    /// As a message of an event stream.
    Stream,
}

/// A frame's text, and its forms on the wire: each is made once, by whoever needs it first, and shared by all who get it.
#[derive(Debug)]
pub struct Encoded {
    text: Bytes,
    forms: [OnceLock<Bytes>; 3],
}

impl Encoded {
    pub(super) fn new(text: Bytes) -> Self {
        Self { text, forms: Default::default() }
    }

    /// The JSON.
    #[must_use]
    pub fn text(&self) -> &Bytes {
        &self.text
    }

    /// The bytes to write.
    pub fn form(&self, form: Form, make: impl FnOnce(&Bytes) -> Bytes) -> &Bytes {
        self.forms[form as usize].get_or_init(|| make(&self.text))
    }
}

/// One place in the ring.
#[derive(Debug)]
pub struct Shown {
    /// The last offset that it covers.
    pub to: u64,
    public: Arc<Encoded>,
    /// The same for the shop's own people, where it is not the same.
    staff: Option<Arc<Encoded>>,
}

impl Shown {
    pub(super) fn new(to: u64, public: Bytes, staff: Option<Bytes>) -> Self {
        let encoded = |text| Arc::new(Encoded::new(text));
        Self { to, public: encoded(public), staff: staff.map(encoded) }
    }

    /// What staff, or everybody else, are told.
    #[must_use]
    pub fn encoded(&self, staff: bool) -> &Arc<Encoded> {
        self.staff.as_ref().filter(|_| staff).unwrap_or(&self.public)
    }

    fn weight(&self) -> usize {
        self.public.text.len() + self.staff.as_ref().map_or(0, |staff| staff.text.len())
    }
}

/// What stands at a place.
#[derive(Clone, Debug)]
pub enum At {
    Frame(Arc<Shown>),
    /// It is still to come.
    NotYet,
    /// It was forgotten, or cannot be told as a tail: start anew.
    Gone,
    /// The room is not led here any more, and nothing comes after what was read.
    Closed,
}

/// The frames of one leader's tenure.
#[derive(Debug)]
pub struct Ring {
    held: RwLock<Held>,
    /// The place that is next; changes with every frame.
    next: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Held {
    /// Of the oldest frame.
    first: u64,
    /// None where what happened cannot be told.
    frames: VecDeque<Option<Arc<Shown>>>,
    bytes: usize,
    closed: bool,
}

impl Held {
    fn next(&self) -> u64 {
        self.first + self.frames.len() as u64
    }
}

impl Ring {
    fn new() -> Self {
        Self { held: RwLock::default(), next: watch::Sender::new(0) }
    }

    fn read(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The place of the frame that comes next.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.read().next()
    }

    #[must_use]
    pub fn at(&self, place: u64) -> At {
        let held = self.read();
        let Some(behind) = place.checked_sub(held.first) else { return At::Gone };
        match usize::try_from(behind).ok().and_then(|behind| held.frames.get(behind)) {
            Some(Some(frame)) => At::Frame(Arc::clone(frame)),
            Some(None) => At::Gone,
            None if held.closed => At::Closed,
            None => At::NotYet,
        }
    }

    /// Changes whenever there is more to read, or nothing more to come.
    #[must_use]
    pub fn news(&self) -> watch::Receiver<u64> {
        self.next.subscribe()
    }

    fn push(&self, frame: Option<Arc<Shown>>) {
        let next = {
            let mut held = self.write();
            held.bytes += frame.as_ref().map_or(0, |frame| frame.weight());
            held.frames.push_back(frame);
            while held.frames.len() > FRAMES || (held.bytes > BYTES && held.frames.len() > 1) {
                let oldest = held.frames.pop_front().flatten();
                held.bytes -= oldest.map_or(0, |frame| frame.weight());
                held.first += 1;
            }
            held.next()
        };
        self.next.send_replace(next);
    }
}

/// The leader's end of a ring. Dropping it tells the viewers that nothing more comes.
#[derive(Debug)]
pub(super) struct RingWriter(Arc<Ring>);

impl RingWriter {
    pub(super) fn new() -> Self {
        Self(Arc::new(Ring::new()))
    }

    pub(super) fn ring(&self) -> &Arc<Ring> {
        &self.0
    }

    pub(super) fn show(&self, frame: Shown) {
        self.0.push(Some(Arc::new(frame)));
    }

    /// What happened meanwhile cannot be told as a tail: everybody starts anew.
    pub(super) fn gap(&self) {
        self.0.push(None);
    }
}

impl Drop for RingWriter {
    fn drop(&mut self) {
        self.0.write().closed = true;
        self.0.next.send_modify(|_| {});
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(to: u64, bytes: usize) -> Shown {
        Shown::new(to, Bytes::from(vec![b'x'; bytes]), None)
    }

    fn to(ring: &Ring, place: u64) -> Option<u64> {
        match ring.at(place) {
            At::Frame(shown) => Some(shown.to),
            _ => None,
        }
    }

    #[test]
    fn who_is_too_slow_falls_off() {
        let writer = RingWriter::new();
        let ring = Arc::clone(writer.ring());
        assert!(matches!(ring.at(0), At::NotYet));
        (1..=FRAMES as u64).for_each(|offset| writer.show(frame(offset, 1)));
        assert_eq!((to(&ring, 0), to(&ring, 1)), (Some(1), Some(2)));
        writer.show(frame(600, 1));
        assert!(matches!(ring.at(0), At::Gone));
        assert_eq!((to(&ring, 1), to(&ring, FRAMES as u64)), (Some(2), Some(600)));
        writer.gap();
        assert!(matches!(ring.at(ring.next() - 1), At::Gone), "a gap is told to everybody");
        drop(writer);
        assert!(matches!(ring.at(ring.next()), At::Closed), "behind the last frame");
        assert_eq!(to(&ring, FRAMES as u64), Some(600), "what was shown can still be read");
    }

    #[test]
    fn a_ring_holds_so_many_bytes() {
        let writer = RingWriter::new();
        (1..=100).for_each(|offset| writer.show(frame(offset, 1 << 20)));
        let held = writer.ring().read();
        assert_eq!((held.frames.len(), held.bytes), (8, BYTES));
        drop(held);
        writer.show(frame(101, BYTES + 1));
        assert_eq!(writer.ring().read().frames.len(), 1, "the newest frame is always there");
    }

    #[test]
    fn a_form_is_made_once() {
        let encoded = Encoded::new(Bytes::from_static(b"text"));
        let made = encoded.form(Form::Stream, |text| [b"data: ", &text[..], b"\n\n"].concat().into()).clone();
        assert_eq!(encoded.form(Form::Stream, |_| Bytes::new()), &made);
        assert_eq!(encoded.form(Form::Socket, Bytes::clone), encoded.text());
    }
}
