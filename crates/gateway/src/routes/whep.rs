//! Watching by WHEP (draft-ietf-wish-whep). The address of the programme is the whole right, as it is for HLS.

use app::Code;
use app::shows::whep;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::ProgrammeId;

use crate::body::Path;
use crate::problem::{ProblemBody, Refused};
use crate::routes::whip::{SDP, is};
use crate::state::Gateway;

/// Watches a programme: an offer in, an answer out. `Location` is the session, which takes candidates (`PATCH`) and ends
/// (`DELETE`) as one of WHIP does. An RTP stamp of the picture is programme time in milliseconds × 90, its lowest 32 bits.
#[utoipa::path(post, path = "/whep/{programme}", tag = "shows", params(("programme" = String, Path)),
    request_body(content = String, content_type = "application/sdp"),
    responses((status = 201, body = String, content_type = "application/sdp"), (status = "default", body = ProblemBody)))]
pub(crate) async fn watch(
    State(gateway): State<Gateway>,
    Path(programme): Path<ProgrammeId>,
    headers: HeaderMap,
    offer: String,
) -> Result<Response, Refused> {
    if !is(&headers, SDP) {
        return Err(Code::OfferNotReadable.into());
    }
    let answered = whep::watch(&gateway.app, programme, &offer).await?;
    let told = [
        (header::CONTENT_TYPE, SDP.to_owned()),
        (header::LOCATION, format!("/api/v1/whip/{}", answered.session)),
        (header::ETAG, format!("\"{}\"", answered.session)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((StatusCode::CREATED, told, answered.answer).into_response())
}
