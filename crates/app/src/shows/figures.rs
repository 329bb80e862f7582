//! What a show has come to so far: the room's log and the till's orders, rehearsals left out.

use std::collections::BTreeMap;

use kernel::{Money, Timestamp};
use room::Facts;

use crate::ports::{RoomKey, ShowRow, ShowTakings, Stage, TAKINGS_MINUTES};
use crate::{App, Problem, house};

/// One minute of a show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minute {
    /// Its start.
    pub at: Timestamp,
    /// In the house's own currency.
    pub gmv_minor: i64,
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

/// The facts of the public room's log.
pub async fn facts(app: &App, show: &ShowRow) -> Result<Facts, Problem> {
    Ok(app.rooms.facts(RoomKey { show: show.id, stage: Stage::Live }).await?)
}

/// What the show sold.
pub async fn takings(app: &App, show: &ShowRow) -> Result<ShowTakings, Problem> {
    Ok(app.till.takings.takings(show.id, app.now()).await?)
}

/// Puts both together.
pub async fn figures(app: &App, show: &ShowRow, facts: &Facts, takings: &ShowTakings) -> Result<Figures, Problem> {
    let (viewers, peak) = super::viewers(app, show.id);
    Ok(Figures {
        viewers,
        peak: peak.max(facts.peak),
        messages: facts.messages,
        hearts: facts.hearts,
        orders: takings.orders,
        gmv: takings.gmv.clone(),
        sold_this_minute: takings.sold_this_minute,
        minutes: minutes(app, facts, takings).await?,
    })
}

async fn minutes(app: &App, facts: &Facts, takings: &ShowTakings) -> Result<Vec<Minute>, Problem> {
    let own = house::get(app).await?.currencies.first().copied();
    let mut sold: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for minute in &takings.minutes {
        let sums = sold.entry(minute.at.unix_millis()).or_default();
        sums.0 += minute.orders;
        if Some(minute.currency) == own {
            sums.1 += minute.minor;
        }
    }
    let now = app.now().unix_millis();
    let last = now - now.rem_euclid(60_000);
    let watched = facts.viewers.front().map(|minute| minute.at_ms);
    let Some(first) = sold.keys().next().copied().into_iter().chain(watched).min() else { return Ok(Vec::new()) };
    let first = first.max(last - (TAKINGS_MINUTES - 1) * 60_000);
    let minute = |at_ms: i64| {
        let (orders, gmv_minor) = sold.get(&at_ms).copied().unwrap_or_default();
        Minute { at: Timestamp::from_unix_millis(at_ms), gmv_minor, orders, viewers: facts.viewers_at(at_ms) }
    };
    Ok((0..).map(|place| first + place * 60_000).take_while(|at_ms| *at_ms <= last).map(minute).collect())
}
