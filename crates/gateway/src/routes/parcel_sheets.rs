//! Tracking numbers of many orders from one sheet.

use app::Code;
use app::till::tracking;
use axum::extract::{FromRequest, Multipart, Request, State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::routes::imports::RowFaultBody;
use crate::routes::media::FileForm;
use crate::state::Gateway;
use crate::wire::upload;

/// What a sheet would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ParcelSheetBody {
    rows: usize,
    /// Orders that would be marked as sent.
    parcels: usize,
    /// Lines whose parcel was sent before.
    already: usize,
    /// At most 100; with any, nothing can be sent.
    errors: Vec<RowFaultBody>,
    more_errors: usize,
}

/// A dry run: what the sheet would send, and every fault by line and column. Nothing changes.
#[utoipa::path(post, path = "/office/parcel-sheets", tag = "office",
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 200, body = ParcelSheetBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn check(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(language): Reader,
    request: Request,
) -> Result<axum::Json<ParcelSheetBody>, Refused> {
    tracking::may(&actor)?;
    let form = Multipart::from_request(request, &()).await.map_err(|_| Code::BadRequest)?;
    let sheet = upload::file(form, "file").await?.bytes;
    let report = tracking::check(&gateway.app, &actor, &sheet).await?;
    Ok(axum::Json(ParcelSheetBody {
        rows: report.plan.rows,
        parcels: report.parcels.len(),
        already: report.already,
        errors: report.plan.errors.iter().map(|error| RowFaultBody::new(error, &language)).collect(),
        more_errors: report.plan.more_errors,
    }))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ParcelsSentBody {
    sent: usize,
}

/// Mark every order of a sheet as sent, or none. The buyers are told. The same sheet again sends nothing twice.
#[utoipa::path(post, path = "/office/parcel-sheets/send", tag = "office",
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 200, body = ParcelsSentBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn send(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    request: Request,
) -> Result<axum::Json<ParcelsSentBody>, Refused> {
    tracking::may(&actor)?;
    let form = Multipart::from_request(request, &()).await.map_err(|_| Code::BadRequest)?;
    let sheet = upload::file(form, "file").await?.bytes;
    let sent = tracking::send(&gateway.app, &actor, &sheet).await?;
    Ok(axum::Json(ParcelsSentBody { sent }))
}
