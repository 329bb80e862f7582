//! Carries out what waits: a few at once, again after a while where the other side was away.

use std::time::Duration;

use futures::StreamExt;
use futures::stream;
use kernel::Millis;

use super::open_sealed;
use crate::ports::{NotSent, WaitingMessage, WhyGivenUp};
use crate::{App, Problem};

/// Messages of one round; the rest comes in the next.
const ROUND: u32 = 32;
/// Between rounds while more waits. With [`ROUND`] it is about what a mail service takes, and leaves the machine to who still
/// buys in a rush.
pub const PACE: Duration = Duration::from_millis(250);
/// Connections to the mail server at once.
const AT_ONCE: usize = 4;
/// A message that was taken is nobody else's for so long; past it, whoever took it has died.
const LEASE: Millis = Millis::from_mins(3);
/// A server that has not taken a message by then is asked again later.
const PATIENCE: Duration = Duration::from_secs(30);
/// The first wait after a failed attempt, doubled with each further one, and the longest.
const FIRST_WAIT: Millis = Millis::from_secs(15);
const LONGEST_WAIT: Millis = Millis::from_mins(60);

/// Sends what is due. Returns how many messages it took in hand.
pub async fn send_due(app: &App) -> Result<usize, Problem> {
    let now = app.now();
    let taken = app.messages.queue.take_due(now, now + LEASE, ROUND).await?;
    let count = taken.len();
    stream::iter(taken)
        .for_each_concurrent(AT_ONCE, async |waiting| {
            if let Err(problem) = attempt(app, &waiting).await {
                // The lease runs out, and it comes again.
                tracing::warn!(message = %waiting.id, %problem, "a message is tried again later");
            }
        })
        .await;
    Ok(count)
}

async fn attempt(app: &App, waiting: &WaitingMessage) -> Result<(), Problem> {
    let (queue, now, id) = (&app.messages.queue, app.now(), waiting.id);
    if now >= waiting.until {
        tracing::error!(message = %id, attempts = waiting.attempts, "a message was given up: it is of no use any more");
        return Ok(queue.give_up(id, WhyGivenUp::TooLate, String::new(), now).await?);
    }
    let message = open_sealed(app, &waiting.sealed)?;
    let late = |_| Err(NotSent::Later(format!("nothing for {} s", PATIENCE.as_secs())));
    match tokio::time::timeout(PATIENCE, app.messages.transport.send(&message, now)).await.unwrap_or_else(late) {
        Ok(()) => Ok(queue.forget(id).await?),
        Err(NotSent::Never(cause)) => {
            tracing::error!(message = %id, cause, "a message was given up: it cannot be delivered");
            Ok(queue.give_up(id, WhyGivenUp::Refused, cause, app.now()).await?)
        }
        Err(NotSent::Later(cause)) => {
            let next_at = app.now() + wait(waiting.attempts);
            tracing::warn!(message = %id, cause, attempts = waiting.attempts, %next_at, "a message did not go out yet");
            Ok(queue.put_off(id, next_at).await?)
        }
    }
}

/// How long after this many attempts the next one comes.
fn wait(attempts: u32) -> Millis {
    let doublings = attempts.saturating_sub(1).min(16);
    Millis((FIRST_WAIT.0 << doublings).min(LONGEST_WAIT.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_an_hour() {
        let check = |attempts, expected| assert_eq!(wait(attempts), expected, "after {attempts}");
        check(1, Millis::from_secs(15));
        check(2, Millis::from_secs(30));
        check(5, Millis::from_mins(4));
        check(9, LONGEST_WAIT);
        check(u32::MAX, LONGEST_WAIT);
    }
}
