//! What sending costs, per country.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::{EntryId, Millis, Timestamp};
use shop::shipping::ShippingRate;

use crate::access::{Act, Place, require};
use crate::audit::{Deed, Entry, note};
use crate::{Actor, App, Problem};

/// The most rates of a house: every country three times.
const MAX_RATES: usize = 750;

/// How old rates may be that somebody is quoted from, where another process has changed them.
const FRESH: Millis = Millis::from_secs(1);

/// The rates as they were read last, and when: every quote needs them, and they change a few times a year.
#[derive(Debug, Default)]
pub struct KnownRates(Mutex<Option<(Timestamp, Arc<[ShippingRate]>)>>);

impl KnownRates {
    fn lock(&self) -> MutexGuard<'_, Option<(Timestamp, Arc<[ShippingRate]>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fresh(&self, now: Timestamp) -> Option<Arc<[ShippingRate]>> {
        let known = self.lock();
        known.as_ref().filter(|(read_at, _)| *read_at <= now && now - *read_at < FRESH).map(|(_, rates)| rates.clone())
    }
}

/// The rates that a quote is made from, at most a second old.
pub(crate) async fn current(app: &App) -> Result<Arc<[ShippingRate]>, Problem> {
    let now = app.now();
    if let Some(rates) = app.till.known_rates.fresh(now) {
        return Ok(rates);
    }
    let rates: Arc<[ShippingRate]> = app.till.rates.rates().await?.into();
    *app.till.known_rates.lock() = Some((now, Arc::clone(&rates)));
    Ok(rates)
}

/// Everybody may know what sending costs.
pub async fn list(app: &App) -> Result<Vec<ShippingRate>, Problem> {
    Ok(app.till.rates.rates().await?)
}

/// A rate as staff wrote it; one without an id is new.
#[derive(Clone, Debug)]
pub struct RateDraft {
    pub id: Option<EntryId>,
    pub rate: ShippingRate,
}

/// Replaces all rates by these.
pub async fn keep(app: &App, actor: &Actor, drafts: Vec<RateDraft>) -> Result<Vec<ShippingRate>, Problem> {
    require(actor, Act::ManageHouse, Place::HOUSE)?;
    if drafts.len() > MAX_RATES {
        return Err(Problem::field("rates", "too_many"));
    }
    let now = app.now();
    let mut rates = Vec::with_capacity(drafts.len());
    for (at, RateDraft { id, mut rate }) in drafts.into_iter().enumerate() {
        rate.id = id.unwrap_or_else(|| app.entropy.draw(|random| EntryId::mint(now, random)));
        let field = |part: &str| format!("{at}.{part}");
        if rate.name.is_empty() {
            return Err(Problem::field(field("name"), "missing"));
        }
        if rate.prices.is_empty() {
            return Err(Problem::field(field("price"), "missing"));
        }
        if rate.prices.iter().any(|price| price.minor < 0) {
            return Err(Problem::field(field("price"), "negative"));
        }
        let twice = |price: &kernel::Money| rate.prices.iter().filter(|p| p.currency == price.currency).count() > 1;
        if rate.prices.iter().any(twice) {
            return Err(Problem::field(field("price"), "duplicate"));
        }
        if rate.days.0 > rate.days.1 || rate.days.1 > 365 {
            return Err(Problem::field(field("days"), "out_of_range"));
        }
        rates.push(rate);
    }
    app.till.rates.keep_rates(rates.clone()).await?;
    *app.till.known_rates.lock() = None;
    note(app, actor, Entry::new(Deed::ShippingChanged, format!("{} rates", rates.len()))).await;
    Ok(rates)
}
