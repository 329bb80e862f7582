//! The witness: one of the shop's people, who sees everything from before the first viewer until after the last, and speaks on
//! the state lane. What they saw is the log that the viewers are held against.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::frame::Frame;
use super::oracle::{Fold, Log};
use super::show::{Phase, Show};
use crate::house::Spoiled;
use crate::socket::{Heard, Socket, Way};

const PING_EVERY: Duration = Duration::from_secs(10);

/// Watches until the evening is over; `seen` goes up with the log.
pub(super) async fn watch(
    show: Arc<Show>,
    way: Way,
    cookie: String,
    announce_every: Option<Duration>,
    seen: watch::Sender<u64>,
) -> Result<Log, Spoiled> {
    let lost = || Spoiled::Closed(1006);
    let mut socket = Socket::open(way, &show.path, &cookie).await.map_err(|_| lost())?;
    socket.say(r#"{"t":"join"}"#).await.map_err(|_| lost())?;
    let (mut fold, mut log, mut holes) = (Fold::new(), None::<Log>, 0_u32);
    let mut phase = show.phase.subscribe();
    let (mut ping, mut announced) = (Instant::now() + PING_EVERY, 0_u64);
    loop {
        let at = *phase.borrow_and_update();
        if matches!(at, Phase::Over) {
            break;
        }
        let speak = match (at, announce_every) {
            (Phase::Running { begin, until }, Some(every)) => {
                Some(begin + every.mul_f64(announced as f64 + 0.5)).filter(|speak| *speak < until)
            }
            _ => None,
        };
        let next = speak.unwrap_or(ping).min(ping);
        let mut closed = None;
        tokio::select! {
            biased;
            Ok(()) = phase.changed() => continue,
            heard = socket.hear(|heard| match heard {
                Heard::Closed(code) => closed = Some(code),
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
                        (Ok(events), Some(log)) => holes += u32::from(log.take(events).is_err() || log.to() != fold.now.to),
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
            let word = show.announcement(speak, announced);
            announced += 1;
            show.said.fetch_add(1, Relaxed);
            socket.say(&word).await.map_err(|_| lost())?;
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
