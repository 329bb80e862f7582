//! What a claim has to know of its drop before the till decides it, kept in memory: a rush reads the store once a second
//! for each drop, not once for each buyer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::{Country, Currency, DropId, Money, Timestamp};
use shop::catalogue::Status;
use shop::claim::ClaimQuote;
use shop::drop::Drop;
use shop::price;
use shop::shipping::{self, ShippingRate};

use crate::catalogue::products::Picture;
use crate::till::goods::{ForSale, for_sale};
use crate::till::rates;
use crate::till::recent::is_fresh;
use crate::{App, Code, Problem};

/// Drops that are kept; past it all are read anew.
const KNOWN: usize = 1_000;

/// A drop as it was read, and what it sells.
#[derive(Debug)]
pub struct DropFacts {
    /// Its plan; how it stands now is the till's to say.
    pub drop: Drop,
    pub sale: Arc<ForSale>,
    pub picture: Option<Picture>,
    pub(crate) rates: Arc<[ShippingRate]>,
    read_at: Timestamp,
}

impl DropFacts {
    /// The price of one piece now: the drop's own or the list's, whichever is lower.
    ///
    /// # Errors
    /// `not_sold_in_currency`, `not_shipped`, and `sale_stopped` for what is not on sale.
    pub fn quote(&self, now: Timestamp, currency: Currency, country: Country) -> Result<ClaimQuote, Problem> {
        let on_sale = match self.sale.status {
            Status::Active => true,
            Status::Draft => self.drop.rehearsal,
            Status::Archived => false,
        };
        if !on_sale || self.sale.seller.is_none() {
            return Err(Code::SaleStopped.into());
        }
        let version = price::current(now, currency, &self.sale.prices).ok_or(Code::NotSoldInCurrency)?;
        let listed = version.unit().ok_or(Code::NotSoldInCurrency)?;
        if shipping::options(&self.rates, country, currency).is_empty() {
            return Err(Code::NotShipped.into());
        }
        let unit = self.drop.price(listed).map_err(|_| Code::NotSoldInCurrency)?;
        Ok(ClaimQuote { listed, price: version.id, unit })
    }
}

impl DropFacts {
    /// What one piece costs in a currency where that is less than the list price.
    pub(super) fn own_price(&self, now: Timestamp, currency: Currency) -> Option<Money> {
        let listed = price::current(now, currency, &self.sale.prices)?.unit()?;
        self.drop.price(listed).ok().filter(|own| own.minor < listed.minor)
    }
}

/// The drops that were claimed in lately, and those of which rooms have something to hear.
#[derive(Debug, Default)]
pub struct KnownDrops {
    known: Mutex<BTreeMap<DropId, Arc<DropFacts>>>,
    /// Who reads, reads for all who wait here.
    reading: tokio::sync::Mutex<()>,
    moved: Mutex<BTreeSet<DropId>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl KnownDrops {
    fn fresh(&self, id: DropId, now: Timestamp) -> Option<Arc<DropFacts>> {
        let known = lock(&self.known).get(&id).cloned();
        // A new price holds for claims from here on; what was claimed before keeps its own.
        known.filter(|facts| is_fresh(facts.read_at, now))
    }

    /// Something that viewers see of it changed; as many entries as there are drops at most.
    pub fn moved(&self, id: DropId) {
        lock(&self.moved).insert(id);
    }

    pub(super) fn take_moved(&self) -> BTreeSet<DropId> {
        std::mem::take(&mut lock(&self.moved))
    }

    /// Reads everything anew at the next claim: a price or a sale has just changed.
    pub fn forget(&self) {
        lock(&self.known).clear();
    }
}

/// The drop's facts, at most a second old; `None` when there is no such drop or it was never armed.
pub async fn facts(app: &App, id: DropId) -> Result<Option<Arc<DropFacts>>, Problem> {
    let known = &app.till.known_drops;
    if let Some(facts) = known.fresh(id, app.now()) {
        return Ok(Some(facts));
    }
    let _one = known.reading.lock().await;
    if let Some(facts) = known.fresh(id, app.now()) {
        return Ok(Some(facts));
    }
    let read_at = app.now();
    let Some(drop) = app.till.drops.drop_of(id).await? else { return Ok(None) };
    let standing = app.till.goods.standing(&[drop.variant]).await?;
    let Some(sale) = for_sale(app, &standing).await?.remove(&drop.variant) else { return Ok(None) };
    let media = match sale.picture {
        Some(id) => app.ports.media.media(&[id]).await?,
        None => Vec::new(),
    };
    let picture = media.first().map(Into::into);
    let rates = rates::current(app).await?;
    let facts = Arc::new(DropFacts { drop, sale, picture, rates, read_at });
    let mut all = lock(&known.known);
    if all.len() >= KNOWN {
        all.clear();
    }
    all.insert(id, Arc::clone(&facts));
    Ok(Some(facts))
}
