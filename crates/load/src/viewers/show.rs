//! What the viewers of one show share: where it is, how far the evening is, and what was seen of it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::frame::{Lane, MARK, Reader, Seen};
use crate::histogram::Histogram;

/// How far the evening is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Phase {
    /// Viewers come in; nobody speaks.
    Gathering,
    /// Lines and state are sent, each at its time.
    Running {
        begin: Instant,
        until: Instant,
    },
    /// Nothing more is sent; what is under way may arrive.
    Settling,
    Over,
}

/// One show of the run.
#[derive(Debug)]
pub(super) struct Show {
    /// Of its room's socket.
    pub(super) path: String,
    pub(super) phase: watch::Sender<Phase>,
    pub(super) reader: Reader,
    /// Times in texts count from here.
    origin: Instant,
    line_bytes: usize,
    /// Viewers who got in at least once.
    pub(super) joined: AtomicUsize,
    /// Those of them who sit in the room now.
    pub(super) seated: AtomicUsize,
    pub(super) said: AtomicU64,
    pub(super) frames: AtomicU64,
    pub(super) lost: AtomicU64,
    pub(super) lines: AtomicU64,
    sums: Mutex<Sums>,
}

#[derive(Debug, Default)]
pub(super) struct Sums {
    /// From the time at which a line was to be said to each viewer that got it.
    pub(super) chat: Histogram,
    /// The same of the state lane.
    pub(super) state: Histogram,
    /// First and last viewer that saw each state event of ours.
    pub(super) spread: BTreeMap<u64, (Instant, Instant)>,
    /// From the time at which a line was to be removed to each viewer that was told.
    pub(super) removal: Histogram,
    /// When each of these lines was to be removed.
    removals: BTreeMap<String, Instant>,
    pub(super) refused: BTreeMap<String, u64>,
}

impl Show {
    pub(super) fn new(id: &str, line_bytes: usize) -> Self {
        Self {
            path: format!("/api/v1/shows/{id}/room"),
            phase: watch::Sender::new(Phase::Gathering),
            reader: Reader::default(),
            origin: Instant::now(),
            line_bytes,
            joined: AtomicUsize::new(0),
            seated: AtomicUsize::new(0),
            said: AtomicU64::new(0),
            frames: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            lines: AtomicU64::new(0),
            sums: Mutex::default(),
        }
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(*self.phase.borrow(), Phase::Over)
    }

    pub(super) fn sums(&self) -> MutexGuard<'_, Sums> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a viewer got in one frame.
    pub(super) fn seen(&self, now: Instant, seen: &[Seen]) {
        let mut sums = None;
        for event in seen {
            if let Some(message) = &event.removed {
                let sums = sums.get_or_insert_with(|| self.sums());
                if let Some(took) = sums.removals.get(message).map(|at| now.saturating_duration_since(*at)) {
                    sums.removal.add(took);
                }
            }
            let Some((sent_us, _)) = event.sent else { continue };
            let sums = sums.get_or_insert_with(|| self.sums());
            let took = now.saturating_duration_since(self.origin + Duration::from_micros(sent_us));
            match event.lane {
                Lane::Chat => {
                    self.lines.fetch_add(1, Relaxed);
                    sums.chat.add(took);
                }
                Lane::State => {
                    sums.state.add(took);
                    let (_, last) = sums.spread.entry(sent_us).or_insert((now, now));
                    *last = now;
                }
                Lane::Fx => {}
            }
        }
    }

    pub(super) fn refused(&self, code: &str) {
        *self.sums().refused.entry(code.to_owned()).or_default() += 1;
    }

    /// A chat line that is to be said at this time.
    pub(super) fn line(&self, at: Instant, speaker: u64) -> String {
        let mut text = self.mark(at, speaker);
        while text.len() < self.line_bytes {
            text.push(char::from(b'a' + (text.len() % 23) as u8));
        }
        format!(r#"{{"t":"say","ref":"{speaker}-{}","text":"{text}"}}"#, self.said.load(Relaxed))
    }

    /// A word of the shop's on the state lane.
    pub(super) fn announcement(&self, at: Instant, number: u64) -> String {
        format!(r#"{{"t":"announce","ref":"a{number}","text":"{}"}}"#, self.mark(at, number))
    }

    /// The removal of a line, which is to be sent at this time.
    pub(super) fn removal(&self, at: Instant, message: String) -> String {
        let frame = format!(r#"{{"t":"remove","ref":"r{message}","message_id":"{message}","reason":"load"}}"#);
        self.sums().removals.insert(message, at);
        frame
    }

    fn mark(&self, at: Instant, speaker: u64) -> String {
        format!("{MARK}{} {speaker} ", at.saturating_duration_since(self.origin).as_micros())
    }
}
