//! What every answer tells the browser, whoever wrote it.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// Only our own pages frame ours; nothing is taken for another type than it says; and no other site is told the address a
/// link was followed from, since an order's holds its key.
const ALWAYS: [(HeaderName, HeaderValue); 3] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("frame-ancestors 'self'; object-src 'none'; base-uri 'self'"),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
];

pub(crate) async fn protect(mut response: Response) -> Response {
    response.headers_mut().extend(ALWAYS);
    response
}
