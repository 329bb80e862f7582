//! The shop floor while a show runs: listed, stopped, resumed.

use app::Actor;
use app::shows::list_on_air::{self, Piece};
use app::shows::run_sheet;
use axum::extract::State;
use axum::http::StatusCode;
use hub::Sale;
use kernel::{BrandId, MediaId, ShowId};
use serde::Deserialize;
use shop::catalogue::{Fault, Faults};
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
    price: MoneyDraft,
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
        let price = faults.money("price", &self.price);
        faults.when(price.is_some_and(|price| price.minor <= 0), "price.amount_minor", Fault::NotPositive);
        let (Some(media_id), Some(price), true) = (media_id, price, faults.is_empty()) else { return Err(faults) };
        Ok(Piece {
            title: self.title.trim().to_owned(),
            language,
            media_id,
            price,
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
    let listed = tray(&gateway.app, &actor, &show, &buyer, &language).await?.pop();
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
