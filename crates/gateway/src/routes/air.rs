//! The programme, for players. Addresses are the same for every viewer, so that a cache in front collapses them.

use app::Code;
use app::ports::{AirAnswer, AirItem};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use kernel::ProgrammeId;
use serde::Deserialize;

use crate::body::{Path, Query};
use crate::problem::Refused;
use crate::state::Gateway;

/// A player's directives (RFC 8216bis, 6.2.5).
#[derive(Debug, Deserialize)]
pub(crate) struct Directives {
    #[serde(rename = "_HLS_msn")]
    msn: Option<u64>,
    #[serde(rename = "_HLS_part")]
    part: Option<u32>,
    #[serde(rename = "_HLS_skip")]
    skip: Option<String>,
}

type Headers = [(HeaderName, &'static str); 2];

fn answer(body: Bytes, media_type: &'static str, caching: &'static str) -> Response {
    let headers: Headers = [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, caching)];
    (headers, body).into_response()
}

/// The address holds the capability, so any page may play it and read why it cannot: embeds do.
pub(crate) async fn for_any_page(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// One playlist, segment or part.
pub(crate) async fn fetch(
    State(gateway): State<Gateway>,
    Path((programme, name)): Path<(ProgrammeId, String)>,
    Query(asked): Query<Directives>,
) -> Result<Response, Refused> {
    let item = AirItem::named(&name, asked.msn, asked.part, asked.skip.is_some()).ok_or(Code::NotFound)?;
    match gateway.app.ports.air.fetch(programme, item).await {
        AirAnswer::Playlist(body) => Ok(answer(body, "application/vnd.apple.mpegurl", "no-cache")),
        AirAnswer::Media(body) => Ok(answer(body, "video/mp4", "public, max-age=31536000, immutable")),
        AirAnswer::NotHere => Err(Code::NotFound.into()),
        AirAnswer::TooFarAhead => Err(Code::BadRequest.into()),
    }
}
