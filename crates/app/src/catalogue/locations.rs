//! Places where stock lies.

use kernel::{BrandId, Country, LocationId};
use shop::catalogue::Location;

use crate::access::{Act, Place, may, require, require_somewhere};
use crate::audit::{Deed, Entry, note};
use crate::{Actor, App, Problem};

/// Locations of one house: every product form lists them all.
const MOST: usize = 500;

/// The house's own, and those of the actor's brands.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Location>, Problem> {
    require_somewhere(actor, Act::ManageCatalogue)?;
    let mut rows = app.ports.catalogue.locations().await?;
    rows.retain(|row| row.brand_id.is_none_or(|brand| may(actor, Act::ManageCatalogue, Place::brand(brand))));
    Ok(rows)
}

pub async fn create(
    app: &App,
    actor: &Actor,
    brand_id: Option<BrandId>,
    name: &str,
    country: Country,
) -> Result<Location, Problem> {
    require(actor, Act::ManageHouse, brand_id.map_or(Place::HOUSE, Place::brand))?;
    let now = app.now();
    let id = app.entropy.draw(|random| LocationId::mint(now, random));
    let location = Location { id, brand_id, name: name.trim().to_owned(), country };
    location.check()?;
    if let Some(brand) = brand_id {
        super::brands::get(app, brand).await?;
    }
    if app.ports.catalogue.locations().await?.len() >= MOST {
        return Err(Problem::field("name", "too_many_locations"));
    }
    app.ports.catalogue.add_location(location.clone(), now).await?;
    note(app, actor, Entry::new(Deed::LocationCreated, &location.name)).await;
    Ok(location)
}
