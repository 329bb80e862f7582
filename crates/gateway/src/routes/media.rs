//! Pictures: uploaded by staff, served to everybody.

use app::Code;
use app::catalogue::pictures;
use axum::extract::FromRequest;
use axum::extract::{Multipart, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::MediaId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::body::{Path, Query};
use crate::identity::Caller;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::upload;

/// A year, and the bytes under an id never change.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// An uploaded picture. `url` holds `{w}`: put 160, 320, 640, 960 or 1280 there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MediaBody {
    id: String,
    width: u32,
    height: u32,
    url: String,
}

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct MediaQuery {
    /// The brand that the picture belongs to; without, the house.
    brand: Option<String>,
}

/// The form of an upload.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the body in the OpenAPI document")]
pub(crate) struct FileForm {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Upload a JPEG, PNG, WebP or GIF of at most 20 MB and 36 megapixels.
#[utoipa::path(post, path = "/media", tag = "catalogue", params(MediaQuery),
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 201, body = MediaBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn add(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Query(query): Query<MediaQuery>,
    request: Request,
) -> Result<(StatusCode, axum::Json<MediaBody>), Refused> {
    let brand = query.brand.as_deref().filter(|id| !id.is_empty()).map(str::parse).transpose();
    let brand = brand.map_err(|_| app::Problem::field("brand", "not_found"))?;
    // A place first: a body of 20 MB is not read for nothing.
    let slot = pictures::slot(&gateway.app, &actor, brand)?;
    let form = Multipart::from_request(request, &()).await.map_err(|_| Code::BadRequest)?;
    let sent = upload::file(form, "file").await?;
    let row = pictures::upload(&gateway.app, slot, brand, sent.bytes, sent.declared.as_deref()).await?;
    let url = format!("/media/{}/{{w}}.webp", row.id);
    let body = MediaBody { id: row.id.to_string(), width: row.width, height: row.height, url };
    Ok((StatusCode::CREATED, axum::Json(body)))
}

/// A picture's pixels in one width. Not part of `/api/v1`.
pub(crate) async fn pixels(
    State(gateway): State<Gateway>,
    Path((id, file)): Path<(MediaId, String)>,
) -> Result<Response, Refused> {
    let width = file.strip_suffix(".webp").and_then(|width| width.parse().ok()).ok_or(Code::NotFound)?;
    let webp = pictures::rendition(&gateway.app, id, width).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/webp")),
        (header::CACHE_CONTROL, FOR_EVER),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, webp).into_response())
}
