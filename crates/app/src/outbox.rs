//! Delivers what the till wrote down: the buyer is written to, and the show's room hears of it.
//!
//! Three steps, in this order. Stock is shown first: it is read anew each time, so showing it twice does no harm. Then the
//! events are taken off and the letters queued, in one commit: a letter is written exactly once, whatever dies in
//! between. A letter that cannot be written waits a while and holds up nobody else's. Sales are counted in the room last: a crash may lose one from "12 sold this minute", and never doubles it.

mod room;

use std::collections::BTreeSet;

use kernel::{EntryId, Millis, Timestamp};
use shop::books::TillEvent;

use crate::ports::WaitingMessage;
use crate::{App, Problem, house, messages};

/// Events of one round; the next round follows at once while there are more.
pub const ROUND: usize = 200;
/// An event whose letter cannot be written waits so long from when it happened, since the store may come back; then it
/// goes without one. So many of them as a round holds delay what comes after by no more than this.
pub const PATIENCE: Millis = Millis::from_mins(10);

/// Delivers the oldest events that wait. Returns how many were; fewer than [`ROUND`] means that none is left which can be.
pub async fn deliver(app: &App) -> Result<usize, Problem> {
    let waiting = app.till.outbox.waiting(u32::try_from(ROUND).unwrap_or(u32::MAX)).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    room::show_stock(app, waiting.iter().map(|(.., event)| event)).await?;
    let house = house::get(app).await?.name;
    let (mut ids, mut letters) = (Vec::with_capacity(waiting.len()), Vec::new());
    for (id, at, event) in &waiting {
        match letter(app, &house, *id, event).await {
            Ok(letter) => letters.extend(letter),
            Err(problem) if still_waits(app, *at) => {
                tracing::warn!(event = %id, %problem, "a letter cannot be written for now");
                continue;
            }
            Err(problem) => tracing::error!(event = %id, %problem, "the buyer is not written to: tell them by hand"),
        }
        ids.push(*id);
    }
    if ids.is_empty() {
        return Ok(0);
    }
    let delivered = ids.len();
    let own: BTreeSet<EntryId> = app.till.outbox.hand_over(ids, letters).await?.into_iter().collect();
    room::count_sales(app, waiting.iter().filter(|(id, ..)| own.contains(id)).map(|(.., event)| event)).await;
    Ok(delivered)
}

fn still_waits(app: &App, happened: Timestamp) -> bool {
    app.now() - happened < PATIENCE
}

/// The event's letter as it waits to be sent, where it calls for one.
async fn letter(app: &App, house: &str, id: EntryId, event: &TillEvent) -> Result<Option<WaitingMessage>, Problem> {
    let message = messages::orders::write(app, house, id, event).await?;
    message.map(|message| messages::waiting(app, &message, messages::orders::USEFUL)).transpose()
}
