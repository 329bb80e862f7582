//! Offers and codes, for the office.

use app::Problem;
use app::till::offers;
use axum::extract::State;
use axum::http::StatusCode;
use kernel::EntryId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::{Json, Path};
use crate::identity::Caller;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::{OfferBody, OfferDraft};

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OffersBody {
    /// The newest first, 500 at most.
    items: Vec<OfferBody>,
}

/// Every offer that the house ever made.
#[utoipa::path(get, path = "/office/offers", tag = "office",
    responses((status = 200, body = OffersBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
) -> Result<axum::Json<OffersBody>, Refused> {
    let found = offers::list(&gateway.app, &actor).await?;
    Ok(axum::Json(OffersBody { items: found.into_iter().map(Into::into).collect() }))
}

/// Make an offer.
#[utoipa::path(post, path = "/office/offers", tag = "office", request_body = OfferDraft,
    responses((status = 201, body = OfferBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn create(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Json(draft): Json<OfferDraft>,
) -> Result<(StatusCode, axum::Json<OfferBody>), Refused> {
    let app = &gateway.app;
    let now = app.now();
    let id = app.entropy.draw(|random| EntryId::mint(now, random));
    let saved = offers::save(app, &actor, draft.read(id)?, 0).await?;
    Ok((StatusCode::CREATED, axum::Json(saved.into())))
}

/// Change an offer; a stopped one counts again. Orders that it counts in keep what they were promised.
#[utoipa::path(put, path = "/office/offers/{id}", tag = "office", params(("id" = String, Path)), request_body = OfferDraft,
    responses((status = 200, body = OfferBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn change(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Path(id): Path<EntryId>,
    Json(draft): Json<OfferDraft>,
) -> Result<axum::Json<OfferBody>, Refused> {
    offers::find(&gateway.app, &actor, id).await?;
    let version = draft.version.ok_or_else(|| Problem::field("version", "missing"))?;
    let saved = offers::save(&gateway.app, &actor, draft.read(id)?, version).await?;
    Ok(axum::Json(saved.into()))
}

/// Stop an offer: it counts no more from now on. Safe to ask twice.
#[utoipa::path(post, path = "/office/offers/{id}/stop", tag = "office", params(("id" = String, Path)),
    responses((status = 200, body = OfferBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn stop(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Path(id): Path<EntryId>,
) -> Result<axum::Json<OfferBody>, Refused> {
    let row = offers::find(&gateway.app, &actor, id).await?;
    if row.offer.stopped {
        return Ok(axum::Json(row.into()));
    }
    let offer = shop::offer::Offer { stopped: true, ..row.offer };
    Ok(axum::Json(offers::save(&gateway.app, &actor, offer, row.version).await?.into()))
}
