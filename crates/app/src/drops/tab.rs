//! A buyer's tab: what they claimed in a show, paid together with one shipping charge.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{ClaimId, Currency, Money, ShowId, Timestamp, VariantId};
use shop::basket::BasketLine;
use shop::claim::{Claim, Source};

use super::facts::facts;
use crate::catalogue::products::Picture;
use crate::ports::Tab as Rows;
use crate::till::basket::selves;
use crate::till::goods::{ForSale, for_sale};
use crate::till::price::{Buying, Held, Priced, Wanted, price_all};
use crate::{Actor, App, Code, Problem};

/// Claims that are paid together at most; what is over waits for the next payment.
const TOGETHER: usize = 50;

/// A claim with what a page shows of it.
#[derive(Clone, Debug)]
pub struct TabClaim {
    pub claim: Claim,
    pub sale: Arc<ForSale>,
    pub picture: Option<Picture>,
}

/// A place in a drop's line.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    pub drop: kernel::DropId,
    pub number: u32,
    /// From 1, as it is now.
    pub place: i64,
}

#[derive(Clone, Debug)]
pub struct Tab {
    /// Open ones, oldest first; those in an order that waits for its payment too.
    pub claims: Vec<TabClaim>,
    pub waiting: Vec<Waits>,
    /// Of the claims that are in no order yet and were promised in the same currency as the first of them.
    pub subtotal: Option<Money>,
    pub now: Timestamp,
}

/// The caller's tab in a show. Who was never seen has an empty one.
pub async fn tab(app: &App, actor: &Actor, show: ShowId) -> Result<Tab, Problem> {
    let mut rows = Rows::default();
    for viewer in selves(actor).unwrap_or_default() {
        let Rows { claims, waiting } = app.till.drops.tab(viewer, Some(show)).await?;
        rows.claims.extend(claims);
        rows.waiting.extend(waiting);
    }
    rows.claims.sort_by_key(|claim| claim.id);
    let mut waiting = Vec::with_capacity(rows.waiting.len());
    for (waiter, place) in rows.waiting {
        if let Some(drop) = app.till.drops.drop_of(waiter.drop).await? {
            waiting.push(Waits { drop: waiter.drop, number: drop.at.number, place });
        }
    }
    let open = rows.claims.iter().filter(|claim| claim.on_tab());
    let sums = open.filter_map(|claim| claim.quote.map(|quote| quote.unit.times(i64::from(claim.quantity))));
    let mut subtotal: Option<Money> = None;
    for sum in sums.filter_map(Result::ok) {
        subtotal = Some(subtotal.map_or(sum, |so_far| so_far.plus(sum).unwrap_or(so_far)));
    }
    Ok(Tab { claims: with_goods(app, rows.claims).await?, waiting, subtotal, now: app.now() })
}

/// Claims with what they are of. A claim whose product is no longer there is left out: a page cannot show it.
pub async fn with_goods(app: &App, claims: Vec<Claim>) -> Result<Vec<TabClaim>, Problem> {
    if claims.is_empty() {
        return Ok(Vec::new());
    }
    let mut variants: Vec<VariantId> = claims.iter().map(|claim| claim.variant).collect();
    variants.sort_unstable();
    variants.dedup();
    let standing = app.till.goods.standing(&variants).await?;
    let goods = for_sale(app, &standing).await?;
    let covers: Vec<_> = goods.values().filter_map(|sale| sale.picture).collect();
    let media = app.ports.media.media(&covers).await?;
    let pictures: BTreeMap<_, Picture> = media.iter().map(|row| (row.id, row.into())).collect();
    let shown = |claim: Claim| {
        let sale = goods.get(&claim.variant)?;
        let picture = sale.picture.and_then(|id| pictures.get(&id).copied());
        Some(TabClaim { sale: Arc::clone(sale), picture, claim })
    };
    Ok(claims.into_iter().filter_map(shown).collect())
}

/// The caller's claims as lines of a checkout, at the price that each was promised.
///
/// # Errors
/// `claim_over` with `claims` when one of them is not the caller's to pay now.
pub(crate) async fn lines(
    app: &App,
    actor: &Actor,
    claims: &[ClaimId],
    currency: Currency,
) -> Result<Vec<Wanted>, Problem> {
    if claims.len() > TOGETHER {
        return Err(Problem::field("claims", "too_many"));
    }
    let (selves, now) = (selves(actor)?, app.now());
    let (mut lines, mut gone) = (Vec::with_capacity(claims.len()), Vec::new());
    for id in claims {
        let claim = app.till.drops.claim_of(*id).await?;
        let own = |claim: &Claim| selves.iter().any(|viewer| claim.belongs_to(*viewer, actor.person_id()));
        match claim.filter(|claim| own(claim) && claim.on_tab() && now < claim.until) {
            Some(claim) => lines.push(line(app, claim, currency).await?),
            None => gone.push(id.to_string()),
        }
    }
    if gone.is_empty() { Ok(lines) } else { Err(Problem::from(Code::ClaimOver).with("claims", gone)) }
}

async fn line(app: &App, claim: Claim, currency: Currency) -> Result<Wanted, Problem> {
    let promised = claim.quote.map(|quote| quote.unit).filter(|unit| unit.currency == currency);
    let promised = match (promised, claim.of) {
        (None, Source::Drop { drop } | Source::Waitlist { drop }) => {
            let facts = facts(app, drop).await?;
            facts.and_then(|facts| facts.own_price(app.now(), currency))
        }
        (promised, _) => promised,
    };
    let held = Held { claim: Some(claim.id), viewer: claim.viewer, promised, until: claim.until };
    let line = BasketLine { variant: claim.variant, quantity: claim.quantity, show: claim.show, seen: None };
    Ok(Wanted { line, held: Some(held), gift: None })
}

/// What paying these claims together comes to; without any named, all of the show's.
pub async fn quote(
    app: &App,
    actor: &Actor,
    show: ShowId,
    claims: Option<Vec<ClaimId>>,
    buying: &Buying,
) -> Result<Priced, Problem> {
    let claims = match claims {
        Some(claims) => claims,
        None => {
            let tab = tab(app, actor, show).await?;
            let now = tab.now;
            let open = tab.claims.iter().filter(|own| own.claim.on_tab() && now < own.claim.until);
            open.map(|own| own.claim.id).take(TOGETHER).collect()
        }
    };
    let lines = lines(app, actor, &claims, buying.currency).await?;
    price_all(app, actor, app.now(), &lines, buying).await
}
