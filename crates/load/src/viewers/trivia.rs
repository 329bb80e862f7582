//! A question for a full room: how far apart viewers see it open, and how long the first right answer waits for its winner.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::DOOR;
use crate::client::Client;
use crate::house::{House, Spoiled, ask, text};
use crate::socket::{Heard, Socket, Way};

/// What is right; of the answers every tenth is.
const RIGHT: &str = "gucci";
/// Between the press and the question.
const LEAD_MS: u64 = 2_000;
const GATHER_WITHIN: Duration = Duration::from_secs(120);
/// From the question until its winner is named.
const DECIDED_WITHIN: Duration = Duration::from_secs(60);
/// Answers are spread over this, as people type.
const TYPING: Duration = Duration::from_millis(3_000);

/// What was seen.
#[derive(Debug, Serialize)]
pub struct Asked {
    /// Viewers who were in the room.
    pub viewers: usize,
    /// Those who saw the question open, and who heard the winner's name.
    pub opened: usize,
    pub told: usize,
    /// Between the first viewer who saw it open and the last.
    pub spread_ms: f64,
    /// From when the first right answer was sent until its sender heard the winner's name. The house keeps a question open for a
    /// second after the first right answer.
    pub named_ms: f64,
    /// The same until the last viewer heard it.
    pub named_last_ms: f64,
}

/// When one viewer saw what.
#[derive(Debug, Default)]
struct Saw {
    opened: Option<Instant>,
    answered: Option<Instant>,
    right: bool,
    named: Option<Instant>,
}

/// Fills a room, asks a question and answers it.
///
/// # Errors
/// The house refused the preparation, or no winner was named.
pub async fn run(house: &House, show: &str, viewers: usize) -> Result<Asked, Spoiled> {
    let way = Way { to: super::resolve(&house.host).await?, from: None, receive_buffer: 0, deflate: true };
    let (mut desk, staff) = house.desk().await?;
    let path: Arc<str> = format!("/api/v1/shows/{show}/room").into();
    let (joined, door) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(DOOR)));
    let (over, until) = watch::channel(false);
    let mut guests = JoinSet::new();
    for number in 0..viewers {
        let Ok(permit) = Arc::clone(&door).acquire_owned().await else { break };
        let (host, path, joined, until) = (house.host.clone(), Arc::clone(&path), Arc::clone(&joined), until.clone());
        guests.spawn(async move {
            let cookie = super::mint(&host, Some(number)).await;
            drop(permit);
            match cookie {
                Ok(cookie) => watch_and_answer(way, &path, &cookie, (number, viewers), &joined, until).await,
                Err(_) => Saw::default(),
            }
        });
    }
    let deadline = Instant::now() + GATHER_WITHIN;
    while joined.load(Relaxed) < viewers && Instant::now() < deadline {
        sleep(Duration::from_millis(20)).await;
    }
    fire(&mut desk, &staff, show).await?;
    sleep(Duration::from_millis(LEAD_MS) + TYPING + Duration::from_secs(5)).await;
    over.send_replace(true);
    sum_up(&guests.join_all().await, joined.load(Relaxed))
}

/// Plans a question for the first piece of the run sheet that can be won, and asks it.
async fn fire(desk: &mut Client, staff: &str, show: &str) -> Result<(), Spoiled> {
    let sheet = ask(desk, "GET", &format!("/api/v1/studio/shows/{show}"), staff, None).await?.json();
    for item in sheet["run_sheet"].as_array().into_iter().flatten() {
        let product = format!("/api/v1/office/products/{}", text(item, "product_id"));
        let product = ask(desk, "GET", &product, staff, None).await?.json();
        let variant = text(&product["variants"][0], "id");
        let question = json!({ "number": item["number"], "variant_id": variant, "question": "Whose belt is it?",
            "answers": [RIGHT], "typo": true, "basis_points": 500, "hold": { "minutes": 5 }, "window_s": 30 });
        let planned = format!("/api/v1/studio/shows/{show}/trivia");
        let id = text(&ask(desk, "POST", &planned, staff, Some(&question)).await?.json(), "id");
        let step = |step: &str| format!("/api/v1/studio/trivia/{id}/{step}");
        // A piece that is sold out cannot be set aside: the next one is.
        if ask(desk, "POST", &step("arm"), staff, Some(&json!({}))).await.is_ok() {
            ask(desk, "POST", &step("fire"), staff, Some(&json!({ "lead_ms": LEAD_MS }))).await?;
            return Ok(());
        }
    }
    Err(Spoiled::Nothing("the show has no piece that can be won"))
}

