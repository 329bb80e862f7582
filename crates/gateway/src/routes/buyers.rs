//! Buyers' accounts, by a link in a mail or a code on a phone.

use app::people::buyers;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::Json;
use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::routes::sessions::opened;
use crate::state::Gateway;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkBody {
    email: String,
}

/// Send a link that signs in once, within 15 minutes. The answer is the same whoever the address belongs to.
#[utoipa::path(post, path = "/sign-in-links", tag = "people", request_body = LinkBody,
    responses((status = 202), (status = "default", body = ProblemBody)))]
pub(crate) async fn send_link(
    State(gateway): State<Gateway>,
    Reader(reader): Reader,
    Json(body): Json<LinkBody>,
) -> Result<StatusCode, Refused> {
    buyers::send_link(&gateway.app, &body.email, &reader).await?;
    Ok(StatusCode::ACCEPTED)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeBody {
    phone: String,
}

/// Send a code of six digits that signs in once, within 15 minutes. An earlier one is over.
#[utoipa::path(post, path = "/sign-in-codes", tag = "people", request_body = CodeBody,
    responses((status = 202), (status = "default", body = ProblemBody)))]
pub(crate) async fn send_code(
    State(gateway): State<Gateway>,
    Reader(reader): Reader,
    Json(body): Json<CodeBody>,
) -> Result<StatusCode, Refused> {
    buyers::send_code(&gateway.app, &body.phone, &reader).await?;
    Ok(StatusCode::ACCEPTED)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByLinkBody {
    token: String,
}

/// Sign in as a buyer with the link's token.
#[utoipa::path(post, path = "/sessions/by-link", tag = "people", request_body = ByLinkBody,
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn by_link(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Json(body): Json<ByLinkBody>,
) -> Result<(StatusCode, HeaderMap), Refused> {
    Ok(opened(&gateway, &buyers::by_link(&gateway.app, &actor, &body.token).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByCodeBody {
    phone: String,
    code: String,
}

/// Sign in as a buyer with the phone's code.
#[utoipa::path(post, path = "/sessions/by-code", tag = "people", request_body = ByCodeBody,
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn by_code(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Json(body): Json<ByCodeBody>,
) -> Result<(StatusCode, HeaderMap), Refused> {
    Ok(opened(&gateway, &buyers::by_code(&gateway.app, &actor, &body.phone, &body.code).await?))
}
