//! Products from a sheet: a dry run, then all of it.

use app::catalogue::imports::{self, Options};
use app::catalogue::pictures;
use app::{Code, Problem};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::StatusCode;
use kernel::{ImportId, Language};
use serde::{Deserialize, Serialize};
use shop::catalogue::Faults;
use shop::catalogue::import::{Format, RowFault};
use utoipa::{IntoParams, ToSchema};

use crate::body::{Path, Query};
use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::routes::media::FileForm;
use crate::state::Gateway;
use crate::wire::{Reading, upload};

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct ImportQuery {
    /// `trunkshow` or `shopify`.
    format: String,
    /// Needed when the caller manages several brands.
    brand: Option<String>,
    seller: Option<String>,
    location: Option<String>,
    /// For Shopify, whose sheets name none; USD without.
    currency: Option<String>,
    /// For Shopify, whose sheets name none; `en` without.
    language: Option<String>,
}

/// A cell that cannot be taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RowFaultBody {
    /// As an editor counts it: the header is 1.
    line: u64,
    /// The column's name as it stands in the header; empty for the whole line.
    column: String,
    code: String,
    detail: String,
}

impl RowFaultBody {
    pub(crate) fn new(error: &RowFault, language: &Language) -> Self {
        Self {
            line: error.line,
            column: error.column.clone(),
            code: error.fault.code().into(),
            detail: error.fault.sentence(language),
        }
    }
}

/// What a sheet would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportBody {
    import_id: String,
    rows: usize,
    products: usize,
    variants: usize,
    /// At most 100; with any, nothing can be applied.
    errors: Vec<RowFaultBody>,
    more_errors: usize,
    /// `pictures_not_fetched`, `compare_price_ignored`, `gift_cards_left_out`, `columns_ignored`.
    warnings: Vec<String>,
}

impl ImportQuery {
    fn options(&self) -> Result<(Format, Options), Refused> {
        let format = match self.format.as_str() {
            "trunkshow" => Format::Trunkshow,
            "shopify" => Format::Shopify,
            _ => return Err(Problem::field("format", "not_a_choice").into()),
        };
        let mut faults = Faults::default();
        let options = Options {
            brand: faults.id_or_none("brand", self.brand.as_deref()),
            seller: faults.id_or_none("seller", self.seller.as_deref()),
            location: faults.id_or_none("location", self.location.as_deref()),
            currency: faults.id_or_none("currency", self.currency.as_deref()),
            language: faults.id_or_none("language", self.language.as_deref()),
        };
        Ok((format, faults.or(options)?))
    }
}

/// A dry run: what the sheet would do, and every fault by line and column. Nothing changes.
#[utoipa::path(post, path = "/imports", tag = "catalogue", params(ImportQuery),
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 201, body = ImportBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn check(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(language): Reader,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Result<(StatusCode, axum::Json<ImportBody>), Refused> {
    let (format, options) = query.options()?;
    let _slot = pictures::slot(&gateway.app, &actor, options.brand)?;
    let form = Multipart::from_request(request, &()).await.map_err(|_| Code::BadRequest)?;
    let sheet = upload::file(form, "file").await?.bytes;
    let report = imports::check(&gateway.app, &actor, format, options, sheet).await?;
    let plan = report.plan;
    let body = ImportBody {
        import_id: report.import_id.to_string(),
        rows: plan.rows,
        products: plan.products.len(),
        variants: plan.variants(),
        errors: plan.errors.iter().map(|error| RowFaultBody::new(error, &language)).collect(),
        more_errors: plan.more_errors,
        warnings: plan.warnings.iter().map(|warning| warning.code().to_owned()).collect(),
    };
    Ok((StatusCode::CREATED, axum::Json(body)))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppliedBody {
    products_created: usize,
    products_changed: usize,
}

/// Apply a checked import: all of it at once, or nothing.
#[utoipa::path(post, path = "/imports/{id}/apply", tag = "catalogue", params(("id" = String, Path)),
    responses((status = 200, body = AppliedBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn apply(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Path(id): Path<ImportId>,
) -> Result<axum::Json<AppliedBody>, Refused> {
    let done = imports::apply(&gateway.app, &actor, id).await?;
    let body = AppliedBody { products_created: done.products_created, products_changed: done.products_changed };
    Ok(axum::Json(body))
}
