//! Offers and codes: staff make, change and stop them; pricing looks at those that are open.

use std::sync::Arc;

use kernel::{EntryId, Timestamp};
use shop::offer::{Gives, Offer, OfferFault, Offered};

use super::basket::owner;
use crate::access::{Act, Place, require};
use crate::audit::{Deed, Entry, note};
use crate::ports::{OfferRow, StoreError};
use crate::problem::FieldProblem;
use crate::{Actor, App, Code, Problem};

/// The most offers of a house; one past it has to wait until an old one is made into it.
pub const MAX_OFFERS: u32 = 500;
/// Every offer, at most a second old.
async fn known(app: &App) -> Result<Arc<[OfferRow]>, Problem> {
    Ok(app.till.known_offers.or_read(app.now(), app.till.offers.offers(MAX_OFFERS)).await?)
}

/// What an order of this buyer's may be priced with.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    rows: Arc<[OfferRow]>,
    own: Vec<(EntryId, i64)>,
}

impl Choice {
    pub(super) fn offered(&self) -> Vec<Offered<'_>> {
        let own = |id: EntryId| self.own.iter().find(|(known, _)| *known == id).map_or(0, |(_, used)| *used);
        let offered = |row: &'_ OfferRow| own(row.offer.id);
        self.rows.iter().map(|row| Offered { offer: &row.offer, used: row.used, own: offered(row) }).collect()
    }

    /// The gifts that may be due now: of offers that count by themselves, or by one of the codes.
    pub(super) fn gifts(&self, now: Timestamp, codes: &[String]) -> Vec<(EntryId, kernel::VariantId, u32)> {
        let open =
            self.rows.iter().map(|row| &row.offer).filter(|offer| {
                offer.closed(now).is_none() && offer.code.as_ref().is_none_or(|code| codes.contains(code))
            });
        open.filter_map(|offer| match offer.gives {
            Gives::Gift { variant, quantity } => Some((offer.id, variant, quantity)),
            _ => None,
        })
        .collect()
    }
}

pub(super) async fn choice(app: &App, actor: &Actor) -> Result<Choice, Problem> {
    let rows = known(app).await?;
    let limited: Vec<EntryId> =
        rows.iter().filter(|row| row.offer.per_buyer.is_some()).map(|row| row.offer.id).collect();
    let own = match owner(actor) {
        Ok(viewer) if !limited.is_empty() => app.till.offers.used_by(viewer, &limited).await?,
        _ => Vec::new(),
    };
    Ok(Choice { rows, own })
}

/// Every offer, the newest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<OfferRow>, Problem> {
    require(actor, Act::ManageHouse, Place::HOUSE)?;
    Ok(app.till.offers.offers(MAX_OFFERS).await?)
}

/// Makes an offer (`seen` 0), or changes the one of that version. Orders that it counts in keep what they were promised.
///
/// # Errors
/// `invalid` with a field each, `changed_meanwhile`.
pub async fn save(app: &App, actor: &Actor, offer: Offer, seen: i64) -> Result<OfferRow, Problem> {
    require(actor, Act::ManageHouse, Place::HOUSE)?;
    let faults = offer.faults();
    if !faults.is_empty() {
        return Err(Problem::fields(faults.into_iter().map(named).collect()));
    }
    if seen == 0 && app.till.offers.offers(MAX_OFFERS).await?.len() >= usize::try_from(MAX_OFFERS).unwrap_or(usize::MAX)
    {
        return Err(Problem::field("name", "too_many"));
    }
    if let Gives::Gift { variant, .. } = offer.gives
        && app.till.goods.standing(&[variant]).await?.is_empty()
    {
        return Err(Problem::field("gives.variant_id", "not_found"));
    }
    let (id, called) = (offer.id, offer.code.clone().or_else(|| offer.name.0.values().next().cloned()));
    match app.till.offers.keep_offer(offer, seen).await {
        Ok(()) => {}
        Err(StoreError::Duplicate(_)) => return Err(Problem::field("code", "duplicate")),
        Err(other) => return Err(other.into()),
    }
    app.till.known_offers.forget();
    let deed = if seen == 0 { Deed::OfferMade } else { Deed::OfferChanged };
    note(app, actor, Entry::new(deed, called.unwrap_or_default())).await;
    app.till.offers.offer(id).await?.ok_or_else(|| Code::NotFound.into())
}

/// The offer as it is, for who may change it.
pub async fn find(app: &App, actor: &Actor, id: EntryId) -> Result<OfferRow, Problem> {
    require(actor, Act::ManageHouse, Place::HOUSE)?;
    app.till.offers.offer(id).await?.ok_or_else(|| Code::NotFound.into())
}

fn named(fault: OfferFault) -> FieldProblem {
    let (field, code) = match fault {
        OfferFault::Name => ("name", "missing"),
        OfferFault::Code => ("code", "not_like_that"),
        OfferFault::Share => ("gives.basis_points", "out_of_range"),
        OfferFault::Amount => ("gives.amounts", "missing"),
        OfferFault::Minimum => ("minimum", "duplicate"),
        OfferFault::Bundle => ("gives.products", "out_of_range"),
        OfferFault::Gift => ("gives.quantity", "out_of_range"),
        OfferFault::Window => ("until", "out_of_range"),
        OfferFault::Uses => ("uses", "out_of_range"),
        OfferFault::PerBuyer => ("per_buyer", "out_of_range"),
    };
    FieldProblem { field: field.into(), code, fault: None }
}