fn sum_up(all: &[Saw], viewers: usize) -> Result<Asked, Spoiled> {
    let opened: Vec<Instant> = all.iter().filter_map(|saw| saw.opened).collect();
    let first_right = all.iter().filter(|saw| saw.right).filter_map(|saw| Some((saw.answered?, saw.named)));
    let first_right = first_right.min_by_key(|(answered, _)| *answered);
    let named_last = all.iter().filter_map(|saw| saw.named).max();
    let spread = opened.iter().max().zip(opened.iter().min());
    let (Some((answered, Some(named))), Some(named_last), Some((last, first))) = (first_right, named_last, spread)
    else {
        return Err(Spoiled::Nothing("no winner was named"));
    };
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    Ok(Asked {
        viewers,
        opened: opened.len(),
        told: all.iter().filter(|saw| saw.named.is_some()).count(),
        spread_ms: ms(*last - *first),
        named_ms: ms(named - answered),
        named_last_ms: ms(named_last - answered),
    })
}

/// One viewer: joins, answers when the question opens, and hears who won.
async fn watch_and_answer(
    way: Way,
    path: &str,
    cookie: &str,
    (number, of): (usize, usize),
    joined: &AtomicUsize,
    mut until: watch::Receiver<bool>,
) -> Saw {
    let mut saw = Saw { right: number % 10 == 0, ..Saw::default() };
    let Ok(mut socket) = Socket::open(way, path, cookie).await else { return saw };
    if socket.say(r#"{"t":"join"}"#).await.is_err() {
        return saw;
    }
    let (mut seated, mut speak) = (false, None::<Instant>);
    let watching = async {
        loop {
            let mut frames = Vec::new();
            tokio::select! {
                biased;
                _ = until.changed() => return,
                () = due(speak) => {
                    let answer = if saw.right { RIGHT } else { "prada" };
                    let line = json!({ "t": "say", "ref": format!("t{number}"), "text": answer, "country": "FR", "currency": "EUR" });
                    saw.answered = Some(Instant::now());
                    speak = None;
                    if socket.say(&line.to_string()).await.is_err() {
                        return;
                    }
                }
                heard = socket.hear(|heard| frames.push(read(&heard))) => {
                    if heard.is_err() {
                        return;
                    }
                }
            }
            let now = Instant::now();
            for frame in frames.into_iter().flatten() {
                if frame["t"] == "hello" && !std::mem::replace(&mut seated, true) {
                    joined.fetch_add(1, Relaxed);
                }
                for event in frame["events"].as_array().into_iter().flatten().filter(|event| event["k"] == "trivia") {
                    if event["phase"] == "open" && saw.opened.is_none() {
                        saw.opened = Some(now);
                        speak =
                            Some(now + Duration::from_millis(300) + TYPING.mul_f64(number as f64 / of.max(1) as f64));
                    }
                    if event["winner"].is_object() {
                        saw.named.get_or_insert(now);
                    }
                }
            }
        }
    };
    // What takes longer than this is not waited for: it is missing in the figures.
    let _late = timeout(GATHER_WITHIN + DECIDED_WITHIN, watching).await;
    saw
}

async fn due(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

fn read(heard: &Heard<'_>) -> Option<Value> {
    match heard {
        Heard::Text(text) => serde_json::from_slice(text).ok(),
        Heard::Deflated(bytes) => serde_json::from_slice(&crate::socket::inflated(bytes).ok()?).ok(),
        Heard::Closed(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_count_from_the_first_right_answer() {
        let start = Instant::now();
        let at = |ms| Some(start + Duration::from_millis(ms));
        let saw = |opened, answered, right, named| Saw {
            opened: at(opened),
            answered: at(answered),
            right,
            named: at(named),
        };
        let all = [saw(0, 400, false, 1_900), saw(40, 600, true, 1_800), saw(90, 700, true, 1_850), Saw::default()];
        let asked = sum_up(&all, 4).expect("a winner");
        assert_eq!((asked.opened, asked.told), (3, 3));
        let rounded = [asked.spread_ms, asked.named_ms, asked.named_last_ms].map(f64::round);
        assert_eq!(rounded, [90.0, 1_200.0, 1_300.0]);
        assert!(sum_up(&[Saw::default()], 1).is_err());
    }
}
