//! Sellers of record.

use kernel::{BrandId, SellerId};
use shop::catalogue::Seller;

use crate::access::{Act, Place, may, require, require_somewhere};
use crate::audit::{Deed, Entry, note};
use crate::ports::SellerRow;
use crate::{Actor, App, Code, Problem};

/// Sellers of one house: every product form lists them all.
const MOST: usize = 500;

fn place(brand: Option<BrandId>) -> Place {
    brand.map_or(Place::HOUSE, Place::brand)
}

/// Those whom the actor's products may name: the house's own, and those of the actor's brands.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<SellerRow>, Problem> {
    require_somewhere(actor, Act::ManageCatalogue)?;
    let mut rows = app.ports.catalogue.sellers().await?;
    rows.retain(|row| row.brand_id.is_none() || may(actor, Act::ManageCatalogue, place(row.brand_id)));
    Ok(rows)
}

/// A seller of the house or of a brand; the id in `seller` is replaced.
pub async fn create(
    app: &App,
    actor: &Actor,
    brand_id: Option<BrandId>,
    mut seller: Seller,
) -> Result<SellerRow, Problem> {
    require(actor, Act::ManageHouse, place(brand_id))?;
    seller.check()?;
    if let Some(brand) = brand_id {
        super::brands::get(app, brand).await?;
    }
    if app.ports.catalogue.sellers().await?.len() >= MOST {
        return Err(Problem::field("legal_name", "too_many_sellers"));
    }
    let now = app.now();
    seller.id = app.entropy.draw(|random| SellerId::mint(now, random));
    let row = SellerRow { version: 1, brand_id, seller };
    app.ports.catalogue.save_seller(row.clone(), now).await?;
    note(app, actor, Entry::new(Deed::SellerCreated, &row.seller.legal_name)).await;
    Ok(row)
}

/// Orders keep the seller as they were when they were made.
pub async fn update(app: &App, actor: &Actor, version: i64, seller: Seller) -> Result<SellerRow, Problem> {
    let known = app.ports.catalogue.seller(seller.id).await?.ok_or(Code::NotFound)?;
    require(actor, Act::ManageHouse, place(known.brand_id))?;
    if known.version != version {
        return Err(Code::ChangedMeanwhile.into());
    }
    seller.check()?;
    let row = SellerRow { version: version + 1, brand_id: known.brand_id, seller };
    app.ports.catalogue.save_seller(row.clone(), app.now()).await?;
    note(app, actor, Entry::new(Deed::SellerChanged, &row.seller.legal_name)).await;
    Ok(row)
}
