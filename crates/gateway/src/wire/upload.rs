//! One file out of a multipart body.

use app::{Code, Problem};
use axum::extract::Multipart;
use axum::http::StatusCode;
use bytes::Bytes;

use crate::problem::Refused;

/// The file of a form: its bytes, and the media type that the sender gave it.
pub(crate) struct Upload {
    pub(crate) bytes: Bytes,
    pub(crate) declared: Option<String>,
}

/// The part named `name`. Past the route's limit is `too_large`; without the part, the field is named.
pub(crate) async fn file(mut form: Multipart, name: &str) -> Result<Upload, Refused> {
    let failed = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Refused::from(Code::TooLarge)
        } else {
            Problem::from(Code::BadRequest).with("reason", error.body_text()).into()
        }
    };
    while let Some(part) = form.next_field().await.map_err(failed)? {
        if part.name() == Some(name) {
            let declared = part.content_type().map(str::to_owned);
            return Ok(Upload { bytes: part.bytes().await.map_err(failed)?, declared });
        }
    }
    Err(Problem::field(name, "required").into())
}
