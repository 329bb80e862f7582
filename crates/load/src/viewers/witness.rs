//! The witness: one of the shop's people, who sees everything from before the first viewer until after the last, speaks on the
//! state lane and removes lines. What they saw is the log that the viewers are held against.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::frame::{Frame, Seen};
use super::oracle::{Fold, Log};
use super::show::{Phase, Show};
use crate::house::Spoiled;
use crate::socket::{Heard, Socket, Way};

const PING_EVERY: Duration = Duration::from_secs(10);

/// What the witness does, as far as it does anything.
#[derive(Clone, Copy, Debug)]
pub(super) struct Duties {
    pub(super) announce_every: Option<Duration>,
    pub(super) remove_every: Option<Duration>,
}

/// Something that is done again and again while lines are sent.
struct Rhythm {
    every: Option<Duration>,
    done: u64,
}

impl Rhythm {
    const fn new(every: Option<Duration>) -> Self {
        Self { every, done: 0 }
    }

    fn next(&self, phase: Phase) -> Option<Instant> {
        let Phase::Running { begin, until } = phase else { return None };
        Some(begin + self.every?.mul_f64(self.done as f64 + 0.5)).filter(|at| *at < until)
    }
}

/// The newest line of somebody else's among these events.
fn newest_line(events: &[Seen]) -> Option<String> {
    events.iter().rev().find_map(|event| event.line.clone())
}

/// Watches until the evening is over; `seen` goes up with the log.
pub(super) async fn watch(
    show: Arc<Show>,
    way: Way,
    cookie: String,
    duties: Duties,
    seen: watch::Sender<u64>,
) -> Result<Log, Spoiled> {
    let lost = || Spoiled::Closed(1006);
    let mut socket = Socket::open(way, &show.path, &cookie).await.map_err(|_| lost())?;
    socket.say(r#"{"t":"join"}"#).await.map_err(|_| lost())?;
    let (mut fold, mut log, mut holes) = (Fold::new(), None::<Log>, 0_u32);
    let mut phase = show.phase.subscribe();
    let mut ping = Instant::now() + PING_EVERY;
    let (mut announces, mut removes) = (Rhythm::new(duties.announce_every), Rhythm::new(duties.remove_every));
    let mut newest = None;
    loop {
        let at = *phase.borrow_and_update();
        if matches!(at, Phase::Over) {
            break;
        }
        let (speak, remove) = (announces.next(at), removes.next(at));
        let next = [speak, remove].into_iter().flatten().fold(ping, Instant::min);
        let mut closed = None;
        tokio::select! {
            biased;
            Ok(()) = phase.changed() => continue,
            heard = socket.hear(|heard| match heard {
                Heard::Closed(code) => closed = Some(code),
                Heard::Deflated(_) => holes += 1,
                Heard::Text(text) => match show.reader.read(text).as_deref() {
                    Ok(Frame::Hello(hello)) => {
                        fold.hello(hello);
                        match (&hello.snapshot, &log) {
                            (Some(start), None) => log = Some(Log::new(start)),
                            // What lies between is not known to the witness.
                            _ => holes += 1,
                        }
                    }
                    Ok(Frame::Covers(covers)) => match (fold.covers(covers), &mut log) {
                        (Ok(events), Some(log)) => {
                            newest = newest_line(events).or(newest.take());
                            holes += u32::from(log.take(events).is_err() || log.to() != fold.now.to);
                        }
                        _ => holes += 1,
                    },
                    Ok(Frame::Refused(code)) => show.refused(code),
                    Ok(_) => {}
                    Err(_) => holes += 1,
                },
            }) => {
                if let Some(code) = closed.or(heard.is_err().then_some(1006)) {
                    return Err(Spoiled::Closed(code));
                }
                seen.send_replace(fold.now.to);
                continue;
            }
            () = sleep_until(next) => {}
        }
        let now = Instant::now();
        if let Some(speak) = speak.filter(|speak| *speak <= now) {
            let word = show.announcement(speak, announces.done);
            announces.done += 1;
            show.said.fetch_add(1, Relaxed);
            socket.say(&word).await.map_err(|_| lost())?;
        }
        if let Some(remove) = remove.filter(|remove| *remove <= now) {
            removes.done += 1;
            if let Some(message) = newest.take() {
                socket.say(&show.removal(remove, message)).await.map_err(|_| lost())?;
            }
        }
        if ping <= now {
            ping = now + PING_EVERY;
            socket.say(r#"{"t":"ping","client_ms":1}"#).await.map_err(|_| lost())?;
        }
    }
    match log {
        Some(log) if holes == 0 => Ok(log),
        _ => Err(Spoiled::Nothing("the witness itself saw holes in the log: this is a defect of the house")),
    }
}
