//! Brands, sellers of record and stock locations.

use app::catalogue::brands::{self, BrandDraft};
use app::catalogue::{locations, sellers};
use app::ports::SellerRow;
use axum::extract::State;
use axum::http::StatusCode;
use kernel::{BrandId, SellerId};
use serde::{Deserialize, Serialize};
use shop::catalogue::{Brand, Fault, Faults, Location, Seller, TaxNumber};
use utoipa::ToSchema;

use crate::body::{Json, Path};
use crate::identity::Caller;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::{Reading, SellerBody, TextsBody};

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BrandBody {
    id: String,
    version: i64,
    name: String,
    about: TextsBody,
    logo_media_id: Option<String>,
}

impl From<Brand> for BrandBody {
    fn from(brand: Brand) -> Self {
        Self {
            id: brand.id.to_string(),
            version: brand.version,
            name: brand.name,
            about: (&brand.about).into(),
            logo_media_id: brand.logo_media_id.map(|id| id.to_string()),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BrandDraftBody {
    /// The version that was edited; only for a change.
    version: Option<i64>,
    name: String,
    #[serde(default)]
    about: TextsBody,
    logo_media_id: Option<String>,
}

impl BrandDraftBody {
    fn draft(self) -> Result<BrandDraft, Refused> {
        let mut faults = Faults::default();
        let draft = BrandDraft {
            name: self.name,
            about: self.about.read("about", &mut faults),
            logo_media_id: faults.id_or_none("logo_media_id", self.logo_media_id.as_deref()),
        };
        Ok(faults.or(draft)?)
    }
}

/// Every brand of the house.
#[utoipa::path(get, path = "/brands", tag = "catalogue", responses((status = 200, body = [BrandBody])))]
pub(crate) async fn list(State(gateway): State<Gateway>) -> Result<axum::Json<Vec<BrandBody>>, Refused> {
    let brands = brands::list(&gateway.app).await?;
    Ok(axum::Json(brands.into_iter().map(Into::into).collect()))
}

/// One brand.
#[utoipa::path(get, path = "/brands/{id}", tag = "catalogue", params(("id" = String, Path)),
    responses((status = 200, body = BrandBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn get(
    State(gateway): State<Gateway>,
    Path(id): Path<BrandId>,
) -> Result<axum::Json<BrandBody>, Refused> {
    Ok(axum::Json(brands::get(&gateway.app, id).await?.into()))
}

/// A new brand.
#[utoipa::path(post, path = "/brands", tag = "catalogue", request_body = BrandDraftBody,
    responses((status = 201, body = BrandBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn create(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Json(body): Json<BrandDraftBody>,
) -> Result<(StatusCode, axum::Json<BrandBody>), Refused> {
    let brand = brands::create(&gateway.app, &actor, body.draft()?).await?;
    Ok((StatusCode::CREATED, axum::Json(brand.into())))
}

/// Change a brand.
#[utoipa::path(put, path = "/brands/{id}", tag = "catalogue", request_body = BrandDraftBody,
    params(("id" = String, Path)), responses((status = 200, body = BrandBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn update(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Path(id): Path<BrandId>,
    Json(body): Json<BrandDraftBody>,
) -> Result<axum::Json<BrandBody>, Refused> {
    let version = body.version.unwrap_or_default();
    Ok(axum::Json(brands::update(&gateway.app, &actor, id, version, body.draft()?).await?.into()))
}

/// A seller as staff see them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfficeSellerBody {
    version: i64,
    /// Null: the house's own, usable by every brand.
    brand_id: Option<String>,
    #[serde(flatten)]
    seller: SellerBody,
}

impl From<SellerRow> for OfficeSellerBody {
    fn from(row: SellerRow) -> Self {
        let brand_id = row.brand_id.map(|id| id.to_string());
        Self { version: row.version, brand_id, seller: (&row.seller).into() }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TaxNumberDraft {
    kind: String,
    value: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SellerDraftBody {
    version: Option<i64>,
    brand_id: Option<String>,
    legal_name: String,
    address: Vec<String>,
    country: String,
    email: Option<String>,
    phone: Option<String>,
    #[serde(default)]
    tax_numbers: Vec<TaxNumberDraft>,
}

impl SellerDraftBody {
    /// The seller under this id; a new one gets another.
    fn seller(self, id: SellerId) -> Result<(Option<BrandId>, Seller), Refused> {
        let mut faults = Faults::default();
        let brand = faults.id_or_none("brand_id", self.brand_id.as_deref());
        let country = faults.country("country", &self.country);
        let written = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
        let number = |n: TaxNumberDraft| TaxNumber { kind: n.kind, value: n.value };
        let seller = country.map(|country| Seller {
            id,
            legal_name: self.legal_name.trim().to_owned(),
            address: self.address,
            country,
            email: written(self.email),
            phone: written(self.phone),
            tax_numbers: self.tax_numbers.into_iter().map(number).collect(),
        });
        match seller {
            Some(seller) => Ok(faults.or((brand, seller))?),
            None => Err(app::Problem::from(faults).into()),
        }
    }
}

/// Sellers of record whom the caller's products may name.
#[utoipa::path(get, path = "/sellers", tag = "catalogue",
    responses((status = 200, body = [OfficeSellerBody]), (status = "default", body = ProblemBody)))]
pub(crate) async fn list_sellers(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
) -> Result<axum::Json<Vec<OfficeSellerBody>>, Refused> {
    let rows = sellers::list(&gateway.app, &actor).await?;
    Ok(axum::Json(rows.into_iter().map(Into::into).collect()))
}

/// A new seller of record.
#[utoipa::path(post, path = "/sellers", tag = "catalogue", request_body = SellerDraftBody,
    responses((status = 201, body = OfficeSellerBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn create_seller(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Json(body): Json<SellerDraftBody>,
) -> Result<(StatusCode, axum::Json<OfficeSellerBody>), Refused> {
    let now = gateway.app.now();
    let id = gateway.app.entropy.draw(|random| SellerId::mint(now, random));
    let (brand, seller) = body.seller(id)?;
    let row = sellers::create(&gateway.app, &actor, brand, seller).await?;
    Ok((StatusCode::CREATED, axum::Json(row.into())))
}

/// Change a seller of record. Orders keep the one they were made with.
#[utoipa::path(put, path = "/sellers/{id}", tag = "catalogue", request_body = SellerDraftBody,
    params(("id" = String, Path)),
    responses((status = 200, body = OfficeSellerBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn update_seller(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Path(id): Path<SellerId>,
    Json(body): Json<SellerDraftBody>,
) -> Result<axum::Json<OfficeSellerBody>, Refused> {
    let version = body.version.unwrap_or_default();
    let (_, seller) = body.seller(id)?;
    Ok(axum::Json(sellers::update(&gateway.app, &actor, version, seller).await?.into()))
}

/// A place where stock lies.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LocationBody {
    id: String,
    brand_id: Option<String>,
    name: String,
    country: String,
}

impl From<Location> for LocationBody {
    fn from(location: Location) -> Self {
        Self {
            id: location.id.to_string(),
            brand_id: location.brand_id.map(|id| id.to_string()),
            name: location.name,
            country: location.country.to_string(),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LocationDraftBody {
    brand_id: Option<String>,
    name: String,
    country: String,
}

/// Stock locations.
#[utoipa::path(get, path = "/locations", tag = "catalogue",
    responses((status = 200, body = [LocationBody]), (status = "default", body = ProblemBody)))]
pub(crate) async fn list_locations(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
) -> Result<axum::Json<Vec<LocationBody>>, Refused> {
    let rows = locations::list(&gateway.app, &actor).await?;
    Ok(axum::Json(rows.into_iter().map(Into::into).collect()))
}

/// A new stock location.
#[utoipa::path(post, path = "/locations", tag = "catalogue", request_body = LocationDraftBody,
    responses((status = 201, body = LocationBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn create_location(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Json(body): Json<LocationDraftBody>,
) -> Result<(StatusCode, axum::Json<LocationBody>), Refused> {
    let mut faults = Faults::default();
    let brand = faults.id_or_none("brand_id", body.brand_id.as_deref());
    let Some(country) = body.country.parse().ok() else {
        faults.add("country", Fault::UnknownCountry);
        return Err(app::Problem::from(faults).into());
    };
    faults.or(())?;
    let location = locations::create(&gateway.app, &actor, brand, &body.name, country).await?;
    Ok((StatusCode::CREATED, axum::Json(location.into())))
}
