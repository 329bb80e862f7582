//! Delivers what the till wrote down: the buyer is written to, and the show's room hears of it.
//!
//! Three steps, in this order. Stock is shown first: it is read anew each time, so showing it twice does no harm. Then
//! the events are taken off and the letters queued, in one commit: a letter is written exactly once, whatever dies in
//! between. What cannot be read is tried again after a while, so many times, and holds up nobody else's. Sales are
//! counted in the room last: a crash may lose one from "12 sold this minute", and never doubles it.

mod room;

use std::collections::{BTreeMap, BTreeSet};

use kernel::{EntryId, Millis, OrderId, VariantId};
use shop::books::TillEvent;

use crate::messages::orders;
use crate::ports::{StoreError, WaitingEvent, WaitingMessage};
use crate::{App, Problem, drops, house, messages};

/// Events of one round; the next round follows at once while there are more.
pub const ROUND: usize = 200;
/// Deliveries of one event. The waits between them double from two seconds on: a store that is away comes back within
/// the 17 minutes that they take together. Then the event is set aside, and the office lists it.
pub const TRIES: u32 = 9;
/// What is kept of a cause.
const DETAIL_CHARS: usize = 300;

/// Delivers the oldest events that are due. Returns how many there were; fewer than [`ROUND`] means that none is left.
pub async fn deliver(app: &App) -> Result<usize, Problem> {
    let waiting = app.till.outbox.waiting(app.now(), u32::try_from(ROUND).unwrap_or(u32::MAX)).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let unshown = room::show_stock(app, waiting.iter().filter_map(|waiting| waiting.event.as_ref())).await?;
    let house = house::get(app).await?.name;
    let told = told(app, &waiting).await;
    let (mut ids, mut letters) = (Vec::with_capacity(waiting.len()), Vec::new());
    for waiting in &waiting {
        match letter(app, &house, waiting, &unshown, &told).await {
            Ok(letter) => {
                letters.extend(letter);
                ids.push(waiting.id);
            }
            Err(problem) => try_later(app, waiting, &problem).await?,
        }
    }
    if !ids.is_empty() {
        let own: BTreeSet<EntryId> = app.till.outbox.hand_over(ids, letters).await?.into_iter().collect();
        let own: Vec<&TillEvent> =
            waiting.iter().filter(|waiting| own.contains(&waiting.id)).filter_map(|w| w.event.as_ref()).collect();
        room::count_sales(app, own.iter().copied()).await;
        if let Err(problem) = drops::news::tell(app, own.into_iter()).await {
            tracing::warn!(%problem, "some buyers hear of their claims when they look at their tab");
        }
    }
    Ok(waiting.len())
}

async fn try_later(app: &App, waiting: &WaitingEvent, problem: &Problem) -> Result<(), Problem> {
    let (event, tries) = (waiting.id, waiting.tries.saturating_add(1));
    if tries < TRIES {
        tracing::warn!(%event, tries, %problem, "an event cannot be delivered for now");
        return Ok(app.till.outbox.put_off(event, app.now() + Millis::from_secs(1 << tries)).await?);
    }
    tracing::error!(%event, tries, %problem, "an event is set aside: the office lists it among the messages");
    let detail = problem.to_string().chars().take(DETAIL_CHARS).collect();
    Ok(app.till.outbox.set_aside(event, detail, app.now()).await?)
}

type ToldOf = BTreeMap<OrderId, Result<orders::Told, StoreError>>;

/// The orders that a round tells of, read at once. Where that fails each is read alone, so that one that cannot be read
/// holds up nobody else's.
async fn told(app: &App, waiting: &[WaitingEvent]) -> ToldOf {
    let wanted: BTreeSet<OrderId> = waiting.iter().filter_map(|w| orders::told_of(w.event.as_ref()?)).collect();
    let wanted: Vec<OrderId> = wanted.into_iter().collect();
    if let Ok(found) = app.till.orders().with_buyers(wanted.clone()).await {
        return found.into_iter().map(|told| (told.0.id, Ok(told))).collect();
    }
    let mut told = ToldOf::new();
    for id in wanted {
        match app.till.orders().with_buyers(vec![id]).await {
            Ok(found) => told.extend(found.into_iter().map(|told| (id, Ok(told)))),
            Err(unreadable) => drop(told.insert(id, Err(unreadable))),
        }
    }
    told
}

/// The event's letter as it waits to be sent, where it calls for one.
async fn letter(
    app: &App,
    house: &str,
    waiting: &WaitingEvent,
    unshown: &BTreeSet<VariantId>,
    told: &ToldOf,
) -> Result<Option<WaitingMessage>, Problem> {
    let event = waiting.event.as_ref().ok_or_else(|| Problem::internal("the event's row cannot be read"))?;
    if let TillEvent::StockMoved { free } = event
        && free.iter().any(|(variant, _)| unshown.contains(variant))
    {
        return Err(Problem::internal("the product whose stock moved cannot be read"));
    }
    let message = match orders::told_of(event).and_then(|order| told.get(&order)) {
        Some(Ok(told)) => orders::write(app, house, waiting.id, event, told),
        Some(Err(unreadable)) => return Err(unreadable.clone().into()),
        None => messages::claims::write(app, house, waiting.id, event).await?,
    };
    message.map(|message| messages::waiting(app, &message, orders::USEFUL)).transpose()
}
