//! Delivers what the till wrote down: the buyer is written to, and the show's room hears of it.
//!
//! Three steps, in this order. Stock is shown first: it is read anew each time, so showing it twice does no harm. Then the
//! events are taken off and the letters queued, in one commit: a letter is written exactly once, whatever dies in
//! between. Sales are counted in the room last: a crash may lose one from "12 sold this minute", and never doubles it.

mod room;

use std::collections::BTreeSet;

use kernel::EntryId;

use crate::{App, Problem, house, messages};

/// Events of one round; the next round follows at once while there are more.
pub const ROUND: usize = 200;

/// Delivers the oldest events that wait. Returns how many they were; fewer than [`ROUND`] means that none is left.
pub async fn deliver(app: &App) -> Result<usize, Problem> {
    let waiting = app.till.outbox.waiting(u32::try_from(ROUND).unwrap_or(u32::MAX)).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    room::show_stock(app, waiting.iter().map(|(.., event)| event)).await?;
    let house = house::get(app).await?.name;
    let mut letters = Vec::new();
    for (id, _, event) in &waiting {
        if let Some(message) = messages::orders::write(app, &house, *id, event).await? {
            letters.push(messages::waiting(app, &message, messages::orders::USEFUL)?);
        }
    }
    let ids: Vec<EntryId> = waiting.iter().map(|(id, ..)| *id).collect();
    let own: BTreeSet<EntryId> = app.till.outbox.hand_over(ids, letters).await?.into_iter().collect();
    room::count_sales(app, waiting.iter().filter(|(id, ..)| own.contains(id)).map(|(.., event)| event)).await;
    Ok(waiting.len())
}
