//! Claiming in a drop: the one address that a whole room opens at the same second.

use app::drops::claim::{self, Answer, Wish};
use app::drops::shown;
use app::{Code, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{ClaimId, DropId, ProductId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::{Json, Path};
use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::{ClaimBody, DropShownBody, IdempotencyKey};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WishBody {
    /// 1 to 10; 1 without.
    #[serde(default)]
    quantity: Option<u32>,
    /// Three capital letters of ISO 4217.
    currency: String,
    /// Where it shall be delivered: two capital letters of ISO 3166.
    country: String,
    /// Wait in line when there is none.
    #[serde(default)]
    wait: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClaimedBody {
    claim: ClaimBody,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlaceBody {
    /// In the line, from 1.
    place: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WaitingBody {
    waiting: PlaceBody,
}

/// Claim pieces of a drop that is open. With the same key it is the same claim, however often it is asked.
#[utoipa::path(post, path = "/drops/{id}/claims", tag = "drops", request_body = WishBody,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header, description = "Of your choosing, one for each wish")),
    responses((status = 201, body = ClaimedBody, description = "Held for you"),
        (status = 202, body = WaitingBody, description = "You wait in line"),
        (status = "default", body = ProblemBody)))]
pub(crate) async fn claim_in(
    State(gateway): State<Gateway>,
    Path(drop): Path<DropId>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<WishBody>,
) -> Result<Response, Refused> {
    let wish = Wish {
        drop,
        quantity: body.quantity.unwrap_or(1),
        currency: body.currency.parse().map_err(|_| Problem::field("currency", "unknown_currency"))?,
        country: body.country.parse().map_err(|_| Problem::field("country", "unknown_country"))?,
        wait: body.wait,
        key,
    };
    match claim::claim(&gateway.app, &actor, wish).await? {
        Answer::Held { claim, facts, now } => {
            let body = ClaimBody::new(&claim, &facts.sale, facts.picture, now, &reader).ok_or(Code::Internal)?;
            Ok((StatusCode::CREATED, axum::Json(ClaimedBody { claim: body })).into_response())
        }
        Answer::Waiting { place } => {
            Ok((StatusCode::ACCEPTED, axum::Json(WaitingBody { waiting: PlaceBody { place } })).into_response())
        }
    }
}

/// A drop, and the show that it is in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductDropBody {
    show_id: String,
    drop: DropShownBody,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductDropsBody {
    items: Vec<ProductDropBody>,
    server_now: String,
}

/// Drops of a product that are armed, open, or gone and waited for.
#[utoipa::path(get, path = "/products/{id}/drops", tag = "drops", params(("id" = String, Path)),
    responses((status = 200, body = ProductDropsBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn of_product(
    State(gateway): State<Gateway>,
    Path(id): Path<ProductId>,
) -> Result<axum::Json<ProductDropsBody>, Refused> {
    let found = shown::of_product(&gateway.app, id).await?;
    let body = |(show, drop): (kernel::ShowId, room::DropShown)| ProductDropBody {
        show_id: show.to_string(),
        drop: drop.into(),
    };
    let server_now = gateway.app.now().to_string();
    Ok(axum::Json(ProductDropsBody { items: found.into_iter().map(body).collect(), server_now }))
}

/// Let a claim of your own go: others can have its pieces at once.
#[utoipa::path(delete, path = "/claims/{id}", tag = "drops", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn let_go(
    State(gateway): State<Gateway>,
    Path(id): Path<ClaimId>,
    Caller(actor): Caller,
) -> Result<StatusCode, Refused> {
    claim::let_go(&gateway.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Wait no longer.
#[utoipa::path(delete, path = "/drops/{id}/wait", tag = "drops", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn leave_line(
    State(gateway): State<Gateway>,
    Path(id): Path<DropId>,
    Caller(actor): Caller,
) -> Result<StatusCode, Refused> {
    claim::leave_line(&gateway.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
