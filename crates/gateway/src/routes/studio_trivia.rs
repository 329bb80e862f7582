//! Trivia as the control desk runs it, and the list of answers.

use app::trivia::{answers as received, plan, run};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::{DropId, Millis, ShowId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::body::{Json, Path, Query};
use crate::identity::Caller;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::{AnswersBody, TriviaBody, TriviaDraftBody};

/// The countdown of a question that is fired without one.
const LEAD_MS: i64 = 3_000;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TriviaListBody {
    items: Vec<TriviaBody>,
}

/// A show's questions, in order of their making.
#[utoipa::path(get, path = "/studio/shows/{id}/trivia", tag = "studio", params(("id" = String, Path)),
    responses((status = 200, body = TriviaListBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
) -> Result<axum::Json<TriviaListBody>, Refused> {
    let now = gateway.app.now();
    let items = plan::list(&gateway.app, &actor, id).await?;
    Ok(axum::Json(TriviaListBody { items: items.into_iter().map(|trivia| TriviaBody::new(trivia, now)).collect() }))
}

/// Plan a question, for a piece of a number of the run sheet.
#[utoipa::path(post, path = "/studio/shows/{id}/trivia", tag = "studio", params(("id" = String, Path)),
    request_body = TriviaDraftBody,
    responses((status = 201, body = TriviaBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn create(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    Json(body): Json<TriviaDraftBody>,
) -> Result<(StatusCode, axum::Json<TriviaBody>), Refused> {
    let trivia = plan::create(&gateway.app, &actor, id, body.read()?).await?;
    Ok((StatusCode::CREATED, axum::Json(TriviaBody::new(trivia, gateway.app.now()))))
}

/// Change a question that was not armed yet.
#[utoipa::path(put, path = "/studio/trivia/{id}", tag = "studio", params(("id" = String, Path)),
    request_body = TriviaDraftBody,
    responses((status = 200, body = TriviaBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn update(
    State(gateway): State<Gateway>,
    Path(id): Path<DropId>,
    Caller(actor): Caller,
    Json(body): Json<TriviaDraftBody>,
) -> Result<axum::Json<TriviaBody>, Refused> {
    let trivia = plan::update(&gateway.app, &actor, id, body.read()?).await?;
    Ok(axum::Json(TriviaBody::new(trivia, gateway.app.now())))
}

/// Take a question away that was not armed yet.
#[utoipa::path(delete, path = "/studio/trivia/{id}", tag = "studio", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn remove(
    State(gateway): State<Gateway>,
    Path(id): Path<DropId>,
    Caller(actor): Caller,
) -> Result<StatusCode, Refused> {
    plan::remove(&gateway.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set a question's prize aside. Sent again before it is asked, it calls the countdown off.
#[utoipa::path(post, path = "/studio/trivia/{id}/arm", tag = "studio", params(("id" = String, Path)),
    responses((status = 200, body = TriviaBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn arm(
    State(gateway): State<Gateway>,
    Path(id): Path<DropId>,
    Caller(actor): Caller,
) -> Result<axum::Json<TriviaBody>, Refused> {
    let trivia = run::arm(&gateway.app, &actor, id).await?;
    Ok(axum::Json(TriviaBody::new(trivia, gateway.app.now())))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskBody {
    /// The countdown, 0 to 60,000; 3,000 without.
    #[serde(default)]
    lead_ms: Option<i64>,
}

/// Ask an armed question of everybody, after a countdown that is the same for all.
#[utoipa::path(post, path = "/studio/trivia/{id}/fire", tag = "studio", params(("id" = String, Path)), request_body = AskBody,
    responses((status = 200, body = TriviaBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn fire(
    State(gateway): State<Gateway>,
    Path(id): Path<DropId>,
    Caller(actor): Caller,
    Json(body): Json<AskBody>,
) -> Result<axum::Json<TriviaBody>, Refused> {
    let lead = Millis(body.lead_ms.unwrap_or(LEAD_MS));
    let trivia = run::fire(&gateway.app, &actor, id, lead).await?;
    Ok(axum::Json(TriviaBody::new(trivia, gateway.app.now())))
}

/// End a question for good: a prize that nobody holds is on sale again, a claim stands.
#[utoipa::path(post, path = "/studio/trivia/{id}/end", tag = "studio", params(("id" = String, Path)),
    responses((status = 200, body = TriviaBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn end(
    State(gateway): State<Gateway>,
    Path(id): Path<DropId>,
    Caller(actor): Caller,
) -> Result<axum::Json<TriviaBody>, Refused> {
    let trivia = run::end(&gateway.app, &actor, id).await?;
    Ok(axum::Json(TriviaBody::new(trivia, gateway.app.now())))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct After {
    /// The place in the log behind which the page begins.
    #[serde(default)]
    after: u64,
}

/// The answers to a question, in the order of their receipt.
#[utoipa::path(get, path = "/studio/trivia/{id}/answers", tag = "studio", params(("id" = String, Path), After),
    responses((status = 200, body = AnswersBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn answers(
    State(gateway): State<Gateway>,
    Path(id): Path<DropId>,
    Query(query): Query<After>,
    Caller(actor): Caller,
) -> Result<axum::Json<AnswersBody>, Refused> {
    Ok(axum::Json(received::list(&gateway.app, &actor, id, query.after).await?.into()))
}
