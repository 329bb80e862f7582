//! `Idempotency-Key`: the same request sent twice is done once, and answered alike.

use std::time::Duration;

use kernel::Millis;

use crate::people::token;
use crate::ports::{Begun, RepeatKey, RepeatTimes};
use crate::{Actor, App, Code, Problem, seal};

/// Keys are remembered for so long.
const KEPT: Millis = Millis::from_days(1);
/// Keys of one person; past it the oldest is forgotten.
const KEYS: u32 = 1_000;
/// A request that has not been answered for so long was cut off with its process.
const ABANDONED: Millis = Millis::from_mins(1);
/// How long a repetition waits for the first one's answer, and how often it looks.
const WAITS: u32 = 30;
const WAIT: Duration = Duration::from_millis(100);
/// What sealed answers are for.
const PURPOSE: &str = "answer";

/// A request that is to be done, once.
#[derive(Debug)]
pub struct First(RepeatKey);

/// What is to be done with a request.
#[derive(Debug)]
pub enum Repeat {
    Do(First),
    /// It was done: this was answered.
    Done(String),
}

/// Whether this request was done before. `request` is all that makes it this request: method, address, body. None where
/// the actor is nobody: what viewers create has keys of its own, see the checkout.
pub async fn begin(app: &App, actor: &Actor, key: &str, request: &[u8]) -> Result<Option<Repeat>, Problem> {
    let Some(person) = actor.person_id() else { return Ok(None) };
    let key = RepeatKey { actor: person.to_string(), key: key.to_owned() };
    let hash = token::hash_bytes(request);
    for _ in 0..WAITS {
        let now = app.now();
        let times = RepeatTimes { now, forgotten: now - KEPT, abandoned: now - ABANDONED, most: KEYS };
        match app.ports.repeats.begin(key.clone(), hash.clone(), times).await? {
            Begun::First => return Ok(Some(Repeat::Do(First(key)))),
            Begun::Before { request_hash, .. } if request_hash != hash => {
                return Err(Code::IdempotencyKeyReused.into());
            }
            Begun::Before { answer: Some(sealed), .. } => {
                return Ok(Some(Repeat::Done(seal::open(app, PURPOSE, &sealed)?)));
            }
            Begun::Before { answer: None, .. } => tokio::time::sleep(WAIT).await,
        }
    }
    Err(Problem::from(Code::Busy).retry_after(5))
}

/// Remembers what was answered; none where it was refused or cannot be kept, and then the request may be sent again.
pub async fn finish(app: &App, first: First, answer: Option<String>) -> Result<(), Problem> {
    match answer {
        Some(answer) => app.ports.repeats.answered(first.0, seal::seal(app, PURPOSE, &answer)?).await?,
        None => app.ports.repeats.forget(first.0).await?,
    }
    Ok(())
}

/// Forgets what is older than a day.
pub async fn sweep(app: &App) -> Result<(), Problem> {
    Ok(app.ports.repeats.sweep(app.now() - KEPT).await?)
}
