//! The fan-out of rooms: one task writes each frame to a few thousand lines, one after the other, and no line has a task or a
//! queue of its own for it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::room::{At, Ring};
use tokio::sync::Notify;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

use crate::room::line::{Line, Round};

/// Lines that one task writes to; a larger room has several tasks, which other cores may run.
const LINES: usize = 2_500;
/// Lines written to before somebody else may have the core.
const BREATH: usize = 64;
/// Frames that one write takes along when they piled up.
const FRAMES: usize = 16;
/// Sockets that were full are tried again this often.
const AGAIN: Duration = Duration::from_millis(50);
/// All lines are looked at this often, whatever happens.
const LOOK: Duration = Duration::from_secs(5);

/// The fan-outs of this process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fanouts(Arc<Mutex<HashMap<usize, Vec<Arc<Fanout>>>>>);

/// What writes to the lines of one ring, or to some of them.
#[derive(Debug)]
pub(crate) struct Fanout {
    ring: Arc<Ring>,
    /// Lines to look at by themselves, each once: who came, who was left, whose socket did not take all.
    calls: Mutex<Vec<Arc<Line>>>,
    bell: Notify,
    lines: AtomicUsize,
}

/// The lines of one fan-out.
#[derive(Debug, Default)]
struct Lines {
    seated: Vec<Arc<Line>>,
    /// Those of them whose sockets were full.
    stuck: Vec<Arc<Line>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A ring is known by its place in memory for as long as a fan-out holds it.
fn key(ring: &Arc<Ring>) -> usize {
    Arc::as_ptr(ring).addr()
}

impl Fanouts {
    /// From now on the line gets what its ring shows, until it is left.
    pub(crate) fn add(&self, ring: &Arc<Ring>, line: &Arc<Line>) -> Arc<Fanout> {
        let mut all = lock(&self.0);
        let of_ring = all.entry(key(ring)).or_default();
        let roomy = of_ring.iter().find(|fanout| fanout.lines.load(Relaxed) < LINES);
        let fanout = roomy.cloned().unwrap_or_else(|| {
            let (calls, bell, lines) = (Mutex::default(), Notify::new(), AtomicUsize::new(0));
            let fanout = Arc::new(Fanout { ring: Arc::clone(ring), calls, bell, lines });
            of_ring.push(Arc::clone(&fanout));
            tokio::spawn(Arc::clone(&fanout).run(self.clone()));
            fanout
        });
        fanout.lines.fetch_add(1, Relaxed);
        fanout.look(line);
        fanout
    }

    /// Whether a fan-out without lines may end: nobody can come to it any more.
    fn retire(&self, fanout: &Arc<Fanout>) -> bool {
        let mut all = lock(&self.0);
        if !lock(&fanout.calls).is_empty() {
            return false;
        }
        if let Some(of_ring) = all.get_mut(&key(&fanout.ring)) {
            of_ring.retain(|other| !Arc::ptr_eq(other, fanout));
            if of_ring.is_empty() {
                all.remove(&key(&fanout.ring));
            }
        }
        true
    }
}

impl Fanout {
    /// The line came, was left, or has something that its socket did not take.
    pub(crate) fn look(&self, line: &Arc<Line>) {
        if !line.call() {
            lock(&self.calls).push(Arc::clone(line));
            self.bell.notify_one();
        }
    }

    async fn run(self: Arc<Self>, all: Fanouts) {
        let mut news = self.ring.news();
        let (mut at, mut turn) = (self.ring.next(), 0_usize);
        let mut lines = Lines::default();
        let mut look_at = Instant::now() + LOOK;
        let mut everybody = false;
        loop {
            news.borrow_and_update();
            self.lines.fetch_sub(lines.hear(std::mem::take(&mut *lock(&self.calls))), Relaxed);
            let round = Round::from(&self.ring, at, FRAMES);
            if everybody || round.next() > at {
                lines.write(&round, turn).await;
                // Who was written to first is written to later the next time.
                (at, turn) = (round.next(), turn.wrapping_add(BREATH + 1));
                look_at = Instant::now() + LOOK;
            } else {
                lines.try_stuck(&round);
            }
            everybody = false;
            match self.ring.at(at) {
                At::Frame(_) => continue,
                // What the ring forgot, or cannot tell, every line finds out by itself.
                At::Gone => {
                    (at, everybody) = (self.ring.next(), true);
                    continue;
                }
                At::NotYet | At::Closed => {}
            }
            if lines.seated.is_empty() && all.retire(&self) {
                return;
            }
            let again = if lines.stuck.is_empty() { look_at } else { look_at.min(Instant::now() + AGAIN) };
            everybody = tokio::select! {
                biased;
                // A ring whose leader is gone has nothing more to say: lines learn it by looking.
                Ok(()) = news.changed() => true,
                () = self.bell.notified() => false,
                () = sleep_until(again) => Instant::now() >= look_at,
            };
        }
    }
}

impl Lines {
    /// Seats who came, lets go of who was left, and tries the rest with those that were full. Says how many were let go.
    fn hear(&mut self, calls: Vec<Arc<Line>>) -> usize {
        let mut left = 0;
        for line in calls {
            line.heard();
            if line.is_left() {
                left += 1;
                if let Some(place) = line.place() {
                    self.seated.swap_remove(place);
                    if let Some(moved) = self.seated.get(place) {
                        moved.sit_at(place);
                    }
                }
                continue;
            }
            if line.place().is_none() {
                line.sit_at(self.seated.len());
                self.seated.push(Arc::clone(&line));
            }
            self.stuck.push(line);
        }
        self.stuck.sort_unstable_by_key(|line| Arc::as_ptr(line).addr());
        self.stuck.dedup_by(|one, other| Arc::ptr_eq(one, other));
        left
    }

    /// Tries those again whose sockets were full.
    fn try_stuck(&mut self, nothing: &Round) {
        let now = Instant::now();
        self.stuck.retain(|line| line.write(nothing, &[], now));
    }

    /// Writes a round to everybody.
    async fn write(&mut self, round: &Round, turn: usize) {
        self.stuck.clear();
        let mut slices = [const { None }; Line::KINDS];
        let begin = turn.checked_rem(self.seated.len()).unwrap_or(0);
        let mut now = Instant::now();
        for step in 0..self.seated.len() {
            if step % BREATH == BREATH - 1 {
                yield_now().await;
                now = Instant::now();
            }
            let line = &self.seated[(begin + step) % self.seated.len()];
            let slices = slices[line.kind()].get_or_insert_with(|| line.slices(round));
            if line.write(round, slices, now) {
                self.stuck.push(Arc::clone(line));
            }
        }
    }
}
