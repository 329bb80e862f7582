//! Shows as staff see and steer them.

use app::Problem;
use app::access::Act;
use app::shows::{self, lifecycle, plan, run_sheet, stream_key};
use axum::extract::State;
use axum::http::StatusCode;
use hub::{Placement, ShowPlan};
use kernel::{BrandId, MediaId, PersonId, ProductId, ShowId, Texts, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::{Json, Path, Query};
use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::routes::shows::ShowsQuery;
use crate::routes::studio_show::{StudioCardsBody, StudioShowBody, studio_show};
use crate::state::Gateway;
use crate::wire::TextsBody;

/// What a show is planned as.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanBody {
    /// As it was read, when a show is changed; a new one has none.
    version: Option<i64>,
    /// By language: `{"en":"Silk evening","zh":"丝绸之夜"}`.
    #[schema(value_type = TextsBody)]
    title: Texts,
    #[serde(default)]
    #[schema(value_type = TextsBody)]
    description: Texts,
    #[schema(value_type = String)]
    brand_id: BrandId,
    #[schema(value_type = String)]
    host_person_id: PersonId,
    #[schema(value_type = String)]
    starts_at: Timestamp,
    /// An IANA name, such as `Europe/Paris`.
    time_zone: String,
    #[schema(value_type = Option<String>)]
    cover_media_id: Option<MediaId>,
}

impl PlanBody {
    fn plan(self) -> ShowPlan {
        ShowPlan {
            title: self.title,
            description: self.description,
            brand: self.brand_id,
            host: self.host_person_id,
            starts_at: self.starts_at,
            time_zone: self.time_zone,
            cover: self.cover_media_id,
        }
    }
}

