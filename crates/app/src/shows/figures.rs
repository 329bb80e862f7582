//! What a show has come to so far: the room's log and the till's orders, rehearsals left out.

use std::collections::BTreeMap;

use kernel::{Money, Timestamp};
use room::Facts;

use crate::ports::{RoomKey, ShowRow, ShowTakings, Stage, TAKINGS_MINUTES};
use crate::{App, Problem};

/// One minute of a show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minute {
    /// Its start.
    pub at: Timestamp,
    /// A sum a currency, by its letters.
    pub gmv: Vec<Money>,
    pub orders: i64,
    pub viewers: u32,
}

/// A show's figures.
#[derive(Clone, Debug)]
pub struct Figures {
    pub viewers: u32,
    pub peak: u32,
    pub messages: u64,
    pub hearts: u64,
    pub orders: i64,
    pub gmv: Vec<Money>,
    pub sold_this_minute: i64,
    /// The last two hours at most, from the first minute in which anything happened, oldest first.
    pub minutes: Vec<Minute>,
}

/// The facts of a room's log.
pub async fn facts(app: &App, show: &ShowRow, stage: Stage) -> Result<Facts, Problem> {
    Ok(app.rooms.facts(RoomKey { show: show.id, stage }).await?)
}

/// What the show sold.
pub async fn takings(app: &App, show: &ShowRow) -> Result<ShowTakings, Problem> {
    Ok(app.till.takings.takings(show.id, app.now()).await?)
}

/// Puts both together.
#[must_use]
pub fn figures(app: &App, show: &ShowRow, facts: &Facts, takings: &ShowTakings) -> Figures {
    let (viewers, peak) = super::viewers(app, show.id);
    Figures {
        viewers,
        peak: peak.max(facts.peak),
        messages: facts.messages,
        hearts: facts.hearts,
        orders: takings.orders,
        gmv: takings.gmv.clone(),
        sold_this_minute: takings.sold_this_minute,
        minutes: minutes(app, facts, takings),
    }
}

fn minutes(app: &App, facts: &Facts, takings: &ShowTakings) -> Vec<Minute> {
    let mut sold: BTreeMap<i64, (i64, Vec<Money>)> = BTreeMap::new();
    for minute in &takings.minutes {
        let sums = sold.entry(minute.at.unix_millis()).or_default();
        sums.0 += minute.orders;
        sums.1.push(Money::new(minute.minor, minute.currency));
    }
    let now = app.now().unix_millis();
    let last = now - now.rem_euclid(60_000);
    let watched = facts.viewers.front().map(|minute| minute.at_ms);
    let Some(first) = sold.keys().next().copied().into_iter().chain(watched).min() else { return Vec::new() };
    let first = first.max(last - (TAKINGS_MINUTES - 1) * 60_000);
    let minute = |at_ms: i64| {
        let (orders, gmv) = sold.get(&at_ms).cloned().unwrap_or_default();
        Minute { at: Timestamp::from_unix_millis(at_ms), gmv, orders, viewers: facts.viewers_at(at_ms) }
    };
    (0..).map(|place| first + place * 60_000).take_while(|at_ms| *at_ms <= last).map(minute).collect()
}
