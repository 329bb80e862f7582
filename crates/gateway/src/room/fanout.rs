//! The fan-out of rooms: one task writes each frame to a few thousand lines, one after the other, and no line has a task or a
//! queue of its own for it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::room::{At, Ring};
use tokio::sync::Notify;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

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
    arrived: Mutex<Vec<Arc<Line>>>,
    bell: Notify,
    lines: AtomicUsize,
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
    pub(crate) fn add(&self, ring: &Arc<Ring>, line: Arc<Line>) -> Arc<Fanout> {
        let mut all = lock(&self.0);
        let of_ring = all.entry(key(ring)).or_default();
        let roomy = of_ring.iter().find(|fanout| fanout.lines.load(Relaxed) < LINES);
        let fanout = roomy.cloned().unwrap_or_else(|| {
            let (arrived, bell, lines) = (Mutex::default(), Notify::new(), AtomicUsize::new(0));
            let fanout = Arc::new(Fanout { ring: Arc::clone(ring), arrived, bell, lines });
            of_ring.push(Arc::clone(&fanout));
            tokio::spawn(Arc::clone(&fanout).run(self.clone()));
            fanout
        });
        fanout.lines.fetch_add(1, Relaxed);
        lock(&fanout.arrived).push(line);
        fanout.bell.notify_one();
        fanout
    }

    /// Whether a fan-out without lines may end: nobody can come to it any more.
    fn retire(&self, fanout: &Arc<Fanout>) -> bool {
        let mut all = lock(&self.0);
        if !lock(&fanout.arrived).is_empty() {
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
    /// A line has something that its socket did not take, or was left.
    pub(crate) fn look(&self) {
        self.bell.notify_one();
    }

    async fn run(self: Arc<Self>, all: Fanouts) {
        let mut news = self.ring.news();
        let (mut at, mut turn) = (self.ring.next(), 0_usize);
        let mut lines = Vec::new();
        loop {
            news.borrow_and_update();
            lines.append(&mut lock(&self.arrived));
            let round = Round::from(&self.ring, at, FRAMES);
            let stuck = self.write(&mut lines, &round, turn).await;
            let more = round.next() > at;
            // Who was written to first is written to later the next time.
            (at, turn) = (round.next(), turn.wrapping_add(BREATH + 1));
            if more {
                continue;
            }
            // What the ring forgot, or cannot tell, every line finds out by itself.
            if matches!(self.ring.at(at), At::Gone) {
                at = self.ring.next();
            }
            if lines.is_empty() && all.retire(&self) {
                return;
            }
            tokio::select! {
                biased;
                // A ring whose leader is gone has nothing more to say: lines learn it by looking.
                Ok(()) = news.changed() => {}
                () = self.bell.notified() => {}
                () = sleep(if stuck { AGAIN } else { LOOK }) => {}
            }
        }
    }

    /// Writes a round to everybody, and lets go of lines that were left. Says whether a socket was full.
    async fn write(&self, lines: &mut Vec<Arc<Line>>, round: &Round, turn: usize) -> bool {
        let (mut stuck, mut left) = (false, Vec::new());
        let mut slices = [const { None }; Line::KINDS];
        let begin = turn.checked_rem(lines.len()).unwrap_or(0);
        let mut now = Instant::now();
        for step in 0..lines.len() {
            if step % BREATH == BREATH - 1 {
                yield_now().await;
                now = Instant::now();
            }
            let place = (begin + step) % lines.len();
            let line = &lines[place];
            let slices = slices[line.kind()].get_or_insert_with(|| line.slices(round));
            match line.write(round, slices, now) {
                Some(full) => stuck |= full,
                None => left.push(place),
            }
        }
        self.lines.fetch_sub(left.len(), Relaxed);
        left.sort_unstable();
        left.into_iter().rev().for_each(|place| drop(lines.swap_remove(place)));
        stuck
    }
}
