//! The OpenAPI document, from the code.

use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa_axum::router::OpenApiRouter;

use crate::router::api;
use crate::state::Gateway;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Trunkshow",
        description = "Live shopping that a shop owns.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(crate::problem::ProblemBody, crate::problem::FieldBody))
)]
struct Base;

/// The API under its prefix, so that the document holds full paths.
pub(crate) fn described() -> OpenApiRouter<Gateway> {
    OpenApiRouter::with_openapi(Base::openapi()).nest("/api/v1", api())
}

/// The document that `/api/v1/openapi.json` serves.
#[must_use]
pub fn document() -> Document {
    described().into_openapi()
}
