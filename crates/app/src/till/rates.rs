//! What sending costs, per country.

use std::sync::Arc;

use kernel::EntryId;
use shop::shipping::ShippingRate;

use crate::access::{Act, Place, require};
use crate::audit::{Deed, Entry, note};
use crate::{Actor, App, Problem};

/// The most rates of a house: every country three times.
const MAX_RATES: usize = 750;

/// The rates that a quote is made from, at most a second old.
pub(crate) async fn current(app: &App) -> Result<Arc<[ShippingRate]>, Problem> {
    Ok(app.till.known_rates.or_read(app.now(), app.till.rates.rates()).await?)
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
    app.till.known_rates.forget();
    note(app, actor, Entry::new(Deed::ShippingChanged, format!("{} rates", rates.len()))).await;
    Ok(rates)
}
