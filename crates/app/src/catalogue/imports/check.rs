//! The dry run: what a sheet would do, and everything that is wrong with it. Nothing of it is written but the sheet.

use bytes::Bytes;
use kernel::{BrandId, Currency, ImportId, Language, LocationId, SellerId};
use shop::catalogue::import::{Format, Plan, read};
use shop::catalogue::{Fault, Faults};

use super::resolve::resolve;
use super::{format_name, object, terms_of};
use crate::access::{Act, Place, may, require, require_somewhere};
use crate::ports::{ImportRow, ImportState};
use crate::{Actor, App, Code, Problem};

/// What the sheet does not say. Where nothing is given: the only brand that the actor manages, the brand's (or the
/// house's) first seller and location, dollars, English.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub brand: Option<BrandId>,
    pub seller: Option<SellerId>,
    pub location: Option<LocationId>,
    pub currency: Option<Currency>,
    pub language: Option<Language>,
}

/// What the sheet would do.
#[derive(Clone, Debug)]
pub struct Report {
    pub import_id: ImportId,
    pub plan: Plan,
}

pub async fn check(
    app: &App,
    actor: &Actor,
    format: Format,
    options: Options,
    sheet: Bytes,
) -> Result<Report, Problem> {
    if sheet.len() > shop::catalogue::import::MAX_BYTES {
        return Err(Code::TooLarge.into());
    }
    let now = app.now();
    let id = app.entropy.draw(|random| ImportId::mint(now, random));
    let row = terms(app, actor, id, format, options).await?;
    let terms = terms_of(&row);
    let bytes = sheet.clone();
    let read = tokio::task::spawn_blocking(move || read(format, &bytes, &terms));
    let mut plan = read.await.map_err(Problem::internal)?;
    // Against the store too, so that applying finds nothing new.
    resolve(app, &row, &mut plan).await?;
    app.ports.objects.put(&object(id), sheet).await?;
    app.ports.imports.add_import(row).await?;
    Ok(Report { import_id: id, plan })
}

async fn terms(app: &App, actor: &Actor, id: ImportId, format: Format, options: Options) -> Result<ImportRow, Problem> {
    require_somewhere(actor, Act::ManageCatalogue)?;
    let mut faults = Faults::default();
    let brands = app.ports.catalogue.brands().await?;
    let managed: Vec<BrandId> = brands
        .iter()
        .map(|brand| brand.id)
        .filter(|brand| may(actor, Act::ManageCatalogue, Place::brand(*brand)))
        .collect();
    let sole = if managed.len() == 1 { managed.first().copied() } else { None };
    let Some(brand_id) = options.brand.or(sole) else {
        faults.add("brand", Fault::Required);
        return Err(faults.into());
    };
    require(actor, Act::ManageCatalogue, Place::brand(brand_id))?;
    faults.when(!managed.contains(&brand_id), "brand", Fault::NotFound);
    let own = |brand: Option<BrandId>| brand.is_none_or(|brand| brand == brand_id);
    let sellers = app.ports.catalogue.sellers().await?;
    let mut sellers = sellers.iter().filter(|row| own(row.brand_id)).map(|row| row.seller.id);
    let seller_id = match options.seller {
        Some(wanted) => {
            faults.when(!sellers.any(|seller| seller == wanted), "seller", Fault::NotFound);
            Some(wanted)
        }
        None => sellers.next(),
    };
    let locations = app.ports.catalogue.locations().await?;
    let mut locations = locations.iter().filter(|row| own(row.brand_id)).map(|row| row.id);
    let location = match options.location {
        Some(wanted) => locations.find(|location| *location == wanted),
        None => locations.next(),
    };
    let missing = if options.location.is_some() { Fault::NotFound } else { Fault::Required };
    let Some(location_id) = location else {
        faults.add("location", missing);
        return Err(faults.into());
    };
    faults.or(())?;
    Ok(ImportRow {
        id,
        format: format_name(format).into(),
        brand_id,
        seller_id,
        location_id,
        language: options.language.unwrap_or_else(Language::english),
        currency: options.currency.unwrap_or(Currency::USD),
        state: ImportState::Checked,
        stocked: false,
        created_at: app.now(),
    })
}
