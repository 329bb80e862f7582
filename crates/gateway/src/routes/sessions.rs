//! The first owner, signing in and signing out.

use app::people::setup::{MakeOwner, make_owner};
use app::people::sign_in::{self, Opened};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::Json;
use crate::client::ClientAddress;
use crate::cookies;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;

pub(crate) fn opened(gateway: &Gateway, session: &Opened) -> (StatusCode, HeaderMap) {
    let mut headers = HeaderMap::new();
    let secs = (session.until - gateway.app.now()).0 / 1_000;
    if let Some(cookie) = cookies::set(&gateway.settings, cookies::SESSION, &session.token, secs) {
        headers.append(header::SET_COOKIE, cookie);
    }
    (StatusCode::NO_CONTENT, headers)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetUpBody {
    token: String,
    name: String,
    email: String,
    /// 10 characters or more.
    password: String,
}

/// Make the owner, with the one-time link that the first start prints.
#[utoipa::path(post, path = "/setup", tag = "people", request_body = SetUpBody,
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn set_up(
    State(gateway): State<Gateway>,
    Json(body): Json<SetUpBody>,
) -> Result<(StatusCode, HeaderMap), Refused> {
    let command = MakeOwner { token: body.token, name: body.name, email: body.email, password: body.password };
    let owner = make_owner(&gateway.app, command).await?;
    Ok(opened(&gateway, &sign_in::after_setup(&gateway.app, owner).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInBody {
    email: String,
    password: String,
}

/// Sign in as staff.
#[utoipa::path(post, path = "/sessions", tag = "people", request_body = SignInBody,
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn sign_in(
    State(gateway): State<Gateway>,
    ClientAddress(from): ClientAddress,
    Json(body): Json<SignInBody>,
) -> Result<(StatusCode, HeaderMap), Refused> {
    Ok(opened(&gateway, &sign_in::with_password(&gateway.app, &body.email, body.password, from).await?))
}

/// Sign out of this session.
#[utoipa::path(delete, path = "/sessions/current", tag = "people", responses((status = 204)))]
pub(crate) async fn sign_out(
    State(gateway): State<Gateway>,
    headers: HeaderMap,
) -> Result<(StatusCode, HeaderMap), Refused> {
    if let Some(token) = cookies::read(&headers, cookies::SESSION) {
        sign_in::out(&gateway.app, token).await?;
    }
    let mut answer = HeaderMap::new();
    if let Some(cookie) = cookies::set(&gateway.settings, cookies::SESSION, "", 0) {
        answer.append(header::SET_COOKIE, cookie);
    }
    Ok((StatusCode::NO_CONTENT, answer))
}
