//! Publishing from a browser or an encoder by WHIP (RFC 9725). The bearer is the show's stream key.

use app::Code;
use app::shows::whip;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::body::Path;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;

pub(super) const SDP: &str = "application/sdp";
const FRAGMENT: &str = "application/trickle-ice-sdpfrag";

pub(super) fn is(headers: &HeaderMap, kind: &str) -> bool {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    said.split(';').next().is_some_and(|said| said.trim().eq_ignore_ascii_case(kind))
}

fn key(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// Publishes: an offer in, an answer out. `Location` is the session, which `DELETE` ends.
#[utoipa::path(post, path = "/whip", tag = "shows",
    request_body(content = String, content_type = "application/sdp"),
    responses((status = 201, body = String, content_type = "application/sdp"), (status = "default", body = ProblemBody)))]
pub(crate) async fn publish(
    State(gateway): State<Gateway>,
    headers: HeaderMap,
    offer: String,
) -> Result<Response, Refused> {
    let key = key(&headers).ok_or(Code::StreamKeyUnknown)?;
    if !is(&headers, SDP) {
        return Err(Code::OfferNotReadable.into());
    }
    let answered = whip::publish(&gateway.app, key, &offer).await?;
    let session = format!("/api/v1/whip/{}", answered.session);
    let told = [
        (header::CONTENT_TYPE, SDP.to_owned()),
        (header::LOCATION, session),
        (header::ETAG, format!("\"{}\"", answered.session)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((StatusCode::CREATED, told, answered.answer).into_response())
}

/// Further candidates (trickle ICE). A restart is not offered: publish anew.
#[utoipa::path(patch, path = "/whip/{session}", tag = "shows", params(("session" = String, Path)),
    request_body(content = String, content_type = "application/trickle-ice-sdpfrag"),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn trickle(
    State(gateway): State<Gateway>,
    Path(session): Path<String>,
    headers: HeaderMap,
    fragment: String,
) -> Result<StatusCode, Refused> {
    if !is(&headers, FRAGMENT) {
        return Err(Code::OfferNotReadable.into());
    }
    whip::trickle(&gateway.app, &session, &fragment).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stops publishing.
#[utoipa::path(delete, path = "/whip/{session}", tag = "shows", params(("session" = String, Path)),
    responses((status = 200), (status = "default", body = ProblemBody)))]
pub(crate) async fn leave(State(gateway): State<Gateway>, Path(session): Path<String>) -> Result<StatusCode, Refused> {
    whip::leave(&gateway.app, &session).await?;
    Ok(StatusCode::OK)
}
