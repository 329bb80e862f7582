//! One simulated viewer over real sockets: watches, speaks when it is their turn, gets cut, naps, reloads, comes back.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use kernel::Random;
use tokio::time::{Instant, sleep, sleep_until};

use super::frame::{Frame, Seen};
use super::oracle::{Fold, Gap};
use super::show::{Phase, Show};
use crate::socket::{Heard, Socket, Way};

const PING_EVERY: Duration = Duration::from_secs(10);

/// What makes a viewer's evening uneven; all of it never happens at the default.
#[derive(Clone, Copy, Debug, Default)]
pub struct Habits {
    /// Connections live so long on average, then they are cut without a goodbye.
    pub lives: Option<Duration>,
    /// Of a hundred who come back, so many reloaded the page: they know nothing.
    pub reloads_percent: u64,
    /// Once in so long on average, nothing is read for a while.
    pub naps_every: Option<Duration>,
    /// How long that is.
    pub nap: Duration,
    /// Bytes that the system keeps for who naps; 0 for as many as it likes.
    pub receive_buffer: u32,
}

/// Which lines are this viewer's to say.
#[derive(Clone, Copy, Debug)]
pub(super) enum Turn {
    Silent,
    /// Line `first`, then every `step`th, each at its time.
    Every {
        first: u64,
        step: u64,
        period: Duration,
    },
    /// The next as soon as the last was seen.
    Answered {
        number: u64,
    },
}

/// Who it is.
#[derive(Clone, Debug)]
pub(super) struct Guest {
    pub(super) cookie: String,
    pub(super) way: Way,
    pub(super) turn: Turn,
    pub(super) habits: Habits,
    /// The time since the last ping, spread over all.
    pub(super) first_ping: Duration,
    pub(super) random: Random,
}

/// What became of them.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) fold: Fold,
    pub(super) cuts: u32,
    /// Connections that the house refused or ended.
    pub(super) lost: u32,
    /// Offsets that were skipped without a word.
    pub(super) gaps: u32,
}

enum Ended {
    /// The evening is over.
    Over,
    /// We hung up.
    Cut,
    /// The house did, or the network.
    Lost,
    Gap,
}

pub(super) struct Viewer {
    guest: Guest,
    show: Arc<Show>,
    fold: Fold,
    said: u64,
    waiting: bool,
    seated: bool,
}

impl Viewer {
    pub(super) fn new(guest: Guest, show: Arc<Show>) -> Self {
        Self { guest, show, fold: Fold::new(), said: 0, waiting: false, seated: false }
    }

    /// Until the evening is over.
    pub(super) async fn watch(mut self) -> Watched {
        let (mut cuts, mut lost, mut gaps) = (0, 0, 0);
        let mut joined_before = false;
        loop {
            let ended = self.sit(&mut joined_before).await;
            if std::mem::take(&mut self.seated) {
                self.show.seated.fetch_sub(1, Relaxed);
            }
            match ended {
                Ended::Over => return Watched { fold: self.fold, cuts, lost, gaps },
                Ended::Cut => cuts += 1,
                Ended::Lost => {
                    lost += 1;
                    self.show.lost.fetch_add(1, Relaxed);
                    sleep(Duration::from_millis(300 + self.guest.random.below(700))).await;
                }
                Ended::Gap => gaps += 1,
            }
            if self.guest.random.below(100) < self.guest.habits.reloads_percent {
                self.fold.reload();
            }
        }
    }

