//! A piece goes over the counter while it is offered on air.

use kernel::{ShowId, VariantId};
use shop::books::{ShopSold, What};

use super::find_for;
use crate::access::Act;
use crate::audit::{Deed, Entry, note};
use crate::ports::till;
use crate::{Actor, App, Code, Problem};

/// Takes one piece off. Where an open claim held it, that claim or its order is cancelled and its
/// buyer is told; returns how many were.
/// It counts in a rehearsal too: a piece that left the shop has left it.
pub async fn sell_in_shop(
    app: &App,
    actor: &Actor,
    id: ShowId,
    number: u32,
    variant: VariantId,
) -> Result<usize, Problem> {
    let show = find_for(app, actor, Act::RunShow, id).await?;
    let product = show.run_sheet.item(number).ok_or(Code::NotFound)?.product;
    let row = app.ports.catalogue.products(&[product]).await?.pop().ok_or(Code::NotFound)?;
    row.product.variant(variant).ok_or_else(|| Problem::field("variant_id", "not_found"))?;
    let desk = &app.till.desk;
    match till::sell_in_shop(&*desk.till, desk.command(What::SellInShop { variant })).await? {
        ShopSold::Done { lost, claims } => {
            note(app, actor, Entry::new(Deed::SoldInShop, format!("#{number}")).of_show(id)).await;
            for order in &lost {
                // Money that is on its way goes back; what the provider leaves open, a job finishes.
                if let Err(problem) = desk.complete(*order).await {
                    tracing::warn!(%order, %problem, "a job closes the payment of a piece sold in the shop");
                }
            }
            Ok(lost.len() + claims.len())
        }
        ShopSold::AllPaidFor => Err(Code::AllPaidFor.into()),
    }
}
