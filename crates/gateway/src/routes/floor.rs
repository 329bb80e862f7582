//! The shop floor while a show runs: listed, stopped, resumed, repriced, sold over the counter.

use app::Actor;
use app::ports::Stage;
use app::shows::list_on_air::{self, Piece};
use app::shows::{figures, reprice, run_sheet, shop_sale};
use axum::extract::State;
use axum::http::StatusCode;
use hub::Sale;
use kernel::{BrandId, MediaId, ShowId, VariantId};
use serde::{Deserialize, Serialize};
use shop::catalogue::Faults;
use utoipa::ToSchema;

use crate::body::{Json, Path, Query};
use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::routes::products::buyer;
use crate::routes::shows::{TrayItemBody, tray};
use crate::state::Gateway;
use crate::wire::{BuyingQuery, MoneyDraft, Reading};

/// A piece as a phone sends it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PieceBody {
    title: String,
    /// Of a picture that was uploaded before.
    media_id: String,
    /// In the house's currencies, at least one. Buyers in the others see it without a price.
    prices: Vec<MoneyDraft>,
    size: Option<String>,
    /// The show's own without.
    brand_id: Option<String>,
    /// Pieces; 1 without, which makes it one of a kind.
    quantity: Option<i64>,
}

impl PieceBody {
    fn piece(self, language: kernel::Language) -> Result<Piece, Faults> {
        let mut faults = Faults::default();
        let brand = faults.id_or_none::<BrandId>("brand_id", self.brand_id.as_deref());
        let media_id = faults.id::<MediaId>("media_id", &self.media_id);
        let prices = faults.monies("prices", &self.prices);
        let (Some(media_id), true) = (media_id, faults.is_empty()) else { return Err(faults) };
        Ok(Piece {
            title: self.title.trim().to_owned(),
            language,
            media_id,
            prices,
            size: self.size,
            brand,
            quantity: self.quantity.unwrap_or(1),
        })
    }
}

/// List a piece on air: it gets the next number and can be bought at once.
#[utoipa::path(post, path = "/shows/{id}/list-on-air", tag = "studio", params(("id" = String, Path), BuyingQuery),
    request_body = PieceBody,
    responses((status = 201, body = TrayItemBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn list_on_air(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    Reader(language): Reader,
    Query(buying): Query<BuyingQuery>,
    Json(body): Json<PieceBody>,
) -> Result<(StatusCode, axum::Json<TrayItemBody>), Refused> {
    let buyer = buyer(&language, &buying)?;
    let piece = body.piece(language.clone())?;
    let (mut show, number) = list_on_air::list_on_air(&gateway.app, &actor, id, piece).await?;
    show.run_sheet.items.retain(|item| item.number == number);
    let facts = figures::facts(&gateway.app, &show, Stage::Live).await?;
    let listed = tray(&gateway.app, &actor, &show, &facts, &buyer, &language).await?.pop();
    Ok((StatusCode::CREATED, axum::Json(listed.ok_or(app::Code::NotFound)?)))
}

async fn set_sale(
    gateway: &Gateway,
    actor: &Actor,
    id: ShowId,
    number: u32,
    sale: Sale,
) -> Result<StatusCode, Refused> {
    run_sheet::set_sale(&gateway.app, actor, id, number, sale).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stop the sale of a number for everybody, at once.
#[utoipa::path(post, path = "/shows/{id}/items/{number}/stop-sale", tag = "studio",
    params(("id" = String, Path), ("number" = u32, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn stop_sale(
    State(gateway): State<Gateway>,
    Path((id, number)): Path<(ShowId, u32)>,
    Caller(actor): Caller,
) -> Result<StatusCode, Refused> {
    set_sale(&gateway, &actor, id, number, Sale::Stopped).await
}

/// Put a number back on sale.
#[utoipa::path(post, path = "/shows/{id}/items/{number}/resume-sale", tag = "studio",
    params(("id" = String, Path), ("number" = u32, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn resume_sale(
    State(gateway): State<Gateway>,
    Path((id, number)): Path<(ShowId, u32)>,
    Caller(actor): Caller,
) -> Result<StatusCode, Refused> {
    set_sale(&gateway, &actor, id, number, Sale::Open).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RepriceBody {
    /// In the currencies that change; the others stay.
    prices: Vec<MoneyDraft>,
}

/// Correct the price of a number. Baskets have to accept the new one.
#[utoipa::path(post, path = "/shows/{id}/items/{number}/reprice", tag = "studio", request_body = RepriceBody,
    params(("id" = String, Path), ("number" = u32, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn reprice(
    State(gateway): State<Gateway>,
    Path((id, number)): Path<(ShowId, u32)>,
    Caller(actor): Caller,
    Json(body): Json<RepriceBody>,
) -> Result<StatusCode, Refused> {
    let mut faults = Faults::default();
    let prices = faults.monies("prices", &body.prices);
    faults.or(())?;
    reprice::reprice(&gateway.app, &actor, id, number, &prices).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShopSaleBody {
    /// Which of the number's variants went over the counter.
    variant_id: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShopSoldBody {
    /// Orders that had not paid yet and lost their piece; their buyers are told.
    lost: usize,
}

/// One piece went over the counter: it is taken off at once, and whoever held it without having paid is told.
#[utoipa::path(post, path = "/shows/{id}/items/{number}/sold-in-shop", tag = "studio", request_body = ShopSaleBody,
    params(("id" = String, Path), ("number" = u32, Path)),
    responses((status = 200, body = ShopSoldBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn sold_in_shop(
    State(gateway): State<Gateway>,
    Path((id, number)): Path<(ShowId, u32)>,
    Caller(actor): Caller,
    Json(body): Json<ShopSaleBody>,
) -> Result<axum::Json<ShopSoldBody>, Refused> {
    let mut faults = Faults::default();
    let variant = faults.id::<VariantId>("variant_id", &body.variant_id);
    let Some(variant) = variant else { return Err(faults.into()) };
    let lost = shop_sale::sell_in_shop(&gateway.app, &actor, id, number, variant).await?;
    Ok(axum::Json(ShopSoldBody { lost }))
}
