//! A buyer claims in a drop, waits for it, and lets go. Of all that a rush does, this alone is hot: facts from memory, one
//! command of the till, nothing else.

use std::sync::Arc;

use kernel::{ClaimId, Country, Currency, DropId, Timestamp, ViewerId};
use shop::basket::BasketLine;
use shop::books::{ClaimInDrop, Claimed, LetGo, What};
use shop::claim::Claim;
use shop::drop::MAX_LIMIT;

use super::facts::{DropFacts, facts};
use crate::access::{Act, Place, may};
use crate::ports::till;
use crate::till::basket::{owner, selves};
use crate::till::price::{Buying, Held, Wanted};
use crate::{Actor, App, Code, Problem};

/// What a buyer asks for.
#[derive(Clone, Debug)]
pub struct Wish {
    pub drop: DropId,
    pub quantity: u32,
    pub currency: Currency,
    /// Where it shall be delivered.
    pub country: Country,
    /// Whether to wait in line when there is none.
    pub wait: bool,
    /// Repeated with the same key, it is the same claim.
    pub key: String,
}

/// A claim that stands, or a place in the line.
#[derive(Clone, Debug)]
pub enum Answer {
    Held { claim: Box<Claim>, facts: Arc<DropFacts>, now: Timestamp },
    Waiting { place: i64 },
}

/// Claims pieces of a drop.
///
/// # Errors
/// `sold_out`, `drop_not_open`, `drop_ended`, `claim_limit`, `not_in_market`, `claims_barred`, `sale_stopped`,
/// `not_sold_in_currency`, `not_shipped`; `busy` past the till's queue.
pub async fn claim(app: &App, actor: &Actor, wish: Wish) -> Result<Answer, Problem> {
    let viewer = owner(actor)?;
    let drop = wish.drop;
    let (wish, facts, now) = wanted(app, actor, viewer, wish).await?;
    let desk = &app.till.desk;
    let command = desk.command(What::Claim(Box::new(wish)));
    match till::claim(&*desk.till, command).await? {
        Claimed::New(claim) => {
            app.till.known_drops.moved(drop);
            Ok(Answer::Held { claim, facts, now })
        }
        Claimed::Replayed(claim) => Ok(Answer::Held { claim, facts, now }),
        Claimed::Waiting { place } => {
            app.till.known_drops.moved(drop);
            Ok(Answer::Waiting { place })
        }
        refused => Err(refusal(refused)),
    }
}

/// The drop's facts, for who may claim in it.
async fn open_to(app: &App, actor: &Actor, drop: DropId, quantity: u32) -> Result<Arc<DropFacts>, Problem> {
    if !(1..=MAX_LIMIT).contains(&quantity) {
        return Err(Problem::field("quantity", "out_of_range"));
    }
    let facts = facts(app, drop).await?.filter(|facts| facts.drop.prize.is_none()).ok_or(Code::NotFound)?;
    let place = Place::show(facts.sale.brand, facts.drop.at.show);
    if facts.drop.rehearsal && !may(actor, Act::SeeStudio, place) {
        return Err(Code::NotFound.into());
    }
    Ok(facts)
}

/// What the till is asked for, with the price of now.
pub(crate) async fn wanted(
    app: &App,
    actor: &Actor,
    viewer: ViewerId,
    wish: Wish,
) -> Result<(ClaimInDrop, Arc<DropFacts>, Timestamp), Problem> {
    let facts = open_to(app, actor, wish.drop, wish.quantity).await?;
    let now = app.now();
    let quote = facts.quote(now, wish.currency, wish.country)?;
    let Wish { drop, quantity, country, wait, key, .. } = wish;
    let person = actor.person_id();
    Ok((ClaimInDrop { drop, viewer, person, quantity, country, quote, key, wait, won: false }, facts, now))
}

/// Pieces of a drop as a line to price, before they are claimed.
pub(crate) async fn line(
    app: &App,
    actor: &Actor,
    (drop, quantity): (DropId, u32),
    buying: &Buying,
) -> Result<Wanted, Problem> {
    let facts = open_to(app, actor, drop, quantity).await?;
    let now = app.now();
    let unit = facts.quote(now, buying.currency, buying.country)?.unit;
    let held = Held { claim: None, viewer: owner(actor)?, promised: Some(unit), until: now };
    let line = BasketLine { variant: facts.drop.variant, quantity, show: Some(facts.drop.at), seen: None };
    Ok(Wanted { line, held: Some(held), gift: None })
}

/// Why there is no claim.
pub(crate) fn refusal(refused: Claimed) -> Problem {
    match refused {
        Claimed::SoldOut | Claimed::Waiting { .. } => Code::SoldOut.into(),
        Claimed::NotOpen { opens_at } => {
            let opens_at = opens_at.map_or(serde_json::Value::Null, |at| at.to_string().into());
            Problem::from(Code::DropNotOpen).with("opens_at", opens_at)
        }
        Claimed::Ended => Code::DropEnded.into(),
        Claimed::Stopped => Code::SaleStopped.into(),
        Claimed::Limit { limit } => Problem::from(Code::ClaimLimit).with("limit", limit),
        Claimed::NotInMarket => Code::NotInMarket.into(),
        Claimed::Barred { until } => Problem::from(Code::ClaimsBarred).with("until", until.to_string()),
        Claimed::Unknown => Code::NotFound.into(),
        Claimed::New(_) | Claimed::Replayed(_) => Problem::internal("a claim that stands is no refusal"),
    }
}

/// A buyer lets their claim go: its pieces can be had by others at once.
///
/// # Errors
/// `not_found` for what is somebody else's, `claim_over` for what is being paid or was.
pub async fn let_go(app: &App, actor: &Actor, id: ClaimId) -> Result<(), Problem> {
    let desk = &app.till.desk;
    for viewer in selves(actor)? {
        let buyer = Some((viewer, actor.person_id()));
        match till::let_go(&*desk.till, desk.command(What::LetGo { claim: id, buyer })).await? {
            LetGo::Done(_) | LetGo::Already(_) => return Ok(()),
            LetGo::InOrder => return Err(Code::ClaimOver.into()),
            LetGo::Unknown => {}
        }
    }
    Err(Code::NotFound.into())
}

/// A buyer waits no longer. Who does not wait is not told otherwise.
pub async fn leave_line(app: &App, actor: &Actor, drop: DropId) -> Result<(), Problem> {
    let desk = &app.till.desk;
    for viewer in selves(actor)? {
        if till::leave_line(&*desk.till, desk.command(What::LeaveLine { drop, viewer })).await? {
            app.till.known_drops.moved(drop);
        }
    }
    Ok(())
}