    /// One connection.
    async fn sit(&mut self, joined_before: &mut bool) -> Ended {
        let Ok(mut socket) = Socket::open(self.guest.way, &self.show.path, &self.guest.cookie).await else {
            return if self.show.is_over() { Ended::Over } else { Ended::Lost };
        };
        let join = match self.fold.epoch.as_str() {
            "" => r#"{"t":"join"}"#.to_owned(),
            epoch => format!(r#"{{"t":"join","epoch":"{epoch}","offset":{}}}"#, self.fold.now.to),
        };
        if socket.say(&join).await.is_err() {
            return Ended::Lost;
        }
        self.waiting = false;
        let mut phase = self.show.phase.subscribe();
        let opened = Instant::now();
        let mut ping = opened + self.guest.first_ping;
        let cut = self.some_time(self.guest.habits.lives).map(|lives| opened + lives);
        let mut nap = self.some_time(self.guest.habits.naps_every).map(|awake| opened + awake);
        loop {
            let at = *phase.borrow_and_update();
            if matches!(at, Phase::Over) {
                return Ended::Over;
            }
            // What is under way at the end arrives in peace.
            let calm = matches!(at, Phase::Settling);
            let (cut, may_nap) = (cut.filter(|_| !calm), nap.filter(|_| !calm));
            let speak = self.speaks(at);
            let next = [Some(ping), cut, may_nap, speak].into_iter().flatten().min().unwrap_or(ping);
            let mut ended = None;
            tokio::select! {
                biased;
                Ok(()) = phase.changed() => continue,
                heard = socket.hear(|heard| ended = ended.take().or(self.take(heard, joined_before))) => {
                    if let Some(ended) = ended {
                        return ended;
                    }
                    if heard.is_err() {
                        return Ended::Lost;
                    }
                    continue;
                }
                () = sleep_until(next) => {}
            }
            let now = Instant::now();
            if cut.is_some_and(|cut| cut <= now) {
                return Ended::Cut;
            }
            if may_nap.is_some_and(|nap| nap <= now) {
                sleep(self.guest.habits.nap).await;
                nap = self.some_time(self.guest.habits.naps_every).map(|awake| Instant::now() + awake);
            }
            if ping <= now {
                ping = now + PING_EVERY;
                if socket.say(r#"{"t":"ping","client_ms":1}"#).await.is_err() {
                    return Ended::Lost;
                }
            }
            if let Some(speak) = speak.filter(|speak| *speak <= now) {
                let number = if let Turn::Answered { number } = self.guest.turn { number } else { self.said };
                let line = self.show.line(speak, number);
                self.said += 1;
                self.waiting = true;
                self.show.said.fetch_add(1, Relaxed);
                if socket.say(&line).await.is_err() {
                    return Ended::Lost;
                }
            }
        }
    }

    /// When the next line is to be said; in the past where it is late.
    fn speaks(&self, phase: Phase) -> Option<Instant> {
        let Phase::Running { begin, until } = phase else { return None };
        let at = match self.guest.turn {
            Turn::Silent => return None,
            Turn::Every { first, step, period } => begin + period.mul_f64((first + self.said * step) as f64),
            Turn::Answered { .. } if self.waiting => return None,
            Turn::Answered { number } => (begin + Duration::from_millis(number)).max(Instant::now()),
        };
        (at < until).then_some(at)
    }

    /// A time that comes out as `mean` on average.
    fn some_time(&mut self, mean: Option<Duration>) -> Option<Duration> {
        let mean_ms = u64::try_from(mean?.as_millis()).unwrap_or(u64::MAX / 4).max(1);
        Some(Duration::from_millis(mean_ms / 2 + self.guest.random.below(mean_ms)))
    }

    fn take(&mut self, heard: Heard<'_>, joined_before: &mut bool) -> Option<Ended> {
        let frame = match heard {
            Heard::Text(text) => self.show.reader.read(text),
            Heard::Deflated(bytes) => self.show.reader.read_deflated(bytes),
            Heard::Closed(_) => return Some(Ended::Lost),
        };
        let Ok(frame) = frame else { return Some(Ended::Gap) };
        match &*frame {
            Frame::Hello(hello) => {
                self.fold.hello(hello);
                if !std::mem::replace(&mut self.seated, true) {
                    self.show.seated.fetch_add(1, Relaxed);
                }
                if !std::mem::replace(joined_before, true) {
                    self.show.joined.fetch_add(1, Relaxed);
                }
            }
            Frame::Covers(covers) => {
                self.show.frames.fetch_add(1, Relaxed);
                let now = Instant::now();
                match self.fold.covers(covers) {
                    Ok(seen) => {
                        self.show.seen(now, seen);
                        self.waiting = self.waiting && !self.is_mine(seen);
                    }
                    Err(Gap) => return Some(Ended::Gap),
                }
            }
            Frame::Refused(code) => {
                self.show.refused(code);
                self.waiting = false;
            }
            Frame::Ack | Frame::Other => {}
        }
        None
    }

    fn is_mine(&self, seen: &[Seen]) -> bool {
        let Turn::Answered { number } = self.guest.turn else { return false };
        seen.iter().any(|event| event.sent.is_some_and(|(_, speaker)| speaker == number))
    }
}
