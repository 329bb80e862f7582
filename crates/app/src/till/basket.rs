//! Putting things into a basket and looking at it.

use kernel::{PersonId, Timestamp, VariantId, ViewerId};
use shop::basket::{Basket, BasketError, BasketLine, SeenPrice};
use shop::order::ShowNumber;

use super::price::{Buying, Priced, price};
use crate::people::buyers::viewer_of;
use crate::ports::StoreError;
use crate::{Actor, App, Code, PersonKind, Problem};

/// How often a change is tried again when another tab changed the basket in between.
const TRIES: usize = 4;

/// A basket and its version, which a checkout names.
#[derive(Clone, Debug)]
pub struct Shown {
    pub version: i64,
    pub priced: Priced,
}

/// Whose basket it is: the account's on every device where a buyer is signed in, the device's otherwise. Who was never
/// given a viewer's token has none.
pub(crate) fn owner(actor: &Actor) -> Result<ViewerId, Problem> {
    let buyer = actor.person.as_ref().filter(|person| person.kind == PersonKind::Buyer);
    buyer.and_then(|person| viewer_of(person.id)).or(actor.viewer).ok_or_else(|| Code::ViewerNeeded.into())
}

/// As whom a caller may have acted: the account where they are signed in, and the device that they hold.
pub(crate) fn selves(actor: &Actor) -> Result<Vec<ViewerId>, Problem> {
    let own = owner(actor)?;
    Ok([Some(own), actor.viewer.filter(|device| *device != own)].into_iter().flatten().collect())
}

/// Puts what lies in a device's basket into the account's. Where both hold a variant, the device's quantity counts, since
/// it was chosen last; what no longer fits stays where it is.
pub(crate) async fn take_along(app: &App, device: ViewerId, person: PersonId) -> Result<(), Problem> {
    let Some(account) = viewer_of(person) else { return Ok(()) };
    let baskets = &app.till.baskets;
    let mut left = baskets.basket(device).await?;
    if left.lines.is_empty() {
        return Ok(());
    }
    let seen = left.version;
    for _ in 0..TRIES {
        let mut into = baskets.basket(account).await?;
        let before = into.version;
        let stays: Vec<BasketLine> =
            left.lines.iter().filter(|line| into.put((*line).clone()).is_err()).cloned().collect();
        match baskets.keep(account, into, before).await {
            Ok(()) => {
                left.lines = stays;
                left.version += 1;
                return Ok(baskets.keep(device, left, seen).await?);
            }
            Err(StoreError::Changed) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(Code::ChangedMeanwhile.into())
}

/// The basket as it would be bought now.
pub async fn show(app: &App, actor: &Actor, buying: &Buying) -> Result<Shown, Problem> {
    let basket = match owner(actor) {
        Ok(viewer) => app.till.baskets.basket(viewer).await?,
        Err(_nobody_yet) => Basket::default(),
    };
    shown(app, actor, basket, buying).await
}

async fn shown(app: &App, actor: &Actor, basket: Basket, buying: &Buying) -> Result<Shown, Problem> {
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
pub async fn put(app: &App, actor: &Actor, put: Put, buying: &Buying) -> Result<Shown, Problem> {
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

pub async fn remove(app: &App, actor: &Actor, variant: VariantId, buying: &Buying) -> Result<Shown, Problem> {
    let basket = change(app, actor, |basket| {
        basket.remove(variant);
        Ok(())
    })
    .await?;
    shown(app, actor, basket, buying).await
}

/// The buyer agrees to today's prices of the basket that they saw.
pub async fn accept(app: &App, actor: &Actor, version: i64, buying: &Buying) -> Result<Shown, Problem> {
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