/// The shows whose studio the caller may open.
#[utoipa::path(get, path = "/studio/shows", tag = "studio", params(ShowsQuery),
    responses((status = 200, body = StudioCardsBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Query(asked): Query<ShowsQuery>,
    Reader(language): Reader,
) -> Result<axum::Json<StudioCardsBody>, Refused> {
    let shows = plan::studio_list(&gateway.app, &actor, asked.list(), asked.after(), asked.limit()).await?;
    Ok(axum::Json(StudioCardsBody::of(&gateway.app, &shows, asked.limit(), &language).await?))
}

/// Plan a show.
#[utoipa::path(post, path = "/shows", tag = "studio", request_body = PlanBody,
    responses((status = 201, body = StudioShowBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn create(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    reader: Reader,
    Json(body): Json<PlanBody>,
) -> Result<(StatusCode, axum::Json<StudioShowBody>), Refused> {
    let show = plan::create(&gateway.app, &actor, body.plan()).await?;
    Ok((StatusCode::CREATED, axum::Json(studio_show(&gateway, &show, &reader).await?)))
}

/// A show in the studio.
#[utoipa::path(get, path = "/studio/shows/{id}", tag = "studio", params(("id" = String, Path)),
    responses((status = 200, body = StudioShowBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn show(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    reader: Reader,
) -> Result<axum::Json<StudioShowBody>, Refused> {
    let show = shows::find_for(&gateway.app, &actor, Act::SeeStudio, id).await?;
    Ok(axum::Json(studio_show(&gateway, &show, &reader).await?))
}

/// Change what a show is planned as.
#[utoipa::path(put, path = "/shows/{id}", tag = "studio", params(("id" = String, Path)), request_body = PlanBody,
    responses((status = 200, body = StudioShowBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn update(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    reader: Reader,
    Json(body): Json<PlanBody>,
) -> Result<axum::Json<StudioShowBody>, Refused> {
    let version = body.version.ok_or_else(|| Problem::field("version", "missing"))?;
    let show = plan::update(&gateway.app, &actor, id, version, body.plan()).await?;
    Ok(axum::Json(studio_show(&gateway, &show, &reader).await?))
}

/// Plan the same show again, a week later.
#[utoipa::path(post, path = "/shows/{id}/duplicate", tag = "studio", params(("id" = String, Path)),
    responses((status = 201, body = StudioShowBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn duplicate(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    reader: Reader,
) -> Result<(StatusCode, axum::Json<StudioShowBody>), Refused> {
    let show = plan::duplicate(&gateway.app, &actor, id).await?;
    Ok((StatusCode::CREATED, axum::Json(studio_show(&gateway, &show, &reader).await?)))
}

/// Take a planned show away.
#[utoipa::path(delete, path = "/shows/{id}", tag = "studio", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn remove(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
) -> Result<StatusCode, Refused> {
    plan::remove(&gateway.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where an item goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlacementBody {
    /// Its number, once it has one.
    number: Option<u32>,
    #[schema(value_type = String)]
    product_id: ProductId,
    #[serde(default)]
    talking_points: String,
}

/// Put the run sheet in order. Numbers once given stay.
#[utoipa::path(put, path = "/shows/{id}/run-sheet", tag = "studio", params(("id" = String, Path)),
    request_body = Vec<PlacementBody>,
    responses((status = 200, body = StudioShowBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn arrange(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    reader: Reader,
    Json(wanted): Json<Vec<PlacementBody>>,
) -> Result<axum::Json<StudioShowBody>, Refused> {
    let placed = wanted.into_iter().map(|item| Placement {
        number: item.number,
        product: item.product_id,
        talking_points: item.talking_points,
    });
    let show = run_sheet::arrange(&gateway.app, &actor, id, placed.collect()).await?;
    Ok(axum::Json(studio_show(&gateway, &show, &reader).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewItemBody {
    #[schema(value_type = String)]
    product_id: ProductId,
}

/// Add a product at the end of the run sheet.
#[utoipa::path(post, path = "/shows/{id}/items", tag = "studio", params(("id" = String, Path)), request_body = NewItemBody,
    responses((status = 201, body = StudioShowBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn add_item(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    reader: Reader,
    Json(body): Json<NewItemBody>,
) -> Result<(StatusCode, axum::Json<StudioShowBody>), Refused> {
    let (show, _) = run_sheet::add(&gateway.app, &actor, id, body.product_id).await?;
    Ok((StatusCode::CREATED, axum::Json(studio_show(&gateway, &show, &reader).await?)))
}

/// Rehearse in private.
#[utoipa::path(post, path = "/shows/{id}/rehearse", tag = "studio", params(("id" = String, Path)),
    responses((status = 200, body = StudioShowBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn rehearse(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    reader: Reader,
) -> Result<axum::Json<StudioShowBody>, Refused> {
    let show = lifecycle::rehearse(&gateway.app, &actor, id).await?;
    Ok(axum::Json(studio_show(&gateway, &show, &reader).await?))
}

/// End the rehearsal.
#[utoipa::path(post, path = "/shows/{id}/stop-rehearsal", tag = "studio", params(("id" = String, Path)),
    responses((status = 200, body = StudioShowBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn stop_rehearsal(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    reader: Reader,
) -> Result<axum::Json<StudioShowBody>, Refused> {
    let show = lifecycle::stop_rehearsal(&gateway.app, &actor, id).await?;
    Ok(axum::Json(studio_show(&gateway, &show, &reader).await?))
}

/// Go live.
#[utoipa::path(post, path = "/shows/{id}/go-live", tag = "studio", params(("id" = String, Path)),
    responses((status = 200, body = StudioShowBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn go_live(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    reader: Reader,
) -> Result<axum::Json<StudioShowBody>, Refused> {
    let show = lifecycle::go_live(&gateway.app, &actor, id).await?;
    Ok(axum::Json(studio_show(&gateway, &show, &reader).await?))
}

/// The second step of ending a show.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndBody {
    /// The word `end`.
    confirm: String,
}

/// End the show for good.
#[utoipa::path(post, path = "/shows/{id}/end", tag = "studio", params(("id" = String, Path)), request_body = EndBody,
    responses((status = 200, body = StudioShowBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn end(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    reader: Reader,
    Json(body): Json<EndBody>,
) -> Result<axum::Json<StudioShowBody>, Refused> {
    let show = lifecycle::end(&gateway.app, &actor, id, body.confirm == "end").await?;
    Ok(axum::Json(studio_show(&gateway, &show, &reader).await?))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StreamKeyBody {
    rtmp_url: String,
    stream_key: String,
    /// How browsers elsewhere reach the house, without a slash at the end.
    house_url: String,
    /// What a phone has to do once before its browser gives the camera; none where everybody trusts the house's certificate.
    trust: Option<TrustBody>,
}

/// The house signs its own certificate.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrustBody {
    /// The page that explains it, as a phone reaches it.
    page: String,
    /// SHA-256 of the authority's certificate, to compare.
    fingerprint: String,
}

fn stream_key_body(gateway: &Gateway, stream_key: String) -> StreamKeyBody {
    let settings = &gateway.settings;
    let trust = settings.authority.as_ref();
    StreamKeyBody {
        rtmp_url: settings.rtmp_url.clone(),
        stream_key,
        house_url: settings.public_url.clone(),
        trust: trust.map(|own| TrustBody { page: own.page.clone(), fingerprint: own.fingerprint.clone() }),
    }
}

/// The server and key for the encoder.
#[utoipa::path(get, path = "/shows/{id}/stream-key", tag = "studio", params(("id" = String, Path)),
    responses((status = 200, body = StreamKeyBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn show_stream_key(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
) -> Result<axum::Json<StreamKeyBody>, Refused> {
    let stream_key = stream_key::show_key(&gateway.app, &actor, id).await?;
    Ok(axum::Json(stream_key_body(&gateway, stream_key)))
}

/// A new key; the old one opens nothing any more.
#[utoipa::path(post, path = "/shows/{id}/stream-key/rotate", tag = "studio", params(("id" = String, Path)),
    responses((status = 200, body = StreamKeyBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn rotate_stream_key(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
) -> Result<axum::Json<StreamKeyBody>, Refused> {
    let stream_key = stream_key::rotate(&gateway.app, &actor, id).await?;
    Ok(axum::Json(stream_key_body(&gateway, stream_key)))
}
