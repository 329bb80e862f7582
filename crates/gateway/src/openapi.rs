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
        description = "Live shopping that a shop owns. Every POST that creates takes an `Idempotency-Key` of 1 to 64 printable \
            characters: sent twice by the same person within a day, it is done once and answered alike. Errors are \
            `application/problem+json` with a permanent code.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(crate::problem::ProblemBody, crate::problem::FieldBody))
)]
struct Base;

/// The API under its prefix, so that the document holds full paths.
pub(crate) fn described() -> OpenApiRouter<Gateway> {
    let mut described = OpenApiRouter::with_openapi(Base::openapi()).nest("/api/v1", api());
    name_operations(described.get_openapi_mut());
    described
}

/// An operation's id is its method and path: handlers of different files share names, and clients need ids to be unique.
fn name_operations(document: &mut Document) {
    for (path, item) in &mut document.paths.paths {
        let words: Vec<_> = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
        // Every path begins with `api` and `v1`.
        let place = words.get(2..).unwrap_or_default().join("_");
        let operations = [
            ("get", &mut item.get),
            ("put", &mut item.put),
            ("post", &mut item.post),
            ("delete", &mut item.delete),
            ("patch", &mut item.patch),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{place}"));
            }
        }
    }
}

/// The document that `/api/v1/openapi.json` serves.
#[must_use]
pub fn document() -> Document {
    described().into_openapi()
}
