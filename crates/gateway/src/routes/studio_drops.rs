//! Drops as the control desk runs them, and the tabs of the show's buyers.

use app::drops::set_aside::{Aside, set_aside};
use app::drops::{plan, run, tab, tabs};
use app::{Code, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::{ClaimId, DropId, Millis, ShowId, Timestamp, VariantId, ViewerId};
use serde::{Deserialize, Serialize};
use shop::catalogue::Faults;
use utoipa::ToSchema;

use crate::body::{Json, Path};
use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::{ClaimBody, DropBody, DropDraftBody, HoldBody, Reading};

/// The countdown of a drop that is fired without one.
const LEAD_MS: i64 = 3_000;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DropsBody {
    items: Vec<DropBody>,
}

/// A show's drops, in order of their making.
#[utoipa::path(get, path = "/studio/shows/{id}/drops", tag = "studio", params(("id" = String, Path)),
    responses((status = 200, body = DropsBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
) -> Result<axum::Json<DropsBody>, Refused> {
    let now = gateway.app.now();
    let drops = plan::list(&gateway.app, &actor, id).await?;
    Ok(axum::Json(DropsBody { items: drops.into_iter().map(|drop| DropBody::new(drop, now)).collect() }))
}

/// Plan a drop of a number of the run sheet.
#[utoipa::path(post, path = "/studio/shows/{id}/drops", tag = "studio", params(("id" = String, Path)),
    request_body = DropDraftBody,
    responses((status = 201, body = DropBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn create(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    Json(body): Json<DropDraftBody>,
) -> Result<(StatusCode, axum::Json<DropBody>), Refused> {
    let drop = plan::create(&gateway.app, &actor, id, body.read()?).await?;
    Ok((StatusCode::CREATED, axum::Json(DropBody::new(drop, gateway.app.now()))))
}

/// Change a drop that was not armed yet.
#[utoipa::path(put, path = "/studio/drops/{id}", tag = "studio", params(("id" = String, Path)),
    request_body = DropDraftBody,
    responses((status = 200, body = DropBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn update(
    State(gateway): State<Gateway>,
    Path(id): Path<DropId>,
    Caller(actor): Caller,
    Json(body): Json<DropDraftBody>,
) -> Result<axum::Json<DropBody>, Refused> {
    let drop = plan::update(&gateway.app, &actor, id, body.read()?).await?;
    Ok(axum::Json(DropBody::new(drop, gateway.app.now())))
}

/// Take a drop away that was not armed yet.
#[utoipa::path(delete, path = "/studio/drops/{id}", tag = "studio", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn remove(
    State(gateway): State<Gateway>,
    Path(id): Path<DropId>,
    Caller(actor): Caller,
) -> Result<StatusCode, Refused> {
    plan::remove(&gateway.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArmBody {
    /// It opens by itself then; without, it waits to be fired.
    #[serde(default)]
    opens_at: Option<String>,
}

/// Set a drop's pieces aside. Sent again before it opens, it moves the opening or calls the countdown off.
#[utoipa::path(post, path = "/studio/drops/{id}/arm", tag = "studio", params(("id" = String, Path)), request_body = ArmBody,
    responses((status = 200, body = DropBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn arm(
    State(gateway): State<Gateway>,
    Path(id): Path<DropId>,
    Caller(actor): Caller,
    Json(body): Json<ArmBody>,
) -> Result<axum::Json<DropBody>, Refused> {
    let opens_at = body.opens_at.as_deref().map(|text| time("opens_at", text)).transpose()?;
    let drop = run::arm(&gateway.app, &actor, id, opens_at).await?;
    Ok(axum::Json(DropBody::new(drop, gateway.app.now())))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FireBody {
    /// The countdown, 0 to 60,000; 3,000 without.
    #[serde(default)]
    lead_ms: Option<i64>,
}

/// Open an armed drop for everybody, after a countdown that is the same for all.
#[utoipa::path(post, path = "/studio/drops/{id}/fire", tag = "studio", params(("id" = String, Path)), request_body = FireBody,
    responses((status = 200, body = DropBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn fire(
    State(gateway): State<Gateway>,
    Path(id): Path<DropId>,
    Caller(actor): Caller,
    Json(body): Json<FireBody>,
) -> Result<axum::Json<DropBody>, Refused> {
    let lead = Millis(body.lead_ms.unwrap_or(LEAD_MS));
    let drop = run::fire(&gateway.app, &actor, id, lead).await?;
    Ok(axum::Json(DropBody::new(drop, gateway.app.now())))
}

/// End a drop for good: what nobody claimed is on sale again, claims stand.
#[utoipa::path(post, path = "/studio/drops/{id}/end", tag = "studio", params(("id" = String, Path)),
    responses((status = 200, body = DropBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn end(
    State(gateway): State<Gateway>,
    Path(id): Path<DropId>,
    Caller(actor): Caller,
) -> Result<axum::Json<DropBody>, Refused> {
    let drop = run::end(&gateway.app, &actor, id).await?;
    Ok(axum::Json(DropBody::new(drop, gateway.app.now())))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BuyerTabBody {
    viewer_id: String,
    /// As they are called in the chat, or signed an order.
    name: Option<String>,
    /// They can be written to.
    reachable: bool,
    /// They sit in the room.
    here: bool,
    /// They left too many claims unpaid.
    barred_until: Option<String>,
    /// Newest first, whatever became of them.
    claims: Vec<ClaimBody>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BuyerTabsBody {
    items: Vec<BuyerTabBody>,
}

/// The tabs of a show's buyers, that of the newest claim first.
#[utoipa::path(get, path = "/studio/shows/{id}/tabs", tag = "studio", params(("id" = String, Path)),
    responses((status = 200, body = BuyerTabsBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn list_tabs(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    Reader(reader): Reader,
) -> Result<axum::Json<BuyerTabsBody>, Refused> {
    let now = gateway.app.now();
    let claim = |own: &tab::TabClaim| ClaimBody::new(&own.claim, &own.sale, own.picture, now, &reader);
    let body = |tab: tabs::BuyerTab| BuyerTabBody {
        viewer_id: tab.viewer.to_string(),
        name: tab.name,
        reachable: tab.reachable,
        here: tab.here,
        barred_until: tab.barred_until.map(|until| until.to_string()),
        claims: tab.claims.iter().filter_map(claim).collect(),
    };
    let tabs = tabs::list(&gateway.app, &actor, id).await?;
    Ok(axum::Json(BuyerTabsBody { items: tabs.into_iter().map(body).collect() }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AsideBody {
    viewer_id: String,
    variant_id: String,
    /// 1 to 10; 1 without.
    #[serde(default)]
    quantity: Option<u32>,
    /// The house's first currency without.
    #[serde(default)]
    currency: Option<String>,
    hold: HoldBody,
}

/// Set pieces aside for a buyer, at today's price.
#[utoipa::path(post, path = "/studio/shows/{id}/claims", tag = "studio", params(("id" = String, Path)), request_body = AsideBody,
    responses((status = 201, body = ClaimBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn put_aside(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Json(body): Json<AsideBody>,
) -> Result<(StatusCode, axum::Json<ClaimBody>), Refused> {
    let mut faults = Faults::default();
    let viewer = faults.id::<ViewerId>("viewer_id", &body.viewer_id);
    let variant = faults.id::<VariantId>("variant_id", &body.variant_id);
    let hold = body.hold.read("hold", &mut faults);
    let (Some(viewer), Some(variant), Some(hold)) = (viewer, variant, hold) else { return Err(faults.into()) };
    let currency = body.currency.as_deref().map(str::parse).transpose();
    let currency = currency.map_err(|_| Problem::field("currency", "unknown_currency"))?;
    let aside = Aside { viewer, variant, quantity: body.quantity.unwrap_or(1), currency, hold };
    let claim = set_aside(&gateway.app, &actor, id, aside).await?;
    let own = tab::with_goods(&gateway.app, vec![claim]).await?.pop().ok_or(Code::Internal)?;
    let now = gateway.app.now();
    let body = ClaimBody::new(&own.claim, &own.sale, own.picture, now, &reader).ok_or(Code::Internal)?;
    Ok((StatusCode::CREATED, axum::Json(body)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExtendBody {
    until: String,
}

/// Give a claim more time, or less.
#[utoipa::path(post, path = "/studio/claims/{id}/extend", tag = "studio", params(("id" = String, Path)), request_body = ExtendBody,
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn extend(
    State(gateway): State<Gateway>,
    Path(id): Path<ClaimId>,
    Caller(actor): Caller,
    Json(body): Json<ExtendBody>,
) -> Result<StatusCode, Refused> {
    tabs::extend(&gateway.app, &actor, id, time("until", &body.until)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NudgedBody {
    /// A letter goes out too; otherwise it was said in the room alone.
    written: bool,
}

/// Remind a buyer to pay.
#[utoipa::path(post, path = "/studio/claims/{id}/nudge", tag = "studio", params(("id" = String, Path)),
    responses((status = 200, body = NudgedBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn nudge(
    State(gateway): State<Gateway>,
    Path(id): Path<ClaimId>,
    Caller(actor): Caller,
) -> Result<axum::Json<NudgedBody>, Refused> {
    let written = tabs::nudge(&gateway.app, &actor, id).await?;
    Ok(axum::Json(NudgedBody { written }))
}

/// Let a buyer's claim go.
#[utoipa::path(delete, path = "/studio/claims/{id}", tag = "studio", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn let_go(
    State(gateway): State<Gateway>,
    Path(id): Path<ClaimId>,
    Caller(actor): Caller,
) -> Result<StatusCode, Refused> {
    tabs::let_go(&gateway.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let a buyer claim again who did not pay.
#[utoipa::path(post, path = "/studio/buyers/{viewer_id}/unbar", tag = "studio", params(("viewer_id" = String, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn unbar(
    State(gateway): State<Gateway>,
    Path(viewer): Path<ViewerId>,
    Caller(actor): Caller,
) -> Result<StatusCode, Refused> {
    tabs::unbar(&gateway.app, &actor, viewer).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn time(field: &str, text: &str) -> Result<Timestamp, Problem> {
    text.parse().map_err(|_| Problem::field(field, "not_a_time"))
}
