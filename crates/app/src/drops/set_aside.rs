//! Staff set a piece aside for a buyer who asked for it.

use kernel::{Currency, ShowId, VariantId, ViewerId};
use shop::books::{SetAside, What};
use shop::claim::{Claim, ClaimQuote};
use shop::drop::{Hold, MAX_LIMIT};
use shop::order::ShowNumber;
use shop::price;

use crate::access::Act;
use crate::audit::{Deed, Entry, note};
use crate::people::buyers::viewer_of;
use crate::ports::till;
use crate::shows::find_for;
use crate::till::goods::for_sale;
use crate::{Actor, App, Code, PersonKind, Problem, house};

/// What is set aside for whom.
#[derive(Clone, Copy, Debug)]
pub struct Aside {
    pub viewer: ViewerId,
    pub variant: VariantId,
    pub quantity: u32,
    /// The house's first currency without.
    pub currency: Option<Currency>,
    pub hold: Hold,
}

/// Sets pieces of a product on the show's run sheet aside for a viewer, at today's price.
///
/// # Errors
/// `sold_out`, `sale_stopped`, `not_sold_in_currency`, `invalid`.
pub async fn set_aside(app: &App, actor: &Actor, show: ShowId, aside: Aside) -> Result<Claim, Problem> {
    let show = find_for(app, actor, Act::RunShow, show).await?;
    let by = actor.person_id().ok_or(Code::SignInFirst)?;
    if !(1..=MAX_LIMIT).contains(&aside.quantity) {
        return Err(Problem::field("quantity", "out_of_range"));
    }
    let good = match aside.hold {
        Hold::Minutes(minutes) => (1..=1_440).contains(&minutes),
        Hold::AfterShow { hours } => (1..=72).contains(&hours),
    };
    if !good {
        return Err(Problem::field("hold", "out_of_range"));
    }
    let standing = app.till.goods.standing(&[aside.variant]).await?;
    let sale = for_sale(app, &standing).await?.remove(&aside.variant);
    let sale = sale.ok_or_else(|| Problem::field("variant_id", "not_found"))?;
    let item = show.run_sheet.items.iter().find(|item| item.product == sale.product);
    let number = item.ok_or_else(|| Problem::field("variant_id", "not_found"))?.number;
    if standing.iter().any(|now| now.stopped) || sale.seller.is_none() {
        return Err(Code::SaleStopped.into());
    }
    let currency = match aside.currency {
        Some(currency) => currency,
        None => house::get(app).await?.currencies.first().copied().ok_or(Code::NotSoldInCurrency)?,
    };
    let version = price::current(app.now(), currency, &sale.prices).ok_or(Code::NotSoldInCurrency)?;
    let listed = version.unit().ok_or(Code::NotSoldInCurrency)?;
    let desk = &app.till.desk;
    let command = desk.command(What::SetAside(Box::new(SetAside {
        variant: aside.variant,
        product: sale.product,
        viewer: aside.viewer,
        person: account_of(app, aside.viewer).await?,
        show: Some(ShowNumber { show: show.id, number }),
        quantity: aside.quantity,
        quote: ClaimQuote { listed, price: version.id, unit: listed },
        hold: aside.hold,
        by,
    })));
    let claim = till::set_aside(&*desk.till, command).await?.ok_or(Code::SoldOut)?;
    note(app, actor, Entry::new(Deed::SetAside, format!("#{number}")).of_show(show.id)).await;
    Ok(*claim)
}

/// The account that this viewer is, where it is one: an account's viewer id is made of its own.
pub(crate) async fn account_of(app: &App, viewer: ViewerId) -> Result<Option<kernel::PersonId>, Problem> {
    let Ok(id) = viewer.to_string().parse() else { return Ok(None) };
    let row = app.ports.people.person(id).await?;
    let buyer = row.filter(|row| row.kind == PersonKind::Buyer && viewer_of(row.id) == Some(viewer));
    Ok(buyer.map(|row| row.id))
}
