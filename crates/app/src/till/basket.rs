//! Putting things into a basket and looking at it.

use kernel::{Timestamp, VariantId, ViewerId};
use shop::basket::{Basket, BasketError, BasketLine, SeenPrice};
use shop::order::ShowNumber;

use super::price::{Buying, Priced, price};
use crate::ports::StoreError;
use crate::{Actor, App, Code, Problem};

/// How often a change is tried again when another tab changed the basket in between.
const TRIES: usize = 4;

/// A basket and its version, which a checkout names.
#[derive(Clone, Debug)]
pub struct Shown {
    pub version: i64,
    pub priced: Priced,
}

/// Whose basket it is. Who was never given a viewer's token has none.
pub(super) fn owner(actor: &Actor) -> Result<ViewerId, Problem> {
    actor.viewer.ok_or_else(|| Code::ViewerNeeded.into())
}

/// The basket as it would be bought now.
pub async fn show(app: &App, actor: &Actor, buying: Buying) -> Result<Shown, Problem> {
    let basket = match actor.viewer {
        Some(viewer) => app.till.baskets.basket(viewer).await?,
        None => Basket::default(),
    };
    shown(app, actor, basket, buying).await
}

async fn shown(app: &App, actor: &Actor, basket: Basket, buying: Buying) -> Result<Shown, Problem> {
    let priced = price(app, actor, app.now(), &basket.lines, buying).await?;
    Ok(Shown { version: basket.version, priced })
}

/// What is put in, how often, and where it was seen.
#[derive(Clone, Copy, Debug)]
pub struct Put {
    pub variant: VariantId,
    pub quantity: u32,
    pub show: Option<ShowNumber>,
}

/// Puts a variant in, or changes how many of it; a quantity of 0 takes it out. What does not exist is not found.
pub async fn put(app: &App, actor: &Actor, put: Put, buying: Buying) -> Result<Shown, Problem> {
    if put.quantity == 0 {
        return remove(app, actor, put.variant, buying).await;
    }
    let line = BasketLine { variant: put.variant, quantity: put.quantity, show: put.show, seen: None };
    let alone = price(app, actor, app.now(), std::slice::from_ref(&line), buying).await?;
    let known = alone.lines.first().filter(|line| line.on_sale).ok_or(Code::NotFound)?;
    let line = BasketLine { show: known.wanted.show, seen: known.price, ..line };
    let basket = change(app, actor, |basket| {
        basket.put(line.clone()).map_err(|error| match error {
            BasketError::Quantity => Problem::field("quantity", "out_of_range"),
            BasketError::Full => Code::BasketFull.into(),
        })
    })
    .await?;
    shown(app, actor, basket, buying).await
}

pub async fn remove(app: &App, actor: &Actor, variant: VariantId, buying: Buying) -> Result<Shown, Problem> {
    let basket = change(app, actor, |basket| {
        basket.remove(variant);
        Ok(())
    })
    .await?;
    shown(app, actor, basket, buying).await
}

/// The buyer agrees to today's prices of the basket that they saw.
pub async fn accept(app: &App, actor: &Actor, version: i64, buying: Buying) -> Result<Shown, Problem> {
    let viewer = owner(actor)?;
    let basket = app.till.baskets.basket(viewer).await?;
    if basket.version != version {
        return Err(Code::BasketChanged.into());
    }
    let now: Timestamp = app.now();
    let priced = price(app, actor, now, &basket.lines, buying).await?;
    let seen: Vec<(VariantId, SeenPrice)> =
        priced.lines.iter().filter_map(|line| Some((line.wanted.variant, line.price?))).collect();
    let basket = change(app, actor, |basket| {
        basket.accept(&seen);
        Ok(())
    })
    .await?;
    shown(app, actor, basket, buying).await
}

async fn change(
    app: &App,
    actor: &Actor,
    with: impl Fn(&mut Basket) -> Result<(), Problem>,
) -> Result<Basket, Problem> {
    let viewer = owner(actor)?;
    for _ in 0..TRIES {
        let mut basket = app.till.baskets.basket(viewer).await?;
        let seen = basket.version;
        with(&mut basket)?;
        if basket.version == seen {
            return Ok(basket);
        }
        match app.till.baskets.keep(viewer, basket.clone(), seen).await {
            Ok(()) => return Ok(basket),
            Err(StoreError::Changed) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(Code::ChangedMeanwhile.into())
}
