//! The pages and their assets, embedded from the web build.
//!
//! An asset's name holds a hash of its content, so it never changes and is cached for a year; a page is asked for anew
//! each time. Where the build left a `.gz` beside a file, browsers that take it get that.

use app::Code;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::Refused;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
#[allow_missing = true]
struct Build;

/// The page file that answers at an address; pages of one kind share a file and read the rest of the address themselves.
fn entry(path: &str) -> Option<&'static str> {
    let mut parts = path.trim_matches('/').split('/');
    Some(match (parts.next().unwrap_or(""), parts.next()) {
        ("", None) => "home.html",
        ("shows", Some(_)) => "show.html",
        ("products", Some(_)) => "product.html",
        ("search", None) => "search.html",
        ("basket", None) => "basket.html",
        ("checkout", None) => "checkout.html",
        ("orders", Some(_)) => "order.html",
        ("account", _) => "account.html",
        ("sandbox", Some("pay")) => "sandbox.html",
        ("studio", _) => "studio.html",
        ("office", _) => "office.html",
        ("sign-in", None) => "sign-in.html",
        ("setup", None) => "setup.html",
        ("invitation", None) => "invitation.html",
        _ => return None,
    })
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, end)| end) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "webp" => "image/webp",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("gzip"))
}

fn tag(file: &EmbeddedFile) -> String {
    let digits: String = file.metadata.sha256_hash()[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

fn serve(name: &str, headers: &HeaderMap) -> Option<Response> {
    let packed = takes_gzip(headers).then(|| Build::get(&format!("{name}.gz"))).flatten();
    let gzip = packed.is_some();
    let file = packed.or_else(|| Build::get(name))?;
    let tag = tag(&file);
    let caching = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut answer: Vec<(HeaderName, HeaderValue)> = vec![
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type(name))),
        (header::CACHE_CONTROL, HeaderValue::from_static(caching)),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    answer.extend(HeaderValue::from_str(&tag).map(|value| (header::ETAG, value)));
    if gzip {
        answer.push((header::CONTENT_ENCODING, HeaderValue::from_static("gzip")));
    }
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains(&tag));
    let answer = HeaderMap::from_iter(answer);
    Some(if known { (StatusCode::NOT_MODIFIED, answer).into_response() } else { (answer, file.data).into_response() })
}

/// A page or asset by its address; everything else is not here.
pub(crate) async fn page(uri: Uri, headers: HeaderMap) -> Result<Response, Refused> {
    let path = uri.path();
    let name = entry(path).unwrap_or_else(|| path.trim_start_matches('/'));
    serve(name, &headers).ok_or_else(|| Code::NotFound.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_its_file() {
        let check = |path, expected| assert_eq!(entry(path), expected, "{path}");
        check("/", Some("home.html"));
        check("/shows/01ARZ3NDEKTSV4RRFFQ69G5FAV", Some("show.html"));
        check("/office/orders/1", Some("office.html"));
        check("/sandbox/pay/x", Some("sandbox.html"));
        check("/orders", None);
        check("/assets/a.js", None);
        check("/api/v1/nothing", None);
    }
}
