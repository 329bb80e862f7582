//! Products as staff keep them.

use app::catalogue::products::{self, Browse};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::{ProductId, VariantId};
use serde::{Deserialize, Serialize};
use shop::catalogue::{Fault, Faults, Status};
use shop::price::PriceVersion;
use utoipa::{IntoParams, ToSchema};

use crate::body::{Json, Path, Query};
use crate::identity::Caller;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::{MoneyBody, MoneyDraft, ProductDraftBody, ProductEditBody, Reading, StockBody};

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct OfficeProductsQuery {
    query: Option<String>,
    /// `draft`, `active` or `archived`.
    status: Option<String>,
    brand: Option<String>,
    category: Option<String>,
    after: Option<String>,
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfficeProductPage {
    items: Vec<ProductEditBody>,
    next: Option<String>,
}

fn status(field: &str, text: &str) -> Result<Status, Refused> {
    text.parse().map_err(|fault: Fault| {
        let mut faults = Faults::default();
        faults.add(field, fault);
        app::Problem::from(faults).into()
    })
}

/// Products of the caller's brands, newest first or by words.
#[utoipa::path(get, path = "/office/products", tag = "catalogue", params(OfficeProductsQuery),
    responses((status = 200, body = OfficeProductPage), (status = "default", body = ProblemBody)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Query(query): Query<OfficeProductsQuery>,
) -> Result<axum::Json<OfficeProductPage>, Refused> {
    let wanted = query.status.as_deref().filter(|text| !text.is_empty());
    let wanted = wanted.map(|text| status("status", text)).transpose()?;
    let mut faults = Faults::default();
    let browse = Browse {
        query: query.query.unwrap_or_default(),
        category: query.category.filter(|text| !text.is_empty()),
        brand: faults.id_or_none("brand", query.brand.as_deref()),
        after: query.after.filter(|text| !text.is_empty()),
        limit: query.limit.unwrap_or(24),
    };
    faults.or(())?;
    let page = products::office_list(&gateway.app, &actor, wanted, &browse).await?;
    let items = page.items.into_iter().map(Into::into).collect();
    Ok(axum::Json(OfficeProductPage { items, next: page.next }))
}

/// A product with everything that its form edits.
#[utoipa::path(get, path = "/office/products/{id}", tag = "catalogue", params(("id" = String, Path)),
    responses((status = 200, body = ProductEditBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn get(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Path(id): Path<ProductId>,
) -> Result<axum::Json<ProductEditBody>, Refused> {
    Ok(axum::Json(products::edit(&gateway.app, &actor, id).await?.into()))
}

/// A new product, as a draft where no status is given.
#[utoipa::path(post, path = "/products", tag = "catalogue", request_body = ProductDraftBody,
    responses((status = 201, body = ProductEditBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn create(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Json(body): Json<ProductDraftBody>,
) -> Result<(StatusCode, axum::Json<ProductEditBody>), Refused> {
    let wanted = body.status.as_deref().map_or(Ok(Status::Draft), |text| status("status", text))?;
    let row = products::create(&gateway.app, &actor, wanted, body.draft()?).await?;
    let edit = products::edit(&gateway.app, &actor, row.id).await?;
    Ok((StatusCode::CREATED, axum::Json(edit.into())))
}

/// Replace a product whole; `version` is the one that was edited.
#[utoipa::path(put, path = "/products/{id}", tag = "catalogue", request_body = ProductDraftBody,
    params(("id" = String, Path)),
    responses((status = 200, body = ProductEditBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn update(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Path(id): Path<ProductId>,
    Json(body): Json<ProductDraftBody>,
) -> Result<axum::Json<ProductEditBody>, Refused> {
    let version = body.version;
    products::update(&gateway.app, &actor, id, version, body.draft()?).await?;
    Ok(axum::Json(products::edit(&gateway.app, &actor, id).await?.into()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusBody {
    /// `draft`, `active` or `archived`.
    status: String,
}

/// Put a product on sale, back to draft, or away.
#[utoipa::path(put, path = "/products/{id}/status", tag = "catalogue", request_body = StatusBody,
    params(("id" = String, Path)),
    responses((status = 200, body = ProductEditBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn set_status(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Path(id): Path<ProductId>,
    Json(body): Json<StatusBody>,
) -> Result<axum::Json<ProductEditBody>, Refused> {
    products::set_status(&gateway.app, &actor, id, status("status", &body.status)?).await?;
    Ok(axum::Json(products::edit(&gateway.app, &actor, id).await?.into()))
}

/// One version of a price.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PriceVersionBody {
    id: String,
    currency: String,
    /// Null: from here on it is not sold in this currency.
    price: Option<MoneyBody>,
    from: String,
}

impl From<PriceVersion> for PriceVersionBody {
    fn from(version: PriceVersion) -> Self {
        Self {
            id: version.id.to_string(),
            currency: version.currency.to_string(),
            price: version.unit().map(Into::into),
            from: version.from.to_string(),
        }
    }
}

/// Set a variant's prices from now on, in every currency that it is sold in.
#[utoipa::path(put, path = "/variants/{id}/prices", tag = "catalogue", request_body = [MoneyDraft],
    params(("id" = String, Path)),
    responses((status = 200, body = [PriceVersionBody]), (status = "default", body = ProblemBody)))]
pub(crate) async fn set_prices(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Path(id): Path<VariantId>,
    Json(body): Json<Vec<MoneyDraft>>,
) -> Result<axum::Json<Vec<PriceVersionBody>>, Refused> {
    let mut faults = Faults::default();
    let prices = faults.monies("prices", &body);
    faults.or(())?;
    let history = products::set_prices(&gateway.app, &actor, id, &prices).await?;
    Ok(axum::Json(history.into_iter().map(Into::into).collect()))
}

/// Every price that a variant ever had, newest first.
#[utoipa::path(get, path = "/variants/{id}/prices/history", tag = "catalogue", params(("id" = String, Path)),
    responses((status = 200, body = [PriceVersionBody]), (status = "default", body = ProblemBody)))]
pub(crate) async fn price_history(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Path(id): Path<VariantId>,
) -> Result<axum::Json<Vec<PriceVersionBody>>, Refused> {
    let history = products::history(&gateway.app, &actor, id).await?;
    Ok(axum::Json(history.into_iter().map(Into::into).collect()))
}

/// Say how many pieces of a variant lie at a location.
#[utoipa::path(put, path = "/variants/{id}/stock", tag = "catalogue", request_body = StockBody,
    params(("id" = String, Path)), responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn set_stock(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Path(id): Path<VariantId>,
    Json(body): Json<StockBody>,
) -> Result<StatusCode, Refused> {
    let mut faults = Faults::default();
    let Some(line) = body.line("", &mut faults) else { return Err(app::Problem::from(faults).into()) };
    products::set_stock(&gateway.app, &actor, id, line).await?;
    Ok(StatusCode::NO_CONTENT)
}
